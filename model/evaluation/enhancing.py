"""Enhancing audio files of any rate, number of channels and length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from model.data import audio
from model.data.audio import Samples
from model.data.recognise import open_corpus
from model.errors import DataError, ModelError, ModelUsageError
from model.evaluation.pool import processed
from model.networks import Network
from model.stft import SAMPLE_RATE

#: Longer signals are enhanced in pieces of this many seconds that overlap and are faded into each other.
PIECE_SECONDS = 60
OVERLAP_SECONDS = 2


@dataclass(frozen=True)
class EnhancedFile:
    """What was done to a file: rate in Hz and seconds of input and output, and in how many pieces.

    `error` says why nothing was written; the others are 0 then.
    """

    source: Path
    target: Path
    rate: int
    seconds: float
    pieces: int
    error: str = ""


def enhance_path(network: Network, source: Path, target: Path) -> Iterator[EnhancedFile]:
    """Enhance a file, or every wav and flac file of a folder, one after the other; a file that fails does not stop the others.

    Raises ModelUsageError when the source does not exist or is the target.
    """
    if source.resolve() == target.resolve():
        raise ModelUsageError(f"{target} would overwrite its own input; name another output")
    if source.is_dir():
        files = audio.audio_files(source)
        if not files:
            raise DataError(f"{source} holds no wav or flac file{_noisy_inside(source)}")
        for path in files:
            try:
                yield enhance_file(network, path, target / path.name)
            except ModelError as error:
                yield EnhancedFile(path, target / path.name, 0, 0.0, 0, str(error))
    elif source.is_file():
        yield enhance_file(network, source, target / source.name if target.is_dir() else target)
    else:
        raise ModelUsageError(f"{source} does not exist")


def _noisy_inside(folder: Path) -> str:
    """Which of its folders is meant, where a corpus was named instead of noisy files."""
    try:
        noisy = [str(split.noisy) for split in open_corpus(folder).splits]
    except DataError:
        return ""
    return f"; it is a corpus, so name its folder {' or '.join(dict.fromkeys(noisy))}"


def enhance_file(network: Network, source: Path, target: Path) -> EnhancedFile:
    """Enhance one file, each channel by itself: resampled to 16 kHz and back, same rate and length as before.

    wav output is 32-bit float, neither rounded nor clipped. Raises DataError for unreadable or very short files,
    and when the network's output is not finite.
    """
    if target.suffix.lower() not in audio.SUFFIXES:
        raise ModelUsageError(f"{target} must end in .wav or .flac")
    try:
        data, rate = soundfile.read(str(source), dtype="float32", always_2d=True)
    except (RuntimeError, OSError) as error:
        raise DataError(f"{source} cannot be read as audio: {error}") from None
    channels, pieces = [], 1
    for channel in data.T:
        signal = audio.resample(np.ascontiguousarray(channel), rate, SAMPLE_RATE)
        enhanced, pieces = enhance_long(network, signal)
        if not np.all(np.isfinite(enhanced)):
            raise DataError(f"the network's output for {source} is not finite; nothing was written")
        back = audio.resample(enhanced, SAMPLE_RATE, rate)[: len(channel)]
        channels.append(np.pad(back, (0, len(channel) - len(back))))
    audio.write(target, np.stack(channels, axis=1) if len(channels) > 1 else channels[0], rate)
    return EnhancedFile(source, target, rate, len(data) / rate, pieces)


def enhance_long(network: Network, signal: Samples) -> tuple[Samples, int]:
    """An utterance [samples] at 16 kHz of any length, and in how many pieces it was enhanced.

    Up to 60 s it is one piece. The network's normalisation sees a piece at a time, so a long file in pieces is not
    what it would be in one; the pieces overlap by 2 s and are faded linearly into each other.
    """
    piece, overlap = PIECE_SECONDS * SAMPLE_RATE, OVERLAP_SECONDS * SAMPLE_RATE
    if len(signal) <= piece:
        return processed(network, signal), 1
    out = np.zeros_like(signal)
    starts = list(range(0, len(signal) - overlap, piece - overlap))
    fade = np.linspace(0, 1, overlap, dtype=np.float32)
    for start in starts:
        part = processed(network, signal[start : start + piece])
        if start:
            part[:overlap] *= fade
        if start != starts[-1]:
            part[-overlap:] *= 1 - fade
        out[start : start + piece] += part
    return out, len(starts)
