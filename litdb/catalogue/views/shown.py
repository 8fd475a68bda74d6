"""A model, a paper, a table as they are shown: what is known of them besides values."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import (
    AbsenceRow,
    CheckpointRow,
    DocumentRow,
    GridRow,
    ModelRow,
    NameRow,
    PaperRow,
    ResultRow,
    StoredRow,
    VersionRow,
)
from litdb.catalogue.models import models, runs_of
from litdb.values.value import Value


@dataclass(frozen=True, slots=True)
class GridView:
    """A table as it stood, with the cell in question."""

    source: str
    caption: str
    rows: tuple[tuple[str, ...], ...]
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class ModelView:
    """What is known of a model besides its values."""

    key: str
    name: str
    kind: str
    own: bool
    paper: str
    title: str
    date: dt.date | None
    names: tuple[str, ...]
    unified: tuple[str, ...]
    parent: str
    children: tuple[str, ...]
    absences: tuple[str, ...]
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperView:
    """What is known of a paper."""

    key: str
    title: str
    authors: tuple[str, ...]
    arxiv_id: str
    doi: str
    date: dt.date | None
    venue: str
    versions: tuple[int, ...]
    models: tuple[str, ...]
    documents: tuple[str, ...]
    absences: tuple[str, ...]
    accepted: int
    proposed: int


def grid_view(session: Session, value: Value) -> GridView | None:
    """The table that a value stands in, or None when it was not read from one."""
    cell = value.cell
    if cell.grid is None or cell.row is None or cell.column is None:
        return None
    grid = session.get(GridRow, cell.grid)
    if grid is None:
        return None
    rows = tuple(tuple(row) for row in json.loads(grid.rows))
    return GridView(value.place, grid.caption, rows, cell.row, cell.column)


def model_view(session: Session, model: ModelRow) -> ModelView:
    """A model with its names, relations and what its paper is known not to report."""
    info = models(session, [model.id])[model.id]
    names = session.scalars(select(NameRow).where(NameRow.model_id == model.id).order_by(NameRow.name)).all()
    merged = session.scalars(
        select(ModelRow).where(ModelRow.unified_id == model.id).order_by(ModelRow.key)
    ).all()
    children = session.scalars(
        select(ModelRow).where(ModelRow.parent_id == model.id).order_by(ModelRow.key)
    ).all()
    absences = (
        session.scalars(select(AbsenceRow).where(AbsenceRow.paper_id == model.paper_id)).all()
        if model.paper_id
        else []
    )
    runs = []
    for run, checkpoints in runs_of(session, model.id):
        runs += [checkpoint_line(c) for c in checkpoints] or [run.key]
    return ModelView(
        key=model.key,
        name=model.name,
        kind=model.kind,
        own=model.own,
        paper=info.paper,
        title=model.paper.title if model.paper else "",
        date=info.date,
        names=tuple(n.name + (f" (within {n.scope})" if n.scope else "") for n in names),
        unified=tuple(m.name for m in merged),
        parent=model.parent.name if model.parent else "",
        children=tuple(child.name for child in children),
        absences=tuple(f"{a.quantity} on {a.dataset}: {a.statement} ({a.source})" for a in absences),
        runs=tuple(runs),
    )


def checkpoint_line(checkpoint: CheckpointRow) -> str:
    """A checkpoint in one line."""
    parts = [checkpoint.key]
    if checkpoint.epoch is not None:
        parts.append(f"epoch {checkpoint.epoch}")
    parts.append(f"selected on {checkpoint.selected_on or 'what is not stated'}")
    if checkpoint.declared_on:
        parts.append(f"declared {checkpoint.declared_on}")
    return ", ".join(parts)


def paper_view(session: Session, paper: PaperRow) -> PaperView:
    """A paper with its versions, models and documents, and how many of its values are accepted."""
    found = session.execute(
        select(ResultRow.status, func.count())
        .join(StoredRow, StoredRow.id == ResultRow.source_row_id)
        .join(DocumentRow, DocumentRow.id == StoredRow.document_id)
        .where(DocumentRow.paper_id == paper.id)
        .group_by(ResultRow.status)
    )
    counts: dict[str, int] = {row[0]: row[1] for row in found}
    versions = session.scalars(
        select(VersionRow.version).where(VersionRow.paper_id == paper.id).order_by(VersionRow.version)
    )
    proposed = session.scalars(
        select(ModelRow.name).where(ModelRow.paper_id == paper.id).order_by(ModelRow.name)
    )
    documents = session.scalars(
        select(DocumentRow).where(DocumentRow.paper_id == paper.id).order_by(DocumentRow.key)
    )
    absences = session.scalars(select(AbsenceRow).where(AbsenceRow.paper_id == paper.id))
    return PaperView(
        paper.key,
        paper.title,
        tuple(json.loads(paper.authors)),
        paper.arxiv_id or "",
        paper.doi or "",
        paper.date,
        paper.venue or "",
        tuple(versions),
        tuple(proposed),
        tuple(f"{d.kind}: {d.uri}" for d in documents),
        tuple(f"{a.quantity} on {a.dataset}: {a.statement}" for a in absences),
        counts.get("accepted", 0),
        counts.get("proposed", 0),
    )
