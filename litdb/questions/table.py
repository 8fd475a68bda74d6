"""From a question to a comparison table: candidates, selection, what may be ranked, cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from litdb.catalogue.facts.components import facts_of_models, model_facts
from litdb.catalogue.models import candidate_models
from litdb.catalogue.values import Where, any_value, values
from litdb.catalogue.views.scores import asked_test_set
from litdb.evidence.marks import by_hand_note, cell_notes, earlier
from litdb.evidence.matching import Asked, Rules
from litdb.evidence.ranking import Pick, judge, ranked
from litdb.evidence.rows.refusals import Refusals
from litdb.evidence.selection import select
from litdb.questions.question import Question
from litdb.questions.tables.refused import refusals
from litdb.values.agreement import is_bound, meets
from litdb.values.choice import Choice, Selected
from litdb.values.display import cell_text, column_for
from litdb.values.note import Note, brief
from litdb.values.origin import Status
from litdb.values.table import EMPTY, Cell, Column, Provenance, Row, Table
from litdb.values.value import Model, Value
from litdb.vocabulary import MetricName, vocabulary

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_MIXED_NOTE = Note("values known not to be comparable stand side by side, and none is ranked.")


@dataclass(frozen=True, slots=True)
class Compared:
    """A table with what its rows were picked from: the pick of each row, and all that is known of each model."""

    table: Table
    picks: tuple[Pick, ...]
    known: Mapping[str, Sequence[Value]]


def compare(session: Session, question: Question) -> Table:
    """Answer a question with a table. Raises UsageError for a test set the vocabulary does not know."""
    return compared(session, question).table


def compared(session: Session, question: Question) -> Compared:
    """:func:`compare` with what the rows were picked from."""
    dataset = asked_test_set(session, question.dataset)
    asked = asked_by(question)
    columns = tuple(column_for(metric.name, vocabulary()) for metric in asked)
    quantities = [metric.name.quantity for metric in asked]
    waiting = Where(statuses=(Status.PROPOSED,), dataset=dataset.id, quantities=quantities)
    wider = question.rules.proposed or any_value(session, waiting)
    models, found = _candidates(session, question, asked, wider)
    chosen = _chosen(models, found, asked, question)
    hidden = 0
    if wider and not question.rules.proposed:
        hidden = _hidden(models, found, asked, question, chosen)
    picks, places, groups = _grouped(session, _ordered(chosen, asked, question), question)
    against = refusals(session, dataset.id, found)
    rows, notes = _judged(picks, asked, columns, question.rules, found, against, _aimed(session, asked))
    rows = [replace(row, group=place) if place else row for row, place in zip(rows, places, strict=True)]
    if not chosen and (excluded := _excluding(session, question, asked, question.rules.proposed)):
        notes = [Note(excluded)]
    if chosen and question.causal is not None and (silent := _silent(models, found, asked, question)):
        do = "does" if silent == 1 else "do"
        notes.append(Note(f"{silent} {_rows_meet(silent)} everything else and {do} not state causality."))
    table = Table(dataset.title, columns, tuple(rows), tuple(notes), hidden=hidden, groups=groups)
    return Compared(ranked(table), tuple(picks), found)


def _grouped(
    session: Session, picks: list[Pick], question: Question
) -> tuple[list[Pick], list[int], tuple[str, ...]]:
    """The picks group by group, in each as they were; the place of each one's group, and the titles of the groups."""
    if question.partition is None:
        return picks, [0] * len(picks), ()
    families = {}
    if question.partition.by == "family":
        families = {fact.model: fact.component for fact in model_facts(session) if fact.item == "family"}
    places, titles = question.partition.places(picks, families)
    order = sorted(range(len(picks)), key=places.__getitem__)
    return [picks[number] for number in order], [places[number] for number in order], titles


#: Components of a training that aims at a metric, and what is said with that metric then, the plainest first.
_AIMS = {
    "PESQ": {
        "pesq-loss": Note("trained on PESQ itself", "trained on PESQ itself"),
        "discriminator": Note(
            "trained against a metric discriminator", "trained against a metric discriminator"
        ),
    }
}


def _aimed(session: Session, asked: Sequence[Asked]) -> dict[str, dict[str, Note]]:
    """By metric that is asked for, what is said of the models whose training aimed at it: they may have it without sounding so."""
    aims = {name: _AIMS[name] for metric in asked if (name := metric.name.quantity) in _AIMS}
    facts = facts_of_models(session, ("training",)) if aims else {}
    return {
        quantity: {
            model: next(notes[component] for component in notes if component in of)
            for model, of in facts.items()
            if not of.keys().isdisjoint(notes)
        }
        for quantity, notes in aims.items()
    }


def _hidden(
    models: Iterable[Model],
    found: Mapping[str, Sequence[Value]],
    asked: Sequence[Asked],
    question: Question,
    chosen: Sequence[Pick],
) -> int:
    """How many rows more proposed values would give; only models that have some can differ."""
    waiting = [m for m in models if any(v.status is Status.PROPOSED for v in found.get(m.key, ()))]
    keys = {model.key for model in waiting}
    also = replace(question, rules=replace(question.rules, proposed=True))
    shown = sum(one.model.key in keys for one in chosen)
    return max(0, len(_chosen(waiting, found, asked, also)) - shown)


def _silent(
    models: Iterable[Model], found: Mapping[str, Sequence[Value]], asked: Sequence[Asked], question: Question
) -> int:
    """How many rows only lack a statement on causality: a short list of causal models is not all there are."""
    free = _chosen(models, found, asked, replace(question, causal=None))
    return sum(pick.selected.causal is None for pick in free)


def _excluding(session: Session, question: Question, asked: Sequence[Asked], wider: bool) -> str:
    """In words, which condition excluded most: without it, how many models meet the others; '' without conditions."""

    def rows(other: Question) -> int:
        return len(_chosen(*_candidates(session, other, asked, wider), asked, other))

    left = {words: rows(without) for words, without in question.each_left_out()}
    if not left:
        return ""
    most = max(left, key=lambda words: left[words])
    if left[most]:
        return f"{most} excludes most: {left[most]} {_rows_meet(left[most])} everything else."
    alone = {words: rows(only) for words, only in question.each_alone()}
    least = min(alone, key=lambda words: alone[words])
    return (
        f"no model meets the other conditions either, whichever one is left out; {least} excludes most: "
        f"{alone[least] or 'no'} {_rows_meet(alone[least] or 2)} it alone."
    )


def _rows_meet(count: int) -> str:
    return "row meets" if count == 1 else "rows meet"


def pick(session: Session, question: Question) -> list[Pick]:
    """The models that a question finds, each with its row, by name; nothing is judged comparable or ranked yet."""
    return picked(session, question)[0]


def picked(session: Session, question: Question) -> tuple[list[Pick], Mapping[str, Sequence[Value]]]:
    """:func:`pick`, and all that is known of each model that may meet the conditions."""
    asked = asked_by(question)
    models, found = _candidates(session, question, asked, question.rules.proposed)
    return _chosen(models, found, asked, question), found


def asked_by(question: Question) -> list[Asked]:
    """The metrics that a question asks for, as selection knows them."""
    return [Asked(name, column_for(name, vocabulary()).per_model) for name in columns_asked(question)]


def _candidates(
    session: Session, question: Question, asked: Sequence[Asked], proposed: bool
) -> tuple[list[Model], Mapping[str, Sequence[Value]]]:
    """The models that may meet the conditions, with their values."""
    statuses = (Status.ACCEPTED, Status.PROPOSED) if proposed else (Status.ACCEPTED,)
    candidates = candidate_models(
        session,
        dataset=question.dataset,
        conditions=question.conditions,
        kinds=question.kinds,
        statuses=statuses,
        keys=question.models,
        quantities=_needed(asked),
    )
    models = [model for model in candidates if _dated(model, question)]
    found: dict[str, list[Value]] = defaultdict(list)
    wanted = Where(
        models=[model.key for model in models],
        dataset=question.dataset,
        statuses=statuses,
    )
    for value in values(session, wanted):
        found[value.model].append(value)
    return models, found


def columns_asked(question: Question) -> tuple[MetricName, ...]:
    """The metrics that become columns: those asked for, and those that a condition or the order needs."""
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
    models: Iterable[Model],
    found: Mapping[str, Sequence[Value]],
    asked: Sequence[Asked],
    question: Question,
) -> list[Pick]:
    metrics = tuple(metric.name for metric in asked)
    return [
        Pick(model, one, metrics)
        for model in models
        for one in select(found.get(model.key, ()), asked, question.rules, own=model.own)
        if _wanted(one, asked, question)
    ]


def _dated(model: Model, question: Question) -> bool:
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
    chosen = {metric.name: choice for metric, choice in zip(asked, selected.choices, strict=True)}
    for condition in question.conditions:
        choice = chosen[condition.metric]
        if choice is None or not meets(choice.value, condition):
            return False
    return question.causal is None or selected.causal is question.causal


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
        value = choice.value.value if choice is not None else None
        return (value is None, sign * (value or 0.0), pick.model.name.casefold())

    return sorted(picks, key=key)


def _judged(
    picks: Sequence[Pick],
    asked: Sequence[Asked],
    columns: Sequence[Column],
    rules: Rules,
    known: Mapping[str, Sequence[Value]],
    against: Refusals,
    aimed: Mapping[str, Mapping[str, Note]],
) -> tuple[list[Row], list[Note]]:
    """Cells with refusals, column by column, and the table's notes; `aimed` is what is said of models that were trained on a metric."""
    cells: list[list[Cell]] = [[] for _ in picks]
    said: dict[Note, list[str]] = {}  # what is to be noted, and the metrics it is true of
    for metric, column in zip(asked, columns, strict=True):
        judged = judge(picks, metric.name, rules, against)
        for note in (*((_MIXED_NOTE,) if judged.unranked else ()), *judged.notes):
            said.setdefault(note, []).append(str(metric.name))
        for number, pick in enumerate(picks):
            choice = pick.choice(metric.name)
            cell = cell_of(choice, column, judged.refused.get(number), comparable=number in judged.comparable)
            if number in judged.apart:
                cell = replace(cell, notes=(*cell.notes, judged.apart[number]))
            if choice is not None and (aim := aimed.get(metric.name.quantity, {}).get(pick.model.key)):
                cell = replace(cell, notes=(*cell.notes, aim))
            if choice is not None and (before := earlier(choice.value, known.get(pick.model.key, ()))):
                cell = replace(cell, earlier=before)
            cells[number].append(cell)
    notes = [_of_metrics(note, metrics) for note, metrics in said.items()]
    notes += by_hand_note(choice for pick in picks for choice in pick.selected.choices)
    return [_row(pick, cells[number]) for number, pick in enumerate(picks)], notes


def _of_metrics(note: Note, metrics: Sequence[str]) -> Note:
    about = ", ".join(metrics)
    short = brief(note)
    return Note(f"{about}: {note}", f"{about}: {short}" if short else "")


def cell_of(
    choice: Choice | None, column: Column, refused: Note | None = None, *, comparable: bool = False
) -> Cell:
    """The cell that shows a choice, not ranked, which may be where it is `comparable`; of a refused value a dash with the reason."""
    if choice is None:
        return EMPTY
    value, row = choice.value, choice.value.row
    provenance = Provenance(
        value.key, row.origin, row.place, row.document.url, row.label, value.status, value.entry,
        tuple(map(str, value.corrections)), value.paper, value.rerun,
    )  # fmt: skip
    notes = cell_notes(choice)
    if refused is not None:
        notes = (*notes, Note(f"{value.printed} {refused}", brief(refused)))
        return Cell(value.value, value.printed, "-", notes, provenance, None, choice.filled, refused=True)
    text = value.printed if value.value is None else cell_text(value.value, value.resolution, column)
    return Cell(
        value.value, value.printed, text, notes, provenance, None, choice.filled, False, value.uncertainty,
        is_bound(value), comparable=comparable,
    )  # fmt: skip


def _row(pick: Pick, cells: Sequence[Cell]) -> Row:
    model, row = pick.model, pick.selected.row
    proposed = any(cell.provenance is not None and cell.provenance.status == "proposed" for cell in cells)
    return Row(
        model=model.key,
        name=model.name,
        kind=model.kind,
        own=model.own,
        origin=row.origin,
        source=row.place,
        cells=tuple(cells),
        year=model.year,
        url=row.document.url,
        label=row.label,
        checkpoint=row.checkpoint.key if row.checkpoint else "",
        notes=pick.selected.notes,
        proposed=proposed,
        reproduced=pick.selected.reproduced,
        paper=model.paper,
        document=row.document.paper,
        version=row.document.version,
        rerun=any(choice is not None and choice.value.rerun for choice in pick.selected.choices),
        causal=pick.selected.causal,
    )
