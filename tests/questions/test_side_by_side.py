"""Several test sets side by side, and the versions of a paper."""

from __future__ import annotations

import pytest

import litdb
from litdb.errors import UsageError
from litdb.report.render import render
from litdb.values.table import Row


@pytest.fixture(scope="module")
def shipped() -> litdb.Catalogue:
    from litdb._places import packaged

    return litdb.open(packaged("sota.db"))


def _key(row: Row) -> tuple[str, str, bool, str]:
    return row.model, row.checkpoint, row.reproduced, row.document if row.reproduced else ""


def test_sizes_stand_once_and_scores_once_a_test_set(shipped: litdb.Catalogue) -> None:
    found = shipped.table(["params", "PESQ", "STOI"], datasets=["vbd", "dns2020-noreverb"], group_by="size")
    assert [(column.metric, bool(column.dataset)) for column in found.columns] == [
        ("params", False), ("PESQ", True), ("STOI", True), ("PESQ", True), ("STOI", True),
    ]  # fmt: skip
    assert len({_key(row) for row in found.rows}) == len(found.rows)
    assert [row.group for row in found.rows] == sorted(row.group for row in found.rows)
    alone = {_key(row): row for row in shipped.table(["params", "PESQ", "STOI"]).rows}
    for row in found.rows:
        if _key(row) in alone:
            assert [cell.text for cell in row.cells[:3]] == [cell.text for cell in alone[_key(row)].cells]
    there = {row.model for row in shipped.table(["params", "PESQ"], dataset="dns2020-noreverb").rows}
    assert there <= {row.model for row in found.rows}


def test_what_two_papers_ran_again_is_not_one_row(shipped: litdb.Catalogue) -> None:
    found = shipped.table(["params", "PESQ"], datasets=["vbd", "dns2020-noreverb"], models=["BSRNN (STFT)"])
    again = [row for row in found.rows if row.reproduced]
    assert len({row.document for row in again}) == len(again) == 2
    assert all(sum(cell.text != "-" for cell in row.cells[1:]) == 1 for row in again)


def test_a_model_that_meets_a_condition_on_one_set_is_shown_whole(shipped: litdb.Catalogue) -> None:
    found = shipped.table(["PESQ"], datasets=["vbd", "dns2020-noreverb"], where={"params": "..0.1M"})
    assert found.rows
    assert all(row.cells[0].value is not None and row.cells[0].value <= 1e5 for row in found.rows)


def test_every_format_says_which_test_set(shipped: litdb.Catalogue) -> None:
    found = shipped.table(["params", "PESQ"], datasets=["vbd", "dns2020-noreverb"], models=["MUSE", "GTCRN"])
    for fmt in ("markdown", "html", "csv", "terminal", "latex"):
        text = render(found, fmt)
        assert "VoiceBank+DEMAND" in text
        assert "DNS-2020" in text


def test_versions_of_a_paper(shipped: litdb.Catalogue) -> None:
    found = shipped.versions(["IMSE"], ["PESQ"])
    assert [(row.name, row.cells[0].text) for row in found.rows] == [
        ("IMSE v1", "3.373"),
        ("IMSE v2", "3.399"),
    ]
    assert {cell.rank for row in found.rows for cell in row.cells} == {None}
    with pytest.raises(UsageError, match="named"):
        shipped.versions([], ["PESQ"])
