"""Instance normalisation over a whole utterance."""

from __future__ import annotations

import os

import torch
from torch import Tensor, nn

V = os.environ.get("NORMV", "two")


class InstanceNorm(nn.GroupNorm):
    def __init__(self, channels: int) -> None:
        super().__init__(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        if V == "gn":
            if not x.is_contiguous():
                x = x - x.detach().mean(dim=(2, 3), keepdim=True)
            return super().forward(x)
        if V == "gnc":
            return super().forward(x.contiguous())
        if V == "gncc":
            return super().forward(x.contiguous()).contiguous(memory_format=torch.channels_last)
        if x.is_contiguous():
            return super().forward(x)
        b, c, t, f = x.shape
        y = x.permute(0, 2, 3, 1).flatten(2)
        m = y.mean(dim=1).view(b, f, c).mean(dim=1)
        y = y - m.repeat(1, f)[:, None]
        var = (y * y).mean(dim=1).view(b, f, c).mean(dim=1)
        s = torch.rsqrt(var + self.eps) * self.weight
        y = torch.addcmul(self.bias.repeat(f), y, s.repeat(1, f)[:, None])
        return y.view(b, t, f, c).permute(0, 3, 1, 2)
