"""From one grid to its readings: every score cell with model, metric, test set, protocol, confidence and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from litdb.extract.meaning import apart, confidence, protocol, rows, testsets, words
from litdb.extract.meaning.labels import Row
from litdb.extract.meaning.layout.features import Evidence
from litdb.extract.meaning.layout.interpretation import Layout
from litdb.extract.meaning.layout.proposals import proposals
from litdb.extract.meaning.layout.scoring import ranked
from litdb.extract.meaning.paper import Paper
from litdb.extract.meaning.ways import Found, collect
from litdb.extract.types import Grid, Reading, TableKind, TableReadings
from litdb.vocabulary import MetricName
from litdb.vocabulary.remarks import Flag, Ground, Remark


def read_grid(grid: Grid, paper: Paper) -> TableReadings:
    """The readings of one table by its best interpretation; none when it holds no scores."""
    if not grid.rows or len(grid.rows[0]) < 1 or words.NOT_SCORES_CAPTION.search(grid.caption):
        return TableReadings(grid, "other", ())
    kind = rows.table_kind(grid, rows.table_labels(grid))
    for choice in ranked(proposals(grid), Evidence(paper)):
        found = collect(choice.layout, paper, kind)
        if found:
            return read_layout(grid, choice.layout, found, paper, kind)
    return TableReadings(grid, "other", ())


def read_layout(
    grid: Grid, layout: Layout, found: Sequence[Found], paper: Paper, kind: TableKind
) -> TableReadings:
    """The readings that an interpretation gives."""
    if _only_settings(grid, found):
        return TableReadings(grid, "other", ())
    values: dict[int, tuple[Row, dict[str, float]]] = {}
    for item in found:
        if item.named.band != "NB":
            values.setdefault(item.row.index, (item.row, {}))[1].setdefault(
                item.named.metric.id, item.slot.number.value
            )
    noisy = testsets.noisy_row(list(values.values()))
    in_rows = layout.turned or layout.way in ("sections", "metric column")
    readings = [_reading(item, grid, paper, noisy, in_rows) for item in found]
    if layout.turned:
        readings = [replace(reading, row=reading.column, column=reading.row) for reading in readings]
    return TableReadings(grid, kind, tuple(readings))


def _only_settings(grid: Grid, found: Sequence[Found]) -> bool:
    """A table of hyper-parameters that happens to list parameter counts."""
    return all(item.named.metric.per_model for item in found) and bool(
        words.HYPERPARAMETERS_CAPTION.search(grid.caption)
    )


def _reading(item: Found, grid: Grid, paper: Paper, noisy: bool | None, turned: bool) -> Reading:
    row, column, number, metric = item.row, item.column, item.slot.number, item.named.metric
    flags = [*number.flags, *item.slot.flags]
    if not metric.plausible(number.value):
        flags.append(Remark(Flag.OUT_OF_RANGE))
    if metric.per_model:
        decision = testsets.Decision("", (Remark(Ground.NOT_NEEDED),))
    else:
        decision = testsets.decide(grid, column, row, paper, noisy)
    stated = protocol.read(grid, column, row, item.named, item.cell, decision.title)
    name = MetricName.of(metric.id, stated)
    conditions = list(row.conditions)
    for condition in (column.condition, column.qualifier if column.metrics and not turned else ""):
        if condition and condition not in conditions:
            conditions.append(condition)
    model = row.model + "".join(f" [{c}]" for c in [" / ".join(conditions)] if c)
    notes = [note for mark in (*row.marks, *item.cell.marks) if (note := apart.note_for(mark, grid.notes))]
    reproduced = any(words.REPRODUCED.search(note) for note in notes) and not row.own
    judged = confidence.judge(column, row, metric, decision, tuple(flags), turned=turned)
    return Reading(
        model=model,
        system=row.system or row.model,
        kind=row.kind,
        own=row.own,
        metric=str(name),
        quantity=metric.id,
        dataset=decision.title,
        value=number.value,
        unit=metric.unit,
        raw=item.cell.raw,
        span=item.cell.span,
        row=row.index,
        column=column.index,
        slot=item.slot.index,
        resolution=number.resolution,
        approximate=number.approximate,
        uncertainty=number.uncertainty,
        uncertainty_kind=protocol.uncertainty_kind(number.uncertainty, grid, column),
        parent=row.parent,
        cites=tuple(dict.fromkeys((*row.cites, *item.cell.cites))),
        reproduced=reproduced,
        protocol=stated,
        confidence=judged.confidence,
        reasons=judged.reasons,
        flags=tuple(dict.fromkeys(flags)),
    )
