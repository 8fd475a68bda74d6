"""The parts of a table understood: a column, and a header with the rows under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from litdb.extract.meaning.heads.headers import Named, Role
from litdb.extract.types import TableCell
from litdb.vocabulary import Dataset
from litdb.vocabulary.remarks import Remark

Rows = Sequence[Sequence[TableCell]]


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """One column understood: `metrics` is empty for a column that is no score.

    `qualifier` is header text above or below the metric that no rule explains (a model, a condition); `doubts` are
    reasons to believe less; `printed_set` is a test set outside the vocabulary that the header names;
    `more` is what the metric's own header says besides it.
    """

    index: int
    role: Role = "unknown"
    header: str = ""
    metrics: tuple[Named, ...] = ()
    units: tuple[str, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    condition: str = ""
    statistic: str = ""
    validation: str = ""
    qualifier: str = ""
    reverb: str = ""
    excluded: str = ""
    doubts: tuple[Remark, ...] = ()
    printed_set: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A header with the data rows under it; a table with headers in its middle has several.

    `unnamed` says that no column names the model: what the other columns hold are its settings.
    """

    columns: tuple[ReadColumn, ...]
    first: int
    last: int
    header_rows: tuple[int, ...]
    unnamed: bool = False
