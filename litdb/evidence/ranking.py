"""What is ranked in a column: the best and the second among the values that may be compared."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from litdb.evidence.comparability import impossible, judge_column
from litdb.evidence.matching import Rules
from litdb.evidence.rows.refusals import Refusals
from litdb.values.agreement import is_bound
from litdb.values.choice import Choice, Selected
from litdb.values.note import Note
from litdb.values.origin import Kind, Origin
from litdb.values.table import Cell, Column, Table
from litdb.values.value import Model
from litdb.vocabulary.metric_name import MetricName


@dataclass(frozen=True, slots=True)
class Pick:
    """A model with the row a table shows for it: a choice for each of `metrics`."""

    model: Model
    selected: Selected
    metrics: tuple[MetricName, ...]

    @property
    def name(self) -> str:
        """The name of the row: the model's, marked where somebody else measured it."""
        return f"{self.model.name} (reproduced)" if self.selected.reproduced else self.model.name

    def choice(self, metric: MetricName) -> Choice | None:
        """What the row says in a metric, or None."""
        return self.selected.choices[self.metrics.index(metric)]


@dataclass(frozen=True, slots=True)
class ColumnVerdict:
    """One column judged: the rows that may be ranked, and why a value is left out, or shown `apart` without a rank.

    `unranked` says that values known not to be comparable stand side by side, so that none may be.
    """

    comparable: frozenset[int]
    refused: Mapping[int, Note]
    notes: tuple[Note, ...]
    unranked: bool = False
    apart: Mapping[int, Note] = field(default_factory=dict)


def judge(
    picks: Sequence[Pick],
    metric: MetricName,
    rules: Rules,
    refusals: Refusals | None = None,
) -> ColumnVerdict:
    """Judge one column of these rows; what the `refusals` speak against has no rank.

    With `mixed` no protocol is refused, and in a column that would refuse one nothing is ranked; values of withdrawn papers are
    ranked with `withdrawn` only.
    """
    choices = [pick.choice(metric) for pick in picks]
    entries = [
        (number, picks[number].name, choice.value.protocol)
        for number, choice in enumerate(choices)
        if choice is not None and _may_rank(picks[number], choice)
    ]
    never = {
        number: Note(f"not ranked: {reason}")
        for number, choice in enumerate(choices)
        if choice is not None and (reason := impossible(choice.value)) is not None
    }
    never |= {} if rules.withdrawn else _withdrawn(choices)
    spoken_against = {
        number: refusal
        for number, choice in enumerate(choices)
        if choice is not None and refusals is not None and (refusal := refusals.of(choice.value)) is not None
    }
    elsewhere = {number for number, refusal in spoken_against.items() if refusal.cause == "input"}
    entries = [entry for entry in entries if entry[0] not in never and entry[0] not in elsewhere]
    own = [number for number, *_ in entries if picks[number].model.own]
    dataset = next((c.value.dataset for c in choices if c is not None and c.value.dataset), "")
    verdict = judge_column(metric, entries, own, dataset)
    if rules.mixed and verdict.refused:
        return ColumnVerdict(frozenset(), {}, verdict.notes, unranked=True)
    refused = {**verdict.refused, **never}
    apart = {**verdict.apart, **{number: refusal.note for number, refusal in spoken_against.items()}}
    comparable = {
        number
        for number, choice in enumerate(choices)
        if choice is not None and choice.value.value is not None and not is_bound(choice.value)
    }
    left = comparable.intersection(number for number, _, _ in entries).difference(refused, apart)
    apart = {number: note for number, note in apart.items() if number not in refused}
    return ColumnVerdict(frozenset(left), refused, verdict.notes, apart=apart)


def _withdrawn(choices: Sequence[Choice | None]) -> dict[int, Note]:
    """Why a value of a withdrawn paper is not ranked, by row."""
    return {
        number: Note("not ranked: its paper is withdrawn")
        for number, choice in enumerate(choices)
        if choice is not None and choice.value.withdrawn
    }


def _may_rank(pick: Pick, choice: Choice) -> bool:
    """References, claims and words stand in the table but not in the ranking."""
    return (
        pick.model.kind is not Kind.REFERENCE
        and choice.value.origin is not Origin.CLAIM
        and choice.value.value is not None
    )


def ranked(table: Table) -> Table:
    """The table with the best and the second of each column and group marked, by the numbers that it shows.

    Two values shown as the same number are as good as one another.
    """
    marked: dict[int, list[Cell]] = {}  # the rows of which a cell gets another rank: few of a long table
    for index, column in enumerate(table.columns):
        for group in {row.group for row in table.rows}:
            numbers = {
                place: Decimal(row.cells[index].text)
                for place, row in enumerate(table.rows)
                if row.group == group and row.cells[index].comparable
            }
            places = _places(numbers.values(), column)
            for place, row in enumerate(table.rows):
                if row.group == group:
                    rank = places.get(numbers[place]) if place in numbers else None
                    if rank != row.cells[index].rank:
                        marked.setdefault(place, list(row.cells))[index] = replace(
                            row.cells[index], rank=rank
                        )
    rows = (
        replace(row, cells=tuple(marked[place])) if place in marked else row
        for place, row in enumerate(table.rows)
    )
    return replace(table, rows=tuple(rows))


def _places(numbers: Collection[Decimal], column: Column) -> dict[Decimal, int]:
    """The best number and the second; none where there is nothing to be better than."""
    if len(numbers) < 2:
        return {}
    return {
        number: place
        for place, number in enumerate(
            sorted(set(numbers), reverse=column.direction == "higher")[:2], start=1
        )
    }
