"""VALUE, STALE, ORIGIN and IDENTITY: each cell of a table against its source, and each row against the model it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from litdb.draft.finding import DraftFinding, DraftPlace, DraftRule
from litdb.draft.knowledge import LOCK
from litdb.draft.rules.factors import wrong_unit
from litdb.draft.rules.held import (
    Held,
    Standing,
    dataset_of,
    hold,
    hold_reference,
    of_same_kind,
    plain_numbers,
    same,
)
from litdb.draft.subject import Draft, Tally
from litdb.draft.text.project import DraftCell, DraftRow, DraftTable
from litdb.evidence.audit.facts import told
from litdb.evidence.composites import impossible
from litdb.evidence.rows.contradictions import exclusive
from litdb.extract.types import CellReading
from litdb.values.names import fold_name
from litdb.values.origin import Kind, Origin
from litdb.values.value import Value
from litdb.vocabulary import MetricName

_RERUN = re.compile(
    r"re-?produc|re-?implement|re-?run|re-?train|re-?evaluat|our (?:own )?(?:implementation|training|run)|official (?:code|checkpoint)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _RowHeld:
    """A row of the draft with the model that it is taken for, and its numbers held against it."""

    table: DraftTable
    row: DraftRow
    models: tuple[str, ...]
    held: tuple[tuple[DraftCell, Held], ...]

    @property
    def wrong(self) -> list[tuple[DraftCell, Held]]:
        return [(cell, held) for cell, held in self.held if held.wrong]


def cells(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """VALUE, STALE, ORIGIN, IDENTITY: numbers of tables."""
    named = _named_in_tables(draft)
    for table in draft.project.tables:
        for row in table.rows:
            one = _held(draft, table, row, tally)
            if one is not None:
                yield from _row(draft, one, named, tally)


def _named_in_tables(draft: Draft) -> tuple[str, ...]:
    """All models that rows of the draft may mean."""
    rows = (row for table in draft.project.tables for row in table.rows)
    return tuple(dict.fromkeys(key for row in rows for key in draft.models(row)))


def _held(draft: Draft, table: DraftTable, row: DraftRow, tally: Tally) -> _RowHeld | None:
    """A row with its numbers held against the model that it means; None where the catalogue does not know that."""
    count = len(row.numbers)
    models = draft.models(row)
    if not models:
        tally.unchecked("cells of models that the catalogue does not know", count)
        return None
    numbers = [(cell, number) for cell in row.cells for number in cell.numbers]
    if not any(_reports_scores(draft, key) for key in models):
        models = _setting(draft, models, [number for _, number in numbers]) or models
    ways = {key: [_standing(draft, number, key) for _, number in numbers] for key in models}
    best = max(models, key=lambda key: _fit(ways[key]))
    held = tuple((cell, one) for (cell, _), one in zip(numbers, ways[best], strict=True))
    rest = tuple(key for key in models if key != best)
    left = sum(one.standing is Standing.UNKNOWN for _, one in held)
    tally.checked("cells of tables", count - left)
    if left:
        tally.unchecked("cells whose value the catalogue does not hold", left)
    return _RowHeld(table, row, (best, *rest), held)


def _reports_scores(draft: Draft, model: str) -> bool:
    """Whether a model's own paper has scores under its name, and not those of its settings alone."""
    return any(
        value.dataset and value.origin in (Origin.SELF, Origin.MEASURED)
        for value in draft.knowledge.values(model)
    )


def _setting(draft: Draft, models: Sequence[str], numbers: Sequence[CellReading]) -> tuple[str, ...]:
    """The setting that a row is of, where papers report settings of a model alone: one that all scores fit, but for one."""
    settings = dict.fromkeys(
        key for model in models for key in draft.knowledge.family(model) if _reports_scores(draft, key)
    )
    best: tuple[int, str] = (1, "")
    for key in settings:
        held = [hold(draft.knowledge, number, key) for number in numbers if dataset_of(number)]
        agreeing = sum(one.standing is Standing.AGREES for one in held)
        if sum(one.wrong for one in held) <= 1 and agreeing > best[0]:
            best = (agreeing, key)
    return (best[1],) if best[1] else ()


def _standing(draft: Draft, number: CellReading, model: str) -> Held:
    reference = draft.knowledge.facts.models[model].kind == Kind.REFERENCE
    return (hold_reference if reference else hold)(draft.knowledge, number, model)


def _fit(held: Sequence[Held]) -> tuple[int, int]:
    """How well numbers fit a model: those that agree, then those that do not."""
    return sum(one.standing is Standing.AGREES for one in held), -sum(one.wrong for one in held)


def _row(draft: Draft, one: _RowHeld, named: Sequence[str], tally: Tally) -> Iterator[DraftFinding]:
    if not one.wrong or _rerun(one):
        return
    if one.row.marks:
        unsure = [pair for pair in one.wrong if _may_be_rerun(pair[1])]
        if unsure:
            tally.unchecked("cells of rows with a mark, which only quotations contradict", len(unsure))
            one = replace(one, held=tuple(pair for pair in one.held if pair not in unsure))
    if _of_said_setting(draft, one):
        tally.unchecked("rows of a setting that a mark or the caption names")
        return
    whole = _another_model(draft, one, named)
    if whole is not None:
        yield whole
        return
    for cell, held in one.wrong:
        if wrong_unit(draft.knowledge, held.number, one.models[0]) is not None:
            continue  # UNITS says so
        namesake = _of_namesake(draft, one, held)
        yield namesake if namesake is not None else _finding(one, cell, held)
    yield from _arithmetic(one)


def _rerun(one: _RowHeld) -> bool:
    """Whether the draft says that its authors ran the model again."""
    return bool(_RERUN.search(one.row.label)) or any(number.reproduced for number in one.row.numbers)


def _may_be_rerun(held: Held) -> bool:
    """Whether only quotations contradict a number: where its row has a mark, this may be a run of the draft's authors."""
    return held.standing is Standing.DIFFERS and held.right is not None and held.right.origin is Origin.QUOTED


def _of_said_setting(draft: Draft, one: _RowHeld) -> bool:
    """Whether all numbers of a row that differ are those of another setting of its model, and the table says which."""
    mine, models = one.models[0], draft.knowledge.facts.models
    wrong = [held for _, held in one.wrong]
    return len(wrong) > 1 and any(
        all(_printing(draft, held.number, key) is not None for held in wrong)
        and _says_setting(one, models[mine].name, models[key].name)
        for key in draft.knowledge.family(mine)
        if key != mine
    )


def _says_setting(one: _RowHeld, mine: str, other: str) -> bool:
    """Whether a table says that a row is of another setting of its model: by a mark on its name, or in the caption.

    `other` is what the setting is called; its words beyond those of `mine` stand in the caption, or their initials do:
    “(-CL)” where that says "without consistency loss".
    """
    if one.row.marks:
        return True
    told = " ".join((one.table.grid.caption, *one.table.grid.notes))
    said = re.findall(r"[a-z0-9]+", told.lower())
    wanted = set(re.findall(r"[a-z0-9]+", other.lower())) - set(re.findall(r"[a-z0-9]+", mine.lower()))
    return bool(wanted) and all(word in said or _initials(word, said) for word in wanted)


def _initials(word: str, said: Sequence[str]) -> bool:
    """Whether words that follow one another begin with the letters of a short form."""
    size = len(word)
    return 2 <= size <= 4 and any(
        "".join(one[0] for one in said[at : at + size]) == word for at in range(len(said) - size + 1)
    )


def _another_model(draft: Draft, one: _RowHeld, named: Sequence[str]) -> DraftFinding | None:
    """That at least two numbers of a row, and all that differ, are those of another model."""
    wrong = [held for _, held in one.wrong if held.standing is not Standing.STALE]
    if len(wrong) < 2:
        return None
    mine = one.models[0]
    if all(held.standing is Standing.SECOND_HAND for held in wrong):
        named = ()  # somebody prints them for this model, so that another one that has them too is chance
    for key in dict.fromkeys((*one.models[1:], *named, *draft.knowledge.family(mine))):
        if key == mine:
            continue
        sources = [_printing(draft, held.number, key) for held in wrong]
        if all(source is not None for source in sources):
            found = [source for source in sources if source is not None]
            name, other = draft.knowledge.facts.models[mine].name, draft.knowledge.facts.models[key].name
            numbers = ", ".join(f"{held.number.metric} {held.number.printed}" for held in wrong)
            return _told(
                DraftRule.IDENTITY, one.row.place,
                f"row “{one.row.label}” ({one.table.name}) stands for {name}, but has the numbers of {other}: {numbers}",
                [*found, *(held.right for held in wrong if held.right is not None)],
            )  # fmt: skip
    return None


def _printing(draft: Draft, number: CellReading, model: str) -> Value | None:
    """The value of a model's own paper that a number is."""
    return next(
        (
            value
            for value in of_same_kind(draft.knowledge, number, model)
            if value.origin in (Origin.SELF, Origin.MEASURED) and same(number, value)
        ),
        None,
    )


def _of_namesake(draft: Draft, one: _RowHeld, held: Held) -> DraftFinding | None:
    """That a number is the one of another model of the same name, or of the other setting that the name is short for."""
    mine = draft.knowledge.facts.models[one.models[0]]
    names = {fold_name(MetricName.parse(one.row.label).quantity), fold_name(one.row.system)}
    others = [*one.models[1:], *(key for name in names for key in draft.knowledge.everywhere(name))]
    for key in dict.fromkeys(others):
        value = _printing(draft, held.number, key) if key != mine.key else None
        if value is not None:
            beside = [
                f"{other.number.metric} {other.number.printed}"
                for _, other in one.held
                if other is not held and other.standing is Standing.AGREES
            ][:3]
            stands = f", beside {', '.join(beside)} of {mine.name}" if beside else ""
            return _told(
                DraftRule.IDENTITY, _place(one, held),
                f"row “{one.row.label}”: {held.number.metric} {held.number.printed} is the number of "
                f"{draft.knowledge.facts.models[key].name}{stands}",
                [value, *([held.right] if held.right is not None else [])],
            )  # fmt: skip
    return None


def _place(one: _RowHeld, held: Held) -> DraftPlace:
    return next(cell.place for cell, other in one.held if other is held)


def _finding(one: _RowHeld, cell: DraftCell, held: Held) -> DraftFinding:
    number, source, right = held.number, held.source, held.right
    said = f"row “{one.row.label}”: {number.metric} {number.printed}"
    values = [value for value in (right, source) if value is not None]
    if held.standing is Standing.STALE and source is not None:
        now = f", {right.place} prints {right.printed}" if right is not None else ""
        return _told(DraftRule.STALE, cell.place, f"{said} is of {source.place}{now}", values)
    if held.standing is Standing.SECOND_HAND and source is not None:
        return _told(DraftRule.ORIGIN, cell.place, f"{said} {_second_hand(source, right)}", values)
    if held.standing is Standing.CUT and right is not None:
        return _told(
            DraftRule.VALUE, cell.place, f"{said}: digits of {right.printed} are cut off, not rounded", values
        )
    printed = f"; {_whose(right)} {right.printed}" if right is not None else ""
    return _told(DraftRule.VALUE, cell.place, f"{said}{printed}", values)


def _whose(right: Value) -> str:
    if right.row.document.kind == LOCK:
        return "it was frozen as"
    if right.row.model.kind == Kind.REFERENCE:
        return "most papers print"
    if right.origin is Origin.SELF:
        return "its paper prints"
    if right.origin is Origin.MEASURED:
        return "it was measured as"
    return f"it is {right.origin} as"


def _second_hand(source: Value, right: Value | None) -> str:
    what = {
        Origin.CLAIM: "is only claimed, no paper prints it",
        Origin.REPRODUCED: f"is a re-run by others ({source.place}), given as the paper's",
        Origin.REPOSITORY: f"is from its repository ({source.place})",
        Origin.TRACKER: "is from a leaderboard",
        Origin.QUOTED: f"is quoted in {source.place}",
    }[source.origin]
    if right is None:
        return what
    return f"{what}; {_whose(right)} {right.printed}"


def _arithmetic(one: _RowHeld) -> Iterator[DraftFinding]:
    """That numbers of a row, which is not as its source prints it, exclude one another."""
    row = plain_numbers(one.row.numbers)
    if not any(held.number.quantity in row and held.wrong for _, held in one.held):
        return
    yield from excluded(one.row, row)


def arithmetic(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """IDENTITY of rows that no source speaks for: composites that cannot be, by their own arithmetic."""
    for table in draft.project.tables:
        for row in table.rows:
            if draft.models(row):
                continue
            numbers = plain_numbers(row.numbers)
            if "PESQ" in numbers and len(numbers) > 1:
                tally.checked("rows by their own arithmetic")
                yield from excluded(row, numbers)


def excluded(row: DraftRow, numbers: dict[str, CellReading]) -> Iterator[DraftFinding]:
    """What of a row cannot be together."""
    reasons = [text for text, _ in exclusive(numbers)]
    if reason := impossible(numbers):
        reasons.append(reason)
    for reason in reasons:
        yield DraftFinding(DraftRule.IDENTITY, row.place, f"row “{row.label}”: {reason}")


def _told(rule: DraftRule, place: DraftPlace, message: str, values: Iterable[Value]) -> DraftFinding:
    once = list({value.key: value for value in values}.values())
    return DraftFinding(rule, place, message, tuple(v.key for v in once), tuple(told(v) for v in once))
