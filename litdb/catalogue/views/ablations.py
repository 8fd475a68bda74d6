"""Ablation tables as evidence wants them: two rows, what was changed, and the results that stand in them now."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import AblationRow, DocumentRow, GridRow, PaperRow, ReadingRow, ResultRow
from litdb.catalogue.facts.components import model_facts
from litdb.catalogue.papers import documents as read_documents
from litdb.catalogue.values import ACCEPTED, Where, values
from litdb.evidence.beside.seeds import seeds_of
from litdb.evidence.components.phrases import Context, Phrases
from litdb.evidence.components.values import ChangedRow, Delta, Gain, Trained
from litdb.values.agreement import is_bound
from litdb.values.origin import Origin, Status
from litdb.values.value import Document, Value
from litdb.vocabulary.components import Components


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A row of a stored table: its numbers in order; several of one metric differ in their column."""

    numbers: tuple[Value, ...]

    @property
    def label(self) -> str:
        return self.numbers[0].row.label

    @property
    def model(self) -> str:
        return self.numbers[0].model

    @property
    def name(self) -> str:
        return self.numbers[0].name

    @property
    def params(self) -> float | None:
        return next((n.value for n in self.numbers if n.metric == "params" and n.value is not None), None)


def comparisons(session: Session, known: Components) -> list[ChangedRow]:
    """All comparisons of ablation tables, one for each pair of rows; the same paper read from two files counts once."""
    query = (
        select(AblationRow, GridRow)
        .join(GridRow, GridRow.id == AblationRow.grid_id)
        .order_by(GridRow.id, AblationRow.id)
    )
    every = [(row, grid) for row, grid in session.execute(query)]
    wanted = _newest(session, {grid.document_id for _, grid in every})
    found = [(row, grid) for row, grid in every if grid.document_id in wanted]
    lines = _lines(session, {grid.id for _, grid in found})
    documents = read_documents(session, {grid.document_id for _, grid in found})
    found.sort(
        key=lambda f: (documents[f[1].document_id].key, f[1].ordinal, f[1].span, f[0].row, f[0].base_row)
    )
    contexts = {
        number: _context(session, number, documents[number]) for number in {g.document_id for _, g in found}
    }
    params = sizes_of(session, {line.model for line in lines.values()})
    trained = _trained(session, known)
    made: dict[tuple[object, ...], ChangedRow] = {}
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


@dataclass(frozen=True, slots=True)
class AblationPair:
    """Two rows of one table by their places in it, and what was changed from the base to the other, in words."""

    base: int
    row: int
    words: str


@dataclass(frozen=True, slots=True)
class AblationGrid:
    """An ablation table of a paper: its rows that hold accepted values, by their places, and which is compared with which.

    `waiting` counts the rows that hold a value that waits for review.
    """

    place: str
    number: str
    lines: Mapping[int, PrintedLine]
    pairs: tuple[AblationPair, ...]
    waiting: int


def ablation_grids(session: Session, paper: PaperRow) -> list[AblationGrid]:
    """The ablation tables of a paper's newest version, in its order."""
    query = (
        select(AblationRow, GridRow)
        .join(GridRow, GridRow.id == AblationRow.grid_id)
        .join(DocumentRow, DocumentRow.id == GridRow.document_id)
        .where(DocumentRow.paper_id == paper.id)
        .order_by(GridRow.ordinal, GridRow.id, AblationRow.row, AblationRow.base_row)
    )
    every = [(row, grid) for row, grid in session.execute(query)]
    wanted = _newest(session, {grid.document_id for _, grid in every})
    grids = {grid.id: grid for _, grid in every if grid.document_id in wanted}
    lines, documents = _lines(session, set(grids)), read_documents(session, wanted)
    pending: dict[int, set[int]] = defaultdict(set)
    for value in values(session, Where(grids=set(grids), statuses=(Status.PROPOSED,))):
        if value.cell.grid is not None and value.cell.row is not None:
            pending[value.cell.grid].add(value.cell.row)
    made = []
    for number, grid in grids.items():
        there = {row: line for (at, row), line in lines.items() if at == number}
        pairs = tuple(
            AblationPair(row.base_row, row.row, row.words)
            for row, of in every
            if of.id == number and row.base_row in there and row.row in there
        )
        name = grid.number or str(grid.ordinal)
        place = documents[grid.document_id].place(name)
        made.append(AblationGrid(place, name, there, pairs, len(pending[number])))
    return made


def _newest(session: Session, documents: set[int]) -> set[int]:
    """The documents to read: of each paper those of its newest version, of one kind; all that have no paper."""
    best: dict[str, tuple[int, str, str, int]] = {}
    alone = set()
    for number, info in read_documents(session, documents).items():
        if not info.paper:
            alone.add(number)
            continue
        rank = (info.version or 0, info.kind, info.key, number)
        if info.paper not in best or rank > best[info.paper]:
            best[info.paper] = rank
    return alone | {rank[-1] for rank in best.values()}


def _lines(session: Session, grids: set[int]) -> dict[tuple[int, int], PrintedLine]:
    rows: dict[tuple[int, int], list[Value]] = defaultdict(list)
    for value in values(session, Where(grids=grids, statuses=ACCEPTED)):
        if value.cell.grid is not None and value.cell.row is not None:
            rows[value.cell.grid, value.cell.row].append(value)
    return {
        at: PrintedLine(tuple(sorted(line, key=lambda v: (v.cell.column or 0, v.cell.slot, v.key))))
        for at, line in rows.items()
    }


def _comparison(
    row: AblationRow,
    grid: GridRow,
    document: Document,
    base: PrintedLine,
    changed: PrintedLine,
    context: Context,
) -> ChangedRow:
    return ChangedRow(
        paper=document.paper or document.title,
        place=document.place(grid.number or str(grid.ordinal)),
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
        seeded=all(any(seeds_of(number) > 1 for number in line.numbers) for line in (base, changed)),
        context=context,
    )


def _deltas(base: PrintedLine, changed: PrintedLine) -> tuple[Delta, ...]:
    """The metrics that both rows give as numbers; a bound gives no difference."""
    at = {_slot(value): value for value in base.numbers if not is_bound(value)}
    return tuple(
        Delta(
            value.metric,
            value.dataset,
            other.value,
            value.value,
            other.printed,
            value.printed,
            other.key,
            value.key,
        )
        for value in changed.numbers
        if (other := at.get(_slot(value))) is not None
        and other.value is not None
        and value.value is not None
        and not is_bound(value)
    )


def _slot(value: Value) -> tuple[str, str, int, int]:
    return value.metric, value.dataset, value.cell.column or 0, value.cell.slot


def _context(session: Session, number: int, document: Document) -> Context:
    """The paper's own words, as far as they are stored: title, captions, cells."""
    title = (
        session.scalar(select(PaperRow.title).where(PaperRow.key == document.paper)) if document.paper else ""
    )
    parts = [title or ""]
    for caption, rows in session.execute(
        select(GridRow.caption, GridRow.rows).where(GridRow.document_id == number).order_by(GridRow.ordinal)
    ):
        parts.append(caption)
        parts += [cell for line in json.loads(rows) for cell in dict.fromkeys(line) if len(cell) > 3]
    return Context(document.arxiv_id, "\n".join(parts))


def sizes_of(session: Session, models: set[str]) -> dict[str, float]:
    """The parameters of each of these models as its own paper, repository or an own count gives them."""
    best: dict[str, tuple[int, float]] = {}
    counts = values(session, Where(models=models, quantities=("params",), statuses=ACCEPTED))
    for value in sorted(counts, key=lambda v: v.key):
        tier = value.origin.tier
        if value.value is None or tier > Origin.QUOTED.tier or is_bound(value):
            continue
        if value.model not in best or tier < best[value.model][0]:
            best[value.model] = (tier, value.value)
    return {key: number for key, (_, number) in best.items()}


def _trained(session: Session, known: Components) -> Mapping[str, tuple[Trained, str]]:
    """Whether a model was trained against a metric discriminator, by the facts recorded of it."""
    found: dict[str, tuple[Trained, str]] = {}
    for fact in model_facts(session):
        component = known.of_id(fact.component)
        if fact.item == "training" and component is not None and component.metricgan:
            found[fact.model] = ("yes", fact.source)
    return found


def _trained_by_table(found: Sequence[ChangedRow], phrases: Phrases) -> list[ChangedRow]:
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
        select(ReadingRow.grid_id, ReadingRow.row)
        .join(ResultRow, ResultRow.reading_id == ReadingRow.id)
        .where(ResultRow.status == "proposed", ReadingRow.grid_id.in_(select(AblationRow.grid_id)))
        .distinct()
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(rows)) or 0


def gains(session: Session) -> list[Gain]:
    """Claimed differences (`PESQ delta`) with their source."""
    quantities = session.scalars(
        select(ResultRow.quantity).where(ResultRow.quantity.like("% delta")).distinct()
    ).all()
    claimed = values(session, Where(quantities=quantities, statuses=ACCEPTED))
    return [
        Gain(v.row.label, v.quantity.removesuffix(" delta"), v.printed, v.row.document.uri, v.remark)
        for v in sorted(claimed, key=lambda v: (v.row.label, v.key))
    ]
