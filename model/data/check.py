"""Finding what is wrong with pairs of files before they spoil a training or an evaluation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from model.data import audio
from model.data.layouts import Pair, Split
from model.data.outline import outline
from model.errors import DataError, ModelUsageError

#: Kinds of problem, and what each means.
KINDS = {
    "missing-partner": "a file without its clean or noisy counterpart",
    "unreadable": "not an audio file, several channels, or NaN in it",
    "empty": "no samples",
    "wrong-rate": "the two files differ in rate, or one is below 16 kHz",
    "different-length": "clean and noisy differ in length",
    "silent": "every sample is zero, or the clean peak is below -60 dBFS",
    "clipped": "three or more consecutive samples at full scale",
    "wrong-scale": "samples far beyond 1.0, as of int16 values in a file of floats",
}

#: Clipped recordings belong to the published corpora; they are reported and used.
ACCEPTED = frozenset({"clipped"})

_FULL_SCALE = 1 - 1.5 / 32768
_SILENT = 1e-3
#: Peaks above this are no loud recording but samples of another scale; processed speech reaches 2 or 3.
WRONG_SCALE = 16.0


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one file."""

    kind: str
    file: Path
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.file}: {self.detail}"


@dataclass(frozen=True)
class Report:
    """A checked split: the pairs that are fit for use, every problem, and what the files amount to.

    `outlines` has the outline of the clean recording of each usable pair, by id.
    """

    split: str
    usable: tuple[Pair, ...]
    problems: tuple[Problem, ...]
    rates: tuple[int, ...]
    seconds: float
    speakers: tuple[str, ...]
    outlines: Mapping[str, str] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        """How many problems of a kind there are."""
        return sum(problem.kind == kind for problem in self.problems)


def check(split: Split, accept: Collection[str] = ACCEPTED, lowest_rate: int = 16000) -> Report:
    """Look at every file of a split, samples included. Problems of an accepted kind leave the pair usable."""
    unknown = sorted(set(accept) - set(KINDS))
    if unknown:
        raise ModelUsageError(f"unknown kind of problem {unknown[0]!r}; known are {', '.join(KINDS)}")
    problems = [Problem("missing-partner", path, _partner(path, split)) for path in split.unpaired]
    usable: list[Pair] = []
    rates: set[int] = set()
    seconds = 0.0
    outlines: dict[str, str] = {}
    with ThreadPoolExecutor() as pool:
        for pair, (found, info, course) in zip(
            split.pairs, pool.map(lambda pair: _look(pair, lowest_rate), split.pairs), strict=True
        ):
            problems.extend(found)
            if info:
                rates.add(info.rate)
            if info and all(problem.kind in accept for problem in found):
                usable.append(pair)
                outlines[pair.id] = course
                seconds += info.seconds
    speakers = tuple(sorted({pair.speaker for pair in usable}))
    return Report(
        split.name, tuple(usable), tuple(problems), tuple(sorted(rates)), seconds, speakers, outlines
    )


def select(report: Report, bad: str, accept: Collection[str] = ACCEPTED) -> tuple[Pair, ...]:
    """The pairs to use: `bad` is `skip` (leave bad ones out) or `refuse` (raise DataError naming them)."""
    if bad not in ("skip", "refuse"):
        raise ModelUsageError(f"bad files are either 'skip' or 'refuse', not {bad!r}")
    fatal = [problem for problem in report.problems if problem.kind not in accept]
    if fatal and bad == "refuse":
        more = f" (and {len(fatal) - 3} more)" if len(fatal) > 3 else ""
        listed = "; ".join(str(problem) for problem in fatal[:3])
        raise DataError(f"{len(fatal)} bad files: {listed}{more}; mend them or use --bad skip")
    if not report.usable:
        raise DataError(
            f"no usable pair in split {report.split!r}; wav and flac files must lie directly in its two folders"
        )
    return report.usable


def _partner(path: Path, split: Split) -> str:
    if not path.exists():
        return "is in the list of the part and not in its folders"
    wanted = split.noisy if path.parent == split.clean else split.clean
    return f"no counterpart in {wanted}"


def _look(pair: Pair, lowest_rate: int) -> tuple[list[Problem], audio.AudioInfo | None, str]:
    """What is wrong with a pair, the header of its clean file, and the outline of that."""
    found: list[Problem] = []
    signals: list[audio.Samples] = []
    infos: list[audio.AudioInfo] = []
    for path in (pair.clean, pair.noisy):
        try:
            infos.append(audio.info(path))
            signals.append(audio.read(path)[0])
        except DataError as error:
            found.append(Problem("unreadable", path, str(error)))
            continue
        signal = signals[-1]
        if len(signal) == 0:
            found.append(Problem("empty", path, "0 samples"))
        elif not np.all(np.isfinite(signal)):
            found.append(Problem("unreadable", path, "holds NaN or infinite samples"))
        else:
            found.extend(_level(path, signal, clean=path == pair.clean))
    if len(signals) < 2:
        return found, None, ""
    clean, noisy = infos
    if clean.rate != noisy.rate:
        found.append(Problem("wrong-rate", pair.noisy, f"{noisy.rate} Hz, its clean file {clean.rate} Hz"))
    elif clean.rate < lowest_rate:
        found.append(
            Problem("wrong-rate", pair.noisy, f"{clean.rate} Hz, at least {lowest_rate} Hz is needed")
        )
    elif clean.samples != noisy.samples:
        detail = f"{noisy.samples} samples, its clean file {clean.samples}"
        found.append(Problem("different-length", pair.noisy, detail))
    return found, clean, outline(signals[0], clean.rate)


def _level(path: Path, signal: audio.Samples, clean: bool) -> list[Problem]:
    peak = float(np.max(np.abs(signal)))
    if peak == 0:
        return [Problem("silent", path, "every sample is zero")]
    if clean and peak < _SILENT:
        return [Problem("silent", path, f"peak {20 * np.log10(peak):.0f} dBFS")]
    if peak > WRONG_SCALE:
        return [Problem("wrong-scale", path, wrong_scale(peak))]
    full = np.abs(signal) >= _FULL_SCALE
    if len(full) >= 3 and np.any(full[2:] & full[1:-1] & full[:-2]):
        return [Problem("clipped", path, f"{int(full.sum())} samples at full scale")]
    return []


def wrong_scale(peak: float) -> str:
    """What is said of a signal with such a peak."""
    return f"samples reach {peak:.0f} where 1.0 is full scale; divide them by {32768 if peak > 256 else 'their scale'}"
