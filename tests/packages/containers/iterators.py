"""What the module `containers` must do with iterators, and in several threads."""

import collections
import gc
import sys
import threading
import weakref

import containers._native as native
from expect import raises
from samples import Holder, fresh


def failing_generator(error):
    yield 1
    raise error


def check_iterators_in():
    assert native.iterSum(i for i in range(10)) == 45
    for values in ([1, 2], (1, 2), {1, 2}, {1: 0, 2: 0}, range(1, 3), iter([1, 2]), collections.deque([1, 2])):
        assert native.iterSum(values) == 3
    assert native.iterFirst("abc") == "a"
    assert native.iterFirst(fresh(str(i) * 3) for i in range(1000)) == "000"
    assert native.iterFirst([]) is None
    numbers = iter(range(10))
    assert native.iterTake(numbers, 3) == [0, 1, 2]
    assert next(numbers) == 3
    assert native.iterTake([1], 5) == [1]
    raises(ValueError, "mine", native.iterSum, failing_generator(ValueError("mine")))
    raises(TypeError, "iterSum() argument 'values', item 1: expected int, got str", native.iterSum, [1, "a"])
    raises(TypeError, "iterSum() argument 'values': expected Iterable[int], got int", native.iterSum, 5)

    class Refuses:
        def __iter__(self):
            raise TypeError("mine")

    raises(TypeError, "mine", native.iterSum, Refuses())
    raises(TypeError, None, native.iterSum, type("NoIter", (), {"__iter__": None})())


def check_iterators_out():
    assert list(native.countdown(4)) == [4, 3, 2, 1]
    numbers = native.countdown(3)
    assert iter(numbers) is numbers and next(numbers) == 3 and list(numbers) == [2, 1]
    raises(StopIteration, "", next, numbers)
    raises(StopIteration, "", next, numbers)
    assert native.maybeCountdown(None) is None and list(native.maybeCountdown(2)) == [2, 1]
    one, two = native.countdowns(2)
    assert list(zip(one, two)) == [(2, 3), (1, 2)]
    kind = type(numbers)
    assert kind.__name__ == "iterator" and kind.__module__ == "containers._native"
    assert type(native.countdown(1)) is kind
    raises(TypeError, None, kind)
    text = fresh("some words " * 50)
    words = native.words(text)
    expected = text.split()
    del text
    assert list(words) == expected
    values = native.failing(2)
    assert [next(values), next(values)] == [1, 0]
    raises(ValueError, "", next, values)
    raises(StopIteration, "", next, values)
    assert list(native.squares([1, 2, 3])) == [[1, 1], [2, 4], [3, 9]]
    assert len(list(native.squares(list(range(2000))))) == 2000
    assert list(native.doubled(i for i in range(4))) == [0, 2, 4, 6]
    raises(ValueError, "mine", list, native.doubled(failing_generator(ValueError("mine"))))
    raises(TypeError, "doubled() argument 'values', item 1: expected int, got str", list, native.doubled([1, "x"]))
    raises(LookupError, "", native.failsBefore, [1])


def check_iterators_give_back_what_they_hold():
    for end in ("exhaust", "drop", "fail"):
        holder = Holder()
        gone = weakref.ref(holder)
        values = native.closing(holder, 2)
        del holder
        next(values)
        gc.collect()
        assert gone() is not None
        if end == "exhaust":
            assert list(values) == [0]
        else:
            del values
        gc.collect()
        assert gone() is None, end
    holder = [1, 2]
    before = sys.getrefcount(holder)
    numbers = native.doubled(holder)
    assert sys.getrefcount(holder) > before
    list(numbers)
    assert sys.getrefcount(holder) == before
    numbers = native.doubled(holder)
    next(numbers)
    del numbers
    gc.collect()
    assert sys.getrefcount(holder) == before


def check_cycles_through_iterators_are_collected():
    class Source:
        def __iter__(self):
            return self

        def __next__(self):
            return 1

    source = Source()
    gone = weakref.ref(source)
    source.numbers = native.doubled(source)
    next(source.numbers)
    del source
    gc.collect()
    assert gone() is None


def check_iterators_are_not_entered_twice():
    class Source:
        def __iter__(self):
            return self

        def __next__(self):
            return next(self.numbers)

    source = Source()
    source.numbers = native.doubled(source)
    raises(ValueError, "iterator already executing", next, source.numbers)
    raises(StopIteration, "", next, source.numbers)


def check_threads():
    """Lists and dicts that other threads change meanwhile."""
    values = list(range(100))
    mapping = dict.fromkeys(map(str, range(100)), 1)
    stop = threading.Event()
    failures = []

    def change():
        while not stop.is_set():
            values.clear()
            values.extend(range(100))
            mapping.clear()
            mapping.update(dict.fromkeys(map(str, range(100)), 1))

    def read():
        try:
            for _ in range(300):
                native.ints(values)
                native.counts(mapping)
                native.sum(values)
                for function in (native.listSum, native.listGet):
                    try:
                        function(*((values,) if function is native.listSum else (values, 50)))
                    except IndexError:
                        pass
                try:
                    native.dictSum(mapping)
                except RuntimeError as error:
                    assert "changed size" in str(error)
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    changer = threading.Thread(target=change)
    for thread in (*readers, changer):
        thread.start()
    for thread in readers:
        thread.join()
    stop.set()
    changer.join()
    assert not failures, failures
