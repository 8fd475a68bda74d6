"""Which rows are plotted, how they are marked, and which are on the Pareto front."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litdb.errors import UsageError
from litdb.report.figures.data import points_csv
from litdb.report.figures.points import MARKS, Point, dominates, pareto_front, points_from
from litdb.values.origin import Origin, Status
from litdb.values.table import EMPTY, Cell, Column, Provenance, Table
from tests.report.samples import PARAMS, PESQ, SSNR, STOI, TABLE, cell, row


def table(*rows: object) -> Table:
    return Table("vbd", (PARAMS, PESQ), rows)  # type: ignore[arg-type]


def names(points: tuple[Point, ...]) -> list[str]:
    return [point.name for point in points]


def test_rows_with_both_values_become_points() -> None:
    found = points_from(TABLE, PARAMS, PESQ)
    assert names(found.points) == ["IMSE", "MUSE", "MANNER-S-5.3GF", "BSRNN-FAC"]
    assert [point.mark for point in found.points] == ["self", "self", "quoted", "own"]
    assert found.points[0].x == 427e3
    assert found.notes == TABLE.notes


def test_refused_values_are_left_out_and_named() -> None:
    found = points_from(TABLE, SSNR, STOI)
    assert "Dense-TSNet" not in names(found.points)
    assert "Left out (narrow band; not comparable): Dense-TSNet" in found.notes


def test_claims_are_plotted_only_when_asked_and_never_ranked() -> None:
    claim = row(
        "TSDCA-BA", cell(112e3, "0.112", origin="claim"), cell(3.1, "3.10", origin="claim"), origin="claim"
    )
    assert not points_from(table(claim), PARAMS, PESQ).points
    (point,) = points_from(table(claim), PARAMS, PESQ, claims=True).points
    assert (point.mark, point.ranked) == ("claim", False)


def test_the_weaker_of_two_origins_marks_a_point() -> None:
    mixed = row("A", cell(1e6, "1.00", origin="quoted"), cell(3.1, "3.10"))
    assert points_from(table(mixed), PARAMS, PESQ).points[0].mark == "quoted"


def test_proposed_reproduced_and_reference_rows() -> None:
    pair = cell(1e6, "1.00"), cell(3.1, "3.10")
    proposed_cell = replace(pair[1], provenance=Provenance("r", Origin.SELF, "x", status=Status.PROPOSED))
    rows = (
        row("P", *pair, proposed=True),
        row("C", pair[0], proposed_cell),
        row("R", *pair, reproduced=True, origin="reproduced"),
        replace(row("Noisy", *pair), kind="reference"),
    )
    found = points_from(table(*rows), PARAMS, PESQ).points
    assert [(point.mark, point.ranked) for point in found] == [
        ("proposed", False),
        ("proposed", False),
        ("reproduced", True),
        ("self", False),
    ]


def test_a_missing_column_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="MACs"):
        points_from(TABLE, Column("MACs", "MACs (G)", "G"), PESQ)


def test_every_origin_has_its_mark() -> None:
    assert set(MARKS) == {"own", "proposed", *Origin} - {Origin.MEASURED}


def test_a_bound_is_drawn_and_not_on_the_front() -> None:
    small = row("A", cell(1e6, "1.00"), replace(cell(3.3, "3.30"), bound=True))
    other = row("B", cell(2e6, "2.00"), cell(3.1, "3.10"))
    found = points_from(table(small, other), PARAMS, PESQ).points
    assert [(point.name, point.ranked) for point in found] == [("A", False), ("B", True)]
    assert [point.name for point in pareto_front(found, PARAMS, PESQ)] == ["B"]


POINTS = st.lists(
    st.builds(
        lambda n, x, y, ranked: Point(str(n), str(n), float(x), float(y), ranked=ranked),
        st.integers(),
        st.integers(0, 6),
        st.integers(0, 6),
        st.booleans(),
    )
)


@given(POINTS, st.sampled_from(["higher", "lower"]), st.sampled_from(["higher", "lower"]))
def test_the_front_is_what_nothing_dominates(points: list[Point], x_better: str, y_better: str) -> None:
    x = Column("x", "x", direction="higher" if x_better == "higher" else "lower")
    y = Column("y", "y", direction="higher" if y_better == "higher" else "lower")
    front = pareto_front(points, x, y)
    ranked = [point for point in points if point.ranked]
    assert all(point in ranked for point in front)
    assert not any(dominates(first, second, x, y) for first in ranked for second in front)
    for point in ranked:
        assert point in front or any(dominates(best, point, x, y) for best in front)
    assert [point.x for point in front] == sorted(point.x for point in front)


def test_domination_follows_the_directions() -> None:
    small, large = Point("s", "s", 1e6, 3.0), Point("l", "l", 2e6, 3.0)
    up = replace(PARAMS, direction="higher")
    assert dominates(small, large, PARAMS, PESQ)
    assert not dominates(large, small, PARAMS, PESQ)
    assert dominates(large, small, up, PESQ)
    assert not dominates(small, small, PARAMS, PESQ)


def test_the_csv_has_the_plotted_data() -> None:
    found = points_from(TABLE, PARAMS, PESQ)
    hostile = replace(found.points[0], name="=1+1", notes=("a\nb",))
    rows = list(csv.DictReader(io.StringIO(points_csv((*found.points, hostile), PARAMS, PESQ))))
    assert [line["params"] for line in rows] == ["427000", "510000", "900000", "459867", "427000"]
    assert [line["pareto"] for line in rows] == ["yes", "no", "no", "no", "yes"]
    assert rows[4]["name"] == "'=1+1"
    assert rows[4]["notes"] == "a b"
    assert rows[2]["PESQ source"] == "arXiv:2511.14515v2, table 1"


def test_empty_cells_make_no_point() -> None:
    assert not points_from(
        table(row("A", EMPTY, cell(3, "3")), row("B", Cell(text="3.0+"), EMPTY)), PARAMS, PESQ
    ).points


def test_what_a_table_does_not_rank_is_drawn_and_not_on_the_front() -> None:
    note = "not ranked with the others: another input"
    best = row("A", cell(1e6, "1.00"), replace(cell(3.9, "3.90"), comparable=False, notes=(note,)))
    other = row("B", cell(2e6, "2.00"), cell(3.1, "3.10"))
    found = points_from(table(best, other), PARAMS, PESQ)
    assert [(point.name, point.ranked) for point in found.points] == [("A", False), ("B", True)]
    assert f"Not on the front ({note}): A" in found.notes
