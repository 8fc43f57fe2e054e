"""Values of Python that the checks pass, and what is said of some."""

INT64 = "an int from -9223372036854775808 to 9223372036854775807"


class Index:
    """An int by `__index__`, which may do something on the way."""

    def __init__(self, value, action=None):
        self.value = value
        self.action = action

    def __index__(self):
        if self.action:
            self.action()
        if isinstance(self.value, BaseException):
            raise self.value
        return self.value


class Floating:
    def __init__(self, value, action=None):
        self.value = value
        self.action = action

    def __float__(self):
        if self.action:
            self.action()
        return self.value


class List(list):
    pass


class Dict(dict):
    pass


class Sequence:
    def __init__(self, items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        item = self.items[index]
        if isinstance(item, Exception):
            raise item
        return item


class Lying:
    """Says anything of its length, and may fail at an item."""

    def __init__(self, length, *items):
        self.length = length
        self.items = items

    def __len__(self):
        if isinstance(self.length, BaseException):
            raise self.length
        return self.length

    def __getitem__(self, index):
        if isinstance(self.items[index], BaseException):
            raise self.items[index]
        return self.items[index]


class Text(str):
    pass


class Holder:
    """Something that can be referenced weakly."""


def fresh(text):
    """A str that nothing else holds."""
    return "".join(list(text))
