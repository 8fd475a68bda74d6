"""Fit the weights of the interpretations on hand-checked papers and on changed copies of them.

    python benchmarks/fit_reader.py --gold DIR [--gold DIR] [--aside FILE] [--write FILE]

Each DIR holds GOLD.tsv and the files it names. FILE of `--aside` lists files (last column) that are left alone. The model is
log-linear over the interpretations of a table; the weights maximise the probability of those that read it best, with a
quadratic penalty chosen leave-one-paper-out. Prints what leaving each paper out costs; `--write` writes the weights.
Needs numpy and scipy.
"""

from __future__ import annotations

import argparse
import os
import pickle
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from benchmarks.reader.changes import CHANGES
from benchmarks.reader.gold import Document, documents, hits, says
from litdb.extract.document import describe_source
from litdb.extract.meaning import rows as table_rows
from litdb.extract.meaning.layout.features import Evidence
from litdb.extract.meaning.layout.proposals import proposals
from litdb.extract.meaning.paper import Paper
from litdb.extract.meaning.readings import read_layout
from litdb.extract.meaning.ways import collect
from litdb.extract.meaning.words import NOT_SCORES_CAPTION
from litdb.extract.types import Grid
from litdb.vocabulary import vocabulary

PENALTIES = (0.003, 0.01, 0.03, 0.1)


@dataclass(frozen=True, slots=True)
class Table:
    """The interpretations of one table: features, and how well each reads it (hits less half the false readings)."""

    paper: str
    name: str
    change: str
    features: tuple[dict[str, float], ...]
    worth: tuple[float, ...]
    weight: float = 1.0


def judged(document: Document, grid: Grid, paper: Paper) -> tuple[list[dict[str, float]], list[float]]:
    """The features and the worth of every interpretation of a grid."""
    kind = table_rows.table_kind(grid, table_rows.table_labels(grid))
    evidence = Evidence(paper)
    features, worth = [], []
    for layout in proposals(grid):
        found = collect(layout, paper, kind)
        readings = read_layout(grid, layout, found, paper, kind).readings if found else ()
        readings = tuple(r for r in readings if vocabulary().metric(r.quantity) is not None)
        lines = hits(document, readings)
        known = {line.metric for group in document.lines.values() for line in group}
        good = sum(
            1.0 if says(line, reading) else 0.5
            for line, reading in zip(lines, readings, strict=True)
            if line is not None
        )
        bad = sum(line is None and r.quantity in known for line, r in zip(lines, readings, strict=True))
        features.append(dict(evidence.of(layout)))
        worth.append(good - 0.5 * bad)
    return features, worth


def of_document(document: Document) -> list[Table]:
    """All tables of a document, as they stand and changed."""
    grids, paper = describe_source(document.source)
    found = []
    for number, grid in enumerate(grids):
        if not grid.rows or NOT_SCORES_CAPTION.search(grid.caption):
            continue
        for name, change in {"": lambda g: g, **CHANGES}.items():
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


def weighted(tables: Sequence[Table]) -> list[Table]:
    """Each paper counts by its tables, not by its renderings and changed copies: half for the tables as they stand."""
    sizes: dict[tuple[str, bool], int] = defaultdict(int)
    for table in tables:
        sizes[(table.paper, bool(table.change))] += 1
    return [
        Table(t.paper, t.name, t.change, t.features, t.worth, 1.0 / sizes[(t.paper, bool(t.change))] ** 0.5)
        for t in tables
    ]


def fitted(tables: Sequence[Table], penalty: float) -> dict[str, float]:
    """The weights that make the best interpretations likeliest."""
    names = sorted({name for table in tables for features in table.features for name in features})
    at = {name: place for place, name in enumerate(names)}
    blocks = []
    for table in tables:
        matrix = np.zeros((len(table.features), len(names)))
        for row, features in enumerate(table.features):
            for name, value in features.items():
                matrix[row, at[name]] = value
        best = np.array(table.worth) >= max(table.worth) - 1e-9
        blocks.append((matrix, best, table.weight))
    total = sum(weight for _, _, weight in blocks)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = penalty * float(weights @ weights), 2 * penalty * weights
        for matrix, best, weight in blocks:
            scores = matrix @ weights
            scores -= scores.max()
            parts = np.exp(scores)
            whole, good = parts.sum(), parts[best].sum()
            value -= weight / total * float(np.log(good / whole))
            slope = slope - weight / total * (parts[best] @ matrix[best] / good - parts @ matrix / whole)
        return value, slope

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return {name: float(found.x[at[name]]) for name in names}


def regret(tables: Sequence[Table], weights: dict[str, float]) -> tuple[float, float, list[Table]]:
    """The share of the worth that the chosen interpretations get, the same by table, and where it is lost."""
    got = could = by_table = 0.0
    lost = []
    for table in tables:
        scores = [sum(v * weights.get(n, 0.0) for n, v in f.items()) for f in table.features]
        chosen = table.worth[max(range(len(scores)), key=lambda i: (scores[i], -i))]
        got += max(chosen, 0.0)
        could += max(table.worth)
        by_table += max(chosen, 0.0) / max(table.worth)
        if chosen < max(table.worth) - 1e-9:
            lost.append(table)
    return got / max(could, 1e-9), by_table / max(len(tables), 1), lost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, action="append", required=True)
    parser.add_argument("--aside", type=Path)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--penalty", type=float, default=0.0)
    args = parser.parse_args()
    aside = [] if args.aside is None else [
        line.split("\t")[-1] for line in args.aside.read_text().splitlines() if line and line[0] != "#"
    ]
    if args.cache and args.cache.exists():
        tables = pickle.loads(args.cache.read_bytes())
    else:
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            tables = weighted([t for part in pool.map(of_document, documents(args.gold, aside)) for t in part])
        if args.cache:
            args.cache.write_bytes(pickle.dumps(tables))
    papers = sorted({table.paper for table in tables})
    print(f"{len(tables)} tables of {len(papers)} papers, {sum(not t.change for t in tables)} unchanged")
    best = (0.0, args.penalty)
    for penalty in PENALTIES if not args.penalty else (args.penalty,):
        lost: list[Table] = []
        shares = []
        for paper in papers:
            weights = fitted([t for t in tables if t.paper != paper], penalty)
            _, share, missed = regret([t for t in tables if t.paper == paper], weights)
            shares.append(share)
            lost += missed
        mean = sum(shares) / len(shares)
        print(f"penalty {penalty}: worth out of fold, by paper {mean:.4f}; {len(lost)} tables not read best")
        if mean > best[0]:
            best, kept = (mean, penalty), lost
    for table in kept[:80]:
        print("   lost:", table.name, "|", table.change, "|", max(table.worth))
    weights = fitted(tables, best[1])
    print("all fitted:", regret(tables, weights)[:2])
    if args.write:
        lines = [f"# Written by benchmarks/fit_reader.py: {len(tables)} tables of {len(papers)} papers, penalty {best[1]}."]
        lines += ["# A feature of an interpretation counts by its weight; positive speaks for it.", "[layout]"]
        lines += [f'"{name}" = {value:.3f}' for name, value in sorted(weights.items()) if abs(value) >= 0.0005]
        args.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
