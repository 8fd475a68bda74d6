"""The families of the papers that ship, against the labelling by hand; in full in benchmarks/clusters.py."""

from __future__ import annotations

import random

import pytest

pytest.importorskip("sklearn")

from benchmarks.clusters import agreement, given_half, inputs, labels, placed
from litdb.survey.cluster import cluster_papers


def test_the_papers_that_ship_against_the_labelling_by_hand() -> None:
    (labelled, _parts), kinds = labels(), inputs()
    papers = kinds["plus technique facts"]
    found = cluster_papers(papers)
    assert agreement(placed(found), labelled, sorted(labelled)) >= 0.6
    assert sum(given_half(papers, labelled, seed) for seed in range(3)) / 3 >= 0.65
    random.Random(1).shuffle(papers)
    assert cluster_papers(papers) == found


def test_no_family_fact_of_the_catalogue_is_given() -> None:
    for papers in inputs().values():
        assert all(fact.item != "family" for paper in papers for fact in paper.stated)
        assert not any(paper.family for paper in papers)
