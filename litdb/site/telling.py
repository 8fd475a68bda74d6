"""From the catalogue's values to what pages tell of a model or a paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from litdb.evidence.tracing.dive import changes
from litdb.site.told import (
    AblationLine,
    ConflictLine,
    EffectLine,
    FactLine,
    ModelTold,
    PaperTold,
    ProtocolLine,
    ReadLine,
    Ref,
    SourceLine,
    TableLine,
    ValueLine,
)
from litdb.values.origin import Origin, Status

if TYPE_CHECKING:
    from litdb.catalogue.views.pages.models import KnownModel
    from litdb.catalogue.views.pages.papers import KnownPaper, StoredTable
    from litdb.evidence.components.values import ChangedRow, Delta
    from litdb.evidence.conflicts import Disagreement
    from litdb.questions.whole.everything import Everything
    from litdb.site.links import Links
    from litdb.values.value import Value

_ENTRIES = {"hand": "read by hand", "seed": "read by hand"}


class Telling:
    """Tells of models and papers; knows which tables are kept, so that values can lead to their cells."""

    def __init__(self, everything: Everything, links: Links) -> None:
        self._all, self._links = everything, links
        self._models = {model.key: model for model in everything.models}
        self._titles = {paper.key: paper.title or paper.key for paper in everything.papers}
        self._absences = {paper.key: paper.absences for paper in everything.papers}
        self._anchors = {
            table.id: f"g{place}"
            for tables in everything.tables.values()
            for place, table in enumerate(tables, start=1)
        }
        self._runs: dict[str, list[Ref]] = {}
        for run in everything.runs:
            self._runs.setdefault(run.model, []).append(Ref(run.key, run.key, links.run(run.key)))
        self._base_rows = self._bases()

    def _bases(self) -> Mapping[str, list[ChangedRow]]:
        """The ablation rows by the model that proposes them: the one of the base row's name in that paper."""
        found: dict[str, list[ChangedRow]] = {}
        for paper, rows in self._all.comparisons.items():
            names = {v.name: v.model for v in self._all.in_papers.get(paper, ())}
            for row in rows:
                if (model := names.get(row.base_model)) is not None:
                    owner = self._models.get(model)
                    found.setdefault(model, []).append(row)
                    if owner is not None and owner.parent:
                        found.setdefault(owner.parent, []).append(row)
        return found

    def model_ref(self, key: str) -> Ref:
        """A model with its page."""
        known = self._models.get(key)
        return Ref(key, known.name if known is not None else key, self._links.model(key))

    def named(self, name: str) -> Ref:
        """An own model by its name, as runs name it."""
        key = next((model.key for model in self._models.values() if model.own and model.name == name), "")
        return self.model_ref(key) if key else Ref(name, name)

    def paper_ref(self, key: str) -> Ref | None:
        """A paper with its page; None for none."""
        return Ref(key, self._titles.get(key, key), self._links.paper(key)) if key else None

    def model(self, model: KnownModel) -> ModelTold:
        """All that is known of a model."""
        everything = self._all
        return ModelTold(
            model.key, model.name, model.kind, model.own, model.year, self.paper_ref(model.paper),
            self.model_ref(model.parent) if model.parent else None, tuple(map(self.model_ref, model.children)),
            model.names, model.unified, tuple(self._absences.get(model.paper, ())),
            tuple(
                FactLine(fact.item, fact.component, fact.source, fact.remark, fact.by)
                for fact in everything.facts.get(model.key, ())
            ) + tuple(
                FactLine(one.title, one.text, one.source, one.remark, one.by)
                for one in everything.said.get(model.key, ())
            ),
            tuple(map(self.value, everything.values.get(model.key, ()))),
            tuple(map(self.conflict, everything.conflicts.get(model.key, ()))),
            tuple(map(self.ablation, self._base_rows.get(model.key, ()))),
            everything.cards.get(model.key),
            tuple(self._runs.get(model.name, ())) if model.own else (),
        )  # fmt: skip

    def paper(self, paper: KnownPaper) -> PaperTold:
        """All that is known of a paper."""
        values = self._all.in_papers.get(paper.key, ())
        tables = self._all.tables.get(paper.key, ())
        kept = {table.id for table in tables}
        by_grid: dict[int, list[Value]] = {}
        apart = []
        for value in values:
            if value.cell.grid in kept and value.cell.row is not None and value.cell.column is not None:
                by_grid.setdefault(value.cell.grid or 0, []).append(value)
            else:
                apart.append(value)
        counted = [v for v in values if v.status is not Status.REJECTED]
        return PaperTold(
            paper.key, paper.title, paper.authors, paper.arxiv_id, paper.doi, paper.date, paper.venue, paper.withdrawn,
            paper.versions, paper.documents, tuple(map(self.model_ref, paper.models)), paper.absences, changes(counted),
            tuple(self._table(table, by_grid.get(table.id, ())) for table in tables),
            tuple(map(self.value, apart)),
            tuple(map(self.ablation, self._all.comparisons.get(paper.key, ()))),
        )  # fmt: skip

    def _table(self, table: StoredTable, values: Iterable[Value]) -> TableLine:
        read = tuple(
            ReadLine(
                v.cell.row or 0, v.cell.column or 0, v.key, self.model_ref(v.model), v.metric, v.dataset, v.said,
                v.status, "; ".join(notes_of(v)), v.printed if v.corrections else "",
            )
            for v in values
        )  # fmt: skip
        rows = tuple(map(tuple, table.rows))
        return TableLine(
            self._anchors[table.id],
            table.source,
            table.url,
            table.caption,
            table.version,
            table.kind,
            rows,
            read,
        )

    def value(self, value: Value) -> ValueLine:
        """One result with its source."""
        row = value.row
        return ValueLine(
            value.key, self.model_ref(value.model), value.metric, value.dataset, value.value, value.said,
            value.uncertainty, row.origin, value.status, row.place, row.document.url, row.label, value.paper,
            value.version, value.entry, self.cell(value), value.key in self._all.shown, notes_of(value),
            tuple(ProtocolLine(name, item.value, item.basis, item.note) for name, item in value.protocol.items),
        )  # fmt: skip

    def cell(self, value: Value) -> str:
        """The address of a value's cell in the page of its paper, '' where there is none."""
        at = value.cell
        page = self._links.paper(value.paper)
        if not page or at.grid not in self._anchors or at.row is None or at.column is None:
            return page
        return f"{page}#{self._anchors[at.grid]}-{at.row}-{at.column}"

    def conflict(self, one: Disagreement) -> ConflictLine:
        """A conflict with all its sources."""
        sides = tuple(tuple(map(_source, side.sources)) for side in one.sides)
        made = one.resolution
        settled = ""
        if made is not None and one.state != "open":
            settled = f"{f'keep {made.keep[:8]}' if made.keep else 'both stand'}: {made.reason}"
        return ConflictLine(
            one.id, self.model_ref(one.model), one.metric, one.dataset, one.possible, one.state, one.unknown, sides,
            one.explanation, settled,
        )  # fmt: skip

    def ablation(self, row: ChangedRow) -> AblationLine:
        """A changed row of an ablation table; corrected numbers say so."""
        corrected = {
            (value.row.label, value.metric, value.dataset): "; ".join(map(str, value.corrections))
            for value in self._all.in_papers.get(row.paper, ())
            if value.corrections and value.place == row.place
        }
        return AblationLine(
            row.place, row.url, row.base_label, row.label, row.words, row.action, row.components, row.replacement,
            tuple(_effect(delta, row, corrected) for delta in row.deltas), row.seeded,
        )  # fmt: skip


def notes_of(value: Value) -> tuple[str, ...]:
    """What must be said beside a value wherever it stands: who gives it, what is corrected, inferred, partial or odd."""
    return tuple(dict.fromkeys(filter(None, _notes(value))))


def _notes(value: Value) -> Iterator[str]:
    if value.row.origin.second_hand:
        yield value.row.origin.second_hand
    yield from map(str, value.corrections)
    yield value.contested
    yield value.withdrawn
    if value.kept is not None:
        yield f"a conflict was settled in favour of it: {value.kept.reason}"
    if value.approximate:
        yield f"printed as {value.source_printed}"
    files, expected = value.protocol.get("files"), value.protocol.get("files_expected")
    if files and expected and files != expected:
        yield f"partial: {files} of {expected} files"
    inferred = [f"{name} {item.value}" for name, item in value.protocol.items if item.basis == "inferred"]
    if inferred:
        yield f"inferred, not stated: {', '.join(inferred)}"
    yield from value.marks
    yield from value.flags
    yield value.remark
    if value.origin is not Origin.MEASURED:
        yield _ENTRIES.get(value.entry, "")
    if value.status is Status.PROPOSED:
        yield "proposed: read by litdb and not reviewed yet"
        yield from value.reasons


def _source(value: Value) -> SourceLine:
    return SourceLine(
        value.key, value.said, value.origin, value.cited, value.row.document.url, notes_of(value)
    )


def _effect(delta: Delta, row: ChangedRow, corrected: Mapping[tuple[str, str, str], str]) -> EffectLine:
    difference = Decimal(repr(delta.changed)) - Decimal(repr(delta.base))
    notes = [
        f"{label}: {said}"
        for label in (row.base_label, row.label)
        if (said := corrected.get((label, delta.metric, delta.dataset)))
    ]
    return EffectLine(
        delta.metric, delta.dataset, delta.base_printed, delta.changed_printed, f"{difference.normalize():+f}",
        "; ".join(notes),
    )  # fmt: skip


def by_dataset(values: Sequence[ValueLine]) -> list[tuple[str, list[ValueLine]]]:
    """Values by test set, those with most first; what needs no test set last."""
    found: dict[str, list[ValueLine]] = {}
    for value in values:
        found.setdefault(value.dataset, []).append(value)
    return sorted(found.items(), key=lambda item: (not item[0], -len(item[1]), item[0].casefold()))
