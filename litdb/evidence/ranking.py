"""What is ranked in a column: the best and the second among the values that may be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from litdb.evidence.comparability import impossible, judge_column
from litdb.evidence.matching import Rules
from litdb.evidence.selection import Choice, Selected
from litdb.values.agreement import is_bound
from litdb.values.origin import Kind, Origin
from litdb.values.table import Column
from litdb.values.value import Model
from litdb.vocabulary.metric_name import MetricName


@dataclass(frozen=True, slots=True)
class Pick:
    """A model with the row a table shows for it: a choice for each of `metrics`."""

    model: Model
    selected: Selected
    metrics: tuple[MetricName, ...]

    def choice(self, metric: MetricName) -> Choice | None:
        """What the row says in a metric, or None."""
        return self.selected.choices[self.metrics.index(metric)]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One column judged: by row, 1 for the best and 2 for the second, and why a value is left out, or shown `apart`.

    `unranked` says that values known not to be comparable stand side by side, so that none has a rank.
    """

    ranks: Mapping[int, int]
    refused: Mapping[int, str]
    notes: tuple[str, ...]
    unranked: bool = False
    apart: Mapping[int, str] = field(default_factory=dict)


def rank_column(picks: Sequence[Pick], metric: MetricName, column: Column, rules: Rules) -> Ranked:
    """Judge one column of these rows.

    With `mixed` no protocol is refused, and a column that would refuse one has no ranks; values of withdrawn papers are
    ranked with `withdrawn` only.
    """
    choices = [pick.choice(metric) for pick in picks]
    entries = [
        (number, picks[number].model.name, choice.value.protocol)
        for number, choice in enumerate(choices)
        if choice is not None and _may_rank(picks[number], choice)
    ]
    never = {
        number: f"not ranked: {reason}"
        for number, choice in enumerate(choices)
        if choice is not None and (reason := impossible(choice.value)) is not None
    }
    never |= {} if rules.withdrawn else _withdrawn(choices)
    entries = [entry for entry in entries if entry[0] not in never]
    verdict = judge_column(metric, entries, [number for number, *_ in entries if picks[number].model.own])
    if rules.mixed and verdict.refused:
        return Ranked({}, {}, verdict.notes, unranked=True)
    values = {
        number: choice.value.value
        for number, choice in enumerate(choices)
        if choice is not None and choice.value.value is not None and not is_bound(choice.value)
    }
    left = {number: values[number] for number, _, _ in entries if number in values}
    refused = {**verdict.refused, **never}
    ranks = _ranks(left, {*refused, *verdict.apart}, column)
    return Ranked(ranks, refused, verdict.notes, apart=verdict.apart)


def _withdrawn(choices: Sequence[Choice | None]) -> dict[int, str]:
    """Why a value of a withdrawn paper is not ranked, by row."""
    return {
        number: "not ranked: its paper is withdrawn"
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


def _ranks(values: Mapping[int, float], refused: Iterable[int], column: Column) -> dict[int, int]:
    left = {number: value for number, value in values.items() if number not in set(refused)}
    if len(left) < 2:
        return {}
    distinct = sorted(set(left.values()), reverse=column.direction == "higher")
    place = {value: number for number, value in enumerate(distinct[:2], start=1)}
    return {number: place[value] for number, value in left.items() if value in place}
