"""Frequency-adaptive convolution (FAC): a gate in front of an encoder layer's convolution.

Shapes: B batch, C channels, T frames, F bins of the layer (257 at the first, 15 at the fifth).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model.networks.codes import INITIAL_BAND_WEIGHTS, N_BINS, band_sizes, sinusoid
from model.networks.config import Gate
from model.networks.norm import cumulative_mean


class Pointwise(nn.Conv2d):
    """A 1x1 convolution."""

    def forward(self, x: Tensor) -> Tensor:  # [B, C, T, F]
        # One tap has no distance to the next, but torch hands no 1x1 convolution without one to oneDNN, which is faster.
        return F.conv2d(x, self.weight, self.bias, dilation=2)


class BandCode(nn.Module):
    """A learnt code for each bin, the same for every channel and frame: one vector a band, times the band's weight."""

    def __init__(self) -> None:
        super().__init__()
        low, mid, high = band_sizes(N_BINS)  # 9, 100, 148
        self.low = nn.Parameter(_initial_code(0, low))
        self.mid = nn.Parameter(_initial_code(low, mid))
        self.high = nn.Parameter(_initial_code(low + mid, high))
        self.weights = nn.Parameter(torch.tensor(INITIAL_BAND_WEIGHTS))

    def forward(self, n_bins: int) -> Tensor:
        weights = band_weights(self.weights)
        pieces = [
            weights[band] * F.interpolate(vector[None, None], size, mode="linear", align_corners=False)[0, 0]
            for band, (vector, size) in enumerate(
                zip((self.low, self.mid, self.high), band_sizes(n_bins), strict=True)
            )
            if size > 0  # at 15 bins nothing lies below 300 Hz
        ]
        return torch.cat(pieces)  # [F]


def gate_twice(x: Tensor, a: Tensor, b: Tensor) -> Tensor:
    """x sigmoid(a) sigmoid(b); without gradients in the memory of a and b, as memory is what limits the speed here."""
    if torch.is_grad_enabled():
        return x * a.sigmoid() * b.sigmoid()
    return a.sigmoid_().mul_(x).mul_(b.sigmoid_())


def band_weights(raw: Tensor) -> Tensor:
    """The three bands' weights in use, 3 * softmax: they are positive and average to 1."""
    return 3 * raw.softmax(dim=0)


def _initial_code(offset: int, n: int) -> Tensor:
    code = sinusoid(n, 16, like=torch.empty(0), offset=offset).mean(dim=1)
    return (code - code.min()) / (code.max() - code.min() + 1e-8)  # [n], in [0, 1]


class FrequencyGate(nn.Module):
    """X -> X + G A (P s), or X (1 + G A (P s)), or X (M G A).

    A = X sigmoid(depthwise(X)) is attention along frequency, G = sigmoid(1x1(X)), P the band code, s one scale a channel
    from the mean of X (over the utterance, or, `cumulative`, at each frame over what came so far), M three learnt gains.
    As A contains X, the last two are quadratic in X.
    """

    def __init__(self, channels: int, kind: Gate, cumulative: bool = False) -> None:
        super().__init__()
        self.kind, self.cumulative = kind, cumulative
        self.depthwise = nn.Conv2d(channels, channels, (1, 5), padding=(0, 2), groups=channels)
        self.gate = Pointwise(channels, channels, 1)
        if kind == "direct":
            self.gains = nn.Parameter(torch.tensor(INITIAL_BAND_WEIGHTS))
        else:
            self.code = BandCode()
            self.scale = nn.Linear(channels, channels)

    def forward(self, x: Tensor) -> Tensor:  # [B, C, T, F]
        gated = gate_twice(x, self.depthwise(x), self.gate(x))  # [B, C, T, F]
        if self.kind == "direct":
            return x * (gated * self.mask(x.shape[3]))
        mean = cumulative_mean(x) if self.cumulative else x.mean(dim=(2, 3))[:, None]
        scale = self.scale(mean).sigmoid()  # [B, 1 or T, C]
        # Made with channels last, as x is: products of tensors in two orders take five times as long.
        code = (scale[:, :, None] * self.code(x.shape[3])[:, None]).permute(0, 3, 1, 2)  # [B, C, 1 or T, F]
        if self.kind == "multiplicative":
            return torch.addcmul(x, x, gated * code)
        if torch.is_grad_enabled() or torch.compiler.is_exporting():
            return torch.addcmul(x, gated, code)
        return torch.addcmul(x, gated, code, out=gated)

    def mask(self, n_bins: int) -> Tensor:
        """The gain of each bin, [F]."""
        gains = band_weights(self.gains)
        return torch.cat([gains[band].expand(size) for band, size in enumerate(band_sizes(n_bins))])
