"""The exponential moving average of a network's weights over the steps (EMA)."""

from __future__ import annotations

from copy import deepcopy

import torch

from model.networks import Network


class Average:
    """A copy of a network whose weights follow it: w <- d w + (1 - d) w', with d = min(decay, (1 + n) / (10 + n)).

    n counts the steps, so that the first ones are not held back by the initial weights.
    """

    def __init__(self, network: Network, decay: float) -> None:
        self.network = deepcopy(network).eval().requires_grad_(False)
        self.decay = decay
        self.steps = 0

    @torch.no_grad()
    def follow(self, network: Network) -> None:
        """After a step of the network."""
        self.steps += 1
        weight = 1 - min(self.decay, (1 + self.steps) / (10 + self.steps))
        for own, other in zip(self.network.parameters(), network.parameters(), strict=True):
            own.lerp_(other, weight)
