r"""The cells of a LaTeX table.

Numbers stand in siunitx S columns. Bold is a switch before the number, which siunitx keeps aligned. An
underlined or marked number is a braced text (S columns take no \underline, and set a mark after the room of the
missing decimals) padded by \phantom to the width of the column's format, so its decimal point is where the
others have theirs. Without siunitx every number is such a text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from litdb.errors import UsageError
from litdb.report.paper.latex_text import latex
from litdb.report.sheet import SECTION, STAR, Footnote, Sheet, SheetCell, SheetRow
from litdb.report.templating import Ready
from litdb.values.table import Column

_NUMBER = re.compile(r"^(?P<sign>[-+]?)(?P<whole>\d+)(?:\.(?P<decimals>\d+))?$")
_LABEL = re.compile(r"[A-Za-z0-9:._-]+")
_MARKS = {STAR: r"$\star$", SECTION: r"\S"}
_SHORT = {"Params": "Par."}
_LONG_WORD = 18
_ARROW = {"higher": r"$\uparrow$", "lower": r"$\downarrow$"}


@dataclass(frozen=True, slots=True)
class Typeset:
    r"""How a sheet is set: without siunitx, with keys for \cite, briefly as in a paper, headings over two lines.

    `wrapped` is the width of the first column in points, where its names break.
    """

    plain: bool = False
    citations: Mapping[str, str] = field(default_factory=dict)
    brief: bool = False
    stacked: bool = False
    wrapped: float | None = None


USUAL = Typeset()


@dataclass(frozen=True, slots=True)
class Format:
    """Digits before and after the point over the numbers of a column, and the sign that some have: '+' where some say it.

    `marks` is the widest superscript that stands after a number.
    """

    sign: str
    whole: int
    decimals: int
    marks: str

    @property
    def specification(self) -> str:
        room = f", table-space-text-post={{{self.marks}}}" if self.marks else ""
        said = ", retain-explicit-plus" if self.sign == "+" else ""
        return f"S[table-format={self.sign}{self.whole}.{self.decimals}{said}, detect-weight{room}]"


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


def told(note: Footnote, setting: Typeset = USUAL) -> Ready:
    """The text of a footnote, with the citation of the paper that it names."""
    text = breakable(note.text) if setting.brief else latex(note.text)
    return Ready(f"{text}~{_cited(note.cites, setting)}" if note.cites else text)


def breakable(text: str) -> str:
    """A text in whose long words, such as addresses, lines may break."""
    return " ".join(map(_breakable_word, text.split(" ")))


def _breakable_word(word: str) -> str:
    if len(word) <= _LONG_WORD:
        return latex(word)
    return r"\hspace{0pt}".join(latex(part) for part in re.findall(r".{1,6}[/._:-]*", word))


def _cited(paper: str, setting: Typeset) -> str:
    key = setting.citations.get(paper, "")
    return rf"\cite{{{key}}}" if _LABEL.fullmatch(key) else latex(paper)


def specification(sheet: Sheet, setting: Typeset = USUAL) -> Ready:
    """The column specification of the tabular."""
    first = "l"
    if setting.wrapped is not None:
        first = rf">{{\raggedright\arraybackslash}}p{{{setting.wrapped:.1f}pt}}"
    parts = [first, *("c" * sheet.with_year)]
    for index in range(len(sheet.columns)):
        form = format_of([row.cells[index] for row in sheet.rows])
        parts.append(form.specification if form and not setting.plain else "c")
    parts += [*("ll" if sheet.with_source else "")]
    return Ready("\n  ".join(["@{}", *parts, "@{}"] if setting.brief else parts))


def header(sheet: Sheet, setting: Typeset = USUAL) -> Ready:
    """The cells of the heading."""
    parts = ["Model", *(["{Year}"] if sheet.with_year else [])]
    parts += [f"{{{_heading(column, setting)}}}" for column in sheet.columns]
    return Ready(" & ".join([*parts, *(["Origin", "Source"] if sheet.with_source else [])]))


def spans(sheet: Sheet) -> Ready:
    """The lines above the heading that name the test sets side by side; empty for one test set."""
    if not sheet.spans:
        return Ready("")
    cells, rules, at = [""] * (1 + sheet.with_year), [], 2 + sheet.with_year
    for title, count in sheet.spans:
        cells.append(rf"\multicolumn{{{count}}}{{c}}{{{latex(title)}}}")
        if title:
            rules.append(rf"\cmidrule(lr){{{at}-{at + count - 1}}}")
        at += count
    cells += [""] * (2 * sheet.with_source)
    return Ready(rf"{' & '.join(cells)} \\ {' '.join(rules)}")


def rows(sheet: Sheet, setting: Typeset = USUAL) -> list[tuple[Ready, Ready]]:
    """The cells of every row, each with the title of the group that begins there, '' for none."""
    formats = [format_of([row.cells[index] for row in sheet.rows]) for index in range(len(sheet.columns))]
    return [
        (
            Ready(_group(row.heading, sheet) if row.heading else ""),
            Ready(" & ".join(_row(row, sheet, formats, setting))),
        )
        for row in sheet.rows
    ]


def _group(title: str, sheet: Sheet) -> str:
    return rf"\multicolumn{{{sheet.wide}}}{{@{{}}l}}{{\textit{{{latex(title)}}}}}"


def _row(row: SheetRow, sheet: Sheet, formats: list[Format | None], setting: Typeset) -> list[str]:
    cited = f"~{_cited(row.cites, setting)}" if setting.brief and row.cites in setting.citations else ""
    parts = [latex(row.name) + cited + marks_text(row.marks)]
    if sheet.with_year:
        parts.append(row.year)
    parts += [_cell(cell, form, setting) for cell, form in zip(row.cells, formats, strict=True)]
    if sheet.with_source:
        parts += [latex(row.origin), latex(row.source)]
    return parts


def short_title(column: Column) -> tuple[str, str]:
    """The title of a column in a paper, and its unit in brackets: `Par.`, `(M)`."""
    title, _, unit = column.title.partition(" (")
    return _SHORT.get(title, title), f"({unit}" if unit else ""


def _heading(column: Column, setting: Typeset) -> str:
    if setting.brief:
        title, unit = map(latex, short_title(column))
        if setting.stacked and unit:
            return rf"\shortstack{{{title}\\{unit}}}"
        return f"{title} {unit}".strip()
    return f"{latex(column.title)} {_ARROW[column.direction]}"


def format_of(cells: list[SheetCell]) -> Format | None:
    found = [(cell, match) for cell in cells if (match := _NUMBER.match(cell.text))]
    if not found:
        return None
    marks = max((marks_text(cell.marks) for cell, _ in found), key=len)
    return Format(
        min((match["sign"] for _, match in found if match["sign"]), default=""),  # + comes before -
        max(len(match["whole"]) for _, match in found),
        max(len(match["decimals"] or "") for _, match in found),
        marks,
    )


def _cell(cell: SheetCell, form: Format | None, setting: Typeset) -> str:
    marks = marks_text(cell.marks)
    match = _NUMBER.match(cell.text)
    if match is None or form is None:
        text = "--" if setting.brief and cell.text == "-" else latex(cell.text)
        return f"{{{_ranked(text, cell.rank)}{marks}}}"
    switched = cell.rank == 1 or (cell.rank is None and not marks)
    if switched and not setting.plain:
        return (r"\bfseries " if cell.rank == 1 else "") + cell.text + (f" {marks}" if marks else "")
    left = "0" * (form.whole - len(match["whole"]))
    sign = r"\phantom{$-$}" if form.sign and not match["sign"] else ""
    decimals = match["decimals"] or ""
    right = ("" if decimals or not form.decimals else ".") + "0" * (form.decimals - len(decimals))
    number = _ranked(cell.text.replace("-", "$-$").replace("+", "$+$"), cell.rank)
    overhang = rf"\rlap{{{marks}}}" if marks else ""
    return f"{{{sign}{_phantom(left)}{number}{overhang}{_phantom(right)}{_phantom(form.marks)}}}"


def _ranked(text: str, rank: int | None) -> str:
    return {1: rf"\textbf{{{text}}}", 2: rf"\underline{{{text}}}"}.get(rank or 0, text)


def _phantom(text: str) -> str:
    return rf"\phantom{{{text}}}" if text else ""
