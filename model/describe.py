"""What a network is made of, stage by stage, in words and numbers that need no reading of its code."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import nn

from model.networks import BSRNN, NetworkConfig, UNet, UNetConfig, build
from model.networks.attention import AxialBottleneck, StandardBottleneck
from model.networks.codes import band_sizes
from model.stft import HOP, N_FFT, SAMPLE_RATE

WHOLE = "whole utterance"
PAST = "this and all earlier frames"
SEES_WHOLE = "kernels see no later frame, but the instance norm uses the whole utterance's statistics"
SEES_PAST = "kernels see no later frame, and statistics are those of what was heard so far"
KERNEL_BINS = 5


@dataclass(frozen=True)
class Stage:
    """One stage of a network, for one second of audio."""

    name: str
    input_shape: tuple[int, ...]
    """Without the batch; [channels, frames, bins] unless `layout` says otherwise."""
    output_shape: tuple[int, ...]
    layout: str
    parameters: int
    receptive_field: str
    """How much of the input spectrum one value of the output sees through this stage's and all earlier kernels; what it
    sees through norms besides is in `causal`."""
    learnt: str
    causal: bool
    """Whether no value depends on later frames, norms included."""
    why: str
    """Why it is causal or not."""


@dataclass(frozen=True)
class Description:
    """A network's stages and what follows from its configuration."""

    config: NetworkConfig
    parameters: int
    frames: int
    """Frames of the described second."""
    stages: tuple[Stage, ...]
    notes: tuple[str, ...]

    @property
    def causal(self) -> bool:
        return all(stage.causal for stage in self.stages)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "config": self.config.to_json(), "causal": self.causal}


def describe(config: NetworkConfig) -> Description:
    """Describe the network of a configuration. Shapes are those of a real forward pass over one second of audio."""
    frames = 1 + SAMPLE_RATE // HOP
    network = build(config).eval()
    shapes = _Shapes(network)
    with torch.inference_mode():
        network.real(torch.zeros(1, N_FFT // 2 + 1, frames, 2))
    if isinstance(network, UNet):
        stages, notes = _unet(network, shapes)
    else:
        stages, notes = _bsrnn(network, shapes)
    return Description(config, _parameters(network), frames, tuple(stages), tuple(notes))


class _Shapes:
    """Input and output shape of every module of a forward pass, without the batch."""

    def __init__(self, network: nn.Module) -> None:
        self.seen: dict[nn.Module, tuple[tuple[int, ...], tuple[int, ...]]] = {}
        for module in network.modules():
            module.register_forward_hook(self._see)

    def _see(self, module: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        if args and isinstance(args[0], torch.Tensor) and isinstance(output, torch.Tensor):
            self.seen[module] = (tuple(args[0].shape[1:]), tuple(output.shape[1:]))


def _unet(network: UNet, shapes: _Shapes) -> tuple[list[Stage], list[str]]:
    config = network.config
    followed = config.norm == "cumulative"
    reach = PAST if config.causal else WHOLE
    stages = []
    past, bins, jump = (
        0,
        1,
        1,
    )  # frames before the current one, width in bins, distance of neighbouring outputs
    for i, layer in enumerate(network.encoder, start=1):
        if config.gate != "none":
            bins += (KERNEL_BINS - 1) * jump
        bins += (KERNEL_BINS - 1) * jump
        past, jump = past + 1, 2 * jump
        learnt = "convolution 2 x 5 (time x frequency), norm, one slope a channel"
        if config.gate != "none":
            learnt += f"; {_gate_words(config.gate)}"
        stages.append(
            _stage(
                f"encoder {i}",
                layer,
                shapes,
                f"{past + 1} frames (this and {past} before) x {min(bins, N_FFT // 2 + 1)} bins",
                learnt,
                causal=followed,
                why=SEES_PAST if followed else SEES_WHOLE,
            )
        )
    stages.append(_unet_bottleneck(network.bottleneck, config, shapes))
    for i, level in zip(range(config.num_layer, 0, -1), network.decoder, strict=True):
        last = i == 1
        stages.append(
            _stage(
                f"decoder {i}",
                level,
                shapes,
                reach,
                "transposed convolution 2 x 5" + ("" if last else ", norm, one slope a channel"),
                causal=last or followed,
                why=(
                    "kernels see no later frame and there is no norm"
                    + ("" if config.causal else "; its input is not causal")
                    if last
                    else SEES_PAST
                    if followed
                    else SEES_WHOLE
                ),
            )
        )
    return stages, _unet_notes(network)


def _unet_bottleneck(
    bottleneck: AxialBottleneck | StandardBottleneck, config: UNetConfig, shapes: _Shapes
) -> Stage:
    width = bottleneck.reduce.out_channels
    if isinstance(bottleneck, AxialBottleneck):
        branches = ", ".join(bottleneck.row.branches)
        name = f"bottleneck (row and column attention: {branches})"
        learnt = (
            f"1x1 convolutions to width {width} and back, scale of the position codes, projections and norms of each "
            "branch, a norm and a weight for each path"
        )
        if "cross" in bottleneck.row.branches:
            learnt += ", downsampling convolution"
        if "cos" in bottleneck.row.branches:
            learnt += ", cosine temperature"
        if len(bottleneck.row.branches) > 1:
            learnt += ", gate between the branches"
    else:
        name = "bottleneck (one 8-head attention over all positions)"
        learnt = f"1x1 convolutions to width {width} and back, attention projections, layer norm"
    seconds = config.window * HOP / SAMPLE_RATE
    why = {
        (False, False): "attention sees all frames, later ones too",
        (False, True): "attention sees all frames, later ones too; its norms know the past alone",
        (
            True,
            False,
        ): f"attention sees {config.window} frames, the last {seconds:.2f} s, but its norms the whole utterance",
        (
            True,
            True,
        ): f"attention sees {config.window} frames, the last {seconds:.2f} s, and its norms know the past alone",
    }[config.window > 0, config.norm == "cumulative"]
    reach = PAST if config.causal else WHOLE
    return _stage(name, bottleneck, shapes, reach, learnt, causal=config.causal, why=why)


def _unet_notes(network: UNet) -> list[str]:
    config = network.config
    channels = config.channels[-1]
    notes = [
        "There is no band-split RNN in this network: it has no bands of its own and no recurrent layer.",
        "The output is the enhanced spectrum itself; no mask is estimated, and its first frame is always zero.",
        _causality(config),
        f"The bottleneck has {channels} channels (attention inside it is {config.width} wide).",
    ]
    if config.num_channel < 64:
        notes.append(
            f"num_channel {config.num_channel} changes nothing: all values up to 64 give the same channels."
        )
    if config.gate in ("additive", "multiplicative") and (unused := _layers_without_low_band(network)):
        layers = ", ".join(str(layer) for layer in unused)
        notes.append(
            f"At encoder layer {layers} no bin lies below 300 Hz: its low-band code (9 parameters) is never used."
        )
    if not config.exact_fit:
        notes.append("Some decoder levels come out one bin too wide and are resampled (exact_fit is off).")
    return notes


def _causality(config: UNetConfig) -> str:
    if config.causal:
        return "The network is causal: it can run frame by frame; a sample comes out 32 ms, one window, after it went in."
    sees = {
        (False, False): "norms and attention see the whole utterance",
        (False, True): "attention sees the whole utterance",
        (True, False): "norms see the whole utterance",
    }[config.window > 0, config.norm == "cumulative"]
    return f"The network is not causal: {sees}."


def _layers_without_low_band(network: UNet) -> list[int]:
    bins, unused = N_FFT // 2 + 1, []
    for layer in range(1, network.config.num_layer + 1):
        if band_sizes(bins)[0] == 0:
            unused.append(layer)
        bins = (bins - 3) // 2 + 1
    return unused


def _gate_words(gate: str) -> str:
    common = "gate: depthwise convolution along frequency, 1x1 convolution"
    if gate == "direct":
        return f"{common}, three band gains"
    return f"{common}, band codes (257) with three weights, one scale a channel ({gate})"


def _bsrnn(network: BSRNN, shapes: _Shapes) -> tuple[list[Stage], list[str]]:
    first, k = network.embed[0], len(network.embed)
    frames, n = shapes.seen[first][1]
    total, wide = N_FFT // 2 + 1, "[bands, frames, features]"
    norm = "its group norm uses the whole utterance's statistics"
    stages = [
        Stage(
            f"band split ({k} bands)",
            (total, frames, 2),
            (k, frames, n),
            "[bins, frames, re/im] to " + wide,
            _parameters(network.embed),
            "1 frame x 1 band",
            "a norm and a linear layer for each band",
            causal=False,
            why=norm,
        )
    ]
    for i, block in enumerate(network.along_time, start=1):
        learnt, why = "norm, LSTM forward in time, linear layer", f"the LSTM runs forward, but {norm}"
        stages.append(
            _stage(f"time block {i}", block, shapes, "all earlier frames x 1 band", learnt, False, why, wide)
        )
    for i, block in enumerate(network.along_bands, start=1):
        learnt, why = "norm, LSTM along bands in both directions, linear layer", norm
        stages.append(
            _stage(
                f"band block {i}", block, shapes, "all earlier frames x all bands", learnt, False, why, wide
            )
        )
    stages.append(
        Stage(
            "mask",
            (k, frames, n),
            (total, frames, 2),
            wide + " to [bins, frames, re/im]",
            _parameters(network.masks),
            "all frames up to the next x all bands",
            "a norm and two linear layers for each band",
            causal=False,
            why=f"the mask's third tap takes the next frame, and {norm}",
        )
    )
    notes = [
        "This is the band-split RNN: it estimates a complex mask of three frames, unlike the in-house network.",
        "The network is not causal: its norms see the whole utterance, its mask the next frame.",
    ]
    return stages, notes


def _stage(
    name: str,
    module: nn.Module,
    shapes: _Shapes,
    receptive_field: str,
    learnt: str,
    causal: bool,
    why: str,
    layout: str = "[channels, frames, bins]",
) -> Stage:
    before, after = shapes.seen[module]
    return Stage(name, before, after, layout, _parameters(module), receptive_field, learnt, causal, why)


def _parameters(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())
