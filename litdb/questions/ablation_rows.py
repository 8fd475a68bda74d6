"""Ablation tables as evidence wants them: two rows, what was changed, and the results that stand in them now."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from litdb.catalogue.components import model_facts
from litdb.catalogue.database.schema import (
    AblationRow,
    Document,
    Grid,
    Model,
    Paper,
    Reading,
    Result,
    SourceRow,
)
from litdb.catalogue.queries import DocumentInfo, Library, place
from litdb.evidence.attributed import Comparison, Delta, Gain, Trained
from litdb.evidence.phrases import Context, Phrases
from litdb.vocabulary.components import Components


@dataclass(frozen=True, slots=True)
class _Number:
    """One accepted number of a row: `slot` sets apart several of one metric."""

    metric: str
    dataset: str
    slot: tuple[int, int]
    value: float
    printed: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a grid: what it is called, the model it means, its numbers."""

    label: str
    model: str  # key of the model its results count for
    name: str
    own: bool
    numbers: tuple[_Number, ...]

    @property
    def params(self) -> float | None:
        return next((n.value for n in self.numbers if n.metric == "params"), None)


def comparisons(session: Session, known: Components) -> list[Comparison]:
    """All comparisons of ablation tables, one for each pair of rows; the same paper read from two files counts once."""
    query = (
        select(AblationRow, Grid).join(Grid, Grid.id == AblationRow.grid_id).order_by(Grid.id, AblationRow.id)
    )
    every = [(row, grid) for row, grid in session.execute(query)]
    wanted = _newest(session, {grid.document_id for _, grid in every})
    found = [(row, grid) for row, grid in every if grid.document_id in wanted]
    lines = _lines(session, {grid.id for _, grid in found})
    documents = Library(session).documents({grid.document_id for _, grid in found})
    found.sort(
        key=lambda f: (documents[f[1].document_id].key, f[1].ordinal, f[1].span, f[0].row, f[0].base_row)
    )
    contexts = {number: _context(session, documents[number]) for number in {g.document_id for _, g in found}}
    params = _sizes(session, {line.model for line in lines.values()})
    trained = _trained(session, known)
    made: dict[tuple[object, ...], Comparison] = {}
    for row, grid in found:
        base, changed = lines.get((grid.id, row.base_row)), lines.get((grid.id, row.row))
        if base is None or changed is None:
            continue
        document = documents[grid.document_id]
        one = _comparison(row, grid, document, base, changed, contexts[grid.document_id])
        one = replace(
            one,
            base_params=base.params if base.params is not None else params.get(base.model),
            changed_params=changed.params if changed.params is not None else params.get(changed.model),
            metricgan=trained.get(base.model, ("not stated", ""))[0],
            metricgan_source=trained.get(base.model, ("not stated", ""))[1],
        )
        made.setdefault((one.paper, one.place, one.words, one.label, one.base_label, one.deltas), one)
    return _trained_by_table(list(made.values()), Phrases(known))


def _newest(session: Session, documents: set[int]) -> set[int]:
    """The documents to read: of each paper those of its newest version, of one kind; all that have no paper."""
    best: dict[str, tuple[int, str, str, int]] = {}
    alone = set()
    for info in Library(session).documents(documents).values():
        if not info.paper:
            alone.add(info.id)
            continue
        rank = (info.version or 0, info.kind, info.key, info.id)
        if info.paper not in best or rank > best[info.paper]:
            best[info.paper] = rank
    return alone | {rank[-1] for rank in best.values()}


def _lines(session: Session, grids: set[int]) -> dict[tuple[int, int], _Line]:
    ordered = sorted(grids)
    raw: dict[tuple[int, int], list[tuple[Reading, Result, Model]]] = defaultdict(list)
    for start in range(0, len(ordered), 300):
        query = (
            select(Reading, Result, Model)
            .join(Result, Result.reading_id == Reading.id)
            .join(SourceRow, SourceRow.id == Result.source_row_id)
            .join(Model, Model.id == SourceRow.model_id)
            .where(Reading.grid_id.in_(ordered[start : start + 300]), Result.status == "accepted")
        )
        for reading, result, model in session.execute(query):
            if reading.grid_id is not None and reading.row is not None:
                raw[(reading.grid_id, reading.row)].append((reading, result, model))
    return {at: _line(entries) for at, entries in raw.items()}


def _line(entries: Sequence[tuple[Reading, Result, Model]]) -> _Line:
    entries = sorted(entries, key=lambda entry: (entry[0].column or 0, entry[0].slot, entry[0].key))
    reading, _, model = entries[0]
    numbers = tuple(
        _Number(result.metric, result.dataset, (read.column or 0, read.slot), result.value, result.printed)
        for read, result, _ in entries
        if result.value is not None
    )
    return _Line(reading.label, model.key, model.name, reading.own, numbers)


def _comparison(
    row: AblationRow, grid: Grid, document: DocumentInfo, base: _Line, changed: _Line, context: Context
) -> Comparison:
    return Comparison(
        paper=document.paper or document.title,
        place=place(document, grid.number or str(grid.ordinal)),
        url=document.url,
        caption=grid.caption,
        words=row.words,
        label=changed.label,
        base_label=base.label,
        base_model=base.name,
        action=row.action,
        components=tuple(json.loads(row.components)),
        replacement=row.replacement,
        deltas=_deltas(base, changed),
        context=context,
    )


def _deltas(base: _Line, changed: _Line) -> tuple[Delta, ...]:
    at = {(n.metric, n.dataset, n.slot): n for n in base.numbers}
    pairs = [(at[key], n) for n in changed.numbers if (key := (n.metric, n.dataset, n.slot)) in at]
    return tuple(Delta(n.metric, n.dataset, b.value, n.value, b.printed, n.printed) for b, n in pairs)


def _context(session: Session, document: DocumentInfo) -> Context:
    """The paper's own words, as far as they are stored: title, captions, cells."""
    title = session.scalar(select(Paper.title).where(Paper.key == document.paper)) if document.paper else ""
    parts = [title or ""]
    for caption, rows in session.execute(
        select(Grid.caption, Grid.rows).where(Grid.document_id == document.id).order_by(Grid.ordinal)
    ):
        parts.append(caption)
        parts += [cell for line in json.loads(rows) for cell in dict.fromkeys(line) if len(cell) > 3]
    return Context(document.arxiv_id, "\n".join(parts))


def _sizes(session: Session, models: set[str]) -> dict[str, float]:
    """The parameters of each of these models as its own paper, repository or an own count gives them."""
    rank = {"self": 0, "measured": 0, "repository": 1, "reproduced": 2, "quoted": 3}
    query = (
        select(Model.key, Result.value, SourceRow.origin)
        .join(SourceRow, SourceRow.model_id == Model.id)
        .join(Result, Result.source_row_id == SourceRow.id)
        .where(Result.quantity == "params", Result.status == "accepted", Result.value.is_not(None))
        .where(Model.key.in_(models))
        .join(Reading, Reading.id == Result.reading_id)
        .order_by(Reading.key)
    )
    best: dict[str, tuple[int, float]] = {}
    for key, value, origin in session.execute(query):
        tier = rank.get(origin)
        if tier is not None and value is not None and (key not in best or tier < best[key][0]):
            best[key] = (tier, value)
    return {key: value for key, (_, value) in best.items()}


def _trained(session: Session, known: Components) -> Mapping[str, tuple[Trained, str]]:
    """Whether a model was trained against a metric discriminator, by the facts recorded of it."""
    found: dict[str, tuple[Trained, str]] = {}
    for fact in model_facts(session):
        component = known.of_id(fact.component)
        if fact.item == "training" and component is not None and component.metricgan:
            found[fact.model] = ("yes", fact.source)
    return found


def _trained_by_table(found: Sequence[Comparison], phrases: Phrases) -> list[Comparison]:
    """Where a row of a table takes the metric discriminator out, the base it is taken from had one."""
    had: dict[tuple[str, str], str] = {}
    for one in found:
        names = [i for text in one.components for i in phrases.means(text, one.context)]
        marked = [c for i in names if (c := phrases.components.of_id(i)) is not None and c.metricgan]
        if one.action == "removed" and marked:
            had[(one.place, one.base_label)] = f"{one.place}, row “{one.label}”"
    return [
        replace(one, metricgan="yes", metricgan_source=had[(one.place, one.base_label)])
        if one.metricgan == "not stated" and (one.place, one.base_label) in had
        else one
        for one in found
    ]


def waiting(session: Session) -> int:
    """How many rows of ablation tables hold a value that waits for review, and is therefore no evidence yet."""
    rows = (
        select(Reading.grid_id, Reading.row)
        .join(Result, Result.reading_id == Reading.id)
        .where(Result.status == "proposed", Reading.grid_id.in_(select(AblationRow.grid_id)))
        .distinct()
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(rows)) or 0


def gains(session: Session) -> list[Gain]:
    """Claimed differences (`PESQ delta`) with their source."""
    query = (
        select(Reading, Result, Document)
        .join(Result, Result.reading_id == Reading.id)
        .join(Document, Document.id == Reading.document_id)
        .where(Result.quantity.like("% delta"), Result.status == "accepted")
        .order_by(Reading.label, Reading.key)
    )
    return [
        Gain(read.label, result.quantity.removesuffix(" delta"), result.printed, document.uri, read.remark)
        for read, result, document in session.execute(query)
    ]
