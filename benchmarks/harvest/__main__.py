"""Harvested figures to the text files of `litdb/seed/harvest`.

    python -m benchmarks.harvest FOLDER [--out litdb/seed/harvest]

FOLDER holds papers.tsv, facts.tsv, ablations.tsv and model_facts.tsv as somebody copied them out of papers, one figure a
line. What comes out is one line a row of a table, the model decided, units and protocol written out; the product needs
only that. What cannot be placed (a count without a unit, a difference printed as a score) is left out and told.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.harvest.ablations import ablation_lines, grids
from benchmarks.harvest.harvest import Harvest
from benchmarks.harvest.models import description_lines, model_lines, place_models, state_causality
from benchmarks.harvest.rows import lines, once
from benchmarks.harvest.tables import write


def main() -> int:
    """Convert and say how much came out, and what was left out."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "litdb/seed/harvest")
    options = parser.parse_args()
    harvest = Harvest(options.folder)
    comparisons = lines(harvest, place_models(harvest))
    state_causality(harvest, comparisons)
    ablations = grids(harvest, comparisons)
    everything = [*(ln.cells("") for ln in comparisons), *ablation_lines(comparisons, ablations.values())]
    once(harvest, everything)
    quoting = {(ln.document, ln.table) for ln in comparisons if ln.origin != "self"}
    out = options.out
    out.mkdir(parents=True, exist_ok=True)
    counts = {
        "papers": write(out / "papers.tsv", ("key", "title", "arxiv_id", "first_submitted"),
            ([p["paper"], p["title"], p["arxiv_id"], p["first_submitted"]] for p in harvest.papers)),
        "rows": write(out / "rows.tsv", ("document", "table", "kind", "label", "model", "origin", "dataset", "protocol", "figures", "remark"),
            ([*row[:2], "comparison" if (row[0], row[1]) in quoting or (row[0], row[1]) not in ablations else "ablation", *row[3:]]
             for row in everything if row[8])),
        "changes": write(out / "changes.tsv", ("document", "table", "row", "base", "action", "components", "replacement", "words"),
            (change for grid in ablations.values() for change in grid.changes)),
        "facts": write(out / "model_facts.tsv", ("model", "item", "value", "source", "remark"), model_lines(harvest)),
        "descriptions": write(out / "descriptions.tsv", ("model", "topic", "text", "source", "remark"), description_lines(harvest)),
        "models": write(out / "models.tsv", ("key", "name", "kind", "parent", "paper"),
            ([m.key, m.name, m.kind, m.parent, m.paper] for m in harvest.register.made)),
    }  # fmt: skip
    print(", ".join(f"{number} {name}" for name, number in counts.items()))
    print("left out:", dict(harvest.left_out))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
