"""Decisions: what they do, how they are undone, and that a new reading keeps them."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import event, func, select

from litdb.catalogue import decisions
from litdb.catalogue.database.schema import (
    DecisionRow,
    DocumentRow,
    ModelRow,
    NameRow,
    ReadingRow,
    ResultRow,
    StoredRow,
)
from litdb.catalogue.database.session import Store
from litdb.catalogue.decision import Accept, Correct, Reject
from litdb.catalogue.derive import derive
from litdb.catalogue.exchange.check import check
from litdb.catalogue.views import in_force as in_force_module
from litdb.catalogue.views.history import history
from litdb.errors import Ambiguous, InputError, NotFound, UsageError
from tests.catalogue.scenes import doubtful, extraction, put, reading_key, text_of, values_of

PAPER = "2401.00011"
DOCUMENT = f"latex:arXiv:{PAPER}v1"
LINES = [("Netta", "3.10", True), ("Alfa", "2.50", False), ("Beta", "2.60", False)]


@pytest.fixture
def one(store: Store) -> Store:
    """A catalogue with one paper in it."""
    with store.write() as session:
        put(session, PAPER, extraction(LINES), title="Netta")
    return store


def key_of(store: Store, label: str) -> str:
    return reading_key(store, DOCUMENT, label)


def decide(store: Store, kind: type[Accept | Reject | Correct], label: str, **changes: str) -> str:
    with store.write() as session:
        key = session.scalars(select(ReadingRow.key).where(ReadingRow.label == label)).one()
        what = decisions.correction(session, key, **changes) if changes else kind()
        return decisions.decide_on_reading(session, what, key, "for the test").uid


def take_back(store: Store, uid: str) -> None:
    with store.write() as session:
        decisions.undo(session, uid, "for the test")


def states(store: Store) -> list[str]:
    with store.read() as session:
        return [entry.state for entry in history(session)]


def status(store: Store, model: str) -> str:
    return values_of(store, model)[DOCUMENT][1]


def test_accept_and_reject_change_the_status_and_undo_gives_it_back(store: Store) -> None:
    with store.write() as session:
        put(session, PAPER, doubtful(extraction(LINES)))
    assert status(store, "Alfa") == "proposed"
    accepted = decide(store, Accept, "Alfa")
    assert status(store, "Alfa") == "accepted"
    assert status(store, "Beta") == "proposed"
    rejected = decide(store, Reject, "Alfa")
    assert status(store, "Alfa") == "rejected"
    take_back(store, rejected)
    assert status(store, "Alfa") == "accepted"
    take_back(store, accepted)
    assert status(store, "Alfa") == "proposed"
    assert states(store) == ["undone", "undone", "in force", "in force"]
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(DecisionRow)) == 4  # appended, never changed


def test_a_correction_of_the_value_keeps_the_reading(one: Store) -> None:
    decide(one, Correct, "Alfa", value="2.58")
    assert values_of(one, "Alfa")[DOCUMENT] == (2.58, "accepted")
    with one.read() as session:
        reading = session.scalars(select(ReadingRow).where(ReadingRow.label == "Alfa")).one()
        assert (reading.value, reading.printed) == (2.5, "2.50")


def test_a_correction_of_the_model_moves_the_row(one: Store) -> None:
    uid = decide(one, Correct, "Alfa", model="Beta")
    assert values_of(one, "Alfa") == {}
    with one.read() as session:
        labels = session.scalars(
            select(StoredRow.label)
            .join(ModelRow, ModelRow.id == StoredRow.model_id)
            .where(ModelRow.key == "Beta")
        )
        assert sorted(labels) == ["Alfa", "Beta"]
    take_back(one, uid)
    assert values_of(one, "Alfa")[DOCUMENT] == (2.5, "accepted")


@pytest.mark.parametrize(
    ("metric", "becomes"), [("PESQ-NB", "PESQ-NB"), ("STOI", "STOI"), ("PESQ (median)", "PESQ (median)")]
)
def test_a_correction_of_the_metric_changes_its_name(one: Store, metric: str, becomes: str) -> None:
    decide(one, Correct, "Alfa", metric=metric)
    assert result(one, "Alfa") == (becomes, "vbd")


def correct_nothing(store: Store, key: str) -> None:
    with store.write() as session:
        decisions.correction(session, key)


def result(store: Store, label: str) -> tuple[str, str]:
    with store.read() as session:
        found = session.execute(
            select(ResultRow.metric, ResultRow.dataset)
            .join(ReadingRow, ReadingRow.id == ResultRow.reading_id)
            .where(ReadingRow.label == label)
        ).one()
        return found.metric, found.dataset


def test_a_correction_takes_back_what_a_misread_name_said(store: Store) -> None:
    seen = extraction(LINES)
    table = seen.tables[0]
    narrow = tuple(replace(r, metric="PESQ-NB") if r.model == "Alfa" else r for r in table.readings)
    with store.write() as session:
        put(session, PAPER, replace(seen, tables=(replace(table, readings=narrow),)))
    assert result(store, "Alfa") == ("PESQ-NB", "vbd")
    decide(store, Correct, "Alfa", metric="PESQ")
    assert result(store, "Alfa") == ("PESQ", "vbd")


def test_a_metric_that_needs_no_test_set_loses_it_and_the_other_way_needs_one(one: Store) -> None:
    decide(one, Correct, "Alfa", metric="params")
    assert result(one, "Alfa") == ("params", "")
    with pytest.raises(UsageError, match="--dataset"):
        decide(one, Correct, "Alfa", metric="STOI")
    with pytest.raises(UsageError, match="not to a test set"):
        decide(one, Correct, "Alfa", metric="params", dataset="vbd")
    decide(one, Correct, "Alfa", metric="STOI", dataset="dns2020-noreverb")
    assert result(one, "Alfa") == ("STOI", "dns2020-noreverb")


def test_a_value_is_read_by_the_metric_it_stands_under_now(one: Store) -> None:
    decide(one, Correct, "Alfa", metric="STOI")
    decide(one, Correct, "Alfa", value="94%")
    with one.read() as session:
        values = select(ResultRow.value).join(ReadingRow, ReadingRow.id == ResultRow.reading_id)
        assert session.scalars(values.where(ReadingRow.label == "Alfa")).one() == pytest.approx(0.94)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({}, UsageError),
        ({"metric": "QESP"}, UsageError),
        ({"dataset": "nowhere"}, UsageError),
        ({"model": "NoSuchNet"}, NotFound),
        ({"value": "good"}, InputError),
    ],
)
def test_a_senseless_correction_is_refused_and_nothing_is_recorded(
    one: Store, changes: dict[str, str], error: type[Exception]
) -> None:
    key = key_of(one, "Alfa")
    before = text_of(one)
    with pytest.raises(error):
        decide(one, Correct, "Alfa", **changes) if changes else correct_nothing(one, key)
    assert text_of(one) == before


def test_a_decision_needs_its_reason(one: Store) -> None:
    key = key_of(one, "Alfa")
    with pytest.raises(UsageError, match="reason"), one.write() as session:
        decisions.decide_on_reading(session, Accept(), key, "  ")


@pytest.mark.parametrize("text", ["", "abc", "____", "%%%%", "zzzz", "Alfa"])
def test_what_is_no_key_names_no_result_and_no_decision(one: Store, text: str) -> None:
    decide(one, Reject, "Alfa")
    with one.write() as session:
        with pytest.raises(UsageError):
            decisions.find_reading(session, text)
        with pytest.raises(NotFound):
            decisions.undo(session, text, "r")


def test_a_key_may_be_shortened_until_it_is_ambiguous(one: Store) -> None:
    with one.write() as session:
        for place, reading in enumerate(session.scalars(select(ReadingRow).order_by(ReadingRow.id))):
            reading.key = f"abcd{place}" + reading.key[5:]
    with one.read() as session:
        assert decisions.find_reading(session, "ABCD1").label == "Alfa"
        with pytest.raises(Ambiguous, match="more digits"):
            decisions.find_reading(session, "abcd")


def test_decisions_survive_another_reading_and_wait_when_their_cell_changed(one: Store) -> None:
    rejected, corrected = decide(one, Reject, "Alfa"), decide(one, Correct, "Beta", value="2.66")
    assert rejected != corrected
    with one.write() as session:
        put(session, PAPER, extraction([*LINES, ("Gamma", "2.70", False)]))
    assert values_of(one, "Alfa")[DOCUMENT] == (2.5, "rejected")
    assert values_of(one, "Beta")[DOCUMENT] == (2.66, "accepted")
    assert states(one) == ["in force", "in force"]
    with one.write() as session:
        put(session, PAPER, extraction([LINES[0], ("Alfa", "2.55", False)]))
    assert values_of(one, "Alfa")[DOCUMENT] == (2.55, "accepted")  # not what was rejected
    first, second = states(one)
    assert first == "needs review: its cell now says '2.55', it said '2.50'"
    assert second == "needs review: its cell is no longer read"
    with one.write() as session:  # and are in force again when it is read as before
        put(session, PAPER, extraction(LINES))
    assert states(one) == ["in force", "in force"]
    assert values_of(one, "Alfa")[DOCUMENT] == (2.5, "rejected")


def name_it(store: Store, name: str, model: str, scope: str = "") -> str:
    with store.write() as session:
        return decisions.alias(session, name, model, "for the test", scope=scope).uid


def test_an_alias_holds_everywhere_and_for_papers_to_come(one: Store) -> None:
    uid = name_it(one, "Alpha-Net", "Alfa")
    with one.write() as session:
        put(session, "2402.00022", extraction([("alpha net", "2.51", False)]))
    assert set(values_of(one, "Alfa")) == {DOCUMENT, "latex:arXiv:2402.00022v1"}
    take_back(one, uid)
    assert set(values_of(one, "Alfa")) == {DOCUMENT}
    assert set(values_of(one, "alpha-net")) == {"latex:arXiv:2402.00022v1"}


def test_an_alias_within_a_paper_leaves_the_others_alone(one: Store) -> None:
    with one.write() as session:
        put(session, "2402.00022", extraction([("Beta", "2.61", False)]))
    name_it(one, "Beta", "Alfa", scope="arXiv:2402.00022")
    assert set(values_of(one, "Alfa")) == {DOCUMENT, "latex:arXiv:2402.00022v1"}
    assert set(values_of(one, "Beta")) == {DOCUMENT}


def test_the_later_alias_of_a_name_counts_and_undoing_it_gives_the_earlier_back(one: Store) -> None:
    with one.write() as session:
        put(session, "2402.00022", extraction([("Mystery", "2.61", False)]))
    name_it(one, "Mystery", "Alfa")
    later = name_it(one, "Mystery", "Beta")
    assert "latex:arXiv:2402.00022v1" in values_of(one, "Beta")
    take_back(one, later)
    assert "latex:arXiv:2402.00022v1" in values_of(one, "Alfa")
    assert "latex:arXiv:2402.00022v1" not in values_of(one, "Beta")


def test_an_alias_that_says_nothing_new_is_refused(one: Store) -> None:
    with pytest.raises(UsageError, match="already"):
        name_it(one, "alfa", "Alfa")
    with pytest.raises(UsageError, match="empty"):
        name_it(one, "  ", "Alfa")


def test_an_alias_settles_an_ambiguous_name_and_its_undoing_unsettles_it(one: Store) -> None:
    with one.write() as session:
        two = ModelRow(key="Alfa-2", name="Alfa", kind="system", made_by="seed")
        session.add(two)
        session.flush()
        session.add(NameRow(model_id=two.id, name="Alfa", folded="alfa", scope="", source="seed"))
        alfa = session.scalars(select(NameRow).join(ModelRow).where(ModelRow.key == "Alfa")).one()
        alfa.source = "seed"
        session.scalars(select(ModelRow).where(ModelRow.key == "Alfa")).one().made_by = "seed"
    with one.write() as session:
        put(session, "2402.00022", extraction([("Alfa", "2.51", False)]))
    document = "latex:arXiv:2402.00022v1"
    assert document not in values_of(one, "Alfa")  # not guessed at
    uid = name_it(one, "Alfa", "Alfa")
    assert values_of(one, "Alfa")[document] == (2.51, "accepted")
    take_back(one, uid)
    assert document not in values_of(one, "Alfa")
    with one.read() as session:
        sources = session.scalars(select(NameRow.source).where(NameRow.folded == "alfa", NameRow.scope == ""))
        assert sorted(sources) == ["seed", "seed"]


def unify(store: Store, kept: str, merged: str) -> str:
    with store.write() as session:
        return decisions.unify(session, kept, merged, "for the test").uid


def final(store: Store, model: str) -> str:
    with store.read() as session:
        from litdb.catalogue.naming import find_model

        return find_model(session, model).key


def test_chains_of_unifications_end_at_the_model_that_stays_and_come_apart_again(one: Store) -> None:
    first = unify(one, "Beta", "Alfa")
    unify(one, "Netta", "Beta")
    assert {final(one, name) for name in ("Alfa", "Beta", "Netta")} == {"Netta"}
    with pytest.raises(UsageError, match="one model already"):
        unify(one, "Alfa", "Netta")
    take_back(one, first)
    assert (final(one, "Alfa"), final(one, "Beta")) == ("Alfa", "Netta")


def test_a_name_of_two_models_is_sure_once_they_are_one(one: Store) -> None:
    with one.write() as session:
        alfa = session.scalars(select(ModelRow).where(ModelRow.key == "Alfa")).one()
        beta = session.scalars(select(ModelRow).where(ModelRow.key == "Beta")).one()
        for model in (alfa, beta):
            session.add(NameRow(model_id=model.id, name="AB", folded="ab", scope="", source="seed"))
    with one.write() as session:
        put(session, "2402.00022", extraction([("AB", "2.51", False)]))
    document = "latex:arXiv:2402.00022v1"
    assert document not in values_of(one, "Alfa")
    uid = unify(one, "Alfa", "Beta")
    assert values_of(one, "Alfa")[document] == (2.51, "accepted")
    take_back(one, uid)
    assert document not in values_of(one, "Alfa")
    assert check(one) == []


def test_an_undoing_of_the_wrong_thing_is_undone(one: Store) -> None:
    uid = decide(one, Reject, "Alfa")
    take_back(one, uid)
    with pytest.raises(UsageError, match="undone already"):
        take_back(one, uid)
    with one.read() as session:
        undoing = session.scalars(select(DecisionRow.uid).where(DecisionRow.kind == "undo")).one()
    take_back(one, undoing)
    assert values_of(one, "Alfa") == {DOCUMENT: (2.50, "rejected")}
    assert states(one) == ["in force", "undone", "in force"]
    with pytest.raises(UsageError, match="taken back already"):
        take_back(one, undoing)
    with one.read() as session:
        again = session.scalars(select(DecisionRow.uid).where(DecisionRow.target == undoing)).one()
    take_back(one, again)  # which takes back the decision itself
    assert values_of(one, "Alfa") == {DOCUMENT: (2.50, "accepted")}
    assert states(one)[0] == "undone"
    assert check(one) == []


def test_a_clock_set_back_changes_nothing(one: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order of decisions is that in which they were made, in force and in the history."""
    now = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
    for number, value in enumerate(("3.20", "3.30", "3.40")):
        monkeypatch.setattr(decisions, "utc_now", lambda number=number: now - dt.timedelta(days=number))
        decide(one, Correct, "Netta", value=value)
    assert values_of(one, "Netta") == {DOCUMENT: (3.40, "accepted")}
    with one.read() as session:
        told = [entry.detail for entry in history(session)]
        rows = session.execute(
            select(DecisionRow.sequence, DecisionRow.after).order_by(DecisionRow.sequence)
        ).all()
    assert [text.rpartition(" ")[2] for text in told] == ["3.2", "3.3", "3.4"]
    assert [sequence for sequence, _ in rows] == [1, 2, 3]
    assert [len(json.loads(after)) for _, after in rows] == [0, 1, 2]


def test_a_decision_about_a_model_that_is_not_here_yet_waits(one: Store) -> None:
    uid = name_it(one, "Latecomer", "Netta")
    with one.write() as session:
        session.execute(NameRow.__table__.delete().where(NameRow.source == uid))
        session.scalars(
            select(DecisionRow).where(DecisionRow.uid == uid)
        ).one().detail = '{"model": "Elsewhere", "name": "Latecomer", "scope": ""}'
        decisions.reapply(session)
    with one.write() as session:
        session.add(ModelRow(key="Elsewhere", name="Elsewhere", kind="system", made_by="seed"))
        session.flush()
        decisions.reapply(session)
    assert final(one, "Latecomer") == "Elsewhere"


def test_the_document_of_a_decision_is_the_only_one_derived_again(one: Store) -> None:
    with one.write() as session:
        put(session, "2402.00022", extraction([("Alfa", "2.51", False)]))
        other = select(StoredRow.id).join(DocumentRow).where(DocumentRow.key == "latex:arXiv:2402.00022v1")
        before = set(session.scalars(other))
    with one.write() as session:
        key = session.scalars(
            select(ReadingRow.key)
            .join(DocumentRow)
            .where(DocumentRow.key == DOCUMENT, ReadingRow.label == "Alfa")
        ).one()
        decisions.decide_on_reading(session, Reject(), key, "r")
        assert set(session.scalars(other)) == before


def test_the_work_of_deriving_one_document_does_not_grow_with_decisions_on_others(one: Store) -> None:
    """Counted in statements and in rows of decisions that come back from the database."""

    def work() -> tuple[int, int]:
        statements, decisions_read = 0, 0

        def count(*_: object) -> None:
            nonlocal statements
            statements += 1

        def loaded(*_: object) -> None:
            nonlocal decisions_read
            decisions_read += 1

        with one.write() as session:
            document = session.scalars(select(DocumentRow.id).where(DocumentRow.key == DOCUMENT)).one()
            engine = session.get_bind()
            event.listen(engine, "before_cursor_execute", count)
            made, before = in_force_module.made, in_force_module.made
            try:
                in_force_module.made = lambda row: (loaded(), made(row))[1]  # type: ignore[assignment]
                derive(session, [document])
            finally:
                in_force_module.made = before
                event.remove(engine, "before_cursor_execute", count)
        return statements, decisions_read

    decide(one, Reject, "Alfa")
    alone = work()
    assert alone[1] == 1
    with one.write() as session:
        put(session, "2402.00022", extraction([("Alfa", "2.51", False), ("Gamma", "2.61", False)]))
        other = select(ReadingRow).join(DocumentRow).where(DocumentRow.key == "latex:arXiv:2402.00022v1")
        for reading in session.scalars(other).all():
            for _ in range(50):
                session.add(
                    DecisionRow(
                        uid=uuid.uuid4().hex,
                        kind="accept",
                        target=reading.key,
                        detail="{}",
                        printed=reading.printed,
                        reason="r",
                        who="somebody",
                        made_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
                    )
                )
    assert work() == alone
