"""Conflicts and findings over a database: loaded, settled by decisions, carried through dumps, merges and re-reading."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from litdb.catalogue.database.schema import MetaRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.decisions import undo
from litdb.catalogue.exchange.dump import dump, load
from litdb.catalogue.exchange.merge import merge
from litdb.catalogue.values import ACCEPTED, Where, relatives, values
from litdb.catalogue.views.audited import facts
from litdb.catalogue.views.history import history
from litdb.errors import NotFound, UsageError
from litdb.questions.conflicts import find_conflicts, find_findings, resolve, suppress
from tests.catalogue.scenes import extraction, put, text_of
from tests.support.stores import MakeStore

OWN = [("Foo", "3.10", True), ("Bar", "2.90", False)]
QUOTING = [("Foo", "3.20", False), ("Baz", "3.30", True)]


@pytest.fixture
def fed(store: Store) -> Store:
    """Two papers that disagree about Foo."""
    with store.write() as session:
        put(session, "2401.00001", extraction(OWN))
        put(session, "2402.00002", extraction(QUOTING))
    return store


def test_only_what_disagrees_is_loaded(fed: Store) -> None:
    with fed.read() as session:
        disputed = Where(statuses=ACCEPTED, disputed=True)
        assert {v.name for v in values(session, disputed)} == {"Foo"}
        assert len(values(session, Where(statuses=ACCEPTED))) == 4
        assert values(session, replace(disputed, models=["Bar"])) == []
        assert values(session, replace(disputed, quantities=["STOI"])) == []
        assert {v.name for v in relatives(session, ["Foo"])["Foo"]} == set()


def test_a_conflict_is_resolved_shown_in_the_history_and_undone(fed: Store) -> None:
    with fed.write() as session:
        (found,) = find_conflicts(session)
        assert found.kinds == ("own table and quotations",)
        kept = found.sides[0].sources[0]
        uid = resolve(session, found.id[:8], "its own table", keep=kept.key[:8], both=False).uid
    with fed.read() as session:
        assert find_conflicts(session, model="Foo")[0].state == "resolved"
        (entry,) = history(session, "Foo")
        assert (entry.kind, entry.about) == ("resolve", f"Foo, PESQ on vbd [conflict {found.id[:8]}]")
        assert entry.detail == f"keep 3.10 [{kept.key[:8]}]"
    with fed.write() as session:
        undo(session, uid, "no")
        assert find_conflicts(session)[0].state == "open"


def test_reading_again_keeps_a_resolution_and_a_new_number_reopens_it(fed: Store) -> None:
    with fed.write() as session:
        (found,) = find_conflicts(session)
        resolve(session, found.id, "both are right", keep=None, both=True)
        put(session, "2401.00001", extraction(OWN, start=700))  # the table moved within its file
        assert find_conflicts(session)[0].state == "resolved"
        put(session, "2403.00003", extraction([("Foo", "3.25", False), ("Qux", "3.4", True)]))
        assert find_conflicts(session)[0].state == "changed"


def test_decisions_travel_with_dumps_and_merges(fed: Store, new_store: MakeStore) -> None:
    other = new_store()
    with other.write() as session:
        session.query(MetaRow).delete()
    load(other, io.StringIO(text_of(fed)))
    with other.write() as session:
        (found,) = find_conflicts(session)
        resolve(session, found.id, "checked", keep=None, both=True)
    out = io.StringIO()
    dump(other, out)
    assert '"resolve"' in out.getvalue()
    merge(fed, other)
    with fed.read() as session:
        assert find_conflicts(session)[0].state == "resolved"


@pytest.mark.slow
def test_findings_are_suppressed_with_a_reason(new_store: MakeStore) -> None:
    from litdb.seed.build import fill

    store = new_store()
    with store.write() as session:
        session.query(MetaRow).delete()
    fill(store, kind="working", harvest=False)
    with store.write() as session:
        before = find_findings(session)
        known = next(f for f in before if f.code == "NAME")
        decision = suppress(session, known.id, "two systems, on purpose")
        after = find_findings(session)
        assert [f.suppressed for f in after if f.id == known.id] == ["two systems, on purpose"]
        assert {f.id for f in after} == {f.id for f in before}
        with pytest.raises(UsageError, match="suppressed already"):
            suppress(session, known.id, "again")
        with pytest.raises(NotFound, match="finds no"):
            suppress(session, "NAME:Nobody", "x")
        with pytest.raises(UsageError, match="CODE:TARGET"):
            suppress(session, "NOPE:x", "x")
        undo(session, decision.uid, "no")
        assert not any(f.suppressed for f in find_findings(session))
        seen = facts(session)
    assert seen.shared == {"MP-SENet": ("MP-SENet-2023", "MP-SENet-long")}
    assert len(seen.checkpoints) == 3
    assert {a.paper for a in seen.absences} == {"DPCRN", "BSRNN"}


def test_an_audit_of_one_model_finds_what_the_whole_one_says_of_it(shipped: Store) -> None:
    """It loads a part of the catalogue; every rule must find the same in it."""
    with shipped.read() as session:
        everything = find_findings(session)
        assert len({finding.code for finding in everything}) > 8
        for key in sorted({finding.model for finding in everything if finding.model} | {"CMGAN", "FRCRN"}):
            one = find_findings(session, model=key)
            assert one == [finding for finding in everything if finding.model == key], key
            assert len(facts(session, key).values) < len(facts(session).values) / 2


def test_sides_that_print_the_same_are_told_apart(whole_file: Path) -> None:
    """63.15G is printed for two seconds by one paper and for what it does not say by another."""
    store = Store(whole_file, read_only=True)
    with store.read() as session:
        for model in ("CMGAN", "SEMamba"):
            for one in find_conflicts(session, model=model):
                said = [side.said for side in one.sides]
                assert len(set(said)) == len(said), said
        (flops,) = (one for one in find_conflicts(session, model="CMGAN") if one.metric == "FLOPs")
        assert "63.15G (31.58G for one second)" in [side.said for side in flops.sides]
    store.close()
