"""Ways to group the rows of a table in which the best of each group may be marked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from litdb.draft.subject import Draft
from litdb.draft.text.project import DraftRow, DraftTable
from litdb.extract.meaning.words import OURS
from litdb.values.origin import Kind
from litdb.vocabulary import vocabulary

#: Numbers of parameters that part networks by size.
_SIZES = ((1e6,), (0.2e6, 1e6), (0.5e6,), (0.1e6,), (0.1e6, 1e6), (2e6,), (5e6,), (10e6,))


@dataclass(frozen=True, slots=True)
class RowGroups:
    """A way to group rows: what it goes by, and the group of each row by its index in the grid; rows without one are left out.

    `natural` is one that shows in the table itself and needs no reason.
    """

    words: str
    group: Mapping[int, Hashable]
    natural: bool = False

    def size(self, group: Hashable) -> int:
        """How many rows a group has."""
        return sum(other == group for other in self.group.values())


def groupings(draft: Draft, table: DraftTable) -> Iterator[RowGroups]:
    """The natural ways to group the rows of a table, the whole column first."""
    rows = [row for row in table.rows if row.kind != Kind.REFERENCE]
    if not rows:
        return
    everyone = {row.index: 0 for row in rows}
    yield RowGroups("the column", everyone, True)
    parts = _parts(table, rows)
    if len(set(parts.values())) > 1:
        yield RowGroups("the rows between two lines", parts, True)
    mine = {row.index: _is_own(draft, row) for row in rows}
    if len(set(mine.values())) > 1:
        yield RowGroups("the published and the own rows", mine)
        yield RowGroups("the published rows", {index: 0 for index, is_mine in mine.items() if not is_mine})
        if len(set(parts.values())) > 1:
            published = {index: part for index, part in parts.items() if not mine[index]}
            yield RowGroups("the published rows between two lines", published)
    for words, labels in (*_columns(table, rows), *_marked(table, rows), *_known(draft, rows)):
        if len(set(labels.values())) > 1:
            yield RowGroups(words, labels)
            usual = Counter(labels.values()).most_common(1)[0][0]
            yield RowGroups(
                f"{words}, the most of them", {i: 0 for i, label in labels.items() if label == usual}
            )
    yield from _by_size(draft, rows)


def _parts(table: DraftTable, rows: Sequence[DraftRow]) -> dict[int, Hashable]:
    """Rows between two lines, or between titles of groups; a row that stands alone belongs to those above it."""
    found: dict[int, int] = {}
    part, before = 0, rows[0].index
    for row in rows:
        if row.index in table.breaks or (
            row.index != before and row.index > before + 1 and _titled(table, before, row.index)
        ):
            part += 1
        found[row.index] = part
        before = row.index
    sizes = Counter(found.values())
    large = [part for part, size in sizes.items() if size > 1]
    if not large:
        return dict.fromkeys(found, 0)
    return {
        index: number if sizes[number] > 1 else max((p for p in large if p < number), default=large[0])
        for index, number in found.items()
    }


def _titled(table: DraftTable, before: int, index: int) -> bool:
    """Whether a row of the grid without numbers lies between two rows: a title of a group."""
    return any(
        any(cell.text for cell in table.grid.rows[at])
        for at in range(before + 1, index)
        if at < len(table.grid.rows)
    )


def _is_own(draft: Draft, row: DraftRow) -> bool:
    models = draft.models(row)
    return bool(OURS.search(row.label)) or bool(models and draft.knowledge.is_own(models[0]))


def _columns(table: DraftTable, rows: Sequence[DraftRow]) -> Iterator[tuple[str, dict[int, Hashable]]]:
    """By what stands in a column of words (causal or not, domain, venue), or in one of few different texts."""
    if table.turned:
        return
    numbers = {cell.column for row in rows for cell in row.cells}
    for column in range(len(table.headings)):
        texts: dict[int, Hashable] = {row.index: table.grid.rows[row.index][column].text for row in rows}
        if column not in numbers and 1 < len(set(texts.values())) <= max(2, len(rows) // 2):
            yield f"the rows with the same “{table.headings[column]}”", texts


def _marked(table: DraftTable, rows: Sequence[DraftRow]) -> Iterator[tuple[str, dict[int, Hashable]]]:
    """By the footnote marks of a row."""
    if table.turned:
        return
    yield (
        "the rows with the same footnote mark",
        {
            row.index: tuple(sorted({m for cell in table.grid.rows[row.index][:2] for m in cell.marks}))
            for row in rows
        },
    )
    yield "the rows of one kind", {row.index: row.kind for row in rows}


def _known(draft: Draft, rows: Sequence[DraftRow]) -> Iterator[tuple[str, dict[int, Hashable]]]:
    """By what the catalogue knows of causality."""
    said: dict[int, Hashable] = {}
    for row in rows:
        models = draft.models(row)
        values = draft.knowledge.values(models[0]) if models else []
        said[row.index] = next((c for value in values if (c := value.protocol.get("causal"))), "")
    yield "the rows of one causality", said


def _by_size(draft: Draft, rows: Sequence[DraftRow]) -> Iterator[RowGroups]:
    sizes: dict[int, float] = {}
    for row in rows:
        size = next((n.value for n in row.numbers if n.quantity == "params"), None)
        if size is None and (models := draft.models(row)):
            size = next((v.value for v in draft.knowledge.values(models[0], "params") if v.value), None)
        if size is not None:
            sizes[row.index] = size
    if len(sizes) < len(rows) / 2:
        return
    for bounds in _SIZES:
        groups: dict[int, Hashable] = {
            index: sum(size >= bound for bound in bounds) for index, size in sizes.items()
        }
        if len(set(groups.values())) > 1:
            yield RowGroups("the rows of one size", groups)


def direction(quantity: str) -> str:
    """Which way a quantity is better, '' where that is not known."""
    metric = vocabulary().metric(quantity)
    return metric.direction if metric is not None else ""


def by_group(groups: RowGroups, indexes: Sequence[int]) -> dict[Hashable, list[int]]:
    """The rows of each group among some."""
    found: dict[Hashable, list[int]] = defaultdict(list)
    for index in indexes:
        if index in groups.group:
            found[groups.group[index]].append(index)
    return found
