"""`litdb check`: what is reported, suppressed and counted, on the terminal, in JSON and in SARIF."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from litdb.cli._root import run
from litdb.draft.finding import RULE_WORDS, DraftRule
from litdb.draft.rules.cells import cells
from litdb.draft.rules.citations import cite
from litdb.draft.sarif import sarif
from tests.draft.world import report, said, table

WRONG = r"SilverNet & 0.51 & 3.73 & 4.63 & 3.80 & 4.10 & 0.95"
BODY = (
    "\\documentclass{article}\\begin{document}\n"
    "\\begin{table}\\caption{Scores on VoiceBank+DEMAND.}\\begin{tabular}{lcc}\n"
    "Model & Params (M) & PESQ \\\\ \\hline\n"
    "MUSE & 0.51 & 3.73 \\\\\n"
    "IMSE & 0.427 & 3.399 \\\\\n"
    "\\end{tabular}\\end{table}\n\\end{document}\n"
)


@pytest.mark.parametrize("where", ["before", "behind"])
def test_a_comment_suppresses_a_finding_and_keeps_its_reason(tmp_path: Path, where: str) -> None:
    comment = "% litdb: ignore VALUE -- the authors' erratum"
    row = f"{comment}\n{WRONG} \\\\" if where == "before" else f"{WRONG} \\\\ {comment}"
    body = table(WRONG).replace(f"{WRONG} \\\\", row)
    found = report(tmp_path, body, (cells,))
    assert found.findings == ()
    ((finding, reason),) = found.suppressed
    assert (finding.rule, reason) == ("VALUE", "the authors' erratum")


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("% litdb: ignore VALUE", "a comment without a reason (-- REASON) suppresses nothing"),
        ("% litdb: ignore -- everything", "a comment that names no rule suppresses nothing"),
        ("% litdb: ignore VALEU -- erratum", "a comment that names no rule suppresses nothing"),
        ("% litdb: ignore CITE -- erratum", "a comment that suppresses nothing"),
        (r"\% litdb: ignore VALUE -- erratum", ""),
    ],
)
def test_what_suppresses_nothing_is_counted(tmp_path: Path, comment: str, words: str) -> None:
    body = table(WRONG).replace(WRONG, f"{comment}\n{WRONG}" if words else WRONG)
    found = report(tmp_path, body, (cells,))
    assert [finding.rule for finding in found.findings] == ["VALUE"]
    assert [key for key in found.unchecked if key.startswith("a comment")] == (
        [f"{words}, paper.tex:5"] if words else []
    )


def test_findings_stand_in_the_order_of_their_places(tmp_path: Path) -> None:
    body = "\\cite{lost}\n" + table(WRONG) + "\\cite{gone}"
    assert said(report(tmp_path, body, (cite, cells))) == [("CITE", 2), ("VALUE", 6), ("CITE", 8)]


def test_every_rule_has_words() -> None:
    assert set(RULE_WORDS) == set(DraftRule)


def test_sarif_has_what_its_schema_requires(tmp_path: Path) -> None:
    body = table(WRONG, r"TinNet & 0.29 & 2.96 & 4.33 & 3.53 & 3.67 & 0.95 \\ % litdb: ignore VALUE -- why")
    found = report(tmp_path, body.replace(r" -- why \\", " -- why"), (cells,))
    log = json.loads(json.dumps(sarif(found, "1.2.3")))
    assert log["version"] == "2.1.0"
    (of_run,) = log["runs"]
    driver = of_run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("litdb check", "1.2.3")
    assert len(of_run["results"]) == 2
    for result in of_run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "paper.tex"
        assert physical["region"]["startLine"] >= 1
    assert [result.get("suppressions") for result in of_run["results"]] == [
        None, [{"kind": "inSource", "justification": "why"}],
    ]  # fmt: skip


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shipped_file: Path) -> Path:
    monkeypatch.setenv("LITDB_DB", str(shipped_file))
    file = tmp_path / "paper.tex"
    file.write_text(BODY)
    return file


def test_the_command_says_rule_place_and_source(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(paper)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{paper.as_posix()}:4: VALUE: row “MUSE”: PESQ 3.73; its paper prints 3.37"
    assert lines[1].startswith("    the catalogue: PESQ 3.37: self, arXiv:2406.04589")
    assert lines[2:5] == ["Found: 1", "Checked:", "  4 cells of tables"]
    paper.write_text(BODY.replace("3.73", "3.37"))
    assert run(["check", str(paper)]) == 0
    assert capsys.readouterr().out.startswith("Found: 0\n")


def test_json_and_sarif_of_the_command(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = paper.with_name("out.sarif")
    assert run(["check", str(paper), "--json", "--sarif", str(log)]) == 1
    data = json.loads(capsys.readouterr().out)
    (finding,) = data["findings"]
    assert (finding["rule"], finding["place"]["file"], finding["place"]["line"]) == ("VALUE", "paper.tex", 4)
    assert len(finding["results"]) == len(finding["sources"]) == 1
    assert data["checked"]["cells of tables"] == 4
    assert json.loads(log.read_text())["runs"][0]["results"][0]["ruleId"] == "VALUE"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none.tex"], "cannot be read"),
        (["paper.pdf"], "give the main file of the draft"),
        (["paper.tex", "--bib", "none.bib"], "cannot be read"),
    ],
)
def test_what_a_user_can_get_wrong(
    paper: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(paper.parent)
    assert run(["check", *words]) == 1
    told = capsys.readouterr().err
    assert told.startswith("Error: ") and message in told and "Traceback" not in told


def test_hostile_text_stays_data(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "\x1b[31mMUSE"
    paper.write_text(
        BODY.replace("\\end{document}", f"\\cite{{{hostile}}}\\bibliography{{refs}}\\end{{document}}")
    )
    paper.with_name("refs.bib").write_text(f"@misc{{a, title={{{hostile}}}}}")
    assert run(["check", str(paper)]) == 1
    told = capsys.readouterr().out
    assert "CITE" in told and "\x1b" not in told
