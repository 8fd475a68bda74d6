"""Who copied a number from whom: told by slips and forms that two rows share, never by a number that anybody could have.

A number that agrees with the original, or with most, may come from anywhere: it says nothing of a copy. A number that differs from
them and stands in two rows (a *slip*) does, and so, less, does the way in which a number is printed (`3.4` where others print
`3.40`: its *form*), weighed by how rare it was when it was copied. The earlier row must print the number in question; rows that
disagree elsewhere speak against a copy. Between equals decide what the two tables share in rows of other models, and whether the later
paper cites the earlier one, that is, has a row of its model.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from litdb.values.agreement import agree, cut_off
from litdb.values.origin import Origin
from litdb.values.value import Value

_SLIP, _DIFFERS, _OTHER_FORM, _LACKS, _BESIDE, _CITED = 2.0, 2.0, 0.7, 0.3, 0.5, 0.3
#: The least for which a copy is said: a form that one row in five has is enough, one that every second has is not.
_ENOUGH = 0.9


class Trace(StrEnum):
    """What speaks for an edge."""

    ORIGINAL = "original"
    SLIP = "slip"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Edge:
    """A row that was probably copied from another, or, by an `original` edge, says what the original does, which shows no copy;
    `child` and `parent` are the two cells that speak for it."""

    child: Value
    parent: Value
    kind: Trace
    weight: float
    words: str


@dataclass(frozen=True, slots=True)
class Genealogy:
    """All rows that print a number of a model, oldest first, who copied from whom, and cells for which no source shows."""

    model: str
    name: str
    metric: str
    dataset: str
    cells: tuple[Value, ...]
    edges: tuple[Edge, ...]
    unexplained: tuple[Value, ...]


Cells = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A cell that two rows share and that says something; `kind` of None speaks against a copy."""

    kind: Trace | None
    metric: str
    weight: float


def genealogy(metric: str, dataset: str, values: Iterable[Value], model: str) -> Genealogy:
    """The genealogy of one number of a model; `values` are all those of the papers that print it, and of their models."""
    numbers = [v for v in values if v.value is not None and not v.approximate]
    everything = [v for v in numbers if v.origin.published and not v.rerun]
    deviant = deviants(everything) - _measured(everything, [v for v in numbers if v.measured_again])
    rows = _rows(v for v in everything if v.model == model and v.dataset in ("", dataset))
    rows = {key: cells for key, cells in rows.items() if metric in cells}
    ordered = sorted(
        rows.values(), key=lambda cells: (_date(cells[metric]) or dt.date.max, cells[metric].key)
    )
    beside = _shared_slips(everything, deviant, model)
    cites = {
        (v.paper, v.row.model.paper) for v in everything if v.origin is Origin.QUOTED and v.row.model.paper
    }
    edges: list[Edge] = []
    unexplained: list[Value] = []
    for cells in ordered:
        if cells[metric].origin is not Origin.QUOTED:
            continue
        edge = _edge(metric, cells, ordered, deviant, beside, cites)
        if edge is None:
            unexplained.append(cells[metric])
        else:
            edges.append(edge)
    shown = tuple(cells[metric] for cells in ordered)
    name = shown[0].name if shown else model
    return Genealogy(model, name, metric, dataset, shown, tuple(edges), tuple(unexplained))


def _by_number(values: Iterable[Value]) -> dict[tuple[str, str, str], list[Value]]:
    """Values by what they are of: model, metric and test set."""
    groups: dict[tuple[str, str, str], list[Value]] = defaultdict(list)
    for value in values:
        groups[value.model, value.metric, value.dataset].append(value)
    return groups


def deviants(values: Iterable[Value]) -> set[str]:
    """The keys of the values that differ from the original, or, where that is not known, from what more rows print."""
    found: set[str] = set()
    for some in _by_number(values).values():
        own = [v for v in some if v.origin is Origin.SELF]
        if own:
            found |= {v.key for v in some if not any(_same(v, o) for o in own)}
            continue
        backing = {v.key: sum(agree(v, other) for other in some) for v in some}
        most = max(backing.values())
        found |= {key for key, number in backing.items() if number < most}
    return found


def _measured(values: Iterable[Value], again: Iterable[Value]) -> set[str]:
    """The keys of the values that somebody got from a measurement: what anybody could have is no slip."""
    groups = _by_number(again)
    return {v.key for v in values if any(agree(v, m) for m in groups.get((v.model, v.metric, v.dataset), ()))}


def _same(one: Value, other: Value) -> bool:
    return agree(one, other) or cut_off(one, other)


def _date(value: Value) -> dt.date | None:
    return value.row.document.date


def _rows(values: Iterable[Value]) -> dict[str, dict[str, Value]]:
    """Rows by key with their cells by metric: of each paper the newest version, and its fullest row."""
    by_paper: dict[str, dict[str, dict[str, Value]]] = defaultdict(lambda: defaultdict(dict))
    for value in values:
        by_paper[value.paper or value.row.document.key][value.row.key].setdefault(value.metric, value)
    found: dict[str, dict[str, Value]] = {}
    for rows in by_paper.values():
        version = {key: max(v.version or 0 for v in cells.values()) for key, cells in rows.items()}
        best = max(rows, key=lambda key: (version[key], len(rows[key]), key))
        found[best] = dict(rows[best])
    return found


def _shared_slips(values: Sequence[Value], deviant: Collection[str], model: str) -> dict[frozenset[str], int]:
    """For two papers, of how many other models they share a slip."""
    slips = _by_number(
        v for v in values if v.key in deviant and v.model != model and v.origin is Origin.QUOTED
    )
    shared: dict[frozenset[str], set[str]] = defaultdict(set)
    for (other, _, _), some in slips.items():
        for number, one in enumerate(some):
            for two in some[number + 1 :]:
                if one.paper != two.paper and agree(one, two):
                    shared[frozenset((one.paper, two.paper))].add(other)
    return {papers: len(models) for papers, models in shared.items()}


def _edge(
    metric: str,
    cells: Cells,
    rows: Sequence[Cells],
    deviant: Collection[str],
    beside: Mapping[frozenset[str], int],
    cites: Collection[tuple[str, str]],
) -> Edge | None:
    """The best source of a row among earlier ones that print the number in question, or None."""
    mine = cells[metric]
    born = _date(mine)
    earlier = [
        row for row in rows if born is not None and (made := _date(row[metric])) is not None and made < born
    ]
    best: Edge | None = None
    for row in earlier:
        if (
            row[metric].origin is not Origin.QUOTED
            or row[metric].paper == mine.paper
            or not _same(mine, row[metric])
        ):
            continue
        marks = list(_marks(cells, row, earlier, deviant))
        telling = [mark for mark in marks if mark.kind is not None and mark.weight > 0]
        weight = sum(mark.weight for mark in marks)
        if not telling or weight < _ENOUGH:
            continue
        support = beside.get(frozenset((mine.paper, row[metric].paper)), 0)
        cited = (mine.paper, row[metric].paper) in cites
        weight += min(_BESIDE * support, 1.0) + _CITED * cited
        top = max(telling, key=lambda mark: (mark.kind is Trace.SLIP, mark.weight, mark.metric == metric))
        if best is None or weight > best.weight:
            assert top.kind is not None
            child, parent = cells[top.metric], row[top.metric]
            best = Edge(child, parent, top.kind, weight, _words(child, parent, top.kind, support, cited))
    original = next((row[metric] for row in rows if row[metric].origin is Origin.SELF), None)
    if original is not None and _same(mine, original) and (best is None or best.kind is not Trace.SLIP):
        return Edge(
            mine, original, Trace.ORIGINAL, 0.0, f"{mine.place} prints {mine.printed} as the original does"
        )
    return best


def _marks(cells: Cells, row: Cells, earlier: Sequence[Cells], deviant: Collection[str]) -> Iterable[_Mark]:
    for metric, mine in cells.items():
        theirs = row.get(metric)
        if theirs is None:
            yield _Mark(None, metric, -_LACKS)
        elif not _same(mine, theirs):
            yield _Mark(None, metric, -_DIFFERS)
        elif mine.key in deviant and theirs.key in deviant and agree(mine, theirs):
            yield _Mark(Trace.SLIP, metric, _SLIP)
        elif form(mine) != form(theirs):
            yield _Mark(None, metric, -_OTHER_FORM)
        else:
            known = [
                form(other[metric]) for other in earlier if metric in other and _same(mine, other[metric])
            ]
            yield _Mark(Trace.FORM, metric, -math.log(known.count(form(mine)) / len(known)))


def form(value: Value) -> str:
    """A number as it is printed, without what is dress: `3.40`, `33.53M`, `95`."""
    return value.source_printed.strip().rstrip("%*†‡ ").lower()


def _words(child: Value, parent: Value, kind: Trace, support: int, cited: bool) -> str:
    shared = f"{child.place} prints {child.metric} {child.printed}, as {parent.place} did before"
    why = {
        Trace.SLIP: "which is not what the original or most others print",
        Trace.FORM: "in a form that few others had",
    }.get(kind, "")
    also = f"; their tables share slips of {support} other model{'s' * (support > 1)}" if support else ""
    return f"{shared}, {why}{'; it quotes that paper' if cited else ''}{also}"
