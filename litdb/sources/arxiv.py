"""`ArxivSource`: papers by id, query and version, and their content, over one rate-limited connection."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from types import TracebackType

from litdb.errors import UsageError
from litdb.sources.cache import Cache
from litdb.sources.content import ContentReader
from litdb.sources.feed import FeedClient
from litdb.sources.lookup import look_up
from litdb.sources.search import MOST_PER_QUERY, Search
from litdb.sources.types import ArxivId, Failure, Fetched, FoundPapers, PaperRecord
from litdb.sources.web.hosts import ARXIV
from litdb.sources.web.throttle import Throttle
from litdb.sources.web.transport import DEFAULT_PATIENCE, Patience, Transport

API_URL = "https://export.arxiv.org/api/query"
CONTENT_URL = "https://arxiv.org"


class ArxivSource:
    """arXiv, as litdb sees it. Use it as a context manager, or call `close`.

    Args:
        cache_dir: where downloads, records and the lock lie; processes that share it take turns.
        api_url: the Atom API; default `LITDB_ARXIV_API`, else arXiv's.
        content_url: where `/e-print/<id>` and `/html/<id>` are; default `LITDB_ARXIV_URL`, else arXiv's.
        delay: seconds between requests; default `LITDB_ARXIV_DELAY`, else 3. Less than 3 is only taken for a
            server on this machine.
        patience: time limits of one request.
        offline: answer from the cache only.
        allowed_hosts: hosts a redirect may lead to, besides those of the two addresses.
        max_bytes: the longest download of a source or page.
        page_size, query_cap: results a search asks for at once, and how far it pages before it cuts the query
            by date.

    Raises:
        UsageError: an address is neither https nor on this machine, or the delay is not what arXiv allows.
    """

    def __init__(
        self,
        cache_dir: Path,
        *,
        api_url: str | None = None,
        content_url: str | None = None,
        delay: float | None = None,
        patience: Patience = DEFAULT_PATIENCE,
        offline: bool = False,
        allowed_hosts: frozenset[str] = ARXIV.domains,
        max_bytes: int = 200_000_000,
        page_size: int = 100,
        query_cap: int = MOST_PER_QUERY,
    ) -> None:
        self._cache = Cache(cache_dir)
        self._offline = offline
        self._page_size = page_size
        self._query_cap = query_cap
        self._transport: Transport | None = None
        self._client: FeedClient | None = None
        content_url = (content_url or os.environ.get("LITDB_ARXIV_URL") or CONTENT_URL).rstrip("/")
        if not offline:
            api_url = api_url or os.environ.get("LITDB_ARXIV_API") or API_URL
            self._transport = Transport(
                ARXIV,
                Throttle(ARXIV, self._cache.root, ARXIV.pause(delay, (api_url, content_url))),
                bases=(api_url, content_url),
                allowed_hosts=allowed_hosts,
                patience=patience,
            )
            self._client = FeedClient(self._transport, api_url)
        self._content = ContentReader(self._transport, self._cache, content_url, max_bytes)

    def by_ids(self, ids: Iterable[ArxivId]) -> FoundPapers:
        """Records of these ids in the order asked, and a failure for every id that gave none.

        Without a version the newest is meant. Offline, what the cache knows.
        """
        return self._found(list(ids), {})

    def _found(self, asked: list[ArxivId], newest: dict[ArxivId, PaperRecord]) -> FoundPapers:
        if self._client is None:
            return self._from_cache(asked)
        found = look_up(self._client, asked, newest)
        for record in found.records:
            self._cache.put_record(record)
        return found

    def search(
        self, query: str, *, since: date | None = None, max_results: int = 100
    ) -> Iterator[PaperRecord]:
        """Papers that fit a query in arXiv's language, newest submission first.

        Args:
            query: such as `abs:"speech enhancement" AND cat:eess.AS`.
            since: only papers first submitted on this day or later.
            max_results: stop after so many; pages are asked for as they are needed.

        An interrupted iteration continues from its stored pages when it is started again within six hours.

        Raises:
            UsageError: the query is empty, or no result is asked for.
            CacheMiss: offline, and this search was never made.
            SourceError: arXiv refuses the query or does not answer properly.
        """
        if not query.strip():
            raise UsageError("the query is empty; write one like abs:denoising")
        if max_results < 1:
            raise UsageError("ask for at least one result")
        search = Search(
            self._client,
            self._cache,
            query.strip(),
            since,
            max_results,
            min(self._page_size, max_results),
            self._query_cap,
        )
        return search.results()

    def versions(self, record: PaperRecord) -> FoundPapers:
        """The records of version 1 to the newest, oldest first; old ones come from the cache if they can."""
        wanted = [record.arxiv_id.with_version(number) for number in range(1, record.newest_version + 1)]
        known: dict[ArxivId, PaperRecord] = {wanted[record.version - 1]: record}
        for arxiv_id in wanted[:-1]:  # an old version no longer changes
            stored = self._cache.record(arxiv_id)
            if stored is not None:
                known.setdefault(arxiv_id, stored)
        unknown = [arxiv_id for arxiv_id in wanted if arxiv_id not in known]
        newest_known = {record.arxiv_id: known[wanted[-1]]} if wanted[-1] in known else {}
        asked = self._found(unknown, newest_known)
        known |= {item.arxiv_id.with_version(item.version): item for item in asked.records}
        newest = record.newest_version
        records = (known[arxiv_id].with_newest(newest) for arxiv_id in wanted if arxiv_id in known)
        return FoundPapers(tuple(records), asked.failures)

    def content(self, arxiv_id: ArxivId, version: int | None = None) -> Fetched:
        """The content of one version: the LaTeX of its e-print, else arXiv's HTML, else a note that there is only a PDF.

        Args:
            arxiv_id: the paper.
            version: which version; may be left out when `arxiv_id` has one.

        Raises:
            UsageError: no version is given.
            CacheMiss: offline, and the cache has no copy.
            SourceError: arXiv does not answer properly (then `retry` is set), or has neither source nor HTML.
            TooLarge: the e-print passes the bounds and there is no HTML.
        """
        number = version if version is not None else arxiv_id.version
        if number is None:
            raise UsageError(f"say which version of {arxiv_id} is meant, like {arxiv_id}v1")
        return self._content.content(arxiv_id.with_version(number))

    def holds(self, sha256: str) -> bool:
        """Whether what was downloaded is in the cache, unchanged."""
        return self._cache.holds(sha256)

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()

    def __enter__(self) -> ArxivSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _from_cache(self, asked: list[ArxivId]) -> FoundPapers:
        records: list[PaperRecord] = []
        failures: list[Failure] = []
        for arxiv_id in dict.fromkeys(asked):
            record = self._cache.record(arxiv_id)
            if record is None:
                reason = f"{arxiv_id} is not in the cache; fetch it once without --offline"
                failures.append(Failure(arxiv_id, reason, False))
            else:
                records.append(record)
        return FoundPapers(tuple(records), tuple(failures))
