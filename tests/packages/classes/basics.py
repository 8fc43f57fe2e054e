"""Construction, attributes, methods, what is derived from the fields, conversions."""

import copy
import gc
import inspect
import pickle
import sys

import classes._native as native
from classes._native import Frozen, Point, Secretive
from expect import keeps_memory, raises


class Sub(Point):
    """Derived in Python, with another constructor."""

    def __init__(self, x, tag="t"):
        super().__init__(x, 5)
        self.tag = tag


class Mixin:
    __slots__ = ()

    def hello(self):
        return f"hello {self.x}"


class Mixed(Mixin, Point):
    __slots__ = ()


def check_construction():
    for point in (Point(1, 2), Point(1, y=2), Point(x=1, y=2), Point(y=2, x=1), Point(*[1, 2]), Point(**{"x": 1, "y": 2})):
        assert (point.x, point.y) == (1.0, 2.0) and type(point) is Point
    assert Point(3).y == 0.0
    raises(TypeError, "Point() missing 1 required positional argument: 'x'", Point)
    raises(TypeError, "Point() missing 1 required positional argument: 'x'", Point, y=1)
    raises(TypeError, "Point() takes from 1 to 2 positional arguments but 3 were given", Point, 1, 2, 3)
    raises(TypeError, "Point() got an unexpected keyword argument 'z'", Point, 1, z=3)
    raises(TypeError, "Point() got multiple values for argument 'x'", Point, 1, x=3)
    raises(TypeError, "Point() argument 'x': expected float, got str", Point, "1")
    raises(OverflowError, None, Point, 10**400)
    raises(OverflowError, "Frozen() argument 'count': expected an int from 0 to 255", Frozen, "n", 256)
    raises(TypeError, "Frozen() argument 'from_': expected Point | None, got int", Frozen, "n", 1, 3)


def check_init_may_be_called_again():
    point = Point(1, 2)
    point.__init__(3)
    assert point == Point(3, 0)
    raises(TypeError, "Point() argument 'x': expected float, got str", point.__init__, "1")
    assert point == Point(3, 0)
    frozen = Frozen("a")
    raises(TypeError, "Frozen.__init__() has been called before, and instances cannot be changed", frozen.__init__, "b")


def check_without_init():
    empty = Point.__new__(Point)
    message = "Point.__init__() has not been called"
    for use in (empty.norm, lambda: empty.x, lambda: repr(empty), lambda: empty + Point(1), lambda: Point(1) + empty):
        raises(RuntimeError, message, use)
    raises(RuntimeError, message, setattr, empty, "x", 1)
    raises(RuntimeError, message, native.norm_of, empty)
    raises(RuntimeError, message, native.norm_by_pointer, empty)
    raises(RuntimeError, message, lambda: empty == Point(1))
    empty.__init__(1)
    assert empty.x == 1
    raises(TypeError, None, Point.__new__)
    raises(TypeError, None, Point.__new__, int)
    raises(TypeError, None, Point.norm, 3)
    raises(TypeError, None, Point.x.__get__, 3)


def check_what_a_class_says_of_itself():
    assert (Point.__name__, Point.__qualname__, Point.__module__) == ("Point", "Point", "classes._native")
    assert Point.__doc__ == "A point in the plane."
    assert Point.x.__doc__ == "To the right."
    assert str(inspect.signature(Point)) == "(x, y=0.0)"
    assert str(inspect.signature(Point.scaled)) == "(self, /, factor)"
    assert str(inspect.signature(Point.polar)) == "(r, angle)"
    assert str(inspect.signature(Point.diagonal)) == "(at)"
    assert Point.scaled.__doc__ == "A new point, `factor` times as far out."
    assert Point.polar.__doc__ == "From an angle."
    assert isinstance(Point.__dict__["polar"], staticmethod)
    assert Point.__match_args__ == ("x", "y")
    assert Point.dimensions == 2
    assert Point.origin == Point(0, 0) and type(Point.origin) is Point
    assert str(inspect.signature(Frozen)) == "(name, count=1, from_=None)"
    iterator = native.protocols.Numbers.Iterator
    assert iterator.__qualname__ == "Numbers.Iterator" and iterator.__name__ == "Iterator"
    assert iterator.__module__ == native.protocols.__name__ == "classes._native.protocols"
    assert not hasattr(Point(1), "__dict__")
    assert not hasattr(Point, "init")


def check_attributes():
    point = Point(1, 2)
    point.x = 7
    assert point.x == 7.0 and type(point.x) is float
    raises(TypeError, "Point.x: expected float, got str", setattr, point, "x", "7")
    raises(AttributeError, "cannot delete attribute 'Point.x'", delattr, point, "x")
    raises(AttributeError, None, setattr, point, "z", 1)
    frozen = Frozen("a", from_=point)
    raises(AttributeError, None, setattr, frozen, "name", "b")
    frozen.from_.x = 100
    assert frozen.from_ == Point(7, 2)
    secretive = Secretive(5, 6)
    assert (secretive.shown, secretive.fixed, secretive.reveal()) == (5, 6, 7)
    assert not hasattr(secretive, "_secret") and not hasattr(secretive, "unseen") and not hasattr(secretive, "secret")
    raises(AttributeError, None, setattr, secretive, "fixed", 1)
    raises(TypeError, "Secretive() takes from 0 to 2 positional arguments but 3 were given", Secretive, 1, 2, 3)
    raises(TypeError, None, copy.copy, secretive)
    raises(TypeError, None, pickle.dumps, secretive)


def check_methods():
    point = Point(3, 4)
    assert point.norm() == 5.0
    assert point.scaled(2) == point.scaled(factor=2) == Point(6, 8)
    assert point.move(1, 1) is point and point.move(1) is point and point.move(dx=0, dy=0) is point
    assert point == Point(5, 5)
    assert Point.polar(2, 0) == point.polar(2, angle=0) == Point(2, 0)
    assert Point.diagonal(3) == Point(3, 3) and type(Sub.diagonal(1)) is Sub
    raises(TypeError, "scaled() argument 'factor': expected float, got str", point.scaled, "x")
    raises(TypeError, None, point.norm, 1)
    raises(TypeError, None, point.norm, x=1)
    raises(ValueError, "", point.fail)


def check_derived():
    assert repr(Point(1, -0.5)) == str(Point(1, -0.5)) == "Point(x=1.0, y=-0.5)"
    assert repr(Frozen("é'", 2, Point(1))) == "Frozen(name=\"é'\", count=2, from_=Point(x=1.0, y=0.0))"
    assert Point(1, 2) == Point(1, 2) and not Point(1, 2) != Point(1, 2)
    assert Point(1, 2) != Point(1, 3) and Point(float("nan")) != Point(float("nan"))
    assert Point(1, 2) != (1.0, 2.0) and Point.__eq__(Point(1), 3) is NotImplemented
    assert Point.__ne__(Point(1), 3) is NotImplemented
    raises(TypeError, None, hash, Point(1))
    raises(TypeError, None, lambda: Point(1) < Point(2))
    assert Point.__hash__ is None
    a, b, c = Frozen("a"), Frozen("a", 1), Frozen("a", 2)
    assert a == b and hash(a) == hash(b) and a != c and len({a, b, c}) == 2
    assert a < c and a <= b and c > a and c >= a and not a < b
    assert Frozen("a", 1, None) < Frozen("a", 1, Point(0)) < Frozen("b")
    assert sorted([c, Frozen("B"), a]) == [Frozen("B"), a, c]
    raises(TypeError, None, lambda: a < 3)
    match Point(1, 2):
        case Point(x, y=other):
            assert (x, other) == (1.0, 2.0)


def check_copies():
    point = Point(1, 2)
    frozen = Frozen("n", 3, point)
    for original in (point, frozen):
        for made in (copy.copy(original), copy.deepcopy(original)):
            assert made == original and made is not original and type(made) is type(original)
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(original, protocol)) == original
    sub = Sub(1, ["deep"])
    again = pickle.loads(pickle.dumps(sub))
    assert type(again) is Sub and (again.x, again.y, again.tag) == (1.0, 5.0, ["deep"])
    assert copy.copy(sub).tag is sub.tag and copy.deepcopy(sub).tag is not sub.tag
    message = "Point.__setstate__() needs the state that __reduce__() gave"
    for state in (None, (), ((1, 2),), ((1, 2, 3), None), ([1, 2], None)):
        raises(TypeError, message, point.__setstate__, state)
    raises(TypeError, "Point.y: expected float, got str", point.__setstate__, ((1, "2"), None))
    assert point == Point(1, 2)
    raises(TypeError, None, frozen.__setstate__, (("x", 1, None), None))


def check_derived_classes():
    sub = Sub(3)
    assert sub.tag == "t" and sub.norm() == Point(3, 5).norm() and repr(sub) == "Sub(x=3.0, y=5.0)"
    assert isinstance(sub, Point) and type(sub.scaled(2)) is Point and sub + sub == Point(6, 10)
    assert sub.move(1) is sub and sub != Point(4, 5) and sub == sub
    assert type(3 * sub) is Point and native.norm_of(sub) == sub.norm()
    mixed = Mixed(1, 2)
    assert mixed.hello() == "hello 1.0" and mixed.norm() == Point(1, 2).norm() and not hasattr(mixed, "__dict__")
    assert Mixed.__mro__ == (Mixed, Mixin, Point, object)

    class NoSuper(Point):
        def __init__(self):
            pass

    raises(RuntimeError, "Point.__init__() has not been called", NoSuper().norm)

    class Slots(Point):
        __slots__ = ("__weakref__", "extra")

        def __add__(self, other):
            return "mine"

        def __radd__(self, other):
            return "reflected"

    made = Slots(1)
    made.extra = made
    assert made + 1 == "mine" and Point(1) + made == "reflected"
    for other in (Frozen, native.protocols.Mod, native.protocols.Generic, native.memory.Person, native.shapes.Circle, object):
        raises(TypeError, None, setattr, Point(1), "__class__", other)
    raises(TypeError, None, type, "Bad", (Point, int), {})
    raises(TypeError, None, type, "Bad", (Point, Frozen), {})


def check_conversions():
    point = Point(3, 4)
    assert native.norm_of(point) == native.norm_by_pointer(point) == 5.0
    assert native.stretch(point, 2) is point and point == Point(6, 8)
    assert native.maybe(None) is None and native.maybe(point) == point and native.maybe(point) is not point
    assert native.distance(point, point) == 0.0
    assert native.distance(Point(0, 3), Point(4, 0)) == 5.0
    other = Point(1, 1)
    native.swap(point, other)
    assert (point, other) == (Point(1, 1), Point(6, 8))
    raises(RuntimeError, "Point is being changed by a running call", native.swap, point, point)
    raises(TypeError, "norm_of() argument 'point': expected Point, got int", native.norm_of, 3)
    raises(TypeError, "stretch() argument 'point': expected Point, got NoneType", native.stretch, None, 1)
    raises(TypeError, "stretch() argument 'factor': expected float, got str", native.stretch, point, "2")
    assert native.stretch(point, 1) is point, "the borrow was given back"
    raises(
        RuntimeError,
        "a pointer to Point was returned that is neither the method's instance nor an argument; "
        "return the struct itself, or a py.Ref",
        native.astray,
    )


def check_classes_of_the_same_name():
    one, other = native.memory.Ticket(3), native.protocols.Ticket(4)
    assert [type(ticket) for ticket in native.tickets(one, other)] == [type(one), type(other)]
    raises(
        TypeError,
        "tickets() argument 'one': expected classes._native.memory.Ticket, got Ticket",
        native.tickets,
        other,
        other,
    )


def check_calls_back_into_the_same_object():
    point = Point(1, 2)
    seen = []

    class Use:
        def __new__(cls):
            for use in (point.norm, lambda: point.x, lambda: repr(point), lambda: point.move(1), lambda: point == Point(1)):
                seen.append(str(raises(RuntimeError, None, use)))
            seen.append(str(raises(RuntimeError, None, setattr, point, "x", 1)))
            seen.append(str(raises(RuntimeError, None, point.__init__, 1)))
            gc.collect()
            return object.__new__(cls)

    assert point.during(Use) == 2.0
    assert set(seen) == {"Point is being changed by a running call"} and len(seen) == 7
    assert point.norm() and point.move(1) is point

    class Look:
        def __new__(cls):
            assert point.norm() and point.x and repr(point) and point == point
            for use in (lambda: point.move(1), lambda: setattr(point, "x", 1)):
                raises(RuntimeError, "Point is in use by a running call and cannot be changed", use)
            assert point.looking(list) == point.x
            return object.__new__(cls)

    assert point.looking(Look) == point.x

    class Fails:
        def __new__(cls):
            raise KeyError("mine")

    raises(KeyError, "'mine'", point.during, Fails)
    raises(KeyError, "'mine'", point.looking, Fails)
    assert point.move(1) is point, "the borrow was given back"


def check_nothing_leaks():
    point, frozen, sub = Point(1, 2), Frozen("n" * 50, 1), Sub(1)

    def attempt(function, *args, **kwargs):
        try:
            function(*args, **kwargs)
        except Exception:
            pass

    def every_path():
        check_construction()
        check_methods()
        check_derived()
        check_conversions()
        Point(1, y=2).scaled(2)
        repr(frozen), hash(frozen), frozen == Frozen("n"), frozen.from_, frozen.name
        copy.copy(frozen), copy.deepcopy(sub)
        attempt(frozen.__init__, "x")
        attempt(Frozen, "x" * 100, 3, 4)
        attempt(point.__init__, None)
        attempt(point.__setstate__, (("1",), None))
        attempt(setattr, point, "x", None)
        attempt(lambda: point + 3)
        attempt(native.swap, point, point)

    keeps_memory(every_path, [point, frozen, sub, Point, Frozen, Sub], rounds=50)


def check_a_million_instances():
    Point(0)
    before = sys.getallocatedblocks()
    for i in range(1_000_000):
        Point(i, 1)
    assert sys.getallocatedblocks() - before < 100
    many = [Frozen("a" * (i % 20), 1) for i in range(10_000)]
    assert sum(len(one.name) for one in many) == 95_000
    del many
    assert sys.getallocatedblocks() - before < 200
