"""Ranges as they are typed: `0.4M..1.0M`, `2.8..3.4`, `2023..`, `..5`. Both ends belong to them."""

from __future__ import annotations

from dataclasses import dataclass

from litdb.errors import UsageError
from litdb.vocabulary import MetricName, parse_quantity, vocabulary


@dataclass(frozen=True, slots=True)
class Range:
    """A closed interval; an end that is None is open."""

    low: float | None = None
    high: float | None = None

    @classmethod
    def parse(cls, text: str) -> Range:
        """Read `LOW..HIGH` with either end left out, or one number for exactly that. Raises UsageError."""
        low, dots, high = text.partition("..")
        if not dots:
            value = parse_quantity(text)
            return cls(value, value)
        if not low.strip() and not high.strip():
            raise UsageError(f"{text!r} is a range without an end: write for example 0.4M..1.0M or 2023..")
        found = cls(
            parse_quantity(low) if low.strip() else None,
            parse_quantity(high) if high.strip() else None,
        )
        if found.low is not None and found.high is not None and found.low > found.high:
            raise UsageError(f"{text!r} is empty: the lower end comes first")
        return found

    def __contains__(self, value: float | None) -> bool:
        if value is None:
            return False
        slack = 1e-9 * max(abs(value), 1.0)  # for floating-point noise only: 1.00M is 1000000
        above = self.low is None or value >= self.low - slack
        return above and (self.high is None or value <= self.high + slack)


@dataclass(frozen=True, slots=True)
class Condition:
    """A metric and the range its value must lie in: `PESQ=2.8..3.4`."""

    metric: MetricName
    range: Range

    @classmethod
    def parse(cls, text: str) -> Condition:
        """Read `METRIC=RANGE`; a percentage typed for a fraction is converted. Raises UsageError."""
        name, equals, bounds = text.partition("=")
        if not equals:
            raise UsageError(f"{text!r} is not METRIC=RANGE: write for example PESQ=2.8..3.4")
        return cls(vocabulary().metric_name(name.strip()), Range.parse(bounds.strip()))
