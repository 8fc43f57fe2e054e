from thrown import _cpp

assert _cpp.halves(40, 3) == 5
assert _cpp.unwound() == 4
for _ in range(1000):
    try:
        _cpp.halves(6, 3)
    except ValueError as error:
        assert str(error) == "3 is odd"
    else:
        raise AssertionError
assert _cpp.unwound() == 4 + 1000 * 4
assert _cpp.at(1) == "one"
try:
    _cpp.at(2)
except IndexError as error:
    assert "vector" in str(error)
else:
    raise AssertionError
print("caught")
