"""A harvest as it was copied out of papers, beside what the seed knows already."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from benchmarks.harvest.names import Model, Register
from benchmarks.harvest.tables import read
from litdb.seed.read import rows as seed_rows
from litdb.values.names import fold_name


class Harvest:
    """What was harvested, the papers it is of, and what is left out on its way into the seed."""

    def __init__(self, folder: Path) -> None:
        self.papers = read(folder / "papers.tsv")
        self.facts = read(folder / "facts.tsv")
        self.ablations = read(folder / "ablations.tsv")
        self.model_facts = read(folder / "model_facts.tsv")
        for row in self.ablations:  # a layer of a network, no dense skip connection
            row["change"] = row["change"].replace("dense layer", "fully connected layer")
            if counted := re.fullmatch(
                r"PESQ (float32|int8)", row["metric"]
            ):  # a state of the row, no other metric
                row["metric"] = "PESQ"
                row["base_label"] += f" [{counted[1]}]"
                row["row_label"] += f" [{counted[1]}]"
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
