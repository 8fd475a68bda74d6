"""Running a network without one of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from model.data.audio import Samples
from model.inspection.parts import Fill, How, Part
from model.networks import Network
from model.stft import enhance

Means = Mapping[str, tuple[tuple[float, ...], ...]]
"""Name of a part -> for each of its sites the mean of every channel (one number where it has no channels)."""


@dataclass(frozen=True)
class Cut:
    """A part and what it is replaced by."""

    part: Part
    how: How

    @property
    def needs_mean(self) -> bool:
        """Whether the replacement is a mean over files."""
        return self.part.fill(self.how) is Fill.MEAN


def cuts_of(parts: Iterable[Part]) -> tuple[Cut, ...]:
    """Every way in which these parts can be replaced."""
    return tuple(Cut(part, how) for part in parts for how, _ in part.fills)


@contextmanager
def without(network: Network, cut: Cut, means: Means | None = None, keep: float = 0.0) -> Iterator[None]:
    """Within the block the network runs with the part replaced; `keep` mixes that share of the part back in (1: all).

    `means` must hold the part when it is replaced by its mean. Raises RuntimeError when the network ran and never passed a
    site, as a knock-out that does nothing must not look like a part that does nothing.
    """
    reached = [False] * len(cut.part.sites)
    with ExitStack() as stack:
        for place, site in enumerate(cut.part.sites):
            mean = (means or {})[cut.part.name][place] if cut.needs_mean else None

            def change(
                value: Tensor,
                stand_in: Tensor,
                place: int = place,
                mean: tuple[float, ...] | None = mean,
                channel: int | None = site.channel,
            ) -> Tensor:
                reached[place] = True
                other = stand_in if mean is None else _filled(value, mean, channel)
                return keep * value + (1 - keep) * other if keep else other.clone()

            stack.callback(site.through(network, change))
        yield
    if not all(reached):
        raise RuntimeError(f"the network never passed {cut.part.name}, so it was not knocked out")


def _filled(value: Tensor, mean: tuple[float, ...], channel: int | None) -> Tensor:
    numbers = value.new_tensor(mean)
    if channel is not None:
        shape = [1] * value.dim()
        shape[channel] = -1
        numbers = numbers.view(shape)
    return numbers.expand_as(value)


@torch.inference_mode()
def means_of(network: Network, parts: Iterable[Part], signals: Iterable[Samples]) -> Means:
    """The mean of each part that can be replaced by one: over frames and bins of a file, then over the files."""
    watched = [part for part in parts if any(fill is Fill.MEAN for _, fill in part.fills)]
    sums: dict[tuple[str, int], Tensor] = {}
    files = 0
    with ExitStack() as stack:
        for part in watched:
            for place, site in enumerate(part.sites):

                def note(
                    value: Tensor,
                    stand_in: Tensor,
                    key: tuple[str, int] = (part.name, place),
                    channel: int | None = site.channel,
                ) -> None:
                    del stand_in
                    found = value.double()
                    if channel is None:
                        mean = found.mean().reshape(1)
                    else:
                        mean = found.movedim(channel, 0).flatten(1).mean(dim=1)
                    sums[key] = sums.get(key, torch.zeros_like(mean)) + mean

                stack.callback(site.through(network, note))
        for signal in signals:
            enhance(network, torch.from_numpy(signal)[None])
            files += 1
    return {
        part.name: tuple(tuple((sums[part.name, place] / files).tolist()) for place in range(len(part.sites)))
        for part in watched
    }
