"""litdb supplement: what it holds, the same bytes each time, and nothing that names a person, a machine or a place."""

from __future__ import annotations

import getpass
import hashlib
import json
import re
import socket
import subprocess
from pathlib import Path

import pytest

from litdb.draft.frozen.anonymous import Hider, told
from litdb.errors import LitdbError
from tests.cli.conftest import Litdb
from tests.cli.conftest import home as home
from tests.cli.conftest import litdb as litdb
from tests.support.runs import sha, write_run, write_scores

FILES = {f"p232_{number:03}.wav": 2.5 + number / 10 for number in range(1, 5)} | {"p257_001.wav": None}
PERSON, HOST, PATH = "Ada Lovelace", "cluster-node7", "/home/ada/data/vbd"


@pytest.fixture
def measured(litdb: Litdb, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working catalogue with an own run that carries what must not be told, declared by somebody with a name."""
    monkeypatch.setenv("LITDB_USER", PERSON)
    monkeypatch.setenv("HOSTNAME", HOST)
    said = {
        "recipe": {"epochs": 2, "seed": 1, "optimizer": "adamw", "log_dir": PATH, "contact": "ada@lab.example.org",
                   "started on": f"{HOST} by {PERSON}"},
        "data": {"root": PATH, "training_files": 10},
        "from": f"{PATH}/old/checkpoint.pt",
    }  # fmt: skip
    run = write_run(Path("ada-run-3"), model="M4", said=said)
    write_scores(run, "best-composite", FILES, digest=sha("ada-run-3/best-composite"), expected=824)
    assert litdb("init", "mine.db").code == 0
    monkeypatch.setenv("LITDB_DB", "mine.db")
    added = litdb("add", str(run), "--model", "SmallNet")
    assert added.code == 0, added.err
    declared = litdb(
        "runs",
        "declare",
        "ada-run-3",
        "--checkpoint",
        "best-composite",
        "--reason",
        f"{PERSON} chose it in {PATH}",
    )
    assert declared.code == 0, declared.err
    return run


def files_of(folder: str) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


@pytest.mark.usefixtures("measured")
def test_it_holds_scores_configuration_hash_card_and_table(litdb: Litdb) -> None:
    said = litdb("supplement", "SmallNet", "--out", "sup")
    assert said.code == 0, said.err
    files = files_of("sup")
    assert {"README.txt", "SHA256SUMS", "card.json", "card.md", "checkpoints.json", "configuration.json", "table.csv",
            "table.json", "scores/vbd/1-best-composite.csv"} == set(files)  # fmt: skip
    (state,) = json.loads(files["checkpoints.json"])
    assert state["sha256"] == sha("ada-run-3/best-composite")
    assert (state["seed"], state["selected_on"]) == (1, "validation")
    (configuration,) = json.loads(files["configuration.json"])
    assert configuration["recipe"]["optimizer"] == "adamw"
    assert configuration["environment"] == {"seed": 1, "libraries": {"torch": "2.13.0"}}
    assert configuration["data"] == {"training_files": 10}
    scores = files["scores/vbd/1-best-composite.csv"].decode().splitlines()
    assert len(scores) == 1 + len(FILES)
    assert scores[0].startswith("file,")
    column = scores[0].split(",").index("PESQ")
    assert scores[1].split(",")[0].startswith("p232_001")
    assert scores[1].split(",")[column] == "2.6"
    assert scores[-1].split(",")[column] == ""
    for line in files["SHA256SUMS"].decode().splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256(files[name]).hexdigest() == digest
    assert len(files["SHA256SUMS"].decode().splitlines()) == len(files) - 1
    assert not [name for name in files if name.endswith((".wav", ".flac", ".pt"))]


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("more", [[], ["--anonymous"]])
def test_no_person_no_path_and_no_machine_is_told(litdb: Litdb, more: list[str]) -> None:
    assert litdb("supplement", "SmallNet", "--out", "sup", *more).code == 0
    told = {PERSON, "Ada", "Lovelace", HOST, PATH, "ada@lab.example.org", "lab.example.org", getpass.getuser(), str(Path.home()),
            socket.gethostname(), str(Path.cwd()), "/home/"}  # fmt: skip
    if more:
        told |= {"ada-run-3", "ada"}
    for name, data in files_of("sup").items():
        text = f"{name}\n{data.decode()}"
        for word in told:
            assert not re.search(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", text, re.IGNORECASE if more else 0), (
                name, word,
            )  # fmt: skip


@pytest.mark.usefixtures("measured")
def test_the_same_bytes_each_time_and_nothing_overwritten(litdb: Litdb) -> None:
    for name in ("one", "two"):
        assert litdb("supplement", "SmallNet", "--out", name, "--anonymous").code == 0
    assert files_of("one") == files_of("two")
    again = litdb("supplement", "SmallNet", "--out", "one")
    assert again.code == 2
    assert "name a new folder" in again.err
    Path("empty").mkdir()
    assert litdb("supplement", "SmallNet", "--out", "empty").code == 0
    assert (
        subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd="empty", check=False).returncode == 0
    )


@pytest.mark.usefixtures("measured")
def test_the_lock_of_the_paper_goes_with_it_and_can_be_read(litdb: Litdb) -> None:
    imse = next(one for one in litdb("why", "IMSE", "PESQ", "--json").json["shown"])["value"]["key"]
    assert (
        litdb("correct", imse, "--value", "3.39", "--reason", "misread").code == 0
    )  # a footnote with who did it
    Path("paper.toml").write_text(
        '[models]\nown = "SmallNet"\nimse = "IMSE"\n[metrics]\npesq = "PESQ"\n[tables.main]\nfile = "main.tex"\n',
        "utf-8",
    )
    assert litdb("freeze").code == 0
    assert PERSON in Path("paper.lock").read_text(encoding="utf-8")
    said = litdb("supplement", "SmallNet", "--out", "sup", "--lock", "paper.lock", "--anonymous")
    assert said.code == 0, said.err
    files = files_of("sup")
    assert {"paper.lock", "tables/main.csv", "tables/main.json"} <= set(files)
    for name, data in files.items():
        assert "Lovelace" not in data.decode(), name
        assert "ada-run-3" not in data.decode(), name
    Path("blind.toml").write_text(Path("paper.toml").read_text(encoding="utf-8"), "utf-8")
    assert litdb("build", "blind.toml", "--lock", "sup/paper.lock").code == 0
    assert "IMSE" in Path("main.tex").read_text(encoding="utf-8")


def test_models_without_a_declared_checkpoint_have_none(litdb: Litdb) -> None:
    for name in ("IMSE", "NoSuchNet"):
        said = litdb("supplement", name, "--out", "sup")
        assert said.code == 2
        assert not Path("sup").exists()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("at /home/ada/x/y.pt and", "at [removed] and"),
        ("see /root/x", "see [removed]"),
        (r"C:\Users\Ada\x.pt", "[removed]"),
        (r"\\server\share\x", "[removed]"),
        ("~/runs/1", "[removed]"),
        ("file:///data/x", "[removed]"),
        ("/data/vbd/test", "[removed]"),
        ("ada.l@uni.example.org said", "[removed] said"),
        ("10.0.0.17", "[removed]"),
        ("ADA-run", "[removed]-run"),
        ("Canada", "Canada"),
        ("https://arxiv.org/abs/2511.14515v2", "https://arxiv.org/abs/2511.14515v2"),
        ("https://doi.org/10.21437/Interspeech.2023-1441", "https://doi.org/10.21437/Interspeech.2023-1441"),
        ("1/2 of 824 dB/s, CSIG@unit, and/or", "1/2 of 824 dB/s, CSIG@unit, and/or"),
        ("PESQ 2.864, torch 2.13.0", "PESQ 2.864, torch 2.13.0"),
    ],
)
def test_what_is_taken_out_of_a_text(text: str, left: str) -> None:
    assert Hider(("ada",)).text(text) == left


def test_what_would_tell_a_name_is_not_written() -> None:
    with pytest.raises(LitdbError, match="would tell"):
        Hider(("ada",)).check({"x.csv": b"a,b\nada,1\n"})
    with pytest.raises(LitdbError, match="would tell"):
        Hider(("ada",)).check({"scores/ada.csv": b"a"})


def test_only_what_says_how_is_told_of_a_run() -> None:
    details = {
        "kind": "training", "recipe": {"lr": 1e-3, "out_dir": "x", "nested": {"resume_from": "y", "beta": 0.9}}, "from": "/x",
        "environment": {"seed": 3, "host": "node", "git": {"remote": "git@x"}, "libraries": {"torch": "2"}, "user": "ada"},
    }  # fmt: skip
    assert told(details) == {
        "kind": "training", "recipe": {"lr": 1e-3, "nested": {"beta": 0.9}}, "environment": {"seed": 3, "libraries": {"torch": "2"}},
    }  # fmt: skip
