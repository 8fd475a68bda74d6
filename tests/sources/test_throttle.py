"""One request at a time and a pause after each, across threads and processes."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from litdb.errors import SourceError, UsageError
from litdb.sources.arxiv import ArxivSource
from litdb.sources.types import ArxivId
from litdb.sources.web.hosts import ARXIV
from litdb.sources.web.throttle import Throttle
from tests.support.replay import ReplayServer

from .conftest import Opener


def test_turns_are_a_delay_apart_for_all_who_share_a_folder(tmp_path: Path) -> None:
    starts: list[float] = []
    for throttle in (
        Throttle(ARXIV, tmp_path, 0.1),
        Throttle(ARXIV, tmp_path, 0.1),
        Throttle(ARXIV, tmp_path, 0.1),
    ):
        with throttle.turn():
            starts.append(time.monotonic())
            time.sleep(0.03)
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert min(gaps) >= 0.125  # the delay counts from the end of a request


def test_a_hold_keeps_everyone_away(tmp_path: Path) -> None:
    first = Throttle(ARXIV, tmp_path, 0.0)
    with first.turn():
        first.hold(0.2)
    began = time.monotonic()
    with Throttle(ARXIV, tmp_path, 0.0).turn():
        assert time.monotonic() - began > 0.15


def test_a_long_hold_is_refused_with_the_time_to_return(tmp_path: Path) -> None:
    throttle = Throttle(ARXIV, tmp_path, 0.0, patience=10.0)
    with throttle.turn():
        throttle.hold(600.0)
    with pytest.raises(SourceError, match=r"no requests before \d\d:\d\d UTC") as caught, throttle.turn():
        pass
    assert caught.value.retry


@pytest.mark.parametrize("state", ["", "nonsense", "1 2 3", "1e11 1e11", "inf nan"])
def test_a_damaged_or_future_state_costs_one_delay_at_most(tmp_path: Path, state: str) -> None:
    (tmp_path / "arxiv.last").write_text(state)
    began = time.monotonic()
    with Throttle(ARXIV, tmp_path, 0.1).turn():
        assert time.monotonic() - began < 0.3


_KILLED = """
import sys, time
from pathlib import Path
from litdb.sources.web.hosts import ARXIV
from litdb.sources.web.throttle import Throttle
with Throttle(ARXIV, Path(sys.argv[1]), 0.0).turn():
    print("in", flush=True)
    time.sleep(60)
"""


def test_a_process_killed_in_its_turn_gives_it_back_and_its_request_counts(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", _KILLED, str(tmp_path)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    began = time.monotonic()
    child.kill()
    child.wait()
    child.stdout.close()
    with Throttle(ARXIV, tmp_path, 0.6).turn():
        assert 0.4 < time.monotonic() - began < 5.0


_FETCHER = """
import sys
from pathlib import Path
from litdb.sources.arxiv import ArxivSource
from litdb.sources.types import ArxivId
with ArxivSource(Path(sys.argv[1]), api_url=sys.argv[2], content_url=sys.argv[3], delay=0.15) as source:
    for version in (1, 2):
        source.by_ids([ArxivId("2511.14515")])
    source.content(ArxivId("2511.14515", int(sys.argv[4])))
"""


def test_processes_share_the_delay_and_the_one_connection(replay: ReplayServer, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _FETCHER, str(tmp_path), replay.api_url, replay.content_url]
    children = [subprocess.Popen([*command, str(version)]) for version in (1, 2)]
    assert [child.wait(timeout=30) for child in children] == [0, 0]
    times = [seen.at for seen in replay.requests]
    assert len(times) == 6
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.15
    assert replay.most_at_once == 1
    assert len({seen.connection for seen in replay.requests}) == 2  # one a process


def test_api_source_and_html_go_over_one_connection(open_source: Opener, replay: ReplayServer) -> None:
    source = open_source(delay=0.05)
    source.by_ids([ArxivId("2402.00002")])
    source.content(ArxivId("2402.00002", 1))
    seen = replay.requests
    assert [item.path.split("/")[1] for item in seen] == ["api", "e-print", "html"]
    assert {item.connection for item in seen} == {1}
    assert all(later.at - earlier.at >= 0.05 for earlier, later in pairwise(seen))
    assert all(item.agent.startswith("litdb-sota/") for item in seen)


def test_arxiv_itself_is_never_asked_faster_than_it_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LITDB_ARXIV_API", "LITDB_ARXIV_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(UsageError, match="one request in 3 s"):
        ArxivSource(tmp_path, delay=1.0)
    monkeypatch.setenv("LITDB_ARXIV_DELAY", "soon")
    with pytest.raises(UsageError, match="LITDB_ARXIV_DELAY"):
        ArxivSource(tmp_path)
