"""Notes as decisions: written, found again by what they are about or by their words."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import DecisionRow, ModelRow, PaperRow, ReadingRow
from litdb.catalogue.decision import WriteNote
from litdb.catalogue.decisions import append_decision, find_reading
from litdb.catalogue.naming import find_model
from litdb.catalogue.papers import find_paper
from litdb.catalogue.views.in_force import in_force
from litdb.errors import NotFound, UsageError
from litdb.evidence.tracing.noted import Noted


def write(session: Session, name: str, words: str) -> DecisionRow:
    """Keep words about a model, a paper or a result. Raises NotFound, Ambiguous, UsageError for no words."""
    about, key = subject(session, name)
    return append_decision(session, WriteNote(about), key, " ".join(words.split()))


def subject(session: Session, name: str) -> tuple[str, str]:
    """What a name means, model before paper before result, and its key. Raises NotFound, Ambiguous."""
    try:
        return "model", find_model(session, name).key
    except NotFound as no_model:
        try:
            return "paper", find_paper(session, name).key
        except NotFound:
            try:
                return "result", find_reading(session, name).key
            except (NotFound, UsageError):
                raise no_model from None


def notes(
    session: Session, things: Collection[tuple[str, str]] | None = None, *, search: str = ""
) -> list[Noted]:
    """The notes on these things (what, its key), or all, oldest first; with `search` those with all its words, in any case."""
    wanted = search.casefold().split()
    keys = None if things is None else sorted({key for _, key in things})
    found = [
        one
        for one in in_force(session, WriteNote, targets=keys)
        if (things is None or (one.what.about, one.target) in things)
        and all(word in one.reason.casefold() for word in wanted)
    ]
    names = _names(session, {(one.what.about, one.target) for one in found})
    return [
        Noted(
            one.what.about, one.target, names.get((one.what.about, one.target), one.target), one.reason, one.who,
            one.made_at, one.uid,
        )
        for one in found
    ]  # fmt: skip


def _names(session: Session, things: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What people call the things of these keys; one that is gone keeps its key."""
    found: dict[tuple[str, str], str] = {}
    for about, key in sorted(things):
        if about == "model":
            name = session.scalar(select(ModelRow.name).where(ModelRow.key == key))
        elif about == "paper":
            name = session.scalar(select(PaperRow.title).where(PaperRow.key == key))
        else:
            reading = session.scalars(select(ReadingRow).where(ReadingRow.key == key)).one_or_none()
            name = f"{reading.label}, {reading.metric} {reading.printed}" if reading is not None else None
        if name:
            found[about, key] = name
    return found
