"""Memory and objects that instances hold."""

import array
import copy
import gc
import inspect
import pickle
import struct
import sys
import weakref

from classes._native import memory, values
from expect import keeps_memory, raises

Person, Stack, Node, Open, Sealed = memory.Person, memory.Stack, memory.Node, memory.Open, memory.Sealed
Branch, Leaf, Watcher = memory.Branch, memory.Leaf, memory.Watcher


def check_texts_belong_to_the_instance():
    text = "".join(["Gri", "selda"]) * 3
    person = Person(text, nick="gg")
    del text
    churn = [str(i) * 30 for i in range(1000)]
    assert person.name == "Griselda" * 3 and person.nick == "gg" and person.born == 2000
    person.name = "".join(["x"] * 40)
    person.nick = None
    del churn
    assert person.name == "x" * 40 and person.nick is None
    raises(TypeError, "Person.name: expected str, got int", setattr, person, "name", 3)
    raises(ValueError, "Person.nick: embedded null character", setattr, person, "nick", "a\0b")
    assert person.name == "x" * 40


def check_methods_may_store_what_they_are_given():
    person = Person("first", "nick")
    for _ in range(100):
        person.rename("".join(["sec", "ond"]) * 5)
    assert person.name == "second" * 5
    person.chop()
    person.chop()
    assert person.name == ("second" * 5)[2:]
    person.shout()
    assert person.name == ("second" * 5)[2:].upper()
    person.swap()
    assert (person.name, person.nick) == ("nick", None)
    person.swap()
    twin = person.twin()
    person.rename("other")
    assert twin.name == "nick" and twin is not person
    assert person.greet(twin) == "other greets nick" and person.greet(person) == "other greets other"
    assert repr(twin) == "Person(name='nick', nick=None, born=2000)"
    assert pickle.loads(pickle.dumps(twin)) == twin == copy.copy(twin)
    person.__init__("again" * 10)
    assert person.name == "again" * 10


def check_init_and_deinit():
    stack = Stack(2, fill=1.5)
    stack.push(3)
    assert len(stack) == 3 and stack.pop() == 3.0 and stack.pop() == 1.5
    assert Stack(count=3).pop() == 0.0
    raises(ValueError, "5000 is too many", Stack, 5000)
    raises(IndexError, "pop from empty stack", Stack(0).pop)
    assert not Stack(0) and stack
    assert not hasattr(stack, "deinit") and not hasattr(stack, "allocator")
    raises(TypeError, None, copy.copy, stack)
    raises(TypeError, None, pickle.dumps, stack)
    assert stack == stack and stack != Stack(1, 1.5) and isinstance(hash(stack), int)
    stack.__init__(5)
    assert len(stack) == 5


def check_cycles_are_collected():
    class Marker:
        pass

    for make in (
        lambda marker: Node(marker),
        lambda marker: type("Derived", (Node,), {})(marker),
    ):
        marker = Marker()
        alive = weakref.ref(marker)
        a = make(marker)
        a.next = Node(a, [a])
        a.set(marker)
        marker.node = a
        del marker, a
        gc.collect()
        assert alive() is None
    node = Node(None)
    node.value = node
    assert repr(node) == "Node(value=Node(...), next=None)"
    assert gc.is_tracked(node) and gc.get_referents(node).count(node) == 1
    stack = Stack(1)
    holder = [Marker()]
    alive = weakref.ref(holder[0])
    holder += [stack]
    stack.keep(holder)
    del stack, holder
    gc.collect()
    assert alive() is None
    holders = [[Marker()] for _ in range(5)]
    markers = [weakref.ref(holder[0]) for holder in holders]
    outline = memory.Outline(holders)
    assert all(holder in gc.get_referents(outline) for holder in holders)
    holders[-1].append(outline)
    del outline, holders
    gc.collect()
    assert not any(marker() for marker in markers)


def check_chains_of_a_million_instances():
    """Each holds the next one: freeing one within the other would take the stack."""

    class Derived(Node):
        __slots__ = ()

    for make in (Node, values.Holder.object, Derived, lambda inner: Node(values.Holder.object(inner))):
        marker = type("Marker", (), {})()
        alive = weakref.ref(marker)
        chain = marker
        for _ in range(500_000 if make is Node else 200_000):
            chain = make(chain)
        del marker, chain
        assert alive() is None


def check_references_are_counted():
    item = object()
    before = sys.getrefcount(item)
    node = Node(item, item)
    assert sys.getrefcount(item) == before + 2
    node.set(node.value)
    node.set(3)
    assert sys.getrefcount(item) == before + 1
    node.value = item
    node.next = None
    assert sys.getrefcount(item) == before + 1
    copied = copy.copy(node)
    assert copied.value is item and sys.getrefcount(item) == before + 2
    del copied, node
    assert sys.getrefcount(item) == before
    raises(TypeError, None, Node)
    assert Node(1) == Node(1) and Node(1) != Node(2)

    class Odd:
        def __eq__(self, other):
            return 1 / 0

    raises(ZeroDivisionError, None, lambda: Node(Odd()) == Node(1))


def check_comparing_runs_python():
    nodes = []

    class Changes:
        def __eq__(self, other):
            raises(RuntimeError, "Node is in use by a running call and cannot be changed", nodes[0].set, 3)
            gc.collect()
            return True

    nodes += [Node(Changes()), Node(Changes())]
    assert nodes[0] == nodes[1]
    nodes[0].set(3)
    assert nodes[0].value == 3


def check_freeing_runs_python():
    node = Node(None)

    class Changes:
        def __del__(self):
            node.value = "later"

    node.value = Changes()
    node.value = "first"
    assert node.value == "later"
    node.value = Changes()
    node.set("second")
    assert node.value == "later"


def check_open_instances():
    one = Open(3)
    one.anything = [one]
    assert one.__dict__ == {"anything": [one]} and one.x == 3
    alive = weakref.ref(one)
    assert alive() is one
    del one
    gc.collect()
    assert alive() is None
    two = Open()
    two.y = 1
    assert copy.copy(two).y == 1 and pickle.loads(pickle.dumps(two)).y == 1
    two.__dict__ = {"z": 2}
    assert two.z == 2 and not hasattr(two, "y")
    raises(TypeError, None, setattr, two, "__dict__", 3)
    called = []
    reference = weakref.ref(two, called.append)
    del two
    assert called == [reference]

    class Derived(Open):
        pass

    derived = Derived(1)
    derived.more = derived
    alive = weakref.ref(derived)
    del derived
    gc.collect()
    assert alive() is None
    raises(TypeError, None, weakref.ref, Person("x"))


def check_instances_made_by_zig():
    """With a header for the garbage collector, and places for `__dict__` and weak references."""
    item = [1]
    node = memory.again(Node(item, 2))
    assert gc.is_tracked(node) and node.value is item and node.next == 2
    node.value = node
    made = memory.reopened(Open(4))
    made.anything = 1
    assert weakref.ref(made)() is made and made.__dict__ == {"anything": 1} and made.x == 4
    raises(TypeError, "again() argument 'node': expected Node, got Open", memory.again, made)
    stack = Stack(1)
    before = sys.getrefcount(item)
    stack.keep(item)
    stack.keep(item)
    assert sys.getrefcount(item) == before + 1
    del stack
    assert sys.getrefcount(item) == before


def check_weak_references():
    root = Branch("root")
    twig = root.grow("branch").grow("twig")
    assert twig.name == "twig" and twig.parent is None
    assert twig.root() is twig
    branch = root.grow("branch")
    twig.parent = branch
    assert twig.parent is branch and branch.parent is root and twig.root() is root
    before = sys.getrefcount(branch)
    twig.graft(branch)
    assert sys.getrefcount(branch) == before and weakref.getweakrefcount(branch) == 1
    assert Branch("b", parent=root).parent is root and Branch("b", None).parent is None
    assert memory.names([root, None, twig]) == ["root", "twig"]
    raises(TypeError, "Branch.parent: expected Branch | None, got int", setattr, twig, "parent", 3)
    assert repr(twig) == "Branch(name='twig', parent=Branch(name='branch', parent=Branch(name='root', parent=None)))"
    assert inspect.signature(Branch).parameters["parent"].default is None

    twig.parent = twig
    assert twig.root is not None and repr(twig) == "Branch(name='twig', parent=Branch(...))"
    alive = weakref.ref(twig)
    del twig
    assert alive() is None, "a weak reference to itself keeps nothing"

    leaf = Leaf("leaf", parent=root)
    branch.parent = leaf
    assert branch.root() is root and leaf.parent is root and memory.names([leaf]) == ["leaf"]
    del leaf
    assert branch.parent is None and branch.root() is branch

    family = [root, root.grow("a"), root.grow("b")]
    copied = pickle.loads(pickle.dumps(family))
    assert [one.name for one in copied] == ["root", "a", "b"]
    assert copied[1].parent is copied[0] is copied[2].parent is not root
    alone = pickle.loads(pickle.dumps(family[1]))
    assert alone.parent is None, "nobody keeps its parent"


def check_weak_references_to_anything():
    class Thing:
        pass

    watcher = Watcher()
    assert watcher.seen() is None
    thing = Thing()
    watcher.watch(thing)
    before = sys.getrefcount(thing)
    assert watcher.seen() is thing and sys.getrefcount(thing) == before
    del thing
    assert watcher.seen() is None
    raises(TypeError, "cannot create weak reference to 'int' object", watcher.watch, 3)
    raises(
        TypeError, "cannot create weak reference to 'classes._native.memory.Person' object", watcher.watch, Person("x")
    )
    watcher.watch(None)
    assert watcher.seen() is None


def check_sealed():
    raises(TypeError, "cannot create 'Sealed' instances", Sealed)
    raises(TypeError, "cannot create 'Sealed' instances", Sealed, 1)
    raises(TypeError, "cannot create 'Sealed' instances", Sealed.__new__, Sealed)
    assert Sealed.make(3).value() == 3
    raises(TypeError, None, type, "Sub", (Sealed,), {})
    raises(TypeError, None, copy.copy, Sealed.make(1))


def check_buffers():
    stack = Stack(3, 1.5)
    view = memoryview(stack)
    assert (view.format, view.shape, view.strides, view.readonly, view.itemsize) == ("d", (3,), (8,), True, 8)
    assert view.tolist() == [1.5] * 3 and bytes(view) == array.array("d", [1.5] * 3).tobytes()
    raises(RuntimeError, "Stack is in use by a running call and cannot be changed", stack.push, 1)
    second = memoryview(stack)
    view.release()
    raises(RuntimeError, None, stack.__init__, 1)
    second.release()
    stack.push(1)
    assert memoryview(stack).tolist() == [1.5, 1.5, 1.5, 1.0]
    assert bytes(stack)[:8] == array.array("d", [1.5]).tobytes()
    raises(TypeError, None, struct.pack_into, "d", stack, 0, 2.0)
    raises(BufferError, "Stack.__init__() has not been called", memoryview, Stack.__new__(Stack))
    message = "Stack is being changed by a running call"
    stack.during(lambda length: raises(BufferError, message, memoryview, stack))
    shy = memory.Shy([1, 2**16 - 1])
    view = memoryview(shy)
    assert (view.format, view.tolist()) == ("H", [1, 65535])
    raises(RuntimeError, None, setattr, shy, "numbers", [])
    del view
    shy.hidden = True
    for _ in range(3):
        raises(PermissionError, "PermissionDenied", memoryview, shy)
    shy.numbers = []
    shy.hidden = False
    assert memoryview(shy).tolist() == []


def check_nothing_leaks():
    item = object()
    person, stack, node, one = Person("x" * 50, "y" * 50), Stack(1), Node(item), Open()

    def every_path():
        check_texts_belong_to_the_instance()
        check_methods_may_store_what_they_are_given()
        check_init_and_deinit()
        check_references_are_counted()
        check_buffers()
        check_instances_made_by_zig()
        check_sealed()
        memory.Outline([item, item])
        raises(TypeError, None, memory.Outline, 3)
        check_weak_references()
        check_weak_references_to_anything()
        stack.keep(item)
        node.set(item)
        person.rename("z" * 50)
        one.attribute = item

    keeps_memory(every_path, [item, Person, Stack, Node, Open, Sealed, Branch, Leaf, Watcher], rounds=100)
