"""The bottleneck of a causal network, frame by frame: attention along time to what is remembered of the window.

Shapes: B batch, C channels, F bins, W inner width, N branches with keys at every frame.
"""

from __future__ import annotations

from copy import deepcopy

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model.networks.attention import MIN_TEMPERATURE, AxialBottleneck, HybridAttention
from model.networks.codes import sinusoid, sinusoid_of, sinusoid_rates
from model.networks.norm import EPSILON
from model.streaming.memory import Memory


class FrameBottleneck(nn.Module):
    """`AxialBottleneck`, frame by frame: [B, C, F] -> [B, C, F]."""

    def __init__(self, bottleneck: nn.Module, bins: int) -> None:
        super().__init__()
        assert isinstance(bottleneck, AxialBottleneck)
        bottleneck = deepcopy(bottleneck)  # not to be changed with the network
        self.inner, width = bottleneck, bottleneck.reduce.out_channels
        like, scale = bottleneck.reduce.weight, bottleneck.code_scale
        self.frequency = nn.Parameter(scale * sinusoid(bins, width, like=like))  # [F, W]
        self.rates = nn.Parameter(sinusoid_rates(width, like))
        self.row = _FrameAttention(bottleneck.row)
        self.column = _FrameAttention(bottleneck.column)

    def forward(self, x: Tensor, memory: Memory) -> Tensor:
        inner = self.inner
        x = F.linear(x.transpose(1, 2), inner.reduce.weight[:, :, 0, 0], inner.reduce.bias)
        x = F.prelu(x, inner.reduce_act.weight)
        time = sinusoid_of(memory.seen.to(x.dtype), self.rates)  # [1, W]
        x = x + inner.code_scale * time + self.frequency  # [B, F, W]
        row = self._normed(self.row.along_bins(x), inner.row_norm, "row.norm", memory)
        column = self._normed(self.column.along_time(x, memory), inner.column_norm, "column.norm", memory)
        x = F.prelu(x + inner.row_weight * row + inner.column_weight * column, inner.expand_act.weight)
        return F.linear(x, inner.expand.weight[:, :, 0, 0], inner.expand.bias).transpose(1, 2)

    def _normed(self, x: Tensor, norm: nn.Module, name: str, memory: Memory) -> Tensor:
        """A cumulative norm on [B, F, W]."""
        mean, variance = (part.transpose(1, 2) for part in memory.moments(name, x.transpose(1, 2)))
        scale = norm.get_parameter("weight") * torch.rsqrt(variance + EPSILON).to(x.dtype)  # [B, 1, W]
        return torch.addcmul(norm.get_parameter("bias"), x - mean.to(x.dtype), scale)


class _FrameAttention(nn.Module):
    """`HybridAttention` for one frame [B, F, W]."""

    def __init__(self, attention: HybridAttention) -> None:
        super().__init__()
        self.inner = attention
        self.full = [branch for branch in attention.branches if branch != "cross"]

    def along_bins(self, x: Tensor) -> Tensor:
        """Attention of the frame's bins to each other: [B, F, W]."""
        half = None
        if "cross" in self.inner.branches:
            down = self.inner.downsample
            half = F.conv1d(x.transpose(1, 2), down.weight, down.bias, 2, 1).transpose(1, 2)
        queries, keys, values = self._projected(x)
        outputs = _attend(queries, keys, values)  # N of [B, F, W]
        if half is not None:
            k, v = self._of_half(half)
            outputs = [*_attend([self._cross_query(x)], [k], [v]), *outputs]
        return self._mixed(outputs)

    def along_time(self, x: Tensor, memory: Memory) -> Tensor:
        """Attention of the frame to the window that ends with it, for each bin: [B, F, W]."""
        size = self.inner.window
        queries, keys, values = self._projected(x)
        new = torch.stack([*keys, *values], dim=1)  # [B, 2 N, F, W]
        kept = _written(memory, "column.full", new, size, memory.seen % size)  # [B, 2 N, F, window, W]
        k, v = kept.chunk(2, dim=1)
        q = torch.stack(queries, dim=1)[:, :, :, None]  # [B, N, F, 1, W]
        slots = torch.arange(size, device=x.device)
        outputs = list(_heard(q, k, v, slots <= memory.seen).unbind(dim=1))
        if "cross" in self.inner.branches:
            outputs = [self._cross_along_time(x, memory), *outputs]
        return self._mixed(outputs)

    def _cross_along_time(self, x: Tensor, memory: Memory) -> Tensor:
        """The branch with keys and values at every other frame, each made of three frames."""
        down, size = self.inner.downsample, self.inner.window // 2
        wide = torch.cat([memory.last("column.two", torch.cat([x, x], dim=2)), x], dim=2)  # [B, F, 3 W]
        memory.after["column.two"] = wide[:, :, x.shape[2] :]
        half = F.linear(wide, down.weight.transpose(1, 2).flatten(1), down.bias)  # [B, F, W]
        new = torch.stack(self._of_half(half), dim=1)  # [B, 2, F, W]
        # At an odd frame there is nothing new: it goes into a slot of its own that is not heard.
        pairs = memory.seen // 2
        slot = torch.where(memory.seen % 2 == 0, pairs % size, size)
        k, v = _written(memory, "column.cross", new, size + 1, slot).chunk(2, dim=1)  # [B, 1, F, size + 1, W]
        slots = torch.arange(size, device=x.device)
        query = self._cross_query(x)[:, None, :, None]
        return _heard(query, k[:, :, :, :size], v[:, :, :, :size], slots <= pairs)[:, 0]

    def _projected(self, x: Tensor) -> tuple[list[Tensor], list[Tensor], list[Tensor]]:
        """Queries, keys and values of the branches at full resolution, each [B, F, W]; factors are in the queries."""
        parts = dict(
            zip(
                self.inner.projections,
                F.linear(x, self.inner.project.weight, self.inner.project.bias).chunk(
                    len(self.inner.projections), dim=2
                ),
                strict=True,
            )
        )
        queries, keys = [], []
        for branch in self.full:
            q, k = parts["query", branch], parts["key", branch]
            if branch == "cos":
                temperature = self.inner.temperature.clamp(min=MIN_TEMPERATURE)
                q = q / ((q.norm(dim=2, keepdim=True) + 1e-8) * temperature)
                k = k / (k.norm(dim=2, keepdim=True) + 1e-8)
            else:
                q = q * self.inner.width**-0.5
            queries.append(q)
            keys.append(k)
        return queries, keys, [parts["value", branch] for branch in self.full]

    def _cross_query(self, x: Tensor) -> Tensor:
        query: Tensor = self.inner.projected(x, "query", "cross") * self.inner.width**-0.5
        return query

    def _of_half(self, half: Tensor) -> tuple[Tensor, Tensor]:
        k, v = F.linear(half, self.inner.project_half.weight, self.inner.project_half.bias).chunk(2, dim=2)
        return k, v

    def _mixed(self, outputs: list[Tensor]) -> Tensor:
        normed = [norm(out) for norm, out in zip(self.inner.norms, outputs, strict=True)]
        if len(normed) == 1:
            only: Tensor = normed[0]
            return only
        gates = self.inner.gates([out[:, None] for out in normed])[:, 0]  # [B, F, branches]
        mixed: Tensor = (gates[:, :, None] @ torch.stack(normed, dim=2))[:, :, 0]
        return mixed


def _attend(queries: list[Tensor], keys: list[Tensor], values: list[Tensor]) -> list[Tensor]:
    """Softmax attention of [B, L, W] for each of several branches."""
    return [(q @ k.transpose(1, 2)).softmax(dim=2) @ v for q, k, v in zip(queries, keys, values, strict=True)]


def _heard(q: Tensor, k: Tensor, v: Tensor, there: Tensor) -> Tensor:
    """One query [B, N, F, 1, W] to the slots [B, N, F, size, W] that are `there` [size]: [B, N, F, W]."""
    products = (q @ k.transpose(3, 4)).masked_fill(~there, float("-inf"))
    return (products.softmax(dim=4) @ v)[:, :, :, 0]


def _written(memory: Memory, name: str, new: Tensor, size: int, slot: Tensor) -> Tensor:
    """What is remembered [B, N, F, size, W], with `new` [B, N, F, W] in one slot (a number in [1]).

    The order of slots does not matter to attention, so the oldest is overwritten and nothing is moved.
    """
    wide = new[:, :, :, None]
    last = memory.last(name, wide.expand(-1, -1, -1, size, -1))
    memory.after[name] = last.index_copy(3, slot, wide)
    return memory.after[name]
