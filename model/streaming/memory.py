"""What a causal network carries from frame to frame, by name."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

State = dict[str, Tensor]
"""Everything remembered. It begins as zeros, so the state before the first frame may be empty, and its size does not depend
on how many frames there were."""
SEEN = "seen"
"""Name of the number of frames before, [1]."""


class Memory:
    """The state before a frame, and the one after it as it comes about."""

    def __init__(self, before: Mapping[str, Tensor], like: Tensor) -> None:
        self._before = before
        seen = before[SEEN] if SEEN in before else torch.zeros(1, dtype=torch.int64, device=like.device)
        self.after: State = {SEEN: seen + 1}
        self.seen = seen
        """Frames before this one, [1]."""
        self.exact = torch.float32 if like.device.type == "mps" else torch.float64
        """Type of running means: double precision where the device has it, as their steps only get smaller."""
        self.share = 1 / (seen + 1).to(self.exact)
        """Share of this frame in the mean over all frames so far, [1]."""

    def replaced(self, name: str, value: Tensor) -> Tensor:
        """What was remembered under a name; `value` is remembered instead."""
        self.after[name] = value
        return self.last(name, value)

    def last(self, name: str, like: Tensor) -> Tensor:
        """What was remembered under a name; zeros of the size of `like` at first."""
        return self._before[name] if name in self._before else torch.zeros_like(like)

    def mean(self, name: str, value: Tensor) -> Tensor:
        """The mean of all values so far under this name, this one included."""
        value = value.to(self.exact)
        self.after[name] = torch.lerp(self.last(name, value), value, self.share)
        return self.after[name]

    def moments(self, name: str, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and variance over the last dimension of x [B, C, F] and all that came before it: [B, C, 1] each."""
        variance, mean = torch.var_mean(x.to(self.exact), dim=2, correction=0, keepdim=True)
        before = self.last(f"{name}.mean", mean)
        within = self.mean(f"{name}.variance", variance)
        away = (mean - before).square() * (self.share - self.share.square())
        self.after[f"{name}.variance"] = within + away
        return self.mean(f"{name}.mean", mean), self.after[f"{name}.variance"]
