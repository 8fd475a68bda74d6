"""One training step: the generator's, and in the discriminator phase the discriminator's.

Processes of a group split a batch of utterances. Every loss is a sum over the process's own items divided by the number
of valid items in all processes, and gradients are summed over processes, so one process and several take the same
step. (A wrapper that averages gradients would weigh uneven shares wrongly, and would have to be told of parameters
without gradient, of which the network has some.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from accelerate import Accelerator
from torch import Tensor, nn
from torch.autograd import backward
from torch.nn.utils import clip_grad_norm_
from torch.optim import Adam

from model.errors import NotFinite
from model.networks import MetricDiscriminator, Network
from model.stft import stft
from model.training.determinism import make_repeatable
from model.training.labels import Labels
from model.training.losses import Estimate, compressed, estimate, parts, weighted
from model.training.recipe import Recipe

#: Names of the logged loss parts, in the order of their sums.
PARTS = ("complex", "magnitude", "wave", "adversarial", "total", "discriminator")


@dataclass(frozen=True)
class Batch:
    """A process's share of a batch: clean and noisy waves [B, N], `valid` [B] (0 for an item that fills up a share),
    and the number of valid items in all processes."""

    clean: Tensor
    noisy: Tensor
    valid: Tensor
    total: int
    ids: Sequence[str]


@dataclass(frozen=True)
class StepLosses:
    """Means over the batch in all processes, by the names in PARTS; how many labels were asked for and missing."""

    values: dict[str, float]
    gradient_norm: float
    labels: int = 0
    labels_missing: int = 0


class Stepper:
    """Both networks with their optimisers, and the step."""

    def __init__(
        self, recipe: Recipe, network: Network, discriminator: MetricDiscriminator, accelerator: Accelerator
    ) -> None:
        self.recipe = recipe
        self.network = network.to(accelerator.device).train()
        self.discriminator = discriminator.to(accelerator.device).train()
        self.optimizer = Adam(self.network.parameters(), recipe.rate)
        self.discriminator_optimizer = Adam(self.discriminator.parameters(), recipe.rate)
        self._accelerator = accelerator
        if accelerator.device.type == "cpu":
            make_repeatable(network)
            make_repeatable(discriminator)

    def set_rate(self, rate: float) -> None:
        """Set the learning rate of both optimisers."""
        for optimizer in (self.optimizer, self.discriminator_optimizer):
            for group in optimizer.param_groups:
                group["lr"] = rate

    def step(self, batch: Batch, adversarial_weight: float, labels: Labels | None) -> StepLosses:
        """One step of the generator and, when `labels` are given, one of the discriminator.

        Raises NotFinite before an update whose loss or gradient is not finite.
        """
        noisy_spec = stft(batch.noisy)
        outcome = estimate(batch.clean, self.network(noisy_spec), self.recipe.compression)
        pending = None
        if labels is not None:
            wave = outcome.wave.detach()
            # two pairs an item: (clean, estimate) and (estimate, noisy)
            references, degraded = torch.cat([batch.clean, wave]), torch.cat([wave, batch.noisy])
            real = batch.valid.bool().repeat(2)
            pending = labels.submit(references[real].cpu().numpy(), degraded[real].cpu().numpy())
        sums, norm = self._generator(outcome, batch, adversarial_weight)
        asked = missing = 0
        if pending is not None:
            noisy_magnitude = compressed(noisy_spec, self.recipe.compression)
            found = pending.result()
            sums["discriminator"] = self._discriminator(outcome, noisy_magnitude, batch, found)
            asked, missing = len(found), sum(value is None for value in found)
        return StepLosses(sums, norm, asked, missing)

    def _generator(self, outcome: Estimate, batch: Batch, weight: float) -> tuple[dict[str, float], float]:
        losses = parts(outcome)
        total = weighted(losses, self.recipe)
        if weight > 0:
            self.discriminator.requires_grad_(False)
            losses["adversarial"] = (self.discriminator(outcome.clean_magnitude, outcome.magnitude) - 1) ** 2
            total = total + weight * losses["adversarial"]
            self.discriminator.requires_grad_(True)
        losses["total"] = total
        # sums over this process's items, over the count of all processes
        means = {name: (value * batch.valid).sum() / batch.total for name, value in losses.items()}
        sums = self._summed({name: float(value.detach()) for name, value in means.items()}, batch)
        self.optimizer.zero_grad()
        backward(means["total"])
        return sums, self._update(self.network, self.optimizer, "generator", batch)

    def _discriminator(
        self, outcome: Estimate, noisy: Tensor, batch: Batch, labels: list[float | None]
    ) -> float:
        clean, estimated = outcome.clean_magnitude, outcome.magnitude.detach()
        # one pass for the three kinds of pair: [3 B]
        scores = self.discriminator(
            torch.cat([clean, clean, estimated]), torch.cat([clean, estimated, noisy])
        )
        size, kept = len(clean), int(batch.valid.sum())
        targets, counted = torch.ones_like(scores), torch.zeros_like(scores)
        counted[:size] = batch.valid
        for kind in (0, 1):
            for item in range(kept):  # items that fill up a share come last
                value = labels[kind * kept + item]
                if value is not None:
                    targets[(kind + 1) * size + item] = value
                    counted[(kind + 1) * size + item] = 1
        counts: Tensor = self._accelerator.reduce(counted.view(3, size).sum(dim=1), "sum")
        errors = ((scores - targets) ** 2 * counted).view(3, size).sum(dim=1)
        loss = (errors / counts.clamp(min=1)).sum()
        total = self._summed({"discriminator": float(loss.detach())}, batch)["discriminator"]
        self.discriminator_optimizer.zero_grad()
        backward(loss)
        self._update(self.discriminator, self.discriminator_optimizer, "discriminator", batch)
        return total

    def _summed(self, values: dict[str, float], batch: Batch) -> dict[str, float]:
        """Values summed over processes. Raises NotFinite naming the first one that is not finite."""
        local = torch.tensor(list(values.values()), dtype=torch.float64, device=self._accelerator.device)
        summed = dict(zip(values, self._accelerator.reduce(local, "sum").tolist(), strict=True))
        for name, value in summed.items():
            if not torch.isfinite(torch.tensor(value)):
                raise NotFinite(f"the {name} loss is {value} for the batch {', '.join(batch.ids)}")
        return summed

    def _update(self, module: nn.Module, optimizer: Adam, name: str, batch: Batch) -> float:
        """Sum gradients over processes, clip them, update; the norm before clipping."""
        self._sum_gradients(module)
        norm = float(clip_grad_norm_(module.parameters(), self.recipe.clip))
        if not torch.isfinite(torch.tensor(norm)):
            bad = next(
                (
                    key
                    for key, parameter in module.named_parameters()
                    if parameter.grad is not None and not parameter.grad.isfinite().all()
                ),
                "all parameters together",
            )
            raise NotFinite(
                f"the {name}'s gradient of {bad} is not finite for the batch {', '.join(batch.ids)}"
            )
        optimizer.step()
        return norm

    def _sum_gradients(self, module: nn.Module) -> None:
        if self._accelerator.num_processes == 1:
            return
        gradients = [parameter.grad for parameter in module.parameters() if parameter.grad is not None]
        flat: Tensor = self._accelerator.reduce(
            torch.cat([gradient.flatten() for gradient in gradients]), "sum"
        )
        for gradient, piece in zip(
            gradients, torch.split(flat, [gradient.numel() for gradient in gradients]), strict=True
        ):
            gradient.copy_(piece.view_as(gradient))
