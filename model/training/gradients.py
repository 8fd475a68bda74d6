"""The gradient of a batch that is split over processes.

With dropout, every process draws its own masks and no two numbers of processes give the same gradient; an item more or
less in a share is then as good, and a share passes through the network at once. Without dropout they could give the
same one but for the order of summation, which Adam would not let rest: where a gradient is about zero (a bias in
front of a norm has none at all) it scales rounding errors up to whole steps. So every item then passes through by itself with
one thread (kernels divide sums by threads), and gradients of items are summed in double precision, in which their order
does not show. Cores are then used by processes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import torch
from accelerate import Accelerator
from torch import Tensor, nn


def item_by_item(*modules: nn.Module) -> bool:
    """Whether items pass through by themselves: on the CPU, when nothing in the modules drops anything out."""
    inner = [module for outer in modules for module in outer.modules()]
    dropped = [module.p for module in inner if isinstance(module, nn.Dropout)]
    on_cpu = all(parameter.device.type == "cpu" for module in modules for parameter in module.parameters())
    return on_cpu and not any(dropped)


@contextmanager
def one_thread(wanted: bool) -> Iterator[None]:
    """Compute with one thread, when that is wanted."""
    before = torch.get_num_threads()
    if wanted:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def set_gradient(
    module: nn.Module, losses: Iterable[Tensor], accelerator: Accelerator, in_double: bool
) -> None:
    """Set the `grad` of a module's parameters to that of the sum of `losses` (scalars) over all processes.

    In double precision the sum is rounded once, at the end. A parameter that no loss depends on keeps no gradient.
    """
    parameters = [parameter for parameter in module.parameters() if parameter.requires_grad]
    kind = torch.float64 if in_double else torch.float32
    sums: list[Tensor | None] = [None] * len(parameters)
    for loss in losses:
        # the graph of normalised weights is shared by the items (torch's `parametrize.cached`)
        found = torch.autograd.grad(loss, parameters, retain_graph=in_double, allow_unused=True)
        for place, gradient in enumerate(found):
            if gradient is not None:
                known = sums[place]
                sums[place] = gradient.to(kind) if known is None else known + gradient.to(kind)
    used = [place for place, gradient in enumerate(sums) if gradient is not None]
    if accelerator.num_processes > 1:
        used = _used_anywhere(sums, accelerator)
        pieces = [_or_zeros(sums[place], parameters[place], kind) for place in used]
        flat: Tensor = accelerator.reduce(torch.cat([piece.flatten() for piece in pieces]), "sum")
        for place, piece in zip(used, torch.split(flat, [piece.numel() for piece in pieces]), strict=True):
            sums[place] = piece.view_as(parameters[place])
    for parameter, total in zip(parameters, sums, strict=True):
        parameter.grad = None if total is None else total.to(parameter.dtype)


def _used_anywhere(sums: list[Tensor | None], accelerator: Accelerator) -> list[int]:
    """The parameters with a gradient in any process; one without items has none of its own."""
    used = torch.tensor([float(gradient is not None) for gradient in sums], device=accelerator.device)
    total: Tensor = accelerator.reduce(used, "sum")
    return [place for place, count in enumerate(total.tolist()) if count > 0]


def _or_zeros(gradient: Tensor | None, parameter: Tensor, kind: torch.dtype) -> Tensor:
    return torch.zeros_like(parameter, dtype=kind) if gradient is None else gradient
