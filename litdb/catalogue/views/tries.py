"""Own tries as decisions: made, ended, and listed with what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import DecisionRow, ModelRow, ReadingRow, RunRow
from litdb.catalogue.decision import EndTry, Made, Try
from litdb.catalogue.decisions import append_decision, find_reading
from litdb.catalogue.keys import the_one
from litdb.catalogue.views.in_force import in_force
from litdb.errors import NotFound, UsageError
from litdb.evidence.tries import OUTCOMES, RestsOn, Tried


def start(
    session: Session,
    model: str,
    hypothesis: str,
    change: str,
    *,
    evidence: Sequence[str] = (),
    components: Sequence[str] = (),
    base: str | None = None,
) -> DecisionRow:
    """Record a try on the model of that key. `evidence` are beginnings of results' keys, `base` a run.

    Raises UsageError for empty words, NotFound and Ambiguous for results and runs that are not there.
    """
    if not hypothesis.strip() or not change.strip():
        raise UsageError("a try needs its hypothesis and the one change: give both in words")
    known = dict.fromkeys(find_reading(session, text).key for text in evidence)
    if base is not None:
        _check_run(session, base)
    what = Try(change.strip(), tuple(known), tuple(dict.fromkeys(components)), base)
    return append_decision(session, what, model, hypothesis.strip())


def end(session: Session, number: str, outcome: str, seen: str, *, run: str | None = None) -> DecisionRow:
    """Record how a try came out, by the beginning of its number.

    Raises UsageError for a try that has ended, an unknown outcome, or an answer without the run that gave it; NotFound,
    Ambiguous.
    """
    if outcome not in OUTCOMES:
        raise UsageError(f"unknown outcome {outcome!r}: it is {', '.join(OUTCOMES)}")
    if outcome != "undecided" and run is None:
        raise UsageError("name the run that tested it with --run, or close it as undecided")
    if run is not None:
        _check_run(session, run)
    made = _find(session, number)
    ended = next((d for d in in_force(session, EndTry) if d.what.tried == made.uid), None)
    if ended is not None:
        raise UsageError(
            f"try {made.uid[:8]} ended as {ended.what.outcome} already: `litdb undo {ended.uid[:8]}` opens it again"
        )
    return append_decision(session, EndTry(made.uid, outcome, run), made.target, seen)


def listed(session: Session, model: str | None = None) -> list[Tried]:
    """The tries that were not taken back, of all models or of the one of that key, oldest first."""
    made = in_force(session, Try, targets=None if model is None else [model])
    ends = {decision.what.tried: decision for decision in in_force(session, EndTry)}
    names = dict(iter(session.execute(select(ModelRow.key, ModelRow.name))))
    grounds = _grounds(session, [key for decision in made for key in decision.what.evidence])
    return [_tried(decision, names, grounds, ends.get(decision.uid)) for decision in made]


def _tried(
    decision: Made[Try], names: dict[str, str], grounds: dict[str, str], ended: Made[EndTry] | None
) -> Tried:
    what = decision.what
    return Tried(
        uid=decision.uid,
        made_at=decision.made_at,
        who=decision.who,
        model=decision.target,
        name=names.get(decision.target, decision.target),
        hypothesis=decision.reason,
        change=what.change,
        components=what.components,
        evidence=tuple(RestsOn(key, grounds.get(key, "")) for key in what.evidence),
        base=what.base or "",
        outcome=ended.what.outcome if ended else "",
        run=(ended.what.run or "") if ended else "",
        seen=ended.reason if ended else "",
        closed_at=ended.made_at if ended else None,
        closing=ended.uid if ended else "",
    )


def _grounds(session: Session, keys: Sequence[str]) -> dict[str, str]:
    """What the results of these keys say now, in words."""
    found = session.scalars(select(ReadingRow).where(ReadingRow.key.in_(sorted(set(keys)))))
    return {
        reading.key: f"{reading.label}, {reading.metric} {reading.printed}"
        + (f" on {reading.dataset}" if reading.dataset else "")
        for reading in found
    }


def _find(session: Session, number: str) -> Made[Try]:
    made = in_force(session, Try)
    found = [d for d in made if len(number) >= 4 and d.uid.startswith(number.lower())]
    if not found:
        raise NotFound(f"no try {number!r}: `litdb try list` shows them with their numbers")
    return the_one([(decision.uid, decision) for decision in found], number, "tries")


def _check_run(session: Session, run: str) -> None:
    if session.scalar(select(RunRow.id).where(RunRow.key == run)) is None:
        raise NotFound(f"no run is called {run!r}: `litdb runs` lists them, `litdb add RUN` takes one in")
