"""Which installed fonts draw a text, and what none of them has."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from litdb.report.figures.fonts import USUAL, covering
from litdb.report.figures.points import Point, Points
from litdb.report.figures.scatter import plot
from tests.report.samples import PARAMS, PESQ


def made_font(path: Path, family: str, chars: str) -> None:
    """A font that has nothing but these characters, each a square."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 500), (500, 500), (500, 0)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    names = [".notdef", *(f"u{ord(char):X}" for char in chars)]
    builder = FontBuilder(1000)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): f"u{ord(char):X}" for char in chars})
    builder.setupGlyf(dict.fromkeys(names, square))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")})
    builder.setupOS2(sTypoAscender=800, usWeightClass=400)
    builder.setupPost()
    builder.save(path)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two fonts more: one with 模, one with 模 and 型."""
    monkeypatch.setattr(font_manager.fontManager, "ttflist", list(font_manager.fontManager.ttflist))
    for family, chars in (("Aaa Han", "模"), ("Bbb Han", "模型")):
        path = tmp_path / f"{family}.ttf"
        made_font(path, family, chars)
        font_manager.fontManager.addfont(path)


def test_what_the_usual_font_has_needs_no_other() -> None:
    assert covering(["MUSE-Ω ễ ở ★ →"]) == ([USUAL], ())


def test_what_no_font_has_is_named_once_and_a_font_of_boxes_is_none() -> None:
    families, boxes = covering(["\U000e0fff模\U000e0fff", "模"])
    assert "Last Resort High-Efficiency" not in families
    assert "\U000e0fff" in boxes
    assert len(set(boxes)) == len(boxes)


@pytest.mark.usefixtures("installed")
def test_the_font_that_has_most_of_it_is_asked() -> None:
    families, boxes = covering(["模型"])
    assert boxes == ()
    assert families == [USUAL, "Bbb Han"] or "Han" not in "".join(families)  # a real one may be installed


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("suffix", [".pdf", ".png", ".svg"])
def test_a_plot_sets_the_name_and_names_what_it_cannot(tmp_path: Path, suffix: str) -> None:
    points = [Point("a", "模型-\U000e0fff", 1e5, 2.5), Point("b", "MUSE", 2e5, 3.0)]
    drawn = plot(Points(tuple(points)), PARAMS, PESQ, tmp_path / f"x{suffix}")
    assert drawn.boxes == ("\U000e0fff",)
    if suffix == ".pdf":
        assert b"BbbHan" in drawn.figure.read_bytes()


def test_a_font_that_cannot_be_opened_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bad = tmp_path / "bad.ttf"
    bad.write_bytes(b"no font")
    entry = font_manager.FontEntry(fname=str(bad), name="Bad", style="normal", weight=400, stretch="normal")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [*font_manager.fontManager.ttflist, entry])
    with pytest.raises((OSError, RuntimeError)):
        FT2Font(str(bad))
    assert "Bad" not in covering(["\U000e0fff"])[0]
