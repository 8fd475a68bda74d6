"""From a question to a table: filters, order, ranking, refusals."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

import litdb
from litdb.catalogue.database.schema import PaperRow
from litdb.catalogue.database.session import Store
from litdb.errors import UsageError
from litdb.values.table import Row, Table
from litdb.vocabulary.protocol import Protocol
from tests.catalogue.scenes import doubtful, extraction, put


def store_paper(store: Store, arxiv_id: str, label: str, pesq: str, date: str, **protocol: str) -> None:
    seen = extraction([(label, pesq, True)])
    table = seen.tables[0]
    readings = tuple(replace(r, protocol=Protocol.stated(**protocol)) for r in table.readings)
    with store.write() as session:
        put(session, arxiv_id, replace(seen, tables=(replace(table, readings=readings),)))
        paper = session.query(PaperRow).filter_by(arxiv_id=arxiv_id).one()
        paper.first_submitted = dt.date.fromisoformat(date)


@pytest.fixture
def three(catalogue: litdb.Catalogue) -> litdb.Catalogue:
    """Alfa 3.10 (2023, causal), Beta 3.30 (2024), gamma 2.90 (2024, stated to be not causal)."""
    store_paper(catalogue.store, "2301.00001", "Alfa", "3.10", "2023-01-05", causal="yes")
    store_paper(catalogue.store, "2402.00002", "Beta", "3.30", "2024-02-05")
    store_paper(catalogue.store, "2403.00003", "gamma", "2.90", "2024-03-05", causal="no")
    return catalogue


def names(table: Table) -> list[str]:
    return [row.name for row in table.rows]


def named(table: Table, name: str) -> Row:
    (row,) = [row for row in table.rows if row.name == name]
    return row


def test_the_order_is_the_best_first_by_name_when_asked_and_as_given(three: litdb.Catalogue) -> None:
    assert names(three.table(["PESQ"])) == ["Beta", "Alfa", "gamma"]
    assert names(three.table(["PESQ"], sort="PESQ")) == ["gamma", "Alfa", "Beta"]
    assert names(three.table(["PESQ"], sort="-PESQ")) == ["Beta", "Alfa", "gamma"]
    assert names(three.table(["PESQ"], models=["gamma", "alfa"])) == ["gamma", "Alfa"]
    assert names(three.table(["PESQ"], models=["gamma", "alfa"], sort="-PESQ")) == ["Alfa", "gamma"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"year": "2024.."}, ["Beta", "gamma"]),
        ({"year": "2023"}, ["Alfa"]),
        ({"year": "..2022"}, []),
        ({"since": dt.date(2024, 2, 5)}, ["Beta", "gamma"]),
        ({"since": dt.date(2024, 2, 6)}, ["gamma"]),
        ({"causal": True}, ["Alfa"]),
        ({"causal": False}, ["gamma"]),
        ({"origins": ["self"]}, ["Beta", "Alfa", "gamma"]),
        ({"origins": ["quoted", "measured"]}, []),
        ({"where": {"PESQ": "3.1..3.3"}}, ["Beta", "Alfa"]),
        ({"where": ["PESQ=3.2..", "PESQ=..3.4"]}, ["Beta"]),
        ({"where": {"STOI": "0..1"}}, []),
    ],
)
def test_filters(three: litdb.Catalogue, options: dict[str, object], expected: list[str]) -> None:
    assert names(three.table(["PESQ"], **options)) == expected  # type: ignore[arg-type]


def test_filters_see_the_filled_row(three: litdb.Catalogue) -> None:
    three.add_result("Alfa", {"params": "0.5M"}, paper="2402.00002v1", table="4", origin="quoted")
    table = three.table(["PESQ"], where={"params": "0.4M..0.6M"})
    assert [column.metric for column in table.columns] == ["PESQ", "params"]
    (row,) = table.rows
    assert (row.name, row.cells[1].value, row.cells[1].filled) == ("Alfa", 500_000, True)
    assert row.cells[1].notes


def test_first_and_second_are_ranked_and_equal_values_share_a_place(three: litdb.Catalogue) -> None:
    store_paper(three.store, "2404.00004", "Delta", "3.30", "2024-04-05")
    ranks = {row.name: row.cells[0].rank for row in three.table(["PESQ"]).rows}
    assert ranks == {"Beta": 1, "Delta": 1, "Alfa": 2, "gamma": None}


def test_a_single_value_is_not_the_best_of_anything(three: litdb.Catalogue) -> None:
    assert named(three.table(["PESQ"], models=["Alfa"]), "Alfa").cells[0].rank is None


def test_for_parameters_less_is_better(three: litdb.Catalogue) -> None:
    for name, params in (("Alfa", "0.5M"), ("Beta", "2M")):
        three.add_result(name, {"params": params}, paper="2403.00003v1", table="4", origin="quoted")
    ranks = {row.name: row.cells[0].rank for row in three.table(["params", "PESQ"]).rows}
    assert ranks == {"Alfa": 1, "Beta": 2, "gamma": None}


def test_a_value_known_not_to_be_comparable_is_left_out_unless_mixed(three: litdb.Catalogue) -> None:
    store_paper(three.store, "2405.00005", "Eight", "4.00", "2024-05-05", rate="8000", band="WB")
    store_paper(three.store, "2405.00006", "Sixteen", "3.00", "2024-05-06", rate="16000")
    store_paper(three.store, "2405.00007", "Sixteen B", "3.01", "2024-05-06", rate="16000")
    cell = named(three.table(["PESQ"]), "Eight").cells[0]
    assert (cell.refused, cell.rank, cell.text, cell.value) == (True, None, "-", 4.0)
    assert cell.notes == ("4.00 not comparable: sampling rate 8000 instead of 16000",)
    table = three.table(["PESQ"], mixed=True)
    cell = named(table, "Eight").cells[0]
    assert (cell.refused, cell.text) == (False, "4.00")
    assert all(row.cells[0].rank is None for row in table.rows)
    assert any("none is ranked" in note for note in table.notes)


def test_what_is_not_stated_is_ranked_with_one_note_for_the_table(three: litdb.Catalogue) -> None:
    store_paper(three.store, "2405.00006", "Sixteen", "3.50", "2024-05-06", rate="16000")
    table = three.table(["PESQ"])
    assert named(table, "Sixteen").cells[0].rank == 1
    assert table.notes == ("PESQ: sampling rate is 16000 for Sixteen; 3 rows do not state it.",)
    assert not any(row.cells[0].notes for row in table.rows)


def test_a_mean_over_some_of_the_files_is_not_ranked(three: litdb.Catalogue) -> None:
    for run, files, pesq in (("r/part", 820, "3.9"), ("r/whole", 824, "3.2")):
        three.add_result(f"Mine {files}", {"PESQ": pesq}, run=f"{files}-{run}", files=files)
    table = three.table(["PESQ"])
    part, whole = (named(table, f"Mine {files}").cells[0] for files in (820, 824))
    assert part.refused
    assert part.rank is None
    assert part.notes[-1] == "3.9 not ranked: covers 820 of 824 files"
    assert whole.rank == 2  # behind Beta


def test_proposed_rows_are_counted_and_shown_on_request_with_a_mark(three: litdb.Catalogue) -> None:
    with three.store.write() as session:
        put(session, "2406.00006", doubtful(extraction([("Doubt", "3.80", True)])))
    table = three.table(["PESQ"])
    assert "Doubt" not in names(table)
    assert table.hidden == 1
    wider = three.table(["PESQ"], proposed=True)
    assert named(wider, "Doubt").proposed
    assert not named(wider, "Beta").proposed
    assert wider.hidden == 0


def test_a_bound_says_how_it_is_printed(three: litdb.Catalogue) -> None:
    three.add_result("Bound", {"PESQ": "3.0+"}, paper="2403.00003v1", table="4", origin="quoted")
    cell = named(three.table(["PESQ"]), "Bound").cells[0]
    assert cell.notes == ("printed as 3.0+",)


def test_a_claim_is_shown_when_asked_and_never_ranked(three: litdb.Catalogue) -> None:
    three.add_result("Rumour", {"PESQ": "4.2"})
    three.add_result("Wordy", {"PESQ": "competitive"})
    assert not {"Rumour", "Wordy"} & set(names(three.table(["PESQ"])))
    table = three.table(["PESQ"], claims=True)
    assert named(table, "Rumour").cells[0].rank is None
    cell = named(table, "Wordy").cells[0]
    assert (cell.value, cell.text) == (None, "competitive")
    assert named(table, "Beta").cells[0].rank == 1


def test_costs_alone_make_a_row_only_of_a_model_that_is_asked_for(three: litdb.Catalogue) -> None:
    three.add_result("Light", {"params": "10k"}, paper="2403.00003v1", table="4", origin="quoted")
    assert "Light" not in names(three.table(["params", "PESQ"]))
    assert names(three.table(["params", "PESQ"], models=["Light"])) == ["Light"]
    assert names(three.table(["params"])) == ["Light"]


def test_every_cell_names_the_result_it_came_from(three: litdb.Catalogue) -> None:
    for row in three.table(["PESQ"]).rows:
        provenance = row.cells[0].provenance
        assert provenance is not None
        assert provenance.source.startswith("arXiv:")
        assert provenance.url.startswith("https://arxiv.org/abs/")
        (value,) = [v for v in three.results(row.model) if v.key == provenance.result]
        assert value.printed == row.cells[0].printed


@pytest.mark.parametrize(
    "options",
    [{"dataset": "nowhere"}, {"metrics": []}, {"metrics": ["QESP"]}, {"origins": ["rumour"]}, {"models": ["NoSuch"]},
     {"sort": "QESP"}, {"where": ["PESQ"]}, {"year": "soon"}],
)  # fmt: skip
def test_unknown_words_are_refused(three: litdb.Catalogue, options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        three.table(**options)  # type: ignore[arg-type]
