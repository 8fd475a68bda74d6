"""Extractions as text: tables for the terminal, TSV, JSON, and an explanation of every reading.

Every function takes (file name, extraction) pairs in the order in which they are shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from litdb.extract import tsv
from litdb.extract.types import CellReading, Extraction, TableReadings

Found = Iterable[tuple[str, Extraction]]


def tsv_text(found: Found) -> str:
    """All readings as TSV, one per line, after a line of column names."""
    lines = [tsv.header()]
    for file, extraction in found:
        lines.extend(tsv.lines(extraction, file))
    return "\n".join(lines) + "\n"


def json_text(found: Found) -> str:
    """A JSON array with one object per reading: the columns of the TSV, and protocol, place, reasons and flags."""
    rows: list[dict[str, object]] = []
    for file, extraction in found:
        for table in extraction.tables:
            rows.extend(_object(file, table, reading) for reading in table.readings)
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _object(file: str, table: TableReadings, reading: CellReading) -> dict[str, object]:
    return {
        "file": file,
        "table": table.grid.number or str(table.grid.ordinal),
        "caption": table.grid.caption,
        "row": reading.row + 1,
        "column": reading.column + 1,
        "slot": reading.slot,
        "model": reading.model,
        "system": reading.system,
        "kind": reading.kind,
        "own": reading.own,
        "parent": reading.parent,
        "metric": reading.metric,
        "dataset": reading.dataset,
        "value": reading.value,
        "unit": reading.unit,
        "approximate": reading.approximate,
        "resolution": reading.resolution,
        "uncertainty": reading.uncertainty,
        "uncertainty_kind": reading.uncertainty_kind,
        "raw": reading.raw,
        "place": str(reading.span),
        "cites": list(reading.cites),
        "reproduced": reading.reproduced,
        "protocol": {
            name: {"value": item.value, "basis": item.basis, "note": item.note}
            for name, item in reading.protocol
        },
        "status": tsv.status(reading),
        "confidence": reading.confidence,
        "reasons": [str(reason) for reason in reading.reasons],
        "flags": [str(flag) for flag in reading.flags],
    }


def table_text(found: Found) -> str:
    """Each table with a line per model and a column per metric; proposed values carry a question mark."""
    lines: list[str] = []
    for file, extraction in found:
        shown = [table for table in extraction.tables if table.readings]
        total = len(extraction.readings)
        lines.append(
            f"{file}: {len(shown)} of {len(extraction.tables)} tables with results, {total} readings"
        )
        for table in shown:
            lines.extend(_table(table))
        lines.extend(f"  note: {remark}" for remark in extraction.remarks)
        lines.append("")
    return "\n".join(lines)


def _title(table: TableReadings) -> str:
    number = table.grid.number or f"no. {table.grid.ordinal}"
    caption = table.grid.caption or table.grid.section
    return f"Table {number} ({table.kind}): {caption[:90]}"


def _table(table: TableReadings) -> list[str]:
    heads = list(dict.fromkeys((r.metric, r.dataset) for r in table.readings))
    models = list(dict.fromkeys((r.row, r.model, r.own) for r in table.readings))
    grid = [["", *(f"{metric} {dataset}".strip() for metric, dataset in heads)]]
    for row, model, own in models:
        values = {(r.metric, r.dataset): r for r in table.readings if (r.row, r.model) == (row, model)}
        grid.append([model + (" *" if own else ""), *(_value(values.get(head)) for head in heads)])
    return ["", f"  {_title(table)}", *_aligned(grid)]


def _value(reading: CellReading | None) -> str:
    if reading is None:
        return ""
    mark = "" if tsv.status(reading) == "accepted" else "?"
    return reading.approximate + tsv.number(reading.value) + mark


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[c]) for row in rows) for c in range(len(rows[0]))]
    return [
        "    " + "  ".join(cell.ljust(w) if c == 0 else cell.rjust(w) for c, (cell, w) in enumerate(zip(row, widths, strict=True))).rstrip()
        for row in rows
    ]  # fmt: skip


def explain_text(found: Found) -> str:
    """How each cell came to its model, metric, dataset and value, table by table."""
    lines: list[str] = []
    for file, extraction in found:
        lines.append(file)
        for table in extraction.tables:
            lines.append(f"  {_title(table)}")
            if not table.readings:
                lines.append("    no results: no header, row or caption names a metric with plausible values")
            for reading in table.readings:
                lines.extend(_explained(reading))
            if table.ablation is not None:
                lines.append(f"    ablation of {table.ablation.base}")
                for change in table.ablation.rows:
                    effects = ", ".join(f"{d.metric} {d.difference:+.3g}" for d in change.differences)
                    lines.append(f"      {change.words}: {effects}")
    return "\n".join(lines) + "\n"


def _explained(reading: CellReading) -> list[str]:
    where = f"row {reading.row + 1}, column {reading.column + 1} ({reading.span})"
    own = ", the paper's own" if reading.own else ""
    parent = f" of {reading.parent}" if reading.parent else ""
    lines = [
        f"    {where}: {reading.raw!r}",
        f"      model    {reading.model} -> {reading.system} ({reading.kind}{parent}{own})",
        f"      metric   {reading.metric}",
        f"      dataset  {reading.dataset or 'not told'}",
        f"      value    {reading.approximate}{tsv.number(reading.value)} {reading.unit}".rstrip()
        + (f" ± {tsv.number(reading.uncertainty)}" if reading.uncertainty is not None else ""),
    ]
    lines.extend(f"      {name}  {item.value} ({item.basis}: {item.note})" for name, item in reading.protocol)
    lines.append(
        f"      {tsv.status(reading)} at {reading.confidence:.3f}: "
        + "; ".join(map(str, (*reading.reasons, *reading.flags)))
    )
    return lines
