"""Stored bibliographies: what papers cite, and who cites a paper."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from litdb.catalogue.database.batches import batches
from litdb.catalogue.database.schema import CitationRow, DocumentRow, PaperRow, ReadingRow
from litdb.catalogue.papers import documents
from litdb.evidence.tracing.cited import BibliographyEntry, KnownWork, Works
from litdb.values.names import fold_name


def known_works(session: Session) -> list[KnownWork]:
    """All papers of the catalogue, by what bibliographies call them."""
    rows = session.execute(select(PaperRow.key, PaperRow.title, PaperRow.arxiv_id, PaperRow.doi))
    return [KnownWork(key, title, arxiv_id or "", doi or "") for key, title, arxiv_id, doi in rows]


def bibliographies(session: Session, papers: Collection[str]) -> list[BibliographyEntry]:
    """The bibliographies of these papers (by key), each from its newest document that has one."""
    found: list[BibliographyEntry] = []
    for some in batches(sorted(papers)):
        found += _entries(session, PaperRow.key.in_(some))
    return found


def entries_naming(session: Session, work: KnownWork) -> list[BibliographyEntry]:
    """The entries of all papers that may be a work: with its identifier, or its title."""
    ways: list[ColumnElement[bool]] = []
    if work.arxiv_id:
        ways.append(CitationRow.arxiv_id == work.arxiv_id)
    if work.doi:
        ways.append(CitationRow.doi == work.doi.lower())
    if folded := fold_name(work.title):
        ways.append(CitationRow.folded.contains(folded, autoescape=True))
    return _entries(session, or_(*ways)) if ways else []


def _entries(session: Session, where: ColumnElement[bool]) -> list[BibliographyEntry]:
    query: Any = (
        select(CitationRow, PaperRow.key)
        .join(DocumentRow, DocumentRow.id == CitationRow.document_id)
        .join(PaperRow, PaperRow.id == DocumentRow.paper_id)
        .where(where)
        .order_by(PaperRow.key, DocumentRow.version_id.desc(), DocumentRow.id.desc(), CitationRow.place)
    )
    rows = session.execute(query).all()
    known = documents(session, {entry.document_id for entry, _paper in rows})
    newest: dict[str, int] = {}
    return [
        BibliographyEntry(
            paper,
            known[entry.document_id].title,
            entry.text,
            entry.folded,
            entry.arxiv_id,
            entry.doi,
            tuple(json.loads(entry.sentences)),
        )
        for entry, paper in rows
        if newest.setdefault(paper, entry.document_id) == entry.document_id
    ]


class RowCitations:
    """The papers of the catalogue that rows of tables cite: by the identifiers of their entries, else by the titles in them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._works: Works | None = None

    def of_row(self, reading: ReadingRow) -> frozenset[int]:
        """The row numbers of the papers that the row of a reading cites."""
        references = json.loads(reading.cites)
        ids = [ref["arxiv_id"] for ref in references if ref.get("arxiv_id")]
        dois = [ref["doi"].lower() for ref in references if ref.get("doi")]
        named = [ref["key"] for ref in references if not (ref.get("arxiv_id") or ref.get("doi"))]
        ways: list[ColumnElement[bool]] = []
        if ids or dois:
            ways.append(PaperRow.arxiv_id.in_(ids) | func.lower(PaperRow.doi).in_(dois))
        if named and (keys := self._by_title(reading.document_id, named)):
            ways.append(PaperRow.key.in_(keys))
        if not ways:
            return frozenset()
        return frozenset(self._session.scalars(select(PaperRow.id).where(or_(*ways))))

    def _by_title(self, document: int, names: list[str]) -> set[str]:
        entries = self._session.scalars(
            select(CitationRow).where(CitationRow.document_id == document, CitationRow.key.in_(names))
        ).all()
        if not entries:
            return set()
        if self._works is None:
            self._works = Works(known_works(self._session))
        found = (
            self._works.of(BibliographyEntry("", "", e.text, e.folded, e.arxiv_id, e.doi, ()))
            for e in entries
        )
        return {key for key in found if key}
