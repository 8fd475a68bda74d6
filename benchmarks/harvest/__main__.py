"""Harvested figures to the text files of `litdb/seed/harvest`.

    python -m benchmarks.harvest FOLDER [--out litdb/seed/harvest]

FOLDER holds papers.tsv, facts.tsv, ablations.tsv and model_facts.tsv as somebody copied them out of papers, one figure a
line. What comes out is one line a row of a table, the model decided, units and protocol written out; the product needs
only that. What cannot be placed (a count without a unit, a difference printed as a score) is left out and told.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.harvest import components, protocols
from benchmarks.harvest.names import GENERIC, SEVERAL, SPELLED, Model, Register, clusters, reference, stripped
from litdb.seed.read import rows as seed_rows
from litdb.values.names import fold_name
from litdb.vocabulary import vocabulary

Row = dict[str, str]
#: Sets that several papers publish results on under one name, though the vocabulary lacks them.
#: Test sets whose words are longer than a catalogue keeps.
_SHORTER = {
    "WSJ0-SI84+DNS noise (30 h subset), factory1, average of -3, 0, DBT-Net": "WSJ0-SI84+DNS noise (30 h), factory1, mean of -3 and 0, DBT-Net",
    "DNS Challenge 2020 (own 5000-utterance test mixtures, DNS noise), LORT": "DNS Challenge 2020 (5000 own mixtures, DNS noise), LORT",
    "LibriSpeech+7 noise sets (own mix), PSM; PESQ at 5 dB, composites averaged, Ripple attention": "LibriSpeech+7 noise sets, PSM; PESQ at 5 dB, Ripple attention",
}
_SHARED_SETS = ("VB-DemandEx",)
_SKIPPED = re.compile(r"^delta_")


def read(path: Path) -> list[Row]:
    """A table with tabs, every field a string."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@dataclass
class Line:
    """A row of a table on its way into the seed: figures by place, in the order of the table."""

    document: str
    table: str
    label: str
    model: str
    origin: str
    dataset: str
    items: tuple[tuple[str, str], ...]
    remark: str
    figures: dict[str, str] = field(default_factory=dict)

    def cells(self, kind: str) -> list[str]:
        """The fields of its line in rows.tsv."""
        shared = "; ".join(f"{name}={value}" for name, value in self.items)
        figures = " | ".join(f"{metric} {text}" for metric, text in self.figures.items())
        return [
            self.document,
            self.table,
            kind,
            self.label,
            self.model,
            self.origin,
            self.dataset,
            shared,
            figures,
            self.remark,
        ]


@dataclass
class Grid:
    """An ablation table: its lines by label, and which line changes what against which."""

    lines: dict[str, Line] = field(default_factory=dict)
    changes: list[list[str]] = field(default_factory=list)

    def line(self, wanted: Line, figures: dict[tuple[str, str], str]) -> str:
        """The name of the line that these figures belong to; another when the one of that label says otherwise."""
        label, number = wanted.label, 1
        while label in self.lines and any(
            self.lines[label].figures.get(place, text) != text for place, text in _placed(figures).items()
        ):
            number += 1
            label = f"{wanted.label} [{number}]"
        if label not in self.lines:
            self.lines[label] = wanted
            wanted.label = label
        self.lines[label].figures.update(_placed(figures))
        return label


def _placed(figures: dict[tuple[str, str], str]) -> dict[str, str]:
    return {f"{metric}@@{dataset}": text for (metric, dataset), text in figures.items()}


class Conversion:
    """One run over a harvest."""

    def __init__(self, folder: Path) -> None:
        self.papers = read(folder / "papers.tsv")
        self.facts = read(folder / "facts.tsv")
        self.ablations = read(folder / "ablations.tsv")
        self.model_facts = read(folder / "model_facts.tsv")
        for row in self.ablations:  # a layer of a network, no dense skip connection
            row["change"] = row["change"].replace("dense layer", "fully connected layer")
        printed = {(r["source"], r["table"]) for r in self.facts if r["origin"] != "self"}
        self.changed = {
            (r["source"], r["table"], r["row_label"])
            for r in self.ablations
            if (r["source"], r["table"]) not in printed
        }
        self.left_out: Counter[str] = Counter()
        self.register = Register()
        core_papers = list(seed_rows("papers.tsv"))
        self.paper_of = {p["arxiv_id"]: p["paper"] for p in self.papers if p["arxiv_id"]}
        self.paper_of |= {p["arxiv_id"]: p["key"] for p in core_papers if p["arxiv_id"]}
        self.paper_keys = set(self.paper_of.values()) | {p["key"] for p in core_papers}
        self._core_models()
        for paper in self.papers:
            self.register.system(paper["paper"], paper=paper["paper"])

    def _core_models(self) -> None:
        register = self.register
        core = {}
        for row in seed_rows("models.tsv"):
            register.models[row["key"]] = Model(
                row["key"], row["name"], row["kind"], row["parent"], row["paper"]
            )
            if row["kind"] in ("system", "variant") and not row["own"]:
                register.known(row["key"], row["name"])
            elif row["kind"] == "reference":
                continue
            if row["kind"] == "system" and row["paper"]:
                core[row["paper"]] = row["key"]
            if row["paper"] and row["kind"] != "system":
                register.within[row["paper"], fold_name(row["name"])] = row["key"]
        for row in seed_rows("names.tsv"):
            if not row["scope"]:
                register.known(row["model"], row["name"])
            elif row["scope"] in self.paper_keys:
                register.within[row["scope"], fold_name(row["name"])] = row["model"]
        register.core = core

    def printing(self, source: str) -> str:
        """The key of the paper that a source (`arXiv:2006.12847v3`) is a version of."""
        return self.paper_of[source.split(":")[1].split("v")[0]]

    # --- models ---------------------------------------------------------------------------------------------

    def place_models(self) -> dict[int, str]:
        """The key of the model of each figure's row."""
        told = {self.printing(r["source"]) for r in self.facts if r["paper"] != self.printing(r["source"])}
        placed: dict[int, str] = {}
        names: dict[str, list[int]] = defaultdict(list)
        for at, row in enumerate(self.facts):
            paper, owner = self.printing(row["source"]), row["paper"]
            known = reference(row["model"])
            if known:
                placed[at] = known
            elif row["origin"] == "self" or (paper in told and owner == paper):
                placed[at] = self._own(paper, row)
            elif paper in told:
                placed[at] = self._others(owner, paper, row)
            else:
                names[self._spelling(row["model"])].append(at)
        self._by_name(names, placed)
        return placed

    def _setting(self, row: Row) -> str:
        setting = protocols.condition(row["condition"]).label
        return f"{stripped(row['model'])} [{setting}]" if setting else stripped(row["model"])

    def _own(self, paper: str, row: Row) -> str:
        label = self._setting(row)
        system = self.register.system(paper, paper=paper)
        if fold_name(label) in (fold_name(paper), fold_name(system.name), "ours", "proposed", "our"):
            return system.key
        found = self.register.within.get((paper, fold_name(label)))
        if found:
            return self.register.models[found].key
        taken = self.register.everywhere.get(fold_name(label), set())
        other = taken and not any(self.register.models[m].paper == paper for m in taken)
        less = (
            (row["source"], row["table"], row["model"]) in self.changed
            or re.match(r"(?:w/o|without|no |[-+–−] ?|only )", label)
            or row["origin"] == "reproduced"
            or other
        )
        return self.register.part(paper, label, "ablation" if less else "variant", parent=system.key).key

    def _others(self, owner: str, paper: str, row: Row) -> str:
        """The model of a row that the harvest says is `owner`'s."""
        label = self._setting(row)
        if fold_name(owner) in SEVERAL and owner not in self.paper_keys:
            model = self.register.part(paper, label, "variant", owner=paper)
            model.kind = "system"
            return model.key
        system = self.register.system(owner, paper=owner if owner in self.paper_keys else "")
        spelled = SPELLED.get(fold_name(label), label)
        if fold_name(spelled) in (fold_name(owner), fold_name(system.name), fold_name(owner.split(" (")[0])):
            return system.key
        found = self.register.within.get((owner, fold_name(label)))
        if found:
            return self.register.models[found].key
        taken = self.register.everywhere.get(fold_name(label), set())
        if len(taken) == 1 and self.register.models[next(iter(taken))].paper in (owner, ""):
            return self.register.models[next(iter(taken))].key
        # Another setting of it, as this paper has it: not known to be the same in the next.
        return self.register.part(paper, f"{label}", "variant", parent=system.key, owner=paper).key

    def _spelling(self, label: str) -> str:
        text = stripped(label).rstrip("†‡* ")
        return SPELLED.get(fold_name(text), text)

    def _by_name(self, names: dict[str, list[int]], placed: dict[int, str]) -> None:
        folded: dict[str, list[int]] = defaultdict(list)
        shown: dict[str, str] = {}
        for name, rows in names.items():
            for at in rows:
                text = self._setting({**self.facts[at], "model": name})
                folded[fold_name(text)].append(at)
                shown.setdefault(fold_name(text), text)
        for key, rows in folded.items():
            taken = self.register.everywhere.get(key, set())
            if len(taken) == 1 and key not in SEVERAL and key not in GENERIC:
                model = self.register.models[next(iter(taken))]
                for at in rows:
                    placed[at] = model.key
                continue
            self._unowned(shown[key], key, rows, placed)

    def _unowned(self, name: str, key: str, rows: Sequence[int], placed: dict[int, str]) -> None:
        """Rows of a name that no paper here owns: one model where their figures say so."""
        by_paper: dict[str, list[int]] = defaultdict(list)
        for at in rows:
            by_paper[self.printing(self.facts[at]["source"])].append(at)
        figures = [
            (
                paper,
                frozenset((f["dataset"], f["metric"], f["printed"]) for f in (self.facts[at] for at in ats)),
            )
            for paper, ats in by_paper.items()
        ]
        group = clusters(figures)
        sizes = Counter(group.values())
        biggest = min((-size, number) for number, size in sizes.items())[1]
        for paper, ats in by_paper.items():
            alone = (
                key in GENERIC or key in SEVERAL or key in self.register.everywhere or group[paper] != biggest
            )
            if alone:
                first = (
                    next(p for p in by_paper if group[p] == group[paper])
                    if sizes[group[paper]] > 1
                    else paper
                )
                if key in GENERIC or key in SEVERAL:
                    first = paper
                model = self.register.part(first, name, "variant", owner=first)
                model.kind = "system"
            elif setting := self._setting_of(name):
                model = self.register.part(paper, name, "variant", parent=setting, owner=paper)
            else:
                continue
            for at in ats:
                placed[at] = model.key
        rest = [at for at in rows if at not in placed]
        if rest:
            model = self.register.system(name)
            for at in rest:
                placed[at] = model.key

    def _setting_of(self, name: str) -> str:
        """The key of the known model that `BBED, NFE 60` and `TSTNN [8 kHz]` are settings of; '' for none."""
        base = re.split(r" \[|, NFE|, vanilla", name)[0]
        taken = self.register.everywhere.get(fold_name(SPELLED.get(fold_name(base), base)), set())
        return self.register.models[next(iter(taken))].key if base != name and len(taken) == 1 else ""

    # --- rows -----------------------------------------------------------------------------------------------

    def dataset(self, text: str, paper: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The id of a test set, or the paper's own words with the paper, and protocol items that the words hold."""
        items: list[tuple[str, str]] = []
        if text in ("-", "sizes", ""):
            return "", ()
        name, _, training = text.partition(", trained on ")
        if training:
            items.append(("training", training))
        if part := re.search(r",? \(?(-?\d+ dB|Avg\.|Ave\.|SNR Avg\.)\)?$", name):
            items.append(("condition", f"SNR {part[1]}" if "dB" in part[1] else "all"))
            name = name[: part.start()]
        known = vocabulary().dataset(name)
        if known is not None:
            return known.id, tuple(items)
        name = name if name in _SHARED_SETS else f"{name}, {paper}"
        return _SHORTER.get(name, name), tuple(items)

    def figure(
        self, metric: str, printed: str, per: str, remark: str, origin: str = "self"
    ) -> tuple[str, str] | None:
        """A figure as the seed writes it: the metric with its protocol in braces, and the number; None for one left out."""
        if _SKIPPED.match(metric):
            self.left_out["a difference printed as a score"] += 1
            return None
        # What a table says of its evaluation holds for what its authors scored, not for what they quote.
        items = [i for i in protocols.stated(metric, per, remark) if i[0] != "scale" or origin != "quoted"]
        if device := re.fullmatch(r"RTF \((.+)\)", metric):
            metric, items = "RTF", [("hardware", device[1])]
        if setting := re.fullmatch(r"PESQ (float32|int8)", metric):
            metric = "PESQ"
            items.append(("counting", setting[1]))
        text = re.sub(r" \(.*\)$", "", printed.strip()).rstrip("*").replace(" ± ", "±")
        if metric in ("Params", "MACs", "FLOPs"):
            text = text.replace(" ", "")
            if re.fullmatch(r"\d{1,3}(?:,\d{3})+[A-Za-z]?", text):
                text = text.replace(",", "")
            if re.fullmatch(r"~?[\d.,]+", text):
                letter = protocols.unit(metric, remark)
                if not letter and not (
                    metric == "Params" and float(text.strip("~").replace(",", "")) >= 1000
                ):
                    self.left_out[f"{metric} without a unit"] += 1
                    return None
                text += letter
        if metric == "SI-SNR":
            metric = "SI-SDR"
        name = {"Params": "params", "SI-SNRi": "SI-SDRi"}.get(metric, metric)
        if items:
            name += "{" + "; ".join(f"{n}={v}" for n, v in dict(items).items()) + "}"
        return name, text

    def lines(self, placed: dict[int, str]) -> list[Line]:
        """The rows of all tables that are no ablation's."""
        found: dict[tuple[object, ...], Line] = {}
        for at, row in enumerate(self.facts):
            paper = self.printing(row["source"])
            figure = self.figure(row["metric"], row["printed"], row["per"], row["remark"], row["origin"])
            if figure is None:
                continue
            dataset, words = self.dataset(row["dataset"], paper)
            told = protocols.condition(row["condition"])
            label = f"{row['model']} [{told.label}]" if told.label else row["model"]
            items = tuple(dict((*words, *told.items)).items())
            remark = protocols.kept(row["remark"])
            key = (row["source"], row["table"], label, placed[at], row["origin"], dataset, items, remark)
            line = found.setdefault(
                key,
                Line(row["source"], row["table"], label, placed[at], row["origin"], dataset, items, remark),
            )
            if figure[0] in line.figures:
                self.left_out["a second figure in one place"] += 1
                continue
            line.figures[figure[0]] = figure[1]
        return list(found.values())

    # --- ablations ------------------------------------------------------------------------------------------

    def grids(self, lines: Sequence[Line]) -> dict[tuple[str, str], Grid]:
        """The ablation tables with their lines and what each changes."""
        printed: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for line in lines:
            for metric in line.figures:
                printed[line.document, line.table, line.label].add(f"{metric}@@{line.dataset}")
        models = {(line.document, line.table, line.label): line.model for line in lines}
        grids: dict[tuple[str, str], Grid] = {}
        pairs: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in self.ablations:
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
            paper = self.printing(source)
            grid = grids.setdefault((source, table), Grid())
            first: dict[tuple[str, str], str] = {}
            second: dict[tuple[str, str], str] = {}
            for row in rows:
                dataset, words = self.dataset(row["dataset"], paper)
                for side, cell in ((first, row["base_printed"]), (second, row["row_printed"])):
                    figure = self.figure(row["metric"], cell, "", row["remark"])
                    if figure is None or not re.match(r"[~\d.<>≈+-]", figure[1]):
                        continue
                    name = figure[0]
                    if words:
                        more = "; ".join(f"{n}={v}" for n, v in words)
                        name = name[:-1] + f"; {more}}}" if name.endswith("}") else f"{name}{{{more}}}"
                    side[
                        name, "" if name.split("{")[0] in ("params", "MACs", "FLOPs", "RTF") else dataset
                    ] = figure[1]
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
                        self._ablated(paper, source, table, name, models),
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
            action, names, replacement = components.change(change, tags)
            if start != named[1]:
                grid.changes.append(
                    [source, table, named[1], start, action, ", ".join(names), replacement, change]
                )
        return grids

    def _ablated(
        self, paper: str, source: str, table: str, label: str, models: dict[tuple[str, str, str], str]
    ) -> str:
        if (source, table, label) in models:
            return models[source, table, label]
        system = self.register.system(paper, paper=paper)
        name = stripped(label)
        if fold_name(name) in (fold_name(paper), fold_name(system.name), "ours", "proposed", "full"):
            return system.key
        known = self.register.within.get((paper, fold_name(label))) or self.register.within.get(
            (paper, fold_name(name))
        )
        if known:
            return self.register.models[known].key
        return self.register.part(paper, f"{name} (table {table})", "ablation", parent=system.key).key

    def once(self, rows: Sequence[list[str]]) -> None:
        """Leave every place of a table one figure: what stands there twice is written once, what differs is told."""
        taken: dict[tuple[str, ...], str] = {}
        for row in rows:
            left = []
            for text in filter(None, row[8].split(" | ")):
                metric, _, printed = text.partition("} ") if "{" in text else text.partition(" ")
                name, _, own = metric.partition("{")
                quantity = vocabulary().metric(vocabulary().metric_name(name).quantity)
                per_model = quantity is not None and quantity.per_model
                part = re.search(r"condition=([^;]*)", f"{own}; {row[7]}")
                place = (
                    *row[:2],
                    row[3],
                    name,
                    "" if per_model else row[6],
                    part[1] if part and not per_model else "",
                )
                if place not in taken:
                    taken[place] = printed
                    left.append(text)
                elif taken[place] != printed:
                    self.left_out[
                        f"another {name} in the same place: {row[0]} {row[1]} {row[3]}: {taken[place]} {printed}"
                    ] += 1
            row[8] = " | ".join(left)

    # --- model facts ----------------------------------------------------------------------------------------

    def model_lines(self) -> Iterable[list[str]]:
        """What models are made of, in words of the vocabulary."""
        seen: set[tuple[str, str]] = {(r["model"], r["value"]) for r in seed_rows("model_facts.tsv")}
        for row in self.model_facts:
            if row["model"] not in self.paper_keys:
                self.left_out["a fact of a model without a paper here"] += 1
                continue
            model = self.register.system(row["model"], paper=row["model"]).key
            for item, value in components.named(row["item"], row["value"]):
                if (model, value) not in seen:
                    seen.add((model, value))
                    yield [model, item, value, row["source"], row["value"] if len(row["value"]) < 90 else ""]


def write(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """A table with tabs; returns how many rows it has."""
    lines = [
        "\t".join(head),
        *("\t".join(text.replace("\t", " ") for text in row).rstrip("\t") for row in rows),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines) - 1


def main() -> int:
    """Convert and say how much came out, and what was left out."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "litdb/seed/harvest")
    options = parser.parse_args()
    conversion = Conversion(options.folder)
    placed = conversion.place_models()
    lines = conversion.lines(placed)
    grids = conversion.grids(lines)
    inside = {(line.document, line.table, line.label) for line in lines}
    table_lines = []
    printed = {(ln.document, ln.table, ln.label, f"{m}@@{ln.dataset}") for ln in lines for m in ln.figures}
    for grid in grids.values():
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
    everything = [*(ln.cells("") for ln in lines), *table_lines]
    conversion.once(everything)
    quoting = {(ln.document, ln.table) for ln in lines if ln.origin != "self"}
    out = options.out
    out.mkdir(parents=True, exist_ok=True)
    counts = {
        "papers": write(out / "papers.tsv", ("key", "title", "arxiv_id", "first_submitted"),
            ([p["paper"], p["title"], p["arxiv_id"], p["first_submitted"]] for p in conversion.papers)),
        "rows": write(out / "rows.tsv", ("document", "table", "kind", "label", "model", "origin", "dataset", "protocol", "figures", "remark"),
            ([*row[:2], "comparison" if (row[0], row[1]) in quoting or (row[0], row[1]) not in grids else "ablation", *row[3:]]
             for row in everything if row[8])),
        "changes": write(out / "changes.tsv", ("document", "table", "row", "base", "action", "components", "replacement", "words"),
            (change for grid in grids.values() for change in grid.changes)),
        "facts": write(out / "model_facts.tsv", ("model", "item", "value", "source", "remark"), conversion.model_lines()),
        "models": write(out / "models.tsv", ("key", "name", "kind", "parent", "paper"),
            ([m.key, m.name, m.kind, m.parent, m.paper] for m in conversion.register.made)),
    }  # fmt: skip
    print(", ".join(f"{number} {name}" for name, number in counts.items()))
    print("left out:", dict(conversion.left_out))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
