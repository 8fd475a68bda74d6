"""Whole held-out utterances through the network: loss, PESQ and STOI."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from accelerate import Accelerator

from model.data import audio
from model.data.layouts import Pair
from model.networks import Network
from model.stft import HOP, N_FFT, stft
from model.training.labels import Pool, pesq_and_stoi
from model.training.losses import estimate, parts, weighted
from model.training.machine.sums import summed
from model.training.recipe import Recipe
from model.training.selection import Validation


@torch.no_grad()
def validate(
    recipe: Recipe, network: Network, pairs: tuple[Pair, ...], accelerator: Accelerator, pool: Pool
) -> Validation:
    """Validate in evaluation mode, files dealt out to the processes; the same means in all of them.

    The loss is the reconstruction loss alone: the adversarial part changes its meaning while the discriminator learns.
    PESQ and STOI of a file are computed by `pool` while the next files pass through the network.
    """
    network.eval()
    losses, futures = [], []
    for pair in pairs[accelerator.process_index :: accelerator.num_processes]:
        clean, noisy = (_long_enough(audio.read(path)[0]) for path in (pair.clean, pair.noisy))
        waves = torch.from_numpy(np.stack([clean, noisy])).to(accelerator.device)
        # the same padding as model.stft.enhance: the network gives no first frame
        padded = F.pad(waves[:, None], (HOP, HOP), mode="reflect")[:, 0]
        outcome = estimate(padded[:1], network(stft(padded[1:])), recipe.compression)
        losses.append(float(weighted(parts(outcome), recipe)[0]))
        enhanced = outcome.wave[0, HOP:-HOP].cpu().numpy()
        futures.append(pool.submit(pesq_and_stoi, clean, enhanced))
    network.train()
    found = [future.result() for future in futures]
    pesqs = [pesq for pesq, _ in found if pesq is not None]
    stois = [stoi for _, stoi in found if stoi is not None]
    local = [sum(losses), len(losses), sum(pesqs), len(pesqs), sum(stois), len(stois)]
    sums = summed(accelerator, local)
    return Validation(
        loss=sums[0] / sums[1],
        pesq=sums[2] / sums[3] if sums[3] else None,
        stoi=sums[4] / sums[5] if sums[5] else None,
        files=int(sums[1]),
        pesq_files=int(sums[3]),
        stoi_files=int(sums[5]),
    )


def _long_enough(signal: audio.Samples) -> audio.Samples:
    """A signal with silence after it when it is too short for the STFT's padding."""
    return np.pad(signal, (0, max(0, N_FFT - len(signal))))
