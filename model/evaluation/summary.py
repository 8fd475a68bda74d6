"""What the scores of a test set amount to, and the files that keep them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np

from model.errors import EvaluationError
from model.evaluation.alignment import Alignment, alignment
from model.evaluation.pool import FileScore
from model.leaks.seen import NOTHING, Seen
from model.metrics import NAMES, RATE
from model.runs import write_csv, write_json
from model.stored.precision import conversion

FORMAT = "litdb-scores/1"
COLUMNS = ("id", *NAMES, "error")
#: Wide-band PESQ of a signal that is compared with itself is 4.6439.
PESQ_OF_NO_DIFFERENCE = 4.643


@dataclass(frozen=True)
class TestSet:
    """What was tested on: its name, the files expected, and the fingerprint of clean and noisy files.

    `split` is the part of the corpus, `role` what it is for (`test`, `train`, `validation`, `unknown`), `rates` those of
    its files in Hz, `resampler` what brought them to 16 kHz (None where nothing had to).
    """

    __test__ = False  # no test class of pytest

    name: str
    files: int
    fingerprint: str
    split: str = ""
    role: str = "unknown"
    rates: tuple[int, ...] = ()
    resampler: str | None = None

    @property
    def slug(self) -> str:
        """The name as a folder name."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-") or "test"


@dataclass(frozen=True)
class Mean:
    """Mean and standard deviation of a metric over the `files` that have a value; None when none has."""

    mean: float | None
    std: float | None
    files: int


@dataclass(frozen=True)
class Origin:
    """Where scored signals are from: what the system was trained on; of a checkpoint, what selected it and how many of its
    tensors of weights are of which type of numbers; of a folder of audio, its fingerprint and how many files of another
    rate (Hz) were resampled, by what.
    """

    seen: Seen = NOTHING
    selected_on: str | None = None
    criterion: str | None = None
    types: Mapping[str, int] = field(default_factory=dict)
    audio_fingerprint: str | None = None
    resampled: Mapping[int, int] = field(default_factory=dict)
    resampler: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values, as an entry of `summary.json` has them."""
        return {
            "seen": self.seen.to_json(),
            "selected_on": self.selected_on,
            "criterion": self.criterion,
            "types": dict(self.types),
            "audio_fingerprint": self.audio_fingerprint,
            "resampled": {str(rate): files for rate, files in self.resampled.items()},
            "resampler": self.resampler,
        }


@dataclass(frozen=True)
class Summary:
    """The scores of one system on one test set.

    `source` is `checkpoint`, `enhanced` (a folder of audio) or `noisy` (unprocessed); `sha256` is the checkpoint's, and
    `origin` says the rest of where the scored signals are from. `unscored` counts files without any value; those that were
    left out as bad, by request, are counted in `left_out` alone.
    """

    name: str
    source: str
    sha256: str | None
    files_expected: int
    means: dict[str, Mean]
    errors: dict[str, str]
    notes: dict[str, tuple[str, ...]]
    unscored: int = 0
    left_out: int = 0
    aligned: Alignment | None = None
    origin: Origin = field(default_factory=Origin)

    @classmethod
    def of(
        cls,
        name: str,
        source: str,
        digest: str | None,
        scores: Sequence[FileScore],
        test_set: TestSet,
        origin: Origin | None = None,
        left_out: Collection[str] = (),
    ) -> Self:
        """Sum up the scores of the files of a test set; `left_out` are ids that were not to be scored."""
        return cls(
            name=name,
            source=source,
            sha256=digest,
            files_expected=test_set.files,
            means={metric: _mean([score.value(metric) for score in scores]) for metric in NAMES},
            errors={score.id: score.error for score in scores if score.error},
            notes={score.id: score.notes for score in scores if score.notes},
            unscored=sum(not score.scored and score.id not in left_out for score in scores),
            left_out=len(left_out),
            aligned=alignment([score.offset for score in scores]),
            origin=origin or Origin(),
        )

    def partial(self) -> list[str]:
        """The metrics whose mean does not cover every file."""
        return [name for name, mean in self.means.items() if mean.files < self.files_expected]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        content = asdict(self)
        del content["origin"]
        return {
            **content,
            "notes": {name: list(notes) for name, notes in self.notes.items()},
            "aligned": self.aligned.to_json() if self.aligned else None,
            **self.origin.to_json(),
        }

    def remarks(self) -> list[str]:
        """What must be said beside the means: files met in training, how the output lies to clean, weights of another type
        than they are used in, resampling.
        """
        found = self.origin.seen.sentences(self.files_expected)
        found += self.aligned.findings if self.aligned else ()
        pesq = self.means["pesq"].mean if "pesq" in self.means else None
        if pesq is not None and pesq >= PESQ_OF_NO_DIFFERENCE:
            found.append(f"this is clean speech against itself: PESQ {pesq:.4f} is what no difference scores")
        if converted := conversion(self.origin.types):
            found.append(converted)
        if self.origin.resampled:
            rates = ", ".join(f"{files} of {rate} Hz" for rate, files in self.origin.resampled.items())
            found.append(f"resampled to {RATE} Hz before scoring: {rates}")
        return found


def _mean(values: Sequence[float | None]) -> Mean:
    numbers = np.array([value for value in values if value is not None])
    if not len(numbers):
        return Mean(None, None, 0)
    std = float(numbers.std(ddof=1)) if len(numbers) > 1 else None
    return Mean(float(numbers.mean()), std, len(numbers))


def write_scores(path: Path, scores: Sequence[FileScore]) -> None:
    """One row a file with the columns in COLUMNS; a missing value is empty and `error` says why."""
    rows = [
        [score.id, *("" if value is None else f"{value:.6f}" for value in score.values), score.error]
        for score in sorted(scores, key=lambda score: score.id)
    ]
    write_csv(path, COLUMNS, rows)


def read_scores(path: Path) -> list[FileScore]:
    """What `write_scores` wrote. Raises EvaluationError for another file."""
    try:
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror}") from None
    if not rows or set(COLUMNS) - set(rows[0]):
        raise EvaluationError(f"{path} is no score file; its columns must be {', '.join(COLUMNS)}")
    try:
        return [
            FileScore(
                row["id"], tuple(float(row[name]) if row[name] else None for name in NAMES), row["error"]
            )
            for row in rows
        ]
    except ValueError as error:
        raise EvaluationError(f"{path} is no score file: {error}") from None


def record(folder: Path, test_set: TestSet, summary: Summary, scores: Sequence[FileScore]) -> None:
    """Keep scores and summary in a run folder: `scores/<test set>/<name>.csv` and `summary.json` beside it.

    Raises EvaluationError when the folder holds scores on other files under the same name of a test set.
    """
    place = folder / "scores" / test_set.slug
    write_scores(place / f"{summary.name}.csv", scores)
    content = check_same_set(folder, test_set)
    entries = {entry["name"]: entry for entry in content.get("entries", [])}
    entries[summary.name] = summary.to_json()
    write_json(
        place / "summary.json",
        {
            "format": FORMAT,
            "test_set": test_set.name,
            "fingerprint": test_set.fingerprint,
            "files": test_set.files,
            "rate": RATE,
            "band": "WB",
            "scales": {
                f"{name}{suffix}": scale
                for name in ("csig", "cbak", "covl")
                for suffix, scale in (("", "int16"), ("_unit", "unit"))
            },
            "split": test_set.split,
            "role": test_set.role,
            "rates": list(test_set.rates),
            "resampler": test_set.resampler,
            "composite_scale": "csig, cbak, covl on int16-valued samples; *_unit on samples in [-1, 1]",
            "entries": [entries[name] for name in sorted(entries)],
        },
    )


def check_same_set(folder: Path, test_set: TestSet) -> dict[str, Any]:
    """The summary of a test set in a run folder, or nothing. Raises EvaluationError when its files were others."""
    path = folder / "scores" / test_set.slug / "summary.json"
    if not path.exists():
        return {}
    content: dict[str, Any] = json.loads(path.read_text())
    if content["fingerprint"] != test_set.fingerprint:
        raise EvaluationError(
            f"{path} holds scores on other files under the name {test_set.name!r}; give this set another --dataset"
        )
    return content


def table(summaries: Sequence[Summary], unit_scale: bool = False) -> str:
    """Summaries as aligned text, with a line for every mean that does not cover all files."""
    suffix = "_unit" if unit_scale else ""
    metrics = ("pesq", f"csig{suffix}", f"cbak{suffix}", f"covl{suffix}", "ssnr", "stoi", "estoi", "si_sdr")
    header = ["system", "PESQ", "CSIG", "CBAK", "COVL", "SSNR", "STOI", "ESTOI", "SI-SDR", "files"]
    rows = [header]
    notes = []
    for summary in summaries:
        cells = [summary.name]
        for metric in metrics:
            mean = summary.means[metric]
            partial = mean.files < summary.files_expected
            cells.append("-" if mean.mean is None else f"{mean.mean:.4f}{'*' if partial else ''}")
        cells.append(str(summary.files_expected))
        rows.append(cells)
        missing = [
            f"{metric} {summary.means[metric].files}" for metric in metrics if metric in summary.partial()
        ]
        if missing:
            notes.append(
                f"* {summary.name}: of {summary.files_expected} files the mean covers {', '.join(missing)}"
            )
        notes.extend(f"  {summary.name}/{name}: {error}" for name, error in list(summary.errors.items())[:5])
        if len(summary.errors) > 5:
            notes.append(f"  {summary.name}: {len(summary.errors) - 5} more files with missing values")
        notes.extend(f"  {summary.name}: {remark}" for remark in summary.remarks())
        if summary.notes:
            notes.append(
                f"  {summary.name}: {len(summary.notes)} files have a note (in summary.json, or with --json)"
            )
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) if not i else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]  # fmt: skip
    scale = "samples in [-1, 1]" if unit_scale else "int16-valued samples"
    return "\n".join([*lines, f"CSIG, CBAK, COVL on {scale}.", *notes])
