"""`litdb model ablate`: the study, its probe, its status, and what ends it early."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from model.training.probing import measuring  # noqa: E402
from tests.cli.conftest import Litdb  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
VALUES = "epochs=1 batch=3 crop_seconds=0.3 weight_adversarial=0 validation=p3_*"
SMALL = [word for value in VALUES.split() for word in ("--set", value)]


def ablate(toy: Path, *more: str) -> list[str]:
    study = ["model", "ablate", "--data", str(toy), "--out", "study", "--variants", "baseline,fac"]
    return [*study, *SMALL, "--cpu", "--workers", "1", *more]


@pytest.mark.timeout(900)
def test_a_study_is_timed_trained_tested_and_goes_on(
    litdb: Litdb, toy: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "SHARE", 1e-9)  # one step of each kind
    said = litdb(*ablate(toy, "--seeds", "1", "--hours", "1"))
    assert said.code == 0, said.err
    assert re.search(
        r"^M1: a step takes [\d.]+ s \(median of 1\), a validation .*; a run takes about", said.err
    )
    assert re.search(
        r"the study has 2 runs, 2 of them to train, which takes about .* 59 min .* left", said.err
    )
    assert "M1 -> M2, pesq: isolates the FAC encoder, with the standard bottleneck" in said.out
    assert "costs       parameters +3.6%, MACs " in said.out
    assert "1 seed is too few" in said.out
    runs = sorted(path.parent.name for path in (home / "study").glob("*/config.json"))
    assert runs == ["M1-seed1", "M2-seed1"]
    stamps = {path: path.stat().st_mtime_ns for path in (home / "study").glob("*/*.pt")}
    again = litdb(*ablate(toy, "--seeds", "1", "--hours", "1", "--json"))
    assert {path: path.stat().st_mtime_ns for path in (home / "study").glob("*/*.pt")} == stamps
    assert [row["parameters"] for row in again.json["rows"]] == [361_700, 374_864]
    assert again.json["steps"][0]["parameters"] == pytest.approx(374_864 / 361_700)
    assert again.err.startswith("the study has 2 runs, 0 of them to train, which takes about 0 s")
    refused = litdb(*ablate(toy, "--seeds", "1", "--set", "batch=2"))
    assert (refused.code, "another recipe" in refused.err) == (2, True)
    told = litdb("model", "ablate", "--out", "study", "--status")
    assert told.out.splitlines() == [
        "M1-seed1                 done     epoch    1/1",
        "M2-seed1                 done     epoch    1/1",
        "2 of 2 runs are done; training left: 0 s",
    ]
    found = litdb("model", "ablate", "--out", "study", "--status", "--json").json
    assert [(run["run"], run["state"]) for run in found["runs"]] == [
        ("M1-seed1", "done"),
        ("M2-seed1", "done"),
    ]
    assert found["hours_left"] == 0


@pytest.mark.timeout(300)
def test_sigterm_saves_the_run_and_says_so(toy: Path, home: Path) -> None:
    """As a cluster does it: SIGTERM comes while a run trains."""
    command = [sys.executable, "-m", "litdb", *ablate(toy, "--seeds", "1", "--set", "epochs=500")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(command, cwd=home, env=environment, stderr=subprocess.PIPE, text=True)
    stop = time.monotonic() + 120
    while not (home / "study/M1-seed1/resume.pt").exists() and process.poll() is None:
        assert time.monotonic() < stop
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1, said
    assert re.search(
        r"Error: study/M1-seed1 was stopped \(SIGTERM\) in epoch \d+ after step \d, and is saved", said
    )


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("--out study", "a study needs --data DIR"),
        ("--out study --status", "not the folder of a study"),
        ("--out study --data TOY --hours nan", "--hours must be above 0, not nan"),
        ("--out study --data TOY --precision half", "precision is fp32, bf16, fp16, not 'half'"),
        ("--recipe study.toml --variants M5", "no network 'M5'"),
        ("--recipe study.toml --seeds 2,2", "different seeds"),
    ],
)
def test_wrong_use_is_one_sentence(litdb: Litdb, toy: Path, home: Path, words: str, hint: str) -> None:
    """The last two take the folders from a recipe file."""
    (home / "study.toml").write_text(
        f'data = "{toy}"\nout = "study"\nepochs = 1\nvalidation = ["p3_*"]\nseeds = "1"\n'
    )
    said = litdb("model", "ablate", *words.replace("TOY", str(toy)).split())
    assert (said.code, hint in said.err, said.err.count("\n")) == (2, True, 1), said.err
    assert not (home / "study").exists()


def test_a_study_is_one_process(litdb: Litdb, toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    said = litdb(*ablate(toy))
    assert (said.code, "a study is one process" in said.err) == (2, True), said.err
