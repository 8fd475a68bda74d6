"""Natural keys: what identifies a row without its number, so that readings and decisions find one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from litdb.errors import Ambiguous
from litdb.values.names import digest

Named = TypeVar("Named")


def cell_key(document: str, span: str, slot: int) -> str:
    """The key of a reading by a program: document, span of the cell, slot in the cell."""
    return digest("cell", document, span, slot)


def place_key(document: str, table: str, label: str, metric: str, dataset: str) -> str:
    """The key of a reading by hand: its place in words."""
    return digest("place", document, table, label, metric, dataset)


def measured_key(checkpoint: str, metric: str, dataset: str) -> str:
    """The key of a measured value: one for each checkpoint, metric and test set."""
    return digest("measured", checkpoint, metric, dataset)


def the_one(found: Sequence[tuple[str, Named]], beginning: str, kind: str) -> Named:
    """What a number's beginning means, of what was found by it (not empty). Raises Ambiguous that lists the numbers."""
    if len(found) > 1:
        numbers = ", ".join(number[:12] for number, _ in found)
        raise Ambiguous(f"{beginning} begins several {kind}: {numbers}; give more digits")
    return found[0][1]
