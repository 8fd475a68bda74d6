"""The pages of a PDF as glyphs and rules with their places, read with pdfium; nothing else here knows the format.

Places are in points, y growing upwards, as in the file. Glyphs that are turned are left out.
"""

from __future__ import annotations

import ctypes
import itertools
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from litdb.errors import InputError, TooLarge
from litdb.extract.limits import MAX_GLYPHS, MAX_PAGES, MAX_PATHS, MAX_PDF_BYTES, Deadline
from litdb.extract.pdf.streams import check_streams

_THIN = 2.5  # points: what is not higher is a line, however it was drawn
_SHORTEST_RULE = 8.0
_DRAWN_LINE, _MOVE = 0, 2  # segment types of pdfium
_PATH = 2  # object type of pdfium
_LINE_END_HYPHEN = 2  # what pdfium puts for a hyphen at the end of a line
_ENCRYPTED, _BAD_SECURITY = 4, 5  # error codes of pdfium


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character, or the letters of a ligature: left and right edge, baseline, size of its font in points, and its place in the page's text."""

    char: str
    x0: float
    x1: float
    y: float
    size: float
    at: int


@dataclass(frozen=True, slots=True)
class PageRule:
    """A horizontal line."""

    x0: float
    x1: float
    y: float

    @property
    def width(self) -> float:
        """Its length in points."""
        return self.x1 - self.x0


@dataclass(frozen=True, slots=True)
class PdfPage:
    """What stands on one page, glyphs in the order of the file; `number` counts from 1."""

    number: int
    glyphs: tuple[Glyph, ...]
    rules: tuple[PageRule, ...]


@contextmanager
def opened(data: bytes, name: str, deadline: Deadline) -> Iterator[Any]:
    """A PDF as pdfium opens it.

    Raises InputError for a file that is broken, encrypted or no PDF, TooLarge past a bound on size, pages or time.
    """
    import pypdfium2

    if len(data) > MAX_PDF_BYTES:
        raise TooLarge(f"{name}: {len(data)} bytes, the limit for a PDF is {MAX_PDF_BYTES}")
    check_streams(data, name, deadline)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in (_ENCRYPTED, _BAD_SECURITY):
            raise InputError(f"{name} is encrypted: give a copy that opens without a password") from error
        raise InputError(f"{name} is a broken PDF: give an undamaged copy") from error
    try:
        if len(document) > MAX_PAGES:
            raise TooLarge(f"{name}: {len(document)} pages, the limit is {MAX_PAGES}: give the paper alone")
        yield document
    finally:
        document.close()


def pages(data: bytes, name: str, deadline: Deadline) -> Iterator[PdfPage]:
    """The pages of a PDF, one by one. Raises InputError and TooLarge as `opened` does, and past a bound on glyphs."""
    import pypdfium2.raw as pdfium

    with opened(data, name, deadline) as document:
        for number in range(len(document)):
            deadline.check()
            page = pdfium.FPDF_LoadPage(document.raw, number)
            if not page:
                raise InputError(f"{name}: page {number + 1} is broken: give an undamaged copy")
            try:
                yield PdfPage(
                    number + 1,
                    tuple(_glyphs(pdfium, page, name, deadline)),
                    _joined(list(_rules(pdfium, page, deadline))),
                )
            finally:
                pdfium.FPDF_ClosePage(page)


def _glyphs(pdfium: Any, page: Any, name: str, deadline: Deadline) -> Iterator[Glyph]:
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        return
    try:
        count = pdfium.FPDFText_CountChars(text)
        if count > MAX_GLYPHS:
            raise TooLarge(f"{name}: a page with {count} characters, the limit is {MAX_GLYPHS}")
        box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        x, y = ctypes.c_double(), ctypes.c_double()
        last: Glyph | None = None
        for at in range(count):
            if not at % 2000:
                deadline.check()
            code = pdfium.FPDFText_GetUnicode(text, at)
            if code == _LINE_END_HYPHEN:
                code = ord("-")
            if code < 32 or pdfium.FPDFText_IsGenerated(text, at) == 1 or 0xD800 <= code <= 0xDFFF:
                continue
            if not (
                pdfium.FPDFText_GetLooseCharBox(text, at, box)
                and pdfium.FPDFText_GetCharOrigin(text, at, x, y)
                and pdfium.FPDFText_GetMatrix(text, at, matrix)
            ):
                continue
            if abs(matrix.b) > 0.2 * abs(matrix.a):
                continue
            size = pdfium.FPDFText_GetFontSize(text, at) * math.hypot(matrix.c, matrix.d)
            if size <= 0.5 or code > 0x10FFFF:
                continue
            if last is not None and (last.x0, last.x1, last.y) == (box.left, box.right, y.value):
                last = replace(
                    last, char=last.char + chr(code)
                )  # a ligature comes as its letters, all in one place
                continue
            if last is not None:
                yield last
            last = Glyph(chr(code), box.left, box.right, y.value, size, at)
        if last is not None:
            yield last
    finally:
        pdfium.FPDFText_ClosePage(text)


def _rules(pdfium: Any, page: Any, deadline: Deadline) -> Iterator[PageRule]:
    """Horizontal lines: strokes, and areas as thin as a line."""
    for at in range(min(pdfium.FPDFPage_CountObjects(page), MAX_PATHS)):
        if not at % 500:
            deadline.check()
        item = pdfium.FPDFPage_GetObject(page, at)
        if pdfium.FPDFPageObj_GetType(item) != _PATH:
            continue
        filled, stroked = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(item, filled, stroked)
        for part in _parts(pdfium, item):
            lines = itertools.pairwise(part) if stroked.value else ()
            for (ax, ay), (bx, by) in lines:
                if abs(ay - by) < 0.5 and abs(ax - bx) >= _SHORTEST_RULE:
                    yield PageRule(min(ax, bx), max(ax, bx), (ay + by) / 2)
            if filled.value and not stroked.value:
                xs, ys = [p[0] for p in part], [p[1] for p in part]
                if max(ys) - min(ys) <= _THIN and max(xs) - min(xs) >= _SHORTEST_RULE:
                    yield PageRule(min(xs), max(xs), (min(ys) + max(ys)) / 2)


def _parts(pdfium: Any, item: Any) -> list[list[tuple[float, float]]]:
    """The corners of each part of a path, on the page."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    parts: list[list[tuple[float, float]]] = []
    for at in range(min(pdfium.FPDFPath_CountSegments(item), 400)):
        segment = pdfium.FPDFPath_GetPathSegment(item, at)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == _MOVE or not parts:
            parts.append([])
        elif kind != _DRAWN_LINE:
            parts[-1] = []  # a curve is no rule
            continue
        place = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        parts[-1].append(place)
        if pdfium.FPDFPathSegment_GetClose(segment) and len(parts[-1]) > 2:
            parts[-1].append(parts[-1][0])
    return [part for part in parts if len(part) > 1]


def _joined(rules: Sequence[PageRule]) -> tuple[PageRule, ...]:
    """Pieces that touch on one height are one rule, edges of one line drawn as an area too; from the top down."""
    done: list[PageRule] = []
    for rule in sorted(rules, key=lambda r: (-round(r.y), r.x0)):
        for place in range(len(done) - 1, max(len(done) - 40, -1), -1):
            other = done[place]
            if abs(other.y - rule.y) <= 1.2 and rule.x0 <= other.x1 + 1.2 and other.x0 <= rule.x1 + 1.2:
                done[place] = PageRule(min(other.x0, rule.x0), max(other.x1, rule.x1), other.y)
                break
        else:
            done.append(rule)
    return tuple(sorted(done, key=lambda r: -r.y))
