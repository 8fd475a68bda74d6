"""How far a reading is to be believed, and why: each doubt multiplies the confidence by its weight."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from litdb.extract.meaning.segment import Column
from litdb.extract.meaning.labels import Row
from litdb.extract.meaning.paper import fold
from litdb.extract.meaning.testsets import Decision
from litdb.vocabulary import Metric
from litdb.vocabulary.remarks import Doubt, Flag, Reason, Remark

#: Readings below are proposed, not accepted.
ACCEPT_THRESHOLD = 0.80

_BASE = 0.995
_FILE = re.compile(r"^\S*\w/\w\S*/\S+$|\.(?:ya?ml|json|py|cfg|pth|sh)\b")
#: The doubt that each flag on a number raises, in the order in which they are said.
_RAISED = {
    Flag.OUT_OF_RANGE: Doubt.OUT_OF_RANGE,
    Flag.PERCENT_NOT_STATED: Doubt.PERCENT_NOT_STATED,
    Flag.UNIT_NOT_STATED: Doubt.UNIT_NOT_STATED,
    Flag.RANGE: Doubt.RANGE,
    Flag.SEVERAL_NUMBERS: Doubt.SEVERAL_NUMBERS,
    Flag.SPREAD_IN_BRACKETS: Doubt.BRACKETS,
    Flag.BRACKETS_LEFT_OUT: Doubt.BRACKETS,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The confidence in 0..1 and what it rests on: where metric and test set come from, then each doubt."""

    confidence: float
    reasons: tuple[Remark, ...]


def judge(
    column: Column, row: Row, metric: Metric, decision: Decision, flags: tuple[Remark, ...], *, turned: bool
) -> Judgement:
    """Weigh one reading; `turned` where the rows name the metrics."""
    doubts = tuple(_doubts(column, row, metric, flags, turned))
    value = _BASE
    for doubt in doubts:
        value *= doubt.kind.weight
    named = Reason.METRIC_IN_ROW if turned else Reason.METRIC_IN_HEADER
    return Judgement(
        round(value * decision.sure, 4),
        (
            Remark(named, (metric.id, column.header)),
            Remark(Reason.TEST_SET, (decision.title or "not told", decision.reason)),
            *doubts,
        ),
    )


def _doubts(
    column: Column, row: Row, metric: Metric, flags: tuple[Remark, ...], turned: bool
) -> Iterator[Remark]:
    if flags:
        raised = {flag.kind for flag in flags}
        for doubt in dict.fromkeys(doubt for flag, doubt in _RAISED.items() if flag in raised):
            limits = (metric.id, metric.minimum, metric.maximum) if doubt is Doubt.OUT_OF_RANGE else ()
            yield Remark(doubt, limits)
    if _FILE.search(row.model):
        yield Remark(Doubt.LABEL_IS_FILE)
    if not fold(row.model):
        yield Remark(Doubt.NO_LABEL)
    yield from map(Remark, row.doubts)
    yield from column.doubts
    if column.qualifier and not turned:
        yield Remark(Doubt.CONDITION_IN_HEADER, (column.qualifier,))
    if turned:
        yield Remark(Doubt.METRICS_IN_ROWS)
