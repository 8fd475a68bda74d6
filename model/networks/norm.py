"""Instance normalisation, over a whole utterance or over what has been heard of it so far."""

from __future__ import annotations

import torch
from torch import Tensor, nn

EPSILON = 1e-5
BLOCK = 128
"""Frames worked on at a time where no gradients are needed: what is made of them on the way stays in the processor's cache,
and memory that was used a moment ago is faster to write to than fresh one."""


class InstanceNorm(nn.Module):
    """Each channel of [B, C, T, F] with mean 0 and variance 1 over T and F, then scaled and shifted.

    For tensors with channels last. torch's own instance norm first copies them into another order; its group norm does
    not, but takes the variance as E[x^2] - E[x]^2 in single precision, which loses the first digits when a mean is
    large. Here the input is centred before it is squared, and every step runs along rows of F C values.

    `overwrites`: without gradients the output takes the memory of the input, which the caller then has no other use for.
    """

    def __init__(self, channels: int, overwrites: bool = False) -> None:
        super().__init__()
        self.overwrites = overwrites
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor, act: OverwritingPReLU | None = None) -> Tensor:  # [B, C, T, F]
        """The norm of x; `act` is what follows it, which is done while a block of frames is in the processor's cache."""
        _, c, t, f = x.shape
        x = x.permute(0, 2, 3, 1)  # [B, T, F, C]

        def every_bin(values: Tensor) -> Tensor:  # [B, C] -> [B, 1, F, C], to work along whole rows
            return values[:, None, None].expand(-1, 1, f, c).contiguous()

        mean = x.mean(dim=1).mean(dim=1)  # [B, C]
        means = every_bin(mean)
        if torch.is_grad_enabled() or torch.compiler.is_exporting():
            centred = x - means  # [B, T, F, C]
            scale = self.scale(centred.square().mean(dim=1).mean(dim=1))
            out = torch.addcmul(every_bin(self.bias[None]), centred, every_bin(scale))
            out = out.permute(0, 3, 1, 2)  # [B, C, T, F], channels last
            return out if act is None else act(out)
        blocks = torch.split(x, BLOCK, dim=1)
        squares = torch.stack([(block - means).square_().sum(dim=1) for block in blocks])
        scale = self.scale(squares.sum(dim=0).mean(dim=1) / t)
        shifts, scales = every_bin(self.bias - mean * scale), every_bin(scale)
        out = x if self.overwrites else torch.empty_like(x)
        for block, place in zip(blocks, torch.split(out, BLOCK, dim=1), strict=True):
            torch.addcmul(shifts, block, scales, out=place)
            if act is not None:
                act(place.permute(0, 3, 1, 2))
        return out.permute(0, 3, 1, 2)

    def scale(self, variance: Tensor) -> Tensor:
        """What a centred channel is multiplied by, [B, C]."""
        return self.weight * torch.rsqrt(variance + EPSILON)


class OverwritingPReLU(nn.PReLU):
    """A PReLU on [B, C, T, F] whose output, without gradients, takes the memory of its input."""

    def forward(self, x: Tensor) -> Tensor:
        if torch.is_grad_enabled() or torch.compiler.is_exporting():
            return super().forward(x)
        # x + (slope - 1) min(x, 0), along rows of F C values: torch's own goes along C alone, and has no form in place.
        rows = x.permute(0, 2, 3, 1)  # [B, T, F, C]
        less = (self.weight - 1).expand(rows.shape[2:]).contiguous()  # [F, C]
        for part in torch.split(rows, BLOCK, dim=1):
            part.addcmul_(part.clamp(max=0), less)
        return x


class CumulativeNorm(nn.Module):
    """Each channel of [B, C, T, F] at each frame with the mean and variance over all bins of this and all earlier frames.

    The parameters are those of `InstanceNorm`. Sums over frames are kept in double precision: they only grow.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:  # [B, C, T, F]
        x = x.permute(0, 2, 3, 1)  # [B, T, F, C]
        means = x.mean(dim=2)  # [B, T, C]
        # Within a frame squares are taken about its own mean, so that a large mean costs no digits.
        within = (x - means[:, :, None]).square().mean(dim=2)
        exact = means.to(_sum_type(x))
        sums = torch.stack([exact, exact.square(), within.to(exact.dtype)]).cumsum(dim=2)  # [3, B, T, C]
        mean, square, variance = (sums / _counts(x.shape[1], exact)[:, None]).unbind()  # [B, T, C]
        variance = variance + (square - mean.square()).clamp(min=0)
        scale = self.weight * torch.rsqrt(variance + EPSILON).to(x.dtype)
        out = torch.addcmul(self.bias, x - mean.to(x.dtype)[:, :, None], scale[:, :, None])
        return out.permute(0, 3, 1, 2)  # [B, C, T, F], channels last


def cumulative_mean(x: Tensor) -> Tensor:
    """[B, C, T, F] -> at each frame the mean over all bins of this and all earlier frames, [B, T, C]."""
    sums = x.mean(dim=3).to(_sum_type(x)).cumsum(dim=2).transpose(1, 2)  # [B, T, C]
    return (sums / _counts(x.shape[2], sums)[:, None]).to(x.dtype)


def _sum_type(x: Tensor) -> torch.dtype:
    """Double precision where the device has it."""
    return torch.float32 if x.device.type == "mps" else torch.float64


def _counts(frames: int, like: Tensor) -> Tensor:
    """Frames heard at each of so many frames: [T]."""
    return torch.arange(1, frames + 1, dtype=like.dtype, device=like.device)
