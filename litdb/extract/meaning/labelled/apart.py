"""What tells rows of one label apart: causality, SNR, a second label, ticked components, a footnote."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from litdb.extract.meaning import words
from litdb.extract.meaning.heads import cells, contents, headers
from litdb.extract.meaning.heads.segment import ReadColumn, Segment
from litdb.extract.meaning.labelled.labels import LabelledRow
from litdb.extract.meaning.labelled.settings import MEASURED
from litdb.extract.types import Grid
from litdb.vocabulary import vocabulary
from litdb.vocabulary.remarks import Doubt

_COUNTING = re.compile(r"^\W*(?:no|nr|num|n[°o]|idx|index|id|row|s\.? ?no|rank)?\W*$", re.I)


#: Of a column, that it says what all systems of a group were given: where it tells two rows apart, it holds for the others too.
_OF_INPUT = re.compile(
    r"\btracks?\b|\b(?:mics?|microphones?|channels?|speakers?|talkers?)\b|^#?\s?ch\.?$", re.I
)


def told_apart(
    rows: list[LabelledRow],
    grid: Grid,
    others: Sequence[ReadColumn],
    model_column: ReadColumn | None,
    segment: Segment,
    groups: frozenset[int],
) -> list[LabelledRow]:
    """Add the conditions that tell rows of one label apart, and causality where a column states it.

    `groups` are columns each of whose values stands once for a group of labels (:func:`carried`).
    """
    rows = [
        replace(
            row,
            conditions=(
                *((f"causal={row.causal.capitalize()}",) if row.causal else ()),
                *((row.condition,) if row.condition else ()),
                *row.settings,
            ),
        )
        for row in rows
    ]
    rows = _with_components(rows, grid, others, segment)
    if segment.unnamed:
        return rows
    candidates = [
        c
        for c in others
        if c.role in ("attribute", "unknown", "dataset", "year")
        and not c.condition
        and (model_column is None or c.index != model_column.index)
        and not any(named.metric.unit == "count" for _, _, named in vocabulary().metrics_in(c.header))
        and not ((words.DIFFERENCES.match(c.header) or MEASURED.search(c.header)) and _counts(c, rows, grid))
    ]
    scored = min((c.index for c in segment.columns if c.metrics), default=0)
    numeric = [
        c for c in candidates if _numeric(c, rows, grid)
    ]  # in front of the scores they are settings, if need be
    candidates = [c for c in candidates if c not in numeric] + [c for c in numeric if c.index < scored]
    # a date says little of a row, a running number the least
    candidates.sort(key=lambda c: (bool(_COUNTING.match(c.header)), c.role == "year"))
    second = next(
        (c for c in candidates if model_column is not None and c.header == model_column.header), None
    )
    for column in candidates:
        counts = Counter(_key(row) for row in rows)
        if _kinds(rows, grid, column, counts) > len(counts):
            of_all = column.role != "dataset" and (column.index in groups or _OF_INPUT.search(column.header))
            rows = [
                _with_value(row, column, grid, second) if of_all or counts[_key(row)] > 1 else row
                for row in rows
            ]
    counts = Counter(_key(row) for row in rows)
    done = []
    for row in rows:
        if counts[_key(row)] > 1 and row.marks:
            note = note_for(row.marks[0], (*grid.notes, *re.split(r"(?<=[.;])\s", grid.caption)))
            row = replace(row, conditions=(*row.conditions, note or row.marks[0]))
        done.append(row)
    return _by_base(_by_group(done))


def carried(grid: Grid, segment: Segment, label: int) -> tuple[Grid, frozenset[int]]:
    """The grid with what stands once in front of a group of labels in each row of the group, '4 kHz' over blank cells, and the
    columns where it does."""
    rows, groups = list(grid.rows), set()
    for at in range(label):
        above = rows[segment.first][at]
        if not above.text:
            continue
        for r in range(segment.first + 1, segment.last):
            row = rows[r]
            if row[at].text or not row[label].text:
                above = row[at]
            elif above.text:
                rows[r] = (*row[:at], replace(row[at], text=above.text), *row[at + 1 :])
                groups.add(at)
    return replace(grid, rows=tuple(rows)) if groups else grid, frozenset(groups)


_ADDITION = re.compile(r"\+|w\s*/\s*(?!o)")


def _by_base(rows: list[LabelledRow]) -> list[LabelledRow]:
    """Where one addition stands under several systems, each bears the system's name: 'A', '+ X', 'B', '+ X'."""
    counts = Counter(_key(row) for row in rows)
    base, done = "", []
    for row in rows:
        added = _ADDITION.match(row.model) is not None
        if added and base and counts[_key(row)] > 1:
            row = replace(row, model=f"{base} {row.model}")
        elif not added:
            base = row.model
        done.append(row)
    return done


def _by_group(rows: list[LabelledRow]) -> list[LabelledRow]:
    """Where the same labels stand under several titles, a title is a condition: 'Babble', 'Cafeteria'."""
    under: dict[object, set[str]] = defaultdict(set)
    for row in rows:
        under[_said(row)].add(row.section)
    return [
        replace(row, conditions=(*row.conditions, row.section))
        if len(under[_said(row)]) > 1 and may_be_condition(row)
        else row
        for row in rows
    ]


def may_be_condition(row: LabelledRow) -> bool:
    """Whether the title over a row is nothing that is known otherwise: a metric, a part of the test set, what the row says itself."""
    return (
        0 < len(row.section) <= 60
        and row.section not in row.conditions
        and not headers.parse(row.section).metrics
        and not (row.reverb and words.REVERB.search(row.section))
        and not vocabulary().datasets_in(row.section)
    )


def _kinds(
    rows: Sequence[LabelledRow], grid: Grid, column: ReadColumn, counts: Mapping[tuple[object, ...], int]
) -> int:
    """How many kinds of rows there are where a column tells apart those that are alike."""
    keys = ((_key(row), row) for row in rows)
    return len({(key, _value(row, column, grid) if counts[key] > 1 else "") for key, row in keys})


def _value(row: LabelledRow, column: ReadColumn, grid: Grid) -> str:
    text = grid.rows[row.index][column.index].text
    return "" if cells.is_missing(text) else text


def _with_value(row: LabelledRow, column: ReadColumn, grid: Grid, second: ReadColumn | None) -> LabelledRow:
    """A row with what a column says of it, by the column's name where the value needs one."""
    text = _value(row, column, grid)
    if not text:
        return row
    short = re.fullmatch(r"[\w.+-]{1,6}|[✓✗]", text) or words.TRAINED_ON_HEADER.search(column.header)
    named = short and column.header and column is not second
    return replace(row, conditions=(*row.conditions, f"{column.header}={text}" if named else text))


def _key(row: LabelledRow) -> tuple[object, ...]:
    return *_said(row), row.section


def _said(row: LabelledRow) -> tuple[object, ...]:
    return row.model, row.conditions, row.dataset, row.printed_set


def _counts(column: ReadColumn, rows: Sequence[LabelledRow], grid: Grid) -> bool:
    """Whether most cells of a column begin with a number: a gain in decibels, not the name of a gain function."""
    texts = [text for row in rows if (text := grid.rows[row.index][column.index].text)]
    return sum(bool(re.match(r"[-+−]?\d", text)) for text in texts) * 2 > len(texts)


def _numeric(column: ReadColumn, rows: Sequence[LabelledRow], grid: Grid) -> bool:
    """A column of measured numbers: it holds values, not what the rows are."""
    texts = [grid.rows[row.index][column.index].text for row in rows]
    decimal = sum(bool(re.search(r"\d\.\d", text)) and cells.looks_numeric(text) for text in texts)
    setting = re.search(r"\bkbps\b|kbit|bit-?rate|\bkHz\b", column.header, re.I)
    return column.role == "unknown" and not setting and decimal * 2 > sum(bool(text) for text in texts)


_ABSENT = re.compile(r"[✗✘×]|no|w/o", re.I)
_DASH = re.compile(r"[-–—]*")


def _with_components(
    rows: list[LabelledRow], grid: Grid, others: Sequence[ReadColumn], segment: Segment
) -> list[LabelledRow]:
    """In an ablation by ticks, say which components a row has where its label does not tell it apart."""
    ticked = [c for c in others if contents.only_marks(c, grid.rows[segment.first : segment.last])]
    counts = Counter((row.model, row.conditions) for row in rows)
    if not ticked:
        return rows
    marks = {row.index: [grid.rows[row.index][c.index].text.strip() for c in ticked] for row in rows}
    crossed = any(_ABSENT.fullmatch(mark) for texts in marks.values() for mark in texts)
    done = []
    for row in rows:
        if counts[(row.model, row.conditions)] > 1 and Doubt.MODEL_AROUND_TABLE in row.doubts:
            if crossed and all(_DASH.fullmatch(mark) for mark in marks[row.index]):
                continue  # where crosses say what is not there, dashes are of something else: the input, perhaps
            present = [
                c.header
                for c, mark in zip(ticked, marks[row.index], strict=True)
                if re.match(r"[✓✔√●]|yes|w/$|x$", mark, re.I)
            ]
            text = "w/ " + ", ".join(present) if present else "w/o " + ", ".join(c.header for c in ticked)
            row = replace(
                row,
                conditions=(*row.conditions, text),
                components=tuple(present),
                all_components=len(present) == len(ticked),
            )
        done.append(row)
    return done


def note_for(mark: str, notes: Sequence[str]) -> str:
    """The footnote text that a mark stands for, shortened."""
    sign = re.escape(mark)
    start = rf"(?:^|[\s.;,(]){sign}[)\]:]?\s*" if not mark.isalnum() else rf"^\s*[(\[]?{sign}[)\]:.]?\s+"
    for note in notes:
        match = re.search(rf"{start}(?P<words>[^\s*†‡§¶][^*†‡§¶]*)", note.replace("∗", "*"))
        if match:
            return match["words"].strip().rstrip(".")[:80]
    return ""
