"""First writes, `init`, `load` and `upgrade` of several processes at once: they queue, and one catalogue results."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from litdb.api import Catalogue
from litdb.catalogue.database.migrate import downgrade, upgrade
from litdb.catalogue.database.places import Place, make_working
from litdb.catalogue.database.schema import PaperRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.exchange.check import check
from litdb.errors import SchemaMismatch
from tests.catalogue.scenes import text_of
from tests.support.stores import MakePlace

_CODE = "import sys; from litdb.cli._root import run; sys.exit(run(sys.argv[1:]))"


def together(*commands: Sequence[str]) -> list[tuple[int, str]]:
    """Run commands at once; exit code and last line of each."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _CODE, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for command in commands
    ]
    return [(one.wait(), (one.communicate()[0] or "").strip().rpartition("\n")[2]) for one in running]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LITDB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LITDB_DB", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def test_first_writers_at_once_all_write_into_one_catalogue(home: Path) -> None:
    said = together(
        *(["add-result", f"Net {n}", "--run", f"r{n}/1", "--metric", f"PESQ=2.{n}"] for n in range(1, 5))
    )
    assert [code for code, _ in said] == [0, 0, 0, 0], said
    assert [file.name for file in home.iterdir() if "catalogue" in file.name] == ["catalogue.db"]
    store = Store(home / "catalogue.db")
    with store.read() as session:
        from litdb.catalogue.values import Where, values

        assert len(values(session, Where(models=[f"Net-{n}" for n in range(1, 5)]))) == 4
    assert check(store) == []
    store.close()


def test_of_inits_at_once_one_makes_the_catalogue(new_place: MakePlace) -> None:
    place = new_place()
    said = together(*[["init", place]] * 3)
    assert sorted(code for code, _ in said) == [0, 1, 1], said
    assert all("already" in line or "exists" in line for code, line in said if code)
    store = Store(place)
    assert check(store) == []
    store.close()


def test_of_loads_at_once_one_makes_the_catalogue(
    new_place: MakePlace, shipped: Store, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text(text_of(shipped), encoding="utf-8")
    place = new_place()
    said = together(*[["db", "load", "a.jsonl", place]] * 2)
    assert sorted(code for code, _ in said)[0] == 0
    assert sorted(code for code, _ in said)[1] in (1, 2), said
    store = Store(place)
    assert text_of(store) == text_of(shipped)
    store.close()


def test_a_load_that_is_killed_leaves_no_catalogue(shipped: Store, tmp_path: Path) -> None:
    dump = tmp_path / "a.jsonl"
    dump.write_text("\n".join(text_of(shipped).splitlines()[:200]), encoding="utf-8")
    said = together(["db", "load", str(dump), "new.db"])
    assert said[0][0] != 0
    assert not list(tmp_path.glob("new.db*"))


def test_upgrades_at_once_give_one_schema(new_place: MakePlace) -> None:
    place = new_place()
    store = Store(place)
    upgrade(store)
    downgrade(store, "0003")
    said = together(*[["db", "upgrade", "--db", place]] * 3)
    assert [code for code, _ in said] == [0, 0, 0], said
    store.check_schema()
    store.close()


def test_a_newer_schema_is_not_upgraded(new_place: MakePlace) -> None:
    from sqlalchemy import text

    store = Store(new_place())
    upgrade(store)
    with store.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaMismatch, match="install the newer litdb"):
        upgrade(store)
    store.close()


def test_comparing_and_merging_write_nothing_into_the_other(tmp_path: Path) -> None:
    for name in ("mine.db", "theirs.db"):
        make_working(name, empty=True).close()
    other = tmp_path / "theirs.db"
    store = Store(other)
    with store.write() as session:  # it has a log from now on, as any catalogue that somebody works with
        session.add(PaperRow(key="a", title="A"))
    store.close()
    before = other.read_bytes(), sorted(file.name for file in tmp_path.glob("theirs*"))
    with Catalogue(Place("mine.db", read_only=False)) as mine:
        assert mine.diff("theirs.db")
        mine.merge("theirs.db")
        assert mine.diff("theirs.db") == []
    assert (other.read_bytes(), sorted(file.name for file in tmp_path.glob("theirs*"))) == before
