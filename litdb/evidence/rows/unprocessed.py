"""The unprocessed row of a table against the one that its test set is known to have: tables of other data or another way."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from litdb.evidence.comparability import relation
from litdb.values.agreement import agree, cut_off, step
from litdb.values.value import Value

#: A number with what decides whether another one agrees with it.
_Printed = tuple[float | None, float, str]
#: A table of a version of a paper or of another document, with the test set that a row of it is on.
_Table = tuple[str, int, str, str]
#: What the input is called among rows of references, where clean speech and ideal masks stand too.
_INPUT = re.compile(
    r"(?:noisy|unprocessed|mixture|mix|input)(?: (?:speech|input|mixture|signal|audio))?", re.I
)
#: The metrics that see the waveforms alone, and from which difference of the unprocessed row on what was scored is another
#: thing, not how it was scored or rounded: of papers on VoiceBank+DEMAND one prints PESQ 1.99 and several STOI 0.91, where most
#: have 1.97 and 0.921.
_NOTABLE = {"PESQ": 0.05, "STOI": 0.015, "ESTOI": 0.015, "SI-SDR": 0.5, "SDR": 0.5}


class Unprocessed:
    """Which tables have an unprocessed row that is not the one of their test set, by the `references` of all tables."""

    def __init__(self, references: Iterable[Value] = ()) -> None:
        by_set: dict[tuple[str, str], list[Value]] = defaultdict(list)
        tables: dict[_Table, list[Value]] = defaultdict(list)
        for value in references:
            if value.value is not None and value.dataset and _INPUT.fullmatch(value.row.model.name):
                by_set[(value.model, value.dataset)].append(value)
                tables[_table(value)].append(value)
        known = {key: known_values(values) for key, values in by_set.items()}
        self._off: dict[_Table, dict[str, tuple[Value, Value]]] = {}
        for table, values in tables.items():
            expected = known[(values[0].model, values[0].dataset)]
            off = clear_misfits(values, expected)
            if any(_is_of_another_column(one, expected) for one, _ in off):
                continue  # numbers in each other's columns: a misprint of the row, and no other data
            pairs = {one.metric: (one, other) for one, other in off if _is_notable(one, other)}
            if pairs:
                self._off[table] = pairs

    def in_words(self, value: Value) -> str:
        """How the unprocessed row of a score's table differs from that of its test set; '' where it does not."""
        off = self._off.get(_table(value), {}) if self._off and value.dataset else {}
        if not off:
            return ""
        told = value.metric if value.metric in off else "PESQ" if "PESQ" in off else ""
        if not told and len(off) > 1:
            told = min(off)
        if not told:
            return ""
        one, other = off[told]
        return f"the unprocessed input of its table has {told} {one.said}, that of the test set {other.said} ({other.place})"


def _is_notable(value: Value, other: Value) -> bool:
    assert value.value is not None
    assert other.value is not None
    return value.quantity in _NOTABLE and abs(value.value - other.value) >= _NOTABLE[value.quantity]


def _is_of_another_column(value: Value, expected: Mapping[str, Value]) -> bool:
    return any(agree(value, other) for metric, other in expected.items() if metric != value.metric)


def _table(value: Value) -> _Table:
    home = (value.paper, value.version or 0) if value.paper else (value.row.document.key, 0)
    return (*home, value.row.table, value.dataset)


def known_values(values: Sequence[Value]) -> dict[str, Value]:
    """The known value of each metric: measured over all files where that is stated, else what most papers print."""
    by_metric: dict[str, list[Value]] = defaultdict(list)
    for value in values:
        by_metric[value.metric].append(value)
    known = {}
    for metric, candidates in by_metric.items():
        measured = [
            v for v in candidates if v.origin in ("repository", "reproduced") and v.protocol.get("files")
        ]
        if measured:
            known[metric] = min(measured, key=lambda v: (v.resolution, v.key))
            continue
        votes = _votes(candidates)
        best = max(candidates, key=lambda v: (votes[_as_printed(v)], -v.resolution, v.key))
        most = votes[_as_printed(best)]
        if most > 1 and not any(
            votes[_as_printed(v)] == most and not _next_digit(v, best) for v in candidates
        ):
            known[metric] = best
    return known


def _votes(candidates: Sequence[Value]) -> Mapping[_Printed, int]:
    """How many papers print a number that agrees, for each number as it is printed: few differ, however many quote it."""
    printed: dict[_Printed, tuple[Value, set[str]]] = {}
    for value in candidates:
        printed.setdefault(_as_printed(value), (value, set()))[1].add(value.paper or value.row.document.key)
    return {
        key: len(set().union(*(papers for other, papers in printed.values() if agree(other, value))))
        for key, (value, _) in printed.items()
    }


def _as_printed(value: Value) -> _Printed:
    return value.value, value.resolution, value.approximate


def misfits(row: Sequence[Value], known: Mapping[str, Value]) -> list[tuple[Value, Value]]:
    """The numbers of a row that do not agree with the known ones of their metrics, each with the known one."""
    pairs = [(value, known[value.metric]) for value in row if value.metric in known]
    return [
        (value, other)
        for value, other in pairs
        if not agree(value, other)
        and not cut_off(value, other)
        and relation(value.quantity, value.protocol, other.protocol)[0] != "differs"
    ]


def clear_misfits(row: Sequence[Value], known: Mapping[str, Value]) -> list[tuple[Value, Value]]:
    """:func:`misfits` without those that may only be rounded or cut off otherwise."""
    return [(value, other) for value, other in misfits(row, known) if not _next_digit(value, other)]


def _next_digit(value: Value, other: Value) -> bool:
    """Whether two numbers are at most one step of the coarser one's last digit apart.

    So far apart are 0.91 and 0.921 or 3.34 and 3.35: another version of a library, or digits cut off twice, and no doubt
    about the test set or the columns.
    """
    assert value.value is not None
    assert other.value is not None
    return abs(value.value - other.value) <= 1.5 * step(value, other) * (1 + 1e-9)
