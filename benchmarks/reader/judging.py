"""What the reader makes of documents with gold, as what weights are fitted to: interpretations, test sets, readings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.reader.changes import CHANGES, Change
from benchmarks.reader.gold import Document, hits, misleads, same_set, says
from litdb.extract import CellReading
from litdb.extract.document import describe_source
from litdb.extract.meaning import confidence
from litdb.extract.meaning.labelled import rows as table_rows
from litdb.extract.meaning.layout.features import LayoutEvidence
from litdb.extract.meaning.layout.proposals import proposals
from litdb.extract.meaning.layout.scoring import RankedLayout, ranked
from litdb.extract.meaning.paper import PaperText
from litdb.extract.meaning.priors import Priors, shipped
from litdb.extract.meaning.readings import read_layout, unprocessed, weighed_grid
from litdb.extract.meaning.scope import testsets
from litdb.extract.meaning.scope.around import around
from litdb.extract.meaning.ways import collect
from litdb.extract.meaning.words import NOT_SCORES_CAPTION
from litdb.extract.types import Grid
from litdb.vocabulary import MetricName

PER_MODEL = ("params", "MACs", "FLOPs", "RTF")


#: The changes that confidence is calibrated on besides the tables as they stand: those that make tables strange.
CALIBRATED_ON = ("blank", "blank and architecture", "snr", "turned", "number", "label last", "spans blanked")


#: What `--readings` writes of a reading, as the scorer of readings wants it; its status and confidence follow.
COLUMNS = ("file", "model", "metric", "dataset", "value", "raw")


@dataclass(frozen=True, slots=True)
class Table:
    """The interpretations of one table: features, and how well each reads it (hits less half the false readings)."""

    paper: str
    name: str
    change: str
    features: tuple[dict[str, float], ...]
    worth: tuple[float, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Sets:
    """The candidates for the test set of some numbers of a table, with the evidence for each; `right` is the true one."""

    paper: str
    candidates: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]
    right: frozenset[str]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A reading made without its own paper: what its confidence is measured by, whether a veto holds, whether it is right."""

    paper: str
    table: str
    change: str
    measured: tuple[tuple[str, float], ...]
    vetoed: bool
    right: bool
    weight: float = 1.0
    line: tuple[str, ...] = ()


def judged(document: Document, grid: Grid, paper: PaperText) -> tuple[list[dict[str, float]], list[float]]:
    """The features and the worth of every interpretation of a grid."""
    kind = table_rows.table_kind(grid, table_rows.table_labels(grid))
    evidence = LayoutEvidence(paper)
    known = {line.metric.removesuffix("-NB") for group in document.lines.values() for line in group}
    features, worth = [], []
    for layout in proposals(grid):
        found = collect(layout, paper, kind)
        choice = RankedLayout(layout, 0.0, 1.0)
        readings = [w.reading for w in read_layout(grid, choice, found, paper, shipped())]
        lines = hits(document, readings)
        good = sum(
            1.0 if says(line, reading) else 0.5
            for line, reading in zip(lines, readings, strict=True)
            if line is not None
        )
        bad = sum(line is None and r.quantity in known for line, r in zip(lines, readings, strict=True))
        features.append(dict(evidence.of(layout)))
        worth.append(good - 0.5 * bad)
    return features, worth


def sets_of(document: Document) -> list[Sets]:
    """What speaks for each test set in the tables of a document, with the one that the gold names."""
    grids, paper = describe_source(document.source)
    done: dict[tuple[object, ...], Sets] = {}
    for number, grid in enumerate(grids):
        if not grid.rows or NOT_SCORES_CAPTION.search(grid.caption):
            continue
        kind = table_rows.table_kind(grid, table_rows.table_labels(grid))
        for choice in ranked(proposals(grid), LayoutEvidence(paper), shipped().layout_weights)[:3]:
            found = collect(choice.layout, paper, kind)
            if not found:
                continue
            readings = [w.reading for w in read_layout(grid, choice, found, paper, shipped())]
            noisy = testsets.noisy_sets(unprocessed(found), shipped().noisy)
            for item, line in zip(found, hits(document, readings), strict=True):
                if line is None or item.named.metric.per_model or item.column.validation:
                    continue
                evidence = testsets.evidence(grid, item.column, item.row, paper, noisy, around(grid))
                candidates = tuple(
                    sorted((title, tuple(sorted(places.items()))) for title, places in evidence.items())
                )
                right = frozenset(title for title, _ in candidates if same_set(line.dataset, title)) or {""}
                done.setdefault(
                    (number, candidates, frozenset(right)), Sets(document.paper, candidates, frozenset(right))
                )
            break
    return list(done.values())


def seen_of(job: tuple[Document, Priors]) -> list[Seen]:
    """The readings of a document, as it stands and changed, by priors fitted without its paper."""
    document, priors = job
    grids, paper = describe_source(document.source)
    done = []
    changes = changes_for(document, CALIBRATED_ON)
    known = {line.metric.removesuffix("-NB") for group in document.lines.values() for line in group}
    for name, change in changes.items():
        changed = [change(g) if g.rows else None for g in grids]
        readings = [
            (t, item)
            for t, g in enumerate(changed)
            if g is not None
            for item in weighed_grid(g, paper, priors)[1]
            if item.reading.quantity in known or not name
        ]
        lines = hits(document, [item.reading for _, item in readings])
        for (t, item), line in zip(readings, lines, strict=True):
            reading = item.reading
            right = (
                line is not None
                and says(line, reading)
                and (
                    reading.quantity in PER_MODEL
                    or not misleads(line.dataset, reading.dataset, reading.model)
                )
            )
            done.append(
                Seen(
                    document.paper,
                    f"{document.path} {t} {name}",
                    name if reading.quantity in known else "not in the gold",
                    tuple(sorted(item.measures.items())),
                    confidence.vetoed(reading.reasons),
                    right,
                    line=() if name else _line(document, reading),
                )
            )
    return done


def _line(document: Document, reading: CellReading) -> tuple[str, ...]:
    name = MetricName.parse(reading.metric)
    metric = str(MetricName(name.quantity, name.band, name.scale, name.statistic))
    said = (document.path, reading.model, metric, reading.dataset, f"{reading.value:.12g}", reading.raw)
    return tuple(re.sub(r"\s+", " ", text) for text in said)


def changes_for(document: Document, names: Iterable[str]) -> dict[str, Change]:
    """The table as it stands and changed; of a paper's renderings only one is changed, they give the same grids."""
    found: dict[str, Change] = {"": lambda grid: grid}
    if "rendered" not in document.path:
        found |= {name: CHANGES[name] for name in names}
    return found


def of_document(document: Document) -> list[Table]:
    """All tables of a document, as they stand and changed."""
    grids, paper = describe_source(document.source)
    found = []
    for number, grid in enumerate(grids):
        if not grid.rows or NOT_SCORES_CAPTION.search(grid.caption):
            continue
        for name, change in changes_for(document, CHANGES).items():
            changed = change(grid)
            if changed is None:
                continue
            features, worth = judged(document, changed, paper)
            if len(features) < 2 or max(worth) <= 0 or max(worth) == min(worth):
                continue
            found.append(
                Table(document.paper, f"{document.path} {number + 1}", name, tuple(features), tuple(worth))
            )
    return found
