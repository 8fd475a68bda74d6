"""One way to lay a table out: where its metrics stand, how deep its header is, what each of its columns is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litdb.extract.meaning.heads.segment import ReadColumn, Segment
from litdb.extract.types import Grid

#: Where the metrics of the numbers stand: over the columns, in titles of groups of rows, in a column of their own, in
#: the cells themselves, or in the caption alone. Of "models over" the columns are models, the rows conditions.
Way = Literal["columns", "sections", "metric column", "assigned", "caption", "models over"]


@dataclass(frozen=True, slots=True)
class Layout:
    """An interpretation of one grid. `grid` is turned over where `turned`; `deeper` is the number of header rows more
    (or fewer) than the header shows at first sight."""

    way: Way
    grid: Grid
    segments: tuple[Segment, ...]
    turned: bool = False
    deeper: int = 0
    snr_scored: bool = False

    @property
    def label(self) -> ReadColumn | None:
        """The column that names the models, in the first segment."""
        columns = self.segments[0].columns if self.segments else ()
        return next((column for column in columns if column.role == "model"), None)

    @property
    def signature(self) -> tuple[object, ...]:
        """What makes two interpretations differ for a reader of the table."""
        label = self.label
        return (
            self.way,
            self.turned,
            self.deeper,
            self.snr_scored,
            None if label is None else label.index,
        )

    def describe(self) -> str:
        """The interpretation in a few words, for whoever reviews the table; a decision in review names it by them."""
        label = self.label
        named = (
            "no column names the model"
            if label is None
            else f"{label.header!r} is the model"
            if label.header
            else f"column {label.index + 1} is the model"
        )
        deeper = (
            ""
            if not self.deeper
            else f", {abs(self.deeper)} header row{'s' * (abs(self.deeper) > 1)} {'more' if self.deeper > 0 else 'fewer'}"
        )
        snr = ", the SNR is a score" if self.snr_scored else ""
        return f"{named}{', the table turned over' if self.turned else ''}{_WAYS[self.way]}{deeper}{snr}"


_WAYS = {
    "columns": "",
    "sections": ", titles of rows name the metric",
    "metric column": ", the rows name the metric",
    "assigned": ", the cells name the metric",
    "caption": ", only the caption names the metric",
    "models over": ", the models stand over the columns",
}
