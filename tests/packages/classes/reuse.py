"""Memory of instances that are gone serves the next ones: nothing of the old ones may show."""

import gc
import sys
import tracemalloc
import weakref

from classes._native import Point, memory
from expect import keeps_memory, raises

Node, Open, Person = memory.Node, memory.Open, memory.Person

MORE_THAN_ARE_KEPT = 500


def check_new_instances_are_new():
    for _ in range(3):
        old = [Open(i) for i in range(MORE_THAN_ARE_KEPT)]
        for one in old:
            one.extra = one.x
        references = [weakref.ref(one) for one in old]
        del one, old
        assert not any(reference() for reference in references)
        new = [Open() for _ in range(MORE_THAN_ARE_KEPT)]
        assert all(one.__dict__ == {} and one.x == 0 and weakref.getweakrefcount(one) == 0 for one in new)
        assert len({id(one) for one in new}) == MORE_THAN_ARE_KEPT
        del new
    points = [Point(i, y=i + 1) for i in range(MORE_THAN_ARE_KEPT)]
    assert [point.x for point in points] == list(range(MORE_THAN_ARE_KEPT))


def check_instances_without_a_value():
    """`__new__` alone leaves an instance that nothing can be done with, wherever its memory comes from."""
    for _ in range(5):
        kept = [Point(1, 2) for _ in range(MORE_THAN_ARE_KEPT)]
        del kept
        raises(RuntimeError, "Point.__init__() has not been called", lambda: Point.__new__(Point).x)
        empty = [Point.__new__(Point) for _ in range(MORE_THAN_ARE_KEPT)]
        del empty
        assert Point(3, 4).norm() == 5.0


def check_classes_are_counted():
    """An instance has a reference to its class, and no longer when only its memory is left."""

    class Derived(Node):
        __slots__ = ("a", "b", "c")

    for cls, make in (
        (Point, lambda: Point(1)),
        (Node, lambda: Node([])),
        (Person, lambda: Person("x" * 40)),
        (Derived, lambda: Derived(1)),
    ):
        gc.collect()
        before = sys.getrefcount(cls)
        for count in (1, 40, MORE_THAN_ARE_KEPT, 7):
            instances = [make() for _ in range(count)]
            assert sys.getrefcount(cls) == before + count
            del instances
            assert sys.getrefcount(cls) == before


def check_derived_classes_have_memory_of_their_own():
    class Large(Point):
        __slots__ = tuple("abcdefgh")

    class Changed(Point):
        pass

    for _ in range(3):
        mixed = [cls(i, i) for i in range(100) for cls in (Point, Large, Changed)]
        for one in mixed[1::3]:
            one.a = one.h = one
            one.a = one.h = None
        assert [type(one) for one in mixed[:3]] == [Point, Large, Changed]
        assert [one.x for one in mixed[::3]] == [one.x for one in mixed[1::3]] == list(range(100))
        del mixed, one
    # An instance that becomes one of a class of the same size, and back.
    one = Point(1, 2)
    raises(TypeError, None, setattr, one, "__class__", Changed)


def check_the_collector_sees_instances_of_used_memory():
    for _ in range(5):
        kept = [Node(i) for i in range(MORE_THAN_ARE_KEPT)]
        del kept
        gc.collect()
        nodes = [Node(None) for _ in range(MORE_THAN_ARE_KEPT)]
        assert all(gc.is_tracked(node) for node in nodes)
        markers = [type("Marker", (), {})() for _ in nodes]
        alive = [weakref.ref(marker) for marker in markers]
        for node, marker in zip(nodes, markers):
            node.value, node.next = node, marker
        del node, marker, nodes, markers
        gc.collect()
        assert not any(reference() for reference in alive)


def check_finalizers_that_python_adds():
    """The collector calls them, and would not do so for memory in which it has noted that it has."""
    called = []
    Node.__del__ = lambda _: called.append(1)
    try:
        for rounds in range(1, 4):
            nodes = [Node(None) for _ in range(50)]
            for node in nodes:
                node.value = node
            del node, nodes
            gc.collect()
            assert len(called) == 50 * rounds
    finally:
        del Node.__del__


def check_allocations_are_traced():
    """Memory that is used again belongs to the line that makes the new instance."""
    tracemalloc.start()
    try:
        kept = [Point(1) for _ in range(MORE_THAN_ARE_KEPT)]
        del kept
        point = Point(2)
        line = sys._getframe().f_lineno - 1
        assert tracemalloc.get_object_traceback(point)[0].lineno == line
    finally:
        tracemalloc.stop()


def check_nothing_leaks():
    def use():
        instances = [cls(1) for cls in (Point, Node, Open) for _ in range(100)]
        instances[0].x = 2
        instances[-1].extra = instances
        del instances
        gc.collect()

    keeps_memory(use, [Point, Node, Open], rounds=20)
