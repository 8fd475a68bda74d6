"""How far a checkpoint's weights are from where they started.

Some weights start at the same values whatever the seed (norms, slopes, position codes, band weights, temperatures), the rest
are drawn. Where the checkpoint lies in the folder of a run that was trained here with this version of torch, the drawn ones
are made again from its seed; otherwise only their size can be compared, which every draw shares.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import torch
from torch import Tensor

from model.checkpoint import load_checkpoint
from model.errors import ModelUsageError
from model.inspection.parts import Part, parts_of
from model.networks import Network, NetworkConfig, build
from model.networks.names import to_stored

STILL = 0.01
"""Weights that moved by less than this, relative to their initial size, are called still at their initial value."""
NOISE_UNITS = 2.0
"""So are weights that moved by less than so many times the spread between two seeds."""
SHRUNK = 0.1
"""Weights of less than this part of their initial size have all but vanished."""
GROWN = 5.0
"""Weights of more than so many times their initial size, where that size is fixed."""
SEEDS = (1, 2)
"""Any two seeds: what they share does not depend on the seed."""


class State(StrEnum):
    """What the distance from the initial value says of a weight."""

    ZERO = "zero"
    SHRUNK = "shrunk"
    EVEN = "the same everywhere"
    GROWN = "grown"
    INITIAL = "still at its initial value"
    MOVED = "moved"


@dataclass(frozen=True)
class WeightState:
    """One tensor of a checkpoint, under its stored name.

    `part` is the smallest part that it belongs to ("" outside all). `size` is its root mean square relative to that of an
    initialisation (None where that is zero). `moved` is the root mean square of its distance from its own initial value,
    relative to the size of that (None where the initial value is not known or zero). `noise_units` is the distance in
    units of the spread between two seeds, where a second run was given and the initial value does not depend on the seed.
    """

    name: str
    part: str
    size: float | None
    moved: float | None
    noise_units: float | None
    state: State

    def __str__(self) -> str:
        if self.state is State.ZERO:
            return f"{self.name} is zero throughout"
        if self.state is State.EVEN:
            return f"{self.name} has the same value everywhere, and started with different ones"
        if self.state in (State.SHRUNK, State.GROWN):
            factor = f"{self.size:.2g}" if self.size is not None else ""
            return f"{self.name} has {factor} times the size it started with"
        if self.state is State.INITIAL:
            units = (
                "" if self.noise_units is None else f", {self.noise_units:.1f} times the spread between seeds"
            )
            moved = "" if self.moved is None else f" (moved by {self.moved:.2%}{units})"
            return f"{self.name} is still at its initial value{moved}"
        return f"{self.name} has moved"


@dataclass(frozen=True)
class Initial:
    """Initial weights under their stored names: those that every seed shares, and this run's own where they are known.

    `why` says where the drawn ones come from, or why they are not known.
    """

    typical: Mapping[str, Tensor]
    shared: frozenset[str]
    own: Mapping[str, Tensor]
    why: str


def initial_weights(checkpoint: Path, config: NetworkConfig) -> Initial:
    """What the weights of a checkpoint started at, as far as that can be known."""
    first, second = (_drawn(config, seed) for seed in SEEDS)
    shared = frozenset(name for name in first if torch.equal(first[name], second[name]))
    fixed = {name: first[name] for name in shared}
    seed, why = _seed(checkpoint)
    if seed is None:
        return Initial(first, shared, fixed, why)
    return Initial(first, shared, _drawn(config, seed), why)


def _drawn(config: NetworkConfig, seed: int) -> dict[str, Tensor]:
    """A fresh network's weights as training draws them, leaving the generator's state as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return to_stored(build(config))


def _seed(checkpoint: Path) -> tuple[int | None, str]:
    """The seed that a checkpoint's network was drawn with, or None and why it cannot be known."""
    folder = Path(checkpoint).parent
    try:
        config = json.loads((folder / "config.json").read_text())
        environment = json.loads((folder / "environment.json").read_text())
        seed = int(config["recipe"]["seed"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, "the checkpoint lies in no training run, so what was drawn is not known"
    if config.get("from"):
        return None, "the run began from another checkpoint"
    version = environment.get("libraries", {}).get("torch")
    if version != torch.__version__:
        return None, f"the run used torch {version}, this is {torch.__version__}, which may draw other values"
    return seed, f"drawn again with the run's seed {seed}"


def weight_states(checkpoint: Path, other: Path | None = None) -> tuple[tuple[WeightState, ...], str]:
    """The state of every tensor of a checkpoint, and where its initial values come from.

    `other`: a checkpoint of a run that differs in its seed alone, for the unit of training noise. Raises CheckpointError,
    and ModelUsageError when the two are different networks.
    """
    network, meta = load_checkpoint(checkpoint)
    initial = initial_weights(checkpoint, meta.config)
    twin: dict[str, Tensor] = {}
    if other is not None:
        second, other_meta = load_checkpoint(other)
        if other_meta.config != meta.config:
            raise ModelUsageError(
                f"{other} holds another network than {checkpoint}; name a run of another seed."
            )
        if other_meta.sha256 == meta.sha256:
            raise ModelUsageError(f"{other} is {checkpoint}; name a run of another seed.")
        twin = to_stored(second)
    owners = _owners(network)
    states = []
    for name, weight in to_stored(network).items():
        states.append(_state(name, weight, owners.get(name, ""), initial, twin.get(name)))
    return tuple(states), initial.why


def _owners(network: Network) -> dict[str, str]:
    """Stored name -> the part it belongs to with the fewest tensors."""
    names = list(to_stored(network))

    def inside(part: Part) -> list[str]:
        return [name for name in names if any(name.startswith(start) for start in part.stored)]

    owners: dict[str, str] = {}
    for part in sorted(parts_of(network), key=lambda part: -len(inside(part))):
        owners |= dict.fromkeys(inside(part), part.name)
    return owners


def _state(name: str, weight: Tensor, part: str, initial: Initial, twin: Tensor | None) -> WeightState:
    typical, own = initial.typical[name], initial.own.get(name)
    size = _rms(weight) / _rms(typical) if _rms(typical) else None
    moved = _rms(weight - own) / _rms(own) if own is not None and _rms(own) else None
    units = None
    if twin is not None and name in initial.shared:
        noise = _rms(weight - twin) / 2**0.5
        distance = _rms(weight - initial.typical[name])
        units = distance / noise if noise else None
    return WeightState(
        name, part, size, moved, units, _judge(weight, typical, name in initial.shared, size, moved, units)
    )


def _judge(
    weight: Tensor, typical: Tensor, fixed: bool, size: float | None, moved: float | None, units: float | None
) -> State:
    if size is None:  # starts at zero: that it is near zero says nothing
        return State.MOVED
    if not weight.any():
        return State.ZERO
    if size < SHRUNK:
        return State.SHRUNK
    if size > GROWN and fixed:
        return State.GROWN
    if (
        weight.numel() > 1
        and float(weight.std()) < 1e-6 * _rms(weight)
        and float(typical.std()) > 0.01 * _rms(typical)
    ):
        return State.EVEN
    still = (moved is not None and moved < STILL) or (units is not None and units < NOISE_UNITS)
    return State.INITIAL if still else State.MOVED


def _rms(weight: Tensor) -> float:
    return float(weight.double().square().mean().sqrt())
