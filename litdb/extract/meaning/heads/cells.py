"""Numbers in a cell: one, a pair 'a / b', a value with its spread, or a 'metric=value' list."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from litdb.extract.meaning import words
from litdb.vocabulary import Metric, Number, parse_number, vocabulary
from litdb.vocabulary.remarks import Flag, Remark

_ARROWS = re.compile(r"[↑↓⇑⇓▲▼↗↘★☆✓✔\U0001F300-\U0001FAFF\u2600-\u26FF\uFE0F]")
#: '2,86', '0,94 %', '1,2M': not thousands, which come in threes; '0,940' has no thousands either.
_COMMA = re.compile(r"(?<![\d.,])(\d{1,3}),(\d{1,2}|\d{4,6})(?![\d,.])")
_COMMA_SCORE = re.compile(r"(?<![\d.,])(\d{1,2}),(\d{3})(?![\d,.])")
_TRAILING = re.compile(r"(?<=[\d%kKMGs)])\s*(?:[*∗†‡§¶#]+|\^\(?[a-z*†‡]\)?)$")
#: Behind a number, the papers that it is from: '9.2 [7]', '9.2 [7, 12]', '69.6 [resepformer]'.
_CITED = re.compile(r"(?<=[\d%kKMG])\s+\[(?:\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*|[A-Za-z][A-Za-z:_-]{3,}\w*)\]$")
_SIGNED = re.compile(r"\s*[(\[]\s*[+\-−–±↑↓]\s*[\d.]+\s*%?\s*[)\]]\s*$")
_PAREN = re.compile(r"^(?P<value>[^()]+?)\s*\(\s*(?P<inside>[\d.]+)\s*%?\s*\)$")
#: '3.25 [3.23, 3.26]', '0.079 (0.078–0.080)': a number and the interval that it lies in.
_INTERVAL = re.compile(
    r"^(?P<value>-?[\d.]+\s*%?)\s*[(\[]\s*(?:95\s*%\s*(?:CI)?[:,]?\s*)?(?P<low>-?\d+\.\d+)\s*(?:,|;|–|—|\bto\b|\.\.)\s*(?P<high>-?\d+\.\d+)\s*%?\s*[)\]]$"
)
_RANGE = re.compile(r"^(?P<low>[\d.]+\s*[kKMG]?)\s*(?:∼|~|–|—|-|to|\.\.)\s*(?P<high>[\d.]+\s*[kKMG]?)$")
_ASSIGNED = re.compile(
    r"(?P<name>[A-Za-z#][A-Za-z0-9 .\-#()]*?)\s*[=:]\s*(?P<value>[~≈]?[-−]?\d[\d.,]*\s*(?:%|dB|[kKMG]\b)?)"
)


@dataclass(frozen=True, slots=True)
class Slot:
    """One number of a cell: its place among the numbers, the metric when the cell or a paired header names it (and the
    place of that metric in the header), remarks."""

    number: Number
    index: int = 0
    metric: Metric | None = None
    position: int = 0
    flags: tuple[Remark, ...] = ()


@lru_cache(maxsize=16384)
def is_missing(text: str) -> bool:
    """Whether a cell prints nothing that could be a value."""
    return bool(words.MISSING.match(text))


@lru_cache(maxsize=16384)
def looks_numeric(text: str) -> bool:
    """Whether a cell holds a number (with unit, spread or pair) rather than words."""
    bare = clean(text)
    if parse_number(bare) is not None:
        return True
    if ("=" in bare or ":" in bare) and assigned(bare):
        return True
    return bool(
        re.match(
            r"^[-−+~<>≈]?\s?\d+(?:\.\d+)?\s*(?:%|[A-Za-z]{1,4})?\s*(?:[/|(±∼~].*|[–-]\s*[\d.].*)?$", bare
        )
    )


@lru_cache(maxsize=16384)
def clean(text: str) -> str:
    """The text of a number without arrows, stars, emoji and a difference in brackets; a decimal comma is a point."""
    bare = _COMMA.sub(r"\1.\2", _ARROWS.sub("", text).strip()).replace("_±", " ±")
    bare = _TRAILING.sub("", _CITED.sub("", bare))
    bare = _SIGNED.sub("", bare)
    return bare.strip().strip("|").strip()


def read(text: str, metrics: tuple[Metric, ...], units: tuple[str, ...]) -> tuple[Slot, ...]:
    """The numbers of a cell under a header that names `metrics` (usually one) with the units it states."""
    return _read(text, tuple([metric.id for metric in metrics]), units)


@lru_cache(maxsize=16384)  # every interpretation of a table asks again
def _read(text: str, names: tuple[str, ...], units: tuple[str, ...]) -> tuple[Slot, ...]:
    metrics = tuple([metric for name in names if (metric := vocabulary().metric(name)) is not None])
    bare = clean(text)
    if is_missing(bare) or is_missing(text):
        return ()
    if len(metrics) > 1:
        return _paired(bare, metrics, units)
    metric, unit = metrics[0], units[0]
    if unit.endswith("/"):  # the size in memory stands behind the count
        unit, bare = unit[:-1], re.split(r"\s*/\s*", bare)[0]
    if metric.unit != "count":
        bare = _COMMA_SCORE.sub(r"\1.\2", bare)  # no score has thousands
    number = parse_number(bare, metric, unit)
    if number is not None:
        return (Slot(number),)
    ranged = _RANGE.match(bare)
    if ranged and metric.unit == "count":
        low = parse_number(ranged["low"], metric, unit)
        if low is not None:
            flag = Remark(Flag.RANGE, (ranged["high"],))
            return (Slot(replace(low, approximate=">="), flags=(flag,)),)
    within = _INTERVAL.match(bare)
    if within:
        number, low, high = (parse_number(within[part], metric, unit) for part in ("value", "low", "high"))
        if number and low and high and low.value <= number.value <= high.value:
            return (Slot(replace(number, uncertainty=(high.value - low.value) / 2)),)
    paren = _PAREN.match(bare)
    if paren:
        number = parse_number(paren["value"], metric, unit)
        spread = parse_number(paren["inside"], metric, unit)
        if number is not None and spread is not None:
            if 0 < spread.value < abs(number.value) * 0.5 and spread.value < 0.2 * (
                metric.maximum - metric.minimum
            ):
                spreading = replace(number, uncertainty=spread.value)
                return (Slot(spreading, flags=(Remark(Flag.SPREAD_IN_BRACKETS),)),)
            return (Slot(number, flags=(Remark(Flag.BRACKETS_LEFT_OUT),)),)
    parts = [part for part in re.split(r"\s*[/|]\s*|\s*;\s*", bare) if part]
    if len(parts) > 1:
        numbers = [parse_number(part, metric, unit) for part in parts]
        told = [
            n is not None or (len(parts) == 2 and is_missing(part))
            for n, part in zip(numbers, parts, strict=True)
        ]
        if all(told) and any(n is not None for n in numbers) and metric.unit != "count":
            return tuple(
                Slot(n, i, flags=(Remark(Flag.SEVERAL_NUMBERS),))
                for i, n in enumerate(numbers)
                if n is not None
            )
    return ()


def _paired(text: str, metrics: tuple[Metric, ...], units: tuple[str, ...]) -> tuple[Slot, ...]:
    parts = re.split(r"\s*[/|;]\s*|\s*,\s+|\s+\(|\)\s*$", text)
    parts = [part.strip(" ()") for part in parts if part.strip(" ()")]
    if len(parts) != len(metrics):
        return ()
    slots: list[Slot] = []
    for index, (part, metric, unit) in enumerate(zip(parts, metrics, units, strict=True)):
        number = None if is_missing(part) else parse_number(part, metric, unit)
        if number is not None:
            slots.append(Slot(number, index, metric, index))
        elif not is_missing(part):
            return ()
    return tuple(slots)


def assigned(text: str) -> tuple[Slot, ...]:
    """The numbers of a cell that names its metrics itself: 'PESQ=3.1', 'PESQ: 3.10, STOI: 0.95'."""
    slots: list[Slot] = []
    for match in _ASSIGNED.finditer(text):
        named = vocabulary().named(match["name"].strip())
        if named is None or named.metric.id == "SNR":
            continue
        number = parse_number(match["value"].strip(" ,"), named.metric)
        if number is not None:
            slots.append(Slot(number, len(slots), named.metric))
    return tuple(slots)
