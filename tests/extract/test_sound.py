"""A bad cell or table is a finding, and the rest of the document is read."""

from __future__ import annotations

import math

import pytest

from litdb.extract import document, extract, source_from_files
from litdb.extract.sound import BROKEN
from litdb.extract.types import Extraction, Grid
from litdb.vocabulary import vocabulary
from litdb.vocabulary.units import parse_number

HEAD = r"\documentclass{article}\begin{document}\title{FooNet}\maketitle\begin{table}\caption{Results on VoiceBank+DEMAND}\begin{tabular}{lccc}Model & Params (M) & PESQ & CSIG \\ "
TAIL = r" FooNet (ours) & 1.20 & 3.11 & 4.31 \\\end{tabular}\end{table}\end{document}"


def latex(row: str) -> Extraction:
    return extract(source_from_files({"a.tex": HEAD + row + TAIL}, "a.tex"))


def html(row: str) -> Extraction:
    text = (
        "<html><body><h1>FooNet</h1><table><caption>Table 1: Results on VoiceBank+DEMAND</caption><tr><th>Model</th>"
        f"<th>Params (M)</th><th>PESQ</th><th>CSIG</th></tr>{row}"
        "<tr><td>FooNet (ours)</td><td>1.20</td><td>3.11</td><td>4.31</td></tr></table></body></html>"
    )
    return extract(source_from_files({"a.html": text}, "a.html"))


def unique(found: Extraction) -> bool:
    keys = [(str(r.span), r.slot) for r in found.readings]
    return len(keys) == len(set(keys))


@pytest.mark.parametrize(
    "found",
    [
        lambda: latex(r"Both & 1.1 & \multicolumn{2}{c}{2.50} \\"),
        lambda: html("<tr><td>Both</td><td>1.1</td><td colspan=2>2.50</td></tr>"),
        lambda: html("<tr><td>Both</td><td colspan=2>2.50</td><td>4.1</td></tr>"),
    ],
)
def test_a_number_over_several_metrics_is_none_of_them(found: object) -> None:
    extraction = found()  # type: ignore[operator]
    assert unique(extraction)
    assert not [r for r in extraction.readings if r.raw == "2.50"]
    assert any("2.50" in remark and "stands over" in remark for remark in extraction.remarks)
    assert {r.metric for r in extraction.readings if r.system == "FooNet"} == {"params", "PESQ", "CSIG"}


@pytest.mark.parametrize("number", ["1e400", "9" * 400, "9" * 5000, "1e" + "9" * 5000, "1.8e308M", "3e99999"])
def test_a_number_beyond_all_numbers_is_a_finding(number: str) -> None:
    extraction = latex(rf"Odd & {number} & 2.5 & 4.0 \\")
    assert all(math.isfinite(r.value) and math.isfinite(r.resolution) for r in extraction.readings)
    assert not [r for r in extraction.readings if (r.system, r.metric) == ("Odd", "params")]
    assert {r.metric for r in extraction.readings if r.system == "FooNet"} == {"params", "PESQ", "CSIG"}
    if not number.endswith("M"):  # a digit string is seen to be a number
        assert any("Odd" in remark and number[:5] in remark for remark in extraction.remarks)


@pytest.mark.parametrize("text", ["1.8e308M", "9" * 400, "2.5 ± " + "9" * 400, "1e308G", "1e400"])
@pytest.mark.parametrize("metric", ["PESQ", "params", "STOI"])
def test_no_number_is_infinite(text: str, metric: str) -> None:
    number = parse_number(text, vocabulary().metric(metric))
    assert number is None or math.isfinite(number.value + number.resolution + (number.uncertainty or 0.0))


def test_a_table_that_breaks_the_reader_costs_that_table_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    real = document.read_grid

    def reader(grid: Grid, *rest: object) -> object:
        if "breaks" in grid.caption:
            raise IndexError("list index out of range")
        return real(grid, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(document, "read_grid", reader)
    bad = r"\begin{table}\caption{What breaks}\begin{tabular}{lc}Model & PESQ \\ Bar & 2.1 \\\end{tabular}\end{table}"
    whole = HEAD.replace(r"\maketitle", rf"\maketitle{bad}") + TAIL
    extraction = extract(source_from_files({"a.tex": whole}, "a.tex"))
    assert {r.system for r in extraction.readings} == {"FooNet"}
    (remark,) = [r for r in extraction.remarks if r.startswith(BROKEN)]
    assert "IndexError" in remark
