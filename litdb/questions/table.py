"""From a question to a comparison table: candidates, selection, what may be ranked, cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from litdb.catalogue import queries
from litdb.catalogue.queries import ModelInfo
from litdb.errors import UsageError
from litdb.evidence.comparability import judge_column
from litdb.evidence.selection import Asked, Choice, Rules, Selected, SourceRow, select
from litdb.values.display import cell_text, column_for
from litdb.values.table import EMPTY, Cell, Column, Origin, Provenance, Row, Table
from litdb.vocabulary import MetricName, vocabulary
from litdb.vocabulary.protocol import Protocol
from litdb.vocabulary.ranges import Condition, Range

DEFAULT_METRICS = ("params", "PESQ", "CSIG", "CBAK", "COVL", "STOI")
DEFAULT_DATASET = "vbd"
_MIXED_NOTE = "values known not to be comparable stand side by side, and none is ranked."


@dataclass(frozen=True, slots=True)
class Question:
    """What a table is asked for.

    `metrics` are its columns; a metric that only a condition names becomes a column too. `models` are keys, None for
    all. `causal` keeps rows stated to be (or not to be) causal. `since` keeps models whose paper is from that
    day or later. `sort` is a metric and whether the largest comes first; without it the order is that of names.
    """

    metrics: tuple[MetricName, ...]
    dataset: str = DEFAULT_DATASET
    conditions: tuple[Condition, ...] = ()
    models: tuple[str, ...] | None = None
    years: Range | None = None
    causal: bool | None = None
    origins: tuple[Origin, ...] = ()
    since: dt.date | None = None
    sort: tuple[MetricName, bool] | None = None
    kinds: tuple[str, ...] = ("system", "variant")
    rules: Rules = field(default_factory=Rules)


def compare(session: Session, question: Question) -> Table:
    """Answer a question with a table. Raises UsageError for a test set the vocabulary does not know."""
    dataset = vocabulary().dataset(question.dataset)
    if dataset is None:
        known = ", ".join(d.id for d in vocabulary().datasets)
        raise UsageError(f"unknown test set {question.dataset!r}; the known ones are {known}")
    asked = _asked(question)
    columns = tuple(column_for(metric.name, vocabulary()) for metric in asked)
    quantities = [metric.name.quantity for metric in asked]
    wider = question.rules.proposed or queries.any_proposed(session, dataset.id, quantities)
    models, found = _candidates(session, question, asked, wider)
    chosen = _chosen(models, found, asked, question)
    hidden = 0
    if wider and not question.rules.proposed:
        also = replace(question, rules=replace(question.rules, proposed=True))
        hidden = max(0, len(_chosen(models, found, asked, also)) - len(chosen))
    rows, notes = _judged(_ordered(chosen, asked, question), asked, columns, question.rules.mixed)
    return Table(dataset.title, columns, tuple(rows), tuple(notes), hidden=hidden)


@dataclass(frozen=True, slots=True)
class Pick:
    """A model with the row a table shows for it: a choice for each of `metrics`."""

    model: ModelInfo
    selected: Selected
    metrics: tuple[MetricName, ...]

    def choice(self, metric: MetricName) -> Choice | None:
        """What the row says in a metric, or None."""
        return self.selected.choices[self.metrics.index(metric)]


def pick(session: Session, question: Question) -> list[Pick]:
    """The models that a question finds, each with its row, by name; nothing is judged comparable or ranked yet."""
    asked = _asked(question)
    return _chosen(*_candidates(session, question, asked, question.rules.proposed), asked, question)


def _asked(question: Question) -> list[Asked]:
    return [Asked(name, column_for(name, vocabulary()).per_model) for name in _columns_asked(question)]


def _candidates(
    session: Session, question: Question, asked: Sequence[Asked], proposed: bool
) -> tuple[list[ModelInfo], Mapping[int, Sequence[SourceRow]]]:
    """The models that may meet the conditions, with their source rows."""
    quantities = [metric.name.quantity for metric in asked]
    candidates = queries.candidate_models(
        session,
        dataset=question.dataset,
        conditions=question.conditions,
        kinds=question.kinds,
        statuses=("accepted", "proposed") if proposed else ("accepted",),
        keys=question.models,
        quantities=_needed(asked),
    )
    models = [model for model in candidates if _dated(model, question)]
    return models, queries.source_rows(
        session, [model.id for model in models], dataset=question.dataset, quantities=quantities
    )


def _columns_asked(question: Question) -> tuple[MetricName, ...]:
    names = list(question.metrics)
    for condition in question.conditions:
        if condition.metric not in names:
            names.append(condition.metric)
    if question.sort is not None and question.sort[0] not in names:
        names.append(question.sort[0])
    return tuple(names)


def _needed(asked: Sequence[Asked]) -> list[str]:
    scores = [metric.name.quantity for metric in asked if not metric.per_model]
    return scores or [metric.name.quantity for metric in asked]


def _chosen(
    models: Iterable[ModelInfo],
    rows: Mapping[int, Sequence[SourceRow]],
    asked: Sequence[Asked],
    question: Question,
) -> list[Pick]:
    metrics = tuple(metric.name for metric in asked)
    return [
        Pick(model, one, metrics)
        for model in models
        for one in select(rows.get(model.id, ()), asked, question.rules, own=model.own)
        if _wanted(one, asked, question)
    ]


def _dated(model: ModelInfo, question: Question) -> bool:
    if question.years is not None and (model.year is None or model.year not in question.years):
        return False
    return question.since is None or (model.date is not None and model.date >= question.since)


def _wanted(selected: Selected, asked: Sequence[Asked], question: Question) -> bool:
    """Whether the filled row meets the conditions: filters see what the table shows."""
    if question.origins and selected.row.origin not in question.origins:
        return False
    if not any(
        choice is not None and not metric.per_model
        for metric, choice in zip(asked, selected.choices, strict=True)
    ) and any(not metric.per_model for metric in asked):
        return question.models is not None
    values = {
        metric.name: choice.fact.value if choice is not None else None
        for metric, choice in zip(asked, selected.choices, strict=True)
    }
    if any(values[condition.metric] not in condition.range for condition in question.conditions):
        return False
    if question.causal is None:
        return True
    said = {fact.protocol.get("causal") for fact in selected.row.facts} - {None}
    return said == {"yes" if question.causal else "no"}


def _ordered(picks: list[Pick], asked: Sequence[Asked], question: Question) -> list[Pick]:
    if question.models is not None and question.sort is None:
        place = {key: number for number, key in enumerate(question.models)}
        return sorted(picks, key=lambda pick: place.get(pick.model.key, len(place)))
    if question.sort is None:
        return picks
    index = [metric.name for metric in asked].index(question.sort[0])
    sign = -1.0 if question.sort[1] else 1.0

    def key(pick: Pick) -> tuple[bool, float, str]:
        choice = pick.selected.choices[index]
        value = choice.fact.value if choice is not None else None
        return (value is None, sign * (value or 0.0), pick.model.name.casefold())

    return sorted(picks, key=key)


def _judged(
    picks: Sequence[Pick], asked: Sequence[Asked], columns: Sequence[Column], mixed: bool
) -> tuple[list[Row], list[str]]:
    """Cells with ranks and refusals, column by column, and the table's notes."""
    cells: list[list[Cell]] = [[] for _ in picks]
    said: dict[str, list[str]] = {}  # what is to be noted, and the metrics it is true of
    for index, (metric, column) in enumerate(zip(asked, columns, strict=True)):
        choices = [pick.selected.choices[index] for pick in picks]
        ranked = [
            (number, picks[number].model.name, choice.fact.protocol)
            for number, choice in enumerate(choices)
            if choice is not None and _may_rank(picks[number], choice)
        ]
        verdict = judge_column(metric.name, ranked)
        refused = {} if mixed else verdict.refused
        if mixed and verdict.refused:
            said.setdefault(_MIXED_NOTE, []).append(str(metric.name))
        for note in verdict.notes:
            said.setdefault(note, []).append(str(metric.name))
        ranks = {} if mixed and verdict.refused else _ranks(ranked, choices, refused, column)
        for number, choice in enumerate(choices):
            cells[number].append(_cell(choice, column, ranks.get(number), refused.get(number)))
    notes = [f"{', '.join(metrics)}: {note}" for note, metrics in said.items()]
    return [_row(pick, cells[number]) for number, pick in enumerate(picks)], notes


def _may_rank(pick: Pick, choice: Choice) -> bool:
    """References, claims and numbers that are only a bound stand in the table but not in the ranking."""
    return pick.model.kind != "reference" and choice.row.origin != "claim" and choice.fact.value is not None


def _ranks(
    ranked: Sequence[tuple[int, str, Protocol]],
    choices: Sequence[Choice | None],
    refused: Iterable[int],
    column: Column,
) -> dict[int, int]:
    left_out = set(refused)
    values: dict[int, float] = {}
    for number, _name, _protocol in ranked:
        choice = choices[number]
        if number not in left_out and choice is not None and choice.fact.value is not None:
            values[number] = choice.fact.value
    if len(values) < 2:
        return {}
    distinct = sorted(set(values.values()), reverse=column.direction == "higher")
    place = {value: number for number, value in enumerate(distinct[:2], start=1)}
    return {number: place[value] for number, value in values.items() if value in place}


def _cell(choice: Choice | None, column: Column, rank: int | None, refused: str | None) -> Cell:
    if choice is None:
        return EMPTY
    fact, row = choice.fact, choice.row
    provenance = Provenance(fact.key, row.origin, row.source, row.url, row.label, fact.status)
    notes = choice.notes
    if fact.approximate:
        notes = (*notes, f"printed as {fact.printed}")
    length = fact.protocol.item("audio_length")
    if length is not None and length.basis == "inferred":
        notes = (*notes, f"for one second: {length.note}")
    if refused is not None:
        notes = (*notes, f"{fact.printed} {refused}")
        return Cell(fact.value, fact.printed, "-", notes, provenance, None, choice.filled, refused=True)
    text = fact.printed if fact.value is None else cell_text(fact.value, fact.resolution, column)
    return Cell(
        fact.value, fact.printed, text, notes, provenance, rank, choice.filled, False, fact.uncertainty
    )


def _row(pick: Pick, cells: Sequence[Cell]) -> Row:
    model, row = pick.model, pick.selected.row
    proposed = any(cell.provenance is not None and cell.provenance.status == "proposed" for cell in cells)
    return Row(
        model=model.key,
        name=model.name,
        kind=model.kind,
        own=model.own,
        origin=row.origin,
        source=row.source,
        cells=tuple(cells),
        year=model.year,
        url=row.url,
        label=row.label,
        checkpoint=row.checkpoint.name if row.checkpoint else "",
        notes=pick.selected.notes,
        proposed=proposed,
        reproduced=pick.selected.reproduced,
    )
