"""What a paper that arrived means for a draft: tables that need a row, and sentences and cells that it made false."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from litdb.api import Catalogue
from litdb.draft.finding import DraftFinding, DraftPlace
from litdb.draft.frozen.asking import ask_all, locators, questions
from litdb.draft.frozen.lock import Lock
from litdb.draft.frozen.superlatives import superlatives
from litdb.draft.frozen.thaw import ChangeKind, table_changes
from litdb.draft.frozen.toml import PaperFile
from litdb.draft.frozen.typed import NUMBER, models_in, place_of, read_draft, says
from litdb.draft.frozen.uses import DraftUses
from litdb.draft.knowledge import Knowledge
from litdb.draft.rules.held import Standing, hold
from litdb.draft.rules.missing import rows_lacking
from litdb.draft.rules.prose.superlatives import superlatives as refuted
from litdb.draft.subject import Draft, Tally
from litdb.errors import LitdbError
from litdb.values.origin import Origin, Status
from litdb.values.value import Value


class ImpactKind(StrEnum):
    """What a new paper does to a place of a draft."""

    ROW = "needs a row"  # a table whose stated range holds a model of the paper, or whose question finds it
    FALSE = "false"  # a superlative that the paper alone refutes
    OPEN = "not decidable"  # a superlative that the paper may refute
    CONTRADICTED = "contradicted too"  # a superlative that others refuted before
    NUMBER = "number"  # a number of another version of the paper
    ORIGINAL = "original known"  # a number quoted from somebody, of which the paper itself prints another
    MARK = "mark"  # bold or underlined goes to another row
    CELL = "cell"  # a cell of a table of paper.toml prints another number


@dataclass(frozen=True, slots=True)
class Impact:
    """One place of a draft that a paper touches: what it does there, in words, with the results and their sources."""

    kind: ImpactKind
    place: DraftPlace
    why: str
    results: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Impacts:
    """What a paper means for a draft: its models and newest version here, every place it touches, and what was looked at.

    `checked` and `unchecked` count by words such as "tables" and "sentences with a superlative".
    """

    paper: str
    title: str
    version: int | None
    models: tuple[str, ...]
    found: tuple[Impact, ...]
    checked: Mapping[str, int] = field(default_factory=dict)
    unchecked: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Arrived:
    """The paper: its key, the models that it proposes, and its numbers, those of its newest version and those before."""

    key: str
    models: frozenset[str]
    newest: int | None
    current: tuple[Value, ...]
    earlier: tuple[Value, ...]


def paper_impact(
    catalogue: Catalogue, paper: str, draft: Path, *, bib: Path | None = None, named: PaperFile | None = None,
    lock: Lock | None = None,
) -> Impacts:  # fmt: skip
    """What a paper (by key, arXiv id, DOI or a model it proposes) means for a LaTeX draft.

    `named` is the paper.toml of the draft, whose tables are looked at too, against its `lock` where there is one. Nothing is
    written. Raises NotFound, Ambiguous, InputError, TooLarge.
    """
    (known,) = catalogue.bib([paper])
    read = read_draft(catalogue, draft, bib)
    arrived = _arrived(read.knowledge, known.key)
    tally = Tally()
    found = [
        *_lacking(read, arrived, tally),
        *_cells(read, arrived, tally),
        *_sentences(read, arrived, tally),
        *_refuted(catalogue, read, arrived, tally),
        *(_asked(catalogue, arrived, named, lock, draft) if named is not None else ()),
    ]
    names = tuple(
        one.name for key in sorted(arrived.models) if (one := read.knowledge.model(key)) is not None
    )
    found.sort(key=lambda one: (one.place.file, one.place.line, one.kind))
    return Impacts(
        known.key,
        known.title,
        arrived.newest,
        names,
        tuple(dict.fromkeys(found)),
        dict(tally.done),
        dict(tally.left),
    )


def _arrived(known: Knowledge, key: str) -> _Arrived:
    theirs = [
        value for value in known.facts.values
        if value.paper == key and value.status is Status.ACCEPTED and value.value is not None
    ]  # fmt: skip
    newest = max((value.version for value in theirs if value.version is not None), default=None)
    own = [value for value in theirs if value.origin in (Origin.SELF, Origin.REPOSITORY)]
    models = {value.model for value in own} | known.proposed_by([key])
    return _Arrived(
        key, frozenset(models), newest, tuple(value for value in own if value.version == newest),
        tuple(value for value in own if value.version != newest),
    )  # fmt: skip


# --- tables --------------------------------------------------------------------------------------------------


def _lacking(draft: Draft, arrived: _Arrived, tally: Tally) -> Iterator[Impact]:
    """The tables whose stated range holds a model of the paper."""
    for table in draft.project.tables:
        if not table.rows:
            continue
        tally.checked("tables")
        for row in rows_lacking(draft, table):
            if row.model in arrived.models:
                numbers = ", ".join(cell.text for cell in row.cells if cell.text != "-")
                keys = tuple(cell.provenance.result for cell in row.cells if cell.provenance is not None)
                yield Impact(
                    ImpactKind.ROW,
                    table.place,
                    f"{table.name} lacks {row.name} ({numbers})",
                    keys,
                    (row.source,),
                )


def _cells(draft: Draft, arrived: _Arrived, tally: Tally) -> Iterator[Impact]:
    """The cells of the draft's own tables that print another number of the paper's models than its newest version."""
    for table in draft.project.tables:
        for row in table.rows:
            models = draft.models(row)
            if len(models) != 1 or models[0] not in arrived.models:
                continue
            for cell in row.cells:
                for number in cell.numbers:
                    tally.checked("cells of the paper's models")
                    held = hold(draft.knowledge, number, models[0])
                    if held.right is None or held.right.paper != arrived.key:
                        continue
                    kind = {Standing.STALE: ImpactKind.NUMBER, Standing.SECOND_HAND: ImpactKind.ORIGINAL}.get(
                        held.standing
                    )
                    if kind is not None:
                        yield _differs(
                            kind, cell.place, f"{row.label}, {number.metric} {number.printed}", held.right
                        )


def _differs(kind: ImpactKind, place: DraftPlace, what: str, right: Value) -> Impact:
    return Impact(
        kind, place, f"{what}: {right.cited} prints {right.source_printed}", (right.key,), (right.cited,)
    )


def _asked(
    catalogue: Catalogue, arrived: _Arrived, paper: PaperFile, lock: Lock | None, draft: Path
) -> Iterator[Impact]:
    """What changes in the tables and figures of a paper.toml: against its lock, or which rows of theirs are the paper's."""
    now = ask_all(catalogue, paper, located=lock is not None)
    files = {f"tables.{one.name}": one.file for one in paper.tables}
    files |= {f"figures.{one.name}": one.file for one in paper.figures}
    uses = DraftUses.read(draft)
    for question in questions(paper):
        name = files.get(question.what)
        if name is None:
            continue
        place = next(iter(uses.including(name)), DraftPlace(paper.place.name, 1, question.what))
        table = now.tables[question.what].table
        old = lock.answers.tables.get(question.what) if lock is not None else None
        if old is None:
            for row in table.rows:
                if row.model in arrived.models:
                    yield Impact(
                        ImpactKind.ROW,
                        place,
                        f"{name} has a row {row.name} when it is built",
                        (),
                        (row.source,),
                    )
            continue
        shown = {row.name for row in table.rows if row.model in arrived.models}
        results = lock.answers.results if lock is not None else {}
        for change in table_changes(
            name, old.table, table, (results, now.results or locators(catalogue, [table]))
        ):
            theirs = any(change.what == one or change.what.startswith(f"{one},") for one in shown)
            kind = {ChangeKind.ROW: ImpactKind.ROW, ChangeKind.CELL: ImpactKind.CELL, ChangeKind.RANK: ImpactKind.MARK}.get(change.kind)  # fmt: skip
            if kind is not None and (theirs or kind is ImpactKind.MARK):
                said = f"{change.was or 'not in it'} → {change.now or 'no longer in it'}"
                yield Impact(
                    kind,
                    place,
                    f"{name}: {change.what}: {said}",
                    (),
                    tuple(filter(None, (change.now_source,))),
                )


# --- sentences -----------------------------------------------------------------------------------------------


def _sentences(draft: Draft, arrived: _Arrived, tally: Tally) -> Iterator[Impact]:
    """The sentences that print a number of an earlier version which the newest no longer prints."""
    if not arrived.earlier:
        return
    for sentence in draft.project.sentences:
        models = models_in(draft, sentence) & arrived.models
        if not models:
            continue
        tally.checked("sentences about the paper's models")
        for match in NUMBER.finditer(sentence.text):
            for old in arrived.earlier:
                if old.model in models and says(sentence.text, match, old.source_printed, old.quantity):
                    new = _now(arrived.current, old)
                    if new is not None:
                        yield _differs(
                            ImpactKind.NUMBER, place_of(sentence, match.start()),
                            f"{old.name}, {old.metric} {match.group()} is of version {old.version}", new,
                        )  # fmt: skip
                        break


def _now(current: Sequence[Value], old: Value) -> Value | None:
    """What the newest version prints in the place of an earlier value; None where that is the same, or nothing."""
    same = [v for v in current if (v.model, v.metric, v.dataset) == (old.model, old.metric, old.dataset)]
    if not same or any(value.source_printed == old.source_printed for value in same):
        return None
    return min(same, key=lambda value: (value.row.table_kind.place, value.key))


def _refuted(catalogue: Catalogue, draft: Draft, arrived: _Arrived, tally: Tally) -> Iterator[Impact]:
    """The superlatives that the paper refutes: those that `litdb claim` can test, and what the rule of `litdb check` finds more.

    The rule is asked twice, of all that is known and of what is known without the paper: what it finds only then is the
    paper's doing.
    """
    tested = list(_superlatives(catalogue, draft, arrived, tally))
    yield from tested
    seen = {(one.place.file, one.place.line) for one in tested}
    facts = draft.knowledge.facts
    before = tuple(value for value in facts.values if value.paper != arrived.key)
    without = replace(draft, knowledge=replace(draft.knowledge, facts=replace(facts, values=before)))
    known = {_spoken(one) for one in refuted(without, Tally())}
    theirs = {value.key for value in (*arrived.current, *arrived.earlier)}
    for one in refuted(draft, Tally()):
        if (one.place.file, one.place.line) in seen or not theirs & set(one.results):
            continue
        kind = ImpactKind.CONTRADICTED if _spoken(one) in known else ImpactKind.FALSE
        yield Impact(kind, one.place, one.message, one.results, one.sources)


def _spoken(found: DraftFinding) -> tuple[str, int, str]:
    """What a finding is about, whoever speaks against it."""
    return found.place.file, found.place.line, found.message.partition(": against it")[0]


def _superlatives(catalogue: Catalogue, draft: Draft, arrived: _Arrived, tally: Tally) -> Iterator[Impact]:
    """The superlatives that a model of the paper refutes, alone or beside others."""
    for sentence in draft.project.sentences:
        for said in superlatives(sentence.text, draft.knowledge):
            try:
                judged = catalogue.claim(said.statement)
            except LitdbError:  # about a test set or model that is not here
                tally.unchecked("sentences with a superlative")
                continue
            tally.checked("sentences with a superlative")
            theirs = [one for one in judged.against if one.model in arrived.models]
            others = [one for one in judged.against if one.model not in arrived.models]
            maybe = [one for one in judged.open if one.model in arrived.models]
            if not theirs and not maybe:
                continue
            kind = ImpactKind.OPEN if not theirs else ImpactKind.CONTRADICTED if others else ImpactKind.FALSE
            if kind is ImpactKind.OPEN and judged.verdict == "false":
                continue
            words = "; ".join(f"{one.name}: {', '.join(one.values)} ({one.why})" for one in theirs or maybe)
            yield Impact(
                kind, place_of(sentence, said.at), f"“{said.statement}” is {judged.verdict}: {words}",
                (), tuple(dict.fromkeys(one.source for one in theirs or maybe)),
            )  # fmt: skip
