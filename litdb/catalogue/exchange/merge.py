"""Bringing what one catalogue knows into another.

`merge` appends what is missing and overwrites nothing. `update` does the same with a newer shipped catalogue, and what
the seed wrote into the working copy follows the shipped text; what people decided or added stays. Both are one
transaction, and both leave derivation to say what follows: results are never copied.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
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
    CitationRow,
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
from litdb.catalogue.decisions import decide_again, reapply
from litdb.catalogue.derive import derive, documents_naming, forget_unused_models
from litdb.catalogue.exchange import translate as incoming
from litdb.catalogue.exchange.current import current
from litdb.catalogue.exchange.dump import FieldDifference, field_differences
from litdb.catalogue.exchange.merged import MergeReport, Take
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
from litdb.catalogue.exchange.rivals import Rivals
from litdb.catalogue.exchange.vanished import Vanished
from litdb.catalogue.exchange.writer import Writer
from litdb.catalogue.views.in_force import contests
from litdb.errors import CatalogueError, UsageError

#: Fields that are filled where the target has nothing. Elsewhere an empty field says something.
_FILLED: dict[type[Base], frozenset[str]] = {
    PaperRow: frozenset(f.name for f in fields(PaperRow)) - {"key"},
    VersionRow: frozenset({"submitted", "withdrawn"}),
    DocumentRow: frozenset({"paper", "version"}),
    ModelRow: frozenset({"paper", "parent"}),
    RunRow: frozenset({"recipe", "details"}),
    CheckpointRow: frozenset({"sha256", "epoch", "criterion", "selected_on", "date", "details"}),
    ReadingRow: frozenset({"row", "page", "remark", "flags"}),
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


def merge(target: Store, other: Store, take: Take | None = None) -> MergeReport:
    """Add to `target` what `other` has and it lacks; merging twice changes nothing.

    A row on both sides stays as the target has it, but for empty fields. What programs read from a document goes as a
    whole by the newer reader. Numbers of one run that differ are both kept, unless `take` says whose stands
    (:mod:`litdb.catalogue.exchange.rivals`); decisions that contradict one another are settled by it too. Raises
    UsageError for a catalogue and itself, SchemaMismatch, CatalogueBusy.
    """
    return _run(target, other, follow=False, take=take)


def update(working: Store, shipped: Store) -> MergeReport:
    """Merge a newer shipped catalogue into a working copy, whose seed-made rows follow it.

    A seed reading that changed or vanished there changes or vanishes here, unless its value was replaced by hand;
    decisions on it stay, and `decision.stale_decisions` lists the ones to review.
    """
    return _run(working, shipped, follow=True)


def _run(target: Store, other: Store, *, follow: bool, take: Take | None = None) -> MergeReport:
    same_file = (
        target.path is not None and other.path is not None and target.path.resolve() == other.path.resolve()
    )
    if same_file or target.place == other.place:
        raise UsageError(f"{target.shown} is given twice: name two catalogues")
    target.check_schema()
    with current(other) as readable, readable.read() as source, target.write() as session:
        try:
            return _Merge(session, source, follow, take).run()
        except ValueError as error:
            raise CatalogueError(
                f"{other.shown} holds what cannot be stored: {error} (`litdb db check`)"
            ) from error


@dataclass
class _Merge:
    session: Session
    source: Session
    follow: bool
    take: Take | None = None
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
        self.rivals = Rivals(self.session, self.source, self.translate, self.take)
        self.known = set(self.session.scalars(select(DecisionRow.uid)))
        self.newer, self.older = incoming.sort_documents(self.session, self.source, self.translate)
        self.replaced = set(
            self.session.scalars(select(DecisionRow.target).where(DecisionRow.kind == Replace.kind))
        )

    def run(self) -> MergeReport:
        if not self.follow:
            self.rivals.prepare()
        for document in sorted(self.newer):
            self._forget_machine_readings(document)
        brought: dict[type[Base], Callable[[PortableRow], bool]] = {
            GridRow: lambda row: row.values["document"] not in self.older,
            CitationRow: lambda row: row.values["document"] not in self.older,
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
            self._put_in_order(mine, theirs)
            return  # never changed, so the same uid is the same decision
        if model is ReadingRow and mine.key in self.rivals.mine:
            return
        replaced = model is ReadingRow and mine.key in self.rivals.theirs
        follows = self.follow and self._is_seed(mine, theirs)
        if model is CheckpointRow and _was(mine, theirs):
            return  # the run went on here
        replaced = replaced or (model is CheckpointRow and _was(theirs, mine))
        new: dict[str, Value] = {}
        for difference in field_differences(mine, theirs):
            name, left, right = difference.field, difference.left, difference.right
            if replaced and name not in ("document", "checkpoint", "grid", "run", "declared_on"):
                new[name] = right
                if name == "value":
                    self.followed.append(difference)
            elif follows and (model is not ModelRow or name != "unified"):
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

    def _put_in_order(self, mine: PortableRow, theirs: PortableRow) -> None:
        """Two catalogues may have numbered a decision of before differently: the greater number and all knowledge count."""
        new: dict[str, Value] = {
            "sequence": max(int(str(row.values["sequence"])) for row in (mine, theirs)),
            "after": json.dumps(
                sorted({uid for row in (mine, theirs) for uid in json.loads(str(row.values["after"]))})
            ),
        }
        if set(json.loads(str(mine.values["after"]))) == set(json.loads(str(new["after"]))):
            new["after"] = mine.values["after"]
        if any(mine.values[name] != value for name, value in new.items()):
            self.writer.change(DecisionRow, mine.key, new)
            self._touch_decided([str(mine.values["target"])])

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
        self.session.execute(delete(CitationRow).where(CitationRow.document_id == number))
        self.touched.add(number)

    def _take_reader(self, document: str) -> None:
        self.writer.change(DocumentRow, document, self.newer[document])

    def _remove_vanished(self) -> None:
        """Take away what the seed wrote here and ships no longer."""
        gone = Vanished(self.session, self.source, self.writer, self.translate, self.replaced)
        gone.remove()
        self.vanished = gone.models
        self.removed.update(gone.removed)
        self.touched = (self.touched | gone.touched) - gone.forgotten
        for row in gone.names:
            self._touch(row)

    def _settle(self) -> None:
        """Apply the decisions, and derive what any of this touched."""
        self.session.expire_all()
        self.rivals.finish()
        self.touched |= self.rivals.touched
        self.touched.update(documents_naming(self.session, *self.named))
        derive(self.session, sorted(self.touched))
        if self.added:
            reapply(self.session)
        if self.added or self.touched or self.vanished:
            forget_unused_models(self.session)
        self.contested = tuple(self._contested()) if DecisionRow in self.added else ()
        self.session.flush()

    def _contested(self) -> Iterator[str]:
        """Contests that this merge brought, those left out that are settled by taking a side."""
        came = set(self.added[DecisionRow])
        for contest in contests(self.session):
            if not contest.open or not any(decision.uid in came for decision in contest.decisions):
                continue
            mine = [decision for decision in contest.decisions if decision.uid in self.known]
            theirs = [decision for decision in contest.decisions if decision.uid not in self.known]
            if self.take is None:
                yield f"{contest.target[:12]}: {contest}"
            else:
                side = mine if self.take is Take.MINE else theirs
                decide_again(self.session, side[-1], f"merge: the decision of {side[-1].who} was taken")

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
            tuple(self.rivals.conflicts),
            self.contested,
        )


def _was(now: PortableRow, before: PortableRow) -> bool:
    """Whether a checkpoint is a later state of what it is in the other catalogue."""
    earlier = json.loads(str(now.values["details"])).get("earlier", [])
    return before.values["sha256"] in [state.get("sha256") for state in earlier]


def _document_of_grid(row: PortableRow) -> Value:
    grid = row.values["grid"]
    assert isinstance(grid, tuple)
    return grid[0]


def _without_grid(row: PortableRow) -> PortableRow:
    return PortableRow(row.table, row.key, {**row.values, "grid": None})
