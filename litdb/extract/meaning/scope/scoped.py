"""What the texts about a table say of the scope of one number, carried into its protocol or held against it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from litdb.extract.meaning import words
from litdb.extract.meaning.heads.segment import ReadColumn
from litdb.extract.meaning.labelled.labels import LabelledRow
from litdb.extract.meaning.scope.said import Kind, Scope, said
from litdb.extract.types import Grid
from litdb.vocabulary import Metric
from litdb.vocabulary.protocol import Item
from litdb.vocabulary.remarks import Doubt, Remark


@dataclass(frozen=True, slots=True)
class Scoped:
    """`items` are for the protocol; `split` is a part of the test set other than its test part; `doubts` the rest."""

    items: tuple[tuple[str, Item], ...] = ()
    split: str = ""
    doubts: tuple[Remark, ...] = ()


_NONE = Scoped()
_FROM: dict[str, tuple[Kind, ...]] = {
    "caption": ("split", "subset", "condition", "statistic", "band", "rate", "task", "status"),
    "title of the rows": ("split", "subset", "condition", "statistic", "band", "rate", "task", "status"),
    "header": ("split", "subset", "statistic", "band", "task"),
    "column": ("split",),
    "heading": ("split", "condition", "band", "status"),
    "note": ("band",),
    "note of its mark": ("split", "subset", "condition", "statistic", "band", "rate", "task", "status"),
    "text in front": ("split",),
}


_MARKED = re.compile(r"(?:^|(?<=\s))[*∗†‡§¶](?=\s?\w)")


def _texts(
    grid: Grid, column: ReadColumn, row: LabelledRow, notes: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    yield (
        "caption",
        _MARKED.split(grid.caption)[0],
    )  # what stands behind a mark is about the rows that bear it
    yield "title of the rows", row.section
    yield "header", column.qualifier
    if row.condition and words.VALIDATION.fullmatch(row.condition):
        yield "column", f"{row.condition} set"
    yield "heading", grid.section
    yield from (("note", note) for note in grid.notes)
    yield from (("note of its mark", note) for note in notes)
    for line in grid.lines[-1:]:
        if len(line) < 200 and not (grid.caption and grid.caption in line):
            yield "text in front", line


_TEST_PART = re.compile(
    r"\b(?:test(?:ing)?|eval(?:uation)?)[ -](?:set|split|data|part|subset)s?\b|\btest(?:ed)? (?:on|with|results?)\b",
    re.I,
)


def scoped(
    grid: Grid, column: ReadColumn, row: LabelledRow, metric: Metric, notes: tuple[str, ...]
) -> Scoped:
    """The scope of one number; nothing for what does not depend on a test set."""
    if metric.per_model:
        return _NONE
    items: dict[str, Item] = {}
    split = ""
    doubts: list[Remark] = []
    for place, text in _texts(grid, column, row, notes):
        for scope in said(text) if text else ():
            if scope.kind not in _FROM[place] or _told_nearer(scope, column, row):
                continue
            doubt = Remark(Doubt.SCOPE, (place, scope.words))
            if scope.kind == "band":
                if metric.id == "PESQ":
                    items.setdefault("band", Item(scope.value, "stated", place))
            elif scope.kind in ("condition", "statistic") and scope.value:
                items.setdefault(scope.kind, Item(scope.value, "stated", place))
            elif scope.kind == "split":
                if not split and not _TEST_PART.search(text):  # both named: which is which?
                    split = scope.value
                doubts.append(doubt)
            elif scope.kind == "rate":
                items.setdefault("rate", Item(scope.value, "stated", place))
                doubts.append(doubt)
            else:
                doubts.append(doubt)
    return Scoped(tuple(items.items()), split, tuple(dict.fromkeys(doubts)))


def _told_nearer(scope: Scope, column: ReadColumn, row: LabelledRow) -> bool:
    """Whether column or row say it themselves, so that the words around speak of the whole table."""
    if scope.kind == "condition":
        return bool(column.condition or row.condition)
    if scope.kind == "statistic":
        return bool(column.statistic)
    return scope.kind == "split" and bool(column.validation)
