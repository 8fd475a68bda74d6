"""Which numbers of one table were copied from another: rows and columns aligned by words and numbers together.

Each pair of equal numbers weighs the log of how unlikely it is by chance, given how far the numbers of the two columns spread
and how finely they are printed. Columns are paired by these weights and their heads, then rows by the numbers that agree
and disagree in paired columns and by their names; pairing goes back and forth until it rests.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from litdb.evidence.quotations.chance import odds, spread
from litdb.evidence.quotations.table_text import Figure, TableText
from litdb.evidence.quotations.words import (
    Words,
    alike,
    names_in_title,
    says_ours,
    short_for,
    without_ours,
    words,
)

#: What a number that differs costs (log of odds).
_MISS = 3.0
#: What the numbers that agree must say by themselves (log of odds).
_IN_NUMBERS = 2.5
_NAMED, _OTHERWISE, _TAKEN = 4.0, -2.5, -4.0
_SCALED = 4.0
#: How many rows are tried alone as a beginning.
_SEEDS = 3
_SCALES = (1.0, 100.0, 0.01)

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
    """The paper that may be the source, and the title of the one that may quote it: they say whose rows are whose.

    `names` are what the paper calls its own systems.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    by: str = ""
    names: tuple[Words, ...] = ()

    def named_in(self, label: str) -> bool:
        """Whether a row says that it is from the cited paper: by its first author, or by a name made from its title."""
        first = self.authors[0].split()[-1].lower() if self.authors and self.authors[0].split() else ""
        if len(first) > 2 and re.search(rf"\b{re.escape(first)}\b", label.lower()):
            return True
        name = without_ours(words(label))
        return any(own and alike(name, own) > 0.6 for own in (names_in_title(self.title), *self.names))


@dataclass(frozen=True, slots=True)
class Alignment:
    """The cells that were copied, and the weight of evidence for it (log of odds; 0 for nothing found)."""

    weight: float = 0.0
    cells: tuple[Copied, ...] = ()


@dataclass
class _Matching:
    """Two tables with all pairs of numbers that may be one."""

    target: TableText
    source: TableText
    cited: Cited
    equal: Mapping[Pair, Mapping[Way, float]]
    target_rows: Mapping[int, Mapping[int, Figure]] = field(default_factory=dict)
    source_rows: Mapping[int, Mapping[int, Figure]] = field(default_factory=dict)
    cites: bool = False
    names: dict[Pair, float] = field(default_factory=dict)
    heads: dict[Pair, float] = field(default_factory=dict)


def own_rows(target: TableText, cited: Cited) -> set[int]:
    """The rows of a table that say that they are from the cited paper."""
    return {row for row, label in enumerate(target.labels) if row >= target.first and cited.named_in(label)}


def _by_the_quoting(label: str, name: Words, cited: Cited) -> bool:
    """Whether a row is the quoting paper's own, which is copied from nowhere."""
    own = names_in_title(cited.by)
    return says_ours(label) or (bool(own) and name[: len(own)] == own)


def align(target: TableText, source: TableText, cited: Cited) -> Alignment:
    """The cells of one table that were copied from another, with the evidence."""
    used: set[Pair] = set()
    done = {
        row for row, label in enumerate(target.labels) if _by_the_quoting(label, target.names[row], cited)
    }
    best = Alignment()
    for _ in range(3):  # a table may stand one part of the source below another, in the same columns
        found = _once(target, source, cited, done, used)
        if not found.cells or (best.cells and (found.weight < _REST or len(found.cells) < 2)):
            break
        best = Alignment(best.weight + found.weight, (*best.cells, *found.cells))
        done |= {cell.row for cell in found.cells}
        used |= {(cell.source_row, cell.source_column) for cell in found.cells}
    return Alignment(best.weight, tuple(sorted(best.cells)))


_REST = 8.0


def _once(target: TableText, source: TableText, cited: Cited, done: set[int], used: set[Pair]) -> Alignment:
    ours = [one for one in target.figures if one.row not in done]
    theirs = [one for one in source.figures if (one.row, one.column) not in used]
    equal = _equal(ours, theirs)
    if not equal:
        return Alignment()
    work = _Matching(
        target, source, cited, equal, _by_row(ours), _by_row(theirs), bool(own_rows(target, cited))
    )
    columns = {c for some in work.target_rows.values() for c in some}
    others = {c for some in work.source_rows.values() for c in some}
    work.heads = {(c, d): _head_weight(target, source, c, d) for c in columns for d in others}
    work.names = {pair: _name_weight(work, *pair) for pair in equal}
    return max((_settled(work, votes) for votes in _begun(work)), key=lambda one: one.weight)


def _by_row(figures: Iterable[Figure]) -> dict[int, dict[int, Figure]]:
    found: dict[int, dict[int, Figure]] = defaultdict(dict)
    for one in figures:
        found[one.row][one.column] = one
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
    mine, repeated = _repeated(ours), _repeated(theirs)
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
                    spreads[way] = spread([*columns[one.column], *(v * scale for v in sources[other.column])])
                again = min(mine[one.column, one.value], repeated[other.column, other.value])
                found[one.row, other.row][way] = odds(step, spreads[way], again)
    return found


def _repeated(figures: Iterable[Figure]) -> dict[tuple[int, float], float]:
    """How large a part of its column repeats a number, by column and number; 0 for one that stands there once."""
    counts = Counter((one.column, one.value) for one in figures)
    sizes = Counter(one.column for one in figures)
    return {(column, value): (n - 1) / sizes[column] for (column, value), n in counts.items()}


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


def _name_weight(work: _Matching, row: int, other: int) -> float:
    """What the names of two rows say for their being one."""
    label, source_label = work.target.labels[row], work.source.labels[other]
    name, source_name = work.target.names[row], work.source.names[other]
    similar = alike(without_ours(name), without_ours(source_name))
    if says_ours(source_label):
        if work.cited.named_in(label):
            return _NAMED + 1
        if similar > 0.6:
            return _NAMED * similar
        if work.cites:  # another row says that it is from there
            return _OTHERWISE
        return 1.0 if short_for(name, work.cited.title) else 0.0
    if not name or not source_name:
        return 0.0
    if similar >= 0.5:
        return _NAMED * similar + (
            1.0 if work.cited.named_in(label) and work.cited.named_in(source_label) else 0.0
        )
    taken = max((alike(name, one) for one in work.source.names[work.source.first :]), default=0.0) > 0.8
    return _OTHERWISE + (_TAKEN if taken else 0.0)


def _head_weight(target: TableText, source: TableText, column: int, other: int) -> float:
    """What the heads of two columns say for their being one."""
    (last, every), (source_last, source_every) = target.column_words[column], source.column_words[other]
    if not last or not source_last:
        return 0.0
    similar = alike(last, source_last)
    if similar >= 0.5:
        return 2 * similar + alike(every, source_every)
    return (0.5 if last[0][0] == source_last[0][0] else -1.0) + alike(every, source_every)


def _begun(work: _Matching) -> Iterable[dict[Way, float]]:
    """Votes for pairs of columns to begin with: of all rows together, then of each of the rows that agree best alone.

    Where two parts of a table quote different columns, all together mix them.
    """
    votes: dict[Way, float] = defaultdict(float)
    alone: dict[Pair, float] = {}
    for pair, ways in work.equal.items():
        wide = min(len({way.column for way in ways}), len({way.source for way in ways}))
        trust = max(0.05, min(1.0, max(work.names[pair], 0.0) / _NAMED + (wide - 1) / 3))
        for way, weight in ways.items():
            votes[way] += trust * weight
        alone[pair] = trust * wide * max(ways.values())
    yield votes
    for pair in sorted(alone, key=lambda one: (-alone[one], one))[:_SEEDS]:
        yield dict(work.equal[pair])


def _settled(work: _Matching, votes: Mapping[Way, float]) -> Alignment:
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
        again: dict[Way, float] = defaultdict(float)
        for pair in rows.items():
            for way, weight in work.equal[pair].items():
                again[way] += weight
        votes = again
    kept = {way for way in ways if _holds(work, rows, way)}
    copied = [
        Copied(row, way.column, other, way.source)
        for row, other in rows.items()
        for way in work.equal[row, other]
        if way in kept
    ]
    if not copied or (len(copied) == 1 and all(way.scale != 1 for way in kept)):
        return Alignment()
    if sum(work.equal[one.row, one.source_row][_way(one, kept)] for one in copied) < _IN_NUMBERS:
        return Alignment()  # names and heads say which cell it would be, not that it was copied
    weight = sum(scores[pair] for pair in rows.items())
    weight += sum(work.heads[pair] for pair in {(one.column, one.source_column) for one in copied})
    return Alignment(weight, tuple(copied))


def _way(one: Copied, ways: set[Way]) -> Way:
    return next(way for way in ways if (way.column, way.source) == (one.column, one.source_column))


def _holds(work: _Matching, rows: Mapping[int, int], way: Way) -> bool:
    """Whether two paired columns agree in enough of the paired rows."""
    hits = sum(way in work.equal[pair] for pair in rows.items())
    differing = sum(_differing(work, *pair, {way.column: way.source}, 0) for pair in rows.items()) - hits
    return differing <= 2 * hits


def _paired_columns(work: _Matching, votes: Mapping[Way, float]) -> set[Way]:
    best: dict[Pair, tuple[float, Way]] = {}
    for way, vote in votes.items():
        pair = (way.column, way.source)
        score = vote + 2 * work.heads[pair] - (_SCALED if way.scale != 1 else 0.0)
        if score > best.get(pair, (0.0, way))[0]:
            best[pair] = (score, way)
    chosen = _one_to_one({pair: score for pair, (score, _) in best.items()})
    return {best[pair][1] for pair in chosen.items()}


def _row_scores(work: _Matching, ways: set[Way]) -> dict[Pair, float]:
    paired = {way.column: way.source for way in ways}
    taken = set(paired.values())
    alike_heads = {pair: weight for pair, weight in work.heads.items() if weight >= 2}
    columns = Counter(column for column, _ in alike_heads)
    sources = Counter(source for _, source in alike_heads)
    by_head = {
        (column, source): weight
        for (column, source), weight in alike_heads.items()
        if columns[column] == 1 and sources[source] == 1 and column not in paired and source not in taken
    }
    full = {**_one_to_one(by_head), **paired}
    several = _several(alike_heads, full)
    among = math.log(max(2, len(work.source_rows)))
    scores: dict[Pair, float] = {}
    for (row, other), equal in work.equal.items():
        hits = [(way, weight) for way, weight in equal.items() if way in ways]
        if not hits:
            continue
        differing = _differing(work, row, other, full, len(hits)) + _in_none(work, row, other, several)
        score = sum(weight for _, weight in hits) - _MISS * differing
        score += work.names[row, other] - among
        heads = [work.heads[way.column, way.source] for way, _ in hits]
        if len(hits) == 1:
            score += heads[0]
        if work.names[row, other] <= 1:  # no name leads from the one row to the other: it might have been any
            score -= math.log(max(2, len(work.target_rows))) - sum(min(weight, 0.0) for weight in heads)
            score += _OTHERWISE if len(hits) == 1 else 0.0
        scores[row, other] = score + alike(work.target.settings[row], work.source.settings[other])
    return scores


def _differing(work: _Matching, row: int, other: int, columns: Mapping[int, int], hits: int) -> int:
    """How many numbers of two rows stand in paired columns and are not one, whole numbers left out."""
    theirs = work.source_rows[other]
    compared = (
        (one, theirs[columns[c]])
        for c, one in work.target_rows[row].items()
        if c in columns and columns[c] in theirs
    )
    return sum(1 for one, its in compared if not (one.whole and its.whole)) - hits


def _several(alike_heads: Iterable[Pair], paired: Mapping[int, int]) -> dict[int, list[int]]:
    """The free columns that a column without a partner may be by its head, where those are several."""
    taken = set(paired.values())
    found: dict[int, list[int]] = defaultdict(list)
    for column, source in alike_heads:
        if column not in paired and source not in taken:
            found[column].append(source)
    return {column: sources for column, sources in found.items() if len(sources) > 1}


def _in_none(work: _Matching, row: int, other: int, several: Mapping[int, Sequence[int]]) -> int:
    """How many numbers of a row stand in none of the columns that they may stand in, each of which has one there."""
    theirs, equal = work.source_rows[other], work.equal[row, other]
    count = 0
    for column, sources in several.items():
        one = work.target_rows[row].get(column)
        if one is None or one.whole or any(source not in theirs for source in sources):
            continue
        count += not any(way.column == column and way.source in sources for way in equal)
    return count


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
