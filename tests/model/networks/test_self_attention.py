"""The standard bottleneck's attention: `nn.MultiheadAttention` in all but the memory it takes."""

import pytest
import torch

from model.cost import measure_memory
from model.networks import variant
from model.networks.attention import SelfAttention


def twins(dropout: float) -> tuple[torch.nn.MultiheadAttention, SelfAttention]:
    torch.manual_seed(3)
    torchs = torch.nn.MultiheadAttention(64, 8, dropout=dropout, batch_first=True)
    torch.manual_seed(3)
    return torchs, SelfAttention(64, 8, dropout)


def test_same_initial_values_under_the_same_names():
    torchs, own = twins(0.1)
    expected = torchs.state_dict()
    assert set(own.state_dict()) == set(expected)
    assert all(torch.equal(tensor, expected[name]) for name, tensor in own.state_dict().items())


@pytest.mark.parametrize("training", [False, True])
def test_same_output_and_gradients(training):
    torchs, own = (module.double().train(training) for module in twins(0.0))
    x = torch.randn(2, 23, 64, dtype=torch.float64, requires_grad=True)
    expected, found = torchs(x, x, x, need_weights=False)[0], own(x)
    assert torch.allclose(found, expected, rtol=0, atol=1e-13)
    of_expected, of_found = (torch.autograd.grad(out.square().sum(), x)[0] for out in (expected, found))
    assert torch.allclose(of_found, of_expected, rtol=0, atol=1e-12)


def test_shares_are_dropped_in_training_alone():
    _, own = twins(0.5)
    x = torch.randn(1, 23, 64)
    assert torch.equal(own.eval()(x), own(x))
    assert not torch.allclose(own.train()(x), own(x))


def test_no_matrix_of_all_positions():
    """6 s have 5,265 positions: a matrix for each of 8 heads would take 890 MB."""
    memory = measure_memory(variant("M1"), 6.0)
    assert memory is None or memory < 200e6
