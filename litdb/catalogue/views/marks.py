"""What decisions in force say of single values: corrections, and conflicts settled in favour of one.

Both are few, so each question loads them all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import DecisionRow, ReadingRow
from litdb.catalogue.decision import COLUMNS, ORDER, Correct, Made, Resolve, in_force, made, undone
from litdb.values.value import Correction, Kept
from litdb.vocabulary import MetricName

#: What a correction changes, in the order in which it is told.
_CHANGES = ("value", "metric", "dataset", "model")


def corrections(session: Session) -> dict[str, tuple[Correction, ...]]:
    """The corrections in force by result; of several that set the same, the last."""
    query = (
        select(*COLUMNS, ReadingRow)
        .join(ReadingRow, ReadingRow.key == DecisionRow.target)
        .where(DecisionRow.kind == Correct.kind, ~undone())
        .order_by(*ORDER)
    )
    found: dict[str, tuple[ReadingRow, list[Made[Correct]]]] = {}
    for *columns, reading in session.execute(query):
        decision = made(columns)
        found.setdefault(reading.key, (reading, []))[1].append(decision)  # type: ignore[arg-type]
    return {key: _corrections(reading, decisions) for key, (reading, decisions) in found.items()}


def _corrections(reading: ReadingRow, decisions: Sequence[Made[Correct]]) -> tuple[Correction, ...]:
    last: dict[str, Made[Correct]] = {}
    for decision in decisions:
        for change in _CHANGES:
            if getattr(decision.what, change) is not None:
                last[change] = decision
    by_decision: dict[str, list[str]] = defaultdict(list)
    for change, decision in last.items():
        by_decision[decision.uid].append(change)
    return tuple(
        _correction(reading, decision, by_decision[decision.uid])
        for decision in decisions
        if decision.uid in by_decision
    )


def _correction(reading: ReadingRow, decision: Made[Correct], changes: Sequence[str]) -> Correction:
    number = "value" in changes
    read = {
        "value": decision.printed or reading.printed,
        "metric": f"metric {MetricName.parse(reading.metric)}",
        "dataset": f"test set {reading.dataset or 'none'}",
        "model": f"model {reading.system}",
    }
    return Correction(
        was=", ".join(read[change] for change in _CHANGES if change in changes),
        who=decision.who,
        date=decision.made_at.date(),
        reason=decision.reason,
        decision=decision.uid,
        printed=read["value"] if number else "",
        value=reading.value if number else None,
        fresh=reading.printed if number and decision.printed != reading.printed else "",
    )


def kept_results(session: Session) -> dict[str, Kept]:
    """The results that stand by a resolution in force, the latest of each conflict."""
    latest = {decision.target: decision for decision in in_force(session, Resolve)}
    return {
        decision.what.keep: Kept(decision.uid, decision.reason, decision.what.known)
        for decision in latest.values()
        if decision.what.keep is not None
    }
