"""MARKS: bold and underline stand at the best and the second of each column, where some grouping of the rows has it so.

Authors mark the best of a group: of the rows between two lines, of causal models, of models of a size. All natural groupings
are tried; those count that explain most columns of the table, and a column is reported that none of these explains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from litdb.draft.finding import DraftFinding, DraftRule
from litdb.draft.rules.groupings import RowGroups, by_group, direction, groupings
from litdb.draft.subject import Draft, Tally
from litdb.draft.text.project import DraftCell, DraftRow, DraftTable
from litdb.extract.types import CellReading
from litdb.values.origin import Kind

#: A table of whose marks more than this part stands wrongly is marked by a rule that is not known here.
_UNDERSTOOD = 0.5
#: So many cells that share a place are named.
_NAMED = 4


@dataclass(frozen=True, slots=True)
class _MarkedCell:
    row: DraftRow
    cell: DraftCell
    number: CellReading
    free: bool  # its whole row is bold, which marks the row

    @property
    def at(self) -> int:
        return self.row.index


@dataclass(frozen=True, slots=True)
class _MarkedColumn:
    title: str
    better: str
    cells: tuple[_MarkedCell, ...]

    def value(self, held: _MarkedCell) -> float:
        return held.number.value if self.better == "higher" else -held.number.value


@dataclass(frozen=True, slots=True)
class _Way:
    """How marks may be meant: the grouping, which mark is that of the best and of the second, whether bold rows are left out."""

    groups: RowGroups
    roles: tuple[str, str]  # the mark of the best and that of the second, either ''
    free_rows: bool


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A mark that stands wrongly or is missing, and the cell that should be marked in its place."""

    held: _MarkedCell
    mark: str
    place: str  # "best" or "second"
    right: tuple[_MarkedCell, ...]


def marks(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """MARKS."""
    for table in draft.project.tables:
        columns = _columns(table)
        if not columns:
            continue
        ways = [
            (way, [_fault(way, column, columns) for column in columns])
            for way in _ways(draft, table, columns)
        ]
        if not ways:
            tally.unchecked("marked columns of tables whose rows cannot be compared", len(columns))
            continue
        best = _best_ways(ways)
        fewest = min(sum(map(len, found)) for found in best)
        all_marks = sum(h.cell.bold or h.cell.underlined for column in columns for h in column.cells)
        if all_marks > 1 and fewest > all_marks * _UNDERSTOOD:
            tally.unchecked("marked columns of tables that are marked by a rule not known here", len(columns))
            continue
        tally.checked("marked columns of tables", len(columns))
        for at, column in enumerate(columns):
            if all(found[at] for found in best):
                for fault in min((found[at] for found in best), key=len):
                    yield _finding(table, column, fault)


_Faults = tuple["_Wrong", ...]
_Tried = tuple["_Way", list[_Faults]]


def _best_ways(ways: Sequence[_Tried]) -> list[list[_Faults]]:
    """The faults of the ways that leave fewest marks unexplained.

    The whole column and the rows between two lines are how most tables are meant: another way must explain one mark more,
    an unusual use of the marks two.
    """
    usual = ways[0][0].roles

    def unexplained(tried: _Tried) -> float:
        way, found = tried
        odd = 1.5 if way.roles != usual and way.roles[0] else 0.0
        return sum(map(len, found)) + odd + (0.0 if way.groups.natural else 0.5)

    fewest = min(map(unexplained, ways))
    return [found for way, found in ways if unexplained((way, found)) == fewest]


def _columns(table: DraftTable) -> list[_MarkedColumn]:
    """The columns in which something is marked and of which it is known which way is better."""
    found: dict[int, list[_MarkedCell]] = {}
    for row in table.rows:
        if row.kind == Kind.REFERENCE:
            continue
        free = len(row.cells) > 1 and all(cell.bold for cell in row.cells)
        for cell in row.cells:
            number = next((n for n in cell.numbers if n.slot == 0), None)
            if number is not None:
                found.setdefault(cell.row if table.turned else cell.column, []).append(
                    _MarkedCell(row, cell, number, free)
                )
    columns = []
    for index, cells in sorted(found.items()):
        quantities = {held.number.quantity for held in cells}
        better = direction(next(iter(quantities)))
        if (
            len(quantities) == 1
            and better
            and len(cells) > 1
            and any(h.cell.bold or h.cell.underlined for h in cells)
        ):
            title = table.headings[index] if not table.turned and index < len(table.headings) else ""
            columns.append(_MarkedColumn(title or cells[0].number.metric, better, tuple(cells)))
    return columns


def _ways(draft: Draft, table: DraftTable, columns: Sequence[_MarkedColumn]) -> Iterator[_Way]:
    cells = [held for column in columns for held in column.cells]
    bold, underlined = any(h.cell.bold for h in cells), any(h.cell.underlined for h in cells)
    roles = (
        [("bold", "underlined" if underlined else "")] if bold else [("underlined", ""), ("", "underlined")]
    )
    if bold and underlined:
        roles.append(("underlined", "bold"))
    whole = any(held.free for held in cells) and not all(h.free or not h.cell.bold for h in cells)
    for groups in groupings(draft, table):
        for role in roles:
            yield _Way(groups, role, False)
            if whole:
                yield _Way(groups, role, True)


def _fault(way: _Way, column: _MarkedColumn, columns: Sequence[_MarkedColumn]) -> _Faults:
    """The marks of a column that a way does not explain; those of the second only where those of the best are right."""
    cells = [held for held in column.cells if not (way.free_rows and held.free)]
    marked = _marked_groups(way, columns)
    wrong = _best_fault(way, column, cells, marked) if way.roles[0] else ()
    return wrong if wrong or not way.roles[1] else _second_fault(way, column, cells, marked, columns)


def _best_fault(
    way: _Way, column: _MarkedColumn, cells: Sequence[_MarkedCell], marked: set[object]
) -> _Faults:
    """The marks of the best that stand elsewhere than at the best of its group; where none does, those that are missing there."""
    mark = way.roles[0]
    if not any(_has(held, mark) for held in cells):
        return ()
    found = [_Wrong(h, mark, "best", ()) for h in cells if h.at not in way.groups.group and _has(h, mark)]
    for group, held in _groups(way, cells).items():
        if group not in marked:
            continue
        if len(held) == 1:
            if way.groups.size(group) == 1 and len(cells) > 1 and _has(held[0], mark):
                found.append(_Wrong(held[0], mark, "best", ()))
            continue
        top = max(column.value(one) for one in held)
        right = tuple(one for one in held if column.value(one) == top)
        found += _misplaced(held, right, mark, "best")
    return tuple(found)


def _usually_second(way: _Way, column: _MarkedColumn, columns: Sequence[_MarkedColumn]) -> bool:
    """Whether all other columns with a mark of the best, two at the least, have one of the second too."""
    best, second = way.roles
    others = [c for c in columns if c is not column and any(_has(h, best) for h in c.cells)]
    return (
        bool(best)
        and any(_has(held, best) for held in column.cells)
        and len(others) > 1
        and all(any(_has(held, second) for held in other.cells) for other in others)
    )


def _second_fault(
    way: _Way,
    column: _MarkedColumn,
    cells: Sequence[_MarkedCell],
    marked: set[object],
    columns: Sequence[_MarkedColumn],
) -> _Faults:
    """The marks of the second that stand elsewhere than at the second of its group, or are missing there."""
    mark = way.roles[1]
    if not any(_has(held, mark) for held in cells) and not _usually_second(way, column, columns):
        return ()
    found: list[_Wrong] = []
    for group, held in _groups(way, cells).items():
        if group not in marked or len(held) < 3:
            continue
        ranked = sorted({column.value(one) for one in held}, reverse=True)
        tied = sum(column.value(one) == ranked[0] for one in held) > 1
        second = tuple(one for one in held if len(ranked) > 1 and column.value(one) == ranked[1])
        if tied and not any(_has(one, mark) for one in held):
            continue
        found += _misplaced(held, second, mark, "second")
    return tuple(found)


def _groups(way: _Way, cells: Sequence[_MarkedCell]) -> dict[object, list[_MarkedCell]]:
    by_index = {held.at: held for held in cells}
    return {
        group: [by_index[index] for index in indexes]
        for group, indexes in by_group(way.groups, list(by_index)).items()
    }


def _misplaced(
    held: Sequence[_MarkedCell], right: tuple[_MarkedCell, ...], mark: str, place: str
) -> list[_Wrong]:
    wrong = [one for one in held if _has(one, mark) and one not in right]
    missing = [one for one in right if not _has(one, mark)]
    return [_Wrong(one, mark, place, right) for one in wrong or missing]


def _marked_groups(way: _Way, columns: Sequence[_MarkedColumn]) -> set[object]:
    """The groups in which something is marked anywhere in the table."""
    mark = way.roles[0] or way.roles[1]
    return {
        way.groups.group[held.at]
        for column in columns
        for held in column.cells
        if held.at in way.groups.group and _has(held, mark) and not (way.free_rows and held.free)
    }


def _has(held: _MarkedCell, mark: str) -> bool:
    return held.cell.bold if mark == "bold" else held.cell.underlined


def _finding(table: DraftTable, column: _MarkedColumn, fault: _Wrong) -> DraftFinding:
    held = fault.held
    right = " and ".join(
        f"{one.number.printed} ({one.row.label}, {one.cell.place.file}:{one.cell.place.line})"
        for one in fault.right[:_NAMED]
    )
    stands = _has(held, fault.mark)
    if stands:
        said = f"{held.number.printed} ({held.row.label}) is {fault.mark}"
        told = f"; the {fault.place} is {right}" if right else ""
    else:
        said = f"{held.number.printed} ({held.row.label}) is not {fault.mark}"
        told = f"; the {fault.place} is {right}"
    return DraftFinding(
        DraftRule.MARKS, held.cell.place,
        f"{table.name}, “{column.title}”: {said}{told}; no grouping of the rows explains the marks",
    )  # fmt: skip
