"""What rules acceptance out whatever the score: a contradiction in the whole table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from litdb.extract.types import RowKind
from litdb.vocabulary import MetricName
from litdb.vocabulary.protocol import Protocol
from litdb.vocabulary.remarks import Doubt, Remark


class Claim(NamedTuple):
    """What a reading says, as far as others may contradict it."""

    model: str
    kind: RowKind
    metric: str
    quantity: str
    dataset: str
    value: float
    protocol: Protocol
    row: int = 0


def vetoes(readings: Sequence[Claim]) -> dict[int, tuple[Remark, ...]]:
    """By place in the sequence, what speaks against each reading in the company of the others."""
    found: dict[int, list[Remark]] = defaultdict(list)
    values: dict[tuple[object, ...], set[float]] = defaultdict(set)
    keys = [_key(reading) for reading in readings]
    for reading, key in zip(readings, keys, strict=True):
        values[key].add(reading.value)
        values[(key, reading.row)].add(reading.value)
    narrow = _narrow_below(readings)
    for place, (reading, key) in enumerate(zip(readings, keys, strict=True)):
        # Unprocessed rows may come once a group of rows, each as its group rounds it; one row says one.
        rounded = reading.kind == "reference" and _nearly_one(values[key])
        if len(values[(key, reading.row) if rounded else key]) > 1:
            found[place].append(Remark(Doubt.CONTRADICTION))
        if not re.search(r"[^\W\d_]", re.sub(r"\[[^\[\]]*\]", "", reading.model)):
            found[place].append(Remark(Doubt.NO_LETTERS))
        if narrow and reading.quantity == "PESQ":
            found[place].append(Remark(Doubt.BANDS))
        reverb = reading.protocol.get("reverb")
        other = {"yes": "no reverb", "no": "with reverb"}.get(reverb or "", "\0")
        if other in reading.dataset:
            found[place].append(Remark(Doubt.SET_AND_PROTOCOL, (f"reverb {reverb}",)))
    return {place: tuple(remarks) for place, remarks in found.items()}


def _nearly_one(values: set[float]) -> bool:
    """Whether some values differ by no more than rounding, one in fifty."""
    return max(values) - min(values) <= 0.02 * max(abs(value) for value in values)


def _key(reading: Claim) -> tuple[object, ...]:
    return (
        reading.model,
        reading.metric,
        reading.dataset,
        reading.protocol.get("reverb"),
        reading.protocol.get("training"),
    )


def _narrow_below(readings: Sequence[Claim]) -> bool:
    """Whether most models have a narrow-band PESQ below the wide-band one, which a test set does not give."""
    both: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for reading in readings:
        if reading.quantity == "PESQ":
            name = MetricName.parse(reading.metric)
            both[(reading.model, reading.dataset)][name.band or "WB"] = reading.value
    pairs = [(bands["NB"], bands["WB"]) for bands in both.values() if len(bands) == 2]
    return len(pairs) >= 2 and sum(narrow < wide for narrow, wide in pairs) * 2 > len(pairs)
