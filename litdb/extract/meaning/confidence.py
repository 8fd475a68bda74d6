"""How far a reading is to be believed, and why: each doubt multiplies the confidence by its weight."""

from __future__ import annotations

import re
from dataclasses import dataclass

from litdb.extract.meaning.cells import Slot
from litdb.extract.meaning.columns import Column
from litdb.extract.meaning.labels import Row
from litdb.extract.meaning.testsets import Decision
from litdb.extract.types import TableKind
from litdb.vocabulary import Metric

#: Readings below are proposed, not accepted.
ACCEPT_THRESHOLD = 0.80

_BASE = 0.995
_WEIGHTS = {
    "out of range": 0.3,
    "percent not stated": 0.97,
    "unit not stated": 0.85,
    "no label": 0.4,
    "label of the row above": 0.95,
    "model from context": 0.85,
    "metric from caption": 0.6,
    "size in label": 0.85,
    "header unexplained": 0.7,
    "several numbers": 0.75,
    "bracketed": 0.9,
    "turned": 0.95,
    "condition in column": 0.95,
    "range": 0.8,
    "path": 0.6,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The confidence in 0..1 and the reasons in words."""

    confidence: float
    reasons: tuple[str, ...]


def judge(
    slot: Slot,
    column: Column,
    row: Row,
    metric: Metric,
    decision: Decision,
    turned: bool,
    flags: tuple[str, ...],
    kind: TableKind,
    labelled: bool,
) -> Judgement:
    """Weigh one reading."""
    value = _BASE
    reasons = [f"metric {metric.id} from {'the row' if turned else 'header'} {column.header!r}"]
    doubts: list[str] = []

    def doubt(name: str, words: str) -> None:
        nonlocal value
        value *= _WEIGHTS[name]
        doubts.append(words)

    if "out of range" in flags:
        doubt("out of range", f"{metric.id} is not expected outside {metric.minimum:g} to {metric.maximum:g}")
    for flag in ("percent not stated", "unit not stated"):
        if flag in flags:
            doubt(flag, flag)
    if any(flag.startswith("range up to") for flag in flags):
        doubt("range", "the cell prints a range")
    if "several numbers in one cell" in flags:
        doubt("several numbers", "several numbers in one cell")
    if any(flag.startswith("bracketed") for flag in flags):
        doubt("bracketed", "a number in brackets")
    if re.search(r"^\S*\w/\w\S*/\S+$|\.(?:ya?ml|json|py|cfg|pth|sh)\b", row.model):
        doubt("path", "the label is a file, not a model")
    if not labelled:
        doubt("no label", "no model is named")
    for words in row.doubts:
        doubt("label of the row above" if "row above" in words else "model from context", words)
    for words in column.doubts:
        name = "metric from caption" if "caption" in words else "header unexplained"
        doubt("size in label" if "label states" in words else name, words)
    if column.qualifier and not turned:
        doubt("condition in column", f"the header also says {column.qualifier!r}")
    if turned:
        doubt("turned", "metrics are named by the rows")
    value *= decision.sure
    reasons.append(f"test set {decision.title or 'not told'}: {decision.reason}")
    return Judgement(round(value, 4), (*reasons, *doubts))
