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
    AbsenceRow,
    Base,
    CheckpointRow,
    DecisionRow,
    DocumentRow,
    FactRow,
    GridRow,
    MetaRow,
    ModelRow,
    NameRow,
    PaperRow,
    ReadingRow,
    ResultRow,
    RunRow,
    StoredRow,
    VersionRow,
)
from litdb.catalogue.database.session import Store
from litdb.catalogue.decision import Replace
from litdb.catalogue.decisions import reapply
from litdb.catalogue.derive import derive, documents_naming, forget_unused_models
from litdb.catalogue.exchange import translate as incoming
from litdb.catalogue.exchange.current import current
from litdb.catalogue.exchange.dump import FieldDifference, field_differences
from litdb.catalogue.exchange.portable import (
    Key,
    PortableRow,
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
    PaperRow: frozenset(f.name for f in fields(PaperRow)) - {"key"},
    VersionRow: frozenset({"submitted", "withdrawn"}),
    DocumentRow: frozenset({"paper", "version"}),
    ModelRow: frozenset({"paper", "parent"}),
    RunRow: frozenset({"recipe", "details"}),
    CheckpointRow: frozenset({"sha256", "epoch", "criterion", "selected_on", "date", "details"}),
    ReadingRow: frozenset({"row", "page", "remark"}),
    AbsenceRow: frozenset({"remark"}),
}
#: Rows that are compared and inserted at once.
_PIECE = 5000
_EMPTY = (None, "", "[]", "{}")
#: Fields that are not compared: decisions say those of models and checkpoints, the last reading those of documents.
_APART = {
    ModelRow: {"unified"},
    CheckpointRow: {"declared_on"},
    DocumentRow: {"reader", "priors", "sha256", "fetched_at"},
    NameRow: {"source"},
}


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge did: rows added, changed and removed by table, and what was left as it stood.

    `filled` and `followed` have the old value left and the new one right; `kept` the target's left, the other's right.
    """

    added: Mapping[str, int] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    reread: tuple[str, ...] = ()
    filled: tuple[FieldDifference, ...] = ()
    followed: tuple[FieldDifference, ...] = ()
    kept: tuple[FieldDifference, ...] = ()

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
    with current(other) as readable, readable.read() as source, target.write() as session:
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
    filled: list[FieldDifference] = field(default_factory=list)
    followed: list[FieldDifference] = field(default_factory=list)
    kept: list[FieldDifference] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)  # documents to derive again
    named: set[str] = field(default_factory=set)  # names that may mean something else now
    vanished: list[Key] = field(default_factory=list)  # models the seed no longer has

    def __post_init__(self) -> None:
        self.writer = Writer(self.session)
        self.translate = incoming.Translation(self.session, self.source)
        self.newer, self.older = incoming.sort_documents(self.session, self.source, self.translate)
        self.replaced = set(
            self.session.scalars(select(DecisionRow.target).where(DecisionRow.kind == Replace.kind))
        )

    def run(self) -> MergeReport:
        for document in sorted(self.newer):
            self._forget_machine_readings(document)
        brought: dict[type[Base], Callable[[PortableRow], bool]] = {
            GridRow: lambda row: row.values["document"] not in self.older,
            AblationRow: lambda row: _document_of_grid(row) not in self.older,
            ReadingRow: lambda row: row.values["by"] != "reader" or row.values["document"] not in self.older,
            **incoming.wanted_models(self.session, self.source, self.translate),
        }
        for model in NATURAL:
            if model not in (MetaRow, StoredRow, ResultRow):
                self._table(model, brought.get(model, lambda _row: True))
        for document in sorted(self.newer):
            self._take_reader(document)
        if self.follow:
            self._remove_vanished()
        self.writer.finish()
        self._settle()
        return self._report()

    def _table(self, model: type[Base], wanted: Callable[[PortableRow], bool]) -> None:
        arriving = filter(wanted, map(self.translate.row, rows(self.source, model)))
        # Models point to their parents, so they go in together; of others there can be a million.
        size = None if model is ModelRow else _PIECE
        while piece := list(islice(arriving, size)):
            here = self._present(model, piece)
            missing: dict[Key, PortableRow] = {}
            for row in piece:
                if row.key in here:
                    self._compare(here[row.key], row)
                else:
                    missing.setdefault(row.key, row)
            self._insert(model, list(missing.values()))

    def _present(self, model: type[Base], arriving: Sequence[PortableRow]) -> dict[Key, PortableRow]:
        """The target's rows of the keys that arrive."""
        table = table_of(model)
        found: dict[Key, PortableRow] = {}
        if has_number(model):
            known = self.writer.numbers(model)
            ids = [known[row.key] for row in arriving if row.key in known]
            for some in chunks(ids):
                found.update((row.key, row) for row in rows(self.session, model, table.c.id.in_(some)))
        else:
            parents = self.writer.numbers(CheckpointRow)
            for checkpoint in sorted({str(row.values["checkpoint"]) for row in arriving}):
                if checkpoint in parents:
                    where = table.c.checkpoint_id == parents[checkpoint]
                    found.update((row.key, row) for row in rows(self.session, model, where))
        return found

    def _insert(self, model: type[Base], missing: Sequence[PortableRow]) -> None:
        if model is ModelRow:
            missing = [PortableRow(row.table, row.key, {**row.values, "unified": None}) for row in missing]
        if model is ReadingRow:
            grids = self.writer.numbers(GridRow)
            missing = [row if row.values["grid"] in grids else _without_grid(row) for row in missing]
        if missing:
            self.writer.insert(model, missing)
            self.added.setdefault(model, []).extend(row.key for row in missing)
        for row in missing:
            if model is ReadingRow:
                self.touched.add(self.writer.number(DocumentRow, row.values["document"]))
            elif model is NameRow:
                self.named.add(str(row.values["name"]))
        if model is DecisionRow:
            self._touch_decided([str(row.values["target"]) for row in missing])

    def _touch_decided(self, targets: Sequence[str]) -> None:
        """The documents of readings that decisions name, or that decisions name which are undone."""
        for some in chunks(targets):
            undone = select(DecisionRow.target).where(DecisionRow.uid.in_(some))
            where = ReadingRow.key.in_(some) | ReadingRow.key.in_(undone)
            self.touched.update(self.session.scalars(select(ReadingRow.document_id).where(where)))

    def _compare(self, mine: PortableRow, theirs: PortableRow) -> None:
        model = mine.table
        if model is DecisionRow:
            return  # never changed, so the same uid is the same decision
        follows = self.follow and self._is_seed(mine, theirs)
        new: dict[str, Value] = {}
        for difference in field_differences(mine, theirs):
            name, left, right = difference.field, difference.left, difference.right
            if follows and (model is not ModelRow or name != "unified"):
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

    def _is_seed(self, mine: PortableRow, theirs: PortableRow) -> bool:
        """Whether the seed wrote the row and nobody else did; what a program believed gives way to the seed."""
        if mine.table is ReadingRow:
            return mine.values["by"] == theirs.values["by"] == "seed" and mine.key not in self.replaced
        by = {ModelRow: "made_by", FactRow: "made_by", NameRow: "source"}.get(mine.table)
        return by is not None and theirs.values[by] == "seed" and mine.values[by] in UNDECIDED

    def _touch(self, row: PortableRow) -> None:
        if row.table is ReadingRow:
            self.touched.add(self.writer.number(DocumentRow, row.values["document"]))
        elif row.table is DocumentRow:
            self.touched.add(self.writer.number(DocumentRow, row.key))
        elif row.table is NameRow:
            self.named.add(str(row.values["name"]))
        elif row.table is ModelRow:
            number = self.writer.number(ModelRow, row.key)
            self.named.update(self.session.scalars(select(NameRow.name).where(NameRow.model_id == number)))
            derived = select(StoredRow.document_id).where(StoredRow.model_id == number)
            self.touched.update(self.session.scalars(derived))

    def _forget_machine_readings(self, document: str) -> None:
        number = self.writer.number(DocumentRow, document)
        of_rows = select(StoredRow.id).where(StoredRow.document_id == number)
        self.session.execute(delete(ResultRow).where(ResultRow.source_row_id.in_(of_rows)))
        self.session.execute(delete(StoredRow).where(StoredRow.document_id == number))
        self.session.execute(
            delete(ReadingRow).where(ReadingRow.document_id == number, ReadingRow.by == "reader")
        )
        self.session.execute(change(ReadingRow).where(ReadingRow.document_id == number).values(grid_id=None))
        grids = select(GridRow.id).where(GridRow.document_id == number)
        self.session.execute(delete(AblationRow).where(AblationRow.grid_id.in_(grids)))
        self.session.execute(delete(GridRow).where(GridRow.document_id == number))
        self.touched.add(number)

    def _take_reader(self, document: str) -> None:
        self.writer.change(DocumentRow, document, self.newer[document])

    def _remove_vanished(self) -> None:
        """Take away what the seed wrote here and ships no longer."""
        self._remove_readings()
        shipped = {row.key for row in map(self.translate.row, rows(self.source, ModelRow))}
        without_run = ModelRow.id.not_in(select(RunRow.model_id))
        seeded = list(rows(self.session, ModelRow, ModelRow.made_by == "seed", without_run))
        self.vanished = [row.key for row in seeded if row.key not in shipped]
        for key in self.vanished:  # still there when something refers to it, but as a program's belief
            number = self.writer.number(ModelRow, key)
            self.writer.change(ModelRow, key, {"made_by": "reader"})
            names = change(NameRow).where(NameRow.model_id == number, NameRow.source == "seed")
            self.session.execute(names.values(source="reader"))
        named = {row.key for row in map(self.translate.row, rows(self.source, NameRow))}
        for row in list(rows(self.session, NameRow, NameRow.source == "seed")):
            if row.key not in named:
                self._touch(row)
                number = self.writer.number(NameRow, row.key)
                self.session.execute(delete(NameRow).where(NameRow.id == number))
                self.writer.forget(NameRow, [row.key])
                self.removed[NameRow.__tablename__] += 1

        facts = {row.key for row in map(self.translate.row, rows(self.source, FactRow))}
        for row in list(rows(self.session, FactRow, FactRow.made_by == "seed")):
            if row.key not in facts:
                number = self.writer.number(FactRow, row.key)
                self.session.execute(delete(FactRow).where(FactRow.id == number))
                self.writer.forget(FactRow, [row.key])
                self.removed[FactRow.__tablename__] += 1

    def _remove_readings(self) -> None:
        shipped = set(self.source.scalars(select(ReadingRow.key).where(ReadingRow.by == "seed")))
        here = self.session.execute(
            select(ReadingRow.id, ReadingRow.key, ReadingRow.document_id).where(ReadingRow.by == "seed")
        ).all()
        gone = [r for r in here if r.key not in shipped and r.key not in self.replaced]
        for some in chunks([r.id for r in gone]):
            self.session.execute(delete(ResultRow).where(ResultRow.reading_id.in_(some)))
            self.session.execute(delete(ReadingRow).where(ReadingRow.id.in_(some)))
        self.writer.forget(ReadingRow, [r.key for r in gone])
        documents = {r.document_id for r in gone}
        self.touched |= documents
        if gone:
            self.removed[ReadingRow.__tablename__] += len(gone)
        shipped_documents = {row.key for row in map(self.translate.row, rows(self.source, DocumentRow))}
        for row in list(rows(self.session, DocumentRow, DocumentRow.id.in_(documents))):
            number = self.writer.number(DocumentRow, row.key)
            read = self.session.scalar(select(ReadingRow.id).where(ReadingRow.document_id == number).limit(1))
            if row.key not in shipped_documents and read is None and row.values["reader"] == 0:
                self.session.execute(delete(StoredRow).where(StoredRow.document_id == number))
                self.session.execute(delete(DocumentRow).where(DocumentRow.id == number))
                self.writer.forget(DocumentRow, [row.key])
                self.touched.discard(number)
                self.removed[DocumentRow.__tablename__] += 1

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
        models = set(numbers(self.session, ModelRow))
        gone = sum(key not in models for key in self.vanished)
        if gone:
            self.removed[ModelRow.__tablename__] += gone
        added: dict[str, int] = {}
        for model, keys in self.added.items():
            if model in (ModelRow, NameRow):
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


def _document_of_grid(row: PortableRow) -> Value:
    grid = row.values["grid"]
    assert isinstance(grid, tuple)
    return grid[0]


def _without_grid(row: PortableRow) -> PortableRow:
    return PortableRow(row.table, row.key, {**row.values, "grid": None})
