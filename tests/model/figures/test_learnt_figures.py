"""Codes, gates and attention: where bins lie in Hz, what acts in them, and what a window lets through."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from model.checkpoint import save_checkpoint
from model.figures import attention, gates
from model.figures.style import publication
from model.inspection.learnt import inspect_checkpoint
from model.inspection.parts import hertz_of_bins
from model.networks import build, variant
from tests.model.inspection.test_learnt import tone_in_noise


@pytest.mark.parametrize("layers", [1, 3, 5])
def test_a_bin_lies_in_the_middle_of_what_it_is_made_from(layers: int) -> None:
    """Found with an input of one bin at a time, through convolutions shaped as the encoder's."""
    reached = torch.eye(257)[:, None]  # one bin at a time
    for _ in range(layers):
        reached = F.conv1d(reached, torch.ones(1, 1, 5), stride=2, padding=1)
    made = reached[:, 0].numpy() > 0  # [257, bins]
    place = made.shape[1] // 2  # one that the edges do not cut
    middle = np.flatnonzero(made[:, place]).mean()
    assert hertz_of_bins(layers, made.shape[1])[place] == pytest.approx(middle * 31.25)


def test_codes_are_those_that_act(tmp_path: Path) -> None:
    network = build(variant("M4"))
    with torch.no_grad():
        network.encoder[1].gate.code.mid.fill_(0.5)
        network.encoder[1].gate.code.weights.copy_(torch.tensor([0.0, 0.0, 0.0]))
    save_checkpoint(tmp_path / "c.pt", network)
    found = inspect_checkpoint(tmp_path / "c.pt")
    second = found.gates[1]
    assert len(second.used) == len(second.hertz) == 128
    inside = [value for value, hertz in zip(second.used, second.hertz, strict=True) if 320 < hertz < 3300]
    assert inside == pytest.approx([0.5] * len(inside))
    assert found.gates[0].used == pytest.approx(found.gates[0].at_first)
    assert second.used != pytest.approx(second.at_first)
    for columns in (1, 2):
        with publication():
            figure = gates.draw_codes(found, columns)
        drawn = figure.axes[2].get_lines()
        assert any(
            np.allclose(line.get_ydata(), second.used) for line in drawn if len(line.get_xdata()) == 128
        )
        edges = {line.get_xdata()[0] for line in drawn if len(line.get_xdata()) == 2}
        assert {300, 3400} <= edges


def test_gates_by_band_say_where_a_gate_works(tmp_path: Path) -> None:
    """A code that is zero but in the high band changes nothing below 3400 Hz; a shut gate is not open anywhere."""
    network = build(variant("M4"))
    with torch.no_grad():
        network.encoder[0].gate.code.low.zero_()
        network.encoder[0].gate.code.mid.zero_()
        network.encoder[2].gate.gate.weight.zero_()
        network.encoder[2].gate.gate.bias.fill_(-20)
    save_checkpoint(tmp_path / "c.pt", network)
    found = inspect_checkpoint(tmp_path / "c.pt", tone_in_noise())
    first, third, fifth = (found.gates[place].opening for place in (0, 2, 4))
    assert first.change_by_band[:2] == (0, 0)
    assert first.change_by_band[2] > 0.01
    assert max(third.gate_by_band) < 1e-6
    assert fifth.gate_by_band[0] is None
    assert fifth.change_by_band[0] is None
    row = found.paths[0]
    shares = np.array([branch.share_by_bin for branch in row.branches])
    assert shares.sum(axis=0) == pytest.approx(np.ones(7), abs=1e-5)
    with publication():
        figure = gates.draw_gates(found, 1)
    assert len(figure.axes[0].patches) == 14  # five layers, three bands, and no low band in the fifth


def test_attention_has_seconds_and_hertz(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "c.pt", build(variant("M4")))
    found = inspect_checkpoint(tmp_path / "c.pt", tone_in_noise())
    row, column = found.paths
    cross, dot = row.branches[:2]
    assert dot.extent == pytest.approx(
        (468.75, 7468.75, 468.75, 7468.75)
    )  # seven bins from 969 Hz, 1000 Hz apart
    assert cross.extent[:2] == pytest.approx((-31.25, 7968.75))  # four keys, 2000 Hz apart
    frames = 94
    assert column.branches[1].extent[3] == pytest.approx((frames - 0.5) * 0.008)
    assert (cross.keys, dot.keys, column.branches[1].keys) == (4, 7, frames)
    for path in found.paths:
        for values in attention.relative(path):
            assert values.mean(axis=1) == pytest.approx(np.ones(len(values)), abs=0.01)
    with publication():
        figure = attention.draw(found, 1)
    labels = [axes.get_xlabel() for axes in figure.axes]
    assert labels.count("To (kHz)") == 3
    assert labels.count("To (s)") == 3
    assert [axes.get_ylabel() for axes in figure.axes].count("× even") == 2  # a colour bar a path


def test_a_window_shows_nothing_beyond_itself(tmp_path: Path) -> None:
    """Before, the map of M4-window showed attention to frames that the network does not see."""
    network = build(variant("M4-window"))
    save_checkpoint(tmp_path / "c.pt", network)
    found = inspect_checkpoint(tmp_path / "c.pt", tone_in_noise())
    dot = np.array(found.paths[1].branches[1].map)
    rows, columns = np.indices(dot.shape)
    assert dot[columns > rows + 1].max() == 0  # nothing of the future
    assert dot[columns <= rows].min() > 0
