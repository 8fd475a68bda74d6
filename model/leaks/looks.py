"""Looks at a test set: each is a line of `log.jsonl` in the run folders whose checkpoints were looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from model.runs import RunFolder

if TYPE_CHECKING:
    from model.evaluation.summary import TestSet


def log_look(
    command: str, test_set: TestSet, systems: Mapping[str, str | None], runs: Sequence[Path]
) -> bool:
    """Write a look by a command into the run folders; whether it was written anywhere, or needed not to be.

    `systems` are names and checkpoint hashes (None for audio). Validation files and training files are for looking at;
    anything else counts, files of which nobody knows what they are for too.
    """
    if test_set.role in ("validation", "train"):
        return True
    for run in dict.fromkeys(runs):
        RunFolder(run).log(
            "look",
            command=command,
            test_set=test_set.name,
            split=test_set.split,
            role=test_set.role,
            fingerprint=test_set.fingerprint,
            files=test_set.files,
            systems=[{"name": name, "sha256": digest} for name, digest in systems.items()],
        )
    return bool(runs)


def looks(run: Path) -> list[dict[str, object]]:
    """The looks at test sets that a run folder tells of, oldest first."""
    return [event for event in RunFolder(run).events() if event.get("event") == "look"]
