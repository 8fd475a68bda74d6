"""Figures of own systems, conflicts and genealogies: what is drawn, what the CSV has, and what is said of both."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from litdb.errors import LitdbError, UsageError
from litdb.evidence.conflicts import conflicts
from litdb.evidence.runs.pairing import Comparison, Measure, Part, Refused
from litdb.evidence.runs.significance import Paired
from litdb.evidence.tracing.genealogy import Genealogy, genealogy
from litdb.report.figures import descent, paired, ranges
from litdb.report.figures.descent import plot_genealogy
from litdb.report.figures.paired import plot_paired
from litdb.report.figures.ranges import plot_conflicts
from litdb.values.value import Value
from tests.evidence.values import value
from tests.report.samples import HOSTILE


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def kept(monkeypatch: pytest.MonkeyPatch, module: object) -> list[Figure]:
    """The figures that a module saves."""
    made: list[Figure] = []
    original = module.save  # type: ignore[attr-defined]

    def keep(figure: Figure, out: Path, text: str) -> Path:
        made.append(figure)
        path: Path = original(figure, out, text)
        return path

    monkeypatch.setattr(module, "save", keep)
    return made


# --- one own system against another -----------------------------------------------------------------------


def difference(mean: float, files: int = 30) -> Paired:
    return Paired(mean, mean - 0.02, mean + 0.03, 0.95, 0.01, 0.5, files, 20, 10)


def measure(*parts: Part) -> Measure:
    return Measure("PESQ", "higher", 2.8, 2.9, difference(0.1), 0.02, parts=parts, verdict="better")


PARTS = (
    Part("snr", "2.5", difference(0.12, 10)), Part("snr", "7.5", difference(0.01, 20)),
    Part("speaker", "p232", difference(0.2, 15)), Part("speaker", "p257", difference(-0.2, 15)),
)  # fmt: skip


def test_each_part_has_its_interval_and_the_csv_has_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = kept(monkeypatch, paired)
    found = Comparison("base/last", "full/last", "vbd", (measure(*PARTS),), (), ("one run on each side",))
    made = plot_paired(found, tmp_path / "x.png", title="VoiceBank+DEMAND")
    assert [(row["part"], row["value"], row["mean"], row["low"], row["high"]) for row in rows(made.data)] == [
        ("all", "", "0.1", "0.08", "0.13"),
        ("snr", "2.5", "0.12", "0.1", "0.15"),
        ("snr", "7.5", "0.01", "-0.01", "0.04"),
        ("speaker", "p232", "0.2", "0.18", "0.23"),
        ("speaker", "p257", "-0.2", "-0.22", "-0.17"),
    ]
    assert rows(made.data)[0]["p corrected"] == "0.02"
    (axes,) = figures[-1].axes
    assert [text.get_text() for text in axes.get_yticklabels()] == [
        "all (30 files)", "SNR (dB) 2.5 (10)", "SNR (dB) 7.5 (20)", "speaker p232 (15)", "speaker p257 (15)",
    ]  # fmt: skip
    marks = [line for line in axes.lines if line.get_linestyle() == "None"]
    hollow = [line.get_markerfacecolor() == "white" for line in marks]
    assert hollow == [False, False, True, False, False]  # the interval of 7.5 dB has 0
    assert axes.get_xlabel() == "ΔPESQ, higher is better"
    assert "one run on each side" in made.notes
    assert any("not corrected" in note for note in made.notes)


def test_what_cannot_be_compared_is_said(tmp_path: Path) -> None:
    refused = Refused("PESQ", "only a mean is known of A", ("-", "-"), "litdb model evaluate --all a")
    with pytest.raises(LitdbError, match="only a mean is known of A"):
        plot_paired(Comparison("A", "B", "vbd", (), (refused,), ()), tmp_path / "x.png")
    made = plot_paired(Comparison("A", "B", "vbd", (measure(),), (refused,), ()), tmp_path / "x.png")
    assert "PESQ is not drawn: only a mean is known of A" in made.notes


def test_a_figure_has_no_hundred_intervals(tmp_path: Path) -> None:
    many = tuple(Part("noise", f"n{number}", difference(0.1)) for number in range(99))
    with pytest.raises(UsageError, match="ask for fewer metrics"):
        plot_paired(Comparison("A", "B", "vbd", (measure(*many),), (), ()), tmp_path / "x.png")


# --- conflicts --------------------------------------------------------------------------------------------


def disputed(name: str = "A", label: str = "A") -> list[Value]:
    return [
        value(name, "PESQ", "3.10", origin="self", paper="P", place="P, table 1", row=label),
        value(name, "PESQ", "3.01", origin="quoted", paper="Q", place="Q, table 2", row=label),
        value(name, "PESQ", "3.01", origin="quoted", paper="R", place="R, table 3", row=label),
    ]


def test_a_conflict_is_a_range_with_who_prints_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = kept(monkeypatch, ranges)
    made = plot_conflicts(conflicts(disputed()), "A", tmp_path / "x.svg")
    assert [(row["printed"], row["origin"]) for row in rows(made.data)] == [
        ("3.10", "self"), ("3.01", "quoted"), ("3.01", "quoted"),
    ]  # fmt: skip
    texts = [text.get_text() for text in figures[-1].axes[0].texts]
    assert "PESQ, VoiceBank+DEMAND (open)" in texts
    assert texts.index("3.01") < texts.index("3.10")
    assert any(text.endswith(" +1") for text in texts)


def test_without_conflicts_nothing_is_drawn(tmp_path: Path) -> None:
    with pytest.raises(LitdbError, match="A has no conflict"):
        plot_conflicts([], "A", tmp_path / "x.svg")
    assert not list(tmp_path.iterdir())


def test_what_does_not_fit_a_page_is_in_the_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = kept(monkeypatch, ranges)
    many = conflicts(disputed()) * 60
    made = plot_conflicts(many, "A", tmp_path / "x.png")
    assert figures[-1].get_size_inches()[1] <= 9.3
    assert len(rows(made.data)) == 180
    assert made.notes
    assert "of 60 conflicts are drawn" in made.notes[0]


# --- genealogies ------------------------------------------------------------------------------------------


def traced(count: int = 4, label: str = "") -> Genealogy:
    def cell(number: int) -> list[Value]:
        more = {
            "date": f"{2010 + number // 12}-{number % 12 + 1:02}-01",
            "row": f"{number} {label}",
            "document": f"P{number}",
        }
        pesq = "3.10" if number == 0 else f"3.{number % 20:02}" if count > 20 else "3.01"
        return [
            value("A", "PESQ", pesq, origin="self" if number == 0 else "quoted", paper=f"P{number}{label}",
                  place=f"P{number}, table 1", **more)
        ]  # fmt: skip

    return genealogy("PESQ", "vbd", [one for number in range(count) for one in cell(number)], "A")


def test_a_genealogy_has_a_line_a_paper_and_an_arc_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = kept(monkeypatch, descent)
    found = traced()
    made = plot_genealogy(found, tmp_path / "x.png")
    (axes,) = figures[-1].axes
    assert len(axes.patches) == len(found.edges) == 2
    table = rows(made.data)
    assert [row["printed"] for row in table] == ["3.10", "3.01", "3.01", "3.01"]
    assert [row["shown by"] for row in table] == ["", "", "slip", "slip"]
    labels = [text for text in axes.texts if text.get_text().startswith("2010-")]
    heights = [text.get_position()[1] for text in labels]
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == 4


def test_of_many_papers_the_figure_keeps_to_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = kept(monkeypatch, descent)
    made = plot_genealogy(traced(150), tmp_path / "x.png")
    assert figures[-1].get_size_inches()[1] <= 9.3
    assert len(rows(made.data)) == 150
    assert "other" in [text.get_text() for text in figures[-1].axes[0].texts]


@pytest.mark.parametrize("label", HOSTILE)
def test_what_papers_wrote_is_text(tmp_path: Path, label: str) -> None:
    plot_genealogy(traced(3, label), tmp_path / "g.svg")
    plot_conflicts(conflicts(disputed(label=label)), label, tmp_path / "c.svg")
    for name in ("g.svg", "c.svg"):
        root = ElementTree.parse(tmp_path / name).getroot()
        assert not [node for node in root.iter() if str(node.tag).endswith("script")]


def test_a_number_that_nobody_prints_is_said(tmp_path: Path) -> None:
    with pytest.raises(LitdbError, match="no publication prints PESQ of A"):
        plot_genealogy(genealogy("PESQ", "vbd", [], "A"), tmp_path / "x.png")
    with pytest.raises(UsageError, match="must end in"):
        plot_genealogy(traced(), tmp_path / "x.gif")
