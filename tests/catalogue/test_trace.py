"""Following a number back to its cell, and the history of decisions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litdb.catalogue import decisions, trace
from litdb.catalogue.database.session import Store
from litdb.catalogue.naming import find_model
from litdb.errors import NotFound
from litdb.vocabulary import MetricName
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
        values = trace.known_values(session, model=find_model(session, "netta"), metric=MetricName("PESQ"))
    assert [(v.printed, v.origin, v.status) for v in values] == [
        ("3.10", "self", "accepted"),
        ("3.05", "quoted", "proposed"),
    ]
    assert values[0].source == f"arXiv:{ONE}v1, table 1"
    assert values[0].url == f"https://arxiv.org/abs/{ONE}v1"


def test_values_by_paper_status_and_key(filled: Store) -> None:
    with filled.read() as session:
        paper = trace.find_paper(session, ONE)
        assert [v.label for v in trace.known_values(session, paper=paper)] == ["Netta", "Alfa"]
        assert {v.printed for v in trace.known_values(session, status="proposed")} == {"2.90", "3.05"}
        (one,) = trace.known_values(session, reading=reading_key(filled, DOCUMENT, "Alfa")[:12])
        assert one.printed == "2.50"
        assert trace.known_values(session, reading="%") == []


def test_the_cell_is_shown_where_it_stood(filled: Store) -> None:
    with filled.read() as session:
        values = trace.known_values(session, model=find_model(session, "Alfa"))
        view = trace.grid_view(session, values[0])
        assert view is not None
        assert view.rows[view.row][view.column] == values[0].printed
        assert view.caption == "Results"
        assert trace.grid_view(session, replace(values[0], grid_id=None)) is None
        assert trace.grid_view(session, replace(values[0], grid_id=99_999)) is None


def test_who_quotes_what(filled: Store) -> None:
    with filled.read() as session:
        values = trace.known_values(session, model=find_model(session, "Alfa"))
    assert trace.quoted_by(values) == {
        "2.50": [f"arXiv:{ONE}v1, table 1"],
        "2.90": [f"arXiv:{TWO}v1, table 1"],
    }


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        f"arXiv:{ONE}",
        f"arxiv:{ONE}v1",
        f"{ONE}v3",
        f"https://arxiv.org/abs/{ONE}",
        f"https://arxiv.org/abs/{ONE}v1",
    ],
)
def test_a_paper_by_any_form_of_its_id(filled: Store, text: str) -> None:
    with filled.read() as session:
        assert trace.find_paper(session, text).arxiv_id == ONE


def test_a_paper_by_doi_and_an_unknown_one(filled: Store) -> None:
    with filled.write() as session:
        trace.find_paper(session, ONE).doi = "10.1000/AbC.1"
    with filled.read() as session:
        for text in ("10.1000/abc.1", "doi:10.1000/ABC.1", "https://doi.org/10.1000/abc.1"):
            assert trace.find_paper(session, text).arxiv_id == ONE
        with pytest.raises(NotFound, match=r"litdb fetch 2403\.00033"):
            trace.find_paper(session, "2403.00033")


def test_views_of_a_model_and_a_paper(filled: Store) -> None:
    with filled.write() as session:
        decisions.alias(session, "N-Net", "Netta", "for the test")
        decisions.unify(session, "Netta", "Alfa", "for the test")
    with filled.read() as session:
        model = trace.model_view(session, find_model(session, "N-Net"))
        paper = trace.paper_view(session, trace.find_paper(session, TWO))
    assert (model.key, model.title, model.unified) == ("Netta", "Netta paper", ("Alfa",))
    assert "N-Net" in model.names
    assert (paper.accepted, paper.proposed, paper.versions) == (0, 2, (1,))


def entries(store: Store, target: str | None = None) -> list[tuple[str, str]]:
    with store.read() as session:
        return [(entry.kind, entry.state) for entry in trace.history(session, target)]


def test_history_of_everything_a_model_a_paper_and_a_result(filled: Store) -> None:
    key = reading_key(filled, DOCUMENT, "Alfa")
    with filled.write() as session:
        rejection = decisions.decide_on_reading(session, "reject", key, "why not").uid
        decisions.alias(session, "N-Net", "Netta", "for the test")
        decisions.undo(session, rejection, "for the test")
    assert entries(filled) == [("reject", "undone"), ("alias", "in force"), ("undo", "in force")]
    assert entries(filled, "Netta") == [("alias", "in force")]
    for target in ("Alfa", ONE, key, key[:8]):
        assert entries(filled, target) == [("reject", "undone"), ("undo", "in force")]
    assert entries(filled, TWO) == []
    with filled.read() as session:
        (first, *_) = trace.history(session, key)
        assert "Alfa, PESQ 2.50" in first.about
        assert first.reason == "why not"


@pytest.mark.parametrize("target", ["NoSuchNet", "____", "%%%%", "0000", "", "2499.99999"])
def test_the_history_of_nothing_is_an_error(filled: Store, target: str) -> None:
    with filled.read() as session, pytest.raises(NotFound):
        trace.history(session, target)
