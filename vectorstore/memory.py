"""What the C allocator is told, which Chroma's engine works with; that of glibc alone understands it."""

import ctypes

_M_PERTURB = -6
"""Of glibc's ``mallopt``: a byte that freed memory is filled with, and whose complement new is."""
_ALL_ONES = 0xFF


def wipe_what_is_freed() -> None:
    """Have this process's allocator wipe what is freed, and hand out zeroes.

    Places of Chroma's graph that no vector has taken yet go to disk as they were handed out: with
    what stood there before, which may be the text of an article that is to be gone.
    """
    if mallopt := getattr(ctypes.pythonapi, "mallopt", None):
        mallopt(_M_PERTURB, _ALL_ONES)


def give_back() -> None:
    """Give the system back what is free: reading a graph and comparing all names leaves much."""
    if malloc_trim := getattr(ctypes.pythonapi, "malloc_trim", None):
        malloc_trim(0)
