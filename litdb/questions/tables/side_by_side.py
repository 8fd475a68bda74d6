"""Several test sets side by side in one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from litdb.evidence.ranking import ranked
from litdb.questions.question import Question
from litdb.questions.table import columns_asked, compare, pick
from litdb.values.note import Note, brief, cites
from litdb.values.table import EMPTY, Cell, Row, Table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: What is one row in every test set: the model, the checkpoint, and whether it was run again, and by which paper's authors.
_Key = tuple[str, str, bool, str]


def side_by_side(session: Session, question: Question) -> Table:
    """A question asked of several test sets: a row for each model that meets it on any, with all that is known on the others.

    Sizes and costs stand once, in front. The order and the groups are those of the first test set that has the row.
    """
    sets = (question.dataset, *question.beside)
    alone = [replace(question, dataset=one, beside=()) for one in sets]
    found = dict.fromkeys(chosen.model.key for one in alone for chosen in pick(session, one))
    keys = question.models if question.models is not None else tuple(found)
    wider = {"models": keys, "conditions": (), "metrics": columns_asked(question)}
    tables = [compare(session, replace(one, **wider)) for one in alone]  # type: ignore[arg-type]
    return ranked(_joined([_scored(table) for table in tables]))


def _scored(table: Table) -> Table:
    """The rows that have a score on the test set of the table; all of one that asks for no score."""
    scores = [place for place, column in enumerate(table.columns) if not column.per_model]
    if not scores:
        return table
    rows = tuple(row for row in table.rows if any(row.cells[place] != EMPTY for place in scores))
    return replace(table, rows=rows)


def _joined(tables: Sequence[Table]) -> Table:
    first = tables[0]
    rows: dict[_Key, list[tuple[Table, Row]]] = {}
    for table in tables:
        for row in table.rows:
            rebuilt = row.document if row.reproduced else ""
            rows.setdefault((row.model, row.checkpoint, row.reproduced, rebuilt), []).append((table, row))
    titles = list(dict.fromkeys(title for table in tables for title in table.groups))
    per_model = [place for place, column in enumerate(first.columns) if column.per_model]
    scores = [place for place, column in enumerate(first.columns) if not column.per_model]
    columns = [first.columns[place] for place in per_model]
    columns += [replace(table.columns[place], dataset=table.dataset) for table in tables for place in scores]
    made = [_row(some, tables, per_model, scores, titles) for some in rows.values()]
    return Table(
        dataset=" and ".join(table.dataset for table in tables),
        columns=tuple(columns),
        rows=tuple(sorted(made, key=lambda row: row.group)),
        notes=_notes(tables),
        hidden=max(table.hidden for table in tables),
        groups=tuple(titles),
    )


def _row(
    some: Sequence[tuple[Table, Row]],
    tables: Sequence[Table],
    per_model: Sequence[int],
    scores: Sequence[int],
    titles: Sequence[str],
) -> Row:
    home, base = some[0]
    cells = [_known([row.cells[place] for _, row in some]) for place in per_model]
    for table in tables:
        there = next((row for other, row in some if other is table), None)
        cells += [EMPTY if there is None else _told(there, base, there.cells[place]) for place in scores]
    notes = dict.fromkeys(note for _, row in some for note in row.notes)
    group = titles.index(home.groups[base.group]) if home.groups else 0
    proposed = any(row.proposed for _, row in some)
    return replace(base, cells=tuple(cells), notes=tuple(notes), group=group, proposed=proposed)


def _known(cells: Sequence[Cell]) -> Cell:
    return next((cell for cell in cells if cell != EMPTY), EMPTY)


def _told(row: Row, base: Row, cell: Cell) -> Cell:
    """A cell of a row that has another source than the one it is joined to, with a note where that is second-hand."""
    note = row.second_hand
    if note is None or cell.filled or cell == EMPTY or (row.origin, row.source) == (base.origin, base.source):
        return cell
    return replace(cell, notes=(note, *cell.notes))


def _notes(tables: Sequence[Table]) -> tuple[str, ...]:
    """The notes of all tables, each once; one that not all have says of which test set it is."""
    everywhere = [note for note in tables[0].notes if all(note in table.notes for table in tables)]
    apart = [
        Note(
            f"{table.dataset}: {note}", f"{table.dataset}: {brief(note)}" if brief(note) else "", cites(note)
        )
        for table in tables
        for note in table.notes
        if note not in everywhere
    ]
    return (*everywhere, *apart)
