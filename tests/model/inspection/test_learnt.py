"""What a checkpoint learnt: gates, codes, shares, maps."""

import json

import pytest
import torch

from model.checkpoint import save_checkpoint
from model.errors import ModelUsageError
from model.inspection.learnt import inspect_checkpoint
from model.networks import build, variant


def checkpoint_of(network, tmp_path):
    save_checkpoint(tmp_path / "c.pt", network)
    return tmp_path / "c.pt"


def tone_in_noise():
    time = torch.arange(12000) / 16000
    return torch.sin(2 * torch.pi * 700 * time) + 0.1 * torch.randn(12000)


def test_a_fresh_network_shows_its_initial_values(tmp_path):
    found = inspect_checkpoint(checkpoint_of(build(variant("M4")), tmp_path), tone_in_noise())
    assert [gate.band_bins for gate in found.gates] == [
        (9, 100, 148),
        (4, 50, 74),
        (2, 24, 37),
        (1, 12, 18),
        (0, 6, 9),
    ]
    expected = 3 * torch.tensor([0.5, 1.0, 0.3]).softmax(0)
    assert found.gates[0].weights == pytest.approx(expected.tolist())
    assert (found.code_scale, found.audio_seconds) == (pytest.approx(0.1), 0.75)
    assert [path.temperature for path in found.paths] == pytest.approx([0.1, 0.1])
    for path in found.paths:
        assert sum(branch.share.mean for branch in path.branches) == pytest.approx(1, abs=1e-5)
        for branch in path.branches:
            assert [sum(row) for row in branch.map] == pytest.approx(
                [sum(branch.map[0])] * len(branch.map), rel=0.3
            )
    row_dot = found.paths[0].branches[1].map
    assert len(row_dot) == 7
    assert [sum(row) for row in row_dot] == pytest.approx([1] * 7)  # attention from each bin to all
    assert len(found.paths[1].branches[1].map) == 64  # 94 frames, shrunk
    assert found.findings == (
        "The gate of encoder layer 5 has no bin in 0-300 Hz: that band's weight and code have no effect.",
    )
    json.dumps(found.to_json())
    assert len(found.table()) == 1 + 3 * 5 + 1 + 2 * 4


def test_what_stands_out_is_said(tmp_path):
    network = build(variant("M4"))
    with torch.no_grad():
        network.encoder[1].gate.gate.weight.zero_()
        network.encoder[1].gate.gate.bias.fill_(-9)
        network.encoder[2].gate.code.weights.copy_(torch.tensor([0.0, 9.0, 9.0]))
        network.bottleneck.column.gate.weight.zero_()
        network.bottleneck.column.gate.bias.copy_(torch.tensor([-9.0, 0.0, 0.0]))
        network.bottleneck.row_weight.fill_(1e-6)
        network.bottleneck.row.temperature.fill_(0.001)
    path = checkpoint_of(network, tmp_path)
    found = "\n".join(inspect_checkpoint(path, tone_in_noise()).findings)
    assert "The gate of encoder layer 2 is shut (open by 0.0% on average)." in found
    assert "The gate of encoder layer 2 changes its input by 0.0" in found
    assert "The gate of encoder layer 3 gives its band 0-300 Hz a weight of 0.000 of 3." in found
    assert "The cross branch of the column path is given a share of 0.0" in found
    assert "The row path adds 0.00% to its input only." in found
    assert "temperature of the row path is at its lower end" in found
    silent = "\n".join(inspect_checkpoint(path).findings)
    assert "gives its band 0-300 Hz a weight" in silent
    assert "Without audio" in silent
    assert "cross branch" not in silent


@pytest.mark.parametrize("name", ["M1", "axial-dot", "M4-direct", "bsrnn"])
def test_other_networks_can_be_inspected(name, tmp_path):
    found = inspect_checkpoint(checkpoint_of(build(variant(name)), tmp_path), tone_in_noise())
    json.dumps(found.to_json())
    assert bool(found.gates) == (name in ("axial-dot", "M4-direct"))
    assert [len(path.branches) for path in found.paths] == {"axial-dot": [1, 1], "M4-direct": [3, 3]}.get(
        name, []
    )
    if name in ("M1", "bsrnn"):
        assert "no" in found.findings[0]
    if name == "M4-direct":
        assert found.gates[0].codes == ()


def test_audio_is_one_signal(tmp_path):
    checkpoint_of(build(variant("M4")), tmp_path)
    with pytest.raises(ModelUsageError, match="one signal"):
        inspect_checkpoint(tmp_path / "c.pt", torch.zeros(2, 100))
