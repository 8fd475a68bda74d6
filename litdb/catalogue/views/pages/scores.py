"""How the scores of a checkpoint's files are spread, by metric."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import CheckpointRow, ScoreRow

#: How many bars a spread is shown with.
_BARS = 24


@dataclass(frozen=True, slots=True)
class ScoreSpread:
    """The scores of the files of a test set: how many, how many failed, the least, quartiles and the most.

    `bars` counts the files in parts of equal width from the least to the most.
    """

    metric: str
    dataset: str
    files: int
    failed: int
    least: float
    quartiles: tuple[float, float, float]
    most: float
    bars: tuple[int, ...]


def score_spreads(session: Session) -> dict[str, list[ScoreSpread]]:
    """The spreads of every checkpoint that has scores by file, by its key; read one checkpoint's metric at a time."""
    place = (ScoreRow.checkpoint_id, ScoreRow.dataset, ScoreRow.metric)
    query = (
        select(CheckpointRow.key, ScoreRow.dataset, ScoreRow.metric, ScoreRow.value)
        .join(CheckpointRow, CheckpointRow.id == ScoreRow.checkpoint_id)
        .order_by(*place)
        .execution_options(yield_per=10_000)
    )
    found: dict[str, list[ScoreSpread]] = defaultdict(list)
    for (checkpoint, dataset, metric), rows in groupby(session.execute(query), lambda row: row[:3]):
        found[checkpoint] += _spread(metric, dataset, [row[3] for row in rows])
    return dict(found)


def _spread(metric: str, dataset: str, scores: list[float | None]) -> Iterator[ScoreSpread]:
    known = sorted(score for score in scores if score is not None)
    if not known:
        return
    least, most = known[0], known[-1]
    width = (most - least) / _BARS or 1.0
    bars = [0] * _BARS
    for score in known:
        bars[min(_BARS - 1, int((score - least) / width))] += 1
    quartiles = (_quantile(known, 0.25), _quantile(known, 0.5), _quantile(known, 0.75))
    yield ScoreSpread(
        metric, dataset, len(known), len(scores) - len(known), least, quartiles, most, tuple(bars)
    )


def _quantile(ordered: list[float], share: float) -> float:
    """Linear between the two nearest of the ordered scores."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
