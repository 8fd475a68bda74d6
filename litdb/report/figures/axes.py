"""The axes of a drawing: from where to where, on which scale, with which ticks, and what lies beyond them.

Pure functions over numbers in the unit of their column, for every backend alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from litdb.errors import UsageError
from litdb.values.display import in_unit
from litdb.values.table import Column
from litdb.vocabulary.ranges import Range

Side = Literal["", "low", "high"]

_LOGARITHMIC = ("params", "MACs", "FLOPs")
#: Points that may be set aside so that the others fill the picture: one in ten, and no more than these.
_SHARE, _MOST = 0.1, 8
#: They are set aside where the others take less than this of the whole range, and stand off by this much of theirs.
_SHRINKS, _STANDS_OFF = 0.65, 0.1
#: Of a few points one is set aside only where it takes more than half of the picture.
_FEW, _HALVES = 12, 0.48
_MARGIN = 0.06
_FEWEST, _LEAST = 4, 6  # ticks; points of which one may be set aside
_NICE = ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0), (1.0, 2.0, 3.0, 5.0, 7.0), tuple(map(float, range(1, 10))))


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis in the unit of its column: its ends, its scale, its ticks with what stands at them.

    `asked` says that somebody gave its range: what lies beyond is then left out, else it is drawn at the edge.
    """

    column: Column
    low: float
    high: float
    log: bool
    ticks: tuple[float, ...]
    texts: tuple[str, ...]
    asked: bool = False

    def beyond(self, value: float) -> Side:
        """On which side of the axis a value (in its unit) lies, '' for one on it."""
        return "low" if value < self.low else "high" if value > self.high else ""

    def share(self, value: float) -> float:
        """Where a value lies: 0 at the low end, 1 at the high one; what lies beyond is set to the end."""
        low, high, at = (_scale(one, self.log) for one in (self.low, self.high, self._held(value)))
        return (at - low) / (high - low)

    def held(self, value: float) -> float:
        """The value itself, or a place close to the end beyond which it lies."""
        side = self.beyond(value)
        if not side:
            return value
        low, high = _scale(self.low, self.log), _scale(self.high, self.log)
        at = low + (high - low) * (0.02 if side == "low" else 0.98)
        return 10**at if self.log else at

    def _held(self, value: float) -> float:
        return min(max(value, self.low), self.high)


def axis_for(values: Sequence[float], column: Column, asked: Range | None = None) -> Axis:
    """The axis for these values (normalised), logarithmic for counts.

    Without a range that is asked for, a few values far from the others lie beyond its ends, so that one never takes the
    room of all. Raises UsageError for a range without extent.
    """
    shown = [in_unit(value, column) for value in values]
    log = column.metric.split(" ")[0] in _LOGARITHMIC and all(value > 0 for value in shown)
    low, high = _ends([_scale(value, log) for value in shown])
    if column.metric == "year" and math.floor(high) - math.ceil(low) < 1:  # room for a tick or two
        low, high = math.floor(low), math.ceil(high)
    if asked is not None:
        low = low if asked.low is None else _asked_end(asked.low, column, log)
        high = high if asked.high is None else _asked_end(asked.high, column, log)
        if not low < high:
            raise UsageError(f"{asked} leaves no room on the axis of {column.metric}")
    first, last = (10**low, 10**high) if log else (low, high)
    ticks = _log_ticks(first, last) if log else _ticks(first, last, whole=column.metric == "year")
    decimals = _decimals(ticks)
    texts = tuple(f"{tick:g}" if log else f"{tick:.{decimals}f}" for tick in ticks)
    return Axis(column, first, last, log, ticks, texts, asked is not None)


def _asked_end(value: float, column: Column, log: bool) -> float:
    if log and value <= 0:
        raise UsageError(f"the axis of {column.metric} is logarithmic: its range begins above 0")
    return _scale(in_unit(value, column), log)


def _ends(values: Sequence[float]) -> tuple[float, float]:
    """The ends of the axis on its scale, with a margin."""
    kept = _kept(sorted(values))
    low, high = kept[0], kept[-1]
    room = (high - low) * _MARGIN or max(abs(low) * 0.05, 0.05)
    return low - room, high + room


def _kept(ordered: Sequence[float]) -> Sequence[float]:
    """The values without a few that would take a large part of the picture for themselves."""
    budget = min(max(1, int(len(ordered) * _SHARE)), _MOST)
    if len(ordered) < _LEAST:
        return ordered
    shrinks = _SHRINKS if len(ordered) >= _FEW else _HALVES
    window = ordered
    while True:
        whole = window[-1] - window[0]
        for out in range(1, budget + 1):
            size = len(window) - out
            start = min(range(out + 1), key=lambda at: window[at + size - 1] - window[at])
            span = window[start + size - 1] - window[start]
            gaps = [window[start] - window[start - 1]] if start else []
            gaps += [window[start + size] - window[start + size - 1]] if start < out else []
            if whole > 0 and span <= shrinks * whole and min(gaps) >= _STANDS_OFF * span:
                window, budget = window[start : start + size], budget - out
                break
        else:
            return window


def _log_ticks(low: float, high: float) -> tuple[float, ...]:
    """At least four ticks at round numbers, and no more than about nine."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for steps in _NICE:
        decades = range(first, last + 1)
        ticks = [_round(step * 10.0**decade) for decade in decades for step in steps]
        inside = [tick for tick in ticks if low <= tick <= high]
        if len(inside) >= _FEWEST:
            return tuple(_thinned(inside))
    return _ticks(low, high)


def _thinned(ticks: list[float]) -> list[float]:
    while len(ticks) > 9:
        ticks = ticks[::2]
    return ticks


def _ticks(low: float, high: float, *, whole: bool = False) -> tuple[float, ...]:
    """Ticks at round steps: four at least, or at whole numbers alone."""
    span = high - low
    size = 10.0 ** math.floor(math.log10(span))
    steps = [factor * size * tenth for tenth in (1.0, 0.1) for factor in (5.0, 2.5, 2.0, 1.0, 0.5)]
    if whole:
        steps = [float(max(1, round(step))) for step in steps]
    for step in dict.fromkeys(sorted(steps, reverse=True)):
        ticks = tuple(
            _round(number * step) for number in range(math.ceil(low / step), math.floor(high / step) + 1)
        )
        if len(ticks) >= _FEWEST or (whole and step == 1.0):
            return ticks
    return (low, high)


def _round(value: float) -> float:
    return float(f"{value:.10g}")


def _decimals(ticks: Sequence[float]) -> int:
    return max((len(f"{tick:.10g}".partition(".")[2]) for tick in ticks), default=0)


def _scale(value: float, log: bool) -> float:
    return math.log10(value) if log else value
