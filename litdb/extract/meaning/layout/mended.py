"""A table as it was meant, where its source has broken it: several metrics in one head cell, labels over two rows."""

from __future__ import annotations

import re
from dataclasses import replace

from litdb.extract.meaning.heads import cells, headers
from litdb.extract.meaning.heads.segment import Rows
from litdb.extract.types import Grid


def mended(grid: Grid) -> Grid:
    """The grid with each metric over its own column and each label in one piece; its rows and columns stay where they are."""
    return _joined_labels(_split_header(grid))


#: A label that cannot end here: what goes, or comes, stands in the row below.
_DANGLING = re.compile(r"(?:w\s*/\s*o?|with(?:out)?|no|\+|-|–|−)\.?", re.I)


def _joined_labels(grid: Grid) -> Grid:
    """The labels whole that a converter has broken over rows: 'w/o' with its numbers over 'Depthwise' alone in its row."""
    alone = [
        r
        for r, row in enumerate(grid.rows)
        if r and row[0].text and row[0].colspan == 1 and not any(cell.text for cell in row[1:])
    ]
    if not any(_DANGLING.fullmatch(grid.rows[r - 1][0].text.strip()) for r in alone):
        return grid
    rows = list(grid.rows)
    for r in reversed(alone):
        label = f"{rows[r - 1][0].text} {rows[r][0].text}"
        rows[r - 1] = (replace(rows[r - 1][0], text=label), *rows[r - 1][1:])
        rows[r] = (replace(rows[r][0], text=""), *rows[r][1:])
    return replace(grid, rows=tuple(rows))


def _split_header(grid: Grid) -> Grid:
    """The names of several metrics in one header cell over as many columns, one for each column."""
    for r, row in enumerate(grid.rows[:4]):
        for at, cell in enumerate(row):
            names = _several(cell.text)
            if not names or (at and row[at - 1].span == cell.span):
                continue
            place = _room(grid.rows, r, at, len(names))
            if place is None:
                continue
            spread = list(row)
            for offset, name in enumerate(names):
                spread[place + offset] = replace(cell, text=name, colspan=1)
            rows = list(grid.rows)
            rows[r] = tuple(spread)
            return replace(grid, rows=tuple(rows))
    return grid


def _several(text: str) -> list[str]:
    """The names in 'PESQ STOI(%) CSIG', one metric each; empty where the text is anything else."""
    if len(text) > 120 or re.search(r"[/|,&]", text):
        return []
    parts = re.sub(r"\s+(?=[(\[↑↓])", "", text).split()
    if len(parts) < 2:
        return []
    found = [headers.parse(part) for part in parts]
    return parts if all(len(h.metrics) == 1 and not h.rest and not h.excluded for h in found) else []


def _room(rows: Rows, r: int, at: int, wanted: int) -> int | None:
    """Where `wanted` columns of numbers begin that share the header cell at `at`, the others being blank there."""
    row = rows[r]
    low = high = at
    while low > 0 and not row[low - 1].text:
        low -= 1
    while high + 1 < len(row) and (not row[high + 1].text or row[high + 1].span == row[at].span):
        high += 1
    data = [other for other in rows[r + 1 :] if sum(cells.looks_numeric(c.text) for c in other) >= 2]
    numeric = [
        c
        for c in range(low, high + 1)
        if data and sum(cells.looks_numeric(other[c].text) for other in data) * 2 > len(data)
    ]
    if len(numeric) == wanted and numeric[-1] - numeric[0] == wanted - 1:
        return numeric[0]
    return None
