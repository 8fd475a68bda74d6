"""The two bottlenecks: row and column attention (MRHA3 and its smaller forms), and one attention over everything.

Shapes: B batch, C incoming channels, W inner width (C / 2 unless said otherwise), T frames, F bins (7 at five layers, 3 at six).
Attention over T never builds its T x T matrix (`scaled_dot_product_attention`), so memory grows linearly with T.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model.networks.codes import sinusoid
from model.networks.config import HEADS, Branch, UNetConfig
from model.networks.norm import CumulativeNorm, InstanceNorm
from model.networks.windows import attend_within

MIN_TEMPERATURE = 0.01


def softmax_of_few(x: Tensor) -> Tensor:
    """Softmax over the last dimension, of a few values: torch's own takes them position by position, this one along positions."""
    apart = x.flatten(0, -2).t().contiguous()  # [values, positions]
    return apart.softmax(dim=0).t().view(x.shape)


class HybridAttention(nn.Module):
    """Single-head attention along time or frequency, in up to three branches with a gate between them (MRHA3).

    cross: keys and values at half resolution; dot: ordinary; cos: cosine similarity over a learnt temperature.
    `window`: along time, how many frames are seen, this one and those before it; 0 for all.
    """

    def __init__(self, width: int, branches: tuple[Branch, ...], along_time: bool, window: int = 0) -> None:
        super().__init__()
        self.width, self.branches, self.along_time, self.window = width, branches, along_time, window
        # Every query, and the keys and values of full resolution, in the order of `projections`.
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

    def forward(self, x: Tensor) -> Tensor:  # [B, T, F, W]
        outputs = self.branch_outputs(x)
        if len(outputs) == 1:
            return outputs[0]
        gates = self.gates(outputs)
        mixed = gates[..., :1] * outputs[0]
        for i, output in enumerate(outputs[1:], start=1):
            mixed = torch.addcmul(mixed, gates[..., i : i + 1], output)
        return mixed  # [B, T, F, W]

    def gates(self, outputs: list[Tensor]) -> Tensor:
        """Share of each branch at each position, in sum 1: [B, T, F, branches]."""
        return softmax_of_few(self.gate(torch.cat(outputs, dim=3)))

    def branch_outputs(self, x: Tensor) -> list[Tensor]:
        """[B, T, F, W] -> the normalised output of each branch, [B, T, F, W]."""
        outputs = []
        for branch, (q, k, v, scale), norm in zip(
            self.branches, self.queries_keys_values(x), self.norms, strict=True
        ):
            if self.along_time:  # bins as heads, so that nothing is copied, here or on the way back
                q, k, v = (part.transpose(1, 2) for part in (q, k, v))  # [B, F, L, W]
                if self.window:
                    every = 2 if branch == "cross" else 1
                    attended = attend_within(q, k, v, scale, self.window, every).transpose(1, 2)
                else:
                    attended = F.scaled_dot_product_attention(q, k, v, scale=scale).transpose(1, 2)
            else:  # the L x L matrix of at most 7 x 7 is cheaper than the fused kernel's set-up for each frame
                shares = softmax_of_few(torch.matmul(q * scale, k.transpose(2, 3)))  # [B, T, F, F]
                attended = torch.matmul(shares, v)
            outputs.append(norm(attended))  # [B, T, F, W]
        return outputs

    def queries_keys_values(self, x: Tensor) -> Iterator[tuple[Tensor, Tensor, Tensor, float]]:
        """For each branch q [B, T, F, W], k and v (cross: of half the length) and the factor on their products."""
        for branch in self.branches:
            q = self.projected(x, "query", branch)
            if branch == "cross":
                half = self.halve(x)
                weights, biases = self.project_half.weight.chunk(2), self.project_half.bias.chunk(2)
                k, v = (F.linear(half, weight, bias) for weight, bias in zip(weights, biases, strict=True))
            else:
                k, v = (self.projected(x, role, branch) for role in ("key", "value"))
            if branch == "cos":
                temperature = self.temperature.clamp(min=MIN_TEMPERATURE)
                q = q * ((q.norm(dim=3, keepdim=True) + 1e-8) * temperature).reciprocal()
                k = k * (k.norm(dim=3, keepdim=True) + 1e-8).reciprocal()
            yield q, k, v, 1.0 if branch == "cos" else self.width**-0.5

    def projected(self, x: Tensor, role: str, branch: Branch) -> Tensor:
        """One projection of x, [B, T, F, W]. All in one product would lie apart in memory, which slows what follows."""
        first = self.projections.index((role, branch)) * self.width
        rows = slice(first, first + self.width)
        return F.linear(x, self.project.weight[rows], self.project.bias[rows])

    def halve(self, x: Tensor) -> Tensor:
        """Half the resolution along the path: [B, ceil(T / 2), F, W] or [B, T, ceil(F / 2), W].

        Position j is taken from 2 j - 1, 2 j and 2 j + 1, in a window from 2 j - 2, 2 j - 1 and 2 j, the past alone.
        """
        # As a 2-D convolution of the whole map, which needs no copy of x in another order.
        if self.along_time and self.window:
            x = F.pad(x, (0, 0, 0, 0, 2, 0))
            weight, stride, padding = self.downsample.weight[:, :, :, None], (2, 1), (0, 0)
        elif self.along_time:
            weight, stride, padding = self.downsample.weight[:, :, :, None], (2, 1), (1, 0)
        else:
            weight, stride, padding = self.downsample.weight[:, :, None, :], (1, 2), (0, 1)
        half = F.conv2d(x.permute(0, 3, 1, 2), weight, self.downsample.bias, stride, padding)
        return half.permute(0, 2, 3, 1)


class AxialBottleneck(nn.Module):
    """Attention along frequency for each frame (row) and along time for each bin (column), both from the same input."""

    def __init__(self, channels: int, config: UNetConfig) -> None:
        super().__init__()
        width = config.width
        norm = CumulativeNorm if config.norm == "cumulative" else InstanceNorm
        self.reduce = nn.Conv2d(channels, width, 1)
        self.reduce_act = nn.PReLU()
        self.code_scale = nn.Parameter(torch.tensor(0.1))
        self.row = HybridAttention(width, config.branches, along_time=False)
        self.row_norm = norm(width)
        self.column = HybridAttention(width, config.branches, along_time=True, window=config.window)
        self.column_norm = norm(width)
        self.row_weight, self.column_weight = nn.Parameter(torch.ones(1)), nn.Parameter(torch.ones(1))
        self.expand_act = nn.PReLU()
        self.expand = nn.Conv2d(width, channels, 1)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:  # [B, C, T, F]
        x = self.coded(x)  # [B, T, F, W]
        row = self.row_norm(self.row(x).permute(0, 3, 1, 2))  # [B, W, T, F]
        column = self.column_norm(self.column(x).permute(0, 3, 1, 2))  # [B, W, T, F]
        x = torch.addcmul(x.permute(0, 3, 1, 2), self.row_weight, row)
        x = torch.addcmul(x, self.column_weight, column)
        return self.dropout(self.expand(self.expand_act(x)))  # type: ignore[no-any-return]  # [B, C, T, F]

    def coded(self, x: Tensor) -> Tensor:
        """What both paths attend to: the input at inner width with its position codes, [B, T, F, W]."""
        x = self.dropout(self.reduce_act(self.reduce(x))).permute(0, 2, 3, 1)  # [B, T, F, W]
        time = sinusoid(x.shape[1], x.shape[3], like=x)  # [T, W]
        frequency = sinusoid(x.shape[2], x.shape[3], like=x)  # [F, W]
        return torch.addcmul(x, self.code_scale, time[:, None] + frequency)


class SelfAttention(nn.Module):
    """Multi-head self-attention; the parameters, their names and initial values are those of `nn.MultiheadAttention`.

    That module has a path of its own for evaluation which builds the L x L matrix of every head: 88 GB for a minute of
    audio. Here the matrix is never built, except in training with dropout, which torch's fused kernel for the CPU lacks.
    """

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.in_proj_weight = nn.Parameter(torch.empty(3 * width, width))  # query, key, value
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)
        self.dropout = nn.Dropout(dropout)
        nn.init.xavier_uniform_(self.in_proj_weight)
        nn.init.zeros_(self.out_proj.bias)

    def forward(self, x: Tensor) -> Tensor:  # [B, L, W]
        b, length, _ = x.shape
        joined = F.linear(x, self.in_proj_weight, self.in_proj_bias)  # [B, L, 3 W]
        # Heads apart in memory, which the kernel is faster with: [3, B, heads, L, W / heads].
        q, k, v = joined.view(b, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4).contiguous()
        dropped = self.dropout.p if self.training else 0.0
        attended = F.scaled_dot_product_attention(q, k, v, dropout_p=dropped)
        return self.out_proj(attended.transpose(1, 2).flatten(2))  # type: ignore[no-any-return]  # [B, L, W]


class StandardBottleneck(nn.Module):
    """One multi-head attention over all T F positions as a single sequence, frame by frame."""

    def __init__(self, channels: int, width: int, dropout: float) -> None:
        super().__init__()
        self.reduce = nn.Conv2d(channels, width, 1)
        self.reduce_act = nn.PReLU()
        self.attention = SelfAttention(width, HEADS, dropout)
        self.norm = nn.LayerNorm(width)
        self.expand_act = nn.PReLU()
        self.expand = nn.Conv2d(width, channels, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:  # [B, C, T, F]
        x = self.dropout(self.reduce_act(self.reduce(x)))  # [B, W, T, F]
        positions = x.flatten(2).transpose(1, 2)  # [B, T F, W]
        out = (
            self.norm(positions + self.attention(positions)).transpose(1, 2).reshape(x.shape)
        )  # [B, W, T, F]
        return self.dropout(self.expand(self.expand_act(out)))  # type: ignore[no-any-return]  # [B, C, T, F]
