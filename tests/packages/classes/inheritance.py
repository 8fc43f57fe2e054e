"""Inheritance, overriding, properties."""

import copy
import gc
import pickle

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


def check_overridden_in_zig():
    """A class derived in Zig is one too."""
    assert Circle("c", 2).describe() == "c: 12"


class Overrides(Shape):
    def area(self):
        return self.result


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
        shape.result = "text"
        raises(TypeError, None, shape.describe)

    keeps_memory(every_path, [Shape, Circle, Ring], rounds=100)
