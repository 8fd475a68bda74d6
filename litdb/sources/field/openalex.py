"""Searches of OpenAlex: each page of answers costs a tenth of a cent, which is taken from a purse before it is asked for.

A page that was paid for is kept for the day, so that a run that was stopped asks nothing twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from litdb.errors import InputError, SourceError, UsageError
from litdb.sources.cache import Cache
from litdb.sources.field.listed import Listed, day_of, listed
from litdb.sources.field.purse import DOLLAR, Purse
from litdb.sources.web.hosts import OPENALEX
from litdb.sources.web.throttle import Throttle
from litdb.sources.web.transport import DEFAULT_PATIENCE, HttpAnswer, Patience, Transport
from litdb.sources.works.answers import json_of
from litdb.sources.works.source import OPENALEX_URL

#: What a page of a search costs, and what is free each day with a key, in millionths of a dollar.
PRICE, FREE_DAILY = 1_000, DOLLAR
#: Results on a page, the most that OpenAlex gives.
PER_PAGE = 100
_MOST_BYTES = 16_000_000
_MOST_WORDS = 5_000
_FIELDS = "id,doi,display_name,publication_date,authorships,abstract_inverted_index,locations"
_HOST = replace(OPENALEX, instead="what is in the index can be searched without it")
_ARXIV = re.compile(
    r"(?:https?://)?(?:arxiv\.org/(?:abs|pdf)/|(?:doi\.org/)?10\.48550/arxiv\.)(?P<id>[\w.-]+(?:/\d{7})?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A work that was found and is not on arXiv."""

    title: str
    doi: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of answers: papers of arXiv, works that are not there, where it goes on ('' at the end), how many fit in all."""

    papers: tuple[Listed, ...]
    elsewhere: tuple[Elsewhere, ...]
    cursor: str
    total: int | None
    paid: bool
    """Whether it was asked for now; else it was kept from earlier today."""


class OpenAlexSearch:
    """Searches of OpenAlex. A context manager; processes that share `cache_dir` share turns and the day's money.

    Args:
        key: the key of a free account; default `OPENALEX_API_KEY`.
        budget: what may be spent, in millionths of a dollar; `daily` what a day may cost over all runs.
        url: the address; default `LITDB_OPENALEX_URL`, else that of the service.

    Raises:
        UsageError: there is no key, or the address is neither https nor on this machine.
    """

    def __init__(
        self,
        cache_dir: Path,
        *,
        budget: int,
        key: str | None = None,
        daily: int = FREE_DAILY,
        url: str | None = None,
        patience: Patience = DEFAULT_PATIENCE,
    ) -> None:
        key = (key or os.environ.get("OPENALEX_API_KEY") or "").strip()
        if not key:
            raise UsageError(
                "OpenAlex answers searches with a key only: put that of a free account (openalex.org/settings/api) into "
                "OPENALEX_API_KEY; `litdb index load` and `litdb index update` need none"
            )
        self._url = (url or os.environ.get("LITDB_OPENALEX_URL") or OPENALEX_URL).rstrip("/")
        self._cache = Cache(cache_dir)
        self.purse = Purse(self._cache, _HOST.slug, budget, daily)
        throttle = Throttle(_HOST, cache_dir, _HOST.pause(None, (self._url,)))
        self._transport = Transport(
            _HOST, throttle, bases=(self._url,), patience=patience, secrets={"api_key": key}
        )

    def __enter__(self) -> OpenAlexSearch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    def page(
        self, wanted: Sequence[Sequence[str]], since: dt.date | None = None, cursor: str = "*"
    ) -> SearchPage:
        """A page of works, best first, that meet each group of words by one of them; the first, or the one at `cursor`.

        Raises BudgetSpent before anything is sent that costs more than is left, SourceError when OpenAlex does not answer.
        """
        asked = {"search": expression(wanted), "per_page": str(PER_PAGE), "cursor": cursor, "select": _FIELDS}
        if since is not None:
            asked["filter"] = f"from_publication_date:{since.isoformat()}"
        query = urlencode(asked)
        place = self._cache.root / "asked" / f"{hashlib.sha256(query.encode()).hexdigest()[:32]}.json"
        today = dt.datetime.now(dt.UTC).date().isoformat()
        kept = self._cache.get_json(place)
        if kept is not None and kept.get("day") == today and isinstance(kept.get("answer"), dict):
            return read_search_page(kept["answer"], paid=False)
        answer = self._transport.fetch(
            f"{self._url}/works?{query}",
            _answered,
            max_bytes=_MOST_BYTES,
            before=lambda: self.purse.spend(PRICE),
        )
        self._cache.put_json(place, {"day": today, "answer": answer})
        return read_search_page(answer, paid=True)


def expression(wanted: Sequence[Sequence[str]]) -> str:
    """The search in OpenAlex's language; words in quotation marks, so that none is taken for an operator."""
    groups = (" OR ".join(f'"{_plain(word)}"' for word in group) for group in wanted)
    return " AND ".join(f"({group})" for group in groups)


def _plain(word: str) -> str:
    return " ".join(re.sub(r'["\\\x00-\x1f]', " ", word).split())


def _answered(answer: HttpAnswer) -> dict[str, Any]:
    if answer.status in (401, 403):
        raise SourceError("OpenAlex refuses the key: check OPENALEX_API_KEY")
    if answer.status == 429:
        raise SourceError("the day's budget at OpenAlex is spent; it is full again at midnight UTC")
    if answer.status != 200:
        raise SourceError(f"OpenAlex answered HTTP {answer.status}", url=answer.url)
    return json_of(answer)


def read_search_page(answer: dict[str, Any], *, paid: bool) -> SearchPage:
    """An answer as values; a work that cannot be used is left out, a field of another kind than expected counts as missing."""
    meta, results = answer.get("meta"), answer.get("results")
    cursor = meta.get("next_cursor") if isinstance(meta, dict) else None
    total = meta.get("count") if isinstance(meta, dict) else None
    papers: list[Listed] = []
    elsewhere: list[Elsewhere] = []
    works = [work for work in results if isinstance(work, dict)] if isinstance(results, list) else []
    for work in works[:PER_PAGE]:
        arxiv_id, doi = _arxiv_id(work), _text(work.get("doi")).lower().removeprefix("https://doi.org/")
        title = _text(work.get("display_name"))
        try:
            if arxiv_id:
                papers.append(_listed(work, arxiv_id, title, doi))
            elif title and re.fullmatch(r"10\.\d{4,9}/\S+", doi):
                elsewhere.append(Elsewhere(" ".join(title.split()), doi))
        except InputError:
            continue  # no paper that an index can hold
    return SearchPage(
        tuple(papers),
        tuple(elsewhere),
        cursor if isinstance(cursor, str) and works else "",
        total if isinstance(total, int) else None,
        paid,
    )


def _listed(work: dict[str, Any], arxiv_id: str, title: str, doi: str) -> Listed:
    names = [
        _text(entry["author"].get("display_name"))
        for entry in _items(work.get("authorships"))
        if isinstance(entry.get("author"), dict)
    ]
    return listed(
        arxiv_id,
        title,
        first_submitted=_submitted(arxiv_id, day_of(_text(work.get("publication_date")))),
        abstract=_abstract(work.get("abstract_inverted_index")),
        authors=tuple(filter(None, names)),
        doi="" if doi.startswith("10.48550/") else doi,
    )


def _submitted(arxiv_id: str, published: dt.date | None) -> dt.date | None:
    """The day of publication where it is that of the preprint: in the month of its id. A journal's may be years later."""
    return published if published and arxiv_id[:4] == f"{published:%y%m}" else None


def _arxiv_id(work: dict[str, Any]) -> str:
    """The id of a work on arXiv, by the addresses of its copies or its DOI; '' where none leads there."""
    places = [_text(place.get("landing_page_url")) for place in _items(work.get("locations"))]
    for text in (*places, _text(work.get("doi")).removeprefix("https://")):
        if match := _ARXIV.match(text):
            return re.sub(r"v\d+$", "", match["id"].removesuffix(".pdf"))
    return ""


def _abstract(index: object) -> str:
    """The text of an abstract that came as its words with their places."""
    if not isinstance(index, dict):
        return ""
    at = {
        place: word
        for word, places in index.items()
        if isinstance(places, list)
        for place in places
        if isinstance(place, int) and 0 <= place < _MOST_WORDS
    }
    return " ".join(at[place] for place in sorted(at))


def _items(value: object) -> list[dict[str, Any]]:
    return [entry for entry in value[:1000] if isinstance(entry, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value[:5000] if isinstance(value, str) else ""
