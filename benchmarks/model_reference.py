"""The networks written out step by step, as slowly as their definition reads: the yardstick of `model.networks`.

FROZEN. This file is what the package's networks are compared with, in output (tests) and in time
(`benchmarks/model_speed.py`), so it is not to be optimised: no fused projections, no scaled_dot_product_attention,
position codes computed at every call. Its parameters carry the names of existing checkpoints, so a checkpoint's state
dict loads without a map.

Shapes: B batch, C channels, T frames, F frequency bins, W bottleneck width, L sequence length.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

N_BINS = 257  # one-sided STFT of 512 points


def sinusoid(positions: Tensor, width: int) -> Tensor:
    """Sinusoidal code [len(positions), width], base 10000, sin on even and cos on odd columns."""
    rates = torch.exp(torch.arange(0, width, 2, dtype=positions.dtype) * (-math.log(10000.0) / width))
    code = torch.zeros(len(positions), width, dtype=positions.dtype)
    code[:, 0::2] = torch.sin(positions[:, None] * rates)
    code[:, 1::2] = torch.cos(positions[:, None] * rates)
    return code


def band_sizes(n_bins: int) -> tuple[int, int, int]:
    """How many of n_bins lie in 0-300, 300-3400 and 3400-8000 Hz."""
    low, mid = int(n_bins * 300 / 8000), int(n_bins * 3400 / 8000)
    return low, mid - low, n_bins - mid


class DepthwiseAttention(nn.Module):
    def __init__(self, c: int) -> None:
        super().__init__()
        self.dw_conv = nn.Conv2d(c, c, (1, 5), padding=(0, 2), groups=c)

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(self.dw_conv(x))


class BandCode(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        low, mid, high = band_sizes(N_BINS)
        self.pe_low = nn.Parameter(self.initial(0, low))
        self.pe_mid = nn.Parameter(self.initial(low, mid))
        self.pe_high = nn.Parameter(self.initial(low + mid, high))
        self.band_weights = nn.Parameter(torch.tensor([0.5, 1.0, 0.3]))

    @staticmethod
    def initial(offset: int, n: int) -> Tensor:
        code = sinusoid(torch.arange(offset, offset + n, dtype=torch.float32), 16).mean(dim=1)
        return (code - code.min()) / (code.max() - code.min() + 1e-8)

    def forward(self, n_bins: int) -> Tensor:
        weights = 3 * torch.softmax(self.band_weights, dim=0)
        pieces = []
        for vector, weight, size in zip(
            (self.pe_low, self.pe_mid, self.pe_high), weights, band_sizes(n_bins)
        ):
            if size == 0:
                continue
            resized = F.interpolate(vector[None, None], size=size, mode="linear", align_corners=False)[0, 0]
            pieces.append(weight * resized)
        return torch.cat(pieces)  # [F']


class GatedCode(nn.Module):
    """FAC gate, additive or multiplicative, on [B, C, T, F']."""

    def __init__(self, c: int, multiplicative: bool) -> None:
        super().__init__()
        self.multiplicative = multiplicative
        self.positional_encoding = BandCode()
        self.dw_attention = DepthwiseAttention(c)
        self.gate = nn.Sequential(nn.Conv2d(c, c, 1), nn.Sigmoid())
        self.scale_net = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, c), nn.Sigmoid())

    def forward(self, x: Tensor) -> Tensor:
        p = self.positional_encoding(x.shape[-1])[None, None, None, :]  # [1, 1, 1, F']
        a = self.dw_attention(x)  # [B, C, T, F']
        g = self.gate(x)  # [B, C, T, F']
        s = self.scale_net(x)[:, :, None, None]  # [B, C, 1, 1]
        if self.multiplicative:
            return x * (1 + g * a * (p * s))
        return x + g * a * (p * s)


class BandWeighting(nn.Module):
    """FAC gate, direct: three gains in place of the position code."""

    def __init__(self, c: int) -> None:
        super().__init__()
        self.band_gains = nn.Parameter(torch.tensor([0.5, 1.0, 0.3]))
        self.dw_attention = DepthwiseAttention(c)
        self.gate = nn.Sequential(nn.Conv2d(c, c, 1), nn.Sigmoid())

    def forward(self, x: Tensor) -> Tensor:
        gains = 3 * torch.softmax(self.band_gains, dim=0)
        mask = torch.cat([gain.expand(size) for gain, size in zip(gains, band_sizes(x.shape[-1]))])
        return x * (mask * self.gate(x) * self.dw_attention(x))


class EncoderConv(nn.Module):
    def __init__(self, c_in: int, c_out: int, gate: str) -> None:
        super().__init__()
        if gate == "direct":
            self.band_weighting = BandWeighting(c_in)
        elif gate != "none":
            self.gated_pe = GatedCode(c_in, multiplicative=gate == "multiplicative")
        self.conv = nn.Conv2d(c_in, c_out, (2, 5), stride=(1, 2), padding=(1, 1))

    def forward(self, x: Tensor) -> Tensor:
        if hasattr(self, "band_weighting"):
            x = self.band_weighting(x)
        elif hasattr(self, "gated_pe"):
            x = self.gated_pe(x)
        return self.conv(x)[:, :, :-1, :].contiguous()  # the last frame would see the future's padding


class HybridAttention(nn.Module):
    """MRHA3 on [N, L, C]; with fewer branches, its two-branch form and plain dot attention."""

    def __init__(self, c: int, branches: tuple[str, ...]) -> None:
        super().__init__()
        self.c, self.branches = c, branches
        if "cross" in branches:
            self.downsample = nn.Conv1d(c, c, 3, stride=2, padding=1)
        for branch in branches:
            for role in ("query", "key", "value"):
                setattr(self, f"{role}_{branch}", nn.Linear(c, c))
            setattr(self, f"norm_{branch}", nn.LayerNorm(c))
        if "cos" in branches:
            self.cos_temperature = nn.Parameter(torch.tensor(0.1))
        if len(branches) > 1:
            self.gate_conv = nn.Conv1d(len(branches) * c, len(branches), 1)

    def forward(self, x: Tensor) -> Tensor:
        outputs = []
        for branch in self.branches:
            source = x
            if branch == "cross":
                source = self.downsample(x.transpose(1, 2)).transpose(1, 2)  # [N, ceil(L/2), C]
            q = getattr(self, f"query_{branch}")(x)  # [N, L, C]
            k = getattr(self, f"key_{branch}")(source)
            v = getattr(self, f"value_{branch}")(source)
            if branch == "cos":
                q = q / (q.norm(dim=-1, keepdim=True) + 1e-8)
                k = k / (k.norm(dim=-1, keepdim=True) + 1e-8)
                scores = (q / self.cos_temperature.clamp(min=0.01)) @ k.transpose(1, 2)
            else:
                scores = (q / math.sqrt(self.c)) @ k.transpose(1, 2)
            outputs.append(getattr(self, f"norm_{branch}")(torch.softmax(scores, dim=-1) @ v))  # [N, L, C]
        if len(outputs) == 1:
            return outputs[0]
        joined = torch.cat(outputs, dim=-1).transpose(1, 2)  # [N, branches * C, L]
        gates = torch.softmax(self.gate_conv(joined), dim=1)  # [N, branches, L]
        return sum(gates[:, i, :, None] * out for i, out in enumerate(outputs))


class AxialBottleneck(nn.Module):
    def __init__(self, c: int, branches: tuple[str, ...]) -> None:
        super().__init__()
        w = c // 2
        self.input = nn.Sequential(nn.Conv2d(c, w, 1), nn.PReLU(), nn.Dropout(0.1))
        self.pe_scale = nn.Parameter(torch.tensor(0.1))
        self.row_trans, self.col_trans = HybridAttention(w, branches), HybridAttention(w, branches)
        self.row_norm = nn.InstanceNorm2d(w, affine=True)
        self.col_norm = nn.InstanceNorm2d(w, affine=True)
        self.k1, self.k2 = nn.Parameter(torch.ones(1)), nn.Parameter(torch.ones(1))
        self.output = nn.Sequential(nn.PReLU(), nn.Conv2d(w, c, 1), nn.Dropout(0.1))

    def forward(self, x: Tensor) -> Tensor:
        x = self.input(x)  # [B, W, T, F']
        b, w, t, f = x.shape
        time = sinusoid(torch.arange(t, dtype=x.dtype), w).T[None, :, :, None]  # [1, W, T, 1]
        freq = sinusoid(torch.arange(f, dtype=x.dtype), w).T[None, :, None, :]  # [1, W, 1, F']
        x = x + self.pe_scale * (time + freq)
        row = self.row_trans(x.permute(0, 2, 3, 1).reshape(b * t, f, w))  # along frequency
        row = self.row_norm(row.reshape(b, t, f, w).permute(0, 3, 1, 2).contiguous())
        col = self.col_trans(x.permute(0, 3, 2, 1).reshape(b * f, t, w))  # along time
        col = self.col_norm(col.reshape(b, f, t, w).permute(0, 3, 2, 1).contiguous())
        return self.output(x + self.k1 * row + self.k2 * col)


class StandardBottleneck(nn.Module):
    def __init__(self, c: int) -> None:
        super().__init__()
        w = c // 2
        self.input_proj = nn.Sequential(nn.Conv2d(c, w, 1), nn.PReLU(), nn.Dropout(0.1))
        self.multihead_attn = nn.MultiheadAttention(w, 8, dropout=0.1, batch_first=True)
        self.norm = nn.LayerNorm(w)
        self.output_proj = nn.Sequential(nn.PReLU(), nn.Conv2d(w, c, 1), nn.Dropout(0.1))

    def forward(self, x: Tensor) -> Tensor:
        x = self.input_proj(x)
        b, w, t, f = x.shape
        sequence = x.permute(0, 2, 3, 1).reshape(b, t * f, w)
        attended, _ = self.multihead_attn(sequence, sequence, sequence)
        out = self.norm(sequence + attended)
        return self.output_proj(out.reshape(b, t, f, w).permute(0, 3, 1, 2))


class ReferenceUNet(nn.Module):
    """gate: none, additive, multiplicative or direct; branches: () for the standard bottleneck."""

    def __init__(
        self,
        gate: str,
        branches: tuple[str, ...],
        num_layer: int = 5,
        num_channel: int = 64,
        exact_fit: bool = False,
    ) -> None:
        super().__init__()
        s = num_channel / 128
        c = [2] + [max(8 * 2**i, int(16 * 2**i * s)) for i in range(num_layer)]
        self.num_layer = num_layer
        for i in range(1, num_layer + 1):
            setattr(self, f"conv{i}", EncoderConv(c[i - 1], c[i], gate))
            setattr(self, f"bn{i}", nn.InstanceNorm2d(c[i], affine=True))
            setattr(self, f"prelu{i}", nn.PReLU(c[i]))
        self.m1 = AxialBottleneck(c[-1], branches) if branches else StandardBottleneck(c[-1])
        if exact_fit:
            padding = {5: (0, 0, 0, 1, 0), 6: (0, 0, 0, 0, 1, 0)}[num_layer]
        else:
            padding = {5: (0, 1, 0, 1, 0), 6: (0, 1, 1, 0, 1, 0)}[num_layer]
        for i, extra in zip(range(num_layer, 0, -1), padding):
            c_out = c[i - 1]
            de = nn.ConvTranspose2d(
                2 * c[i], c_out, (2, 5), stride=(1, 2), padding=(1, 1), output_padding=(0, extra)
            )
            setattr(self, f"de{i}", de)
            if i > 1:
                setattr(self, f"bn{i}_t", nn.InstanceNorm2d(c_out, affine=True))
                setattr(self, f"prelu{i}_t", nn.PReLU(c_out))

    def forward(self, spec: Tensor) -> Tensor:
        x = torch.stack([spec.real, spec.imag], dim=1).transpose(2, 3).contiguous()  # [B, 2, T, F]
        skips = []
        for i in range(1, self.num_layer + 1):
            x = getattr(self, f"conv{i}")(x)
            x = getattr(self, f"prelu{i}")(getattr(self, f"bn{i}")(x))
            skips.append(x)
        x = torch.cat([self.m1(x), skips[-1]], dim=1)
        for i in range(self.num_layer, 0, -1):
            x = F.pad(getattr(self, f"de{i}")(x), (0, 0, 1, 0))  # one frame in front
            if i > 1:
                x = getattr(self, f"prelu{i}_t")(getattr(self, f"bn{i}_t")(x))
                skip = skips[i - 2]
                if x.shape[2:] != skip.shape[2:]:
                    x = F.interpolate(x, size=skip.shape[2:], mode="bilinear", align_corners=False)
                x = torch.cat([x, skip], dim=1)
        x = x.transpose(2, 3)  # [B, 2, F, T]
        return torch.complex(x[:, 0].contiguous(), x[:, 1].contiguous())


BANDS = (2, *[3] * 10, *[8] * 12, *[16] * 7, 17)


class BandSplit(nn.Module):
    def __init__(self, n: int) -> None:
        super().__init__()
        for k, width in enumerate(BANDS, start=1):
            setattr(self, f"norm{k}", nn.GroupNorm(1, 2 * width))
            setattr(self, f"fc{k}", nn.Linear(2 * width, n))

    def forward(self, spec: Tensor) -> Tensor:
        out, start = [], 0
        for k, width in enumerate(BANDS, start=1):
            band = torch.view_as_real(spec[:, start : start + width])  # [B, width, T, 2]
            band = band.permute(0, 1, 3, 2).reshape(
                len(spec), 2 * width, -1
            )  # re0, im0, re1, ... [B, 2 width, T]
            out.append(getattr(self, f"fc{k}")(getattr(self, f"norm{k}")(band).transpose(1, 2)))  # [B, T, N]
            start += width
        return torch.stack(out, dim=1)  # [B, K, T, N]


class MaskDecoder(nn.Module):
    def __init__(self, n: int) -> None:
        super().__init__()
        for k, width in enumerate(BANDS, start=1):
            setattr(self, f"norm{k}", nn.GroupNorm(1, n))
            setattr(self, f"fc1{k}", nn.Linear(n, 4 * n))
            setattr(self, f"fc2{k}", nn.Linear(4 * n, 12 * width))

    def forward(self, x: Tensor) -> Tensor:
        out = []
        for k, width in enumerate(BANDS, start=1):
            y = getattr(self, f"norm{k}")(x[:, k - 1].transpose(1, 2)).transpose(1, 2)  # [B, T, N]
            y = F.glu(getattr(self, f"fc2{k}")(torch.tanh(getattr(self, f"fc1{k}")(y))), dim=-1)
            out.append(y.reshape(*y.shape[:2], width, 3, 2))
        return torch.view_as_complex(torch.cat(out, dim=2).contiguous())  # [B, T, F, 3 taps]


class ReferenceBSRNN(nn.Module):
    def __init__(self, n: int = 64, layers: int = 5) -> None:
        super().__init__()
        self.layers = layers
        self.band_split = BandSplit(n)
        for i in range(1, layers + 1):
            self.add_module(f"norm_t{i}", nn.GroupNorm(1, n))
            self.add_module(f"lstm_t{i}", nn.LSTM(n, 2 * n, batch_first=True))
            self.add_module(f"fc_t{i}", nn.Linear(2 * n, n))
            self.add_module(f"norm_k{i}", nn.GroupNorm(1, n))
            self.add_module(f"lstm_k{i}", nn.LSTM(n, 2 * n, batch_first=True, bidirectional=True))
            self.add_module(f"fc_k{i}", nn.Linear(4 * n, n))
        self.mask_decoder = MaskDecoder(n)

    def forward(self, spec: Tensor) -> Tensor:
        x = self.band_split(spec)  # [B, K, T, N]
        b, k, t, n = x.shape
        for i in range(1, self.layers + 1):
            y = getattr(self, f"norm_t{i}")(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)  # over K, T and N
            y = getattr(self, f"lstm_t{i}")(y.reshape(b * k, t, n))[0]
            x = x + getattr(self, f"fc_t{i}")(y).reshape(b, k, t, n)
        for i in range(1, self.layers + 1):
            y = getattr(self, f"norm_k{i}")(x.permute(0, 3, 1, 2)).permute(0, 3, 2, 1)  # [B, T, K, N]
            y = getattr(self, f"lstm_k{i}")(y.reshape(b * t, k, n))[0]
            x = x + getattr(self, f"fc_k{i}")(y).reshape(b, t, k, n).transpose(1, 2)
        mask = self.mask_decoder(x).transpose(1, 2)  # [B, F, T, 3]
        padded = F.pad(spec, (1, 1))  # frames t-1, t, t+1; zero beyond the ends
        return (
            mask[..., 0] * padded[:, :, :-2]
            + mask[..., 1] * padded[:, :, 1:-1]
            + mask[..., 2] * padded[:, :, 2:]
        )


MRHA3 = ("cross", "dot", "cos")
REFERENCES = {
    "M1": ("none", ()),
    "M2": ("additive", ()),
    "M3": ("additive", ("dot", "cos")),
    "M4": ("additive", MRHA3),
    "axial-dot": ("additive", ("dot",)),
    "mrha3-only": ("none", MRHA3),
    "M4-multiplicative": ("multiplicative", MRHA3),
    "M4-direct": ("direct", MRHA3),
}


def reference(name: str, num_layer: int = 5, exact_fit: bool = False) -> nn.Module:
    """The yardstick called `name` (a key of REFERENCES, or "bsrnn")."""
    if name == "bsrnn":
        return ReferenceBSRNN()
    gate, branches = REFERENCES[name]
    return ReferenceUNet(gate, branches, num_layer, exact_fit=exact_fit)
