"""`litdb survey cluster` and `litdb survey move` on the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Litdb

FIELD = (
    "arxiv_id\tfirst_submitted\ttitle\tabstract\n"
    "2401.00001\t2024-01-01\tOne: a U-Net for speech enhancement\t\n"
    "2402.00002\t2024-02-01\tTwo: speech enhancement \x1b[31m\tA U-Net again.\n"
    "2403.00003\t2024-03-01\tThree: speech enhancement with Mamba\t\n"
)


def test_from_a_survey_to_its_families(litdb: Litdb, home: Path) -> None:
    pytest.importorskip("sklearn")
    Path("field.tsv").write_text(FIELD)
    assert litdb("index", "load", "field.tsv", "--all").code == 0
    assert litdb("survey", "new", "speech enhancement", "--name", "se").code == 0
    said = litdb("survey", "cluster", "se")
    assert said.code == 0 and "\x1b" not in said.out
    assert said.out.startswith("u-net: 2 papers") and "abstract says U-Net" in said.out
    assert "2 of 3 papers without an abstract" in said.out
    moved = litdb("survey", "move", "2403.00003", "--to", "u-net", "-r", "its figure")
    assert moved.code == 0 and "recorded as decision" in moved.out
    found = litdb("survey", "cluster", "se", "--json").json
    (family,) = found["families"]
    assert family["id"] == "u-net" and len(family["papers"]) == 3
    (put,) = [one for one in family["papers"] if one["decision"]]
    assert litdb("undo", put["decision"][:8], "-r", "a slip").code == 0
    assert len(litdb("survey", "cluster", "se", "--json", "--all").json["families"]) == 2
    assert litdb("survey", "move", "2403.00003", "--to", "u-net", "-r", "x", "--json").json["decisions"]


def test_wrong_use_is_one_sentence(litdb: Litdb) -> None:
    for words in (("cluster",), ("cluster", "se", "--catalogue")):
        said = litdb("survey", *words)
        assert said.code == 2 and "name one survey" in said.err
    said = litdb("survey", "move", "2403.00003", "--to", "unet", "-r", "x")
    assert said.code == 2 and "did you mean u-net" in said.err


def test_without_scikit_learn_the_extra_is_named(litdb: Litdb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    said = litdb("survey", "cluster", "--catalogue")
    assert said.code == 2 and said.out == ""
    assert said.err == "Error: this needs sklearn: pip install 'litdb-sota[survey]'\n"


def test_other_commands_do_not_wait_for_scikit_learn() -> None:
    code = (
        "import sys\nfrom litdb.cli._root import run\nrun(['survey', '--help'])\n"
        "sys.exit(any(name in sys.modules for name in ('sklearn', 'scipy', 'numpy')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
