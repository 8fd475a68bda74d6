"""Papers in families: what is named, what is alike, what people say; the same in any order; with a dump and a merge."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import litdb
from litdb.api import PaperApproach, PaperFamilies, open_catalogue
from litdb.catalogue.facts.stating import state_fact
from litdb.catalogue.papers import find_paper
from litdb.catalogue.record import PaperFacts, put_paper
from litdb.errors import NotFound, UsageError
from litdb.evidence.screening import Candidate
from litdb.survey.cluster import cluster_papers, cluster_survey
from tests.evidence.worlds import publish

pytest.importorskip("sklearn")

TITLES = [
    "A U-Net with inception blocks and skips for quiet rooms",
    "Another U-Net with inception blocks and skips",
    "UNet with inception blocks and skips",
    "Inception blocks and skips",
    "Mamba for speech",
    "Bidirectional Mamba scanning time and frequency",
    "Mamba layers",
    "Diffusion of speech in one step",
    "Flow matching of speech in one step",
    "On the weather in Kiel",
    "Frequency of rain in one room",  # a word in common is no likeness
]


def papers(titles: list[str]) -> list[PaperApproach]:
    return [PaperApproach(f"arXiv:2401.{number:05}", title) for number, title in enumerate(titles)]


def where(found: PaperFamilies) -> dict[str, str]:
    placed = {paper.title: family.id for family in found.families for paper in family.papers}
    return placed | {paper.title: "" for paper in found.unplaced}


def test_what_is_named_what_is_alike_and_what_is_neither() -> None:
    found = cluster_papers(papers(TITLES))
    placed = where(found)
    assert [placed[title] for title in TITLES[:4]] == ["u-net"] * 4  # the last by its words alone
    assert [placed[title] for title in TITLES[4:7]] == ["state-space"] * 3
    assert [placed[title] for title in TITLES[7:]] == ["diffusion", "diffusion", "", ""]
    first = found.families[0]
    assert first.id == "u-net" and "inception" in " ".join(first.words) and len(first.representatives) == 3
    why = {paper.title: paper.why for family in found.families for paper in family.papers}
    assert why[TITLES[0]] == "title says U-Net" and why[TITLES[3]] == "its words are like those of the others"


def test_the_order_changes_nothing() -> None:
    some = papers(TITLES)
    first = cluster_papers(some)
    for seed in range(4):
        random.Random(seed).shuffle(some)
        assert cluster_papers(some) == first


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_papers_are_no_fault(count: int) -> None:
    found = cluster_papers(papers(TITLES[:count]))
    assert [len(family.papers) for family in found.families] == [count]
    (alone,) = cluster_papers(papers(["", "", ""])[:count]).unplaced[:1]
    assert alone.why == "nothing known of it names an approach"


def test_what_a_person_says_stays_and_teaches() -> None:
    some = papers([*TITLES, "Wavelet frames of speech", "Wavelet frames of music", "Wavelet frames of birds"])
    assert where(cluster_papers(some))["Wavelet frames of birds"] == ""
    told = [
        replace(one, family="wavelet", who="ann", decision="d1")
        if "speech" in one.title[-7:] and "Wavelet" in one.title
        else one
        for one in some
    ]
    found = cluster_papers(told)
    assert where(found)["Wavelet frames of birds"] == "wavelet"
    (own,) = [family for family in found.families if family.id == "wavelet"]
    said = {paper.title: (paper.why, paper.decision) for paper in own.papers}
    assert said["Wavelet frames of speech"] == ("put here by ann", "d1")
    moved = [replace(one, family="diffusion", who="ann") if one.title == TITLES[0] else one for one in some]
    assert where(cluster_papers(moved))[TITLES[0]] == "diffusion"


@pytest.fixture
def surveyed(catalogue: litdb.Catalogue, tmp_path: Path) -> litdb.Catalogue:
    publish(catalogue.store, "One", {"params": "0.50M", "PESQ": "3.30"})
    publish(catalogue.store, "Two", {"params": "5.0M", "PESQ": "3.50"})
    with catalogue.store.write() as session:
        for number, title in (("2401.00001", "One"), ("2401.00002", "Two")):
            put_paper(session, PaperFacts(title=f"{title}: a paper")).arxiv_id = number
        state_fact(session, "One", "mamba", "technique", "its section 2")
        state_fact(session, "Two", "mamba", "technique", "its section 2")
    catalogue.start_survey("light", "light speech enhancement")
    listed = [Candidate(f"arXiv:2401.0000{n}", f"paper {n}") for n in range(1, 6)]
    catalogue.add_survey_run("light", listed, formulations=["light"], identified=len(listed))
    catalogue.screen("light", ["arXiv:2401.00005"], "dropped", reason="of birds")
    return catalogue


def test_a_survey_with_what_the_catalogue_and_the_index_know(
    surveyed: litdb.Catalogue, tmp_path: Path
) -> None:
    before = cluster_survey(surveyed, "light")
    (family,) = before.families
    assert (
        family.id == "state-space" and before.total == 4 and len(before.unplaced) == 2
    )  # the dropped one is out
    assert family.params is not None and (family.params.low, family.params.high) == (0.5e6, 5e6)
    assert family.scores is not None and (family.scores.low, family.scores.high) == (3.3, 3.5)
    field = tmp_path / "field.tsv"
    field.write_text("arxiv_id\ttitle\tabstract\n2401.00003\tpaper 3\tWe train a conformer.\n")
    surveyed.load_index(field)
    after = cluster_survey(surveyed, "light")
    assert after.abstracts == 1
    assert {family.id: len(family.papers) for family in after.families} == {"state-space": 2, "conformer": 1}
    assert cluster_survey(surveyed).total == 2  # all papers of the catalogue
    with pytest.raises(NotFound):
        cluster_survey(surveyed, "nothing")
    surveyed.start_survey("empty", "empty")
    with pytest.raises(UsageError, match="holds no paper"):
        cluster_survey(surveyed, "empty")


def family_of(catalogue: litdb.Catalogue, paper: str, survey: str = "light") -> str:
    found = cluster_survey(catalogue, survey)
    return next((f.id for f in found.families for one in f.papers if one.paper == paper), "")


def test_moving_is_a_decision_undone_and_kept(surveyed: litdb.Catalogue) -> None:
    (first,) = surveyed.place_in_family(["2401.00001v2"], "U-Net", reason="its figure 1")
    assert family_of(surveyed, "arXiv:2401.00001") == "u-net" == family_of(surveyed, "arXiv:2401.00001", "")
    surveyed.place_in_family(
        ["arXiv:2401.00004"], "graph", reason="a graph", new=True
    )  # not in the catalogue
    assert family_of(surveyed, "arXiv:2401.00004") == "graph"
    (third,) = surveyed.place_in_family(["2401.00001"], "gan", reason="no, a GAN")
    assert family_of(surveyed, "arXiv:2401.00001") == "gan"
    surveyed.undo(third, reason="a slip")
    assert family_of(surveyed, "arXiv:2401.00001") == "u-net"
    told = [entry.uid for entry in surveyed.history("2401.00001")]
    assert first in told and third in told
    surveyed.undo(first, reason="a slip")
    assert family_of(surveyed, "arXiv:2401.00001") == "state-space"
    assert surveyed.check() == []
    with pytest.raises(UsageError, match="no family"):
        surveyed.place_in_family(["2401.00001"], "graph", reason="x")
    with pytest.raises(UsageError, match="reason"):
        surveyed.place_in_family(["2401.00001"], "gan", reason=" ")
    with pytest.raises(NotFound):
        surveyed.place_in_family(["2401.99999"], "gan", reason="x")


def test_moves_go_with_a_dump_and_a_merge(surveyed: litdb.Catalogue, tmp_path: Path) -> None:
    surveyed.place_in_family(["2401.00001"], "u-net", reason="its figure 1")
    surveyed.dump(tmp_path / "dump.jsonl")
    litdb.Catalogue.load(tmp_path / "dump.jsonl", tmp_path / "copy.db")
    with open_catalogue(tmp_path / "copy.db") as copy:
        assert cluster_survey(copy, "light") == cluster_survey(surveyed, "light")
        copy.place_in_family(["2401.00002"], "gan", reason="a GAN")
    surveyed.merge(tmp_path / "copy.db")
    assert family_of(surveyed, "arXiv:2401.00001") == "u-net"
    assert family_of(surveyed, "arXiv:2401.00002") == "gan"


def test_a_paper_that_gets_another_name_stays_where_it_was_put(surveyed: litdb.Catalogue) -> None:
    with surveyed.store.write() as session:
        paper = find_paper(session, "2401.00001")
        paper.arxiv_id, paper.doi = None, "10.1000/one"
    surveyed.place_in_family(["10.1000/one"], "u-net", reason="its figure 1")
    with surveyed.store.write() as session:
        find_paper(session, "10.1000/one").arxiv_id = "2401.00001"
    assert family_of(surveyed, "arXiv:2401.00001") == "u-net"


def test_without_scikit_learn_nothing_is_read(
    surveyed: litdb.Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ModuleNotFoundError, match="sklearn"):
        cluster_survey(surveyed, "no such survey")
