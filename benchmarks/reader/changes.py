"""Tables changed without touching a number: what a careful person reads in them stays the same.

Each change is a function from a grid to a changed grid, or None where it does not apply.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from litdb.extract.meaning import words
from litdb.extract.meaning.heads import cells, header_rows, headers
from litdb.extract.types import Grid, Span, TableCell

Change = Callable[[Grid], Grid | None]
_Rows = list[list[TableCell]]


def _new(text: str, place: int) -> TableCell:
    """A cell that the source does not have; its span is empty and unlike any other."""
    return TableCell(text, text, Span("added", place, place))


def _parts(grid: Grid) -> tuple[int, int | None] | None:
    """The depth of the header and the column whose header names the models; None for a table without scores."""
    depth = len(header_rows.header_rows(grid.rows))
    if not depth or not any(
        headers.parse(cell.text).metrics for row in grid.rows[:depth] for cell in row[1:]
    ):
        return None
    return depth, next(
        (
            at
            for row in grid.rows[:depth]
            for at, cell in enumerate(row)
            if words.STRONG_MODEL_HEADER.match(cell.text.strip())
        ),
        None,
    )


def _is_data(row: Sequence[TableCell]) -> bool:
    return any(cells.looks_numeric(cell.text) for cell in row)


def _inserted(grid: Grid, at: int, texts: Callable[[int, bool], str]) -> Grid:
    """A column more, before column `at`; `texts` gives the text of a row by its number and whether it holds numbers."""
    rows = []
    for r, row in enumerate(grid.rows):
        cell = _new(texts(r, _is_data(row)), r * 100 + 7)
        filled = {(c.span, c.text) for c in row if c.text}
        if len(filled) == 1 and not _is_data(row) and at > 0 and row[at - 1].text:
            cell = row[at - 1]  # the title of a group spans the new column too
        rows.append((*row[:at], cell, *row[at:]))
    return replace(grid, rows=tuple(rows))


def blank_header(grid: Grid) -> Grid | None:
    """The header of the models' column is empty."""
    found = _parts(grid)
    if found is None or found[1] is None:
        return None
    depth, label = found
    rows = [
        tuple(
            replace(cell, text="", raw="") if at == label and r < depth else cell
            for at, cell in enumerate(row)
        )
        for r, row in enumerate(grid.rows)
    ]
    return replace(grid, rows=tuple(rows))


def renamed(name: str) -> Change:
    """The header of the models' column has another name."""

    def change(grid: Grid) -> Grid | None:
        found = _parts(grid)
        if found is None or found[1] is None:
            return None
        rows = [
            tuple(
                replace(cell, text=name, raw=name)
                if at == found[1] and words.STRONG_MODEL_HEADER.match(cell.text.strip())
                else cell
                for at, cell in enumerate(row)
            )
            for row in grid.rows
        ]
        return replace(grid, rows=tuple(rows))

    return change


def attribute(name: str, values: Sequence[str], offset: int) -> Change:
    """A column of words that say something of each model, before (0) or behind (1) the models' column."""

    def change(grid: Grid) -> Grid | None:
        found = _parts(grid)
        if found is None or found[1] is None:
            return None
        depth, label = found
        return _inserted(
            grid,
            label + offset,
            lambda r, data: (
                name if r == depth - 1 else values[r // 3 % len(values)] if data and r >= depth else ""
            ),
        )

    return change


def numbered(name: str) -> Change:
    """A running number in front."""

    def change(grid: Grid) -> Grid | None:
        found = _parts(grid)
        if found is None or found[1] != 0:
            return None
        depth = found[0]
        return _inserted(
            grid,
            0,
            lambda r, data: name if r == depth - 1 else str(r - depth + 1) if data and r >= depth else "",
        )

    return change


def snr_score(grid: Grid) -> Grid | None:
    """A column of SNRs as scores at the end."""
    found = _parts(grid)
    if found is None or found[1] is None or any(len(row) < 2 for row in grid.rows):
        return None
    depth = found[0]
    return _inserted(
        grid,
        len(grid.rows[0]),
        lambda r, data: "SNR" if r == depth - 1 else f"{8.41 + 1.37 * r:.2f}" if data and r >= depth else "",
    )


def reversed_columns(grid: Grid) -> Grid | None:
    """The columns behind the first in the opposite order."""
    found = _parts(grid)
    if found is None or found[1] not in (0, None):
        return None
    return replace(grid, rows=tuple((row[0], *reversed(row[1:])) for row in grid.rows))


def label_last(grid: Grid) -> Grid | None:
    """The models' column at the end."""
    found = _parts(grid)
    if found is None or found[1] != 0 or any(c.colspan > 1 for row in grid.rows[found[0] :] for c in row):
        return None
    return replace(grid, rows=tuple((*row[1:], row[0]) for row in grid.rows))


def turned(grid: Grid) -> Grid | None:
    """Rows and columns exchanged, where the header is one row and every row below has numbers."""
    found = _parts(grid)
    if found is None or found != (1, 0):
        return None
    if not all(_is_data(row) for row in grid.rows[1:]):
        return None
    if any(c.colspan > 1 or c.rowspan > 1 for row in grid.rows for c in row):
        return None
    return replace(grid, rows=tuple(zip(*grid.rows, strict=True)))


def section(grid: Grid) -> Grid | None:
    """A title row before the last third of the rows."""
    found = _parts(grid)
    if found is None or len(grid.rows) - found[0] < 6:
        return None
    at = found[0] + (len(grid.rows) - found[0]) * 2 // 3
    title = (_new("Recent methods", 3), *(_new("", 3) for _ in grid.rows[0][1:]))
    return replace(grid, rows=(*grid.rows[:at], title, *grid.rows[at:]))


def group(name: str) -> Change:
    """A title over all metrics."""

    def change(grid: Grid) -> Grid | None:
        found = _parts(grid)
        if found is None or found[0] != 1:
            return None
        head = grid.rows[0]
        first = next((at for at, cell in enumerate(head) if at and headers.parse(cell.text).metrics), None)
        if first is None or not all(headers.parse(cell.text).metrics for cell in head[first:]):
            return None
        top = tuple(
            _new("", 5) if at < first else replace(_new(name, 6), colspan=len(head) - first)
            for at in range(len(head))
        )
        return replace(grid, rows=(top, *grid.rows))

    return change


def cited(grid: Grid) -> Grid | None:
    """Years and literal citations behind the labels."""
    found = _parts(grid)
    if found is None or found[1] is None:
        return None
    depth, label = found
    rows: _Rows = [list(row) for row in grid.rows]
    for r, row in enumerate(rows[depth:]):
        text = row[label].text
        if _is_data(row) and text and not re.match(r"noisy|w/o|\+|-", text, re.I) and row[label].rowspan == 1:
            row[label] = replace(row[label], text=f"{text}, {2015 + r % 9}[{r % 9 + 3}]")
    return replace(grid, rows=tuple(tuple(row) for row in rows))


def shuffled(grid: Grid) -> Grid | None:
    """The rows in another order, where no row is a title and none leans on the row above."""
    found = _parts(grid)
    if found is None or found[1] is None:
        return None
    depth, label = found
    body = list(grid.rows[depth:])
    if not all(_is_data(row) and row[label].text for row in body):
        return None
    if any(c.rowspan > 1 for row in body for c in row) or any(
        words.CHANGE_LABEL.search(r[label].text) for r in body
    ):
        return None
    random.Random(7).shuffle(body)
    return replace(grid, rows=(*grid.rows[:depth], *body))


def spans_blanked(grid: Grid) -> Grid | None:
    """Cells that span rows or columns are written once, then left empty, as Markdown must."""
    seen: set[object] = set()
    rows = []
    hit = False
    for row in grid.rows:
        new = []
        for cell in row:
            spread = cell.rowspan > 1 or cell.colspan > 1
            if spread and (cell.span, cell.text) in seen:
                hit = True
                new.append(_new("", cell.span.start))
            else:
                new.append(replace(cell, rowspan=1, colspan=1))
            seen.add((cell.span, cell.text))
        rows.append(tuple(new))
    return replace(grid, rows=tuple(rows)) if hit else None


_KINDS = ("U-shaped", "dual-path", "conformer")
CHANGES: dict[str, Change] = {
    "blank": blank_header,
    "rename": renamed("Speech enhancer"),
    "rename to what": renamed("Technique of denoising"),
    "architecture": attribute("Architecture", _KINDS, 1),
    "architecture in front": attribute("Backbone", _KINDS, 0),
    "input": attribute("Input", ("waveform", "complex", "magnitude"), 1),
    "blank and architecture": lambda grid: (
        None if (more := attribute("Architecture", _KINDS, 1)(grid)) is None else blank_header(more)
    ),
    "blank and settings": lambda grid: (
        None if (more := attribute("Stages", ("2", "4", "8"), 1)(grid)) is None else blank_header(more)
    ),
    "number": numbered("No."),
    "number sign": numbered("#"),
    "snr": snr_score,
    "blank and snr": lambda grid: None if (more := snr_score(grid)) is None else blank_header(more),
    "reversed": reversed_columns,
    "label last": label_last,
    "turned": turned,
    "section": section,
    "group": group("Evaluation Metrics"),
    "group objective": group("Objective scores"),
    "cited": cited,
    "shuffled": shuffled,
    "spans blanked": spans_blanked,
}
