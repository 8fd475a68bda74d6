"""The leaderboard of a test set: the catalogue's own table, as values for its page and as short data for its script."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from litdb.questions.whole.everything import Leaderboard
from litdb.report.sheet import display_name, heading
from litdb.site.told import BoardCell, BoardColumn, BoardRow, BoardTold, Ref
from litdb.values.display import exact, in_unit, with_spread
from litdb.values.origin import Origin
from litdb.values.table import Cell, Column, Row

#: How many rows stand in the page itself; the script shows the others when they are asked for.
IN_PAGE = 100
_PROPOSED = "proposed: read by litdb and not reviewed yet"
#: Causality in the data: not stated, causal, not causal.
_CAUSAL = {None: 0, True: 1, False: 2}


def board_told(board: Leaderboard, model_ref: Callable[[str], Ref]) -> BoardTold:
    """The leaderboard with everything that its table says."""
    table = board.table
    several = Counter(row.model for row in table.rows if not row.reproduced)
    return BoardTold(
        board.dataset,
        board.title,
        tuple(BoardColumn(c.metric, heading(c), c.unit, c.direction) for c in table.columns),
        tuple(_row(row, table.columns, model_ref, several=several[row.model] > 1) for row in table.rows),
        tuple(map(str, table.notes)),
        board.others,
        table.hidden,
    )


def _row(row: Row, columns: Sequence[Column], model_ref: Callable[[str], Ref], *, several: bool) -> BoardRow:
    notes = [str(note) for note in row.notes]
    if row.proposed:
        notes.append(_PROPOSED)
    ref = model_ref(row.model)
    return BoardRow(
        Ref(ref.key, display_name(row, several=several), ref.href), row.year, row.own, row.causal, row.proposed,
        row.reproduced, row.checkpoint, row.origin, row.source, row.url, tuple(notes),
        {
            column.metric: _cell(cell, column)
            for cell, column in zip(row.cells, columns, strict=True)
            if cell.provenance is not None
        },
    )  # fmt: skip


def _cell(cell: Cell, column: Column) -> BoardCell:
    where = cell.provenance
    assert where is not None
    text = cell.text
    if cell.uncertainty is not None and cell.value is not None and not cell.refused and "±" not in text:
        text = with_spread(text, cell.uncertainty, column)
    notes = [str(note) for note in cell.notes]
    if where.status == "proposed":
        notes.append(_PROPOSED)
    return BoardCell(
        "-" if cell.refused else text, cell.value, cell.printed, cell.rank, where.origin, where.source, where.url,
        where.result, cell.refused, cell.bound, tuple(notes),
    )  # fmt: skip


def tagged(origin: str) -> str:
    """What stands beside the name of a row that is not by the authors of its model: its origin; '' for one that is."""
    return str(origin) if Origin(origin).second_hand else ""


@dataclass(slots=True)
class _Numbered:
    """Texts by number, each once."""

    known: dict[Any, int] = field(default_factory=dict)

    def __call__(self, item: Any) -> int:
        return self.known.setdefault(item, len(self.known))


def script_data(told: BoardTold, columns: Sequence[Column]) -> str:
    """The rows for the script of the page: texts once, cells as short lists; a script that is safe wherever it stands.

    A row is name, address, year (0 for none), origin, source, causality, whether it is own, notes, cells; a cell 0 where it is
    empty, else its text, rank, notes, source (-1 for the row's) and, where the text does not say it, the number in the unit of
    the column (null for none).
    """
    notes, sources, origins = _Numbered(), _Numbered(), list(Origin)
    rows = []
    for row in told.rows:
        mine = (row.source, row.url)
        cells: list[Any] = []
        for column in columns:
            cell = row.cells.get(column.metric)
            if cell is None:
                cells.append(0)
                continue
            place = (cell.source, cell.url)
            short: list[Any] = [
                cell.text, cell.rank or 0, [notes(note) for note in cell.notes], -1 if place == mine else sources(place),
            ]  # fmt: skip
            cells.append(_shortened(short, _number(cell, column)))
        rows.append([
            row.model.name, row.model.href, row.year or 0, origins.index(Origin(row.origin)), sources(mine),
            _CAUSAL[row.causal], int(row.own), [notes(note) for note in row.notes], cells,
        ])  # fmt: skip
    data = {
        "columns": [[c.metric, c.title, c.direction] for c in told.columns],
        "origins": [str(origin) for origin in origins],
        "tags": [tagged(origin) for origin in origins],
        "notes": list(notes.known),
        "sources": [list(source) for source in sources.known],
        "rows": rows,
    }
    return script("board", data)


def script(name: str, data: object) -> str:
    """Data as a script that gives it to the page's script by a name; no text in it can end the script or be markup."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return f"globalThis.litdb=globalThis.litdb||{{}};litdb.{name}={text};\n"


def _number(cell: BoardCell, column: Column) -> float | None:
    """The number to sort and filter by, in the unit of the column; None for what is refused or words."""
    if cell.refused or cell.value is None:
        return None
    return float(exact(in_unit(cell.value, column)))


def _shortened(cell: list[Any], number: float | None) -> list[Any]:
    """The cell without what is the same as it would be taken for."""
    try:
        same = float(cell[0]) == number
    except ValueError:
        same = False
    if not same:
        return [*cell, number]
    while len(cell) > 1 and cell[-1] in (0, [], -1):
        cell.pop()
    return cell
