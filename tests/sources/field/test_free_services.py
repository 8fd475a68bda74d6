"""Searches of Semantic Scholar and Crossref: what is asked, what is found, faults on the way."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litdb.errors import SourceError, UsageError
from litdb.sources.field.asked import Elsewhere
from litdb.sources.field.crossref import CrossrefSearch
from litdb.sources.field.listed import Listed
from litdb.sources.field.semantic_scholar import SemanticScholarSearch
from litdb.sources.field.services import PRICES, open_service
from litdb.sources.web.transport import Patience
from tests.support.service import Answer, Request, Service

WANTED = (("speech enhancement", "denoising"), ("compact",))
SINCE = dt.date(2024, 1, 1)

SCHOLAR: dict[str, Any] = {
    "total": 2,
    "token": "next",
    "data": [
        {"title": "One", "abstract": "We do.", "externalIds": {"ArXiv": "2401.00001", "DOI": "10.1000/One"},
         "publicationDate": "2024-01-02", "authors": [{"name": "Ada One"}, 7]},
        {"title": "Two", "abstract": None, "externalIds": {"DOI": "10.1000/Two"}},
        {"title": "Three", "externalIds": None},
    ],
}  # fmt: skip
CROSSREF: dict[str, Any] = {
    "message": {
        "total-results": 9,
        "next-cursor": "abc",
        "items": [
            {"DOI": "10.1000/ONE", "title": ["One"], "author": [{"given": "Ada", "family": "One"}],
             "relation": {"has-preprint": [{"id-type": "doi", "id": "10.48550/arXiv.2401.00001"}]}},
            {"DOI": "10.1000/two", "title": ["Two &amp; more"]},
            {"DOI": "10.1000/three", "title": []},
        ],
    }
}  # fmt: skip


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    def answer(request: Request) -> Answer:
        found = {"/paper/search/bulk": SCHOLAR, "/works": CROSSREF}.get(request.path)
        return Answer(b"{}", 404) if found is None else Answer(json.dumps(found).encode())

    with Service(answer) as service:
        for name in ("SEMANTICSCHOLAR", "CROSSREF"):
            monkeypatch.setenv(f"LITDB_{name}_URL", service.url)
            monkeypatch.setenv(f"LITDB_{name}_DELAY", "0")
        monkeypatch.delenv("SEMANTIC_SCHOLAR_API_KEY", raising=False)
        yield service


def test_semantic_scholar(online: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_service("semanticscholar", tmp_path, 0) as source:
        page = source.page(WANTED, SINCE)
        assert page.papers[0] == Listed(
            "2401.00001", "One", None, dt.date(2024, 1, 2), "We do.", ("Ada One",), (), "10.1000/one"
        )
        assert [one.name for one in page.papers] == ["arXiv:2401.00001", "doi:10.1000/two"]
        assert page.elsewhere == (Elsewhere("Two", "10.1000/two"),)
        assert (page.cursor, page.total, source.spent) == ("next", 2, 0)
        assert source.page(WANTED, SINCE) == page  # of today: not asked again
        monkeypatch.setenv("SEMANTIC_SCHOLAR_API_KEY", "made-up-key")
    first = online.requests[0]
    assert len(online.requests) == 1 and "x-api-key" not in first.headers and "token" not in first.query
    assert first.query["query"] == '("speech enhancement" | "denoising") + ("compact")'
    assert first.query["publicationDateOrYear"] == "2024-01-01:"
    with open_service("semanticscholar", tmp_path, 0) as source:
        source.page(WANTED, cursor="next")
    assert online.requests[1].headers["x-api-key"] == "made-up-key"
    assert online.requests[1].query["token"] == "next"


def test_crossref(online: Service, tmp_path: Path) -> None:
    with open_service("crossref", tmp_path, 0) as source:
        page = source.page(WANTED, SINCE)
    assert page.papers[0] == Listed("2401.00001", "One", authors=("Ada One",), doi="10.1000/one")
    assert [one.name for one in page.papers] == ["arXiv:2401.00001", "doi:10.1000/two"]
    assert [one.doi for one in page.elsewhere] == ["10.1000/two"]
    assert (page.cursor, page.total) == ("abc", 9)
    asked = online.requests[0].query
    assert asked["query.bibliographic"] == "speech enhancement compact"
    assert asked["filter"] == "from-pub-date:2024-01-01" and asked["cursor"] == "*"


@pytest.mark.parametrize("name", ["semanticscholar", "crossref"])
@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ([Answer(b"{}", 429)] * 4, "too many requests"),
        ([Answer(b"{}", 503), Answer(b"{}" * 99, cut=True)], ""),
        ([Answer(b"{}", 403)], "refuses the key"),
        ([Answer(b"{}", 400)], "HTTP 400"),
        ([Answer(b'{"data": {}, "message": "no"}')], "without a list of works"),
        ([Answer(b"[]")] * 4, "another kind"),
        ([Answer(b"", 302, headers={"Location": "https://example.org/"})], "not on the allowed list"),
    ],
)
def test_faults(online: Service, tmp_path: Path, name: str, faults: list[Answer], said: str) -> None:
    online.faults = list(faults)
    service = {"semanticscholar": SemanticScholarSearch, "crossref": CrossrefSearch}[name]
    with service(tmp_path, patience=Patience(2.0, 2.0, 5.0)) as source:
        if said:
            with pytest.raises(SourceError, match=said):
                source.page(WANTED)
        assert len(source.page(WANTED).papers) == 2  # what failed is not kept


def test_an_unknown_service_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="openalex, semanticscholar, crossref"):
        open_service("nothing", tmp_path, 0)
    assert all(price >= 0 for price in PRICES.values())


STRANGE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "data",
                    "items",
                    "message",
                    "externalIds",
                    "ArXiv",
                    "title",
                    "relation",
                    "has-preprint",
                    "id",
                ]
            ),
            inner,
        )
    ),
    max_leaves=12,
)


@given(STRANGE)
def test_no_answer_is_too_strange(strange: object) -> None:
    for read, sound in (
        (SemanticScholarSearch.read, SCHOLAR["data"]),
        (CrossrefSearch.read, CROSSREF["message"]["items"]),
    ):
        for answer in (
            {"data": strange, "message": strange},
            {
                "data": [strange, *sound],
                "token": strange,
                "message": {"items": [strange, *sound], "next-cursor": strange},
            },
        ):
            assert all(paper.arxiv_id or paper.doi for paper in read(answer).papers)
