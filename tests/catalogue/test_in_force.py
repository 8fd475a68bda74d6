"""What two people decided against one another without knowing it, and how that ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from litdb.catalogue import decisions
from litdb.catalogue.database.schema import ReadingRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.decision import ON_READING, Accept, Decided, Reject, Resolve
from litdb.catalogue.exchange.check import check
from litdb.catalogue.exchange.dump import diff
from litdb.catalogue.exchange.merge import merge
from litdb.catalogue.values import DECIDED_ON, Where, values
from litdb.catalogue.views.history import history
from litdb.catalogue.views.in_force import contests
from litdb.errors import UsageError
from litdb.questions.conflicts import resolve
from tests.catalogue.scenes import extraction, put, values_of

NewStore = Callable[[], Store]
PAPER = "2401.00011"
DOCUMENT = f"latex:arXiv:{PAPER}v1"
LINES = [("Netta", "3.10", True), ("Alfa", "2.50", False)]


@pytest.fixture
def two(new_store: NewStore) -> tuple[Store, Store]:
    """Two people's catalogues with the same paper."""
    made = new_store(), new_store()
    for store in made:
        with store.write() as session:
            put(session, PAPER, extraction(LINES), title="Netta")
    return made


def test_values_look_for_what_decides_on_them() -> None:
    assert set(DECIDED_ON) == {kind.kind for kind in (*ON_READING, Resolve)}


def decide(store: Store, who: str, label: str, what: Decided | None = None, **changes: str) -> str:
    with pytest.MonkeyPatch.context() as patch, store.write() as session:
        patch.setenv("LITDB_USER", who)
        key = session.scalars(select(ReadingRow.key).where(ReadingRow.label == label)).one()
        decided = what if what is not None else decisions.correction(session, key, **changes)
        assert isinstance(decided, Accept | Reject | decisions.Correct)
        return decisions.decide_on_reading(session, decided, key, "looked it up").uid


def both_ways(one: Store, other: Store) -> None:
    merge(one, other)
    merge(other, one)
    assert diff(one, other) == []
    assert check(one) == []
    assert check(other) == []


def contested(store: Store) -> list[str]:
    with store.read() as session:
        return [str(contest) for contest in contests(session) if contest.open]


def marks(store: Store, model: str) -> list[str]:
    with store.read() as session:
        return [value.contested for value in values(session, Where(models=[model]))]


def test_of_two_corrections_made_unknown_to_one_another_neither_holds(two: tuple[Store, Store]) -> None:
    ann, bob = two
    decide(ann, "ann", "Netta", value="3.20")
    kept = decide(bob, "bob", "Netta", value="3.30")
    both_ways(ann, bob)
    for store in two:
        assert values_of(store, "Netta") == {DOCUMENT: (3.10, "accepted")}
        assert contested(store) == ["contested by ann (correct, value 3.2), bob (correct, value 3.3)"]
        assert marks(store, "Netta")[0].startswith("contested by ann")
        with store.read() as session:
            assert all(entry.state.startswith("contested by") for entry in history(session))
    with ann.write() as session:
        target = contests(session)[0].target
        with pytest.raises(UsageError, match=f"--keep {kept[:8]}"):
            resolve(session, target[:8], "asked both", keep=None, both=True)
    with ann.write() as session:
        resolve(session, target[:8], "asked both", keep=kept[:8], both=False)
    both_ways(ann, bob)
    for store in two:
        assert values_of(store, "Netta") == {DOCUMENT: (3.30, "accepted")}
        assert contested(store) == []
        assert marks(store, "Netta") == [""]


def test_a_decision_made_in_knowledge_of_the_other_stands(two: tuple[Store, Store]) -> None:
    ann, bob = two
    decide(ann, "ann", "Netta", value="3.20")
    merge(bob, ann)
    decide(bob, "bob", "Netta", value="3.30")
    both_ways(ann, bob)
    assert values_of(ann, "Netta") == {DOCUMENT: (3.30, "accepted")}
    assert contested(ann) == []


@pytest.mark.parametrize(
    ("anns", "bobs", "agree"),
    [
        ({"what": Accept()}, {"what": Accept()}, True),
        ({"what": Accept()}, {"what": Reject()}, False),
        ({"what": Reject()}, {"value": "3.2"}, False),
        ({"value": "3.2"}, {"dataset": "dns2020-noreverb"}, True),
        ({"value": "3.2"}, {"value": "3.2"}, True),
    ],
)
def test_what_contradicts_what(
    two: tuple[Store, Store], anns: dict[str, str], bobs: dict[str, str], agree: bool
) -> None:
    ann, bob = two
    decide(ann, "ann", "Netta", **anns)  # type: ignore[arg-type]
    decide(bob, "bob", "Netta", **bobs)  # type: ignore[arg-type]
    both_ways(ann, bob)
    assert (contested(ann) == []) is agree


def test_undoing_one_side_lets_the_other_stand(two: tuple[Store, Store]) -> None:
    ann, bob = two
    mine = decide(ann, "ann", "Netta", Reject())
    decide(bob, "bob", "Netta", Accept())
    both_ways(ann, bob)
    with ann.write() as session:
        decisions.undo(session, mine, "a slip")
    both_ways(ann, bob)
    assert contested(bob) == []
    assert values_of(bob, "Netta") == {DOCUMENT: (3.10, "accepted")}


def test_a_name_given_to_two_models_means_neither(two: tuple[Store, Store]) -> None:
    ann, bob = two
    with ann.write() as session:
        decisions.alias(session, "N", "Netta", "short")
    with bob.write() as session:
        decisions.alias(session, "N", "Alfa", "short")
    both_ways(ann, bob)
    assert len(contested(ann)) == 1


def test_models_unified_one_way_here_and_the_other_way_there_are_not(two: tuple[Store, Store]) -> None:
    ann, bob = two
    with ann.write() as session:
        decisions.unify(session, "Netta", "Alfa", "the same")
    with bob.write() as session:
        kept = decisions.unify(session, "Alfa", "Netta", "the same").uid
    both_ways(ann, bob)
    assert len(contested(ann)) == len(contested(bob)) == 1
    with ann.write() as session:
        resolve(session, contests(session)[0].target, "asked", keep=kept[:8], both=False)
    both_ways(ann, bob)
    assert contested(bob) == []
