"""Where system B helps over system A: by utterance, by input SNR, by frequency band; and the same for groups over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from model.bands import BANDS, BandScore
from model.errors import EvaluationError
from model.evaluation.alignment import alignment
from model.evaluation.measuring import Measurements, Progress, measure
from model.evaluation.paired import PairedDifference, paired_difference
from model.evaluation.pool import FileScore
from model.evaluation.summary import TestSet
from model.evaluation.systems import System
from model.evaluation.targets import remarks_on_targets
from model.evaluation.test_data import TestData
from model.metrics import NAMES
from model.metrics.by_time import TIMES

#: Edges in dB between the groups of input SNR.
SNR_EDGES = (0.0, 5.0, 10.0, 15.0)


@dataclass(frozen=True)
class Utterance:
    """One file under both systems: input SNR in dB, scores and band scores of A and B, SSNR of each part in `TIMES`, and the
    noise in it ("" where the corpus does not say)."""

    id: str
    snr: float
    a: FileScore
    b: FileScore
    bands_a: tuple[BandScore, ...]
    bands_b: tuple[BandScore, ...]
    times_a: tuple[float | None, ...] = ()
    times_b: tuple[float | None, ...] = ()
    noise: str = ""


@dataclass(frozen=True)
class Part:
    """Paired differences B - A in a part of the files or of the spectrum.

    `si_sdr` stands beside PESQ, which many networks are trained on; for a band it is `clean_to_error`, for a part of the
    time `ssnr` alone, in dB.
    """

    label: str
    files: int
    pesq: PairedDifference | None
    si_sdr: PairedDifference | None = None
    clean_to_error: PairedDifference | None = None
    ssnr: PairedDifference | None = None


@dataclass(frozen=True)
class Where:
    """Differences B - A: per metric over all files, per group of input SNR, noise and time, per band; and every file.

    `remarks` must be said beside them: files met in training, outputs that are not aligned with clean.
    """

    a: str
    b: str
    test_set: TestSet
    overall: dict[str, PairedDifference | None]
    by_snr: tuple[Part, ...]
    by_band: tuple[Part, ...]
    utterances: tuple[Utterance, ...]
    failed: dict[str, str]
    remarks: tuple[str, ...] = ()
    by_noise: tuple[Part, ...] = ()
    by_time: tuple[Part, ...] = ()


def where(
    a: System, b: System, data: TestData, *, workers: int, progress: Progress, bad: str = "refuse"
) -> Where:
    """Score both systems on every file and group the differences. Raises EvaluationError when no file can be scored."""
    one, other = measure([a, b], data, workers, progress, bad)
    failed = {**one.failed, **other.failed}
    found = [
        Utterance(
            name,
            file.snr,
            file.score,
            again.score,
            file.bands,
            again.bands,
            file.times,
            again.times,
            data.noises.get(name, ""),
        )
        for name, file in sorted(one.files.items())
        if (again := other.files.get(name)) is not None
    ]
    if not found:
        raise EvaluationError(f"no file could be scored: {next(iter(failed.values()))}")
    return summarise(
        (a.name, b.name), found, dict(sorted(failed.items())), data.test_set, remarks([one, other], data)
    )


def remarks(found: Sequence[Measurements], data: TestData) -> tuple[str, ...]:
    """What must be said of systems: files of the set met in training, outputs that do not lie as clean does."""
    said = []
    for entry in found:
        seen = entry.system.seen(dict(data.outlines))
        aligned = alignment([file.score.offset for file in entry.files.values()])
        sentences = [*seen.sentences(data.test_set.files), *(aligned.findings if aligned else ())]
        said += [f"{entry.system.name}: {sentence}" for sentence in sentences]
    return (*said, *remarks_on_targets([entry.system for entry in found]))


@dataclass(frozen=True)
class SnrGroup:
    """Files whose input SNR in dB is from `low` to under `high`."""

    low: float
    high: float

    @property
    def label(self) -> str:
        """Its name in tables."""
        if self.low == -np.inf:
            return f"below {self.high:g} dB"
        return f"{self.low:g} dB and more" if self.high == np.inf else f"{self.low:g}..{self.high:g} dB"

    def __contains__(self, snr: float) -> bool:
        # a file without noise has an infinite SNR and belongs to the last group
        return self.low <= snr and (snr < self.high or self.high == np.inf)


SNR_GROUPS = tuple(SnrGroup(low, high) for low, high in pairwise((-np.inf, *SNR_EDGES, np.inf)))


def summarise(
    names: tuple[str, str],
    found: Sequence[Utterance],
    failed: dict[str, str],
    test_set: TestSet,
    said: tuple[str, ...] = (),
) -> Where:
    """Group the files of a comparison."""
    by_snr = []
    for group in SNR_GROUPS:
        members = [file for file in found if file.snr in group]
        by_snr.append(
            Part(group.label, len(members), _difference(members, "pesq"), _difference(members, "si_sdr"))
        )
    by_band = []
    for number, (low, high) in enumerate(BANDS):
        pesq = paired_difference(
            [u.bands_a[number].pesq for u in found], [u.bands_b[number].pesq for u in found]
        )
        error = paired_difference(
            [u.bands_a[number].clean_to_error for u in found],
            [u.bands_b[number].clean_to_error for u in found],
        )
        by_band.append(Part(f"{low}-{high} Hz", len(found), pesq, clean_to_error=error))
    overall = {metric: _difference(found, metric) for metric in NAMES}
    return Where(
        *names,
        test_set,
        overall,
        tuple(by_snr),
        tuple(by_band),
        tuple(found),
        failed,
        said,
        _by_noise(found),
        _by_time(found),
    )


def _by_noise(found: Sequence[Utterance]) -> tuple[Part, ...]:
    """A part for each noise that the corpus names; nothing when it names none."""
    parts = []
    for noise in sorted({file.noise for file in found} - {""}):
        files = [file for file in found if file.noise == noise]
        parts.append(Part(noise, len(files), _difference(files, "pesq"), _difference(files, "si_sdr")))
    return tuple(parts)


def _by_time(found: Sequence[Utterance]) -> tuple[Part, ...]:
    timed = [file for file in found if file.times_a and file.times_b]
    parts = []
    for place, label in enumerate(TIMES):
        pairs = [(file.times_a[place], file.times_b[place]) for file in timed]
        both = [(one, other) for one, other in pairs if one is not None and other is not None]
        if both:
            ssnr = paired_difference([one for one, _ in both], [other for _, other in both])
            parts.append(Part(label, len(both), None, ssnr=ssnr))
    return tuple(parts)


def _difference(files: Sequence[Utterance], metric: str) -> PairedDifference | None:
    return paired_difference(
        [file.a.value(metric) for file in files], [file.b.value(metric) for file in files]
    )


#: Where noises are looked for.
NO_NOISES = "by noise: not known, as the corpus holds neither manifest.tsv nor log_*.txt"
#: What the second row of a band is.
RATIO = "clean/error"
RATIO_NOTE = f"{RATIO}: energy of the whole clean signal over that of the error inside the band, in dB"

BAND_TITLE = f"by band: the system inside the band, clean outside it; {RATIO_NOTE}"


def score_lines(label: str, pesq: str, si_sdr: str) -> list[str]:
    """The lines of a part of the files: its differences in words."""
    return [f"  {label:16} PESQ   {pesq}", f"  {'':16} SI-SDR {si_sdr}"]


def band_lines(label: str, pesq: str, ratio: str) -> list[str]:
    """The lines of a band: its differences in words."""
    return [f"  {label:14} {'PESQ':11} {pesq}", f"  {'':14} {RATIO} {ratio}"]


def describe(result: Where, shown: int = 5) -> str:
    """The comparison as text: overall, by SNR, by band, and the files that gain and lose most PESQ."""
    lines = [
        f"{result.b} minus {result.a} on {on(result.test_set)}, mean [95 % interval of the mean over files]"
    ]
    lines += [f"  {metric:10} {_text(value)}" for metric, value in result.overall.items()]
    lines += ["by input SNR"]
    for part in (part for part in result.by_snr if part.files):
        lines += score_lines(part.label, _text(part.pesq), _text(part.si_sdr))
    lines += ["by noise" if result.by_noise else NO_NOISES]
    for part in result.by_noise:
        lines += score_lines(part.label, _text(part.pesq), _text(part.si_sdr))
    lines.append(BAND_TITLE)
    for part in result.by_band:
        lines += band_lines(part.label, _text(part.pesq), _text(part.clean_to_error))
    if result.by_time:
        lines += ["by time since the start of a file, and in speech and pauses"]
    lines += [f"  {part.label:16} SSNR   {_text(part.ssnr)}" for part in result.by_time]
    gains = sorted(
        (b_pesq - a_pesq, file.id, file.snr)
        for file in result.utterances
        if (a_pesq := file.a.value("pesq")) is not None and (b_pesq := file.b.value("pesq")) is not None
    )
    above = [entry for entry in gains[::-1] if entry[0] > 0]
    below = [entry for entry in gains if entry[0] < 0]
    for title, files in (("largest gain", above[:shown]), ("largest loss", below[:shown])):
        lines.append(f"{title} in PESQ" + ("" if files else ": no file"))
        lines += [f"  {name:20} {gain:+.3f}  (input SNR {snr:.1f} dB)" for gain, name, snr in files]
    return "\n".join([*lines, *closing(result.failed, result.remarks, shown)])


def on(test_set: TestSet) -> str:
    """A test set in words: its name, its part where that says more, and its files."""
    part = "validation files" if test_set.role == "validation" else "files"
    warned = ", which are training files" if test_set.role == "train" else ""
    return f"{test_set.name} ({test_set.files} {part} of {test_set.split or 'it'}{warned})"


def closing(failed: dict[str, str], said: Sequence[str], shown: int = 5) -> list[str]:
    """The last lines of a comparison: remarks, and files that were not compared."""
    more = [f"not compared: {len(failed) - shown} more"] if len(failed) > shown else []
    return [
        *said,
        *(f"not compared: {name}: {reason}" for name, reason in list(failed.items())[:shown]),
        *more,
    ]


def _text(value: PairedDifference | None) -> str:
    return "no file has values" if value is None else str(value)
