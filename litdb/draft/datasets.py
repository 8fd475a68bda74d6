"""The test set of tables that name none: the paper reader takes it from the text around, their numbers may say otherwise."""

from __future__ import annotations

from dataclasses import replace

from litdb.draft.knowledge import Knowledge
from litdb.draft.subject import Draft
from litdb.draft.text.project import DraftProject, DraftTable
from litdb.values.agreement import agree
from litdb.vocabulary import vocabulary

_DEFAULT = "VoiceBank+DEMAND"
_ID = "vbd"


def with_datasets(project: DraftProject, known: Knowledge) -> DraftProject:
    """The project, the scores of each table that names no test set given to VoiceBank+DEMAND where most of them agree with
    what the catalogue has on it."""
    draft = Draft(project, known)
    return replace(project, tables=tuple(_settled(draft, table) for table in project.tables))


def _settled(draft: Draft, table: DraftTable) -> DraftTable:
    guessed = {
        number.dataset
        for row in table.rows
        for number in row.numbers
        if number.dataset and number.dataset != _DEFAULT
    }
    if not guessed or _names_a_set(table) or not _fits(draft, table):
        return table
    rows = tuple(
        replace(
            row,
            cells=tuple(
                replace(
                    cell,
                    numbers=tuple(replace(n, dataset=_DEFAULT) if n.dataset else n for n in cell.numbers),
                )
                for cell in row.cells
            ),
        )
        for row in table.rows
    )
    return replace(table, rows=rows)


def _names_a_set(table: DraftTable) -> bool:
    """Whether the table's own words name a test set."""
    words = [table.grid.caption, *table.grid.notes, *table.headings]
    words += [cell.text for row in table.grid.rows for cell in row]
    text = " ".join(words).casefold()
    names = {name.casefold() for found in vocabulary().datasets for name in (found.title, *found.aliases)}
    return any(name in text for name in names if len(name) > 2)


def _fits(draft: Draft, table: DraftTable) -> bool:
    """Whether more than half of the scores that the catalogue can tell are its numbers on VoiceBank+DEMAND."""
    right = wrong = 0
    for row in table.rows:
        for model in draft.models(row)[:1]:
            for number in row.numbers:
                values = draft.knowledge.values(model, number.quantity, _ID) if number.dataset else []
                if values:
                    agreed = any(agree(number, value) for value in values)
                    right, wrong = right + agreed, wrong + (not agreed)
    return right > wrong and right > 1
