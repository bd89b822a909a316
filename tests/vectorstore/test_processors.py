"""Inputs go through side by side, and come back in order."""

import os
import time

import pytest

from vectorstore.processors import Processors


def test_results_come_in_the_order_of_what_was_given() -> None:
    def slow(number: int) -> int:
        time.sleep(0.02 * (number % 3))
        return number * number

    assert Processors().each(slow, range(9)) == [number * number for number in range(9)]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # the point of it
def test_a_forked_process_has_threads_of_its_own() -> None:
    from vectorstore.processors import PROCESSORS

    assert PROCESSORS.each(str, [1]) == ["1"]
    child = os.fork()
    if child == 0:
        os._exit(0 if PROCESSORS.each(str, [2]) == ["2"] else 1)
    assert os.waitpid(child, 0)[1] == 0
