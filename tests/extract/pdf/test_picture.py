"""A piece of a page as a picture: where the box is drawn, on pages that are turned too, and what bounds it."""

from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from PIL import Image

from litdb.errors import InputError, TooLarge
from litdb.extract.limits import Deadline
from litdb.extract.pdf.picture import PageBox, page_picture
from tests.support.pdf import Sheet, pdf

BOX = PageBox(1, 100.0, 600.0, 300.0, 640.0)
_RED = (200, 30, 30)


def picture(data: bytes, box: PageBox = BOX, seconds: float = 20.0) -> Image.Image:
    return Image.open(io.BytesIO(page_picture(data, "a.pdf", box, Deadline(seconds)))).convert("RGB")


def drawn(image: Image.Image) -> tuple[int, int, int, int]:
    """The pixels that the box takes: left, top, right, bottom."""
    ys, xs = np.nonzero((np.asarray(image) == _RED).all(axis=2))
    return int(xs.min()), int(ys.min()), int(xs.max()), int(ys.max())


def test_the_box_is_drawn_around_what_is_meant() -> None:
    page = Sheet().text(100, 610, "MMMMMM", 30).text(80, 100, "far away")
    image = picture(pdf([page]))
    left, top, right, bottom = drawn(image)
    # Two pixels a point, four points beside; the picture begins 90 points above the box.
    assert (left, right) == pytest.approx((2 * 96, 2 * 304), abs=3)
    assert (top, bottom) == pytest.approx((2 * 86, 2 * 134), abs=3)
    assert image.size == pytest.approx((1224, 2 * 220), abs=3)
    inside = image.crop((left + 4, top + 4, right - 4, bottom - 4))
    assert np.asarray(inside).min() < 80  # the text stands in it


def test_a_page_that_is_turned_is_shown_as_a_reader_sees_it() -> None:
    turned = pdf([Sheet().text(100, 610, "MMMMMM", 30)]).replace(b"/MediaBox", b"/Rotate 90 /MediaBox")
    image = picture(turned)
    left, top, right, bottom = drawn(image)
    assert image.size[0] == pytest.approx(2 * 792, abs=3)
    assert (right - left, bottom - top) == pytest.approx((2 * 48, 2 * 208), abs=6)
    inside = image.crop((left + 4, top + 4, right - 4, bottom - 4))
    assert np.asarray(inside).min() < 80


def test_bounds_and_what_is_not_there() -> None:
    good = pdf([Sheet().text(100, 610, "M", 30)])
    with pytest.raises(InputError, match="no page 7"):
        picture(good, PageBox(7, 0, 0, 1, 1))
    with pytest.raises(InputError, match="broken"):
        picture(b"%PDF-1.4 nothing")
    with pytest.raises(TooLarge, match="longer than"):
        picture(pdf([Sheet([*["BT /F1 9 Tf 9 9 Td (MMMM) Tj ET"] * 20_000])]), seconds=0.0)
    wide = good.replace(b"[0 0 612 792]", b"[0 0 9612 792]")
    assert picture(wide).size[0] * picture(wide).size[1] <= 4_100_000
    with pytest.raises(TooLarge, match="points"):
        picture(good.replace(b"[0 0 612 792]", b"[0 0 99612 792]"))
    assert drawn(picture(good, PageBox(1, -500, -500, 5000, 5000)))  # a box beyond the page


def test_nothing_is_imported_for_it_before() -> None:
    import litdb.extract.pdf.picture as module

    assert not {"PIL", "pypdfium2"} & set(vars(module))
    assert "litdb.extract.pdf.picture" in sys.modules
