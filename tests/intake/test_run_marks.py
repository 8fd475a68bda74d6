"""What a run folder says against its own scores comes with them: in tables, why, gap, claim, compare and runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from litdb.intake.run_folder import read_run
from litdb.intake.run_marks import marks_of_scores
from litdb.vocabulary.remarks import Mark
from tests.cli.conftest import Litdb
from tests.cli.conftest import home as home
from tests.cli.conftest import litdb as litdb_command  # noqa: F401
from tests.support.runs import write_run, write_scores

FILES = {"p232_001": 2.5, "p232_002": 3.0, "p257_001": 3.5}
LEAK = {"kind": "test-speakers", "files": 2, "detail": "p232_001, p232_002 are of p232, a test speaker"}
SEEN = {"training_files": "run", "training": 2, "validation": 0, "same_name": 1, "ids": ["p232_001"]}


@pytest.fixture
def call(litdb_command: Litdb) -> Litdb:  # noqa: F811
    assert litdb_command("init", "mine.db").code == 0
    return lambda *words: litdb_command(*words, "--db", "mine.db")


def marked(call: Litdb, **more: Any) -> None:
    """A run that trained on test files, with scores that say how many it had seen, as the one that stands."""
    data = {"root": "/d", "training_files": 10, "leaks": [LEAK]}
    folder = write_run(Path("leaky"), said={"data": data})
    write_scores(folder, "best-composite", FILES, expected=3, said={"seen": SEEN}, **more)
    assert call("add", str(folder)).code == 0
    assert call("runs", "declare", "leaky", "-c", "best-composite", "-r", "for the test").code == 0


SAID = (
    "trained on what is for testing: p232_001, p232_002 are of p232, a test speaker",
    "2 of 3 files were trained on",
    "1 of 3 files have the name of a file that was trained on, with another recording",
)


@pytest.mark.parametrize(
    "words",
    [
        ("table", "--models", "BSRNN-FAC-MRHA3", "--metrics", "PESQ,STOI", "--format", "csv"),
        ("table", "--models", "BSRNN-FAC-MRHA3", "--metrics", "PESQ,STOI", "--format", "latex"),
        ("models", "--metrics", "params,PESQ", "--params", "0.4M..0.5M"),
        ("why", "BSRNN-FAC-MRHA3", "PESQ"),
        ("gap", "--target", "PESQ=3.2"),
        ("claim", "smallest with PESQ>=2.9"),
        ("runs",),
        ("compare", "leaky/best-composite", "MUSE", "--metrics", "PESQ"),
    ],
    ids=lambda words: " ".join(words[:1]),
)
def test_marks_are_shown_wherever_the_row_is(call: Litdb, words: tuple[str, ...]) -> None:
    marked(call)
    shown = call(*words).out.replace("\\_", "_").replace("\n", " ")
    for mark in SAID:
        assert mark in " ".join(shown.split()), mark


@pytest.mark.parametrize(
    ("seen", "of_set", "severity"),
    [
        (SEEN, {}, "error"),
        ({"training_files": "run", "validation": 2}, {}, "warning"),
        (None, {"role": "train", "split": "train"}, "error"),
        ({"training_files": "unknown"}, {}, ""),
    ],
)
def test_the_audit_finds_a_leak(
    call: Litdb, seen: dict[str, Any] | None, of_set: dict[str, Any], severity: str
) -> None:
    folder = write_run(Path("leaky"))
    write_scores(folder, "best-composite", FILES, said={"seen": seen}, of_set=of_set)
    call("add", str(folder))
    found = [one for one in call("audit", "--json").json if one["code"] == "LEAK"]
    assert [one["severity"] for one in found] == ([severity] if severity else [])
    assert all("run leaky/best-composite" in one["message"] for one in found)


def test_a_clean_run_has_no_mark(call: Litdb) -> None:
    folder = write_run(Path("clean"), said={"data": {"root": "/d", "leaks": []}})
    seen = {"training_files": "run", "training": 0, "validation": 0, "same_name": 0, "ids": []}
    write_scores(
        folder, "best-composite", FILES, said={"seen": seen}, of_set={"role": "test", "split": "test"}
    )
    call("add", str(folder))
    (run,) = [run for run in call("runs", "--json").json if run["key"] == "clean"]
    assert all(checkpoint["marks"] == [] for checkpoint in run["checkpoints"])


def test_marks_come_to_numbers_that_are_there_already(call: Litdb) -> None:
    folder = write_run(Path("late"))
    write_scores(folder, "best-composite", FILES)
    call("add", str(folder))
    write_scores(folder, "best-composite", FILES, said={"seen": {"training_files": "unknown"}})
    said = call("add", str(folder), "--json").json["added"]
    assert (said["new"], said["replaced"]) == (0, 0)
    assert "training files unknown" in call("runs").out
    assert call("add", str(folder), "--json").json["added"]["new"] == 0
    assert call("db", "check").code == 0


def test_a_fine_tuned_run_says_what_it_began_with(call: Litdb) -> None:
    began = {"file": "checkpoint_best_pesq.pt", "sha256": "0" * 64, "run": "base-1", "epoch": 5}
    folder = write_run(Path("tuned"), said={"from": began})
    write_scores(folder, "best-composite", FILES)
    call("add", str(folder))
    assert "fine-tuned from base-1/checkpoint_best_pesq.pt" in call("runs").out


def test_marks_survive_a_dump(call: Litdb, litdb_command: Litdb) -> None:  # noqa: F811
    marked(call)
    call("db", "dump", "all.jsonl")
    assert litdb_command("db", "load", "all.jsonl", "copy.db").code == 0
    copied = litdb_command("runs", "--json", "--db", "copy.db").json
    told = [
        {c["key"]: c["marks"] for run in runs for c in run["checkpoints"]}
        for runs in (copied, call("runs", "--json").json)
    ]
    assert told[0] == told[1]
    assert len(told[0]["leaky/best-composite"]) == 3


def test_clean_speech_against_itself_is_named_and_not_ranked(call: Litdb) -> None:
    for value in ("4.6439", "4.2"):
        words = ("add-result", f"Net{value}", "--run", f"{value}/best", "--metric", f"PESQ={value}")
        assert call(*words).code == 0
    table = call("table", "--models", "Net4.6439,Net4.2,IMSE", "--metrics", "PESQ", "--format", "json").json
    assert [row["cells"][0]["rank"] for row in table["rows"]] == [None, 1, 2]
    said = call("table", "--models", "Net4.6439,IMSE", "--metrics", "PESQ").out
    assert "clean speech against itself: PESQ 4.6439" in said


def entry(**more: Any) -> dict[str, Any]:
    return {"source": "checkpoint", **more}


@pytest.mark.parametrize(
    ("summary", "one", "said"),
    [
        (
            {"role": "train", "split": "train"},
            entry(),
            "scored on training files (split train), not on a test set",
        ),
        ({"role": "validation"}, entry(), "scored on validation files (split not named), not on a test set"),
        ({"role": "unknown", "split": "all"}, entry(), ""),
        ({"role": "test"}, entry(), ""),
        (
            {},
            entry(seen={"training_files": "unknown"}),
            "training files unknown: it may have been trained on these",
        ),
        ({}, entry(seen={"training_files": "unknown"}, source="enhanced"), ""),
        ({}, entry(seen={"training_files": "none"}, source="noisy"), ""),
        ({}, entry(seen={"training_files": "partly", "training": 0}), str(Mark.PARTLY_UNKNOWN.words)),
        (
            {},
            entry(seen={"training_files": "run", "validation": 4}),
            "4 of 9 files were held out for validation, which selected the checkpoint",
        ),
        (
            {},
            entry(aligned={"findings": ["9 of 9 files are 16 samples (1.0 ms) late"]}),
            "output against clean: 9 of 9 files are 16 samples (1.0 ms) late",
        ),
        ({}, entry(resampled={"48000": 9}), "resampled before scoring: 9 files of 48000 Hz"),
        (
            {"rates": [16000, 48000], "rate": 16000, "resampler": "soxr 1.0"},
            entry(),
            "test files of 48000 Hz brought to 16000 Hz with soxr 1.0",
        ),
        ({"rates": [16000], "rate": 16000, "resampler": None}, entry(), ""),
        ({}, entry(types={"float32": 12}), ""),
        (
            {},
            entry(types={"bfloat16": 10, "float32": 2}),
            "of 12 tensors of weights the checkpoint holds 10 as bfloat16, used in float32",
        ),
        ({}, entry(seen=3, aligned=[], resampled="x", types=["float16"]), ""),
        ({}, entry(types={"float16": True, "float64": "2", "bfloat16": 0}), ""),
        ({}, entry(seen={"training": True, "validation": "2"}), ""),
    ],
)
def test_what_a_summary_says_becomes_marks(
    summary: Mapping[str, Any], one: dict[str, Any], said: str
) -> None:
    found = [str(remark) for remark in marks_of_scores(summary, one, 9)]
    assert found == ([said] if said else [])
    assert all(
        Mark.of(text) is remark.kind
        for text, remark in zip(found, marks_of_scores(summary, one, 9), strict=True)
    )


def test_reproductions_carry_their_marks(call: Litdb) -> None:
    folder = write_run(Path("heard"), checkpoints=())
    late = {"findings": ["3 of 3 files are 16 samples (1.0 ms) late"]}
    write_scores(folder, "muse", FILES, source="enhanced", said={"aligned": late})
    assert call("add", str(folder), "--model", "MUSE").code == 0
    assert (
        "3 of 3 files are 16 samples (1.0 ms) late"
        in call("table", "--models", "MUSE", "--metrics", "PESQ").out
    )
    assert "late" in call("why", "MUSE", "PESQ").out


# --- cost -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [None, "fast", float("nan")])
def test_a_busy_machine_gives_no_real_time_factor(call: Litdb, factor: Any) -> None:
    folder = write_run(Path("busy"))
    cost = {
        "parameters": 459867,
        "macs_per_second": 673e6,
        "real_time_factor": factor,
        "processor_time_factor": 0.4,
    }
    (folder / "cost.json").write_text(json.dumps(cost), encoding="utf-8")
    assert call("add", str(folder)).code == 0
    listed = [
        mean["metric"] for run in call("runs", "--json").json for c in run["checkpoints"] for mean in c["means"]
        if run["key"] == "busy"
    ]  # fmt: skip
    assert set(listed) == {"params", "MACs"}
    assert read_run(folder).cost["processor_time_factor"] == 0.4
