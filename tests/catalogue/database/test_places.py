"""Which catalogue is opened, and how a working copy comes to be."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from litdb.api import open_catalogue
from litdb.catalogue.database import places as where
from litdb.catalogue.database.places import Place, kind_of, locate, make_working, shipped_path, user_path
from litdb.catalogue.database.session import Store
from litdb.errors import CatalogueError, InputError, SchemaMismatch
from tests.catalogue.scenes import text_of


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LITDB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LITDB_DB", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def working(path: Path) -> Path:
    make_working(path, empty=True).close()
    return path


def test_with_nothing_else_the_shipped_one_is_read(home: Path) -> None:
    assert locate() == Place(str(shipped_path()), read_only=True, copy_to=user_path())


def test_the_users_own_copy_goes_before_the_shipped_one(home: Path) -> None:
    working(user_path())
    assert locate() == Place(str(user_path()), read_only=False)


def test_a_working_sota_db_in_the_folder_goes_before_the_users_copy(home: Path) -> None:
    working(user_path())
    working(Path("sota.db"))
    assert locate() == Place("sota.db", read_only=False)


def test_a_shipped_sota_db_in_the_folder_is_passed_over(home: Path) -> None:
    shutil.copy(shipped_path(), "sota.db")
    assert locate().name == str(shipped_path())


def _text(path: Path) -> None:
    path.write_text("notes\n")


def _truncated(path: Path) -> None:
    data = working(path).read_bytes()
    path.write_bytes(data[: len(data) // 3])


def _scrambled(path: Path) -> None:
    data = bytearray(working(path).read_bytes())
    data[100:4096] = b"\xff" * 3996  # the header is whole, the first page of the schema is not
    path.write_bytes(data)


def _other(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()


#: What may lie at ./sota.db, and what is said of it.
BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (_text, "text"),
    "empty": (Path.touch, "empty"),
    "truncated": (_truncated, "damaged"),
    "scrambled": (_scrambled, "damaged"),
    "folder": (Path.mkdir, "folder"),
    "dangling": (lambda path: path.symlink_to("away.db"), r"link to away\.db"),
    "another program's": (_other, "something else"),
    "pipe": (os.mkfifo, "not a file"),
}


@pytest.mark.parametrize("where_", ["folder", "home", "named"])
@pytest.mark.parametrize("bad", BAD)
def test_a_bad_catalogue_is_named_and_never_passed_over(home: Path, bad: str, where_: str) -> None:
    make, said = BAD[bad]
    path = {"folder": Path("sota.db"), "home": user_path(), "named": Path("mine.db")}[where_]
    path.parent.mkdir(exist_ok=True)
    if where_ != "home":
        working(user_path())
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(CatalogueError, match=said) as caught:
        locate("mine.db" if where_ == "named" else None)
    assert str(path) in str(caught.value)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert not list(path.parent.glob(f"{path.name}-*"))


def test_a_working_catalogue_of_another_schema_is_not_passed_over(home: Path) -> None:
    connection = sqlite3.connect(working(Path("sota.db")))
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(SchemaMismatch, match=r"sota\.db has schema 9999"):
        open_catalogue()


def test_no_copy_is_made_over_a_link_to_nothing(home: Path) -> None:
    Path("mine.db").symlink_to("away.db")
    with pytest.raises(CatalogueError, match="exists"):
        make_working("mine.db")
    assert sorted(p.name for p in home.iterdir()) == ["mine.db"]


_READ_ONLY = """
mount --bind disk disk && mount -o remount,ro,bind disk || exit 77
export PYTHONPATH={checkout} LITDB_HOME={home}/home
{python} -m litdb models --db disk/mine.db --json > models.json || exit 3
{python} -m litdb db check --db disk/mine.db || exit 4
{python} -m litdb alias IMSE Im --db disk/mine.db 2> refused.txt; test $? = 1 || exit 5
cd disk && {python} -m litdb models --json > /dev/null || exit 6
"""


def test_a_working_catalogue_on_a_read_only_file_system_is_read(home: Path) -> None:
    Path("disk").mkdir()
    store = make_working("disk/mine.db")
    with store.write():
        pass  # from now on it keeps a log
    store.close()
    shutil.copy("disk/mine.db", "disk/sota.db")
    script = _READ_ONLY.format(checkout=Path(__file__).parents[3], home=home, python=sys.executable)
    if shutil.which("unshare") is None:
        pytest.skip("needs util-linux")
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True)
    if done.returncode in (1, 77) and not Path("models.json").exists():
        pytest.skip("this machine lets nobody mount")
    assert done.returncode == 0, (done.returncode, done.stderr)
    assert json.loads(Path("models.json").read_text())["rows"]
    assert "can be read, but not written" in Path("refused.txt").read_text()


def test_the_environment_goes_before_the_folder_and_the_option_before_both(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sota.db", "group.db", "mine.db"):
        working(Path(name))
    monkeypatch.setenv("LITDB_DB", "group.db")
    assert locate().name == "group.db"
    assert locate("mine.db").name == "mine.db"
    assert locate(Path("mine.db")) == Place("mine.db", read_only=False)
    assert locate("postgresql://host/name") == Place("postgresql://host/name", read_only=False)


def test_a_shipped_file_that_is_named_is_only_read(home: Path) -> None:
    shutil.copy(shipped_path(), "copy.db")
    assert locate("copy.db") == Place("copy.db", read_only=True, copy_to=None)


def test_what_is_not_there_is_said_with_the_remedy(home: Path) -> None:
    with pytest.raises(InputError, match=r"litdb init missing\.db"):
        locate("missing.db")


def test_looking_at_a_file_does_not_touch_it(home: Path) -> None:
    Path("notes.txt").write_text("notes")
    assert kind_of(Path("notes.txt")) == ""
    assert kind_of(Path("missing.db")) == ""
    assert sorted(p.name for p in home.iterdir()) == ["notes.txt"]
    assert kind_of(working(Path("mine.db"))) == "working"
    assert kind_of(shipped_path()) == "shipped"


def test_a_working_copy_has_the_shipped_facts_and_leaves_nothing_beside_it(home: Path) -> None:
    before = shipped_path().read_bytes()
    store = make_working("deep/er/mine.db")
    with store.write():
        pass
    shipped = Store(shipped_path(), read_only=True)
    assert text_of(store) == text_of(shipped).replace('"shipped"', '"working"', 1)
    for each in (store, shipped):
        each.close()
    assert not list(Path("deep/er").glob("*.partial*"))
    assert shipped_path().read_bytes() == before


def test_an_existing_file_is_never_replaced(home: Path) -> None:
    Path("notes.txt").write_text("notes")
    with pytest.raises(CatalogueError, match="exists"):
        make_working("notes.txt")
    assert Path("notes.txt").read_text() == "notes"


def test_the_copy_of_another_process_that_was_first_is_kept(home: Path) -> None:
    partial, target = working(Path("one.db")), working(Path("two.db"))
    first = target.read_bytes()
    with pytest.raises(FileExistsError):
        where._move(partial, target)
    assert target.read_bytes() == first


def test_of_two_first_writers_the_second_takes_the_copy_of_the_first(home: Path) -> None:
    first = make_working("mine.db", first_come=True)
    make_working("mine.db", first_come=True).close()
    first.close()
    assert [file.name for file in Path().glob("mine*")] == ["mine.db"]


def test_a_copy_that_is_broken_off_leaves_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(session: object) -> None:
        raise RuntimeError("the plug was pulled")

    monkeypatch.setattr(where, "_say_working", broken)
    with pytest.raises(RuntimeError, match="plug"):
        make_working("mine.db")
    assert list(Path().glob("mine*")) == []


@pytest.mark.parametrize("place", ["file/mine.db", "file/deeper/mine.db"])
def test_a_place_that_cannot_be_written_is_one_sentence(home: Path, place: str) -> None:
    Path("file").write_text("a file, not a folder")
    with pytest.raises(CatalogueError, match="name a file elsewhere"):
        make_working(place)


def test_a_missing_shipped_catalogue_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> Path:
        raise FileNotFoundError(name)

    monkeypatch.setattr(where, "packaged", nothing)
    with pytest.raises(CatalogueError, match="install litdb again"):
        locate()


def test_what_a_killed_init_left_is_taken_away_by_the_next(tmp_path: Path) -> None:
    old, fresh = tmp_path / "c.db.0123.partial", tmp_path / "c.db.4567.partial"
    for left in (old, tmp_path / "c.db.0123.partial-wal", fresh):
        left.write_bytes(b"half")
        if left != fresh:
            os.utime(left, (1, 1))
    make_working(tmp_path / "c.db", empty=True).close()
    assert sorted(path.name for path in tmp_path.glob("*.partial*")) == [fresh.name]  # another may be at work
