"""The networks against figures measured with the group's earlier code (float64, nine networks)."""

import json
import math
import zlib
from pathlib import Path

import pytest
import torch

from model.checkpoint import load_checkpoint
from model.networks import build, variant
from model.networks.names import from_stored, mismatches, to_stored

ENTRIES = {
    "M1": "M1",
    "M2": "M2",
    "M3": "M3",
    "M4": "M4",
    "M4-multiplicative": "M4-multiplicative",
    "M4-direct": "M4-direct",
    "M4-six-layers": "M4-six-layers",
    "plain+MRHA3": "mrha3-only",
    "BSRNN": "bsrnn",
}
SLOPES = ("prelu", "input.1", "output.0", "input_proj.1", "output_proj.0")


@pytest.fixture(scope="module")
def parity(real_data: Path) -> dict:
    path = real_data.parent / "model" / "parity.json"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return json.loads(path.read_text())


def filled(name: str, shape: list[int]) -> torch.Tensor:
    """The value that parity.json's networks had in the parameter stored as `name`."""
    k = torch.arange(math.prod(shape), dtype=torch.float64)
    phase = zlib.crc32(b"open" + name.encode()) % 1000 / 1000
    base = torch.sin(0.37 * k + 2 * math.pi * phase).reshape(shape)
    if len(shape) >= 2:
        return base / math.sqrt(math.prod(shape[1:]))
    if len(shape) == 1 and name.endswith("weight"):
        return 0.25 + 0.05 * base if any(slope in name for slope in SLOPES) else 1 + 0.1 * base
    leaf = name.rpartition(".")[2]
    if leaf in ("cos_temperature", "pe_scale"):
        return torch.full(shape, 0.1, dtype=torch.float64)
    if leaf in ("k1", "k2"):
        return 1 + 0.1 * base
    if leaf == "band_weights":
        return torch.tensor([0.5, 1.0, 0.3], dtype=torch.float64) + 0.1 * base
    return 0.1 * base


def spectrum() -> torch.Tensor:
    f = torch.arange(257, dtype=torch.float64)[:, None]
    t = torch.arange(63, dtype=torch.float64)
    real = torch.sin(0.11 * f + 0.07 * t) * torch.exp(-f / 120)
    imag = torch.cos(0.065 * f + 0.13 * t) * torch.exp(-f / 150)
    return torch.complex(real, imag)[None]


def test_every_entry_is_tested(parity):
    assert set(parity) == set(ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES)
def test_output_and_bottleneck(parity, entry):
    expected = parity[entry]
    network = build(variant(ENTRIES[entry])).double().eval()
    stored = {name: filled(name, shape) for name, shape in expected["names"]}
    assert mismatches(network, stored) == []
    with torch.no_grad():
        from_stored(network, stored)
    assert sum(p.numel() for p in network.parameters()) == expected["params"]
    seen = []
    if "bottleneck" in expected:
        network.bottleneck.register_forward_hook(lambda module, args, out: seen.append((args[0][0], out[0])))
    with torch.no_grad():
        out = network(spectrum())[0]
    assert out.abs().mean().item() == pytest.approx(expected["mean_abs"], rel=1e-9)
    for f, t, real, imag in expected["samples"]:
        value = complex(real, imag)
        assert abs(out[f, t].item() - value) <= 1e-9 * abs(value), (f, t)
    if "bottleneck" not in expected:
        return
    before, after = seen[0]
    assert before.abs().mean().item() == pytest.approx(expected["bottleneck"]["in_mean_abs"], rel=1e-9)
    assert after.abs().mean().item() == pytest.approx(expected["bottleneck"]["out_mean_abs"], rel=1e-9)
    for c, t, f, value_in, value_out in expected["bottleneck"]["samples"]:
        assert before[c, t, f].item() == pytest.approx(value_in, rel=1e-9, abs=0)
        assert after[c, t, f].item() == pytest.approx(value_out, rel=1e-9, abs=0)


@pytest.mark.parametrize("entry", ["M1", "M3", "M4", "M4-direct", "M4-six-layers", "plain+MRHA3", "BSRNN"])
def test_a_file_under_the_existing_names_loads_and_gives_the_same_output(parity, entry, tmp_path):
    stored = {name: filled(name, shape).float() for name, shape in parity[entry]["names"]}
    torch.save(
        {"model_state_dict": stored, "epoch": 12, "pesq_score": 3.1, "config": {"lr": 0.001}},
        tmp_path / "a.pth",
    )
    network, meta = load_checkpoint(tmp_path / "a.pth")
    assert (meta.config_source, meta.epoch, meta.pesq_score) == ("inferred", 12, 3.1)
    assert meta.config == variant(ENTRIES[entry])
    assert list(to_stored(network))
    assert all(torch.equal(tensor, stored[n]) for n, tensor in to_stored(network).items())
    with torch.no_grad():
        out = network(spectrum().to(torch.complex64))[0]
    for f, t, real, imag in parity[entry]["samples"]:
        assert abs(out[f, t].item() - complex(real, imag)) < 1e-4
