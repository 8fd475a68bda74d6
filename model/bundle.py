"""The wheels that an installation without internet needs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.errors import ModelError
from model.runs import sha256

#: The project with what training and evaluation need.
PROJECT = "litdb-sota"


@dataclass(frozen=True)
class Wheel:
    """A collected wheel."""

    file: str
    sha256: str
    bytes: int


def bundle(out: Path, run: Callable[[Sequence[str]], int] | None = None) -> list[Wheel]:
    """Collect the wheels of this project and all it depends on into `out`, with `SHA256SUMS`.

    pip builds wheels of what is published as source only, so the other machine needs no compiler. From a checkout the
    project's own wheel is built from it, within `constraints.txt`; from an installed package it is looked up by pip.
    Raises ModelError when pip fails; what it says goes to standard error.
    """
    root = Path(__file__).resolve().parents[1]
    project = str(root) if (root / "pyproject.toml").exists() else PROJECT
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", str(out), f"{project}[model]"]
    if (root / "constraints.txt").exists():
        command += ["--constraint", str(root / "constraints.txt")]
    out.mkdir(parents=True, exist_ok=True)
    code = (run or _run)(command)
    if code:
        raise ModelError(f"pip wheel failed with exit code {code}; its message is above")
    wheels = [Wheel(path.name, sha256(path), path.stat().st_size) for path in sorted(out.glob("*.whl"))]
    (out / "SHA256SUMS").write_text("".join(f"{wheel.sha256}  {wheel.file}\n" for wheel in wheels))
    return wheels


def _run(command: Sequence[str]) -> int:
    return subprocess.run(command, stdout=sys.stderr, check=False).returncode
