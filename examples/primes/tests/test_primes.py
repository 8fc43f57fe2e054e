import signal
import sys
import threading

import primes
import pytest


def test_count():
    assert primes.count(0) == 0
    assert primes.count(3) == 1
    assert primes.count(100_000) == 9592
    assert primes.count(100_000, threads=1) == 9592


def test_bad_threads():
    with pytest.raises(ValueError, match="threads must be from 1 to 64, and it is 0"):
        primes.count(10, threads=0)
    with pytest.raises(OverflowError, match=r"count\(\) argument 'threads': expected an int from 0 to 255"):
        primes.count(10, threads=256)


def test_is_prime():
    assert primes.is_prime(2**31 - 1)
    assert not primes.is_prime(2**32 + 1)


def test_other_threads_go_on():
    finished = threading.Event()
    counting = threading.Thread(target=lambda: (primes.count(5_000_000), finished.set()))
    counting.start()
    turns = 0
    while not finished.is_set():
        turns += 1
    counting.join()
    assert turns > 1000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no timer signals")
def test_a_signal_stops_it():
    previous = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            primes.count(4_000_000_000)
    finally:
        signal.signal(signal.SIGALRM, previous)
