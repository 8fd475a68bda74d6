"""The one loader: values with their parts, narrowed by what is asked."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from litdb.catalogue import decisions
from litdb.catalogue.database import batches
from litdb.catalogue.database.session import Store
from litdb.catalogue.database.view import COLUMNS
from litdb.catalogue.decision import Reject
from litdb.catalogue.values import ACCEPTED, Where, any_value, values
from litdb.values.origin import Origin, Status, TableKind
from tests.catalogue.scenes import doubtful, extraction, put

ONE, TWO = "2401.00011", "2402.00022"


@pytest.fixture
def filled(store: Store) -> Store:
    with store.write() as session:
        put(session, ONE, extraction([("Netta", "3.10", True), ("Alfa", "2.50", False)]))
        put(session, TWO, doubtful(extraction([("Later", "3.40", True), ("Alfa", "2.90", False)])))
    return store


def test_a_value_carries_its_row_document_and_model(filled: Store) -> None:
    with filled.read() as session:
        (value,) = values(session, Where(models=["Netta"], dataset="vbd"))
        assert values(session, Where(models=["Netta"], dataset="dns2020-noreverb")) == []
        assert values(session, Where(models=["Netta"], quantities=["STOI"])) == []
    row = value.row
    assert (row.origin, row.table_kind, row.label) == (Origin.SELF, TableKind.COMPARISON, "Netta")
    assert (value.version, value.paper) == (1, f"arXiv:{ONE}")
    assert value.place == f"arXiv:{ONE}v1, table 1"
    assert (value.metric, value.value, value.printed, value.resolution) == ("PESQ", 3.1, "3.10", 0.01)
    assert value.protocol.get("band") == "WB"
    assert value.status is Status.ACCEPTED


def test_rejected_values_are_there_and_marked(filled: Store) -> None:
    with filled.write() as session:
        (value,) = values(session, Where(models=["Netta"]))
        decisions.decide_on_reading(session, Reject(), value.key, "for the test")
        (rejected,) = values(session, Where(models=["Netta"]))
        assert rejected.status is Status.REJECTED
        assert values(session, Where(models=["Netta"], statuses=ACCEPTED)) == []


def test_many_models_are_read_in_batches(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SIZE", 1)
    with filled.read() as session:
        found = values(session, Where(models=["Netta", "Alfa", "Later"]))
    assert sorted(value.model for value in found) == ["Alfa", "Alfa", "Later", "Netta"]


def test_values_of_one_row_share_it(filled: Store) -> None:
    with filled.read() as session:
        one, other = values(session, Where(models=["Netta"])), values(session, Where(paper=f"arXiv:{ONE}"))
    assert one[0] in other
    documents = {id(value.row.document) for value in other}
    assert len(documents) == 1


def test_any_value_stops_at_the_first(filled: Store) -> None:
    with filled.read() as session:
        assert any_value(session, Where(statuses=("proposed",), dataset="vbd", quantities=["PESQ"]))
        assert not any_value(session, Where(statuses=("proposed",), models=["Netta"]))


def test_only_what_has_more_than_one_number_is_disputed(filled: Store) -> None:
    with filled.read() as session:
        assert values(session, Where(statuses=ACCEPTED, disputed=True)) == []
        both = values(session, Where(statuses=("accepted", "proposed"), disputed=True))
    assert sorted(value.printed for value in both) == ["2.50", "2.90"]


def test_the_view_has_the_columns_that_are_documented(filled: Store) -> None:
    with filled.read() as session:
        row = session.execute(text("SELECT * FROM value WHERE model = 'Netta'")).mappings().one()
    assert list(row) == list(COLUMNS)
    assert (row["printed"], row["paper"], row["version"], row["table"]) == ("3.10", f"arXiv:{ONE}", 1, "1")
    assert (row["band"], row["rate"], row["origin"], row["status"]) == ("WB", None, "self", "accepted")
