"""An extraction for people and programs: plain tables, JSON, and how each cell was understood."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from litdb.extract.tsv import header, lines, number, status
from litdb.extract.types import Extraction, Grid, Reading

Found = Sequence[tuple[str, Extraction]]
_LONGEST = 24  # characters of a cell in a plain table


def tsv_text(found: Found) -> str:
    """All readings, one a line."""
    rows = [header()]
    for file, extraction in found:
        rows += lines(extraction, file)
    return "\n".join(rows) + "\n"


def json_text(found: Found) -> str:
    """All tables with their readings."""
    documents = [
        {
            "file": file,
            "title": extraction.title,
            "remarks": list(extraction.remarks),
            "tables": [
                {
                    "number": table.grid.number or str(table.grid.ordinal),
                    "caption": table.grid.caption,
                    "kind": table.kind,
                    "readings": [_reading(reading) for reading in table.readings],
                }
                for table in extraction.tables
                if table.readings
            ],
        }
        for file, extraction in found
    ]
    return json.dumps(documents, ensure_ascii=False, indent=2)


def _reading(reading: Reading) -> dict[str, object]:
    return {
        "model": reading.model,
        "system": reading.system,
        "kind": reading.kind,
        "own": reading.own,
        "metric": reading.metric,
        "dataset": reading.dataset,
        "value": reading.value,
        "unit": reading.unit,
        "uncertainty": reading.uncertainty,
        "raw": reading.raw,
        "row": reading.row + 1,
        "column": reading.column + 1,
        "place": str(reading.span),
        "protocol": {
            name: {"value": i.value, "basis": i.basis, "note": i.note} for name, i in reading.protocol
        },
        "status": status(reading),
        "confidence": round(reading.confidence, 4),
        "reasons": list(reading.reasons),
        "flags": list(reading.flags),
    }


def table_text(found: Found) -> str:
    """Each table with readings as it stands, the cells that were read marked `=` (accepted) or `?` (proposed)."""
    parts = []
    for file, extraction in found:
        for table in extraction.tables:
            if not table.readings:
                continue
            marks = {(r.row, r.column): "=" if status(r) == "accepted" else "?" for r in table.readings}
            parts.append(
                f"{file}, table {table.grid.number or table.grid.ordinal} ({table.kind}): {table.grid.caption}"
            )
            parts.append(_drawn(table.grid, marks))
            metrics = ", ".join(dict.fromkeys(r.metric for r in table.readings))
            parts.append(f"{len(table.readings)} readings: {metrics}\n")
    return "\n".join(_visible(part) for part in parts) or "no readings\n"


def explain_text(found: Found) -> str:
    """For each cell that was read: model, metric, test set, value, and why each is believed."""
    parts = []
    for file, extraction in found:
        for table in extraction.tables:
            for reading in table.readings:
                name = f"table {table.grid.number or table.grid.ordinal}, row {reading.row + 1}, column {reading.column + 1}"
                parts.append(f"{file}, {name}: {reading.raw!r}")
                own = ", the paper's own" if reading.own else ""
                parts.append(
                    f"  model    {reading.model} ({reading.kind}{own}; within the paper: {reading.system})"
                )
                parts.append(
                    f"  metric   {reading.metric}" + (f", unit {reading.unit}" if reading.unit else "")
                )
                parts.append(f"  test set {reading.dataset or 'not told'}")
                parts.append(f"  value    {number(reading.value)}")
                parts += [f"  {item}: {i.value}, {i.basis} ({i.note})" for item, i in reading.protocol]
                parts.append(
                    f"  {status(reading)}, confidence {reading.confidence:.2f}: {'; '.join(reading.reasons)}"
                )
    return "\n".join(_visible(part) for part in parts) + "\n" if parts else "no readings\n"


def _drawn(grid: Grid, marks: dict[tuple[int, int], str]) -> str:
    cells = [
        [_clip(cell.text) + marks.get((r, c), "") for c, cell in enumerate(row)]
        for r, row in enumerate(grid.rows)
    ]
    widths = [max(len(row[c]) for row in cells) for c in range(len(cells[0]))] if cells else []
    return "\n".join(
        "  ".join(t.ljust(w) for t, w in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def _clip(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"


def _visible(text: str) -> str:
    """Without control characters, which could steer a terminal."""
    return "".join(_kept(text))


def _kept(text: str) -> Iterable[str]:
    return (char for char in text if char == "\n" or char.isprintable())
