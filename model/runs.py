"""The run folder: plain files that say how a checkpoint came about and what it scored.

The format is described in `docs/run_folder.md`; nothing here needs torch or a database.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import platform
import subprocess
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from model.errors import ModelUsageError, TrainingError

FORMAT = "litdb-run/1"

_LIBRARIES = ("torch", "numpy", "scipy", "soundfile", "soxr", "accelerate", "pesq", "pystoi", "litdb-sota")


@dataclass(frozen=True)
class CheckpointRecord:
    """A line of `checkpoints.json`: a file, what it was selected on and by which criterion.

    `selected_on` is `validation` or `none` (the last epoch); `validation` holds loss, pesq, stoi and composite of its
    epoch, or nothing when the epoch was not validated.
    """

    name: str
    file: str
    sha256: str
    epoch: int
    selected_on: str
    criterion: str
    validation: Mapping[str, float]


@dataclass(frozen=True)
class RunFolder:
    """A run on disk. Reading methods raise ModelUsageError when the folder is no run."""

    path: Path

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """An existing run folder."""
        run = cls(path)
        if run.config().get("format") != FORMAT:
            raise ModelUsageError(f"{path} is a run of an unknown format; expected {FORMAT}")
        return run

    @classmethod
    def create(cls, path: Path, config: Mapping[str, Any], environment: Mapping[str, Any]) -> RunFolder:
        """A new run folder with its configuration and environment. Raises TrainingError when one is there."""
        cls.refuse_existing(path)
        path.mkdir(parents=True, exist_ok=True)
        write_json(path / "environment.json", environment)
        write_json(path / "config.json", {"format": FORMAT, **config})
        return cls(path)

    @staticmethod
    def refuse_existing(path: Path) -> None:
        """Raise TrainingError when a run is there."""
        if (path / "config.json").exists():
            raise TrainingError(
                f"{path} already holds a run; resume it with --resume {path} or name another folder"
            )

    def config(self) -> dict[str, Any]:
        """`config.json`."""
        return self._read("config.json")

    def environment(self) -> dict[str, Any]:
        """`environment.json`."""
        return self._read("environment.json")

    def _read(self, name: str) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads((self.path / name).read_text())
        except FileNotFoundError:
            raise ModelUsageError(f"{self.path} is not a run folder: it has no {name}") from None
        except json.JSONDecodeError as error:
            raise ModelUsageError(f"{self.path / name} is not valid JSON: {error}") from None
        if not isinstance(content, dict):
            raise ModelUsageError(f"{self.path / name} holds no JSON object")
        return content

    def log(self, event: str, **values: Any) -> None:
        """Append one line to `log.jsonl`."""
        line = json.dumps({"time": now(), "event": event, **values}, allow_nan=False)
        with (self.path / "log.jsonl").open("ab+") as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":  # a kill cut the last line short
                    line = "\n" + line
            file.write(line.encode() + b"\n")

    def events(self) -> Iterator[dict[str, Any]]:
        """The lines of `log.jsonl`; a last line cut short by a kill is left out."""
        log = self.path / "log.jsonl"
        if not log.exists():
            return
        with log.open() as file:
            for line in file:
                try:
                    event = json.loads(line)
                except json.JSONDecodeError:
                    continue
                if isinstance(event, dict) and "event" in event:
                    yield event

    def epochs(self) -> list[dict[str, Any]]:
        """The `epoch` events in order, the last one where a resumed run repeated an epoch."""
        latest = {
            event["epoch"]: event
            for event in self.events()
            if event["event"] == "epoch" and isinstance(event.get("epoch"), int)
        }
        return [latest[epoch] for epoch in sorted(latest)]

    def checkpoints(self) -> list[CheckpointRecord]:
        """`checkpoints.json`, or nothing when there is none yet. Raises ModelUsageError for another content."""
        path = self.path / "checkpoints.json"
        if not path.exists():
            return []
        try:
            records = [CheckpointRecord(**entry) for entry in json.loads(path.read_text())]
            if not all(isinstance(record.validation, dict) for record in records):
                raise TypeError
        except (ValueError, TypeError):
            raise ModelUsageError(
                f"{path} is no list of checkpoints as docs/run_folder.md describes it"
            ) from None
        return records

    def record_checkpoints(self, records: Iterable[CheckpointRecord]) -> None:
        """Write `checkpoints.json`."""
        write_json(self.path / "checkpoints.json", [asdict(record) for record in records])


def training_of(checkpoint: Path) -> RunFolder | None:
    """The training run that a checkpoint is from: it lies in its folder, which lists this very file by its hash.

    A file that was copied into a run folder is not from it, whatever it is called.
    """
    run = RunFolder(checkpoint.parent)
    if not (run.path / "config.json").exists() or run.config().get("kind") != "training":
        return None
    saved = {record.sha256 for record in run.checkpoints()}
    return run if saved and sha256(checkpoint) in saved else None


def write_json(path: Path, content: object) -> None:
    """Write a JSON file whole or not at all."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    with partial.open("w") as file:
        json.dump(content, file, indent=2, allow_nan=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a CSV file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    with partial.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    os.replace(partial, path)


def sha256(path: Path) -> str:
    """Hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def now() -> str:
    """The time in UTC, ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def environment(**values: object) -> dict[str, object]:
    """What a run depends on: the code's git commit, library versions, the machine, and the given values."""
    versions: dict[str, str] = {}
    for name in _LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return {
        **values,
        "git": _git_state(Path(__file__).parent),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "libraries": versions,
    }


def _git_state(folder: Path) -> dict[str, object] | None:
    """Commit of the code and whether it was changed since; None outside a repository."""
    try:
        commit, status = (
            subprocess.run(
                ["git", *words], cwd=folder, capture_output=True, text=True, check=True
            ).stdout.strip()
            for words in (["rev-parse", "HEAD"], ["status", "--porcelain", "--", "."])
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return {"commit": commit, "changed": bool(status)}


def pack(run: RunFolder, archive: Path) -> list[str]:
    """One small `tar.gz` of a run without weights, audio and resume state; the names of the packed files.

    The same folder gives the same bytes. Raises ModelUsageError when `archive` does not end in `.tar.gz`.
    """
    if not archive.name.endswith(".tar.gz"):
        raise ModelUsageError(f"{archive} must end in .tar.gz")
    run.config()
    wanted = {".json", ".jsonl", ".csv", ".png", ".txt"}
    files = sorted(
        path
        for path in run.path.rglob("*")
        if path.is_file() and path.suffix in wanted and path.name[0] != "."
    )
    name = run.path.resolve().name
    archive.parent.mkdir(parents=True, exist_ok=True)
    partial = archive.with_name(f".{archive.name}.{os.getpid()}.part")
    with (
        partial.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as tar,
    ):
        for path in files:
            entry = tar.gettarinfo(path, f"{name}/{path.relative_to(run.path)}")
            entry.uid = entry.gid = entry.mtime = 0
            entry.uname = entry.gname = ""
            entry.mode = 0o644
            with path.open("rb") as file:
                tar.addfile(entry, file)
    os.replace(partial, archive)
    return [str(path.relative_to(run.path)) for path in files]
