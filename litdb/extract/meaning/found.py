"""A number as an interpretation finds it."""

from __future__ import annotations

from dataclasses import dataclass

from litdb.extract.meaning.heads.cells import Slot
from litdb.extract.meaning.heads.headers import Named
from litdb.extract.meaning.heads.segment import ReadColumn
from litdb.extract.meaning.labelled.labels import LabelledRow
from litdb.extract.types import TableCell


@dataclass(frozen=True, slots=True)
class Found:
    """A number at its place before the test set is decided."""

    row: LabelledRow
    column: ReadColumn
    cell: TableCell
    slot: Slot
    named: Named
