"""A reproducible noisy corpus from clean speech and noise."""

from __future__ import annotations

import csv
import json
import zlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from model.data import audio
from model.errors import DataError

_PEAK = 0.99


@dataclass(frozen=True)
class Mixture:
    """One line of the manifest: how a noisy file came about.

    `offset` is the first noise sample at the corpus rate; `gain` was applied to the noise; `scale` to clean and noisy
    alike, below 1 where the mixture would have clipped. SNR in dB is the ratio of mean powers over the whole file.
    """

    id: str
    speech: str
    noise: str
    offset: int
    snr: float
    gain: float
    scale: float


def mix(
    speech: Path,
    noise: Path,
    snrs: Sequence[float],
    out: Path,
    *,
    seed: int = 0,
    rate: int = 16000,
    copies: int = 1,
) -> list[Mixture]:
    """Write `out/clean`, `out/noisy`, `out/manifest.tsv` and `out/mix.json`.

    Noise file and offset of an utterance follow from the seed, its name and the number of its copy alone, so that
    adding files changes no other; SNRs are dealt in turn over the sorted utterances. The same folders, seed and SNRs
    give the same bytes. Raises DataError for empty folders, silent speech or noise, and an `out` that holds another
    corpus.
    """
    utterances, noises = _sources(speech), _sources(noise)
    if not snrs:
        raise DataError("at least one SNR is needed")
    settings = {"seed": seed, "rate": rate, "snrs": [float(snr) for snr in snrs], "copies": copies}
    statement = out / "mix.json"
    if out.exists() and any(out.iterdir()) and not statement.exists():
        raise DataError(f"{out} is not empty and holds no earlier mix; name another folder")
    if statement.exists() and json.loads(statement.read_text())["settings"] != settings:
        raise DataError(f"{out} holds a corpus mixed with other settings; name another folder")
    out.mkdir(parents=True, exist_ok=True)
    statement.write_text(json.dumps({"settings": settings, "resampler": audio.RESAMPLER}, indent=2) + "\n")
    mixtures = [
        _mix_one(path, noises, float(snrs[(number + copy) % len(snrs)]), copy, out, seed, rate, copies)
        for number, path in enumerate(utterances)
        for copy in range(copies)
    ]
    with (out / "manifest.tsv").open("w", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(field.name for field in fields(Mixture))
        writer.writerows(astuple(mixture) for mixture in mixtures)
    return mixtures


def _sources(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise DataError(f"{folder} is not a folder")
    files = audio.audio_files(folder)
    if not files:
        raise DataError(f"{folder} holds no wav or flac file")
    return files


def _mix_one(
    path: Path, noises: list[Path], snr: float, copy: int, out: Path, seed: int, rate: int, copies: int
) -> Mixture:
    name = path.stem if copies == 1 else f"{path.stem}_{copy}"
    random = np.random.default_rng([seed, copy, zlib.crc32(path.stem.encode())])
    clean = audio.read_at(path, rate).astype(np.float64)
    noise_path = noises[int(random.integers(len(noises)))]
    noise = audio.read_at(noise_path, rate).astype(np.float64)
    offset = int(random.integers(len(noise)))
    noise = np.resize(np.roll(noise, -offset), len(clean))
    for file, signal in ((path, clean), (noise_path, noise)):
        if not np.any(signal):
            raise DataError(f"{file} is silent; it cannot be mixed at an SNR")
    gain = float(np.sqrt(np.mean(clean**2) / np.mean(noise**2) / 10 ** (snr / 10)))
    noisy = clean + gain * noise
    scale = float(min(1.0, _PEAK / max(np.max(np.abs(noisy)), np.max(np.abs(clean)))))
    audio.write(out / "clean" / f"{name}.wav", (scale * clean).astype(np.float32), rate)
    audio.write(out / "noisy" / f"{name}.wav", (scale * noisy).astype(np.float32), rate)
    return Mixture(name, path.name, noise_path.name, offset, snr, gain, scale)
