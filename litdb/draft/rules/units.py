"""UNITS in tables: thousands and millions, percent, operations that are counted twice, decimals; SCALE of composites."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from litdb.draft.finding import DraftFinding, DraftRule
from litdb.draft.rules.factors import wrong_unit
from litdb.draft.rules.held import of_same_kind, plain_numbers
from litdb.draft.subject import Draft, Tally
from litdb.draft.text.project import DraftCell, DraftRow, DraftTable
from litdb.evidence import composites
from litdb.evidence.audit.facts import told
from litdb.extract.types import CellReading
from litdb.values.agreement import agree
from litdb.values.origin import Kind
from litdb.values.value import Value
from litdb.vocabulary import vocabulary

#: What a table says of the scale of its composites.
_SAID_SCALES = {
    "int16": re.compile(r"\bint16\b|16[- ]?bit", re.IGNORECASE),
    "unit": re.compile(
        r"\bunit scale\b|\bscale unit\b|\[-?−?1(?:\.0)?, ?1(?:\.0)?\]|[-−]1 (?:to|and) 1\b", re.IGNORECASE
    ),
}
#: What part of a column has the same decimals where one cell's are called too few.
_MOST = 0.6


def units(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """UNITS: numbers of tables."""
    for table in draft.project.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from _of_cell(draft, table, row, cell)
        yield from _decimals(draft, table, tally)


def _of_cell(draft: Draft, table: DraftTable, row: DraftRow, cell: DraftCell) -> Iterator[DraftFinding]:
    for number in cell.numbers:
        for model in draft.models(row)[:1]:
            found = wrong_unit(draft.knowledge, number, model)
            if found is not None:
                words, value = found
                heading = "" if table.turned else f" under “{table.headings[cell.column]}”"
                yield DraftFinding(
                    DraftRule.UNITS, cell.place, f"row “{row.label}”: {number.printed}{heading} is {words}",
                    (value.key,), (told(value),),
                )  # fmt: skip


def _decimals(draft: Draft, table: DraftTable, tally: Tally) -> Iterator[DraftFinding]:
    """Numbers with more decimals than any source of theirs, or with fewer than source and column have."""
    columns: dict[str, list[tuple[DraftRow, DraftCell, CellReading]]] = defaultdict(list)
    for row in table.rows:
        for cell in row.cells:
            if len(cell.numbers) == 1 and not _counted(cell.numbers[0]):
                columns[f"{cell.numbers[0].metric} {cell.numbers[0].dataset}"].append(
                    (row, cell, cell.numbers[0])
                )
    for held in columns.values():
        usual, count = Counter(_places(number) for _, _, number in held).most_common(1)[0]
        settled = count >= _MOST * len(held) and len(held) > 2
        for row, cell, number in held:
            sources = [value for model in draft.models(row)[:1] for value in _agreeing(draft, number, model)]
            if not sources:
                continue
            tally.checked("decimals of cells")
            finest = min(sources, key=lambda value: value.resolution)
            if _finer(number, finest, padded=not settled or _places(number) <= usual):
                yield DraftFinding(
                    DraftRule.UNITS, cell.place,
                    f"row “{row.label}”: {number.metric} {number.printed} has more decimals than any source prints ({finest.printed})",
                    (finest.key,), (told(finest),),
                )  # fmt: skip
            elif (
                settled
                and _places(number) < usual
                and all(s.resolution < number.resolution * 0.5 for s in sources)
            ):
                yield DraftFinding(
                    DraftRule.UNITS, cell.place,
                    f"row “{row.label}”: {number.metric} {number.printed} has fewer decimals than its column ({usual}) and its source ({finest.printed})",
                    (finest.key,), (told(finest),),
                )  # fmt: skip


def _counted(number: CellReading) -> bool:
    """Whether a number is a count, which is rounded to digits and not to decimals, and counted again by who quotes it."""
    metric = vocabulary().metric(number.quantity)
    return metric is None or metric.per_model


def _places(number: CellReading) -> int:
    whole = re.search(r"\d+(?:\.(\d+))?", number.printed)
    return len(whole[1] or "") if whole else 0


def _finer(number: CellReading, source: Value, *, padded: bool) -> bool:
    """Whether a number has digits that its source does not have; `padded`: zeros that its column has too are none."""
    if source.value is None or not 0 < number.resolution < source.resolution * 0.5:
        return False
    return not padded or abs(number.value - source.value) > 1e-9 * max(1.0, abs(source.value))


def _agreeing(draft: Draft, number: CellReading, model: str) -> list[Value]:
    return [v for v in of_same_kind(draft.knowledge, number, model) if v.resolution > 0 and agree(number, v)]


def scale(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """SCALE: composites of two scales in one table, or of another one than it says."""
    for table in draft.project.tables:
        for dataset in dict.fromkeys(n.dataset for row in table.rows for n in row.numbers if _composite(n)):
            yield from _scales(draft, table, dataset, tally)


def _composite(number: CellReading) -> bool:
    return number.quantity in composites.COMPOSITES


def _scales(draft: Draft, table: DraftTable, dataset: str, tally: Tally) -> Iterator[DraftFinding]:
    known: dict[str, list[DraftRow]] = defaultdict(list)
    for row in table.rows:
        if row.kind == Kind.REFERENCE or not any(_composite(n) and n.dataset == dataset for n in row.numbers):
            continue
        said = _scale_of(draft, row, dataset)
        if not said:
            tally.unchecked("rows of composites whose scale is not known")
            continue
        tally.checked("rows of composites whose scale is known")
        known[said].append(row)
    if not known:
        return
    most = max(known, key=lambda name: len(known[name]))
    text = " ".join((table.grid.caption, *table.grid.notes))
    stated = [name for name, pattern in _SAID_SCALES.items() if pattern.search(text)]
    if stated and stated != [most]:
        return  # it says which rows are on which scale
    apart = [row for name, rows in known.items() if name != most for row in rows]
    if apart:
        first = apart[0]
        scales = ", ".join(
            f"{_places_of(rows) if name != most else f'{len(rows)} rows'} on {name}"
            for name, rows in known.items()
        )
        yield DraftFinding(
            DraftRule.SCALE, first.place,
            f"{table.name} has composites of samples on two scales and does not say so: {scales}",
            sources=tuple(f"{row.label}: composite scale {name}" for name, rows in known.items() for row in rows[:4]),
        )  # fmt: skip


def _places_of(rows: Sequence[DraftRow]) -> str:
    return ", ".join(f"{row.label} ({row.place.file}:{row.place.line})" for row in rows[:4])


def _scale_of(draft: Draft, row: DraftRow, dataset: str) -> str:
    """The scale of a row's composites; '' where it is not known."""
    found: Counter[str] = Counter()
    for number in row.numbers:
        if not _composite(number) or number.dataset != dataset:
            continue
        for model in draft.models(row)[:1]:
            for value in _agreeing(draft, number, model):
                item = value.protocol.item("scale")
                if item is not None:
                    found[item.value] += 1
    if found:
        return found.most_common(1)[0][0]
    own = composites.scale(plain_numbers([n for n in row.numbers if n.dataset == dataset]))
    return own.value if own is not None else ""
