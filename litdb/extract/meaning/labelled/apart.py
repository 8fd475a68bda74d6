"""What tells rows of one label apart: causality, SNR, a second label, ticked components, a footnote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from litdb.extract.meaning.heads import cells, columns
from litdb.extract.meaning.heads.segment import ReadColumn, Segment
from litdb.extract.meaning.labelled.labels import LabelledRow
from litdb.extract.types import Grid
from litdb.vocabulary.remarks import Doubt

_COUNTING = re.compile(r"^\W*(?:no|nr|num|n[°o]|idx|index|id|row|s\.? ?no|rank)?\W*$", re.I)


def told_apart(
    rows: list[LabelledRow],
    grid: Grid,
    others: Sequence[ReadColumn],
    model_column: ReadColumn | None,
    segment: Segment,
) -> list[LabelledRow]:
    """Add the conditions that tell rows of one label apart, and causality where a column states it."""
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
        if c.role in ("attribute", "unknown", "dataset")
        and not c.condition
        and (model_column is None or c.index != model_column.index)
    ]
    scored = min((c.index for c in segment.columns if c.metrics), default=0)
    numeric = [
        c for c in candidates if _numeric(c, rows, grid)
    ]  # in front of the scores they are settings, if need be
    candidates = [c for c in candidates if c not in numeric] + [c for c in numeric if c.index < scored]
    candidates.sort(key=lambda c: bool(_COUNTING.match(c.header)))  # a running number says the least
    second = next(
        (c for c in candidates if model_column is not None and c.header == model_column.header), None
    )
    for column in candidates:
        counts = Counter(_key(row) for row in rows)
        clashing = [row for row in rows if counts[_key(row)] > 1]
        if not clashing:
            break
        texts = {row.index: grid.rows[row.index][column.index].text for row in rows}
        if len({texts[row.index] for row in clashing}) < 2:
            continue
        updated = []
        for row in rows:
            text = texts[row.index]
            if counts[_key(row)] > 1 and text and not cells.is_missing(text):
                named = re.fullmatch(r"[\w.+-]{1,6}|[✓✗]", text) and column.header and column is not second
                value = f"{column.header}={text}" if named else text
                updated.append(replace(row, conditions=(*row.conditions, value)))
            else:
                updated.append(row)
        rows = updated
    counts = Counter(_key(row) for row in rows)
    done = []
    for row in rows:
        if counts[_key(row)] > 1 and row.marks:
            note = note_for(row.marks[0], grid.notes)
            row = replace(row, conditions=(*row.conditions, note or row.marks[0]))
        done.append(row)
    return done


def _key(row: LabelledRow) -> tuple[object, ...]:
    return row.model, row.conditions, row.dataset, row.section


def _numeric(column: ReadColumn, rows: Sequence[LabelledRow], grid: Grid) -> bool:
    """A column of measured numbers: it holds values, not what the rows are."""
    texts = [grid.rows[row.index][column.index].text for row in rows]
    decimal = sum(bool(re.search(r"\d\.\d", text)) and cells.looks_numeric(text) for text in texts)
    return column.role == "unknown" and decimal * 2 > sum(bool(text) for text in texts)


def _with_components(
    rows: list[LabelledRow], grid: Grid, others: Sequence[ReadColumn], segment: Segment
) -> list[LabelledRow]:
    """In an ablation by ticks, say which components a row has where its label does not tell it apart."""
    ticked = [c for c in others if columns.only_marks(c, grid.rows[segment.first : segment.last])]
    counts = Counter((row.model, row.conditions) for row in rows)
    if not ticked:
        return rows
    done = []
    for row in rows:
        if counts[(row.model, row.conditions)] > 1 and Doubt.MODEL_AROUND_TABLE in row.doubts:
            present = [
                c.header
                for c in ticked
                if re.match(r"[✓✔√●]|yes|w/$|x$", grid.rows[row.index][c.index].text.strip(), re.I)
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
