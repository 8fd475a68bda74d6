"""Networks in which one part was broken by hand, and networks to break it in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from model.networks import UNet, build, variant
from model.stft import stft
from tests.model.signals import noise, speech


def pointed(seed: int = 0) -> UNet:
    """M4 as it is drawn, with gates and attention made pointed: a fresh network's are nearly even, so that there would be
    little to break."""
    torch.manual_seed(seed)
    network = build(variant("M4", dropout=0.0))
    assert isinstance(network, UNet)
    with torch.no_grad():
        for layer in network.encoder:
            layer.gate.gate.weight *= 6
            layer.gate.depthwise.weight *= 6
            layer.gate.scale.weight *= 20
            for code in (layer.gate.code.low, layer.gate.code.mid, layer.gate.code.high):
                code += 0.5
                code *= 2
        for path in (network.bottleneck.row, network.bottleneck.column):
            path.project.weight *= 3
            path.project_half.weight *= 3
    return network.eval()


def trained(steps: int = 40, seconds: float = 0.5, batch: int = 3, seed: int = 0) -> UNet:
    """The same after a few steps on generated speech in noise."""
    network = pointed(seed).train()
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    for step in range(steps):
        pairs = [utterance(seconds, batch * step + place) for place in range(batch)]
        clean, noisy = (stft(torch.from_numpy(np.stack(side)).float()) for side in zip(*pairs, strict=True))
        loss = (network(noisy) - clean).abs().mean()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5)
        optimiser.step()
    return network.eval()


def utterance(seconds: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Clean and noisy [samples], noise at a level of its own."""
    clean = speech(seconds, seed=seed)
    level = (0.02, 0.05, 0.1)[seed % 3]
    return clean, clean + noise(seconds, seed=seed, level=level)[: len(clean)]


@dataclass(frozen=True)
class Sabotage:
    """What is done to a network, the part that must be named for it, and others that rightly fall with it."""

    name: str
    part: str
    act: Callable[[UNet], None]
    falls: tuple[str, ...] = ()


def _rows(network: UNet, path: str, role: str, branch: str) -> tuple[nn.Linear, slice]:
    attention = getattr(network.bottleneck, path)
    if branch == "cross" and role != "query":
        width = attention.width
        return attention.project_half, slice(0, width) if role == "key" else slice(width, 2 * width)
    first = attention.projections.index((role, branch)) * attention.width
    return attention.project, slice(first, first + attention.width)


def _projection(path: str, role: str, branch: str, factor: float, bias: bool) -> Callable[[UNet], None]:
    def act(network: UNet) -> None:
        linear, rows = _rows(network, path, role, branch)
        linear.weight[rows] *= factor
        if bias:
            linear.bias[rows] *= factor

    return act


def _norm(path: str, place: int, factor: float) -> Callable[[UNet], None]:
    def act(network: UNet) -> None:
        norm = getattr(network.bottleneck, path).norms[place]
        norm.weight *= factor
        norm.bias *= factor

    return act


def _code(layer: int, bands: tuple[str, ...], factor: float) -> Callable[[UNet], None]:
    def act(network: UNet) -> None:
        for band in bands:
            getattr(network.encoder[layer - 1].gate.code, band).mul_(factor)

    return act


def _weight(module: str, factor: float) -> Callable[[UNet], None]:
    def act(network: UNet) -> None:
        network.get_submodule(module).weight.mul_(factor)

    return act


def _factor(module: str, name: str, factor: float) -> Callable[[UNet], None]:
    def act(network: UNet) -> None:
        getattr(network.get_submodule(module), name).mul_(factor)

    return act


def _skip(level: int, factor: float) -> Callable[[UNet], None]:
    def act(network: UNet) -> None:
        weight = network.decoder[len(network.decoder) - level].conv.weight  # [C_in, C_out, 2, 5]
        weight[weight.shape[0] // 2 :] *= factor

    return act


ZEROED = (
    Sabotage(
        "norm_cross of the column path zero", "column.cross", _norm("column", 0, 0.0), ("column.cross.",)
    ),
    Sabotage(
        "value_cross of the row path zero",
        "row.cross",
        _projection("row", "value", "cross", 0.0, False),
        ("row.cross.",),
    ),
    Sabotage("input of the bottleneck zero", "bottleneck.input", _weight("bottleneck.reduce", 0.0), ("",)),
    Sabotage("code of the middle band zero in layer 2", "fac.2.code.mid", _code(2, ("mid",), 0.0)),
    Sabotage("gate of layer 1 constant", "fac.1.gate", _weight("encoder.0.gate.gate", 0.0)),
    Sabotage(
        "cosine attention of the column path even",
        "column.cos.attention",
        _projection("column", "query", "cos", 0.0, True),
    ),
)
WEAKENED = (
    Sabotage("norm_dot of the row path at 1 %", "row.dot", _norm("row", 1, 0.01), ("row.dot.",)),
    Sabotage("k2 at 1 %", "column", _factor("bottleneck", "column_weight", 0.01), ("column.",)),
    Sabotage("skip from layer 2 at 1 %", "skip.2", _skip(2, 0.01)),
    Sabotage("code of layer 3 at 1 %", "fac.3", _code(3, ("low", "mid", "high"), 0.01), ("fac.3.",)),
    Sabotage("gate of layer 4 at 1 %", "fac.4.gate", _weight("encoder.3.gate.gate", 0.01)),
    Sabotage(
        "cosine temperature of the row path tenfold",
        "row.cos.attention",
        _factor("bottleneck.row", "temperature", 10.0),
    ),
)
TWELVE = (*ZEROED, *WEAKENED)
