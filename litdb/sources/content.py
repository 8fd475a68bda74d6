"""The content of a paper version: its e-print, else arXiv's HTML, else a note that there is only a PDF."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from litdb.errors import CacheMiss, InputError, SourceError, TooLarge
from litdb.sources.cache import Cache, CacheEntry, SourceKind
from litdb.sources.eprint import EprintFiles, eprint_files, may_be_eprint
from litdb.sources.html import decode_html, ends_early, is_markup, is_notice, is_paper
from litdb.sources.types import ArxivId, DocumentKind, Fetched
from litdb.sources.web.transport import HttpAnswer, Transport, TryAgain

_NOT_THERE = frozenset({404, 410})
_ABSENCE_HOLDS = timedelta(days=7)  # arXiv converts papers to HTML late, and may do so any day
_NO_FILES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class _Part:
    """What one of the two sources, e-print or HTML, gave."""

    entry: CacheEntry | None
    """None when the source has nothing; set with no files when it holds nothing that can be read."""
    from_cache: bool
    files: Mapping[str, str]
    problem: str
    """Why there are no files; empty when there are."""
    error: TooLarge | None = None
    kind: DocumentKind = "pdf-only"


class ContentReader:
    """Gets content through `transport` (None: from the cache only) and keeps it in `cache`.

    Args:
        transport: the connection, or None.
        cache: where downloads are kept.
        content_url: the address below which `/e-print/` and `/html/` are.
        max_bytes: the longest download.
    """

    def __init__(self, transport: Transport | None, cache: Cache, content_url: str, max_bytes: int) -> None:
        self._transport = transport
        self._cache = cache
        self._content_url = content_url
        self._max_bytes = max_bytes

    def content(self, arxiv_id: ArxivId) -> Fetched:
        """See `ArxivSource.content`; `arxiv_id` has its version."""
        source = self._eprint(arxiv_id)
        if source.entry is not None and source.kind == "latex" and source.files:
            return self._fetched(arxiv_id, "latex", source.entry, source, source.from_cache, "")
        page = self._html(arxiv_id)
        from_cache = source.from_cache and page.from_cache
        if page.entry is not None:
            if source.entry is None and not source.from_cache and source.error is None:
                self._cache.put_absent(arxiv_id, "eprint", url=self._url("eprint", arxiv_id))
            return self._fetched(
                arxiv_id, "html", page.entry, page, from_cache, f"{source.problem}; read from HTML"
            )
        if source.error is not None:
            raise source.error
        if source.entry is not None:
            if not page.from_cache:
                self._cache.put_absent(arxiv_id, "html", url=self._url("html", arxiv_id))
            note = f"{source.problem}, and {page.problem}"
            return self._fetched(arxiv_id, source.kind, source.entry, source, from_cache, note)
        if self._transport is None:
            raise CacheMiss(f"{arxiv_id} is not in the cache; fetch it once without --offline")
        raise SourceError(
            f"arXiv has neither source nor HTML of {arxiv_id}; enter figures with litdb add-result --paper",
            url=self._url("eprint", arxiv_id),
        )

    def _eprint(self, arxiv_id: ArxivId) -> _Part:
        entry = self._known(arxiv_id, "eprint")
        if entry is not None:
            data = self._cache.read(entry.sha256) if entry.sha256 else None
            if data is not None and may_be_eprint(data):
                return _part(entry, True, _unpack(data))
            if entry.sha256 is None:
                return _Part(None, True, _NO_FILES, "arXiv has no source of it")
        if self._transport is None:
            return _Part(None, True, _NO_FILES, "its e-print is not in the cache")
        url = self._url("eprint", arxiv_id)

        def read(answer: HttpAnswer) -> tuple[bytes, EprintFiles | TooLarge] | None:
            if _is_absent(answer):
                return None
            _refuse_page(answer, arxiv_id)
            try:
                return answer.body, _unpack(answer.body)
            except InputError as error:
                raise TryAgain(f"sent a damaged e-print of {arxiv_id}") from error

        try:
            # The file as it is stored, without a second compression for the transfer.
            got = self._transport.fetch(url, read, max_bytes=self._max_bytes, accept_encoding="identity")
        except TooLarge as error:
            return _Part(None, False, _NO_FILES, "its e-print is too long", error)
        if got is None:
            return _Part(None, False, _NO_FILES, "arXiv has no source of it")
        return _part(self._cache.put(arxiv_id, "eprint", got[0], url=url), False, got[1])

    def _html(self, arxiv_id: ArxivId) -> _Part:
        absent = "arXiv has no HTML of it"
        entry = self._known(arxiv_id, "html")
        if entry is not None:
            data = self._cache.read(entry.sha256) if entry.sha256 else None
            if data is not None:
                return _Part(entry, True, {"index.html": decode_html(data)}, "")
            if entry.sha256 is None:
                return _Part(None, True, _NO_FILES, absent)
        if self._transport is None:
            return _Part(None, True, _NO_FILES, "its HTML is not in the cache")
        url = self._url("html", arxiv_id)

        def read(answer: HttpAnswer) -> tuple[bytes, str] | None:
            if _is_absent(answer):
                return None
            body = answer.decoded(self._max_bytes)
            text = decode_html(body)
            if ends_early(text):
                raise TryAgain(f"sent half a page of {arxiv_id}")
            if not is_paper(text) and not is_notice(text):
                raise TryAgain(f"sent a page that is neither {arxiv_id} nor says that there is no HTML of it")
            return (body, text) if is_paper(text) else None

        got = self._transport.fetch(url, read, max_bytes=self._max_bytes)
        if got is None:
            return _Part(None, False, _NO_FILES, absent)
        return _Part(self._cache.put(arxiv_id, "html", got[0], url=url), False, {"index.html": got[1]}, "")

    def _known(self, arxiv_id: ArxivId, kind: SourceKind) -> CacheEntry | None:
        """The cache's entry; an absence seen long ago counts only offline."""
        entry = self._cache.entry(arxiv_id, kind)
        if entry is None or entry.sha256 is not None or self._transport is None:
            return entry
        return entry if datetime.now(UTC) - entry.fetched_at < _ABSENCE_HOLDS else None

    def _url(self, kind: SourceKind, arxiv_id: ArxivId) -> str:
        return f"{self._content_url}/{'e-print' if kind == 'eprint' else 'html'}/{arxiv_id}"

    def _fetched(
        self,
        arxiv_id: ArxivId,
        kind: DocumentKind,
        entry: CacheEntry,
        part: _Part,
        from_cache: bool,
        note: str,
    ) -> Fetched:
        assert entry.sha256 is not None  # both by the callers
        assert arxiv_id.version is not None
        return Fetched(
            arxiv_id=arxiv_id.paper,
            version=arxiv_id.version,
            kind=kind,
            sha256=entry.sha256,
            path=self._cache.path_of(entry.sha256),
            files=part.files,
            fetched_at=entry.fetched_at,
            url=entry.url,
            from_cache=from_cache,
            note=note,
        )


def _part(entry: CacheEntry, from_cache: bool, unpacked: EprintFiles | TooLarge) -> _Part:
    if isinstance(unpacked, TooLarge):
        return _Part(entry, from_cache, _NO_FILES, "its e-print passes the bounds", unpacked)
    problem = {
        "latex": "",
        "pdf-only": "its e-print is a PDF only",
        "no-tex": "its e-print has no TeX",
        "notice": "its e-print is only a notice",
        "encoding": "its TeX is in an encoding that cannot be read",
    }[unpacked.kind]
    return _Part(entry, from_cache, unpacked.files, problem, kind=unpacked.kind)


def _unpack(data: bytes) -> EprintFiles | TooLarge:
    """The files, or the limit they pass: asking for the same bytes again would not help."""
    try:
        return eprint_files(data)
    except TooLarge as error:
        return error


def _refuse_page(answer: HttpAnswer, arxiv_id: ArxivId) -> None:
    """Raise TryAgain for a page with status 200 in place of an e-print: of a proxy, a log-in, maintenance.

    The bytes decide; packed ones that are said to be a page are unpacked first. Nothing of it is kept.
    """
    body = answer.body
    if "html" in answer.content_type.lower() and body.startswith(b"\x1f\x8b"):
        with suppress(zlib.error):
            body = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(body, 4096)
        if is_markup(body):
            raise TryAgain(f"sent a page instead of the e-print of {arxiv_id}")
    elif not may_be_eprint(body):
        raise TryAgain(f"sent something else instead of the e-print of {arxiv_id}")


def _is_absent(answer: HttpAnswer) -> bool:
    """Whether the answer says that there is nothing. Raises SourceError when it is neither that nor the content."""
    if answer.status in _NOT_THERE:
        return True
    if answer.status != 200:
        raise SourceError(f"arXiv answered HTTP {answer.status} for {answer.url}", url=answer.url)
    return False
