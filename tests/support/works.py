"""Stand-ins for Europe PMC and OpenAlex with made-up works."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.service import Answer, Request, Service

DOI, PMCID = "10.9999/made.up.1", "PMC9900001"

ARTICLE = """<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "x.dtd">
<article article-type="research-article"><front><article-meta><title-group><article-title>MadeNet: a made-up network
</article-title></title-group></article-meta></front><body><sec><title>Results</title><table-wrap id="t1"><label>Table 1</label>
<caption><p>Comparison on the VoiceBank+DEMAND test set.</p></caption><table><thead><tr><th>Model</th><th>Params</th><th>PESQ</th>
<th>CSIG</th><th>CBAK</th><th>COVL</th></tr></thead><tbody><tr><td>Noisy</td><td>-</td><td>1.97</td><td>3.35</td><td>2.44</td>
<td>2.63</td></tr><tr><td>MadeNet (Ours)</td><td>0.61M</td><td>3.21</td><td>4.50</td><td>3.70</td><td>3.90</td></tr></tbody>
</table></table-wrap></sec></body></article>
"""


def record(**said: Any) -> dict[str, Any]:
    """A result of Europe PMC."""
    return {
        "id": "1", "source": "MED", "doi": DOI.upper(), "pmcid": PMCID, "title": "MadeNet: a <i>made-up</i> network.",
        "authorList": {"author": [{"firstName": "Ada", "lastName": "One"}, {"fullName": "Two B"}]},
        "journalInfo": {"journal": {"title": "Made-up Letters"}}, "firstPublicationDate": "2023-04-05",
        "isOpenAccess": "Y",
        "fullTextUrlList": {"fullTextUrl": [
            {"availabilityCode": "S", "documentStyle": "pdf", "url": "https://example.org/closed.pdf"},
            {"availabilityCode": "OA", "documentStyle": "pdf", "url": "https://example.org/open.pdf"},
        ]},
        **said,
    }  # fmt: skip


@dataclass
class Works:
    """What the two services have, and the services themselves."""

    results: list[dict[str, Any]]
    article: str | None
    openalex: dict[str, Any] | None
    europe: Service
    alex: Service


@contextmanager
def works_online(monkeypatch: pytest.MonkeyPatch) -> Iterator[Works]:
    """Both services, to which litdb is pointed without delays."""

    def europe(request: Request) -> Answer:
        if request.path == "/search":
            assert request.query["resultType"] == "core" and request.query["format"] == "json"
            assert re.fullmatch(r'(DOI|PMCID):"[^"]+"', request.query["query"])
            return Answer(json.dumps({"hitCount": 1, "resultList": {"result": online.results}}).encode())
        if online.article is None or request.path != f"/{PMCID}/fullTextXML":
            return Answer(b"{}", 404)
        return Answer(online.article.encode(), kind="application/xml")

    def alex(request: Request) -> Answer:
        found = online.openalex if request.path == f"/works/doi:{DOI}" else None
        return Answer(b"<html>", 404, "text/html") if found is None else Answer(json.dumps(found).encode())

    with Service(europe) as first, Service(alex) as second:
        online = Works([record()], ARTICLE, None, first, second)
        for name, value in (
            ("LITDB_EUROPEPMC_URL", first.url), ("LITDB_OPENALEX_URL", second.url),
            ("LITDB_EUROPEPMC_DELAY", "0"), ("LITDB_OPENALEX_DELAY", "0"),
        ):  # fmt: skip
            monkeypatch.setenv(name, value)
        yield online
