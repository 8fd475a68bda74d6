"""Where a value inside a network can be taken out and put back changed, without touching the network's own code.

A site gives the value that a part works with (a gate in [0, 1], a branch's output, the skip half of a decoder level's
input) to a `Change`, and lets the network go on with what the change returns. Shapes: B batch, C channels, T frames,
F bins of the level, W inner width of the bottleneck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import torch
from torch import Tensor, nn

from model.networks.attention import HybridAttention
from model.networks.fac import FrequencyGate

Change = Callable[[Tensor, Tensor], Tensor | None]
"""(value, what stands in for it when the part is taken out) -> the value to go on with; None leaves the value alone."""
Undo = Callable[[], None]
Form = Literal["plain", "sigmoid", "softmax"]
"""How a module's output becomes the value: as it is, or by the function that the network applies to it next."""


class Site(Protocol):
    """A place in a network. `channel` is the dimension whose entries have a mean each; None: one mean for everything."""

    @property
    def channel(self) -> int | None: ...

    def through(self, network: nn.Module, change: Change) -> Undo:
        """From now on pass the value through `change`, until the returned function is called."""
        ...


@dataclass(frozen=True)
class Output:
    """The output of a module. `identity`: without the part its input passes, not zero."""

    module: str
    form: Form = "plain"
    channel: int | None = 1
    identity: bool = False

    def through(self, network: nn.Module, change: Change) -> Undo:
        def hook(_module: nn.Module, args: tuple[Any, ...], output: Any) -> Any:
            first = output[0] if isinstance(output, tuple) else output
            value = _value(first, self.form)
            new = change(value, args[0] if self.identity else torch.zeros_like(value))
            if new is None:
                return None
            back = _back(new, self.form)
            return (back, *output[1:]) if isinstance(output, tuple) else back

        return network.get_submodule(self.module).register_forward_hook(hook).remove


def _value(output: Tensor, form: Form) -> Tensor:
    if form == "sigmoid":
        return output.sigmoid()
    return output.softmax(dim=-1) if form == "softmax" else output


def _back(value: Tensor, form: Form) -> Tensor:
    """What the network's own sigmoid or softmax turns into this value; fresh memory, as it is written to later."""
    if form == "sigmoid":
        return value.logit()
    return value.log() if form == "softmax" else value


@dataclass(frozen=True)
class Skip:
    """The skip that a decoder level is given: the second half of its input's channels, [B, C, T, F]."""

    decoder: int
    channel: int | None = 1

    def through(self, network: nn.Module, change: Change) -> Undo:
        def hook(_module: nn.Module, args: tuple[Any, ...]) -> Any:
            below, skip = args[0].chunk(2, dim=1)
            new = change(skip, torch.zeros_like(skip))
            return None if new is None else (torch.cat([below, new], dim=1),)

        return network.get_submodule(f"decoder.{self.decoder}").register_forward_pre_hook(hook).remove


@dataclass(frozen=True)
class CodeBand:
    """One band of a FAC gate's position code, the entries `start` to `stop` of [F]."""

    module: str
    start: int
    stop: int
    channel: int | None = None

    def through(self, network: nn.Module, change: Change) -> Undo:
        def hook(_module: nn.Module, _args: tuple[Any, ...], code: Tensor) -> Tensor | None:
            return _in_band(code, self.start, self.stop, change)

        return network.get_submodule(self.module).register_forward_hook(hook).remove


@dataclass(frozen=True)
class Mask:
    """The gains of a direct FAC gate, [F], or one band of them."""

    module: str
    start: int
    stop: int
    channel: int | None = None

    def through(self, network: nn.Module, change: Change) -> Undo:
        gate = network.get_submodule(self.module)
        assert isinstance(gate, FrequencyGate)
        inside = gate.mask

        def mask(n_bins: int) -> Tensor:
            gains = inside(n_bins)
            new = _in_band(gains, self.start, self.stop, change)
            return gains if new is None else new

        return _shadow(gate, "mask", mask)


@dataclass(frozen=True)
class Queries:
    """The queries of one attention branch, [B, T, F, W]; all zero, they attend to every position alike."""

    module: str
    branch: str
    channel: int | None = 3

    def through(self, network: nn.Module, change: Change) -> Undo:
        attention = network.get_submodule(self.module)
        assert isinstance(attention, HybridAttention)
        inside = attention.queries_keys_values

        def queries_keys_values(x: Tensor) -> Iterator[tuple[Tensor, Tensor, Tensor, float]]:
            for branch, (q, k, v, scale) in zip(attention.branches, inside(x), strict=True):
                new = change(q, torch.zeros_like(q)) if branch == self.branch else None
                yield q if new is None else new, k, v, scale

        return _shadow(attention, "queries_keys_values", queries_keys_values)


@dataclass(frozen=True)
class Halving:
    """The sequence at half resolution that the cross branch attends to; without it every second position is taken."""

    module: str
    channel: int | None = 3

    def through(self, network: nn.Module, change: Change) -> Undo:
        attention = network.get_submodule(self.module)
        assert isinstance(attention, HybridAttention)
        inside = attention.halve

        def halve(x: Tensor) -> Tensor:
            half = inside(x)
            new = change(half, x[:, ::2] if attention.along_time else x[:, :, ::2])
            return half if new is None else new

        return _shadow(attention, "halve", halve)


@dataclass(frozen=True)
class Factor:
    """A parameter that is a factor on something else."""

    module: str
    name: str
    channel: int | None = None

    def through(self, network: nn.Module, change: Change) -> Undo:
        module = network.get_submodule(self.module)
        parameter = getattr(module, self.name)
        assert isinstance(parameter, nn.Parameter)
        kept = parameter.data
        new = change(kept.clone(), torch.zeros_like(kept))
        if new is not None:
            parameter.data = new

        def undo() -> None:
            parameter.data = kept

        return undo


def _in_band(values: Tensor, start: int, stop: int, change: Change) -> Tensor | None:
    """Values along frequency, [F], with the change in the entries `start` to `stop`; None where it leaves them alone."""
    band = values[start:stop]
    new = change(band, torch.zeros_like(band))
    return None if new is None else torch.cat([values[:start], new, values[stop:]])


def _shadow(module: nn.Module, name: str, function: Callable[..., Any]) -> Undo:
    """Put a function before a method of this one module; undoing brings back what was there, method or function."""
    before = module.__dict__.get(name)
    setattr(module, name, function)

    def undo() -> None:
        if before is None:
            delattr(module, name)
        else:
            setattr(module, name, before)

    return undo
