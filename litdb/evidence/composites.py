"""What a row's own numbers say of its composite measures: which scale they were computed on, and whether they can be.

CSIG, CBAK and COVL are linear in PESQ, segmental SNR, LLR and WSS (Hu and Loizou, Evaluation of objective quality
measures for speech enhancement, 2008, eq. 3 to 5, as in their composite.m):

    CSIG = 3.093 - 1.029 LLR + 0.603 PESQ - 0.009 WSS
    CBAK = 1.634 + 0.478 PESQ - 0.007 WSS + 0.063 SSNR
    COVL = 1.594 + 0.805 PESQ - 0.512 LLR - 0.007 WSS

and so are their means, but for the clipping of each file to [1, 5]. A printed row therefore gives back its mean WSS: from
CBAK where SSNR is printed, else from CSIG and COVL, in which LLR cancels. WSS adds a constant to band energies before it
takes logarithms, so it is some 4 on samples in [-1, 1] and some 20 on 16-bit values: the scale shows in the row itself.
With all five numbers COVL is fixed by the other four, which tells rows that cannot be.

The limits were fitted by benchmarks/composite_scale.py; docs/metrics.md has them with their errors.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol as Interface

from litdb.values.value import Value
from litdb.vocabulary.protocol import Item

#: The composite measures, each of which the scale of the samples changes.
COMPOSITES = ("CSIG", "CBAK", "COVL")
#: What is read besides them.
INPUTS = ("PESQ", "SSNR")

#: Below this PESQ (the noisy row among others) both scales give a WSS between the limits.
LOWEST_PESQ = 2.5
#: The WSS of each scale as rows from PESQ 2.5 up have it: (scale, lowest, highest). What lies between decides nothing.
_BY_CBAK = (("unit", -2.0, 7.0), ("int16", 17.5, 45.0), ("pysepm", 100.0, 200.0))
#: CSIG and COVL alone tell these two apart.
_BY_COVL = (("unit", 0.0, 7.0), ("int16", 17.5, 32.0))
#: From this CSIG on clipping hides too much of COVL's WSS.
_HIGHEST_CSIG = 4.85
#: CBAK above 1.634 + 0.478 PESQ: from here on SSNR is above some 14 dB, hardly any noise is left in many files, and what
#: clipping took from CSIG and COVL is not known any more. No printed row of an enhancement system but two lies above 0.74.
_HIGHEST_CBAK = 0.78
_LLR = 0.512 / 1.029  # what LLR weighs in COVL against CSIG
_WSS = 0.007 - _LLR * 0.009  # what is left of WSS when LLR is eliminated
#: PESQ from which a printed row has no file clipped at 1, so that COVL can only be higher than the other four say.
_UNCLIPPED_BELOW = 2.0
#: At 95 %, how often an inferred scale is right at least: none of 62 rows decided in both ways was decided otherwise.
CONFIDENCE = 0.95


class Stepped(Interface):
    """A number with its printed step."""

    @property
    def value(self) -> float | None: ...
    @property
    def resolution(self) -> float: ...


@dataclass(frozen=True, slots=True)
class RowNumber:
    """A number with its printed step and nothing else."""

    value: float | None
    resolution: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean WSS as a printed row gives it, and by how much rounding may have moved it."""

    wss: float
    rounding: float


def of_row(values: Iterable[Value]) -> dict[str, Value]:
    """PESQ, SSNR and composites of one row by quantity: wide-band means that are no bounds; CSIG before CSIG@unit."""
    found: dict[str, Value] = {}
    for value in sorted(values, key=lambda v: v.metric, reverse=True):
        plain = value.metric.partition("@")[0] == value.quantity and not value.approximate
        if plain and value.quantity in (*INPUTS, *COMPOSITES):
            found[value.quantity] = value
    return found


def by_row(values: Iterable[Value]) -> dict[tuple[str, str], dict[str, Value]]:
    """:func:`of_row` of each row and test set among these values."""
    rows: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for value in values:
        rows[(value.row.key, value.dataset)].append(value)
    return {place: of_row(row) for place, row in rows.items()}


def wss_from_cbak(row: Mapping[str, Stepped]) -> Estimate | None:
    """WSS from PESQ, SSNR (dB) and CBAK; None where one is missing."""
    found = _numbers(row, "PESQ", "SSNR", "CBAK")
    if found is None:
        return None
    (pesq, ssnr, cbak), (p, s, c) = found
    wss = (1.634 + 0.478 * pesq + 0.063 * ssnr - cbak) / 0.007
    return Estimate(wss, (0.478 * p + 0.063 * s + c) / 2 / 0.007)


def wss_from_covl(row: Mapping[str, Stepped]) -> Estimate | None:
    """WSS from PESQ, CSIG and COVL, LLR eliminated; too low where CSIG was clipped. None where one is missing."""
    found = _numbers(row, "PESQ", "CSIG", "COVL")
    if found is None:
        return None
    (pesq, csig, covl), (p, s, o) = found
    wss = (1.594 + 0.805 * pesq - _LLR * (3.093 + 0.603 * pesq) - (covl - _LLR * csig)) / _WSS
    return Estimate(wss, ((0.805 - _LLR * 0.603) * p + o + _LLR * s) / 2 / _WSS)


def scale(row: Mapping[str, Stepped]) -> Item | None:
    """The scale that a row's composites were computed on, as its numbers show it; None where they do not decide.

    `unit` is samples in [-1, 1], `int16` 16-bit values, `pysepm` that package's WSS and LLR, which are other measures.
    `row` are the means of one model on one test set, by quantity: PESQ (wide-band), SSNR and the composites.
    """
    pesq = row.get("PESQ")
    if pesq is None or pesq.value is None or pesq.value < LOWEST_PESQ or impossible(row):
        return None
    found = _fitting(row)
    if found is None or len(found.scales) != 1:
        return None
    return Item(found.scales[0], "inferred", f"its own {found.of} {found.says}; confidence {CONFIDENCE}")


def standing(row: Mapping[str, Stepped]) -> str:
    """What speaks for or against a row of composites in the company of its other numbers, in words; '' where nothing does."""
    if reason := impossible(row):
        return f"cannot be: {reason}"
    if excess(row) is not None:
        return "can stand: its PESQ, SSNR and composites agree with one another"
    found = _fitting(row)
    pesq = row.get("PESQ")
    if found is None or found.scales or pesq is None or (pesq.value or 0.0) < LOWEST_PESQ:
        return ""
    return f"fits no scale: its {found.of} {found.says}, {_EXPECTED}"


_EXPECTED = "on samples in [-1, 1] it is some 4, on 16-bit values some 20"


@dataclass(frozen=True, slots=True)
class _Fitting:
    """The scales that a row's WSS allows, what it was taken from, and what that says in words."""

    scales: tuple[str, ...]
    of: str
    says: str


def _fitting(row: Mapping[str, Stepped]) -> _Fitting | None:
    from_cbak, from_covl = wss_from_cbak(row), wss_from_covl(row)
    if from_cbak is not None:
        fit = tuple(name for name, low, high in _BY_CBAK if low <= from_cbak.wss <= high)
        return _Fitting(fit, "PESQ, SSNR and CBAK", f"give a WSS of {from_cbak.wss:.0f}")
    csig = row["CSIG"].value if from_covl is not None else None
    if from_covl is None or csig is None or csig > _HIGHEST_CSIG or not _noise_left(row):
        return None
    least, most = (lost * _LLR / _WSS for lost in _clipped_away(csig))
    slack = from_covl.rounding
    fit = tuple(
        name
        for name, low, high in _BY_COVL
        if low - slack <= from_covl.wss + most and from_covl.wss + least <= high + slack
    )
    # What clipping took from CSIG is not known, so that the WSS is a range.
    says = f"give a WSS of {from_covl.wss + least:.0f} to {from_covl.wss + most:.0f}, clipping allowed for"
    return _Fitting(fit, "PESQ, CSIG and COVL", says)


def _noise_left(row: Mapping[str, Stepped]) -> bool:
    """Whether the row may be of audio in which noise is left, so that clipping is as in other such rows; without CBAK it may."""
    found = _numbers(row, "PESQ", "CBAK")
    return found is None or found[0][1] - 1.634 - 0.478 * found[0][0] <= _HIGHEST_CBAK


def _clipped_away(csig: float) -> tuple[float, float]:
    """How much clipping of files at 5 can have taken from a mean CSIG, at least and at most.

    CSIG of files is about normal around the mean before clipping, with a spread that shrinks towards 5.
    """
    widest = max(0.3, 1.0 - 0.7 * (csig - 4.0))
    return _taken(csig, widest / 2), _taken(csig, widest)


def _taken(clipped: float, spread: float) -> float:
    """The difference that clipping at 5 makes to the mean of normal values, from the mean after it."""
    low, high = clipped, clipped + 3 * spread
    for _ in range(40):
        mean = (low + high) / 2
        z = (5.0 - mean) / spread
        lost = spread * (_density(z) - z * (1 - _normal(z)))
        low, high = (mean, high) if mean - lost < clipped else (low, mean)
    return low - clipped


def _normal(z: float) -> float:
    return (1 + math.erf(z / math.sqrt(2))) / 2


def _density(z: float) -> float:
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def excess(row: Mapping[str, Stepped]) -> Estimate | None:
    """How far COVL lies above what PESQ, SSNR, CSIG and CBAK of the row say, with what rounding can do.

    0 on unclipped audio, positive with clipping of CSIG. None where a number is missing or PESQ is too low to tell.
    """
    one, other = wss_from_cbak(row), wss_from_covl(row)
    pesq = row.get("PESQ")
    if one is None or other is None or pesq is None or (pesq.value or 0.0) < _UNCLIPPED_BELOW:
        return None
    return Estimate((one.wss - other.wss) * _WSS, (one.rounding + other.rounding) * _WSS)


def impossible(row: Mapping[str, Stepped]) -> str:
    """In words, why the five numbers of a row cannot be those of one set of audio; '' where they can, or are not all there."""
    found = excess(row)
    if found is None or found.wss >= -found.rounding - 1e-9:
        return ""
    return (
        f"its COVL is {-found.wss:.2f} lower than its PESQ, SSNR, CSIG and CBAK make it, "
        f"and rounding explains {found.rounding:.3f}"
    )


def _numbers(row: Mapping[str, Stepped], *names: str) -> tuple[list[float], list[float]] | None:
    values, steps = [], []
    for name in names:
        printed = row.get(name)
        if printed is None or printed.value is None:
            return None
        values.append(printed.value)
        steps.append(printed.resolution)
    return values, steps
