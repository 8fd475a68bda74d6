"""Bringing what one catalogue knows into another.

`merge` appends what is missing and overwrites nothing. `update` does the same with a newer shipped catalogue, and what
the seed wrote into the working copy follows the shipped text; what people decided or added stays. Both are one
transaction, and both leave derivation to say what follows: results are never copied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import delete, select
from sqlalchemy import update as change
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import (
    NATURAL,
    UNDECIDED,
    AblationRow,
    Absence,
    Base,
    Checkpoint,
    Decision,
    Document,
    Grid,
    Meta,
    Model,
    ModelFact,
    ModelName,
    Paper,
    PaperVersion,
    Reading,
    Result,
    Run,
    SourceRow,
)
from litdb.catalogue.database.session import Store
from litdb.catalogue.decision import Replace
from litdb.catalogue.decisions import reapply
from litdb.catalogue.derive import derive, documents_naming, forget_unused_models
from litdb.catalogue.exchange import translate as incoming
from litdb.catalogue.exchange.dump import Difference, field_differences
from litdb.catalogue.exchange.portable import (
    Key,
    Row,
    Value,
    chunks,
    fields,
    has_number,
    numbers,
    rows,
    table_of,
)
from litdb.catalogue.exchange.writer import Writer
from litdb.errors import CatalogueError, UsageError

#: Fields that are filled where the target has nothing. Elsewhere an empty field says something.
_FILLED: dict[type[Base], frozenset[str]] = {
    Paper: frozenset(f.name for f in fields(Paper)) - {"key"},
    PaperVersion: frozenset({"submitted"}),
    Document: frozenset({"paper", "version"}),
    Model: frozenset({"paper", "parent"}),
    Run: frozenset({"recipe", "details"}),
    Checkpoint: frozenset({"sha256", "epoch", "criterion", "selected_on", "date", "details"}),
    Reading: frozenset({"row", "page", "remark"}),
    Absence: frozenset({"remark"}),
}
#: Rows that are compared and inserted at once.
_PIECE = 5000
_EMPTY = (None, "", "[]", "{}")
#: Fields that are not compared: decisions say those of models and checkpoints, the last reading those of documents.
_APART = {
    Model: {"unified"},
    Checkpoint: {"declared_on"},
    Document: {"reader", "sha256", "fetched_at"},
    ModelName: {"source"},
}


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge did: rows added, changed and removed by table, and what was left as it stood.

    `filled` and `followed` have the old value left and the new one right; `kept` the target's left, the other's right.
    """

    added: Mapping[str, int] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    reread: tuple[str, ...] = ()
    filled: tuple[Difference, ...] = ()
    followed: tuple[Difference, ...] = ()
    kept: tuple[Difference, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the target is not what it was."""
        return bool(self.added or self.removed or self.reread or self.filled or self.followed)


def merge(target: Store, other: Store) -> MergeReport:
    """Add to `target` what `other` has and it lacks; merging twice changes nothing.

    A row on both sides stays as the target has it, but for empty fields. What programs read from a document goes as a
    whole by the newer reader. Raises UsageError for a catalogue and itself, SchemaMismatch, CatalogueBusy.
    """
    return _run(target, other, follow=False)


def update(working: Store, shipped: Store) -> MergeReport:
    """Merge a newer shipped catalogue into a working copy, whose seed-made rows follow it.

    A seed reading that changed or vanished there changes or vanishes here, unless its value was replaced by hand;
    decisions on it stay, and `decision.stale_decisions` lists the ones to review.
    """
    return _run(working, shipped, follow=True)


def _run(target: Store, other: Store, *, follow: bool) -> MergeReport:
    same_file = (
        target.path is not None and other.path is not None and target.path.resolve() == other.path.resolve()
    )
    if same_file or target.place == other.place:
        raise UsageError(f"{target.shown} is given twice: name two catalogues")
    target.check_schema()
    other.check_tables()
    with other.read() as source, target.write() as session:
        try:
            return _Merge(session, source, follow).run()
        except ValueError as error:
            raise CatalogueError(
                f"{other.shown} holds what cannot be stored: {error} (`litdb db check`)"
            ) from error


@dataclass
class _Merge:
    session: Session
    source: Session
    follow: bool
    added: dict[type[Base], list[Key]] = field(default_factory=dict)
    removed: Counter[str] = field(default_factory=Counter)
    filled: list[Difference] = field(default_factory=list)
    followed: list[Difference] = field(default_factory=list)
    kept: list[Difference] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)  # documents to derive again
    named: set[str] = field(default_factory=set)  # names that may mean something else now
    vanished: list[Key] = field(default_factory=list)  # models the seed no longer has

    def __post_init__(self) -> None:
        self.writer = Writer(self.session)
        self.translate = incoming.Translation(self.session, self.source)
        self.newer, self.older = incoming.sort_documents(self.session, self.source, self.translate)
        self.replaced = set(
            self.session.scalars(select(Decision.target).where(Decision.kind == Replace.kind))
        )

    def run(self) -> MergeReport:
        for document in sorted(self.newer):
            self._forget_machine_readings(document)
        brought: dict[type[Base], Callable[[Row], bool]] = {
            Grid: lambda row: row.values["document"] not in self.older,
            AblationRow: lambda row: _document_of_grid(row) not in self.older,
            Reading: lambda row: row.values["by"] != "reader" or row.values["document"] not in self.older,
            **incoming.wanted_models(self.session, self.source, self.translate),
        }
        for model in NATURAL:
            if model not in (Meta, SourceRow, Result):
                self._table(model, brought.get(model, lambda _row: True))
        for document in sorted(self.newer):
            self._take_reader(document)
        if self.follow:
            self._remove_vanished()
        self.writer.finish()
        self._settle()
        return self._report()

    def _table(self, model: type[Base], wanted: Callable[[Row], bool]) -> None:
        arriving = filter(wanted, map(self.translate.row, rows(self.source, model)))
        # Models point to their parents, so they go in together; of others there can be a million.
        size = None if model is Model else _PIECE
        while piece := list(islice(arriving, size)):
            here = self._present(model, piece)
            missing: dict[Key, Row] = {}
            for row in piece:
                if row.key in here:
                    self._compare(here[row.key], row)
                else:
                    missing.setdefault(row.key, row)
            self._insert(model, list(missing.values()))

    def _present(self, model: type[Base], arriving: Sequence[Row]) -> dict[Key, Row]:
        """The target's rows of the keys that arrive."""
        table = table_of(model)
        found: dict[Key, Row] = {}
        if has_number(model):
            known = self.writer.numbers(model)
            ids = [known[row.key] for row in arriving if row.key in known]
            for some in chunks(ids):
                found.update((row.key, row) for row in rows(self.session, model, table.c.id.in_(some)))
        else:
            parents = self.writer.numbers(Checkpoint)
            for checkpoint in sorted({str(row.values["checkpoint"]) for row in arriving}):
                if checkpoint in parents:
                    where = table.c.checkpoint_id == parents[checkpoint]
                    found.update((row.key, row) for row in rows(self.session, model, where))
        return found

    def _insert(self, model: type[Base], missing: Sequence[Row]) -> None:
        if model is Model:
            missing = [Row(row.table, row.key, {**row.values, "unified": None}) for row in missing]
        if model is Reading:
            grids = self.writer.numbers(Grid)
            missing = [row if row.values["grid"] in grids else _without_grid(row) for row in missing]
        if missing:
            self.writer.insert(model, missing)
            self.added.setdefault(model, []).extend(row.key for row in missing)
        for row in missing:
            if model is Reading:
                self.touched.add(self.writer.number(Document, row.values["document"]))
            elif model is ModelName:
                self.named.add(str(row.values["name"]))
        if model is Decision:
            self._touch_decided([str(row.values["target"]) for row in missing])

    def _touch_decided(self, targets: Sequence[str]) -> None:
        """The documents of readings that decisions name, or that decisions name which are undone."""
        for some in chunks(targets):
            undone = select(Decision.target).where(Decision.uid.in_(some))
            where = Reading.key.in_(some) | Reading.key.in_(undone)
            self.touched.update(self.session.scalars(select(Reading.document_id).where(where)))

    def _compare(self, mine: Row, theirs: Row) -> None:
        model = mine.table
        if model is Decision:
            return  # never changed, so the same uid is the same decision
        follows = self.follow and self._is_seed(mine, theirs)
        new: dict[str, Value] = {}
        for difference in field_differences(mine, theirs):
            name, left, right = difference.field, difference.left, difference.right
            if follows and (model is not Model or name != "unified"):
                new[name] = right
                self.followed.append(difference)
            elif right in _EMPTY or name in _APART.get(model, ()):
                continue
            elif left in _EMPTY and name in _FILLED.get(model, ()) and self._is_free(model, name, right):
                new[name] = right
                self.filled.append(difference)
            else:
                self.kept.append(difference)
        if new:
            self.writer.change(model, mine.key, new)
            self._touch(mine)

    def _is_free(self, model: type[Base], name: str, value: Value) -> bool:
        """Whether a column that holds each value once does not hold this one yet."""
        column = next(f.column for f in fields(model) if f.name == name)
        return not column.unique or self.session.scalar(select(column).where(column == value)) is None

    def _is_seed(self, mine: Row, theirs: Row) -> bool:
        """Whether the seed wrote the row and nobody else did; what a program believed gives way to the seed."""
        if mine.table is Reading:
            return mine.values["by"] == theirs.values["by"] == "seed" and mine.key not in self.replaced
        by = {Model: "made_by", ModelFact: "made_by", ModelName: "source"}.get(mine.table)
        return by is not None and theirs.values[by] == "seed" and mine.values[by] in UNDECIDED

    def _touch(self, row: Row) -> None:
        if row.table is Reading:
            self.touched.add(self.writer.number(Document, row.values["document"]))
        elif row.table is Document:
            self.touched.add(self.writer.number(Document, row.key))
        elif row.table is ModelName:
            self.named.add(str(row.values["name"]))
        elif row.table is Model:
            number = self.writer.number(Model, row.key)
            self.named.update(
                self.session.scalars(select(ModelName.name).where(ModelName.model_id == number))
            )
            derived = select(SourceRow.document_id).where(SourceRow.model_id == number)
            self.touched.update(self.session.scalars(derived))

    def _forget_machine_readings(self, document: str) -> None:
        number = self.writer.number(Document, document)
        of_rows = select(SourceRow.id).where(SourceRow.document_id == number)
        self.session.execute(delete(Result).where(Result.source_row_id.in_(of_rows)))
        self.session.execute(delete(SourceRow).where(SourceRow.document_id == number))
        self.session.execute(delete(Reading).where(Reading.document_id == number, Reading.by == "reader"))
        self.session.execute(change(Reading).where(Reading.document_id == number).values(grid_id=None))
        grids = select(Grid.id).where(Grid.document_id == number)
        self.session.execute(delete(AblationRow).where(AblationRow.grid_id.in_(grids)))
        self.session.execute(delete(Grid).where(Grid.document_id == number))
        self.touched.add(number)

    def _take_reader(self, document: str) -> None:
        self.writer.change(Document, document, self.newer[document])

    def _remove_vanished(self) -> None:
        """Take away what the seed wrote here and ships no longer."""
        self._remove_readings()
        shipped = {row.key for row in map(self.translate.row, rows(self.source, Model))}
        without_run = Model.id.not_in(select(Run.model_id))
        seeded = list(rows(self.session, Model, Model.made_by == "seed", without_run))
        self.vanished = [row.key for row in seeded if row.key not in shipped]
        for key in self.vanished:  # still there when something refers to it, but as a program's belief
            number = self.writer.number(Model, key)
            self.writer.change(Model, key, {"made_by": "reader"})
            names = change(ModelName).where(ModelName.model_id == number, ModelName.source == "seed")
            self.session.execute(names.values(source="reader"))
        named = {row.key for row in map(self.translate.row, rows(self.source, ModelName))}
        for row in list(rows(self.session, ModelName, ModelName.source == "seed")):
            if row.key not in named:
                self._touch(row)
                number = self.writer.number(ModelName, row.key)
                self.session.execute(delete(ModelName).where(ModelName.id == number))
                self.writer.forget(ModelName, [row.key])
                self.removed[ModelName.__tablename__] += 1

        facts = {row.key for row in map(self.translate.row, rows(self.source, ModelFact))}
        for row in list(rows(self.session, ModelFact, ModelFact.made_by == "seed")):
            if row.key not in facts:
                number = self.writer.number(ModelFact, row.key)
                self.session.execute(delete(ModelFact).where(ModelFact.id == number))
                self.writer.forget(ModelFact, [row.key])
                self.removed[ModelFact.__tablename__] += 1

    def _remove_readings(self) -> None:
        shipped = set(self.source.scalars(select(Reading.key).where(Reading.by == "seed")))
        here = self.session.execute(
            select(Reading.id, Reading.key, Reading.document_id).where(Reading.by == "seed")
        ).all()
        gone = [r for r in here if r.key not in shipped and r.key not in self.replaced]
        for some in chunks([r.id for r in gone]):
            self.session.execute(delete(Result).where(Result.reading_id.in_(some)))
            self.session.execute(delete(Reading).where(Reading.id.in_(some)))
        self.writer.forget(Reading, [r.key for r in gone])
        documents = {r.document_id for r in gone}
        self.touched |= documents
        if gone:
            self.removed[Reading.__tablename__] += len(gone)
        shipped_documents = {row.key for row in map(self.translate.row, rows(self.source, Document))}
        for row in list(rows(self.session, Document, Document.id.in_(documents))):
            number = self.writer.number(Document, row.key)
            read = self.session.scalar(select(Reading.id).where(Reading.document_id == number).limit(1))
            if row.key not in shipped_documents and read is None and row.values["reader"] == 0:
                self.session.execute(delete(SourceRow).where(SourceRow.document_id == number))
                self.session.execute(delete(Document).where(Document.id == number))
                self.writer.forget(Document, [row.key])
                self.touched.discard(number)
                self.removed[Document.__tablename__] += 1

    def _settle(self) -> None:
        """Apply the decisions, and derive what any of this touched."""
        self.session.expire_all()
        self.touched.update(documents_naming(self.session, *self.named))
        derive(self.session, sorted(self.touched))
        if self.added:
            reapply(self.session)
        if self.added or self.touched or self.vanished:
            forget_unused_models(self.session)
        self.session.flush()

    def _report(self) -> MergeReport:
        """Only what is still there counts as added: a model that nothing turned out to need is gone again."""
        models = set(numbers(self.session, Model))
        gone = sum(key not in models for key in self.vanished)
        if gone:
            self.removed[Model.__tablename__] += gone
        added: dict[str, int] = {}
        for model, keys in self.added.items():
            if model in (Model, ModelName):
                there = numbers(self.session, model)
                keys = [key for key in keys if key in there]
            if keys:
                added[model.__tablename__] = len(keys)
        return MergeReport(
            added,
            dict(self.removed),
            tuple(sorted(self.newer)),
            tuple(self.filled),
            tuple(self.followed),
            tuple(self.kept),
        )


def _document_of_grid(row: Row) -> Value:
    grid = row.values["grid"]
    assert isinstance(grid, tuple)
    return grid[0]


def _without_grid(row: Row) -> Row:
    return Row(row.table, row.key, {**row.values, "grid": None})
