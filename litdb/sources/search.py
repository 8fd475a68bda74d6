"""A query's results, newest first, page by page, continuing where an interrupted run stopped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from litdb.errors import CacheMiss, SourceError
from litdb.sources.cache import Cache
from litdb.sources.feed import MOST_PER_PAGE, FeedClient, Page
from litdb.sources.types import PaperRecord

MOST_PER_QUERY = 30_000
"""Beyond this `start` arXiv answers no query."""

_GOES_ON_FOR = timedelta(
    hours=6
)  # an older unfinished search starts again: too many papers may have appeared since


@dataclass(slots=True)
class _Position:
    """Where the next page starts."""

    start: int = 0
    before: date | None = None
    """Only papers submitted up to this day: set when the query is cut in windows to stay below the cap."""
    finished: bool = False

    def as_json(self) -> dict[str, Any]:
        before = self.before.isoformat() if self.before else None
        return {"start": self.start, "before": before, "finished": self.finished}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> _Position:
        before = date.fromisoformat(values["before"]) if values["before"] else None
        return cls(int(values["start"]), before, bool(values["finished"]))


@dataclass(slots=True)
class Search:
    """One query and the pages of it that the cache has.

    Args:
        client: None when offline: then the last stored pages are all there is.
        page_size: results a request asks for.
        cap: how far arXiv pages; beyond it the query is cut by submission date.
    """

    client: FeedClient | None
    cache: Cache
    query: str
    since: date | None
    max_results: int
    page_size: int = 100
    cap: int = MOST_PER_QUERY
    _seen: set[str] = field(default_factory=set, init=False)
    _oldest: datetime | None = field(default=None, init=False)

    def results(self) -> Iterator[PaperRecord]:
        """At most `max_results` records, newest submission first, each paper once.

        Raises:
            CacheMiss: offline, and this search was never made.
            QueryRefused: arXiv does not accept the query.
            SourceError: it does not answer properly; the pages so far are kept and a later call goes on from
                them.
        """
        left = self.max_results
        for records in self._pages():
            for record in records:
                if record.arxiv_id.id in self._seen or (self.since and record.first_submitted < self.since):
                    continue
                if left == 0:
                    break
                self._seen.add(record.arxiv_id.id)
                left -= 1
                yield record
            if left == 0:
                break
        if self.client is not None:
            # Stored only now: a run that stops before this point gets the same pages again.
            self.cache.put_json(self._folder / "finished.json", {})

    @property
    def _folder(self) -> Path:
        return self.cache.search_folder(f"{self.since}\n{self.query}")

    def _pages(self) -> Iterator[tuple[PaperRecord, ...]]:
        position, number = _Position(), 0
        if self.client is None or self._goes_on():
            while (stored := self._stored(number)) is not None:
                records, position, self._oldest = stored
                number += 1
                yield records
        else:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self.client is None:
            if number == 0:
                raise CacheMiss("this search is not in the cache; make it once without --offline")
            return
        while not position.finished:
            page, position = self._ask(self.client, position)
            for record in page.records:
                self.cache.put_record(record)
            self._store(number, page, position)
            number += 1
            yield page.records

    def _ask(self, client: FeedClient, at: _Position) -> tuple[Page, _Position]:
        """The page at this position, in order, and the position after it."""
        query = self._windowed(at.before)
        size = min(self.page_size, MOST_PER_PAGE)
        page = client.newest(query, at.start, size, expected=at.start > 0)
        if not self._in_order(page):
            page = client.newest(query, at.start, size, expected=at.start > 0)
        if not self._in_order(page):
            return self._all_at_once(client, query, page.total), _Position(finished=True)
        if page.submitted:
            self._oldest = page.submitted[-1]
        start = at.start + page.entries
        if page.entries == 0 or start >= page.total:
            return page, _Position(finished=True)
        if start + size <= self.cap:
            return page, _Position(start, at.before)
        assert self._oldest is not None  # a page with entries that are all unreadable would not be in order
        before = self._oldest.date()
        if before == at.before:
            raise SourceError(f"more than {self.cap:,} papers of one day fit the query; make it narrower")
        return page, _Position(0, before)

    def _in_order(self, page: Page) -> bool:
        """Whether the page is sorted newest first and continues below the page before it."""
        if not page.submitted or self._oldest is None:
            return page.newest_first
        return page.newest_first and page.submitted[0] - self._oldest <= timedelta(days=1)

    def _all_at_once(self, client: FeedClient, query: str, total: int) -> Page:
        """Every result of a query whose order arXiv ignores, sorted here."""
        if total > MOST_PER_PAGE:
            raise SourceError(
                f"arXiv ignores the order asked for and the query has {total:,} results; "
                "ask for less with --since, or try later",
                retry=True,
            )
        page = client.newest(query, 0, MOST_PER_PAGE, expected=True)
        if page.entries < page.total:
            raise SourceError(
                f"arXiv ignores the order asked for and sent {page.entries:,} of {page.total:,} results; "
                "try again later",
                retry=True,
            )
        order = sorted(range(len(page.records)), key=lambda index: page.submitted[index], reverse=True)
        return Page(
            tuple(page.records[index] for index in order),
            tuple(page.submitted[index] for index in order),
            page.entries,
            page.total,
        )

    def _windowed(self, before: date | None) -> str:
        if self.since is None and before is None:
            return self.query
        first = self.since or date(1991, 1, 1)  # arXiv's first year
        last = before or datetime.now(UTC).date() + timedelta(days=1)
        return f"({self.query}) AND submittedDate:[{first:%Y%m%d}0000 TO {last:%Y%m%d}2359]"

    def _goes_on(self) -> bool:
        """Whether an unfinished run of this search is recent enough to go on."""
        if (self._folder / "finished.json").exists():
            return False
        first = self.cache.get_json(self._folder / "0000.json")
        if first is None:
            return False
        age = datetime.now(UTC) - datetime.fromisoformat(first["stored_at"])
        return age < _GOES_ON_FOR

    def _store(self, number: int, page: Page, after: _Position) -> None:
        values = {
            "stored_at": datetime.now(UTC).isoformat(),
            "query": self.query,
            "records": [record.as_json() for record in page.records],
            "after": after.as_json(),
            "oldest": self._oldest.isoformat() if self._oldest else None,
        }
        self.cache.put_json(self._folder / f"{number:04}.json", values)

    def _stored(self, number: int) -> tuple[tuple[PaperRecord, ...], _Position, datetime | None] | None:
        values = self.cache.get_json(self._folder / f"{number:04}.json")
        if values is None:
            return None
        oldest = datetime.fromisoformat(values["oldest"]) if values["oldest"] else None
        records = tuple(PaperRecord.from_json(item) for item in values["records"])
        return records, _Position.from_json(values["after"]), oldest
