"""The names under which weights are stored in checkpoints, and the map between them and the networks' own.

Checkpoint files keep the names of the group's earlier scripts, so files old and new are one format. Where several
stored tensors are one parameter here (the projections of an attention), they are joined along their first dimension.
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn

from model.networks.attention import AxialBottleneck, HybridAttention
from model.networks.bsrnn import BSRNN
from model.networks.discriminator import MetricDiscriminator
from model.networks.unet import UNet

Names = dict[str, tuple[str, ...]]
"""Own name of a parameter -> the stored tensors it is made of, in order."""


def stored_names(network: nn.Module) -> Names:
    """The map for one network. Raises TypeError for a module that is no network of this package."""
    if isinstance(network, UNet):
        modules, single = _unet(network)
    elif isinstance(network, BSRNN):
        modules, single = _bsrnn(network)
    elif isinstance(network, MetricDiscriminator):
        modules, single = _discriminator()
    else:
        raise TypeError(f"{type(network).__name__} has no stored names")
    names: Names = {}
    for own in network.state_dict():
        if own in single:
            names[own] = single[own]
            continue
        module, _, leaf = own.rpartition(".")
        names[own] = tuple(f"{stored}.{leaf}" for stored in modules[module])
    return names


def to_stored(network: nn.Module) -> dict[str, Tensor]:
    """The network's weights under their stored names (copies, detached)."""
    stored: dict[str, Tensor] = {}
    state = network.state_dict()
    for own, names in stored_names(network).items():
        parts = state[own].chunk(len(names)) if len(names) > 1 else [state[own]]
        for name, part in zip(names, parts, strict=True):
            stored[name] = _stored_form(name, part.detach().clone())
    return stored


def from_stored(network: nn.Module, stored: Mapping[str, Tensor]) -> None:
    """Load weights under stored names into the network. The shapes must have been checked (`mismatches`)."""
    names = stored_names(network)
    state = network.state_dict()
    for own, parts in names.items():
        start = 0
        for name in parts:
            rows = stored[name].shape[0] if len(parts) > 1 else None
            target = state[own] if rows is None else state[own][start : start + rows]
            target.copy_(stored[name].reshape(target.shape))
            start += rows or 0


def mismatches(network: nn.Module, stored: Mapping[str, Tensor]) -> list[str]:
    """What keeps these weights from fitting the network, one phrase a tensor: wrong shapes, wrong types, then missing, then unknown."""
    expected = {name: tuple(tensor.shape) for name, tensor in to_stored(network).items()}
    found = {name: tuple(tensor.shape) for name, tensor in stored.items()}
    return [
        *(
            f"{name} is {list(found[name])} and should be {list(shape)}"
            for name, shape in expected.items()
            if name in found and found[name] != shape
        ),
        *(
            f"{name} is {str(stored[name].dtype).removeprefix('torch.')}, which no weight is"
            for name, tensor in to_stored(network).items()
            if name in found and tensor.is_floating_point() and not stored[name].is_floating_point()
        ),
        *(f"{name} is missing" for name in expected if name not in found),
        *(f"{name} is not part of the network" for name in found if name not in expected),
    ]


def _stored_form(name: str, tensor: Tensor) -> Tensor:
    """The gate between attention branches is stored as a convolution of kernel 1."""
    return tensor[:, :, None] if name.endswith("gate_conv.weight") else tensor


def _unet(network: UNet) -> tuple[Names, Names]:
    modules: Names = {}
    single: Names = {}
    for i in range(len(network.encoder)):
        own, n = f"encoder.{i}", i + 1
        modules |= {
            f"{own}.conv": (f"conv{n}.conv",),
            f"{own}.norm": (f"bn{n}",),
            f"{own}.act": (f"prelu{n}",),
        }
        gate = f"conv{n}.{'band_weighting' if network.config.gate == 'direct' else 'gated_pe'}"
        modules |= {
            f"{own}.gate.depthwise": (f"{gate}.dw_attention.dw_conv",),
            f"{own}.gate.gate": (f"{gate}.gate.0",),
        }
        modules |= {f"{own}.gate.scale": (f"{gate}.scale_net.2",)}
        single |= {f"{own}.gate.gains": (f"{gate}.band_gains",)}
        code = f"{gate}.positional_encoding"
        single |= {f"{own}.gate.code.{band}": (f"{code}.pe_{band}",) for band in ("low", "mid", "high")}
        single |= {f"{own}.gate.code.weights": (f"{code}.band_weights",)}
    for i in range(len(network.decoder)):
        own, n = f"decoder.{i}", len(network.decoder) - i
        modules |= {f"{own}.conv": (f"de{n}",), f"{own}.norm": (f"bn{n}_t",), f"{own}.act": (f"prelu{n}_t",)}
    if isinstance(network.bottleneck, AxialBottleneck):
        path_modules, path_single = _axial(network.bottleneck)
        return modules | path_modules, single | path_single
    modules |= {
        "bottleneck.reduce": ("m1.input_proj.0",),
        "bottleneck.reduce_act": ("m1.input_proj.1",),
        "bottleneck.attention": ("m1.multihead_attn",),
        "bottleneck.attention.out_proj": ("m1.multihead_attn.out_proj",),
        "bottleneck.norm": ("m1.norm",),
        "bottleneck.expand_act": ("m1.output_proj.0",),
        "bottleneck.expand": ("m1.output_proj.1",),
    }
    return modules, single


def _axial(bottleneck: AxialBottleneck) -> tuple[Names, Names]:
    modules: Names = {
        "bottleneck.reduce": ("m1.input.0",),
        "bottleneck.reduce_act": ("m1.input.1",),
        "bottleneck.row_norm": ("m1.row_norm",),
        "bottleneck.column_norm": ("m1.col_norm",),
        "bottleneck.expand_act": ("m1.output.0",),
        "bottleneck.expand": ("m1.output.1",),
    }
    single: Names = {
        "bottleneck.code_scale": ("m1.pe_scale",),
        "bottleneck.row_weight": ("m1.k1",),
        "bottleneck.column_weight": ("m1.k2",),
    }
    paths: tuple[tuple[str, HybridAttention], ...] = (("row", bottleneck.row), ("column", bottleneck.column))
    for path, attention in paths:
        own, stored = f"bottleneck.{path}", f"m1.{'row' if path == 'row' else 'col'}_trans"
        modules |= {
            f"{own}.project": tuple(f"{stored}.{role}_{branch}" for role, branch in attention.projections),
            f"{own}.project_half": (f"{stored}.key_cross", f"{stored}.value_cross"),
            f"{own}.downsample": (f"{stored}.downsample",),
            f"{own}.gate": (f"{stored}.gate_conv",),
        }
        modules |= {f"{own}.norms.{i}": (f"{stored}.norm_{b}",) for i, b in enumerate(attention.branches)}
        single |= {f"{own}.temperature": (f"{stored}.cos_temperature",)}
    return modules, single


def _bsrnn(network: BSRNN) -> tuple[Names, Names]:
    modules: Names = {}
    for i in range(len(network.embed)):
        k = i + 1
        modules |= {f"embed.{i}.norm": (f"band_split.norm{k}",), f"embed.{i}.linear": (f"band_split.fc{k}",)}
        modules |= {
            f"masks.{i}.norm": (f"mask_decoder.norm{k}",),
            f"masks.{i}.hidden": (f"mask_decoder.fc1{k}",),
        }
        modules |= {f"masks.{i}.out": (f"mask_decoder.fc2{k}",)}
    for own, letter in (("along_time", "t"), ("along_bands", "k")):
        for i in range(network.config.num_layer):
            block, stored = f"{own}.{i}", f"_{letter}{i + 1}"
            modules |= {f"{block}.{a}": (f"{b}{stored}",) for a, b in (("norm", "norm"), ("lstm", "lstm"))}
            modules |= {f"{block}.linear": (f"fc{stored}",)}
    return modules, {}


def _discriminator() -> tuple[Names, Names]:
    modules: Names = {"act": ("layers.16",)}
    single: Names = {"slope": ("layers.18.slope",)}
    normed = {"hidden": "layers.14", "out": "layers.17"}
    for i in range(4):
        modules |= {f"features.{i}.1": (f"layers.{3 * i + 1}",), f"features.{i}.2": (f"layers.{3 * i + 2}",)}
        normed[f"features.{i}.0"] = f"layers.{3 * i}"
    for own, stored in normed.items():
        modules |= {own: (stored,)}
        single |= {
            f"{own}.parametrizations.weight.original": (f"{stored}.weight_orig",),
            f"{own}.parametrizations.weight.0._u": (f"{stored}.weight_u",),
            f"{own}.parametrizations.weight.0._v": (f"{stored}.weight_v",),
        }
    return modules, single
