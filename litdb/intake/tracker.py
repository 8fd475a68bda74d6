"""A frozen dump of a tracker into the catalogue: every leaderboard a document, stored in a transaction of its own.

What people kept there is not lost, and is never more than it is: origin `tracker`, proposed, below every other source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import DocumentRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.record import NOTHING_STORED, Stored, put_document, put_extraction
from litdb.catalogue.values import ACCEPTED, Where, values
from litdb.extract.tracker import Board, LeftOut, boards
from litdb.extract.types import EXTRACTOR_VERSION
from litdb.intake.local import FileOutcome
from litdb.sources.json_items import json_items
from litdb.values.agreement import agree
from litdb.values.names import digest
from litdb.values.origin import Origin

_SHOWN = 8


def is_dump(path: Path) -> bool:
    """Whether a file is taken for a dump of a tracker, by its name."""
    return path.name.endswith((".json", ".json.gz"))


def ingest_tracker(store: Store, path: Path) -> FileOutcome:
    """Store the leaderboards of a dump of Papers with Code (evaluation-tables.json, as it is or by gzip).

    Raises InputError when it cannot be read, TooLarge past a bound; boards that were complete before stay.
    """
    left_out, total, known, differ = LeftOut(), NOTHING_STORED, 0, list[str]()
    found = 0
    for task in json_items(path):
        for board in boards(task, left_out):
            found += 1
            with store.write() as session:
                stored = _put(session, board)
                if stored is None:
                    known += 1
                else:
                    total = _sum(total, stored)
                    differ += _differences(session, board)
    notes = [*left_out.said()]
    if differ:
        more = f", and {len(differ) - _SHOWN} more" if len(differ) > _SHOWN else ""
        notes.append(f"differ from the papers' own values: {len(differ)}: {'; '.join(differ[:_SHOWN])}{more}")
    if not found:
        notes.append("no leaderboard of a known test set was found (`litdb vocabulary datasets` lists those)")
    state = "known" if found and known == found else "new"
    return FileOutcome(str(path), state, total, findings=tuple(notes))


def _key(board: Board) -> str:
    return f"tracker:{digest('papers with code', board.name)[:32]}"


def _put(session: Session, board: Board) -> Stored | None:
    """Store a board; None when it is stored as it is."""
    key = _key(board)
    document = session.scalar(select(DocumentRow).where(DocumentRow.key == key))
    if document is not None and (document.sha256, document.reader) == (board.digest, EXTRACTOR_VERSION):
        return None
    document = put_document(session, key, kind="tracker", uri=f"Papers with Code: {board.name}")
    document.sha256, document.fetched_at = board.digest, dt.datetime.now(dt.UTC).replace(microsecond=0)
    return put_extraction(session, document, board.extraction)


def _sum(one: Stored, other: Stored) -> Stored:
    return Stored(
        one.readings + other.readings,
        one.accepted + other.accepted,
        one.proposed + other.proposed,
        one.new + other.new,
        one.gone + other.gone,
    )


def _differences(session: Session, board: Board) -> Iterator[str]:
    """What the board says otherwise than the papers that propose the models."""
    theirs = values(session, Where(document=_key(board)))
    models = sorted({value.model for value in theirs})
    quantities = sorted({value.quantity for value in theirs})
    own = [
        value
        for value in values(session, Where(models=models, quantities=quantities, statuses=ACCEPTED))
        if value.origin is Origin.SELF and value.value is not None
    ]
    for value in theirs:
        about = (value.model, value.metric, value.dataset)
        printed = [other for other in own if (other.model, other.metric, other.dataset) == about]
        if printed and not any(agree(value, other) for other in printed):
            best = max(printed, key=lambda other: (other.version or 0, other.key))
            yield f"{value.about}: {value.printed}, {best.place} prints {best.printed}"
