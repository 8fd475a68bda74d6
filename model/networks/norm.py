"""Instance normalisation over a whole utterance."""

from __future__ import annotations

import torch
from torch import Tensor, nn

EPSILON = 1e-5


class InstanceNorm(nn.Module):
    """Each channel of [B, C, T, F] with mean 0 and variance 1 over T and F, then scaled and shifted.

    For tensors with channels last. torch's own instance norm first copies them into another order; its group norm does
    not, but takes the variance as E[x^2] - E[x]^2 in single precision, which loses the first digits when a mean is
    large. Here the input is centred before it is squared, and every step runs along rows of F C values.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:  # [B, C, T, F]
        b, c, t, f = x.shape
        rows = x.permute(0, 2, 3, 1).flatten(2)  # [B, T, F C]
        mean = rows.mean(dim=1).view(b, f, c).mean(dim=1)  # [B, C]
        rows = rows - mean.repeat(1, f)[:, None]
        variance = rows.square().mean(dim=1).view(b, f, c).mean(dim=1)  # [B, C]
        scale = self.weight * torch.rsqrt(variance + EPSILON)  # [B, C]
        rows = torch.addcmul(self.bias.repeat(f), rows, scale.repeat(1, f)[:, None])
        return rows.view(b, t, f, c).permute(0, 3, 1, 2)  # [B, C, T, F], channels last
