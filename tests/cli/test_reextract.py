"""`litdb reextract`: in parallel, stored paper by paper, idempotent, and saying what changed."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from litdb.errors import TooLarge
from litdb.extract import Extraction, SourceText
from litdb.extract.meaning.priors import Priors, shipped
from litdb.intake import rereading
from tests.cli.conftest import Litdb
from tests.support.papers import HTML_ONLY, IMSE, MUSE
from tests.support.replay import ReplayServer


@pytest.fixture
def fetched(litdb: Litdb, replay: ReplayServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue with three fetched papers, four documents, LaTeX and HTML."""
    assert litdb("init", "mine.db", "--empty").code == 0
    monkeypatch.setenv("LITDB_DB", "mine.db")
    assert litdb("fetch", IMSE.id, "--all-versions").code == 0
    assert litdb("fetch", MUSE.id, HTML_ONLY.id).code == 0


def dump(litdb: Litdb) -> str:
    assert litdb("db", "dump", "dump.jsonl").code == 0
    return Path("dump.jsonl").read_text(encoding="utf-8")


def another_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that reads one value otherwise, and no longer sees one row."""
    real = rereading.read_source

    def reader(
        source: SourceText, *, priors: Priors | None = None, chosen: Mapping[int, str] | None = None
    ) -> Extraction:
        found = real(source, priors=priors, chosen=chosen)
        tables = tuple(
            dataclasses.replace(
                table,
                readings=tuple(
                    dataclasses.replace(r, value=9.99) if (r.model, r.metric) == ("DEMUCS", "PESQ") else r
                    for r in table.readings
                    if (r.model, r.metric) != ("TSTNN", "CSIG")
                ),
            )
            for table in found.tables
        )
        return dataclasses.replace(found, tables=tables)

    monkeypatch.setattr(rereading, "read_source", reader)


@pytest.mark.usefixtures("fetched")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_same_reader_changes_nothing(litdb: Litdb, workers: str) -> None:
    before = dump(litdb)
    said = litdb("reextract", "--workers", workers)
    assert said.code == 0, said.err
    assert said.out == "4 documents of 3 papers read again: 0 readings new, 0 gone, 0 changed\n"
    assert dump(litdb) == before


@pytest.mark.usefixtures("fetched")
def test_what_changed_is_said_and_decisions_wait(litdb: Litdb, monkeypatch: pytest.MonkeyPatch) -> None:
    values = litdb("why", "TSTNN", "CSIG", "--json").json["values"]
    key = next(v["key"] for v in values if "2406.04589" in v["source"])
    assert litdb("accept", key[:12], "--reason", "checked").code == 0
    another_reader(monkeypatch)
    before = dump(litdb)
    said = litdb("reextract", "--dry-run", "--workers", "1")
    assert "4 documents of 3 papers" in said.out
    assert "0 readings new, 4 gone, 4 changed; nothing was stored" in said.out
    assert "readings accepted before, proposed or gone now: `litdb review`" in said.out
    assert dump(litdb) == before
    outcomes = litdb("reextract", "--workers", "1", "--json").json
    muse = next(o for o in outcomes if MUSE.id in o["paper"])
    assert muse["gone"] == ["TSTNN: CSIG on vbd 4.33"]
    assert [(c["what"], c["before"], c["after"]) for c in muse["changed"]] == [("value", "3.07", "9.99")]
    assert len(muse["waiting"]) == 1
    assert "no longer read" in muse["waiting"][0]
    assert litdb("review", "--json").json["decisions"][0]["kind"] == "accept"
    again = litdb("reextract", "--workers", "1")
    assert "0 readings new, 0 gone, 0 changed" in again.out


@pytest.mark.usefixtures("fetched")
def test_one_paper(litdb: Litdb) -> None:
    assert [o["paper"] for o in litdb("reextract", "--paper", MUSE.id, "--json").json] == [f"arXiv:{MUSE.id}"]
    assert litdb("reextract", "--paper", "2501.99999").code == 2


@pytest.mark.usefixtures("fetched")
def test_bytes_that_are_not_cached_are_named(litdb: Litdb, home: Path) -> None:
    before = dump(litdb)
    shutil.rmtree(home.parent / "home" / "cache" / "objects")
    said = litdb("reextract")
    assert said.code == 0
    assert said.out.startswith("0 documents of 3 papers read again")
    assert said.err.count("is not in the cache") == 4
    assert dump(litdb) == before


@pytest.mark.usefixtures("fetched")
def test_a_document_that_cannot_be_read_keeps_what_was_read(
    litdb: Litdb, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = rereading.read_source

    def reader(
        source: SourceText, *, priors: Priors | None = None, chosen: Mapping[int, str] | None = None
    ) -> Extraction:
        if "MUSE" in source.title:
            raise TooLarge("reading took too long")
        return real(source)

    monkeypatch.setattr(rereading, "read_source", reader)
    before = dump(litdb)
    said = litdb("reextract", "--workers", "1")
    assert said.code == 1
    assert "reading took too long" in said.err
    assert dump(litdb) == before


def test_stopping_between_papers_keeps_whole_ones(
    litdb: Litdb, fetched: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_reader(monkeypatch)
    real = rereading._stored
    done: list[str] = []

    def stored(session: object, name: str, *rest: object) -> object:
        outcome = real(session, name, *rest)  # type: ignore[arg-type]
        if done:
            raise KeyboardInterrupt
        done.append(name)
        return outcome

    monkeypatch.setattr(rereading, "_stored", stored)
    assert litdb("reextract", "--workers", "1").code == 130
    monkeypatch.setattr(rereading, "_stored", real)
    assert litdb("db", "check").code == 0
    outcomes = litdb("reextract", "--workers", "1", "--json").json
    assert {o["paper"]: bool(o["changed"]) for o in outcomes} == {
        o["paper"]: o["paper"] not in done for o in outcomes
    }


def test_local_files_are_kept_and_read_again_under_their_names(
    litdb: Litdb, monkeypatch: pytest.MonkeyPatch
) -> None:
    litdb("init", "mine.db", "--empty")
    monkeypatch.setenv("LITDB_DB", "mine.db")
    table = "# FooNet: a net\n\nResults on VoiceBank+DEMAND\n\n| Model | PESQ |\n|---|---|\n| Noisy | 1.97 |\n| FooNet (Ours) | 3.21 |\n"
    Path("results.md").write_text(table, encoding="utf-8")
    latex = r"\documentclass{article}\begin{document}\input{part}\begin{table}\caption{VoiceBank+DEMAND}\begin{tabular}{lc}Model & PESQ\\ Bar & 3.1\\\end{tabular}\end{table}\end{document}"
    Path("whole").mkdir()
    Path("whole/main.tex").write_text(latex, encoding="utf-8")
    Path("whole/part.tex").write_text("Text.", encoding="utf-8")
    assert litdb("ingest", "results.md", "--url", "https://github.com/somebody/foonet").code == 0
    assert litdb("ingest", "whole/main.tex").code == 0
    before = dump(litdb)
    said = litdb("reextract")
    assert "1 document of 2 papers read again: 0 readings new, 0 gone, 0 changed" in said.out
    assert "main.tex is not in the cache" in said.err  # without part.tex it would be no whole
    assert dump(litdb) == before


README = "# FooNet: a net\n\nResults on VoiceBank+DEMAND\n\n| Model | PESQ |\n|---|---|\n| Noisy | 1.97 |\n| FooNet (Ours) | 3.21 |\n"


def _objects(home: Path) -> list[Path]:
    return [path for path in (home.parent / "home" / "cache" / "objects").rglob("*") if path.is_file()]


def _tampered(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"3", b"4") + b"\n")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_cached_file_that_changed_is_no_new_truth(
    litdb: Litdb, home: Path, monkeypatch: pytest.MonkeyPatch, workers: str
) -> None:
    litdb("init", "mine.db", "--empty")
    monkeypatch.setenv("LITDB_DB", "mine.db")
    for number in (1, 2):  # two, so that two processes read
        Path(f"{number}.md").write_text(README.replace("FooNet", f"FooNet{number}"), encoding="utf-8")
        assert litdb("ingest", f"{number}.md").code == 0
    before = dump(litdb)
    for path in _objects(home):
        _tampered(path)
    said = litdb("reextract", "--workers", workers)
    assert said.code == 1
    assert said.err.count("is not what was read") == 2
    assert dump(litdb) == before
    checked = litdb("db", "check")
    assert checked.code == 1
    assert checked.err.count("is not what was read") == 2
    for number in (1, 2):
        assert "known" in litdb("ingest", f"{number}.md").out  # the advice
    assert litdb("db", "check").code == 0
    assert litdb("reextract").code == 0
    assert dump(litdb) == before


@pytest.mark.usefixtures("fetched")
@pytest.mark.parametrize("harm", [_tampered, Path.unlink])
def test_a_lost_cache_is_fetched_again(litdb: Litdb, home: Path, harm: Callable[[Path], None]) -> None:
    before = dump(litdb)
    for path in _objects(home):
        harm(path)
    offline = litdb("fetch", MUSE.id, "--offline")
    assert (offline.code, "not in the cache" in offline.out) == (0, True)
    assert litdb("fetch", IMSE.id, "--all-versions").out.count("is there again") == 2
    assert litdb("fetch", MUSE.id, HTML_ONLY.id).out.count("is there again") == 2
    assert litdb("db", "check").code == 0
    said = litdb("reextract")
    assert said.out == "4 documents of 3 papers read again: 0 readings new, 0 gone, 0 changed\n"
    assert (said.code, said.err) == (0, "")
    assert dump(litdb) == before


@pytest.mark.usefixtures("fetched")
def test_other_bytes_of_a_lost_file_change_nothing(litdb: Litdb, home: Path, replay: ReplayServer) -> None:
    before = dump(litdb)
    for path in _objects(home):
        path.unlink()
    version = MUSE.versions[-1]
    assert version.files is not None
    other = {name: text + "%" if isinstance(text, str) else text for name, text in version.files.items()}
    replay.add(dataclasses.replace(MUSE, versions=(dataclasses.replace(version, files=other),)))
    said = litdb("fetch", MUSE.id)
    assert (said.code, "what was read stays" in said.out) == (0, True)
    assert dump(litdb) == before


@pytest.mark.usefixtures("fetched")
def test_what_a_reading_knew_is_stored_and_used_again(litdb: Litdb) -> None:
    assert f'"{shipped().digest}"' in dump(litdb)
    assert litdb("reextract", "--knowing", "--workers", "1").code == 0
    known = dump(litdb)
    assert f'"{shipped().digest}"' not in known
    assert litdb("reextract", "--shipped", "--workers", "1").code == 0
    assert f'"{shipped().digest}"' in dump(litdb)
