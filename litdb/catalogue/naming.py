"""Which model a row label means.

A name resolves within its document, then within its paper, then everywhere; a name somebody decided on goes before
one a program or the seed gave. A name that fits several models is not guessed at: the row gets a model of its own
within the paper, and its results wait for a decision. Such a stand-in gives way as soon as the name is settled, so that
deriving again says what deriving from nothing would.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from litdb.catalogue.database.batches import batches
from litdb.catalogue.database.schema import UNDECIDED, DocumentRow, ModelRow, NameRow, PaperRow, ReadingRow
from litdb.errors import Ambiguous, NotFound
from litdb.values.names import MOST_OF_A_NAME, fold_name, slug


@dataclass(frozen=True, slots=True)
class Resolved:
    """A model and whether the name alone was enough to be sure of it."""

    model: ModelRow
    sure: bool = True


@dataclass
class Naming:
    """Resolves labels inside one transaction; makes the models that are missing."""

    session: Session
    _names: dict[str, list[NameRow]] = field(default_factory=dict)
    _models: dict[int, ModelRow | None] = field(default_factory=dict)  # a session forgets what nobody holds

    def know(self, folded: Iterable[str]) -> None:
        """Ask for the names of these folded forms and for their models at once, before each is resolved."""
        for some in batches(set(folded) - self._names.keys()):
            self._names |= {one: [] for one in some}
            for name in self.session.scalars(select(NameRow).where(NameRow.folded.in_(some))):
                self._names[name.folded].append(name)
            ids = {name.model_id for one in some for name in self._names[one]} - self._models.keys()
            models = self.session.scalars(select(ModelRow).where(ModelRow.id.in_(ids)))
            self._models |= {model.id: model for model in models}

    def names(self, folded: str) -> list[NameRow]:
        """All names of that folded form."""
        if folded not in self._names:
            found = self.session.scalars(select(NameRow).where(NameRow.folded == folded)).all()
            self._names[folded] = list(found)
        return self._names[folded]

    def resolve(
        self, reading: ReadingRow, document: DocumentRow, cited: frozenset[int] = frozenset()
    ) -> Resolved:
        """The model that a reading is about. `cited` are papers the row cites, by id."""
        paper = document.paper
        stand_in: ModelRow | None = None
        for scope in (document.key, *([paper.key] if paper else [])):
            names = [n for n in self.names(reading.folded) if n.scope == scope]
            inside = self._pick(names)
            if len(inside) == 1:
                if not _stands_in(inside[0], names):
                    return Resolved(inside[0])
                stand_in = stand_in or inside[0]
        everywhere = self._pick([n for n in self.names(reading.folded) if n.scope == ""])
        if reading.kind == "ablation" or (reading.kind == "variant" and not everywhere):
            return Resolved(stand_in or self._within(reading, document))
        if reading.own and paper is not None:
            return Resolved(self._own(reading, document, paper, everywhere))
        if len(everywhere) > 1 and cited:
            everywhere = [m for m in everywhere if m.paper_id in cited] or everywhere
        if len(everywhere) == 1:
            return Resolved(everywhere[0])
        if everywhere:
            return Resolved(stand_in or self._within(reading, document), sure=False)
        return Resolved(stand_in or self.make(reading.system, kind=reading.kind))

    def _pick(self, names: list[NameRow]) -> list[ModelRow]:
        decided = [name for name in names if name.source not in UNDECIDED]
        ids = {name.model_id for name in (decided or names)}
        models = self._of(sorted(ids))
        one = {model.unified_id or model.id for model in models}
        if len(models) > 1 and len(one) == 1:  # several by name, but decided to be one
            return self._of(one)
        return models

    def _of(self, ids: Iterable[int]) -> list[ModelRow]:
        for number in ids:
            if number not in self._models:
                self._models[number] = self.session.get(ModelRow, number)
        return [model for number in ids if (model := self._models[number]) is not None]

    def _own(
        self, reading: ReadingRow, document: DocumentRow, paper: PaperRow, everywhere: list[ModelRow]
    ) -> ModelRow:
        """The paper's own model: one that is known as this paper's, one without a paper yet, or a new one."""
        for model in everywhere:
            if model.paper_id == paper.id:
                return model
        free = [
            model
            for model in everywhere
            if model.paper_id is None and not model.own and model.kind != "reference"
        ]
        if len(free) == 1:
            if free[0].made_by == "reader":
                free[0].paper_id = paper.id
            else:
                self.name(free[0], reading.system, scope=paper.key)
            return free[0]
        if everywhere:
            return self._within(reading, document)
        return self.make(reading.system, kind=reading.kind, paper=paper)

    def _within(self, reading: ReadingRow, document: DocumentRow) -> ModelRow:
        """A model known under this name in this paper (or document without one) only."""
        paper = document.paper
        scope = paper.key if paper else document.key
        return self.make(
            reading.system,
            kind=reading.kind,
            paper=paper if reading.own else None,
            scope=scope,
            parent=self._parent(reading, scope),
        )

    def _parent(self, reading: ReadingRow, scope: str) -> ModelRow | None:
        if not reading.parent:
            return None
        names = self.names(fold_name(reading.parent))
        for where in (scope, ""):
            models = self._pick([name for name in names if name.scope == where])
            if len(models) == 1:
                return models[0]
        return None

    def make(
        self,
        name: str,
        *,
        kind: str = "system",
        paper: PaperRow | None = None,
        scope: str = "",
        parent: ModelRow | None = None,
        own: bool = False,
        made_by: str = "reader",
        key: str | None = None,
    ) -> ModelRow:
        """A new model with its first name. The key is the name, with the scope where that is taken."""
        model = ModelRow(
            key=self._free_key(key or slug(name), scope),
            name=name,
            kind=kind,
            own=own,
            made_by=made_by,
            paper_id=paper.id if paper else None,
            parent_id=parent.id if parent else None,
        )
        self.session.add(model)
        self.session.flush()
        self.name(model, name, scope=scope, source="seed" if made_by == "seed" else "reader")
        return model

    def _free_key(self, wanted: str, scope: str) -> str:
        taken = set(
            self.session.scalars(select(ModelRow.key).where(ModelRow.key.startswith(wanted, autoescape=True)))
        )
        if wanted not in taken:
            return wanted
        scoped = f"{wanted}@{scope}" if scope else f"{wanted}@2"
        number = 2
        while scoped in taken:
            number += 1
            scoped = f"{wanted}@{scope or ''}{'.' if scope else ''}{number}"
        return scoped

    def name(self, model: ModelRow, name: str, *, scope: str = "", source: str = "reader") -> NameRow:
        """Record a name of a model; the same name twice changes nothing."""
        folded = fold_name(name)
        for known in self.names(folded):
            if known.model_id == model.id and known.scope == scope:
                return known
        entry = NameRow(model_id=model.id, name=name, folded=folded, scope=scope, source=source)
        self.session.add(entry)
        self.session.flush()
        self._names[folded].append(entry)
        return entry


def _stands_in(model: ModelRow, names: list[NameRow]) -> bool:
    """Whether a model was made for a row nobody could place: by a reader, in no paper's name, never decided on."""
    return model.made_by == "reader" and model.paper_id is None and all(n.source == "reader" for n in names)


def find_model(session: Session, text: str) -> ModelRow:
    """The model a user means: its key, else a name. Raises NotFound with near names, Ambiguous with the choice."""
    model = session.scalar(select(ModelRow).where(ModelRow.key == text))
    if model is None and len(text) > MOST_OF_A_NAME:
        raise NotFound(f"no model is called {text[:40]!r}...: a name has at most {MOST_OF_A_NAME} characters")
    if model is None:
        ids = set(
            session.scalars(
                select(NameRow.model_id).where(NameRow.folded == fold_name(text), NameRow.scope == "")
            )
        ) or set(session.scalars(select(NameRow.model_id).where(NameRow.folded == fold_name(text))))
        models = [m for m in (session.get(ModelRow, i) for i in sorted(ids)) if m is not None]
        targets = {m.unified_id or m.id for m in models}
        if len(targets) > 1:
            choice = sorted(m.key for m in models)
            raise Ambiguous(
                f"{text!r} is the name of several models: say which one of {', '.join(choice)}", choice=choice
            )
        if not models:
            raise NotFound(f"no model is called {text!r}{_near(session, text)}")
        model = models[0]
    while model.unified_id is not None:
        following = session.get(ModelRow, model.unified_id)
        assert following is not None
        model = following
    return model


def namesakes(session: Session, keys: Iterable[str]) -> dict[str, list[str]]:
    """For each of these models, the keys of other models that go by one of its names, in some paper or everywhere."""
    mine, theirs = aliased(NameRow), aliased(NameRow)
    one, other = aliased(ModelRow), aliased(ModelRow)
    query = (
        select(one.key, other.key)
        .join(mine, mine.model_id == one.id)
        .join(theirs, (theirs.folded == mine.folded) & (theirs.model_id != mine.model_id))
        .join(other, other.id == theirs.model_id)
        .where(func.coalesce(one.unified_id, one.id) != func.coalesce(other.unified_id, other.id))
        .where(other.kind != "reference")
        .distinct()
    )
    found: dict[str, list[str]] = defaultdict(list)
    for some in batches(keys):
        for key, namesake in session.execute(query.where(one.key.in_(some)).order_by(one.key, other.key)):
            found[key].append(namesake)
    return dict(found)


def _near(session: Session, text: str) -> str:
    import difflib

    names = {name.folded: name.name for name in session.scalars(select(NameRow))}
    near = difflib.get_close_matches(fold_name(text), list(names), n=3, cutoff=0.6)
    if not near:
        return ": `litdb models` lists them"
    return f": did you mean {' or '.join(names[key] for key in near)}?"
