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
