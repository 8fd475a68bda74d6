"""Putting papers, documents and readings into a catalogue. The same input twice changes nothing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import (
    AblationRow,
    CitationRow,
    DocumentRow,
    GridRow,
    PaperRow,
    ReadingRow,
    ResultRow,
    StoredRow,
    VersionRow,
)
from litdb.catalogue.derive import Interned, derive, forget_unused_models
from litdb.catalogue.keys import cell_key
from litdb.extract.types import EXTRACTOR_VERSION, Ablation, Extraction, Reference
from litdb.values.names import fold_name
from litdb.values.reading import Reading
from litdb.vocabulary import vocabulary
from litdb.vocabulary.remarks import stored


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What is known of a paper; empty fields are not known."""

    title: str = ""
    authors: tuple[str, ...] = ()
    arxiv_id: str | None = None
    doi: str | None = None
    pmcid: str | None = None
    first_submitted: dt.date | None = None
    published: dt.date | None = None
    venue: str | None = None
    key: str = ""


def put_paper(session: Session, facts: PaperFacts) -> PaperRow:
    """The paper of these facts, made or completed. What is known is not overwritten, only what was empty is filled.

    A paper is found by arXiv id, by DOI, by its key, or, where it has no identifier yet, by its title.
    """
    paper = _find_paper(session, facts)
    if paper is None:
        key = facts.key or (
            f"arXiv:{facts.arxiv_id}" if facts.arxiv_id else f"doi:{facts.doi}" if facts.doi else facts.title
        )
        paper = PaperRow(key=key, title="", authors="[]")
        session.add(paper)
    paper.title = paper.title or facts.title
    if facts.authors and paper.authors == "[]":
        paper.authors = json.dumps(facts.authors, ensure_ascii=False)
    for name in ("arxiv_id", "doi", "pmcid", "first_submitted", "published", "venue"):
        if getattr(paper, name) is None and getattr(facts, name) is not None:
            setattr(paper, name, getattr(facts, name))
    session.flush()
    return paper


def _find_paper(session: Session, facts: PaperFacts) -> PaperRow | None:
    for column, value in (
        (PaperRow.arxiv_id, facts.arxiv_id),
        (PaperRow.doi, facts.doi),
        (PaperRow.key, facts.key or None),
    ):
        if value is not None:
            found = session.scalar(select(PaperRow).where(column == value))
            if found is not None:
                return found
    if facts.title:
        wanted = fold_name(facts.title)
        for paper in session.scalars(
            select(PaperRow).where(PaperRow.arxiv_id.is_(None), PaperRow.doi.is_(None))
        ):
            if fold_name(paper.title) == wanted:
                return paper
    return None


def put_version(
    session: Session, paper: PaperRow, version: int, submitted: dt.date | None = None, withdrawn: str = ""
) -> VersionRow:
    """A version of a paper, made or completed with its date and with what says that the paper is withdrawn."""
    found = session.scalar(
        select(VersionRow).where(VersionRow.paper_id == paper.id, VersionRow.version == version)
    )
    if found is None:
        found = VersionRow(paper_id=paper.id, version=version, submitted=submitted)
        session.add(found)
    elif found.submitted is None:
        found.submitted = submitted
    if withdrawn:
        found.withdrawn = withdrawn
    session.flush()
    return found


def put_document(
    session: Session,
    key: str,
    *,
    kind: str,
    uri: str,
    sha256: str | None = None,
    paper: PaperRow | None = None,
    version: VersionRow | None = None,
    fetched_at: dt.datetime | None = None,
) -> DocumentRow:
    """The document of that key, made when it is new."""
    found = session.scalar(select(DocumentRow).where(DocumentRow.key == key))
    if found is None:
        found = DocumentRow(
            key=key,
            kind=kind,
            uri=uri,
            sha256=sha256,
            paper_id=paper.id if paper else None,
            version_id=version.id if version else None,
            fetched_at=fetched_at,
        )
        session.add(found)
        session.flush()
    return found


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing an extraction did: counts of readings by what became of them."""

    readings: int = 0
    accepted: int = 0
    proposed: int = 0
    new: int = 0
    gone: int = 0


NOTHING_STORED = Stored()
#: Characters that are kept of an entry of a bibliography, and of its key.
_LONGEST_ENTRY, _LONGEST_KEY = 2000, 200


def put_extraction(session: Session, document: DocumentRow, extraction: Extraction) -> Stored:
    """Replace what programs read from a document by a new extraction, keep decisions, and derive its results.

    Readings whose cell and printed text are unchanged keep their key, so decisions find them again.
    """
    before = set(
        session.scalars(
            select(ReadingRow.key).where(ReadingRow.document_id == document.id, ReadingRow.by == "reader")
        )
    )
    _forget_readings(session, document)
    protocols = Interned(session)
    rows: list[dict[str, Any]] = []
    references = {
        ref.key: {"key": ref.key, "arxiv_id": ref.arxiv_id, "doi": ref.doi} for ref in extraction.references
    }
    for table in extraction.tables:
        if not table.readings:
            continue
        grid = GridRow(
            document_id=document.id,
            span=str(table.grid.span),
            ordinal=table.grid.ordinal,
            number=table.grid.number,
            caption=table.grid.caption,
            kind=table.kind,
            rows=json.dumps([[cell.text for cell in row] for row in table.grid.rows], ensure_ascii=False),
        )
        session.add(grid)
        session.flush()
        number = table.grid.number or str(table.grid.ordinal)
        for seen in table.readings:
            placed = replace(seen, table=number, table_kind=table.kind, dataset=_dataset(seen))
            key = cell_key(document.key, str(seen.span), seen.slot)
            cites = [references.get(cited, {"key": cited}) for cited in seen.cites]
            rows.append(
                {
                    **reading_fields(document, placed, key, protocols),
                    "grid_id": grid.id,
                    "span": str(seen.span),
                    "slot": seen.slot,
                    "cites": json.dumps(cites, ensure_ascii=False, sort_keys=True),
                }
            )
        if table.ablation is not None:
            _put_ablation(session, grid, table.ablation)
    if rows:
        session.execute(insert(ReadingRow), rows)
    _put_citations(session, document, extraction.references)
    document.reader, document.priors = EXTRACTOR_VERSION, extraction.priors
    derive(session, [document.id])
    forget_unused_models(session)
    session.flush()
    after = {row["key"] for row in rows}
    statuses = session.execute(
        select(ResultRow.status, ReadingRow.id)
        .join(ReadingRow, ReadingRow.id == ResultRow.reading_id)
        .where(ReadingRow.document_id == document.id, ReadingRow.by == "reader")
    ).all()
    accepted = sum(status == "accepted" for status, _ in statuses)
    proposed = sum(status == "proposed" for status, _ in statuses)
    return Stored(len(rows), accepted, proposed, len(after - before), len(before - after))


def _forget_readings(session: Session, document: DocumentRow) -> None:
    rows = select(StoredRow.id).where(StoredRow.document_id == document.id)
    session.execute(delete(ResultRow).where(ResultRow.source_row_id.in_(rows)))
    session.execute(delete(StoredRow).where(StoredRow.document_id == document.id))
    session.execute(
        delete(ReadingRow).where(ReadingRow.document_id == document.id, ReadingRow.by == "reader")
    )
    grids = select(GridRow.id).where(GridRow.document_id == document.id)
    session.execute(delete(AblationRow).where(AblationRow.grid_id.in_(grids)))
    session.execute(delete(GridRow).where(GridRow.document_id == document.id))
    session.execute(delete(CitationRow).where(CitationRow.document_id == document.id))


def _put_ablation(session: Session, grid: GridRow, ablation: Ablation) -> None:
    for change in ablation.rows:
        row = AblationRow(
            grid_id=grid.id,
            row=change.row,
            base_row=change.base_row,
            words=change.words,
            action=change.action,
            components=json.dumps(change.components, ensure_ascii=False),
            replacement=change.replacement,
        )
        session.add(row)


def _put_citations(session: Session, document: DocumentRow, references: Sequence[Reference]) -> None:
    rows = [
        {
            "document_id": document.id,
            "place": place,
            "key": reference.key[:_LONGEST_KEY],
            "text": reference.text[:_LONGEST_ENTRY],
            "folded": fold_name(reference.text[:_LONGEST_ENTRY]),
            "arxiv_id": reference.arxiv_id,
            "doi": reference.doi.lower(),
            "sentences": json.dumps(reference.sentences, ensure_ascii=False),
        }
        for place, reference in enumerate(references, start=1)
    ]
    if rows:
        session.execute(insert(CitationRow), rows)


def reading_fields(document: DocumentRow, reading: Reading, key: str, protocols: Interned) -> dict[str, Any]:
    """The columns of a reading, whoever hands it in, but for those of a cell or a checkpoint."""
    system = reading.system or reading.model
    return {
        "key": key,
        "by": reading.by,
        "document_id": document.id,
        "table": reading.table,
        "table_kind": reading.table_kind,
        "row": reading.row,
        "column": reading.column,
        "page": reading.page,
        "label": reading.model,
        "system": system,
        "folded": fold_name(system),
        "kind": reading.kind,
        "own": reading.own,
        "parent": reading.parent,
        "origin": reading.origin,
        "metric": reading.metric,
        "quantity": reading.quantity,
        "dataset": reading.dataset,
        "value": reading.value,
        "words": reading.words,
        "printed": reading.printed,
        "unit": reading.unit,
        "resolution": reading.resolution,
        "approximate": reading.approximate,
        "uncertainty": reading.uncertainty,
        "uncertainty_kind": reading.uncertainty_kind,
        "protocol_id": protocols.id(reading.protocol),
        "confidence": reading.confidence,
        "reasons": stored(reading.reasons),
        "flags": stored(reading.flags),
        "remark": reading.remark,
    }


def _dataset(seen: Reading) -> str:
    """The id of the test set; '' for what needs none, the paper's own words for one the vocabulary lacks."""
    metric = vocabulary().metric(seen.quantity)
    if metric is not None and metric.per_model:
        return ""
    known = vocabulary().dataset(seen.dataset) if seen.dataset else None
    return known.id if known is not None else seen.dataset
