"""A draft held to a lock: what was frozen stands, whatever the catalogue says since."""

from __future__ import annotations

from pathlib import Path

import pytest

from litdb.cli._root import run

PAPER = """
[paper]
template = "ieeetran"
values = "values.tex"

[models]
imse = "IMSE"
muse = "MUSE"

[metrics]
params = "params"
pesq = "PESQ"
"""
DRAFT = (
    "\\documentclass{article}\\begin{document}\n"
    "\\begin{table}\\caption{Scores on VoiceBank+DEMAND.}\\begin{tabular}{lcc}\n"
    "Model & Params (M) & PESQ \\\\ \\hline\n"
    "MUSE & 0.51 & 3.37 \\\\\n"
    "IMSE & 0.427 & 3.399 \\\\\n"
    "\\end{tabular}\\end{table}\n\\end{document}\n"
)


@pytest.fixture
def frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shipped_file: Path) -> Path:
    """A paper that was frozen."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LITDB_USER", "tester")
    Path("paper.toml").write_text(PAPER)
    Path("paper.tex").write_text(DRAFT)
    assert run(["init", "mine.db"]) == 0
    monkeypatch.setenv("LITDB_DB", "mine.db")
    assert run(["freeze", "paper.lock"]) == 0
    return tmp_path


def test_what_was_frozen_stands(frozen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "paper.tex", "--lock", "paper.lock"]) == 0
    Path("paper.tex").write_text(DRAFT.replace("3.399", "3.373"))
    capsys.readouterr()
    assert run(["check", "paper.tex", "--lock", "paper.lock"]) == 1
    told = capsys.readouterr().out
    assert "VALUE: row “IMSE”: PESQ 3.373" in told and "frozen in paper.lock of" in told
    assert run(["check", "paper.tex"]) == 1
    assert "STALE" in capsys.readouterr().out


def test_a_lock_that_is_none(frozen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.lock").write_text("{}")
    assert run(["check", "paper.tex", "--lock", "bad.lock"]) == 1
    assert "is no lock" in capsys.readouterr().err
