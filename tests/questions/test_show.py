"""Following a number back to its cell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litdb.catalogue import decisions
from litdb.catalogue.database.session import Store
from litdb.catalogue.naming import find_model
from litdb.catalogue.papers import find_paper
from litdb.catalogue.values import Where, known_values
from litdb.catalogue.views.shown import grid_view, model_view, paper_view
from litdb.questions.show import quoted_by
from litdb.values.value import GridCell
from tests.catalogue.scenes import doubtful, extraction, put, reading_key

ONE, TWO = "2401.00011", "2402.00022"
DOCUMENT = f"latex:arXiv:{ONE}v1"


@pytest.fixture
def filled(store: Store) -> Store:
    with store.write() as session:
        put(session, ONE, extraction([("Netta", "3.10", True), ("Alfa", "2.50", False)]), title="Netta paper")
        put(session, TWO, doubtful(extraction([("Alfa", "2.90", False), ("Netta", "3.05", False)])))
    return store


def test_all_values_of_a_model_the_most_telling_first(filled: Store) -> None:
    with filled.read() as session:
        values = known_values(session, Where(models=["Netta"], quantities=["PESQ"]))
    assert [(v.printed, v.origin, v.status) for v in values] == [
        ("3.10", "self", "accepted"),
        ("3.05", "quoted", "proposed"),
    ]
    assert values[0].place == f"arXiv:{ONE}v1, table 1"
    assert values[0].row.document.url == f"https://arxiv.org/abs/{ONE}v1"


def test_values_by_paper_status_and_key(filled: Store) -> None:
    with filled.read() as session:
        paper = find_paper(session, ONE)
        assert [v.row.label for v in known_values(session, Where(paper=paper.key))] == ["Netta", "Alfa"]
        assert {v.printed for v in known_values(session, Where(statuses=["proposed"]))} == {"2.90", "3.05"}
        (one,) = known_values(session, Where(result=reading_key(filled, DOCUMENT, "Alfa")[:12]))
        assert one.printed == "2.50"
        assert known_values(session, Where(result="%")) == []


def test_the_cell_is_shown_where_it_stood(filled: Store) -> None:
    with filled.read() as session:
        values = known_values(session, Where(models=["Alfa"]))
        view = grid_view(session, values[0])
        assert view is not None
        assert view.rows[view.row][view.column] == values[0].printed
        assert view.caption == "Results"
        assert grid_view(session, replace(values[0], cell=GridCell(None, 1, 1))) is None
        assert grid_view(session, replace(values[0], cell=GridCell(99_999, 1, 1))) is None


def test_who_quotes_what(filled: Store) -> None:
    with filled.read() as session:
        values = known_values(session, Where(models=["Alfa"]))
    assert quoted_by(values) == {
        "2.50": [f"arXiv:{ONE}v1, table 1"],
        "2.90": [f"arXiv:{TWO}v1, table 1"],
    }


def test_views_of_a_model_and_a_paper(filled: Store) -> None:
    with filled.write() as session:
        decisions.alias(session, "N-Net", "Netta", "for the test")
        decisions.unify(session, "Netta", "Alfa", "for the test")
    with filled.read() as session:
        model = model_view(session, find_model(session, "N-Net"))
        paper = paper_view(session, find_paper(session, TWO))
    assert (model.key, model.title, model.unified) == ("Netta", "Netta paper", ("Alfa",))
    assert "N-Net" in model.names
    assert (paper.accepted, paper.proposed, paper.versions) == (0, 2, (1,))
