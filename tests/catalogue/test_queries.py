"""Candidates by index, and source rows as selection wants them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from litdb.catalogue import decisions, queries
from litdb.catalogue.database.session import Store
from litdb.catalogue.naming import find_model
from litdb.catalogue.queries import DocumentInfo, place, year_of
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


@pytest.mark.parametrize(
    ("document", "table", "checkpoint", "text", "url"),
    [
        (
            DocumentInfo(1, "sha256:x", "latex", "https://arxiv.org/e-print/x", arxiv_id="2511.14515", version=2),
            "1", "", "arXiv:2511.14515v2, table 1", "https://arxiv.org/abs/2511.14515v2",
        ),
        (
            DocumentInfo(1, "sha256:x", "latex", "x", arxiv_id="2511.14515", version=2),
            "abstract", "", "arXiv:2511.14515v2, abstract", "https://arxiv.org/abs/2511.14515v2",
        ),
        (
            DocumentInfo(1, "github:a/b", "repository", "https://github.com/a/b"),
            "2", "", "github:a/b, table 2", "https://github.com/a/b",
        ),
        (DocumentInfo(1, "seen:doi:10.1/x", "seen", "https://doi.org/10.1/x", doi="10.1/x"), "IV", "",
         "doi:10.1/x, table IV", "https://doi.org/10.1/x"),
        (DocumentInfo(1, "evaluation:r/best:vbd", "evaluation", "run r/best"), "", "r/best", "run r/best", ""),
        (DocumentInfo(1, "note:ann", "note", "added by ann without a source"), "", "",
         "added by ann without a source", ""),
    ],
)  # fmt: skip
def test_a_source_in_short_words(
    document: DocumentInfo, table: str, checkpoint: str, text: str, url: str
) -> None:
    assert place(document, table, checkpoint) == text
    assert document.url == url


ONE, TWO = "2401.00011", "2402.00022"


@pytest.fixture
def filled(store: Store) -> Store:
    with store.write() as session:
        put(session, ONE, extraction([("Netta", "3.10", True), ("Alfa", "2.50", False)]))
        put(session, TWO, doubtful(extraction([("Later", "3.40", True), ("Alfa", "2.90", False)])))
    return store


def found(store: Store, *conditions: str, proposed: bool = False, keys: list[str] | None = None) -> list[str]:
    with store.read() as session:
        models = queries.candidate_models(
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
        netta = find_model(session, "Netta")
        rows = queries.source_rows(session, [netta.id], dataset="vbd", quantities=["PESQ"])[netta.id]
    assert sorted(row.label for row in rows) == ["Alfa", "Alfa", "Netta"]


def test_source_rows_carry_what_selection_needs(filled: Store) -> None:
    with filled.read() as session:
        netta = find_model(session, "Netta")
        (row,) = queries.source_rows(session, [netta.id], dataset="vbd", quantities=[])[netta.id]
        assert queries.source_rows(session, [netta.id], dataset="dns2020-noreverb", quantities=[]) == {}
        assert queries.source_rows(session, [netta.id], dataset="vbd", quantities=["STOI"]) == {}
    assert (row.origin, row.version, row.paper, row.table_kind) == ("self", 1, f"arXiv:{ONE}", "comparison")
    assert row.source == f"arXiv:{ONE}v1, table 1"
    (fact,) = row.facts
    assert (fact.metric, fact.value, fact.printed, fact.resolution) == ("PESQ", 3.1, "3.10", 0.01)
    assert fact.protocol.get("band") == "WB"


def test_rejected_results_are_not_read_at_all(filled: Store) -> None:
    with filled.write() as session:
        netta = find_model(session, "Netta")
        (row,) = queries.source_rows(session, [netta.id], dataset="vbd", quantities=[])[netta.id]
        decisions.decide_on_reading(session, "reject", row.facts[0].key, "for the test")
        assert queries.source_rows(session, [netta.id], dataset="vbd", quantities=[]) == {}


def test_many_models_are_read_in_batches(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_BATCH", 1)
    with filled.read() as session:
        ids = [find_model(session, key).id for key in ("Netta", "Alfa", "Later")]
        rows = queries.source_rows(session, ids, dataset="vbd", quantities=["PESQ"])
        assert {number: len(rows[number]) for number in ids} == dict(zip(ids, (1, 2, 1), strict=True))
        names = [model.key for model in queries.model_infos(session, ids)]
        assert sorted(names) == ["Alfa", "Later", "Netta"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(low=st.floats(2, 4, width=16), width=st.floats(0, 1, width=16))
def test_every_model_shown_in_a_range_is_a_candidate(filled: Store, low: float, width: float) -> None:
    values = {"Netta": [3.1], "Alfa": [2.5, 2.9], "Later": [3.4]}
    expected = [k for k, group in values.items() if any(low <= v <= low + width for v in group)]
    assert set(expected) <= set(found(filled, f"PESQ={low:.6f}..{low + width:.6f}", proposed=True))
