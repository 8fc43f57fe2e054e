import pickle

import pytest
import settings

TEXT = """
# comment
name = Ada
depth = 12
"""


def test_parse():
    assert settings.parse(TEXT) == {"name": "Ada", "depth": "12"}


def test_errors_say_where():
    with pytest.raises(settings.SettingsError, match="line 2 has no '='") as caught:
        settings.parse("a = 1\nb\n")
    assert (caught.value.line, caught.value.column) == (2, 2)
    assert pickle.loads(pickle.dumps(caught.value)).line == 2
    with pytest.raises(ValueError, match="line 1 has no name"):
        settings.parse(" = 1")


def test_what_the_callback_raises_is_passed_on():
    def found(name, value):
        raise LookupError(name, value)

    with pytest.raises(LookupError, match="name"):
        settings.read(TEXT, found)


def test_a_callback_must_be_one():
    with pytest.raises(TypeError, match=r"read\(\) argument 'found': expected Callable"):
        settings.read(TEXT, 1)


def test_update():
    known = {"name": "Grace"}
    with pytest.raises(settings.DuplicateError, match="line 3 sets 'name' again") as caught:
        settings.update(known, TEXT)
    assert caught.value.name == "name"
    assert isinstance(caught.value, settings.SettingsError)
    with pytest.warns(UserWarning, match="sets 'name' again"):
        assert settings.update(known, TEXT, override=True) == 1
    assert known == {"name": "Ada", "depth": "12"}


def test_number_of():
    known = settings.parse(TEXT)
    assert settings.number_of(known, "depth", 3) == 12
    assert settings.number_of(known, "width", 3) == 3
    with pytest.raises(ValueError, match=r"'name' is 'Ada', which is no int \(InvalidCharacter\)"):
        settings.number_of(known, "name", 3)
    with pytest.raises(TypeError):
        settings.number_of([], "name", 3)
