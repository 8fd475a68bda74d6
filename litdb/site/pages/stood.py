"""A table of a paper as it stood, with the cells that were read marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

#: No page shows more cells of one table than this; the rest is counted.
_MOST_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class StoodReading:
    """What was read in a cell: the model and metric in words, the status, what else is said, and the address of its page.

    `corrected` is the number that counts where somebody corrected what the cell says, '' where it counts as it stands.
    """

    about: str
    printed: str
    status: str
    note: str = ""
    href: str = ""
    corrected: str = ""

    @property
    def said(self) -> str:
        """All of it in one line."""
        state = "" if self.status == "accepted" else f", {self.status}"
        return f"{self.about} {self.printed}{state}" + (f"; {self.note}" if self.note else "")


@dataclass(frozen=True)
class StoodCell:
    """A cell as printed, with what was read in it."""

    text: str
    readings: tuple[StoodReading, ...] = ()
    anchor: str = ""

    @cached_property
    def status(self) -> str:
        """The status of what was read, that of the least certain where several are."""
        known = {reading.status for reading in self.readings}
        return next((one for one in ("rejected", "proposed", "accepted") if one in known), "")

    @property
    def corrected(self) -> str:
        """The numbers that count where somebody corrected what it says."""
        return ", ".join(reading.corrected for reading in self.readings if reading.corrected)

    @cached_property
    def said(self) -> str:
        """What was read, in words."""
        return "; ".join(reading.said for reading in self.readings)


@dataclass(frozen=True, slots=True)
class StoodTable:
    """A table as it stood: where it stands, its caption, the first row and the others; `cut` says what is left out."""

    source: str
    url: str
    caption: str
    head: tuple[StoodCell, ...]
    body: tuple[tuple[StoodCell, ...], ...]
    anchor: str = ""
    cut: str = ""


def stood(
    source: str,
    rows: Sequence[Sequence[str]],
    readings: Mapping[tuple[int, int], Sequence[StoodReading]],
    *,
    url: str = "",
    caption: str = "",
    anchor: str = "",
) -> StoodTable:
    """The table of these rows; `readings` are by row and column, counted from 0.

    Rows are filled up to the same width. Of a table of more than 20,000 cells the first rows are shown.
    """
    wide = max(map(len, rows), default=0)
    most = max(1, _MOST_CELLS // max(1, wide))
    made = [
        tuple(
            StoodCell(
                row[place] if place < len(row) else "",
                tuple(readings.get((number, place), ())),
                f"{anchor}-{number}-{place}" if (number, place) in readings else "",
            )
            for place in range(wide)
        )
        for number, row in enumerate(rows[:most])
    ]
    cut = f"{len(rows) - most} further rows are not shown." if len(rows) > most else ""
    return StoodTable(source, url, caption, made[0] if made else (), tuple(made[1:]), anchor, cut)
