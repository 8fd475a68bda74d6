"""Attention to a window of the past, in memory that grows linearly with the length."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def attend_within(q: Tensor, k: Tensor, v: Tensor, scale: float, window: int, every: int) -> Tensor:
    """Softmax attention of each frame to the `window` frames that end with it: [B, F, T, W] of queries, the same out.

    Keys and values [B, F, ceil(T / every), W] lie at frames 0, every, 2 every ...; `window` is a multiple of `every`.
    """
    length = q.shape[2]
    if torch.compiler.is_exporting() or length <= window:
        keys = every * torch.arange(k.shape[2], device=q.device)
        seen = within(torch.arange(length, device=q.device), keys, window)  # [T, ceil(T / every)]
        return F.scaled_dot_product_attention(q, k, v, attn_mask=seen, scale=scale)
    # A block of `window` queries sees keys of its own and of the block before it, and no others.
    blocks = -(-length // window)
    q = F.pad(q, (0, 0, 0, blocks * window - length))
    b, f, _, w = q.shape
    q = q.view(b, f, blocks, window, w).transpose(1, 2).flatten(0, 1)  # [B blocks, F, window, W]
    k, v = (_with_block_before(part, blocks, window // every) for part in (k, v))
    frames = torch.arange(window, device=q.device)
    keys = every * torch.arange(2 * window // every, device=q.device) - window
    seen = within(frames, keys, window)  # [window, 2 window / every]
    first = seen & (keys >= 0)  # nothing comes before the first block
    mask = torch.stack([first, *[seen] * (blocks - 1)])[:, None].repeat(b, 1, 1, 1)
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, scale=scale)
    return out.view(b, blocks, f, window, w).transpose(1, 2).flatten(2, 3)[:, :, :length]


def within(frames: Tensor, keys: Tensor, window: int) -> Tensor:
    """Which frames see which keys, both given by their time."""
    back = frames[:, None] - keys
    return (back >= 0) & (back < window)


def _with_block_before(x: Tensor, blocks: int, size: int) -> Tensor:
    """[B, F, L, W] in blocks of `size`, each behind the one before it: [B blocks, F, 2 size, W]."""
    b, f, length, w = x.shape
    padded = F.pad(x, (0, 0, size, blocks * size - length)).view(b, f, blocks + 1, size, w)
    joined = torch.cat([padded[:, :, :-1], padded[:, :, 1:]], dim=3)  # [B, F, blocks, 2 size, W]
    return joined.transpose(1, 2).flatten(0, 1)
