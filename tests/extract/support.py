"""Short ways to read a piece of a document in tests."""

from __future__ import annotations

from litdb.extract import CellReading, Extraction, Grid, extract, grids, source_from_files


def read(text: str, name: str = "paper.tex") -> Extraction:
    """The extraction of one file."""
    return extract(source_from_files({name: text}, name))


def tables(text: str, name: str = "paper.tex") -> tuple[Grid, ...]:
    """The grids of one file."""
    return grids(source_from_files({name: text}, name))


def texts(grid: Grid) -> list[list[str]]:
    """The texts of a grid's cells."""
    return [[cell.text for cell in row] for row in grid.rows]


def latex(
    body: str, caption: str = "Results on VoiceBank+DEMAND", title: str = "FooNet: a network", extra: str = ""
) -> str:
    """A paper with one table; `body` is what stands between the column specification and the end of the tabular."""
    return (
        rf"\documentclass{{article}}\title{{{title}}}\begin{{document}}\maketitle {extra}"
        rf"\begin{{table}}\caption{{{caption}}}\begin{{tabular}}{{lccccccc}}{body}\end{{tabular}}\end{{table}}"
        r"\end{document}"
    )


def values(extraction: Extraction) -> list[tuple[str, str, str, float]]:
    """(model, metric, dataset, value) of every reading."""
    return [(r.model, r.metric, r.dataset, r.value) for r in extraction.readings]


def one(extraction: Extraction, model: str, metric: str) -> CellReading:
    """The only reading of a model and metric."""
    found = [r for r in extraction.readings if r.model == model and r.metric == metric]
    assert len(found) == 1, found
    return found[0]
