"""What training curves show: means and bands over seeds, losses that can be compared, where the discriminator starts."""

import json
from pathlib import Path

import pytest

from model.errors import EvaluationError, ModelUsageError
from model.figures import curves
from model.figures.sources import source_of
from model.figures.style import publication
from tests.model.figures.conftest import EPOCHS, make_run


def test_seeds_are_one_line_with_a_band(whole_run: Path, other_seed: Path) -> None:
    (found,) = curves.trainings([source_of(whole_run), source_of(other_seed)])
    assert (found.label, found.runs, found.seeds) == ("M4", ("m4-s1", "m4-s2"), (1, 2))
    validation = found.values["validation"]
    assert validation.epochs == tuple(range(1, EPOCHS + 1))
    assert validation.low == pytest.approx([0.9 / epoch for epoch in validation.epochs])
    assert validation.high == pytest.approx([0.9 / epoch + 0.2 for epoch in validation.epochs])
    assert validation.mean == pytest.approx([0.9 / epoch + 0.1 for epoch in validation.epochs])
    assert found.values["pesq"].low == found.values["pesq"].high
    assert found.discriminator == 4
    assert found.values["discriminator"].epochs == (4, 5, 6)
    said = curves.caption([found])
    assert "mean of 2 runs (seeds 1, 2)" in said
    assert "from epoch 4 on" in said


def test_the_training_loss_has_no_adversarial_part(whole_run: Path) -> None:
    """So that it can be held against the loss of the held-out utterances, which has none."""
    (found,) = curves.trainings([source_of(whole_run)])
    assert found.values["train"].mean == pytest.approx([1 / epoch for epoch in range(1, EPOCHS + 1)])
    assert "Star: the best checkpoint by composite (epoch 5)" in curves.caption([found])


def test_other_recipes_are_other_lines(whole_run: Path, heard: Path, tmp_path: Path) -> None:
    slower = make_run(tmp_path / "slower", heard, recipe=("rate=0.0005",))
    without = make_run(tmp_path / "m1", heard, model="M1", recipe=("weight_adversarial=0",))
    found = curves.trainings([source_of(path) for path in (whole_run, slower, without)])
    assert [training.label for training in found] == ["M4 (m4-s1)", "M4 (slower)", "M1"]
    assert [training.discriminator for training in found] == [4, 4, None]
    with publication():
        figure = curves.draw(found, 1)
    lines = {line.get_label() for line in figure.axes[-1].get_lines()}
    assert {training.label for training in found} <= lines


def test_where_the_discriminator_starts_is_a_line(whole_run: Path) -> None:
    (found,) = curves.trainings([source_of(whole_run)])
    with publication():
        figure = curves.draw([found], 1)
    for axes in figure.axes:
        assert any(list(line.get_xdata()) == [3.5, 3.5] for line in axes.get_lines())
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == [
        "(a) Loss", "(b) Adversarial losses", "(c) PESQ, validation", "(d) STOI, validation", "(e) Learning rate (10⁻³)",
    ]  # fmt: skip


def test_logs_as_kills_and_others_leave_them(copied: Path) -> None:
    """An epoch that was repeated counts once, as last written; what is no event or no number is left out."""
    again = {
        "event": "epoch",
        "epoch": 6,
        "learning_rate": True,
        "train": None,
        "validation": {"loss": 7.0, "pesq": "2"},
    }
    with (copied / "log.jsonl").open("a") as log:
        log.write(
            json.dumps(again)
            + '\n[1, 2]\n"text"\n{"epoch": 9}\n{"event": "epoch", "epoch": [1]}\n{"event": "ep'
        )
    (found,) = curves.trainings([source_of(copied)])
    assert found.values["validation"].mean[-1] == 7.0
    for name in ("rate", "pesq", "train"):
        assert found.values[name].epochs == (1, 2, 3, 4, 5)


def test_what_has_no_curves_says_why(whole_run: Path, copied: Path, tmp_path: Path) -> None:
    (copied / "log.jsonl").unlink()
    with pytest.raises(EvaluationError, match=r"no log\.jsonl"):
        curves.trainings([source_of(copied)])
    with pytest.raises(ModelUsageError, match="given twice"):
        curves.trainings([source_of(whole_run), source_of(whole_run / "checkpoint_best_composite.pt")])
    config = json.loads((copied / "config.json").read_text())
    (copied / "config.json").write_text(json.dumps(config | {"kind": "evaluation"}))
    with pytest.raises(EvaluationError, match="is no training"):
        curves.trainings([source_of(copied)])
