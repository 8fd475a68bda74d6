"""`litdb bib --fetch` against the replay server and with its faults."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from litdb.catalogue.database.session import Store
from litdb.catalogue.record import PaperFacts, put_paper
from tests.cli.conftest import Litdb
from tests.support.papers import IMSE, MUSE
from tests.support.replay import FaultKind, ReplayServer

NASTY = r"100% of {it} \input{/etc/passwd} & $x^2$ #1 ~ 模 é"


@pytest.fixture
def known(litdb: Litdb, monkeypatch: pytest.MonkeyPatch, replay: ReplayServer) -> None:
    """A catalogue of two papers, of which only the ids are known."""
    assert litdb("init", "mine.db", "--empty").code == 0
    monkeypatch.setenv("LITDB_DB", "mine.db")
    store = Store("mine.db")
    with store.write() as session:
        for paper in (IMSE, MUSE):
            put_paper(session, PaperFacts(title="", arxiv_id=paper.id))
    store.close()


@pytest.mark.usefixtures("known")
def test_what_is_not_known_is_asked_once_and_kept(litdb: Litdb, replay: ReplayServer) -> None:
    before = litdb("bib")
    assert before.out.count("title and authors not known: `litdb bib --fetch` asks arXiv") == 2
    assert replay.requests == []
    said = litdb("bib", "--fetch")
    assert said.code == 0, said.err
    assert "author = {First Synthetic Author and Second Synthetic Author}" in said.out
    assert "not known" not in said.out
    asked = len(replay.requests)
    assert asked == 1
    assert litdb("bib", "--fetch").out == said.out == litdb("bib").out
    assert len(replay.requests) == asked


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("kind", ["429", "429-bare", "503", "cut"])
def test_a_passing_fault_is_waited_out(kind: FaultKind, litdb: Litdb, replay: ReplayServer) -> None:
    replay.fault(kind, "/api", retry_after=0 if kind == "429" else None)
    said = litdb("bib", IMSE.id, "--fetch")
    assert said.code == 0, said.err
    assert "First Synthetic Author" in said.out
    assert len(replay.requests) == 2


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("kind", ["400", "error-entry", "html-body", "redirect"])
def test_a_lasting_fault_is_one_sentence_and_changes_nothing(
    kind: FaultKind, litdb: Litdb, replay: ReplayServer
) -> None:
    litdb("db", "dump", "before.jsonl")
    replay.fault(kind, "/api", times=99)
    said = litdb("bib", "--fetch")
    assert said.code == 1
    assert said.out == ""
    assert said.err.startswith("Error: ")
    assert said.err.count("\n") == 1
    litdb("db", "dump", "after.jsonl")
    assert Path("before.jsonl").read_bytes() == Path("after.jsonl").read_bytes()
    replay.clear_faults()
    assert "Second Synthetic Author" in litdb("bib", "--fetch").out


@pytest.mark.usefixtures("known")
def test_a_paper_that_arxiv_does_not_have_is_named_and_the_others_are_completed(
    litdb: Litdb, replay: ReplayServer
) -> None:
    replay.fault("short-answer", "/api", times=99)
    said = litdb("bib", "--fetch")
    assert said.code == 0
    assert said.out.count("Synthetic Author") >= 1
    assert said.out.count("authors not known") == 1
    assert "arXiv did not tell title and authors of" in said.err


@pytest.mark.usefixtures("known")
def test_text_from_arxiv_is_escaped(litdb: Litdb, replay: ReplayServer) -> None:
    replay.add(dataclasses.replace(IMSE, title=NASTY, authors=(NASTY, "A, B and C"), journal_ref=NASTY))
    said = litdb("bib", IMSE.id, "--fetch").out
    assert r"\\input{" not in said
    assert r"100\% of \textbraceleft{}it\textbraceright{} \textbackslash{}input" in said
    assert "{A, B and C}" in said  # one author
    fields = [line for line in said.split("\n") if " = {" in line]
    assert all(line.count("{") == line.count("}") for line in fields)
    assert all(line.endswith("},") for line in fields)
