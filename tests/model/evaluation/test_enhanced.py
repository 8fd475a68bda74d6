"""Somebody's audio: what it was is recorded, what cannot be scored is refused, one bad file does not stop the others."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

torch = pytest.importorskip("torch")

from model.data import resample  # noqa: E402
from model.errors import EvaluationError  # noqa: E402
from model.evaluation.enhanced import open_enhanced  # noqa: E402
from model.evaluation.evaluate import evaluate  # noqa: E402
from model.evaluation.measuring import measure_file  # noqa: E402
from model.evaluation.pool import ScoreTask, score_file  # noqa: E402
from model.evaluation.systems import System  # noqa: E402
from model.evaluation.test_data import TestData, open_test_set  # noqa: E402
from model.runs import RunFolder  # noqa: E402
from tests.cli.conftest import Litdb  # noqa: E402
from tests.model.cli.conftest import home as home  # noqa: E402
from tests.model.cli.conftest import litdb as litdb  # noqa: E402
from tests.model.signals import RATE  # noqa: E402


@pytest.fixture(scope="module")
def data(toy: Path) -> TestData:
    return open_test_set(toy, name="toy")


def theirs(folder: Path, data: TestData, factor: float = 1.0, rate: int = RATE) -> Path:
    """The noisy files times a factor, at a rate, as floats."""
    folder.mkdir()
    for pair in data.pairs:
        signal = soundfile.read(pair.noisy, dtype="float32")[0]
        signal = resample(signal, RATE, rate)
        soundfile.write(folder / f"{pair.id}.wav", factor * signal, rate, subtype="FLOAT")
    return folder


def test_audio_below_16_khz_is_refused_before_scoring(data: TestData, tmp_path: Path) -> None:
    folder = theirs(tmp_path / "eight", data, rate=8000)
    with pytest.raises(
        EvaluationError, match=r"3 of 3 enhanced files.*8000 Hz, at least 16000 Hz.*--bad skip"
    ):
        open_enhanced(folder, data.pairs)
    assert set(open_enhanced(folder, data.pairs, "skip").bad) == {"p9_000", "p9_001", "p9_002"}


def test_integers_in_a_file_of_floats_are_named(
    litdb: Litdb, toy: Path, data: TestData, tmp_path: Path
) -> None:
    folder = theirs(tmp_path / "integers", data, factor=32768)
    said = litdb("model", "evaluate", "--enhanced", str(folder), "--data", str(toy), "--workers", "1")
    assert said.code == 1
    assert "where 1.0 is full scale; divide them by 32768" in said.err
    assert said.out == ""


def test_loud_audio_is_not_of_another_scale(data: TestData, tmp_path: Path) -> None:
    assert open_enhanced(theirs(tmp_path / "loud", data, factor=4), data.pairs).bad == {}


def test_what_was_resampled_is_recorded(litdb: Litdb, toy: Path, data: TestData, tmp_path: Path) -> None:
    folder = theirs(tmp_path / "theirs", data, rate=48000)
    words = ["model", "evaluate", "--enhanced", str(folder), "--data", str(toy), "--workers", "1"]
    said = litdb(*words, "--run", str(tmp_path / "run"), "--dataset", "toy")
    assert said.code == 0, said.err
    assert "theirs: resampled to 16000 Hz before scoring: 3 of 48000 Hz" in said.out
    summary = json.loads((tmp_path / "run" / "scores" / "toy" / "summary.json").read_text())
    (entry,) = summary["entries"]
    assert entry["resampled"] == {"48000": 3}
    assert entry["resampler"].startswith("soxr")
    assert entry["audio_fingerprint"] == open_enhanced(folder, data.pairs).fingerprint
    assert (summary["rates"], summary["resampler"]) == ([16000], None)
    assert entry["aligned"]["findings"] == []


def test_a_bad_file_is_an_error_of_its_own(litdb: Litdb, toy: Path, data: TestData, tmp_path: Path) -> None:
    folder = theirs(tmp_path / "theirs", data)
    signal = soundfile.read(folder / "p9_001.wav", dtype="float32")[0]
    signal[100] = np.nan
    soundfile.write(folder / "p9_001.wav", signal, RATE, subtype="FLOAT")
    words = ["model", "evaluate", "--enhanced", str(folder), "--data", str(toy), "--workers", "1"]
    said = litdb(*words, "--run", str(tmp_path / "run"))
    assert said.code == 1
    assert said.err.splitlines()[-1] == (
        "Error: 1 of 3 files for theirs went unscored; the reasons are above and in the column error"
    )
    assert "theirs/p9_001: the enhanced signal holds NaN or infinite samples" in said.out
    assert "the mean covers pesq 2" in said.out
    scores = next((tmp_path / "run" / "scores").glob("*/theirs.csv")).read_text().splitlines()
    assert [line.split(",")[1] != "" for line in scores[1:]] == [True, False, True]


def test_a_network_that_gives_nan_is_an_error_for_each_file(
    toy_run: Path, data: TestData, tmp_path: Path
) -> None:
    content = torch.load(toy_run / "checkpoint_last.pt", weights_only=True)
    for tensor in content["model_state_dict"].values():
        tensor.fill_(float("nan"))
    torch.save(content, tmp_path / "nan.pt")
    pair = data.pairs[0]
    found = score_file(ScoreTask(pair.id, pair.clean, pair.noisy, tmp_path / "nan.pt"))
    assert (found.scored, "holds NaN" in found.error) == (False, True)
    from model.errors import ModelError

    with pytest.raises(ModelError, match="holds NaN"):
        measure_file(pair, System("nan", "checkpoint", tmp_path / "nan.pt"), None)


def test_one_length_for_every_command(data: TestData, tmp_path: Path) -> None:
    """`where` and `bands` cut as `evaluate` does."""
    folder = theirs(tmp_path / "longer", data)
    pair = data.pairs[0]
    path = folder / f"{pair.id}.wav"
    signal = soundfile.read(path, dtype="float32")[0]
    soundfile.write(path, np.concatenate([signal, np.zeros(300, np.float32)]), RATE, subtype="FLOAT")
    one = score_file(ScoreTask(pair.id, pair.clean, path))
    other = measure_file(pair, System("longer", "enhanced", folder), path)
    assert other.score.values == one.values
    assert "300 more at its end" in one.notes[0]


def test_interrupted_scores_of_audio_are_kept_while_it_is_the_same(data: TestData, tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", {"kind": "evaluation", "name": "run"}, {}).path
    folder = theirs(tmp_path / "theirs", data)
    fingerprint = open_enhanced(folder, data.pairs).fingerprint
    identity = {"sha256": fingerprint, "source": "enhanced", "fingerprint": data.test_set.fingerprint}
    part = run / "scores" / "toy" / ".theirs.part"
    part.parent.mkdir(parents=True)
    part.write_text(json.dumps(identity) + "\n" + json.dumps(["p9_000", [7.0] * 11, "", [], None]) + "\n")
    ((_, scores),) = evaluate([System("theirs", "enhanced", folder)], data, workers=1, run=run)
    assert [score.value("pesq") == 7.0 for score in scores] == [True, False, False]
    (folder / "p9_001.wav").write_bytes((folder / "p9_002.wav").read_bytes())
    assert open_enhanced(folder, data.pairs).fingerprint != fingerprint
