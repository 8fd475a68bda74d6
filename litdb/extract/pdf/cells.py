"""The words between the rules of one table as a grid: rows by baseline, columns by white space, spans by rules and centres."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from litdb.extract.layout import EMPTY, trimmed
from litdb.extract.limits import MAX_CELLS
from litdb.extract.markup.html import strip_citations
from litdb.extract.pdf.lines import Word, WordRun
from litdb.extract.pdf.page import PageRule
from litdb.extract.types import Span, TableCell

_CELL_GAP = 0.5  # of the size of the font: what is wider stands between cells
_SMALL = 0.85  # of the usual size: what is smaller may be a mark
_OVER = 0.35  # words that overlap by more are set over one another
_JOINED = re.compile(r"[±/→+×]|\+/-")
_CITED = re.compile(r"\[\d+[\],–-]")
_END_MARKS = re.compile(r"(?<=[\w)\]%.])\s*([*†‡§¶]{1,3})$")


class _Unclear(Exception):
    """Two texts are set over one another."""


@dataclass(frozen=True, slots=True)
class _Chunk(WordRun):
    """Words of one row that belong to one cell."""

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(slots=True)
class _Row:
    y: float
    chunks: list[_Chunk]


@dataclass(slots=True)
class _Column:
    x0: float
    x1: float

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


#: By row, what stands in which columns (first and last).
_Placed = list[list[tuple[_Chunk, int, int]]]


def table_rows(
    words: Sequence[Word], rules: Sequence[PageRule], name: str, page: int
) -> tuple[tuple[TableCell, ...], ...]:
    """The resolved cells of a table; `rules` are all within it, from the top down. () where columns are not clear."""
    if not words or len(words) > MAX_CELLS:
        return ()
    size = Counter(round(word.size, 1) for word in words).most_common(1)[0][0]
    words = _attached(words, size)
    x0, x1 = min(rule.x0 for rule in rules), max(rule.x1 for rule in rules)
    full = [rule.y for rule in rules if rule.width > 0.92 * (x1 - x0)]
    try:
        rows = _rows(words, size, full)
    except _Unclear:
        return ()
    head = sum(1 for row in rows if len(full) > 2 and row.y > full[1])
    columns = _columns(rows[head:] if len(rows) - head >= 1 else rows)
    if len(columns) < 2:
        return ()
    rows[head:] = [_split(row, columns) for row in rows[head:]]
    placed = [_placed(row, columns) for row in rows]
    partial = [rule for rule in rules if rule.width <= 0.92 * (x1 - x0)]
    for at in range(head):
        below = rows[at + 1].y if at + 1 < len(rows) else full[-1]
        placed[at] = _spanned(placed[at], columns, [r for r in partial if below < r.y < rows[at].y])
    for at in range(head, len(rows)):
        placed[at] = _title(placed[at], columns, (x0, x1))
    grid = [_cells(row, len(columns), name, page) for row in placed]
    _fill_down(grid, rows, head, full, partial, columns)
    return trimmed(grid)


def _attached(words: Sequence[Word], size: float) -> list[Word]:
    """The words with small raised ones as marks of the word they stand behind, whatever the order in the file."""
    done = [word for word in words if word.size >= _SMALL * size or len(word.text) > 3]
    for mark in words:
        if mark.size >= _SMALL * size or len(mark.text) > 3:
            continue
        for at, word in enumerate(done):
            near = -0.3 < (mark.x0 - word.x1) / size < 0.3 and 0.1 < (mark.y - word.y) / size < 0.7
            if near and not word.mark and word.size > mark.size:
                done[at] = replace(word, x1=mark.x1, mark=mark.text)
                break
        else:
            done.append(mark)
    return done


def _rows(words: Sequence[Word], size: float, full: Sequence[float]) -> list[_Row]:
    """Words by baseline from the top down; a row set between two lines of cells is one with the line below it."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: -w.y):
        if lines and abs(lines[-1][0].y - word.y) <= 0.3 * size:
            lines[-1].append(word)
        else:
            lines.append([word])
    rows = [_Row(line[0].y, _chunks(line)) for line in lines]
    steps = sorted(a.y - b.y for a, b in itertools.pairwise(rows))
    usual = steps[len(steps) // 2] if steps else size
    usual = max(usual, 0.95 * size)
    at = 0
    while at + 1 < len(rows):
        upper, lower = rows[at], rows[at + 1]
        apart = any(lower.y + 0.1 * size < y < upper.y for y in full)
        if upper.y - lower.y < 0.75 * usual and not apart and not _overlap(upper, lower):
            # The line with more cells says where the row is.
            keep = upper.y if len(upper.chunks) >= len(lower.chunks) else lower.y
            rows[at : at + 2] = [_Row(keep, sorted((*upper.chunks, *lower.chunks), key=lambda c: c.x0))]
        else:
            at += 1
    return rows


def _overlap(upper: _Row, lower: _Row) -> bool:
    return any(a.x0 < b.x1 and b.x0 < a.x1 for a in upper.chunks for b in lower.chunks)


def _chunks(line: Sequence[Word]) -> list[_Chunk]:
    """The words of a row by gaps; signs such as ± belong to both sides."""
    done: list[list[Word]] = []
    for word in sorted(line, key=lambda w: w.x0):
        if done:
            if word.x0 < done[-1][-1].x1 - _OVER * word.size:
                raise _Unclear
            last = done[-1][-1]
            gap = (word.x0 - last.x1) / min(word.size, last.size)
            tied = _JOINED.fullmatch(word.text) or _JOINED.fullmatch(last.text)
            cited = _CITED.match(word.text) and gap < 2 and re.search(r"[A-Za-z)]", last.text)
            if cited or gap < (_CELL_GAP + 0.2 if tied else _CELL_GAP):
                done[-1].append(word)
                continue
        done.append([word])
    return [_Chunk(tuple(words)) for words in done]


def _columns(rows: Sequence[_Row]) -> list[_Column]:
    """Where the columns stand: from the rows with most cells, then what the others add or show to be one."""
    widths = Counter(len(row.chunks) for row in rows)
    most = max((count for count in widths if count > 1), default=0)
    if not most:
        return []
    columns: list[_Column] = []
    for row in sorted(rows, key=lambda r: -len(r.chunks)):
        for chunk in row.chunks:
            met = [c for c in columns if c.x0 < chunk.x1 and chunk.x0 < c.x1]
            if len(met) == 1:
                met[0].x0, met[0].x1 = min(met[0].x0, chunk.x0), max(met[0].x1, chunk.x1)
            elif not met and len(row.chunks) > 1:
                columns.append(_Column(chunk.x0, chunk.x1))
                columns.sort(key=lambda c: c.x0)
    return _merged(columns, rows)


def _merged(columns: list[_Column], rows: Sequence[_Row]) -> list[_Column]:
    """Two columns are one where as many rows run across the gap as keep to it on both sides."""
    at = 0
    while at + 1 < len(columns):
        left, right = columns[at], columns[at + 1]
        across = both = 0
        for row in rows:
            if len(row.chunks) < 2:
                continue
            across += any(c.x0 < left.x1 and c.x1 > right.x0 for c in row.chunks)
            both += any(c.x1 <= right.x0 and c.x1 > left.x0 for c in row.chunks) and any(
                c.x0 >= left.x1 and c.x0 < right.x1 for c in row.chunks
            )
        if left.x1 > right.x0 or across > both:
            columns[at : at + 2] = [_Column(left.x0, max(left.x1, right.x1))]
            at = max(at - 1, 0)
        else:
            at += 1
    return columns


def _split(row: _Row, columns: Sequence[_Column]) -> _Row:
    """A row of data whose words stand in several columns, each in one, although the gap between them is narrow."""
    if len(row.chunks) < 2 or 2 * len(row.chunks) < len(columns):
        return row
    chunks: list[_Chunk] = []
    for chunk in row.chunks:
        homes = [[i for i, c in enumerate(columns) if c.x0 < w.x1 and w.x0 < c.x1] for w in chunk.words]
        if any(len(home) != 1 for home in homes):
            chunks.append(chunk)
            continue
        for at, word in enumerate(chunk.words):
            if at and homes[at] == homes[at - 1]:
                chunks[-1] = _Chunk((*chunks[-1].words, word))
            else:
                chunks.append(_Chunk((word,)))
    return _Row(row.y, chunks)


def _placed(row: _Row, columns: Sequence[_Column]) -> list[tuple[_Chunk, int, int]]:
    """Each chunk with the columns under it; chunks of one column are one cell."""
    done: list[tuple[_Chunk, int, int]] = []
    for chunk in row.chunks:
        met = [i for i, c in enumerate(columns) if c.x0 < chunk.x1 and chunk.x0 < c.x1]
        if not met:
            met = [min(range(len(columns)), key=lambda i: abs(columns[i].centre - chunk.centre))]
        if done and done[-1][2] >= met[0]:
            before, first, last = done[-1]
            done[-1] = (_Chunk((*before.words, *chunk.words)), first, max(last, met[-1]))
        else:
            done.append((chunk, met[0], met[-1]))
    return done


def _spanned(
    row: list[tuple[_Chunk, int, int]], columns: Sequence[_Column], under: Sequence[PageRule]
) -> list[tuple[_Chunk, int, int]]:
    """A row of the header: a cell reaches as far as the rule under it, or over the empty places it is centred on."""
    done = []
    for at, (chunk, first, last) in enumerate(row):
        low = row[at - 1][2] + 1 if at else 0
        high = row[at + 1][1] - 1 if at + 1 < len(row) else len(columns) - 1
        rule = next((r for r in under if r.x0 - 2 < chunk.centre < r.x1 + 2), None)
        if rule is not None:
            inside = [i for i in range(low, high + 1) if rule.x0 - 2 < columns[i].centre < rule.x1 + 2]
            if inside:
                first, last = min(first, inside[0]), max(last, inside[-1])
        else:
            first, last = _centred(chunk, first, last, (low, high), columns)
        done.append((chunk, first, last))
    return done


def _centred(
    chunk: _Chunk, first: int, last: int, free: tuple[int, int], columns: Sequence[_Column]
) -> tuple[int, int]:
    def off(i: int, j: int) -> float:
        return abs((columns[i].x0 + columns[j].x1) / 2 - chunk.centre)

    choices = [(i, j) for i in range(free[0], first + 1) for j in range(last, free[1] + 1)]
    if not choices:
        return first, last
    best = min(choices, key=lambda c: (off(*c), c[1] - c[0]))
    return best if off(first, last) - off(*best) > 3 and off(*best) < 4 else (first, last)


def _title(
    row: list[tuple[_Chunk, int, int]], columns: Sequence[_Column], edges: tuple[float, float]
) -> list[tuple[_Chunk, int, int]]:
    """A row of one text that stands in the middle, or runs over columns, is a title over all of them."""
    if len(row) == 1:
        chunk, first, last = row[0]
        middle = abs(chunk.centre - sum(edges) / 2) < 3 and len(columns) > 2
        if (first != last and first == 0) or middle or (first > 0 and first != last):
            return [(chunk, 0, len(columns) - 1)]
    return row


def _cells(row: Sequence[tuple[_Chunk, int, int]], width: int, name: str, page: int) -> list[TableCell]:
    cells = [EMPTY] * width
    for chunk, first, last in row:
        cells[first : last + 1] = [_cell(chunk, last - first + 1, name, page)] * (last - first + 1)
    return cells


def place(words: Sequence[Word], name: str, page: int) -> Span:
    """Where words stand: page and box in whole points, and their place in the page's text."""
    box = (
        min(w.x0 for w in words),
        min(w.y for w in words),
        max(w.x1 for w in words),
        max(w.y + w.size for w in words),
    )
    where = ",".join(str(round(edge)) for edge in box)
    return Span(f"{name}#page={page}&box={where}", min(w.start for w in words), max(w.end for w in words))


def _cell(chunk: _Chunk, colspan: int, name: str, page: int) -> TableCell:
    raw = " ".join(word.text + (f"^{word.mark}" if word.mark else "") for word in chunk.words)
    marks = [word.mark for word in chunk.words if word.mark]
    text = " ".join(word.text for word in chunk.words)
    if match := _END_MARKS.search(text):
        marks.append(match[1])
        text = text[: match.start()]
    text, cites = strip_citations(text, ())
    return TableCell(
        text,
        raw,
        place(chunk.words, name, page),
        colspan=colspan,
        cites=cites,
        marks=tuple(dict.fromkeys(marks)),
    )


def _fill_down(
    grid: list[list[TableCell]],
    rows: Sequence[_Row],
    head: int,
    full: Sequence[float],
    partial: Sequence[PageRule],
    columns: Sequence[_Column],
) -> None:
    """A text set in the middle of empty places, between rules, stands for all its rows."""
    for column, found in enumerate(columns[:3]):
        cuts = sorted([*full, *(r.y for r in partial if r.x0 - 2 < found.centre < r.x1 + 2)], reverse=True)
        start = head
        while start < len(rows):
            cut = max((y for y in cuts if y < rows[start].y), default=-1.0)
            end = start
            while end < len(rows) and rows[end].y > cut:
                end += 1
            end = max(end, start + 1)
            texts = [at for at in range(start, end) if grid[at][column].text]
            if texts and texts[0] != start and _in_the_middle(texts, start, end):
                for at in range(start, end):
                    if at not in texts:
                        nearest = min(texts, key=lambda t: abs(t - at))
                        grid[at][column] = grid[nearest][column]
            start = end


def _in_the_middle(texts: Sequence[int], start: int, end: int) -> bool:
    """Whether each text has as many rows above as below it that are nearest to it."""
    for text in texts:
        mine = [at for at in range(start, end) if min(texts, key=lambda t: abs(t - at)) == text]
        if abs((text - mine[0]) - (mine[-1] - text)) > 1 or len(mine) < 2:
            return False
    return True
