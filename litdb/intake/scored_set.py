"""Which test set scores by file are on: told by its name and the names of its files, never guessed.

The names of the files alone tell no test set: copies of one with reverberation or other noise keep them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from litdb.evidence.runs.subsets import plain
from litdb.vocabulary import Dataset, vocabulary


@dataclass(frozen=True, slots=True)
class ScoredSet:
    """The test set of scores by file: its id, its number of files as far as it is known (else 0), what must be said."""

    id: str
    files: int
    notes: tuple[str, ...] = ()


def scored_set(name: str, files: Collection[str]) -> ScoredSet:
    """The test set called `name` whose scored files have these names.

    A name in which a known one stands is that set where the files are all of its files and no others, so that none counts
    as a second one. A known name over other files does not decide: the set is kept as an unknown one.
    """
    called = vocabulary().dataset(name)
    if called is None:
        within = {known.id: known for _at, known in vocabulary().datasets_in(name)}
        called = next((known for known in within.values() if len(within) == 1 and _whole(known, files)), None)
    if called is None:
        like = next((k for k in vocabulary().datasets if k.names and files and not strangers(k, files)), None)
        notes = [
            f"{name} is not among the known test sets (`litdb vocabulary`): it is stored under that name"
        ]
        if like is not None:
            which = f"all {like.files} files" if _whole(like, files) else "files"
            notes.append(
                f"its files are named like {which} of {like.title}: if they are its files, "
                f"evaluate again with --dataset {like.id}"
            )
        return ScoredSet(name, 0, tuple(notes))
    if strange := strangers(called, files):
        other = f"{name} (other files)"
        return ScoredSet(
            other,
            0,
            (
                f"{strange[0]} is no file of {called.title}: which test set this is is not known, and it is stored as {other}",
            ),
        )
    return ScoredSet(called.id, called.files)


def strangers(known: Dataset, files: Collection[str]) -> list[str]:
    """The files that are not named like those of a test set; none where it is not known how they are named."""
    if not known.names:
        return []
    pattern = re.compile(known.names)
    return sorted(file for file in files if not pattern.fullmatch(_bare(file)))


def _whole(known: Dataset, files: Collection[str]) -> bool:
    return known.is_whole(map(_bare, files))


def _bare(file: str) -> str:
    """The name of a file without folders and ending."""
    return plain(file.rpartition("/")[2])
