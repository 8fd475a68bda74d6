"""Inspection, description, cost and export."""

import json

import onnxruntime
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.model_reference import reference
from model import export
from model.checkpoint import save_checkpoint
from model.cost import count_macs, measure_cost
from model.describe import describe
from model.errors import ModelUsageError
from model.export import ExportError, export_onnx
from model.inspection.learnt import inspect_checkpoint, save_figures
from model.networks import VARIANTS, BSRNNConfig, build, variant
from tests.model.signals import write_identity


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


def test_unused_parts_are_named(tmp_path):
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
    assert "The gate of encoder layer 2 has no effect" in found
    assert "The gate of encoder layer 3 does not use its band 0-300 Hz" in found
    assert "The cross branch of the column path is not used" in found
    assert "The row path is not used" in found
    assert "temperature of the row path is at its lower end" in found
    silent = "\n".join(inspect_checkpoint(path).findings)
    assert "does not use its band 0-300 Hz" in silent
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


def test_figures_are_written(tmp_path):
    found = inspect_checkpoint(checkpoint_of(build(variant("M4")), tmp_path), tone_in_noise())
    written = save_figures(found, tmp_path / "figures")
    assert [path.name for path in written] == ["codes.png", "attention_row.png", "attention_column.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in written)
    with pytest.raises(ModelUsageError, match="one signal"):
        inspect_checkpoint(tmp_path / "c.pt", torch.zeros(2, 100))


@pytest.mark.parametrize("name", VARIANTS)
def test_descriptions_account_for_every_parameter(name):
    found = describe(VARIANTS[name])
    assert sum(stage.parameters for stage in found.stages) == found.parameters
    assert found.frames == 126
    assert not found.causal
    json.dumps(found.to_json())


def test_description_of_the_in_house_network():
    found = describe(variant("M4"))
    assert [stage.output_shape for stage in found.stages[:6]] == [
        (8, 126, 128),
        (16, 126, 63),
        (32, 126, 31),
        (64, 126, 15),
        (128, 126, 7),
        (128, 126, 7),
    ]
    assert found.stages[5].parameters == 118_349
    assert found.stages[1].receptive_field == "3 frames (this and 2 before) x 25 bins"
    notes = " ".join(found.notes)
    assert "no band-split RNN" in notes
    assert "bottleneck has 128 channels" in notes
    assert "num_channel 32 changes nothing" in " ".join(describe(variant("M4", num_channel=32)).notes)


def test_a_kernels_receptive_field_is_what_the_description_says():
    """Gradient of one value of encoder layer 2, norms and gates' scales left out by keeping them fixed."""
    network = build(variant("M1")).double()
    x = torch.randn(1, 2, 12, 257, dtype=torch.float64, requires_grad=True)
    network.encoder[1].conv(network.encoder[0].conv(x)[:, :, :-1])[0, 0, 6, 30].backward()
    seen = x.grad[0].abs().sum(0) > 0
    assert (seen.any(1).sum(), seen.any(0).sum()) == (3, 13)
    assert describe(variant("M1")).stages[1].receptive_field == "3 frames (this and 2 before) x 13 bins"


def test_macs_agree_with_torchs_counter():
    for name in ("M1", "M4", "M4-direct"):
        yardstick = reference(name).eval()
        if (
            name == "M1"
        ):  # the counter does not see into the fused attention of MultiheadAttention in evaluation mode
            yardstick.train()
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            yardstick(torch.randn(1, 257, 33, dtype=torch.complex64))
        assert count_macs(build(variant(name)), 33) == counter.get_total_flops() // 2, name


def test_macs_of_a_recurrent_network():
    config = BSRNNConfig(num_channel=4, num_layer=1, bands=(57, 200))
    positions = 2 * 10  # bands x frames
    expected = (
        10 * (2 * 57 * 4 + 2 * 200 * 4)  # band split
        + positions * (32 * 4 + 32 * 8 + 8 * 4)  # along time: input and state to 4 gates of 8, linear back
        + positions * (2 * (32 * 4 + 32 * 8) + 16 * 4)  # along bands, both directions
        + 10 * (2 * 4 * 16 + 16 * 12 * 257)  # mask
    )
    assert count_macs(build(config), 10) == expected


def test_cost_is_measured():
    found = measure_cost(variant("M4"), seconds=1.0, repeats=2)
    assert (found.parameters, found.macs_per_second) == (
        459_867,
        round(count_macs(build(variant("M4")), 501) / 4),
    )
    assert round(found.macs_per_second / 1e9, 3) == 0.674  # as counted on the group's own code
    assert 0 < found.real_time_factor < 100
    assert found.peak_memory_bytes is None or 1e6 < found.peak_memory_bytes < 1e9
    json.dumps(found.to_json())


@pytest.mark.parametrize(
    "config", [variant("M4"), BSRNNConfig(num_channel=8, num_layer=1, bands=(100, 157))], ids=["M4", "bsrnn"]
)
def test_onnx_gives_the_same_output_at_any_length(config, tmp_path):
    network = build(config).eval()
    report = export_onnx(checkpoint_of(network, tmp_path), tmp_path / "out" / "n.onnx")
    assert report.max_difference < 1e-4
    session = onnxruntime.InferenceSession(
        str(tmp_path / "out" / "n.onnx"), providers=["CPUExecutionProvider"]
    )
    spec = torch.randn(1, 257, 77, 2)
    (found,) = session.run(None, {"spectrum": spec.numpy()})
    with torch.no_grad():
        assert torch.allclose(torch.from_numpy(found), network.real(spec), atol=1e-4)
    json.dumps(report.to_json())


def test_an_onnx_file_that_differs_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "_write", lambda module, out: write_identity(out))
    path = checkpoint_of(build(BSRNNConfig(num_channel=4, num_layer=1, bands=(57, 200))), tmp_path)
    with pytest.raises(ExportError, match="not kept"):
        export_onnx(path, tmp_path / "n.onnx")
    assert not (tmp_path / "n.onnx").exists()
