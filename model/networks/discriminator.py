"""The metric discriminator (Fu et al. 2021, MetricGAN+): it learns to predict PESQ from a pair of magnitudes."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

OUTPUT_SCALE = 1.2


class MetricDiscriminator(nn.Module):
    """Two magnitude spectrograms, power-compressed by 0.3, [B, F, T] each -> quality [B] in (0, 1.2).

    `ndf` is the number of channels after the first layer. The four halvings need at least 16 frames (T).
    """

    def __init__(self, ndf: int = 16) -> None:
        super().__init__()
        self.ndf = ndf
        channels = (2, ndf, 2 * ndf, 4 * ndf, 8 * ndf)
        self.features = nn.Sequential(
            *(
                nn.Sequential(
                    spectral_norm(nn.Conv2d(c_in, c_out, 4, stride=2, padding=1, bias=False)),
                    nn.InstanceNorm2d(c_out, affine=True),
                    nn.PReLU(c_out),
                )
                for c_in, c_out in pairwise(channels)
            )
        )
        self.hidden = spectral_norm(nn.Linear(8 * ndf, 4 * ndf))
        self.dropout = nn.Dropout(0.3)
        self.act = nn.PReLU(4 * ndf)
        self.out = spectral_norm(nn.Linear(4 * ndf, 1))
        self.slope = nn.Parameter(torch.ones(1))

    def forward(self, reference: Tensor, estimate: Tensor) -> Tensor:  # [B, F, T], [B, F, T]
        x = self.features(torch.stack([reference, estimate], dim=1))  # [B, 8 ndf, F / 16, T / 16]
        x = x.amax(dim=(2, 3))  # [B, 8 ndf]
        x = self.out(self.act(self.dropout(self.hidden(x))))[:, 0]  # [B]
        return OUTPUT_SCALE * torch.sigmoid(self.slope * x)
