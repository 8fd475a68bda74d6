"""What waits for a person: proposed readings table by table, and decisions whose cell changed or is no longer read."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import DecisionRow, DocumentRow, GridRow, ReadingRow, ResultRow
from litdb.catalogue.decision import (
    Accept,
    Decided,
    Reject,
    Undo,
    from_json,
)
from litdb.catalogue.decisions import append_decision, correction
from litdb.catalogue.derive import derive, forget_unused_models
from litdb.catalogue.papers import find_paper
from litdb.catalogue.values import Where, known_values
from litdb.catalogue.views.chosen import offered
from litdb.catalogue.views.in_force import is_undone, stale_decisions
from litdb.errors import NotFound, UsageError
from litdb.extract import ACCEPT_THRESHOLD
from litdb.values.origin import Status
from litdb.values.value import Value
from litdb.vocabulary.remarks import Reason

#: What `--only` means, in origins.
SELECTIONS = {"self": ("self", "repository"), "quoted": ("quoted",)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposed reading: what is believed of a cell, and how far. `row` and `column` are places in the grid."""

    key: str
    row: int | None
    column: int | None
    label: str
    model: str
    metric: str
    dataset: str
    printed: str
    value: float | None
    origin: str
    confidence: float
    reasons: tuple[str, ...]
    flags: tuple[str, ...]

    @property
    def doubts(self) -> list[str]:
        """Why it is not accepted: its doubts and flags, else its test set, else that the model is unsure."""
        said = {reason: Reason.of(reason) for reason in self.reasons}
        doubts = list(dict.fromkeys((*(reason for reason in said if said[reason] is None), *self.flags)))
        if not doubts and self.confidence < ACCEPT_THRESHOLD:
            return [reason for reason in said if said[reason] is Reason.TEST_SET]
        return doubts or ["the name may mean several models"]


@dataclass(frozen=True, slots=True)
class WaitingTable:
    """A table as it stood with its proposed readings; `rows` is empty for what was read outside tables."""

    paper: str
    title: str
    source: str
    url: str
    caption: str
    rows: tuple[tuple[str, ...], ...]
    readings: tuple[Waiting, ...]

    @property
    def offered(self) -> str:
        """The interpretation that the reasons of most readings offer instead of theirs, in words; '' when none does."""
        return offered(reading.reasons for reading in self.readings)


@dataclass(frozen=True, slots=True)
class WaitingDecision:
    """A decision that has no effect, and why. `printed` is what its cell said, `now` what it says ('' for nothing)."""

    uid: str
    kind: str
    about: str
    why: str
    printed: str
    now: str
    detail: str
    reason: str
    who: str
    made_at: dt.datetime
    key: str


@dataclass(frozen=True, slots=True)
class Queue:
    """All that waits for review."""

    tables: tuple[WaitingTable, ...]
    decisions: tuple[WaitingDecision, ...]

    @property
    def readings(self) -> int:
        """How many readings wait."""
        return sum(len(table.readings) for table in self.tables)


def queue(session: Session, *, paper: str | None = None, only: str | None = None) -> Queue:
    """What waits, of one paper or of all; `only` is 'self' (the papers' own models) or 'quoted'.

    Raises NotFound for an unknown paper, UsageError for another `only`.
    """
    if only is not None and only not in SELECTIONS:
        raise UsageError(f"--only {only}: use {' or '.join(SELECTIONS)}")
    found = find_paper(session, paper) if paper else None
    waiting_for = Where(paper=found.key if found else None, statuses=(Status.PROPOSED,))
    values = known_values(session, waiting_for)
    if only is not None:
        values = [value for value in values if value.origin in SELECTIONS[only]]
    proposed = (
        select(ReadingRow)
        .join(ResultRow, ResultRow.reading_id == ReadingRow.id)
        .where(ResultRow.status == "proposed")
    )
    places = {reading.key: reading for reading in session.scalars(proposed)}
    wanted = proposed.with_only_columns(ReadingRow.grid_id)
    grids = {grid.id: grid for grid in session.scalars(select(GridRow).where(GridRow.id.in_(wanted)))}
    wanted = proposed.with_only_columns(ReadingRow.document_id)
    titles = {
        document.id: document.paper.title if document.paper else document.uri
        for document in session.scalars(select(DocumentRow).where(DocumentRow.id.in_(wanted)))
    }
    tables: dict[tuple[int, int], list[Value]] = defaultdict(list)
    for value in values:
        reading = places[value.key]
        tables[reading.document_id, reading.grid_id or 0].append(value)
    ordered = sorted(
        tables,
        key=lambda key: (
            tables[key][0].paper,
            -(tables[key][0].version or 0),
            key[0],
            grids[key[1]].ordinal if key[1] else 0,
        ),
    )
    waiting = tuple(
        _table(
            tables[key],
            titles[key[0]],
            grids.get(key[1]),
            {k: (r.column or 0, r.slot) for k, r in places.items()},
        )
        for key in ordered
    )
    documents = (
        None
        if found is None
        else set(session.scalars(select(DocumentRow.id).where(DocumentRow.paper_id == found.id)))
    )
    return Queue(waiting, _stale(session, documents) if only is None else ())


def _table(
    values: Sequence[Value], title: str, grid: GridRow | None, order: dict[str, tuple[int, int]]
) -> WaitingTable:
    readings = sorted(values, key=lambda v: (v.cell.row or 0, *order[v.key]))
    first = values[0]
    return WaitingTable(
        first.paper,
        title,
        first.place,
        first.row.document.url,
        grid.caption if grid else "",
        tuple(tuple(row) for row in json.loads(grid.rows)) if grid else (),
        tuple(
            Waiting(
                v.key, v.cell.row, v.cell.column, v.row.label, v.row.named, v.metric, v.dataset, v.printed, v.value, v.origin,
                v.confidence, v.reasons, v.flags,
            )
            for v in readings
        ),
    )  # fmt: skip


def _stale(session: Session, documents: set[int] | None) -> tuple[WaitingDecision, ...]:
    found = []
    for decision, why in stale_decisions(session):
        reading = session.scalar(select(ReadingRow).where(ReadingRow.key == decision.target))
        if documents is not None and (reading is None or reading.document_id not in documents):
            continue
        about = "a cell that is no longer read"
        if reading is not None:
            document = session.get(DocumentRow, reading.document_id)
            about = f"{reading.label}, {reading.metric} ({document.uri if document else ''})"
        found.append(
            WaitingDecision(
                decision.uid,
                decision.what.kind,
                about,
                why,
                decision.printed,
                reading.printed if reading else "",
                decision.what.to_json(),
                decision.reason,
                decision.who,
                decision.made_at,
                decision.target,
            )
        )
    return tuple(found)


# --- deciding ---------------------------------------------------------------------------------------------


def decide(session: Session, what: Accept | Reject, keys: Sequence[str], reason: str) -> list[str]:
    """Accept or reject readings by their whole keys; returns the decisions' numbers. Raises NotFound, UsageError."""
    return _decide(session, what, keys, reason)


def correct(session: Session, keys: Sequence[str], reason: str, **changes: str | None) -> list[str]:
    """Correct readings by their whole keys, each as `litdb correct` does; returns the decisions' numbers."""
    return [
        uid for key in keys for uid in _decide(session, correction(session, key, **changes), [key], reason)
    ]


def _decide(session: Session, what: Decided, keys: Sequence[str], reason: str) -> list[str]:
    uids, documents = [], set()
    for key in keys:
        reading = session.scalar(select(ReadingRow).where(ReadingRow.key == key))
        if reading is None:
            raise NotFound(f"reading {key[:12]} is gone: the document was read again; start the review anew")
        uids.append(append_decision(session, what, key, reason, printed=reading.printed).uid)
        documents.add(reading.document_id)
    derive(session, sorted(documents))
    forget_unused_models(session)
    return uids


def take_back(session: Session, uids: Sequence[str], reason: str) -> list[str]:
    """Undo decisions on readings, by their whole numbers; returns the numbers of the undoings."""
    undone, documents = [], set()
    for uid in uids:
        decision = session.scalar(select(DecisionRow).where(DecisionRow.uid == uid))
        if decision is None:
            raise NotFound(f"no decision {uid[:8]}: `litdb history` lists them")
        if is_undone(session, uid):
            continue
        undone.append(append_decision(session, Undo(), uid, reason).uid)
        number = session.scalar(select(ReadingRow.document_id).where(ReadingRow.key == decision.target))
        if number is not None:
            documents.add(number)
    derive(session, sorted(documents))
    forget_unused_models(session)
    return undone


def renew(session: Session, uid: str, reason: str) -> list[str]:
    """Make a decision again for what its cell says now, and take the old one back; returns the new number.

    Raises UsageError when its cell is no longer read.
    """
    old = session.scalar(select(DecisionRow).where(DecisionRow.uid == uid))
    reading = (
        session.scalar(select(ReadingRow).where(ReadingRow.key == old.target)) if old is not None else None
    )
    if old is None or reading is None:
        raise UsageError("its cell is no longer read: only dropping the decision is left")
    take_back(session, [uid], reason)
    return _decide(session, from_json(old.kind, old.detail), [reading.key], reason)
