"""One trainer a run folder: the lock, and who holds it.

The lock is the operating system's, so one that was killed leaves nothing behind to clear away. Who holds it is written
beside it, for the message that a second trainer gets.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from model.errors import TrainingError
from model.runs import now, write_json

LOCK = ".lock"
HOLDER = ".holder.json"


@contextmanager
def locked(folder: Path, wanted: bool = True) -> Iterator[None]:
    """Hold a folder while it is written to; `wanted` is False in the processes of a group that only compute.

    Raises TrainingError that says who holds it.
    """
    if not wanted:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(folder / LOCK, timeout=0).acquire()
    except Timeout:
        raise TrainingError(
            f"{folder} is being trained by {_holder(folder)}; wait for it, or stop it and go on with --resume"
        ) from None
    with lock:
        write_json(folder / HOLDER, {"process": os.getpid(), "machine": platform.node(), "since": now()})
        try:
            yield
        finally:
            (folder / HOLDER).unlink(missing_ok=True)


def refuse_held(folder: Path) -> None:
    """Raise TrainingError when another process trains in this folder; nothing is written where nobody does."""
    if (folder / HOLDER).exists():
        with locked(folder):
            pass


def _holder(folder: Path) -> str:
    try:
        found = json.loads((folder / HOLDER).read_text())
        return f"process {found['process']} on {found['machine']} since {found['since']}"
    except (OSError, ValueError, KeyError):
        return "another process"
