"""Merging where both sides have a number for one place: both are kept, or one side is taken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from litdb.catalogue.database.schema import (
    CheckpointRow,
    DocumentRow,
    ReadingRow,
    ScoreRow,
)
from litdb.catalogue.database.session import Store
from litdb.catalogue.exchange.check import check
from litdb.catalogue.exchange.dump import diff
from litdb.catalogue.exchange.merge import merge
from litdb.catalogue.exchange.merged import MergeReport, Take
from litdb.catalogue.hand import Written
from litdb.catalogue.keys import measured_key
from litdb.catalogue.measured import Measured, Utterance
from litdb.catalogue.own import add_by_hand, add_measured
from litdb.catalogue.values import ACCEPTED, Where, values
from litdb.catalogue.views.history import history
from tests.catalogue.exchange.people import IMSE_TABLE, NewStore, measured
from tests.catalogue.scenes import (
    put,
)


def own_numbers(store: Store) -> set[tuple[str, str]]:
    """Checkpoint and PESQ of every own result that is accepted."""
    with store.read() as session:
        found = values(session, Where(quantities=["PESQ"], statuses=ACCEPTED, measured=True))
        return {(value.checkpoint, value.printed) for value in found}


@pytest.fixture
def differing(new_store: NewStore) -> tuple[Store, Store]:
    """One run of two people, with other numbers."""
    made = new_store(), new_store()
    for store, pesq in zip(made, ("2.90", "2.91"), strict=True):
        with store.write() as session:
            add_measured(session, measured(pesq, sha256="ab" * 32))
    return made


def test_one_run_with_other_numbers_is_a_conflict_and_both_are_kept(differing: tuple[Store, Store]) -> None:
    one, other = differing
    report = merge(one, other)
    assert not report.settled
    assert [(c.mine, c.theirs, c.taken) for c in report.conflicts] == [("2.90", "2.91", None)]
    merge(other, one)
    assert diff(one, other) == []
    names = {key for key, _ in own_numbers(one)}
    assert len(names) == 2
    assert "mine/best" in names
    assert {printed for _, printed in own_numbers(one)} == {"2.90", "2.91"}
    with one.read() as session:
        marks = {mark for value in values(session, Where(measured=True)) for mark in value.marks}
        assert all("recorded with other numbers" in mark for mark in marks)
        assert len(marks) == 2
        assert session.scalar(select(func.count()).select_from(ScoreRow)) == 4
    assert merge(one, other) == MergeReport()
    assert check(one) == check(other) == []


def _with_scores(*scores: float) -> Measured:
    utterances = tuple(Utterance(f"f{place}", "PESQ", score) for place, score in enumerate(scores))
    return replace(measured("2.90", sha256="ab" * 32), utterances=utterances)


def test_scores_of_files_that_differ_under_equal_means_are_a_conflict(new_store: NewStore) -> None:
    one, other = new_store(), new_store()
    for store, scores in ((one, (2.8, 3.0)), (other, (2.9, 2.9))):
        with store.write() as session:
            add_measured(session, _with_scores(*scores))
    report = merge(one, other)
    assert not report.settled
    assert ["2 of its files differ, such as f0: 2.8 | 2.9" in c.about for c in report.conflicts] == [True]
    merge(other, one)
    assert diff(one, other) == []
    assert len({key for key, _ in own_numbers(one)}) == 2
    assert merge(one, other) == MergeReport()
    assert check(one) == check(other) == []


@pytest.mark.parametrize("take", Take)
def test_a_side_is_taken_where_scores_of_files_differ(new_store: NewStore, take: Take) -> None:
    one, other = new_store(), new_store()
    for store, scores in ((one, (2.8, 3.0)), (other, (2.9, 2.9))):
        with store.write() as session:
            add_measured(session, _with_scores(*scores))
    assert merge(one, other, take).settled
    merge(other, one)
    wanted = {2.8, 3.0} if take is Take.MINE else {2.9}
    for store in (one, other):
        with store.read() as session:
            assert set(session.scalars(select(ScoreRow.value))) == wanted
    assert diff(one, other) == []


@pytest.mark.parametrize("take", Take)
def test_a_side_that_is_taken_is_recorded_and_the_other_follows(
    differing: tuple[Store, Store], take: Take
) -> None:
    one, other = differing
    report = merge(one, other, take)
    assert report.settled
    assert [c.taken for c in report.conflicts] == [take]
    taken = "2.90" if take is Take.MINE else "2.91"
    assert own_numbers(one) == {("mine/best", taken)}
    merge(other, one)
    assert own_numbers(other) == {("mine/best", taken)}
    assert diff(one, other) == []
    with other.read() as session:
        told = history(session)
    assert [entry.kind for entry in told] == ["replace"]
    assert merge(one, other) == MergeReport()
    assert check(one) == check(other) == []


def test_a_side_is_taken_after_both_were_kept(differing: tuple[Store, Store]) -> None:
    one, other = differing
    merge(one, other)
    report = merge(one, other, Take.THEIRS)
    assert [(c.mine, c.theirs, c.taken) for c in report.conflicts] == [("2.90", "2.91", Take.THEIRS)]
    merge(other, one)
    assert own_numbers(one) == own_numbers(other) == {("mine/best", "2.91")}
    assert diff(one, other) == []
    assert check(one) == []


@pytest.mark.parametrize("take", Take)
def test_two_who_replaced_one_number_differ_until_a_side_is_taken(new_store: NewStore, take: Take) -> None:
    """Neither replacement knew the other, so that each stands in its catalogue and none goes before the other."""
    one, other = new_store(), new_store()
    with one.write() as session:
        add_measured(session, measured("2.90"))
    merge(other, one)
    for store, printed in ((one, "2.91"), (other, "2.95")):
        with store.write() as session:
            add_measured(session, measured(printed), replace=True, reason="a bug in the script")
    for _ in range(2):  # a conflict stays one, whether its numbers are new or not
        report = merge(one, other)
        assert not report.settled
        assert [(c.mine, c.theirs) for c in report.conflicts] == [("2.91", "2.95")]
    assert {printed for _, printed in own_numbers(one)} == {"2.91", "2.95"}
    assert merge(one, other, take).settled
    taken = "2.91" if take is Take.MINE else "2.95"
    assert own_numbers(one) == {("mine/best", taken)}
    with one.read() as session:
        assert not any(value.marks for value in values(session, Where(measured=True, statuses=ACCEPTED)))
    merge(other, one)
    assert own_numbers(other) == {("mine/best", taken)}
    assert diff(one, other) == []
    assert merge(one, other) == MergeReport()
    assert check(one) == check(other) == []


def test_a_number_that_was_replaced_there_is_followed(new_store: NewStore) -> None:
    """The other person knew the number and replaced it: that is no conflict."""
    one, other = new_store(), new_store()
    with one.write() as session:
        add_measured(session, measured("2.90"))
    merge(other, one)
    with other.write() as session:
        add_measured(session, measured("2.95"), replace=True, reason="a bug in the script")
    report = merge(one, other)
    assert report.conflicts == ()
    assert own_numbers(one) == {("mine/best", "2.95")}
    assert diff(one, other) == []
    assert merge(other, one) == MergeReport()


@pytest.mark.parametrize("by", ["hand", "helper"])
def test_two_readings_of_one_place_are_both_kept(by: str, new_store: NewStore) -> None:
    one, other = new_store(), new_store()
    for store, pesq in ((one, "3.10"), (other, "3.01")):
        with store.write() as session:
            put(session, "2511.14515", IMSE_TABLE)
            document = session.scalars(select(DocumentRow)).one()
            reading = Written(label="IMSE", metric="COVL", printed=pesq, origin="self", by=by, dataset="vbd")
            add_by_hand(session, document, [reading.reading()])
    assert not merge(one, other).settled
    merge(other, one)
    assert diff(one, other) == []
    with one.read() as session:
        found = values(session, Where(models=["IMSE"], quantities=["COVL"]))
    assert {value.printed for value in found} == {"3.10", "3.01"}
    assert check(one) == []


def test_a_checkpoint_is_the_same_by_its_bytes(new_store: NewStore) -> None:
    target, other = new_store(), new_store()
    for store, identity in ((target, "mine/best"), (other, "copied/best.pt")):
        with store.write() as session:
            add_measured(session, measured("2.90", sha256="ab" * 32, identity=identity))
    merge(target, other)
    with target.read() as session:
        assert session.scalars(select(CheckpointRow.key)).all() == ["mine/best"]
        assert session.scalars(select(ReadingRow.key)).all() == [measured_key("mine/best", "PESQ", "vbd")]
        assert session.scalar(select(func.count()).select_from(ScoreRow)) == 2
    assert check(target) == []
