"""Which room, size of type and spaces a table takes: the first step that its widths allow."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from litdb.errors import UsageError
from litdb.report.paper.latex import Typeset, format_of, short_title
from litdb.report.paper.target import Room, Sizing
from litdb.report.paper.widths import POINTS_PER_MM, Face, number_width, raised_width, text_width
from litdb.report.sheet import Sheet, SheetCell

#: Sizes of type in points and spaces beside a column, the ones to be tried first in front.
_SIZES = (9, 8, 7)
_SPACES = (6.0, 4.0, 2.5)
_CITATION = "~[99]"


@dataclass(frozen=True, slots=True)
class Fit:
    """How a table is set: its room, the size of type, the space on each side of a column, and the setting of its cells."""

    room: Room
    size: int
    space: float
    setting: Typeset


def fit(sheet: Sheet, setting: Typeset, target: Sizing) -> Fit:
    """The first room and the largest type in which the table is not too wide; names break where nothing else is left.

    Raises UsageError for a table that is too wide even so.
    """
    for room in target.rooms:
        for size in _SIZES:
            for space in _SPACES:
                for stacked in (False, True):
                    tried = replace(setting, stacked=stacked)
                    if sum(_columns(sheet, tried, target.face, size, space)) <= room.points:
                        return Fit(room, size, space, tried)
    room, size, space = target.rooms[-1], _SIZES[-1], _SPACES[-1]
    tried = replace(setting, stacked=True)
    first, *others = _columns(sheet, tried, target.face, size, space)
    left = room.points - sum(others)
    least = min(first, _longest_part(sheet, setting, target.face, size))
    if left < least:
        needed = (sum(others) + least) / POINTS_PER_MM
        raise UsageError(
            f"the table needs {needed:.0f} mm in {size} pt and has {room.mm:g}: ask for fewer columns (--metrics), or for more "
            "width (--columns 2, --width)"
        )
    return Fit(room, size, space, replace(tried, wrapped=left))


def _columns(sheet: Sheet, setting: Typeset, face: Face, size: int, space: float) -> list[float]:
    """The width of each column with the spaces beside it (none at the ends of the table)."""
    names = [_name(row.name, row.marks, row.cites in setting.citations, face, size) for row in sheet.rows]
    widths = [max([text_width("Model", face, size), *names])]
    if sheet.with_year:
        widths.append(text_width("Year", face, size))
    scores = []
    for index, column in enumerate(sheet.columns):
        title, unit = short_title(column)
        lines = [title, unit] if setting.stacked else [f"{title} {unit}".strip()]
        heads = [text_width(line, face, size) for line in lines]
        scores.append(max(*heads, 0.0, _numbers([row.cells[index] for row in sheet.rows], face, size)))
    at = 0
    for title, count in sheet.spans:
        wanted = text_width(title, face, size) - sum(scores[at : at + count]) - 2 * space * (count - 1)
        scores[at + count - 1] += max(0.0, wanted)
        at += count
    widths += scores
    if sheet.with_source:
        for texts in ([row.origin for row in sheet.rows], [row.source for row in sheet.rows]):
            widths.append(
                max([text_width("Source", face, size), *(text_width(t, face, size) for t in texts)])
            )
    titles = max((text_width(row.heading, face, size) for row in sheet.rows if row.heading), default=0.0)
    spaces = 2 * space * (len(widths) - 1)
    widths[-1] += max(0.0, titles - sum(widths) - spaces)
    return [widths[0], *(width + 2 * space for width in widths[1:])]


def _name(name: str, marks: tuple[str, ...], cited: bool, face: Face, size: int) -> float:
    return (
        text_width(name, face, size)
        + (text_width(_CITATION, face, size) if cited else 0.0)
        + raised_width(",".join(marks), face, size)
    )


def _numbers(cells: list[SheetCell], face: Face, size: int) -> float:
    form = format_of(cells)
    marks = max((raised_width(",".join(cell.marks), face, size) for cell in cells), default=0.0)
    widest = 0.0 if form is None else number_width(bool(form.sign), form.whole, form.decimals, size)
    texts = [text_width(cell.text, face, size, bold=True) for cell in cells]
    return max([widest, *texts]) + marks


def _longest_part(sheet: Sheet, setting: Typeset, face: Face, size: int) -> float:
    """The widest piece of a name that is not broken: TeX breaks at blanks and after hyphens."""
    widest = text_width("Model", face, size)
    for row in sheet.rows:
        *parts, last = re.findall(r"[^ -]*-|[^ -]+", row.name) or [""]
        ends = _name(last, row.marks, row.cites in setting.citations, face, size)
        widest = max(widest, ends, *(text_width(part, face, size) for part in parts))
    return widest
