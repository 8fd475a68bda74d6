"""The index of the field: what is found, what two listings say together, what a file may be."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litdb.catalogue.index.field_index import FieldIndex, Listing, Taken
from litdb.catalogue.index.sought import Sought, sought
from litdb.errors import CatalogueBusy, CatalogueError, UsageError
from litdb.sources.field.listed import Listed

PAPERS = [
    Listed(
        "2401.00001",
        "A light-weight U-Net for denoising",
        1,
        dt.date(2024, 1, 1),
        "Schrödinger bridges.",
        ("Ada One",),
    ),
    Listed(
        "2402.00002", "Networks that enhance speech", 2, dt.date(2024, 2, 1), "We use lightweight attention."
    ),
    Listed("2403.00003", "Diffusion for speech", None, None, "A net of the U kind."),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with FieldIndex(tmp_path / "field.db", write=True) as index:
        assert index.take(PAPERS) == Taken(new=3)
    return tmp_path / "field.db"


def ids(path: Path, query: str | Sought, **options: object) -> list[str]:
    with FieldIndex(path) as index:
        what = query if isinstance(query, Sought) else sought(query)
        return [hit.paper.arxiv_id for hit in index.search(what, **options).hits]  # type: ignore[arg-type]


def test_words_are_found_by_their_stems_in_title_and_abstract(path: Path) -> None:
    assert ids(path, "enhanced network") == ["2402.00002"]
    assert ids(path, "SCHRODINGER bridge") == ["2401.00001"]
    assert ids(path, "lightweight") == ["2402.00002"]
    assert ids(path, "light-weight") == ["2401.00001"]
    assert ids(path, "u-net") == ["2401.00001"]  # a phrase: not "a net of the U kind"
    assert ids(path, "speech -diffusion") == ["2402.00002"]
    assert ids(path, '"networks that enhance"') == ["2402.00002"]  # words like "that" count on neither side
    assert ids(path, Sought((("lightweight", "light weight"),))) == [
        "2401.00001",
        "2402.00002",
    ]  # title before abstract
    assert ids(path, "nothing") == []


def test_days_and_counts(path: Path) -> None:
    assert ids(path, "speech", since=dt.date(2024, 2, 1)) == ["2402.00002"]
    assert ids(path, "net", until=dt.date(2024, 1, 31)) == ["2401.00001"]
    with FieldIndex(path) as index:
        found = index.search(sought("speech"), most=1, abstracts=True)
        assert (len(found.hits), found.total) == (1, 2)
        assert index.paper("2401.00001") == PAPERS[0]
        assert index.search(sought("attention")).hits[0].paper.abstract == ""
        assert index.search(sought("attention"), abstracts=True).hits[0].paper == PAPERS[1]


def test_taking_in_twice_changes_nothing_and_a_newer_version_counts(path: Path) -> None:
    newer = Listed("2402.00002", "Transformers that enhance speech", 3, abstract="")
    older = Listed("2401.00001", "An older title", 0, authors=("Nobody",), doi="10.1/x")
    with FieldIndex(path, write=True) as index:
        assert index.take(PAPERS) == Taken(known=3)
        assert index.take([newer, older]) == Taken(changed=2)
        changed, filled = index.paper("2402.00002"), index.paper("2401.00001")
    assert changed is not None and filled is not None
    assert (changed.title, changed.version, changed.abstract) == (newer.title, 3, PAPERS[1].abstract)
    assert changed.first_submitted == dt.date(2024, 2, 1)
    assert (filled.title, filled.doi, filled.authors) == (PAPERS[0].title, "10.1/x", ("Ada One",))
    assert ids(path, "networks enhance") == []
    assert ids(path, "transformers") == ["2402.00002"]


def test_a_page_is_stored_with_the_place_where_the_listing_goes_on(path: Path) -> None:
    listing = Listing("cs.SD", None, dt.date(2026, 6, 1), "7|2")
    with FieldIndex(path, write=True) as index:
        assert index.take_page([], ["2401.00001", "9999.99999"], listing) == Taken(gone=1)
    assert ids(path, "denoising") == []
    with FieldIndex(path) as index:
        assert index.listing("cs.SD") == listing
        assert index.listing("eess.AS") == Listing("eess.AS")
        assert index.status().papers == 2


def test_what_fails_on_the_way_leaves_nothing(path: Path) -> None:
    def papers() -> object:
        yield Listed("2404.00004", "Half a file", abstract="of it")
        raise UsageError("the file ends here")

    with FieldIndex(path, write=True) as index:
        with pytest.raises(UsageError):
            index.take(papers())  # type: ignore[arg-type]
        assert index.paper("2404.00004") is None
        assert index.take([Listed("2404.00004", "The whole file", abstract="all")]) == Taken(new=1)
        stored = index.paper("2404.00004")
        assert stored is not None and stored.abstract == "all"


def test_a_killed_process_leaves_nothing(path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from litdb.catalogue.index.field_index import FieldIndex\n"
        "from litdb.sources.field.listed import Listed\n"
        "def papers():\n    yield Listed('2404.00004', 'Half')\n    os._exit(9)\n"
        "FieldIndex(Path(sys.argv[1]), write=True).take(papers())\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)], env=os.environ).returncode == 9
    with FieldIndex(path) as index:
        assert index.status().papers == 3


def test_files_of_something_else_are_named(tmp_path: Path, path: Path) -> None:
    with pytest.raises(CatalogueError, match="no index of the field yet"):
        FieldIndex(tmp_path / "none.db")
    text = tmp_path / "text.db"
    text.write_text("no database " * 100)
    with pytest.raises(CatalogueError, match="damaged"):
        FieldIndex(text, write=True)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (x)")
    for write in (True, False):
        with pytest.raises(CatalogueError, match="something else"):
            FieldIndex(other, write=write)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(CatalogueError, match="another litdb"):
        FieldIndex(path)


def test_a_second_writer_waits_and_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("litdb.catalogue.index.field_index._BUSY_SECONDS", 0.05)
    with sqlite3.connect(path, isolation_level=None) as other, FieldIndex(path, write=True) as index:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CatalogueBusy, match="in use"):
            index.take(PAPERS)
        other.execute("ROLLBACK")


@pytest.mark.parametrize("query", ["", "   ", "-only", '"open', "!!!", "the", "x" * 300, "-", '""'])
def test_a_query_without_a_word_is_refused(query: str) -> None:
    with pytest.raises(UsageError):
        sought(query)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_no_query_reaches_the_search_as_an_operator(text: str) -> None:
    with FieldIndex(_shared(), write=True) as index:
        try:
            what = sought(text)
        except UsageError:
            return
        index.take(PAPERS)
        index.search(what)


def test_an_empty_index_is_said_to_be_empty(tmp_path: Path) -> None:
    with (
        FieldIndex(tmp_path / "field.db", write=True) as index,
        pytest.raises(CatalogueError, match="is empty"),
    ):
        index.search(sought("speech"))


def _shared() -> Path:
    import tempfile

    return Path(tempfile.gettempdir()) / f"litdb-index-{os.getpid()}.db"
