"""How far a reading is to be believed, and why: margins and doubts, calibrated on papers that were left out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence

from litdb.extract.meaning import words
from litdb.extract.meaning.heads.segment import ReadColumn
from litdb.extract.meaning.labelled.labels import LabelledRow
from litdb.extract.meaning.own import names_in
from litdb.extract.meaning.scope.narrowed import SetDecision
from litdb.values.names import bare_name
from litdb.vocabulary import Metric
from litdb.vocabulary.remarks import Doubt, Flag, Reason, Remark

#: Readings below are proposed, not accepted.
ACCEPT_THRESHOLD = 0.80

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


#: No doubt of this weight or less is outweighed: the reading is proposed, however likely it is to be right.
_VETO = 0.3
HIGHEST_VETOED = 0.79


def judge(
    column: ReadColumn,
    row: LabelledRow,
    metric: Metric,
    decision: SetDecision,
    flags: tuple[Remark, ...],
    more: Sequence[Remark],
    *,
    turned: bool,
) -> tuple[Remark, ...]:
    """What a reading rests on and every doubt; `turned` where the rows name the metrics, `more` doubts of others."""
    named = Reason.METRIC_IN_ROW if turned else Reason.METRIC_IN_HEADER
    return (
        Remark(named, (metric.id, column.header)),
        Remark(Reason.TEST_SET, (decision.title or "not told", decision.reason)),
        # A value without a test set would count for every one of them.
        *(() if decision.title or metric.per_model else (Remark(Doubt.NO_TEST_SET),)),
        *_doubts(column, row, metric, flags, turned),
        *more,
    )


def measures(reasons: Sequence[Remark], layout: float, sure: float) -> dict[str, float]:
    """What a confidence is calibrated on: logarithms of the shares of interpretation and test set and of the doubts, and
    how many kinds of doubt rule acceptance out."""
    doubts = {r.kind: r.kind.weight for r in reasons if isinstance(r.kind, Doubt)}.values()
    return {
        "constant": 1.0,
        "layout": math.log(max(layout, 1e-4)),
        "test set": math.log(max(sure, 1e-4)),
        "doubts": math.fsum(math.log(weight) for weight in doubts if weight > _VETO),
        "vetoes": -1.0 * sum(weight <= _VETO for weight in doubts),
    }


def vetoed(reasons: Sequence[Remark]) -> bool:
    """Whether one of the doubts rules acceptance out."""
    return any(isinstance(r.kind, Doubt) and r.kind.weight <= _VETO for r in reasons)


def confidence(
    reasons: Sequence[Remark], measured: Mapping[str, float], weights: Mapping[str, float]
) -> float:
    """The probability that a reading is right: fitted on papers left out, and low where a doubt is a veto."""
    score = math.fsum(weights.get(name, 0.0) * value for name, value in measured.items())
    found = 1.0 / (1.0 + math.exp(-min(max(score, -30.0), 30.0)))
    return round(min(found, HIGHEST_VETOED if vetoed(reasons) else 0.999), 4)


def _doubts(
    column: ReadColumn, row: LabelledRow, metric: Metric, flags: tuple[Remark, ...], turned: bool
) -> Iterator[Remark]:
    if flags:
        raised = {flag.kind for flag in flags}
        for doubt in dict.fromkeys(doubt for flag, doubt in _RAISED.items() if flag in raised):
            limits = (metric.id, metric.minimum, metric.maximum) if doubt is Doubt.OUT_OF_RANGE else ()
            yield Remark(doubt, limits)
    if _FILE.search(row.model):
        yield Remark(Doubt.LABEL_IS_FILE)
    if not bare_name(row.model):
        yield Remark(Doubt.NO_LABEL)
    yield from map(Remark, row.doubts)
    yield from column.doubts
    if column.qualifier and not turned:
        named = [name for name in names_in(column.qualifier) if not words.SUBSET.fullmatch(name)]
        if metric.unit == "count":  # the cost of a part of the model, perhaps
            yield Remark(Doubt.HEADER_SAYS_MORE, (column.qualifier,))
        else:
            yield Remark(Doubt.NAME_IN_HEADER if named else Doubt.CONDITION_IN_HEADER, (column.qualifier,))
    if turned:
        yield Remark(Doubt.METRICS_IN_ROWS)
