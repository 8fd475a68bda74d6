"""`litdb gaps` from values, facts and surveys."""

from __future__ import annotations

import pytest

import litdb
from litdb.catalogue.facts.stating import state_fact
from litdb.catalogue.papers import publications
from litdb.errors import NotFound, UsageError
from litdb.evidence.screening import Candidate
from tests.evidence.worlds import publish


@pytest.fixture
def field(catalogue: litdb.Catalogue) -> litdb.Catalogue:
    store = catalogue.store
    publish(store, "One", {"params": "0.50M", "PESQ": "3.30"})
    publish(store, "Two", {"params": "0.80M", "PESQ": "3.10"})
    publish(store, "Far", {"PESQ": "3.60"}, dataset="dns2020-noreverb")
    publish(store, "Rerun", {"PESQ": "3.00"}, origin="reproduced")
    publish(store, "Part", {"params": "0.10M", "PESQ": "2.90"}, kind="ablation")
    with store.write() as session:
        state_fact(session, "One", "mamba", "technique", "its title")
    return catalogue


def test_systems_on_the_test_set_are_counted(field: litdb.Catalogue) -> None:
    found = field.gaps(datasets=["vbd", "dns2020-noreverb"])
    vbd, dns = found.coverage
    assert (vbd.models, vbd.stated, vbd.sizes) == (3, 1, (0, 2, 0, 0, 1))  # no row of an ablation
    assert (dns.models, dns.sizes) == (1, (0, 0, 0, 0, 1))
    assert {one.component: one.counts for one in vbd.rows}["mamba"] == (0, 1, 0, 0, 0)
    assert [(one.name, one.printed) for one in found.once] == [("One", "3.30"), ("Two", "3.10")]
    assert found.reproduced == 1


def survey(catalogue: litdb.Catalogue, *papers: str) -> None:
    catalogue.start_survey("light", "light speech enhancement")
    found = [Candidate(paper, paper) for paper in papers]
    catalogue.add_survey_run("light", found, formulations=["light"], identified=len(found))


def test_a_survey_narrows_it_to_its_papers(field: litdb.Catalogue) -> None:
    with field.reading() as session:
        keys = {one.title: one.key for one in publications(session)}
    survey(field, keys["One: a paper"], "arXiv:2401.99999")
    found = field.gaps("light")
    assert (found.papers, found.coverage[0].models, found.reproduced) == (1, 1, 0)
    field.screen("light", ["arXiv:2401.99999"], "taken", reason="it fits")
    with pytest.raises(NotFound, match="litdb survey fetch light"):
        field.gaps("light")


def test_what_is_not_known_is_said(field: litdb.Catalogue) -> None:
    with pytest.raises(NotFound):
        field.gaps("no such survey")
    with pytest.raises(UsageError):
        field.gaps(datasets=["nowhere"])
