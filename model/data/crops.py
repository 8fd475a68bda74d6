"""Random training crops whose choice depends on nothing but seed, epoch and position in the data.

So the crops are the same in one process and in several, and after a run was killed and resumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.data import audio
from model.data.layouts import Pair


@dataclass(frozen=True)
class Crops:
    """Crops of `samples` from pairs of files at one rate; short files are repeated to the length."""

    pairs: tuple[Pair, ...]
    lengths: tuple[int, ...]
    samples: int
    seed: int

    @classmethod
    def of(cls, pairs: tuple[Pair, ...], samples: int, seed: int) -> Crops:
        """Read the headers of all clean files."""
        return cls(pairs, tuple(audio.info(pair.clean).samples for pair in pairs), samples, seed)

    def order(self, epoch: int) -> NDArray[np.int64]:
        """A permutation of the pairs for an epoch."""
        return np.random.default_rng([self.seed, epoch]).permutation(len(self.pairs))

    def batches(self, epoch: int, size: int) -> list[list[int]]:
        """The epoch's order cut into batches; the last one may be smaller."""
        order = self.order(epoch).tolist()
        return [order[start : start + size] for start in range(0, len(order), size)]

    def crop(self, epoch: int, index: int) -> tuple[audio.Samples, audio.Samples]:
        """Clean and noisy crop [samples] of one pair in one epoch."""
        pair, length = self.pairs[index], self.lengths[index]
        spare = max(0, length - self.samples)
        start = int(np.random.default_rng([self.seed, epoch, index]).integers(0, spare + 1))
        clean, noisy = (audio.read(path, start, self.samples)[0] for path in (pair.clean, pair.noisy))
        return _repeat(clean, self.samples), _repeat(noisy, self.samples)

    def batch(self, epoch: int, indices: list[int]) -> tuple[audio.Samples, audio.Samples]:
        """Clean and noisy crops [batch, samples] of several pairs."""
        crops = [self.crop(epoch, index) for index in indices]
        return np.stack([clean for clean, _ in crops]), np.stack([noisy for _, noisy in crops])


def _repeat(signal: audio.Samples, samples: int) -> audio.Samples:
    if len(signal) >= samples:
        return signal
    return np.tile(signal, -(-samples // len(signal)))[:samples]
