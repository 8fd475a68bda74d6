"""The ablation tables of a harvest: their lines, and which changes what against which."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from benchmarks.harvest import components, protocols
from benchmarks.harvest.harvest import Harvest
from benchmarks.harvest.names import stripped
from benchmarks.harvest.rows import dataset_of, figure
from benchmarks.harvest.tables import Grid, Line, Row
from litdb.values.names import fold_name


def grids(harvest: Harvest, lines: Sequence[Line]) -> dict[tuple[str, str], Grid]:
    """The ablation tables with their lines and what each changes."""
    printed: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for line in lines:
        for metric in line.figures:
            printed[line.document, line.table, line.label].add(f"{metric}@@{line.dataset}")
    models = {(line.document, line.table, line.label): line.model for line in lines}
    scored = _scored(lines)
    grids: dict[tuple[str, str], Grid] = {}
    pairs: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in harvest.ablations:
        pairs[
            row["source"],
            row["table"],
            row["base_label"],
            row["row_label"],
            row["change"],
            row["components"],
        ].append(row)
    above: dict[tuple[str, str, str], tuple[str, list[str]]] = {}
    for (source, table, base, label, change, parts), rows in pairs.items():
        paper = harvest.printing(source)
        grid = grids.setdefault((source, table), Grid())
        first: dict[tuple[str, str], str] = {}
        second: dict[tuple[str, str], str] = {}
        for row in rows:
            dataset, words = dataset_of(row["dataset"], paper)
            for side, cell in ((first, row["base_printed"]), (second, row["row_printed"])):
                told = figure(harvest, row["metric"], cell, "", row["remark"])
                if told is None or not re.match(r"[~\d.<>≈+-]", told[1]):
                    continue
                name = told[0]
                if words:
                    more = "; ".join(f"{n}={v}" for n, v in words)
                    name = name[:-1] + f"; {more}}}" if name.endswith("}") else f"{name}{{{more}}}"
                side[name, "" if name.split("{")[0] in ("params", "MACs", "FLOPs", "RTF") else dataset] = (
                    told[1]
                )
        size = rows[0]["base_params"].strip().replace(" ", "")
        if re.fullmatch(r"[\d.]+[KMk]", size) and not any(n.startswith("params") for n, _ in first):
            first["params", ""] = size
        if not first or not second:
            continue
        named = [
            grid.line(
                Line(
                    source,
                    table,
                    name,
                    _ablated(
                        harvest,
                        paper,
                        source,
                        table,
                        name,
                        models,
                        _alike(scored[source], first, second, numbers),
                    ),
                    "self",
                    "",
                    (),
                    remark,
                ),
                numbers,
            )
            for name, numbers, remark in (
                (base, first, ""),
                (label, second, protocols.kept(rows[0]["remark"].replace("cumulative", ""))),
            )
        ]
        tags = [t.strip() for t in parts.split(",") if t.strip()]
        start = named[0]
        if "cumulative" in rows[0]["remark"]:
            key = (source, table, base)
            before, had = above.get(key, (named[0], []))
            above[key] = (named[1], tags)
            start, tags = before, [t for t in tags if t not in had] or tags
        action, names, replacement = components.change(
            change, tags, source=source, cumulative="cumulative" in rows[0]["remark"]
        )
        if start != named[1]:
            grid.changes.append(
                [source, table, named[1], start, action, ", ".join(names), replacement, change]
            )
    return grids


#: So many scores on one test set, alike as they are printed, are those of one system of a paper.
_ALIKE = 4
#: Figures by metric and test set, and what is scored of models: the figures of each.
_Numbers = dict[tuple[str, str], str]
_Scored = set[tuple[str, frozenset[tuple[str, str]]]]


def _scored(lines: Sequence[Line]) -> dict[str, dict[str, _Scored]]:
    """What papers scored of their own models: by document and test set the model and its figures."""
    found: dict[str, dict[str, _Scored]] = defaultdict(lambda: defaultdict(set))
    for line in lines:
        if line.origin == "self" and line.dataset:
            found[line.document][line.dataset].add((line.model, _scores(line.figures.items())))
    return found


def _scores(figures: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """The scores among figures, as they are compared: only a band and a condition make another metric."""
    return frozenset(
        (
            metric if re.search(r"=NB|condition=", metric) else metric.partition("{")[0],
            text.rstrip("0").rstrip(".") if "." in text else text,
        )
        for metric, text in figures
        if not metric.startswith("params")
    )


def _alike(
    scored: dict[str, _Scored],
    first: _Numbers,
    second: _Numbers,
    asked: _Numbers,
) -> str:
    """The model of the paper whose scores are those of an ablation row; '' for none, for several, and where the row that it is
    compared with has the same ones."""
    if first == second:
        return ""
    for dataset in {dataset for _, dataset in asked} - {""}:
        mine = _scores((metric, text) for (metric, on), text in asked.items() if on == dataset)
        found = {
            model for model, theirs in scored[dataset] if len(mine & theirs) >= _ALIKE and mine <= theirs
        }
        if len(found) == 1:
            return found.pop()
    return ""


def _ablated(
    harvest: Harvest,
    paper: str,
    source: str,
    table: str,
    label: str,
    models: dict[tuple[str, str, str], str],
    alike: str,
) -> str:
    if (source, table, label) in models:
        return models[source, table, label]
    system = harvest.register.system(paper, paper=paper)
    name = stripped(label)
    if fold_name(name) in (fold_name(paper), fold_name(system.name), "ours", "proposed", "full"):
        return system.key
    if alike:
        return alike
    known = harvest.register.within.get((paper, fold_name(label))) or harvest.register.within.get(
        (paper, fold_name(name))
    )
    if known:
        return harvest.register.models[known].key
    return harvest.register.part(paper, f"{name} (table {table})", "ablation", parent=system.key).key


def ablation_lines(lines: Sequence[Line], grids: Iterable[Grid]) -> list[list[str]]:
    """The lines of ablation tables, one for each test set, without the figures that `lines` give already."""
    inside = {(line.document, line.table, line.label) for line in lines}
    table_lines = []
    printed = {(ln.document, ln.table, ln.label, f"{m}@@{ln.dataset}") for ln in lines for m in ln.figures}
    for grid in grids:
        for line in grid.lines.values():
            by_set: dict[str, dict[str, str]] = defaultdict(dict)
            for place, text in line.figures.items():
                metric, _, dataset = place.partition("@@")
                by_set[dataset][metric] = text
            if (line.document, line.table, line.label) in inside:
                known = {
                    p
                    for d, t, label, p in printed
                    if (d, t, label) == (line.document, line.table, line.label)
                }
                names = {k.split("{")[0].split("@@")[0] + "@@" + k.partition("@@")[2] for k in known}
                by_set = {
                    d: {
                        m: t
                        for m, t in fs.items()
                        if f"{m.split('{')[0]}@@{d}" not in names
                        and (m.split("{")[0] + "@@") not in {n for n in names if n.endswith("@@")}
                    }
                    for d, fs in by_set.items()
                }
            for dataset, figures in by_set.items():
                if figures:
                    table_lines.append(
                        Line(
                            line.document,
                            line.table,
                            line.label,
                            line.model,
                            "self",
                            dataset,
                            (),
                            line.remark,
                            figures,
                        ).cells("ablation")
                    )
    return table_lines
