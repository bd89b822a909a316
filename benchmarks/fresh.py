"""Functions in a process of their own: nothing is loaded there that they don't load themselves."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def fresh(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What a function gives, called in a new interpreter."""
    with ProcessPoolExecutor(1, get_context("spawn")) as processes:
        return processes.submit(function, *args, **kwargs).result()
