"""The values of a lock as values that a draft is held to: what was frozen stands, whatever the catalogue says since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from litdb.draft.frozen.asking import Locator
from litdb.draft.frozen.lock import read_lock
from litdb.draft.knowledge import LOCK, Knowledge
from litdb.values.origin import Kind, Origin
from litdb.values.value import Document, Model, SourceRow, Value
from litdb.vocabulary import MetricName, parse_number, vocabulary


def with_lock(known: Knowledge, place: Path) -> Knowledge:
    """What is known, with the values of a lock as those that numbers of its models must be.

    Raises InputError for a lock that cannot be read.
    """
    lock = read_lock(place)
    models = {value.key: value.model for value in known.facts.values}
    names = {model.name: model.key for model in known.facts.models.values()}
    found = (
        _value(
            one,
            models.get(one.result) or names.get(one.model, ""),
            f"{place.name} of {lock.frozen.isoformat()}",
        )
        for one in lock.answers.results.values()
    )
    return replace(known, frozen=tuple(value for values in found for value in values))


def _value(one: Locator, model: str, frozen: str) -> Iterator[Value]:
    """The value of a locator; none for a model that the catalogue does not know any more, and for words."""
    metric = MetricName.parse(one.metric)
    number = parse_number(one.printed, vocabulary().metric(metric.quantity))
    if not model or number is None:
        return
    test_set = vocabulary().dataset(one.dataset)
    per_model = (known := vocabulary().metric(metric.quantity)) is not None and known.per_model
    row = SourceRow(
        f"lock {one.result}",
        Model(model, one.model, Kind.SYSTEM),
        Document(one.source, LOCK, f"{one.source}, frozen in {frozen}"),
        Origin(one.origin),
        one.row,
    )
    yield Value(
        one.result, row, one.metric, metric.quantity,
        "" if per_model else test_set.id if test_set is not None else one.dataset,
        number.value, one.printed, number.resolution, number.approximate, protocol=metric.protocol(),
    )  # fmt: skip
