"""HTTP requests to one service: throttled, bounded in time and size, retried, never redirected to another host."""

from __future__ import annotations

import random
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TypeVar

import requests
import urllib3

from litdb.errors import HostRefused, SourceError, TooLarge
from litdb.sources.web.addresses import base, is_loopback, joined, origin, split
from litdb.sources.web.hosts import Host
from litdb.sources.web.throttle import Throttle
from litdb.sources.web.watchdog import Watchdog, WatchedAdapter

T = TypeVar("T")

_TRIES = 4
_SLOW_TRIES = 2  # each costs the whole time limit
_UNREACHED_TRIES = 2  # without a network the answer is to come soon
_UNREACHED_PAUSE = 1.0
_UNREACHED_SLOW = 2.0  # seconds after which the answer that nobody is there is not asked for a second time
_REDIRECTS = 5
_CHUNK = 65536
_LONGEST_PAUSE = 60.0


class TryAgain(Exception):
    """A failure that a repeated request may cure; the text completes "<its name> ..."."""

    def __init__(
        self, problem: str, *, pause: float | None = None, slow: bool = False, unreached: bool = False
    ) -> None:
        super().__init__(problem)
        self.unreached = unreached
        """There was no connection at all."""
        self.pause = pause
        """Seconds the server asked for, when it did."""
        self.slow = slow


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A complete HTTP answer."""

    url: str
    """After redirects."""
    status: int
    content_type: str
    content_encoding: str
    body: bytes
    """As sent: still compressed when `content_encoding` says so."""

    def decoded(self, max_bytes: int) -> bytes:
        """The body without its content encoding.

        Raises:
            TooLarge: it unpacks to more than `max_bytes`.
            TryAgain: it is damaged.
        """
        if self.content_encoding not in {"gzip", "x-gzip", "deflate"}:
            return self.body
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # 32: gzip or zlib, by the header
        try:
            data = unpacker.decompress(self.body, max_bytes + 1)
        except zlib.error as error:
            raise TryAgain("sent a damaged answer") from error
        if len(data) > max_bytes:
            raise TooLarge(f"the answer of {self.url} unpacks to more than {max_bytes:,} bytes")
        if not unpacker.eof:
            raise TryAgain("sent a truncated answer")
        return data


@dataclass(frozen=True, slots=True)
class Patience:
    """Time limits of one request, in seconds."""

    connect: float = 6.0
    silence: float = 30.0
    """Without a single byte."""
    total: float = 180.0
    """From the first byte sent to the last received, so that an endless slow answer ends too."""


DEFAULT_PATIENCE = Patience()


class Transport:
    """Requests to one service, one at a time.

    Args:
        host: what the service allows and is called.
        throttle: hands out the turns.
        bases: the addresses in use; their hosts are allowed. Plain http only where a base is a loopback
            address.
        allowed_hosts: further domains, https on the usual port; without them those of the host.
        patience: time limits.
        secrets: parameters that go with every request and are in no address that an error or log names, such as a key.

    Raises:
        UsageError: a base is neither https nor on this machine.
    """

    def __init__(
        self,
        host: Host,
        throttle: Throttle,
        *,
        bases: tuple[str, ...],
        allowed_hosts: frozenset[str] | None = None,
        patience: Patience,
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        self._host = host
        self._throttle = throttle
        self._patience = patience
        allowed = host.domains if allowed_hosts is None else allowed_hosts
        self._origins = frozenset(
            {("https", domain, 443) for domain in allowed} | {base(url, host.name) for url in bases}
        )
        self._watchdog = Watchdog()
        self._session = requests.Session()
        self._session.trust_env = not all(
            is_loopback(url) for url in bases
        )  # a proxy cannot reach this machine's server
        self._session.headers["User-Agent"] = f"litdb-sota/{_version()} (+{host.terms})"
        self._session.headers.update(host.headers)
        self._session.params = dict(secrets or {})
        adapter = WatchedAdapter(self._watchdog)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def fetch(
        self,
        url: str,
        read: Callable[[HttpAnswer], T],
        *,
        max_bytes: int,
        accept_encoding: str = "gzip",
        before: Callable[[], None] | None = None,
    ) -> T:
        """Request `url` and return what `read` makes of the answer.

        `before` is called before each request that is sent, repeated and redirected ones too, while this process has the turn; what
        it raises ends the whole.

        Busy statuses, lost connections and answers for which `read` raises `TryAgain` are retried, with
        exponential back-off and jitter or after the pause the server names. Other statuses go to `read`.

        Raises:
            SourceError: it did not work in the end (`retry` is true); the service asked for a long pause.
            HostRefused: a redirect led elsewhere.
            TooLarge: the answer is longer than `max_bytes`.
        """
        slow = unreached = 0
        for attempt in range(1, _TRIES + 1):
            try:
                return self._follow(url, read, max_bytes, accept_encoding, attempt, before)
            except TryAgain as problem:
                slow += problem.slow
                unreached += problem.unreached
                if unreached == _UNREACHED_TRIES or (problem.unreached and problem.slow):
                    raise SourceError(
                        f"{self._host.name} cannot be reached: check the network, then run the same command; "
                        f"{self._host.instead} ({problem})",
                        url=url,
                        retry=True,
                    ) from problem
                if attempt == _TRIES or slow == _SLOW_TRIES:
                    raise SourceError(
                        f"{self._host.name} {problem}, {attempt} times in a row; run the same command later, "
                        "what was fetched is kept",
                        url=url,
                        retry=True,
                    ) from problem
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _follow(
        self,
        url: str,
        read: Callable[[HttpAnswer], T],
        max_bytes: int,
        accept_encoding: str,
        attempt: int,
        before: Callable[[], None] | None,
    ) -> T:
        """One request with its redirects; each is a request of its own and waits for its turn."""
        for _ in range(_REDIRECTS + 1):
            self._check_host(url)
            with self._throttle.turn():
                if before is not None:
                    before()
                try:
                    answer, location = self._exchange(url, max_bytes, accept_encoding)
                    if location is None:
                        return read(answer)
                except TryAgain as problem:
                    # Within the turn, so that no other process makes a request in between.
                    self._throttle.hold(self._pause(attempt) if problem.pause is None else problem.pause)
                    raise
            url = joined(url, location, self._host.name)
        raise SourceError(f"{self._host.name} redirects in a circle at {url}; report it", url=url)

    def _exchange(self, url: str, max_bytes: int, accept_encoding: str) -> tuple[HttpAnswer, str | None]:
        """Send one request and read its whole answer; the second value is where a redirect leads."""
        limits = self._patience
        begun = time.monotonic()
        try:
            with self._watchdog.limit(limits.total):
                response = self._session.get(
                    url,
                    stream=True,
                    allow_redirects=False,
                    timeout=(limits.connect, limits.silence),
                    headers={"Accept-Encoding": accept_encoding},
                )
                try:
                    body = _read(response, url, max_bytes)
                finally:
                    response.close()
        except requests.exceptions.SSLError as error:
            host, cause = split(url).hostname, getattr(error.args[0], "reason", error)
            raise SourceError(
                f"no secure connection to {host} ({cause}); check the clock and the certificates", url=url
            ) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if self._watchdog.barked:
                raise self._too_slow() from error
            timed_out = isinstance(error, requests.exceptions.ConnectTimeout)
            unreached = timed_out or _never_connected(error)
            raise TryAgain(
                _lost(error),
                pause=_UNREACHED_PAUSE if unreached else None,
                slow=timed_out or (unreached and time.monotonic() - begun > _UNREACHED_SLOW),
                unreached=unreached,
            ) from error
        except ValueError as error:  # requests looks at where a redirect leads, even if it does not go there
            raise SourceError(
                f"{self._host.name} redirects to what is no web address ({error}); nothing was fetched from there",
                url=url,
            ) from error
        if (
            self._watchdog.barked
        ):  # without a stated length, a lost connection looks like the end of the answer
            raise self._too_slow()
        if response.status_code in self._host.later:
            pause = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
            raise TryAgain(
                f"answered HTTP {response.status_code} ({_MEANING.get(response.status_code, 'busy')})",
                pause=pause,
            )
        headers = response.headers
        answer = HttpAnswer(
            url=url,
            status=response.status_code,
            content_type=headers.get("Content-Type", ""),
            content_encoding=headers.get("Content-Encoding", "").strip().lower(),
            body=body,
        )
        redirected = response.status_code in (301, 302, 303, 307, 308)
        return answer, headers.get("Location") if redirected else None

    def _too_slow(self) -> TryAgain:
        return TryAgain(f"did not finish its answer within {self._patience.total:g} s", slow=True)

    def _pause(self, attempt: int) -> float:
        """Seconds before the next attempt: doubling, with jitter so that processes do not return in step."""
        longest = min(self._throttle.delay * 2.0**attempt, _LONGEST_PAUSE)
        return longest * random.uniform(0.75, 1.25)

    def _check_host(self, url: str) -> None:
        if origin(url) not in self._origins:
            parts = split(url)
            raise HostRefused(
                f"{self._host.name} redirects to {parts.scheme}://{parts.netloc}, which is not on the allowed list; "
                "nothing was fetched from there",
                url=url,
            )


_MEANING = {429: "too many requests", 503: "service unavailable"}


def retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds a Retry-After header (a number or an HTTP date) asks for, or None when unreadable."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _read(response: requests.Response, url: str, max_bytes: int) -> bytes:
    """The body as sent, at most `max_bytes` of it."""
    too_large = TooLarge(f"the answer of {url} is longer than {max_bytes:,} bytes; it is not read")
    length = response.headers.get("Content-Length", "")
    if length.isascii() and length.isdigit() and int(length) > max_bytes:
        raise too_large
    parts: list[bytes] = []
    size = 0
    for part in response.raw.stream(_CHUNK, decode_content=False):
        size += len(part)
        if size > max_bytes:
            raise too_large
        parts.append(part)
    return b"".join(parts)


def _never_connected(error: Exception) -> bool:
    """Whether there was no connection: no such name, no route, nobody who listens."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def _lost(error: Exception) -> str:
    """What went wrong with the connection, completing "<its name> ..."."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "could not be reached in time"
    if isinstance(error, requests.exceptions.Timeout | urllib3.exceptions.TimeoutError):
        return "fell silent in the middle of an answer"
    if isinstance(error, urllib3.exceptions.ProtocolError | requests.exceptions.ChunkedEncodingError):
        return "cut the connection in the middle of an answer"
    if isinstance(error, requests.exceptions.ConnectionError):
        return "could not be reached, or cut the connection"
    return f"could not be read ({type(error).__name__})"


def _version() -> str:
    try:
        return version("litdb-sota")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "0"
