"""`WorkSource`: works by DOI or PMC id, with their open text from Europe PMC, or where OpenAlex knows an open PDF."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from litdb.errors import CacheMiss, SourceError
from litdb.sources.cache import Cache
from litdb.sources.web.hosts import EUROPE_PMC, OPENALEX, Host
from litdb.sources.web.throttle import Throttle
from litdb.sources.web.transport import DEFAULT_PATIENCE, HttpAnswer, Patience, Transport, TryAgain
from litdb.sources.works.answers import MOST_OF_RECORD, europe_pmc_work, json_of, openalex_work
from litdb.sources.works.work import FoundWork, Work, WorkId

T = TypeVar("T")

EUROPE_PMC_URL = "https://www.ebi.ac.uk/europepmc/webservices/rest"
OPENALEX_URL = "https://api.openalex.org"
_MOST_OF_TEXT = 64_000_000
_ARTICLE, _BODY = re.compile(rb"<article[\s>]"), re.compile(rb"<body[\s>]")


class WorkSource:
    """Europe PMC, and OpenAlex for what it does not have. Use it as a context manager.

    Args:
        cache_dir: where texts, records and locks lie; processes that share it take turns.
        europe_pmc, openalex: addresses; default `LITDB_EUROPEPMC_URL`, `LITDB_OPENALEX_URL`, else those of the services.
        patience: time limits of one request.
        offline: answer from the cache only.

    Raises:
        UsageError: an address is neither https nor on this machine, or a delay is not what a service allows.
    """

    def __init__(
        self,
        cache_dir: Path,
        *,
        europe_pmc: str | None = None,
        openalex: str | None = None,
        patience: Patience = DEFAULT_PATIENCE,
        offline: bool = False,
    ) -> None:
        self._cache = Cache(cache_dir)
        self._patience = patience
        self._offline = offline
        self._europe_pmc = (europe_pmc or os.environ.get("LITDB_EUROPEPMC_URL") or EUROPE_PMC_URL).rstrip("/")
        self._openalex = (openalex or os.environ.get("LITDB_OPENALEX_URL") or OPENALEX_URL).rstrip("/")
        self._transports: dict[str, Transport] = {}

    def __enter__(self) -> WorkSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for transport in self._transports.values():
            transport.close()

    def holds(self, sha256: str) -> bool:
        """Whether what was downloaded is in the cache, unchanged."""
        return self._cache.holds(sha256)

    def work(self, asked: WorkId) -> FoundWork:
        """A work with its open text, which is asked for once, or with the addresses of open PDFs.

        Raises:
            CacheMiss: offline, and the cache has no copy.
            SourceError: no service knows the work, or Europe PMC does not answer properly.
        """
        known = self._known(asked)
        if known is not None:
            return known
        if self._offline:
            raise CacheMiss(f"{asked} is not in the cache; fetch it once without --offline")
        field, value = ("PMCID", asked.pmcid) if asked.pmcid else ("DOI", asked.doi)
        query = urlencode(
            {"query": f'{field}:"{value}"', "resultType": "core", "format": "json", "pageSize": 25}
        )
        answer = self._ask(EUROPE_PMC, self._europe_pmc, f"/search?{query}", json_of, MOST_OF_RECORD)
        found = europe_pmc_work(answer or {}, asked)
        if found is not None and found[0].pmcid:
            path = f"/{found[0].pmcid}/fullTextXML"
            text = self._ask(EUROPE_PMC, self._europe_pmc, path, _full_text, _MOST_OF_TEXT)
            if text is not None:
                return self._keep(asked, found[0], text, self._europe_pmc + path)
        without = ""
        if asked.doi and not (found and found[1]):
            try:
                path = f"/works/doi:{quote(asked.doi, safe='/.()')}"
                listed = self._ask(OPENALEX, self._openalex, path, json_of, MOST_OF_RECORD)
                other = openalex_work(listed, asked) if listed is not None else None
                found = (found[0], other[1]) if found and other else found or other
            except SourceError as error:
                without = str(error)
        if found is None:
            asked_both = "Europe PMC" if asked.pmcid else "Europe PMC and OpenAlex"
            raise SourceError(
                without
                or f"{asked_both} know no work {asked}: check it, or enter figures with litdb add-result",
                retry=bool(without),
            )
        return FoundWork(found[0], pdfs=found[1], without=without)

    def _ask(
        self, host: Host, base: str, path: str, read: Callable[[HttpAnswer], T | None], most: int
    ) -> T | None:
        if host.slug not in self._transports:
            throttle = Throttle(host, self._cache.root, host.pause(None, (base,)))
            self._transports[host.slug] = Transport(host, throttle, bases=(base,), patience=self._patience)

        def checked(answer: HttpAnswer) -> T | None:
            if answer.status in (404, 410):
                return None
            if answer.status == 429:
                raise SourceError(
                    f"the day's budget at {host.name} is spent; it is full again at midnight UTC"
                )
            if answer.status != 200:
                raise SourceError(f"{host.name} answered HTTP {answer.status}", url=answer.url)
            return read(answer)

        return self._transports[host.slug].fetch(base + path, checked, max_bytes=most)

    def _keep(self, asked: WorkId, work: Work, text: bytes, url: str) -> FoundWork:
        """Store a text, then what stands for it, under both names of the work."""
        sha256, now = self._cache.keep(text), dt.datetime.now(dt.UTC)
        values = {"sha256": sha256, "url": url, "fetched_at": now.isoformat(), "work": _plain(work)}
        for name in {
            str(asked),
            *(str(WorkId(doi=d, pmcid=p)) for d, p in ((work.doi, ""), ("", work.pmcid)) if d or p),
        }:
            self._cache.put_json(self._place(name), values)
        return FoundWork(work, sha256, self._cache.path_of(sha256), url, now)

    def _known(self, asked: WorkId) -> FoundWork | None:
        values = self._cache.get_json(self._place(str(asked)))
        if values is None:
            return None
        try:
            sha256, work = str(values["sha256"]), values["work"]
            day = dt.date.fromisoformat(work["published"]) if work["published"] else None
            found = Work(**(work | {"authors": tuple(work["authors"]), "published": day}))
            fetched = dt.datetime.fromisoformat(values["fetched_at"])
        except (KeyError, TypeError, ValueError):
            return None
        if self._cache.read(sha256) is None:
            return None
        return FoundWork(found, sha256, self._cache.path_of(sha256), str(values["url"]), fetched)

    def _place(self, name: str) -> Path:
        return self._cache.root / "works" / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def _plain(work: Work) -> dict[str, Any]:
    return dataclasses.asdict(work) | {"published": work.published.isoformat() if work.published else None}


def _full_text(answer: HttpAnswer) -> bytes | None:
    """The article in JATS; None for a record without its text, which services send for what is not open."""
    body = answer.decoded(_MOST_OF_TEXT)
    if not _ARTICLE.search(body[:100_000]):
        raise TryAgain("sent something instead of the article")
    if not body.rstrip().endswith(b">"):
        raise TryAgain("sent half an article")
    return body if _BODY.search(body) else None
