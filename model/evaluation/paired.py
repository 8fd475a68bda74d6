"""Comparing two systems on the same files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class PairedDifference:
    """Mean of b - a over `files`, its 95 % confidence interval, and on how many files b is larger.

    The interval is Student's, of the mean of the differences; it is None below two files.
    """

    mean: float
    low: float | None
    high: float | None
    files: int
    larger: int

    def __str__(self) -> str:
        interval = "" if self.low is None else f" [{self.low:+.4f}, {self.high:+.4f}]"
        return f"{self.mean:+.4f}{interval} over {self.files} files, larger on {self.larger}"


def paired_difference(a: Sequence[float | None], b: Sequence[float | None]) -> PairedDifference | None:
    """b against a, values of the same files in the same order; files without a value on either side are left out.

    None when no file is left.
    """
    differences = np.array([y - x for x, y in zip(a, b, strict=True) if x is not None and y is not None])
    number = len(differences)
    if number == 0:
        return None
    mean, low, high = float(differences.mean()), None, None
    if number > 1:
        error = float(differences.std(ddof=1)) / number**0.5
        half = float(stats.t.ppf(0.975, number - 1)) * error
        low, high = mean - half, mean + half
    return PairedDifference(mean, low, high, number, int((differences > 0).sum()))
