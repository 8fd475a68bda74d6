"""Copies told by slips and forms; what anybody could have printed shows no copy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litdb.evidence.tracing.genealogy import Trace, deviants, genealogy
from litdb.values.value import Value
from tests.evidence.values import value

DATES = {"P": "2020-01-01", "Q": "2021-01-01", "R": "2022-01-01", "S": "2023-01-01", "T": "2024-01-01"}


def row(paper: str, model: str = "A", origin: str = "quoted", **numbers: str) -> list[Value]:
    more: dict[str, Any] = {"date": DATES[paper], "row": f"{paper} {model}", "document": paper}
    return [
        value(model, metric, printed, origin=origin, paper=paper, place=f"{paper}, table 1", **more)
        for metric, printed in numbers.items()
    ]


def edges(*rows: list[Value], metric: str = "PESQ") -> set[tuple[str, str, str]]:
    found = genealogy(metric, "vbd", [v for some in rows for v in some], "A")
    return {(edge.child.paper, edge.parent.paper, edge.kind) for edge in found.edges}


def test_a_shared_slip_is_a_copy_of_the_earlier_row() -> None:
    assert edges(
        row("P", origin="self", PESQ="3.10", CSIG="4.20"),
        row("Q", PESQ="3.01", CSIG="4.20"),
        row("R", PESQ="3.01", CSIG="4.20"),
    ) == {("R", "Q", Trace.SLIP)}


def test_a_right_number_comes_from_the_original_or_from_anywhere() -> None:
    rows = (row("Q", PESQ="3.10", CSIG="4.20"), row("R", PESQ="3.10", CSIG="4.20"))
    assert edges(row("P", origin="self", PESQ="3.10"), *rows) == {
        ("Q", "P", "original"),
        ("R", "P", "original"),
    }
    assert edges(*rows) == set()


def test_a_row_that_disagrees_elsewhere_is_no_source() -> None:
    original = row("P", origin="self", PESQ="3.10", CSIG="4.20", COVL="3.60")
    assert edges(original, row("Q", PESQ="3.01", CSIG="4.20"), row("R", PESQ="3.01", CSIG="4.05")) == set()


def test_the_later_row_is_never_the_source_and_a_date_is_needed() -> None:
    slip = row("Q", PESQ="3.01")
    original = row("P", origin="self", PESQ="3.10")
    undated = [
        value("A", "PESQ", "3.01", origin="quoted", paper="X", place="X, table 1", row="X", document="X")
    ]
    assert edges(original, slip, undated) == set()
    found = genealogy("PESQ", "vbd", [*original, *slip, *undated], "A")
    assert {v.paper for v in found.unexplained} == {"Q", "X"}


def test_a_rare_form_shows_a_copy_and_a_common_one_does_not() -> None:
    others = [row(paper, params="33.5M", PESQ="3.07") for paper in ("P", "Q")]
    assert edges(*others, row("R", params="33.53M", PESQ="3.07"), row("S", params="33.53M", PESQ="3.07")) == {
        ("S", "R", Trace.FORM)
    }
    assert edges(*others, row("R", params="33.5M", PESQ="3.07")) == set()


def test_between_equal_sources_the_rest_of_the_tables_decides() -> None:
    rows = [
        row("P", origin="self", PESQ="3.10"),
        row("Q", PESQ="3.01"),
        row("R", PESQ="3.01"),
        row("S", PESQ="3.01"),
    ]
    others = [
        row("P", model="B", origin="self", PESQ="2.50"), row("R", model="B", PESQ="2.61"), row("S", model="B", PESQ="2.61"),
    ]  # fmt: skip
    assert edges(*rows, *others) == {("R", "Q", "slip"), ("S", "R", "slip")}


def test_between_equal_sources_the_one_that_is_cited() -> None:
    rows = [
        row("P", origin="self", PESQ="3.10"),
        row("Q", PESQ="3.01"),
        row("R", PESQ="3.01"),
        row("S", PESQ="3.01"),
    ]
    cited = row("S", model="B", PESQ="2.90")
    known = [replace(v, row=replace(v.row, model=replace(v.row.model, paper="R"))) for v in cited]
    assert edges(*rows, known) == {("R", "Q", "slip"), ("S", "R", "slip")}
    assert edges(*rows) == {("R", "Q", "slip"), ("S", "Q", "slip")}


def test_deviants_without_an_original_are_what_fewer_print() -> None:
    values = [*row("P", PESQ="3.10"), *row("Q", PESQ="3.10"), *row("R", PESQ="3.01")]
    assert deviants(values) == {values[2].key}
    assert deviants(values[1:]) == set()  # one against one: neither is


def test_what_somebody_measured_is_no_slip() -> None:
    rows = (row("P", origin="self", params="48k"), row("Q", params="24k"), row("R", params="24k"))
    assert edges(*rows, metric="params") == {("R", "Q", Trace.SLIP)}
    assert edges(*rows, row("S", origin="reproduced", params="23.7k"), metric="params") == set()
    assert edges(*rows, row("S", origin="reproduced", params="23.1k"), metric="params") == {
        ("R", "Q", "slip")
    }
