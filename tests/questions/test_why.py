"""Why a table shows the number it shows: the same answer as the table, with the rule in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import litdb
from litdb.catalogue.database.places import shipped_path
from litdb.catalogue.derive import derive
from litdb.catalogue.hand import Written, put_readings
from litdb.catalogue.record import put_document
from litdb.errors import Ambiguous, NotFound, UsageError
from tests.catalogue.scenes import extraction, put


@pytest.fixture(scope="module")
def shipped() -> Iterator[litdb.Catalogue]:
    with litdb.open(shipped_path()) as opened:
        yield opened


@pytest.mark.slow
def test_it_says_what_the_table_shows_for_every_model(shipped: litdb.Catalogue) -> None:
    table = shipped.table()
    checked = 0
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            if cell.provenance is None:
                continue
            shown = shipped.why(row.model, column.metric).shown
            assert cell.provenance.result in {s.value.key for s in shown}, (row.model, column.metric)
            checked += 1
    assert checked > 100


@pytest.mark.parametrize(
    ("model", "metric", "because"),
    [
        ("IMSE", "PESQ", "newest version of the paper"),
        ("DPT-FSNet", "PESQ", "of the quotations this row"),
        ("BSRNN-sungwon23", "PESQ", "its repository reports this"),
        ("BSRNN-sungwon23", "params", "does not give it"),
        ("BSRNN-FAC-MRHA3", "PESQ", "the declared checkpoint"),
    ],
)
def test_the_rule_is_said_in_words(shipped: litdb.Catalogue, model: str, metric: str, because: str) -> None:
    (shown,) = shipped.why(model, metric).shown
    assert because in shown.because


def test_who_quotes_what(shipped: litdb.Catalogue) -> None:
    quotes = dict(shipped.why("TSTNN", "CSIG").quotes)
    assert {"4.10", "4.17"} <= quotes.keys()
    assert all(source for sources in quotes.values() for source in sources)


def test_the_table_as_it_stood_with_the_cell(catalogue: litdb.Catalogue) -> None:
    with catalogue.writing() as session:
        put(session, "2401.00001", extraction([("Beta", "2.50", False), ("Alfa", "3.10", True)]))
    why = catalogue.why("Alfa", "PESQ")
    assert why.grid is not None
    assert why.grid.rows[why.grid.row][why.grid.column] == "3.10"
    assert why.versions == ((1, "3.10"),)


def test_nothing_accepted_is_nothing_shown(catalogue: litdb.Catalogue) -> None:
    with catalogue.writing() as session:
        put(session, "2401.00001", extraction([("Alfa", "3.10", True)]))
    key = catalogue.why("Alfa", "PESQ").shown[0].value.key
    catalogue.reject(key, "for the test")
    why = catalogue.why("Alfa", "PESQ")
    assert why.shown == ()
    assert why.grid is None
    assert [v.status for v in why.values] == ["rejected"]


def test_unknown_words(shipped: litdb.Catalogue) -> None:
    with pytest.raises(NotFound):
        shipped.why("NoSuchNet", "PESQ")
    with pytest.raises(Ambiguous, match=r"MP-SENet-2023, MP-SENet-long"):
        shipped.why("MP-SENet", "PESQ")
    with pytest.raises(UsageError, match="unknown metric"):
        shipped.why("IMSE", "QESP")
    with pytest.raises(UsageError, match="unknown test set"):
        shipped.why("IMSE", "PESQ", dataset="nowhere")


def test_show_takes_a_model_or_a_paper(shipped: litdb.Catalogue) -> None:
    model, values = shipped.show("IMSE")
    assert model.key == "IMSE"
    paper, same = shipped.show("2511.14515")
    assert paper.key == model.paper  # type: ignore[union-attr]
    assert {v.key for v in values if v.origin == "self"} <= {v.key for v in same}
    with pytest.raises(NotFound, match="no model is called"):
        shipped.show("NoSuchNet")


def test_a_file_of_no_known_paper_is_no_newest_version(catalogue: litdb.Catalogue) -> None:
    with catalogue.store.write() as session:
        document = put_document(session, "sha256:ab", kind="latex", uri="a.tex")
        written = Written("FooNet", "PESQ", "3.10", "self", "hand", dataset="vbd", table="1", own=True)
        put_readings(session, document, [written.reading()])
        derive(session, [document.id], accept_from=0.0)
    assert (
        catalogue.why("FooNet", "PESQ").shown[0].because
        == "a file of no known paper reports this row as its own"
    )
