"""The configuration of a network: one small frozen value that says everything `build` needs.

It travels inside every checkpoint (`to_json`, `config_from_json`), so a checkpoint rebuilds its network by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Literal, Self, get_args

from model.errors import ModelUsageError

Gate = Literal["none", "additive", "multiplicative", "direct"]
Branch = Literal["cross", "dot", "cos"]
Norm = Literal["utterance", "cumulative"]

BRANCHES: tuple[Branch, ...] = get_args(Branch)
"""All branches of MRHA3 in the order in which they are joined."""
HEADS = 8
"""Heads of the standard bottleneck."""


@dataclass(frozen=True)
class NetworkConfig:
    """What every configuration can do; a network is described by one of its subclasses."""

    kind: ClassVar[str]

    @property
    def fewest_weights(self) -> int:
        """Fewer numbers than this no network of the configuration has: it is reckoned from its widths, without building one."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """Plain values only: what a checkpoint or a run folder stores; `config_from_json` reads it back."""
        values = {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}
        return {"kind": self.kind, **values}

    def with_values(self, **values: Any) -> Self:
        """The same configuration with some fields replaced.

        Raises ModelUsageError for a name that is no field, or a value the field cannot take.
        """
        return type(self).from_values({**self.to_json(), **values})

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Self:
        """A configuration from plain values, `kind` aside. Raises ModelUsageError for an unknown field or a wrong value."""
        known = {field.name for field in fields(cls)}
        given = {name: value for name, value in values.items() if name != "kind"}
        if unknown := sorted(set(given) - known):
            raise ModelUsageError(
                f"A {cls.kind} configuration has no field {', '.join(unknown)}; it has {', '.join(sorted(known))}."
            )
        return cls(**{name: tuple(v) if isinstance(v, list) else v for name, v in given.items()})


@dataclass(frozen=True)
class UNetConfig(NetworkConfig):
    """The in-house U-Net and its ablations; the defaults are BSRNN-FAC-MRHA3 (M4)."""

    kind: ClassVar[str] = "unet"

    num_channel: int = 64
    """Width of the channel plan: layer i has max(8 * 2^(i-1), int(2^(i-1) * num_channel / 8)) channels."""
    num_layer: int = 5
    """Encoder layers: 5 or 6."""
    gate: Gate = "additive"
    """What frequency-adaptive convolution does to a layer's input; "none" is a plain convolution."""
    branches: tuple[Branch, ...] = BRANCHES
    """Attention branches of the row and column paths; none at all means the standard bottleneck, one 8-head attention
    over all positions."""
    exact_fit: bool = False
    """Output paddings that make every decoder level meet its skip. False is what existing checkpoints were trained
    with: some levels come out one bin too wide and are resampled."""
    dropout: float = 0.1
    """Dropout in the bottleneck."""
    norm: Norm = "utterance"
    """What the norms' statistics and the gates' means are taken over: the whole utterance, or at each frame what has been
    heard so far (cumulative)."""
    window: int = 0
    """How many frames attention along time sees: this one and those before it, an even number; 0: all, later ones too."""
    inner_width: int = 0
    """Width inside the bottleneck; 0 stands for half the channels that come in, as existing checkpoints have it."""

    def __post_init__(self) -> None:
        _require(
            _is_int(self.num_channel) and self.num_channel > 0, "num_channel", "a positive whole number", self
        )
        _require(_is_int(self.num_layer) and self.num_layer in (5, 6), "num_layer", "5 or 6", self)
        _require(self.gate in get_args(Gate), "gate", f"one of {', '.join(get_args(Gate))}", self)
        in_order = isinstance(self.branches, tuple) and self.branches == tuple(
            b for b in BRANCHES if b in self.branches
        )
        _require(in_order, "branches", "a selection of cross, dot, cos in this order", self)
        _require(isinstance(self.exact_fit, bool), "exact_fit", "true or false", self)
        _require(
            isinstance(self.dropout, int | float) and 0 <= self.dropout < 1, "dropout", "in [0, 1)", self
        )
        _require(
            _is_int(self.inner_width) and self.inner_width >= 0, "inner_width", "a whole number from 0", self
        )
        if not self.branches and self.width % HEADS:
            raise ModelUsageError(
                f"The standard bottleneck has {HEADS} heads, and its width {self.width} is no multiple of that; "
                f"set inner_width to one, such as {max(1, round(self.width / HEADS)) * HEADS}."
            )

        _require(self.norm in get_args(Norm), "norm", f"one of {', '.join(get_args(Norm))}", self)
        even = _is_int(self.window) and self.window >= 0 and self.window % 2 == 0
        _require(even, "window", "an even whole number from 0", self)
        if self.window and not self.branches:
            raise ModelUsageError("The standard bottleneck attends to everything; window needs branches.")

    @property
    def fewest_weights(self) -> int:
        """The convolutions of the encoder with a kernel of 1, and the one into the bottleneck."""
        pairs = zip(self.channels, self.channels[1:], strict=False)
        return sum(one * other for one, other in pairs) + self.channels[-1] * self.width

    @property
    def width(self) -> int:
        """Width inside the bottleneck."""
        return self.inner_width or self.channels[-1] // 2

    @property
    def causal(self) -> bool:
        """Whether no frame of the output depends on later frames of the input, so that the network can stream."""
        return self.norm == "cumulative" and self.window > 0

    @property
    def channels(self) -> tuple[int, ...]:
        """Channels after each encoder layer, the last of them the bottleneck's."""
        scale = self.num_channel / 128
        return tuple(max(8 * 2**i, int(16 * 2**i * scale)) for i in range(self.num_layer))


@dataclass(frozen=True)
class BSRNNConfig(NetworkConfig):
    """The plain band-split RNN, the baseline with a mask."""

    kind: ClassVar[str] = "bsrnn"

    num_channel: int = 64
    """Features a band (N)."""
    num_layer: int = 5
    """Recurrent blocks along time, and as many along bands (L)."""
    bands: tuple[int, ...] = (2, *[3] * 10, *[8] * 12, *[16] * 7, 17)
    """Width of each band in bins; together 257."""

    def __post_init__(self) -> None:
        _require(
            _is_int(self.num_channel) and self.num_channel > 0, "num_channel", "a positive whole number", self
        )
        _require(_is_int(self.num_layer) and self.num_layer > 0, "num_layer", "a positive whole number", self)
        fits = (
            isinstance(self.bands, tuple)
            and all(_is_int(b) and b > 0 for b in self.bands)
            and sum(self.bands) == 257
        )
        _require(fits, "bands", "positive whole numbers with the sum 257", self)

    @property
    def fewest_weights(self) -> int:
        """What a recurrent layer takes in, for each along time and along bands."""
        return 2 * self.num_layer * self.num_channel**2


def config_from_json(values: Mapping[str, Any]) -> NetworkConfig:
    """The configuration that `to_json` wrote. Raises ModelUsageError when it describes no network."""
    kinds: dict[str, type[NetworkConfig]] = {"unet": UNetConfig, "bsrnn": BSRNNConfig}
    kind = values.get("kind")
    if kind not in kinds:
        raise ModelUsageError(f"A network configuration needs kind unet or bsrnn, not {kind!r}.")
    return kinds[kind].from_values(values)


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _require(holds: bool, field: str, rule: str, config: NetworkConfig) -> None:
    if not holds:
        raise ModelUsageError(f"{field} must be {rule}, not {getattr(config, field)!r:.80}.")
