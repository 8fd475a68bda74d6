"""The types of numbers in which a file keeps weights, and what that does to a network that computes in float32."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

USED = "float32"
"""What networks here compute in; weights of another type are turned into it when they are loaded."""


def number_types(tensors: Iterable[Tensor]) -> dict[str, int]:
    """How many tensors of real numbers are of which type, the commonest first; counters, which are whole numbers, are none."""
    found = Counter(
        str(tensor.dtype).removeprefix("torch.") for tensor in tensors if tensor.is_floating_point()
    )
    return dict(found.most_common())


def conversion(types: Mapping[str, int]) -> str:
    """What loading did to weights of these types (type to number of tensors), as a clause; empty when all are float32."""
    others = {name: count for name, count in types.items() if name != USED}
    if not others:
        return ""
    told = ", ".join(f"{count} as {name}" for name, count in others.items())
    rounded = "float64" in others
    before = any(name != "float64" for name in others)
    what = [
        *(["rounded before they were saved"] if before else []),
        *([f"rounded to {USED} when they are loaded"] if rounded else []),
    ]
    return (
        f"of {sum(types.values())} tensors of weights the file holds {told}: they are {' or '.join(what)}, "
        f"and scores are of a network in {USED}"
    )


def in_use(tensor: Tensor) -> Tensor | None:
    """A tensor of real numbers as the networks use it; None where torch cannot turn its type into float32."""
    try:
        return tensor.to(torch.float32)
    except (RuntimeError, NotImplementedError):  # types that hold several numbers an element
        return None
