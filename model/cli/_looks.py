"""What commands look at while a network is designed, and the log of looks at a test set."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from model.cli._shared import tell_types

if TYPE_CHECKING:
    from model.evaluation.systems import System
    from model.evaluation.test_data import TestData


def log_look(command: str, test: TestData, systems: list[System], run: Path | None = None) -> None:
    """Log a look at a test set in all run folders concerned, and say where that is not possible."""
    from model.leaks import looks

    looked = {system.name: system.digest() for system in systems if system.source != "noisy"}
    runs = [folder for system in systems if (folder := system.run()) is not None]
    if run is not None:
        runs.append(run)
    checkpoints = any(system.source == "checkpoint" for system in systems)
    if looked and not looks.log_look(command, test.test_set, looked, runs) and checkpoints:
        print(
            f"This look at {test.test_set.name} is logged nowhere: no checkpoint lies in a run folder.",
            file=sys.stderr,
        )


def design(
    data: Path, systems: list[System], split: str, validation: str, speakers: int, bad: str
) -> TestData:
    """The files to look at, after it was said which checkpoints hold weights of another type than they are used in."""
    from model.evaluation.systems import check_checkpoints
    from model.evaluation.test_data import open_design_set

    for meta in check_checkpoints(systems):
        tell_types(meta.path, meta.types)
    patterns = [word for word in validation.split(",") if word]
    return open_design_set(data, systems, split, patterns, speakers=speakers, bad=bad)
