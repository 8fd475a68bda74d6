"""The complex-spectrum U-Net: encoder, bottleneck, decoder with skips. Its output is the enhanced spectrum, no mask.

Shapes: B batch, C channels, T frames, F bins. F goes 257, 128, 63, 31, 15, 7 (and 3 at six layers).
"""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model.networks.attention import AxialBottleneck, StandardBottleneck
from model.networks.config import Gate, UNetConfig
from model.networks.fac import FrequencyGate

EXTRA_BINS = {5: (0, 1, 0, 1, 0), 6: (0, 1, 1, 0, 1, 0)}
"""Output padding in frequency from the deepest level up, as existing checkpoints were trained: some levels come out one
bin wider than their skip and are resampled."""
EXACT_EXTRA_BINS = {5: (0, 0, 0, 1, 0), 6: (0, 0, 0, 0, 1, 0)}
"""The same with every level as wide as its skip."""


class EncoderLayer(nn.Module):
    """Gate, convolution, norm, activation; halves F. A frame depends on itself and the previous one, except through the
    norm (and the gate's scale), which sees the whole utterance: the network is not causal."""

    def __init__(self, c_in: int, c_out: int, gate: Gate) -> None:
        super().__init__()
        self.gate = FrequencyGate(c_in, gate) if gate != "none" else nn.Identity()
        self.conv = nn.Conv2d(c_in, c_out, (2, 5), stride=(1, 2), padding=(1, 1))
        self.norm = nn.InstanceNorm2d(c_out, affine=True)
        self.act = nn.PReLU(c_out)

    def forward(self, x: Tensor) -> Tensor:  # [B, C_in, T, F]
        x = self.conv(self.gate(x))[
            :, :, :-1
        ]  # [B, C_out, T, (F - 1) // 2]; the last frame would be a step ahead
        return self.act(self.norm(x))  # type: ignore[no-any-return]


class DecoderLayer(nn.Module):
    """Transposed convolution, one zero frame in front, norm, activation; doubles F. The last level is linear."""

    def __init__(self, c_in: int, c_out: int, extra_bins: int, last: bool) -> None:
        super().__init__()
        self.conv = nn.ConvTranspose2d(
            c_in, c_out, (2, 5), stride=(1, 2), padding=(1, 1), output_padding=(0, extra_bins)
        )
        self.norm = nn.Identity() if last else nn.InstanceNorm2d(c_out, affine=True)
        self.act = nn.Identity() if last else nn.PReLU(c_out)

    def forward(self, x: Tensor) -> Tensor:  # [B, C_in, T, F]
        x = F.pad(self.conv(x), (0, 0, 1, 0))  # [B, C_out, T, 2 F + 1 + extra]
        return self.act(self.norm(x))  # type: ignore[no-any-return]


class UNet(nn.Module):
    """The network of a `UNetConfig`: complex [B, F, T] -> complex [B, F, T], F = 257; the first frame is always zero."""

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        self.config = config
        channels = (2, *config.channels)  # real and imaginary part first
        pairs = list(pairwise(channels))
        self.encoder = nn.ModuleList(EncoderLayer(c_in, c_out, config.gate) for c_in, c_out in pairs)
        self.bottleneck = (
            AxialBottleneck(channels[-1], config.branches, config.dropout)
            if config.branches
            else StandardBottleneck(channels[-1], config.dropout)
        )
        extra = (EXACT_EXTRA_BINS if config.exact_fit else EXTRA_BINS)[config.num_layer]
        self.decoder = nn.ModuleList(
            DecoderLayer(2 * c_deep, c_shallow, bins, last=c_shallow == 2)
            for (c_shallow, c_deep), bins in zip(reversed(pairs), extra, strict=True)
        )

    def forward(self, spec: Tensor) -> Tensor:  # complex [B, F, T]
        x = torch.view_as_real(spec).permute(0, 3, 2, 1).contiguous()  # [B, 2, T, F]
        skips = []
        for encode in self.encoder:
            x = encode(x)
            skips.append(x)
        x = self.bottleneck(x)
        for decode in self.decoder:
            skip = skips.pop()
            if x.shape[2:] != skip.shape[2:]:
                x = F.interpolate(x, skip.shape[2:], mode="bilinear", align_corners=False)
            x = decode(torch.cat([x, skip], dim=1))  # after the last: [B, 2, T, F]
        return torch.view_as_complex(x.permute(0, 3, 2, 1).contiguous())  # [B, F, T]
