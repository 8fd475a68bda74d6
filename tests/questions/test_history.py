"""The history of decisions: of everything, of a model, a paper, a result; and that it stays quick."""

from __future__ import annotations

import pytest

from litdb.catalogue import decisions
from litdb.catalogue.database.session import Store
from litdb.catalogue.decision import Reject
from litdb.catalogue.views.history import history
from litdb.errors import NotFound
from tests.catalogue.scenes import doubtful, extraction, put, reading_key

ONE, TWO = "2401.00011", "2402.00022"
DOCUMENT = f"latex:arXiv:{ONE}v1"


@pytest.fixture
def filled(store: Store) -> Store:
    with store.write() as session:
        put(session, ONE, extraction([("Netta", "3.10", True), ("Alfa", "2.50", False)]), title="Netta paper")
        put(session, TWO, doubtful(extraction([("Alfa", "2.90", False), ("Netta", "3.05", False)])))
    return store


def entries(store: Store, target: str | None = None) -> list[tuple[str, str]]:
    with store.read() as session:
        return [(entry.kind, entry.state) for entry in history(session, target)]


def test_history_of_everything_a_model_a_paper_and_a_result(filled: Store) -> None:
    key = reading_key(filled, DOCUMENT, "Alfa")
    with filled.write() as session:
        rejection = decisions.decide_on_reading(session, Reject(), key, "why not").uid
        decisions.alias(session, "N-Net", "Netta", "for the test")
        decisions.undo(session, rejection, "for the test")
    assert entries(filled) == [("reject", "undone"), ("alias", "in force"), ("undo", "in force")]
    assert entries(filled, "Netta") == [("alias", "in force")]
    for target in ("Alfa", ONE, key, key[:8]):
        assert entries(filled, target) == [("reject", "undone"), ("undo", "in force")]
    assert entries(filled, rejection[:8]) == [("undo", "in force")]
    assert entries(filled, TWO) == []
    with filled.read() as session:
        (first, *_) = history(session, key)
        assert "Alfa, PESQ 2.50" in first.about
        assert first.reason == "why not"


@pytest.mark.parametrize("target", ["NoSuchNet", "____", "%%%%", "0000", "", "2499.99999"])
def test_the_history_of_nothing_is_an_error(filled: Store, target: str) -> None:
    with filled.read() as session, pytest.raises(NotFound):
        history(session, target)
