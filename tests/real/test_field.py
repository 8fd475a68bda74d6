"""Surveys on a real list of titles: the papers that are known to belong there, and those judged relevant by hand."""

from __future__ import annotations

from pathlib import Path

from benchmarks.field_recall import KNOWN, measure


def test_known_papers_stand_in_the_first_thirty_and_most_relevant_ones_are_found(
    real_data: Path, tmp_path: Path
) -> None:
    listing = real_data / "papers_meta.tsv"
    results = measure(listing, tmp_path).values()
    for one in KNOWN:
        assert any(one in ids[:30] for ids, _relevant in results), one
    assert sum(len(relevant & set(ids[:30])) for ids, relevant in results) >= 33
    assert sum(len(relevant & set(ids)) for ids, relevant in results) >= 38
