"""How unlikely it is that two numbers are equal by chance: the one home of that weight."""

from __future__ import annotations

import math
from collections.abc import Sequence

#: How often a copied number is printed as in the source.
_HIT = 0.95
#: The most that one pair of equal numbers may weigh: coincidence within a paper is never rarer than one in a thousand.
_MOST = 7.0


def odds(step: float, spread: float, repeated: float = 0.0) -> float:
    """The log of odds for one being copied from the other, for numbers printed in such steps that spread so far.

    `repeated` is the part of a column that holds the number again, 0 to 1: what most rows share tells none of them.
    """
    chance = min(0.9, max(step / (spread + step), repeated)) if spread + step > 0 else 0.9
    return min(math.log(_HIT / chance), _MOST)


def spread(numbers: Sequence[float]) -> float:
    """How far numbers spread: without the outermost tenth at either end."""
    rising = sorted(numbers)
    if len(rising) < 2:
        return abs(rising[0]) / 2 if rising else 0.0
    at = (len(rising) - 1) / 10
    return _between(rising, len(rising) - 1 - at) - _between(rising, at)


def _between(rising: Sequence[float], at: float) -> float:
    low = int(at)
    high = min(low + 1, len(rising) - 1)
    return rising[low] + (rising[high] - rising[low]) * (at - low)
