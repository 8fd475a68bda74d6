"""What is scored: checkpoints, folders of enhanced audio, the noisy files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from model.errors import EvaluationError, ModelUsageError
from model.leaks.seen import NOTHING, Seen, seen_by
from model.runs import CheckpointRecord, RunFolder, sha256, training_of

if TYPE_CHECKING:
    from model.checkpoint import CheckpointMeta

#: Files that a folder of checkpoints is searched for, and one that is none.
SUFFIXES = (".pt", ".pth")
_RESUME = "resume.pt"


@dataclass(frozen=True)
class System:
    """What is scored: a checkpoint file, a folder of enhanced audio, or the noisy files as they are.

    A checkpoint can be run `without` one of its parts (`model.inspection.parts`); a part that is replaced by its mean takes
    that over the noisy files in `calibration`.
    """

    name: str
    source: str
    path: Path | None = None
    without: str = ""
    calibration: tuple[Path, ...] = ()

    def run(self) -> Path | None:
        """The run folder of a checkpoint, or None."""
        return run_of(self.path) if self.source == "checkpoint" and self.path else None

    def digest(self) -> str | None:
        """sha256 of a checkpoint, else None."""
        return sha256(self.path) if self.source == "checkpoint" and self.path else None

    def seen(self, outlines: dict[str, str]) -> Seen:
        """What of these files (id to outline) it was trained on."""
        if self.source == "noisy":
            return NOTHING
        return seen_by(
            training_of(self.path) if self.source == "checkpoint" and self.path else None, outlines
        )

    def types(self) -> Mapping[str, int]:
        """How many tensors of a checkpoint's weights are of which type of numbers; empty for audio."""
        from model.checkpoint import load_checkpoint

        return load_checkpoint(self.path)[1].types if self.source == "checkpoint" and self.path else {}

    def record(self) -> CheckpointRecord | None:
        """What `checkpoints.json` of its run says of the checkpoint; None where it says nothing of this very file."""
        run = self.run()
        if run is None or self.path is None:
            return None
        digest = self.digest()
        return next(
            (
                record
                for record in RunFolder(run).checkpoints()
                if record.file == self.path.name and record.sha256 == digest
            ),
            None,
        )


def system(word: str) -> System:
    """`noisy`, a checkpoint file or a folder of enhanced audio. Raises ModelUsageError when it is none of them."""
    path = Path(word)
    if word == "noisy":
        return System("noisy", "noisy")
    if path.is_dir():
        return System(path.resolve().name, "enhanced", path)
    if path.is_file():
        return System(path.stem, "checkpoint", path)
    raise ModelUsageError(f"{word} is neither a checkpoint file, nor a folder of enhanced audio, nor 'noisy'")


def checkpoints_in(folder: Path) -> list[System]:
    """The checkpoints of a run folder, or of any folder with `.pt` or `.pth` files.

    Raises ModelUsageError when there is none.
    """
    if not folder.is_dir():
        raise ModelUsageError(f"{folder} is not a folder")
    records = RunFolder(folder).checkpoints()
    if records:
        return [System(record.name, "checkpoint", folder / record.file) for record in records]
    files = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES and path.name != _RESUME)
    if not files:
        raise ModelUsageError(f"{folder} holds no checkpoint (.pt or .pth file)")
    stems = [path.stem for path in files]
    return [
        System(path.name if stems.count(path.stem) > 1 else path.stem, "checkpoint", path) for path in files
    ]


def run_of(checkpoint: Path) -> Path | None:
    """The run folder a checkpoint lies in, or None."""
    return checkpoint.parent if (checkpoint.parent / "config.json").exists() else None


def check_checkpoints(systems: list[System]) -> list[CheckpointMeta]:
    """What the checkpoints say besides their weights.

    Raises one EvaluationError that names all which do not load, before anything is scored.
    """
    from model.checkpoint import CheckpointError, load_checkpoint

    found, wrong = [], []
    for checkpoint in (system for system in systems if system.source == "checkpoint" and system.path):
        try:
            found.append(load_checkpoint(checkpoint.path)[1])  # type: ignore[arg-type]
        except CheckpointError as error:
            wrong.append(str(error).rstrip("."))
    if wrong:
        told = (
            f"{len(wrong)} of {len(systems)} checkpoints do not load, nothing was scored: "
            if len(systems) > 1
            else ""
        )
        raise EvaluationError(told + "; ".join(wrong))
    return found
