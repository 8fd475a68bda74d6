"""DNSMOS with stand-ins of its models: small ONNX graphs whose answers can be computed by hand."""

import csv
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from model.blind.dnsmos import NAMES, SECONDS, WINDOW, load, predict, score_folder
from model.blind.mel import log_mel, mel_filters
from model.errors import DataError, EvaluationError, MetricError, ModelUsageError
from tests.cli.conftest import Litdb
from tests.cli.conftest import home as home
from tests.cli.conftest import litdb as litdb
from tests.model.signals import noise, put, speech


def write_mean(path: Path, dimensions: int, outputs: int) -> Path:
    """A model whose every output is the mean of the squares (P.835) or of the values (P.808) of its input, plus 2."""
    shape = ["batch", WINDOW] if dimensions == 2 else ["batch", "frames", 120]
    x = helper.make_tensor_value_info("input_1", TensorProto.FLOAT, shape)
    y = helper.make_tensor_value_info("votes", TensorProto.FLOAT, ["batch", outputs])
    two = helper.make_tensor("two", TensorProto.FLOAT, [1, outputs], [2.0] * outputs)
    axes = helper.make_tensor("axes", TensorProto.INT64, [dimensions - 1], list(range(1, dimensions)))
    flat = helper.make_tensor("flat", TensorProto.INT64, [2], [-1, 1])
    squared = [helper.make_node("Mul", ["input_1", "input_1"], ["z"])] if dimensions == 2 else []
    nodes = [
        *squared,
        helper.make_node("ReduceMean", ["z" if squared else "input_1", "axes"], ["m"]),
        helper.make_node("Reshape", ["m", "flat"], ["column"]),
        helper.make_node("Add", ["column", "two"], ["votes"]),
    ]
    graph = helper.make_graph(nodes, "mean", [x], [y], [two, axes, flat])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), path)
    return path


@pytest.fixture
def models(tmp_path: Path) -> tuple[Path, Path]:
    return write_mean(tmp_path / "sig.onnx", 2, 3), write_mean(tmp_path / "v8.onnx", 3, 1)


def test_windows_and_polynomials(models: tuple[Path, Path]) -> None:
    predictor = load(*models)
    signal = 0.1 * np.random.default_rng(1).standard_normal(11 * 16000)
    found, windows = predict(predictor, signal)
    assert windows == 2  # at 0 and 1 s
    raw = [2 + np.mean(signal[start : start + 144160] ** 2) for start in (0, 16000)]
    assert found["DNSMOS-SIG"] == pytest.approx(
        np.mean([-0.08397278 * r**2 + 1.22083953 * r + 0.0052439 for r in raw]), abs=1e-4
    )
    assert found["DNSMOS-OVRL"] == pytest.approx(
        np.mean([-0.06766283 * r**2 + 1.11546468 * r + 0.04602535 for r in raw]), abs=1e-4
    )
    mels = [log_mel(signal[start : start + 144000]).mean() + 2 for start in (0, 16000)]
    assert found["DNSMOS-P808"] == pytest.approx(np.mean(mels), abs=1e-4)
    assert tuple(found) == NAMES


@pytest.mark.parametrize(
    ("seconds", "windows"), [(9.01, 1), (9.9, 1), (10.5, 1), (11.0, 2), (8.0, 7), (2.0, 7), (0.5, 7)]
)
def test_short_signals_are_repeated(models: tuple[Path, Path], seconds: float, windows: int) -> None:
    """2 s are doubled three times, to 16 s, and 0.5 s five times."""
    found, number = predict(load(models[0], None), np.ones(round(seconds * 16000)) * 0.5)
    assert number == windows
    assert set(found) == {"DNSMOS-SIG", "DNSMOS-BAK", "DNSMOS-OVRL"}


def test_mel_bands() -> None:
    """A tone lies in the band whose centre is nearest, silence 80 dB below the loudest, and every band has the same area."""
    filters = mel_filters()
    assert filters.shape == (120, 161)
    time = np.arange(16000) / 16000
    for hertz in (500.0, 1000.0, 3000.0, 6000.0):
        bands = log_mel(np.sin(2 * np.pi * hertz * time))
        assert bands.shape == (100, 120)
        assert bands.max() == 1.0
        centre = (filters[bands[50].argmax()] * np.fft.rfftfreq(321, 1 / 16000)).sum() / filters[
            bands[50].argmax()
        ].sum()
        assert centre == pytest.approx(hertz, rel=0.06)
    half = np.sin(2 * np.pi * 1000 * time) * (time < 0.5)
    assert log_mel(half)[90].max() == -1.0  # (-80 + 40) / 40


def test_what_cannot_be_judged(models: tuple[Path, Path], tmp_path: Path) -> None:
    predictor = load(*models)
    with pytest.raises(MetricError, match="all zero"):
        predict(predictor, np.zeros(16000))
    with pytest.raises(MetricError, match="NaN"):
        predict(predictor, np.array([0.1, np.nan]))
    with pytest.raises(ModelUsageError, match="which are not downloaded"):
        load(None, None)
    with pytest.raises(ModelUsageError, match="not a file"):
        load(tmp_path / "missing.onnx", None)
    with pytest.raises(EvaluationError, match="may have been exchanged"):
        load(models[1], models[0])
    (tmp_path / "text.onnx").write_text("no model")
    with pytest.raises(EvaluationError, match="is no ONNX model"):
        load(tmp_path / "text.onnx", None)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no wav or flac"):
        score_folder(predictor, tmp_path / "empty")


def test_a_folder_is_scored(litdb: Litdb, models: tuple[Path, Path], toy_run: Path, home: Path) -> None:
    put(home / "blind" / "a.wav", speech(1.0))
    put(home / "blind" / "b.wav", speech(1.2) + noise(1.2), 48000)
    words = ["model", "dnsmos", "blind", "--p835", str(models[0]), "--p808", str(models[1])]
    said = litdb(*words, "--csv", "s.csv")
    assert said.code == 0, said.err
    assert "2 of 2 files of blind" in said.out
    assert f"2 files are shorter than {SECONDS} s" in said.out
    assert said.out.count("sha256") == 2
    with (home / "s.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["id", *NAMES, "error"]
    assert [row["id"] for row in rows] == ["a", "b"]
    assert float(rows[0]["DNSMOS-OVRL"]) != float(rows[1]["DNSMOS-OVRL"])
    through = litdb(*words, "--checkpoint", str(toy_run / "checkpoint_last.pt"), "--json").json
    assert through["means"]["DNSMOS-P808"] != pytest.approx(
        np.mean([float(row["DNSMOS-P808"]) for row in rows])
    )
    put(home / "blind" / "c.wav", speech(1.0), 8000)
    put(home / "blind" / "d.wav", np.zeros(16000))
    partly = litdb(*words)
    assert partly.code == 1
    assert "2 of 4 files could not be scored" in partly.err
    assert "not scored: c: the file has 8000 Hz" in partly.out
