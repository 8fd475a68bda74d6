"""The files of a training, as `files.csv` of its run folder keeps them, so that any test set can be held against them."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Literal, get_args

from model.data.layouts import Pair
from model.errors import DataError
from model.runs import write_csv

#: Its name in a run folder.
FILES = "files.csv"

#: `earlier`: trained on by the checkpoint that a fine-tuning began with; `earlier-validation`: held out when it was selected.
Part = Literal["training", "validation", "earlier", "earlier-validation"]
_PARTS: dict[str, Part] = {part: part for part in get_args(Part)}
_EARLIER: dict[Part, Part] = {"training": "earlier", "validation": "earlier-validation"}
#: Parts whose files changed weights; those of the others chose among them.
TRAINED: tuple[Part, ...] = ("training", "earlier")


@dataclass(frozen=True)
class FileMark:
    """One utterance of a training: its part, sha256 of both files as they lay there, and the clean recording's outline."""

    id: str
    part: Part
    clean: str
    noisy: str
    outline: str


def marks_of(
    pairs: Sequence[Pair],
    held_out: Collection[str],
    hashes: Mapping[str, tuple[str, str]],
    outlines: Mapping[str, str],
) -> tuple[FileMark, ...]:
    """The marks of all pairs of a training part; `held_out` are the ids that validation takes."""
    return tuple(
        FileMark(
            pair.id,
            "validation" if pair.id in held_out else "training",
            *hashes[pair.id],
            outlines.get(pair.id, ""),
        )
        for pair in sorted(pairs, key=lambda pair: pair.id)
    )


def as_earlier(marks: Sequence[FileMark]) -> tuple[FileMark, ...]:
    """The marks of a run as those of a fine-tuning that begins with one of its checkpoints."""
    return tuple(replace(mark, part=_EARLIER.get(mark.part, mark.part)) for mark in marks)


def write_marks(run: Path, marks: Sequence[FileMark]) -> None:
    """Write `files.csv`, one row an utterance."""
    write_csv(run / FILES, [field.name for field in fields(FileMark)], map(astuple, marks))


def read_marks(run: Path) -> tuple[FileMark, ...] | None:
    """The files of a training run; None where the folder says nothing of them. Raises DataError for a spoilt file."""
    path = run / FILES
    if not path.is_file():
        return None
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    names = [field.name for field in fields(FileMark)]
    if not rows or any(row.get(name) is None for row in rows for name in names):
        raise DataError(f"{path} is no list of training files; its columns must be {', '.join(names)}")
    return tuple(
        FileMark(
            row["id"],
            _PARTS.get(row["part"], "training"),
            row["clean"],
            row["noisy"],
            row["outline"],
        )
        for row in rows
    )
