"""C++ exceptions, thrown in one file and caught in another."""
