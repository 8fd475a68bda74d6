"""The outline of a recording, by which it is known again after resampling, renaming, another format or another level.

It is the length and the course of the level in 32 parts, relative to the loudest. Two recordings of speech do not share it;
a copy that was cut or shifted does not keep it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

PARTS = 32
#: Two lengths in ms that may belong to one recording at two rates; two levels (of 255) that may belong to one part.
SAME_LENGTH = 20
SAME_LEVEL = 4


def outline(signal: NDArray[np.floating], rate: int) -> str:
    """`MS:HEX` of one channel [samples]: its length in ms and 32 root mean squares of two digits each, 255 the largest.

    Empty for a signal that has none: shorter than 32 samples, silent, or not finite.
    """
    if len(signal) < PARTS:
        return ""
    edges = np.linspace(0, len(signal), PARTS + 1).astype(int)
    with np.errstate(over="ignore", invalid="ignore"):
        energy = np.add.reduceat(signal.astype(np.float64) ** 2, edges[:-1])
        levels = np.sqrt(energy / np.diff(edges))
    loudest = levels.max()
    if not np.isfinite(loudest) or loudest == 0:
        return ""
    return f"{round(1000 * len(signal) / rate)}:{np.round(255 * levels / loudest).astype(np.uint8).tobytes().hex()}"


def same_recordings(known: Sequence[str], asked: Mapping[str, str]) -> list[str]:
    """The names in `asked` (name to outline) whose recording is among the outlines `known`."""
    lengths, levels = _parsed([entry for entry in known if entry])
    order = np.argsort(lengths, kind="stable")
    lengths, levels = lengths[order], levels[order]
    found = []
    for name, entry in asked.items():
        if not entry:
            continue
        (length,), (level,) = _parsed([entry])
        low, high = np.searchsorted(lengths, [length - SAME_LENGTH, length + SAME_LENGTH + 1])
        if np.any(np.all(np.abs(levels[low:high] - level) <= SAME_LEVEL, axis=1)):
            found.append(name)
    return found


def _parsed(entries: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    words = [entry.split(":") for entry in entries]
    lengths = np.array([int(length) for length, _ in words], dtype=np.int64)
    levels = [np.frombuffer(bytes.fromhex(text), np.uint8).astype(np.int64) for _, text in words]
    return lengths, np.array(levels, dtype=np.int64).reshape(len(words), PARTS)
