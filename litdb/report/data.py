"""Tables for programs: CSV with one row a model, JSON with everything that is known of each cell."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable

from litdb.report.escape import clean, csv_cell
from litdb.values.display import exact
from litdb.values.table import Cell, Row, Table

_ROW_FIELDS = (
    "model",
    "name",
    "kind",
    "own",
    "origin",
    "source",
    "year",
    "checkpoint",
    "reproduced",
    "proposed",
)


def csv(table: Table) -> str:
    """One row a model; for each metric its normalised value, the printed text, origin, source, entry and note.

    Values are numbers (params and MACs absolute, STOI in 0..1), empty where the table shows none; the header
    names the metric in its canonical spelling.
    """
    header = ["dataset", *_ROW_FIELDS]
    for column in table.columns:
        name = f"{column.metric}, {column.dataset}" if column.dataset else column.metric
        header += [
            name,
            f"{name} printed",
            f"{name} origin",
            f"{name} source",
            f"{name} entry",
            f"{name} note",
        ]
    header += ["url", "notes"]
    lines = [[csv_cell(name) for name in header]]
    for row in table.rows:
        fields = [csv_cell(table.dataset), *(_field(row, name) for name in _ROW_FIELDS)]
        for cell in row.cells:
            fields += _cell_fields(cell)
        lines.append([*fields, csv_cell(row.url), csv_cell("; ".join(row.notes))])
    return csv_text(lines)


def csv_text(lines: Iterable[Iterable[str]]) -> str:
    """Fields (already made safe) as CSV; also quoted where a reader with another separator would split."""
    return "".join(",".join(map(_quoted, fields)) + "\n" for fields in lines)


def json_text(table: Table) -> str:
    """The whole table as JSON: every field of every cell with its provenance.

    Characters that do not print are written as escapes, so the text is safe to show in a terminal.
    """
    text = json.dumps(dataclasses.asdict(table), ensure_ascii=False, indent=2, allow_nan=False)
    return re.sub(r"[^\n]", lambda match: _printable(match.group()), text) + "\n"


def _printable(char: str) -> str:
    return char if char.isprintable() else json.dumps(char)[1:-1]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(char in text for char in ',;"\t\n') else text


def _field(row: Row, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else csv_cell(str(value))


def _cell_fields(cell: Cell) -> list[str]:
    value = "" if cell.value is None or cell.refused else exact(cell.value)
    where = cell.provenance
    note = "; ".join(map(clean, cell.notes))
    return [
        value,
        csv_cell(cell.printed),
        where.origin if where else "",
        csv_cell(where.source) if where else "",
        where.entry if where else "",
        csv_cell(note),
    ]
