"""When two values are the same number, and when one is better: the only place where numbers are compared.

A printed number stands for the interval that rounds to it, `~` for a step to either side, and a bound (`3.0+`, `>3.2`,
`<0.5M`) for everything from there on: it agrees with what lies on its side, and is never ahead of anything.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from litdb.values.display import cell_text, column_for, normalised
from litdb.values.table import Column
from litdb.values.value import Value
from litdb.vocabulary import MetricName, vocabulary
from litdb.vocabulary.ranges import Condition


class Printed(Protocol):
    """A number as it was printed: a value, or a reading on its way to become one."""

    @property
    def value(self) -> float | None: ...
    @property
    def printed(self) -> str: ...
    @property
    def resolution(self) -> float: ...
    @property
    def approximate(self) -> str: ...


def is_bound(value: Value) -> bool:
    """Whether a value is no number but the end of a range: printed as `3.0+`, `>3.2`, `<0.5M`."""
    return value.approximate in (">=", "<=")


def step(one: Printed, other: Printed) -> float:
    """The coarser printed step of two values."""
    return one.resolution if one.resolution > other.resolution else other.resolution


def agree(one: Printed, other: Printed) -> bool:
    """Whether two values may be the same number as printed: up to rounding, `3.0+` being any number from there on."""
    a, b = one.value, other.value
    if a is None or b is None:
        return a is b and one.printed == other.printed
    gap, half = abs(a - b), step(one, other) / 2
    if not one.approximate and not other.approximate:  # nearly always
        return gap <= half or gap <= half + _dust(a, b)
    if one.approximate == "~" or other.approximate == "~":
        return gap <= 2 * half + _dust(a, b)
    half += _dust(a, b)
    for bound, number in ((one, b), (other, a)):
        assert bound.value is not None
        if bound.approximate == ">=" and number >= bound.value - half:
            return True
        if bound.approximate == "<=" and number <= bound.value + half:
            return True
    return gap <= half


def meets(value: Value, condition: Condition) -> bool:
    """Whether a number of the condition's metric lies in its range, as tables show it where the range is typed no finer."""
    if value.value is None:
        return False
    column = _column(condition.metric)

    def shown(number: float) -> float:
        return normalised(cell_text(number, value.resolution, column), column)

    return condition.range.admits(value.value, shown)


@lru_cache(maxsize=32)
def _column(metric: MetricName) -> Column:
    return column_for(metric, vocabulary())


def _dust(a: float, b: float) -> float:
    """Binary dust of two numbers: what arithmetic leaves of no difference."""
    return 1e-9 * max(abs(a), abs(b), 1.0)


def cut_off(one: Printed, other: Printed) -> bool:
    """Whether two values agree when digits are cut off instead of rounded (0.956 printed as 0.95)."""
    if one.value is None or other.value is None:
        return False
    return not agree(one, other) and abs(one.value - other.value) < step(one, other)
