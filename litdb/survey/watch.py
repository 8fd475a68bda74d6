"""Watching: what a question, a paper or a range brings that was not there before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.errors import InputError, NotFound, UsageError
from litdb.evidence.tracing.watched import WatchItem, WatchNews
from litdb.report.tracing.atom import atom
from litdb.survey.search import found_by
from litdb.values.names import digest

if TYPE_CHECKING:
    from litdb.api import Catalogue, Watch

#: The most papers of one question that are looked at.
_MOST = 200
_RANGE = re.compile(r"\s*[\w-]+\s*(?:[<>]=?|=)")


def new_watch(catalogue: Catalogue, text: str, *, name: str = "", dataset: str = "vbd") -> Watch:
    """Watch a range (`params=0.4M..1.0M PESQ=3.3..`), a draft (its main .tex file), a paper (its id or key) or else a question.

    What is there already is taken in without being news. Raises UsageError, NotFound, CatalogueError without an index.
    """
    what = _kind(catalogue, text)
    if what == "draft":
        name, text = name or Path(text).stem, str(Path(text).resolve())
    called = name or re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")[:60].strip("-.")
    first = list(_seen(catalogue, what, text, dataset))
    catalogue.start_watch(called, what, text, dataset=dataset)
    catalogue.add_watch_run(called, first)
    return catalogue.watch(called)


def run_watches(catalogue: Catalogue, names: tuple[str, ...] = ()) -> list[WatchNews]:
    """What these watches, or all, see that no run before had seen; it is recorded. Raises NotFound, CatalogueError."""
    told = []
    for watch in [catalogue.watch(name) for name in names] or catalogue.watches():
        seen = watch.seen
        items = tuple(
            item for item in _seen(catalogue, watch.what, watch.text, watch.dataset) if item.key not in seen
        )
        if items:
            catalogue.add_watch_run(watch.name, items)
            told.append(WatchNews(watch.name, watch.what, watch.text, items))
    return told


def feed(catalogue: Catalogue) -> str:
    """All news so far as an Atom feed."""
    return atom(catalogue.watches())


def _kind(catalogue: Catalogue, text: str) -> str:
    if not text.strip():
        raise UsageError(
            'say what to watch: "lightweight speech enhancement", 2511.14515 or "params=0.4M..1.0M PESQ=3.3.."'
        )
    if _RANGE.match(text):
        return "range"
    if text.endswith((".tex", ".ltx")):
        return "draft"
    try:
        catalogue.bib([text])
    except (NotFound, InputError):
        return "question"
    return "paper"


def _seen(catalogue: Catalogue, what: str, text: str, dataset: str) -> Iterator[WatchItem]:
    """All that a watch sees now, each once."""
    yield from {"question": _papers, "paper": _versions, "range": _results, "draft": _false}[what](
        catalogue, text, dataset
    )


def _papers(catalogue: Catalogue, text: str, dataset: str) -> Iterator[WatchItem]:
    del dataset
    for one in found_by(catalogue, text, most=_MOST):
        day = f" ({one.first_submitted})" if one.first_submitted else ""
        yield WatchItem(one.paper, f"new paper: {one.title}{day}", one.paper)


def _versions(catalogue: Catalogue, text: str, dataset: str) -> Iterator[WatchItem]:
    del dataset
    found = catalogue.paper_versions(text)
    for version in found.versions:
        yield WatchItem(f"v{version}", f"new version: {found.title or found.paper}, v{version}", found.paper)
    for one in found.changes:
        words = f"{one.name}, {one.metric}: {one.was} in {one.was_in}, now {one.now} in {one.now_in}"
        yield WatchItem(f"{one.name}/{one.metric}/{one.dataset}/{one.was}/{one.now}", words, found.paper)


def _results(catalogue: Catalogue, text: str, dataset: str) -> Iterator[WatchItem]:
    """The rows that meet the conditions; a row whose numbers changed is another."""
    conditions = text.split()
    table = catalogue.table(["params", "PESQ"], dataset=dataset, where=conditions)
    for row in table.rows:
        numbers = ", ".join(
            f"{column.title} {cell.text}" for column, cell in zip(table.columns, row.cells, strict=True)
        )
        key = f"{row.model}/{'/'.join(cell.text for cell in row.cells)}"
        yield WatchItem(key, f"in the range: {row.name}: {numbers} ({row.source})", row.document or row.paper)


def _false(catalogue: Catalogue, text: str, dataset: str) -> Iterator[WatchItem]:
    """What the catalogue holds against a draft: numbers that another version replaced, superlatives, models it lacks.

    Known again by the words that stand there, wherever they move to.
    """
    from litdb.draft.check import check_draft
    from litdb.draft.finding import DraftRule

    del dataset
    for found in check_draft(catalogue, text).findings:
        if found.rule in (DraftRule.STALE, DraftRule.SUPERLATIVE, DraftRule.MISSING, DraftRule.VALUE):
            where = f"{found.place.file}:{found.place.line}"
            key = digest(found.rule, found.place.file, found.place.words, found.message)
            yield WatchItem(key, f"{where}: {found.rule}: {found.message}")
