"""What search services have in common: a page of works for groups of words, kept for the day, paid for where it costs."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar
from urllib.parse import urlencode

from litdb.errors import InputError, SourceError
from litdb.sources.cache import Cache
from litdb.sources.field.listed import Listed, listed
from litdb.sources.field.purse import Purse
from litdb.sources.web.hosts import Host
from litdb.sources.web.throttle import Throttle
from litdb.sources.web.transport import DEFAULT_PATIENCE, HttpAnswer, Patience, Transport
from litdb.sources.works.answers import json_of

Wanted = Sequence[Sequence[str]]
#: The cursor of a first page.
FIRST = "*"
_MOST_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A work that was found and is not on arXiv."""

    title: str
    doi: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of answers: papers, where it goes on ('' at the end), how many fit in all."""

    papers: tuple[Listed, ...]
    cursor: str
    total: int | None

    @property
    def elsewhere(self) -> tuple[Elsewhere, ...]:
        """Those of them that are not on arXiv."""
        return tuple(Elsewhere(paper.title, paper.doi) for paper in self.papers if not paper.arxiv_id)


class SearchService(ABC):
    """Searches of one service. A context manager; processes that share `cache_dir` share its turns and its money.

    Args:
        host: the service.
        path: what is asked, below `url`.
        purse: pays `price` for each request before it is sent; without one, requests cost nothing.
        secrets: parameters that go with every request and stand in no message.

    Raises:
        UsageError: the address is neither https nor on this machine.
    """

    _WORKS: ClassVar[tuple[str, ...]]
    """Where an answer holds its works."""

    def __init__(
        self,
        host: Host,
        cache_dir: Path,
        url: str,
        path: str,
        *,
        purse: Purse | None = None,
        price: int = 0,
        secrets: Mapping[str, str] | None = None,
        patience: Patience = DEFAULT_PATIENCE,
    ) -> None:
        self._host, self._url = host, url.rstrip("/") + path
        self._cache, self._purse, self._price = Cache(cache_dir), purse, price
        throttle = Throttle(host, cache_dir, host.pause(None, (url,)))
        self._transport = Transport(host, throttle, bases=(url,), patience=patience, secrets=secrets)

    def __enter__(self) -> SearchService:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    @property
    def spent(self) -> int:
        """What this run has cost, in millionths of a dollar."""
        return self._purse.spent if self._purse is not None else 0

    def page(self, wanted: Wanted, since: dt.date | None = None, cursor: str = FIRST) -> SearchPage:
        """A page of works, best first, that meet each group of words by one of them; the first, or the one at `cursor`.

        What was asked earlier the same day is not asked again. Raises BudgetSpent before anything is sent that costs more than is
        left, SourceError when the service does not answer.
        """
        query = urlencode(self._asked(wanted, since, cursor))
        name = hashlib.sha256(f"{self._host.slug} {query}".encode()).hexdigest()[:32]
        place = self._cache.root / "asked" / f"{name}.json"
        today = dt.datetime.now(dt.UTC).date().isoformat()
        kept = self._cache.get_json(place)
        if kept is not None and kept.get("day") == today and isinstance(kept.get("answer"), dict):
            return self.read(kept["answer"])
        purse = self._purse
        answer = self._transport.fetch(
            f"{self._url}?{query}",
            self._answered,
            max_bytes=_MOST_BYTES,
            before=None if purse is None else lambda: purse.spend(self._price),
        )
        self._cache.put_json(place, {"day": today, "answer": answer})
        return self.read(answer)

    @abstractmethod
    def _asked(self, wanted: Wanted, since: dt.date | None, cursor: str) -> dict[str, str]:
        """The parameters of a request."""

    @staticmethod
    @abstractmethod
    def read(answer: dict[str, Any]) -> SearchPage:
        """An answer as values; what cannot be used is left out, fields of another kind than expected count as missing."""

    def _answered(self, answer: HttpAnswer) -> dict[str, Any]:
        if answer.status in (401, 403):
            raise SourceError(f"{self._host.name} refuses the key, or to answer without one: check it")
        if answer.status == 429:
            raise SourceError(
                f"the day's budget at {self._host.name} is spent; it is full again at midnight UTC"
            )
        if answer.status != 200:
            raise SourceError(f"{self._host.name} answered HTTP {answer.status}", url=answer.url)
        found = json_of(answer)
        works: object = found
        for name in self._WORKS:
            works = works.get(name) if isinstance(works, dict) else None
        if not isinstance(works, list):  # an error in words: not asked again, since it may cost again
            raise SourceError(f"{self._host.name} answered without a list of works", url=answer.url)
        return found


def page_of(
    works: Sequence[tuple[Mapping[str, Any], str, str, str]], cursor: object, total: object
) -> SearchPage:
    """A page from works: what `listed` takes besides id and title, arXiv id ('' for none), title, DOI."""
    papers: list[Listed] = []
    for more, arxiv_id, title, doi in works:
        doi = doi.lower().removeprefix("https://doi.org/")
        try:
            papers.append(listed(arxiv_id, title, doi="" if doi.startswith("10.48550/") else doi, **more))
        except InputError:
            continue  # no paper that an index can hold
    return SearchPage(
        tuple(papers),
        cursor if isinstance(cursor, str) and works else "",
        total if isinstance(total, int) else None,
    )


def submitted(arxiv_id: str, published: dt.date | None) -> dt.date | None:
    """The day of publication; of a paper on arXiv where it is that of the preprint, in the month of its id: a journal's may be
    years later."""
    return published if published and arxiv_id[:4] in ("", f"{published:%y%m}") else None


def plain_term(word: str) -> str:
    """A word or phrase without what could end its quotation marks."""
    return " ".join(re.sub(r'["\\\x00-\x1f]', " ", word).split())


def objects_in(value: object) -> list[dict[str, Any]]:
    """The objects in a list of JSON, none for what is no list."""
    return [entry for entry in value[:1000] if isinstance(entry, dict)] if isinstance(value, list) else []


def text_in(value: object) -> str:
    """A text of JSON, '' for what is none."""
    return value[:20_000] if isinstance(value, str) else ""
