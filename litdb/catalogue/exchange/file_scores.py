"""Scores of single files that differ in two catalogues, though the means over them may be equal."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import CheckpointRow, ScoreRow

#: Checkpoint, test set and metric of a mean.
Mean = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Differing:
    """Of one mean: what the files of each side say, as a digest, and one file with both scores, in words."""

    mine: str
    theirs: str
    example: str


def differing(target: Session, source: Session, renamed: Callable[[str], str]) -> dict[Mean, Differing]:
    """The means of which a file that both have has two scores; `renamed` is what the source's checkpoint is called here."""
    here = _digests(target, str)
    there = _digests(source, renamed)
    found = {}
    for mean in sorted(here.keys() & there.keys()):
        (mine_key, mine), (their_key, theirs) = here[mean], there[mean]
        if mine == theirs:
            continue
        one, other = _scores(target, mine_key, mean), _scores(source, their_key, mean)
        unlike = [name for name in sorted(one.keys() & other.keys()) if one[name] != other[name]]
        if unlike:
            example = f"{unlike[0]}: {one[unlike[0]] or 'none'} | {other[unlike[0]] or 'none'}"
            found[mean] = Differing(mine, theirs, f"{len(unlike)} of its files differ, such as {example}")
    return found


def _digests(session: Session, called: Callable[[str], str]) -> dict[Mean, tuple[str, str]]:
    """The key of the checkpoint, and a digest of the scores, of each mean."""
    query = (
        select(CheckpointRow.key, ScoreRow.dataset, ScoreRow.metric, ScoreRow.utterance, ScoreRow.value)
        .join(CheckpointRow, CheckpointRow.id == ScoreRow.checkpoint_id)
        .order_by(CheckpointRow.key, ScoreRow.dataset, ScoreRow.utterance)
    )
    hashes: dict[tuple[str, str, str], hashlib.blake2b] = {}
    for key, dataset, metric, utterance, value in session.execute(
        query, execution_options={"yield_per": 5000}
    ):
        found = hashes.setdefault((key, dataset, metric), hashlib.blake2b(digest_size=8))
        found.update(f"{utterance}\0{_said(value)}\0".encode())
    return {
        (called(key), dataset, metric): (key, found.hexdigest())
        for (key, dataset, metric), found in hashes.items()
    }


def _scores(session: Session, checkpoint: str, mean: Mean) -> dict[str, str]:
    _, dataset, metric = mean
    query = (
        select(ScoreRow.utterance, ScoreRow.value)
        .join(CheckpointRow, CheckpointRow.id == ScoreRow.checkpoint_id)
        .where(CheckpointRow.key == checkpoint, ScoreRow.dataset == dataset, ScoreRow.metric == metric)
    )
    return {row.utterance: _said(row.value) for row in session.execute(query)}


def _said(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"
