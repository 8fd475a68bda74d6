"""Plots: formats, the CSV beside them, the same bytes twice, names as text, marks, outliers, crowds."""

from __future__ import annotations

import csv
import datetime as dt
import random
import re
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import matplotlib
import pytest
from matplotlib.figure import Figure

from litdb.errors import LitdbError, UsageError
from litdb.report.figures import scatter
from litdb.report.figures.points import YEAR, Earlier, Point, Points, RowFacts, points_from
from litdb.report.figures.scatter import limits, plot
from tests.report.samples import HOSTILE, PARAMS, PESQ, SSNR, TABLE

POINTS = points_from(TABLE, PARAMS, PESQ)
MAGIC = {".pdf": b"%PDF", ".png": b"\x89PNG", ".svg": b"<?xml", ".html": b"<!DOCTYPE html>"}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures that plot() saves, in order."""
    figures: list[Figure] = []
    original: Callable[..., tuple[Figure, list[bool]]] = scatter._figure

    def keep(*args: object) -> tuple[Figure, list[bool]]:
        made = original(*args)
        figures.append(made[0])
        return made

    monkeypatch.setattr(scatter, "_figure", keep)
    return figures


def of(*points: Point) -> Points:
    return Points(points)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def crowd(count: int, seed: int = 0) -> Points:
    """Models whose score grows with their size, as published ones do."""
    source = random.Random(seed)
    made = []
    for number in range(count):
        size = 10 ** source.uniform(4.5, 8)
        score = 2.2 + 0.3 * (source.random() + source.random()) + 0.12 * (size**0.12)
        facts = RowFacts(causal=(None, True, False)[number % 3])
        mark = ("self", "quoted", "reproduced")[number % 3]
        made.append(Point(f"m{number}", f"SomeNet-{number} (large)", size, score, mark, facts=facts))
    return Points(tuple(made))


# --- files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", MAGIC)
def test_the_suffix_is_the_format_and_a_csv_lies_beside(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"front{suffix}"
    data = plot(POINTS, PARAMS, PESQ, out, title="VoiceBank+DEMAND").data
    assert out.read_bytes().startswith(MAGIC[suffix])
    assert data == tmp_path / "front.csv"
    assert [line["name"] for line in rows(data)] == [point.name for point in POINTS.points]


@pytest.mark.parametrize("suffix", MAGIC)
def test_the_same_points_give_the_same_bytes(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    plot(POINTS, PARAMS, PESQ, first, title="t")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    with matplotlib.rc_context({"font.size": 20, "savefig.dpi": 40, "axes.grid": False}):
        plot(POINTS, PARAMS, PESQ, second, title="t")
    assert first.read_bytes() == second.read_bytes()
    if suffix != ".html":
        assert not re.search(rb"20\d\d-\d\d-\d\d|D:20", first.read_bytes())


def test_type_in_a_pdf_is_truetype(tmp_path: Path) -> None:
    plot(POINTS, PARAMS, PESQ, tmp_path / "x.pdf")
    made = (tmp_path / "x.pdf").read_bytes()
    assert b"/FontFile2" in made or b"/CIDFontType2" in made
    assert b"/Subtype /Type3" not in made


def test_settings_of_the_caller_stay(tmp_path: Path) -> None:
    with matplotlib.rc_context({"font.size": 21}):
        plot(POINTS, PARAMS, PESQ, tmp_path / "x.svg")
        assert matplotlib.rcParams["font.size"] == 21


@pytest.mark.parametrize("name", ["x.gif", "x", "x.csv"])
def test_another_suffix_is_wrong_use(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"\.pdf, \.png, \.svg or \.html"):
        plot(POINTS, PARAMS, PESQ, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_nothing_to_plot_is_said(tmp_path: Path) -> None:
    with pytest.raises(LitdbError, match="no model has both params and PESQ"):
        plot(of(), PARAMS, PESQ, tmp_path / "x.png")


@pytest.mark.parametrize("suffix", [".png", ".html"])
def test_a_folder_that_is_not_there_is_named(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(LitdbError, match="missing"):
        plot(POINTS, PARAMS, PESQ, tmp_path / "missing" / f"x{suffix}")


@pytest.mark.parametrize(("columns", "mm"), [(1, 85), (2, 178)])
def test_a_figure_is_as_wide_as_its_columns(
    tmp_path: Path, drawn: list[Figure], columns: int, mm: float
) -> None:
    plot(POINTS, PARAMS, PESQ, tmp_path / "x.svg", columns=columns)
    assert drawn[-1].get_size_inches()[0] * 25.4 == pytest.approx(mm)
    assert drawn[-1].axes[0].xaxis.label.get_fontsize() == 8
    with pytest.raises(UsageError, match="1 column or over 2"):
        plot(POINTS, PARAMS, PESQ, tmp_path / "x.svg", columns=3)


# --- what is in the picture -------------------------------------------------------------------------------


def test_names_are_text_not_formulas(tmp_path: Path, drawn: list[Figure]) -> None:
    points = [Point(name, name, 1e5 * (i + 1), 2.5 + i / 10) for i, name in enumerate((*HOSTILE, "x" * 5000))]
    plot(Points(tuple(points), ("$_^{",)), PARAMS, PESQ, tmp_path / "x.svg", title="$\\bad{$ 100%")
    ElementTree.parse(tmp_path / "x.svg")
    texts = [text.get_text() for text in drawn[-1].axes[0].texts]
    assert texts[4] == "a|b"
    assert texts[5] == "$\\sum$ 5$"
    assert max(map(len, texts)) == 40
    assert not any(text.get_parse_math() for text in drawn[-1].axes[0].texts)


def test_counts_are_logarithmic_and_scores_are_not(tmp_path: Path, drawn: list[Figure]) -> None:
    plot(POINTS, PARAMS, PESQ, tmp_path / "x.svg")
    plot(points_from(TABLE, SSNR, PESQ), SSNR, PESQ, tmp_path / "y.svg")
    assert drawn[0].axes[0].get_xscale() == "log"
    assert drawn[-1].axes[0].get_xscale() == "linear"
    assert drawn[0].axes[0].get_xlabel() == "Params (M), lower is better"


def test_shape_says_causality_and_filling_says_origin(tmp_path: Path, drawn: list[Figure]) -> None:
    def point(name: str, at: int, mark: str, causal: bool | None, *, standing: bool = False) -> Point:
        return Point(name, name, 1e5 * at, 3.0, mark, facts=RowFacts(causal=causal, standing=standing))

    plot(
        of(
            point("a", 1, "self", False), point("b", 2, "self", True), point("c", 3, "self", None),
            point("d", 4, "quoted", False), point("e", 5, "repository", True), point("f", 6, "reproduced", None),
            point("g", 7, "own", None, standing=True), point("h", 8, "own", None),
        ),
        PARAMS, PESQ, tmp_path / "x.svg",
    )  # fmt: skip
    at = {
        round(line.get_xdata()[0] * 10): line
        for line in drawn[-1].axes[0].lines
        if line.get_linestyle() == "None"
    }
    assert [at[n].get_marker() for n in range(1, 9)] == ["o", "^", "s", "o", "^", "s", "*", "*"]
    hollow = [at[n].get_markerfacecolor() == "white" for n in range(1, 9)]
    assert hollow == [False, False, False, True, True, False, False, True]
    assert at[6].get_fillstyle() == "bottom"
    assert at[3].get_markerfacecolor() == "#808080"
    words = [text.get_text() for text in drawn[-1].legends[0].get_texts()]
    assert words[:5] == ["own model, declared", "own model, not declared", "non-causal", "causal", "causality not stated"]  # fmt: skip
    assert "Pareto front, as reported" in words


def test_a_star_has_its_interval_and_sizes_and_versions_are_joined(
    tmp_path: Path, drawn: list[Figure]
) -> None:
    own = RowFacts(standing=True, interval=(2.80, 2.90), interval_of="95% interval over 824 files, one seed")
    small, large = RowFacts(family="net"), RowFacts(family="net", earlier=(Earlier(1, 3.1, "3.10"),))
    made = plot(
        of(
            Point("own", "own", 4e5, 2.85, "own", facts=own),
            Point("s", "Net-S", 5e5, 3.0, facts=small),
            Point("l", "Net-L", 2e6, 3.2, facts=large),
        ),
        PARAMS, PESQ, tmp_path / "x.png",
    )  # fmt: skip
    lines = [line.get_xydata().tolist() for line in drawn[-1].axes[0].lines]
    assert [[0.4, 2.80], [0.4, 2.90]] in lines
    assert [[0.5, 3.0], [2.0, 3.2]] in lines
    assert [[2.0, 3.2], [2.0, 3.1]] in lines
    told = rows(made.data)
    assert [(row["low"], row["high"], row["joined"], row["earlier"]) for row in told] == [
        ("2.8", "2.9", "", ""),
        ("", "", "net", ""),
        ("", "", "net", "v1: 3.10"),
    ]


def test_over_time_the_line_is_the_best_so_far(tmp_path: Path, drawn: list[Figure]) -> None:
    def point(year: int, score: float) -> Point:
        day = dt.date(year, 1, 1)
        return Point(str(year), f"N{year}", float(year), score, facts=RowFacts(date=day))

    plot(of(point(2020, 2.9), point(2021, 2.8), point(2022, 3.1)), YEAR, PESQ, tmp_path / "x.png")
    axes = drawn[-1].axes[0]
    assert [[2020.0, 2.9], [2022.0, 2.9], [2022.0, 3.1]] in [
        line.get_xydata().tolist() for line in axes.lines
    ]
    assert axes.get_xlabel() == "Year"
    assert "best so far, as reported" in [text.get_text() for text in drawn[-1].legends[0].get_texts()]
    assert all(float(text.get_text()).is_integer() for text in axes.get_xticklabels())


def test_an_outlier_stands_at_the_edge_with_its_value_and_the_csv_says_so(
    tmp_path: Path, drawn: list[Figure]
) -> None:
    points = [*crowd(20).points, Point("bad", "BadNet", 1e6, 0.9, y_text="0.90")]
    made = plot(of(*points), PARAMS, PESQ, tmp_path / "x.png")
    low, high = drawn[-1].axes[0].get_ylim()
    scores = [point.y for point in points[:-1]]
    assert (max(scores) - min(scores)) / (high - low) > 0.8
    assert [row["drawn"] for row in rows(made.data)] == [*["yes"] * 20, "at the edge: PESQ below the axis"]
    assert "BadNet (0.90)" in [text.get_text() for text in drawn[-1].axes[0].texts]
    assert any("BadNet (0.90)" in note for note in made.notes)


def test_a_range_that_is_asked_for_leaves_out_and_says_so(tmp_path: Path, drawn: list[Figure]) -> None:
    ranges = limits("0.1M..10M", PARAMS), limits("2.5..", PESQ)
    made = plot(crowd(30), PARAMS, PESQ, tmp_path / "x.png", ranges=ranges)
    assert drawn[-1].axes[0].get_xlim() == pytest.approx((0.1, 10))
    assert drawn[-1].axes[0].get_ylim()[0] == pytest.approx(2.5)
    out = [row for row in rows(made.data) if row["drawn"].startswith("left out")]
    assert out
    assert f"{len(out)} models lie outside the ranges of the axes" in made.notes
    with pytest.raises(LitdbError, match="no model lies in the ranges"):
        plot(crowd(30), PARAMS, PESQ, tmp_path / "x.png", ranges=(limits("1G..2G", PARAMS), None))


# --- names ------------------------------------------------------------------------------------------------


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in figure.axes[0].texts]
    frame = figure.axes[0].get_window_extent()
    assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 + 1 for _, box in boxes)
    return [(a, b) for i, (a, one) in enumerate(boxes) for b, two in boxes[:i] if one.overlaps(two)]


@pytest.mark.slow
@pytest.mark.parametrize("columns", [1, 2])
def test_forty_five_labels_cover_nothing(tmp_path: Path, drawn: list[Figure], columns: int) -> None:
    plot(crowd(45), PARAMS, PESQ, tmp_path / "x.png", columns=columns)
    assert len(drawn[-1].axes[0].texts) == 45
    assert overlapping(drawn[-1]) == []


@pytest.mark.slow
def test_of_a_crowd_the_front_own_and_asked_ones_are_named_in_time(
    tmp_path: Path, drawn: list[Figure]
) -> None:
    points = list(crowd(400).points)
    points[7] = replace(points[7], asked=True)
    points.append(Point("own", "MyNet", 4.6e5, 2.86, "own", facts=RowFacts(standing=True)))
    begun = time.perf_counter()
    made = plot(of(*points), PARAMS, PESQ, tmp_path / "x.png")
    assert time.perf_counter() - begun < 30  # 5 s on a quiet machine
    table = rows(made.data)
    named = {row["name"] for row in table if row["named"] == "yes"}
    front = {row["name"] for row in table if row["pareto"] == "yes"}
    assert {"MyNet", points[7].name} <= named
    assert len(front & named) >= 0.8 * len(front)  # as many as fit
    assert len(named) < 401
    assert overlapping(drawn[-1]) == []


@pytest.mark.slow
def test_many_thousands_of_points_end(tmp_path: Path) -> None:
    begun = time.perf_counter()
    made = plot(crowd(20_000), PARAMS, PESQ, tmp_path / "x.png")
    assert time.perf_counter() - begun < 60  # 10 s on a quiet machine
    assert sum(row["named"] == "yes" for row in rows(made.data)) > 5
