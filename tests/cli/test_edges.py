"""The edges of the command line: odd terminals, places that cannot be written, the `db` family."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Litdb


def child(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "litdb", *words],
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_the_version_is_printed(litdb: Litdb) -> None:
    said = litdb("--version")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("litdb 0.")


def test_without_a_command_the_overview_is_shown(litdb: Litdb) -> None:
    said = litdb()
    assert said.code == 2
    assert "Take in:" in said.err
    assert "models" in said.err


def test_a_terminal_without_the_letters_still_shows_the_table() -> None:
    done = child("models", "--params", "0.4M..0.5M", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert b"IMSE" in done.stdout


@pytest.mark.parametrize("words", [["models"], ["why", "IMSE", "PESQ"], ["db", "dump"]])
def test_output_into_a_pipe_that_is_closed(words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "litdb", *words], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert done.returncode == 0
    assert done.stderr == b""


def test_words_that_are_not_utf_8_are_refused(litdb: Litdb) -> None:
    said = litdb("show", "\udcff")
    assert said.code == 2
    assert "UTF-8" in said.err


BINARY = bytes(range(256)) * 20


@pytest.mark.parametrize(
    "words",
    [
        "init file/x.db", "init file", "db dump file/x", "db dump .", "db dump /proc/x", "db backup file/x",
        "db backup file", "db backup /proc/x", "db build file/x", "db build file", "db load binary new.db",
        "db load file new.db", "db load . new.db", "db merge file", "db merge missing.db",
        "db merge binary", "db diff file", "db diff missing.db", "db check --db file", "db check --db .",
        "db upgrade --db file", "db update --db file", "models --db .", "models --db binary", "models --db /dev/null",
        "plot --out file/x.svg", "table --out .", "bib MUSE --out nowhere/x.bib", "plot --out nowhere/x.pdf", "table --models @missing", "table --models @binary",
        "table --models @.", "ingest .", "ingest binary", "extract binary", "add-result X --run r --from binary",
        "add-result X --run r --from .", "fetch 2511.14515 --offline",
    ],
)  # fmt: skip
def test_files_and_places_that_do_not_fit_are_one_sentence(litdb: Litdb, words: str) -> None:
    Path("file").write_text("only text\n" * 50)
    Path("binary").write_bytes(BINARY)
    said = litdb(*words.split())
    assert said.code == 1, said
    assert said.err.count("\n") == 1, said.err
    assert "Traceback" not in said.err
    assert Path("file").read_text().startswith("only text")
    assert Path("binary").read_bytes() == BINARY
    assert sorted(p.name for p in Path().iterdir()) == ["binary", "file"]


@pytest.mark.parametrize("words", ["db build file --force", "db load dump.jsonl file", "plot --out plot.xyz"])
def test_wrong_targets_are_wrong_use(litdb: Litdb, words: str) -> None:
    Path("file").write_text("only text")
    litdb("db", "dump", "dump.jsonl")
    said = litdb(*words.split())
    assert said.code == 2, said
    assert said.err.count("\n") == 1
    assert Path("file").read_text() == "only text"


def test_a_home_that_cannot_be_written_can_still_be_read(
    litdb: Litdb, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("file").write_text("no folder")
    monkeypatch.setenv("LITDB_HOME", "file/home")
    assert litdb("models").code == 0
    said = litdb("alias", "X", "IMSE")
    assert said.code == 1
    assert "name a file elsewhere" in said.err


def test_dump_load_diff_merge_backup(litdb: Litdb) -> None:
    litdb("init", "one.db")
    assert litdb("add-result", "MyNet", "--run", "r", "--metric", "PESQ=2.9", "--db", "one.db").code == 0
    assert litdb("db", "dump", "one.jsonl", "--db", "one.db").code == 0
    assert litdb("db", "dump", "--db", "one.db").out == Path("one.jsonl").read_text()
    assert litdb("db", "load", "one.jsonl", "two.db").code == 0
    assert litdb("db", "diff", "two.db", "--db", "one.db").code == 0
    litdb("alias", "X", "IMSE", "--db", "two.db")
    differing = litdb("db", "diff", "two.db", "--db", "one.db", "--json")
    assert differing.code == 1
    assert differing.json
    assert litdb("db", "merge", "two.db", "--db", "one.db", "--json").code == 0
    assert litdb("show", "X", "--db", "one.db").code == 0
    assert litdb("db", "backup", "saved.db", "--db", "one.db").code == 0
    assert litdb("db", "diff", "saved.db", "--db", "one.db").code == 0
    assert litdb("db", "upgrade", "--db", "one.db").out == "up to date\n"
    assert litdb("db", "update", "--db", "one.db").out == "nothing new\n"
    assert litdb("db", "check", "--db", "one.db").code == 0


def test_a_fresh_build_is_the_shipped_catalogue(
    litdb: Litdb, shipped_file: Path, first_part_builds: None
) -> None:
    assert litdb("db", "build", "fresh.db").code == 0
    assert litdb("db", "build", "fresh.db").code == 1
    assert litdb("db", "build", "fresh.db", "--force").code == 0
    said = litdb("db", "diff", "fresh.db", "--db", str(shipped_file))
    assert (said.code, said.out) == (0, "no difference\n")


@pytest.mark.parametrize("text", ["____", "%%%%", "abc"])
def test_patterns_of_the_database_are_no_keys(litdb: Litdb, text: str) -> None:
    litdb("alias", "X", "IMSE")
    for words in (("undo", text), ("history", text), ("accept", text, "-r", "r")):
        assert litdb(*words).code == 2
    assert litdb("show", "X").code == 0


def test_a_table_of_models_from_a_file(litdb: Litdb) -> None:
    Path("models.txt").write_text("# ours and theirs\nMUSE\n\nIMSE\n", encoding="utf-8")
    said = litdb("table", "--models", "@models.txt", "--format", "json")
    assert [row["name"] for row in said.json["rows"]] == ["MUSE", "IMSE"]
    said = litdb(
        "table", "--models", "BSRNN (re-implementation sungwon23, N=64, L=5),IMSE", "--format", "json"
    )
    assert [row["model"] for row in said.json["rows"]] == ["BSRNN-sungwon23", "IMSE"]


@pytest.mark.parametrize(
    "words",
    [
        "table --models MUSE --out own.db", "bib MUSE --out own.db", "dive IMSE -f html --out own.db",
        "values --models MUSE --out own.db", "db dump own.db", "watch run --atom own.db", "check draft.tex --sarif own.db",
        "check draft.tex --sarif draft.tex",
    ],
)  # fmt: skip
def test_no_output_stands_in_the_place_of_a_catalogue_or_a_draft(litdb: Litdb, words: str) -> None:
    litdb("init", "own.db")
    Path("draft.tex").write_text("\\begin{document}Text.\\end{document}")
    before = {name: Path(name).read_bytes() for name in ("own.db", "draft.tex")}
    said = litdb(*words.split())
    assert said.code == 2, said
    assert "would be lost: name another file" in said.err
    assert {name: Path(name).read_bytes() for name in before} == before


def test_the_numbers_of_a_plot_replace_only_those_of_a_plot(litdb: Litdb) -> None:
    Path("scores.csv").write_text("file,PESQ\np232_001,2.9\n")
    said = litdb("plot", "--models", "IMSE,MUSE", "--out", "scores.html")
    assert said.code == 2
    assert "which no figure wrote" in said.err
    assert not Path("scores.html").exists()
    assert Path("scores.csv").read_text().startswith("file,PESQ")
    Path("scores.csv").unlink()
    for y in ("PESQ", "STOI"):  # other metrics have other columns
        assert litdb("plot", "--models", "IMSE,MUSE", "--y", y, "--out", "scores.html").code == 0
    assert ",STOI," in Path("scores.csv").read_text()


def test_a_foreign_file_is_no_place_for_values(litdb: Litdb) -> None:
    Path("keep.html").write_text("<p>mine</p>")
    assert litdb("values", "--models", "MUSE", "--out", "keep.html").code == 1
    assert Path("keep.html").read_text() == "<p>mine</p>"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("models", "--db", ""), "--db is empty"), (("table", "--models="), "--models is empty"),
        (("models", "--params", ""), "--params is empty"), (("add", ""), "a word of the command is empty"),
        (("table", "--models", ", ,"), "holds no name"),
    ],
)  # fmt: skip
def test_what_is_empty_is_no_wish_for_everything(litdb: Litdb, words: tuple[str, ...], named: str) -> None:
    said = litdb(*words)
    assert (said.code, said.out) == (2, "")
    assert named in said.err


def test_files_that_hold_nothing_and_pipes_are_refused(litdb: Litdb) -> None:
    Path("empty.tex").touch()
    os.mkfifo("pipe.tex")
    for name, said in (
        ("empty.tex", "is empty"),
        ("pipe.tex", "pipe or device"),
        ("/dev/zero", "pipe or device"),
    ):
        for command in ("extract", "ingest"):
            done = litdb(command, name)
            assert done.code == 1
            assert said in done.err


def test_long_and_invisible_names_are_none(litdb: Litdb) -> None:
    litdb("init")
    for name in ("\u200b", "A" * 51_000):
        said = litdb("add-result", name, "--run", "a/1", "--metric", "PESQ=3")
        assert said.code == 2, said
    for words in (("note", "A" * 60_000, "x"), ("show", "A" * 60_000)):
        said = litdb(*words)
        assert said.code == 2
        assert len(said.err) < 400


@pytest.mark.slow
def test_the_exit_code_does_not_hang_on_who_reads() -> None:
    for words, code in (("audit", 1), ("models", 0)):
        done = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m litdb {words} | true; echo ${{PIPESTATUS[0]}}"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == str(code), words
        assert done.stderr == ""
