"""Weights that make the right interpretations, test sets and confidences likeliest."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize

from benchmarks.reader.judging import Seen, Sets, Table
from litdb.extract.meaning import confidence

NEAR = ("header", "row", "caption", "note", "lead", "context", "table sentence", "heading", "outer heading")


NEAR = (*NEAR, *(f"{place} tested" for place in NEAR))


AGAINST = ("nearer names another", "header or row names another", "outside the vocabulary", "not noisy")


def weighted(tables: Sequence[Table]) -> list[Table]:
    """Each paper counts by its tables, not by its renderings and changed copies: half for the tables as they stand."""
    sizes: dict[tuple[str, bool], int] = defaultdict(int)
    for table in tables:
        sizes[(table.paper, bool(table.change))] += 1
    return [
        Table(t.paper, t.name, t.change, t.features, t.worth, 1.0 / sizes[(t.paper, bool(t.change))] ** 0.5)
        for t in tables
    ]


def per_paper(instances: Sequence[Sets]) -> list[Sets]:
    """Each paper counts by its groups of numbers as `weighted` lets it count by its tables."""
    sizes: dict[str, int] = defaultdict(int)
    for one in instances:
        sizes[one.paper] += 1
    return [replace(one, weight=1.0 / sizes[one.paper] ** 0.5) for one in instances]


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


def chosen_set(one: Sets, weights: dict[str, float]) -> str:
    """The test set that some weights decide for, '' for none."""
    scores = {"": weights.get("not told", 0.0)}
    for title, places in one.candidates:
        scores[title] = sum(value * weights.get(place, 0.0) for place, value in places)
    return max(sorted(scores), key=lambda title: scores[title])


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
