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
        _, c, _, f = x.shape
        x = x.permute(0, 2, 3, 1)  # [B, T, F, C]

        def every_bin(values: Tensor) -> Tensor:  # [B, C] -> [B, 1, F, C], to work along whole rows
            return values[:, None, None].expand(-1, 1, f, c).contiguous()

        centred = x - every_bin(x.mean(dim=1).mean(dim=1))  # [B, T, F, C]
        variance = centred.square().mean(dim=1).mean(dim=1)  # [B, C]
        scale = every_bin(self.weight * torch.rsqrt(variance + EPSILON))
        into = None if torch.is_grad_enabled() else centred  # fresh memory is slow to write to
        out = torch.addcmul(every_bin(self.bias[None]), centred, scale, out=into)
        return out.permute(0, 3, 1, 2)  # [B, C, T, F], channels last
