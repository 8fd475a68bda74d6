r"""The cells of a LaTeX table.

Numbers stand in siunitx S columns. Bold is a switch before the number, which siunitx keeps aligned. An
underlined or marked number is a braced text (S columns take no \underline, and set a mark after the room of the
missing decimals) padded by \phantom to the width of the column's format, so its decimal point is where the
others have theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from litdb.errors import UsageError
from litdb.report.latex_text import latex
from litdb.report.sheet import SECTION, STAR, Sheet, SheetCell, SheetRow
from litdb.report.templating import Ready
from litdb.values.table import Column

_NUMBER = re.compile(r"^(?P<sign>-?)(?P<whole>\d+)(?:\.(?P<decimals>\d+))?$")
_LABEL = re.compile(r"[A-Za-z0-9:._-]+")
_MARKS = {STAR: r"$\star$", SECTION: r"\S"}
_ARROW = {"higher": r"$\uparrow$", "lower": r"$\downarrow$"}


@dataclass(frozen=True, slots=True)
class _Format:
    """Digits before and after the point and whether there is a sign, over the numbers of a column.

    `marks` is the widest superscript that stands after a number.
    """

    sign: bool
    whole: int
    decimals: int
    marks: str

    @property
    def specification(self) -> str:
        room = f", table-space-text-post={{{self.marks}}}" if self.marks else ""
        sign = "-" * self.sign
        return f"S[table-format={sign}{self.whole}.{self.decimals}, detect-weight{room}]"


def checked_label(label: str) -> str:
    r"""A \label as given. Raises UsageError when it holds what a LaTeX label should not."""
    if not _LABEL.fullmatch(label):
        raise UsageError(f"label {label!r} may have letters, digits, ':', '.', '_' and '-' only")
    return label


def marks_text(marks: tuple[str, ...]) -> str:
    """Footnote marks as one superscript, empty without marks."""
    return rf"\textsuperscript{{{','.join(_MARKS.get(mark, mark) for mark in marks)}}}" if marks else ""


def item(mark: str) -> Ready:
    """The mark of a footnote below the table."""
    return Ready(_MARKS.get(mark, mark))


def specification(sheet: Sheet) -> Ready:
    """The column specification of the tabular."""
    parts = ["l", *("c" * sheet.with_year)]
    for index in range(len(sheet.columns)):
        form = _format([row.cells[index] for row in sheet.rows])
        parts.append(form.specification if form else "c")
    return Ready("\n  ".join([*parts, *("ll" if sheet.with_source else "")]))


def header(sheet: Sheet) -> Ready:
    """The cells of the heading."""
    parts = ["Model", *(["{Year}"] if sheet.with_year else [])]
    parts += [f"{{{_heading(column)}}}" for column in sheet.columns]
    return Ready(" & ".join([*parts, *(["Origin", "Source"] if sheet.with_source else [])]))


def rows(sheet: Sheet) -> list[Ready]:
    """The cells of every row."""
    formats = [_format([row.cells[index] for row in sheet.rows]) for index in range(len(sheet.columns))]
    return [Ready(" & ".join(_row(row, sheet, formats))) for row in sheet.rows]


def _row(row: SheetRow, sheet: Sheet, formats: list[_Format | None]) -> list[str]:
    parts = [latex(row.name) + marks_text(row.marks)]
    if sheet.with_year:
        parts.append(row.year)
    parts += [_cell(cell, form) for cell, form in zip(row.cells, formats, strict=True)]
    if sheet.with_source:
        parts += [latex(row.origin), latex(row.source)]
    return parts


def _heading(column: Column) -> str:
    return f"{latex(column.title)} {_ARROW[column.direction]}"


def _format(cells: list[SheetCell]) -> _Format | None:
    found = [(cell, match) for cell in cells if (match := _NUMBER.match(cell.text))]
    if not found:
        return None
    marks = max((marks_text(cell.marks) for cell, _ in found), key=len)
    return _Format(
        any(match["sign"] for _, match in found),
        max(len(match["whole"]) for _, match in found),
        max(len(match["decimals"] or "") for _, match in found),
        marks,
    )


def _cell(cell: SheetCell, form: _Format | None) -> str:
    marks = marks_text(cell.marks)
    match = _NUMBER.match(cell.text)
    if match is None or form is None:
        text = latex(cell.text)
        if cell.rank is not None:
            text = rf"\textbf{{{text}}}" if cell.rank == 1 else rf"\underline{{{text}}}"
        return f"{{{text}{marks}}}"
    if cell.rank == 1 or (cell.rank is None and not marks):
        return (r"\bfseries " if cell.rank == 1 else "") + cell.text + (f" {marks}" if marks else "")
    left = "0" * (form.whole - len(match["whole"]))
    sign = r"\phantom{$-$}" if form.sign and not match["sign"] else ""
    decimals = match["decimals"] or ""
    right = ("" if decimals or not form.decimals else ".") + "0" * (form.decimals - len(decimals))
    number = cell.text.replace("-", "$-$")
    if cell.rank == 2:
        number = rf"\underline{{{number}}}"
    overhang = rf"\rlap{{{marks}}}" if marks else ""
    return f"{{{sign}{_phantom(left)}{number}{overhang}{_phantom(right)}{_phantom(form.marks)}}}"


def _phantom(text: str) -> str:
    return rf"\phantom{{{text}}}" if text else ""
