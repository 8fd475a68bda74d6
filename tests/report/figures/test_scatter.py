"""Plots: formats, the CSV beside them, the same bytes twice, names as text."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import matplotlib
import pytest

from litdb.errors import LitdbError, UsageError
from litdb.report.figures import scatter as plot_module
from litdb.report.figures.scatter import plot
from litdb.report.figures.points import MARKS, Point, points_from

from tests.report.samples import HOSTILE, PARAMS, PESQ, SSNR, TABLE

POINTS = points_from(TABLE, PARAMS, PESQ)
MAGIC = {".pdf": b"%PDF", ".png": b"\x89PNG", ".svg": b"<?xml"}


@pytest.mark.parametrize("suffix", MAGIC)
def test_the_suffix_is_the_format_and_a_csv_lies_beside(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"front{suffix}"
    data = plot(POINTS.points, PARAMS, PESQ, out, title="VoiceBank+DEMAND", notes=POINTS.notes).data
    assert out.read_bytes().startswith(MAGIC[suffix])
    assert data == tmp_path / "front.csv"
    with data.open(newline="", encoding="utf-8") as file:
        assert [line["name"] for line in csv.DictReader(file)] == [point.name for point in POINTS.points]


@pytest.mark.parametrize("suffix", MAGIC)
def test_the_same_points_give_the_same_bytes(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    plot(POINTS.points, PARAMS, PESQ, first, title="t")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    with matplotlib.rc_context({"font.size": 20, "savefig.dpi": 40, "axes.grid": False}):
        plot(POINTS.points, PARAMS, PESQ, second, title="t")
    assert first.read_bytes() == second.read_bytes()
    assert not re.search(rb"20\d\d-\d\d-\d\d|D:20", first.read_bytes())


def test_settings_of_the_caller_stay(tmp_path: Path) -> None:
    with matplotlib.rc_context({"font.size": 21}):
        plot(POINTS.points, PARAMS, PESQ, tmp_path / "x.svg")
        assert matplotlib.rcParams["font.size"] == 21


@pytest.mark.parametrize("name", ["x.gif", "x", "x.csv"])
def test_another_suffix_is_wrong_use(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"\.pdf, \.png or \.svg"):
        plot(POINTS.points, PARAMS, PESQ, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_nothing_to_plot_is_said(tmp_path: Path) -> None:
    with pytest.raises(LitdbError, match="no model has both params and PESQ"):
        plot((), PARAMS, PESQ, tmp_path / "x.png")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LitdbError, match="missing"):
        plot(POINTS.points, PARAMS, PESQ, tmp_path / "missing" / "x.png")


def test_names_are_text_not_formulas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    points = [Point(name, name, 1e5 * (i + 1), 2.5 + i / 10) for i, name in enumerate((*HOSTILE, "x" * 5000))]
    figures = drawn(monkeypatch)
    plot(points, PARAMS, PESQ, tmp_path / "x.svg", title="$\\bad{$ 100%", notes=["$_^{"])
    ElementTree.parse(tmp_path / "x.svg")
    texts = [text.get_text() for text in figures[-1].axes[0].texts]
    assert texts[4] == "a|b"
    assert texts[5] == "$\\sum$ 5$"
    assert max(map(len, texts)) == 40
    assert not any(text.get_parse_math() for text in figures[-1].axes[0].texts)


def test_counts_are_logarithmic_and_scores_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = drawn(monkeypatch)
    plot(POINTS.points, PARAMS, PESQ, tmp_path / "x.svg")
    plot(POINTS.points, SSNR, PESQ, tmp_path / "y.svg")
    assert figures[0].axes[0].get_xscale() == "log"
    assert figures[-1].axes[0].get_xscale() == "linear"
    assert figures[0].axes[0].get_xlabel() == "Params (M), lower is better"


def test_each_mark_is_told_in_the_legend_and_by_shape(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = drawn(monkeypatch)
    points = [Point(mark, mark, 1e5 * 2**i, 3 + i / 10, mark, mark == "self") for i, mark in enumerate(MARKS)]
    plot(points, PARAMS, PESQ, tmp_path / "x.svg")
    (legend,) = figures[-1].legends
    words = [text.get_text() for text in legend.get_texts()]
    assert words == [*(plot_module._LOOK[mark][4] for mark in MARKS), "Pareto front"]
    assert len({(look[0], look[3]) for look in plot_module._LOOK.values()}) == len(MARKS)
    faces = {
        collection.get_label(): collection.get_facecolor()[0].tolist()
        for collection in figures[-1].axes[0].collections
    }
    white = [1.0, 1.0, 1.0, 1.0]
    assert [
        faces[plot_module._LOOK[mark][4]] == white for mark in ("repository", "quoted", "self", "own")
    ] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.slow
def test_forty_labels_cover_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = drawn(monkeypatch)
    points = [
        Point(f"m{i}", f"SomeNet-{i} (large)", 1e5 * (1 + (i * 37) % 61), 3.0 + ((i * 29) % 41) / 60)
        for i in range(40)
    ]
    plot(points, PARAMS, PESQ, tmp_path / "x.png")
    figure = figures[-1]
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts]
    frame = figure.axes[0].get_window_extent()
    assert len(boxes) == 40
    assert not [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b)]
    assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 + 1 for box in boxes)


def drawn(monkeypatch: pytest.MonkeyPatch) -> list:
    """The figures that plot() saves, in order."""
    figures: list = []
    original = plot_module._figure

    def keep(*args: object) -> object:
        figures.append(original(*args))
        return figures[-1]

    monkeypatch.setattr(plot_module, "_figure", keep)
    return figures
