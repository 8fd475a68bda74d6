"""`litdb model train` with a time that is given: timed before it starts, saved and ended in time, resumed and extended."""

import json
import re
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from model.training.probing import measuring  # noqa: E402
from tests.cli.conftest import Litdb  # noqa: E402
from tests.model.training.conftest import WORDS  # noqa: E402

VALUES = [*WORDS, "network.num_channel=4", "network.num_layer=1"]
SMALL = [word for value in VALUES for word in ("--set", value)]


def events(run: Path) -> list[str]:
    return [json.loads(line)["event"] for line in (run / "log.jsonl").read_text().splitlines()]


@pytest.mark.timeout(300)
def test_hours_are_said_before_and_kept(
    litdb: Litdb, toy: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "SHARE", 1e-9)  # one step is timed
    train = [
        "model",
        "train",
        "--data",
        str(toy),
        "--out",
        "run",
        "--model",
        "bsrnn",
        "--cpu",
        "--workers",
        "1",
    ]
    said = litdb(*train, *SMALL, "--hours", "1e-6", "--precision", "bf16")
    assert said.code == 0, said.err  # as was asked for
    assert re.match(
        r"a step takes [\d.]+ s \(median of 1\), a validation \d+ s; the run takes about \d+ s, of which 0 s are",
        said.err,
    )
    assert "run was stopped (the time of --hours is over) in epoch 1 after step 1, and is saved" in said.err
    assert said.out == ""
    assert events(home / "run") == ["stopped"]
    assert json.loads((home / "run" / "environment.json").read_text())["precision"] == "bf16"
    said = litdb("model", "train", "--resume", "run", "--cpu", "--workers", "1", "--set", "epochs=3")
    assert said.code == 0, said.err
    assert events(home / "run") == ["stopped", "extended", "resumed", "epoch", "epoch", "epoch", "finished"]
    assert said.out.splitlines()[-1].startswith("last            epoch    3  loss ")
    said = litdb("model", "train", "--resume", "run", "--set", "rate=1")
    assert (said.code, "only epochs may be set" in said.err) == (2, True)
