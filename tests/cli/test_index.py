"""`litdb index`: from a file and from a listing to a search."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Litdb
from tests.support.listing import Entry, Listing

LIST = (
    "arxiv_id\tversion\tfirst_submitted\ttitle\tauthors\n"
    "2511.14515\t2\t2025-11-18\tA light U-Net\tAda One, Bea Two\n2107.05429\t1\t2021-07-12\tDual paths \x1b[31m\t\nwrong\t\t\tx\t\n"
)


def test_from_a_file_to_a_search(litdb: Litdb, home: Path) -> None:
    said = litdb("index", "search", "x")
    assert said.code == 1 and "litdb index load FILE" in said.err
    Path("list.tsv").write_text(LIST)
    said = litdb("index", "load", "list.tsv")
    assert (
        said.code == 0
        and "2 new, 0 changed, 0 known" in said.out
        and "line 4: 'wrong' is no arXiv id" in said.err
    )
    said = litdb("index", "search", "u-net")
    assert said.out == "2511.14515v2  2025-11-18  A light U-Net (Ada One et al.)\n1 found\n"
    assert "\x1b" not in litdb("index", "search", "dual paths").out
    found = litdb("index", "search", "paths", "--json").json
    assert found["total"] == 1 and found["hits"][0]["paper"]["first_submitted"] == "2021-07-12"
    assert litdb("index", "status").out.splitlines()[0].endswith("2 papers, 0 with their abstract, 0.0 MB")
    assert litdb("index", "load", "nothing.json").code == 1
    assert litdb("index", "search", "--since", "yesterday", "x").code == 2
    assert litdb("index", "search", "").code == 2


def test_an_index_lies_beside_its_catalogue(litdb: Litdb, home: Path) -> None:
    Path("list.tsv").write_text(LIST)
    assert litdb("init", "mine.db", "--empty").code == 0
    assert litdb("index", "load", "list.tsv", "--db", "mine.db", "--json").json["taken"]["new"] == 2
    assert Path("mine.field.db").exists()
    assert litdb("index", "status").code == 1  # the user's own catalogue has none


def test_the_listing_is_updated(litdb: Litdb, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = Listing([Entry("2501.00001"), Entry("2501.00002", category="eess.AS")])
    with listing.service as service:
        monkeypatch.setenv("LITDB_ARXIV_OAI", service.url)
        monkeypatch.setenv("LITDB_ARXIV_DELAY", "0")
        said = litdb("index", "update")
        assert said.code == 0, said.err
        assert said.out == "cs.SD: 1 new, 0 changed, 0 known\neess.AS: 1 new, 0 changed, 0 known\n"
        assert litdb("index", "update", "--json").json[0]["done"] is True
        assert litdb("index", "update", "--category", "cs").code == 2
    assert "cs.SD: taken in up to 2026-06-01" in litdb("index", "status").out
    said = litdb("index", "update")
    assert (
        said.code == 1
        and said.err.startswith("Error: arXiv cannot be reached")
        and "can be searched" in said.err
    )
