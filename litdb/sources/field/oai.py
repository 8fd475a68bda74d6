"""arXiv's listing by OAI-PMH: all papers of a category, page by page, newest state of each.

The format asked for is `arXivRaw`: it alone has the versions with their dates (`arXiv` has one day for all of them).
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from urllib.parse import urlencode

from lxml import etree

from litdb.errors import InputError, SourceError, UsageError
from litdb.sources.field.listed import Listed, Unlisted, day_of, listed, split_authors, version_of
from litdb.sources.web.hosts import ARXIV
from litdb.sources.web.throttle import Throttle
from litdb.sources.web.transport import HttpAnswer, Patience, Transport, TryAgain

OAI_URL = "https://oaipmh.arxiv.org/oai"
_MAX_BYTES = 64_000_000  # a page of 1,300 records is about 3 MB
_PATIENCE = Patience(
    silence=120.0, total=300.0
)  # a page may take arXiv a minute and a half before its first byte
_HOST = replace(ARXIV, instead="what was taken in before can be searched")
_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"


class ListingExpired(SourceError):
    """arXiv no longer knows where the listing was to go on; it begins anew from the day it began at."""


@dataclass(frozen=True, slots=True)
class ListingPage:
    """A page of a listing."""

    records: tuple[Listed, ...]
    unlisted: tuple[Unlisted, ...]
    gone: tuple[str, ...]
    """Ids of papers that arXiv says it has no more."""
    token: str
    """Where the listing goes on; '' at its end."""
    total: int | None
    """How many records the listing has, where arXiv says so."""
    day: dt.date
    """The day of the answer, in arXiv's words."""


def set_of(category: str) -> str:
    """The name of a category's set: `cs.SD` is `cs:cs:SD`. Raises UsageError."""
    archive, dot, subject = category.partition(".")
    if not dot or not archive.replace("-", "").isalpha() or not subject.replace("-", "").isalpha():
        raise UsageError(f"{category!r} is no category of arXiv: write one like cs.SD")
    return f"{archive}:{archive}:{subject}"


class ListingSource:
    """arXiv's OAI-PMH interface. A context manager; it shares arXiv's turns with all other requests.

    Args:
        cache_dir: where the lock lies; processes that share it take turns.
        url: the address; default `LITDB_ARXIV_OAI`, else arXiv's.
        delay: seconds between requests; default `LITDB_ARXIV_DELAY`, else 3.
        patience: time limits of one request.

    Raises:
        UsageError: the address is neither https nor on this machine, or the delay is not what arXiv allows.
    """

    def __init__(
        self,
        cache_dir: Path,
        *,
        url: str | None = None,
        delay: float | None = None,
        patience: Patience = _PATIENCE,
    ) -> None:
        self._url = url or os.environ.get("LITDB_ARXIV_OAI") or OAI_URL
        throttle = Throttle(_HOST, cache_dir, _HOST.pause(delay, (self._url,)))
        self._transport = Transport(_HOST, throttle, bases=(self._url,), patience=patience)

    def __enter__(self) -> ListingSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    def first(self, category: str, since: dt.date | None) -> ListingPage:
        """The first page of a category: of all its records, or of those that changed on a day or later.

        Raises SourceError when arXiv does not answer properly.
        """
        asked = {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "set": set_of(category)}
        return self._page(asked | ({"from": since.isoformat()} if since else {}))

    def following(self, token: str) -> ListingPage:
        """The page at which a listing goes on. Raises ListingExpired, SourceError."""
        return self._page({"verb": "ListRecords", "resumptionToken": token})

    def _page(self, asked: dict[str, str]) -> ListingPage:
        return self._transport.fetch(
            f"{self._url}?{urlencode(asked)}", read_listing_page, max_bytes=_MAX_BYTES
        )


def read_listing_page(answer: HttpAnswer) -> ListingPage:
    """Read an answer of the interface.

    Raises:
        ListingExpired: the token is not known any more.
        SourceError: arXiv says that the request is wrong.
        TryAgain: it is no whole answer.
    """
    body = answer.decoded(_MAX_BYTES)
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        if 400 <= answer.status < 500:
            raise SourceError(
                f"arXiv answered HTTP {answer.status} for its listing", url=answer.url
            ) from error
        raise TryAgain("sent something that is no listing") from error
    day = day_of(root.findtext(f"{_OAI}responseDate", ""))
    if answer.status != 200 or root.tag != f"{_OAI}OAI-PMH" or day is None:
        raise TryAgain(f"answered HTTP {answer.status} and no listing")
    error_element = root.find(f"{_OAI}error")
    if error_element is not None:
        return _said(error_element, day, answer.url)
    records: list[Listed] = []
    unlisted: list[Unlisted] = []
    gone: list[str] = []
    for record in root.iterfind(f"{_OAI}ListRecords/{_OAI}record"):
        identifier = record.findtext(f"{_OAI}header/{_OAI}identifier", "").removeprefix("oai:arXiv.org:")
        header = record.find(f"{_OAI}header")
        if header is not None and header.get("status") == "deleted":
            gone.append(identifier)
            continue
        try:
            records.append(_record(record))
        except InputError as error:
            unlisted.append(Unlisted(identifier[:40] or "a record without identifier", str(error)))
    token = root.find(f"{_OAI}ListRecords/{_OAI}resumptionToken")
    size = token.get("completeListSize", "") if token is not None else ""
    return ListingPage(
        records=tuple(records),
        unlisted=tuple(unlisted),
        gone=tuple(gone),
        token=(token.text or "").strip() if token is not None else "",
        total=int(size) if size.isascii() and size.isdigit() and len(size) < 10 else None,
        day=day,
    )


def _said(error: etree._Element, day: dt.date, url: str) -> ListingPage:
    code, words = error.get("code", ""), " ".join((error.text or "").split())[:200]
    if code == "noRecordsMatch":
        return ListingPage((), (), (), "", 0, day)
    if code == "badResumptionToken":
        raise ListingExpired("arXiv no longer knows where its listing was to go on", url=url)
    raise SourceError(f"arXiv does not list this: {code or 'no code'}: {words or 'no reason given'}", url=url)


def _record(record: etree._Element) -> Listed:
    """A record in the format arXivRaw. Raises InputError."""
    raw = next(_children(record.find(f"{_OAI}metadata")), None)
    if raw is None:
        raise InputError("it has no metadata")

    def text(name: str) -> str:
        return raw.findtext(f"{_RAW}{name}", "")

    versions = [
        (version_of(element.get("version", "")), day_of(element.findtext(f"{_RAW}date", "")))
        for element in raw.iterfind(f"{_RAW}version")
    ]
    return listed(
        text("id"),
        text("title"),
        version=max((number for number, _day in versions if number), default=None),
        first_submitted=next((day for number, day in versions if number == 1), None),
        abstract=text("abstract"),
        authors=split_authors(text("authors")),
        categories=tuple(text("categories").split()),
        doi=text("doi"),
        journal=text("journal-ref"),
    )


def _children(element: etree._Element | None) -> Iterator[etree._Element]:
    return iter(()) if element is None else iter(element.iterchildren(f"{_RAW}arXivRaw"))
