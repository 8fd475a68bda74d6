"""Completion of words by the shell, as bash asks for them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def completed(line: str, **environment: str) -> list[str]:
    """What bash is offered for the last word of a line."""
    done = subprocess.run(
        [sys.executable, "-m", "litdb"],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "_LITDB_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(line.split(" ")) - 1),
            **environment,
        },
    )
    assert done.stderr == ""
    return [word for word in done.stdout.splitlines() if word]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("litdb wh", ["why"]),
        ("litdb why IMS", ["IMSE"]),
        ("litdb why ims", ["IMSE"]),
        ("litdb why IMSE STO", ["STOI"]),
        ("litdb table --dataset dns2020-r", ["dns2020-reverb", "dns2020-real"]),
        ("litdb table --models IMSE,TSTN", ["IMSE,TSTNN"]),
        ("litdb table --metrics params,STO", ["params,STOI"]),
        ("litdb table --format la", ["latex"]),
        ("litdb extract --format t", ["table", "tsv"]),
        ("litdb table --origin quo", ["quoted"]),
        ("litdb table --sort STO", ["STOI"]),
        ("litdb gap --model BSRNN-F", ["BSRNN-FAC-MRHA3"]),
        ("litdb claim x --model IMS", ["IMSE"]),
        ("litdb audit --model IMS", ["IMSE"]),
        ("litdb db che", ["check"]),
    ],
)
def test_words_are_completed(line: str, words: list[str]) -> None:
    assert completed(line) == words


def test_a_name_with_blanks_is_completed_as_its_key() -> None:
    assert not [word for word in completed("litdb why S") if " " in word or "(" in word]
    assert "MANNER-small" in completed("litdb why manner-s")


def test_a_catalogue_that_is_not_there_or_damaged_offers_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.db"
    bad.write_text("text")
    assert completed("litdb why IMS", LITDB_DB=str(bad)) == []
    assert completed("litdb why IMS", LITDB_DB=str(tmp_path / "none.db")) == []
    assert completed("litdb why IMS", LITDB_DB="postgresql://nobody@127.0.0.1:1/x") == []
    assert completed("litdb table --dataset vb", LITDB_DB=str(bad)) == ["vbd", "vbd-dereverb"]
