"""What a catalogue knows that may help to read a table: names of models, and the rows of unprocessed test sets.

Only what is in force counts, and only names and unprocessed rows: a number that a catalogue holds for a model is no ground
for the number of a cell, because a copied slip must not confirm itself.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import ModelRow, NameRow
from litdb.catalogue.values import Where, known_values
from litdb.extract.meaning.priors import NoisyRow, Priors, shipped
from litdb.values.origin import Status
from litdb.vocabulary import vocabulary

#: How many sources must agree on the values of an unprocessed test set, and how far they may lie apart.
_SOURCES = 2
_SPREAD = 0.03
_UNPROCESSED = ("noisy", "unprocessed", "mixture")


def believed(session: Session) -> Priors:
    """The shipped priors with what the catalogue knows besides; the same whatever order papers came in."""
    names = set(session.scalars(select(ModelRow.name).where(ModelRow.kind != "reference")))
    names |= set(
        session.scalars(
            select(NameRow.name).join(ModelRow, ModelRow.id == NameRow.model_id).where(NameRow.scope == "")
        )
    )
    return shipped().knowing(sorted(names), _noisy_rows(session))


def _noisy_rows(session: Session) -> list[NoisyRow]:
    """The unprocessed rows on which accepted values of at least two sources agree."""
    said: dict[str, dict[str, dict[str, set[float]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(set))
    )
    for value in known_values(session, Where(statuses=(Status.ACCEPTED,))):
        plain = value.row.named.lower().startswith(_UNPROCESSED) and value.metric == value.quantity
        if plain and value.dataset and value.value is not None:
            said[value.dataset][value.quantity][value.paper or value.row.document.url].add(value.value)
    rows = []
    for dataset, metrics in sorted(said.items()):
        known = vocabulary().dataset(dataset)
        ranges = []
        for metric, sources in sorted(metrics.items()):
            numbers = sorted(number for found in sources.values() for number in found)
            spread = _SPREAD * max(abs(numbers[0]), abs(numbers[-1]))
            if len(sources) >= _SOURCES and numbers[-1] - numbers[0] <= spread:
                ranges.append((metric, numbers[0] - spread / 4, numbers[-1] + spread / 4))
        if known is not None and len(ranges) >= 2:
            rows.append(NoisyRow(known.title, tuple(ranges)))
    return rows
