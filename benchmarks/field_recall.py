"""How many of the titles judged relevant by hand the surveys of three questions find, and where five known papers stand.

    python benchmarks/field_recall.py papers_meta.tsv

The list is loaded into an empty index; benchmarks/survey/relevant.tsv has the judgements, made before any search existed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from litdb.api import Catalogue
from litdb.survey.search import new_survey

RELEVANT = Path(__file__).parent / "survey" / "relevant.tsv"
KNOWN = ("2511.14515", "2406.04589", "2308.08926", "2409.11725", "2107.05429")


def measure(listing: Path, folder: Path) -> dict[str, tuple[list[str], set[str]]]:
    """By question: the ids found, best first, and those judged relevant."""
    judged: dict[str, set[str]] = {}
    for line in RELEVANT.read_text("utf-8").splitlines():
        if not line.startswith(("#", "query")):
            question, arxiv_id = line.split("\t")
            judged.setdefault(question, set()).add(arxiv_id)
    found = {}
    with Catalogue.init(folder / "recall.db", empty=True) as catalogue:
        catalogue.load_index(listing, everything=True)
        for question, relevant in judged.items():
            survey = new_survey(catalogue, question, target=300)
            found[question] = (
                [one.candidate.paper.removeprefix("arXiv:") for one in survey.papers],
                relevant,
            )
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        results = measure(Path(sys.argv[1]), Path(place))
    total = {30: 0, 60: 0, 300: 0}
    for question, (ids, relevant) in results.items():
        shares = []
        for most in total:
            hit = len(relevant & set(ids[:most]))
            total[most] += hit
            shares.append(f"{hit} in the first {most}")
        missed = sorted(relevant - set(ids))
        print(
            f"{question}: {len(ids)} found; of {len(relevant)} relevant {', '.join(shares)}; not found {missed}"
        )
        print("  relevant stand at", sorted(ids.index(one) + 1 for one in relevant if one in ids))
    print("all:", ", ".join(f"{hit} of 40 in the first {most}" for most, hit in total.items()))
    for one in KNOWN:
        print(one, {question: ids.index(one) + 1 for question, (ids, _r) in results.items() if one in ids})
