"""`litdb survey`, from a question to counts."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Litdb

FIELD = (
    "arxiv_id\tversion\tfirst_submitted\ttitle\tauthors\n"
    "2401.00001\t1\t2024-01-01\tOne: a lightweight U-Net for speech enhancement\tAda One\n"
    "2402.00002\t1\t2024-02-01\tTwo: low-complexity speech denoising \x1b[31m\tCem Three\n"
)


def test_from_a_question_to_counts(litdb: Litdb, home: Path) -> None:
    assert litdb("survey", "list").out.startswith("there is no survey")
    said = litdb("survey", "new", "lightweight speech enhancement")
    assert said.code == 1 and "litdb index load" in said.err
    Path("field.tsv").write_text(FIELD)
    assert litdb("index", "load", "field.tsv").code == 0
    said = litdb("survey", "new", "lightweight speech enhancement", "--since", "2023", "--name", "light")
    assert said.code == 0, said.err
    assert "1. (lightweight or light-weight" in said.out and "\x1b" not in said.out
    assert litdb("survey", "new", "x", "--since", "soon").code == 2
    assert litdb("survey", "take", "light", "2401.00001").code == 0
    assert litdb("survey", "drop", "light", "2402.00002").code == 2  # without a reason
    drop = litdb("survey", "drop", "light", "2402.00002", "-r", "no numbers", "--json").json["decisions"][0]
    shown = litdb("survey", "show", "light").out
    assert "[taken: taken]" in shown and "1 dropped" in shown and "Two:" not in shown
    assert "Two:" in litdb("survey", "show", "light", "--all").out
    assert "no numbers" in litdb("survey", "export", "light").out
    assert litdb("survey", "export", "light", "--json").json["taken"] == 1
    assert litdb("survey", "export", "light", "-f", "bibtex").out.startswith("@misc{One2024One,")
    assert litdb("survey", "export", "light", "-f", "word").code == 2
    assert litdb("survey", "export", "light", "--state", "lost").code == 2
    assert litdb("undo", drop, "-r", "a slip").code == 0
    assert litdb("survey", "read", "light", "Two").code == 0
    assert litdb("survey", "list", "--json").json[0]["papers"][1]["state"] in ("read", "taken")
    assert litdb("survey", "run", "light").out == "nothing new\n"
    assert litdb("survey", "diff", "light", "--json").json == {"new": [], "newer": [], "gone": []}
    history = litdb("history").out
    assert "survey" in history and "screen" in history
    assert litdb("survey", "show", "nothing").code == 2
    assert litdb("db", "check").code == 0


def test_from_a_survey_to_its_table_and_what_was_not_tried(litdb: Litdb, home: Path) -> None:
    """What ships is under keys of its own: a survey knows it by its arXiv id."""
    Path("field.tsv").write_text(
        "arxiv_id\tversion\tfirst_submitted\ttitle\tauthors\n"
        "2511.14515\t2\t2025-11-18\tIMSE: a lightweight speech enhancement\tAda One\n"
        "2402.00002\t1\t2024-02-01\tTwo: lightweight speech enhancement\tCem Three\n"
    )
    assert litdb("index", "load", "field.tsv").code == 0
    said = litdb("survey", "new", "lightweight speech enhancement", "--name", "light")
    assert "results known here" in said.out
    table = litdb("survey", "table", "light", "--params", "0.4M..0.6M", "--metrics", "params,PESQ")
    assert "IMSE" in table.out and "techniques:" in table.out and "2402.00002" in table.out
    assert "litdb survey fetch light" in table.out
    found = litdb("survey", "table", "light", "--json").json
    assert [one["paper"] for one in found["lacking"]] == ["arXiv:2402.00002"]
    assert "| why it has no row |" in litdb("survey", "table", "light", "--markdown").out
    assert litdb("survey", "table", "light", "--markdown", "--json").code == 2
    assert litdb("survey", "table", "nothing").code == 2
    gaps = litdb("gaps", "light")
    assert "the papers of light" in gaps.out and "Never isolated by any row" in gaps.out
    everything = litdb("gaps", "--json").json
    assert everything["papers"] > litdb("gaps", "light", "--json").json["papers"] == 1
    assert {one["isolated"]["component"] for one in everything["own"]} >= {
        "frequency-position",
        "cross-resolution",
    }
    assert litdb("gaps", "-d", "nowhere").code == 2
    assert litdb("survey", "fetch", "light", "--offline").code == 1  # nothing of it was ever downloaded
    for paper in ("2511.14515", "2402.00002"):
        litdb("survey", "drop", "light", paper, "-r", "no numbers")
    assert "litdb survey run light" in litdb("survey", "fetch", "light").err


def test_a_paper_in_depth_and_notes_about_it(litdb: Litdb, home: Path) -> None:
    assert litdb("note").out.startswith("no note is kept: ")
    said = litdb("note", "MUSE", "ask for its | checkpoint \x1b[31m")
    assert said.code == 0 and "litdb undo" in said.out
    assert "model MUSE: ask for its | checkpoint" in litdb("note", "MUSE").out
    assert "\x1b" not in litdb("note").out
    assert litdb("note", "--search", "checkpoint", "--json").json[0]["about"] == "model"
    assert litdb("note", "MUSE", "words", "--search", "words").code == 2
    assert litdb("note", "nobody", "words").code == 2
    page = litdb("dive", "2406.04589")
    assert page.code == 0 and "What to read next:" in page.out and "Notes (no evidence):" in page.out
    assert litdb("dive", "MUSE", "--json").json["paper"] == "MUSE"
    assert litdb("dive", "MUSE", "--format", "html", "--out", "muse.html").out == "wrote muse.html\n"
    html = Path("muse.html").read_text()
    assert html.startswith("<!DOCTYPE html>") and "default-src 'none'" in html
    assert litdb("dive", "MUSE", "-f", "markdown").out.startswith("# MUSE")
    assert litdb("dive", "MUSE", "-f", "word").code == 2
    assert litdb("dive", "nobody").code == 2
    assert "note" in litdb("history", "MUSE").out
    assert litdb("db", "check").code == 0


def test_watching_is_silent_without_news(litdb: Litdb, home: Path) -> None:
    assert litdb("watch", "list").out.startswith("nothing is watched")
    said = litdb("watch", "add", "params=0.4M..0.6M PESQ=3.3..", "--name", "rivals")
    assert said.code == 0 and "which is no news" in said.out
    quiet = litdb("watch", "run", "--check", "--atom", "news.xml")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    assert "<entry>" not in Path("news.xml").read_text()
    litdb(
        "add-result",
        "NewNet",
        "--paper",
        "2512.00001",
        "--table",
        "1",
        "--metric",
        "PESQ=3.45",
        "--params",
        "0.5M",
    )
    news = litdb("watch", "run", "--check", "--atom", "news.xml")
    assert news.code == 1 and "in the range: NewNet" in news.out, news.err
    assert "NewNet" in Path("news.xml").read_text()
    assert litdb("watch", "run", "--json").json == {"news": False, "watches": []}
    assert litdb("watch", "list", "--json").json[0]["name"] == "rivals"
    assert litdb("watch", "add", "PESQ=3..", "--name", "rivals").code == 2
    assert litdb("watch", "drop", "rivals", "-r", "out").code == 0
    assert litdb("watch", "run", "rivals").code == 2
    assert litdb("db", "check").code == 0
