"""What of a test set a checkpoint has met in its training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from model.data.outline import same_recordings
from model.leaks.marks import TRAINED, FileMark, read_marks
from model.runs import RunFolder

_SHOWN = 5
#: How much is known of the files that a checkpoint was trained on.
Known = Literal["run", "partly", "unknown"]


@dataclass(frozen=True)
class Seen:
    """Files of a test set that a system was trained on.

    `known` is `run` (its run folder lists its training files), `partly` (it began with a checkpoint whose files are unknown),
    `unknown` (nobody says what it was trained on), or `none` (the unprocessed files). `training` and `validation` are ids whose clean recording was trained on or selected with; `names` are
    ids that were trained on under the same name with another recording, which a copy that was cut would look like.
    """

    known: Known | Literal["none"]
    training: tuple[str, ...] = ()
    validation: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As `summary.json` has it: numbers, and the ids that were trained on."""
        if self.known in ("unknown", "none"):
            return {"training_files": self.known}
        return {
            "training_files": self.known,
            "training": len(self.training),
            "validation": len(self.validation),
            "same_name": len(self.names),
            "ids": list(self.training),
        }

    def sentences(self, files: int) -> list[str]:
        """What must be said beside scores on `files` files; nothing where nothing was met."""
        if self.known == "unknown":
            return ["training files unknown: it may have been trained on these"]
        found = []
        if self.known == "partly":
            found.append(
                "training files of the checkpoint it began with unknown: that may have been trained on these"
            )
        for names, what in (
            (self.training, "were trained on"),
            (self.validation, "were held out for validation, which selected the checkpoint"),
            (self.names, "have the name of a file that was trained on, with another recording"),
        ):
            if names:
                more = ", ..." if len(names) > _SHOWN else ""
                found.append(f"{len(names)} of {files} files {what}: {', '.join(names[:_SHOWN])}{more}")
        return found


#: Of the unprocessed files.
NOTHING = Seen("none")


def known_files(run: RunFolder | None) -> tuple[Known, tuple[FileMark, ...]]:
    """How much is known of the files that a run's checkpoints were trained on, and those that are known.

    Nothing where there is no run, or one that lists no files (a run of an earlier version); a part where it began with a
    checkpoint of which not everything is known.
    """
    marks = None if run is None else read_marks(run.path)
    if run is None or marks is None:
        return "unknown", ()
    began = run.config().get("from")
    return "run" if not began or began.get("training_files") == "run" else "partly", marks


def seen_by(run: RunFolder | None, outlines: Mapping[str, str]) -> Seen:
    """What the checkpoints of a training run have met of files with these outlines (id to outline)."""
    known, marks = known_files(run)
    if known == "unknown":
        return Seen("unknown")
    trained = [mark for mark in marks if mark.part in TRAINED]
    training = same_recordings([mark.outline for mark in trained], outlines)
    held = same_recordings([mark.outline for mark in marks if mark.part not in TRAINED], outlines)
    named = {mark.id for mark in trained}
    return Seen(
        known,
        tuple(training),
        tuple(name for name in held if name not in training),
        tuple(name for name in outlines if name in named and name not in training),
    )
