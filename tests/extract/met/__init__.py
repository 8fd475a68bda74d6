"""Invented tables of the sorts met in the wild, each with what a careful person reads in it.

In a batch every case begins with `=== name.kind` and its source; after `--- expected`, one line a row:
`model @ test set : METRIC value, METRIC value`. `|` parts test sets that are as good (nothing: none told), `/` parts labels (`\\/` is a stroke).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from litdb.extract import CellReading, extract, source_from_files
from litdb.vocabulary import vocabulary

ACCEPTED = 0.8


@dataclass(frozen=True, slots=True)
class Expected:
    """One number: as good labels and test sets, the metric and the value."""

    labels: tuple[str, ...]
    sets: tuple[str, ...]
    metric: str
    value: float


@dataclass(frozen=True, slots=True)
class Case:
    """An invented document with what is to be read in it."""

    name: str
    text: str
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was read of a case: expected numbers `found`, of which `right` in everything, `told` with their test set,
    `accepted` and right; `wrong` are readings that are accepted and expected nowhere; `lines` says what failed."""

    wanted: int
    found: int
    right: int
    told: int
    nameable: int
    accepted: int
    read: int
    wrong: int
    lines: tuple[str, ...]


def batch(name: str) -> tuple[Case, ...]:
    """The cases of a batch, in their order."""
    text = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(_case(part) for part in re.split(r"^=== ", text, flags=re.M)[1:])


def _case(part: str) -> Case:
    source, expected = part.split("--- expected\n")
    name, text = source.split("\n", 1)
    return Case(name.strip(), text, tuple(_expected(expected)))


def _expected(text: str) -> list[Expected]:
    found = []
    for line in filter(None, text.split("\n")):
        labels, rest = line.split(" @ ", 1)
        sets, numbers = re.split(r"\s*:\s+", rest, maxsplit=1)
        for number in numbers.split(", "):
            metric, value = number.rsplit(" ", 1)
            parts = tuple(
                part.replace(r"\/", "/") for part in re.split(r"(?<!\bw)(?<!\\)/", labels)
            )  # 'w/o' is no two labels
            found.append(Expected(parts, tuple(sets.split("|")), metric, float(value)))
    return found


def _label(text: str) -> tuple[str, frozenset[str]]:
    inside = {
        re.sub(r"^.*=|\W", "", part).lower()
        for found in re.findall(r"\[([^\]]*)\]", text)
        for part in re.split(r"[,;]|\s/\s", found)
        if not part.strip().startswith("causal=")  # carried besides, told or not
    }
    return re.sub(r"[^a-z0-9+]", "", re.sub(r"\[[^\]]*\]", " ", text).lower()), frozenset(inside)


def _fits(reading: CellReading, wanted: Expected) -> bool:
    metric = reading.metric.split(" [")[0]
    return (
        (metric == wanted.metric or reading.quantity == wanted.metric != "PESQ")
        and abs(reading.value - wanted.value) <= 1e-6 * max(1.0, abs(wanted.value))
        and _label(reading.model)[0] in {_label(label)[0] for label in wanted.labels}
    )


def _set_fits(reading: CellReading, wanted: Expected) -> bool:
    return wanted.sets == ("",) or reading.dataset in wanted.sets


def _conditions_fit(reading: CellReading, wanted: Expected) -> bool:
    sets = {_label(f"[{title}]") for title in wanted.sets}
    told = {part for _, parts in sets for part in parts}
    return any(_label(reading.model)[1] - told == _label(label)[1] - told for label in wanted.labels)


def judge(case: Case) -> Verdict:
    """What the reader makes of a case."""
    left = list(extract(source_from_files({case.name: case.text}, case.name)).readings)
    read = len(left)
    found = right = told = nameable = accepted = 0
    lines = []
    for wanted in case.expected:
        fits = [r for r in left if _fits(r, wanted)]
        best = next((r for r in fits if _set_fits(r, wanted) and _conditions_fit(r, wanted)), None)
        known = vocabulary().dataset(wanted.sets[0]) is not None
        nameable += known
        if best is None:
            saw = f", read as {fits[0].model!r} on {fits[0].dataset!r}" if fits else ""
            lines.append(f"missing {wanted.labels[0]} {wanted.metric} {wanted.value} on {wanted.sets}{saw}")
            untold = next((r for r in fits if not r.dataset), None)
            if untold is not None:
                left.remove(untold)
                found += 1
            continue
        left.remove(best)
        found += 1
        right += 1
        told += known and best.dataset in wanted.sets
        if best.confidence >= ACCEPTED:
            accepted += 1
        else:
            why = "; ".join(str(reason) for reason in best.reasons[-3:])
            lines.append(f"proposed {best.model} {best.metric} {best.confidence:.2f}: {why}")
    wrong = [r for r in left if r.confidence >= ACCEPTED]
    lines.extend(f"false {r.model} | {r.metric} | {r.dataset} | {r.value} | {r.confidence:.2f}" for r in left)
    return Verdict(len(case.expected), found, right, told, nameable, accepted, read, len(wrong), tuple(lines))
