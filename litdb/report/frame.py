"""A comparison table as a pandas DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litdb.values.table import Cell, Table

if TYPE_CHECKING:
    import pandas as pd


def table_frame(table: Table) -> pd.DataFrame:
    """One row a model, in the order of the table, with the default index.

    The columns are `model`, `name`, `kind`, `own`, `origin`, `source`, `year` (nullable integer), `checkpoint`,
    `reproduced` and `proposed`, then for each metric, in its canonical spelling, the normalised value (float64,
    NaN where the table shows none), `<metric> printed`, `<metric> origin`, `<metric> source`, `<metric> entry` (how it came in: reader,
    hand, seed, run) and `<metric> note` (text, missing where there is none). The notes of the table are in `attrs["notes"]`, its test set in `attrs["dataset"]`.
    """
    import pandas as pd

    columns: dict[str, object] = {
        name: [getattr(row, name) for row in table.rows]
        for name in ("model", "name", "kind", "own", "origin", "source")
    }
    columns["year"] = pd.array([row.year for row in table.rows], dtype="Int64")
    for name in ("checkpoint", "reproduced", "proposed"):
        columns[name] = [getattr(row, name) for row in table.rows]
    for index, column in enumerate(table.columns):
        cells = [row.cells[index] for row in table.rows]
        name = f"{column.metric}, {column.dataset}" if column.dataset else column.metric
        columns[name] = pd.array([_value(cell) for cell in cells], dtype="float64")
        columns[f"{name} printed"] = [cell.printed or None for cell in cells]
        columns[f"{name} origin"] = [_origin(cell) for cell in cells]
        columns[f"{name} source"] = [cell.provenance.source if cell.provenance else None for cell in cells]
        columns[f"{name} entry"] = [cell.provenance.entry if cell.provenance else None for cell in cells]
        columns[f"{name} note"] = ["; ".join(cell.notes) or None for cell in cells]
    frame = pd.DataFrame(columns)
    frame.attrs["dataset"] = table.dataset
    frame.attrs["notes"] = list(table.notes)
    return frame


def _value(cell: Cell) -> float:
    return float("nan") if cell.value is None or cell.refused else cell.value


def _origin(cell: Cell) -> str | None:
    return cell.provenance.origin if cell.provenance is not None else None
