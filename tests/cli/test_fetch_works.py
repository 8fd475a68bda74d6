"""`litdb fetch` of works that are not on arXiv."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Litdb
from tests.support.works import DOI, PMCID, Works, works_online


@pytest.fixture
def online(litdb: Litdb, monkeypatch: pytest.MonkeyPatch) -> Iterator[Works]:
    assert litdb("init", "mine.db", "--empty").code == 0
    monkeypatch.setenv("LITDB_DB", "mine.db")
    with works_online(monkeypatch) as works:
        yield works


def test_an_open_work_is_read_and_keyed_by_its_doi(litdb: Litdb, online: Works) -> None:
    said = litdb("fetch", PMCID)
    assert said.code == 0, said.err
    assert said.out.startswith(f"doi:{DOI}  MadeNet: a made-up network\n  new: ")
    values = litdb("why", "MadeNet", "PESQ", "--json").json["values"]
    assert [value["printed"] for value in values] == ["3.21"]
    paper = litdb("show", DOI, "--json").json
    assert DOI in json.dumps(paper) and PMCID in json.dumps(paper)
    assert litdb("show", PMCID).code == 0
    asked = len(online.europe.requests)
    again = litdb("fetch", f"https://doi.org/{DOI.upper()}")
    assert (
        again.out == f"doi:{DOI}  MadeNet: a made-up network\n  known\n"
        and len(online.europe.requests) == asked
    )
    assert litdb("reextract", "--dry-run").code == 0
    assert litdb("db", "check").code == 0


def test_a_closed_work_says_what_to_do(litdb: Litdb, online: Works) -> None:
    online.article = None
    said = litdb("fetch", f"doi:{DOI}")
    assert said.code == 0
    assert f"download https://example.org/open.pdf, then `litdb ingest paper.pdf --doi {DOI}`" in said.out
    online.results = []
    said = litdb("fetch", f"doi:{DOI}", "--json")
    assert said.code == 1 and "know no work" in said.json[0]["failure"]
    assert litdb("fetch", f"doi:{DOI}", "--offline").code == 1
    assert litdb("fetch", f"doi:{DOI}", "--all-versions").code == 2
    assert litdb("fetch", "10.1/x").code == 2  # no DOI, and no arXiv id
