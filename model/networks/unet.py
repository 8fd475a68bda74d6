"""The complex-spectrum U-Net: encoder, bottleneck, decoder with skips. Its output is the enhanced spectrum, no mask.

Shapes: B batch, C channels, T frames, F bins. F goes 257, 128, 63, 31, 15, 7 (and 3 at six layers).
"""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model.networks.attention import AxialBottleneck, StandardBottleneck
from model.networks.config import Gate, Norm, UNetConfig
from model.networks.fac import FrequencyGate
from model.networks.norm import CumulativeNorm, InstanceNorm, OverwritingPReLU

EXTRA_BINS = {5: (0, 1, 0, 1, 0), 6: (0, 1, 1, 0, 1, 0)}
"""Output padding in frequency from the deepest level up, as existing checkpoints were trained: some levels come out one
bin wider than their skip and are resampled."""
EXACT_EXTRA_BINS = {5: (0, 0, 0, 1, 0), 6: (0, 0, 0, 0, 1, 0)}
"""The same with every level as wide as its skip."""

ONE_CONVOLUTION = 32
"""Up to so many output channels one convolution for even and odd bins together is faster than one for each."""


def norm_of(kind: Norm, channels: int) -> InstanceNorm | CumulativeNorm:
    """A fresh norm of a kind, for the output of a convolution."""
    return CumulativeNorm(channels) if kind == "cumulative" else InstanceNorm(channels, overwrites=True)


def activated(x: Tensor, norm: nn.Module, act: nn.Module) -> Tensor:
    """Norm and activation of x, which the norm of an utterance does together."""
    if isinstance(norm, InstanceNorm) and isinstance(act, OverwritingPReLU):
        return norm(x, act)  # type: ignore[no-any-return]
    return act(norm(x))  # type: ignore[no-any-return]


class EncoderLayer(nn.Module):
    """Gate, convolution, norm, activation; halves F. A frame depends on itself and the previous one, except through the
    norm (and the gate's scale), which sees the whole utterance, or, cumulative, everything so far."""

    def __init__(self, c_in: int, c_out: int, gate: Gate, norm: Norm) -> None:
        super().__init__()
        self.gate = FrequencyGate(c_in, gate, norm == "cumulative") if gate != "none" else nn.Identity()
        self.conv = nn.Conv2d(c_in, c_out, (2, 5), stride=(1, 2), padding=(1, 1))
        self.norm = norm_of(norm, c_out)
        self.act = OverwritingPReLU(c_out)

    def forward(self, x: Tensor) -> Tensor:  # [B, C_in, T, F]
        x = self.conv(self.gate(x))  # [B, C_out, T + 1, (F - 1) // 2]
        x = x[:, :, :-1]  # the last frame would be a step ahead
        return activated(x, self.norm, self.act)


class DecoderLayer(nn.Module):
    """Transposed convolution, one zero frame in front, norm, activation; doubles F. The last level is linear."""

    def __init__(self, c_in: int, c_out: int, extra_bins: int, last: bool, norm: Norm = "utterance") -> None:
        super().__init__()
        self.extra_bins = extra_bins
        self.conv = nn.ConvTranspose2d(
            c_in, c_out, (2, 5), stride=(1, 2), padding=(1, 1), output_padding=(0, extra_bins)
        )
        self.norm = nn.Identity() if last else norm_of(norm, c_out)
        self.act = nn.Identity() if last else OverwritingPReLU(c_out)

    def forward(self, x: Tensor) -> Tensor:  # [B, C_in, T, F]
        return activated(self.upsample(x), self.norm, self.act)

    def upsample(self, x: Tensor) -> Tensor:
        """The transposed convolution and the zero frame: [B, C_in, T, F] -> [B, C_out, T, 2 F + 1 + extra].

        Computed as ordinary convolutions for the even and the odd output bins (Shi et al. 2016), which is faster.
        With k the tap, output bin o = 2 m - 1 + k takes input bin m: even bins 2 j take taps 3, 1 of bins j - 1, j, odd
        bins 2 j + 1 taps 4, 2, 0 of bins j - 1, j, j + 1.
        """
        _b, c_in, t, f = x.shape
        c_out = self.conv.out_channels
        assert self.conv.bias is not None
        # Weights in the order of memory of channels last, in time the right way round: frames t - 1 and t.
        kernel = self.conv.weight.flatten(1).t().contiguous().view(c_out, 2, 5, c_in).flip(1)
        even, odd = kernel[:, :, [3, 1]], kernel[:, :, [4, 2, 0]]  # [C_out, 2, taps, C_in]
        if c_out > ONE_CONVOLUTION:
            even_bins = _convolved(x, even, self.conv.bias, padding=1)[:, :t]  # [B, T, F + 1, C_out]
            if self.extra_bins:
                odd_bins = _convolved(x, odd, self.conv.bias, padding=2)[:, :t, 1:]
            else:  # one odd bin less, and the last is no more computed than the one before the first
                odd_bins = F.pad(_convolved(x, odd, self.conv.bias, padding=1)[:, :t], (0, 0, 0, 1))
            bins = torch.stack([even_bins, odd_bins], dim=3).flatten(2, 3)  # [B, T, 2 F + 2, C_out]
        else:
            both = torch.cat([F.pad(even, (0, 0, 0, 1)), odd])  # [2 C_out, 2, 3, C_in], one tap more and zero
            halves = _convolved(x, both, self.conv.bias.repeat(2), padding=2)[:, :t]  # [B, T, F + 2, 2 C_out]
            bins = halves.reshape(*halves.shape[:2], -1, c_out)[:, :, 2:]  # no bins lie before the first
        # The first frame has no frame before it: it is the one that is zero.
        bins[:, 0] = 0
        return bins[:, :, : 2 * f + 1 + self.extra_bins].permute(0, 3, 1, 2)


def _convolved(x: Tensor, kernel: Tensor, bias: Tensor, padding: int) -> Tensor:
    """[B, C_in, T, F] and [C_out, 2, taps, C_in] -> [B, T + 1, F + 2 padding + 1 - taps, C_out]."""
    return F.conv2d(x, kernel.permute(0, 3, 1, 2), bias, padding=(1, padding)).permute(0, 2, 3, 1)


def one_bin_less(x: Tensor) -> Tensor:
    """[..., F] -> [..., F - 1], bilinear resampling (align_corners False) of a level one bin too wide.

    Output bin i lies at (i + 1/2) F / (F - 1) - 1/2 = i + (i + 1/2) / (F - 1), between bins i and i + 1.
    """
    n = x.shape[-1] - 1
    place = (torch.arange(n, dtype=x.dtype, device=x.device) + 0.5) / n
    return torch.lerp(x[..., :-1], x[..., 1:], place)


class UNet(nn.Module):
    """The network of a `UNetConfig`: complex [B, F, T] -> complex [B, F, T], F = 257; the first frame is always zero."""

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        self.config = config
        channels = (2, *config.channels)  # real and imaginary part first
        pairs = list(pairwise(channels))
        self.encoder = nn.ModuleList(
            EncoderLayer(c_in, c_out, config.gate, config.norm) for c_in, c_out in pairs
        )
        self.bottleneck = (
            AxialBottleneck(channels[-1], config)
            if config.branches
            else StandardBottleneck(channels[-1], config.width, config.dropout)
        )
        extra = (EXACT_EXTRA_BINS if config.exact_fit else EXTRA_BINS)[config.num_layer]
        self.decoder = nn.ModuleList(
            DecoderLayer(2 * c_deep, c_shallow, bins, c_shallow == 2, config.norm)
            for (c_shallow, c_deep), bins in zip(reversed(pairs), extra, strict=True)
        )

    def forward(self, spec: Tensor) -> Tensor:  # complex [B, F, T]
        # In memory frame after frame, as `torch.stft` gives it and `torch.istft` takes it: real and imaginary part are then
        # channels that come last.
        spec = spec.transpose(1, 2).contiguous().transpose(1, 2)
        return torch.view_as_complex(self.real(torch.view_as_real(spec)))  # [B, F, T]

    def real(self, parts: Tensor) -> Tensor:
        """The same in real numbers, [B, F, T, re/im] -> [B, F, T, re/im] (ONNX knows no complex ones)."""
        x = parts.permute(0, 3, 2, 1)  # [B, 2, T, F]
        # Convolutions are faster with channels last, and everything below keeps it so.
        x = x.contiguous(memory_format=torch.channels_last)
        skips = []
        for encode in self.encoder:
            x = encode(x)
            skips.append(x)
        x = self.bottleneck(x)
        for decode in self.decoder:
            skip = skips.pop()
            if x.shape[3] != skip.shape[3]:
                x = one_bin_less(x)
            x = decode(torch.cat([x, skip], dim=1))  # after the last: [B, 2, T, F]
        enhanced: Tensor = x.permute(0, 3, 2, 1)  # [B, F, T, re/im]
        return enhanced
