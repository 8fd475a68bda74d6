"""Waveform to complex spectrum and back, and enhancing whole utterances.

One setting serves every network: 16 kHz, 512-point periodic Hann window, hop 128, centred with reflect padding.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model.errors import DataError

SAMPLE_RATE = 16_000
N_FFT = 512
HOP = 128


def stft(wave: Tensor) -> Tensor:
    """Real [B, N] at 16 kHz -> complex [B, 257, 1 + N // 128]. Raises DataError for N of at most 256 samples."""
    if wave.shape[-1] <= N_FFT // 2:
        raise DataError(f"The signal has {wave.shape[-1]} samples; more than {N_FFT // 2} are needed.")
    window = torch.hann_window(N_FFT, dtype=wave.dtype, device=wave.device)
    return torch.stft(wave, N_FFT, HOP, window=window, center=True, pad_mode="reflect", return_complex=True)


def istft(spec: Tensor, length: int) -> Tensor:
    """Complex [B, 257, T] -> real [B, length], the inverse of `stft` of a signal of that length."""
    window = torch.hann_window(N_FFT, dtype=spec.real.dtype, device=spec.device)
    return torch.istft(spec, N_FFT, HOP, window=window, center=True, length=length)


@torch.inference_mode()
def enhance(network: nn.Module, wave: Tensor) -> Tensor:
    """Real [B, N] at 16 kHz -> enhanced [B, N], whole utterances at once, in evaluation mode.

    The signal is reflect-padded by one hop at both ends before the STFT and cut after the inverse, as the in-house
    network gives no first frame. The network's own mode is restored afterwards.
    Raises DataError for a signal that is too short to be padded.
    """
    if wave.shape[-1] <= HOP:
        raise DataError(f"The signal has {wave.shape[-1]} samples; more than {HOP} are needed.")
    was_training = network.training
    network.eval()
    try:
        padded = F.pad(wave[:, None], (HOP, HOP), mode="reflect")[:, 0]  # [B, N + 2 HOP]
        out = istft(network(stft(padded)), padded.shape[-1])
    finally:
        network.train(was_training)
    return out[:, HOP : HOP + wave.shape[-1]]
