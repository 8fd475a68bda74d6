"""The checkpoint that stands for a model: the last declaration counts, on every side of a merge."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue import decisions
from litdb.catalogue.database.schema import CheckpointRow, DecisionRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.decisions import declare
from litdb.catalogue.exchange.merge import merge, update
from litdb.catalogue.hand import Written
from litdb.catalogue.measured import Measured
from litdb.catalogue.own import add_measured
from litdb.catalogue.views.history import history
from litdb.errors import NotFound, UsageError
from litdb.questions.table import Question, compare
from litdb.vocabulary import MetricName
from tests.catalogue.scenes import text_of
from tests.support.stores import MakeStore


def measure(session: Session, identity: str, pesq: str, *, model: str = "MyNet", **known: str) -> None:
    reading = Written(
        label=model, metric="PESQ", printed=pesq, origin="measured", by="run", dataset="vbd"
    ).reading()
    add_measured(session, Measured(model, identity, "vbd", (reading,), **known))  # type: ignore[arg-type]


def declared(store: Store) -> dict[str, str]:
    with store.read() as session:
        rows = session.execute(select(CheckpointRow.key, CheckpointRow.declared_on)).all()
    return {key: day.isoformat() for key, day in rows if day is not None}


@pytest.fixture
def own(store: Store) -> Store:
    """Two checkpoints of one run, one of another run, and one of another model."""
    with store.write() as session:
        measure(session, "exp1/best", "2.80", selected_on="validation", sha256="ab" * 32)
        measure(session, "exp1/last", "2.90", selected_on="none")
        measure(session, "exp2/best", "2.85", selected_on="validation")
        measure(session, "other/best", "3.00", model="OtherNet")
    return store


def test_the_last_declaration_counts_whatever_its_date(own: Store) -> None:
    with own.write() as session:
        declare(session, "exp1", "last", "a slip")
        declare(session, "exp2", "best", "the recipe of the paper", date=dt.date(2026, 1, 5))
        declare(session, "other", "best", "the only one", date=dt.date(2026, 1, 6))
    assert declared(own) == {"exp2/best": "2026-01-05", "other/best": "2026-01-06"}
    with own.read() as session:
        told = [(entry.about, entry.kind, entry.reason) for entry in history(session, "MyNet")]
    assert told == [
        ("exp1/last", "declare", "a slip"),
        ("exp2/best", "declare", "the recipe of the paper"),
    ]


def test_a_declaration_can_be_taken_back(own: Store) -> None:
    with own.write() as session:
        declare(session, "exp1", "best", "first", date=dt.date(2026, 1, 1))
        second = declare(session, "exp1", "last", "second", date=dt.date(2026, 1, 2))
        decisions.undo(session, second.uid, "it was chosen on the test set")
    assert declared(own) == {"exp1/best": "2026-01-01"}


def test_a_table_shows_the_declared_one_and_says_so_of_others(own: Store) -> None:
    with own.write() as session:
        declare(session, "exp1", "best", "as planned", date=dt.date(2026, 1, 1))
    pesq = (MetricName("PESQ"),)
    with own.read() as session:
        (row,) = [r for r in compare(session, Question(pesq)).rows if r.name == "MyNet"]
        assert (row.checkpoint, row.cells[0].value) == ("exp1/best", 2.80)
        assert row.notes == (
            "checkpoint exp1/best, declared 2026-01-01, selected on validation data, single seed",
        )
        from litdb.evidence.matching import Rules

        rows = compare(session, Question(pesq, rules=Rules(checkpoints=True))).rows
    notes = {row.checkpoint: row.notes[0] for row in rows if row.name == "MyNet"}
    assert notes["exp1/last"].endswith("not the declared one, which is exp1/best")
    assert "not the declared one" not in notes["exp1/best"]


def test_a_declared_checkpoint_without_the_values_is_missed_aloud(own: Store) -> None:
    with own.write() as session:
        reading = Written(
            label="MyNet", metric="STOI", printed="0.94", origin="measured", by="run", dataset="vbd"
        ).reading()
        add_measured(session, Measured("MyNet", "exp1/best", "vbd", (reading,)))
        declare(session, "exp2", "best", "as planned", date=dt.date(2026, 1, 1))
    with own.read() as session:
        (row,) = compare(session, Question((MetricName("STOI"),))).rows
    assert row.checkpoint == "exp1/best"
    assert row.notes == (
        "checkpoint exp1/best, selected on validation data, single seed; not the declared one, which is exp2/best",
        "the declared exp2/best has none of these values; selected on validation",
    )


def test_a_checkpoint_is_named_by_its_hash_too(own: Store) -> None:
    with own.write() as session:
        assert declare(session, "exp1", "abababab", "by hash").target == "exp1/best"


@pytest.mark.parametrize(
    ("run", "checkpoint", "said"),
    [("exp9", "best", "there are exp1, exp2, other"), ("exp1", "worst", "its checkpoints are best, last")],
)
def test_what_is_not_there_cannot_be_declared(own: Store, run: str, checkpoint: str, said: str) -> None:
    with own.write() as session, pytest.raises(NotFound, match=said):
        declare(session, run, checkpoint, "why not")


def test_no_reason_and_no_future(own: Store) -> None:
    with own.write() as session, pytest.raises(UsageError, match="reason"):
        declare(session, "exp1", "best", " ")
    with own.write() as session, pytest.raises(UsageError, match="still to come"):
        declare(session, "exp1", "best", "x", date=dt.date(2999, 1, 1))


def test_of_two_declarations_made_apart_neither_stands_until_one_is_made_again(
    own: Store, new_store: MakeStore
) -> None:
    other = new_store()
    merge(other, own)
    early, late = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    for store, checkpoint, when in ((own, "best", early), (other, "last", late)):
        with store.write() as session:
            session.get_one(DecisionRow, declare(session, "exp1", checkpoint, "ours").id).made_at = when
    merge(own, other)
    merge(other, own)
    assert declared(own).keys() == declared(other).keys() == set()
    assert text_of(own) == text_of(other)
    assert not merge(own, other).changed
    with own.write() as session:  # in knowledge of both
        declare(session, "exp1", "last", "we agreed")
    merge(other, own)
    assert declared(own).keys() == declared(other).keys() == {"exp1/last"}


def test_an_update_keeps_ones_own_declaration(own: Store, new_store: MakeStore) -> None:
    """The other side still says that its checkpoint is declared: it must not come back."""
    with own.write() as session:
        declare(session, "exp1", "best", "as shipped")
    working = new_store()
    merge(working, own)
    with working.write() as session:
        declare(session, "exp1", "last", "ours")
    for bring in (merge, update):
        assert not bring(working, own).changed
        assert declared(working).keys() == {"exp1/last"}
