"""Which numbers of one table were copied from another: rows and columns aligned by words and numbers together.

Each pair of equal numbers weighs the log of how unlikely it is by chance, given how far the numbers of the two columns spread
and how finely they are printed. Columns are paired by these weights and their heads, then rows by the numbers that agree
and disagree in paired columns and by their names; pairing goes back and forth until it rests.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from litdb.evidence.quotations.sheet import Figure, Sheet
from litdb.evidence.quotations.words import alike, names_in_title, says_ours, short_for, without_ours, words

#: How often a copied number is printed as in the source, and what a number that differs costs (log of odds).
_HIT, _MISS = 0.95, 3.0
#: The most that one pair of equal numbers may weigh: coincidence within a paper is never rarer than one in a thousand.
_MOST = 7.0
_NAMED, _OTHERWISE, _TAKEN, _OWN = 4.0, -2.5, -4.0, -8.0
_SCALED = 4.0
#: What describes how a number was obtained is copied from no table: speeds, sizes, schedules.
_SETTING = re.compile(
    r"\b(?:epochs?|input|img|resolution|batch|year|publication|views?|frames|seed|split|throughput|#?\s?images?"
    r"|steps?|size|speed|fps|runtime|latency|vocab)\b",
    re.I,
)
_SCALES = (1.0, 100.0, 0.01)

A = TypeVar("A")
Pair = tuple[int, int]


class Way(NamedTuple):
    """A column of the one table as a column of the other, whose numbers times `scale` are its own."""

    column: int
    source: int
    scale: float


class Copied(NamedTuple):
    """A cell and the cell that it was copied from, each by row and column."""

    row: int
    column: int
    source_row: int
    source_column: int


@dataclass(frozen=True, slots=True)
class Cited:
    """The paper that may be the source, and the title of the one that may quote it: they say whose rows are whose."""

    title: str = ""
    authors: tuple[str, ...] = ()
    by: str = ""

    def named_in(self, label: str) -> bool:
        """Whether a row says that it is from the cited paper: by its first author, or by a name made from its title."""
        first = self.authors[0].split()[-1].lower() if self.authors and self.authors[0].split() else ""
        if len(first) > 2 and re.search(rf"\b{re.escape(first)}\b", label.lower()):
            return True
        own = names_in_title(self.title)
        return bool(own) and alike(without_ours(words(label)), own) > 0.6


@dataclass(frozen=True, slots=True)
class Alignment:
    """The cells that were copied, and the weight of evidence for it (log of odds; 0 for nothing found)."""

    weight: float = 0.0
    cells: tuple[Copied, ...] = ()


@dataclass
class _Work:
    """Two tables with all pairs of numbers that may be one."""

    target: Sheet
    source: Sheet
    cited: Cited
    equal: Mapping[Pair, Mapping[Way, float]]
    target_columns: Mapping[int, set[int]] = field(default_factory=dict)
    source_columns: Mapping[int, set[int]] = field(default_factory=dict)
    names: dict[Pair, float] = field(default_factory=dict)
    heads: dict[Pair, float] = field(default_factory=dict)


def align(target: Sheet, source: Sheet, cited: Cited) -> Alignment:
    """The cells of one table that were copied from another, with the evidence."""
    used: set[Pair] = set()
    done: set[int] = set()
    best = Alignment()
    for _ in range(3):  # a table may stand one part of the source below another, in the same columns
        found = _once(target, source, cited, done, used)
        if found.weight < (_REST if best.cells else 0.01):
            break
        best = Alignment(best.weight + found.weight, (*best.cells, *found.cells))
        done |= {cell.row for cell in found.cells}
        used |= {(cell.source_row, cell.source_column) for cell in found.cells}
    return Alignment(best.weight, tuple(sorted(best.cells)))


_REST = 12.0


def _once(target: Sheet, source: Sheet, cited: Cited, done: set[int], used: set[Pair]) -> Alignment:
    ours = [one for one in target.figures if one.row not in done]
    theirs = [one for one in source.figures if (one.row, one.column) not in used]
    equal = _equal(ours, theirs)
    if not equal:
        return Alignment()
    work = _Work(target, source, cited, equal, _columns(ours), _columns(theirs))
    columns = {c for some in work.target_columns.values() for c in some}
    others = {c for some in work.source_columns.values() for c in some}
    work.heads = {(c, d): _head_weight(target, source, c, d) for c in columns for d in others}
    work.names = {pair: _name_weight(work, *pair) for pair in equal}
    return _settled(work)


def _columns(figures: Iterable[Figure]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for one in figures:
        found[one.row].add(one.column)
    return found


def _equal(ours: list[Figure], theirs: list[Figure]) -> dict[Pair, dict[Way, float]]:
    """All pairs of numbers that may be one, by the pair of their rows, with the weight of each."""
    found: dict[Pair, dict[Way, float]] = defaultdict(dict)
    spreads: dict[Way, float] = {}
    columns: dict[int, list[float]] = defaultdict(list)
    sources: dict[int, list[float]] = defaultdict(list)
    for one in ours:
        columns[one.column].append(one.value)
    for one in theirs:
        sources[one.column].append(one.value)
    for scale in _SCALES:
        rising = sorted(theirs, key=lambda one: one.value)
        keys = [one.value * scale for one in rising]
        widest = max((one.step for one in rising), default=0.0) * scale
        for one in ours:
            reach = max(one.step, widest) / 2 + 1e-9 * max(abs(one.value), 1.0)
            low, high = bisect_left(keys, one.value - reach), bisect_right(keys, one.value + reach)
            for other in rising[low:high]:
                step = _same(one, other, scale)
                if step is None:
                    continue
                way = Way(one.column, other.column, scale)
                if way not in spreads:
                    spreads[way] = _spread(
                        [*columns[one.column], *(v * scale for v in sources[other.column])]
                    )
                chance = min(0.9, step / (spreads[way] + step))
                found[one.row, other.row][way] = min(math.log(_HIT / chance), _MOST)
    return found


def _same(one: Figure, other: Figure, scale: float) -> float | None:
    """The coarser step of two numbers that may be one, up to rounding; None for others.

    Two whole numbers say nothing: sizes, counts and ranks repeat. What was rounded must keep two digits.
    """
    if one.whole and other.whole:
        return None
    step = max(one.step, other.step * scale)
    size = max(abs(one.value), abs(other.value) * scale)
    gap = abs(one.value - other.value * scale)
    dust = 1e-9 * max(size, 1.0)
    if gap > step / 2 + dust or (step > 0.1 * size and (gap > dust or scale != 1)):
        return None
    return step


def _spread(numbers: list[float]) -> float:
    """How far the numbers of two columns spread: without the outermost tenth at either end."""
    rising = sorted(numbers)
    if len(rising) < 2:
        return abs(rising[0]) / 2
    at = (len(rising) - 1) / 10
    return _between(rising, len(rising) - 1 - at) - _between(rising, at)


def _between(rising: list[float], at: float) -> float:
    low = int(at)
    high = min(low + 1, len(rising) - 1)
    return rising[low] + (rising[high] - rising[low]) * (at - low)


def _name_weight(work: _Work, row: int, other: int) -> float:
    """What the names of two rows say for their being one."""
    label, source_label = work.target.labels[row], work.source.labels[other]
    name, source_name = work.target.names[row], work.source.names[other]
    own = names_in_title(work.cited.by)
    if says_ours(label) or (own and name[: len(own)] == own):
        return _OWN
    similar = alike(without_ours(name), without_ours(source_name))
    if says_ours(source_label):
        if work.cited.named_in(label):
            return _NAMED + 1
        if similar > 0.6:
            return _NAMED * similar
        return 1.0 if short_for(name, work.cited.title) else 0.0
    if not name or not source_name:
        return 0.0
    if similar >= 0.5:
        return _NAMED * similar + (1.0 if work.cited.named_in(label) and work.cited.named_in(source_label) else 0.0)
    taken = max((alike(name, one) for one in work.source.names[work.source.first :]), default=0.0) > 0.8
    return _OTHERWISE + (_TAKEN if taken else 0.0)


def _head_weight(target: Sheet, source: Sheet, column: int, other: int) -> float:
    """What the heads of two columns say for their being one."""
    (last, every), (source_last, source_every) = target.column_words[column], source.column_words[other]
    if not last or not source_last:
        return 0.0
    similar = alike(last, source_last)
    if similar >= 0.5:
        weight = 2 * similar
    else:
        weight = 0.5 if last[0][0] == source_last[0][0] else -1.0
    return weight + alike(every, source_every)


def _settled(work: _Work) -> Alignment:
    votes: dict[Way, float] = defaultdict(float)
    for pair, ways in work.equal.items():
        wide = min(len({way.column for way in ways}), len({way.source for way in ways}))
        trust = max(0.05, min(1.0, max(work.names[pair], 0.0) / _NAMED + (wide - 1) / 3))
        for way, weight in ways.items():
            votes[way] += trust * weight
    rows: dict[int, int] = {}
    scores: dict[Pair, float] = {}
    ways: set[Way] = set()
    for _ in range(5):
        ways = _paired_columns(work, votes)
        scores = _row_scores(work, ways)
        paired = _one_to_one(scores)
        if paired == rows:
            break
        rows = paired
        votes = defaultdict(float)
        for pair in rows.items():
            for way, weight in work.equal[pair].items():
                votes[way] += weight
    copied = [
        Copied(row, way.column, other, way.source)
        for row, other in rows.items()
        for way in work.equal[row, other]
        if way in ways and not _is_setting(work, way)
    ]
    if not copied:
        return Alignment()
    weight = sum(scores[pair] for pair in rows.items())
    weight += sum(work.heads[pair] for pair in {(one.column, one.source_column) for one in copied})
    return Alignment(weight, tuple(copied))


def _paired_columns(work: _Work, votes: Mapping[Way, float]) -> set[Way]:
    best: dict[Pair, tuple[float, Way]] = {}
    for way, vote in votes.items():
        pair = (way.column, way.source)
        score = vote + 2 * work.heads[pair] - (_SCALED if way.scale != 1 else 0.0)
        if score > best.get(pair, (0.0, way))[0]:
            best[pair] = (score, way)
    chosen = _one_to_one({pair: score for pair, (score, _) in best.items()})
    return {best[pair][1] for pair in chosen.items()}


def _row_scores(work: _Work, ways: set[Way]) -> dict[Pair, float]:
    paired = {way.column: way.source for way in ways}
    taken = set(paired.values())
    by_head = {
        pair: weight
        for pair, weight in work.heads.items()
        if weight >= 2 and pair[0] not in paired and pair[1] not in taken
    }
    full = {**_one_to_one(by_head), **paired}
    among = math.log(max(2, len(work.source_columns)))
    scores: dict[Pair, float] = {}
    for (row, other), equal in work.equal.items():
        hits = [(way, weight) for way, weight in equal.items() if way in ways]
        if not hits:
            continue
        both = sum(1 for c in work.target_columns[row] if full.get(c) in work.source_columns[other])
        score = sum(weight for _, weight in hits) - _MISS * (both - len(hits)) + work.names[row, other] - among
        if len(hits) == 1:
            score += work.heads[hits[0][0].column, hits[0][0].source]
        scores[row, other] = score + alike(work.target.settings[row], work.source.settings[other])
    return scores


def _is_setting(work: _Work, way: Way) -> bool:
    heads, others = work.target.heads[way.column], work.source.heads[way.source]
    return any(_SETTING.search(texts[-1]) for texts in (heads, others) if texts)


def _one_to_one(scores: Mapping[Pair, float]) -> dict[int, int]:
    """The best pairs first, none twice, while they score above nothing."""
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    for (one, other), score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        if score <= 0:
            break
        if one not in chosen and other not in taken:
            chosen[one] = other
            taken.add(other)
    return chosen
