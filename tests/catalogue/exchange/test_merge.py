"""Merging two catalogues: what is missing is added, nothing is overwritten."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import (
    AbsenceRow,
    DocumentRow,
    ModelRow,
    PaperRow,
)
from litdb.catalogue.database.session import Store
from litdb.catalogue.decision import Accept, Reject
from litdb.catalogue.decisions import alias, decide_on_reading, undo, unify
from litdb.catalogue.exchange.check import check
from litdb.catalogue.exchange.dump import diff
from litdb.catalogue.exchange.merge import merge
from litdb.catalogue.exchange.merged import MergeReport
from litdb.catalogue.naming import Naming
from litdb.catalogue.own import add_measured
from litdb.errors import ReadOnlyCatalogue, SchemaMismatch, UsageError
from tests.catalogue.exchange.people import IMSE, IMSE_TABLE, MUSE, MUSE_TABLE, NewStore, measured, working
from tests.catalogue.scenes import (
    doubtful,
    extraction,
    put,
    reading_key,
    text_of,
    values_of,
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
