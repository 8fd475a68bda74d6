"""Numbers as papers print them: units, percent, approximations, uncertainties and the value of the last digit."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from litdb.errors import UsageError
from litdb.vocabulary.registry import Metric
from litdb.vocabulary.remarks import Flag, Remark

_NO_PERCENT = Remark(Flag.PERCENT_NOT_STATED)
_NO_UNIT = Remark(Flag.UNIT_NOT_STATED)
_SCALES = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "b": 1e9, "t": 1e12}
_WORDS = {"thousand": "k", "million": "m", "mio": "m", "billion": "g", "trillion": "t"}
_TIMES = {"ms": 1e-3, "s": 1.0, "sec": 1.0, "us": 1e-6, "µs": 1e-6, "μs": 1e-6}

#: A number whose comma, if any, parts thousands; no group of thousands begins with 0, so `0,460` is a decimal comma.
_PLAIN = r"(?:[1-9]\d{0,2}(?:[,\u2009\u202f']\d{3})+(?:\.\d+)?|0,\d+|\d+(?:\.\d*)?|\.\d+)"
_NUMBER = re.compile(
    rf"""^\s*
    (?P<approx>[~≈∼≃<>≤≥]=?|about|approx\.?|ca\.?|circa|up\ to|over)?\s*
    (?P<value>[-+]?\s?{_PLAIN}(?:\s?(?:[eE]|[x×·*]\s?10\s?\^?)\s?\{{?(?P<exponent>[-+]?\d+)\}}?)?)
    \s*(?P<unit>%|[A-Za-zµμ]+(?:\.|\s?/\s?s(?:ec)?\b)?(?:\s[A-Za-z]+)?)?\s*(?P<plus>\+)?
    (?:\s*(?:±|\+/-|\+-|\(±)\s*(?P<spread>{_PLAIN})\s*(?P<spread_unit>%|[kKmMgG]\b)?\s*\)?)?
    \s*$""",
    re.VERBOSE,
)
_UNIT = re.compile(
    r"^(?P<prefix>[kKmMgGtTbB])?\s?"
    r"(?:MACs?|MACS|FLOPs?|FLOPS|OPs|ops|params?|parameters?)?\.?(?:\s?/\s?s(?:ec)?)?(?:\s?params?|\s?parameters?)?$",
)


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number, normalised.

    `value`, `resolution` (one step of the last printed digit) and `uncertainty` are in the unit of the metric;
    `unit` is the unit as printed ('' when none was); `approximate` is '', '~', '>=' or '<='; `flags` say
    what was not stated.
    """

    value: float
    resolution: float
    unit: str = ""
    approximate: str = ""
    uncertainty: float | None = None
    flags: tuple[Remark, ...] = ()


def _clean(text: str) -> str:
    for dash in "\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d":
        text = text.replace(dash, "-")
    return (
        text.replace("\u00a0", " ")
        .replace("\u2009", " ")
        .replace("\ufe62", "+")
        .replace("\uff05", "%")
        .strip()
    )


def scale_of(unit: str) -> float | None:
    """The factor of a count unit ('M', 'k', 'G/s', 'GMACs', 'million'), or None when it is none of them."""
    text = unit.strip()
    text = _WORDS.get(text.lower(), text)
    match = _UNIT.match(text)
    if match is None or not text:
        return None
    return _SCALES[(match["prefix"] or "").lower()]


def _approximation(mark: str | None, plus: str | None) -> str:
    if mark is None:
        return ">=" if plus else ""
    if mark[0] in ">≥" or mark == "over":
        return ">="
    if mark[0] in "<≤" or mark == "up to":
        return "<="
    return "~"


def _factor(metric: Metric | None, unit: str, value: float) -> tuple[float, tuple[Remark, ...]] | None:
    """The factor from a printed number to the metric's unit, with flags; None for a unit the metric cannot have."""
    low = unit.lower()
    if metric is not None and metric.percent:
        if low == "%":
            return 0.01, ()
        if unit:
            return None
        return (0.01, (_NO_PERCENT,)) if 1.5 < value <= 100.0 else (1.0, ())
    if metric is not None and metric.unit == "s":
        return (_TIMES[low], ()) if low in _TIMES else ((1.0, (_NO_UNIT,)) if not unit else None)
    if metric is not None and metric.unit == "count":
        scale = scale_of(unit) if unit else 1.0
        return None if scale is None else (scale, ())
    if metric is None:
        scale = scale_of(unit) if unit and unit != "%" else 1.0
        return (0.01 if unit == "%" else scale, ()) if scale is not None else None
    if low in ("", metric.unit.lower()) or (low == "%" and metric.unit == "%"):
        return 1.0, ()
    return (1.0, ()) if low in ("db", "x") else None


def parse_number(text: str, metric: Metric | None = None, unit: str = "") -> Number | None:
    """Read one printed number, or None when the text is not one.

    `unit` is the unit that a header states ('M', '%', 'G/s', 'ms'); a unit in the text wins. Counts become
    absolute, STOI and ESTOI fractions in 0..1, times seconds. A STOI above 1.5 with no percent sign anywhere is
    taken as percent and flagged so.
    """
    match = _NUMBER.match(_clean(text))
    if match is None:
        return None
    printed = (match["unit"] or "").strip()
    digits = _digits(re.split(r"[eExX×·*]", match["value"])[0].replace(" ", ""))
    value = float(digits)
    decimals = len(digits.split(".")[1]) if "." in digits else 0
    power = _power(match["exponent"])
    found = _factor(metric, printed or unit, value)
    if found is None or not math.isfinite(value * power * found[0]):
        return None
    factor, flags = found
    step = 10.0**-decimals * power * factor
    spread = None
    if match["spread"] is not None:
        own = scale_of(match["spread_unit"]) if match["spread_unit"] not in (None, "%") else None
        spread = float(_digits(match["spread"])) * (own if own is not None else factor)
        if not math.isfinite(spread):
            return None
    return Number(
        _tidy(value * power * factor),
        _tidy(step),
        printed or unit,
        _approximation(match["approx"], match["plus"]),
        spread,
        flags,
    )


def _digits(text: str) -> str:
    """The digits of a matched number, with a point for a decimal comma and without thousands' separators."""
    return re.sub(r"[,\u2009\u202f']", "", re.sub(r"^([-+]?0),", r"\1.", text))


def _power(exponent: str | None) -> float:
    """The power of ten of an exponent; infinite for one that no number has."""
    if not exponent:
        return 1.0
    return 10.0 ** int(exponent) if len(exponent) <= 4 and int(exponent) < 309 else math.inf


def _tidy(value: float) -> float:
    """A product without floating-point noise: 0.427 M is 427000, not 426999.99999999994."""
    return float(f"{value:.12g}")


def parse_quantity(text: str) -> float:
    """A number typed on a command line: '0.4M' is 400000.0, '95%' is 0.95, '3.4' is 3.4.

    Raises UsageError when it is not a number.
    """
    number = parse_number(text)
    if number is None:
        raise UsageError(f"{text!r} is not a number; write for example 3.4, 0.4M, 14k or 95%")
    return number.value


def format_count(count: float) -> str:
    """A count of parameters or operations the way papers print it: 459867 is '0.46M', 14000 is '14K'."""
    if count >= 0.9995e9:
        return f"{_short(count / 1e9)}G"
    if count >= 0.995e5:
        return f"{_short(count / 1e6)}M"
    if count >= 1e3:
        return f"{count / 1e3:.1f}".removesuffix(".0") + "K"
    return f"{count:g}"


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 100 else f"{number:.1f}" if number >= 99.95 else f"{number:.2f}"
