"""The limits by which a row's own numbers tell the scale of its composites, on audio where the scale is known.

    python benchmarks/composite_scale.py published [FACTS.tsv ...]
    python benchmarks/composite_scale.py scores AUDIO --out SCORES.tsv
    python benchmarks/composite_scale.py audio SCORES.tsv [--subsets 200]

`published` takes the rows of the shipped catalogue (and of tables with the columns paper, model, dataset, condition, metric,
printed, source and table) that print PESQ, SSNR and CBAK, and prints the WSS they give as a histogram, the limits on
either side of the empty band, widened by what rounding can do, and how many rows they decide. litdb's limits are those.

AUDIO holds `clean/` and `noisy/` with files of the same names at 16 kHz, and may hold more folders of enhanced files,
each a system. `scores` makes further systems from clean and noisy audio, by masks, filters and mixing, and scores every
file on both scales. `audio` draws subsets of 20 files or more, prints their means as a paper would (two decimals), and
asks `litdb.evidence.composites` for the scale, with SSNR and without: no limit was fitted to these systems. Exit code 1
when an answer is wrong.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from litdb.evidence.composites import COMPOSITES, LOWEST_PESQ, impossible, scale, wss_from_cbak, wss_from_covl

Array = NDArray[np.float64]
SCALES = {"unit": "_unit", "int16": ""}
FIELDS = ("pesq", "ssnr", *(f"{name.lower()}{end}" for name in COMPOSITES for end in SCALES.values()))


@dataclass(frozen=True)
class Number:
    """A mean as a paper prints it, with two decimals."""

    value: float
    resolution: float = 0.01


def _masked(strength: float, bands: int = 257, floor: float = 0.0) -> Callable[[Array, Array], Array]:
    """An ideal ratio mask to a power on the noisy spectrum, in `bands` bands: a system of known, chosen quality."""

    def enhance(clean: Array, noisy: Array) -> Array:
        from scipy.signal import istft, stft

        _, _, c = stft(clean, nperseg=512, noverlap=384)
        _, _, y = stft(noisy, nperseg=512, noverlap=384)
        speech, noise = np.abs(c) ** 2, np.abs(y - c) ** 2
        edges = np.linspace(0, len(c), bands + 1).astype(int)
        mask = np.empty(c.shape)
        for low, high in itertools.pairwise(edges):
            s, n = speech[low:high].sum(axis=0), noise[low:high].sum(axis=0)
            mask[low:high] = (s / (s + n + 1e-12)) ** strength
        return np.asarray(istft(np.maximum(mask, floor) * y, nperseg=512, noverlap=384)[1][: len(clean)])

    return enhance


def _remixed(gain: float) -> Callable[[Array, Array], Array]:
    """The noise turned down."""
    return lambda clean, noisy: clean + gain * (noisy - clean)


def _wiener(clean: Array, noisy: Array) -> Array:
    """A blind filter: the noise is what the quietest tenth of the frames holds."""
    from scipy.signal import istft, stft

    _, _, y = stft(noisy, nperseg=512, noverlap=384)
    power = np.abs(y) ** 2
    quiet = np.argsort(power.sum(axis=0))[: max(3, power.shape[1] // 10)]
    noise = power[:, quiet].mean(axis=1, keepdims=True)
    gain = np.maximum(1 - 1.5 * noise / np.maximum(power, 1e-12), 0.1)
    return np.asarray(istft(gain * y, nperseg=512, noverlap=384)[1][: len(clean)])


MADE: dict[str, Callable[[Array, Array], Array]] = {
    "noisy": lambda _clean, noisy: noisy,
    "blind Wiener filter": _wiener,
    "noise at -6 dB": _remixed(0.5),
    "noise at -12 dB": _remixed(0.25),
    "noise at -20 dB": _remixed(0.1),
    "ratio mask, 16 bands": _masked(0.5, 16, 0.1),
    "ratio mask, floor 0.2": _masked(0.5, floor=0.2),
    "ratio mask": _masked(0.5),
}


def scores(folder: Path, out: Path) -> None:
    """Score every file of every system on both scales."""
    import soundfile

    from model.metrics import score

    names = sorted(path.name for path in (folder / "clean").iterdir())
    given = sorted(p for p in folder.iterdir() if p.is_dir() and p.name not in ("clean", "noisy"))
    given = [made for made in given if all((made / name).exists() for name in names)]
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(("system", "file", *FIELDS))
        for name in names:
            clean, noisy = (np.asarray(soundfile.read(folder / f / name)[0]) for f in ("clean", "noisy"))
            outputs = {system: make(clean, noisy) for system, make in MADE.items()}
            outputs |= {made.name: np.asarray(soundfile.read(made / name)[0]) for made in given}
            for system, output in outputs.items():
                found = score(clean, output, 16000)
                writer.writerow((system, name, *(getattr(found, field) for field in FIELDS)))


def _read(path: Path) -> dict[str, list[dict[str, float]]]:
    systems: dict[str, list[dict[str, float]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            systems[row["system"]].append({field: float(row[field]) for field in FIELDS})
    return systems


def _row(files: Sequence[Mapping[str, float]], end: str) -> dict[str, Number]:
    """The means of some files as a paper prints them, composites on one scale."""
    fields = {"PESQ": "pesq", "SSNR": "ssnr", **{name: f"{name.lower()}{end}" for name in COMPOSITES}}
    return {
        name: Number(round(float(np.mean([f[field] for f in files])), 2)) for name, field in fields.items()
    }


def _subsets(
    files: Sequence[Mapping[str, float]], number: int, seed: int
) -> Iterator[list[Mapping[str, float]]]:
    draw = np.random.default_rng(seed)
    for _ in range(number):
        size = int(draw.integers(min(20, len(files)), len(files) + 1))
        yield [files[i] for i in draw.choice(len(files), size, replace=False)]


def audio(path: Path, number: int) -> int:
    """Print the WSS of every system and how often its scale was told, wrongly told and not told; 1 when wrong."""
    wrong: Counter[str] = Counter()
    print(
        f"{'system':24s}{'PESQ':>6s}  {'scale':6s}{'WSS by CBAK':>16s}{'WSS by COVL':>16s}   by CBAK       by COVL"
    )
    for seed, (system, files) in enumerate(_read(path).items()):
        for name, end in SCALES.items():
            drawn = [_row(some, end) for some in _subsets(files, number, seed)]
            without = [{k: v for k, v in row.items() if k != "SSNR"} for row in drawn]
            told = {"CBAK": Counter(_said(scale(row), name) for row in drawn)}
            told["COVL"] = Counter(_said(scale(row), name) for row in without)
            wrong.update({by: counted["wrong"] for by, counted in told.items()})
            pesq = float(np.mean([row["PESQ"].value for row in drawn]))
            spans = "".join(
                f"{_span(wss(row) for row in drawn):>16s}" for wss in (wss_from_cbak, wss_from_covl)
            )
            print(
                f"{system:24s}{pesq:6.2f}  {name:6s}{spans}   "
                + "".join(f"{_told(c):14s}" for c in told.values())
            )
    print(
        f"{number} subsets each; told / wrong / not told; wrong by CBAK {wrong['CBAK']}, by COVL {wrong['COVL']}"
    )
    return 1 if any(wrong.values()) else 0


def published(files: Sequence[Path]) -> int:
    """Print the histogram of WSS over printed rows, the limits on either side of its empty band, and what they decide."""
    rows = [*_shipped(), *(row for path in files for row in _harvested(path))]
    judged = [row for row in rows if row["PESQ"].value >= LOWEST_PESQ]
    found = [e for row in judged if (e := wss_from_cbak(row)) is not None and not impossible(row)]
    bins = Counter(int(e.wss // 2) * 2 for e in found)
    for low in sorted(bins):
        print(f"{low:5d}..{low + 2:<5d}{bins[low]:4d} {'#' * bins[low]}")
    low = max(e.wss + e.rounding for e in found if e.wss < 12)
    high = min(e.wss - e.rounding for e in found if e.wss > 12)
    print(
        f"{len(found)} rows with SSNR and PESQ from {LOWEST_PESQ}: unit up to {low:.2f}, int16 from {high:.2f}"
    )
    for name, some in (
        ("with SSNR", [row for row in judged if wss_from_cbak(row) is not None]),
        ("without", [row for row in judged if wss_from_cbak(row) is None and wss_from_covl(row) is not None]),
    ):
        said = Counter("not decided" if (item := scale(row)) is None else item.value for row in some)
        print(f"{name}: {len(some)} rows, " + ", ".join(f"{n} {what}" for what, n in sorted(said.items())))
    sure = [row for row in judged if wss_from_cbak(row) is not None and wss_from_covl(row) is not None]
    both = [(scale(row), scale({k: v for k, v in row.items() if k != "SSNR"})) for row in sure]
    told = [(one, other) for one, other in both if one is not None and other is not None]
    differ = sum(one.value != other.value for one, other in told)
    print(f"with SSNR left out: {len(told)} of these rows decided both ways, {differ} otherwise than with it")
    print(f"{sum(bool(impossible(row)) for row in rows)} rows that cannot be")
    return 0


def _shipped() -> Iterator[dict[str, Number]]:
    import litdb
    from litdb.catalogue.database.places import shipped_path

    rows: dict[tuple[str, str], dict[str, Number]] = defaultdict(dict)
    with litdb.open(shipped_path()) as catalogue:
        for value in catalogue.results(status="accepted"):
            plain = value.metric in ("PESQ", "SSNR", *COMPOSITES)
            if plain and value.value is not None and value.origin in ("self", "quoted", "reproduced"):
                rows[(value.row.key, value.dataset)][value.metric] = Number(value.value, value.resolution)
    yield from (row for row in rows.values() if "PESQ" in row)


def _harvested(path: Path) -> Iterator[dict[str, Number]]:
    rows: dict[tuple[str, ...], dict[str, list[Number]]] = defaultdict(lambda: defaultdict(list))
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            place = tuple(row[name] for name in ("paper", "model", "dataset", "condition", "source", "table"))
            printed = re.fullmatch(r"\s*(-?\d+(?:\.(\d*))?)\s*(?:dB)?\s*", row["printed"])
            if printed:
                number = Number(float(printed[1]), 10.0 ** -len(printed[2] or ""))
                rows[place][row["metric"].replace("PESQ-WB", "PESQ")].append(number)
    for found in rows.values():
        if "PESQ" in found and all(len(numbers) == 1 for numbers in found.values()):
            yield {metric: numbers[0] for metric, numbers in found.items()}


def _said(item: object, name: str) -> str:
    return "none" if item is None else "right" if getattr(item, "value", "") == name else "wrong"


def _told(counted: Counter[str]) -> str:
    return f"{counted['right']}/{counted['wrong']}/{counted['none']}"


def _span(estimates: Iterator[object]) -> str:
    found = [getattr(estimate, "wss", float("nan")) for estimate in estimates]
    return f"{min(found):.1f}..{max(found):.1f}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("scores")
    making.add_argument("audio", type=Path)
    making.add_argument("--out", type=Path, required=True)
    reading = commands.add_parser("published")
    reading.add_argument("facts", type=Path, nargs="*")
    judging = commands.add_parser("audio")
    judging.add_argument("scores", type=Path)
    judging.add_argument("--subsets", type=int, default=200)
    arguments = parser.parse_args()
    if arguments.command == "scores":
        scores(arguments.audio, arguments.out)
        return 0
    if arguments.command == "published":
        return published(arguments.facts)
    return audio(arguments.scores, arguments.subsets)


if __name__ == "__main__":
    sys.exit(main())
