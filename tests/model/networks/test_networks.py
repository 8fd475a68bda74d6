import pytest
import torch

from benchmarks.model_reference import REFERENCES, reference
from model.errors import ModelUsageError
from model.networks import (
    VARIANTS,
    BSRNNConfig,
    MetricDiscriminator,
    UNetConfig,
    build,
    config_from_json,
    variant,
)
from model.networks.names import from_stored, mismatches, stored_names, to_stored
from model.networks.norm import InstanceNorm
from model.networks.unet import one_bin_less

PARAMETERS = {
    "M1": 361_700,
    "M2": 374_864,
    "axial-dot": 383_571,
    "M3": 409_305,
    "M4": 459_867,
    "mrha3-only": 446_703,
    "M4-multiplicative": 459_867,
    "M4-direct": 453_016,
    "M4-six-layers": 1_826_207,
    "M4-cumulative": 459_867,
    "M4-window": 459_867,
    "M4-causal": 459_867,
    "M1-wide": 457_420,
    "M2-wide": 460_682,
    "M1-matched": 453_932,
    "bsrnn": 2_963_024,
}


def twins(name: str, **values):
    """The yardstick and the package's network with the same random weights, in float64 and evaluation mode."""
    yardstick = reference(name, values.get("num_layer", 5), values.get("exact_fit", False)).double().eval()
    with torch.no_grad():
        for parameter in yardstick.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter) * parameter.std(correction=0).clamp(min=0.1))
    network = build(variant(name, **values)).double().eval()
    assert mismatches(network, yardstick.state_dict()) == []
    with torch.no_grad():
        from_stored(network, yardstick.state_dict())
    return yardstick, network


def test_parameter_counts():
    assert {
        name: sum(p.numel() for p in build(config).parameters()) for name, config in VARIANTS.items()
    } == PARAMETERS
    assert sum(p.numel() for p in MetricDiscriminator().parameters()) == 181_650


@pytest.mark.parametrize(
    ("name", "values"),
    [
        *((name, {}) for name in REFERENCES),
        ("M4", {"exact_fit": True}),
        ("M4", {"num_layer": 6}),
        ("M1", {"num_layer": 6, "exact_fit": True}),
        ("bsrnn", {}),
    ],
)
def test_same_function_as_the_literal_transcription(name, values):
    yardstick, network = twins(name, **values)
    spec = torch.randn(2, 257, 21, dtype=torch.complex128)  # a batch, an odd number of frames
    with torch.no_grad():
        expected, found = yardstick(spec), network(spec)
    assert found.shape == spec.shape
    assert (found - expected).abs().max() < 1e-11 * expected.abs().max()


@pytest.mark.parametrize("name", ["M2", "M4", "M4-direct"])
def test_same_gradients_as_the_literal_transcription(name):
    yardstick, network = twins(name)
    spec = torch.randn(2, 257, 14, dtype=torch.complex128)
    for module in (yardstick, network):
        module(spec).abs().square().mean().backward()
    expected = {key: p.grad for key, p in yardstick.named_parameters() if p.grad is not None}
    for own, names in stored_names(network).items():
        gradient = network.get_parameter(own).grad
        if gradient is None:
            assert all(key not in expected for key in names)
            continue
        parts = gradient.chunk(len(names)) if len(names) > 1 else [gradient]
        for key, part in zip(names, parts, strict=True):
            assert torch.allclose(part.reshape(expected[key].shape), expected[key], rtol=1e-7, atol=1e-12), (
                key
            )


def test_the_low_band_code_without_bins_gets_no_gradient():
    network = build(variant("M4"))
    network(torch.randn(1, 257, 8, dtype=torch.complex64)).abs().mean().backward()
    without = [name for name, p in network.named_parameters() if p.grad is None]
    assert without == ["encoder.4.gate.code.low"]


def test_single_precision_stays_close_to_double():
    yardstick, network = twins("M4")
    spec = torch.randn(1, 257, 400, dtype=torch.complex128)
    with torch.no_grad():
        expected = yardstick(spec)
        found = network.float()(spec.to(torch.complex64))
    assert (found - expected).abs().max() < 1e-5 * expected.abs().max()


@pytest.mark.parametrize("channels_last", [False, True])
def test_norm_is_exact_when_means_are_large(channels_last):
    norm = InstanceNorm(8)
    x = torch.randn(2, 8, 300, 64) * torch.rand(8, 1, 1) + 30 * torch.randn(8, 1, 1)
    given = x.contiguous(memory_format=torch.channels_last) if channels_last else x
    with torch.no_grad():
        norm.weight.normal_()
        norm.bias.normal_()
        expected = torch.nn.functional.instance_norm(
            x.double(), weight=norm.weight.double(), bias=norm.bias.double()
        )
        assert (norm(given) - expected).abs().max() < 1e-4


def test_one_bin_less_is_bilinear_resampling():
    x = torch.randn(2, 3, 5, 32, dtype=torch.float64)
    expected = torch.nn.functional.interpolate(x, (5, 31), mode="bilinear", align_corners=False)
    assert torch.allclose(one_bin_less(x), expected, rtol=0, atol=1e-13)


def test_first_frame_is_zero_and_the_network_is_not_causal():
    network = build(variant("M4")).eval()
    spec = torch.randn(1, 257, 30, dtype=torch.complex64)
    later = spec.clone()
    later[:, :, 25:] += 1
    with torch.no_grad():
        out, changed = network(spec), network(later)
    assert out[:, :, 0].abs().max() == 0
    assert (out[:, :, 10] - changed[:, :, 10]).abs().max() > 0


def test_codes_made_in_inference_mode_serve_in_training():
    network = build(variant("M4"))
    spec = torch.randn(1, 257, 37, dtype=torch.complex64)
    with torch.inference_mode():
        network(spec)
    network(spec).abs().mean().backward()
    assert network.bottleneck.code_scale.grad is not None


@pytest.mark.parametrize("name", VARIANTS)
def test_configuration_survives_json(name):
    assert config_from_json(VARIANTS[name].to_json()) == VARIANTS[name]


@pytest.mark.parametrize(
    "values",
    [
        {"num_layer": 4},
        {"num_channel": 0},
        {"num_channel": 64.0},
        {"gate": "sum"},
        {"branches": ("cos", "dot")},
        {"branches": "dot"},
        {"exact_fit": 1},
        {"dropout": 1.0},
        {"norm": "batch"},
        {"window": 7},
        {"window": 8, "branches": ()},
        {"depth": 3},
    ],
)
def test_impossible_configurations_are_refused(values):
    with pytest.raises(ModelUsageError, match=next(iter(values))):
        UNetConfig().with_values(**values)


def test_other_wrong_uses_are_refused():
    with pytest.raises(ModelUsageError, match="no network 'M5'"):
        variant("M5")
    with pytest.raises(ModelUsageError, match="bands"):
        BSRNNConfig(bands=(100, 100))
    with pytest.raises(ModelUsageError, match="kind"):
        config_from_json({"num_channel": 64})


def test_ablation_names_and_overrides():
    assert variant("baseline") == VARIANTS["M1"]
    assert variant("mrha3") == VARIANTS["mrha3-only"]
    assert variant("both", num_channel=128).channels == (16, 32, 64, 128, 256)


def test_discriminator_scores_each_pair_between_0_and_1_2():
    discriminator = MetricDiscriminator().eval()
    a, b = torch.rand(3, 257, 16), torch.rand(3, 257, 16)
    with torch.no_grad():
        scores = discriminator(a, b)
        alone = discriminator(a[1:2], b[1:2])
    assert scores.shape == (3,)
    assert ((scores > 0) & (scores < 1.2)).all()
    assert torch.allclose(scores[1:2], alone, atol=1e-6)
    assert not torch.allclose(scores, discriminator(b, a))


def test_discriminator_weights_under_stored_names():
    stored = to_stored(MetricDiscriminator())
    assert stored["layers.0.weight_orig"].shape == (16, 2, 4, 4)
    assert stored["layers.14.weight_u"].shape == (64,)
    assert stored["layers.18.slope"].shape == (1,)
    assert {name.split(".")[1] for name in stored} == {
        str(n) for n in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 16, 17, 18)
    }
    other = MetricDiscriminator().eval()
    with torch.no_grad():
        from_stored(other, stored)
    assert all(torch.equal(tensor, stored[name]) for name, tensor in to_stored(other).items())


def test_discriminator_matches_torchs_former_spectral_norm():
    """Existing files were written with torch.nn.utils.spectral_norm; its names and meaning must be the same."""
    former = torch.nn.utils.spectral_norm(torch.nn.Conv2d(2, 16, 4, stride=2, padding=1, bias=False))
    for _ in range(20):
        former(torch.randn(1, 2, 32, 32))
    former.eval()
    discriminator = MetricDiscriminator().eval()
    stored = to_stored(discriminator)
    stored |= {f"layers.0.{name}": tensor for name, tensor in former.state_dict().items()}
    with torch.no_grad():
        from_stored(discriminator, stored)
        x = torch.randn(1, 2, 32, 32)
        assert torch.allclose(discriminator.features[0][0](x), former(x), atol=1e-6)


def test_controls_cost_what_m4_costs() -> None:
    from model.cost import count_macs

    macs = {name: count_macs(build(variant(name)), 501) for name in ("M4", "M1-matched")}
    for name in ("M1-wide", "M2-wide"):
        assert abs(PARAMETERS[name] / PARAMETERS["M4"] - 1) < 0.01
    assert abs(macs["M1-matched"] / macs["M4"] - 1) < 0.05
    assert abs(PARAMETERS["M1-matched"] / PARAMETERS["M4"] - 1) < 0.05


def test_the_standard_bottleneck_needs_a_width_for_its_heads() -> None:
    with pytest.raises(ModelUsageError, match=r"8 heads, and its width 68 .* such as 64"):
        variant("M1", num_channel=68)
    assert build(variant("M1", num_channel=68, inner_width=64)).bottleneck.reduce.out_channels == 64
