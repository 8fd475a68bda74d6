"""What one part does, by time, noise, band and SNR, and in figures; and which metric a gain is read beside."""

from pathlib import Path

import numpy as np
import pytest

from model.data import Pair
from model.data.noises import noise_types
from model.evaluation.systems import System
from model.evaluation.targets import Targets, targets, targets_of
from model.figures.parts import draw_change, draw_knock_outs
from model.figures.style import publication
from model.inspection.effects import calibration, knock_outs
from model.inspection.maps import change_map, level_by_frequency
from model.metrics.by_time import TIMES, ssnr_by_time
from tests.cli.conftest import Litdb
from tests.cli.conftest import home as home
from tests.cli.conftest import litdb as litdb
from tests.model.signals import RATE, noise, speech


def test_ssnr_by_time_sees_when_noise_sets_in() -> None:
    clean = speech(1.4, seed=3)
    late = clean.copy()
    late[RATE:] += noise(0.4, level=0.2)[: len(late) - RATE]
    early, middle, after, *none, loud, pauses = ssnr_by_time(
        clean.astype(np.float32), late.astype(np.float32)
    )
    assert early == 35  # nothing is wrong there
    assert middle > 30  # the last frame reaches into the noise
    assert after < 5
    assert none == [None, None]
    assert loud > pauses
    assert len(TIMES) == 7
    assert ssnr_by_time(np.zeros(100, np.float32), np.zeros(100, np.float32)) == (None,) * 7


def test_noises_are_read_from_manifests_and_logs(tmp_path: Path) -> None:
    (tmp_path / "logfiles").mkdir()
    (tmp_path / "logfiles" / "log_testset.txt").write_text(
        "p232_001 bus 17.5\np232_002 cafe 2.5\na line of another kind\n"
    )
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / "manifest.tsv").write_text("id\tspeech\tnoise\nx_1\tx.wav\tstreet.wav\n")
    assert noise_types(tmp_path) == {"p232_001": "bus", "p232_002": "cafe", "x_1": "street"}
    assert noise_types(tmp_path / "logfiles") == {"p232_001": "bus", "p232_002": "cafe"}
    assert noise_types(tmp_path / "nowhere") == {}


def test_a_gains_targets_are_said(toy_run: Path, tmp_path: Path) -> None:
    with_discriminator, without = {"weight_adversarial": 0.3}, {"weight_adversarial": 0}
    assert targets(with_discriminator, "best-composite").sentence() == (
        "trained on PESQ (by the metric discriminator) and selected on PESQ and STOI: read its PESQ beside SI-SDR, on which "
        "it was neither trained nor selected"
    )
    assert "selected on PESQ: read" in targets(without, "best-pesq").sentence()
    assert targets(without, "last").sentence() == ""
    assert targets(without, "best-stoi").sentence() == ""
    assert "not known" in Targets(None, None).sentence()
    assert targets_of(System("noisy", "noisy")).sentence() == ""
    assert "not known" in targets_of(System("theirs", "enhanced", tmp_path)).sentence()
    assert targets_of(System("last", "checkpoint", toy_run / "checkpoint_last.pt")) == Targets((), ())


def test_the_map_of_a_change_lies_where_the_part_works(checkpoint: Path, pairs: list[Pair]) -> None:
    """The code of the high band of the first gate acts on what it is given from 3400 Hz up."""
    files = calibration(pairs)
    found = change_map(checkpoint, "fac.1.code.high", pairs[0], files)
    assert found.level.shape[0] == 257
    assert found.seconds == pytest.approx(found.level.shape[1] * 128 / RATE, abs=0.01)
    profile = level_by_frequency([found])
    assert profile[140:].mean() > profile[:60].mean() + 3
    constant = change_map(checkpoint, "row.gate", pairs[0], files)  # one that needs means
    assert constant.change.max() > 0


def test_figures_of_knock_outs(checkpoint: Path, pairs: list[Pair]) -> None:
    found = knock_outs(checkpoint, pairs[:3], select=["row.gate", "skip.1"])
    maps = [change_map(checkpoint, "row", pair, ()) for pair in pairs[:2]]
    with publication():
        ranking, change = draw_knock_outs(found, 1), draw_change(maps, "row", 1)
    names = [label.get_text() for label in ranking.axes[0].get_yticklabels()]
    assert sorted(names) == ["row.gate, const.", "skip.1", "skip.1, const."]
    drawn = [line for line in ranking.axes[1].get_lines() if len(line.get_xdata()) == 1]
    assert [line.get_xdata()[0] for line in drawn] == [
        effect.output_db.mean for effect in found.effects[::-1]
    ]
    assert change.axes[0].get_title(loc="left").endswith("without row")


def test_inspect_with_data(litdb: Litdb, short: Path, checkpoint: Path, home: Path) -> None:
    words = [
        "model",
        "inspect",
        str(checkpoint),
        "--data",
        str(short),
        "--validation",
        "p1_*,p2_*,p3_*",
        "--workers",
        "1",
    ]
    said = litdb(
        *words, "--files", "3", "--parts", "row.gate,fac.5.scale", "--confirm", "2", "--figures", "f"
    )
    assert said.code in (0, 1), said.err
    assert "verdict" in said.out
    assert "it is no ablation" in said.out
    assert "3 of the 6 validation files of train" in said.out
    assert "training files unknown: it may have been trained on these" in said.out
    assert "read PESQ beside SI-SDR" in said.out
    assert "Initial values: " in said.out
    assert (home / "f" / "knock_outs.png").exists()
    found = litdb(*words, "--files", "3", "--parts", "row.gate", "--json").json
    assert [effect["part"] for effect in found["knock_outs"]["effects"]] == ["row.gate"]
    assert len(found["knock_outs"]["effects"][0]["output_db"]) == 7
    refused = litdb(*words, "--files", "3", "--parts", "row.gates")
    assert (refused.code, "no part 'row.gates'" in refused.err) == (2, True)
    few = litdb(*words, "--files", "20")
    assert (few.code, "20 files are needed, and there are 6" in few.err) == (2, True)
    assert litdb("model", "inspect", str(checkpoint), "--confirm", "3").code == 2
    alone = litdb("model", "inspect", str(checkpoint))
    assert "Which parts are used was not measured" in alone.out


def test_where_without_a_part(litdb: Litdb, short: Path, checkpoint: Path, home: Path) -> None:
    (short / "log_train.txt").write_text("p1_000 white 10\np1_001 white 10\np2_002 pink 10\n")
    try:
        words = [
            "model",
            "where",
            str(checkpoint),
            "--without",
            "fac.1",
            "--data",
            str(short),
            "--workers",
            "1",
        ]
        held = ["--validation", "p1_*,p2_*"]
        said = litdb(*words, *held, "--figures", "f")
        assert said.code == 0, said.err
        assert "whole minus whole without fac.1 on" in said.out
        assert "  white            PESQ " in said.out
        assert "0..0.5 s         SSNR " in said.out
        assert "pauses           SSNR " in said.out
        assert (home / "f" / "without_fac.1.png").exists()
    finally:
        (short / "log_train.txt").unlink()
    for wrong in ([str(checkpoint)], ["-g", "x=a,b"]):
        refused = litdb(*words, *held, *wrong)
        assert (refused.code, "--without takes one checkpoint A" in refused.err) == (2, True)
    assert litdb("model", "where", "noisy", "--without", "fac.1", "--data", str(short), *held).code == 2
    lone = litdb("model", "where", "noisy", str(checkpoint), "--data", str(short), "--figures", "f")
    assert (lone.code, "--figures goes with --without" in lone.err) == (2, True)
