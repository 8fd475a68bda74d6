"""Frame by frame and piece by piece, against the whole signal at once."""

import json

import pytest
import torch

from model.checkpoint import save_checkpoint
from model.errors import DataError, ModelUsageError
from model.networks import Network, build, variant
from model.stft import enhance
from model.streaming import AudioStream, Step
from model.streaming import export as streaming_export
from model.streaming.export import ExportError, export_streaming
from tests.model.signals import write_identity


def causal(**values) -> Network:
    """A causal network whose weights are far from their initial values."""
    network = build(variant("M4-causal", **{"window": 6, **values})).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter) * parameter.std(correction=0).clamp(min=0.1))
    return network


def stepped(network: Network, parts: torch.Tensor) -> torch.Tensor:
    step, state, frames = Step(network), {}, []
    with torch.inference_mode():
        for frame in parts.split(1, dim=2):
            out, state = step(frame, state)
            frames.append(out)
    return torch.cat(frames, dim=2)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"num_layer": 6},
        {"gate": "multiplicative", "exact_fit": True},
        {"gate": "direct"},
        {"gate": "none"},
        {"branches": ("dot",)},
        {"branches": ("dot", "cos")},
    ],
    ids=lambda values: ",".join(values) or "M4-causal",
)
def test_frame_by_frame_is_the_whole_signal(values):
    network = causal(**values).double()
    parts = torch.randn(2, 257, 17, 2, dtype=torch.float64)
    with torch.inference_mode():
        expected = network.real(parts)
    assert (stepped(network, parts) - expected).abs().max() < 1e-11 * expected.abs().max()


def test_single_precision_and_more_frames_than_a_window():
    network = causal(window=128)
    parts = torch.randn(1, 257, 160, 2)
    with torch.inference_mode():
        expected = network.real(parts)
    assert (stepped(network, parts) - expected).abs().max() < 1e-5


def test_the_state_does_not_grow_and_the_network_is_left_as_it_was():
    network = causal()
    step, frame = Step(network), torch.randn(1, 257, 1, 2)
    _, first = step(frame, {})
    state = first
    for _ in range(9):
        _, state = step(frame, state)
    assert {name: tensor.shape for name, tensor in state.items()} == {
        name: tensor.shape for name, tensor in first.items()
    }
    assert state["seen"].item() == 10
    assert all(parameter.requires_grad for parameter in network.parameters())


@pytest.mark.parametrize("length", [130, 640, 641, 5000])
def test_audio_in_pieces_is_the_whole_audio(length):
    network, wave = causal(), 0.1 * torch.randn(length)
    expected = enhance(network, wave[None])[0]
    stream, pieces, given = AudioStream(network), [], 0
    for piece in wave.split([1, 126, 3, *[257] * ((length - 130) // 257), (length - 130) % 257]):
        pieces.append(stream.push(piece))
        given += len(piece)
        assert sum(map(len, pieces)) >= given - 512  # the latency
    pieces.append(stream.finish())
    found = torch.cat(pieces)
    assert found.shape == expected.shape
    assert (found - expected).abs().max() < 1e-5 * expected.abs().max()


def test_what_cannot_stream_is_refused():
    for name in ("M4", "M4-cumulative", "M4-window", "bsrnn"):
        with pytest.raises(ModelUsageError, match="not causal"):
            Step(build(variant(name)))
    stream = AudioStream(causal())
    assert len(stream.push(torch.zeros(128))) == 0
    with pytest.raises(DataError, match="128 samples"):
        stream.finish()


def test_onnx_with_states_is_the_network(tmp_path, capfd):
    save_checkpoint(tmp_path / "c.pt", causal())
    report = export_streaming(tmp_path / "c.pt", tmp_path / "out" / "n.onnx")
    assert capfd.readouterr().err == ""  # onnxruntime tells of every constant that it cannot fold
    assert report.max_difference < 1e-5
    assert report.states["seen"] == (1,)
    assert report.states["column_full"] == (1, 4, 7, 6, 64)
    json.dumps(report.to_json())


def test_an_onnx_file_that_differs_is_not_kept(tmp_path, monkeypatch):
    def write(module, out, example, inputs, outputs):
        write_identity(out)

    save_checkpoint(tmp_path / "c.pt", causal())
    monkeypatch.setattr(streaming_export, "write_onnx", write)
    monkeypatch.setattr(streaming_export, "_difference", lambda network, flat, session: float("nan"))
    with pytest.raises(ExportError, match="not kept"):
        export_streaming(tmp_path / "c.pt", tmp_path / "n.onnx")
    assert not (tmp_path / "n.onnx").exists()
