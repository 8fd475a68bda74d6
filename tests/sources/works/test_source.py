"""Works by DOI or PMC id: their names, what the services answer, faults on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from litdb.errors import CacheMiss, SourceError
from litdb.sources.web.transport import Patience
from litdb.sources.works.source import WorkSource
from litdb.sources.works.work import Work, WorkId
from tests.support.service import Answer
from tests.support.works import ARTICLE, DOI, PMCID, Works, record, works_online

BY_DOI, BY_PMC = WorkId(doi=DOI), WorkId(pmcid=PMCID)


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch) -> Iterator[Works]:
    with works_online(monkeypatch) as works:
        yield works


@pytest.fixture
def source(online: Works, tmp_path: Path) -> Iterator[WorkSource]:
    with WorkSource(tmp_path / "cache", patience=Patience(2.0, 2.0, 5.0)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "work"),
    [
        ("PMC10137386", WorkId(pmcid="PMC10137386")),
        ("pmc10137386", WorkId(pmcid="PMC10137386")),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC10137386/", WorkId(pmcid="PMC10137386")),
        ("doi:10.3390/E25040628", WorkId(doi="10.3390/e25040628")),
        ("https://doi.org/10.3390/e25040628", WorkId(doi="10.3390/e25040628")),
        ("10.3390/e25040628", WorkId(doi="10.3390/e25040628")),
        ("10.48550/arXiv.2107.05580", None),
        ("2107.05580", None),
        ("PMC", None),
        ("10.3390/", None),
    ],
)
def test_names_of_works(text: str, work: WorkId | None) -> None:
    assert WorkId.parse(text) == work


def test_an_open_text_is_asked_for_once(source: WorkSource, online: Works, tmp_path: Path) -> None:
    found = source.work(BY_PMC)
    assert found.work == Work(
        "MadeNet: a made-up network", ("Ada One", "Two B"), DOI, PMCID, dt.date(2023, 4, 5), "Made-up Letters"
    )
    assert found.path is not None and found.path.read_text() == ARTICLE
    asked = len(online.europe.requests)
    assert asked == 2 and not online.alex.requests
    assert source.work(BY_DOI) == source.work(BY_PMC) == found  # by its other name too
    with WorkSource(tmp_path / "cache", offline=True) as offline:
        assert offline.work(BY_DOI) == found
        with pytest.raises(CacheMiss, match="not in the cache"):
            offline.work(WorkId(doi="10.9999/other"))
    assert len(online.europe.requests) == asked
    found.path.write_bytes(b"changed by a bad disk")
    assert source.work(BY_DOI) == found or source.work(BY_DOI).sha256 == found.sha256
    assert len(online.europe.requests) == asked + 2


def test_where_only_a_pdf_is_open_its_address_is_known(source: WorkSource, online: Works) -> None:
    online.article = None
    assert source.work(BY_DOI).pdfs == ("https://example.org/open.pdf",)
    assert not online.alex.requests
    online.article = "<article><front/></article>"  # a record without its text, HTTP 200
    assert source.work(BY_DOI).sha256 == ""
    online.results = []
    online.openalex = {
        "doi": f"https://doi.org/{DOI}",
        "display_name": "MadeNet",
        "publication_date": "2023-04-05",
        "authorships": [{"author": {"display_name": "Ada One"}}, "wrong"],
        "best_oa_location": {"is_oa": True, "pdf_url": "https://example.org/author.pdf"},
        "locations": [{"is_oa": False, "pdf_url": "https://example.org/closed.pdf"}, {"is_oa": True, "pdf_url": "javascript:x"}],
    }  # fmt: skip
    found = source.work(BY_DOI)
    assert found.work == Work("MadeNet", ("Ada One",), DOI, "", dt.date(2023, 4, 5))
    assert found.pdfs == ("https://example.org/author.pdf",)


def test_what_no_service_knows_is_said(source: WorkSource, online: Works) -> None:
    online.results = [record(doi="10.9999/another", pmcid="PMC1")]
    with pytest.raises(SourceError, match="Europe PMC and OpenAlex know no work"):
        source.work(BY_DOI)
    with pytest.raises(SourceError, match="Europe PMC know"):
        source.work(BY_PMC)
    online.alex.faults = [Answer(b"{}", 429)]
    with pytest.raises(SourceError, match="budget at OpenAlex is spent") as raised:
        source.work(BY_DOI)
    assert raised.value.retry and len(online.alex.requests) == 2  # not asked again
    online.results = [record(pmcid="", fullTextUrlList=None)]
    online.alex.faults = [Answer(b"{}", 429)]
    assert "budget at OpenAlex" in source.work(BY_DOI).without


def test_faults_cost_time_and_nothing_else(source: WorkSource, online: Works) -> None:
    online.europe.faults = [
        Answer(b"busy", 503, headers={"Retry-After": "0"}),
        Answer(b"<html>down</html>", 200, "text/html"),
        Answer(b"x" * 9000, cut=True),
    ]
    assert source.work(BY_DOI).work.pmcid == PMCID
    online.results = [record(title=7, authorList=[], journalInfo="x", firstPublicationDate="soon", doi=DOI)]
    assert source.work(WorkId(doi=DOI)).work.title  # kept: asked once


@pytest.mark.parametrize(
    "body", [b"[]", b"{", b"[" * 100_000, b'{"resultList": {"result": [7, {"doi": []}]}}']
)
def test_answers_of_another_kind(source: WorkSource, online: Works, body: bytes) -> None:
    online.europe.faults = [Answer(body)] * 4
    online.alex.faults = [Answer(b"{}", 404)]
    with pytest.raises(SourceError):
        source.work(BY_DOI)
