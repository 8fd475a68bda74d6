"""Sums of plain numbers over the processes of a group."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from accelerate import Accelerator


def summed(group: Accelerator, values: Sequence[float]) -> list[float]:
    """Each of the numbers, summed over all processes, in double precision; every process must call it."""
    if group.num_processes == 1:  # also where the device knows no double precision (MPS)
        return list(values)
    local = torch.tensor(list(values), dtype=torch.float64, device=group.device)
    total: list[float] = group.reduce(local, "sum").tolist()
    return total
