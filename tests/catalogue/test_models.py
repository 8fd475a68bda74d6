"""Candidate models by index."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from litdb.catalogue import decisions
from litdb.catalogue.database.session import Store
from litdb.catalogue.models import candidate_models, year_of
from litdb.catalogue.values import Where, values
from litdb.vocabulary.ranges import Condition
from tests.catalogue.scenes import doubtful, extraction, put


@pytest.mark.parametrize(
    ("date", "arxiv_id", "year"),
    [
        (dt.date(2021, 3, 1), "2011.00001", 2021),
        (None, "2511.14515", 2025),
        (None, "0704.0001", 2007),
        (None, "eess/0601001", None),
        (None, "2513.00001", None),
        (None, None, None),
    ],
)
def test_the_year_of_a_paper(date: dt.date | None, arxiv_id: str | None, year: int | None) -> None:
    assert year_of(date, arxiv_id) == year


ONE, TWO = "2401.00011", "2402.00022"


@pytest.fixture
def filled(store: Store) -> Store:
    with store.write() as session:
        put(session, ONE, extraction([("Netta", "3.10", True), ("Alfa", "2.50", False)]))
        put(session, TWO, doubtful(extraction([("Later", "3.40", True), ("Alfa", "2.90", False)])))
    return store


def found(store: Store, *conditions: str, proposed: bool = False, keys: list[str] | None = None) -> list[str]:
    with store.read() as session:
        models = candidate_models(
            session,
            dataset="vbd",
            conditions=[Condition.parse(text) for text in conditions],
            kinds=("system",),
            statuses=("accepted", "proposed") if proposed else ("accepted",),
            keys=keys,
            quantities=("PESQ",),
        )
        return [model.key for model in models]


def test_candidates_have_some_value_in_every_range(filled: Store) -> None:
    assert found(filled) == ["Alfa", "Netta"]
    assert found(filled, "PESQ=3..") == ["Netta"]
    assert found(filled, "PESQ=2.5..2.5") == ["Alfa"]  # both ends belong to it
    assert found(filled, "PESQ=3..", "STOI=0..1") == []
    assert found(filled, "PESQ=2.95..", proposed=True) == ["Later", "Netta"]
    assert found(filled, "PESQ=2.8..2.95") == []
    assert found(filled, "PESQ=2.8..2.95", proposed=True) == ["Alfa"]
    assert found(filled, keys=["Netta"]) == ["Netta"]


def test_a_unified_model_is_found_by_the_one_it_counts_for(filled: Store) -> None:
    with filled.write() as session:
        decisions.unify(session, "Netta", "Alfa", "for the test")
    assert found(filled, "PESQ=..2.6") == ["Netta"]
    assert found(filled, keys=["Alfa"]) == ["Netta"]
    with filled.read() as session:
        found_values = values(session, Where(models=["Netta"], dataset="vbd", quantities=["PESQ"]))
    assert sorted(value.row.label for value in found_values) == ["Alfa", "Alfa", "Netta"]
    assert {value.model for value in found_values} == {"Netta"}
    assert sorted(value.row.named for value in found_values) == ["Alfa", "Alfa", "Netta"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(low=st.floats(2, 4, width=16), width=st.floats(0, 1, width=16))
def test_every_model_shown_in_a_range_is_a_candidate(filled: Store, low: float, width: float) -> None:
    values = {"Netta": [3.1], "Alfa": [2.5, 2.9], "Later": [3.4]}
    expected = [k for k, group in values.items() if any(low <= v <= low + width for v in group)]
    assert set(expected) <= set(found(filled, f"PESQ={low:.6f}..{low + width:.6f}", proposed=True))
