"""Random histories of two people: merging them is commutative and idempotent, and loses no decision."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue import decisions
from litdb.catalogue.database.migrate import upgrade
from litdb.catalogue.database.schema import DecisionRow, MetaRow, ReadingRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.decision import Accept, Correct, Reject
from litdb.catalogue.exchange.check import check
from litdb.catalogue.exchange.dump import diff
from litdb.catalogue.exchange.merge import merge
from litdb.catalogue.own import add_measured
from litdb.catalogue.views.history import history
from litdb.errors import LitdbError
from tests.catalogue.exchange.people import measured
from tests.catalogue.scenes import extraction, put, text_of

LINES = [("Netta", "3.10", True), ("Alfa", "2.50", False)]
#: What one person does in one step: who, what, and which of the few things it is done to.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob"]),
        st.sampled_from(
            ["accept", "reject", "correct", "alias", "unify", "undo", "declare", "measure", "replace", "meet"]
        ),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=8,
)


def _act(session: Session, what: str, number: int) -> None:
    label = ("Netta", "Alfa", "Netta")[number]
    key = session.scalars(select(ReadingRow.key).where(ReadingRow.label == label)).one()
    if what in ("accept", "reject"):
        decisions.decide_on_reading(session, Accept() if what == "accept" else Reject(), key, "why")
    elif what == "correct":
        value = ("3.2", "3.3", "3.4")[number]
        decisions.decide_on_reading(session, Correct(value=float(value), printed=value), key, "why")
    elif what == "alias":
        decisions.alias(session, "N", ("Netta", "Alfa", "Netta")[number], "why")
    elif what == "unify":
        decisions.unify(session, *(("Netta", "Alfa"), ("Alfa", "Netta"), ("Netta", "Alfa"))[number], "why")
    elif what == "undo":
        made = session.scalars(
            select(DecisionRow.uid).order_by(DecisionRow.sequence.desc(), DecisionRow.uid)
        ).all()
        if len(made) > number:
            decisions.undo(session, made[number], "why")
    elif what == "declare":
        decisions.declare(session, "mine", "best", "why")
    else:
        add_measured(
            session, measured(("2.90", "2.91", "2.92")[number]), replace=what == "replace", reason="why"
        )


#: LITDB_HISTORIES=200 looks at more.
EXAMPLES = int(os.environ.get("LITDB_HISTORIES", "60"))
#: The catalogues of one example: of each person, what the other had before either merged, and one to merge once more.
NAMES = ("ann", "bob", "ann before", "bob before", "bob after")


class _Shelf:
    """The catalogues, opened once: what SQLAlchemy remembers of statements it has put together is most of an example's time."""

    def __init__(self, folder: Path) -> None:
        self.beginning = folder / "beginning.db"
        store = Store(self.beginning)
        upgrade(store)
        with store.write() as session:
            session.add(MetaRow(name="kind", value="working"))
            put(session, "2401.00011", extraction(LINES), title="Netta")
        store.close()
        self.stores = {name: Store(folder / f"{name}.db") for name in NAMES}

    def lay(self, name: str, source: Path) -> Store:
        """The catalogue of that name, with the content of a file that nobody has open."""
        store = self.stores[name]
        store.close()  # the last connection takes the log of writes away
        assert store.path is not None
        assert not store.path.with_name(f"{store.path.name}-wal").exists()
        shutil.copyfile(source, store.path)
        return store

    def copy(self, of: str, name: str) -> Store:
        """The catalogue `name`, with what the catalogue `of` holds now."""
        source = self.stores[of]
        source.close()
        assert source.path is not None
        return self.lay(name, source.path)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Shelf]:
    shelf = _Shelf(tmp_path_factory.mktemp("histories"))
    yield shelf
    for store in shelf.stores.values():
        store.close()


def _histories(shelf: _Shelf, steps: list[tuple[str, str, int]]) -> tuple[Store, Store]:
    people = {who: shelf.lay(who, shelf.beginning) for who in ("ann", "bob")}
    for who, what, number in steps:
        store = people[who]
        if what == "meet":
            merge(store, people["bob" if who == "ann" else "ann"])
            continue
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LITDB_USER", who)
            try:
                with store.write() as session:
                    _act(session, what, number)
            except LitdbError:
                continue  # what makes no sense there is refused, and nothing is recorded
    return people["ann"], people["bob"]


def _uids(*stores: Store) -> set[str]:
    found: set[str] = set()
    for store in stores:
        with store.read() as session:
            found |= set(session.scalars(select(DecisionRow.uid)))
    return found


@pytest.mark.timeout(900)  # about half a second of processor time an example
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_merging_random_histories(shelf: _Shelf, steps: list[tuple[str, str, int]]) -> None:
    ann, bob = _histories(shelf, steps)
    anns, bobs = shelf.copy("ann", "ann before"), shelf.copy("bob", "bob before")
    merge(ann, bobs)  # each takes what the other had before either merged
    merge(bob, anns)
    assert _uids(ann) == _uids(bob) == _uids(anns, bobs)
    assert [str(one) for one in diff(ann, bob)] == []
    with ann.read() as left, bob.read() as right:
        assert history(left) == history(right)
    before = text_of(ann)
    merge(ann, bob)
    merge(ann, shelf.copy("bob", "bob after"))
    assert text_of(ann) == before
    assert check(ann) == check(bob) == []
