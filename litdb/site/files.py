"""All files of a site, one after the other: a page and its JSON for each thing that the catalogue holds."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from litdb.report.figures.interactive import interactive_svg
from litdb.report.templating import Ready
from litdb.site.board import IN_PAGE, board_told, script, script_data, tagged
from litdb.site.links import Links, file_names
from litdb.site.news import by_day, news, news_feed
from litdb.site.pages.bars import bars
from litdb.site.pages.shell import Shell, page, shared_file
from litdb.site.pages.stood import StoodReading, StoodTable, stood
from litdb.site.running import find_figures, run_told
from litdb.site.schema import schema
from litdb.site.telling import Telling, by_dataset
from litdb.site.told import BoardRow, BoardTold, IndexTold, PaperTold, Ref, TableLine
from litdb.values.origin import Kind, Origin

if TYPE_CHECKING:
    from litdb.questions.figures.scatter import Plane
    from litdb.questions.whole.everything import Everything, Leaderboard
    from litdb.report.figures.points import Point

#: How many names stand on one page of a list.
_IN_LIST = 500
#: Columns whose ranges stand in the filter at once.
_USUAL = ("params", "MACs", "PESQ", "STOI", "SI-SDR")
#: How many other test sets the first page names.
_NEAR = 6

File = tuple[str, bytes]


class Site:
    """The files of the site of a catalogue; `url` is where it will lie ('' where that is not known).

    `figures` is a folder with a folder of figures for each own run, None for none.
    """

    def __init__(self, everything: Everything, *, url: str = "", figures: Path | None = None) -> None:
        self._all, self._url = everything, url if not url or url.endswith("/") else f"{url}/"
        self._links = Links(
            file_names(model.key for model in everything.models),
            file_names(paper.key for paper in everything.papers),
            file_names(run.key for run in everything.runs),
            file_names(board.dataset for board in everything.boards),
        )
        self._figures = find_figures(figures, everything.runs, self._links) if figures else []
        self._telling = Telling(everything, self._links)
        self._titles = {board.dataset: board.title for board in everything.boards}
        self._as_of = everything.as_of.isoformat()

    @property
    def count(self) -> int:
        """About how many steps :meth:`files` takes."""
        everything = self._all
        return (
            len(everything.models)
            + len(everything.papers)
            + len(everything.runs)
            + len(everything.boards)
            + 1
        )

    def files(self) -> Iterator[list[File]]:
        """The files, those of one page at a time."""
        everything, telling = self._all, self._telling
        for place, board in enumerate(everything.boards):
            yield list(self._board(board, first=place == 0))
        for model in everything.models:
            told = telling.model(model)
            values = by_dataset(told.values)
            shell = Shell(told.name, "../", "models")
            yield self._page(
                "model", self._links.model(model.key), shell, told, values=values, titles=self._titles
            )
        for paper in everything.papers:
            yield list(self._paper(telling.paper(paper)))
        for run in everything.runs:
            told_run = run_told(run, everything.spreads, telling, self._figures)
            drawn = {
                one.key: [(spread, bars(spread)) for spread in one.spreads] for one in told_run.checkpoints
            }
            shell = Shell(f"Run {run.key}", "../", "runs")
            yield self._page(
                "run", self._links.run(run.key), shell, told_run, figures=drawn, titles=self._titles
            )
        yield list(self._shared())

    # --- one page -------------------------------------------------------------------------------------------

    def _page(self, kind: str, href: str, shell: Shell, told: Any, **values: object) -> list[File]:
        """A page with its JSON beside it."""
        beside = href.removesuffix(".html") + ".json"
        return [
            (href, self._html(kind, shell, beside=beside.rpartition("/")[2], told=told, **values)),
            (beside, _json(kind, told, shell.root)),
        ]

    def _html(self, name: str, shell: Shell, *, beside: str = "", **values: object) -> bytes:
        return page(name, shell, as_of=self._as_of, beside=beside, **values).encode()

    def _board(self, board: Leaderboard, *, first: bool) -> Iterator[File]:
        told = board_told(board, self._telling.model_ref)
        href = self._links.board(board.dataset)
        stem = href.removesuffix(".html")
        yield f"{stem}.js", script_data(told, board.table.columns).encode()
        yield f"{stem}.json", _json("leaderboard", told, "../")
        yield href, self._board_page(board, told, Shell(told.title, "../", "boards"))
        if board.plane is not None:
            yield f"{stem}-plot.html", self._plot(board, board.plane)
        if first:
            yield "index.html", self._board_page(board, told, Shell(told.title, "", "boards"))

    def _plot(self, board: Leaderboard, plane: Plane) -> bytes:
        """The page of the plot: every point leads to the page of its model."""
        title = f"{plane.y.title} over {plane.x.title}, {board.title}"

        def link(point: Point) -> str:
            href = self._links.model(point.model)
            return f"../{href}" if href else ""

        drawn = interactive_svg(plane.found, plane.x, plane.y, title=title, link=link)
        return self._html(
            "plot", Shell(title, "../", "boards"), svg=Markup(drawn), notes=plane.found.notes,
            board=Ref(board.dataset, board.title, self._links.board(board.dataset)), points=len(plane.found.points),
        )  # fmt: skip

    def _board_page(self, board: Leaderboard, told: BoardTold, shell: Shell) -> bytes:
        columns = board.table.columns
        best = next((column for column in columns if not column.per_model), None)
        first = "" if best is None else ("-" if best.direction == "higher" else "") + best.metric
        rows, notes = _numbered(told, told.rows[:IN_PAGE])
        stem = self._links.board(board.dataset).removesuffix(".html")
        others = [
            Ref(one.dataset, one.title, self._links.board(one.dataset))
            for one in self._all.boards[: _NEAR + 1]
            if one.dataset != board.dataset
        ]
        return self._html(
            "board", shell, beside=f"{shell.root}{stem}.json", told=told, rows=rows, notes=notes, first=first,
            data=f"{stem}.js", index=not shell.root, boards=others[:_NEAR], step=IN_PAGE,
            origins=[origin for origin in Origin if any(row.origin == origin for row in told.rows)],
            usual=[column.metric for column in columns if column.metric in _USUAL],
            plot=f"{stem}-plot.html" if board.plane is not None else "",
        )  # fmt: skip

    def _paper(self, told: PaperTold) -> Iterator[File]:
        by_version: dict[int | None, list[StoodTable]] = {}
        for table in told.tables:
            by_version.setdefault(table.version, []).append(_stood(table))
        shell = Shell(told.title or told.key, "../", "papers")
        yield from self._page(
            "paper",
            self._links.paper(told.key),
            shell,
            told,
            tables=list(by_version.items()),
            titles=self._titles,
        )

    # --- what is there once ---------------------------------------------------------------------------------

    def _shared(self) -> Iterator[File]:
        everything, links, telling = self._all, self._links, self._telling
        index = IndexTold(
            everything.as_of,
            tuple(Ref(board.dataset, board.title, links.board(board.dataset)) for board in everything.boards),
            tuple(telling.model_ref(model.key) for model in everything.models),
            tuple(ref for paper in everything.papers if (ref := telling.paper_ref(paper.key)) is not None),
            tuple(Ref(run.key, run.key, links.run(run.key)) for run in everything.runs),
        )
        yield "index.json", _json("index", index, "")
        yield "schema.json", _compact(schema())
        yield from ((name, shared_file(name)) for name in ("site.css", "site.js"))
        if not everything.boards:
            shell = Shell("No leaderboard yet", "", "boards")
            empty = "No accepted result is on a test set yet."
            yield (
                "index.html",
                self._html("listing", shell, title=shell.title, items=[], pages=[], here="", empty=empty),
            )
        yield from self._lists(index)
        told = news(everything, links)
        yield from self._page("new", "new.html", Shell("What is new", "", "new"), told, days=by_day(told))
        yield "feed.xml", news_feed(told, everything, self._url).encode()
        results = sum(map(len, everything.values.values()))
        yield "about.html", self._html("about", Shell("About", "", "about"), index=index, results=results)
        yield "search.html", self._html("search", Shell("Search"))
        yield "search.js", self._search(index).encode()
        yield "llms.txt", self._llms(index, results).encode()
        yield from ((figure.href, figure.content) for figure in self._figures)

    def _lists(self, index: IndexTold) -> Iterator[File]:
        rows = {board.dataset: len(board.table.rows) for board in self._all.boards}
        yield from self._listing(
            "sets", "Leaderboards by test set", [(one, f"{rows[one.key]} rows") for one in index.boards], "boards",
            "No accepted result is on a test set yet.",
        )  # fmt: skip
        models = [
            (Ref(model.key, model.name, self._links.model(model.key)), _model_words(model.year, model.own))
            for model in self._all.models
            if model.kind in (Kind.SYSTEM, Kind.VARIANT)
        ]
        yield from self._listing("models", "Models", models, "models", "The catalogue holds no model yet.")
        papers = [
            (Ref(paper.key, paper.title or paper.key, self._links.paper(paper.key)), _paper_words(paper.date, paper.arxiv_id))
            for paper in sorted(self._all.papers, key=lambda paper: (paper.title or paper.key).casefold())
        ]  # fmt: skip
        yield from self._listing("papers", "Papers", papers, "papers", "The catalogue holds no paper yet.")
        runs = [(Ref(run.key, run.key, self._links.run(run.key)), run.model) for run in self._all.runs]
        yield from self._listing(
            "runs",
            "Own runs",
            runs,
            "runs",
            "The catalogue holds no own run yet: `litdb add RUN` takes one in.",
        )

    def _listing(
        self, name: str, title: str, items: Sequence[tuple[Ref, str]], section: str, empty: str
    ) -> Iterator[File]:
        """A list in parts, each named by its first item."""
        parts = [items[at : at + _IN_LIST] for at in range(0, len(items), _IN_LIST)] or [[]]
        hrefs = [
            f"{name}.html" if place == 1 else f"{name}-{place}.html" for place in range(1, len(parts) + 1)
        ]
        pages = [
            Ref(href, part[0][0].name[:24] if part else "", href)
            for href, part in zip(hrefs, parts, strict=True)
        ]
        for href, part in zip(hrefs, parts, strict=True):
            shell = Shell(title, "", section)
            yield (
                href,
                self._html("listing", shell, title=title, items=part, pages=pages, here=href, empty=empty),
            )

    def _search(self, index: IndexTold) -> str:
        """What can be found: kind, name, address, and other words."""
        kinds = ["model", "paper", "test set", "run", "ablation"]
        entries: list[tuple[int, str, str, str]] = []
        titles = {paper.key: paper.title for paper in self._all.papers}
        for model in self._all.models:
            kind = 4 if model.kind == Kind.ABLATION else 0
            other = [name for name in model.names if name != model.name]
            said = "; ".join(
                filter(None, (str(model.year or ""), titles.get(model.paper, ""), *other, *model.unified))
            )
            entries.append((kind, model.name, self._links.model(model.key), said))
        for paper in self._all.papers:
            said = "; ".join(
                filter(None, (paper.arxiv_id, paper.doi, str(paper.date or ""), ", ".join(paper.authors)))
            )
            entries.append((1, paper.title or paper.key, self._links.paper(paper.key), said))
        entries += [(2, one.name, one.href, one.key) for one in index.boards]
        entries += [(3, run.key, self._links.run(run.key), run.model) for run in self._all.runs]
        return script("index", {"kinds": kinds, "entries": entries})

    def _llms(self, index: IndexTold, results: int) -> str:
        return render_llms(index, results, self._as_of)


def render_llms(index: IndexTold, results: int, as_of: str) -> str:
    """The site in short for a program that reads text (llmstxt.org)."""
    from litdb.report.escape import markdown
    from litdb.report.templating import render_template

    boards = Ready(
        "\n".join(f"- [{markdown(b.name)}]({b.href.removesuffix('.html')}.json)" for b in index.boards)
    )
    return render_template(
        "site/llms.md.j2", {"index": index, "results": results, "as_of": as_of, "boards": boards}
    )


def _numbered(told: BoardTold, rows: Sequence[BoardRow]) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows as the page shows them, and their notes in the order of their first use."""
    known: dict[str, int] = {}

    def marks(notes: Sequence[str]) -> list[int]:
        return sorted({known.setdefault(note, len(known) + 1) for note in notes})

    causal = {None: "", True: "causal", False: "not causal"}
    shown = []
    for row in rows:
        named = marks(row.notes)
        cells: list[dict[str, Any]] = []
        for column in told.columns:
            cell = row.cells.get(column.metric)
            if cell is None:
                cells.append({"text": "-", "rank": None, "marks": [], "title": ""})
                continue
            title = "" if (cell.source, cell.url) == (row.source, row.url) else cell.source
            cells.append({"text": cell.text, "rank": cell.rank, "marks": marks(cell.notes), "title": title})
        shown.append({
            "name": row.model.name, "href": row.model.href, "own": row.own, "tag": tagged(row.origin), "marks": named, "year": row.year or "",
            "cells": cells, "causal": causal[row.causal], "origin": row.origin, "source": row.source, "url": row.url,
        })  # fmt: skip
    return shown, list(known)


def _stood(table: TableLine) -> StoodTable:
    readings: dict[tuple[int, int], list[StoodReading]] = {}
    for read in table.read:
        about = f"{read.model.name}, {read.metric}" + (f" on {read.dataset}" if read.dataset else "")
        href = f"{read.model.href}#v-{read.result[:12]}" if read.model.href else ""
        readings.setdefault((read.row, read.column), []).append(
            StoodReading(about, read.printed, read.status, read.note, href, read.corrected)
        )
    return stood(
        table.source, table.rows, readings, url=table.url, caption=table.caption, anchor=table.anchor
    )


def _model_words(year: int | None, own: bool) -> str:
    return ", ".join(filter(None, (str(year or ""), "own model" if own else "")))


def _paper_words(date: object, arxiv_id: str) -> str:
    return ", ".join(filter(None, (str(date or ""), f"arXiv:{arxiv_id}" if arxiv_id else "")))


def _json(kind: str, told: object, root: str) -> bytes:
    kind = "changes" if kind == "new" else kind
    return _compact({"$schema": f"{root}schema.json", "is": kind, **_fields_of(told)})


def _compact(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_fields_of)
    return (text + "\n").encode("utf-8", "replace")


def _fields_of(value: object) -> Any:
    """What JSON can hold of a value type, its fields as they are: the encoder asks again for each of those."""
    if isinstance(value, dt.date):
        return value.isoformat()
    kind: Any = type(value)
    return {name: getattr(value, name) for name in _names(kind)}


@lru_cache(maxsize=64)
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))
