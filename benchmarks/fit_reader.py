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
import pickle
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from benchmarks.reader.figure import drawn
from benchmarks.reader.fitting import (
    chance,
    chosen_set,
    fitted,
    fitted_confidence,
    fitted_sets,
    pairs,
    per_paper,
    regret,
    weighted,
)
from benchmarks.reader.gold import documents, invented
from benchmarks.reader.judging import COLUMNS, Seen, of_document, seen_of, sets_of
from litdb.extract import ACCEPT_THRESHOLD
from litdb.extract.meaning.priors import shipped

WORKERS = 2


def bins(seen: Sequence[tuple[Seen, float]]) -> list[str]:
    """Confidence against truth, by bins, as lines of a Markdown table."""
    edges = (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 1.01)
    lines = ["| confidence | readings | tables | right |", "|---|---|---|---|"]
    for low, high in itertools.pairwise(edges):
        mine = [one for one, value in seen if low <= value < high]
        if mine:
            share = sum(one.right for one in mine) / len(mine)
            lines.append(
                f"| {low:g} to {min(high, 1.0):g} | {len(mine)} | {len({one.table for one in mine})} | {share:.3f} |"
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
        instances = per_paper([one for part in pool.map(sets_of, papers_of) for one in part])
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
                wrong += chosen_set(one, sets) not in one.right
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


if __name__ == "__main__":
    main()
