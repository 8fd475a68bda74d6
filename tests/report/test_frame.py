"""A table as a DataFrame: types, missing values, notes."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd

from litdb.report.frame import table_frame
from litdb.values.table import Table

from .samples import COLUMNS, TABLE


def test_values_are_numbers_with_their_sources() -> None:
    frame = table_frame(TABLE)
    assert list(frame["name"]) == [row.name for row in TABLE.rows]
    assert frame["PESQ"].dtype == "float64"
    assert frame.loc[0, "params"] == 427e3
    assert frame.loc[0, "PESQ printed"] == "3.399"
    assert frame.loc[2, "PESQ origin"] == "quoted"
    assert frame.attrs == {"dataset": "vbd", "notes": list(TABLE.notes)}


def test_refused_values_words_and_unknown_years_are_missing() -> None:
    frame = table_frame(TABLE)
    assert pd.isna(frame.loc[6, "SSNR"])
    assert pd.isna(frame.loc[6, "PESQ"])
    assert frame.loc[6, "PESQ printed"] == "promising"
    assert pd.isna(frame.loc[3, "year"])
    assert frame["year"].dtype == "Int64"


def test_an_empty_table_keeps_its_columns() -> None:
    frame = table_frame(Table("vbd", COLUMNS, ()))
    assert len(frame) == 0
    assert {"name", "PESQ", "params source"} <= set(frame.columns)


def test_tables_in_the_terminal_load_no_heavy_library() -> None:
    code = (
        "import sys, litdb.report.render, litdb.report.frame, litdb.report.figures.scatter, litdb.report.figures.points\n"
        "from litdb.values.table import Table\n"
        "litdb.report.render.render(Table('vbd', (), ()), 'terminal')\n"
        "print([name for name in ('pandas', 'matplotlib', 'jinja2', 'numpy', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
