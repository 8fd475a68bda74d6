"""What an evaluation writes of files it has seen is what `litdb add` shows beside the scores."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from litdb.catalogue.checkpoints import marks_of_run
from litdb.intake.run_folder import read_run
from model.evaluation.alignment import Alignment
from model.evaluation.pool import FileScore
from model.evaluation.summary import Origin, Summary, TestSet, record
from model.leaks.looks import log_look
from model.leaks.seen import Seen
from model.metrics import NAMES
from model.runs import RunFolder

TEST = TestSet("VoiceBank+DEMAND", 2, "f" * 64, split="train", role="train")


def scores() -> list[FileScore]:
    return [
        FileScore(name, tuple(0.9 if "stoi" in metric.lower() else 2.0 for metric in NAMES), "")
        for name in ("p232_001", "p232_002")
    ]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    leak = {"kind": "test-part", "files": 2, "detail": "test is the test part of corpus"}
    config = {"kind": "training", "name": "m4", "model": "M4", "data": {"leaks": [leak]}}
    RunFolder.create(tmp_path / "m4", config, {"seed": 1})
    return tmp_path / "m4"


def test_the_summary_of_an_evaluation_becomes_marks(run: Path) -> None:
    seen = Seen("run", training=("p232_001",), validation=("p232_002",))
    late = Alignment(2, 16, 2, 0, 0.0, 0.0, 0.0, ("2 of 2 files are 16 samples (1.0 ms) late",))
    origin = Origin(seen=seen, resampled={48000: 2}, types={"float16": 7})
    summary = Summary.of("last", "checkpoint", "a" * 64, scores(), TEST, origin)
    summary = replace(summary, aligned=late)
    record(run, TEST, summary, scores())
    read = read_run(run)
    assert [str(mark) for mark in read.scores[0].marks] == [
        "scored on training files (split train), not on a test set",
        "1 of 2 files were trained on",
        "1 of 2 files were held out for validation, which selected the checkpoint",
        "of 7 tensors of weights the checkpoint holds 7 as float16, used in float32",
        "output against clean: 2 of 2 files are 16 samples (1.0 ms) late",
        "resampled before scoring: 2 files of 48000 Hz",
    ]
    for sentence in seen.sentences(2):  # as the evaluation itself says it, but for the names
        assert sentence.partition(":")[0] in [str(mark) for mark in read.scores[0].marks]


def test_leaks_and_looks_of_a_run_folder_are_read(run: Path) -> None:
    from json import dumps

    test_set = TestSet("VoiceBank+DEMAND", 2, "f" * 64, split="test", role="test")
    log_look("where", test_set, {"last": "a" * 64}, [run])
    read = read_run(run)
    assert marks_of_run(dumps(read.details)) == (
        "trained on what is for testing: test is the test part of corpus",
    )
    (look,) = read.looks
    assert (look.command, look.dataset, look.hashes) == ("where", "vbd", ("a" * 64,))
    assert log_look("where", TEST, {"last": "a" * 64}, [run])  # training files are for looking at
    assert len(read_run(run).looks) == 1
