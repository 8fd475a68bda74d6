"""A stand-in for arXiv on loopback: its Atom API, e-print and HTML paths, with faults on demand.

The shape of the answers follows answers of export.arxiv.org recorded in April 2026.

    with ReplayServer([paper]) as server:
        server.fault("503", "/e-print/", times=2)
        ArxivSource(folder, api_url=server.api_url, content_url=server.content_url, delay=0)
"""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, quoteattr

FaultKind = Literal[
    "429",  # with Retry-After, see `retry_after`
    "429-bare",
    "503",
    "slow",  # headers, then a byte now and then, without end
    "slow-header",  # a header line without end
    "cut",  # half the body, then the connection is closed
    "truncated-gzip",  # a complete HTTP answer whose archive ends early
    "empty-page",  # no entries, total as before
    "short-answer",  # the last entry is missing
    "error-entry",  # HTTP 200 with an Error entry
    "400",
    "unordered",
    "redirect",  # to a host that is not arXiv
    "html-body",  # HTTP 200 with a page that is no feed
    "page",  # HTTP 200 with a log-in page that says it is an archive
    "gzip-page",  # the same, packed and called a page
    "json",  # HTTP 200 with an error as JSON
    "redirect-malformed",  # to what is no address
]

_SUBMITTED = re.compile(r"submittedDate:\[(\d{8,12}) TO (\d{8,12})\]")
_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v(\d+))?")
_LOG_IN = (
    b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome to the hotel\\lobby</body></html>"
)
_SLOW_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class SyntheticVersion:
    """One version of a made-up paper: what its e-print holds and whether there is HTML."""

    submitted: datetime
    files: Mapping[str, str | bytes] | None = None
    """Served as tar.gz, or as one gzipped file when it is just one and `single` is set."""
    single: bool = False
    pdf: bytes | None = None
    """Served instead of a source."""
    html: str | None = None

    def eprint(self) -> bytes | None:
        """The bytes of the e-print, the same every time; None when there is nothing."""
        if self.pdf is not None:
            return self.pdf
        if self.files is None:
            return None
        if self.single:
            (content,) = self.files.values()
            return gzip.compress(_bytes(content), mtime=0)
        return tar_gz(self.files)


@dataclass(frozen=True, slots=True)
class SyntheticPaper:
    """A made-up paper as the API tells of it."""

    id: str
    title: str
    authors: tuple[str, ...]
    versions: tuple[SyntheticVersion, ...]
    categories: tuple[str, ...] = ("eess.AS", "cs.SD")
    comment: str | None = None
    doi: str | None = None
    journal_ref: str | None = None


@dataclass(slots=True)
class Fault:
    """A fault that is still to happen `times` times, to requests whose path begins with `prefix`."""

    kind: FaultKind
    prefix: str
    times: int
    retry_after: float | str | None
    from_start: int
    """Only pages that start here or later."""
    size: int
    """Only pages of at least this many results."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that came in."""

    path: str
    query: str
    at: float
    """Monotonic seconds."""
    connection: int
    """Which connection it came over, counted from 1."""
    agent: str


@dataclass(slots=True)
class _State:
    papers: dict[str, SyntheticPaper] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    active: int = 0
    most_active: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    closing: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def request(self) -> Iterator[None]:
        with self.lock:
            self.active += 1
            self.most_active = max(self.most_active, self.active)
        try:
            yield
        finally:
            with self.lock:
                self.active -= 1

    def take_fault(self, path: str, start: int, size: int) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                wanted = path.startswith(fault.prefix) and start >= fault.from_start and size >= fault.size
                if fault.times > 0 and wanted:
                    fault.times -= 1
                    return fault
        return None


class ReplayServer:
    """The server; a context manager that listens on 127.0.0.1 while it is open."""

    def __init__(self, papers: Iterable[SyntheticPaper] = ()) -> None:
        self._state = _State(papers={paper.id: paper for paper in papers})
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> ReplayServer:
        state = self._state

        class Handler(_Handler):
            pass

        Handler.state = state
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._state.closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The address of the server, for `LITDB_ARXIV_URL`."""
        assert self._server is not None, "the server is not running"
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    content_url = url

    @property
    def api_url(self) -> str:
        """The address of the API, for `LITDB_ARXIV_API`."""
        return f"{self.url}/api/query"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point litdb at this server, without a delay."""
        return {"LITDB_ARXIV_API": self.api_url, "LITDB_ARXIV_URL": self.url, "LITDB_ARXIV_DELAY": "0"}

    @property
    def requests(self) -> list[Seen]:
        """Every request so far, in order."""
        with self._state.lock:
            return list(self._state.seen)

    @property
    def most_at_once(self) -> int:
        """The most requests that were open at the same moment."""
        return self._state.most_active

    def add(self, paper: SyntheticPaper) -> None:
        """Publish a paper, or a newer state of it."""
        self._state.papers[paper.id] = paper

    def clear_faults(self) -> None:
        """Let every request succeed again."""
        self._state.faults.clear()

    def fault(
        self,
        kind: FaultKind,
        prefix: str = "",
        times: int = 1,
        *,
        retry_after: float | str | None = None,
        from_start: int = 0,
        size: int = 0,
    ) -> Fault:
        """Let the next `times` requests below `prefix` fail; further faults queue up behind this one."""
        fault = Fault(kind, prefix, times, retry_after, from_start, size)
        self._state.faults.append(fault)
        return fault


class _Handler(BaseHTTPRequestHandler):
    state: _State
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        with self.state.lock:
            self.state.connections += 1
            self.connection_number = self.state.connections

    def log_message(self, format: str, *args: object) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:  # the client was killed, which is what some tests do
            self.close_connection = True

    def do_GET(self) -> None:
        with self.state.request():
            parts = urlsplit(self.path)
            agent = self.headers.get("User-Agent", "")
            seen = Seen(parts.path, parts.query, time.monotonic(), self.connection_number, agent)
            with self.state.lock:
                self.state.seen.append(seen)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            start, size = _number(query.get("start")), _number(query.get("max_results"))
            fault = self.state.take_fault(parts.path, start, size)
            try:
                self._answer(parts.path, query, fault)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

    def _answer(self, path: str, query: dict[str, str], fault: Fault | None) -> None:
        kind = fault.kind if fault else None
        if kind == "429" or kind == "429-bare":
            value = fault.retry_after if fault and kind == "429" else None
            self._send(429, b"Rate exceeded.", "text/plain", retry_after=value)
        elif kind == "503":
            self._send(
                503, b"Service Unavailable", "text/plain", retry_after=fault.retry_after if fault else None
            )
        elif kind == "redirect":
            self.send_response(302)
            self.send_header("Location", f"http://elsewhere.invalid{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif kind == "redirect-malformed":
            self.send_response(302)
            self.send_header("Location", "http://[")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif kind == "page":
            self._send(200, _LOG_IN, "application/gzip")
        elif kind == "gzip-page":
            self._send(200, gzip.compress(_LOG_IN), "text/html")
        elif kind == "json":
            self._send(200, b'{"error": "try\\nagain"}', "application/json")
        elif kind == "slow" or kind == "slow-header":
            self._drip(in_header=kind == "slow-header")
        elif kind == "400":
            self._send(400, error_feed("incorrect id format for abc"), "application/atom+xml")
        elif kind == "error-entry":
            self._send(200, error_feed("start must be an integer"), "application/atom+xml")
        elif kind == "html-body":
            self._send(200, b"<html><body>Down for maintenance<br></body></html>", "text/html")
        else:
            status, body, content_type = self._content(path, query, kind)
            if kind == "truncated-gzip":
                body = body[: len(body) // 2]
            self._send(status, body, content_type, cut=kind == "cut")

    def _content(self, path: str, query: dict[str, str], kind: FaultKind | None) -> tuple[int, bytes, str]:
        if path == "/api/query":
            status, body = _api(self.state.papers, query, kind)
            return status, body, "application/atom+xml; charset=utf-8"
        match = re.fullmatch(r"/(e-print|src|html)/(.+)", path)
        identity = _ID.fullmatch(match[2]) if match else None
        paper = self.state.papers.get(identity[1]) if identity else None
        if match is None or identity is None or paper is None:
            return 404, b"<html><body>Not found</body></html>", "text/html"
        number = int(identity[2] or len(paper.versions))
        if not 1 <= number <= len(paper.versions):
            return 404, b"<html><body>No such version</body></html>", "text/html"
        version = paper.versions[number - 1]
        if match[1] == "html":
            if version.html is None:
                return 404, b"<html><body>No HTML for this paper</body></html>", "text/html"
            return 200, version.html.encode(), "text/html; charset=utf-8"
        eprint = version.eprint()
        if eprint is None:
            return 404, b"<html><body>No source</body></html>", "text/html"
        return 200, eprint, "application/pdf" if version.pdf else "application/gzip"

    def _send(
        self,
        status: int,
        body: bytes,
        content_type: str,
        *,
        retry_after: float | str | None = None,
        cut: bool = False,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if retry_after is not None:
            self.send_header(
                "Retry-After", f"{retry_after:g}" if isinstance(retry_after, float) else str(retry_after)
            )
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self.close_connection = True

    def _drip(self, *, in_header: bool) -> None:
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self.wfile.write(b"X-Slow: " if in_header else b"Content-Type: text/plain\r\n\r\n")
        while not self.state.closing.wait(_SLOW_SECONDS):
            self.wfile.write(b"x")


def retry_date(seconds: float) -> str:
    """A Retry-After header as an HTTP date, so many seconds from now."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def tar_gz(files: Mapping[str, str | bytes]) -> bytes:
    """A tar.gz of these files, the same bytes every time."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            data = _bytes(content)
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return gzip.compress(buffer.getvalue(), mtime=0)


def error_feed(message: str) -> bytes:
    """The feed arXiv sends when it does not accept a request."""
    link = "https://arxiv.org/api/errors#" + re.sub(r"\W+", "_", message)
    entry = f"""  <entry>
    <id>{link}</id>
    <title>Error</title>
    <updated>2026-04-12T22:59:06Z</updated>
    <link href="{link}" rel="alternate" type="text/html"/>
    <summary>{escape(message)}</summary>
    <author>
      <name>arXiv api core</name>
    </author>
  </entry>
"""
    return _feed("arXiv Search Results", "https://arxiv.org/", "", 1, 1, 0, [entry])


def _api(
    papers: Mapping[str, SyntheticPaper], query: dict[str, str], kind: FaultKind | None
) -> tuple[int, bytes]:
    for name in ("start", "max_results"):
        if not re.fullmatch(r"\d+", query.get(name, "0")):
            return 400, error_feed(f"{name} must be an integer")
    start, size = _number(query.get("start")), _number(query.get("max_results", "10"))
    if size > 30_000 or start + size > 40_000:
        return 400, error_feed("max_results must be less than 30,000")
    found: list[tuple[SyntheticPaper, int]] = []
    if query.get("id_list"):
        for text in query["id_list"].split(","):
            match = _ID.fullmatch(text)
            if match is None:
                return 400, error_feed(f"incorrect id format for {text}")
            paper = papers.get(match[1])
            if paper is not None and int(match[2] or 1) <= len(paper.versions):
                found.append((paper, int(match[2] or len(paper.versions))))
    else:
        matching = [paper for paper in papers.values() if _fits(paper, query.get("search_query", ""))]
        found = [(paper, len(paper.versions)) for paper in matching]
    if query.get("sortBy") == "submittedDate" and kind != "unordered":
        descending = query.get("sortOrder", "descending") == "descending"
        found.sort(key=lambda item: item[0].versions[0].submitted, reverse=descending)
    elif kind == "unordered":
        found.sort(key=lambda item: item[0].title[::-1])
    page = [] if kind == "empty-page" else found[start : start + size]
    if kind == "short-answer":
        page = page[:-1]
    words = "&".join(
        f"{name}={query.get(name, '')}" for name in ("search_query", "id_list", "start", "max_results")
    )
    entries = [_entry(paper, version) for paper, version in page]
    feed = _feed(
        f"arXiv Query: {words}", "https://arxiv.org/api/replay", words, size, len(found), start, entries
    )
    return 200, feed


def _fits(paper: SyntheticPaper, query: str) -> bool:
    """A small part of arXiv's query language: words in title, authors and categories, and submittedDate."""
    submitted = f"{paper.versions[0].submitted.astimezone(UTC):%Y%m%d%H%M}"
    for first, last in _SUBMITTED.findall(query):
        if not first.ljust(12, "0") <= submitted <= last.ljust(12, "9"):
            return False
    hay = " ".join((paper.title, *paper.authors, *paper.categories)).lower()
    words = re.sub(r"\b(?:AND|[a-z]+:)|[()\"]", " ", _SUBMITTED.sub(" ", query))
    return all(word in hay for word in words.lower().split())


def _feed(
    title: str, identity: str, words: str, per_page: int, total: int, start: int, entries: Iterable[str]
) -> bytes:
    link = f'  <link href={quoteattr("https://arxiv.org/api/query?" + words)} type="application/atom+xml"/>\n'
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" \
xmlns="http://www.w3.org/2005/Atom">
  <id>{identity}</id>
  <title>{escape(title)}</title>
  <updated>2026-04-12T22:09:25Z</updated>
{link if words else ""}  <opensearch:itemsPerPage>{per_page}</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>
{"".join(entries)}</feed>
""".encode()


def _entry(paper: SyntheticPaper, version: int) -> str:
    name = f"{paper.id}v{version}"

    def optional(tag: str, text: str | None) -> str:
        return f"    <arxiv:{tag}>{escape(text)}</arxiv:{tag}>\n" if text else ""

    scheme = 'scheme="http://arxiv.org/schemas/atom"'
    categories = "".join(f'    <category term="{term}" {scheme}/>\n' for term in paper.categories)
    authors = "".join(
        f"    <author>\n      <name>{escape(name)}</name>\n    </author>\n" for name in paper.authors
    )
    return f"""  <entry>
    <id>http://arxiv.org/abs/{name}</id>
    <title>{escape(paper.title)}</title>
    <updated>{_stamp(paper.versions[version - 1].submitted)}</updated>
    <link href="https://arxiv.org/abs/{name}" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/{name}" rel="related" type="application/pdf" title="pdf"/>
    <summary>A synthetic abstract of {name}.</summary>
{categories}    <published>{_stamp(paper.versions[0].submitted)}</published>
{optional("comment", paper.comment)}    <arxiv:primary_category term="{paper.categories[0]}"/>
{optional("journal_ref", paper.journal_ref)}{authors}{optional("doi", paper.doi)}  </entry>
"""


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
