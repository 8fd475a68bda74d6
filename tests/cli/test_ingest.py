"""`litdb ingest FILE.tex`: the file with what it includes, nothing that lies beside it, and no other file in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Litdb

PAPER = (
    r"\documentclass{article}\begin{document}\title{%sNet}\maketitle\begin{table}\caption{Results on VoiceBank+DEMAND}"
    r"%s\end{table}\end{document}"
)
TABULAR = r"\begin{tabular}{lcc}Model & PESQ & CSIG \\ Noisy & 1.97 & 3.35 \\ %sNet (ours) & %s & 4.31 \\\end{tabular}"


@pytest.fixture(autouse=True)
def catalogue(litdb: Litdb, monkeypatch: pytest.MonkeyPatch) -> None:
    assert litdb("init", "mine.db", "--empty").code == 0
    monkeypatch.setenv("LITDB_DB", "mine.db")
    for number in range(3):
        name = f"Other{number}"
        Path(f"other{number}.tex").write_text(PAPER % (name, TABULAR % (name, "2.9")))


def models(litdb: Litdb) -> set[str]:
    return {row["name"] for row in litdb("table", "--metrics", "PESQ", "--format", "json").json["rows"]}


def test_other_papers_of_the_folder_are_not_read(litdb: Litdb) -> None:
    Path("mine.tex").write_text(PAPER % ("Foo", TABULAR % ("Foo", "3.11")))
    assert "4 readings" in litdb("ingest", "mine.tex", "--arxiv", "2401.00001v1").out
    assert models(litdb) == {"FooNet"}


def test_a_file_that_is_no_text_is_not_replaced_by_another(litdb: Litdb) -> None:
    Path("nul.tex").write_bytes(b"\0\0" + (PAPER % ("Foo", r"\input{other0}")).encode())
    said = litdb("ingest", "nul.tex")
    assert said.code == 1
    assert "nul.tex" in said.err
    assert "known" not in said.out + said.err
    assert models(litdb) == set()


def test_a_change_in_an_included_file_is_news(litdb: Litdb) -> None:
    Path("mine.tex").write_text(PAPER % ("Foo", r"\input{tables/results}"))
    Path("tables").mkdir()
    Path("tables/results.tex").write_text(TABULAR % ("Foo", "3.11"))
    assert "new" in litdb("ingest", "mine.tex").out
    assert "known" in litdb("ingest", "mine.tex").out
    Path("tables/results.tex").write_text(TABULAR % ("Foo", "3.22"))
    assert "new" in litdb("ingest", "mine.tex").out
    values = litdb("why", "FooNet", "PESQ", "--json").json["values"]
    assert {value["value"] for value in values} == {3.11, 3.22}
    assert "3.22" in litdb("extract", "mine.tex", "--format", "tsv").out


def test_a_table_whose_file_is_missing_is_said_to_be(litdb: Litdb) -> None:
    Path("mine.tex").write_text(PAPER % ("Foo", r"\input{tables/results}"))
    assert "tables/results: included, but not among the files given" in litdb("ingest", "mine.tex").err


def test_the_same_bytes_are_stored_once(litdb: Litdb) -> None:
    text = PAPER % ("Foo", TABULAR % ("Foo", "3.11"))
    for name in ("mine.tex", "copy.tex"):
        Path(name).write_text(text)
    assert "new, 4 readings" in litdb("ingest", "mine.tex", "--arxiv", "2401.00001v1").out
    said = litdb("ingest", "copy.tex")
    assert (said.code, said.out.strip()) == (0, "copy.tex: known, its bytes are stored as arXiv:2401.00001")
    assert (
        "new" in litdb("ingest", "copy.tex", "--arxiv", "2401.00001v2").out
    )  # a version may be the same again


def test_bytes_of_no_known_paper_are_not_stored_again_as_one(litdb: Litdb) -> None:
    Path("mine.tex").write_text(PAPER % ("Foo", TABULAR % ("Foo", "3.11")))
    assert "new, 4 readings" in litdb("ingest", "mine.tex").out
    said = litdb("ingest", "mine.tex", "--arxiv", "2401.00001v1")
    assert said.code == 1
    assert "would stand twice" in said.err
    assert litdb("table", "--metrics", "PESQ", "--format", "json").json["rows"][0]["name"] == "FooNet"


def test_a_sha_is_64_digits(litdb: Litdb) -> None:
    said = litdb("add-result", "FooNet", "--sha256", "zz", "--metric", "PESQ=2.9")
    assert said.code == 2
    assert "is no SHA-256" in said.err
