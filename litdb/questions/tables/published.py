"""The ablation of a published paper as a table: each changed row below the row it is compared with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from litdb.catalogue.views.ablations import AblationGrid, AblationPair, ablation_grids
from litdb.errors import NotFound, UsageError, near
from litdb.evidence.comparability import impossible, relation, trained_apart
from litdb.evidence.ranking import ranked
from litdb.questions.table import cell_of
from litdb.questions.tables.bibliography import paper_of
from litdb.values.agreement import is_bound
from litdb.values.choice import Choice
from litdb.values.display import column_for
from litdb.values.names import slug
from litdb.values.note import Note
from litdb.values.origin import Kind, Origin
from litdb.values.table import EMPTY, Cell, Column, Row, Table
from litdb.values.value import Value
from litdb.vocabulary import MetricName, vocabulary

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, order=True)
class _Slot:
    """What a column shows: a metric on a test set; `again` counts further columns that a table has of the same.

    It counts places of the whole table: where a row has a dash in the first of two, its number stays in the second.
    """

    metric: str
    dataset: str
    again: int


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows of one table that are compared with one another: their places, and for each but the first its pair.

    `numbers` are those of every row of the table by what its columns show.
    """

    grid: AblationGrid
    numbers: Mapping[int, Mapping[_Slot, Value]]
    rows: tuple[int, ...]
    pairs: Mapping[int, AblationPair]


def published_ablation(session: Session, name: str, metrics: Sequence[str] = (), number: str = "") -> Table:
    """The ablation of a paper (its key, id, DOI or a model that it proposes) as its tables print it.

    A group for each row that others are compared with. Every number comes with the difference to that row, from the printed
    numbers and with no more decimals than the coarser has; bounds, rounded ones (`~`), what only one of the two rows prints
    and numbers known to be of two kinds (:func:`litdb.evidence.comparability.relation`) give none.
    `number` picks one of its tables, `metrics` columns. Raises NotFound where the paper or such a table is not known,
    Ambiguous, UsageError for unknown metrics.
    """
    paper = paper_of(session, name)
    every = ablation_grids(session, paper)
    grids = [grid for grid in every if grid.pairs]
    if not grids and (waiting := sum(grid.waiting for grid in every)):
        raise NotFound(
            f"{_waiting(waiting)} for review in the ablation of {name}: `litdb review` shows what waits"
        )
    if not grids:
        raise NotFound(f"no ablation is known of {name}: `litdb show {name}` lists what is")
    if number:
        known = [grid.number for grid in grids]
        grids = [grid for grid in grids if grid.number.casefold() == number.casefold()]
        if not grids:
            hint = near(number, known, other=f"there is {', '.join(known)}")
            raise NotFound(f"{name} has no ablation in a table {number}: {hint}")
        every = grids
    blocks = [block for grid in grids for block in _blocks(grid)]
    slots = _slots(blocks, [str(vocabulary().metric_name(one)) for one in metrics])
    sets = list(dict.fromkeys(slot.dataset for slot in slots if slot.dataset))
    columns = [column for slot in slots for column in _columns(slot, len(sets) > 1)]
    rows = [
        replace(row, group=place)
        for place, block in enumerate(blocks)
        for row in _rows(block, slots, paper.key)
    ]
    scored = {slot.dataset for slot in slots if not _columns(slot, False)[0].per_model}
    # Of several test sets, or where one is not known, none is said of all.
    on = f" on {_named(sets[0])}" if len(sets) == 1 and scored == {sets[0]} else ""
    titles = tuple(_title(block, len(grids) > 1) for block in blocks) if len(blocks) > 1 else ()
    table = Table(
        _named(sets[0]) if len(sets) == 1 else "",
        tuple(columns),
        tuple(rows),
        title=f"Ablation of {_called(paper.key, blocks[0])}{on}",
        groups=titles,
    )
    return replace(ranked(table), notes=tuple(_notes(blocks, slots, sum(grid.waiting for grid in every))))


def _blocks(grid: AblationGrid) -> Iterator[_Block]:
    """The rows of a table that hang together by comparisons; in each the most used base first, else in the table's order."""
    used = Counter(pair.base for pair in grid.pairs)
    left, numbers = list(grid.pairs), _numbers(grid)
    while left:
        together = {left[0].base}
        while more := {at for p in left if together & {p.base, p.row} for at in (p.base, p.row)} - together:
            together |= more
        inside = [pair for pair in left if pair.base in together]
        left = [pair for pair in left if pair.base not in together]
        first = min((p.base for p in inside), key=lambda at: (-used[at], at))
        # Of several comparisons of a row the one with the base of most, as the paper's own text would have it.
        best = {p.row: p for p in sorted(inside, key=lambda p: (used[p.base], -p.base)) if p.row != first}
        order = (first, *sorted(together - {first}))
        yield _Block(grid, numbers, order, best)


def _called(key: str, block: _Block) -> str:
    """A paper by the name of what it proposes; by its base row where only its id is known."""
    return block.grid.lines[block.rows[0]].label if key.startswith("arXiv:") else key


def _slots(blocks: Sequence[_Block], metrics: Sequence[str]) -> list[_Slot]:
    """The columns: counts first, then as the tables have them, or those that are asked for, in that order."""
    found: dict[_Slot, None] = {}
    for block in blocks:
        for row in block.rows:
            found |= dict.fromkeys(block.numbers[row])
    words = vocabulary()
    shown = [
        slot for slot in found if not metrics or slot.metric in metrics or _plain(slot.metric) in metrics
    ]
    had = {name for slot in found for name in (slot.metric, _plain(slot.metric))}
    if lacking := [metric for metric in metrics if metric not in had]:
        raise UsageError(
            f"its tables do not have {', '.join(lacking)}: they have {', '.join(sorted({s.metric for s in found}))}"
        )
    if metrics:
        return sorted(shown, key=lambda s: (_asked(s.metric, metrics), s.dataset, s.again))
    return sorted(shown, key=lambda s: not column_for(MetricName.parse(s.metric), words).per_model)


def _plain(metric: str) -> str:
    return MetricName.parse(metric).quantity


def _asked(metric: str, metrics: Sequence[str]) -> int:
    return metrics.index(metric if metric in metrics else _plain(metric))


def _numbers(grid: AblationGrid) -> dict[int, dict[_Slot, Value]]:
    """The numbers of each row of a table by what its columns show."""
    placed: dict[int, list[tuple[tuple[str, str], tuple[int, ...], Value]]] = {}
    places: dict[tuple[str, str], set[tuple[int, ...]]] = defaultdict(set)
    for at, line in grid.lines.items():
        seen: Counter[tuple[object, ...]] = Counter()  # what was read by hand may have no column
        placed[at] = []
        for value in line.numbers:
            if vocabulary().metric(value.quantity) is None or value.origin is Origin.CLAIM:
                continue
            what, cell = (value.metric, value.dataset), (value.cell.column or 0, value.cell.slot)
            place = (*cell, seen[what, cell])
            seen[what, cell] += 1
            placed[at].append((what, place, value))
            places[what].add(place)
    order = {what: sorted(some) for what, some in places.items()}
    return {
        at: {_Slot(*what, order[what].index(place)): value for what, place, value in found}
        for at, found in placed.items()
    }


def _columns(slot: _Slot, several: bool) -> tuple[Column, ...]:
    column = column_for(MetricName.parse(slot.metric), vocabulary())
    if slot.again:
        column = replace(column, title=f"{column.title} (column {slot.again + 1})")
    if several and slot.dataset:
        column = replace(column, dataset=_named(slot.dataset))
    if column.per_model:
        return (column,)
    return column, replace(column, metric=f"Δ{column.metric}", title=f"Δ{column.title}")


def _rows(block: _Block, slots: Sequence[_Slot], paper: str) -> Iterator[Row]:
    lines = block.grid.lines
    names = Counter(lines[at].label for at in block.rows)
    numbers = block.numbers
    yardsticks = {
        slot: next((numbers[at][slot] for at in block.rows if slot in numbers[at]), None) for slot in slots
    }
    for above, at in zip((None, *block.rows), block.rows, strict=False):
        line, pair = lines[at], block.pairs.get(at)
        base: Mapping[_Slot, Value] = numbers[pair.base] if pair is not None else {}
        cells: list[Cell] = []
        for slot in slots:
            value, (column, *change) = numbers[at].get(slot), _columns(slot, False)
            cells.append(_shown(value, column, yardsticks[slot]))
            if change:
                cells.append(_difference(value, base.get(slot), column))
        label = line.label if names[line.label] == 1 or pair is None else f"{line.label}: {pair.words}"
        source = line.numbers[0].row
        yield Row(
            model=line.model or slug(label), name=label, kind=Kind.VARIANT, own=False, origin=source.origin,
            source=source.place, cells=tuple(cells), url=source.document.url, label=line.label,
            notes=tuple(_row_notes(block, at, above, paper)),
            document=source.document.paper, version=source.document.version,
        )  # fmt: skip


def _row_notes(block: _Block, at: int, above: int | None, paper: str) -> Iterator[Note]:
    """Where the first row stands; of others what was changed, and which row it is compared with where that is not the first."""
    lines, first = block.grid.lines, block.rows[0]
    line, pair = lines[at], block.pairs.get(at)
    if at == first:
        where = block.grid.place.removeprefix(f"{line.numbers[0].row.document.title}, ")
        yield Note(f"from {block.grid.place}", f"from {where} of", paper)
    if pair is None:
        return
    if pair.words.casefold() != line.label.casefold():
        yield Note(pair.words, "")
    if pair.base != first:
        base = "the row above" if pair.base == above else f"“{lines[pair.base].label}”"
        yield Note(f"difference to {base}")


def _shown(value: Value | None, column: Column, yardstick: Value | None) -> Cell:
    """A number as its table prints it; it may be ranked where it is of the kind of the first row's."""
    if value is None:
        return EMPTY
    cell = cell_of(Choice(value), column)
    if (reason := impossible(value)) is not None:
        return replace(cell, notes=(*cell.notes, Note(f"not ranked: {reason}")))
    if column.per_model or value.value is None or is_bound(value):
        return cell
    if yardstick is not None and (reason := _apart(value, yardstick)):
        return replace(cell, notes=(*cell.notes, Note(f"not ranked: {reason}")))
    return replace(cell, comparable=True)


def _apart(value: Value, yardstick: Value) -> str | None:
    """In words, that a number is known to be of another kind than the first row's; None where it is not."""
    how, items = relation(value.quantity, value.protocol, yardstick.protocol)
    if how == "differs":
        return f"other {', '.join(items)} than “{yardstick.row.label}”"
    return trained_apart(value.quantity, value.protocol, yardstick.protocol, value.dataset)


def _difference(value: Value | None, base: Value | None, column: Column) -> Cell:
    """A number minus the base's as both are shown, with the decimals of the coarser.

    None where either is a bound, about (`~3.1`), words or impossible, or where they are known to be numbers of two kinds.
    """
    if value is None or base is None or value.approximate or base.approximate:
        return EMPTY
    if impossible(value) or impossible(base):
        return EMPTY
    if relation(value.quantity, value.protocol, base.protocol)[0] == "differs":
        return EMPTY
    try:
        ours, theirs = (Decimal(cell_of(Choice(one), column).text) for one in (value, base))
    except InvalidOperation:
        return EMPTY
    places = min(_decimals(ours), _decimals(theirs))
    there = (ours - theirs).quantize(Decimal(1).scaleb(-places))
    text = f"{there:+f}" if there else f"{abs(there):f}"
    return Cell(float(there), text, text)


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _title(block: _Block, several: bool) -> str:
    base = f"against {block.grid.lines[block.rows[0]].label}"
    return f"Table {block.grid.number}: {base}" if several else base


def _named(dataset: str) -> str:
    known = vocabulary().dataset(dataset)
    return known.title if known is not None else dataset


def _waiting(rows: int) -> str:
    return "1 row holds a value that waits" if rows == 1 else f"{rows} rows hold values that wait"


def _notes(blocks: Sequence[_Block], slots: Sequence[_Slot], waiting: int) -> Iterator[Note]:
    lines = [block.grid.lines[at] for block in blocks for at in block.rows]
    seeded = sum(any(number.protocol.get("seeds") for number in line.numbers) for line in lines)
    first = "the first row of each group" if len(blocks) > 1 else "the first row"
    steps = any(pair.base != block.rows[0] for block in blocks for pair in block.pairs.values())
    yield Note(f"Differences to {first}{', or to the row that a note names' if steps else ''}.")
    if seeded < len(lines):
        of = " of all rows" if seeded else ""
        yield Note(
            f"Over how many runs the numbers{of} are is not known, nor whether seeds alone give such differences.",
            f"Differences of printed numbers; the number of runs{of} is not known.",
        )
    if twice := list(dict.fromkeys(slot.metric for slot in slots if slot.again)):
        yield Note(f"What tells the columns of {', '.join(twice)} apart is not known.")
    if waiting:
        yield Note(f"{_waiting(waiting)} for review; what waits is not shown.")
