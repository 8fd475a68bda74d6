"""Whether two records are one work: a hundred pairs that were made by hand before the rule."""

from __future__ import annotations

import csv
from pathlib import Path

from litdb.survey.same_work import WorkListing, family_of, same_work

PAIRS = Path(__file__).parents[2] / "benchmarks" / "survey" / "pairs.tsv"


def listing(row: dict[str, str], side: str) -> WorkListing:
    families = tuple(filter(None, row[f"authors_{side}"].strip().split(";")))
    return WorkListing(
        row[f"title_{side}"],
        int(row[f"year_{side}"]),
        families,
        row[f"arxiv_{side}"] or "",
        row[f"doi_{side}"] or "",
    )


def test_the_pairs_made_by_hand() -> None:
    lines = [line for line in PAIRS.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) == 100
    found = [(row["same"] == "yes", same_work(listing(row, "a"), listing(row, "b"))) for row in rows]
    wrong = [row["title_a"] for row, (is_, said) in zip(rows, found, strict=True) if is_ != said]
    right = sum(is_ and said for is_, said in found)
    f1 = 2 * right / (sum(is_ for is_, _ in found) + sum(said for _, said in found))
    assert f1 >= 0.98, wrong
    for row in rows:  # whichever comes first
        assert same_work(listing(row, "a"), listing(row, "b")) == same_work(
            listing(row, "b"), listing(row, "a")
        )


def test_family_names() -> None:
    assert [family_of(name) for name in ("Ada One", "Two, Bea", "", "Plato")] == ["One", "Two", "", "Plato"]
