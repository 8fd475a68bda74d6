"""The adapter to the `arxiv` package: its requests and its feed parsing, our transport and our values.

The package's own client has no time limit, retries without back-off, takes an `Error` entry for an empty
answer and never checks the order; so only its query building (`Search`, `Client._format_url`) and its
Atom parser are used, and no other module knows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import arxiv  # type: ignore[import-untyped]
from arxiv import _feed
from lxml import etree

from litdb.errors import SourceError, UsageError
from litdb.sources.types import ArxivId, PaperRecord
from litdb.sources.web.transport import HttpAnswer, Transport, TryAgain

MOST_PER_PAGE = 2000
"""arXiv's limit on `max_results`."""

_MAX_BYTES = 64_000_000  # 2,000 entries are about 8 MB
_ATOM = "{http://www.w3.org/2005/Atom}"


class QueryRefused(SourceError):
    """arXiv rejected the request, with an `Error` entry or HTTP 400. Repeating it does not help."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer."""

    records: tuple[PaperRecord, ...]
    submitted: tuple[datetime, ...]
    """When version 1 of each record came in, to the second; as long as `records`."""
    entries: int
    """How many entries arXiv sent; more than `records` where one lacks its dates and was left out."""
    total: int
    """How many results arXiv says the query has."""

    @property
    def newest_first(self) -> bool:
        """Whether the records come newest first; less than a day is no sign of a lost order."""
        return all(
            (later - earlier).total_seconds() <= 86400
            for earlier, later in zip(self.submitted, self.submitted[1:], strict=False)
        )


class FeedClient(arxiv.Client):  # type: ignore[misc]
    """Asks the API at `api_url` through `transport`."""

    def __init__(self, transport: Transport, api_url: str) -> None:
        super().__init__(delay_seconds=0, num_retries=0)
        self.query_url_format = api_url + "?{}"
        self._transport = transport

    def newest(self, query: str, start: int, size: int, *, expected: bool) -> Page:
        """A page of a query, newest submission first.

        Args:
            query: in arXiv's query language.
            start: results to leave out.
            size: results asked for, at most `MOST_PER_PAGE`.
            expected: results must follow here, whatever the page says about the total.

        Raises:
            QueryRefused: arXiv does not accept the query.
            SourceError: it does not answer properly, or sends empty pages in the middle of the results.
        """
        search = arxiv.Search(
            query=query,
            sort_by=arxiv.SortCriterion.SubmittedDate,
            sort_order=arxiv.SortOrder.Descending,
        )

        def read(answer: HttpAnswer) -> Page:
            page = read_page(answer)
            if page.entries == 0 and (expected or page.total > start):
                raise TryAgain("sent an empty page where results should follow")
            return page

        return self._transport.fetch(self._format_url(search, start, size), read, max_bytes=_MAX_BYTES)

    def by_ids(self, ids: Iterable[ArxivId]) -> Page:
        """The entries of these ids, in arXiv's order; it leaves out the ids it does not know.

        Raises:
            QueryRefused: arXiv does not accept an id.
            SourceError: it does not answer properly.
        """
        asked = [str(arxiv_id) for arxiv_id in ids]
        url = self._format_url(arxiv.Search(id_list=asked), 0, len(asked))
        return self._transport.fetch(url, read_page, max_bytes=_MAX_BYTES)


def read_page(answer: HttpAnswer) -> Page:
    """Read an answer of the API.

    Raises:
        QueryRefused: it holds an `Error` entry, or has a status that says the request is wrong.
        TryAgain: it is no complete Atom feed.
    """
    body = answer.decoded(_MAX_BYTES)
    try:
        # Parsed strictly here: the package's parser repairs a truncated feed into a shorter one.
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        if 400 <= answer.status < 500:
            raise _refused(answer, f"HTTP {answer.status}") from error
        raise TryAgain("sent something that is no Atom feed") from error
    message = _error_message(root)
    if message is not None:
        raise _refused(answer, message)
    if 400 <= answer.status < 500:
        raise _refused(answer, f"HTTP {answer.status}")
    if answer.status != 200 or root.tag != f"{_ATOM}feed":
        raise TryAgain(f"answered HTTP {answer.status} and no Atom feed")
    entries = len(root.findall(f"{_ATOM}entry"))
    try:
        feed = _feed.parse(body)
        records = tuple(_record(result) for result in feed.results)
    except (UsageError, ValueError) as error:
        raise TryAgain(f"sent an entry that cannot be read ({error})") from error
    return Page(
        records=records,
        submitted=tuple(result.published.astimezone(UTC) for result in feed.results),
        entries=entries,
        total=int(feed.header.total_results),
    )


def _error_message(root: etree._Element) -> str | None:
    """The text of an `Error` entry, which arXiv sends with HTTP 200 or 400."""
    for entry in root.iterfind(f"{_ATOM}entry"):
        identity = entry.findtext(f"{_ATOM}id", "")
        title = entry.findtext(f"{_ATOM}title", "").strip()
        if "/api/errors" in identity or (title == "Error" and entry.find(f"{_ATOM}published") is None):
            return " ".join(entry.findtext(f"{_ATOM}summary", "").split()) or "no reason given"
    return None


def _refused(answer: HttpAnswer, message: str) -> QueryRefused:
    return QueryRefused(f"arXiv does not accept the request: {message}", url=answer.url)


def _record(result: arxiv.Result) -> PaperRecord:
    """The package's value as ours; UsageError when its id is none."""
    arxiv_id = ArxivId.parse(result.entry_id)
    version = arxiv_id.version or 1
    primary = str(result.primary_category)
    others = [str(name) for name in result.categories if name != primary]
    return PaperRecord(
        arxiv_id=arxiv_id.paper,
        version=version,
        title=_clean(result.title) or "",
        authors=tuple(name for author in result.authors if (name := _clean(author.name))),
        first_submitted=result.published.astimezone(UTC).date(),
        updated=result.updated.astimezone(UTC).date(),
        doi=_clean(result.doi),
        journal_ref=_clean(result.journal_ref),
        comment=_clean(result.comment),
        categories=tuple([primary, *others] if primary else others),
        newest_version=version,
    )


def _clean(text: str | None) -> str | None:
    """The text on one line without extra spaces; None when nothing is left."""
    return re.sub(r"\s+", " ", text).strip() or None if text else None
