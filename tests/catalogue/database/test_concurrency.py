"""Several processes on one catalogue: nothing lost, and a killed one leaves a whole catalogue."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from litdb.catalogue.database.schema import DocumentRow, ReadingRow, ResultRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.derive import derive
from litdb.catalogue.exchange.check import check
from litdb.catalogue.hand import Written, put_readings
from litdb.catalogue.record import put_document
from tests.catalogue.scenes import extraction, put

NewStore = Callable[[], Store]
SPAWN = multiprocessing.get_context("spawn")
REPOSITORY = Path(__file__).resolve().parents[2]


def add_readings(place: str, who: str, count: int) -> None:
    """A transaction for each pair of readings: one in a document of one's own, one in a document all share."""
    store = Store(place)
    for number in range(count):
        with store.write() as session:
            for key in (f"note:{who}:{number // 10}", f"note:shared:{number // 10}"):
                document = put_document(session, key, kind="note", uri=key)
                reading = Written(
                    label=f"Model {who} {number}",
                    metric="PESQ",
                    printed=f"{2 + number / 1000:.3f}",
                    origin="claim",
                    by="hand",
                    dataset="vbd",
                ).reading()
                put_readings(session, document, [reading])
                derive(session, [document.id])
    store.close()


def test_two_processes_adding_readings_lose_nothing(store: Store) -> None:
    workers = [SPAWN.Process(target=add_readings, args=(store.place, who, 100)) for who in ("one", "two")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(240)
    assert [worker.exitcode for worker in workers] == [0, 0]
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(ReadingRow)) == 400
        assert session.scalar(select(func.count()).select_from(ResultRow)) == 400
        query = select(DocumentRow.key, func.count()).join(
            ReadingRow, ReadingRow.document_id == DocumentRow.id
        )
        counts = dict(session.execute(query.group_by(DocumentRow.key)).all())
    expected = {"one": 10, "two": 10, "shared": 20}
    assert counts == {f"note:{who}:{n}": count for who, count in expected.items() for n in range(10)}
    assert check(store) == []


def put_papers(place: str, first: int) -> None:
    """Whole papers, one transaction each, until somebody ends this process."""
    store = Store(place)
    number = first
    while True:
        lines = [(f"Model {number} {row}", f"{2 + row / 100:.2f}", row == 29) for row in range(30)]
        with store.write() as session:
            put(session, f"{2000 + number // 100000:04}.{number % 100000:05}", extraction(lines))
        print(number, flush=True)
        number += 1


def test_a_killed_writer_leaves_a_whole_catalogue(store: Store) -> None:
    """Ended with SIGKILL at five random moments of its work; what it said was stored is there, all of it."""
    moments = random.Random(20261123)
    told: list[int] = []
    for turn in range(5):
        writer = subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"from {__name__} import put_papers; put_papers({store.place!r}, {turn * 1000})",
            ],
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
        )
        assert writer.stdout is not None
        told.append(int(writer.stdout.readline()))
        time.sleep(moments.uniform(0, 0.3))
        os.kill(writer.pid, signal.SIGKILL)
        told += [int(line) for line in writer.stdout.read().split("\n")[:-1]]
        assert writer.wait() == -signal.SIGKILL
        again = Store(store.place)
        assert check(again) == []
        with again.read() as session:
            query = select(ReadingRow.document_id, func.count()).group_by(ReadingRow.document_id)
            counts = [count for _, count in session.execute(query)]
        again.close()
        assert set(counts) == {30}  # no half paper
        assert len(told) <= len(counts) <= len(told) + turn + 1  # stored, and killed before it could say so
    with store.write() as session:
        put(session, "2999.00001", extraction([("A Late One", "3.0", True)]))
    assert check(store) == []


def merge_from(target: str, other: str) -> None:
    from litdb.catalogue.exchange.merge import merge

    merge(Store(target), Store(other))


def test_two_processes_merging_into_one_catalogue_lose_nothing(new_store: NewStore) -> None:
    target, others = new_store(), [new_store(), new_store()]
    for number, other in enumerate(others):
        for paper in range(5):
            with other.write() as session:
                lines = [("Noisy", "1.97", False), (f"Net {number} {paper}", "3.1", True)]
                put(session, f"20{number:02}.{paper:05}", extraction(lines))
    workers = [SPAWN.Process(target=merge_from, args=(target.place, other.place)) for other in others]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0]
    with target.read() as session:
        assert session.scalar(select(func.count()).select_from(ReadingRow)) == 20
    assert check(target) == []


def test_a_process_that_waits_too_long_says_so(store: Store) -> None:
    program = (
        "import sys\n"
        "from litdb.catalogue.database.session import Store\n"
        "from litdb.errors import CatalogueBusy\n"
        "try:\n"
        "    with Store(sys.argv[1]).write(): pass\n"
        "except CatalogueBusy as error: print(error)\n"
    )
    environment = {**os.environ, "LITDB_BUSY_SECONDS": "0.3"}
    with store.write():
        done = subprocess.run(
            [sys.executable, "-c", program, store.place],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
            cwd=REPOSITORY,
        )
    assert "is in use by another process: try again" in done.stdout
