"""The parts of a network that can be knocked out, each with a name, in plain words, and what it is replaced by."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from model.errors import ModelUsageError
from model.inspection.sites import CodeBand, Factor, Halving, Mask, Output, Queries, Site, Skip
from model.networks import BSRNN, Network, UNet
from model.networks.attention import AxialBottleneck, HybridAttention
from model.networks.codes import BAND_EDGES_HZ, N_BINS, NYQUIST_HZ, band_sizes
from model.networks.fac import FrequencyGate

BAND_NAMES = ("low", "mid", "high")
BANDS_HZ = (
    f"0-{BAND_EDGES_HZ[0]} Hz",
    f"{BAND_EDGES_HZ[0]}-{BAND_EDGES_HZ[1]} Hz",
    f"{BAND_EDGES_HZ[1]}-{NYQUIST_HZ} Hz",
)
BINS_AT = (N_BINS, 128, 63, 31, 15, 7)
"""Bins at the input of each encoder layer."""


def hertz_of_bins(layers: int, bins: int) -> tuple[float, ...]:
    """Where bins lie behind so many encoder layers: the frequency in the middle of what each was made from, without gates.

    A layer's convolution of 5 bins, stride 2 and padding 1 puts its bin j on bin 2 j + 1 before it.
    """
    return tuple(((place + 1) * 2**layers - 1) * NYQUIST_HZ / (N_BINS - 1) for place in range(bins))


class How(StrEnum):
    """By what a part is replaced."""

    REMOVED = "removed"
    """By its identity or zero: what is left is the network without the part."""
    CONSTANT = "constant"
    """By its mean over the files (an attention: by an even one): the part still acts, but alike on everything."""


class Fill(StrEnum):
    """Where the replacement comes from."""

    STAND_IN = "stand-in"
    """From the site: zero, or the part's own input."""
    MEAN = "mean"
    """The mean over files, for each channel where the value has channels."""


@dataclass(frozen=True)
class Part:
    """A part of a network.

    `sites` are taken out together. `host` is the module at whose output the part is first heard, for the effect on its own
    surroundings; empty where there is no single one. `stored` are the beginnings of its weights' names in a checkpoint.
    """

    name: str
    words: str
    sites: tuple[Site, ...]
    fills: tuple[tuple[How, Fill], ...]
    host: str
    stored: tuple[str, ...] = ()

    def fill(self, how: How) -> Fill:
        """What replaces the part. Raises ModelUsageError when it cannot be replaced so."""
        for known, fill in self.fills:
            if known is how:
                return fill
        raise ModelUsageError(f"{self.name} cannot be {how}; it can be {self.fills[0][0]}.")


REMOVED = ((How.REMOVED, Fill.STAND_IN),)
CONSTANT = ((How.CONSTANT, Fill.MEAN),)
EVEN = ((How.CONSTANT, Fill.STAND_IN),)
BOTH = (*REMOVED, *CONSTANT)


def parts_of(network: Network) -> tuple[Part, ...]:
    """Every part that can be knocked out, from the encoder on; whole blocks stand before what they are made of."""
    if isinstance(network, BSRNN):
        return tuple(_recurrent(network))
    return (*_encoder(network), *_bottleneck(network), *_skips(network))


def part_of(network: Network, name: str) -> Part:
    """The part of this name. Raises ModelUsageError naming similar ones."""
    parts = {part.name: part for part in parts_of(network)}
    if name not in parts:
        near = difflib.get_close_matches(name, parts, n=4, cutoff=0.4) or list(parts)[:4]
        raise ModelUsageError(f"This network has no part {name!r}; it has {', '.join(near)} and others.")
    return parts[name]


def _encoder(network: UNet) -> Iterator[Part]:
    gates = [
        (number, layer.gate)
        for number, layer in enumerate(network.encoder, start=1)
        if isinstance(layer.gate, FrequencyGate)
    ]
    if gates:
        sites = tuple(Output(f"encoder.{number - 1}.gate", identity=True) for number, _ in gates)
        yield Part("fac", "all FAC gates", sites, REMOVED, "")
    for number, gate in gates:
        yield from _gate(number, gate.kind)


def _gate(number: int, kind: str) -> Iterator[Part]:
    name, module = f"fac.{number}", f"encoder.{number - 1}.gate"
    stored = f"conv{number}.{'band_weighting' if kind == 'direct' else 'gated_pe'}"
    words = f"the FAC gate of encoder layer {number}"
    yield Part(name, words, (Output(module, identity=True),), REMOVED, module, (stored,))
    edges = [0]
    for size in band_sizes(BINS_AT[number - 1]):
        edges.append(edges[-1] + size)
    site = Mask if kind == "direct" else CodeBand
    inner, leaf = (module, "mask") if kind == "direct" else (f"{module}.code", "code")
    what = "band gains" if kind == "direct" else "position code"
    weights = f"{stored}.{'band_gains' if kind == 'direct' else 'positional_encoding'}"
    yield Part(
        f"{name}.{leaf}", f"the {what} of {words}", (site(inner, 0, edges[-1]),), CONSTANT, module, (weights,)
    )
    for band, hz, start, stop in zip(BAND_NAMES, BANDS_HZ, edges, edges[1:], strict=False):
        if stop > start:
            yield Part(
                f"{name}.{leaf}.{band}",
                f"the {what} for {hz} of {words}",
                (site(inner, start, stop),),
                REMOVED,
                module,
                () if kind == "direct" else (f"{weights}.pe_{band}",),
            )
    yield Part(
        f"{name}.gate",
        f"the opening (1x1 convolution) of {words}",
        (Output(f"{module}.gate", "sigmoid"),),
        CONSTANT,
        module,
        (f"{stored}.gate.",),
    )
    yield Part(
        f"{name}.attention",
        f"the attention along frequency of {words}",
        (Output(f"{module}.depthwise", "sigmoid"),),
        CONSTANT,
        module,
        (f"{stored}.dw_attention",),
    )
    if kind != "direct":
        yield Part(
            f"{name}.scale",
            f"the scale of each channel of {words}",
            (Output(f"{module}.scale", "sigmoid", channel=-1),),
            CONSTANT,
            module,
            (f"{stored}.scale_net",),
        )


def _bottleneck(network: UNet) -> Iterator[Part]:
    yield Part("bottleneck", "the bottleneck", (Output("bottleneck"),), BOTH, "decoder.0", ("m1.",))
    axial = isinstance(network.bottleneck, AxialBottleneck)
    reduce = ("m1.input.",) if axial else ("m1.input_proj.",)
    site = Output("bottleneck.reduce_act")
    yield Part("bottleneck.input", "what enters the bottleneck", (site,), CONSTANT, "bottleneck", reduce)
    if not isinstance(network.bottleneck, AxialBottleneck):
        attended = Output("bottleneck.attention", channel=-1)
        yield Part(
            "bottleneck.attention",
            "the attention over all positions",
            (attended,),
            BOTH,
            "bottleneck",
            ("m1.multihead_attn.",),
        )
        return
    scale = Factor("bottleneck", "code_scale")
    yield Part(
        "bottleneck.codes",
        "the position codes of the bottleneck",
        (scale,),
        REMOVED,
        "bottleneck",
        ("m1.pe_scale",),
    )
    branches = network.bottleneck.row.branches
    if len(branches) > 1:
        for place, branch in enumerate(branches):
            sites = tuple(Output(f"bottleneck.{path}.norms.{place}", channel=3) for path in ("row", "column"))
            yield Part(branch, f"the {branch} branches of both paths", sites, REMOVED, "bottleneck")
    yield from _path(
        "row", "along frequency", network.bottleneck.row, ("m1.row_trans.", "m1.row_norm.", "m1.k1")
    )
    yield from _path(
        "column", "along time", network.bottleneck.column, ("m1.col_trans.", "m1.col_norm.", "m1.k2")
    )


def _path(name: str, direction: str, attention: HybridAttention, stored: tuple[str, ...]) -> Iterator[Part]:
    module, norm = f"bottleneck.{name}", f"bottleneck.{name}_norm"
    words = f"the {name} path (attention {direction})"
    yield Part(name, words, (Output(norm),), BOTH, "bottleneck", stored)
    inside = stored[0]
    if len(attention.branches) > 1:
        yield Part(
            f"{name}.gate",
            f"the gate between the branches of {words}",
            (Output(f"{module}.gate", "softmax", channel=3),),
            CONSTANT,
            norm,
            (f"{inside}gate_conv.",),
        )
    for place, branch in enumerate(attention.branches):
        own = tuple(f"{inside}{role}_{branch}." for role in ("query", "key", "value", "norm"))
        temperature = (f"{inside}cos_temperature",) if branch == "cos" else ()
        downsample = (f"{inside}downsample.",) if branch == "cross" else ()
        site = Output(f"{module}.norms.{place}", channel=3)
        of = f"the {branch} branch of {words}"
        if len(attention.branches) > 1:
            yield Part(f"{name}.{branch}", of, (site,), BOTH, norm, (*own, *temperature, *downsample))
        yield Part(
            f"{name}.{branch}.attention",
            f"the attention of {of}",
            (Queries(module, branch),),
            EVEN,
            norm,
            (own[0], own[1], *temperature),
        )
        if branch == "cross":
            yield Part(
                f"{name}.cross.downsample",
                f"the convolution to half resolution in {of}",
                (Halving(module),),
                REMOVED,
                norm,
                downsample,
            )


def _skips(network: UNet) -> Iterator[Part]:
    levels = len(network.decoder)
    for level in range(levels, 0, -1):
        place = levels - level
        yield Part(
            f"skip.{level}", f"the skip from encoder layer {level}", (Skip(place),), BOTH, f"decoder.{place}"
        )


def _recurrent(network: BSRNN) -> Iterator[Part]:
    for name, module, direction, letter in (
        ("time", "along_time", "along time", "t"),
        ("band", "along_bands", "along bands", "k"),
    ):
        for number in range(1, network.config.num_layer + 1):
            path = f"{module}.{number - 1}"
            stored = tuple(f"{kind}_{letter}{number}." for kind in ("norm", "lstm", "fc"))
            words = f"recurrent block {number} {direction}"
            yield Part(f"{name}.{number}", words, (Output(path, identity=True),), REMOVED, path, stored)
