"""Quoted values held against the paper that they are quoted from: what became of each on the way.

A number that differs may be that of another version, row or column, or have two digits exchanged; each is said only where
coincidence does not explain it. A cell that the catalogue does not hold of the cited paper is not read there, which is no
finding: what nobody read cannot be missing.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from litdb.evidence.audit.facts import Facts
from litdb.evidence.quotations import Cited, Quoted, quoted
from litdb.evidence.quotations.chance import odds, spread
from litdb.evidence.quotations.table_text import Figure, TableText, figure
from litdb.evidence.quotations.words import Words, alike, words
from litdb.values.agreement import agree, cut_off
from litdb.values.origin import Origin, Status
from litdb.values.value import Value
from litdb.vocabulary import vocabulary

#: The least evidence (log of odds, 20 to 1) for which a number is said to be that of another row.
_ENOUGH = 3.0


class Fate(StrEnum):
    """What became of a quoted value."""

    AGREES = "agrees"
    ROUNDED = "rounded"
    SETTING = "of a setting"
    VERSION = "another version"
    ROW = "another row"
    COLUMN = "another column"
    DIGITS = "digits exchanged"
    NOT_FOUND = "not found there"
    UNREAD = "not read there"

    @property
    def is_finding(self) -> bool:
        """Whether somebody should look at it."""
        return self not in (Fate.AGREES, Fate.ROUNDED, Fate.SETTING, Fate.UNREAD)


@dataclass(frozen=True, slots=True)
class Checked:
    """A quoted value with the verdict, and the value of the cited paper (`cited`, a key) that speaks for it, if one is stored.

    `words` say it in a sentence, with the place.
    """

    verdict: Fate
    value: Value
    cited: str
    source: Value | None
    words: str


@dataclass(frozen=True, slots=True)
class StoredText:
    """A table as it stood: its row number in the catalogue, what it is called, the paper it is from."""

    grid: int
    place: str
    paper: str
    sheet: TableText


@dataclass(frozen=True)
class _Paper:
    """The cited paper as far as it is read: its values by what they are of, and its tables as they stood."""

    key: str
    cited: Cited
    values: tuple[Value, ...]
    sheets: tuple[StoredText, ...]
    quoted_by: dict[int, Quoted | None] = field(default_factory=dict)

    def of(self, quantity: str, dataset: str) -> list[Value]:
        return [v for v in self.values if v.quantity == quantity and v.dataset == dataset]


def check(facts: Facts, sheets: Sequence[StoredText] = ()) -> list[Checked]:
    """Each quoted value of these facts whose source is a paper in the catalogue, in the order of the facts."""
    by_paper: dict[str, list[Value]] = defaultdict(list)
    rows: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for value in facts.values:
        if value.value is None or value.status is Status.REJECTED:
            continue
        if value.paper and value.origin is not Origin.CLAIM:
            by_paper[value.paper].append(value)
        rows[value.row.key, value.dataset].append(value)
    stored = {one.grid: one for one in sheets}
    tables: dict[str, list[StoredText]] = defaultdict(list)
    for one in sheets:
        tables[one.paper].append(one)
    names: dict[str, list[Words]] = defaultdict(list)
    for model in facts.models.values():
        names[model.paper].append(words(model.name))
    newest = {paper: max(v.version or 0 for v in some) for paper, some in by_paper.items()}
    papers: dict[str, _Paper] = {}
    found: list[Checked] = []
    for value in facts.values:
        source = facts.paper_of(value.model)
        if not _is_quotation(value) or source is None or source.key == value.paper:
            continue
        if (value.version or 0) < newest.get(value.paper, 0):
            continue  # what a paper printed before it was revised
        if source.key not in papers:
            papers[source.key] = _Paper(
                source.key,
                Cited(source.title, names=tuple(names[source.key])),
                tuple(by_paper[source.key]),
                tuple(tables[source.key]),
            )
        paper = papers[source.key]
        if paper.values or paper.sheets:
            found.append(_checked(value, rows[value.row.key, value.dataset], paper, facts, stored))
    return found


def _is_quotation(value: Value) -> bool:
    return (
        value.origin is Origin.QUOTED
        and value.value is not None
        and value.status is not Status.REJECTED
        and not value.rerun
        and not value.approximate
    )


def _checked(
    value: Value, row: Sequence[Value], paper: _Paper, facts: Facts, stored: Mapping[int, StoredText]
) -> Checked:
    same = sorted(
        (
            v
            for v in paper.of(value.quantity, value.dataset)
            if v.model == value.model and v.metric == value.metric
        ),
        key=lambda v: (-(v.version or 0), v.origin.tier, v.row.table == "abstract", v.key),
    )
    said = f"{value.about}: {value.spelled} in {value.cited}"
    for attempt in (_agreeing, _exchanged, _of_another_row, _of_another_column):
        verdict = attempt(value, same, row, paper, facts)
        if verdict is not None:
            kind, source, told = verdict
            return Checked(kind, value, paper.key, source, f"{said}; {told}")
    seen = _seen_in_table(value, paper, stored)
    if seen is not None:
        return Checked(seen[0], value, paper.key, None, f"{said}; {seen[1]}")
    if same:
        told = f"{same[0].cited} prints {same[0].spelled}"
        if trained := _trained_elsewhere(value, same):
            told = f"it was trained on {trained} there, of which no row of {paper.key} is known; {told}"
            return Checked(Fate.UNREAD, value, paper.key, same[0], f"{said}; {told}")
        return Checked(Fate.NOT_FOUND, value, paper.key, same[0], f"{said}; {told}")
    return Checked(
        Fate.UNREAD, value, paper.key, None, f"{said}; the catalogue holds no such cell of {paper.key}"
    )


def _trained_elsewhere(value: Value, same: Sequence[Value]) -> str:
    """The training set that is stated of a number on another corpus, where no row of the cited paper states it; else ''."""
    trained = value.protocol.get("training") or ""
    known = vocabulary().dataset(trained)
    if known is None or known.id == value.dataset or not value.dataset:
        return ""
    return "" if any(v.protocol.get("training") == trained for v in same) else trained


_Told = tuple[Fate, Value | None, str]


def _agreeing(
    value: Value, same: Sequence[Value], row: Sequence[Value], paper: _Paper, facts: Facts
) -> _Told | None:
    del row, paper, facts
    if not same:
        return None
    newest = same[0].version
    for source in same:
        if not (agree(value, source) or cut_off(value, source)):
            continue
        place = f"{source.cited} prints {source.spelled}"
        if source.version != newest and not any(agree(value, v) for v in same if v.version == newest):
            now = next(v for v in same if v.version == newest)
            return Fate.VERSION, source, f"{place}, which {now.cited} has as {now.spelled}"
        if value.resolution > source.resolution and value.value != source.value:
            how = "" if agree(value, source) else ", with digits cut off"
            return Fate.ROUNDED, source, f"{place}{how}"
        if agree(value, source):
            return Fate.AGREES, source, place
    return None


def _exchanged(
    value: Value, same: Sequence[Value], row: Sequence[Value], paper: _Paper, facts: Facts
) -> _Told | None:
    del row, paper, facts
    for source in same:
        if exchanged_digits(value, source):
            return Fate.DIGITS, source, f"{source.cited} prints {source.spelled}: two digits are exchanged"
    return None


def exchanged_digits(one: Value, other: Value) -> bool:
    """Whether two numbers, printed equally finely, differ by two neighbouring digits that changed places."""
    if one.value is None or other.value is None or one.resolution != other.resolution or not one.resolution:
        return False
    a, b = (str(round(v / one.resolution)) for v in (one.value, other.value))
    if len(a) != len(b) or a == b:
        return False
    apart = [at for at, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    return (
        len(apart) == 2
        and apart[1] == apart[0] + 1
        and a[apart[0] : apart[1] + 1] == b[apart[0] : apart[1] + 1][::-1]
    )


def _of_another_row(
    value: Value, same: Sequence[Value], row: Sequence[Value], paper: _Paper, facts: Facts
) -> _Told | None:
    """The row of the cited paper that all numbers of a quoted row, which differ from their own, fit better."""
    if not same and not paper.of(value.quantity, value.dataset):
        return None
    differing = [v for v in row if _is_quotation(v) and not _fits_own(v, paper)]
    others: dict[str, list[Value]] = defaultdict(list)
    for source in paper.values:
        if source.model != value.model and source.dataset == value.dataset:
            others[source.row.key].append(source)
    best: tuple[float, Value] | None = None
    for cells in others.values():
        hit = next((c for c in cells if c.metric == value.metric and _equal(value, c)), None)
        if hit is None:
            continue
        score = -math.log(len(others)) * (not _related(facts, value.model, hit.model))
        for mine in differing:
            pair = next((c for c in cells if c.metric == mine.metric), None)
            if pair is not None:
                column = [v.value for v in paper.of(mine.quantity, mine.dataset) if v.value is not None]
                score += odds(mine.resolution, spread(column)) if _equal(mine, pair) else -_ENOUGH
        if best is None or score > best[0]:
            best = (score, hit)
    if best is None or best[0] < _ENOUGH:
        return None
    if not same and _related(facts, value.model, best[1].model):
        # the paper has rows of its settings alone, and who quotes it by its name takes one of them
        return Fate.SETTING, best[1], f"{best[1].cited} prints {best[1].spelled}"
    return Fate.ROW, best[1], f"that is the number of {best[1].name} in {best[1].cited}{_own(same)}"


def _fits_own(value: Value, paper: _Paper) -> bool:
    own = [
        v
        for v in paper.of(value.quantity, value.dataset)
        if v.model == value.model and v.metric == value.metric
    ]
    return any(agree(value, v) or cut_off(value, v) for v in own)


def _equal(one: Value, other: Value) -> bool:
    return one.resolution <= other.resolution and agree(one, other)


def _related(facts: Facts, one: str, other: str) -> bool:
    """Whether one model is a setting of the other, or both are of a third."""
    parents = [facts.models[key].parent or key if key in facts.models else key for key in (one, other)]
    return parents[0] == parents[1]


def _own(same: Sequence[Value]) -> str:
    return f", whose own row prints {same[0].spelled}" if same else ""


def _of_another_column(
    value: Value, same: Sequence[Value], row: Sequence[Value], paper: _Paper, facts: Facts
) -> _Told | None:
    del row, facts
    digits = sum(char.isdigit() for char in value.printed.lstrip("0."))
    if not same or digits < 3:
        return None
    beside = {v.row.key for v in same}
    for source in paper.values:
        if source.row.key in beside and source.metric != value.metric and source.dataset == value.dataset:
            if source.printed.strip() == value.printed.strip():
                return Fate.COLUMN, source, f"that is {source.metric} there{_own(same)}"
    return None


def _seen_in_table(value: Value, paper: _Paper, stored: Mapping[int, StoredText]) -> tuple[Fate, str] | None:
    """Where the cited paper's tables, as they stood, show the number, by the alignment of whole tables."""
    cell = value.cell
    if cell.grid is None or cell.grid not in stored or not paper.sheets:
        return None
    if cell.grid not in paper.quoted_by:
        theirs = [one.sheet for one in paper.sheets]
        paper.quoted_by[cell.grid] = quoted(stored[cell.grid].sheet, theirs, paper.cited)
    found = paper.quoted_by[cell.grid]
    copied = (
        next((c for c in found.cells if (c.row, c.column) == (cell.row, cell.column)), None)
        if found
        else None
    )
    if found is None or copied is None:
        return None
    table = paper.sheets[found.table]
    label = table.sheet.labels[copied.source_row]
    place = f"{table.place}, row “{label}”"
    if alike(words(value.row.label), words(label)) >= 0.5 or paper.cited.named_in(value.row.label):
        exact = _figure(table, copied.source_row, copied.source_column)
        mine = _figure(stored[cell.grid], copied.row, copied.column)
        kind = (
            Fate.ROUNDED
            if exact and mine and mine.step > exact.step and mine.value != exact.value
            else Fate.AGREES
        )
        return kind, f"{place} prints {table.sheet.rows[copied.source_row][copied.source_column]}"
    return Fate.ROW, f"{place} prints it"


def _figure(table: StoredText, row: int, column: int) -> Figure | None:
    return figure(table.sheet.rows[row][column])


def findings(checked: Sequence[Checked]) -> Iterator[Checked]:
    """Those that somebody should look at."""
    return (one for one in checked if one.verdict.is_finding)


__all__ = ["Checked", "Fate", "StoredText", "check", "exchanged_digits", "findings"]
