"""Following a number back: every value known, which is shown and why, the table it stands in, what was decided."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from litdb.catalogue import queries
from litdb.catalogue.database.schema import (
    Absence,
    Checkpoint,
    Decision,
    Document,
    Grid,
    Model,
    ModelName,
    Paper,
    PaperVersion,
    Reading,
    Result,
    SourceRow,
)
from litdb.catalogue.derive import stale_decisions
from litdb.catalogue.naming import find_model
from litdb.catalogue.queries import Library, place
from litdb.errors import NotFound
from litdb.vocabulary import MetricName
from litdb.vocabulary.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Known:
    """One value as one source gives it."""

    key: str
    model: str
    label: str
    metric: str
    dataset: str
    value: float | None
    printed: str
    origin: str
    status: str
    source: str
    url: str
    paper: str
    version: int | None
    table_kind: str
    protocol: Protocol
    confidence: float
    reasons: tuple[str, ...]
    flags: tuple[str, ...]
    remark: str
    grid_id: int | None
    row: int | None
    column: int | None
    declared: bool = False


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


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history: a decision, what it is about, and whether it still holds."""

    uid: str
    made_at: dt.datetime
    who: str
    kind: str
    about: str
    detail: str
    reason: str
    state: str  # in force, undone, or why it waits for review


def known_values(
    session: Session,
    *,
    model: Model | None = None,
    paper: Paper | None = None,
    reading: str | None = None,
    metric: MetricName | None = None,
    dataset: str | None = None,
    status: str | None = None,
    document_id: int | None = None,
) -> list[Known]:
    """All values of a model, a paper or one key, whatever their status; the most telling first."""
    query = (
        select(Result, Reading, SourceRow, Model)
        .join(Reading, Reading.id == Result.reading_id)
        .join(SourceRow, SourceRow.id == Result.source_row_id)
        .join(Model, Model.id == SourceRow.model_id)
    )
    if model is not None:
        query = query.where(or_(Model.id == model.id, Model.unified_id == model.id))
    if paper is not None:
        query = query.join(Document, Document.id == SourceRow.document_id).where(
            Document.paper_id == paper.id
        )
    if document_id is not None:
        query = query.where(SourceRow.document_id == document_id)
    if reading is not None:
        query = query.where(Reading.key.startswith(reading, autoescape=True))
    if metric is not None:
        query = query.where(Result.quantity == metric.quantity)
    if dataset is not None:
        query = query.where(Result.dataset.in_((dataset, "")))
    if status is not None:
        query = query.where(Result.status == status)
    found = session.execute(query.order_by(Result.id)).all()
    library = Library(session)
    documents = library.documents({row.document_id for _, _, row, _ in found})
    protocols = library.protocols({result.protocol_id for result, _, _, _ in found})
    checkpoints = library.checkpoints({row.checkpoint_id for _, _, row, _ in found if row.checkpoint_id})
    values = []
    for result, read, row, owner in found:
        document = documents[row.document_id]
        checkpoint = checkpoints[row.checkpoint_id] if row.checkpoint_id else None
        values.append(
            Known(
                read.key,
                owner.name,
                row.label,
                result.metric,
                result.dataset,
                result.value,
                result.printed,
                row.origin,
                result.status,
                place(document, row.table, checkpoint.name if checkpoint else ""),
                document.url,
                document.paper,
                document.version,
                row.table_kind,
                protocols[result.protocol_id],
                read.confidence,
                tuple(json.loads(read.reasons)),
                tuple(json.loads(read.flags)),
                read.remark,
                read.grid_id,
                read.row,
                read.column,
                declared=checkpoint is not None and checkpoint.declared_on is not None,
            )
        )
    order = {
        "self": 0,
        "measured": 0,
        "repository": 1,
        "reproduced": 2,
        "quoted": 3,
        "tracker": 4,
        "claim": 5,
    }
    return sorted(
        values, key=lambda v: (v.metric, v.dataset, order.get(v.origin, 9), v.paper, -(v.version or 0))
    )


def grid_view(session: Session, value: Known) -> GridView | None:
    """The table that a value stands in, or None when it was not read from one."""
    if value.grid_id is None or value.row is None or value.column is None:
        return None
    grid = session.get(Grid, value.grid_id)
    if grid is None:
        return None
    rows = tuple(tuple(row) for row in json.loads(grid.rows))
    return GridView(value.source, grid.caption, rows, value.row, value.column)


def grid_views(session: Session, paper: Paper) -> list[tuple[str, GridView]]:
    """All tables of a paper's newest document, with no cell marked."""
    documents = session.scalars(select(Document).where(Document.paper_id == paper.id)).all()
    views = []
    for document in documents:
        for grid in session.scalars(
            select(Grid).where(Grid.document_id == document.id).order_by(Grid.ordinal)
        ):
            rows = tuple(tuple(row) for row in json.loads(grid.rows))
            views.append(
                (document.key, GridView(f"table {grid.number or grid.ordinal}", grid.caption, rows, -1, -1))
            )
    return views


def model_view(session: Session, model: Model) -> ModelView:
    """A model with its names, relations and what its paper is known not to report."""
    info = queries.model_infos(session, [model.id])[0]
    names = session.scalars(
        select(ModelName).where(ModelName.model_id == model.id).order_by(ModelName.name)
    ).all()
    merged = session.scalars(select(Model).where(Model.unified_id == model.id).order_by(Model.key)).all()
    children = session.scalars(select(Model).where(Model.parent_id == model.id).order_by(Model.key)).all()
    absences = (
        session.scalars(select(Absence).where(Absence.paper_id == model.paper_id)).all()
        if model.paper_id
        else []
    )
    runs = []
    for run, checkpoints in queries.runs_of(session, model.id):
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


def checkpoint_line(checkpoint: Checkpoint) -> str:
    """A checkpoint in one line."""
    parts = [checkpoint.key]
    if checkpoint.epoch is not None:
        parts.append(f"epoch {checkpoint.epoch}")
    parts.append(f"selected on {checkpoint.selected_on or 'what is not stated'}")
    if checkpoint.declared_on:
        parts.append(f"declared {checkpoint.declared_on}")
    return ", ".join(parts)


def find_paper(session: Session, text: str) -> Paper:
    """A paper by key, arXiv id (any form), DOI or PMC id. Raises NotFound."""
    import re

    plain = re.sub(
        r"^(arxiv:|doi:|https?://(arxiv\.org/abs/|doi\.org/))", "", text.strip(), flags=re.IGNORECASE
    )
    bare = re.sub(r"v\d+$", "", plain)
    paper = session.scalar(
        select(Paper).where(
            or_(
                Paper.key == text,
                Paper.arxiv_id == bare,
                func.lower(Paper.doi) == plain.lower(),
                Paper.pmcid == plain,
            )
        )
    )
    if paper is None:
        raise NotFound(f"no paper {text!r} in the catalogue: `litdb fetch {text}` gets it from arXiv")
    return paper


def paper_view(session: Session, paper: Paper) -> PaperView:
    """A paper with its versions, models and documents, and how many of its values are accepted."""
    found = session.execute(
        select(Result.status, func.count())
        .join(SourceRow, SourceRow.id == Result.source_row_id)
        .join(Document, Document.id == SourceRow.document_id)
        .where(Document.paper_id == paper.id)
        .group_by(Result.status)
    )
    counts: dict[str, int] = {row[0]: row[1] for row in found}
    versions = session.scalars(
        select(PaperVersion.version).where(PaperVersion.paper_id == paper.id).order_by(PaperVersion.version)
    )
    models = session.scalars(select(Model.name).where(Model.paper_id == paper.id).order_by(Model.name))
    documents = session.scalars(select(Document).where(Document.paper_id == paper.id).order_by(Document.key))
    absences = session.scalars(select(Absence).where(Absence.paper_id == paper.id))
    return PaperView(
        paper.key,
        paper.title,
        tuple(json.loads(paper.authors)),
        paper.arxiv_id or "",
        paper.doi or "",
        paper.date,
        paper.venue or "",
        tuple(versions),
        tuple(models),
        tuple(f"{d.kind}: {d.uri}" for d in documents),
        tuple(f"{a.quantity} on {a.dataset}: {a.statement}" for a in absences),
        counts.get("accepted", 0),
        counts.get("proposed", 0),
    )


def history(session: Session, target: str | None = None) -> list[Entry]:
    """All decisions in order, or those about one model, paper or result. Raises NotFound for an unknown target."""
    decisions = session.scalars(select(Decision).order_by(Decision.made_at, Decision.id)).all()
    undone = {d.target for d in decisions if d.kind == "undo"}
    stale = {decision.uid: reason for decision, reason in stale_decisions(session)}
    wanted = None if target is None else _related(session, target)
    entries = []
    for decision in decisions:
        original = next((d for d in decisions if d.uid == decision.target), decision)
        if wanted is not None and decision.target not in wanted and original.target not in wanted:
            continue
        state = "undone" if decision.uid in undone else stale.get(decision.uid, "in force")
        entries.append(
            Entry(
                decision.uid,
                decision.made_at,
                decision.who,
                decision.kind,
                _about(session, original),
                _detail(decision),
                decision.reason,
                "needs review: " + state if decision.uid in stale else state,
            )
        )
    return entries


def _related(session: Session, target: str) -> set[str]:
    """The keys of everything that a decision about this model, paper or result can point to."""
    keys: set[str] = set()
    try:
        model = find_model(session, target)
    except NotFound:
        model = None
    if model is not None:
        values = known_values(session, model=model)
        keys |= {v.key for v in values} | {model.key}
        keys |= set(session.scalars(select(ModelName.folded).where(ModelName.model_id == model.id)))
        keys |= set(session.scalars(select(Model.key).where(Model.unified_id == model.id)))
        keys |= {c.key for _run, found in queries.runs_of(session, model.id) for c in found}
        settled = session.execute(
            select(Decision.target, Decision.detail).where(Decision.kind.in_(("resolve", "suppress")))
        )
        keys |= {about for about, detail in settled if json.loads(detail).get("model") == model.key}
        return keys
    try:
        paper = find_paper(session, target)
    except NotFound:
        paper = None
    if paper is not None:
        return {v.key for v in known_values(session, paper=paper)}
    found = set(
        session.scalars(
            select(Decision.target).where(Decision.target.startswith(target.lower(), autoescape=True))
        )
    )
    if len(target) < 4 or not (found or known_values(session, reading=target.lower())):
        raise NotFound(f"{target!r} is no model, paper or result of this catalogue")
    return found


def _about(session: Session, decision: Decision) -> str:
    if decision.kind == "resolve":
        detail = json.loads(decision.detail)
        where = f" on {detail['dataset']}" if detail["dataset"] else ""
        return f"{detail['model']}, {detail['metric']}{where} [conflict {decision.target[:8]}]"
    reading = session.scalar(select(Reading).where(Reading.key == decision.target))
    if reading is None:
        return decision.target
    document = session.get(Document, reading.document_id)
    where = document.uri if document else ""
    return f"{reading.label}, {reading.metric} {reading.printed} ({where}) [{reading.key[:8]}]"


def _detail(decision: Decision) -> str:
    detail = json.loads(decision.detail)
    if decision.kind == "resolve":
        return f"keep {detail['value']} [{detail['keep'][:8]}]" if "keep" in detail else "both stand"
    return ", ".join(f"{name} {value}" for name, value in detail.items() if value not in ("", None))


def quoted_by(values: Sequence[Known]) -> dict[str, list[str]]:
    """Who quotes which printed value: the printed text and the sources."""
    found: dict[str, list[str]] = {}
    for value in values:
        if value.origin == "quoted":
            found.setdefault(value.printed, []).append(value.source)
    return found
