"""What can be stored of a table: every number in one place, finite, and every cell that gave none said.

A fault of one cell or of one table is a finding; the rest of the document is read all the same.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from litdb.errors import LitdbError, in_short
from litdb.extract.types import CellReading, Grid, TableReadings

T = TypeVar("T")

#: How the finding of a table that broke a reader begins; no document may cause one (the fuzzer looks for it).
BROKEN = "a fault of the reader"
_LOOKS_LIKE_NUMBER = re.compile(r"[-+]?\d[\d.,]*(?:[eE][-+]?\d+)?")
_SHOWN = 40  # characters of a cell that a finding shows


def guarded(what: str, work: Callable[[], T], instead: T) -> tuple[T, tuple[str, ...]]:
    """What `work` gives; `instead` and a finding where it fails as no document should make it fail."""
    try:
        return work(), ()
    except LitdbError:
        raise
    except Exception as error:  # any fault of one table, so that it costs that table alone
        return instead, (f"{BROKEN} ({in_short(error)}): {what} is not read; please report it with the file",)


def table_name(grid: Grid) -> str:
    """A table as a finding names it."""
    return f"table {grid.number or grid.ordinal}"


def sound(table: TableReadings) -> tuple[TableReadings, tuple[str, ...]]:
    """The table with the readings that can be stored, and a finding for every cell that lost one."""
    findings: list[str] = []
    places: dict[tuple[str, int], list[CellReading]] = defaultdict(list)
    for reading in table.readings:
        places[str(reading.span), reading.slot].append(reading)
    kept: list[CellReading] = []
    for same in places.values():
        seen = dict.fromkeys((reading.model, reading.metric, reading.dataset) for reading in same)
        if len(seen) > 1:
            findings.append(
                _finding(table.grid, same[0], f"stands over {_over(same)}: it is read as none of them")
            )
        elif not _finite(same[0]):
            findings.append(_finding(table.grid, same[0], "is no finite number"))
        else:
            kept.append(same[0])
    findings += _unread(table)
    order = {id(reading): place for place, reading in enumerate(table.readings)}
    kept.sort(key=lambda reading: order[id(reading)])
    return replace(table, readings=tuple(kept)), tuple(findings)


def _over(readings: Sequence[CellReading]) -> str:
    """What a merged cell covers: its columns, or its rows where it has one column."""
    for texts in ([r.metric for r in readings], [r.model for r in readings], [r.dataset for r in readings]):
        if len(names := dict.fromkeys(texts)) > 1:
            return " and ".join(_short(name) for name in list(names)[:4])
    return "several places"


def _finite(reading: CellReading) -> bool:
    numbers = (reading.value, reading.resolution, reading.uncertainty or 0.0, reading.confidence)
    return all(math.isfinite(number) for number in numbers)


def _unread(table: TableReadings) -> list[str]:
    """Cells that print a number, in rows and columns that gave readings, and gave none themselves."""
    rows = {reading.row for reading in table.readings}
    columns = {reading.column for reading in table.readings}
    done = {(reading.row, reading.column) for reading in table.readings}
    found = []
    for place, row in enumerate(table.grid.rows):
        if place not in rows:
            continue
        for at in columns:
            if (place, at) in done or at >= len(row):
                continue
            text = row[at].text.strip()
            if _LOOKS_LIKE_NUMBER.fullmatch(text[:5000]):
                found.append(
                    f"{table_name(table.grid)}, {_short(row[0].text)}: {_short(text)!r} is no number that can be read"
                )
    return found


def _finding(grid: Grid, reading: CellReading, said: str) -> str:
    return f"{table_name(grid)}, {_short(reading.model)}: {_short(reading.raw)!r} {said}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
