"""Fixed position codes and the division of the spectrum into three bands."""

from __future__ import annotations

import math
from functools import lru_cache

import torch
from torch import Tensor

N_BINS = 257
"""Bins of the one-sided 512-point STFT; learnt band codes have this resolution in every layer."""
BAND_EDGES_HZ = (300, 3400)
"""Low band below 300 Hz, middle band (telephone speech) up to 3400 Hz, high band above."""
NYQUIST_HZ = 8000
INITIAL_BAND_WEIGHTS = (0.5, 1.0, 0.3)


def band_sizes(n_bins: int) -> tuple[int, int, int]:
    """How many of n_bins lie in the low, middle and high band. The low one is empty below 27 bins."""
    low, mid = (int(n_bins * edge / NYQUIST_HZ) for edge in BAND_EDGES_HZ)
    return low, mid - low, n_bins - mid


def sinusoid(length: int, width: int, like: Tensor, offset: int = 0) -> Tensor:
    """Sinusoidal code [length, width] (Vaswani et al. 2017, base 10000): sin on even and cos on odd columns.

    Positions run from `offset`; dtype and device are those of `like`. Computed once a length and kept.
    """
    if torch.compiler.is_compiling():  # the length may be a symbol there, which must not end up in a cache
        return _sinusoid(length, width, offset, like.dtype, like.device)
    with torch.inference_mode(False):  # a kept tensor must remain usable in training
        return _kept_sinusoid(length, width, offset, like.dtype, like.device)


def _sinusoid(length: int, width: int, offset: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    positions = torch.arange(offset, offset + length, dtype=dtype, device=device)
    return sinusoid_of(positions, sinusoid_rates(width, positions))


def sinusoid_rates(width: int, like: Tensor) -> Tensor:
    """Radians a position for each pair of columns, [width / 2]."""
    even = torch.arange(0, width, 2, dtype=like.dtype, device=like.device)
    return torch.exp(even * (-math.log(10000.0) / width))


def sinusoid_of(positions: Tensor, rates: Tensor) -> Tensor:
    """Positions [length] and rates [width / 2] -> [length, width]."""
    angles = positions[:, None] * rates
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)


_kept_sinusoid = lru_cache(maxsize=64)(_sinusoid)
