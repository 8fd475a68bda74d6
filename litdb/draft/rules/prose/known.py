"""What numbers of a model a draft goes by: those of its tables, and those of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from litdb.draft.finding import DraftPlace
from litdb.draft.rules.prose.subjects import SaidMention
from litdb.draft.subject import Draft
from litdb.values.origin import Origin
from litdb.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """A number of a model with its printed step; `where` is the cell of the draft or the source that it is from."""

    value: float
    resolution: float
    where: str
    place: DraftPlace | None = None


def numbers_of(draft: Draft, mention: SaidMention, quantity: str) -> list[KnownNumber]:
    """The numbers of a model in a quantity: in rows of the draft first, then those of its own paper or runs."""
    return [*_in_rows(mention, quantity), *_in_catalogue(draft, mention, quantity)]


def _in_rows(mention: SaidMention, quantity: str) -> Iterator[KnownNumber]:
    for row in mention.rows:
        for cell in row.cells:
            for number in cell.numbers:
                if number.quantity == quantity:
                    place = cell.place
                    yield KnownNumber(
                        number.value,
                        number.resolution,
                        f"{place.file}:{place.line} ({number.printed})",
                        place,
                    )


def _in_catalogue(draft: Draft, mention: SaidMention, quantity: str) -> Iterator[KnownNumber]:
    metric = vocabulary().metric(quantity)
    dataset = "" if metric is not None and metric.per_model else "vbd"
    if dataset and not draft.on_voicebank:
        return
    for model in mention.models:
        for value in draft.knowledge.values(model, quantity, dataset):
            wanted = value.origin in (Origin.SELF, Origin.MEASURED, Origin.REPOSITORY, Origin.QUOTED)
            if wanted and value.value is not None and value.metric.split("@")[0] == quantity:
                yield KnownNumber(value.value, value.resolution, f"{value.place} ({value.printed})")
