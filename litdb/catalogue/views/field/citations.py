"""Stored bibliographies: what papers cite, and who cites a paper."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from litdb.catalogue.database.batches import batches
from litdb.catalogue.database.schema import CitationRow, DocumentRow, PaperRow
from litdb.catalogue.papers import documents
from litdb.evidence.tracing.cited import BibliographyEntry, KnownWork
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
