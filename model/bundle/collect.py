"""Collecting wheels with pip, for this machine or for another one."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from model.bundle.needed import missing
from model.bundle.target import Target
from model.errors import ModelError
from model.runs import sha256

PROJECT = "litdb-sota"
EXTRA = "model"

#: Needed projects that are published as source alone, and what builds them.
SOURCE_ONLY = {"pesq": ("cython", "numpy", "pytest-runner", "setuptools", "wheel")}

#: How often what pip left out is asked for; each time may bring needs of its own.
ROUNDS = 5


@dataclass(frozen=True)
class Wheel:
    """A collected file: a wheel, or the source of what is published as source alone."""

    file: str
    sha256: str
    bytes: int

    @property
    def source(self) -> bool:
        """Whether it must be built there."""
        return not self.file.endswith(".whl")


def bundle(out: Path, target: Target | None = None) -> list[Wheel]:
    """Collect this project with what training and evaluation need into `out`, with `SHA256SUMS`.

    For a machine like this one pip builds wheels of what is published as source only, so that it needs no compiler there.
    For another one (`target`) its wheels are downloaded, and sources with what builds them. From a checkout the project's
    own wheel is built from it, within `constraints.txt`; from an installed package it is looked up by pip. Every command
    is printed to standard error. Raises ModelError when pip fails (what it says is there too) or something is missing in
    the end.
    """
    target = target or Target()
    out.mkdir(parents=True, exist_ok=True)
    root = Path(__file__).resolve().parents[2]
    project = str(root) if (root / "pyproject.toml").exists() else PROJECT
    limits = ["--constraint", str(root / "constraints.txt")] if (root / "constraints.txt").exists() else []
    limits += target.index_words()
    if target.elsewhere:
        _pip("wheel", "--no-deps", "--wheel-dir", str(out), project)
        _for_elsewhere(out, target, limits)
    else:
        _pip("wheel", "--wheel-dir", str(out), *limits, f"{project}[{EXTRA}]")
    files = sorted([*out.glob("*.whl"), *out.glob("*.tar.gz")])
    wheels = [Wheel(path.name, sha256(path), path.stat().st_size) for path in files]
    (out / "SHA256SUMS").write_text("".join(f"{wheel.sha256}  {wheel.file}\n" for wheel in wheels))
    return wheels


def _for_elsewhere(out: Path, target: Target, limits: Sequence[str]) -> None:
    """Download what is missing until nothing is."""
    asked: set[str] = set()
    for _ in range(ROUNDS):
        lacking = _lacking(out, target)
        for source in [need for need in lacking if need.name in SOURCE_ONLY]:
            _pip(
                "download", "--no-deps", "--no-binary", source.name, "--dest", str(out), *limits, str(source)
            )
        wanted = [str(need) for need in lacking if need.name not in SOURCE_ONLY]
        if not lacking or asked.issuperset(map(str, lacking)):
            break
        asked.update(map(str, lacking))
        if wanted:
            _pip("download", *target.words(), "--dest", str(out), "--find-links", str(out), *limits, *wanted)
    if lacking := _lacking(out, target):
        raise ModelError(
            f"{out} still lacks {', '.join(map(str, lacking))}; add their wheels for that machine"
        )


def _lacking(out: Path, target: Target) -> list[Requirement]:
    return missing(out, f"{PROJECT}[{EXTRA}]", target.markers(), SOURCE_ONLY)


def _pip(*words: str) -> None:
    command = [sys.executable, "-m", "pip", words[0], "--quiet", *words[1:]]
    print(shlex.join(command), file=sys.stderr, flush=True)
    code = subprocess.run(command, stdout=sys.stderr, check=False).returncode
    if code:
        raise ModelError(f"pip {words[0]} failed with exit code {code}; its message is above")
