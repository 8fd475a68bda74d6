"""What many decisions cost: the history of a catalogue, and deriving one document anew.

    python benchmarks/history.py [--decisions 8000]

Accepts, corrects and takes back readings of a copy of the shipped catalogue. Bounds: the whole history of 8,000
decisions in 1 s; one document derived anew at most 1.5 times as long as without decisions on others. Exit code 1 when
one is missed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

import litdb
from litdb.catalogue.database.places import make_working
from litdb.catalogue.database.schema import DecisionRow, ReadingRow
from litdb.catalogue.decision import Accept, Correct, Reject, Undo
from litdb.catalogue.derive import derive
from litdb.catalogue.views.history import history

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def decide(session: Session, count: int, spared: int) -> None:
    """Append `count` decisions on the readings of all documents but `spared`; each eighth is an undoing."""
    kinds = (Accept(), Correct(value=3.0, printed="3.00", resolution=0.01), Reject(), Accept())
    readings = session.execute(
        select(ReadingRow.key, ReadingRow.printed)
        .where(ReadingRow.document_id != spared)
        .order_by(ReadingRow.id)
    ).all()
    last = ""
    known: dict[str, list[str]] = defaultdict(
        list
    )  # one person decides, in knowledge of what was decided before
    for place in range(count):
        key, printed = readings[place % len(readings)]
        undo = place % 8 == 7
        what = Undo() if undo else kinds[place % 4]
        uid = uuid.uuid5(uuid.NAMESPACE_OID, str(place)).hex
        session.add(
            DecisionRow(
                uid=uid, kind=what.kind, target=last if undo else key, detail=what.to_json(), printed=printed,
                reason="generated", who="benchmark", made_at=START + dt.timedelta(seconds=place), sequence=place + 1,
                after=json.dumps([] if undo else known[key]),
            )
        )  # fmt: skip
        if not undo:
            known[key].append(uid)
        last = uid


def seconds(work: Callable[[], object], rounds: int = 5) -> float:
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--decisions", type=int, default=8000)
    count = options.parse_args().decisions
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "decided.db"
        make_working(path)
        with litdb.open(path) as catalogue:
            store = catalogue.store
            with store.write() as session:
                document = session.scalars(select(ReadingRow.document_id).order_by(ReadingRow.id)).first()
                assert document is not None
                before = seconds(lambda: derive(session, [document]))
                decide(session, count, document)
            with store.write() as session:
                after = seconds(lambda: derive(session, [document]))
            with store.read() as session:
                entries = len(history(session))
                whole = seconds(lambda: history(session))
    print(
        json.dumps(
            {
                "decisions": entries,
                "history_s": round(whole, 3),
                "derive_before_s": round(before, 4),
                "derive_after_s": round(after, 4),
            },
            indent=1,
        )
    )
    return 0 if whole <= 1 and after <= 1.5 * before else 1


if __name__ == "__main__":
    sys.exit(main())
