"""How well `litdb survey cluster --catalogue` agrees with a labelling by hand: adjusted Rand on the papers that ship.

    python benchmarks/clusters.py [--missed]

benchmarks/survey/families.tsv has the labelling with its rules, made before any clustering existed. Facts of kind `family` that the
catalogue states are withheld. Half of the labelled papers, by a digest of their keys, was looked at while the weights were set
(`seen`), the other was not (`blind`). `--missed` names the papers of the seen half that stand elsewhere.
"""

from __future__ import annotations

import hashlib
import random
import sys
from dataclasses import replace
from pathlib import Path

from sklearn.metrics import adjusted_rand_score

from litdb.api import PaperApproach, PaperFamilies, open_catalogue
from litdb.catalogue.papers import publications
from litdb.questions.field.families import name_of
from litdb.survey.cluster import cluster_papers

LABELS = Path(__file__).parent / "survey" / "families.tsv"
SHIPPED = Path(__file__).parent.parent / "sota.db"
SPLITS = 10


def labels() -> tuple[dict[str, str], dict[bool, list[str]]]:
    """The family of each labelled paper, by its name in a survey, and these names: those looked at (True), and the others."""
    rows = [
        line.split("\t")
        for line in LABELS.read_text("utf-8").splitlines()
        if not line.startswith(("#", "key\t"))
    ]
    by_key = {key: family for key, family, _title in rows}
    with open_catalogue(SHIPPED) as catalogue, catalogue.reading() as session:
        keys = {one.key: name_of(one.key, one.arxiv_id, one.doi) for one in publications(session)}
    parts: dict[bool, list[str]] = {True: [], False: []}
    for key in sorted(by_key):
        parts[hashlib.sha256(key.encode()).digest()[0] % 2 == 0].append(keys[key])
    return {keys[key]: family for key, family in by_key.items()}, parts


def inputs() -> dict[str, list[PaperApproach]]:
    """What is known of the papers that ship: titles alone, plus technique facts, plus what tables and notes say."""
    with open_catalogue(SHIPPED) as catalogue:
        papers = [replace(one, family="") for one in catalogue.paper_approaches()]
    said = [
        replace(one, stated=tuple(fact for fact in one.stated if fact.item != "family")) for one in papers
    ]
    facts = [
        replace(one, text="", stated=tuple(replace(fact, remark="") for fact in one.stated)) for one in said
    ]
    titles = [replace(one, stated=(), names=()) for one in facts]
    return {"titles alone": titles, "plus technique facts": facts, "plus method text": said}


def placed(found: PaperFamilies) -> dict[str, str]:
    """The family of each paper; all that are unplaced are one."""
    where = {paper.paper: family.id for family in found.families for paper in family.papers}
    return where | {paper.paper: "" for paper in found.unplaced}


def agreement(where: dict[str, str], labelled: dict[str, str], papers: list[str]) -> float:
    """Adjusted Rand on these papers."""
    return float(adjusted_rand_score([labelled[one] for one in papers], [where[one] for one in papers]))


def given_half(papers: list[PaperApproach], labelled: dict[str, str], seed: int) -> float:
    """Adjusted Rand on half of the labelled papers, the families of the other half being given."""
    some = sorted(labelled)
    random.Random(seed).shuffle(some)
    told = {paper: labelled[paper] for paper in some[: len(some) // 2]}
    known = [replace(one, family=told.get(one.paper, "")) for one in papers]
    return agreement(placed(cluster_papers(known)), labelled, some[len(some) // 2 :])


def main() -> None:
    """Print all figures."""
    (labelled, parts), kinds = labels(), inputs()
    print(
        f"{len(labelled)} papers labelled, {len(set(labelled.values()))} families; {len(parts[True])} seen, {len(parts[False])} blind"
    )
    for name, papers in kinds.items():
        found = cluster_papers(papers)
        where = placed(found)
        alone = [agreement(where, labelled, some) for some in (sorted(labelled), parts[True], parts[False])]
        given = [given_half(papers, labelled, seed) for seed in range(SPLITS)]
        sure = [one for one in labelled if where[one]]
        right = sum(where[one] == labelled[one] for one in sure)
        print(
            f"{name}: adjusted Rand {alone[0]:.3f} (seen {alone[1]:.3f}, blind {alone[2]:.3f}), {right} of {len(sure)} placed are right, {len(found.unplaced)} "
            f"of {len(papers)} unplaced; "
            f"half given, the other scored: {sum(given) / SPLITS:.3f}, least of {SPLITS} splits {min(given):.3f}"
        )
    papers = kinds["plus method text"]
    first = cluster_papers(papers)
    shuffled = [list(papers) for _ in range(5)]
    for seed, some in enumerate(shuffled):
        random.Random(seed).shuffle(some)
    print(
        f"the same after {len(shuffled)} shufflings: {all(cluster_papers(some) == first for some in shuffled)}"
    )
    names = sorted(one.paper for one in papers)
    others = [placed(cluster_papers(papers, seed=seed)) for seed in range(1, 6)]
    print(
        f"against other seeds: least adjusted Rand {min(agreement(one, placed(first), names) for one in others):.3f}"
    )
    if "--missed" in sys.argv:
        where = placed(first)
        titles = {one.paper: one.title for one in papers}
        for paper in parts[True]:
            if where[paper] != labelled[paper]:
                print(
                    f"{paper}: {labelled[paper]} by hand, found {where[paper] or 'unplaced'}: {titles[paper]}"
                )


if __name__ == "__main__":
    main()
