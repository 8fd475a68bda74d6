"""What the way of scoring does to a number: the effects that `litdb compare` names, measured on audio.

    python benchmarks/composite_scale.py scores AUDIO --out SCORES.tsv
    python benchmarks/protocol_effects.py AUDIO SCORES.tsv --out litdb/evidence/beside/effects.tsv

AUDIO and SCORES.tsv are those of composite_scale.py: clean and noisy files at 16 kHz, and the systems made from them. Every
file of every system is scored both ways; the effect is the mean of the differences by file with its 95 % interval (10,000
bootstrap samples of the files, seed 0), and of a statistic the difference of the two statistics. Measured are the scale of
the composites, the band and the mapping of PESQ, the sampling rate of STOI and SI-SDR, and the median in the mean's place.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from composite_scale import MADE
from numpy.typing import NDArray

Array = NDArray[np.float64]
COLUMNS = (
    "item",
    "one",
    "other",
    "metric",
    "system",
    "kind",
    "pesq",
    "audio",
    "files",
    "effect",
    "low",
    "high",
)
SAMPLES = 10_000


@dataclass(frozen=True)
class Way:
    """A protocol item, the two values of it that a metric is scored under, and the names of the two scores of a file."""

    item: str
    one: str
    other: str
    metric: str
    scores: tuple[str, str]


WAYS = (
    *(Way("scale", "int16", "unit", name, (name.lower(), f"{name.lower()}_unit")) for name in ("CSIG", "CBAK", "COVL")),
    Way("band", "WB", "NB", "PESQ", ("pesq", "pesq_nb")),
    Way("mapping", "LQO", "raw", "PESQ", ("pesq_nb", "pesq_nb_raw")),
    Way("rate", "16000", "8000", "STOI", ("stoi", "stoi_8k")),
    Way("rate", "16000", "8000", "SI-SDR", ("si_sdr", "si_sdr_8k")),
)  # fmt: skip
#: Metrics whose median is set beside their mean.
MEDIANS = {
    "PESQ": "pesq", "CSIG": "csig", "CBAK": "cbak", "COVL": "covl", "SSNR": "ssnr", "STOI": "stoi", "SI-SDR": "si_sdr",
}  # fmt: skip


def _raw(lqo: float) -> float:
    """The raw narrow-band PESQ behind its MOS-LQO (ITU-T P.862.1, equation 1, solved for x)."""
    return (4.6607 - math.log(4 / (lqo - 0.999) - 1)) / 1.4945


def _si_sdr(clean: Array, made: Array) -> float:
    target = made.dot(clean) / clean.dot(clean) * clean
    return float(10 * np.log10(target.dot(target) / (made - target).dot(made - target)))


def _scored(clean: Array, made: Array) -> dict[str, float]:
    """What composite_scale.py does not score: narrow-band PESQ, STOI and SI-SDR, the two at half the rate as well."""
    import pesq
    from pystoi import stoi
    from scipy.signal import resample_poly

    half = [np.asarray(resample_poly(signal, 1, 2)) for signal in (clean, made)]
    narrow = float(pesq.pesq(16000, clean, made, "nb"))
    return {
        "pesq_nb": narrow,
        "pesq_nb_raw": _raw(narrow),
        "stoi": float(stoi(clean, made, 16000)),
        "stoi_8k": float(stoi(*half, 8000)),
        "si_sdr": _si_sdr(clean, made),
        "si_sdr_8k": _si_sdr(*half),
    }


def measured(folder: Path, scores: Path) -> dict[str, list[dict[str, float]]]:
    """All scores of every file, by system."""
    import soundfile

    systems: dict[str, list[dict[str, float]]] = defaultdict(list)
    with scores.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            clean, noisy = (
                np.asarray(soundfile.read(folder / f / row["file"])[0]) for f in ("clean", "noisy")
            )
            made = MADE[row["system"]](clean, noisy) if row["system"] in MADE else _read(folder, row)
            known = {name: float(value) for name, value in row.items() if name not in ("system", "file")}
            systems[row["system"]].append(known | _scored(clean, made))
    return systems


def _read(folder: Path, row: Mapping[str, str]) -> Array:
    import soundfile

    return np.asarray(soundfile.read(folder / row["system"] / row["file"])[0])


def _interval(files: int, effect: Callable[[NDArray[np.intp]], float]) -> tuple[float, float, float]:
    """An effect on all files, with its 95 % interval over files."""
    draw = np.random.default_rng(0)
    drawn = [effect(draw.integers(0, files, files)) for _ in range(SAMPLES)]
    low, high = np.percentile(drawn, (2.5, 97.5))
    return effect(np.arange(files)), float(low), float(high)


def rows(system: str, files: Sequence[Mapping[str, float]], audio: str) -> list[tuple[str | float, ...]]:
    """The effects on one system, in the columns of the table."""
    table = {name: np.array([file[name] for file in files]) for name in files[0]}
    kind = "made" if system in MADE else "network"
    quality, number = round(float(table["pesq"].mean()), 2), len(files)
    found: list[tuple[str | float, ...]] = []

    def add(
        item: str, one: str, other: str, metric: str, effect: Callable[[NDArray[np.intp]], float]
    ) -> None:
        made = (float(f"{value:.3g}") for value in _interval(number, effect))
        found.append((item, one, other, metric, system, kind, quality, audio, number, *made))

    for way in WAYS:
        difference = table[way.scores[1]] - table[way.scores[0]]
        add(way.item, way.one, way.other, way.metric, lambda chosen, d=difference: float(d[chosen].mean()))
    for metric, name in MEDIANS.items():
        values = table[name]
        add(
            "statistic", "mean", "median", metric,
            lambda chosen, v=values: float(np.median(v[chosen]) - v[chosen].mean()),
        )  # fmt: skip
    return found


def main() -> int:
    """Write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("audio", type=Path)
    parser.add_argument("scores", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    systems = measured(given.audio, given.scores)
    with given.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(COLUMNS)
        for system, files in systems.items():
            writer.writerows(rows(system, files, given.audio.name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
