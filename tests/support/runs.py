"""Run folders as docs/run_folder.md describes them, written without `model`."""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

COLUMNS = "id,pesq,csig,cbak,covl,ssnr,stoi,estoi,si_sdr,csig_unit,cbak_unit,covl_unit,error"


def sha(name: str) -> str:
    """A hash that stands for a checkpoint file."""
    return hashlib.sha256(name.encode()).hexdigest()


def write_run(
    folder: Path,
    *,
    model: str = "M4",
    seed: int = 1,
    checkpoints: Sequence[str] = ("last", "best-composite"),
    network: Mapping[str, Any] | None = None,
    said: Mapping[str, Any] | None = None,
) -> Path:
    """A training run without scores; `said` is what its configuration says besides, or instead."""
    folder.mkdir(parents=True)
    config = {
        "format": "litdb-run/1",
        "kind": "training",
        "name": folder.name,
        "model": model,
        "parameters": 459867,
        "network": dict(network or {"kind": "unet", "gate": "additive"}),
        "recipe": {"epochs": 2, "seed": seed},
        "data": {"root": "/data/vbd", "training_files": 10},
        **(said or {}),
    }
    _write(folder / "config.json", config)
    _write(folder / "environment.json", {"seed": seed, "git": None, "libraries": {"torch": "2.13.0"}})
    _write(
        folder / "checkpoints.json",
        [
            {
                "name": name,
                "file": f"checkpoint_{name}.pt",
                "sha256": sha(f"{folder.name}/{name}"),
                "epoch": place + 1,
                "selected_on": "none" if name == "last" else "validation",
                "criterion": "last epoch" if name == "last" else "best composite",
                "validation": {"loss": 0.1, "pesq": 2.5},
            }
            for place, name in enumerate(checkpoints)
        ],
    )
    (folder / "checkpoint_last.pt").write_bytes(b"weights")
    return folder


def write_scores(
    folder: Path,
    name: str,
    scores: Mapping[str, float | None],
    *,
    test_set: str = "VoiceBank+DEMAND",
    source: str = "checkpoint",
    expected: int | None = None,
    digest: str | None = None,
    said: Mapping[str, Any] | None = None,
    of_set: Mapping[str, Any] | None = None,
) -> None:
    """Scores of one system: `scores` are PESQ values by file; the other metrics follow from them.

    `said` is what its entry, `of_set` what the summary says besides.
    """
    place = folder / "scores" / test_set.lower().replace("+", "-")
    place.mkdir(parents=True, exist_ok=True)
    lines = [COLUMNS]
    for file, pesq in scores.items():
        if pesq is None:
            lines.append(f"{file},,,,,,0.9,0.8,10.0,,,,PESQ: no speech found")
        else:
            lines.append(f"{file},{pesq:.6f},4.0,3.5,3.6,8.0,0.94,0.85,18.0,4.1,3.4,3.5,")
    (place / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    summary = place / "summary.json"
    entries = json.loads(summary.read_text())["entries"] if summary.exists() else []
    entries = [entry for entry in entries if entry["name"] != name]
    if source == "checkpoint" and digest is None:
        digest = sha(f"{folder.name}/{name}")
    entries.append(
        {
            "name": name,
            "source": source,
            "sha256": digest,
            "files_expected": expected or len(scores),
            "means": {},
            "errors": {},
            "notes": {},
            **(said or {}),
        }
    )
    content = {
        "format": "litdb-scores/1",
        "test_set": test_set,
        "fingerprint": sha(test_set),
        "files": expected or len(scores),
        "rate": 16000,
        "band": "WB",
        "scales": {"csig": "int16", "cbak": "int16", "covl": "int16", "csig_unit": "unit"},
        "entries": entries,
        **(of_set or {}),
    }
    _write(summary, content)


def pack(folder: Path, archive: Path) -> Path:
    """What `litdb model pack` makes: everything but weights, under one top folder."""
    with tarfile.open(archive, "w:gz") as tar:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.suffix != ".pt":
                tar.add(file, f"{folder.name}/{file.relative_to(folder)}")
    return archive


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
