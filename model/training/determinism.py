"""The same gradients at every run on the CPU, which exact resume needs.

With more than one thread, oneDNN adds up the input gradient of some strided convolutions in the order in which threads
arrive (seen with torch 2.13: 32 to 64 and 64 to 128 channels, kernel (2, 5); `use_deterministic_algorithms` and
`torch.backends.mkldnn.deterministic` do not change it). torch's own kernels are repeatable but slower, so they are
used for the backward pass of strided convolutions and for nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

# torch leaves it without types
_set_flags: Callable[..., object] = torch.backends.mkldnn.set_flags


def make_repeatable(network: nn.Module) -> None:
    """Let strided convolutions of a network on the CPU compute their gradients without oneDNN."""
    for module in network.modules():
        if isinstance(module, nn.Conv1d | nn.Conv2d) and max(module.stride) > 1:
            module.register_forward_pre_hook(_before)
            module.register_forward_hook(_after)


def _before(_module: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """Mark the end of the convolution's backward pass, on a view of the input that nothing else uses."""
    if not inputs[0].requires_grad:  # no input gradient will be asked for
        return inputs
    own = inputs[0].view_as(inputs[0])
    _on_gradient(own, _with_onednn)
    return (own,)


def _after(_module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
    """Mark the beginning of the convolution's backward pass."""
    if inputs[0].requires_grad:
        _on_gradient(output, _without_onednn)


def _on_gradient(tensor: Any, action: Callable[[Tensor], None]) -> None:
    """Call `action` when the gradient of a tensor is computed (torch leaves `register_hook` without types)."""
    tensor.register_hook(action)


def _without_onednn(_gradient: Tensor) -> None:
    _set_flags(_enabled=False)


def _with_onednn(_gradient: Tensor) -> None:
    _set_flags(_enabled=True)
