"""Plain band-split RNN (Luo and Yu 2023, in the public re-implementation's form), the baseline that estimates a mask.

Shapes: B batch, K bands, N features a band, T frames, F = 257 bins.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model.networks.config import BSRNNConfig

TAPS = 3
"""The mask filters three frames: the previous, the current and the next one."""


class BandEmbedding(nn.Module):
    """The bins of one band -> N features."""

    def __init__(self, width: int, n: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(1, 2 * width)
        self.linear = nn.Linear(2 * width, n)

    def forward(self, band: Tensor) -> Tensor:  # [B, width, T, re/im]
        values = band.transpose(2, 3).flatten(1, 2)  # [B, 2 width, T]: re0, im0, re1, im1, ...
        return self.linear(self.norm(values).transpose(1, 2))  # type: ignore[no-any-return]  # [B, T, N]


class RecurrentBlock(nn.Module):
    """Norm over all bands and frames, LSTM along time or (in both directions) along bands, linear, residual."""

    def __init__(self, n: int, along_bands: bool) -> None:
        super().__init__()
        self.along_bands = along_bands
        self.norm = nn.GroupNorm(1, n)
        self.lstm = nn.LSTM(n, 2 * n, batch_first=True, bidirectional=along_bands)
        self.linear = nn.Linear(4 * n if along_bands else 2 * n, n)

    def forward(self, x: Tensor) -> Tensor:  # [B, K, T, N]
        y = self.norm(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)  # [B, K, T, N]
        y = y.transpose(1, 2) if self.along_bands else y  # [B, sequences, positions, N]
        hidden = self.lstm(y.flatten(0, 1))[0]  # [B sequences, positions, 2 N or 4 N]
        # The last size is named, as torch's exporter takes an LSTM's length for fixed and would compute it wrongly.
        out: Tensor = self.linear(hidden.reshape(*y.shape[:3], self.linear.in_features))
        return x + (out.transpose(1, 2) if self.along_bands else out)


class BandMask(nn.Module):
    """N features -> three complex taps for each bin of one band."""

    def __init__(self, width: int, n: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(1, n)
        self.hidden = nn.Linear(n, 4 * n)
        self.out = nn.Linear(4 * n, 2 * width * TAPS * 2)  # GLU halves it

    def forward(self, x: Tensor) -> Tensor:  # [B, T, N]
        y = self.norm(x.transpose(1, 2)).transpose(1, 2)
        y = F.glu(self.out(self.hidden(y).tanh()), dim=2)  # [B, T, width * 3 * 2]
        return y.reshape(*y.shape[:2], -1, TAPS, 2)  # [B, T, width, 3, re/im]


class BSRNN(nn.Module):
    """The network of a `BSRNNConfig`: complex [B, F, T] -> complex [B, F, T], F = 257."""

    def __init__(self, config: BSRNNConfig) -> None:
        super().__init__()
        self.config = config
        n = config.num_channel
        self.embed = nn.ModuleList(BandEmbedding(width, n) for width in config.bands)
        self.along_time = nn.ModuleList(RecurrentBlock(n, along_bands=False) for _ in range(config.num_layer))
        self.along_bands = nn.ModuleList(RecurrentBlock(n, along_bands=True) for _ in range(config.num_layer))
        self.masks = nn.ModuleList(BandMask(width, n) for width in config.bands)

    def forward(self, spec: Tensor) -> Tensor:  # complex [B, F, T]
        return torch.view_as_complex(self.real(torch.view_as_real(spec)))  # [B, F, T]

    def real(self, parts: Tensor) -> Tensor:
        """The same in real numbers, [B, F, T, re/im] -> [B, F, T, re/im] (ONNX knows no complex ones)."""
        bands = torch.split(parts, list(self.config.bands), dim=1)
        embedded = [embed(band) for embed, band in zip(self.embed, bands, strict=True)]
        x = torch.stack(embedded, dim=1)  # [B, K, T, N]
        for block in (*self.along_time, *self.along_bands):
            x = block(x)
        masks = torch.cat([mask(x[:, k]) for k, mask in enumerate(self.masks)], dim=2)  # [B, T, F, 3, re/im]
        masks = masks.transpose(1, 2)  # [B, F, T, 3, re/im]
        frames = F.pad(parts, (0, 0, 1, 1))  # [B, F, T + 2, re/im], zero beyond the ends
        out = torch.zeros_like(parts)
        for tap in range(TAPS):  # the previous, the current and the next frame
            real, imag = frames[:, :, tap : tap + parts.shape[2]].unbind(dim=3)  # [B, F, T]
            mask_real, mask_imag = masks[:, :, :, tap].unbind(dim=3)
            product = (mask_real * real - mask_imag * imag, mask_real * imag + mask_imag * real)
            out = out + torch.stack(product, dim=3)
        return out
