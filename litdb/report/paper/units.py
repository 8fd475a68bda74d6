"""A table in other units or with fewer decimals than its sources print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import partial
from typing import Literal

from litdb.evidence.ranking import ranked
from litdb.values.table import Cell, Column, Table

Unit = Literal["M", "K"]
Decimals = Literal["printed", "unified"]


def restated(table: Table, *, params: Unit = "M", decimals: Decimals = "printed") -> Table:
    """The table with parameters in millions or thousands, and with the decimals of each source or those usual for a column.

    A number is rounded half up and never gets a decimal that its source does not print; what then looks the same is ranked
    the same.
    """
    for place, column in enumerate(table.columns):
        in_thousands = params == "K" and column.metric == "params"
        if decimals == "unified":
            # Whole thousands: the two decimals usual for millions would make 430 of 427.
            digits = 3 if in_thousands else column.digits
            table = _changed(table, place, column, partial(_rounded, digits=digits))
        if in_thousands:
            thousands = replace(column, title=column.title.replace("(M)", "(K)"), unit="k")
            table = _changed(table, place, thousands, _in_thousands)
    return ranked(table)


def _changed(table: Table, place: int, column: Column, change: Callable[[Cell], Cell]) -> Table:
    columns = (*table.columns[:place], column, *table.columns[place + 1 :])
    rows = tuple(
        replace(row, cells=(*row.cells[:place], change(row.cells[place]), *row.cells[place + 1 :]))
        for row in table.rows
    )
    return replace(table, columns=columns, rows=rows)


def _rounded(cell: Cell, digits: int) -> Cell:
    number = _number(cell)
    if number is None or -int(number.as_tuple().exponent) <= digits:
        return cell
    return replace(cell, text=f"{number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP):f}")


def _in_thousands(cell: Cell) -> Cell:
    number = _number(cell)
    return cell if number is None else replace(cell, text=f"{number.scaleb(3):f}")


def _number(cell: Cell) -> Decimal | None:
    if cell.value is None or cell.refused:
        return None
    try:
        return Decimal(cell.text)
    except InvalidOperation:  # words
        return None
