"""A second ground for what was read from a PDF: the same document says the same number in another place.

Cells of a PDF are put together from white space, so one reading alone is proposed. What another table or a sentence of the
paper repeats was not made up by a wrong column. A number that a catalogue knows is no such ground: a copied slip must not
confirm itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from litdb.extract.meaning.confidence import HIGHEST_VETOED
from litdb.extract.types import CellReading, TableReadings
from litdb.values.names import bare_name
from litdb.vocabulary import vocabulary
from litdb.vocabulary.remarks import Doubt, Remark

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\[])")
_NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.]*\d)")


def proposed_unless_agreed(tables: Sequence[TableReadings], texts: Sequence[str]) -> list[TableReadings]:
    """The tables with every reading proposed that no other table and no sentence of `texts` repeats."""
    places: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for at, table in enumerate(tables):
        for reading in table.readings:
            places[_stated(reading)].add(at)
    said = _said(texts)
    done = []
    for table in tables:
        readings = tuple(
            reading if len(places[_stated(reading)]) > 1 or _in_words(reading, said) else _doubted(reading)
            for reading in table.readings
        )
        done.append(replace(table, readings=readings))
    return done


def _stated(reading: CellReading) -> tuple[object, ...]:
    return (bare_name(reading.model), reading.metric, reading.dataset, reading.protocol, reading.value)


def _doubted(reading: CellReading) -> CellReading:
    return replace(
        reading,
        confidence=min(reading.confidence, HIGHEST_VETOED),
        reasons=(*reading.reasons, Remark(Doubt.FROM_PDF)),
    )


def _said(texts: Sequence[str]) -> dict[str, list[str]]:
    """The sentences by the decimal numbers in them."""
    found: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        for sentence in _SENTENCE.split(text):
            for number in set(_NUMBER.findall(sentence)):
                found[number].append(sentence)
    return found


def _in_words(reading: CellReading, said: dict[str, list[str]]) -> bool:
    """Whether a sentence names the model, the metric and the number as it is printed."""
    printed = _NUMBER.search(reading.raw)
    name = bare_name(re.sub(r"\[[^\[\]]*\]", " ", reading.model))
    if printed is None or len(name) < 3:
        return False
    return any(
        name in bare_name(sentence) and any(word in sentence.lower() for word in _words(reading.quantity))
        for sentence in said.get(printed[0], ())
    )


def _words(quantity: str) -> Iterator[str]:
    metric = vocabulary().metric(quantity)
    if metric is not None:
        yield from (alias.lower() for alias in (metric.id, *metric.aliases) if len(alias) > 2)
