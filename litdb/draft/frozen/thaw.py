"""What changed since a lock was made: the values, the cells of tables, and the sentences of the draft that they touch."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from litdb.api import Catalogue, Table
from litdb.draft.finding import DraftPlace
from litdb.draft.frozen.asking import Answers, Locator, ask_all, questions
from litdb.draft.frozen.lock import Lock
from litdb.draft.frozen.macros import NamedValue, named_values
from litdb.draft.frozen.toml import PaperFile
from litdb.draft.frozen.typed import TypedNumbers, read_draft
from litdb.draft.frozen.uses import DraftUses
from litdb.errors import LitdbError
from litdb.report.sheet import display_name
from litdb.values.table import Cell, Row


class ChangeKind(StrEnum):
    """What is another thing than it was when it was frozen."""

    VALUE = "value"  # a macro prints another number
    CELL = "cell"  # a cell of a table or a point of a figure has another number
    SOURCE = "source"  # the same number, now from another document or version
    RANK = "rank"  # bold or underlined is another cell
    ROW = "row"  # a row is new, or is no longer there
    NOTE = "note"  # a footnote or note of a table is another
    PAPER = "paper"  # what is known of a cited paper


@dataclass(frozen=True, slots=True)
class Thawed:
    """One thing that changed: in which table or value, of what, what it was and is now, each with its source.

    `macro` is the name of the value, where it is one, `result` the result that was frozen; `touches` are the sentences and cells of the draft that print it.
    """

    kind: ChangeKind
    where: str
    what: str
    was: str
    now: str
    was_source: str = ""
    now_source: str = ""
    macro: str = ""
    result: str = ""
    touches: tuple[DraftPlace, ...] = ()


def thaw_paper(catalogue: Catalogue, paper: PaperFile, lock: Lock, draft: Path | None = None) -> list[Thawed]:
    """What changed in the answers to the questions of a paper since they were frozen.

    `draft` is the LaTeX project whose sentences and cells are looked at, None for the one that paper.toml names. Questions that
    the lock does not hold, for they are new, are left out. Raises UsageError, NotFound, Ambiguous, InputError.
    """
    now = ask_all(catalogue, paper, located=True)
    place = draft or (paper.folder / paper.draft if paper.draft else None)
    changes = [*_values(paper, lock, now), *_tables(paper, lock.answers, now), *_papers(lock.answers, now)]
    if place is None or not changes:
        return changes
    uses, typed = DraftUses.read(place), TypedNumbers(read_draft(catalogue, place))
    built = {paper.values, *(one.file for one in paper.tables)}
    return [
        replace(one, touches=_touched(uses.of(one), _typed(typed, one, lock.answers), built))
        for one in changes
    ]


def _touched(
    named: tuple[DraftPlace, ...], typed: tuple[DraftPlace, ...], built: Collection[str]
) -> tuple[DraftPlace, ...]:
    """The places by macro, then those typed by hand: not what litdb itself wrote, and no line twice."""
    found = {
        (place.file, place.line): place for place in reversed((*named, *typed)) if place.file not in built
    }
    return tuple(sorted(found.values(), key=lambda place: (place.file, place.line)))


def _typed(typed: TypedNumbers, change: Thawed, kept: Answers) -> tuple[DraftPlace, ...]:
    """Where the draft prints the number that was frozen by hand."""
    where = kept.results.get(change.result)
    if where is None or change.kind not in (ChangeKind.VALUE, ChangeKind.CELL):
        return ()
    return typed.of(where.model, where.metric, {where.printed, change.was})


def _values(paper: PaperFile, lock: Lock, now: Answers) -> Iterator[Thawed]:
    fresh = {one.name: one for one in (named_values(paper, now) if paper.models else ())}
    for old in lock.values:
        new = fresh.get(old.name)
        if new is None:
            continue
        where = paper.values or "values"
        what = f"\\litval{{{old.name}}}: {old.metric} of {old.model} on {old.dataset}"
        kind = _kind(_printed(old), _printed(new), old.source, new.source)
        if kind is not None:
            yield Thawed(
                kind, where, what, _printed(old), _printed(new), old.source, new.source, old.name, old.result
            )


def _printed(value: NamedValue) -> str:
    return f"{value.text} ± {value.spread}" if value.spread else value.text or "not known"


def _kind(was: str, now: str, was_source: str, now_source: str) -> ChangeKind | None:
    if was != now:
        return ChangeKind.VALUE
    return ChangeKind.SOURCE if was_source != now_source else None


def _tables(paper: PaperFile, old: Answers, new: Answers) -> Iterator[Thawed]:
    files = {f"tables.{one.name}": one.file for one in paper.tables}
    files |= {f"figures.{one.name}": one.file for one in paper.figures}
    for question in questions(paper):
        where, kept = files.get(question.what, ""), old.tables.get(question.what)
        if where and kept is not None and kept.asked == question.asked:
            yield from table_changes(
                where, kept.table, new.tables[question.what].table, (old.results, new.results)
            )


def table_changes(
    where: str, old: Table, new: Table, results: tuple[Mapping[str, Locator], Mapping[str, Locator]]
) -> Iterator[Thawed]:
    """What is another thing in a table than it was; `results` say where the values of either stand."""
    was, now = _rows(old), _rows(new)
    for key, row in was.items():
        if key not in now:
            yield Thawed(ChangeKind.ROW, where, _name(row), _numbers(old, row), "", row.source, "")
    for key, row in now.items():
        if key not in was:
            yield Thawed(ChangeKind.ROW, where, _name(row), "", _numbers(new, row), "", row.source)
            continue
        before = was[key]
        places = {column.metric + column.dataset: place for place, column in enumerate(old.columns)}
        for place, column in enumerate(new.columns):
            if (at := places.get(column.metric + column.dataset)) is not None:
                what = f"{_name(row)}, {column.metric}" + (f" on {column.dataset}" if column.dataset else "")
                yield from _cell(where, what, before.cells[at], row.cells[place], results)
        yield from _notes(where, _name(row), before.notes, row.notes)
    yield from _notes(where, "the table", old.notes, new.notes)


def _rows(table: Table) -> dict[tuple[str, ...], Row]:
    """The rows by what tells them apart: the model, the checkpoint, whose measurement; the name where several are alike."""
    found: dict[tuple[str, ...], Row] = {}
    for row in table.rows:
        key = (row.model, row.checkpoint, "again" if row.reproduced else "")
        found[key if key not in found else (*key, row.name, row.label)] = row
    return found


def _name(row: Row) -> str:
    return display_name(row, several=bool(row.checkpoint))


def _numbers(table: Table, row: Row) -> str:
    pairs = zip(table.columns, row.cells, strict=True)
    return ", ".join(f"{column.title} {cell.text}" for column, cell in pairs if cell.text != "-")


def _cell(
    where: str, what: str, was: Cell, now: Cell, results: tuple[Mapping[str, Locator], Mapping[str, Locator]]
) -> Iterator[Thawed]:
    sources = _source(was, results[0]), _source(now, results[1])
    if was.text != now.text:
        yield Thawed(ChangeKind.CELL, where, what, was.text, now.text, *sources, result=_result(was))
    elif sources[0] != sources[1]:
        yield Thawed(ChangeKind.SOURCE, where, what, was.text, now.text, *sources)
    if was.rank != now.rank:
        yield Thawed(ChangeKind.RANK, where, what, _rank(was), _rank(now), *sources)
    yield from _notes(where, what, (*was.earlier, *was.notes), (*now.earlier, *now.notes))


def _result(cell: Cell) -> str:
    return cell.provenance.result if cell.provenance is not None else ""


def _rank(cell: Cell) -> str:
    return {1: "best", 2: "second"}.get(cell.rank or 0, "neither best nor second")


def _source(cell: Cell, results: Mapping[str, Locator]) -> str:
    if cell.provenance is None:
        return ""
    found = results.get(cell.provenance.result)
    return source_of(found) if found is not None else cell.provenance.source


def source_of(where: Locator) -> str:
    """The place of a result in words, with the row and the day."""
    row = f", row “{where.row}”" if where.row and not where.checkpoint else ""
    return f"{where.source}{row}" + (f" ({where.date})" if where.date else "")


def _notes(where: str, what: str, was: Sequence[str], now: Sequence[str]) -> Iterator[Thawed]:
    gone, come = [one for one in was if one not in now], [one for one in now if one not in was]
    if gone or come:
        yield Thawed(ChangeKind.NOTE, where, what, "; ".join(gone), "; ".join(come))


def _papers(old: Answers, new: Answers) -> Iterator[Thawed]:
    fresh = {one.key: one for one in new.papers}
    for paper in old.papers:
        now = fresh.get(paper.key)
        for name in ("title", "venue", "year", "doi") if now is not None else ():
            was, is_ = str(getattr(paper, name) or ""), str(getattr(now, name) or "")
            if was != is_:
                yield Thawed(ChangeKind.PAPER, "bibliography", f"{paper.key}: {name}", was, is_)


def lift_lock(place: Path) -> None:
    """Take a lock away. Raises LitdbError where that is not allowed."""
    try:
        place.unlink()
    except OSError as error:
        raise LitdbError(f"{place} cannot be taken away: {error.strerror or error}") from error
