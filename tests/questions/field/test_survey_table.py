"""The table of a survey: what was read, what its models are made of, what it lacks and why."""

from __future__ import annotations

import pytest

import litdb
from litdb.catalogue.facts.stating import state_fact
from litdb.catalogue.papers import PaperStanding, find_paper, standing_of
from litdb.catalogue.record import PaperFacts, put_paper, put_version
from litdb.evidence.screening import Candidate
from litdb.questions.field.survey_table import _lacks
from litdb.report.tracing.survey import survey_text
from litdb.values.table import Table
from tests.catalogue.scenes import extraction, put
from tests.evidence.worlds import publish


def arxiv(catalogue: litdb.Catalogue, number: str, title: str) -> None:
    with catalogue.store.write() as session:
        put_paper(session, PaperFacts(arxiv_id=number, title=title))


@pytest.fixture
def surveyed(catalogue: litdb.Catalogue) -> litdb.Catalogue:
    publish(catalogue.store, "One", {"params": "0.50M", "PESQ": "3.30"})
    publish(catalogue.store, "Large", {"params": "5.0M", "PESQ": "3.50"})
    publish(catalogue.store, "Else", {"SDR": "9.0"}, dataset="wsj0-2mix")
    with catalogue.store.write() as session:
        for title, number in (("One", "2401.00001"), ("Large", "2401.00002"), ("Else", "2401.00003")):
            put_paper(session, PaperFacts(title=f"{title}: a paper")).arxiv_id = number
        state_fact(session, "One", "mamba", "technique", "its title")
        state_fact(session, "One", "time-loss", "training", "its section 2")
    arxiv(catalogue, "2401.00004", "A scan | of a <b>paper</b>")
    catalogue.start_survey("light", "light speech enhancement")
    found = [Candidate(f"arXiv:2401.0000{n}", f"paper {n}\x1b[31m") for n in range(1, 7)]
    catalogue.add_survey_run("light", found, formulations=["light"], identified=len(found))
    catalogue.screen("light", ["arXiv:2401.00006"], "dropped", reason="of birds")
    return catalogue


def test_what_was_read_and_what_is_missing(surveyed: litdb.Catalogue) -> None:
    found = surveyed.survey_table("light", ["params", "PESQ"], where=["params=0.4M..0.6M"])
    assert [row.name for row in found.table.rows] == ["One"]
    (made,) = found.made_of
    assert (made.techniques, made.training, made.isolated) == (("mamba",), ("time-loss",), ())
    why = {one.paper: one.why for one in found.lacking}
    assert set(why) == {f"arXiv:2401.0000{n}" for n in range(2, 6)}  # not the dropped one
    assert why["arXiv:2401.00002"] == "its models do not meet the conditions"
    assert "on other test sets" in why["arXiv:2401.00003"]
    assert "nothing of it could be read" in why["arXiv:2401.00004"]
    assert "litdb survey fetch light" in why["arXiv:2401.00005"]


def test_taken_papers_alone_once_there_are_some(surveyed: litdb.Catalogue) -> None:
    surveyed.screen("light", ["arXiv:2401.00002"], "taken", reason="large")
    found = surveyed.survey_table("light", ["params", "PESQ"])
    assert [row.name for row in found.table.rows] == ["Large"] and found.lacking == ()


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (PaperStanding(True, ("latex",), 2, withdrawn="an error"), "withdrawn: an error"),
        (PaperStanding(True, ("latex",), 2, waiting=3), "3 values of it on VBD wait"),
        (PaperStanding(True, ("latex",), 2), "none of its tables holds a result"),
        (PaperStanding(True, ("latex",), 0), "no table was found in it"),
        (PaperStanding(True, ("pdf",), 0), "no table was found in its PDF"),
    ],
)
def test_the_first_step_that_it_did_not_come_through_is_said(standing: PaperStanding, said: str) -> None:
    assert said in _lacks(standing, "light", Table("VBD", (), ()))


def test_waiting_and_withdrawn_are_counted_from_the_catalogue(catalogue: litdb.Catalogue) -> None:
    with catalogue.store.write() as session:
        put(session, "2401.00009", extraction([("Netta", "3.10", True), ("Alfa", "2.90", False)]))
        paper = find_paper(session, "2401.00009")
        standing = standing_of(session, paper.key, "vbd")
        assert (standing.known, standing.tables, standing.accepted, standing.waiting) == (True, 1, 2, 0)
        put_version(session, paper, 9, withdrawn="by its authors")
        assert standing_of(session, paper.key, "vbd").withdrawn == "by its authors"
        assert standing_of(session, paper.key, "dns2020-noreverb").elsewhere == 2
        assert not standing_of(session, "nothing", "vbd").known


def test_as_text_and_as_markdown_hostile_titles_stay_text(surveyed: litdb.Catalogue) -> None:
    found = surveyed.survey_table("light", ["params", "PESQ"])
    text = survey_text(found)
    assert "techniques: mamba" in text and "why it has no row: not fetched yet" in text and "\x1b" not in text
    marked = survey_text(found, markdown=True)
    assert "| model | techniques | training |" in marked and "| 2401.00005 | paper 5" in marked
