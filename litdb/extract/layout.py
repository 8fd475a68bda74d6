"""Resolve spans: every place of the rectangular grid gets the cell that covers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from litdb.extract.limits import MAX_CELLS, MAX_SPAN
from litdb.extract.types import Span, TableCell

_Places = dict[tuple[int, int], TableCell]

EMPTY = TableCell("", "", Span("", 0, 0))


def rectangle(rows: Sequence[Sequence[TableCell]], *, flowing: bool) -> tuple[tuple[TableCell, ...], ...]:
    """Resolve spans. In HTML (`flowing`) a covered place has no cell of its own and the cells after it move right;
    in LaTeX covered places are written as empty cells, and a cell with text there wins over the span.

    Returns rows of equal length, none when the table passes the limit."""
    placed: _Places = {}
    covered: _Places = {}
    width = 0
    for r, row in enumerate(rows):
        column = 0
        for cell in row:
            if flowing:
                while (r, column) in placed or (r, column) in covered:
                    column += 1
            wide = max(1, min(cell.colspan, MAX_SPAN))
            high = min(abs(cell.rowspan), MAX_SPAN) or 1
            down = -1 if cell.rowspan < 0 else 1
            if (cell.colspan, cell.rowspan) != (wide, high):
                cell = replace(cell, colspan=wide, rowspan=high)
            for c in range(column, column + wide):
                if not (cell.text == "" and (r, c) in covered and not flowing):
                    placed[(r, c)] = cell
            if high > 1:
                reached = range(r + down, r + down * high, down)
                _cover(cell, reached, range(column, column + wide), len(rows), placed, covered)
            column += wide
            if len(placed) > MAX_CELLS:
                break
        width = max(width, column)
    for (r, c), cell in covered.items():
        if not placed.get((r, c), EMPTY).text:
            placed[(r, c)] = cell
        width = max(width, c + 1)
    if width * len(rows) > 4 * MAX_CELLS:
        return ()
    return tuple(tuple(placed.get((r, c), EMPTY) for c in range(width)) for r in range(len(rows)))


def _cover(
    cell: TableCell, rows: range, columns: range, height: int, placed: _Places, covered: _Places
) -> None:
    """Record the places that a cell covers in other rows; a cell with text there keeps its place."""
    for r in rows:
        if not 0 <= r < height or len(covered) > MAX_CELLS:
            return
        for c in columns:
            existing = placed.get((r, c))
            if existing is None:
                covered.setdefault((r, c), cell)
            elif not existing.text:
                placed[(r, c)] = cell


def trimmed(rows: Sequence[Sequence[TableCell]]) -> tuple[tuple[TableCell, ...], ...]:
    """The grid without its empty rows and columns."""
    kept = [tuple(row) for row in rows if any(cell.text for cell in row)]
    if not kept:
        return ()
    columns = [c for c in range(len(kept[0])) if any(row[c].text for row in kept)]
    return tuple(tuple(row[c] for c in columns) for row in kept)
