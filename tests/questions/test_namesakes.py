"""Two models of one name in two papers: a quotation of the second contradicts nothing, and `why` names both."""

from __future__ import annotations

from litdb.catalogue.database.session import Store
from litdb.questions.conflicts import find_conflicts
from litdb.questions.why import explain
from tests.catalogue.scenes import extraction, put


def test_a_quotation_of_the_other_model_is_no_conflict(store: Store) -> None:
    with store.write() as session:
        put(session, "2401.00001", extraction([("Swift", "3.10", True)]))
        put(session, "2402.00002", extraction([("Swift", "3.35", True)]))
        put(session, "2403.00003", extraction([("Swift", "3.35", False), ("Third", "3.0", True)]))
    with store.read() as session:
        assert find_conflicts(session, model="Swift") == []
        answer = explain(session, "Swift", "PESQ", "vbd")
        assert answer.namesakes == ("Swift@arXiv:2402.00002",)
        assert explain(session, answer.namesakes[0], "PESQ", "vbd").namesakes == ("Swift",)


def test_a_quotation_of_neither_is_a_conflict(store: Store) -> None:
    with store.write() as session:
        put(session, "2401.00001", extraction([("Swift", "3.10", True)]))
        put(session, "2402.00002", extraction([("Swift", "3.35", True)]))
        put(session, "2403.00003", extraction([("Swift", "3.20", False), ("Third", "3.0", True)]))
    with store.read() as session:
        (conflict,) = find_conflicts(session, model="Swift")
    assert {side.printed for side in conflict.sides} == {"3.10", "3.20"}
