"""A piece of a page of a PDF as a picture, with a box around what is meant."""

from __future__ import annotations

import ctypes
import io
import math
from dataclasses import dataclass
from typing import Any

from litdb.errors import InputError, TooLarge
from litdb.extract.limits import Deadline
from litdb.extract.pdf.page import opened

#: Pixels a point where there is room, and pixels of a picture at most.
_SCALE = 2.0
_MOST_PIXELS = 4_000_000
#: Points of the page that are shown above and below the box, and between the box and what is in it.
_AROUND = 90.0
_PADDING = 4.0
_COLOUR = (200, 30, 30)
_CONTINUED, _DONE = 1, 2  # states of a rendering
_BGRX = 3  # pdfium's bitmap of four bytes a pixel, the fourth unused
_ANNOTATIONS = 1


@dataclass(frozen=True, slots=True)
class PageBox:
    """A box on a page: `page` from 1, edges in points of the page, y growing upwards."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


def page_picture(data: bytes, name: str, box: PageBox, deadline: Deadline) -> bytes:
    """The page of a PDF around a box, over its whole width, as PNG; the box is drawn.

    Raises InputError for a file that cannot be opened or has no such page, TooLarge when it takes longer than the deadline
    allows: drawing is stopped then.
    """
    import pypdfium2.raw as pdfium
    from PIL import Image, ImageDraw

    with opened(data, name, deadline) as document:
        page = pdfium.FPDF_LoadPage(document.raw, box.page - 1) if 0 < box.page <= len(document) else None
        if not page:
            raise InputError(f"{name} has no page {box.page} any more: `litdb reextract` reads it again")
        try:
            width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
            if not (1 <= width <= 20_000 and 1 <= height <= 20_000):
                raise TooLarge(f"{name}: page {box.page} is of {width:g} by {height:g} points")
            place = _on_screen(pdfium, page, box, width, height)
            top, bottom = max(0.0, place[1] - _AROUND), min(height, place[3] + _AROUND)
            scale = min(_SCALE, math.sqrt(_MOST_PIXELS / (width * max(bottom - top, 1.0))))
            size = max(1, round(width * scale)), max(1, round((bottom - top) * scale))
            bitmap = pdfium.FPDFBitmap_CreateEx(*size, _BGRX, None, 0)
            try:
                pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, *size, 0xFFFFFFFF)
                at = (0, -round(top * scale), round(width * scale), round(height * scale))
                _draw(pdfium, bitmap, page, at, deadline)
                stride = pdfium.FPDFBitmap_GetStride(bitmap)
                drawn = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * size[1])
            finally:
                pdfium.FPDFBitmap_Destroy(bitmap)
        finally:
            pdfium.FPDF_ClosePage(page)
    image = Image.frombuffer("RGB", size, drawn, "raw", "BGRX", stride, 1).copy()
    left, upper, right, lower = place
    near = (max(0.0, edge * scale) for edge in (left - _PADDING, upper - top - _PADDING))
    far = (edge * scale for edge in (right + _PADDING, lower - top + _PADDING))
    ends = (min(edge, pixels - 1.0) for edge, pixels in zip(far, size, strict=True))
    ImageDraw.Draw(image).rectangle([*near, *ends], outline=_COLOUR, width=2)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _on_screen(
    pdfium: Any, page: Any, box: PageBox, width: float, height: float
) -> tuple[float, float, float, float]:
    """The box as it lies on the page as it is shown (turned, cut), in points from its upper left: left, top, right, bottom."""
    x, y = ctypes.c_int(), ctypes.c_int()
    fine = 10  # whole pixels are asked for
    found = []
    for corner in ((box.x0, box.y0), (box.x1, box.y1)):
        pdfium.FPDF_PageToDevice(page, 0, 0, round(width * fine), round(height * fine), 0, *corner, x, y)
        found.append((min(max(x.value / fine, 0.0), width), min(max(y.value / fine, 0.0), height)))
    (ax, ay), (bx, by) = found
    return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _draw(pdfium: Any, bitmap: Any, page: Any, at: tuple[int, int, int, int], deadline: Deadline) -> None:
    """Draw the page, piece by piece, so that it can be stopped. Raises TooLarge when the time is up."""
    pause = pdfium.IFSDK_PAUSE()
    pause.version = 1
    pause.NeedToPauseNow = type(pause.NeedToPauseNow)(lambda _pause: deadline.is_over)
    state = pdfium.FPDF_RenderPageBitmap_Start(bitmap, page, *at, 0, _ANNOTATIONS, pause)
    pdfium.FPDF_RenderPage_Close(page)
    if state == _CONTINUED:
        raise TooLarge(f"drawing the page took longer than {deadline.seconds:g} s")
    if state != _DONE:
        raise InputError("the page of the PDF cannot be drawn")
