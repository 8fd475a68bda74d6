"""The values a comparison is made of: cells with their provenance, rows, columns, one table.

Selection fills them, `litdb.report` renders them; nothing here knows a database or an output format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from litdb.values.note import Note
from litdb.values.origin import Origin, Status


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value stands: enough to find the cell again.

    `result` is the key of the result (any unique beginning of it names it on the command line); `source` is
    short text such as `arXiv:2511.14515v2, table 1`; `label` is the row as printed there. `entry` says how it came in:
    `reader` (litdb read the file), `hand`, `seed` (read by hand, shipped) or `run`; `corrections` what was corrected.
    """

    result: str
    origin: Origin
    source: str
    url: str = ""
    label: str = ""
    status: Status = Status.ACCEPTED
    entry: str = ""
    corrections: tuple[str, ...] = ()
    paper: str = ""  # the key of the paper it stands in
    rerun: bool = False  # the authors of that paper measured another's model again


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table.

    `value` is normalised (params and MACs absolute, STOI in 0..1); `printed` is the text of the source; `text` is
    what a reader of the table sees, in the unit of the column. An empty cell has no value and text `-`; a
    claim may have words only. `notes` are its footnotes. `rank` is 1 for the best and 2 for the second among
    the cells that may be ranked, else None. `filled` says that it came from another source than its row,
    `refused` that the value is known not to be comparable and is left out (the reason is in `notes`), `bound` that it is the end of a range
    (`3.0+`, `<0.5M`), which is never ranked. `comparable` says that it may be ranked with the others of its column, and
    `earlier` what earlier versions of its paper print instead (`v1: 3.373`).
    """

    value: float | None = None
    printed: str = ""
    text: str = "-"
    notes: tuple[str, ...] = ()
    provenance: Provenance | None = None
    rank: int | None = None
    filled: bool = False
    refused: bool = False
    uncertainty: float | None = None
    bound: bool = False
    comparable: bool = False
    earlier: tuple[str, ...] = ()


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a metric with its unit and the direction in which it is better.

    `dataset` is the title of the test set that its scores are on, '' in a table on one test set and for what needs none.
    """

    metric: str
    title: str
    unit: str = ""
    direction: Literal["higher", "lower"] = "higher"
    per_model: bool = False
    digits: int = 2
    dataset: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One model as one source row reports it.

    `origin` is that of the row itself; `source` names it; `year` is None where no source states it. `paper` is the key of
    the paper that proposes the model, `document` that of the paper the row stands in (in its `version`); `rerun` says that
    the authors of that paper measured another's model again. `group` is the place of its group in the table. `causal` is what
    the row states, None where it states neither.
    """

    model: str
    name: str
    kind: str
    own: bool
    origin: Origin
    source: str
    cells: tuple[Cell, ...]
    year: int | None = None
    url: str = ""
    label: str = ""
    checkpoint: str = ""
    notes: tuple[str, ...] = ()
    proposed: bool = False
    reproduced: bool = False
    paper: str = ""
    document: str = ""
    version: int | None = None
    rerun: bool = False
    group: int = 0
    causal: bool | None = None

    def renamed(self, name: str) -> Row:
        """The row under another name, with the version after it where its name ends with that; '' leaves it."""
        version = f" v{self.version}"
        ends = version if self.version is not None and self.name.endswith(version) else ""
        return replace(self, name=name + ends) if name else self

    @property
    def second_hand(self) -> Note | None:
        """What must be said of a row that is not by the authors of its model; None for one that is."""
        if not self.origin.second_hand:
            return None
        text = f"{self.origin.second_hand}: {self.source}"
        if self.origin is not Origin.QUOTED:
            return Note(text, self.origin.briefly)
        if not self.document:
            return Note(text, f"{self.origin.briefly} {self.source}")
        return Note(text, "re-run by the authors of" if self.rerun else self.origin.briefly, self.document)


@dataclass(frozen=True, slots=True)
class Table:
    """A comparison: columns, rows with one cell a column, and notes for the whole table.

    `groups` are the titles of groups of rows, in their order, () for a table in one piece; the best of a column is the best
    of its group.
    """

    dataset: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    title: str = ""
    hidden: int = field(default=0)  # rows that only `--proposed` would show
    groups: tuple[str, ...] = ()

    def renamed(self, names: Mapping[str, str]) -> Table:
        """The table with models, by their keys, called otherwise; the version that a row's name ends with stays."""
        if not names:
            return self
        return replace(self, rows=tuple(row.renamed(names.get(row.model, "")) for row in self.rows))
