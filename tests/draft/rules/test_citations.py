"""CITE."""

from __future__ import annotations

from pathlib import Path

import pytest

from litdb.draft.rules.citations import cite
from tests.draft.world import REFS, only, report, said


def test_citations_that_resolve_and_entries_that_agree(tmp_path: Path) -> None:
    found = report(tmp_path, r"Text \cite{gold,silver} \citep[see][p. 3]{tin} \nocite{*}.", (cite,))
    assert found.findings == ()
    assert found.checked["citations"] == 3
    assert found.unchecked == {"entries of the bibliography of papers that the catalogue does not know": 1}


def test_a_citation_that_stands_in_no_bibliography(tmp_path: Path) -> None:
    found = only(report(tmp_path, "Text\n\\cite{gold,lost}.\n\\cite{lost}", (cite,)))
    assert (found.place.file, found.place.line, found.message) == (
        "paper.tex", 3, "'lost' is cited and stands in no bibliography",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("title={SilverNet: a small network}", "title={SilverNet: a large network}", "its title is"),
        ("title={GoldNet: an efficient network}", "title={GoldNet: another work}", "its title is"),
        ("year=2025", "year=2020", "its year is 2020, the paper is of 2025 to 2027"),
        ("author={One, Ada and Two, Bea}", "author={One, Ada and Zed, Zoe}", "Zed: no author of the paper"),
        ("@misc{tin,", "@misc{silver,", "the key 'silver' stands at line 5"),
    ],
)
def test_an_entry_that_says_otherwise(tmp_path: Path, old: str, new: str, words: str) -> None:
    found = only(report(tmp_path, "Text.", (cite,), REFS.replace(old, new)))
    assert found.place.file == "refs.bib"
    assert words in found.message


@pytest.mark.parametrize(
    "again",
    [
        "@article{pre, title={SilverNet: a small network}, year=2024, eprint={2406.00004}}",  # arXiv and DOI
        "@article{pre, title={A Work that {N}obody here has heard of}, year=2020}",
    ],
)
def test_one_work_under_two_keys(tmp_path: Path, again: str) -> None:
    found = only(report(tmp_path, "Text.", (cite,), REFS + again))
    assert "'pre' is the work of" in found.message


def test_titles_that_differ_in_case_braces_and_dashes_agree(tmp_path: Path) -> None:
    bib = REFS.replace("SilverNet: a small network", "{SilverNet}: A Small {N}etwork.")
    assert report(tmp_path, "Text.", (cite,), bib).findings == ()


def test_no_bibliography_is_no_finding_but_counted(tmp_path: Path) -> None:
    found = report(tmp_path, r"Text \cite{gold}.", (cite,), "")
    assert said(found) == []
    assert found.unchecked["citations, for no bibliography is there (--bib names one)"] == 1
