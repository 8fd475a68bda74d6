"""The report as one PDF: A4 pages with the text set by matplotlib, and each figure laid on its page as it is, vectors kept."""

from __future__ import annotations

import io
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pypdfium2

from litdb.report.escape import clean
from model.figures.drawing import Absent, Picture
from model.figures.numbers import Section
from model.figures.style import publication

# Millimetres and points of an A4 page; text is 8 pt, tables 6.5 pt in letters of equal width.
_WIDTH, _HEIGHT, _MARGIN = 210.0, 297.0, 20.0
_POINTS = 72 / 25.4
_LINE, _TABLE_LINE, _GAP = 4.0, 3.2, 3.0
_TEXT, _TABLE, _HEADING = 8.0, 6.5, 11.0
_LETTERS = 122
"""Letters of a line of text; DejaVu Sans at 8 pt has some 1.5 mm a letter."""
_TABLE_LETTERS = 120
"""Letters of equal width (0.602 of 6.5 pt) in 170 mm."""


@dataclass
class _Page:
    """What stands on a page: lines of text with their place (mm from the top), and figures by name with theirs."""

    texts: list[tuple[float, str, float, bool, bool]] = field(default_factory=list)
    figures: list[tuple[float, str]] = field(default_factory=list)
    below: float = _MARGIN


@dataclass
class _Setting:
    """Pages filled from top to bottom."""

    pages: list[_Page] = field(default_factory=lambda: [_Page()])

    def room(self, millimetres: float) -> _Page:
        """The page on which so much fits, a new one where the last is full."""
        if self.pages[-1].below + millimetres > _HEIGHT - _MARGIN and self.pages[-1].below > _MARGIN:
            self.pages.append(_Page())
        return self.pages[-1]

    def line(
        self, words: str, size: float, height: float, *, bold: bool = False, fixed: bool = False
    ) -> None:
        """A line of text."""
        at = self.room(height)
        at.texts.append((at.below, words, size, bold, fixed))
        at.below += height

    def paragraph(self, words: str) -> None:
        """Text of 8 pt over the width of the page."""
        for line in _wrapped(words, _LETTERS):
            self.line(line, _TEXT, _LINE)

    def heading(self, words: str, after: float) -> None:
        """A heading that stays with so much of what follows."""
        self.gap()
        self.room(7 + after)
        for line in _wrapped(words, 75):
            self.line(line, _HEADING, 6.0, bold=True)

    def gap(self) -> None:
        """A little room, but not at the top of a page."""
        if self.pages[-1].below > _MARGIN:
            self.pages[-1].below += _GAP


def document(
    title: str, sections: Sequence[Section], found: Sequence[Picture | Absent], drawn: Mapping[str, bytes]
) -> bytes:
    """The PDF; `drawn` are the figures as PDF by their name, no wider than 170 mm."""
    with _opened(drawn) as files:
        sizes = {name: tuple(side / _POINTS for side in file[0].get_size()) for name, file in files.items()}
        setting = _Setting()
        setting.heading(title, 0)
        for section in sections[:1]:
            _section(setting, section)
        for one in found:
            _figure(setting, one, sizes)
        for section in sections[1:]:
            _section(setting, section)
        return _laid(setting.pages, files)


class _opened:
    """The figures as open PDF files, by name."""

    def __init__(self, drawn: Mapping[str, bytes]) -> None:
        self._files = {name: pypdfium2.PdfDocument(content) for name, content in drawn.items()}

    def __enter__(self) -> Mapping[str, pypdfium2.PdfDocument]:
        return self._files

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()


def _figure(setting: _Setting, one: Picture | Absent, sizes: Mapping[str, tuple[float, ...]]) -> None:
    if isinstance(one, Absent):
        setting.heading(one.title, _LINE)
        setting.paragraph(f"Not drawn: {one.reason}.")
        return
    height = sizes[one.name][1]
    words = len(_wrapped(one.caption, _LETTERS)) * _LINE
    setting.heading(one.title, height + min(words, 12 * _LINE) + 2)
    page = setting.room(height)
    page.figures.append((page.below, one.name))
    page.below += height + 2
    setting.paragraph(one.caption)


def _section(setting: _Setting, section: Section) -> None:
    setting.heading(section.title, 3 * _LINE)
    for line in table_lines(section.rows):
        setting.line(line, _TABLE, _TABLE_LINE, fixed=True)
    setting.pages[-1].below += 1.5
    for note in section.notes:
        setting.paragraph(note)


def _wrapped(words: str, letters: int) -> list[str]:
    """Lines of at most so many letters; of half as many where some are twice as wide (Chinese, Japanese, Korean)."""
    words = clean(words)
    wide = any(unicodedata.east_asian_width(letter) in "WF" for letter in words)
    return textwrap.wrap(words, max(1, letters // 2) if wide else letters)


def table_lines(rows: Sequence[Sequence[str]], letters: int = _TABLE_LETTERS) -> list[str]:
    """A table in letters of equal width. One that is too wide has its widest columns wrapped; nothing is cut off."""
    if not rows:
        return []
    width = max(map(len, rows))
    cells = [[clean(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    widths = [max(1, *(len(row[place]) for row in cells)) for place in range(width)]
    while sum(widths) + 2 * (width - 1) > letters and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    lines = []
    for row in cells:
        wrapped = [_wrapped(cell, size) or [""] for cell, size in zip(row, widths, strict=True)]
        for depth in range(max(map(len, wrapped))):
            pieces = [part[depth] if depth < len(part) else "" for part in wrapped]
            lines.append(
                "  ".join(piece.ljust(size) for piece, size in zip(pieces, widths, strict=True)).rstrip()
            )
    return lines


def _laid(pages: Sequence[_Page], files: Mapping[str, pypdfium2.PdfDocument]) -> bytes:
    """Text pages with the figures on them."""
    whole = pypdfium2.PdfDocument(_texts(pages))
    try:
        for number, page in enumerate(pages):
            if not page.figures:
                continue
            sheet = whole[number]
            for at, name in page.figures:
                figure = files[name].page_as_xobject(0, whole).as_pageobject()
                width, height = files[name][0].get_size()
                left = (_WIDTH * _POINTS - width) / 2
                figure.set_matrix(pypdfium2.PdfMatrix().translate(left, (_HEIGHT - at) * _POINTS - height))
                sheet.insert_obj(figure)
            sheet.gen_content()
        held = io.BytesIO()
        whole.save(held)
        return held.getvalue()
    finally:
        whole.close()


def _texts(pages: Sequence[_Page]) -> bytes:
    """The text of the pages, one A4 page each."""
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    held = io.BytesIO()
    with publication(words for page in pages for _, words, *_ in page.texts):
        from matplotlib import rcParams

        families = list(rcParams["font.family"])
        with PdfPages(held, metadata={"CreationDate": None, "Creator": "litdb", "Producer": None}) as pdf:
            for page in pages:
                sheet = Figure(figsize=(_WIDTH / 25.4, _HEIGHT / 25.4))
                for at, words, size, bold, fixed in page.texts:
                    sheet.text(
                        _MARGIN / _WIDTH,
                        1 - at / _HEIGHT,
                        words,
                        fontsize=size,
                        fontweight="bold" if bold else "normal",
                        fontfamily=["DejaVu Sans Mono", *families] if fixed else families,
                        va="top",
                    )
                pdf.savefig(sheet)
    return held.getvalue()
