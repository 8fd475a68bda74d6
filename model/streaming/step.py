"""One frame through a causal network, and what it leaves behind for the next.

A frame is so little work that the number of operations decides how long it takes. So what does not change from frame to
frame (band codes, joined projections) is computed once, from a copy of the weights, and a frame is [B, C, F] without
a dimension for time: a kernel over two frames is one over twice the channels. B batch, C channels, F bins.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model.errors import ModelUsageError
from model.networks import Network, UNet
from model.networks.fac import FrequencyGate
from model.networks.norm import EPSILON
from model.networks.unet import one_bin_less
from model.stft import N_FFT
from model.streaming.bottleneck import FrameBottleneck
from model.streaming.memory import Memory, State

__all__ = ["State", "Step"]


class Step(nn.Module):
    """A causal network as a function of one frame and a state, with the weights that it has now.

    Raises ModelUsageError for a network whose output depends on later frames.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        if not (isinstance(network, UNet) and network.config.causal):
            raise ModelUsageError(
                "This network is not causal, so it cannot run frame by frame; a variant that can is M4-causal."
            )
        bins, encoder = [N_FFT // 2 + 1], []
        with torch.inference_mode(False), torch.no_grad():
            for i, layer in enumerate(network.encoder):
                encoder.append(_Encoder(layer, bins[-1], f"encoder.{i}"))
                bins.append((bins[-1] - 3) // 2 + 1)
            self.encoder = nn.ModuleList(encoder)
            self.bottleneck = FrameBottleneck(network.bottleneck, bins[-1])
            self.decoder = nn.ModuleList(
                _Decoder(level, f"decoder.{i}") for i, level in enumerate(network.decoder)
            )
        self.eval().requires_grad_(False)

    def forward(self, parts: Tensor, state: Mapping[str, Tensor]) -> tuple[Tensor, State]:
        """[B, 257, 1, re/im] and the state after the frame before ({} at first) -> [B, 257, 1, re/im] and the new state."""
        memory = Memory(state, parts)
        x = parts[:, :, 0].transpose(1, 2)  # [B, 2, F]
        skips = []
        for encode in self.encoder:
            x = encode(x, memory)
            skips.append(x)
        x = self.bottleneck(x, memory)
        for decode in self.decoder:
            skip = skips.pop()
            x = one_bin_less(x) if x.shape[2] != skip.shape[2] else x
            x = decode(x, skip, memory)
        return x.transpose(1, 2)[:, :, None], memory.after


class FrameNorm(nn.Module):
    """`CumulativeNorm`, frame by frame."""

    def __init__(self, norm: nn.Module, name: str) -> None:
        super().__init__()
        self.name = name
        self.weight = nn.Parameter(norm.get_parameter("weight").detach().clone()[:, None])
        self.bias = nn.Parameter(norm.get_parameter("bias").detach().clone()[:, None])

    def forward(self, x: Tensor, memory: Memory) -> Tensor:  # [B, C, F]
        mean, variance = memory.moments(self.name, x)
        scale = self.weight * torch.rsqrt(variance + EPSILON).to(x.dtype)
        return torch.addcmul(self.bias, x - mean.to(x.dtype), scale)


class _Gate(nn.Module):
    """`FrequencyGate` with a cumulative mean, frame by frame: both convolutions as one of kernel 5."""

    def __init__(self, gate: FrequencyGate, bins: int, name: str) -> None:
        super().__init__()
        self.kind, self.name = gate.kind, name
        channels = gate.gate.out_channels
        along, across = gate.depthwise.weight[:, 0, 0], gate.gate.weight[:, :, 0, 0]  # [C, 5], [C, C]
        weight = along.new_zeros(2, channels, channels, 5)
        weight[0].diagonal(dim1=0, dim2=1).copy_(along.T)
        weight[1, :, :, 2] = across
        self.weight = nn.Parameter(weight.flatten(0, 1))  # [2 C, C, 5]
        assert gate.depthwise.bias is not None
        assert gate.gate.bias is not None
        self.bias = nn.Parameter(torch.cat([gate.depthwise.bias, gate.gate.bias]))
        if gate.kind == "direct":
            self.code = nn.Parameter(gate.mask(bins))
        else:
            self.code = nn.Parameter(gate.code(bins))
            self.scale_weight = nn.Parameter(gate.scale.weight.detach().clone())
            self.scale_bias = nn.Parameter(gate.scale.bias.detach().clone())

    def forward(self, x: Tensor, memory: Memory) -> Tensor:  # [B, C, F]
        attention, gate = F.conv1d(x, self.weight, self.bias, padding=2).sigmoid().chunk(2, dim=1)
        gated = x * attention * gate
        if self.kind == "direct":
            return x * (gated * self.code)
        mean = memory.mean(self.name, x.mean(dim=2)).to(x.dtype)  # [B, C]
        scale = F.linear(mean, self.scale_weight, self.scale_bias).sigmoid()
        added = gated * (scale[:, :, None] * self.code)
        return x + added if self.kind == "additive" else x + x * added


class _Encoder(nn.Module):
    """`EncoderLayer`, frame by frame: [B, C_in, F] -> [B, C_out, (F - 3) // 2 + 1]."""

    def __init__(self, layer: nn.Module, bins: int, name: str) -> None:
        super().__init__()
        self.name = f"{name}.frame"
        gate, conv = layer.get_submodule("gate"), layer.get_submodule("conv")
        assert isinstance(conv, nn.Conv2d)
        assert conv.bias is not None
        self.gate = _Gate(gate, bins, f"{name}.gate") if isinstance(gate, FrequencyGate) else None
        self.weight = nn.Parameter(conv.weight.detach().transpose(1, 2).flatten(1, 2))  # [C_out, 2 C_in, 5]
        self.bias = nn.Parameter(conv.bias.detach().clone())
        self.norm = FrameNorm(layer.get_submodule("norm"), f"{name}.norm")
        self.slope = nn.Parameter(layer.get_parameter("act.weight").detach().clone())

    def forward(self, x: Tensor, memory: Memory) -> Tensor:
        x = x if self.gate is None else self.gate(x, memory)
        both = torch.cat([memory.replaced(self.name, x), x], dim=1)  # the frame before and this one
        y = F.conv1d(both, self.weight, self.bias, stride=2, padding=1)
        return F.prelu(self.norm(y, memory), self.slope)


class _Decoder(nn.Module):
    """`DecoderLayer`, frame by frame: [B, C, F] and the skip [B, C, F] -> [B, C_out, 2 F + 1 + extra]."""

    def __init__(self, level: nn.Module, name: str) -> None:
        super().__init__()
        self.name = f"{name}.frame"
        conv = level.get_submodule("conv")
        assert isinstance(conv, nn.ConvTranspose2d)
        assert conv.bias is not None
        self.extra = int(conv.output_padding[1])
        # Tap 0 of the kernel takes the frame itself and tap 1 the one before it, which comes first here.
        taps = conv.weight.detach().flip(2).permute(2, 0, 1, 3)  # [2, C_in, C_out, 5]
        self.weight = nn.Parameter(taps.flatten(0, 1))  # [2 C_in, C_out, 5]
        self.bias = nn.Parameter(conv.bias.detach().clone())
        last = isinstance(level.get_submodule("norm"), nn.Identity)
        self.norm = None if last else FrameNorm(level.get_submodule("norm"), f"{name}.norm")
        self.slope = None if last else nn.Parameter(level.get_parameter("act.weight").detach().clone())

    def forward(self, x: Tensor, skip: Tensor, memory: Memory) -> Tensor:
        x = torch.cat([x, skip], dim=1)
        both = torch.cat([memory.replaced(self.name, x), x], dim=1)
        y = F.conv_transpose1d(both, self.weight, self.bias, 2, 1, self.extra)
        y = y * (memory.seen > 0).to(y.dtype)  # the very first frame is zero
        if self.norm is None or self.slope is None:
            return y
        return F.prelu(self.norm(y, memory), self.slope)
