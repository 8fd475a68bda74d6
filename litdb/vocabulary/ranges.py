"""Ranges as they are typed: `0.4M..1.0M`, `1..1.5M`, `2.8-3.4`, `2023..`, `>=3`, `<1M`. The ends of LOW..HIGH belong to them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from litdb.errors import InputError, UsageError
from litdb.vocabulary import Metric, MetricName, parse_quantity, vocabulary
from litdb.vocabulary.entered import with_point
from litdb.vocabulary.units import format_count, parse_number

#: A count typed without a unit is one only from here on; `0.4` parameters are surely 0.4M.
_LEAST_BARE_COUNT = 1000
_SIGNS = {">=": ">=", "=>": ">=", "≥": ">=", "<=": "<=", "=<": "<=", "≤": "<=", ">": ">", "<": "<"}
_SIGNED = re.compile(rf"^\s*({'|'.join(_SIGNS)})\s*(.*)$")
_CONDITION = re.compile(rf"^(?P<name>[^<>=≥≤]+?)\s*(?P<sign>==|{'|'.join(_SIGNS)}|=)\s*(?P<bounds>.*)$")
#: `LOW < METRIC <= HIGH`; the metric between them has a letter.
_BETWEEN = re.compile(
    r"^(?P<low>[^<>=≥≤]+?)\s*(?P<from><=|=<|≤|<)\s*(?P<name>[^<>=≥≤]*[A-Za-z][^<>=≥≤]*?)\s*(?P<to><=|=<|≤|<)\s*(?P<high>[^<>=≥≤]+)$"
)
#: `LOW-HIGH` and `LOW to HIGH`, whose ends begin with a digit or a point; a second sign belongs to the upper end.
_DASHED = re.compile(
    r"^\s*(?P<low>[-+−]?[\d.][\d.,]*\s*(?:%|[A-Za-z]+)??)\s*(?:[-‐‑–—]|\bto\b)\s*"
    r"(?P<high>[-+−]?[\d.][\d.,]*\s*(?:%|[A-Za-z]+)?)\s*$"
)
_UNIT = re.compile(r"[\d.,]\s*(%|[A-Za-z]+)\s*$")


def quantity(text: str, metric: Metric | None = None) -> float:
    """A number typed for a metric: `0.4M`, `94%`, `94` for a fraction that is also printed in percent.

    Raises UsageError for what is no number, and for a count under 1,000 without a unit.
    """
    value = _number(text, metric)
    if metric is None:
        return value
    if metric.unit == "count" and 0 < abs(value) < _LEAST_BARE_COUNT and not _UNIT.search(text):
        bare = text.strip()
        raise UsageError(
            f"{bare} {metric.id} without a unit is not understood: write {bare}M for millions, {bare}K for thousands"
        )
    return value / 100 if metric.percent and 1.5 < value <= 100 else value


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an end that is None is open, and one marked `above` or `below` does not belong to it."""

    low: float | None = None
    high: float | None = None
    above: bool = False
    below: bool = False

    @classmethod
    def parse(cls, text: str, metric: Metric | None = None) -> Range:
        """Read `LOW..HIGH` with either end left out, `LOW-HIGH`, `>=LOW`, `<HIGH`, or one number for exactly that.

        A unit at the upper end alone is that of both (`1..1.5M`). Raises UsageError.
        """
        if signed := _SIGNED.match(text):
            sign, value = _SIGNS[signed[1]], quantity(signed[2], metric)
            return (
                cls(value, None, above=sign == ">") if sign[0] == ">" else cls(None, value, below=sign == "<")
            )
        low, dots, high = text.partition("..")
        if not dots and parse_number(text) is None and (dashed := _DASHED.match(text)):
            low, dots, high = dashed["low"], "..", dashed["high"]
        if not dots:
            value = quantity(text, metric)
            return cls(value, value)
        if not low.strip() and not high.strip():
            raise UsageError(f"{text!r} is a range without an end: write for example 0.4M..1.0M or 2023..")
        if low.strip() and high.strip():
            _refuse_bare(low.strip(), high.strip(), metric)
            low = _with_unit_of(low, high, metric)
        found = cls(
            quantity(low, metric) if low.strip() else None, quantity(high, metric) if high.strip() else None
        )
        if found.low is not None and found.high is not None and found.low > found.high:
            raise UsageError(f"{text!r} is empty: the lower end comes first")
        return found

    def __str__(self) -> str:
        low, high = ("" if end is None else f"{end:g}" for end in (self.low, self.high))
        return low if low == high else f"{low}..{high}"

    def __contains__(self, value: float | None) -> bool:
        return value is not None and self.admits(value, float)

    def admits(self, value: float, shown: Callable[[float], float]) -> bool:
        """Whether a number lies in it; `shown` rounds a number as tables show this one.

        An end that is typed no finer than that is held against the number as shown: 459867 parameters, shown as 0.460M,
        lie in 0.46M..1M.
        """

        def against(end: float) -> float:
            return shown(value) if math.isclose(shown(end), end, rel_tol=1e-12) else value

        slack = 1e-9 * max(abs(value), 1.0)  # for floating-point noise only: 1.00M is 1000000
        if self.low is not None:
            number = against(self.low)
            if not (number > self.low + slack if self.above else number >= self.low - slack):
                return False
        if self.high is None:
            return True
        number = against(self.high)
        return number < self.high - slack if self.below else number <= self.high + slack

    def reaches(self, bound: float, *, upward: bool) -> bool:
        """Whether some number from `bound` upward (or downward) lies in it."""
        end, apart = (self.high, self.below) if upward else (self.low, self.above)
        if end is None:
            return True
        return (bound < end or not apart) and (bound <= end if upward else bound >= end)


def _with_unit_of(low: str, high: str, metric: Metric | None) -> str:
    """The lower end with the unit of the upper one, where it has none itself and is the smaller number then."""
    unit = _UNIT.search(high)
    if unit is None or _UNIT.search(low):
        return low
    shared = f"{low.strip()}{unit[1]}"
    return shared if _number(shared, metric) <= _number(high, metric) else low


def _number(text: str, metric: Metric | None) -> float:
    try:
        return parse_quantity(with_point(text.strip(), metric))
    except InputError as error:
        raise UsageError(str(error)) from error


def _refuse_bare(low: str, high: str, metric: Metric | None) -> None:
    """Refuse a range of counts both of whose ends are small numbers without a unit, with what to write."""
    if metric is None or metric.unit != "count" or _UNIT.search(low) or _UNIT.search(high):
        return
    if all(abs(_number(end, metric)) < _LEAST_BARE_COUNT for end in (low, high)):
        raise UsageError(
            f"{low}..{high} {metric.id} without a unit is not understood: write {low}M..{high}M for millions, "
            f"{low}K..{high}K for thousands"
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """A metric and the range its value must lie in: `PESQ=2.8..3.4`, `PESQ>=3`."""

    metric: MetricName
    range: Range

    @classmethod
    def parse(cls, text: str) -> Condition:
        """Read `METRIC=RANGE` or a comparison; a percentage typed for a fraction is converted. Raises UsageError."""
        if between := _BETWEEN.match(text.strip()):
            return cls._between(between)
        found = _CONDITION.match(text.strip())
        if found is None:
            raise UsageError(f"{text!r} is not METRIC=RANGE: write for example PESQ=2.8..3.4 or PESQ>=3")
        name = vocabulary().metric_name(found["name"].strip())
        sign = _SIGNS.get(found["sign"], "")
        return cls(name, Range.parse(f"{sign}{found['bounds']}", vocabulary().metric(name.quantity)))

    @classmethod
    def _between(cls, found: re.Match[str]) -> Condition:
        name = vocabulary().metric_name(found["name"].strip())
        ends = Range.parse(f"{found['low']}..{found['high']}", vocabulary().metric(name.quantity))
        return cls(name, Range(ends.low, ends.high, above=found["from"] == "<", below=found["to"] == "<"))

    @classmethod
    def of(cls, metric: str, bounds: str) -> Condition:
        """The condition that a metric lies in a range, given apart. Raises UsageError."""
        return cls.parse(f"{metric}{bounds}" if _SIGNED.match(bounds) else f"{metric}={bounds}")

    def __str__(self) -> str:
        metric = vocabulary().metric(self.metric.quantity)
        count = metric is not None and metric.unit == "count"
        low, high = (
            "" if end is None else format_count(end) if count else f"{end:g}"
            for end in (self.range.low, self.range.high)
        )
        over, under = ">" if self.range.above else ">=", "<" if self.range.below else "<="
        if not high:
            return f"{self.metric}{over}{low}"
        if not low:
            return f"{self.metric}{under}{high}"
        if self.range.above or self.range.below:
            return f"{low}{'<' if self.range.above else '<='}{self.metric}{under}{high}"
        return f"{self.metric}={low}" if low == high else f"{self.metric}={low}..{high}"
