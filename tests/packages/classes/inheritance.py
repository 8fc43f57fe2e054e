"""Inheritance, overriding, properties."""

import abc
import collections.abc
import copy
import gc
import inspect
import pickle
import string

from classes._native import shapes
from expect import keeps_memory, raises

Shape, Circle = shapes.Shape, shapes.Circle
Ring = Circle.Ring


def check_zig_classes_derive_from_zig_classes():
    circle = Circle("round", 2)
    assert isinstance(circle, Shape) and Circle.__mro__ == (Circle, Shape, object)
    assert (circle.name, circle.radius, circle.color, circle.area()) == ("round", 2.0, 1, 12.0)
    assert Shape.area(circle) == 0.0
    circle.name = "renamed" * 10
    assert circle.name == "renamed" * 10 and repr(circle) == f"Circle(name='{circle.name}', radius=2.0, color=1)"
    ring = Ring("ring", 3, hole=0.25)
    assert isinstance(ring, Circle) and (ring.name, ring.radius, ring.color, ring.hole) == ("ring", 3.0, 1, 0.25)
    assert ring.area() == 27.0 and ring.diameter == 6.0 and ring == Ring("ring", 3, hole=0.25) != Ring("ring", 3)
    ring.color = 9
    ring.name = "x"
    assert (ring.color, ring.hole, ring.name, ring.radius) == (9, 0.25, "x", 3.0)
    assert copy.copy(ring) == ring == pickle.loads(pickle.dumps(ring))
    assert Ring.__match_args__ == ("name", "radius", "color", "hole")
    raises(TypeError, None, Shape.__init__, circle, "x")
    raises(TypeError, None, Circle.area, Shape("shape"))
    raises(TypeError, None, type, "Both", (Circle, type("Other", (Ring,), {})), {})
    blank = Circle.__new__(Circle)
    raises(TypeError, "Circle.__init__() must be called, and not that of its base Shape", Shape.__init__, blank, "x")
    raises(RuntimeError, None, blank.area)


def check_properties():
    circle = Circle("c", 2)
    assert circle.diameter == circle.fixed == 4.0
    circle.diameter = 10
    assert circle.radius == 5.0
    raises(ValueError, "negative", setattr, circle, "diameter", -1)
    raises(TypeError, None, setattr, circle, "diameter", "x")
    del circle.diameter
    assert circle.radius == 0.0
    raises(AttributeError, None, setattr, circle, "fixed", 1)
    raises(AttributeError, None, delattr, circle, "fixed")
    assert Circle.diameter.__doc__ == "Twice the radius." and Circle.fixed.__doc__ == "Once more."


def check_overriding():
    class Square(Shape):
        def __init__(self, side):
            super().__init__("square")
            self.side = side
            self.notes = []

        def area(self):
            return self.side**2

        def note(self, what):
            self.notes.append(what)

    square = Square(3)
    assert square.describe() == "square: 9" and Shape("shape").describe() == "shape: 0"
    square.tell(5)
    assert square.notes == [5] and Shape("shape").tell(1) is None
    square.area = lambda: 2
    assert square.describe() == "square: 2"

    class Plain(Shape):
        pass

    assert Plain("p").describe() == "p: 0"

    class Calls(Shape):
        def area(self):
            gc.collect()
            self.name = "renamed"
            return 10 + super().area()

    assert Calls("c").describe() == "renamed: 10"

    class Fails(Shape):
        def area(self):
            raise KeyError("mine")

        def note(self):
            pass

    raises(KeyError, "'mine'", Fails("f").describe)
    raises(TypeError, None, Fails("f").tell, 1)

    class Wrong(Shape):
        def area(self):
            return "text"

    raises(TypeError, "Shape.area() result: expected float, got str", Wrong("w").describe)


def check_overriding_what_returns_more_than_a_number():
    assert Shape("s").report().startswith("<s>, of Zig, nothing, Shape(name='s')")
    name = "inner" * 20

    class Says(Shape):
        def label(self):
            return "".join(["label"] * 20)

        def words(self):
            return ["".join(["w", str(i)] * 20) for i in range(3)]

        def inner(self):
            return Circle("".join([name]), 1)

        def anything(self):
            return "".join(["any"] * 20)

    says = Says("s")
    words = " ".join(f"w{i}" * 20 for i in range(3))
    assert says.report() == f"{'label' * 20}, {words}, {name}, {'any' * 20}"
    Says.words = lambda self: [1]
    raises(TypeError, "Shape.words() result, item 0: expected str, got int", says.report)
    Says.words = lambda self: ()
    Says.inner = lambda self: 3
    raises(TypeError, "Shape.inner() result: expected Shape | None, got int", says.report)
    Says.inner = lambda self: None
    assert says.report() == f"{'label' * 20}, , nothing, {'any' * 20}"
    Says.label = lambda self: None
    raises(TypeError, "Shape.label() result: expected str, got NoneType", says.report)


def check_overridden_in_zig():
    """A class derived in Zig is one too."""
    assert Circle("c", 2).describe() == "c: 12"


class Overrides(Shape):
    def area(self):
        return self.result

    def label(self):
        return "x" * 100

    def words(self):
        return ["y" * 100, "z" * 100]

    def inner(self):
        return Shape("inner")


def check_nothing_leaks():
    # Making classes in Python fills caches for long: they are made once.
    shape = Overrides("o")

    def every_path():
        check_properties()
        check_overridden_in_zig()
        ring = Ring("ring" * 10, 3, hole=0.25)
        copy.copy(ring)
        ring.name = "other" * 10
        shape.result = 2
        shape.describe()
        shape.report()
        shape.result = "text"
        raises(TypeError, None, shape.describe)

    keeps_memory(every_path, [Shape, Circle, Ring], rounds=100)


def check_python_classes_as_bases():
    counting = shapes.Counting(3, name="n" * 40)
    assert isinstance(counting, dict) and counting == {} and repr(counting) == "{}" and counting.asked == 3
    counting["a"] = counting
    assert counting.ask() is counting and counting.asked == 4 and len(counting) == 1 and counting.name == "n" * 40
    fresh = counting.fresh()
    assert type(fresh) is shapes.Counting and (fresh.asked, fresh.name, fresh) == (4, "fresh", {})
    assert counting.twice(fresh) == 8 and counting.twice(counting) == 8
    raises(TypeError, None, shapes.Counting, "x")
    raises(TypeError, None, hash, counting)
    alive = shapes.Counting()
    alive["self"] = alive

    class Derived(shapes.Counting):
        def __init__(self):
            super().__init__(7)
            self.extra = self

    derived = Derived()
    derived["x"] = 1
    assert derived.asked == 7 and derived.extra is derived and derived == {"x": 1} and derived.fresh() == {}
    raises(RuntimeError, "Counting.__init__() has not been called", shapes.Counting.__new__(shapes.Counting).ask)
    gc.collect()

    failure = shapes.Failure(3, hint="h" * 40)
    assert isinstance(failure, ValueError) and failure.code == 3 and failure.hint == "h" * 40
    try:
        raise shapes.Failure(4)
    except ValueError as error:
        assert error.code == 4 and error.hint is None and str(error) == "4"

    for hint in (None, "h" * 40):
        failure = raises(shapes.Failure, None, shapes.fail, 5, hint)
        assert (failure.code, failure.hint, failure.args) == (5, hint, (5, hint)) and failure.__context__ is None
        again = pickle.loads(pickle.dumps(failure))
        assert (again.code, again.hint, repr(again)) == (5, hint, f"Failure(5, {hint!r})")

    formatter = shapes.Format(6)
    formatter.anything = formatter
    assert formatter.x == 6 and formatter.format("{}", 1) == "1" and isinstance(formatter, string.Formatter)


class Derived(shapes.Scores):
    def __init__(self, **scores):
        super().__init__()
        self.update(scores)

    def __missing__(self, name):
        return 0


def check_bases_with_a_metaclass():
    Scores = shapes.Scores
    assert type(Scores) is abc.ABCMeta and issubclass(Scores, collections.abc.MutableMapping)
    assert (Scores.__name__, Scores.__qualname__, Scores.__module__) == ("Scores", "Scores", "classes._native.shapes")
    assert Scores.__doc__.startswith("The methods that all mappings have") and str(inspect.signature(Scores)) == "()"
    scores = Scores()
    scores.update(a=1, b=2)
    assert scores == {"a": 1, "b": 2} and list(scores.items()) == [("a", 1), ("b", 2)] and scores.get("c", 5) == 5
    assert scores.pop("a") == 1 and scores.setdefault("d", 3) == 3 and "b" in scores and "z" not in scores
    raises(TypeError, "__getitem__() argument 'name': expected str, got int", scores.__contains__, 3)
    raises(KeyError, "'z'", scores.pop, "z")
    raises(TypeError, "__setitem__() argument 'score': expected int, got str", scores.__setitem__, "b", "x")
    raises(TypeError, None, hash, scores)
    derived = Derived(x=3)
    assert isinstance(derived, Scores) and derived == {"x": 3} and derived.__dict__ == {}
    del derived["x"]
    assert len(derived) == 0 and derived != scores
    raises(TypeError, None, shapes.Abstract)
    complete = type("Complete", (shapes.Abstract,), {"__len__": lambda self: self.x})
    assert len(complete(x=7)) == 7


def check_python_bases_leak_nothing():
    def every_path():
        Derived(x=3).update(a=1, b=2)
        counting = shapes.Counting(1, "n" * 100)
        counting["self"] = counting
        counting.fresh()
        shapes.Failure(3, "h" * 100)
        raises(shapes.Failure, None, shapes.fail, 5, "h" * 100)
        shapes.Format(1)

    keeps_memory(every_path, [shapes.Counting, shapes.Failure, shapes.Format], rounds=100)
