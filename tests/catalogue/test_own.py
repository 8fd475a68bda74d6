"""Results added by a person: identity of a checkpoint, repetition, replacement, scores of files."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from litdb.catalogue.database.schema import (
    CheckpointRow,
    DecisionRow,
    ModelRow,
    ReadingRow,
    ResultRow,
    RunRow,
    ScoreRow,
)
from litdb.catalogue.database.session import Store
from litdb.catalogue.hand import Written
from litdb.catalogue.measured import Measured, Utterance
from litdb.catalogue.naming import Naming, find_model
from litdb.catalogue.own import Added, add_by_hand, add_measured, claim_document
from litdb.catalogue.record import put_document
from litdb.catalogue.values import Where, values
from litdb.catalogue.views.history import history
from litdb.errors import Ambiguous, Conflict, UsageError
from litdb.values.reading import Reading
from litdb.vocabulary.protocol import Protocol
from tests.catalogue.scenes import text_of

SHA = "ab" * 32


def score(
    metric: str, printed: str, model: str = "MyNet", stated: Protocol | None = None, force: str = ""
) -> Reading:
    return Written(
        label=model, metric=metric, printed=printed, origin="measured", by="run", dataset="vbd",
        stated=stated or Protocol(), force=force,
    ).reading()  # fmt: skip


def measured(*readings: Reading, identity: str = "exp1/best", **more: object) -> Measured:
    return Measured("MyNet", identity, "vbd", readings, **more)  # type: ignore[arg-type]


def add(store: Store, what: Measured, *, replace: bool = False) -> Added:
    with store.write() as session:
        return add_measured(session, what, replace=replace, reason="for the test")


def printed(store: Store) -> dict[str, str]:
    with store.read() as session:
        return {v.metric: v.printed for v in values(session, Where())}


def test_a_measurement_makes_the_model_its_run_and_its_checkpoint(store: Store) -> None:
    done = add(
        store,
        measured(
            score("PESQ", "2.9"), score("params", "0.5M"), sha256=SHA, epoch=7, criterion="lowest loss",
            selected_on="validation", date=dt.date(2026, 1, 2), recipe="as usual",
        ),
    )  # fmt: skip
    assert done == Added(new=2, replaced=0, same=0)
    with store.read() as session:
        model = session.scalars(select(ModelRow)).one()
        assert (model.key, model.own) == ("MyNet", True)
        run, checkpoint = session.scalars(select(RunRow)).one(), session.scalars(select(CheckpointRow)).one()
        assert (run.key, run.model_id, run.recipe) == ("exp1", model.id, "as usual")
        assert (checkpoint.key, checkpoint.name, checkpoint.epoch) == ("exp1/best", "best", 7)
        (pesq,) = [v for v in values(session, Where()) if v.metric == "PESQ"]
        assert (pesq.origin, pesq.status, pesq.place) == ("measured", "accepted", "run exp1/best")


def test_the_same_twice_changes_nothing(store: Store) -> None:
    what = measured(score("PESQ", "2.9"), sha256=SHA, utterances=(Utterance("a", "PESQ", 2.9),))
    add(store, what)
    before = text_of(store)
    assert add(store, what) == Added(new=0, replaced=0, same=1)
    assert text_of(store) == before


def test_2_9_and_2_90_are_one_number(store: Store) -> None:
    add(store, measured(score("PESQ", "2.9")))
    assert add(store, measured(score("PESQ", "2.90"))).same == 1


def test_more_metrics_of_a_known_checkpoint_are_added(store: Store) -> None:
    add(store, measured(score("PESQ", "2.9")))
    assert add(store, measured(score("PESQ", "2.9"), score("STOI", "0.94"))) == Added(1, 0, 1)


def test_other_numbers_are_refused_and_nothing_of_them_is_stored(store: Store) -> None:
    add(store, measured(score("PESQ", "2.9")))
    before = text_of(store)
    with pytest.raises(Conflict, match=r"PESQ recorded 2.9, now 3.0"):
        add(store, measured(score("PESQ", "3.0"), score("STOI", "0.94")))
    assert text_of(store) == before


def test_replaced_numbers_stay_in_the_history(store: Store) -> None:
    add(store, measured(score("PESQ", "5.3", force="for the test")))
    assert add(store, measured(score("PESQ", "2.95")), replace=True) == Added(0, 1, 0)
    assert printed(store) == {"PESQ": "2.95"}
    with store.read() as session:
        (entry,) = history(session, "MyNet")
        assert (entry.kind, entry.state) == ("replace", "in force")
        assert "5.3" in entry.detail
        assert "2.95" in entry.detail
        assert session.scalars(select(ReadingRow.flags)).one() == "[]"  # 5.3 was out of range, 2.95 is not
        assert session.scalars(select(ResultRow.value)).one() == 2.95


def test_replacing_by_the_same_changes_nothing(store: Store) -> None:
    add(store, measured(score("PESQ", "2.9")))
    before = text_of(store)
    assert add(store, measured(score("PESQ", "2.9")), replace=True) == Added(0, 0, 1)
    assert text_of(store) == before


def test_a_replacement_may_say_how_many_files_the_same_number_covers(store: Store) -> None:
    add(store, measured(score("PESQ", "2.9")))
    covered = Protocol.stated(files="820", files_expected="824")
    assert add(store, measured(score("PESQ", "2.9", stated=covered)), replace=True) == Added(0, 1, 0)
    with store.read() as session:
        (value,) = values(session, Where())
        assert value.protocol.get("files") == "820"
        (entry,) = history(session)
        assert "files 820" in entry.detail


def test_the_hash_of_a_checkpoint_goes_before_its_name(store: Store) -> None:
    add(store, measured(score("PESQ", "2.9"), identity="exp1/best", sha256=SHA))
    assert add(store, measured(score("PESQ", "2.9"), identity="copy/of-it.pt", sha256=SHA)).same == 1
    with pytest.raises(Conflict):
        add(store, measured(score("PESQ", "3.1"), identity="copy/of-it.pt", sha256=SHA))
    with pytest.raises(Conflict, match="another run"):
        add(store, measured(score("PESQ", "2.9"), identity="exp1/best", sha256="cd" * 32))


def test_a_hash_learned_later_is_kept(store: Store) -> None:
    add(store, measured(score("PESQ", "2.9")))
    add(store, measured(score("PESQ", "2.9"), sha256=SHA))
    with store.read() as session:
        assert session.scalars(select(CheckpointRow.sha256)).one() == SHA


def test_two_checkpoints_of_one_run(store: Store) -> None:
    add(store, measured(score("PESQ", "2.9"), identity="exp1/best"))
    add(store, measured(score("PESQ", "2.7"), identity="exp1/last"))
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(RunRow)) == 1
        assert sorted(session.scalars(select(CheckpointRow.key))) == ["exp1/best", "exp1/last"]


@pytest.mark.parametrize("identity", ["exp1/best", "exp1/other"])
def test_a_run_belongs_to_one_model(store: Store, identity: str) -> None:
    add(store, measured(score("PESQ", "2.9")))
    with pytest.raises(Conflict, match="another --run"), store.write() as session:
        add_measured(session, Measured("OtherNet", identity, "vbd", (score("PESQ", "2.9"),)))


def test_a_published_model_is_nobodys_run(store: Store) -> None:
    with store.write() as session:
        Naming(session).make("IMSE", made_by="seed")
    with pytest.raises(UsageError, match="published model"), store.write() as session:
        add_measured(session, Measured("imse", "exp1", "vbd", (score("PESQ", "2.9"),)))


def test_scores_of_files_are_kept_and_differing_ones_refused(store: Store) -> None:
    scores = (Utterance("a", "PESQ", 2.5), Utterance("b", "PESQ", None, "silent"))
    add(store, measured(score("PESQ", "2.5"), utterances=scores))
    with store.read() as session:
        rows = session.scalars(select(ScoreRow).order_by(ScoreRow.utterance)).all()
        assert [(r.utterance, r.value, r.error) for r in rows] == [("a", 2.5, ""), ("b", None, "silent")]
    other = (Utterance("a", "PESQ", 2.6),)
    with pytest.raises(Conflict, match=r"file a, PESQ: recorded 2.5, now 2.6"):
        add(store, measured(score("PESQ", "2.5"), utterances=other))
    add(store, measured(score("PESQ", "2.6"), utterances=other), replace=True)
    with store.read() as session:
        assert session.scalars(select(ScoreRow.value)).all() == [2.6]


def by_hand(
    store: Store, label: str, metric: str = "PESQ", value: str = "3.0", *, own: bool = False
) -> Added:
    with store.write() as session:
        document = put_document(
            session, "seen:arXiv:2401.00001v1", kind="seen", uri="https://arxiv.org/abs/x"
        )
        reading = Written(
            label=label, metric=metric, printed=value, origin="self" if own else "quoted", by="hand",
            dataset="vbd", table="2", row=5, own=own,
        ).reading()  # fmt: skip
        return add_by_hand(session, document, [reading], reason="for the test")


def models_with_values(store: Store) -> set[str]:
    with store.read() as session:
        return {v.row.named for v in values(session, Where())}


def test_a_key_names_its_model_in_a_reading_by_hand(store: Store) -> None:
    with store.write() as session:
        naming = Naming(session)
        naming.make("Alfa", key="Alfa-2023", made_by="seed")
        naming.make("Alfa (long)", key="Alfa-long", made_by="seed")
    assert by_hand(store, "Alfa-2023").new == 1
    assert models_with_values(store) == {"Alfa"}
    assert by_hand(store, "Alfa-2023").same == 1
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(ModelRow)) == 2


def test_a_name_of_two_models_is_refused_by_hand(store: Store) -> None:
    with store.write() as session:
        naming = Naming(session)
        naming.make("Alfa", key="Alfa-2023", made_by="seed")
        naming.make("Alfa", key="Alfa-long", made_by="seed")
    before = text_of(store)
    with pytest.raises(Ambiguous, match=r"Alfa-2023, Alfa-long"):
        by_hand(store, "Alfa")
    assert text_of(store) == before


def test_a_reading_by_hand_survives_later_decisions_on_names(store: Store) -> None:
    from litdb.catalogue import decisions

    with store.write() as session:
        Naming(session).make("Alfa (short)", key="Alfa-2023", made_by="seed")
    by_hand(store, "Alfa-2023")
    with store.write() as session:
        decisions.alias(session, "Short Alfa", "Alfa-2023", "for the test")
        assert find_model(session, "Short Alfa").key == "Alfa-2023"
    assert models_with_values(store) == {"Alfa (short)"}


def test_other_numbers_at_a_place_read_by_hand_are_refused(store: Store) -> None:
    by_hand(store, "Alfa")
    with pytest.raises(Conflict, match=r"recorded 3.0, now 3.1"):
        by_hand(store, "Alfa", value="3.1")


def test_claims_are_kept_by_who_made_them(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITDB_USER", "ann")
    with store.write() as session:
        reading = Written(
            label="Alfa", metric="PESQ", printed="competitive", origin="claim", by="hand", dataset="vbd"
        ).reading()
        add_by_hand(session, claim_document(session), [reading])
    with store.read() as session:
        (value,) = values(session, Where())
        assert (value.printed, value.value, value.origin) == ("competitive", None, "claim")
        assert value.place == "added by ann without a source"
        assert session.scalar(select(func.count()).select_from(DecisionRow)) == 0
