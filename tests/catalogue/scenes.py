"""Small papers and what a reader sees in them, for tests of the catalogue."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import DocumentRow, ModelRow, ReadingRow, ResultRow, StoredRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.exchange.dump import dump, load
from litdb.catalogue.record import PaperFacts, Stored, put_document, put_extraction, put_paper, put_version
from litdb.extract.ablations.tables import with_ablations
from litdb.extract.types import CellReading as Seen
from litdb.extract.types import Extraction, Grid, Span, TableCell, TableReadings

#: label, printed PESQ, whether it is the paper's own model
Line = tuple[str, str, bool]


def extraction(lines: Sequence[Line], *, start: int = 100) -> Extraction:
    """What a reader sees in one comparison table of PESQ values; `start` is where the table begins in its file."""
    cells, seen = [], []
    for number, (label, printed, own) in enumerate(lines):
        place = start + 50 * number
        span = Span("main.tex", place + 20, place + 20 + len(printed))
        label_span = Span("main.tex", place, place + len(label))
        cells.append((TableCell(label, label, label_span), TableCell(printed, printed, span)))
        seen.append(
            Seen(
                model=label,
                system=label,
                kind="system",
                own=own,
                metric="PESQ",
                quantity="PESQ",
                dataset="vbd",
                value=float(printed),
                unit="",
                printed=printed,
                raw=printed,
                span=span,
                row=number,
                column=1,
                resolution=0.01,
                confidence=0.95,
            )
        )
    grid = Grid(
        tuple(cells), caption="Results", number="1", ordinal=1, span=Span("main.tex", start, start + 999)
    )
    return Extraction((TableReadings(grid, "comparison", tuple(seen)),))


def doubtful(seen: Extraction) -> Extraction:
    """The same with little confidence."""
    table = seen.tables[0]
    return Extraction((replace(table, readings=tuple(replace(r, confidence=0.3) for r in table.readings)),))


def ablation(seen: Extraction, row: int) -> Extraction:
    """The same with one row an ablation, as a reader tells it."""
    table = seen.tables[0]
    readings = tuple(replace(r, kind="ablation") if r.row == row else r for r in table.readings)
    return Extraction(tuple(with_ablations([replace(table, readings=readings)])))


def put(
    session: Session,
    arxiv_id: str,
    seen: Extraction,
    *,
    reader: int | None = None,
    key: str = "",
    title: str = "",
) -> Stored:
    """Store a fetched LaTeX paper with what was seen in it; `reader` pretends another version of the readers."""
    facts = PaperFacts(title=title or f"Paper {arxiv_id}", arxiv_id=arxiv_id, key=key)
    paper = put_paper(session, facts)
    version = put_version(session, paper, 1)
    document = put_document(
        session,
        f"latex:arXiv:{arxiv_id}v1",
        kind="latex",
        uri=f"https://arxiv.org/e-print/{arxiv_id}v1",
        sha256="0" * 64,
        paper=paper,
        version=version,
    )
    stored = put_extraction(session, document, seen)
    if reader is not None:
        document.reader = reader
    return stored


def text_of(store: Store) -> str:
    """The dump of a catalogue."""
    out = io.StringIO()
    dump(store, out)
    return out.getvalue()


def copy_into(target: Store, source: Store) -> Store:
    """Fill an upgraded catalogue with the content of another, as a working one."""
    from sqlalchemy import delete, update

    from litdb.catalogue.database.schema import MetaRow

    with target.write() as session:
        session.execute(delete(MetaRow))
    load(target, io.StringIO(text_of(source)))
    with target.write() as session:
        session.execute(update(MetaRow).values(value="working"))
    return target


def values_of(store: Store, model: str) -> dict[str, tuple[float | None, str]]:
    """PESQ and its status of a model by the document they are in."""
    with store.read() as session:
        query = (
            select(DocumentRow.key, ResultRow.value, ResultRow.status)
            .join(StoredRow, StoredRow.id == ResultRow.source_row_id)
            .join(DocumentRow, DocumentRow.id == StoredRow.document_id)
            .join(ModelRow, ModelRow.id == StoredRow.model_id)
            .where(ModelRow.key == model, ResultRow.quantity == "PESQ")
        )
        return {key: (value, status) for key, value, status in session.execute(query)}


def reading_key(store: Store, document: str, label: str) -> str:
    """The key of the reading of a label in a document."""
    with store.read() as session:
        query = (
            select(ReadingRow.key)
            .join(DocumentRow, DocumentRow.id == ReadingRow.document_id)
            .where(DocumentRow.key == document, ReadingRow.label == label)
        )
        return session.scalars(query).one()
