"""Interpretations of tables that somebody chose, and the ones that are offered: what `o` in `litdb review` does."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import DecisionRow, DocumentRow, GridRow, ReadingRow
from litdb.catalogue.decision import ReadAs, Undo
from litdb.catalogue.decisions import append_decision
from litdb.catalogue.views.in_force import in_force
from litdb.errors import NotFound, UsageError
from litdb.vocabulary.remarks import Doubt, Reason, Remark


@dataclass(frozen=True, slots=True)
class TableOfFile:
    """A table of a stored document: the number of the document, its bytes, the table's place from 1."""

    document: int
    sha256: str
    ordinal: int


def offered(reasons: Iterable[Iterable[str]]) -> str:
    """The interpretation that the reasons of most readings offer instead of theirs, in words; '' when none does."""
    found = Counter(
        layout
        for some in reasons
        for reason in some
        for doubt in (Doubt.OTHERWISE, Doubt.UNDECIDED)
        if (layout := doubt.detail(reason))
    )
    return min(found, key=lambda layout: (-found[layout], layout), default="")


def table_of(session: Session, key: str) -> TableOfFile:
    """The table of a reading by its whole key. Raises NotFound, UsageError for what was read outside a table."""
    row = session.execute(
        select(DocumentRow.id, DocumentRow.sha256, GridRow.ordinal)
        .join(ReadingRow, ReadingRow.document_id == DocumentRow.id)
        .outerjoin(GridRow, GridRow.id == ReadingRow.grid_id)
        .where(ReadingRow.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound(f"reading {key[:12]} is gone: the document was read again; start the review anew")
    if row.ordinal is None or row.sha256 is None:
        raise UsageError("it was not read in a table of a file, so there is no other interpretation")
    return TableOfFile(row.id, row.sha256, row.ordinal)


def choose(session: Session, table: TableOfFile, layout: str, reason: str) -> str:
    """Decide that a table is to be read so; returns the decision's number. It takes effect when it is read again."""
    return append_decision(session, ReadAs(table.ordinal, layout), table.sha256, reason).uid


def holds(session: Session, table: TableOfFile, layout: str) -> bool:
    """Whether a table was last read by an interpretation because somebody chose it."""
    said = str(Remark(Reason.CHOSEN, (layout,)))
    reasons = session.scalars(
        select(ReadingRow.reasons)
        .join(GridRow, GridRow.id == ReadingRow.grid_id)
        .where(GridRow.document_id == table.document, GridRow.ordinal == table.ordinal)
    )
    return any(said in json.loads(text) for text in reasons)


def chosen_layouts(session: Session, sha256: str) -> Mapping[int, str]:
    """The interpretations that are chosen for the tables of a file, by place; the last decision on a table holds."""
    return all_chosen(session, [sha256]).get(sha256, {})


def all_chosen(session: Session, files: Iterable[str] | None = None) -> Mapping[str, Mapping[int, str]]:
    """The same of several files, or of all of them, by sha256."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for one in in_force(session, ReadAs, targets=None if files is None else list(files)):
        found[one.target][one.what.table] = one.what.layout
    return found


def files_read_otherwise(session: Session, uids: Iterable[str]) -> list[int]:
    """The documents that are to be read again because some decisions were taken back, or put in force again: those of the
    files whose tables they, or the undoings that they are, are about."""
    about = set(uids)
    undone = select(DecisionRow.target).where(DecisionRow.kind == Undo.kind)
    more = about
    while more:  # an undoing of an undoing is about the decision itself
        more = set(session.scalars(undone.where(DecisionRow.uid.in_(sorted(more))))) - about
        about |= more
    files = select(DecisionRow.target).where(
        DecisionRow.uid.in_(sorted(about)), DecisionRow.kind == ReadAs.kind
    )
    documents = select(DocumentRow.id).where(DocumentRow.sha256.in_(files))
    return list(session.scalars(documents.order_by(DocumentRow.id)))
