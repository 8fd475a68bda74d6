"""DNSMOS P.835 (SIG, BAK, OVRL) and P.808, quality predicted without a reference.

Sources: C. K. A. Reddy et al., "DNSMOS" (ICASSP 2021) and "DNSMOS P.835" (ICASSP 2022); the windows and polynomials are those
of the authors' `dnsmos_local.py` (microsoft/DNS-Challenge). The models are not part of this package and never downloaded: the
user points to `sig_bak_ovr.onnx` (P.835) and `model_v8.onnx` (P.808). They are neural networks trained on listeners'
votes of one campaign; a difference of 0.1 between two systems is within what they get wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.blind.mel import RATE, log_mel
from model.data import audio
from model.errors import DataError, EvaluationError, MetricError, ModelUsageError
from model.onnx_files import opened
from model.runs import sha256, write_csv

Array = NDArray[np.float64]

SECONDS = 9.01
"""Length of the window that is judged; shorter signals are repeated."""
WINDOW = int(SECONDS * RATE)
STEP = RATE
"""Windows begin a second apart."""
FITTED = {
    "DNSMOS-SIG": (-0.08397278, 1.22083953, 0.0052439),
    "DNSMOS-BAK": (-0.13166888, 1.60915514, -0.39604546),
    "DNSMOS-OVRL": (-0.06766283, 1.11546468, 0.04602535),
}
"""Polynomials from the P.835 model's output to votes, highest power first; in the order of its three outputs."""
P808 = "DNSMOS-P808"
NAMES = (*FITTED, P808)
LOWEST_RATE = 16000


@dataclass(frozen=True)
class Predictor:
    """The two models, either of which may be missing, and the hashes that say which they are."""

    p835: Any
    p808: Any
    hashes: dict[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics it gives."""
        return (*(FITTED if self.p835 else ()), *((P808,) if self.p808 else ()))


@dataclass(frozen=True)
class BlindScore:
    """One file: its metrics by name, `windows` that were judged and averaged; nothing but `error` where it has none."""

    id: str
    seconds: float
    windows: int
    values: dict[str, float]
    error: str = ""


@dataclass(frozen=True)
class BlindSummary:
    """Means over the files that have values, and the models they come from (name to sha256)."""

    source: str
    files: int
    scored: int
    means: dict[str, float]
    models: dict[str, str]
    files_repeated: int
    """Files shorter than the window, which were repeated to fill it."""
    scores: tuple[BlindScore, ...]


def load(p835: Path | None, p808: Path | None) -> Predictor:
    """Open the models. Raises ModelUsageError when none is named or onnxruntime is missing, EvaluationError when a file is no
    such model."""
    if p835 is None and p808 is None:
        raise ModelUsageError(
            "DNSMOS needs its models, which are not downloaded: name sig_bak_ovr.onnx with --p835, model_v8.onnx with --p808, "
            "or both; they lie in DNSMOS/DNSMOS of github.com/microsoft/DNS-Challenge"
        )
    named = {"P.835": p835, "P.808": p808}
    hashes = {name: sha256(path) for name, path in named.items() if path is not None and _is_file(path)}
    return Predictor(
        None if p835 is None else _opened(p835, 2, 3), None if p808 is None else _opened(p808, 3, 1), hashes
    )


def _is_file(path: Path) -> bool:
    if not path.is_file():
        raise ModelUsageError(f"{path} is not a file; name an ONNX model of DNSMOS")
    return True


def _opened(path: Path, dimensions: int, outputs: int) -> Any:
    """A session of a model with one input of so many dimensions, and so many outputs a signal."""
    try:
        import onnxruntime
    except ImportError as error:
        raise ModelUsageError("DNSMOS needs onnxruntime: pip install onnxruntime.") from error
    try:
        session = opened(onnxruntime, path)
    except Exception as error:  # onnxruntime's own errors have no common base
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise EvaluationError(f"{path} is no ONNX model: {first}") from None
    inputs = session.get_inputs()
    width = session.get_outputs()[0].shape[-1]
    if (
        len(inputs) != 1
        or len(inputs[0].shape) != dimensions
        or (isinstance(width, int) and width != outputs)
    ):
        kind = (
            "P.835 (samples in, three votes out)" if dimensions == 2 else "P.808 (mel bands in, one vote out)"
        )
        raise EvaluationError(f"{path} is not DNSMOS {kind}; the two models may have been exchanged")
    return session


def predict(predictor: Predictor, signal: Array) -> tuple[dict[str, float], int]:
    """The metrics of a signal [samples] at 16 kHz by name, and how many windows they are means of.

    Raises MetricError for an empty or silent signal or one with values that are not finite.
    """
    if not len(signal) or not np.any(signal):
        raise MetricError("the signal is empty or all zero")
    if not np.all(np.isfinite(signal)):
        raise MetricError("the signal holds NaN or infinite samples")
    windows = _windows(signal)
    found: dict[str, list[float]] = {name: [] for name in predictor.names}
    for window in windows:
        if predictor.p835 is not None:
            raw = _run(predictor.p835, window[None]).ravel()
            for (name, polynomial), value in zip(FITTED.items(), raw, strict=True):
                found[name].append(float(np.polyval(polynomial, value)))
        if predictor.p808 is not None:
            found[P808].append(float(_run(predictor.p808, log_mel(window[:-160])[None]).ravel()[0]))
    return {name: float(np.mean(values)) for name, values in found.items()}, len(windows)


def _windows(signal: Array) -> list[Array]:
    """Windows of 9.01 s a second apart; a shorter signal is doubled until it fills one."""
    while len(signal) < WINDOW:
        signal = np.append(signal, signal)
    # the authors' number: a further window counts once the signal reaches the next full second
    number = int(len(signal) // RATE - SECONDS) + 1
    starts = [STEP * place for place in range(number)]
    return [signal[start : start + WINDOW] for start in starts if start + WINDOW <= len(signal)]


def _run(session: Any, value: Array) -> Array:
    name = session.get_inputs()[0].name
    return np.asarray(session.run(None, {name: value.astype(np.float32)})[0], dtype=np.float64)


def score_folder(
    predictor: Predictor,
    folder: Path,
    process: Callable[[audio.Samples], audio.Samples] | None = None,
    source: str = "",
    progress: Callable[[str, int, int], None] | None = None,
) -> BlindSummary:
    """Score every wav and flac file of a folder, as it is or after `process` (an enhancement, 16 kHz in and out).

    Files above 16 kHz are resampled; those below are not scored. Raises DataError for a folder without audio.
    """
    if not folder.is_dir():
        raise ModelUsageError(f"{folder} is not a folder")
    files = audio.audio_files(folder)
    if not files:
        raise DataError(f"{folder} holds no wav or flac file")
    scores = []
    for number, path in enumerate(files, start=1):
        scores.append(_scored(predictor, path, process))
        if progress is not None:
            progress("DNSMOS", number, len(files))
    return _summary(predictor, source or str(folder), scores)


def _scored(
    predictor: Predictor, path: Path, process: Callable[[audio.Samples], audio.Samples] | None
) -> BlindScore:
    try:
        rate = audio.info(path).rate
        if rate < LOWEST_RATE:
            raise DataError(f"the file has {rate} Hz; DNSMOS judges 16 kHz speech")
        signal = audio.read_at(path, RATE)
        if process is not None:
            signal = process(signal)
        values, windows = predict(predictor, signal.astype(np.float64))
    except (DataError, MetricError) as error:
        return BlindScore(path.stem, 0.0, 0, {}, str(error))
    return BlindScore(path.stem, len(signal) / RATE, windows, values)


def _summary(predictor: Predictor, source: str, scores: Sequence[BlindScore]) -> BlindSummary:
    good = [score for score in scores if not score.error]
    means = {name: float(np.mean([score.values[name] for score in good])) for name in predictor.names if good}
    return BlindSummary(
        source=source,
        files=len(scores),
        scored=len(good),
        means=means,
        models=predictor.hashes,
        files_repeated=sum(score.seconds < SECONDS for score in good),
        scores=tuple(scores),
    )


def write_scores(path: Path, summary: BlindSummary) -> None:
    """One row a file, columns as the catalogue calls the metrics: `litdb add-result` reads it."""
    names = [name for name in NAMES if name in summary.means]
    rows = [
        [
            score.id,
            *(f"{score.values[name]:.6f}" if name in score.values else "" for name in names),
            score.error,
        ]
        for score in summary.scores
    ]
    write_csv(path, ["id", *names, "error"], rows)


def table(summary: BlindSummary) -> str:
    """Means as text, and what must be said beside them."""
    lines = [f"{name:12} {value:.4f}" for name, value in summary.means.items()]
    lines.append(
        f"{summary.scored} of {summary.files} files of {summary.source}; DNSMOS predicts votes, it measures nothing"
    )
    if summary.files_repeated:
        lines.append(
            f"{summary.files_repeated} files are shorter than {SECONDS} s and were repeated to fill the window"
        )
    lines += [f"model {name}: sha256 {digest}" for name, digest in summary.models.items()]
    failed = [score for score in summary.scores if score.error]
    lines += [f"not scored: {score.id}: {score.error}" for score in failed[:5]]
    return "\n".join(lines)
