"""What a trained network has learnt in its gates and attention.

Weights alone say something (band weights, codes, temperatures); how far a gate opens and what share an attention branch is
given needs audio. Shares and openings describe; whether a part is used is for its knock-out to say (`model.inspection.effects`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from model.checkpoint import load_checkpoint
from model.errors import ModelUsageError
from model.inspection.parts import BANDS_HZ, BINS_AT, hertz_of_bins
from model.networks import NetworkConfig, UNet
from model.networks.attention import MIN_TEMPERATURE, AxialBottleneck, HybridAttention
from model.networks.codes import band_sizes
from model.networks.fac import FrequencyGate, band_weights
from model.networks.windows import within
from model.stft import HOP, SAMPLE_RATE, stft

SMALL_SHARE = 0.01
"""A branch, path, band or gate with less than this share is mentioned."""
SHUT = 0.05
"""A gate that is open less than this on average is called shut."""
MAP_SIZE = 64
"""Attention maps are averaged down to at most so many rows and columns."""
LONGEST_SECONDS = 10


@dataclass(frozen=True)
class Spread:
    """How a quantity in [0, 1] is distributed over channels, frames and bins."""

    mean: float
    std: float
    smallest: float
    largest: float


@dataclass(frozen=True)
class GateOpening:
    """What a FAC gate does to one utterance."""

    gate: Spread
    """Sigmoid of the 1x1 convolution (G)."""
    attention: Spread
    """Sigmoid of the depthwise convolution along frequency."""
    scale: Spread | None
    """Scale of each channel (s); None for the direct kind."""
    change: float
    """Root mean square of what the gate adds, relative to its input."""
    gate_by_band: tuple[float | None, ...]
    """Mean of G in each band; None in a band without bins."""
    change_by_band: tuple[float | None, ...]
    """The change inside each band, relative to the input there."""


@dataclass(frozen=True)
class LayerGate:
    """The FAC gate in front of one encoder layer."""

    layer: int
    kind: str
    band_bins: tuple[int, int, int]
    """Bins of the layer in each band; a band without bins is not used."""
    raw_weights: tuple[float, ...]
    """The parameters, one a band."""
    weights: tuple[float, ...]
    """3 * softmax of them, as used."""
    codes: tuple[tuple[float, ...], ...]
    """Learnt code of each band; empty for the direct kind."""
    used: tuple[float, ...]
    """What acts in each bin of the layer: the codes at its resolution times the weights, or the direct kind's gains."""
    at_first: tuple[float, ...]
    """The same before training, which is equal for every seed."""
    hertz: tuple[float, ...]
    """Where the bins of the layer lie."""
    opening: GateOpening | None
    """None without audio."""


@dataclass(frozen=True)
class Branch:
    """One attention branch of a path."""

    name: str
    share: Spread | None
    """What the gate between branches gives it; None without audio. Without a gate (one branch) always 1."""
    map: tuple[tuple[float, ...], ...] | None
    """Attention from each position (row) to each (column), mean over all sequences, shrunk to at most MAP_SIZE."""
    extent: tuple[float, float, float, float] | None
    """Where the map's columns begin and end, and its rows, in Hz (row path) or seconds (column path)."""
    keys: int
    """How many positions are attended to, before the map was shrunk: even attention is 1 / keys. 0 without audio."""
    share_by_bin: tuple[float, ...]
    """Its share at each bin of the bottleneck, mean over frames; empty without audio."""


@dataclass(frozen=True)
class AttentionPath:
    """The row path (along frequency) or the column path (along time) of the bottleneck."""

    name: str
    weight: float
    """k1 or k2, the factor on the path's normalised output."""
    temperature: float | None
    """Of the cosine branch, as used (not below 0.01); None without one."""
    contribution: float | None
    """Root mean square of weight times the path's output, relative to the input it is added to; None without audio."""
    branches: tuple[Branch, ...]
    hertz: tuple[float, ...]
    """Where the bins of the bottleneck lie; empty without audio."""


@dataclass(frozen=True)
class Inspection:
    """Everything `inspect_checkpoint` finds."""

    path: Path
    sha256: str
    config: NetworkConfig
    gates: tuple[LayerGate, ...]
    code_scale: float | None
    """Factor on the bottleneck's position codes."""
    paths: tuple[AttentionPath, ...]
    audio_seconds: float | None
    """Length of the audio behind openings, shares and maps."""
    findings: tuple[str, ...]
    """What stands out, and what is not there to be inspected."""

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "path": str(self.path), "config": self.config.to_json()}

    def table(self) -> list[list[str]]:
        """Rows of text for a terminal, the first one the header: part, what, then one value a band or branch."""
        return _table(self)


def inspect_checkpoint(path: Path, audio: Tensor | None = None) -> Inspection:
    """Take a checkpoint apart. `audio`: real [N] at 16 kHz, its first 10 s are used; without it gates and branches stay
    unmeasured.

    Raises CheckpointError when the file does not load, ModelUsageError when `audio` is not one signal.
    """
    network, meta = load_checkpoint(path)
    if audio is not None:
        if audio.dim() != 1:
            raise ModelUsageError(f"Audio to inspect with must be one signal [N], not {list(audio.shape)}.")
        audio = audio[: LONGEST_SECONDS * SAMPLE_RATE]
    seconds = None if audio is None else len(audio) / SAMPLE_RATE
    if not isinstance(network, UNet):
        finding = "This is the plain BSRNN: it has neither FAC gates nor attention to inspect."
        return Inspection(meta.path, meta.sha256, meta.config, (), None, (), seconds, (finding,))
    with torch.inference_mode():
        inputs = {} if audio is None else _inputs(network, audio)
        gates = tuple(
            _layer_gate(number, layer.gate, BINS_AT[number - 1], inputs.get(layer.gate))
            for number, layer in enumerate(network.encoder, start=1)
            if isinstance(layer.gate, FrequencyGate)
        )
        paths: tuple[AttentionPath, ...] = ()
        code_scale = None
        if isinstance(network.bottleneck, AxialBottleneck):
            paths = _paths(network.bottleneck, inputs, len(network.encoder))
            code_scale = float(network.bottleneck.code_scale)
    findings = tuple(_findings(gates, paths, audio is not None))
    return Inspection(meta.path, meta.sha256, meta.config, gates, code_scale, paths, seconds, findings)


def _inputs(network: UNet, audio: Tensor) -> dict[Any, Tensor]:
    """What gates and attention paths were given when this audio went through the network."""
    inputs: dict[Any, Tensor] = {}
    handles = [
        module.register_forward_pre_hook(lambda module, args: inputs.__setitem__(module, args[0]))
        for module in network.modules()
        if isinstance(module, FrequencyGate | HybridAttention)
    ]
    try:
        network(stft(audio[None]))
    finally:
        for handle in handles:
            handle.remove()
    return inputs


def _layer_gate(number: int, gate: FrequencyGate, bins: int, x: Tensor | None) -> LayerGate:
    direct = gate.kind == "direct"
    raw = gate.gains if direct else gate.code.weights
    codes = () if direct else (gate.code.low, gate.code.mid, gate.code.high)
    fresh = FrequencyGate(1, gate.kind)
    return LayerGate(
        layer=number,
        kind=gate.kind,
        band_bins=band_sizes(bins),
        raw_weights=_floats(raw),
        weights=_floats(band_weights(raw)),
        codes=tuple(_floats(code) for code in codes),
        used=_floats(gate.mask(bins) if direct else gate.code(bins)),
        at_first=_floats(fresh.mask(bins) if direct else fresh.code(bins)),
        hertz=hertz_of_bins(number - 1, bins),
        opening=None if x is None else _opening(gate, x),
    )


def _opening(gate: FrequencyGate, x: Tensor) -> GateOpening:
    added = gate(x) - x
    opened = gate.gate(x).sigmoid()  # [B, C, T, F]
    sizes = band_sizes(x.shape[3])
    bands = [
        list(parts)
        for parts in zip(*(whole.split(sizes, dim=3) for whole in (opened, added, x)), strict=True)
    ]
    return GateOpening(
        gate=_spread(opened),
        attention=_spread(gate.depthwise(x).sigmoid()),
        scale=None if gate.kind == "direct" else _spread(gate.scale(x.mean(dim=(2, 3))).sigmoid()),
        change=_relative(added, x),
        gate_by_band=tuple(float(g.mean()) if g.numel() else None for g, _, _ in bands),
        change_by_band=tuple(_relative(part, whole) if whole.numel() else None for _, part, whole in bands),
    )


def _paths(bottleneck: AxialBottleneck, inputs: dict[Any, Tensor], level: int) -> tuple[AttentionPath, ...]:
    found = []
    for name, attention, norm, weight in (
        ("row", bottleneck.row, bottleneck.row_norm, bottleneck.row_weight),
        ("column", bottleneck.column, bottleneck.column_norm, bottleneck.column_weight),
    ):
        x = inputs.get(attention)  # [B, T, F, W]
        contribution = None
        if x is not None:
            normed = norm(attention(x).permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
            contribution = _relative(weight * normed, x)
        temperature = (
            float(attention.temperature.clamp(min=MIN_TEMPERATURE)) if "cos" in attention.branches else None
        )
        hertz = () if x is None else hertz_of_bins(level, x.shape[2])
        found.append(
            AttentionPath(
                name, float(weight), temperature, contribution, _branches(attention, x, hertz), hertz
            )
        )
    return tuple(found)


def _branches(attention: HybridAttention, x: Tensor | None, hertz: Sequence[float]) -> tuple[Branch, ...]:
    if x is None:
        return tuple(Branch(name, None, None, None, 0, ()) for name in attention.branches)
    if len(attention.branches) > 1:
        shares = attention.gates(attention.branch_outputs(x)).unbind(dim=3)
    else:
        shares = (torch.ones(x.shape[:3]),)
    found = []
    for name, share, (q, k, _, scale) in zip(
        attention.branches, shares, attention.queries_keys_values(x), strict=True
    ):
        mean = _map(attention, name, q, k, scale)
        queries, keys = mean.shape
        columns, rows = (min(MAP_SIZE, size) for size in (keys, queries))
        grid = F.adaptive_avg_pool2d(mean[None], (rows, columns))[0]
        found.append(
            Branch(
                name=name,
                share=_spread(share),
                map=tuple(map(_floats, grid)),
                extent=_extent(attention, name == "cross", queries, keys, hertz),
                keys=keys,
                share_by_bin=_floats(share.mean(dim=(0, 1))),
            )
        )
    return tuple(found)


def _map(attention: HybridAttention, branch: str, q: Tensor, k: Tensor, scale: float) -> Tensor:
    """Mean attention over all sequences, [queries, keys]; one sequence at a time along time, whose maps are large."""
    if attention.along_time:
        q, k = q.transpose(1, 2), k.transpose(1, 2)  # [B, S, L, W]
    total = torch.zeros(q.shape[2], k.shape[2])
    hidden = torch.zeros_like(total, dtype=torch.bool)
    if attention.along_time and attention.window:
        every = 2 if branch == "cross" else 1
        hidden = ~within(torch.arange(q.shape[2]), every * torch.arange(k.shape[2]), attention.window)
    for queries, keys in zip(q[0], k[0], strict=True):
        total += (queries @ keys.T * scale).masked_fill(hidden, -torch.inf).softmax(dim=1)
    return total / q.shape[1]


def _extent(
    attention: HybridAttention, half: bool, queries: int, keys: int, hertz: Sequence[float]
) -> tuple[float, float, float, float]:
    """Where a map's columns (keys) and rows (queries) begin and end, in Hz or seconds: half a step around the outer ones.

    Keys at half resolution lie at every second position, in a window (made from the past alone) one before it.
    """
    if attention.along_time:
        first, step = 0.0, HOP / SAMPLE_RATE
    else:
        first, step = hertz[0], hertz[1] - hertz[0]
    every = 2 if half else 1
    shift = -step if half and attention.along_time and attention.window else 0.0
    begin = first + shift - every * step / 2
    return begin, begin + keys * every * step, first - step / 2, first + (queries - 0.5) * step


def _findings(gates: Sequence[LayerGate], paths: Sequence[AttentionPath], heard: bool) -> list[str]:
    findings = []
    if not gates:
        findings.append("This network has no FAC gates: its encoder is plain.")
    if not paths:
        findings.append(
            "This network has no row and column attention: its bottleneck is one attention over everything."
        )
    for gate in gates:
        where = f"The gate of encoder layer {gate.layer}"
        for band, bins, weight in zip(BANDS_HZ, gate.band_bins, gate.weights, strict=True):
            if bins == 0:
                findings.append(f"{where} has no bin in {band}: that band's weight and code have no effect.")
            elif weight / 3 < SMALL_SHARE:
                findings.append(f"{where} gives its band {band} a weight of {weight:.3f} of 3.")
        if gate.opening is not None and gate.opening.gate.mean < SHUT:
            findings.append(f"{where} is shut (open by {gate.opening.gate.mean:.1%} on average).")
        if gate.opening is not None and gate.opening.change < SMALL_SHARE:
            findings.append(f"{where} changes its input by {gate.opening.change:.2%} only.")
    for path in paths:
        if path.temperature is not None and path.temperature <= MIN_TEMPERATURE:
            findings.append(
                f"The cosine temperature of the {path.name} path is at its lower end ({MIN_TEMPERATURE})."
            )
        if path.contribution is not None and path.contribution < SMALL_SHARE:
            findings.append(f"The {path.name} path adds {path.contribution:.2%} to its input only.")
        for branch in path.branches:
            if branch.share is not None and branch.share.mean < SMALL_SHARE:
                findings.append(
                    f"The {branch.name} branch of the {path.name} path is given a share of {branch.share.mean:.2%} on average."
                )
    if not heard and (gates or paths):
        findings.append(
            "Without audio, how far gates open and what shares branches are given was not measured."
        )
    return findings


def _table(inspection: Inspection) -> list[list[str]]:
    rows = [["part", "what", *BANDS_HZ]]
    for gate in inspection.gates:
        rows.append([f"gate {gate.layer}", "band weight", *(f"{w:.3f}" for w in gate.weights)])
        rows.append([f"gate {gate.layer}", "bins", *(str(n) for n in gate.band_bins)])
        if gate.opening is not None:
            opening = gate.opening
            rows.append(
                [f"gate {gate.layer}", "open, change", _text(opening.gate), f"{opening.change:.1%}", ""]
            )
    if inspection.code_scale is not None:
        rows.append(["bottleneck", "scale of position codes", f"{inspection.code_scale:.3f}", "", ""])
    for path in inspection.paths:
        temperature = "" if path.temperature is None else f"temperature {path.temperature:.3f}"
        added = "" if path.contribution is None else f"adds {path.contribution:.1%}"
        rows.append([path.name, "weight", f"{path.weight:.3f}", added, temperature])
        for branch in path.branches:
            share = "not measured" if branch.share is None else _text(branch.share)
            rows.append([path.name, f"{branch.name} share", share, "", ""])
    return rows


def _text(spread: Spread) -> str:
    return f"{spread.mean:.3f} ± {spread.std:.3f}"


def _spread(values: Tensor) -> Spread:
    mean, std = float(values.mean()), float(values.std(correction=0))
    return Spread(mean, std, float(values.min()), float(values.max()))


def _relative(part: Tensor, whole: Tensor) -> float:
    return float(part.square().mean().sqrt() / whole.square().mean().sqrt().clamp(min=1e-12))


def _floats(values: Tensor) -> tuple[float, ...]:
    return tuple(values.detach().tolist())
