"""The parts of the loss, one value an utterance, so that any number of processes can take the same mean."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from model.stft import istft, stft
from model.training.recipe import Recipe

_FLOOR = 1e-10


def compressed(spec: Tensor, power: float) -> Tensor:
    """Complex [B, F, T] -> magnitudes to the power, [B, F, T]; 1e-10 inside keeps the gradient finite."""
    return (spec.abs() + _FLOOR) ** power


@dataclass(frozen=True)
class Estimate:
    """A batch and what the network made of it: waves [B, N], spectra [B, F, T], compressed magnitudes [B, F, T]."""

    clean: Tensor
    wave: Tensor
    clean_spec: Tensor
    spec: Tensor
    clean_magnitude: Tensor
    magnitude: Tensor


def estimate(clean: Tensor, enhanced_spec: Tensor, compression: float) -> Estimate:
    """Everything the losses compare, from clean waves [B, N] and enhanced spectra [B, F, T]."""
    clean_spec = stft(clean)
    return Estimate(
        clean=clean,
        wave=istft(enhanced_spec, clean.shape[-1]),
        clean_spec=clean_spec,
        spec=enhanced_spec,
        clean_magnitude=compressed(clean_spec, compression),
        magnitude=compressed(enhanced_spec, compression),
    )


def parts(outcome: Estimate) -> dict[str, Tensor]:
    """The unweighted reconstruction losses, each [B]: complex, magnitude, wave."""
    return {
        "complex": (outcome.clean_spec - outcome.spec).abs().mean(dim=(1, 2)),
        "magnitude": (outcome.clean_magnitude - outcome.magnitude).abs().mean(dim=(1, 2)),
        "wave": (outcome.clean - outcome.wave).abs().mean(dim=1),
    }


def weighted(losses: dict[str, Tensor], recipe: Recipe) -> Tensor:
    """The reconstruction loss [B]: the parts times the weights of the recipe."""
    return (
        recipe.weight_complex * losses["complex"]
        + recipe.weight_magnitude * losses["magnitude"]
        + recipe.weight_wave * losses["wave"]
    )
