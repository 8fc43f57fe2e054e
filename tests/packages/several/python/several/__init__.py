from several._one import one
from several.inner._two import minor, two

__all__ = ["minor", "one", "two"]


def main():
    print(one() + two())
