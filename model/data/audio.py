"""Reading, writing and resampling of audio files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from scipy.io import wavfile

from model.errors import DataError

Samples = NDArray[np.float32]

#: What `resample` uses, as it is written into manifests and caches.
RESAMPLER = f"soxr {soxr.__version__} VHQ (linear phase)"

SUFFIXES = (".wav", ".flac")


@dataclass(frozen=True)
class AudioInfo:
    """Header of an audio file: rate in Hz, samples per channel, channels."""

    rate: int
    samples: int
    channels: int

    @property
    def seconds(self) -> float:
        return self.samples / self.rate


def audio_files(folder: Path) -> list[Path]:
    """The wav and flac files directly in a folder, sorted, hidden ones (macOS `._*`) left out."""
    return sorted(
        path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
    )


def info(path: Path) -> AudioInfo:
    """Header of a file. Raises DataError naming it when it cannot be read."""
    try:
        header = soundfile.info(str(path))
    except (RuntimeError, OSError) as error:
        raise DataError(f"{path} cannot be read as audio: {error}") from None
    return AudioInfo(header.samplerate, header.frames, header.channels)


def read(path: Path, start: int = 0, samples: int = -1) -> tuple[Samples, int]:
    """One channel [samples] in [-1, 1] and the rate. Raises DataError for unreadable files and several channels."""
    try:
        data, rate = soundfile.read(str(path), frames=samples, start=start, dtype="float32")
    except (RuntimeError, OSError) as error:
        raise DataError(f"{path} cannot be read as audio: {error}") from None
    if data.ndim != 1:
        raise DataError(f"{path} has {data.shape[1]} channels; one is expected")
    return np.asarray(data, dtype=np.float32), int(rate)


def read_at(path: Path, rate: int) -> Samples:
    """One channel [samples] at the asked rate, resampled when the file has another."""
    signal, own = read(path)
    return resample(signal, own, rate)


def write(path: Path, signal: NDArray[np.floating], rate: int) -> None:
    """Write one channel, whole or not at all.

    wav files hold 32-bit floats, neither rounded nor clipped, so that a written file scores as the signal in memory
    did; flac files are rounded and clipped to 24 bit.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    if path.suffix.lower() == ".flac":
        soundfile.write(str(partial), signal, rate, subtype="PCM_24", format="FLAC")
    else:
        # libsndfile puts the time of writing into float wav files, so the same corpus would not be the same bytes
        wavfile.write(partial, rate, np.asarray(signal, dtype=np.float32))
    os.replace(partial, path)


def resample(signal: Samples, rate: int, wanted: int) -> Samples:
    """The signal [samples] at another rate, by :data:`RESAMPLER`."""
    if rate == wanted:
        return signal
    return np.asarray(soxr.resample(signal, rate, wanted, quality="VHQ"), dtype=np.float32)
