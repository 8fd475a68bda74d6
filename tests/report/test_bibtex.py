"""Citations: the user's keys, generated entries, nothing made up."""

from __future__ import annotations

import pytest

from litdb.errors import InputError
from litdb.extract.markup.bibtex import read_bibliography
from litdb.report.paper.bibtex import bibtex
from litdb.values.bibliography import Publication, matched

BIB = r"""
@article{one, title={Another title}, eprint={2511.14515v2}, archivePrefix={arXiv}}
@inproceedings{two, title={{D\textsuperscript{2}Former}: a {F}ully complex network}, doi={10.1234/x}}
@misc{three, title={{MUSE}: Flexible \"Uber Fields}, journal={arXiv preprint arXiv:2406.04589}}
@misc{four, title="A study of $\alpha$-Net"}
"""


def test_papers_are_found_by_id_doi_and_title() -> None:
    papers = [
        Publication("a", "no such title", arxiv_id="2511.14515"),
        Publication("b", doi="10.1234/X"),
        Publication("c", arxiv_id="2406.04589"),
        Publication("d", "A Study of α-Net"),
        Publication("e", "Unknown"),
        Publication("f", ""),
    ]
    found = matched(papers, read_bibliography(BIB, "refs.bib"))
    assert [found.keys[key] for key in "abcd"] == ["one", "two", "three", "four"]
    assert found.made == ("e", "f")
    assert found.keys["e"] == "e"


@pytest.mark.parametrize("text", ["", "no entry here", "@string{a = {b}}"])
def test_a_file_without_entries_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match="has no BibTeX entry"):
        read_bibliography(text, "refs.bib")


def test_keys_are_of_one_paper_alone() -> None:
    keys = [
        Publication(key).cite_key
        for key in ("MetricGAN", "MetricGAN+", "α-Net", "β-Net", "模型", "arXiv:2401.00001")
    ]
    assert len(set(keys)) == len(keys)
    assert all(key.isascii() and not set(key) & set(" {}%#~\\,") for key in keys)
    assert keys[0] == "MetricGAN"
    assert keys[-1] == "arXiv:2401.00001"


def test_a_published_version_comes_first_and_what_is_missing_is_said() -> None:
    text = bibtex(
        [
            Publication("DPCRN", "DPCRN: 50% {off}", ("Ada Müller", "B. C"), "2107.05429", "10.21437/Interspeech.2021-296", "", 2021),
            Publication("J", "T", ("A",), "", "10.1/x", "IEEE/ACM TASLP", 2024),
            Publication("P", "T", (), "2401.00001"),
        ]
    )  # fmt: skip
    assert "@inproceedings{DPCRN," in text
    assert "booktitle = {Proc. Interspeech 2021}," in text
    assert r"title = {{DPCRN: 50\% \textbraceleft{}off\textbraceright{}}}," in text
    assert r"author = {Ada M\"{u}ller and B. C}," in text
    assert "@article{J," in text
    assert "% P: authors not known: `litdb bib --fetch` asks arXiv\n@misc{P," in text
    assert "author = {}" not in text


def test_a_hostile_title_stays_in_its_field() -> None:
    text = bibtex([Publication("x\n}@evil{", "a}, note={\\input{/etc/passwd}", ("}{",), doi="10.1/}{\\x")])
    assert text.count("{") == text.count("}")
    assert "\\input" not in text
    assert "\n}@" not in text
    assert [entry.key for entry in read_bibliography(text, "x")] == [Publication("x\n}@evil{").cite_key]
