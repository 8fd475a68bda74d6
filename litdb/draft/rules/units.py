"""UNITS in tables: thousands and millions, percent, operations that are counted twice, decimals; SCALE of composites."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

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

_SAYS_SCALE = re.compile(
    r"\bscale\b|\bint16\b|16[- ]?bit|\[-?1(?:\.0)?, ?1(?:\.0)?\]|−1, ?1|normali[sz]ed (?:sample|wave|audio)",
    re.IGNORECASE,
)
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
            if _finer(number, finest):
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


def _finer(number: CellReading, source: Value) -> bool:
    """Whether a number has digits that its source does not have; zeros in the column's decimals are none."""
    return (
        0 < number.resolution < source.resolution * 0.5
        and source.value is not None
        and abs(number.value - source.value) > 1e-9 * max(1.0, abs(source.value))
    )


def _agreeing(draft: Draft, number: CellReading, model: str) -> list[Value]:
    return [v for v in of_same_kind(draft.knowledge, number, model) if v.resolution > 0 and agree(number, v)]


def scale(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """SCALE: an own row's composites on another scale than those beside them, or two scales that sources state."""
    for table in draft.project.tables:
        if _SAYS_SCALE.search(" ".join((table.grid.caption, *table.grid.notes))):
            tally.checked("tables with composites whose scale is said", int(_has_composites(table)))
            continue
        for dataset in dict.fromkeys(n.dataset for row in table.rows for n in row.numbers if _composite(n)):
            yield from _scales(draft, table, dataset, tally)


def _has_composites(table: DraftTable) -> bool:
    return any(_composite(number) for row in table.rows for number in row.numbers)


def _composite(number: CellReading) -> bool:
    return number.quantity in composites.COMPOSITES


def _scales(draft: Draft, table: DraftTable, dataset: str, tally: Tally) -> Iterator[DraftFinding]:
    stated: dict[str, list[DraftRow]] = defaultdict(list)
    known: dict[str, list[DraftRow]] = defaultdict(list)
    own: list[tuple[DraftRow, str]] = []
    for row in table.rows:
        if row.kind == Kind.REFERENCE or not any(_composite(n) and n.dataset == dataset for n in row.numbers):
            continue
        said, basis = _scale_of(draft, row, dataset)
        if not said:
            tally.unchecked("rows of composites whose scale is not known")
            continue
        tally.checked("rows of composites whose scale is known")
        models = draft.models(row)
        if models and draft.knowledge.is_own(models[0]):
            own.append((row, said))
            continue
        known[said].append(row)
        if basis == "stated":
            stated[said].append(row)
    for row, said in own:
        others = [one for scale, rows in known.items() if scale != said for one in rows]
        if len(others) > len(known.get(said, ())):
            theirs = next(scale for scale, rows in known.items() if scale != said and rows)
            yield DraftFinding(
                DraftRule.SCALE, row.place,
                f"row “{row.label}”: its composites are on the scale {said}, those of {_few(others)} on {theirs}; "
                "nothing in the table says so",
                sources=(f"{row.label}: composite scale {said}",),
            )  # fmt: skip
    if len(stated) > 1 and not own:
        fewest = min(stated.values(), key=len)
        parts = "; ".join(f"{scale}: {_few(rows)}" for scale, rows in stated.items())
        yield DraftFinding(
            DraftRule.SCALE,
            fewest[0].place,
            f"{table.name} has composites of two scales ({parts}) and does not say so",
        )


def _scale_of(draft: Draft, row: DraftRow, dataset: str) -> tuple[str, str]:
    """The scale of a row's composites and whether it is stated or inferred; '' where it is not known."""
    found: Counter[tuple[str, str]] = Counter()
    for number in row.numbers:
        if not _composite(number) or number.dataset != dataset:
            continue
        for model in draft.models(row)[:1]:
            for value in _agreeing(draft, number, model):
                item = value.protocol.item("scale")
                if item is not None:
                    found[item.value, item.basis] += 1
    if found:
        return found.most_common(1)[0][0]
    own = composites.scale(plain_numbers([n for n in row.numbers if n.dataset == dataset]))
    return (own.value, own.basis) if own is not None else ("", "")


def _few(rows: Iterable[DraftRow]) -> str:
    names = [row.label for row in rows]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
