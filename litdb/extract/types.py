"""The values that pass through the readers: a grid with its cells, and the readings found in it.

Everything here is immutable and knows neither files nor a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from litdb.values.reading import Reading

SourceKind = Literal["latex", "html", "markdown", "jats", "pdf"]
RowKind = Literal["system", "variant", "ablation", "reference"]
TableKind = Literal["comparison", "ablation", "other"]
Action = Literal["removed", "added", "replaced", "changed"]

#: Raised with every change that can alter a reading: readings of an older version are replaced.
EXTRACTOR_VERSION = 16


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a source: file inside the document, character offsets [start, end)."""

    file: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.file}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of a grid. A spanning cell stands in each place it covers, with the same span.

    `text` is plain text (markup, citations and footnote marks taken off); `raw` is the source text;
    `cites` are citation keys; `marks` are footnote marks such as `*` or `†`.
    """

    text: str
    raw: str
    span: Span
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    bold: bool = False
    cites: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with spans resolved: every row has the same number of cells.

    `number` is the printed table number where the source gives one; `ordinal` counts the tables of a document
    from 1; `section` is the heading above the table, `above` the headings that this one stands under, outermost first;
    `notes` are footnotes under it.
    """

    rows: tuple[tuple[TableCell, ...], ...]
    caption: str = ""
    label: str = ""
    number: str = ""
    ordinal: int = 0
    section: str = ""
    context: str = ""
    notes: tuple[str, ...] = ()
    span: Span = Span("", 0, 0)
    above: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The lines of the text about the table, without blank ones; the last is the nearest."""
        return [line for line in self.context.split("\n") if line.strip()]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReading(Reading):
    """A number seen in a cell: a reading that always has a number and a place in a grid.

    `raw` is the source text of the cell, `slot` counts the numbers inside it.
    """

    kind: RowKind = "system"
    value: float
    row: int
    column: int
    raw: str
    span: Span
    slot: int = 0


@dataclass(frozen=True, slots=True)
class MetricChange:
    """How one metric of a changed row differs from the base row: changed minus base, in the metric's unit."""

    metric: str
    dataset: str
    base: float
    changed: float

    @property
    def difference(self) -> float:
        """Changed minus base, without floating-point noise."""
        return float(f"{self.changed - self.base:.10g}")


@dataclass(frozen=True, slots=True)
class Change:
    """A changed row against one base row (both 0-based rows of the grid).

    `words` is the change as printed, or put into words where ticks or columns show it; `components` is all that was
    removed, added, replaced or set, and `replacement` what took its place.
    """

    row: int
    base_row: int
    system: str
    words: str
    action: Action
    components: tuple[str, ...]
    replacement: str = ""
    differences: tuple[MetricChange, ...] = ()

    @property
    def isolates(self) -> str:
        """The component, where the two rows differ in only one; else ''."""
        return self.components[0] if len(self.components) == 1 else ""


@dataclass(frozen=True, slots=True)
class Ablation:
    """One ablation table: the system that most changed rows start from, its row, and the comparisons in order."""

    base: str
    base_row: int
    rows: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class TableReadings:
    """One table with what was read from it; `ablation` where its rows show what a change does."""

    grid: Grid
    kind: TableKind
    readings: tuple[CellReading, ...]
    ablation: Ablation | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A bibliography entry: what a citation key stands for, and sentences of the paper that cite it (`[this]` in them)."""

    key: str
    text: str
    arxiv_id: str = ""
    doi: str = ""
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceText:
    """What a reader is given: decoded files by name, the name of the main one, and the paper's title if known.

    Of a PDF, `data` are its bytes, and its file is decoded to nothing.
    """

    kind: SourceKind
    files: Mapping[str, str]
    main: str = ""
    title: str = ""
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one document gave: its tables in order, its references, and remarks on what was left out.

    `priors` is the digest of what was believed before reading.
    """

    tables: tuple[TableReadings, ...]
    references: tuple[Reference, ...] = ()
    title: str = ""
    remarks: tuple[str, ...] = ()
    priors: str = ""

    @property
    def readings(self) -> tuple[CellReading, ...]:
        """All readings, table by table."""
        return tuple(reading for table in self.tables for reading in table.readings)
