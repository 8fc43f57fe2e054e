"""Enums and tagged unions."""

import copy
import enum
import gc
import pickle
import weakref

from classes._native import values
from expect import keeps_memory, raises

Color, Mode, Bits, Figure, Holder, Inner = values.Color, values.Mode, values.Bits, values.Figure, values.Holder, values.Inner


def check_enums():
    assert issubclass(Color, enum.IntEnum) and [m.name for m in Color] == ["red", "green", "blue"]
    assert [m.value for m in Color] == [1, 2, 30] and Color.red == 1 and Color(30) is Color.blue
    assert (Color.__module__, Color.__qualname__, Color.__doc__) == ("classes._native.values", "Color", "What a light says.")
    assert values.next(Color.red) is Color.green and values.next(color=Color.blue) is Color.red
    raises(TypeError, "next() argument 'color': expected Color, got int", values.next, 1)
    raises(TypeError, "next() argument 'color': expected Color, got str", values.next, "red")
    raises(TypeError, "next() argument 'color': expected Color, got Mode", values.next, Mode.read)
    assert values.flip(Mode.read) is Mode.write and not issubclass(Mode, int)
    assert values.same(Bits.one) is Bits.one and values.same(Bits.one | Bits.two) == Bits(3)
    assert pickle.loads(pickle.dumps(Color.red)) is Color.red and copy.deepcopy(Mode.write) is Mode.write
    match Color.green:
        case Color.green:
            pass
        case _:
            raise AssertionError


def check_methods_of_enums():
    assert Color.red.inverted() is Color.green and Color.blue.code(2) == 60 and Color.blue.code(factor=2) == 60
    assert Color.parse("blue") is Color.blue and Color.first() is Color.red
    raises(ValueError, "no color 'x'", Color.parse, "x")
    raises(TypeError, "code() argument 'factor': expected int, got str", Color.red.code, "x")
    raises(TypeError, None, Color.inverted, 1)
    assert Color.inverted.__doc__ == "The other way round."


def check_variants():
    circle = Figure.circle(2)
    assert type(circle) is Figure.circle and isinstance(circle, Figure) and (circle.radius, circle.label) == (2.0, "round")
    assert repr(circle) == "Figure.circle(radius=2.0, label='round')" and repr(Figure.nothing()) == "Figure.nothing()"
    assert repr(Figure.square(3)) == "Figure.square(value=3.0)" and Figure.tagged(Color.red).value is Color.red
    assert Figure.nested(Inner("a")).value == Inner("a")
    assert Figure.circle.__doc__ == "Around a center." and Figure.__doc__ == "A figure."
    assert (Figure.circle.__name__, Figure.circle.__qualname__) == ("circle", "Figure.circle")
    for wrong in (lambda: Figure(), lambda: Figure.nothing(1), lambda: Figure.square(), lambda: Figure.square("x")):
        raises(TypeError, None, wrong)
    raises(TypeError, "circle() argument 'radius': expected float, got str", Figure.circle, "x")
    raises(TypeError, "cannot create 'Figure' instances", Figure)
    raises(AttributeError, None, setattr, circle, "radius", 1)
    assert Figure.circle(radius=1, label="l" * 50).label == "l" * 50
    seen = []
    for figure in (circle, Figure.square(2), Figure.nothing()):
        match figure:
            case Figure.circle(radius, label=text):
                seen.append((radius, text))
            case Figure.square(side):
                seen.append(side)
            case Figure.nothing():
                seen.append(None)
    assert seen == [(2.0, "round"), 2.0, None]


def check_variants_as_values():
    circle = Figure.circle(2)
    assert circle.area() == values.area(circle) == 12.0 and values.area(figure=Figure.square(2)) == 4.0
    assert type(circle.grown(2)) is Figure.circle and circle.grown(2) == Figure.circle(4) and circle.grown(2) != circle
    assert type(Figure.unit()) is Figure.square and circle + Figure.unit() == 13.0 and circle.__add__(3) is NotImplemented
    assert type(values.make(0)) is Figure.nothing and values.make(1) == circle and values.make(9) is None
    assert values.make(2).value.text == "deep"
    assert Figure.square(1) != Figure.circle(1) and Figure.nothing() == Figure.nothing()
    assert hash(circle) == hash(Figure.circle(2)) and len({circle, Figure.circle(2), Figure.square(2)}) == 2
    assert pickle.loads(pickle.dumps(circle)) == copy.copy(circle) == copy.deepcopy(circle) == circle
    raises(TypeError, "area() argument 'figure': expected Figure, got int", values.area, 3)

    class Sub(Figure.circle):
        def area(self):
            return 1

    assert Sub(2).area() == 1 and values.area(Sub(2)) == 12.0


def check_a_changed_class_is_no_other_variant():
    figure = Figure.square(2)
    try:
        figure.__class__ = Figure.circle
    except TypeError:
        pass
    else:
        raises(AttributeError, "Figure is not the variant 'circle'", lambda: figure.radius)
        raises(AttributeError, "Figure is not the variant 'circle'", lambda: figure.label)
    assert figure.area() == 4.0 and "2.0" in repr(figure)


def check_variants_with_objects():
    class Marker:
        pass

    marker = Marker()
    alive = weakref.ref(marker)
    holder = Holder.object([marker])
    holder.value.append(holder)
    del marker, holder
    gc.collect()
    assert alive() is None
    assert Holder.object(3) == Holder.object(3) != Holder.empty()


def check_nothing_leaks():
    circle, item = Figure.circle(2, "l" * 50), object()

    def every_path():
        check_enums()
        check_methods_of_enums()
        check_variants()
        values.area(circle), circle.grown(3), circle.label, values.make(2)
        pickle.loads(pickle.dumps(circle)), copy.copy(circle), hash(circle)
        Holder.object(item)

    keeps_memory(every_path, [circle, item, Color, Figure, Figure.circle], rounds=100)
