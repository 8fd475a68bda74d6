"""Folders of enhanced audio: whose file is whose, at which rate, and whether they can be scored at all."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.data import Pair, audio
from model.data.audio import audio_files
from model.data.check import WRONG_SCALE, wrong_scale
from model.errors import DataError, EvaluationError, ModelUsageError
from model.metrics import RATE

_SHOWN = 3


@dataclass(frozen=True)
class EnhancedAudio:
    """The files of a folder for the pairs of a test set, by id; what is wrong with some, and the rates of all in Hz.

    `fingerprint` is a sha256 over ids and contents.
    """

    files: dict[str, Path]
    bad: dict[str, str]
    rates: dict[int, int]
    fingerprint: str


def enhanced_files(folder: Path) -> dict[str, Path]:
    """Stem -> file of a folder of enhanced audio. Raises EvaluationError when two files share a stem."""
    if not folder.is_dir():
        raise ModelUsageError(f"{folder} is not a folder")
    files: dict[str, Path] = {}
    for path in audio_files(folder):
        if path.stem in files:
            raise EvaluationError(
                f"{path.name} and {files[path.stem].name} in {folder} are two files for one utterance"
            )
        files[path.stem] = path
    return files


def open_enhanced(folder: Path, pairs: Sequence[Pair], bad: str = "refuse") -> EnhancedAudio:
    """Find the enhanced file of each pair and look at it.

    Files below 16 kHz and of another scale are bad: refused with their names, or left out when `bad` is `skip`. Raises
    EvaluationError for bad files and when no file has the name of an utterance.
    """
    known = enhanced_files(folder)
    files = {
        pair.id: path
        for pair in pairs
        if (path := known.get(pair.id) or known.get(pair.clean.stem)) is not None
    }
    if not files:
        raise EvaluationError(
            f"{folder} has no file named like one of the test set, such as {pairs[0].id}.wav"
        )
    with ThreadPoolExecutor() as pool:
        found = dict(zip(files, pool.map(_look, files.values()), strict=True))
    wrong = {name: reason for name, (_, _, reason) in found.items() if reason}
    if wrong and bad == "refuse":
        more = f" (and {len(wrong) - _SHOWN} more)" if len(wrong) > _SHOWN else ""
        listed = "; ".join(f"{files[name]}: {reason}" for name, reason in list(wrong.items())[:_SHOWN])
        raise EvaluationError(
            f"{len(wrong)} of {len(files)} enhanced files cannot be scored: {listed}{more}; write them again or use --bad skip"
        )
    rates = [rate for rate, _, reason in found.values() if rate and not reason]
    digest = hashlib.sha256()
    for name in sorted(found):
        digest.update(name.encode() + b"\0" + bytes.fromhex(found[name][1]))
    return EnhancedAudio(
        files, wrong, {rate: rates.count(rate) for rate in sorted(set(rates))}, digest.hexdigest()
    )


def _look(path: Path) -> tuple[int, str, str]:
    """Rate, sha256, and what makes the file unfit to be scored. Unreadable files and NaN are left to the scoring."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        signal, rate = audio.read(path)
    except DataError:
        return 0, digest, ""
    if rate < RATE:
        return rate, digest, f"{rate} Hz, at least {RATE} Hz is needed: wide-band PESQ of less means nothing"
    peak = float(np.nanmax(np.abs(signal), initial=0.0))
    if np.isfinite(peak) and peak > WRONG_SCALE:
        return rate, digest, wrong_scale(peak)
    return rate, digest, ""
