"""What `check` finds, one kind of damage at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from litdb.catalogue.database.session import Store
from litdb.catalogue.exchange.check import check
from litdb.catalogue.record import put_document, put_extraction
from litdb.catalogue.views.believed import believed
from litdb.errors import CatalogueError
from litdb.extract import EXTRACTOR_VERSION
from litdb.extract.meaning.priors import shipped as shipped_priors
from tests.catalogue.scenes import ablation, copy_into, extraction, put, text_of

NewStore = Callable[[], Store]

DAMAGE = [
    ("UPDATE meta SET value = 'other'", "kind", "says it is 'other'"),
    ("DELETE FROM meta", "kind", "says it is None"),
    (
        "UPDATE protocol SET digest = 'x' || id WHERE items <> '[]'",
        "derivation protocol",
        "does not fit its items",
    ),
    ("DELETE FROM result WHERE id = (SELECT min(id) FROM result)", "derivation no-result", "result"),
    ("UPDATE result SET value = value + 1 WHERE quantity = 'STOI'", "derivation", "value"),
    ("UPDATE result SET status = 'rejected'", "derivation", "status 'rejected' not 'accepted'"),
    ("UPDATE source_row SET origin = 'claim' WHERE origin = 'quoted'", "derivation", "origin"),
    ("UPDATE reading SET value = 1.5 WHERE by = 'seed' AND metric = 'PESQ'", "derivation", "value"),
    ("DELETE FROM model_name WHERE name = 'TSTNN'", "derivation", "stored with source_row"),
    ("UPDATE model SET unified_id = id WHERE key = 'CMGAN'", "cycle", "CMGAN is unified with itself"),
    ("UPDATE decision SET kind = 'wish'", "decision", "1 decisions of the unknown kind 'wish'"),
    ("UPDATE document SET kind = 'latex' WHERE kind = 'note'", "half-paper", "never read"),
    ("UPDATE alembic_version SET version_num = '9999'", "schema", "schema 9999"),
]


@pytest.mark.parametrize(("damage", "codes", "says"), DAMAGE)
def test_each_kind_of_damage_is_told(
    new_store: NewStore, shipped: Store, damage: str, codes: str, says: str
) -> None:
    store = copy_into(new_store(), shipped)
    assert check(store) == []
    with store.write() as session:
        session.execute(text(damage))
    found = check(store)
    assert {problem.code for problem in found} == set(codes.split())
    assert says in " ".join(str(problem) for problem in found)


@pytest.mark.parametrize(
    ("reader", "digest", "told"),
    [
        (EXTRACTOR_VERSION, "0" * 64, True),
        (EXTRACTOR_VERSION, shipped_priors().digest, False),
        (EXTRACTOR_VERSION, "", False),
        (EXTRACTOR_VERSION - 1, "0" * 64, False),  # an older reader was told other things
    ],
)
def test_a_document_read_by_what_is_believed_no_more_is_told(
    new_store: NewStore, shipped: Store, reader: int, digest: str, told: bool
) -> None:
    store = copy_into(new_store(), shipped)
    with store.write() as session:
        named = (
            "UPDATE document SET reader = :reader, priors = :digest WHERE id = (SELECT min(id) FROM document)"
        )
        session.execute(text(named), {"reader": reader, "digest": digest})
    problems = [problem for problem in check(store) if problem.code == "priors"]
    assert [digest[:12] in problem.message for problem in problems] == [True] * told


def test_a_document_read_by_what_the_catalogue_holds_is_whole(new_store: NewStore, shipped: Store) -> None:
    store = copy_into(new_store(), shipped)
    with store.write() as session:
        named = (
            "UPDATE document SET reader = :reader, priors = :digest WHERE id = (SELECT min(id) FROM document)"
        )
        session.execute(text(named), {"reader": EXTRACTOR_VERSION, "digest": believed(session).digest})
    assert believed_otherwise(store) and check(store) == []


def believed_otherwise(store: Store) -> bool:
    with store.read() as session:
        return believed(session).digest != shipped_priors().digest


def test_a_circle_of_two_models_is_told_for_both(new_store: NewStore, shipped: Store) -> None:
    store = copy_into(new_store(), shipped)
    with store.write() as session:
        for one, two in (("CMGAN", "MUSE"), ("MUSE", "CMGAN"), ("IMSE", "CMGAN")):
            into = "UPDATE model SET unified_id = (SELECT id FROM model WHERE key = :two) WHERE key = :one"
            session.execute(text(into), {"one": one, "two": two})
    circles = [problem.message for problem in check(store) if problem.code == "cycle"]
    assert circles == [f"model {key} is unified with itself, through 2 models" for key in ("CMGAN", "MUSE")]


def test_looking_changes_nothing(new_store: NewStore, shipped: Store) -> None:
    store = copy_into(new_store(), shipped)
    with store.write() as session:
        session.execute(text("UPDATE result SET status = 'rejected'"))
    before = text_of(store)
    assert check(store)
    assert text_of(store) == before


def test_many_problems_of_a_kind_are_counted(new_store: NewStore, shipped: Store) -> None:
    store = copy_into(new_store(), shipped)
    with store.write() as session:
        session.execute(text("UPDATE result SET status = 'rejected'"))
    found = check(store)
    assert len(found) == 21
    assert str(found[-1]).startswith("derivation: and 6")


def test_fetched_papers_derive_to_what_is_stored(new_store: NewStore, shipped: Store) -> None:
    """MP-SENet is the name of two models: the row waits for a decision, also after it is derived again."""
    store = copy_into(new_store(), shipped)
    with store.write() as session:
        put(session, "2999.00001", extraction([("MP-SENet", "3.50", False), ("New One", "3.2", True)]))
    assert check(store) == []


def test_an_ablation_outside_any_paper_derives_to_what_is_stored(store: Store) -> None:
    with store.write() as session:
        document = put_document(session, "sha256:1", kind="markdown", uri="README.md")
        seen = extraction([("My Net", "3.1", True), ("without phase", "3.0", False)])
        put_extraction(session, document, ablation(seen, row=1))
    assert check(store) == []


def test_the_shipped_catalogue_is_checked_without_being_written(shipped_file: Path, tmp_path: Path) -> None:
    before = shipped_file.read_bytes()
    store = Store(shipped_file, read_only=True)
    assert check(store) == []
    store.close()
    assert shipped_file.read_bytes() == before
    assert [p.name for p in shipped_file.parent.iterdir()] == [shipped_file.name]


def test_a_row_that_points_nowhere_is_told(shipped_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    path.write_bytes(shipped_file.read_bytes())
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA foreign_keys=OFF")
    raw.execute("DELETE FROM model WHERE key = 'Noisy'")
    raw.commit()
    raw.close()
    store = Store(path)
    found = {problem.code for problem in check(store)}
    store.close()
    assert found == {"foreign-key", "name"}


def test_a_torn_file_is_told(shipped_file: Path, tmp_path: Path) -> None:
    """Pages in the middle overwritten: either SQLite opens it and names the damage, or says it is damaged."""
    path = tmp_path / "torn.db"
    data = bytearray(shipped_file.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 3 * 4096] = b"\x5a" * (3 * 4096)
    path.write_bytes(data)
    store = Store(path)
    try:
        said = " ".join(str(problem) for problem in check(store))
    except CatalogueError as error:
        said = str(error)
    store.close()
    assert "restore a backup" in said
