"""What papers say of their models in words: one on each topic, the last one made, contested where two did not know each other."""

from __future__ import annotations

import io

import pytest
from sqlalchemy.orm import Session

from litdb.catalogue import decisions
from litdb.catalogue.database.schema import FactRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.exchange.check import check
from litdb.catalogue.exchange.dump import load
from litdb.catalogue.exchange.merge import merge
from litdb.catalogue.facts.components import model_facts
from litdb.catalogue.facts.descriptions import descriptions
from litdb.catalogue.facts.stating import describe, withdraw_description
from litdb.catalogue.naming import Naming
from litdb.errors import NotFound, UsageError
from tests.catalogue.scenes import copy_into, text_of
from tests.support.stores import MakeStore

LONG = (
    "two stages: 400 epochs on clean speech, then 100 epochs with noise, of which the last ten decide; " * 2
)


def said(store: Store, model: str | None = None) -> set[tuple[str, str, str, str]]:
    with store.read() as session:
        return {(one.model, one.topic, one.text, one.by) for one in descriptions(session, model)}


def seed(session: Session, model: str, **texts: str) -> None:
    made = Naming(session).make(model, made_by="seed")
    for topic, text in texts.items():
        session.add(FactRow(model_id=made.id, item=topic, value=text, source="section 3", made_by="seed"))


@pytest.fixture
def some(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("LITDB_USER", "tester")
    with store.write() as session:
        seed(session, "SomeNet", causal="both", recipe=LONG)
        seed(session, "OtherNet", causal="no")
    return store


def test_one_on_each_topic_and_each_change_is_taken_back(some: Store) -> None:
    before = said(some)
    assert before == {
        ("SomeNet", "causal", "both", "seed"),
        ("SomeNet", "recipe", LONG, "seed"),
        ("OtherNet", "causal", "no", "seed"),
    }
    with some.write() as session:
        describe(session, "SomeNet", "causal", "yes", "table 4")
        describe(session, "SomeNet", "causal", "yes, 16 ms", "table 5")
    assert ("SomeNet", "causal", "yes, 16 ms", "tester") in said(some)
    assert len(said(some)) == 3
    with some.write() as session:
        last = withdraw_description(session, "SomeNet", "causal", "misread").uid
    assert {topic for model, topic, _, _ in said(some) if model == "SomeNet"} == {"recipe"}
    with some.write() as session:
        decisions.undo(session, last, "it was right")
    assert ("SomeNet", "causal", "yes, 16 ms", "tester") in said(some)
    with some.read() as session:
        assert model_facts(session) == []  # no components
    assert check(some) == []


def test_what_cannot_be_said(some: Store) -> None:
    with some.write() as session:
        with pytest.raises(UsageError, match="needs its source"):
            describe(session, "SomeNet", "causal", "no", " ")
        with pytest.raises(UsageError, match="causal=TEXT"):
            describe(session, "SomeNet", "causal", " ", "section 1")
        with pytest.raises(UsageError, match="recorded so already"):
            describe(session, "SomeNet", "causal", "both", "section 3")
        with pytest.raises(UsageError, match="no topic"):
            describe(session, "SomeNet", "mood", "good", "section 3")
        with pytest.raises(NotFound, match="nothing is recorded on seeds"):
            withdraw_description(session, "SomeNet", "seeds", "no")


def test_unified_models_keep_what_is_said_of_each(some: Store) -> None:
    with some.write() as session:
        decisions.unify(session, "OtherNet", "SomeNet", "one network")
    assert {(topic, text) for _, topic, text, _ in said(some, "OtherNet")} == {
        ("causal", "both"),
        ("causal", "no"),
        ("recipe", LONG),
    }


def test_two_who_did_not_know_each_other_are_rivals(some: Store, new_store: MakeStore) -> None:
    theirs = copy_into(new_store(), some)
    with some.write() as session:
        describe(session, "SomeNet", "causal", "yes", "mail of Ada")
    with theirs.write() as session:
        describe(session, "SomeNet", "causal", "no", "mail of Bob")
        describe(session, "SomeNet", "hardware", "one V100", "mail of Bob")
    merge(some, theirs)
    # Neither stands in silence: what the seed says is shown until somebody decides.
    assert {text for _, topic, text, _ in said(some, "SomeNet") if topic == "causal"} == {"both"}
    assert ("SomeNet", "hardware", "one V100", "tester") in said(some)
    assert check(some) == []


def test_words_longer_than_an_id_go_through_a_dump(some: Store, new_store: MakeStore) -> None:
    again = new_store()
    load(again, io.StringIO(text_of(some)))
    assert said(again) == said(some)
