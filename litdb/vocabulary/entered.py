"""Numbers that somebody hands in: what is certain is understood, the rest is refused with what to write.

A reader of papers may propose an odd number and leave it to review; what a person types or a program writes is accepted as it
is, so it is looked at here first.
"""

from __future__ import annotations

import re

from litdb.errors import InputError
from litdb.vocabulary.registry import Metric
from litdb.vocabulary.units import Number, parse_number

_COMMA = re.compile(r"(?<![\d.,])(?P<whole>\d+),(?P<rest>\d+)(?![\d,.])")
#: Wide-band PESQ of no difference at all: 0.999 + 4 / (1 + exp(3.8224 - 1.3669 * 4.5)), cut after three decimals.
_NO_DIFFERENCE = 4.643
#: What pesq and pystoi return where they found nothing to score.
_NO_VALUE = {"PESQ": -1.0, "STOI": 1e-5, "ESTOI": 1e-5}


def entered(text: str, metric: Metric) -> Number:
    """A number of a metric as it is typed or written in a file of results; a decimal comma is understood where it is certain.

    Raises InputError, a clause without its place, for what is no number, a comma that may be either and a percent sign
    behind what is a part of one (`0.941%`).
    """
    number = parse_number(with_point(text, metric), metric)
    if number is None:
        raise InputError(f"{text!r:.60} is not a number; write for example 2.86, 0.46M or 94%")
    if metric.percent and "%" in text and number.value is not None:
        meant = number.value * 100
        if not metric.plausible(number.value) and metric.plausible(meant):
            raise InputError(f"{text!r:.60} is {number.value:g} of 1: write {meant:g} or {meant * 100:g}%")
    return number


def with_point(text: str, metric: Metric | None) -> str:
    """The text with its decimal comma as a point. Raises InputError for a comma that may part thousands as well.

    `0,460` and `2,86` are decimal for certain; a score has no thousands (`2,864`), and a count without a unit no decimals.
    """
    found = _COMMA.search(text)
    if found is None:
        return text
    whole, rest = found["whole"], found["rest"]
    certain = len(rest) != 3 or len(whole) > 3 or whole.startswith("0")
    score = metric is not None and metric.unit not in ("count", "s")
    if not certain and not score:
        if not re.search(r"[A-Za-zµμ]", text[found.end() :]):
            return text  # a count is whole
        raise InputError(
            f"{text!r} may be {_put(text, found, '.')} or {_put(text, found, '')}: write one of them"
        )
    return _put(text, found, ".")


def _put(text: str, found: re.Match[str], mark: str) -> str:
    return f"{text[: found.start()]}{found['whole']}{mark}{found['rest']}{text[found.end() :]}"


def is_no_value(metric: Metric, value: float) -> bool:
    """Whether a score of one file is what pesq and pystoi write for none."""
    return metric.id in _NO_VALUE and abs(value - _NO_VALUE[metric.id]) < 1e-9


def is_its_own_reference(metric: Metric, band: str | None, value: float) -> bool:
    """Whether a score is the one that wide-band PESQ gives a signal that is compared with itself."""
    return metric.id == "PESQ" and band != "NB" and metric.possible(value) and value >= _NO_DIFFERENCE


def refusal(metric: Metric, value: float, printed: str) -> str:
    """Why a metric cannot have a value, with what to write instead where that is clear; '' when it can."""
    low, high = metric.limits
    if metric.unit == "count" and metric.possible(value) and value != int(value):
        return f"{printed} {metric.id} is no whole number"
    if metric.possible(value):
        return ""
    if metric.unit == "count" and 0 < value < low:
        bare = re.sub(r"[^\d.,]", "", printed)
        return (
            f"{printed} {metric.id} is too few: write {bare}M if that is in millions, {bare}K if in thousands"
        )
    shown = printed if len(printed) <= 24 else f"{printed[:20]}..."
    return f"{metric.id} cannot be {shown}: it lies between {low:g} and {high:g}"
