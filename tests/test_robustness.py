"""Killed at random moments, and two processes at once: the catalogue stays whole and nothing is lost."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from litdb.catalogue.database.places import make_working
from litdb.catalogue.database.schema import DocumentRow, PaperRow, ReadingRow, VersionRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.exchange.check import check
from litdb.catalogue.exchange.dump import dump
from tests.support.papers import synthetic_papers
from tests.support.replay import ReplayServer

#: Two kills a round; CI sets LITDB_KILL_ROUNDS=25 for fifty.
ROUNDS = int(os.environ.get("LITDB_KILL_ROUNDS", "4"))
PAPERS = synthetic_papers(30)
IDS = [paper.id for paper in PAPERS]
#: Enough for a kill to fall into any stage of a fetch: the rounds count, and each fetches them three times.
FEW = IDS[:8]


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    with ReplayServer(PAPERS) as server:
        yield {
            **os.environ,
            **server.environment,
            "LITDB_HOME": str(tmp_path / "home"),
            "LITDB_CACHE": str(tmp_path / "cache"),
        }


def litdb(words: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "litdb", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


def content(store: Store) -> str:
    """The canonical dump without the times of fetching."""
    import io

    text = io.StringIO()
    dump(store, text)
    return re.sub(r'"fetched_at": ?"[^"]*"', '"fetched_at": null', text.getvalue())


def papers_are_whole(store: Store) -> None:
    """Every paper that is there has all its versions, each read."""
    wanted = {paper.id: len(paper.versions) for paper in PAPERS}
    with store.read() as session:
        for paper in session.scalars(select(PaperRow)):
            versions = session.scalar(select(func.count()).where(VersionRow.paper_id == paper.id))
            read = session.scalar(
                select(func.count(func.distinct(DocumentRow.id)))
                .join(ReadingRow, ReadingRow.document_id == DocumentRow.id)
                .where(DocumentRow.paper_id == paper.id)
            )
            assert paper.arxiv_id is not None
            assert versions == read == wanted[paper.arxiv_id]


@pytest.mark.timeout(1500)
def test_kill_9_at_random_moments_leaves_whole_papers_and_the_next_run_finishes(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    whole = make_working(tmp_path / "whole.db", empty=True)
    start = time.monotonic()
    finished(litdb(["fetch", *FEW, "--all-versions", "--db", str(tmp_path / "whole.db")], environment))
    duration = time.monotonic() - start
    expected = content(whole)
    rng = random.Random(5)
    for number in range(ROUNDS):
        place = tmp_path / f"killed-{number}.db"
        make_working(place, empty=True).close()
        # A cache of its own, so that downloads are cut too.
        own = {**environment, "LITDB_CACHE": str(tmp_path / f"cache-{number}")}
        for _ in range(2):
            process = litdb(["fetch", *FEW, "--all-versions", "--db", str(place)], own)
            time.sleep(rng.uniform(0.2, 1.0) * duration)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            store = Store(place)
            assert check(store) == []
            papers_are_whole(store)
            store.close()
        finished(litdb(["fetch", *FEW, "--all-versions", "--db", str(place)], own))
        store = Store(place)
        assert check(store) == []
        assert content(store) == expected
        store.close()


def test_two_processes_fetch_and_add_at_once(new_place: object, environment: dict[str, str]) -> None:
    place = new_place()  # type: ignore[operator]
    make_working(place, empty=True).close()
    fetches = [
        litdb(["fetch", *IDS[start:stop], "--all-versions", "--db", place], environment)
        for start, stop in ((0, 18), (12, 30))
    ]
    for number in range(4):
        pair = [
            litdb(
                [
                    "add-result",
                    "MyNet",
                    "--run",
                    f"r{who}/{number}",
                    "--metric",
                    f"PESQ=2.{who}{number}",
                    "--db",
                    place,
                ],
                environment,
            )
            for who in (1, 2)
        ]
        for process in pair:
            finished(process)
    for process in fetches:
        finished(process)
    store = Store(place)
    assert check(store) == []
    papers_are_whole(store)
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(PaperRow)) == len(PAPERS)
        added = set(session.scalars(select(ReadingRow.printed).where(ReadingRow.by == "run")))
    assert added == {f"2.{who}{number}" for who in (1, 2) for number in range(4)}
    store.close()
