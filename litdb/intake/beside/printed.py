"""A table as its paper has it: read again from the cached file, with merged cells, what is bold, and its source text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from litdb.catalogue.views.chosen import table_of
from litdb.errors import InputError, NotFound, UsageError
from litdb.extract import SourceText, source_from_files
from litdb.extract.document import grids
from litdb.extract.limits import Deadline
from litdb.extract.pdf.picture import PageBox, page_picture
from litdb.extract.types import Grid
from litdb.intake.rereading import CachedWork, cached_files, work_on
from litdb.sources.cache import Cache

#: Seconds in which the file must be read, and the longest source text of a table that is given.
_SECONDS = 20.0
_LONGEST = 20_000
_BOX = re.compile(r"#page=(\d+)&box=(-?\d+),(-?\d+),(-?\d+),(-?\d+)$")


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell as it is set: a merged one stands once, with the rows and columns that it covers."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    header: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table as its paper has it. `source` is its text in the file, '' for a PDF; `page` the page of a PDF, else 0."""

    kind: str
    file: str
    caption: str
    notes: tuple[str, ...]
    rows: tuple[tuple[PrintedCell, ...], ...]
    source: str
    page: int = 0


Reading = Callable[[], AbstractContextManager[Session]]


def printed_table(reading: Reading, cache: Path, key: str) -> PrintedTable:
    """The table of a reading, by its whole key.

    Raises NotFound when the reading is gone, UsageError when it was not read in a table, InputError when the file is not in
    the cache any more or is another one, TooLarge when it cannot be read in time.
    """
    found = _again(reading, cache, key)
    file, _, place = found.grid.span.file.partition("#page=")
    text = "" if place else found.source.files.get(file, "")[found.grid.span.start : found.grid.span.end]
    page = place.partition("&")[0]
    return PrintedTable(
        found.work.kind,
        file,
        found.grid.caption,
        found.grid.notes,
        _cells(found.grid),
        text if len(text) <= _LONGEST else text[:_LONGEST] + " …",
        int(page) if page.isdigit() else 0,
    )


def table_picture(reading: Reading, cache: Path, key: str) -> bytes:
    """The page of a PDF that the table of a reading stands on, around it and with a box about it, as PNG.

    Raises UsageError when the table is of no PDF, TooLarge when it cannot be drawn in time, and what `printed_table` does.
    """
    found = _again(reading, cache, key)
    place = _BOX.search(found.grid.span.file)
    if place is None:
        raise UsageError("this table was not read from a PDF, so there is no page to show")
    page, *edges = map(int, place.groups())
    x0, y0, x1, y1 = edges
    return page_picture(found.data, found.work.uri, PageBox(page, x0, y0, x1, y1), Deadline(_SECONDS))


@dataclass(frozen=True, slots=True)
class _TableAgain:
    """A table found again in the file that it was read from."""

    work: CachedWork
    data: bytes
    source: SourceText
    grid: Grid


def _again(reading: Reading, cache: Path, key: str) -> _TableAgain:
    store = Cache(cache)
    with reading() as session:
        table = table_of(session, key)
        work = work_on(session, store, table.document)
    if work is None:
        raise NotFound("no file was read for it, so there is no table to show again")
    try:
        data = work.path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{work.uri} is not in the cache: `litdb fetch` or `litdb ingest` of it brings it back"
        ) from error
    if hashlib.sha256(data).hexdigest() != work.sha256:
        raise InputError(
            f"the cached file {work.path} is not what was read: `litdb fetch` or `litdb ingest` brings it back"
        )
    source = source_from_files(cached_files(work, data), work.uri)
    grid = next((grid for grid in grids(source, seconds=_SECONDS) if grid.ordinal == table.ordinal), None)
    if grid is None:
        raise InputError(
            f"{work.uri} has no table {table.ordinal} any more: `litdb reextract` reads it again"
        )
    return _TableAgain(work, data, source, grid)


def _cells(grid: Grid) -> tuple[tuple[PrintedCell, ...], ...]:
    """The cells of each row that begin in it; how far one reaches is counted in the grid, where it stands again and again."""
    covered: set[tuple[int, int]] = set()
    rows = []
    for r, row in enumerate(grid.rows):
        line = []
        for c, cell in enumerate(row):
            if (r, c) in covered:
                continue
            wide = tall = 1
            if cell.colspan > 1:
                while c + wide < len(row) and wide < cell.colspan and row[c + wide].span == cell.span:
                    wide += 1
            if cell.rowspan > 1:
                while (
                    r + tall < len(grid.rows)
                    and tall < cell.rowspan
                    and grid.rows[r + tall][c].span == cell.span
                ):
                    tall += 1
            covered |= {(r + down, c + right) for down in range(tall) for right in range(wide)}
            line.append(PrintedCell(cell.text, r, c, tall, wide, cell.header, cell.bold))
        rows.append(tuple(line))
    return tuple(rows)
