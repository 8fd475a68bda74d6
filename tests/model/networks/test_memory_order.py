"""What is done for speed only: memory that is used again, the order of values in memory, positions apart or together."""

import pytest
import torch

from benchmarks.model_reference import REFERENCES, reference
from model.networks import VARIANTS, build, variant
from model.networks.names import from_stored
from model.networks.unet import DecoderLayer
from model.stft import istft, stft


@pytest.mark.parametrize("name", VARIANTS)
def test_same_output_with_and_without_gradients(name):
    network = build(variant(name)).eval()
    spec = torch.randn(2, 257, 19, dtype=torch.complex64)
    given = spec.clone()
    with_gradients = network(spec)
    with torch.inference_mode():
        without = network(spec)
    with torch.no_grad():
        again = network(spec)
    assert torch.equal(spec, given)
    assert torch.equal(without, again)
    assert (without - with_gradients).abs().max() < 1e-5 * with_gradients.abs().max()


@pytest.mark.parametrize("name", [*REFERENCES, "bsrnn"])
def test_equal_to_the_transcription_in_single_precision(name):
    yardstick, network = reference(name).eval(), build(variant(name)).eval()
    spec = torch.randn(1, 257, 130, dtype=torch.complex64)
    with torch.no_grad():
        from_stored(network, yardstick.state_dict())
        expected, found = yardstick(spec), network(spec)
    # Below 1e-5 for all but M4-direct, whose output is quadratic in every layer's input and reaches 20 here.
    assert (found - expected).abs().max() < 2e-6 * expected.abs().max()


def test_any_order_in_memory_gives_the_same_output():
    network = build(variant("M4")).eval()
    frames_apart = stft(torch.randn(1, 4000))
    assert not frames_apart.is_contiguous()
    with torch.inference_mode():
        a, b = network(frames_apart), network(frames_apart.contiguous())
    assert torch.equal(a, b)
    assert istft(a, 4000).shape == (1, 4000)


@pytest.mark.parametrize(("c_in", "c_out", "extra"), [(256, 64, 0), (128, 64, 1), (16, 8, 1), (16, 2, 0)])
def test_upsampling_is_the_transposed_convolution(c_in, c_out, extra):
    layer = DecoderLayer(c_in, c_out, extra, last=True).double()
    x = torch.randn(2, c_in, 6, 7, dtype=torch.float64, requires_grad=True)
    expected = torch.nn.functional.pad(layer.conv(x), (0, 0, 1, 0))
    found = layer.upsample(x)
    assert torch.allclose(found, expected, rtol=0, atol=1e-12)
    (of_expected,) = torch.autograd.grad(expected.square().sum(), x)
    (of_found,) = torch.autograd.grad(found.square().sum(), x)
    assert torch.allclose(of_found, of_expected, rtol=0, atol=1e-11)
