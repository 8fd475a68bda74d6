"""All papers with their versions and documents, and all tables as they stood."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import (
    AbsenceRow,
    DocumentRow,
    GridRow,
    ModelRow,
    PaperRow,
    VersionRow,
)
from litdb.catalogue.papers import documents


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A version of a paper on arXiv; `withdrawn` is what it says where it withdraws the paper."""

    version: int
    submitted: dt.date | None
    withdrawn: str


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document that was read: its kind, where it lies, the version it is of, and when it was fetched."""

    kind: str
    uri: str
    version: int | None
    fetched_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class KnownPaper:
    """A paper with what is known of it; `models` are the keys of those that it proposes, `absences` what it does not report."""

    key: str
    title: str
    authors: tuple[str, ...]
    arxiv_id: str
    doi: str
    date: dt.date | None
    venue: str
    versions: tuple[VersionRecord, ...]
    models: tuple[str, ...]
    documents: tuple[DocumentRecord, ...]
    absences: tuple[str, ...]

    @property
    def withdrawn(self) -> str:
        """What its newest version says where it withdraws the paper."""
        return self.versions[-1].withdrawn if self.versions else ""


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table as it stood; `id` is what the cell of a value calls its grid, `stored` its rows as JSON."""

    id: int
    paper: str
    version: int | None
    source: str
    url: str
    caption: str
    kind: str
    stored: str

    @property
    def rows(self) -> list[list[str]]:
        """Rows of cell texts, spans resolved."""
        found: list[list[str]] = json.loads(self.stored)
        return found


def paper_records(session: Session) -> list[KnownPaper]:
    """Every paper, by key."""
    versions: dict[int, list[VersionRecord]] = defaultdict(list)
    numbers: dict[int, int] = {}
    for version in session.scalars(select(VersionRow).order_by(VersionRow.version)):
        versions[version.paper_id].append(
            VersionRecord(version.version, version.submitted, version.withdrawn)
        )
        numbers[version.id] = version.version
    files: dict[int, list[DocumentRecord]] = defaultdict(list)
    columns = (
        DocumentRow.paper_id, DocumentRow.kind, DocumentRow.uri, DocumentRow.version_id, DocumentRow.fetched_at,
    )  # fmt: skip
    read = select(*columns).where(DocumentRow.paper_id.is_not(None)).order_by(DocumentRow.key)
    for paper, kind, uri, version_id, fetched in session.execute(read):
        files[paper or 0].append(DocumentRecord(kind, uri, numbers.get(version_id or 0), fetched))
    proposed: dict[int, list[str]] = defaultdict(list)
    owned = select(ModelRow.paper_id, ModelRow.key).where(
        ModelRow.paper_id.is_not(None), ModelRow.unified_id.is_(None)
    )
    for paper, key in session.execute(owned.order_by(ModelRow.name, ModelRow.key)):
        proposed[paper or 0].append(key)
    lacking: dict[int, list[str]] = defaultdict(list)
    for absence in session.scalars(select(AbsenceRow).order_by(AbsenceRow.id)):
        said = f"{absence.quantity} on {absence.dataset}: {absence.statement} ({absence.source})"
        lacking[absence.paper_id].append(said)
    return [
        KnownPaper(
            paper.key, paper.title, tuple(json.loads(paper.authors)), paper.arxiv_id or "", paper.doi or "",
            paper.date, paper.venue or "", tuple(versions[paper.id]), tuple(proposed[paper.id]),
            tuple(files[paper.id]), tuple(lacking[paper.id]),
        )
        for paper in session.scalars(select(PaperRow).order_by(PaperRow.key))
    ]  # fmt: skip


def stored_tables(session: Session) -> dict[str, list[StoredTable]]:
    """The tables of every paper (by its key) as they stood, those of its newest version first; others under ''."""
    columns = (
        GridRow.id, GridRow.document_id, GridRow.number, GridRow.ordinal, GridRow.caption, GridRow.kind, GridRow.rows,
    )  # fmt: skip
    rows = session.execute(select(*columns).order_by(GridRow.document_id, GridRow.ordinal, GridRow.id)).all()
    known = documents(session, {row.document_id for row in rows})
    found: dict[str, list[StoredTable]] = defaultdict(list)
    for row in rows:
        document = known[row.document_id]
        place = document.place(row.number or str(row.ordinal))
        table = StoredTable(
            row.id, document.paper, document.version, place, document.url, row.caption, row.kind, row.rows
        )
        found[document.paper].append(table)
    for some in found.values():
        some.sort(key=lambda table: -(table.version or 0))
    return dict(found)
