"""Whether twice as much takes twice as long, by the time of the processor; other programs on the machine disturb it."""

import gc
from collections.abc import Callable

RATIO = 3  # for twice as much: what is quadratic takes four times as long
TRIES = 8


def in_proportion(seconds: Callable[[int], float], size: int, least: float = 0.002) -> bool:
    """Whether twice the size takes less than three times as long, at the best of several tries of both.

    Only what is too slow each time is: noise makes a try longer, never shorter. The garbage of the tests before is not
    collected meanwhile.
    """
    short = long = float("inf")
    gc.collect()
    gc.disable()
    try:
        for _ in range(TRIES):
            short, long = min(short, seconds(size)), min(long, seconds(2 * size))
            if long <= RATIO * short + least:
                return True
        return False
    finally:
        gc.enable()
