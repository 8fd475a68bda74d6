"""Real tables changed without touching a number: what is read stays read, and what is accepted stays right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.reader.changes import CHANGES
from benchmarks.reader.gold import Document, documents, hits, misleads, says
from litdb.extract import ACCEPT_THRESHOLD, CellReading, Grid
from litdb.extract.document import describe_source
from litdb.extract.meaning.paper import PaperText
from litdb.extract.meaning.priors import shipped
from litdb.extract.meaning.readings import read_grid

#: One rendering of each; together 17 tables of comparisons, ablations and two sets.
PAPERS = (
    "2110-06467v5_DB-AIAT.tex", "2409-13285v1_LiSenNet.tex", "2412-16626v2_Mamba-SEUNet.html", "2503-00340v2_UL-UNAS.html",
    "arxiv-2405-06573v2_SEMamba.md", "arxiv-2511-14515v2_IMSE.md",
)  # fmt: skip

Paper = tuple[Document, tuple[Grid, ...], PaperText]


@pytest.fixture(scope="module")
def papers(real_data: Path) -> list[Paper]:
    wanted = [d for d in documents([real_data / "papers"]) if d.path.endswith(PAPERS)]
    assert len(wanted) == len(PAPERS)
    found = []
    for document in wanted:
        grids, paper = describe_source(document.source)
        # A table without results (settings, say) would rightly give some once a column of scores is added.
        found.append((document, tuple(g for g in grids if read_grid(g, paper, shipped()).readings), paper))
    return found


def right(document: Document, readings: Sequence[CellReading]) -> list[bool]:
    return [
        line is not None
        and says(line, reading)
        and (
            reading.quantity in ("params", "MACs", "FLOPs", "RTF")
            or not misleads(line.dataset, reading.dataset, reading.model)
        )
        for line, reading in zip(hits(document, readings), readings, strict=True)
    ]


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_readings_stay_or_become_proposed(papers: list[Paper], change: str) -> None:
    gold = read = good = accepted = good_accepted = 0
    for document, grids, paper in papers:
        metrics = {line.metric.removesuffix("-NB") for group in document.lines.values() for line in group}
        readings = [
            reading
            for grid in grids
            for reading in read_grid(CHANGES[change](grid) or grid, paper, shipped()).readings
            if reading.quantity in metrics
        ]
        verdicts = right(document, readings)
        gold += sum(len(lines) for lines in document.lines.values())
        read += len(readings)
        good += sum(verdicts)
        sure = [v for v, r in zip(verdicts, readings, strict=True) if r.confidence >= ACCEPT_THRESHOLD]
        accepted += len(sure)
        good_accepted += sum(sure)
    assert 2 * good / (gold + read) >= 0.98
    assert good_accepted / accepted >= 0.995
