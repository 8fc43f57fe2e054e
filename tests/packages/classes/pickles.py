"""Copying and pickling, of what can be and what cannot."""

import copy
import inspect
import pickle

from classes._native import Secretive, memory, shapes
from expect import keeps_memory, raises

Ledger, Tape, Ticket, Stack, Watcher, Sealed = (
    memory.Ledger,
    memory.Tape,
    memory.Ticket,
    memory.Stack,
    memory.Watcher,
    memory.Sealed,
)

WAYS = [
    *(lambda one, protocol=protocol: pickle.loads(pickle.dumps(one, protocol)) for protocol in range(6)),
    copy.copy,
    copy.deepcopy,
]
ABOUT = "; write __getstate__ and __setstate__, or __reduce__, in the struct or in a class derived from it"


class SavedSecretive(Secretive):
    """Derived in Python, where the missing methods are written."""

    def __getstate__(self):
        return (self.shown, self.fixed)

    def __setstate__(self, state):
        self.__init__(*state)


class ReducedStack(Stack):
    def __reduce__(self):
        return type(self), (len(self), 1.5)


class SavedCounting(shapes.Counting):
    def __reduce_ex__(self, protocol):
        return type(self), (self.asked, self.name), None, None, iter(self.items())


class DerivedSecretive(Secretive):
    pass


class DerivedTicket(Ticket):
    pass


class SavedLedger(Ledger):
    note = None


def check_refusals_say_why():
    secretive = "Secretive cannot be copied or pickled, since field 'unseen' is private" + ABOUT
    stack = "memory.Stack cannot be copied or pickled, since what its deinit frees is known to Zig alone" + ABOUT
    counting = (
        "cannot be copied or pickled, since builtins.dict, which it derives from, knows nothing of its fields" + ABOUT
    )
    for way in WAYS:
        raises(TypeError, secretive, way, Secretive())
        raises(TypeError, stack.removeprefix("memory."), way, Stack(1))
        raises(TypeError, "Watcher cannot be copied or pickled, since field '_seen' is private" + ABOUT, way, Watcher())
        raises(
            TypeError,
            "Sealed cannot be copied or pickled, since field '_value' is private" + ABOUT,
            way,
            Sealed.make(1),
        )
        raises(TypeError, "Counting " + counting, way, shapes.Counting(1))
        raises(TypeError, secretive, way, DerivedSecretive())
    raises(TypeError, secretive, Secretive().__reduce_ex__, 2)


def check_state_written_in_zig():
    for cls in (Ledger, SavedLedger):
        ledger = cls("".join(["Ann", "a"]) * 9)
        ledger.add(5)
        for way in WAYS[2:]:
            again = way(ledger)
            assert type(again) is cls and again.owner == "Anna" * 9 and again.add(1) == 6
    assert ledger.add(0) == 5
    tape = Tape("".join(["ab", "c"]) * 20)
    for way in WAYS[2:]:
        assert str(way(tape)) == "abc" * 20 == str(tape)
    assert str(inspect.signature(Ledger.__setstate__)) == "(self, /, state)"
    raises(ValueError, "-1 is negative", Ledger.__new__(Ledger).__setstate__, ("x", -1))
    raises(
        TypeError,
        "__setstate__() argument 'state': expected tuple[str, int], got int",
        Ledger.__new__(Ledger).__setstate__,
        3,
    )
    raises(
        TypeError, "__setstate__() missing 1 required positional argument: 'state'", Ledger.__new__(Ledger).__setstate__
    )
    empty = Ledger.__new__(Ledger)
    raises(RuntimeError, "Ledger.__init__() has not been called", empty.add, 1)
    empty.__setstate__(("later", 3))
    assert empty.owner == "later" and empty.add(0) == 3
    empty.__setstate__(("anew", 4))
    assert empty.owner == "anew" and empty.add(0) == 4


def check_reduce_written_in_zig():
    for way in WAYS:
        assert int(memory.Ticket(7).__index__()) == way(Ticket(7)).__index__() == 7
    assert type(copy.copy(DerivedTicket(3))) is DerivedTicket


def check_methods_written_in_python():
    one = SavedSecretive(5, 6)
    for way in WAYS[2:]:
        again = way(one)
        assert type(again) is SavedSecretive and (again.shown, again.fixed, again.reveal()) == (5, 6, 7)
    stack = ReducedStack(3)
    for way in WAYS:
        assert type(way(stack)) is ReducedStack and len(way(stack)) == 3 and way(stack).pop() == 1.5
    counting = SavedCounting(4, "n")
    counting["key"] = "value"
    for way in WAYS:
        again = way(counting)
        assert (again.asked, again.name, dict(again)) == (4, "n", {"key": "value"})
    failure = shapes.Failure(3, "h")
    for way in WAYS:
        assert (way(failure).code, way(failure).hint, way(failure).args) == (3, "h", failure.args)


def check_nothing_leaks():
    def every_path():
        check_refusals_say_why()
        check_state_written_in_zig()
        check_reduce_written_in_zig()
        check_methods_written_in_python()

    keeps_memory(every_path, [Ledger, Tape, Ticket, Stack, Secretive], rounds=40)
