"""`query_models` and `get_model`: the models that meet conditions, and what is known of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from litdb.errors import NotFound, UsageError
from litdb.mcp.answers import ToolAnswer, nothing
from litdb.mcp.lookup import keys_of
from litdb.mcp.text import key, on_set, place, printed, quote, result
from litdb.values.origin import Origin, Status
from litdb.vocabulary import vocabulary

if TYPE_CHECKING:
    from litdb.api import Catalogue, ModelView, PaperView, Table, Value
    from litdb.values.table import Cell, Column, Row

#: Test sets of one model that are listed; of a model that half the field quotes the rest is counted.
_SETS = 8


def query_models(
    catalogue: Catalogue,
    where: Sequence[str],
    metrics: Sequence[str] = ("params", "PESQ"),
    dataset: str = "vbd",
    sort: str = "",
    causal: bool | None = None,
) -> ToolAnswer:
    """The models that meet conditions such as `params=0.4M..1.0M`, one row a model, each figure with its result."""
    table = catalogue.models(
        tuple(metrics), where=tuple(where), dataset=dataset, sort=sort or None, causal=causal
    )
    asked = ", ".join(quote(word, 60) for word in where) or "no condition"
    if not table.rows:
        said = [quote(note, 200) for note in table.notes]
        return nothing(
            f"no model in the catalogue meets these conditions on {on_set(dataset)} ({asked}).", *said
        )
    many = f"{len(table.rows)} rows" if len(table.rows) > 1 else "1 row"
    notes = tuple(f"Note: {quote(note, 240)}" for note in table.notes)
    return ToolAnswer(f"{many} on {on_set(dataset)} for {asked}:", (*lines_of(table), *notes))


def lines_of(table: Table) -> Iterator[str]:
    """The rows of a table, one item each."""
    for row in table.rows:
        cells = [
            text
            for column, cell in zip(table.columns, row.cells, strict=True)
            if (text := _cell(column, cell, row))
        ]
        said = [_row_name(row), f"{'; '.join(cells)}; {row.origin}, {place(row.source)}"]
        notes = [quote(note, 120) for note in row.notes[:2]]
        yield ": ".join(said) + (f"; note {' '.join(notes)}" if notes else "")


def _row_name(row: Row) -> str:
    words = [quote(row.name, 60)]
    inside = [f"key {key(row.model)}"] if row.model != row.name else []
    inside += [str(row.year)] if row.year else []
    inside += ["own"] if row.own else []
    return words[0] + (f" ({', '.join(inside)})" if inside else "")


def _cell(column: Column, cell: Cell, row: Row) -> str:
    where = cell.provenance
    if where is None:
        return ""
    said = f"{column.metric} {printed(cell.printed, cell.value)} {result(where.result)}"
    if cell.refused:
        return f"{column.metric} is left out {result(where.result)}: {quote('; '.join(cell.notes), 100)}"
    if where.origin is Origin.CLAIM:
        said += " CLAIM without evidence"
    if where.status is not Status.ACCEPTED:
        said += f" {where.status}"
    if cell.filled or where.source != row.source:
        said += f" from {place(where.source)}"
    return said


def get_model(catalogue: Catalogue, model: str) -> ToolAnswer:
    """What is known of a model: paper, names, relatives, and the figures a table shows for it on each test set."""
    try:
        keys = keys_of(catalogue, model)
    except NotFound as unknown:
        return _paper(catalogue, model, unknown)
    items: list[str] = []
    for one in keys:
        view, found = catalogue.show(one)
        items += _about(view)  # type: ignore[arg-type]  # what is found by a model's key is a model
        items += _figures(catalogue, one, found)
    many = "" if len(keys) == 1 else f": {len(keys)} models go by this name"
    return ToolAnswer(f"{quote(model, 60)}{many}", tuple(items))


def _about(view: ModelView) -> Iterator[str]:
    kind = f"{view.kind}{', own' if view.own else ''}"
    said = [f"{quote(view.name, 60)} (key {key(view.key)}): {kind}"]
    if view.paper:
        said.append(f"paper {key(view.paper)} {quote(view.title, 140)} {view.date or ''}".rstrip())
    if view.parent:
        said.append(f"variant of {quote(view.parent, 60)}")
    if view.names:
        said.append(f"names {', '.join(quote(name, 60) for name in view.names[:8])}")
    if view.runs:
        said.append(f"runs {', '.join(quote(run, 100) for run in view.runs[:4])}")
    yield "; ".join(said)
    if view.children:
        shown = ", ".join(quote(child, 50) for child in view.children[:8])
        more = f" and {len(view.children) - 8} others" if len(view.children) > 8 else ""
        yield f"Variants: {shown}{more}"
    for absence in view.absences:
        yield f"Not reported: {quote(absence, 160)}"


def _figures(catalogue: Catalogue, model: str, found: Sequence[Value]) -> Iterator[str]:
    """The rows a table shows, by test set: those with most values first."""
    accepted = [
        value for value in found if value.status is Status.ACCEPTED and value.origin is not Origin.CLAIM
    ]
    sets = [name for name, _ in Counter(value.dataset for value in accepted if value.dataset).most_common()]
    costs = list(dict.fromkeys(v.metric for v in accepted if not v.dataset))
    for dataset in sets[:_SETS] or (["vbd"] if costs else []):
        metrics = list(dict.fromkeys(v.metric for v in accepted if v.dataset == dataset))
        known = [
            name
            for name in (*costs, *metrics)
            if vocabulary().metric(name.partition("@")[0].partition(" ")[0])
        ]
        try:
            table = catalogue.table(known[:16], models=[model], dataset=dataset, ablations=True, mixed=True)
        except UsageError:
            continue  # a test set that cannot be asked for by its name
        for line in lines_of(table):
            yield f"on {on_set(dataset)}: {line}"
        costs = []
    if len(sets) > _SETS:
        yield f"{len(sets) - _SETS} further test sets: get_value asks for one."


def _paper(catalogue: Catalogue, name: str, unknown: NotFound) -> ToolAnswer:
    """The paper of that key or id, where no model has the name."""
    try:
        view, found = catalogue.show(name)
    except NotFound:
        return nothing(quote(str(unknown), 200))
    return ToolAnswer(f"No model, but a paper is called {quote(name, 60)}:", tuple(_about_paper(view, found)))  # type: ignore[arg-type]


def _about_paper(view: PaperView, found: Sequence[Value]) -> Iterator[str]:
    yield f"paper {key(view.key)} {quote(view.title, 160)}, {view.date or 'no date'}, arXiv {quote(view.arxiv_id, 20)}"
    yield f"Versions here: {', '.join(map(str, view.versions)) or 'none'}; {view.accepted} accepted results, {view.proposed} proposed"
    if view.models:
        yield f"Models: {', '.join(quote(name, 50) for name in view.models[:12])}"
    tables = Counter(value.place for value in found)
    for where, many in tables.most_common(12):
        yield f"{place(where)}: {many} results"
