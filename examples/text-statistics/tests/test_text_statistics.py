from text_statistics import counts, merge, most_common, summary, words


def test_counts():
    assert list(counts("to be, or not to be").items()) == [("to", 2), ("be", 2), ("or", 1), ("not", 1)]
    assert counts("to be, or not", least=3) == {"not": 1}


def test_words():
    assert list(words("one, two\n three ")) == ["one", "two", "three"]


def test_merge():
    assert merge({"a": 1}, {"a": 2, "b": 1}) == {"a": 3, "b": 1}
    assert merge() == {}


def test_most_common():
    assert most_common({"a": 1, "b": 3}) == [("b", 3), ("a", 1)]
    assert most_common({"a": 1, "b": 3}, 1) == [("b", 3)]


def test_summary():
    lines = (line for line in ("a bc", "bc d"))
    assert summary(lines) == {"texts": 2, "words": 4, "different_words": 3, "longest": "bc"}
    assert summary([]) == {"texts": 0, "words": 0, "different_words": 0, "longest": None}
