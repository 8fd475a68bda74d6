"""The generator's forward pass in another precision, or compiled.

Everything else stays in single precision: weights, STFT, losses, the discriminator, validation. Half precision (fp16)
needs its loss scaled, or small gradients become zero; bf16 has the range of single precision and needs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Literal, get_args

import torch
from torch import Tensor

from model.errors import ModelUsageError, TrainingError
from model.networks import Network

Precision = Literal["fp32", "bf16", "fp16"]

_TYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}
_FIRST_SCALE = 2.0**16
_STEPS_TO_GROW = 2000


def precision_of(word: str) -> Precision:
    """A word of the command line. Raises ModelUsageError for another than fp32, bf16 or fp16."""
    for known in get_args(Precision):
        if word == known:
            return known  # type: ignore[no-any-return]
    raise ModelUsageError(f"precision is {', '.join(get_args(Precision))}, not {word!r}")


class Forward:
    """A network's forward pass in a precision, compiled or not: complex [B, 257, T] -> complex [B, 257, T]."""

    def __init__(self, network: Network, precision: Precision = "fp32", compiled: bool = False) -> None:
        self._network, self._precision = network, precision
        self._plain = precision == "fp32" and not compiled
        # the real part alone: compilers and low precisions know no complex numbers
        self._real: Callable[[Tensor], Tensor] = network.real
        if compiled:
            self._real = _or_sentence(torch.compile(network.real))

    def __call__(self, spec: Tensor) -> Tensor:
        if self._plain:
            enhanced: Tensor = self._network(spec)
            return enhanced
        frames_apart = (
            spec.transpose(1, 2).contiguous().transpose(1, 2)
        )  # as the network's own `forward` has it
        with self._autocast(spec.device.type):
            parts = self._real(torch.view_as_real(frames_apart))
        return torch.view_as_complex(parts.float().contiguous())

    def _autocast(self, device: str) -> Any:
        if self._precision == "fp32":
            return nullcontext()
        return torch.autocast(device, _TYPES[self._precision])


def _or_sentence(compiled: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """A compiled function; where it cannot be compiled, TrainingError. That shows with the first call."""
    from torch._dynamo.exc import TorchDynamoException  # takes long to import, and few compile

    def call(parts: Tensor) -> Tensor:
        try:
            return compiled(parts)
        except TorchDynamoException as error:
            # the first line that is no heading such as "backend='inductor' raised:"
            lines = [line.strip() for line in str(error).splitlines()]
            said = next((line for line in lines if line and not line.endswith(":")), "no reason given")
            raise TrainingError(
                f"--compile does not work here ({said}); go on with --resume RUN --no-compile, or, on the processor, see "
                "that a C++ compiler (g++) and Python's headers are there"
            ) from error

    return call


@dataclass
class LossScale:
    """The factor on fp16's loss: halved when a gradient overflows (the step is left out), doubled after 2000 good steps.

    At 1 it is off, as it is for the other precisions.
    """

    value: float = 1.0
    good_steps: int = 0

    @classmethod
    def of(cls, precision: Precision) -> LossScale:
        """The scale a training begins with."""
        return cls(_FIRST_SCALE if precision == "fp16" else 1.0)

    def overflowed(self) -> bool:
        """After a gradient that is not finite: whether a smaller scale is worth another try."""
        if self.value <= 1:
            return False
        self.value, self.good_steps = self.value / 2, 0
        return True

    def succeeded(self) -> None:
        """After a step with finite gradients."""
        if self.value > 1:
            self.good_steps += 1
            if self.good_steps % _STEPS_TO_GROW == 0:
                self.value *= 2
