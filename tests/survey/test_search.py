"""A question in several formulations, its papers ranked; run again, screened, exported."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import litdb
from litdb.api import open_catalogue
from litdb.errors import CatalogueError, NotFound, UsageError
from litdb.evidence.screening import Candidate
from litdb.survey.export import bibtex, counts
from litdb.survey.search import formulations, new_survey, run_survey
from litdb.vocabulary.topics import topics

HEADER = "arxiv_id\tversion\tfirst_submitted\ttitle\tauthors\n"
ROWS = [
    "2401.00001\t1\t2024-01-01\tOne: a light-weight U-Net for speech enhancement\tAda One, Bea Two",
    "2402.00002\t1\t2024-02-01\tTwo: low-complexity speech denoising\tCem Three",
    "2403.00003\t1\t2024-03-01\tLightweight music tagging\t",
    "2404.00004\t1\t2022-03-01\tSpeech enhancement & {braces} by lightweight UNet\tDora Four",
    "2405.00005\t1\t2024-05-01\tSpeech enhancement by diffusion\t",
]


@pytest.fixture
def field(catalogue: litdb.Catalogue, tmp_path: Path) -> litdb.Catalogue:
    load(catalogue, tmp_path, ROWS)
    return catalogue


def load(catalogue: litdb.Catalogue, folder: Path, rows: list[str]) -> None:
    file = folder / "field.tsv"
    file.write_text(HEADER + "\n".join(rows) + "\n")
    catalogue.load_index(file)


def test_topics_of_a_question() -> None:
    names = [
        topic.name
        for topic in topics('lightweight dual-path speech enhancement with "fancy gates" and mamba')
    ]
    assert names[:3] == ["lightweight", "dual-path", "speech enhancement"]
    assert "fancy gates" in names and names[-1] == "mamba"
    assert "low-complexity" in topics("lightweight")[0].words
    assert "UNet" in topics("U-Net")[0].words


def test_formulations_keep_the_subject() -> None:
    ways = formulations("lightweight U-Net speech enhancement")
    assert len({way.words for way in ways}) == len(ways) == 4
    assert all(any(topic.subject for topic in way.topics) for way in ways)
    for empty in ("", "of the and", '""'):
        with pytest.raises(UsageError, match="empty"):
            formulations(empty)
    first, *others = ways
    assert "UNet" in first.words and all("UNet" not in way.words for way in others)  # synonyms are said once


def test_papers_that_meet_more_come_first_each_with_its_reason(field: litdb.Catalogue) -> None:
    survey = new_survey(field, "lightweight U-Net speech enhancement", target=10)
    ids = [paper.candidate.paper for paper in survey.papers]
    assert set(ids[:2]) == {"arXiv:2401.00001", "arXiv:2404.00004"} and ids[2] == "arXiv:2402.00002"
    assert survey.name == "lightweight-u-net-speech-enhancement"
    assert (
        "title says light-weight, U-Net, speech enhancement"
        in survey.papers[ids.index("arXiv:2401.00001")].candidate.why
    )
    since = new_survey(
        field, "lightweight speech enhancement", name="new", since=dt.date(2023, 1, 1), target=2
    )
    assert [paper.candidate.paper for paper in since.papers] == [
        "arXiv:2401.00001",
        "arXiv:2402.00002",
    ] or len(since.papers) == 2


def test_wider_formulations_are_asked_when_too_little_was_found(field: litdb.Catalogue) -> None:
    few = new_survey(field, "lightweight speech enhancement", target=2)
    many = new_survey(field, "lightweight speech enhancement", name="many", target=20)
    assert len(few.runs[0].formulations) < len(many.runs[0].formulations)
    assert [paper.candidate.paper for paper in many.papers][
        -1
    ] == "arXiv:2403.00003"  # without the subject: last


def test_papers_with_results_here_say_so(field: litdb.Catalogue) -> None:
    before = new_survey(field, "speech enhancement", name="before").papers
    last = before[-1].candidate.paper.removeprefix("arXiv:")
    field.add_result("SomeNet", {"PESQ": "3.1"}, dataset="vbd", paper=f"{last}v1", table="1")
    after = {
        one.candidate.paper: one.candidate.why
        for one in new_survey(field, "speech enhancement", name="after").papers
    }
    assert after[f"arXiv:{last}"].endswith("; results known here")
    assert sum("known here" in why for why in after.values()) == 1


def test_run_again_says_what_is_new(field: litdb.Catalogue, tmp_path: Path) -> None:
    new_survey(field, "lightweight speech enhancement", name="light")
    assert field.survey("light").change.new and not run_survey(field, "light").change.new
    load(
        field,
        tmp_path,
        [
            "2406.00006\t1\t2024-06-01\tLightweight speech enhancement again\t",
            ROWS[0].replace("\t1\t", "\t2\t", 1),
        ],
    )
    change = run_survey(field, "light").change
    assert [one.paper for one in change.new] == ["arXiv:2406.00006"]
    assert [(one.paper, one.version) for one in change.newer] == [("arXiv:2401.00001", 2)]
    assert change.gone == ()


def test_screening_is_a_decision_and_undone(field: litdb.Catalogue, tmp_path: Path) -> None:
    load(field, tmp_path, ["2407.00007\t1\t2024-07-01\tSpeech enhancement with compact networks\t"])
    new_survey(field, "lightweight speech enhancement", name="light")
    (first,) = field.screen("light", ["2401.00001"], "taken", reason="small")
    (second,) = field.screen("light", ["Two:"], "dropped", reason="no numbers")
    survey = field.survey("light")
    assert [paper.candidate.paper for paper in survey.of("taken")] == ["arXiv:2401.00001"]
    assert dict(counts(survey))["dropped: no numbers"] == 1
    (third,) = field.screen("light", ["arXiv:2401.00001v1"], "dropped", reason="music")
    assert not field.survey("light").of("taken")
    field.undo(third, reason="a slip")
    field.undo(second, reason="a slip")
    survey = run_survey(field, "light")
    assert [(paper.state, paper.decision) for paper in survey.of("taken", "dropped")] == [("taken", first)]
    assert field.check() == []
    with pytest.raises(NotFound, match="holds no paper"):
        field.screen("light", ["9999.99999"], "read", reason="x")
    with pytest.raises(UsageError, match="begins several"):
        field.screen("light", ["Speech enhancement"], "read", reason="x")
    with pytest.raises(UsageError, match="unknown state"):
        field.screen("light", ["2401.00001"], "lost", reason="x")
    with pytest.raises(UsageError, match="reason"):
        field.screen("light", ["2401.00001"], "dropped", reason=" ")


def test_surveys_go_with_a_dump_and_a_merge(field: litdb.Catalogue, tmp_path: Path) -> None:
    new_survey(field, "lightweight speech enhancement", name="light")
    field.screen("light", ["2401.00001"], "taken", reason="small")
    field.dump(tmp_path / "dump.jsonl")
    litdb.Catalogue.load(tmp_path / "dump.jsonl", tmp_path / "copy.db")
    with open_catalogue(tmp_path / "copy.db") as copy:
        assert copy.survey("light") == field.survey("light")
        assert [one.name for one in copy.surveys()] == ["light"]


def test_what_cannot_be(field: litdb.Catalogue, catalogue: litdb.Catalogue) -> None:
    new_survey(field, "lightweight speech enhancement", name="light")
    with pytest.raises(UsageError, match="already"):
        new_survey(field, "lightweight", name="light")
    for name in ("-x", "X Y", "ä", "x" * 61):
        with pytest.raises(UsageError, match="cannot name"):
            new_survey(field, "lightweight", name=name)
    with pytest.raises(UsageError, match="1 to 1000"):
        new_survey(field, "lightweight", name="more", target=0)
    with pytest.raises(NotFound, match="no survey"):
        run_survey(field, "nothing")


def test_without_an_index_nothing_is_kept(catalogue: litdb.Catalogue) -> None:
    with pytest.raises(CatalogueError, match="no index"):
        new_survey(catalogue, "lightweight speech enhancement")
    assert catalogue.surveys() == []


def test_bibtex_holds_hostile_titles(field: litdb.Catalogue) -> None:
    survey = new_survey(field, "lightweight speech enhancement", name="light", target=10)
    text = bibtex(survey.papers)
    assert r"Speech enhancement \& \{braces\}" in text
    assert (
        text.count("@misc{")
        == len(survey.papers)
        == len({line for line in text.splitlines() if "@misc" in line})
    )
    assert "eprint = {2401.00001}" in text and "author = {Ada One and Bea Two}" in text


def test_a_candidate_is_read_back_as_it_was() -> None:
    one = Candidate("arXiv:2401.00001", "ü", 1, dt.date(2024, 1, 1), ("A",), "10.1/x", "why")
    assert Candidate.read(one.to_json()) == one
    for wrong in ("", "[]", "{}", '{"paper": 1}', one.to_json().replace('"ü"', "7")):
        with pytest.raises(ValueError, match="no paper"):
            Candidate.read(wrong)


def test_works_that_are_not_on_arxiv_are_found_and_a_preprint_stands_for_its_journal(
    catalogue: litdb.Catalogue, tmp_path: Path
) -> None:
    file = tmp_path / "field.tsv"
    file.write_text(
        "arxiv_id\tfirst_submitted\ttitle\tauthors\tdoi\n"
        "\t2024-05-01\tSpeech enhancement in a journal\tAda One\t10.1000/ONE\n"
        "\t2024-09-01\tSpeech enhancement, twice\tBea Two\t10.1000/two\n"
        "2401.00009\t2024-01-01\tSpeech Enhancement, Twice\tBea Two\t\n"
        "\t2024-01-01\tSpeech enhancement without a name\t\t\n"
    )
    loaded = catalogue.load_index(file)
    assert (loaded.taken.new, loaded.unusable) == (3, 1)
    assert catalogue.load_index(file).taken.known == 3
    survey = new_survey(catalogue, "speech enhancement", name="s")
    assert {one.candidate.paper for one in survey.papers} == {"doi:10.1000/one", "arXiv:2401.00009"}
    catalogue.screen("s", ["doi:10.1000/one"], "taken", reason="in a journal")
    entry = bibtex(catalogue.survey("s").of("taken"))
    assert "doi = {10.1000/one}" in entry and "eprint" not in entry
