"""Everything that a catalogue holds, in one state: what its site is made of.

Each kind of thing is loaded in a few queries for the whole catalogue; what belongs to one model or paper is sorted out
here, so that the work grows with the catalogue and not with its square.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from litdb.catalogue.facts.components import Fact, model_facts
from litdb.catalogue.facts.descriptions import descriptions
from litdb.catalogue.papers import newest_day
from litdb.catalogue.values import Where, in_order, known_values
from litdb.catalogue.views.ablations import comparisons
from litdb.catalogue.views.field import watches
from litdb.catalogue.views.history import HistoryEntry, history
from litdb.catalogue.views.pages.models import KnownModel, model_records
from litdb.catalogue.views.pages.papers import KnownPaper, StoredTable, paper_records, stored_tables
from litdb.catalogue.views.pages.scores import ScoreSpread, score_spreads
from litdb.catalogue.views.runs import RunView, own_runs
from litdb.catalogue.views.scores import asked_test_set
from litdb.evidence.components.values import ChangedRow
from litdb.evidence.conflicts import Disagreement
from litdb.evidence.tracing.card import Card, CardOf
from litdb.evidence.tracing.watched import Watch
from litdb.questions.conflicts import find_conflicts
from litdb.questions.figures.scatter import Plane, plane_of
from litdb.questions.question import DEFAULT_DATASET, DEFAULT_METRICS, Question
from litdb.questions.table import Compared, compared
from litdb.questions.tracing.card import card_from
from litdb.values.description import Description
from litdb.values.origin import Status
from litdb.values.table import Table
from litdb.values.value import Value
from litdb.vocabulary import MetricName, vocabulary
from litdb.vocabulary.components import own_components

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

T = TypeVar("T")

#: The most metrics that a leaderboard has columns for; the others are named.
_MOST_COLUMNS = 12
#: The most columns of what needs no test set (params, MACs).
_MOST_COSTS = 3


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """The comparison on one test set; `others` are metrics that have values on it and no column.

    `plane` is its first score over parameters, None where fewer than two rows have both.
    """

    dataset: str
    title: str
    table: Table
    others: tuple[str, ...] = ()
    plane: Plane | None = None


@dataclass(frozen=True, slots=True)
class Everything:
    """All that a catalogue holds; by key of the model, paper or checkpoint where it is a mapping.

    `boards` begin with the usual test set, else with the one that most models are on. `shown` are the keys of the results
    that boards show.
    """

    as_of: dt.date
    models: tuple[KnownModel, ...]
    papers: tuple[KnownPaper, ...]
    boards: tuple[Leaderboard, ...]
    values: Mapping[str, Sequence[Value]]
    in_papers: Mapping[str, Sequence[Value]]
    tables: Mapping[str, Sequence[StoredTable]]
    conflicts: Mapping[str, Sequence[Disagreement]]
    comparisons: Mapping[str, Sequence[ChangedRow]]
    facts: Mapping[str, Sequence[Fact]]
    said: Mapping[str, Sequence[Description]]
    cards: Mapping[str, Card]
    runs: tuple[RunView, ...]
    spreads: Mapping[str, Sequence[ScoreSpread]]
    history: tuple[HistoryEntry, ...]
    watches: tuple[Watch, ...] = ()
    shown: frozenset[str] = field(default=frozenset())


def everything(session: Session, told: Callable[[str], None] = lambda _step: None) -> Everything:
    """All of the catalogue; `told` is called with the words for each step before it."""
    told("values")
    found = known_values(session, Where())
    values, in_papers = defaultdict[str, list[Value]](list), defaultdict[str, list[Value]](list)
    for value in found:
        values[value.model].append(value)
        if value.paper:
            in_papers[value.paper].append(value)
    told("models and papers")
    models, papers = model_records(session), paper_records(session)
    told("conflicts")
    conflicts = _by(find_conflicts(session), lambda one: one.model)
    told("leaderboards")
    boards = _boards(session, found)
    told("tables and ablations")
    tables = stored_tables(session)
    changed = _by(comparisons(session, own_components()), lambda one: one.paper)
    told("own runs and decisions")
    runs, spreads = own_runs(session), score_spreads(session)
    decided, watched = history(session), watches.listed(session)
    facts = _by(model_facts(session), lambda one: one.model)
    said = _by(descriptions(session), lambda one: one.model)
    told("cards")
    titles = {paper.key: paper.title for paper in papers}
    cards = {
        model.key: made
        for model in models
        if (
            made := _card(
                model,
                titles,
                values.get(model.key, ()),
                conflicts.get(model.key, ()),
                said.get(model.key, ()),
            )
        )
        is not None
    }
    return Everything(
        newest_day(session), tuple(models), tuple(papers), boards, dict(values), dict(in_papers), tables, conflicts,
        changed, facts, said, cards, tuple(runs), spreads, tuple(decided), tuple(watched),
        frozenset(
            cell.provenance.result
            for board in boards for row in board.table.rows for cell in row.cells
            if cell.provenance is not None and not cell.refused
        ),
    )  # fmt: skip


def _by(items: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return dict(found)


def _boards(session: Session, found: Sequence[Value]) -> tuple[Leaderboard, ...]:
    """The comparison on each test set with accepted numbers, the usual one first, then by the number of rows."""
    scores = defaultdict[str, Counter[str]](Counter)
    on = defaultdict[str, set[str]](set)
    costs: dict[str, set[str]] = defaultdict(set)
    for value in found:
        if value.status is not Status.ACCEPTED or value.value is None:
            continue
        known = vocabulary().metric(value.quantity)
        if known is None:
            continue
        if known.per_model:
            costs[value.metric].add(value.model)
        elif value.dataset:
            scores[value.dataset][value.metric] += 1
            on[value.dataset].add(value.model)
    boards = []
    for dataset, counted in scores.items():
        columns, others = _columns(counted, {name: len(some & on[dataset]) for name, some in costs.items()})
        question = Question.parse(columns, dataset=dataset)
        compared_rows = compared(session, question)
        title = asked_test_set(session, dataset).title
        plane = _plane(session, question, compared_rows)
        boards.append(Leaderboard(dataset, title, compared_rows.table, tuple(others), plane))
    usual = [board for board in boards if board.table.rows]
    return tuple(
        sorted(usual, key=lambda b: (b.dataset != DEFAULT_DATASET, -len(b.table.rows), b.title.casefold()))
    )


def _plane(session: Session, question: Question, found: Compared) -> Plane | None:
    """The first score over parameters; None where fewer than two rows have both."""
    params = next((column for column in found.table.columns if column.metric == "params"), None)
    scores = [
        name
        for name, column in zip(question.metrics, found.table.columns, strict=False)
        if not column.per_model
    ]
    if params is None or not scores:
        return None
    plane = plane_of(session, question, found, params, scores[0])
    return plane if len(plane.found.points) > 1 else None


def _columns(scores: Mapping[str, int], costs: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """The metrics of a leaderboard, costs first and each in the order of the vocabulary; and those left out."""
    usual = {name: place for place, name in enumerate(DEFAULT_METRICS)}
    order = {metric.id: place for place, metric in enumerate(vocabulary().metrics)}

    def place(name: str) -> tuple[int, int, str]:
        return usual.get(name, len(usual)), order[MetricName.parse(name).quantity], name

    often = sorted(scores, key=lambda name: (name not in usual, -scores[name], name))
    most = sorted((name for name in costs if costs[name]), key=lambda name: (-costs[name], name))[
        :_MOST_COSTS
    ]
    kept = often[: _MOST_COLUMNS - len(most)]
    return [*sorted(most, key=place), *sorted(kept, key=place)], often[len(kept) :]


def _card(
    model: KnownModel,
    titles: Mapping[str, str],
    found: Sequence[Value],
    disputes: Sequence[Disagreement],
    said: Sequence[Description],
) -> Card | None:
    """The card of a model on the test set that most of its numbers are on; None for one without any."""
    accepted = [value for value in found if value.status is Status.ACCEPTED]
    sets = Counter(value.dataset for value in accepted if value.dataset)
    if not sets:
        return None
    dataset = min(sets, key=lambda name: (-sets[name], name != DEFAULT_DATASET, name))
    mine = in_order(value for value in accepted if value.dataset in ("", dataset))
    about = CardOf(model.key, model.name, model.paper, titles.get(model.paper, ""))
    return card_from(about, mine, disputes, dataset, own=model.own, said=said, checkpoints=model.checkpoints)
