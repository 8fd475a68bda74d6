"""Fit the weights of the interpretations on hand-checked papers and on changed copies of them.

    python benchmarks/fit_reader.py --gold DIR [--gold DIR] [--aside FILE] [--invented BATCH] [--write FILE] [--penalty P]

Each DIR holds GOLD.tsv and the files it names. FILE of `--aside` lists files (last column) that are left alone. BATCH is a
file of invented tables (`tests/extract/met/`); each counts as a paper, and none in the figures. Three
small models: log-linear over the interpretations of a table, log-linear over the candidates for its test set, logistic for
the confidence, the last fitted on readings made without their own paper. Prints what leaving each paper out costs;
`--write` writes the weights.
Needs numpy and scipy.
"""

from __future__ import annotations

import argparse
import itertools
import math
import pickle
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from benchmarks.reader.changes import CHANGES, Change
from benchmarks.reader.figure import drawn
from benchmarks.reader.gold import Document, documents, hits, invented, misleads, same_set, says
from litdb.extract import ACCEPT_THRESHOLD, CellReading
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
from litdb.extract.meaning.ways import collect
from litdb.extract.meaning.words import NOT_SCORES_CAPTION
from litdb.extract.types import Grid
from litdb.vocabulary import MetricName

WORKERS = 2
PER_MODEL = ("params", "MACs", "FLOPs", "RTF")
#: The changes that confidence is calibrated on besides the tables as they stand: those that make tables strange.
CALIBRATED_ON = ("blank", "blank and architecture", "snr", "turned", "number", "label last", "spans blanked")


@dataclass(frozen=True, slots=True)
class Table:
    """The interpretations of one table: features, and how well each reads it (hits less half the false readings)."""

    paper: str
    name: str
    change: str
    features: tuple[dict[str, float], ...]
    worth: tuple[float, ...]
    weight: float = 1.0


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


#: What `--readings` writes of a reading, as the scorer of readings wants it; its status and confidence follow.
COLUMNS = ("file", "model", "metric", "dataset", "value", "raw")


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
                evidence = testsets.evidence(grid, item.column, item.row, paper, noisy, testsets.around(grid))
                candidates = tuple(
                    sorted((title, tuple(sorted(places.items()))) for title, places in evidence.items())
                )
                right = frozenset(title for title, _ in candidates if same_set(line.dataset, title)) or {""}
                done.setdefault(
                    (number, candidates, frozenset(right)), Sets(document.paper, candidates, frozenset(right))
                )
            break
    return list(done.values())


NEAR = ("header", "row", "caption", "note", "lead", "context", "table sentence", "heading", "outer heading")
NEAR = (*NEAR, *(f"{place} tested" for place in NEAR))
AGAINST = ("nearer names another", "header or row names another", "outside the vocabulary", "not noisy")


def renamed_sets(one: Sets) -> list[Sets]:
    """Copies in which the table names another test set than the rest of the paper: one that is known, and one that is not."""
    known = {title: dict(places) for title, places in one.candidates}
    true = next((title for title in one.right if title), "")
    near = {place: value for place, value in known.get(true, {}).items() if place in NEAR}
    if not near:
        return []
    nearer = "header or row names another" if {"header", "row"} & set(near) else "nearer names another"
    told = nearer != "nearer names another"  # far places are heard only then
    far = {
        p: v
        for p, v in known[true].items()
        if p not in NEAR and p not in ("noisy", "files", *AGAINST) and told
    }
    done = []
    for strange in (False, True):
        other = near | ({"outside the vocabulary": 1.0} if strange else {})
        candidates = {true: far | {nearer: 1.0, "not noisy": float("noisy" in known[true])}, "\0other": other}
        pairs_ = tuple(sorted((title, tuple(sorted(places.items()))) for title, places in candidates.items()))
        done.append(Sets(one.paper, pairs_, frozenset({"\0other"}), one.weight))
    for place in ("header", "row"):
        if not {"header", "row"} & set(near):  # what a column or a row names beats the caption
            kept = known[true] | {"header or row names another": 1.0}
            candidates = {true: kept, "\0other": {place: 1.0}}
            pairs_ = tuple(
                sorted((title, tuple(sorted(places.items()))) for title, places in candidates.items())
            )
            done.append(Sets(one.paper, pairs_, frozenset({"\0other"}), one.weight))
    return done


def fitted_sets(instances: Sequence[Sets], penalty: float) -> dict[str, float]:
    """The weights of the places that name a test set; none told is half as good as the right one, a wrong one is not."""
    tables = []
    for one in (copy for given in instances for copy in (given, *renamed_sets(given))):
        features = [{"not told": 1.0}, *(dict(places) for _, places in one.candidates)]
        worth = [1.0 if "" in one.right else 0.5, *(float(title in one.right) for title, _ in one.candidates)]
        if len(features) > 1:
            tables.append(Table(one.paper, "", "", tuple(features), tuple(worth), one.weight))
    names = {name for table in tables for features in table.features for name in features}
    bounds = {name: (None, 0.0) if name in AGAINST else (0.0, None) for name in names}
    return fitted(tables, penalty, bounds)


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


def weighted(tables: Sequence[Table]) -> list[Table]:
    """Each paper counts by its tables, not by its renderings and changed copies: half for the tables as they stand."""
    sizes: dict[tuple[str, bool], int] = defaultdict(int)
    for table in tables:
        sizes[(table.paper, bool(table.change))] += 1
    return [
        Table(t.paper, t.name, t.change, t.features, t.worth, 1.0 / sizes[(t.paper, bool(t.change))] ** 0.5)
        for t in tables
    ]


def fitted(
    tables: Sequence[Table],
    penalty: float,
    bounds: Mapping[str, tuple[float | None, float | None]] | None = None,
) -> dict[str, float]:
    """The weights that make the best choices likeliest; what is half as good counts half."""
    names = sorted({name for table in tables for features in table.features for name in features})
    at = {name: place for place, name in enumerate(names)}
    blocks = []
    for table in tables:
        matrix = np.zeros((len(table.features), len(names)))
        for row, features in enumerate(table.features):
            for name, value in features.items():
                matrix[row, at[name]] = value
        worth = np.array(table.worth)
        best = (worth >= worth.max() - 1e-9) * 1.0
        if bounds is not None:
            best = worth / worth.max()
        blocks.append((matrix, best, table.weight))
    total = sum(weight for _, _, weight in blocks)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = penalty * float(weights @ weights), 2 * penalty * weights
        for matrix, best, weight in blocks:
            scores = matrix @ weights
            scores -= scores.max()
            parts = np.exp(scores)
            whole, good = parts.sum(), (parts * best).sum()
            value -= weight / total * float(np.log(good / whole))
            slope = slope - weight / total * ((parts * best) @ matrix / good - parts @ matrix / whole)
        return value, slope

    within = None if bounds is None else [bounds[name] for name in names]
    found = minimize(
        loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", bounds=within, options={"maxiter": 300}
    )
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


def fitted_confidence(seen: Sequence[Seen], penalty: float = 0.001) -> dict[str, float]:
    """Weights that turn margins and doubts into a probability; no margin may count against a reading."""
    sizes: dict[str, int] = defaultdict(int)
    for one in seen:
        sizes[one.table] += 1
    papers: dict[str, set[str]] = defaultdict(set)
    for one in seen:
        papers[one.paper].add(one.table)
    names = sorted({name for one in seen for name, _ in one.measured})
    matrix = np.array([[dict(one.measured).get(name, 0.0) for name in names] for one in seen])
    truth = np.array([1.0 if one.right else 0.0 for one in seen])
    weight = np.array([1.0 / sizes[one.table] / len(papers[one.paper]) ** 0.5 for one in seen])
    weight /= weight.sum()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        chance = 1.0 / (1.0 + np.exp(-np.clip(scores, -30, 30)))
        value = -float(
            (weight * (truth * np.log(chance + 1e-12) + (1 - truth) * np.log(1 - chance + 1e-12))).sum()
        )
        return value + penalty * float(weights @ weights), matrix.T @ (
            weight * (chance - truth)
        ) + 2 * penalty * weights

    bounds = [(None, None) if name == "constant" else (0.0, None) for name in names]
    found = minimize(loss, np.ones(len(names)), jac=True, method="L-BFGS-B", bounds=bounds)
    return {name: float(value) for name, value in zip(names, found.x, strict=True)}


def chance(one: Seen, weights: dict[str, float]) -> float:
    """The confidence of a reading by some weights."""
    score = sum(value * weights.get(name, 0.0) for name, value in one.measured)
    found = 1.0 / (1.0 + math.exp(-min(max(score, -30.0), 30.0)))
    return min(found, confidence.HIGHEST_VETOED) if one.vetoed else min(found, 0.999)


def pairs(weights: dict[str, float]) -> tuple[tuple[str, float], ...]:
    """Weights as priors hold them."""
    return tuple(sorted((name, round(value, 3)) for name, value in weights.items() if abs(value) >= 0.0005))


def bins(seen: Sequence[tuple[Seen, float]]) -> list[str]:
    """Confidence against truth, by bins, as lines of a Markdown table."""
    edges = (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 1.01)
    lines = ["| confidence | readings | tables | right |", "|---|---|---|---|"]
    for low, high in itertools.pairwise(edges):
        mine = [one for one, value in seen if low <= value < high]
        if mine:
            share = sum(one.right for one in mine) / len(mine)
            lines.append(
                f"| {low:.2f} to {min(high, 1.0):.2f} | {len(mine)} | {len({one.table for one in mine})} | {share:.3f} |"
            )
    return lines


def main() -> None:
    """Fit, report what leaving each paper out costs, and write the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path, action="append", required=True)
    parser.add_argument("--aside", type=Path)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--invented", action="append", default=[], help="a batch of tests/extract/met")
    parser.add_argument(
        "--readings", type=Path, help="where the readings made without their own paper are written"
    )
    parser.add_argument("--figure", type=Path, help="where confidence against truth is drawn (SVG)")
    parser.add_argument("--penalty", type=float, default=0.003)
    parser.add_argument("--keep", type=Path, help="where judged interpretations are kept between runs")
    args = parser.parse_args()
    aside = (
        []
        if args.aside is None
        else [line.split("\t")[-1] for line in args.aside.read_text().splitlines() if line and line[0] != "#"]
    )
    real = documents(args.gold, aside)
    papers_of = [*real, *(document for name in args.invented for document in invented(name))]
    with ProcessPoolExecutor(WORKERS) as pool:
        if args.keep is not None and args.keep.exists():
            tables = pickle.loads(args.keep.read_bytes())
        else:
            tables = weighted([t for part in pool.map(of_document, papers_of) for t in part])
            if args.keep is not None:
                args.keep.write_bytes(pickle.dumps(tables))
        instances = _per_paper([one for part in pool.map(sets_of, papers_of) for one in part])
        papers = sorted({document.paper for document in real})
        print(
            f"{len(tables)} tables of {len(papers)} papers, {sum(not t.change for t in tables)} unchanged",
            flush=True,
        )
        folds, shares, lost = {}, [], []
        wrong = asked = 0
        for paper in papers:
            layout = fitted([t for t in tables if t.paper != paper], args.penalty)
            sets = fitted_sets([one for one in instances if one.paper != paper], args.penalty)
            folds[paper] = replace(shipped(), layout=pairs(layout), test_set=pairs(sets))
            mine = [t for t in tables if t.paper == paper]
            if mine:
                shares.append(regret(mine, layout)[1])
                lost += regret(mine, layout)[2]
            for one in (one for one in instances if one.paper == paper):
                asked += 1
                wrong += _chosen(one, sets) not in one.right
        print(
            f"interpretations: worth out of fold {sum(shares) / len(shares):.4f} by paper; {len(lost)} not read best"
        )
        for table in lost:
            print("   ", table.name, "|", table.change, "|", max(table.worth))
        print(f"test sets: {wrong} of {asked} groups of numbers wrong out of fold", flush=True)
        jobs = [(document, folds[document.paper]) for document in real]
        seen = [one for part in pool.map(seen_of, jobs) for one in part]
    out = []
    for paper in papers:
        sure = fitted_confidence(
            [one for one in seen if one.paper != paper and one.change != "not in the gold"]
        )
        out += [(one, chance(one, sure)) for one in seen if one.paper == paper]
    if args.readings is not None:
        rows = [
            "\t".join((*one.line, "accepted" if value >= ACCEPT_THRESHOLD else "proposed", f"{value:.3f}"))
            for one, value in out
            if one.line
        ]
        args.readings.write_text(
            "\n".join(["\t".join((*COLUMNS, "status", "confidence")), *rows]) + "\n", encoding="utf-8"
        )
    out = [(one, value) for one, value in out if one.change != "not in the gold"]
    if args.figure is not None:
        args.figure.write_text(
            drawn([(value, one.right, bool(one.change)) for one, value in out]), encoding="utf-8"
        )
    for title, mine in (
        ("as they stand", [item for item in out if not item[0].change]),
        ("with changed copies", out),
    ):
        accepted = [one for one, value in mine if value >= ACCEPT_THRESHOLD]
        good = sum(one.right for one in accepted)
        print(
            f"out of fold, {title}: {len(mine)} readings, right {sum(o.right for o, _ in mine) / len(mine):.4f}; accepted "
            f"{len(accepted) / len(mine):.4f}, of which right {good / max(len(accepted), 1):.4f}"
        )
        print("\n".join(bins(mine)))
    worst: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one, value in out:
        if value >= ACCEPT_THRESHOLD and not one.change:
            worst[one.paper][0] += 1
            worst[one.paper][1] += one.right
    print("papers with a wrong accepted reading:", {p: tuple(v) for p, v in worst.items() if v[0] != v[1]})
    layout, sets = fitted(tables, args.penalty), fitted_sets(instances, args.penalty)
    print("everything fitted:", regret(tables, layout)[:2])
    sure = fitted_confidence([one for one in seen if one.change != "not in the gold"])
    if args.write:
        lines = [
            f"# Written by benchmarks/fit_reader.py: {len(tables)} tables of {len(papers)} papers, penalty {args.penalty}.",
            "# Positive speaks for an interpretation, for a test set, or for a reading; 0 does not count.",
        ]
        for name, weights in (("layout", layout), ("test_set", sets), ("confidence", sure)):
            lines += ["", f"[{name}]", *(f'"{feature}" = {value}' for feature, value in pairs(weights))]
        args.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _per_paper(instances: Sequence[Sets]) -> list[Sets]:
    sizes: dict[str, int] = defaultdict(int)
    for one in instances:
        sizes[one.paper] += 1
    return [replace(one, weight=1.0 / sizes[one.paper] ** 0.5) for one in instances]


def _chosen(one: Sets, weights: dict[str, float]) -> str:
    scores = {"": weights.get("not told", 0.0)}
    for title, places in one.candidates:
        scores[title] = sum(value * weights.get(place, 0.0) for place, value in places)
    return max(sorted(scores), key=lambda title: scores[title])


if __name__ == "__main__":
    main()
