"""What goes wrong on the way ends in the right answer or in one clear error."""

from __future__ import annotations

import gzip
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from litdb.errors import HostRefused, LitdbError, SourceError, TooLarge, UsageError
from litdb.sources import watchdog
from litdb.sources.arxiv import ArxivSource
from litdb.sources.types import ArxivId
from litdb.sources.web.transport import HttpAnswer, Patience, TryAgain, retry_after
from tests.support.replay import FaultKind, ReplayServer, retry_date

from .conftest import Opener

IMSE = ArxivId("2511.14515")

PASSING: tuple[FaultKind, ...] = ("429-bare", "503", "cut", "html-body", "slow", "slow-header")


@pytest.mark.parametrize("kind", PASSING)
def test_a_passing_fault_of_the_api_is_outlived(
    source: ArxivSource, replay: ReplayServer, kind: FaultKind
) -> None:
    replay.fault(kind, "/api/", times=1)
    found = source.by_ids([IMSE])
    assert [record.version for record in found.records] == [2]
    assert found.failures == ()
    assert len(replay.requests) == 2


@pytest.mark.parametrize("kind", ["429-bare", "503", "cut", "slow", "slow-header", "truncated-gzip"])
def test_a_passing_fault_of_a_download_is_outlived(
    source: ArxivSource, replay: ReplayServer, kind: FaultKind
) -> None:
    replay.fault(kind, "/e-print/", times=1)
    assert "3.399" in source.content(IMSE, 2).files["tables/results.tex"]


@pytest.mark.parametrize(
    ("kind", "words", "requests"),
    [
        ("429-bare", "HTTP 429 .*4 times", 4),
        ("503", "HTTP 503", 4),
        ("cut", "cut the connection", 4),
        ("slow", "did not finish its answer within 0.3 s", 2),
        ("slow-header", "did not finish its answer within 0.3 s", 2),
        ("truncated-gzip", "damaged e-print", 4),
    ],
)
def test_a_lasting_fault_is_one_error_and_a_later_run_completes(
    open_source: Opener, replay: ReplayServer, kind: FaultKind, words: str, requests: int
) -> None:
    fault = replay.fault(kind, "/e-print/", times=99)
    began = time.monotonic()
    with pytest.raises(SourceError, match=words) as caught:
        open_source().content(IMSE, 1)
    assert time.monotonic() - began < 5
    assert caught.value.retry
    assert caught.value.url is not None
    assert "\n" not in str(caught.value)
    assert len(replay.requests) == requests
    fault.times = 0
    assert open_source().content(IMSE, 1).kind == "latex"


def test_a_lasting_fault_of_the_api_is_reported_for_every_id(
    source: ArxivSource, replay: ReplayServer
) -> None:
    replay.fault("503", "/api/", times=99)
    found = source.by_ids([IMSE, ArxivId("2401.00001")])
    assert found.records == ()
    assert [failure.arxiv_id for failure in found.failures] == [IMSE, ArxivId("2401.00001")]
    assert all(failure.transient and "HTTP 503" in failure.reason for failure in found.failures)


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_obeyed(open_source: Opener, replay: ReplayServer, as_date: bool) -> None:
    replay.fault("429", "/api/", retry_after=retry_date(2.0) if as_date else 1.0)
    began = time.monotonic()
    assert len(open_source().by_ids([IMSE]).records) == 1
    assert 0.9 <= time.monotonic() - began < 4.0


def test_a_long_retry_after_ends_in_a_time_to_return(open_source: Opener, replay: ReplayServer) -> None:
    replay.fault("503", "/e-print/", retry_after=1800.0)
    for _ in range(2):  # the second source, as another process would, does not even ask
        with pytest.raises(SourceError, match="no requests before") as caught:
            open_source().content(IMSE, 1)
        assert caught.value.retry
    assert len(replay.requests) == 1


def test_pauses_grow(open_source: Opener, replay: ReplayServer) -> None:
    replay.fault("503", "/api/", times=3)
    open_source(delay=0.05).by_ids([IMSE])
    times = [seen.at for seen in replay.requests]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 3
    for attempt, gap in enumerate(gaps, start=1):
        assert 0.75 * 0.05 * 2**attempt <= gap < 1.25 * 0.05 * 2**attempt + 0.15


def test_a_redirect_to_another_host_is_refused(source: ArxivSource, replay: ReplayServer) -> None:
    replay.fault("redirect", "/e-print/")
    with pytest.raises(HostRefused, match=r"http://elsewhere\.invalid") as caught:
        source.content(IMSE, 1)
    assert not caught.value.retry
    assert source.content(IMSE, 1).kind == "latex"


def test_too_long_a_download_is_refused(open_source: Opener, replay: ReplayServer) -> None:
    with pytest.raises(TooLarge, match="longer than 300 bytes"):
        open_source(max_bytes=300).content(IMSE, 1)


@pytest.mark.parametrize(
    "url", ["http://arxiv.org", "http://10.0.0.1", "ftp://arxiv.org", "arxiv.org", "https://"]
)
def test_only_https_and_this_machine_can_serve(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="https://"):
        ArxivSource(tmp_path, content_url=url, api_url="https://export.arxiv.org/api/query", delay=3.0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        (" 0 ", 0.0),
        ("-3", None),
        ("soon", None),
        ("9" * 400, 999999999.0),
        ("Mon, 23 Nov 2026 09:00:05 GMT", 5.0),
        ("Mon, 23 Nov 2026 08:00:00 GMT", 0.0),
        ("Mon, 99 Nov 2026 08:00:00 GMT", None),
    ],
)
def test_reads_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, datetime(2026, 11, 23, 9, 0, 0, tzinfo=UTC)) == seconds


def test_an_unreachable_server_is_one_error(tmp_path: Path) -> None:
    base = "http://127.0.0.1:9"
    source = ArxivSource(tmp_path, api_url=f"{base}/api/query", content_url=base, delay=0.0)
    with source, pytest.raises(SourceError, match="could not be reached") as caught:
        source.content(IMSE, 1)
    assert caught.value.retry


def test_a_name_that_nobody_answers_for_is_not_waited_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()

    def hanging(*_: object, **__: object) -> None:
        asked.wait(30)
        raise OSError

    monkeypatch.setattr(watchdog, "NAME_SECONDS", 0.1)
    monkeypatch.setattr(watchdog.socket, "getaddrinfo", hanging)
    begun = time.monotonic()
    base = "http://127.0.0.1:9"
    source = ArxivSource(tmp_path, api_url=f"{base}/api/query", content_url=base, delay=0.0)
    with (
        source,
        pytest.raises(SourceError, match=r"cannot be reached: check the network.*--offline") as caught,
    ):
        source.content(IMSE, 1)
    asked.set()
    assert caught.value.retry
    assert time.monotonic() - begun < 5  # it is asked for once


def test_a_proxy_is_not_asked_for_a_server_on_this_machine(
    open_source: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert len(open_source().by_ids([IMSE]).records) == 1


def test_silence_is_noticed_before_the_whole_time_is_up(open_source: Opener, replay: ReplayServer) -> None:
    replay.fault("slow", "/api/", times=99)
    patience = Patience(connect=1.0, silence=0.005, total=30.0)
    (failure,) = open_source(patience=patience).by_ids([IMSE]).failures
    assert "fell silent" in failure.reason


def test_a_compressed_answer_is_unpacked_within_bounds() -> None:
    def answer(body: bytes) -> HttpAnswer:
        return HttpAnswer("https://arxiv.org", 200, "text/html", "gzip", body)

    assert answer(gzip.compress(b"text")).decoded(4) == b"text"
    with pytest.raises(TooLarge):
        answer(gzip.compress(b"x" * 1_000_000)).decoded(1000)
    for damaged in (gzip.compress(b"text" * 50)[:-9], b"no gzip"):
        with pytest.raises(TryAgain):
            answer(damaged).decoded(1000)


@pytest.mark.slow
def test_every_error_is_ours(open_source: Opener, replay: ReplayServer) -> None:
    """Faults in any mixture never let a foreign exception through."""
    kinds: tuple[FaultKind, ...] = (
        "cut",
        "400",
        "error-entry",
        "redirect",
        "truncated-gzip",
        "html-body",
        "503",
    )
    for first in kinds:
        for second in kinds:
            replay.fault(first)
            replay.fault(second)
            source = open_source()
            found = source.by_ids([IMSE])
            assert len(found.records) + len(found.failures) == 1
            with suppress(LitdbError):
                assert source.content(ArxivId("2402.00002", 1)).kind == "html"


def test_a_day_in_the_past_is_no_pause() -> None:
    now = datetime.now(UTC)
    assert retry_after((now - timedelta(days=1)).strftime("%a, %d %b %Y %H:%M:%S GMT"), now) == 0.0
