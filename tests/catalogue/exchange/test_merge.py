"""Merging two catalogues, and following a newer shipped one."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import (
    AbsenceRow,
    CheckpointRow,
    DecisionRow,
    DocumentRow,
    MetaRow,
    ModelRow,
    NameRow,
    PaperRow,
    ReadingRow,
    ResultRow,
    ScoreRow,
    StoredRow,
)
from litdb.catalogue.database.session import Store
from litdb.catalogue.decision import Accept, Reject
from litdb.catalogue.decisions import alias, decide_on_reading, undo, unify
from litdb.catalogue.derive import derive
from litdb.catalogue.exchange.check import check
from litdb.catalogue.exchange.dump import diff, load
from litdb.catalogue.exchange.merge import merge
from litdb.catalogue.exchange.merge import update as follow
from litdb.catalogue.exchange.merged import MergeReport, Take
from litdb.catalogue.hand import Written
from litdb.catalogue.keys import measured_key
from litdb.catalogue.measured import Measured, Utterance
from litdb.catalogue.naming import Naming
from litdb.catalogue.own import add_by_hand, add_measured
from litdb.catalogue.values import ACCEPTED, Where, values
from litdb.catalogue.views.history import history
from litdb.catalogue.views.in_force import stale_decisions
from litdb.errors import ReadOnlyCatalogue, SchemaMismatch, UsageError
from litdb.vocabulary.protocol import Protocol
from tests.catalogue.scenes import (
    copy_into,
    doubtful,
    extraction,
    put,
    reading_key,
    text_of,
    values_of,
)

NewStore = Callable[[], Store]
IMSE = "latex:arXiv:2511.14515v1"
MUSE = "latex:arXiv:2406.04589v1"
IMSE_TABLE = extraction([("Noisy", "1.97", False), ("TSTNN", "2.96", False), ("IMSE", "3.399", True)])
MUSE_TABLE = extraction([("Noisy", "1.97", False), ("MUSE", "3.37", True)])


def working(new_store: NewStore, shipped: Store) -> Store:
    return copy_into(new_store(), shipped)


def measured(pesq: str, *, sha256: str | None = None, identity: str = "mine/best") -> Measured:
    files = Protocol.stated(files="824", files_expected="824")
    return Measured(
        model="My Net",
        identity=identity,
        dataset="vbd",
        readings=(
            Written(
                label="My Net",
                metric="PESQ",
                printed=pesq,
                origin="measured",
                by="run",
                dataset="vbd",
                stated=files,
            ).reading(),
        ),
        sha256=sha256,
        utterances=(
            Utterance("p232_001.wav", "PESQ", 3.1),
            Utterance("p232_002.wav", "PESQ", None, "silent"),
        ),
    )


def test_merging_into_an_empty_catalogue_gives_the_same_catalogue(
    new_store: NewStore, shipped: Store
) -> None:
    other = working(new_store, shipped)
    with other.write() as session:
        put(session, "2511.14515", IMSE_TABLE)
        add_measured(session, measured("2.90"))
    with other.write() as session:
        decide_on_reading(session, Reject(), reading_key(other, IMSE, "TSTNN"), "not theirs")
        alias(session, "MN", "My Net", "short")
    target = new_store()
    report = merge(target, other)
    assert text_of(target) == text_of(other)
    assert report.added["decision"] == 3
    assert report.added["utterance_score"] == 2
    assert report.kept == ()
    assert check(target) == []


def test_merging_twice_changes_nothing(new_store: NewStore, shipped: Store) -> None:
    target, other = working(new_store, shipped), working(new_store, shipped)
    with target.write() as session:
        put(session, "2406.04589", MUSE_TABLE)
    with other.write() as session:
        put(session, "2511.14515", IMSE_TABLE)
        add_measured(session, measured("2.90"))
    assert merge(target, other).changed
    after = text_of(target)
    report = merge(target, other)
    assert not report.changed
    assert report == MergeReport()
    assert text_of(target) == after
    assert check(target) == []


def test_two_catalogues_merged_both_ways_say_the_same(new_store: NewStore, shipped: Store) -> None:
    one, two = working(new_store, shipped), working(new_store, shipped)
    with one.write() as session:
        put(session, "2406.04589", MUSE_TABLE)
    with two.write() as session:
        put(session, "2511.14515", IMSE_TABLE)
    merge(one, two)
    merge(two, one)
    assert diff(one, two) == []
    assert check(one) == []


def test_a_row_on_both_sides_stays_and_empty_fields_are_filled(new_store: NewStore) -> None:
    target, other = new_store(), new_store()
    with target.write() as session:
        session.add(PaperRow(key="arXiv:1", arxiv_id="1", title="Ours", venue=None))
    with other.write() as session:
        session.add(PaperRow(key="arXiv:1", arxiv_id="1", title="Theirs", venue="Somewhere", authors='["A"]'))
    report = merge(target, other)
    with target.read() as session:
        paper = session.scalars(select(PaperRow)).one()
        assert (paper.title, paper.venue, paper.authors) == ("Ours", "Somewhere", '["A"]')
    assert {d.field for d in report.filled} == {"venue", "authors"}
    assert [(d.table, d.field, d.left, d.right) for d in report.kept] == [
        ("paper", "title", "Ours", "Theirs")
    ]
    assert merge(target, other) == MergeReport(kept=report.kept)


def test_a_paper_is_the_same_under_another_key(new_store: NewStore) -> None:
    """One catalogue calls it IMSE, the other by its arXiv id; everything lands with the paper that is here."""
    target, other = new_store(), new_store()
    with target.write() as session:
        session.add(PaperRow(key="IMSE", arxiv_id="2511.14515", title="IMSE"))
    with other.write() as session:
        put(session, "2511.14515", IMSE_TABLE, title="IMSE")
        session.add(PaperRow(key="by doi", doi="10.1/x", title="X"))
        paper = session.scalars(select(PaperRow).where(PaperRow.arxiv_id == "2511.14515")).one()
        session.add(
            AbsenceRow(paper_id=paper.id, dataset="vbd", quantity="STOI", source="s", statement="none")
        )
    merge(target, other)
    with target.read() as session:
        assert set(session.scalars(select(PaperRow.key))) == {"IMSE", "by doi"}
        document = session.scalars(select(DocumentRow)).one()
        assert document.paper is not None
        assert document.paper.key == "IMSE"
        assert document.version is not None
        assert document.version.paper_id == document.paper_id
        assert session.scalars(select(AbsenceRow.paper_id)).one() == document.paper_id
    assert check(target) == []
    assert not merge(target, other).changed


def test_an_identifier_that_another_paper_holds_is_not_filled_in(new_store: NewStore) -> None:
    target, other = new_store(), new_store()
    with target.write() as session:
        session.add_all([PaperRow(key="a", arxiv_id="1"), PaperRow(key="b", doi="10.1/x")])
    with other.write() as session:
        session.add(PaperRow(key="a", arxiv_id="1", doi="10.1/x"))
    report = merge(target, other)
    assert [(d.field, d.right) for d in report.kept] == [("doi", "10.1/x")]


def test_the_newer_reader_wins_as_a_whole(new_store: NewStore) -> None:
    """The table moved and lost a row: nothing of the older reading is left, and the decision found its cell."""
    target, other = new_store(), new_store()
    with target.write() as session:
        put(session, "2511.14515", IMSE_TABLE, reader=1)
    with target.write() as session:
        decide_on_reading(session, Reject(), reading_key(target, IMSE, "IMSE"), "mistyped")
    newer = extraction([("Noisy", "1.97", False), ("DEMUCS", "3.07", False), ("IMSE", "3.399", True)])
    with other.write() as session:
        put(session, "2511.14515", newer, reader=7)
    report = merge(target, other)
    assert report.reread == (IMSE,)
    assert values_of(target, "TSTNN") == {}
    assert values_of(target, "DEMUCS") == {IMSE: (3.07, "accepted")}
    assert values_of(target, "IMSE") == {IMSE: (3.399, "rejected")}
    with target.read() as session:
        assert session.scalars(select(DocumentRow.reader)).one() == 7
        assert session.scalar(select(ModelRow.id).where(ModelRow.key == "TSTNN")) is None
    assert check(target) == []
    assert not merge(target, other).changed


@pytest.mark.parametrize("reader", [1, 7])
def test_an_older_or_equal_reader_adds_nothing(new_store: NewStore, reader: int) -> None:
    target, other = new_store(), new_store()
    with target.write() as session:
        put(session, "2511.14515", IMSE_TABLE, reader=7)
    with other.write() as session:
        put(session, "2511.14515", extraction([("DEMUCS", "3.07", False)], start=9000), reader=reader)
    merge(target, other)
    assert values_of(target, "DEMUCS") == {}
    assert values_of(target, "IMSE") == {IMSE: (3.399, "accepted")}
    assert check(target) == []


def test_decisions_come_and_take_effect(new_store: NewStore) -> None:
    target, other = new_store(), new_store()
    for store in (target, other):
        with store.write() as session:
            put(session, "2511.14515", doubtful(IMSE_TABLE))
    assert values_of(target, "IMSE") == {IMSE: (3.399, "proposed")}
    key = reading_key(other, IMSE, "IMSE")
    with other.write() as session:
        decision = decide_on_reading(session, Accept(), key, "looked it up")
        uid = decision.uid
    assert merge(target, other).added == {"decision": 1}
    assert values_of(target, "IMSE") == {IMSE: (3.399, "accepted")}
    with other.write() as session:
        undo(session, uid, "wrong paper")
    merge(target, other)
    assert values_of(target, "IMSE") == {IMSE: (3.399, "proposed")}
    assert check(target) == []


def test_aliases_and_unifications_come_and_go_with_their_decisions(new_store: NewStore) -> None:
    target, other = new_store(), new_store()
    for store in (target, other):
        with store.write() as session:
            put(session, "2511.14515", extraction([("IMSE-net", "3.399", True), ("TSTNN", "2.96", False)]))
            put(session, "2406.04589", extraction([("Inception SE", "3.40", False), ("MUSE", "3.37", True)]))
    with other.write() as session:
        named = alias(session, "Inception SE", "IMSE-net", "the same").uid
        joined = unify(session, "MUSE", "TSTNN", "for the test").uid
    merge(target, other)
    assert values_of(target, "IMSE-net") == {IMSE: (3.399, "accepted"), MUSE: (3.40, "accepted")}
    with target.read() as session:
        unified = session.scalars(select(ModelRow.unified_id).where(ModelRow.key == "TSTNN")).one()
        assert unified == session.scalars(select(ModelRow.id).where(ModelRow.key == "MUSE")).one()
    with target.write() as session:
        undo(session, named, "no")
        undo(session, joined, "no")
    report = merge(target, other)  # the undoing here outlives what the other still believes
    assert not report.changed
    assert values_of(target, "IMSE-net") == {IMSE: (3.399, "accepted")}
    with target.read() as session:
        assert session.scalars(select(ModelRow.unified_id).where(ModelRow.key == "TSTNN")).one() is None
    assert check(target) == []


def test_what_a_program_called_a_model_elsewhere_makes_no_name_ambiguous(
    new_store: NewStore, shipped: Store
) -> None:
    """`DEMUCS (large)` is DEMUCS in the seed; a catalogue without the seed made a model of its own for it."""
    target, other = working(new_store, shipped), new_store()
    table = extraction([("DEMUCS (large)", "3.07", False), ("New One", "3.2", True)])
    with other.write() as session:
        put(session, "2999.00001", table)
    report = merge(target, other)
    document = "latex:arXiv:2999.00001v1"
    assert values_of(target, "DEMUCS")[document] == (3.07, "accepted")
    assert values_of(target, "New-One") == {document: (3.2, "accepted")}
    assert (report.added["model"], report.added["model_name"]) == (1, 1)
    assert check(target) == []
    assert not merge(target, other).changed


def test_a_name_typed_by_hand_comes_along(new_store: NewStore) -> None:
    """No decision stands behind it that would make it again, so it is brought itself."""
    target, other = new_store(), new_store()
    document = "latex:arXiv:2999.00001v1"
    with other.write() as session:
        naming = Naming(session)
        naming.name(naming.make("Real One"), "Label 3", scope=document, source="hand")
        put(session, "2999.00001", extraction([("Label 3", "3.0", False)]))
    merge(target, other)
    assert values_of(target, "Real-One") == {document: (3.0, "accepted")}
    assert diff(target, other) == []
    assert not merge(target, other).changed


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


def test_two_readings_of_one_place_are_both_kept(new_store: NewStore) -> None:
    one, other = new_store(), new_store()
    for store, pesq in ((one, "3.10"), (other, "3.01")):
        with store.write() as session:
            put(session, "2511.14515", IMSE_TABLE)
            document = session.scalars(select(DocumentRow)).one()
            reading = Written(
                label="IMSE", metric="COVL", printed=pesq, origin="self", by="hand", dataset="vbd"
            )
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


def test_a_catalogue_is_not_merged_with_itself(store: Store) -> None:
    again = Store(store.place)
    with pytest.raises(UsageError, match="given twice"):
        merge(store, again)
    again.close()


def test_the_shipped_catalogue_is_not_merged_into(store: Store, shipped: Store) -> None:
    with pytest.raises(ReadOnlyCatalogue):
        merge(shipped, store)


def test_a_catalogue_of_another_schema_is_not_merged(new_store: NewStore) -> None:
    from sqlalchemy import text

    target, other = new_store(), new_store()
    with other.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaMismatch, match="9999"):
        merge(target, other)


def test_a_merge_that_fails_leaves_no_trace(
    new_store: NewStore, shipped: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = new_store()
    before = text_of(target)

    def fail(session: Session) -> None:
        raise RuntimeError("the plug was pulled")

    monkeypatch.setattr("litdb.catalogue.exchange.merge.reapply", fail)
    with pytest.raises(RuntimeError, match="plug"):
        merge(target, shipped)
    assert text_of(target) == before


def seed_key(store: Store, document: str, label: str, metric: str) -> str:
    with store.read() as session:
        query = (
            select(ReadingRow.key)
            .join(DocumentRow)
            .where(DocumentRow.key == document, ReadingRow.label == label)
        )
        return session.scalars(query.where(ReadingRow.metric == metric)).one()


def newer_seed(new_store: NewStore, shipped: Store) -> Store:
    """A shipped catalogue of a later day: a value corrected, a paper's facts gone, a model renamed, a name less."""
    store = copy_into(new_store(), shipped)
    with store.write() as session:
        session.execute(update(MetaRow).values(value="shipped"))
        key = seed_key(shipped, "seen:arXiv:2406.04589v2", "MUSE(Ours)", "PESQ")
        corrected = session.scalars(select(ReadingRow).where(ReadingRow.key == key)).one()
        corrected.value, corrected.printed = 3.38, "3.38"
        session.flush()
        gone = session.scalars(select(DocumentRow).where(DocumentRow.key == "seen:arXiv:2103.09963v1")).one()
        rows = select(StoredRow.id).where(StoredRow.document_id == gone.id)
        session.execute(delete(ResultRow).where(ResultRow.source_row_id.in_(rows)))
        session.execute(delete(StoredRow).where(StoredRow.document_id == gone.id))
        session.execute(delete(ReadingRow).where(ReadingRow.document_id == gone.id))
        session.delete(gone)
        session.execute(update(ModelRow).where(ModelRow.key == "CMGAN").values(name="CMGAN (2022)"))
        session.execute(delete(NameRow).where(NameRow.name == "Oracle clean"))
        session.flush()
        derive(session, [corrected.document_id])
    return store


def test_an_untouched_working_copy_becomes_the_newer_shipped_one(new_store: NewStore, shipped: Store) -> None:
    copy, newer = working(new_store, shipped), newer_seed(new_store, shipped)
    report = follow(copy, newer)
    assert [(d.table, d.left, d.right) for d in diff(newer, copy)] == [("meta", "shipped", "working")]
    assert report.removed["document"] == 1
    assert report.removed["model_name"] == 1
    assert {(d.field, d.left, d.right) for d in report.followed} >= {
        ("value", 3.37, 3.38),
        ("name", "CMGAN", "CMGAN (2022)"),
    }
    assert check(copy) == []
    assert not follow(copy, newer).changed


def test_following_keeps_what_people_decided_and_added(new_store: NewStore, shipped: Store) -> None:
    copy, newer = working(new_store, shipped), newer_seed(new_store, shipped)
    muse, tstnn, imse = (
        seed_key(copy, *place)
        for place in (
            ("seen:arXiv:2406.04589v2", "MUSE(Ours)", "PESQ"),
            ("seen:arXiv:2103.09963v1", "TSTNN (ours)", "PESQ"),
            ("seen:arXiv:2511.14515v2", "IMSE (Ours)", "CSIG"),
        )
    )
    with copy.write() as session:
        put(session, "2999.00001", extraction([("MUSE", "3.37", False), ("New One", "3.2", True)]))
        add_measured(session, measured("2.90"))
        for key in (muse, tstnn, imse):
            decide_on_reading(session, Reject(), key, "I do not believe it")
        alias(session, "Muse net", "MUSE", "seen so")
    follow(copy, newer)
    with copy.read() as session:
        stale = {decision.target: reason for decision, reason in stale_decisions(session)}
        assert stale == {
            muse: "its cell now says '3.38', it said '3.37'",
            tstnn: "its cell is no longer read",
        }
        rejected = session.scalars(
            select(ReadingRow.key)
            .join(ResultRow, ResultRow.reading_id == ReadingRow.id)
            .where(ResultRow.status == "rejected")
        ).all()
        assert list(rejected) == [imse]
        assert session.scalar(select(func.count()).select_from(DecisionRow)) == 5
        assert session.scalar(select(MetaRow.value).where(MetaRow.name == "kind")) == "working"
    assert values_of(copy, "New-One") == {"latex:arXiv:2999.00001v1": (3.2, "accepted")}
    assert values_of(copy, "My-Net") == {"evaluation:mine/best:vbd": (2.90, "accepted")}
    assert check(copy) == []


def test_a_seed_value_replaced_by_hand_is_not_taken_back(new_store: NewStore, shipped: Store) -> None:
    copy = working(new_store, shipped)
    key = "new/best-composite"
    own = Measured(
        model="BSRNN-FAC-MRHA3",
        identity=key,
        dataset="vbd",
        readings=(
            Written(
                label="x", metric="PESQ", printed="2.8700", origin="measured", by="run", dataset="vbd"
            ).reading(),
        ),
    )
    with copy.write() as session:
        add_measured(session, own, replace=True, reason="scored again")
    report = follow(copy, shipped)
    assert not report.changed
    assert ("value", 2.87, 2.8635) in {(d.field, d.left, d.right) for d in report.kept}
    assert values_of(copy, "BSRNN-FAC-MRHA3")[f"evaluation:{key}"] == (2.87, "accepted")


def test_a_model_the_seed_drops_stays_while_somebody_uses_it(new_store: NewStore, shipped: Store) -> None:
    """Clean is nobody's result in the seed: without a reading of ours it goes, with one it stays."""
    lines = [
        line
        for line in text_of(shipped).splitlines(keepends=True)
        if not (line.startswith('{"table": "model"') and json.loads(line)["row"]["key"] == "Clean")
        and not (line.startswith('{"table": "model_name"') and json.loads(line)["row"]["model"] == "Clean")
    ]
    header = json.loads(lines[0])
    for table in ("model", "model_name"):
        header["rows"][table] = sum(line.startswith(f'{{"table": "{table}"') for line in lines)
    newer = new_store()
    load(newer, io.StringIO(json.dumps(header) + "\n" + "".join(lines[1:])))
    unused, used = working(new_store, shipped), working(new_store, shipped)
    with used.write() as session:
        put(session, "2999.00001", extraction([("Clean speech", "4.64", False), ("New One", "3.2", True)]))
    assert follow(unused, newer).removed["model"] == 1
    follow(used, newer)
    assert values_of(used, "Clean") == {"latex:arXiv:2999.00001v1": (4.64, "accepted")}
    assert check(used) == []
    assert check(unused) == []
