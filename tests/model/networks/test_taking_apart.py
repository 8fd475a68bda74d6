"""Description, cost and export."""

import json
import os

import onnxruntime
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.model_reference import reference
from model import export, processor
from model.checkpoint import save_checkpoint
from model.cost import count_macs, measure_cost
from model.describe import describe
from model.export import ExportError, export_onnx
from model.networks import VARIANTS, BSRNNConfig, build, variant
from tests.model.signals import write_identity


def checkpoint_of(network, tmp_path):
    save_checkpoint(tmp_path / "c.pt", network)
    return tmp_path / "c.pt"


@pytest.mark.parametrize("name", VARIANTS)
def test_descriptions_account_for_every_parameter(name):
    found = describe(VARIANTS[name])
    assert sum(stage.parameters for stage in found.stages) == found.parameters
    assert found.frames == 126
    assert found.causal == (name == "M4-causal")
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
    assert (found.real_time_factor is not None) == found.quiet
    assert (found.parameters, found.macs_per_second) == (
        459_867,
        round(count_macs(build(variant("M4")), 501) / 4),
    )
    assert round(found.macs_per_second / 1e9, 3) == 0.674  # as counted on the group's own code
    assert 0 < found.processor_time_factor < 100
    assert found.processor not in ("", "x86_64")
    assert found.threads == torch.get_num_threads()
    assert found.peak_memory_bytes is None or 1e6 < found.peak_memory_bytes < 1e9
    json.dumps(found.to_json())


@pytest.mark.parametrize(
    ("looks", "during", "quiet"), [([0.1], 0.1, True), ([1.5], 0.1, False), ([0.1], 0.9, False)]
)
def test_a_busy_machine_gives_processor_time_alone(looks, during, quiet, monkeypatch):
    """`looks`: cores others keep busy before; `during`: while it is measured."""
    busy = iter([*looks, during])
    monkeypatch.setattr(processor, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(processor.Span, "busy_elsewhere", lambda span: next(busy))
    found = measure_cost(BSRNNConfig(num_channel=4, num_layer=1, bands=(57, 200)), seconds=0.5, repeats=1)
    assert (found.quiet, found.busy_elsewhere) == (quiet, during)
    assert (found.real_time_factor is None) == (not quiet)
    assert found.processor_time_factor > 0


def test_waiting_ends_when_the_machine_is_quiet_or_time_is_up(monkeypatch):
    busy = iter([2.0, 2.0, 0.0, 2.0])
    monkeypatch.setattr(processor, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(processor.Span, "busy_elsewhere", lambda span: next(busy))
    assert processor.wait_for_quiet(60)
    assert not processor.wait_for_quiet(0)


def test_a_process_does_not_count_itself_as_others():
    span = processor.Span.begin()
    while span.processor_seconds() < 0.3:
        pass
    assert span.busy_elsewhere() <= os.cpu_count() - 0.9 * span.processor_seconds() / span.wall_seconds()


@pytest.mark.parametrize(
    "config",
    [variant("M1"), variant("M4"), BSRNNConfig(num_channel=8, num_layer=1, bands=(100, 157))],
    ids=["M1", "M4", "bsrnn"],
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
