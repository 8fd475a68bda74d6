"""ARITHMETIC in tables: a column of differences that two others do not give, a row of means that the rows over it do not give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from litdb.draft.finding import DraftFinding, DraftPlace, DraftRule
from litdb.draft.subject import Draft, Tally
from litdb.draft.text.project import DraftTable

_DELTA = re.compile(
    r"Δ|\\Delta|\b(?:delta|gain|diff(?:erence)?|change|improvement|drop|imp\.?)\b", re.IGNORECASE
)
_MEAN = re.compile(r"^(?:mean|average|avg\.?)(?:\b|$)", re.IGNORECASE)
_NUMBER = re.compile(r"^[^\d+−–-]{0,3}([+−–-]?)\s?(\d+(?:\.\d+)?)\s?(%?)(?:\s?±.*)?$")


@dataclass(frozen=True, slots=True)
class _Printed:
    value: float
    step: float
    text: str


def columns(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """ARITHMETIC: columns of differences and rows of means."""
    for table in draft.project.tables:
        grid = [[_printed(cell.text) for cell in row] for row in table.grid.rows]
        places = {row.index: row.place for row in table.rows}
        if not table.turned:
            yield from _differences(table, grid, places, tally)
            yield from _means(table, grid, places, tally)


def _printed(text: str) -> _Printed | None:
    match = _NUMBER.match(text.replace(",", "").strip())
    if match is None:
        return None
    digits = match[2]
    step = 10.0 ** -len(digits.split(".")[1]) if "." in digits else 1.0
    return _Printed(float(digits) * (-1 if match[1] in ("-", "−", "–") else 1), step, text.strip())


def _differences(
    table: DraftTable, grid: list[list[_Printed | None]], places: dict[int, DraftPlace], tally: Tally
) -> Iterator[DraftFinding]:
    """Rows whose difference is not that of the two columns, or of the row to compare with, that most rows have it from."""
    for column, heading in enumerate(table.headings):
        if not _DELTA.search(heading):
            continue
        rows = [
            at
            for at, row in enumerate(grid)
            if at in places and column < len(row) and row[column] is not None
        ]
        ways = [
            (good, wrong, a, b)
            for a, b in permutations([c for c in range(len(table.headings)) if c != column], 2)
            for good, wrong in [_tried(grid, rows, column, a, b)]
            if len(good) >= 2 and len(good) > 2 * len(wrong)
        ]
        if not ways:
            tally.unchecked("columns of differences whose two sides are not clear")
            continue
        good, wrong, a, b = max(ways, key=lambda way: len(way[0]))
        tally.checked("differences in tables", len(good) + len(wrong))
        for at in wrong:
            first, second, told = grid[at][a], grid[at][b], grid[at][column]
            assert first is not None
            assert second is not None
            assert told is not None
            yield DraftFinding(
                DraftRule.ARITHMETIC, places[at],
                f"{table.name}, “{heading}”: {second.text} less {first.text} is {second.value - first.value:+.3g}, not {told.text}",
            )  # fmt: skip


def _tried(
    grid: list[list[_Printed | None]], rows: list[int], column: int, a: int, b: int
) -> tuple[list[int], list[int]]:
    """Which rows have b less a in a column, and which do not."""
    good: list[int] = []
    wrong: list[int] = []
    for at in rows:
        first, second, told = grid[at][a], grid[at][b], grid[at][column]
        if first is None or second is None or told is None:
            continue
        room = (
            (first.step + second.step + told.step) / 2 * 0.999
            if told.step < first.step
            else told.step / 2 + 1e-9
        )
        fits = abs(second.value - first.value - told.value) <= room + 1e-9
        (good if fits else wrong).append(at)
    return good, wrong


def _means(
    table: DraftTable, grid: list[list[_Printed | None]], places: dict[int, DraftPlace], tally: Tally
) -> Iterator[DraftFinding]:
    """Cells of a row of means that are not the mean of the rows over it."""
    for at, row in enumerate(table.grid.rows):
        label = next((cell.text.strip() for cell in row if cell.text.strip()), "")
        if not _MEAN.match(label) or at not in places:
            continue
        above = [other for other in range(at) if any(grid[other])]
        wrong: list[str] = []
        right = 0
        for column, told in enumerate(grid[at]):
            members = [cell for other in above if (cell := grid[other][column]) is not None]
            if (
                told is None
                or len(members) < 2
                or len(members) != len([o for o in above if grid[o][column] or o])
            ):
                continue
            mean = sum(cell.value for cell in members) / len(members)
            room = told.step / 2 + sum(cell.step for cell in members) / len(members) / 2
            if abs(mean - told.value) <= room + 1e-9:
                right += 1
            else:
                wrong.append(
                    f"{table.headings[column]}: the mean of {len(members)} rows is {mean:.4f}, not {told.text}"
                )
        if right >= len(wrong):
            tally.checked("means in tables", right + len(wrong))
            for message in wrong:
                yield DraftFinding(DraftRule.ARITHMETIC, places[at], f"{table.name}, {message}")
        elif wrong:
            tally.unchecked("rows of means whose members are not clear")
