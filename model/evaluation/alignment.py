"""Whether a system's output is its clean file's in time, polarity and level, and how far from it. Nothing is corrected.

Lengths that differ by up to a frame are cut from the end, as framing of one's own causes them. A delay, an inverted polarity or
a scale lowers SSNR and perhaps PESQ without having to do with enhancement; they are told from the cross-correlation, per file and
over all files, and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.signal import correlate

from model.data.audio import Samples
from model.errors import EvaluationError
from model.metrics import RATE

#: The largest difference of lengths in samples that is cut away: 20 ms.
FRAME = 320
#: The longest delay that is looked for, in samples: 0.25 s.
LONGEST_DELAY = 4000
#: Below this correlation a delay is not told from chance.
TOLD_FROM = 0.4
#: A negative peak is an inverted polarity when it is so much larger than the positive one: the periods of a voice give both.
CLEARLY = 1.1
#: Levels within this of clean are what enhancement does.
LEVEL_DB = 3.0
#: A delay or polarity is that of a set when it is that of so many of its files.
SHARE = 0.8


@dataclass(frozen=True)
class Offset:
    """How an output lies to its clean file: delay in samples (late is above 0), polarity, level in dB of what is clean's in it."""

    delay: int
    inverted: bool
    level: float


@dataclass(frozen=True)
class Alignment:
    """Offsets over the files of a set: medians over the `told` files, how many share the delay or are inverted, and findings in words."""

    told: int
    delay: int
    same_delay: int
    inverted: int
    level: float
    level_low: float
    level_high: float
    findings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "findings": list(self.findings)}


def equal_length(clean: Samples, output: Samples) -> tuple[Samples, Samples, tuple[str, ...]]:
    """Both signals [samples] cut to the shorter, and a note when one was. Raises EvaluationError past FRAME samples."""
    difference = len(output) - len(clean)
    if not difference:
        return clean, output, ()
    if abs(difference) > FRAME:
        raise EvaluationError(
            f"lengths differ by {abs(difference)} samples ({len(clean)} clean, {len(output)} enhanced), more than a frame "
            f"of {FRAME}; align the files first"
        )
    length = min(len(clean), len(output))
    longer = "enhanced" if difference > 0 else "clean"
    note = f"cut to {length} samples: {longer} had {abs(difference)} more at its end"
    return clean[:length], output[:length], (note,)


def offset(clean: Samples, output: Samples) -> Offset | None:
    """How the output lies to its clean file, both [samples] of one length, by the largest cross-correlation.

    None where the two have too little in common to tell, or one of them is silent or not finite.
    """
    one, other = clean.astype(np.float64), output.astype(np.float64)
    energy = float(np.sum(one**2)), float(np.sum(other**2))
    if min(energy) <= 0 or not np.isfinite(sum(energy)):
        return None
    reach = min(LONGEST_DELAY, len(one) - 1)
    # index k is a delay of k - (N - 1) of the output
    crossed = correlate(other, one, method="fft")[len(one) - 1 - reach : len(one) + reach]
    inverted = -float(crossed.min()) > CLEARLY * float(crossed.max())
    place = int(crossed.argmin() if inverted else crossed.argmax())
    peak = float(crossed[place])
    if abs(peak) < TOLD_FROM * (energy[0] * energy[1]) ** 0.5:
        return None
    return Offset(place - reach, inverted, float(20 * np.log10(abs(peak) / energy[0])))


def alignment(offsets: Sequence[Offset | None]) -> Alignment | None:
    """What the offsets of a set have in common; None where none could be told."""
    told = [entry for entry in offsets if entry is not None]
    if not told:
        return None
    delays = np.array([entry.delay for entry in told])
    values, counts = np.unique(delays, return_counts=True)
    delay, same = int(values[counts.argmax()]), int(counts.max())
    inverted = sum(entry.inverted for entry in told)
    low, level, high = np.percentile([entry.level for entry in told], [10, 50, 90])
    findings = []
    if same >= SHARE * len(told) and delay:
        word = "late" if delay > 0 else "early"
        findings.append(
            f"{same} of {len(told)} files are {abs(delay)} samples ({1000 * abs(delay) / RATE:.1f} ms) {word}"
        )
    elif (moved := int(np.sum(delays != 0))) > (1 - SHARE) * len(told):
        findings.append(f"{moved} of {len(told)} files are not aligned with clean, by delays of their own")
    if inverted >= SHARE * len(told):
        findings.append(f"{inverted} of {len(told)} files have inverted polarity")
    elif inverted:
        findings.append(f"{inverted} of {len(told)} files, not all, have inverted polarity")
    if abs(level) > LEVEL_DB:
        findings.append(
            f"the level is {level:+.1f} dB from clean's (median; 80 % of files {low:+.1f} to {high:+.1f} dB)"
        )
    elif high - low > 2 * LEVEL_DB:
        findings.append(
            f"every file has a level of its own (80 % of files {low:+.1f} to {high:+.1f} dB from clean's)"
        )
    return Alignment(len(told), delay, same, inverted, float(level), float(low), float(high), tuple(findings))
