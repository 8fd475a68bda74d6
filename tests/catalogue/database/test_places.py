"""Which catalogue is opened, and how a working copy comes to be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from litdb.catalogue.database import places as where
from litdb.catalogue.database.places import Place, kind_of, locate, make_working, shipped_path, user_path
from litdb.catalogue.database.session import Store
from litdb.errors import CatalogueError, InputError
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


@pytest.mark.parametrize("content", ["shipped", "text", "folder"])
def test_a_sota_db_that_is_no_working_one_is_passed_over(home: Path, content: str) -> None:
    if content == "shipped":
        shutil.copy(shipped_path(), "sota.db")
    elif content == "text":
        Path("sota.db").write_text("no database")
    else:
        Path("sota.db").mkdir()
    assert locate().name == str(shipped_path())


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
    where._move(partial, target)
    assert target.read_bytes() == first
    assert not partial.exists()


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
