"""What a table is asked for, and how it is read from the words people type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, TypedDict, Unpack

from litdb.errors import UsageError, near
from litdb.evidence.matching import Rules
from litdb.evidence.rows.partition import Partition
from litdb.values.origin import Origin
from litdb.vocabulary import MetricName, vocabulary
from litdb.vocabulary.ranges import Condition, Range

DEFAULT_METRICS = ("params", "PESQ", "CSIG", "CBAK", "COVL", "STOI")
DEFAULT_DATASET = "vbd"
ORIGINS = tuple(Origin)


class Words(TypedDict, total=False):
    """The words of a question beside its metrics, each of which may be left out.

    They are the keywords of `Catalogue.table` and the options of `litdb table`: one list, whose texts are the help of
    both.
    """

    dataset: Annotated[str, "The test set (`litdb vocabulary` lists them)."]
    datasets: Annotated[
        Sequence[str], "The test set; several stand side by side (`litdb vocabulary` lists them)."
    ]
    where: Annotated[Mapping[str, str] | Sequence[str], "A range a metric must lie in; may be repeated."]
    models: Annotated[Sequence[str] | None, "Only these models, in this order."]
    year: Annotated[str | None, "Year of the paper, such as 2023.."]
    causal: Annotated[bool | None, "Only rows stated to be (not) causal."]
    origins: Annotated[
        Sequence[str],
        "self, repository, quoted, tracker, claim, reproduced or measured; may be repeated.",
    ]
    since: Annotated[dt.date | None, "Only models whose paper is from that day or later."]
    sort: Annotated[str | None, "Order by a metric, with - from large to small."]
    proposed: Annotated[bool, "Add results that wait for review, marked."]
    claims: Annotated[bool, "Add claims without a source, marked."]
    mixed: Annotated[bool, "Show values known not to be comparable; such columns are not ranked."]
    withdrawn: Annotated[bool, "Rank values of withdrawn papers too."]
    checkpoints: Annotated[bool, "All own checkpoints, not only the declared one."]
    ablations: Annotated[bool, "Add rows of ablation tables."]
    references: Annotated[bool, "Add reference rows such as the noisy input."]
    group_by: Annotated[
        str | None, "Group the rows: size, size=0.2M,1M, causal, family or own; each has its own best."
    ]


@dataclass(frozen=True, slots=True)
class Question:
    """What a table is asked for.

    `metrics` are its columns; a metric that only a condition names becomes a column too. `models` are keys (names,
    while the question is not yet asked of a catalogue), None for all. `causal` keeps rows stated to be (or not to be)
    causal. `since` keeps models whose paper is from that day or later. `sort` is a metric and whether the largest comes
    first; without it the order is that of names.
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
    partition: Partition | None = None
    beside: tuple[str, ...] = ()

    @classmethod
    def parse(cls, metrics: Sequence[str] = DEFAULT_METRICS, **words: Unpack[Words]) -> Question:
        """A question from words: `Question.parse(["params", "PESQ"], where={"params": "0.4M..1.0M"})`.

        A test set that is not in the vocabulary may be an own one, which the catalogue knows. Without `sort`, the first score asked for orders the rows, best first; named models keep their order. Raises
        UsageError for words that are not known.
        """
        named = words.get("datasets") or (words.get("dataset", DEFAULT_DATASET),)
        # One that the vocabulary lacks: the catalogue may hold one of the user's own.
        known = {one: vocabulary().dataset(one) for one in named}
        sets = tuple(dict.fromkeys(one if there is None else there.id for one, there in known.items()))
        names = tuple(dict.fromkeys(vocabulary().metric_name(metric) for metric in metrics))
        if not names:
            raise UsageError("no metric is asked for: give for example params,PESQ,STOI")
        models, year = words.get("models"), words.get("year")
        partition = Partition.parse(words.get("group_by") or "") if words.get("group_by") else None
        if partition is not None and partition.needs not in (None, *names):
            raise UsageError(
                f"rows are grouped by {partition.by} where {partition.needs} is among the metrics"
            )
        return cls(
            metrics=names,
            dataset=sets[0],
            beside=sets[1:],
            conditions=conditions(words.get("where", ())),
            models=None if models is None else tuple(models),
            years=Range.parse(year) if year else None,
            causal=words.get("causal"),
            origins=_origins(words.get("origins", ())),
            since=words.get("since"),
            sort=_sort(words.get("sort"), names, by_name=models is not None),
            kinds=_kinds(
                ablations=models is not None or words.get("ablations", False),
                references=models is not None or words.get("references", False),
            ),
            rules=Rules(
                words.get("proposed", False),
                words.get("claims", False),
                words.get("mixed", False),
                words.get("checkpoints", False),
                words.get("withdrawn", False),
            ),
            partition=partition,
        )

    def each_left_out(self) -> list[tuple[str, Question]]:
        """Every condition in words, with the question without it."""
        return [(words, replace(self, **changed)) for words, changed in self._left_out()]

    def each_alone(self) -> list[tuple[str, Question]]:
        """Every condition in words, with the question that has no other."""
        free = replace(self, conditions=(), years=None, causal=None, origins=(), since=None)
        return [
            *((str(condition), replace(free, conditions=(condition,))) for condition in self.conditions),
            *(
                (words, replace(free, **{name: getattr(self, name)}))
                for words, changed in self._left_out()
                if (name := next(iter(changed))) != "conditions"
            ),
        ]

    def _left_out(self) -> list[tuple[str, dict[str, Any]]]:
        """Every condition in words, with the field that it stands in as it is without it."""
        found: list[tuple[str, dict[str, Any]]] = [
            (
                str(condition),
                {"conditions": tuple(other for other in self.conditions if other is not condition)},
            )
            for condition in self.conditions
        ]
        if self.years is not None:
            found.append((f"year {self.years}", {"years": None}))
        if self.causal is not None:
            found.append(("causal" if self.causal else "non-causal", {"causal": None}))
        if self.origins:
            found.append((f"origin {' or '.join(self.origins)}", {"origins": ()}))
        if self.since is not None:
            found.append((f"new since {self.since}", {"since": None}))
        return found


def conditions(where: Mapping[str, str] | Sequence[str]) -> tuple[Condition, ...]:
    """Ranges of metrics: `{"params": "0.4M..1.0M"}`, or as they are typed, `["params=0.4M..1.0M"]`. Raises UsageError."""
    if isinstance(where, Mapping):
        return tuple(Condition.of(metric, bounds) for metric, bounds in where.items())
    return tuple(map(Condition.parse, where))


def _origins(asked: Sequence[str]) -> tuple[Origin, ...]:
    unknown = [origin for origin in asked if origin not in list(Origin)]
    if unknown:
        hint = near(unknown[0], Origin, other=f"use one of {', '.join(Origin)}")
        raise UsageError(f"unknown origin {unknown[0]!r}: {hint}")
    return tuple(origin for origin in Origin if origin in asked)


def _kinds(*, ablations: bool, references: bool) -> tuple[str, ...]:
    return (
        "system",
        "variant",
        *(("ablation",) if ablations else ()),
        *(("reference",) if references else ()),
    )


def _sort(text: str | None, names: Sequence[MetricName], *, by_name: bool) -> tuple[MetricName, bool] | None:
    words = vocabulary()
    if text is not None:
        return words.metric_name(text.removeprefix("-")), text.startswith("-")
    scores = [name for name in names if (m := words.metric(name.quantity)) is not None and not m.per_model]
    if by_name or not scores:
        return None
    metric = words.metric(scores[0].quantity)
    return scores[0], metric is None or metric.direction == "higher"
