"""`litdb init --example`: a folder to try things in, which touches no catalogue of the user's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Litdb


def test_an_example_is_a_folder_with_files_and_a_catalogue_of_its_own(
    litdb: Litdb, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = litdb("init", "--example")
    assert made.code == 0 and "cd litdb-example" in made.out
    monkeypatch.chdir("litdb-example")
    assert litdb("ingest", "paper.tex", "--arxiv", "9912.00001v1").code == 0
    assert litdb("add", "runs/full-1").code == 0
    assert "ExampleNet" in litdb("show", "ExampleNet").out
    assert not list(home.glob("*.db")), "the user's own catalogue is another"


def test_an_example_takes_no_place_that_is_taken(litdb: Litdb, tmp_path: Path) -> None:
    assert litdb("init", "there", "--example").code == 0
    again = litdb("init", "there", "--example")
    assert again.code == 1 and "another name" in again.err and "Traceback" not in again.err
    Path("file").write_text("here")
    assert litdb("init", "file", "--example").code == 1
    refused = litdb("init", "postgresql://me@host/group", "--example")
    assert refused.code == 2 and "folder" in refused.err
