"""Cumulative norms and windows of attention, each against its definition written out."""

import pytest
import torch

from model.networks import build, variant
from model.networks.norm import CumulativeNorm, cumulative_mean
from model.networks.windows import attend_within


def test_a_cumulative_norm_is_the_norm_of_the_past_at_every_frame():
    norm = CumulativeNorm(3).double()
    x = torch.randn(2, 3, 9, 5, dtype=torch.float64) + 4
    with torch.no_grad():
        norm.weight.normal_()
        norm.bias.normal_()
        found = norm(x)
        for t in range(9):
            past = x[:, :, : t + 1]
            expected = torch.nn.functional.instance_norm(past, weight=norm.weight, bias=norm.bias)
            assert torch.allclose(found[:, :, t], expected[:, :, t], rtol=0, atol=1e-12)


def test_a_cumulative_norm_is_exact_when_means_are_large():
    norm = CumulativeNorm(4)
    x = torch.randn(1, 4, 400, 16) * 0.5 + 30
    with torch.no_grad():
        expected = norm.double()(x.double())
        assert (norm.float()(x) - expected).abs().max() < 1e-4


def test_a_cumulative_mean_is_the_mean_of_the_past():
    x = torch.randn(2, 3, 6, 5, dtype=torch.float64)
    expected = torch.stack([x[:, :, : t + 1].mean(dim=(2, 3)) for t in range(6)], dim=1)
    assert torch.allclose(cumulative_mean(x), expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("every", [1, 2])
@pytest.mark.parametrize("length", [1, 3, 4, 5, 12, 17])
def test_attention_in_blocks_is_masked_attention(length, every):
    window, keys = 4, -(-length // every)
    q = torch.randn(2, 3, length, 8, dtype=torch.float64)
    k, v = (torch.randn(2, 3, keys, 8, dtype=torch.float64) for _ in range(2))
    found = attend_within(q, k, v, 0.3, window, every)
    for t in range(length):
        heard = [j for j in range(keys) if t - window < every * j <= t]
        shares = (0.3 * q[:, :, t : t + 1] @ k[:, :, heard].transpose(2, 3)).softmax(dim=3)
        assert torch.allclose(found[:, :, t : t + 1], shares @ v[:, :, heard], rtol=0, atol=1e-13)


@pytest.mark.parametrize(
    "values", [{}, {"num_layer": 6}, {"gate": "multiplicative"}, {"gate": "direct"}, {"gate": "none"}]
)
def test_no_frame_depends_on_later_ones(values):
    network = build(variant("M4-causal", window=4, **values)).eval()
    spec = torch.randn(1, 257, 14, dtype=torch.complex64)
    later, earlier = spec.clone(), spec.clone()
    later[:, :, 9:] += 1
    earlier[:, :, 8] += 1
    with torch.no_grad():
        out, changed, moved = network(spec), network(later), network(earlier)
    assert (out[:, :, :9] - changed[:, :, :9]).abs().max() < 1e-6 * out.abs().max()
    assert (out[:, :, 13] - changed[:, :, 13]).abs().max() > 1e-3 * out.abs().max()
    assert (out[:, :, 13] - moved[:, :, 13]).abs().max() > 1e-3 * out.abs().max()


@pytest.mark.parametrize("name", ["M4-cumulative", "M4-window"])
def test_each_change_alone_leaves_the_network_not_causal(name):
    network = build(variant(name)).eval()
    spec = torch.randn(1, 257, 12, dtype=torch.complex64)
    later = spec.clone()
    later[:, :, 9:] += 1
    with torch.no_grad():
        assert (network(spec) - network(later))[:, :, 2:8].abs().max() > 1e-6
    assert not network.config.causal


def test_the_bottleneck_hears_nothing_beyond_its_window():
    """Fed to the column path alone, as norms hear everything that came before."""
    column = build(variant("M4-causal", window=4)).eval().bottleneck.column
    x = torch.randn(1, 20, 7, 64)
    other = x.clone()
    other[:, 5] += 1
    with torch.no_grad():
        moved = (column(x) - column(other)).abs().amax(dim=(0, 2, 3))
    assert (moved > 0).nonzero()[:, 0].tolist() == [
        5,
        6,
        7,
        8,
        9,
    ]  # half of 6 and 8 is made of frames from 4 on


def test_a_causal_network_trains():
    network = build(variant("M4-causal", window=4))
    network(torch.randn(2, 257, 10, dtype=torch.complex64)).abs().mean().backward()
    without = [
        name for name, p in network.named_parameters() if p.grad is None or not p.grad.isfinite().all()
    ]
    assert without == ["encoder.4.gate.code.low"]
