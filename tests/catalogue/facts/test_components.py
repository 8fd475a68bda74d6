"""What models are made of: shipped facts, and what people state or withdraw on top of them."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from litdb.catalogue import decisions
from litdb.catalogue.database.schema import FactRow, MetaRow, ModelRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.exchange.check import check
from litdb.catalogue.exchange.dump import load
from litdb.catalogue.exchange.merge import merge, update
from litdb.catalogue.facts.components import model_facts
from litdb.catalogue.facts.stating import state_fact, withdraw_fact
from litdb.catalogue.naming import Naming
from litdb.catalogue.views.history import history
from litdb.errors import NotFound, UsageError
from litdb.vocabulary.components import components
from tests.catalogue.scenes import copy_into, text_of
from tests.support.stores import MakeStore

Told = set[tuple[str, str, str, str]]


def facts(store: Store, model: str | None = None) -> Told:
    with store.read() as session:
        return {(f.model, f.component, f.source, f.by) for f in model_facts(session, model)}


def seed(session: Session, model: str, *ids: str) -> ModelRow:
    made = Naming(session).make(model, made_by="seed")
    for name in ids:
        component = components().of_id(name)
        assert component is not None
        session.add(
            FactRow(model_id=made.id, item=component.item, value=name, source="its title", made_by="seed")
        )
    return made


@pytest.fixture
def some(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("LITDB_USER", "tester")
    with store.write() as session:
        seed(session, "SomeNet", "mamba", "magnitude-phase")
        seed(session, "OtherNet", "mamba")
    return store


def test_a_fact_is_added_corrected_withdrawn_and_given_back(some: Store) -> None:
    with some.write() as session:
        state_fact(session, "SomeNet", "Channel Attention", "technique", "arXiv:2401.00001v1, table 2")
        state_fact(session, "SomeNet", "mamba", "technique", "section 3")
    assert facts(some, "SomeNet") == {
        ("SomeNet", "magnitude-phase", "its title", "seed"),
        ("SomeNet", "mamba", "section 3", "tester"),
        ("SomeNet", "channel-attention", "arXiv:2401.00001v1, table 2", "tester"),
    }
    with some.write() as session:
        taken = withdraw_fact(session, "SomeNet", "mamba", "technique", "misread").uid
    assert "mamba" not in {name for _, name, _, _ in facts(some, "SomeNet")}
    assert ("OtherNet", "mamba", "its title", "seed") in facts(some)
    with some.write() as session:
        decisions.undo(session, taken, "it was right")
    assert ("SomeNet", "mamba", "section 3", "tester") in facts(some)
    with some.read() as session:
        assert [entry.kind for entry in history(session, "SomeNet")] == ["fact", "fact", "fact", "undo"]
    assert check(some) == []


def test_a_model_has_one_family(some: Store) -> None:
    with some.write() as session:
        state_fact(session, "SomeNet", "complex-spectrum", "family", "section 2")
        state_fact(session, "OtherNet", "time-domain", "family", "section 2")
    families = {(m, c) for m, c, _, _ in facts(some) if c != "mamba"}
    assert families == {("SomeNet", "complex-spectrum"), ("OtherNet", "time-domain")}


@pytest.mark.parametrize(
    ("model", "component", "item", "source", "said"),
    [
        ("SomeNet", "mambo", "technique", "x", "did you mean mamba"),
        ("SomeNet", "discriminator", "technique", "x", "is a training"),
        ("SomeNet", "mamba", "technique", " ", "needs its source"),
        ("SomeNet", "mamba", "technique", "its title", "recorded already"),
        ("NoNet", "mamba", "technique", "x", "no model is called"),
    ],
)
def test_what_is_no_fact(some: Store, model: str, component: str, item: str, source: str, said: str) -> None:
    with some.write() as session, pytest.raises(UsageError, match=said):
        state_fact(session, model, component, item, source)


def test_only_what_is_stated_is_withdrawn(some: Store) -> None:
    with some.write() as session, pytest.raises(NotFound, match="not recorded"):
        withdraw_fact(session, "OtherNet", "phase", "technique", "why not")


def test_facts_of_unified_models_are_shared(some: Store) -> None:
    with some.write() as session:
        state_fact(session, "OtherNet", "phase", "technique", "table 4")
        decisions.unify(session, "SomeNet", "OtherNet", "the same network")
    assert {m for m, _, _, _ in facts(some)} == {"SomeNet"}
    assert ("SomeNet", "phase", "table 4", "tester") in facts(some)


def test_facts_go_along_in_dump_and_merge(some: Store, new_store: MakeStore) -> None:
    with some.write() as session:
        state_fact(session, "SomeNet", "phase", "technique", "table 4")
        withdraw_fact(session, "OtherNet", "mamba", "technique", "misread")
    loaded = new_store()
    with loaded.write() as session:
        session.execute(delete(MetaRow))
    load(loaded, io.StringIO(text_of(some)))
    assert facts(loaded) == facts(some)
    merged = new_store()
    merge(merged, some)
    assert facts(merged) == facts(some)
    assert not merge(merged, some).changed


def test_an_update_brings_shipped_facts_and_keeps_what_was_decided(some: Store, new_store: MakeStore) -> None:
    working = copy_into(new_store(), some)
    with working.write() as session:
        state_fact(session, "SomeNet", "phase", "technique", "table 4")
        withdraw_fact(session, "SomeNet", "mamba", "technique", "misread")
    with some.write() as session:  # the shipped text drops a fact, corrects one and has a new one
        rows = {(r.model.key, r.value): r for r in session.query(FactRow)}
        session.delete(rows["OtherNet", "mamba"])
        rows["SomeNet", "magnitude-phase"].source = "its abstract"
        session.add(
            FactRow(model_id=rows["OtherNet", "mamba"].model_id, item="technique", value="u-net", source="t", made_by="seed")
        )  # fmt: skip
    update(working, some)
    assert facts(working) == {
        ("SomeNet", "magnitude-phase", "its abstract", "seed"),
        ("SomeNet", "phase", "table 4", "tester"),
        ("OtherNet", "u-net", "t", "seed"),
    }
    assert not update(working, some).changed


def test_the_shipped_facts_are_of_the_vocabulary_and_sourced(shipped: Store) -> None:
    known = components()
    with shipped.read() as session:
        found = model_facts(session)
    assert len(found) > 100
    for fact in found:
        component = known.of_id(fact.component)
        assert component is not None and component.item == fact.item
        assert fact.source and fact.by == "seed"
    families = [fact.model for fact in found if fact.item == "family"]
    assert len(families) == len(set(families))
