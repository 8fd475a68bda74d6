"""What decisions say of single values: corrections, conflicts settled in favour of one, and what is contested."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from litdb.catalogue.database.batches import batches
from litdb.catalogue.database.schema import ReadingRow
from litdb.catalogue.decision import ON_READING, Correct, Made, Resolve
from litdb.catalogue.views.in_force import STANDS, contests, in_force
from litdb.values.value import Correction, Kept
from litdb.vocabulary import MetricName

#: What a correction changes, in the order in which it is told.
_CHANGES = ("value", "metric", "dataset", "model")


def corrections(
    session: Session, targets: Select[str] | Collection[str] | None = None
) -> dict[str, tuple[Correction, ...]]:
    """The corrections in force by result, of all results or of these; of several that set the same, the last."""
    decided: dict[str, list[Made[Correct]]] = defaultdict(list)
    for decision in in_force(session, Correct, targets=targets):
        decided[decision.target].append(decision)
    found: dict[str, tuple[Correction, ...]] = {}
    for some in batches(sorted(decided)):
        for reading in session.scalars(select(ReadingRow).where(ReadingRow.key.in_(some))):
            found[reading.key] = _corrections(reading, decided[reading.key])
    return found


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


def contested(session: Session, targets: Select[str] | Collection[str] | None = None) -> dict[str, str]:
    """What is contested about results, in words, of all results or of these: it counts as if nobody had decided."""
    return {
        contest.target: f"{contest} (`litdb resolve {contest.target[:8]}` settles it)"
        for contest in contests(session, targets, groups=(ON_READING,))
        if contest.open
    }


def contested_standing(session: Session) -> dict[str, str]:
    """Whose declarations of what stands for a model contradict one another, in words, by the model's key."""
    return {
        contest.target: f"what stands for it is {contest}; declare one again to settle it"
        for contest in contests(session, groups=(STANDS,))
        if contest.open
    }
