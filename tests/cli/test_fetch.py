"""From arXiv into a table, against the replay server and with its faults."""

from __future__ import annotations

import dataclasses
import json
import socket
import time
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

import litdb.catalogue.record
import litdb.intake.papers
import litdb.intake.papers as litdb_papers
from litdb.extract.types import Extraction, Grid, Span, TableReadings
from tests.cli.conftest import Litdb
from tests.support.papers import HTML_ONLY, IMSE, MUSE, PDF_ONLY
from tests.support.replay import FaultKind, ReplayServer


@pytest.fixture
def empty(litdb: Litdb, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working catalogue without the shipped facts."""
    assert litdb("init", "mine.db", "--empty").code == 0
    monkeypatch.setenv("LITDB_DB", "mine.db")


def self_values(litdb: Litdb, metric: str = "PESQ") -> list[tuple[int, str]]:
    values = litdb("why", "IMSE", metric, "--json").json["values"]
    return sorted(
        (v["version"], v["printed"])
        for v in values
        if v["origin"] == "self" and v["table_kind"] == "comparison"
    )


def shown(litdb: Litdb, metric: str = "PESQ") -> str:
    return str(litdb("why", "IMSE", metric, "--json").json["shown"][0]["value"]["printed"])


@pytest.mark.usefixtures("empty")
def test_all_versions_are_stored_and_the_newest_is_shown(litdb: Litdb, replay: ReplayServer) -> None:
    said = litdb("fetch", IMSE.id, "--all-versions")
    assert said.code == 0, said.err
    assert self_values(litdb) == [(1, "3.373"), (2, "3.399")]
    assert shown(litdb) == "3.399"
    row = litdb("models", "--params", "0.4M..0.5M", "--json").json["rows"][0]
    assert row["name"] == "IMSE"
    assert row["source"].startswith("arXiv:2511.14515v2, table")
    assert row["year"] == 2025


@pytest.mark.usefixtures("empty")
def test_a_second_fetch_stores_nothing_new(litdb: Litdb, replay: ReplayServer) -> None:
    litdb("fetch", IMSE.id, "--all-versions")
    litdb("db", "dump", "before.jsonl")
    asked = len(replay.requests)
    said = litdb("fetch", IMSE.id, "--all-versions", "--json")
    assert [v["state"] for v in said.json[0]["versions"]] == ["known", "known"]
    assert not [r for r in replay.requests[asked:] if "/e-print/" in r.path or "/html/" in r.path]
    litdb("db", "dump", "after.jsonl")
    assert Path("before.jsonl").read_bytes() == Path("after.jsonl").read_bytes()


def _newer_reader(monkeypatch: pytest.MonkeyPatch, *, changed: str = "", dropped: str = "") -> None:
    """A reader of the next version that finds one more table first, so that every ordinal moves."""
    real = litdb.intake.papers.extract

    def reader(source: object, **more: object) -> Extraction:
        found = real(source, **more)  # type: ignore[arg-type]
        extra = TableReadings(Grid(rows=(), ordinal=1, span=Span("main.tex", 0, 1)), "other", ())
        moved = tuple(
            dataclasses.replace(
                table,
                grid=dataclasses.replace(
                    table.grid,
                    ordinal=table.grid.ordinal + 1,
                    number="",
                    rows=tuple(
                        tuple(dataclasses.replace(c, text="9.99") if c.text == changed else c for c in row)
                        for row in table.grid.rows
                    ),
                ),
                readings=tuple(
                    dataclasses.replace(r, printed="9.99") if r.printed == changed else r
                    for r in table.readings
                    if not dropped or dropped not in r.raw
                ),
            )
            for table in found.tables
        )
        return dataclasses.replace(found, tables=(extra, *moved))

    monkeypatch.setattr(litdb.intake.papers, "extract", reader)
    for module in (litdb.intake.papers, litdb.catalogue.record):
        monkeypatch.setattr(module, "EXTRACTOR_VERSION", 1000)


def _reject_shown(litdb: Litdb) -> str:
    key = str(litdb("why", "IMSE", "PESQ", "--json").json["shown"][0]["value"]["key"])
    assert litdb("reject", key[:10], "--reason", "for the test").code == 0
    return key


@pytest.mark.usefixtures("empty")
def test_a_newer_reader_replaces_readings_and_keeps_decisions(
    litdb: Litdb, replay: ReplayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    litdb("fetch", IMSE.id, "--all-versions")
    key = _reject_shown(litdb)
    _newer_reader(monkeypatch)
    said = litdb("fetch", IMSE.id, "--all-versions", "--json")
    assert [v["state"] for v in said.json[0]["versions"]] == ["read again", "read again"]
    values = {v["key"]: v for v in litdb("why", "IMSE", "PESQ", "--json").json["values"]}
    assert values[key]["status"] == "rejected"
    assert values[key]["source"].endswith("table 2")  # the table moved, the decision found its cell
    assert shown(litdb) == "3.373"  # and what the newest accepted row of the paper says now
    assert litdb("history", "--json").json[0]["state"] == "in force"
    assert litdb("db", "check").code == 0


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("how", ["changed", "dropped"])
def test_a_decision_whose_cell_changed_or_vanished_waits_for_review(
    litdb: Litdb, replay: ReplayServer, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    litdb("fetch", IMSE.id)
    _reject_shown(litdb)
    _newer_reader(monkeypatch, **{how: "3.399"})
    litdb("fetch", IMSE.id)
    state = litdb("history", "--json").json[0]["state"]
    assert state.startswith("needs review")


FAULTS: list[tuple[FaultKind, str]] = [
    ("429", "/api/query"),
    ("429-bare", "/e-print/"),
    ("503", "/api/query"),
    ("503", "/e-print/"),
    ("cut", "/e-print/"),
    ("truncated-gzip", "/e-print/"),
    ("slow", "/e-print/"),
    ("error-entry", "/api/query"),
    ("400", "/api/query"),
    ("redirect", "/e-print/"),
    ("html-body", "/api/query"),
]


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(("fault", "path"), FAULTS)
def test_every_fault_ends_well_and_a_later_fetch_completes(
    litdb: Litdb, replay: ReplayServer, monkeypatch: pytest.MonkeyPatch, fault: FaultKind, path: str
) -> None:
    from litdb.sources import arxiv
    from litdb.sources.web.transport import Patience

    usual = arxiv.ArxivSource.__init__.__kwdefaults__
    quick = {**usual, "patience": Patience(connect=1, silence=0.5, total=0.5)}
    monkeypatch.setattr(arxiv.ArxivSource.__init__, "__kwdefaults__", quick)
    replay.fault(fault, path, times=50, retry_after=0)
    said = litdb("fetch", IMSE.id, MUSE.id, "--all-versions")
    assert "Traceback" not in said.err
    if said.code:
        assert said.err.strip()
    assert litdb("db", "check").code == 0
    replay.clear_faults()
    later = litdb("fetch", IMSE.id, MUSE.id, "--all-versions")
    assert later.code == 0, later.err
    assert self_values(litdb) == [(1, "3.373"), (2, "3.399")]
    assert shown(litdb) == "3.399"


@pytest.mark.usefixtures("empty")
def test_an_unknown_id_is_reported_and_the_others_are_stored(litdb: Litdb, replay: ReplayServer) -> None:
    said = litdb("fetch", IMSE.id, "2601.99999")
    assert said.code == 1
    assert "2601.99999" in said.out + said.err
    assert shown(litdb) == "3.399"


@pytest.mark.usefixtures("empty")
def test_a_mere_pdf_says_what_to_do(litdb: Litdb, replay: ReplayServer) -> None:
    said = litdb("fetch", PDF_ONLY.id)
    assert "only a PDF" in said.out
    assert "add-result" in said.out
    assert litdb("show", PDF_ONLY.id).code == 0


@pytest.mark.usefixtures("empty")
def test_html_is_the_second_source(litdb: Litdb, replay: ReplayServer) -> None:
    said = litdb("fetch", HTML_ONLY.id, "--json")
    assert said.json[0]["versions"][0]["kind"] == "html"
    assert said.json[0]["versions"][0]["stored"]["readings"] > 0


@pytest.mark.usefixtures("empty")
def test_offline_works_from_the_cache_and_dry_run_stores_nothing(litdb: Litdb, replay: ReplayServer) -> None:
    dry = litdb("fetch", IMSE.id, "--dry-run", "--json")
    assert [v["state"] for v in dry.json[0]["versions"]] == ["wanted"]
    assert litdb("why", "IMSE", "PESQ").code == 2  # nothing was stored
    litdb("fetch", IMSE.id)
    litdb("init", "second.db", "--empty")
    asked = len(replay.requests)
    said = litdb("fetch", IMSE.id, "--offline", "--db", "second.db")
    assert said.code == 0, said.err
    assert len(replay.requests) == asked
    assert litdb("fetch", MUSE.id, "--offline", "--db", "second.db").code == 1


@pytest.mark.usefixtures("empty")
def test_a_query_fetches_newest_first(litdb: Litdb, replay: ReplayServer) -> None:
    said = litdb("fetch", "--query", "all:speech", "--max", "3", "--json")
    assert said.code in (0, 1)
    assert len(said.json) == 3


def test_a_fetch_into_the_shipped_facts_keeps_their_answer(litdb: Litdb, replay: ReplayServer) -> None:
    assert litdb("fetch", IMSE.id, "--all-versions").code == 0
    rows = litdb("models", "--params", "0.4M..1.0M", "--metric", "PESQ=2.8..3.4", "--json").json["rows"]
    assert [r["name"] for r in rows].count("IMSE") == 1
    assert json.dumps(rows).count("3.399") >= 1
    assert litdb("db", "check").code == 0


@pytest.mark.usefixtures("empty")
def test_a_paper_on_which_litdb_fails_is_reported_and_the_others_are_stored(
    litdb: Litdb, replay: ReplayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = litdb_papers.put_extraction

    def put(session: object, document: object, extraction: Extraction) -> object:
        if "IMSE" in extraction.title:
            raise IntegrityError("INSERT", {}, ValueError("UNIQUE constraint failed: reading.key"))
        return real(session, document, extraction)  # type: ignore[arg-type]

    monkeypatch.setattr(litdb_papers, "put_extraction", put)
    said = litdb("fetch", IMSE.id, MUSE.id)
    assert said.code == 1
    assert "UNIQUE constraint failed" in said.err
    assert "Traceback" not in said.err
    assert "v1 new" in said.out
    assert litdb("db", "check").code == 0
    monkeypatch.setattr(litdb_papers, "put_extraction", real)
    again = litdb("fetch", IMSE.id, MUSE.id)
    assert (again.code, again.out.count(" known"), again.out.count(" new")) == (0, 1, 1)


MERGED = (
    r"\documentclass{article}\begin{document}\title{FooNet}\maketitle\begin{table}\caption{Results on VoiceBank+DEMAND}"
    r"\begin{tabular}{lcc}Model & PESQ & CSIG \\ ROW \\ FooNet (ours) & 3.11 & 4.31 \\\end{tabular}\end{table}\end{document}"
)


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    "row", [r"Both & \multicolumn{2}{c}{2.50}", "Odd & 1e400 & 2.5", f"Odd & {'9' * 5000} & 2.5"]
)
def test_a_bad_cell_is_said_and_the_others_are_stored(litdb: Litdb, row: str) -> None:
    Path("bad.tex").write_text(MERGED.replace("ROW", row), encoding="utf-8")
    Path("good.md").write_text(
        "# BarNet: a net\n\nResults on VoiceBank+DEMAND\n\n| Model | PESQ |\n|---|---|\n| Noisy | 1.97 |\n| BarNet | 3.0 |\n"
    )
    said = litdb("ingest", "bad.tex", "good.md")
    assert said.code == 0
    assert said.out.count("new, ") == 2
    assert "bad.tex: table 1, " in said.err
    assert litdb("why", "FooNet", "PESQ", "--json").json["values"][0]["value"] == 3.11
    assert litdb("table", "--metrics", "PESQ,CSIG").code == 0
    assert litdb("db", "check").code == 0
    assert "known" in litdb("ingest", "bad.tex").out


def test_a_fetched_paper_supersedes_what_the_seed_read_in_it(litdb: Litdb, replay: ReplayServer) -> None:
    """The table as it stands in the file is shown, with the cell marked; the seed's entry stays as one more witness."""
    assert litdb("init", "sota.db").code == 0
    before = litdb("why", "IMSE", "PESQ", "--json").json
    assert (before["shown"][0]["value"]["entry"], before["grid"]) == ("seed", None)
    assert litdb("fetch", IMSE.id, "--all-versions").code == 0
    found = litdb("why", "IMSE", "PESQ", "--json").json
    value, grid = found["shown"][0]["value"], found["grid"]
    assert (value["entry"], value["printed"], value["source"]) == (
        "reader",
        "3.399",
        "arXiv:2511.14515v2, table 1",
    )
    assert grid["rows"][grid["row"]][grid["column"]] == "3.399"
    assert ("seed", "3.399", "arXiv:2511.14515v2, table 1") in [
        (witness["entry"], witness["printed"], witness["source"]) for witness in found["values"]
    ]
    assert "»3.399«" in litdb("why", "IMSE", "PESQ").out


def test_without_a_network_fetch_says_so_soon_and_what_to_do(
    litdb: Litdb, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:  # a port where nobody listens
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("LITDB_ARXIV_API", f"http://127.0.0.1:{port}/api/query")
    monkeypatch.setenv("LITDB_ARXIV_URL", f"http://127.0.0.1:{port}")
    began = time.monotonic()
    said = litdb("fetch", IMSE.id)  # with the delay that arXiv asks for
    assert time.monotonic() - began < 10
    assert said.code == 1
    assert "check the network" in said.err
    assert "--offline" in said.err


@pytest.mark.usefixtures("empty")
def test_fetch_ends_with_what_waits_for_review(litdb: Litdb, replay: ReplayServer) -> None:
    said = litdb("fetch", IMSE.id, MUSE.id, HTML_ONLY.id)
    waits = litdb("review", "--json").json["tables"]
    assert ("litdb review" in said.out.splitlines()[-1]) == bool(waits)
