"""What may be said of a part from the effect of its knock-out on a sample of files.

A verdict is about the size of an effect, so it rests on two bounds. *Used*: the 95 % interval of the mean lies beyond a
threshold for at least one measure. *Not used*: for every measure the effect on one more file stays under its threshold
with 95 % (Student's prediction interval, which is wider than that of the mean), and no file of the sample came nearer to the
threshold than half of it. Anything else is *not decidable*: more files, or none, may decide it.

The last condition is there because PESQ jumps: most files hardly change, and one does. It was chosen on 83 knock-outs of one
network (280 training steps) on 29 files, divided 300 times at random into 19 for the verdict and 10 others. With it the
mean of the ten never reached the threshold and the largest of the ten did in 0.5 % of the verdicts; without it 0.04 and 4.8 %.
Figures from the files a rule was chosen on flatter it: `inspect --confirm` checks it on other ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import stats

CONFIDENCE = 0.95


class Verdict(StrEnum):
    """What the effect of a knock-out says about a part."""

    USED = "used"
    NOT_USED = "not used"
    NOT_DECIDABLE = "not decidable"


@dataclass(frozen=True)
class Thresholds:
    """Effects below these count as none. PESQ in MOS, STOI from 0 to 1, the others in dB.

    `change_db` is the change of the output relative to the output (-30 dB is 3 % of the amplitude), `local_db` that of a
    part's own surroundings (-25 dB is 6 %).
    """

    pesq: float = 0.02
    stoi: float = 0.002
    si_sdr: float = 0.1
    change_db: float = -30.0
    local_db: float = -25.0

    def __str__(self) -> str:
        return f"PESQ {self.pesq:g}, STOI {self.stoi:g}, SI-SDR {self.si_sdr:g} dB, change of the output {self.change_db:g} dB"


@dataclass(frozen=True)
class Sample:
    """An effect over `files`: its mean, the 95 % interval of the mean, and of one more file (None below two files); and the
    `largest` on a single file, whichever its sign."""

    mean: float
    low: float | None
    high: float | None
    next_low: float | None
    next_high: float | None
    files: int
    largest: float

    def __str__(self) -> str:
        interval = "" if self.low is None else f" [{self.low:+.4f}, {self.high:+.4f}]"
        return f"{self.mean:+.4f}{interval}"

    def in_db(self) -> str:
        """The same with one decimal, for levels."""
        interval = "" if self.low is None else f" [{self.low:.1f}, {self.high:.1f}]"
        return f"{self.mean:.1f}{interval}"


def sample(values: Iterable[float | None]) -> Sample | None:
    """The effects of single files summed up; files without a value are left out, None when none is left."""
    found = np.array([value for value in values if value is not None], dtype=np.float64)
    number = len(found)
    if number == 0:
        return None
    mean, largest = float(found.mean()), float(np.abs(found).max())
    if number == 1:
        return Sample(mean, None, None, None, None, 1, largest)
    spread = float(found.std(ddof=1)) * float(stats.t.ppf((1 + CONFIDENCE) / 2, number - 1))
    half, ahead = spread / number**0.5, spread * (1 + 1 / number) ** 0.5
    return Sample(mean, mean - half, mean + half, mean - ahead, mean + ahead, number, largest)


def verdict(
    change: Sample | None, differences: Sequence[tuple[Sample | None, float]], change_db: float
) -> Verdict:
    """The verdict from the change of the output in dB and from differences of metrics, each with its threshold.

    A metric with values on fewer than two files says nothing; the change of the output decides without it.
    """
    over = [change is not None and change.low is not None and change.low > change_db]
    under = [change is not None and change.next_high is not None and change.next_high < change_db]
    for found, threshold in differences:
        if found is None or found.low is None or found.high is None:
            continue
        over.append(found.low > threshold or found.high < -threshold)
        if found.next_low is not None and found.next_high is not None:
            ahead = max(abs(found.next_low), abs(found.next_high))
            under.append(ahead < threshold and found.largest <= threshold / 2)
    if any(over):
        return Verdict.USED
    return Verdict.NOT_USED if all(under) else Verdict.NOT_DECIDABLE
