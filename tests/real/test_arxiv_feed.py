"""Answers arXiv really gave, replayed through the client."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests
from lxml import etree

from litdb.extract import source_from_files
from litdb.sources.eprint import eprint_files
from litdb.sources.feed import Page, QueryRefused, read_page
from litdb.sources.web.transport import HttpAnswer
from tests.support.papers import IMSE
from tests.support.replay import ReplayServer


def recorded(folder: Path) -> dict[str, HttpAnswer]:
    """The recorded answers by the beginning of their file's name."""
    answers: dict[str, HttpAnswer] = {}
    for path in sorted((folder / "arxiv_api").glob("*.xml")):
        match = re.fullmatch(r"(.+)_[0-9a-f]{12}__HTTP(\d+)\.xml", path.name)
        assert match, path.name
        answers[match[1]] = HttpAnswer(
            path.name, int(match[2]), "application/atom+xml", "", path.read_bytes()
        )
    assert answers
    return answers


def entries(answer: HttpAnswer) -> list[etree._Element]:
    return etree.fromstring(answer.body).findall("{http://www.w3.org/2005/Atom}entry")


def test_every_recorded_answer_is_read_whole(real_data: Path) -> None:
    for name, answer in recorded(real_data).items():
        if answer.status != 200:
            continue
        page = read_page(answer)
        assert len(page.records) == len(entries(answer)) == page.entries, name
        for record in page.records:
            assert record.title, name
            assert record.authors, name
            assert record.categories, name
            assert record.first_submitted <= record.updated, name
            assert record.version == record.newest_version >= 1, name


def test_the_recorded_refusal_is_one_message(real_data: Path) -> None:
    answer = recorded(real_data)["id_abc_s0_m100"]
    assert answer.status == 400
    with pytest.raises(
        QueryRefused, match=r"^arXiv does not accept the request: incorrect id format for abc$"
    ):
        read_page(answer)


def test_unknown_ids_are_missing_from_a_recorded_list(real_data: Path) -> None:
    answers = recorded(real_data)
    assert read_page(answers["id_0000.0000_s0_m100"]).records == ()
    both = read_page(answers["id_0808.05394_1707.08567_s0_m100"])
    assert [record.arxiv_id.id for record in both.records] == ["1707.08567"]


def test_recorded_ids_of_both_styles(real_data: Path) -> None:
    answers = recorded(real_data)
    (old,) = read_page(answers["id_quant-ph_0201082v1_s0_m100"]).records
    assert (old.arxiv_id.id, old.version, old.comment) == ("quant-ph/0201082", 1, "32 pages")
    (new,) = read_page(answers["id_2104.12255v1_s0_m100"]).records
    assert (new.arxiv_id.id, new.title) == ("2104.12255", "0")


def test_recorded_pages_follow_one_another(real_data: Path) -> None:
    answers = recorded(real_data)
    pages: list[Page] = [read_page(answers[f"q_testing_s{start}_m10"]) for start in (0, 10, 20, 30, 40, 50)]
    ids = [record.arxiv_id.id for page in pages for record in page.records]
    assert len(set(ids)) == 60
    hundred = read_page(answers["q_testing_s0_m100"])
    assert [record.arxiv_id.id for record in hundred.records][:60] == ids
    assert {page.total for page in pages} == {214_881}
    assert not hundred.newest_first  # recorded in order of relevance


def shape(element: etree._Element) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Children's names and attributes in order, repeated ones once."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for child in element:
        item = (str(child.tag), tuple(sorted(str(name) for name in child.attrib)))
        if not found or found[-1] != item:
            found.append(item)
    return tuple(found)


def test_the_replay_server_has_the_recorded_shape(real_data: Path) -> None:
    answers = recorded(real_data)
    with ReplayServer([IMSE]) as server:
        query = {"search_query": "", "id_list": "2511.14515", "start": "0", "max_results": "100"}
        feed = requests.get(server.api_url, params=query, timeout=5)
        query["id_list"] = "abc"
        refusal = requests.get(server.api_url, params=query, timeout=5)
    for mine, theirs in ((feed, "id_2104.12255v1_s0_m100"), (refusal, "id_abc_s0_m100")):
        ours, real = etree.fromstring(mine.content), etree.fromstring(answers[theirs].body)
        assert mine.status_code == answers[theirs].status
        assert shape(ours) == shape(real)
        atom = "{http://www.w3.org/2005/Atom}entry"
        (our_entry,), (real_entry,) = ours.findall(atom), real.findall(atom)
        assert shape(our_entry) == shape(real_entry)


def test_real_eprints_are_read(real_data: Path) -> None:
    paths = sorted((real_data / "papers" / "latex" / "eprints").glob("*.gz"))
    assert paths
    for path in paths:
        read = eprint_files(path.read_bytes())
        assert read.kind == "latex"
        source = source_from_files(dict(read.files), path.name)
        assert "\\begin{document}" in source.files[source.main]
