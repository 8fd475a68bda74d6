"""The two bottlenecks: row and column attention (MRHA3 and its smaller forms), and one attention over everything.

Shapes: B batch, C incoming channels, W = C / 2 inner width, T frames, F bins (7 at five layers, 3 at six).
Attention never builds its L x L matrix (`scaled_dot_product_attention`), so memory grows linearly with T.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model.networks.codes import sinusoid
from model.networks.config import Branch

HEADS = 8
"""Heads of the standard bottleneck."""
MIN_TEMPERATURE = 0.01


class HybridAttention(nn.Module):
    """Single-head attention in up to three branches, and a gate between them (MRHA3 with all three).

    cross: keys and values at half resolution; dot: ordinary; cos: cosine similarity over a learnt temperature.
    """

    def __init__(self, width: int, branches: tuple[Branch, ...]) -> None:
        super().__init__()
        self.width, self.branches = width, branches
        # Every query, and the keys and values of full resolution, in one product (in the order of `projections`).
        self.project = nn.Linear(width, len(self.projections) * width)
        if "cross" in branches:
            self.downsample = nn.Conv1d(width, width, 3, stride=2, padding=1)
            self.project_half = nn.Linear(width, 2 * width)  # key, value
        if "cos" in branches:
            self.temperature = nn.Parameter(torch.tensor(0.1))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in branches)
        if len(branches) > 1:
            self.gate = nn.Linear(len(branches) * width, len(branches))

    @property
    def projections(self) -> tuple[tuple[str, Branch], ...]:
        """Role and branch of each width of `project`."""
        queries = [("query", branch) for branch in self.branches]
        full = [branch for branch in self.branches if branch != "cross"]
        return (*queries, *[("key", branch) for branch in full], *[("value", branch) for branch in full])

    def forward(self, x: Tensor) -> Tensor:  # [B, S, L, W]: S sequences of length L
        return self.mix(self.attend(x))

    def attend(self, x: Tensor) -> list[Tensor]:
        """The normalised output of each branch, [B, S, L, W]."""
        part = dict(zip(self.projections, self.project(x).split(self.width, dim=3), strict=True))
        if "cross" in self.branches:
            part["key", "cross"], part["value", "cross"] = self.project_half(self.halve(x)).split(
                self.width, dim=3
            )
        outputs = []
        for branch, norm in zip(self.branches, self.norms, strict=True):
            q, k, v = (part[role, branch] for role in ("query", "key", "value"))
            if branch == "cos":
                q = q / ((q.norm(dim=3, keepdim=True) + 1e-8) * self.temperature.clamp(min=MIN_TEMPERATURE))
                k = k / (k.norm(dim=3, keepdim=True) + 1e-8)
            scale = 1.0 if branch == "cos" else self.width**-0.5
            outputs.append(norm(F.scaled_dot_product_attention(q, k, v, scale=scale)))
        return outputs

    def halve(self, x: Tensor) -> Tensor:
        """[B, S, L, W] -> [B, S, ceil(L / 2), W]."""
        b, s, n, w = x.shape
        half: Tensor = self.downsample(x.reshape(b * s, n, w).transpose(1, 2))  # [B S, W, ceil(L / 2)]
        return half.transpose(1, 2).reshape(b, s, -1, w)

    def gates(self, outputs: list[Tensor]) -> Tensor:
        """Share of each branch at each position, [B, S, L, branches], in sum 1."""
        return self.gate(torch.cat(outputs, dim=3)).softmax(dim=3)  # type: ignore[no-any-return]

    def mix(self, outputs: list[Tensor]) -> Tensor:
        if len(outputs) == 1:
            return outputs[0]
        gates = self.gates(outputs)
        mixed = gates[..., :1] * outputs[0]
        for i, output in enumerate(outputs[1:], start=1):
            mixed = torch.addcmul(mixed, gates[..., i : i + 1], output)
        return mixed  # [B, S, L, W]


class AxialBottleneck(nn.Module):
    """Attention along frequency for each frame (row) and along time for each bin (column), both from the same input."""

    def __init__(self, channels: int, branches: tuple[Branch, ...], dropout: float) -> None:
        super().__init__()
        width = channels // 2
        self.reduce = nn.Conv2d(channels, width, 1)
        self.reduce_act = nn.PReLU()
        self.code_scale = nn.Parameter(torch.tensor(0.1))
        self.row, self.row_norm = HybridAttention(width, branches), nn.InstanceNorm2d(width, affine=True)
        self.column, self.column_norm = (
            HybridAttention(width, branches),
            nn.InstanceNorm2d(width, affine=True),
        )
        self.row_weight, self.column_weight = nn.Parameter(torch.ones(1)), nn.Parameter(torch.ones(1))
        self.expand_act = nn.PReLU()
        self.expand = nn.Conv2d(width, channels, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:  # [B, C, T, F]
        x = self.coded(x)  # [B, T, F, W]
        row = self.row(x)  # [B, T, F, W], T sequences of length F
        column = self.column(x.transpose(1, 2)).transpose(1, 2)  # [B, T, F, W], F sequences of length T
        x = x.permute(0, 3, 1, 2)  # [B, W, T, F]
        x = x + self.row_weight * self.row_norm(row.permute(0, 3, 1, 2))
        x = x + self.column_weight * self.column_norm(column.permute(0, 3, 1, 2))
        return self.dropout(self.expand(self.expand_act(x)))  # type: ignore[no-any-return]  # [B, C, T, F]

    def coded(self, x: Tensor) -> Tensor:
        """What both paths attend to: the input at inner width with its position codes, [B, T, F, W]."""
        x = self.dropout(self.reduce_act(self.reduce(x))).permute(0, 2, 3, 1)  # [B, T, F, W]
        time = sinusoid(x.shape[1], x.shape[3], like=x)  # [T, W]
        frequency = sinusoid(x.shape[2], x.shape[3], like=x)  # [F, W]
        return x + self.code_scale * (time[:, None] + frequency)


class StandardBottleneck(nn.Module):
    """One multi-head attention over all T F positions as a single sequence, frame by frame."""

    def __init__(self, channels: int, dropout: float) -> None:
        super().__init__()
        width = channels // 2
        self.reduce = nn.Conv2d(channels, width, 1)
        self.reduce_act = nn.PReLU()
        self.attention = nn.MultiheadAttention(width, HEADS, dropout=dropout, batch_first=True)
        self.norm = nn.LayerNorm(width)
        self.expand_act = nn.PReLU()
        self.expand = nn.Conv2d(width, channels, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:  # [B, C, T, F]
        x = self.dropout(self.reduce_act(self.reduce(x)))  # [B, W, T, F]
        positions = x.flatten(2).transpose(1, 2)  # [B, T F, W]
        attended, _ = self.attention(positions, positions, positions, need_weights=False)
        out = self.norm(positions + attended).transpose(1, 2).reshape(x.shape)  # [B, W, T, F]
        return self.dropout(self.expand(self.expand_act(out)))  # type: ignore[no-any-return]  # [B, C, T, F]
