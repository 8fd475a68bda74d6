"""Samples in, enhanced samples out, as they come."""

from __future__ import annotations

import torch
from torch import Tensor

from model.errors import DataError
from model.networks import Network
from model.stft import HOP, N_FFT
from model.streaming.step import State, Step

LATENCY = N_FFT
"""Samples that pass at most until a sample comes out: those of the window that it lies in (32 ms)."""
_FRONT = N_FFT // 2 + HOP
"""Mirrored samples in front of the first one, as `model.stft.enhance` puts them."""


class AudioStream:
    """`model.stft.enhance` for a signal that is still going on: the pieces returned are its output, cut up.

    stream = AudioStream(network)
    enhanced = [stream.push(samples) for samples in source] + [stream.finish()]

    Raises ModelUsageError for a network that is not causal.
    """

    def __init__(self, network: Network) -> None:
        self._step = Step(network)
        self._window = torch.hann_window(N_FFT)
        self._state: State = {}
        self._head: Tensor | None = torch.zeros(0)  # until there is enough to be mirrored
        self._tail = torch.zeros(0)  # the last samples, to be mirrored at the end
        self._pending = torch.zeros(0)  # samples of frames that are not complete
        self._sum = torch.zeros(2, N_FFT)  # overlapping frames added up, and their squared windows
        self._dropped = 0  # samples of the front that need not come out
        self._given = self._taken = 0

    @torch.inference_mode()
    def push(self, samples: Tensor) -> Tensor:
        """The next samples [N] at 16 kHz, any number -> the enhanced samples that are ready, [M]."""
        self._taken += len(samples)
        self._tail = torch.cat([self._tail, samples])[-HOP - 1 :]
        if self._head is not None:
            self._head = torch.cat([self._head, samples])
            if len(self._head) <= HOP:
                return torch.zeros(0)
            first = self._head[: HOP + 1]
            padded = torch.cat([first.flip(0)[:-1], first])  # [2 HOP + 1]
            samples = torch.cat([padded[1:].flip(0), padded[:HOP], self._head])
            self._head = None
        return self._advance(samples)

    @torch.inference_mode()
    def finish(self) -> Tensor:
        """What is still to come out when the signal has ended. Raises DataError when it was too short to be mirrored."""
        if self._head is not None:
            raise DataError(f"The signal has {self._taken} samples; more than {HOP} are needed.")
        mirrored = self._tail[:-1].flip(0)  # [HOP]
        padded = torch.cat([self._tail, mirrored])  # [2 HOP + 1]
        rest = self._advance(torch.cat([mirrored, padded[:-1].flip(0)]))
        missing = self._taken - self._given
        self._given += missing
        out = self._sum[0] / self._sum[1].clamp(min=1e-11)
        return torch.cat([rest, out[:missing]])

    def _advance(self, samples: Tensor) -> Tensor:
        """All frames that these samples complete; the samples that are then ready."""
        self._pending = torch.cat([self._pending, samples])
        ready = []
        while len(self._pending) >= N_FFT:
            ready.append(self._frame(self._pending[:N_FFT]))
            self._pending = self._pending[HOP:]
        out = torch.cat([torch.zeros(0), *ready])
        skipped = min(_FRONT - self._dropped, len(out))
        self._dropped += skipped
        out = out[skipped:][: self._taken - self._given]
        self._given += len(out)
        return out

    def _frame(self, samples: Tensor) -> Tensor:
        """One frame [N_FFT] enhanced and added; the HOP samples that no later frame reaches."""
        spectrum = torch.view_as_real(torch.fft.rfft(samples * self._window))[None, :, None]  # [1, F, 1, 2]
        enhanced, self._state = self._step(spectrum, self._state)
        wave = torch.fft.irfft(torch.view_as_complex(enhanced[0, :, 0].contiguous()), N_FFT)
        self._sum += torch.stack([wave * self._window, self._window.square()])
        done = self._sum[:, :HOP]
        self._sum = torch.cat([self._sum[:, HOP:], torch.zeros(2, HOP)], dim=1)
        return done[0] / done[1].clamp(min=1e-11)
