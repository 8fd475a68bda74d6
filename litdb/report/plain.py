"""A table as aligned plain text."""

from __future__ import annotations

import re
import textwrap

from litdb.report.escape import width
from litdb.report.sheet import Footnote, Sheet, SheetCell, SheetRow, full_heading

_BOLD, _UNDERLINE, _OFF = "\x1b[1m", "\x1b[4m", "\x1b[0m"
_NUMBER = re.compile(r"^-?\d")
#: The least columns that a name is folded to.
_LEAST_NAME = 24


def terminal(sheet: Sheet, *, hidden: int = 0, styled: bool = False, room: int | None = None) -> str:
    """Columns aligned by terminal width, numbers at their decimal points, footnotes below.

    `styled` shows the best value bold and the second underlined by ANSI codes; without it only marks are used. Where
    the table is wider than `room` columns, long names go on in lines of their own.
    """
    columns = [["Model", *(_name(row) for row in sheet.rows)]]
    if sheet.with_year:
        columns.append(["Year", *(row.year for row in sheet.rows)])
    for index, column in enumerate(sheet.columns):
        cells = [row.cells[index] for row in sheet.rows]
        columns.append(_aligned(full_heading(column), cells, styled))
    if sheet.with_source:
        columns.append(["Origin", *(row.origin for row in sheet.rows)])
        columns.append(["Source", *(row.source for row in sheet.rows)])
    padded = [_padded(column) for column in columns]
    more: list[list[str]] = [[] for _ in columns[0]]
    if room is not None and (excess := sum(_shown_width(c[0]) + 2 for c in padded) - 2 - room) > 0:
        limit = max(_LEAST_NAME, _shown_width(padded[0][0]) - excess)
        folded = [
            textwrap.wrap(name, limit, subsequent_indent="  ", break_on_hyphens=False) or [name]
            for name in columns[0]
        ]
        padded[0], more = _padded([first for first, *_ in folded]), [rest for _, *rest in folded]
    lines = ["  ".join(parts).rstrip() for parts in zip(*padded, strict=True)]
    rule = "─" * max(map(_shown_width, lines))
    shown = []
    for row, line, rest in zip(sheet.rows, lines[1:], more[1:], strict=True):
        shown += [*([f"{row.heading}:"] if row.heading else []), line, *rest]
    below = [_footnote(note) for note in sheet.footnotes]
    below += [f"Note: {text}" for text in sheet.notes]
    if hidden:
        below.append(f"Note: {hidden} proposed row{'s' * (hidden > 1)} not shown; --proposed shows them")
    wrapped = [line for text in below for line in textwrap.wrap(text, 100, subsequent_indent="  ")]
    return "\n".join([sheet.title, "", lines[0], rule, *shown, *([""] if wrapped else []), *wrapped]) + "\n"


def _name(row: SheetRow) -> str:
    return row.name + _suffix(row.marks)


def _footnote(note: Footnote) -> str:
    cited = f" [{note.cites}]" if note.cites else ""
    return f"[{note.mark}] {note.text}{cited}" if note.mark.isalnum() else f"{note.mark} {note.text}"


def _suffix(marks: tuple[str, ...]) -> str:
    signs = "".join(mark for mark in marks if not mark.isalnum())
    numbers = ",".join(mark for mark in marks if mark.isalnum())
    return (f" {signs}" if signs else "") + (f" [{numbers}]" if numbers else "")


def _aligned(title: str, cells: list[SheetCell], styled: bool) -> list[str]:
    """The column with decimal points under each other and marks after the numbers; words end before the point."""
    numbers = {cell.text for cell in cells if _NUMBER.match(cell.text)}
    before = max((len(text.partition(".")[0]) for text in numbers), default=1)
    longest = max((width(cell.text) for cell in cells if cell.text not in numbers), default=0)
    indent = max(0, longest - before - max((len(_decimals(text)) for text in numbers), default=0))
    column = []
    for cell in cells:
        style = {1: _BOLD, 2: _UNDERLINE}.get(cell.rank or 0, "") if styled else ""
        text = (f"{style}{cell.text}{_OFF}" if style else cell.text) + _suffix(cell.marks)
        head = width(cell.text.partition(".")[0] if cell.text in numbers else cell.text)
        column.append(" " * max(0, indent + before - head) + text)
    return [title, *column]


def _decimals(text: str) -> str:
    return "".join(text.partition(".")[1:])


def _shown_width(text: str) -> int:
    if "\x1b" in text:
        for code in (_BOLD, _UNDERLINE, _OFF):
            text = text.replace(code, "")
    return width(text)


def _padded(column: list[str]) -> list[str]:
    widths = list(map(_shown_width, column))
    full = max(widths)
    return [text + " " * (full - taken) for text, taken in zip(column, widths, strict=True)]
