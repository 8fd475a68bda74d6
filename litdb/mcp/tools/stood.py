"""Resources: a comparison table, and the table of a paper as it stood, both in pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from litdb.errors import NotFound, UsageError
from litdb.mcp.answers import ToolAnswer, nothing
from litdb.mcp.lookup import value_of
from litdb.mcp.text import figure, key, place, quote, result
from litdb.mcp.tools.models import query_models

if TYPE_CHECKING:
    from litdb.api import Catalogue, GridView, Value

#: Cells of a row that are shown; a table that is wider is cut.
_CELLS = 24


def comparison(catalogue: Catalogue, dataset: str, where: str) -> ToolAnswer:
    """The resource `litdb://table/DATASET/WHERE/PAGE`: `where` are conditions with `;` between them, or `all`."""
    conditions = [] if where == "all" else [word.strip() for word in where.split(";") if word.strip()]
    metrics = dict.fromkeys(("params", "PESQ", "CSIG", "CBAK", "COVL", "STOI"))
    return query_models(catalogue, conditions, tuple(metrics), dataset)


def as_it_stood(catalogue: Catalogue, wanted: str) -> ToolAnswer:
    """The resource `litdb://result/RESULT/PAGE`: the table that a result stands in, as its source prints it."""
    if not re.fullmatch(r"[0-9a-f]{4,64}", wanted):
        raise UsageError(
            f"{wanted[:80]!r} is no result: give the digits that an answer shows, such as 53ecbf97"
        )
    found = value_of(catalogue, wanted)
    if len(found) > 1:
        raise UsageError(f"{wanted} begins the keys of {len(found)} results: give more digits")
    if not found:
        return nothing(f"no result begins with {wanted}.")
    (value,) = found
    grid = _grid(catalogue, value)
    if grid is None:
        return nothing(
            f"the table of {result(value.key)} is not stored: it was read by hand, or is in no table.",
            figure(value),
        )
    return ToolAnswer(
        f"{place(grid.source)} as it stood, {quote(grid.caption, 200)}; the cell of {result(value.key)} is marked > <.",
        tuple(_rows(grid)),
    )


def _grid(catalogue: Catalogue, value: Value) -> GridView | None:
    from litdb.catalogue.views.shown import grid_view

    with catalogue.reading() as session:
        return grid_view(session, value)


def _rows(grid: GridView) -> Iterator[str]:
    for number, row in enumerate(grid.rows):
        cells = []
        for column, text in enumerate(row[:_CELLS]):
            said = quote(text, 40)
            cells.append(f"> {said} <" if (number, column) == (grid.row, grid.column) else said)
        more = f" | and {len(row) - _CELLS} more" if len(row) > _CELLS else ""
        yield " | ".join(cells) + more


def paper_tables(catalogue: Catalogue, paper: str) -> ToolAnswer:
    """The resource `litdb://paper/PAPER/PAGE`: every accepted figure of a paper, by table, in its newest version."""
    try:
        _, found = catalogue.show(paper)
    except NotFound as unknown:
        return nothing(quote(str(unknown), 200))
    values = [value for value in found if value.status == "accepted"]
    if not values:
        return nothing(f"nothing of {key(paper)} is accepted in the catalogue.")
    values.sort(key=lambda value: (value.place, value.row.label, value.metric))
    return ToolAnswer(f"{len(values)} accepted figures for {quote(paper, 60)}:", tuple(map(figure, values)))
