"""One training step: the generator's, and in the discriminator phase the discriminator's.

Processes of a group split a batch of utterances. Every loss is a sum over the process's own items divided by the number
of valid items in all processes, and gradients are summed over processes, so one process and several take the same
step. (A wrapper that averages gradients would weigh uneven shares wrongly, and would have to be told of parameters
without gradient, of which the network has some.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_, parametrize
from torch.optim import Adam

from model.errors import NotFinite
from model.networks import MetricDiscriminator, Network
from model.stft import stft
from model.training.average import Average
from model.training.determinism import make_repeatable
from model.training.gradients import item_by_item, one_thread, set_gradient
from model.training.labels import Labels, Pending
from model.training.losses import Estimate, compressed, estimate, parts, weighted
from model.training.machine.precision import Forward, LossScale, Precision
from model.training.machine.sums import summed
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
class Piece:
    """What passed through the network at once: estimates, noisy waves [B, N] and magnitudes [B, F, T], `valid` [B]."""

    outcome: Estimate
    noisy: Tensor
    noisy_magnitude: Tensor
    valid: Tensor


@dataclass(frozen=True)
class StepLosses:
    """Means over the batch in all processes, by the names in PARTS; how many labels were asked for and missing."""

    values: dict[str, float]
    gradient_norm: float | None
    """None when the step was left out because fp16 overflowed."""
    labels: int = 0
    labels_missing: int = 0


class Stepper:
    """Both networks with their optimisers, and the step.

    `precision` and `compiled` are the generator's forward pass's (`model.training.machine.precision`).
    """

    def __init__(
        self,
        recipe: Recipe,
        network: Network,
        discriminator: MetricDiscriminator,
        accelerator: Accelerator,
        *,
        precision: Precision = "fp32",
        compiled: bool = False,
    ) -> None:
        self.recipe = recipe
        self.network = network.to(accelerator.device).train()
        self.average = Average(self.network, recipe.ema) if recipe.ema else None
        self.scale = LossScale.of(precision)
        self._forward = Forward(self.network, precision, compiled)
        self.discriminator = discriminator.to(accelerator.device).train()
        self.optimizer = Adam(self.network.parameters(), recipe.rate)
        self.discriminator_optimizer = Adam(self.discriminator.parameters(), recipe.rate)
        self._accelerator = accelerator
        self._item_by_item = item_by_item(self.network, self.discriminator)
        if accelerator.device.type == "cpu":
            if not compiled:  # a compiled backward pass has no place for the hooks
                make_repeatable(network)
            make_repeatable(discriminator)

    @property
    def result(self) -> Network:
        """What is validated and saved: the average where there is one."""
        return self.average.network if self.average else self.network

    def begin_with(self, network: Network) -> None:
        """Give the generator the weights of another network of its configuration."""
        self.network.load_state_dict(network.state_dict())
        if self.average:
            self.average.network.load_state_dict(network.state_dict())

    def set_rate(self, rate: float) -> None:
        """Set the learning rate of both optimisers."""
        for optimizer in (self.optimizer, self.discriminator_optimizer):
            for group in optimizer.param_groups:
                group["lr"] = rate

    def step(self, batch: Batch, adversarial_weight: float, labels: Labels | None) -> StepLosses:
        """One step of the generator and, when `labels` are given, one of the discriminator.

        Raises NotFinite before an update whose loss or gradient is not finite.
        """
        with one_thread(self._item_by_item):
            return self._step(batch, adversarial_weight, labels)

    def _step(self, batch: Batch, adversarial_weight: float, labels: Labels | None) -> StepLosses:
        pieces = [self._through(batch, items) for items in self._items(batch)]
        pending = None
        if labels is not None and pieces:
            pending = _submit(labels, pieces)
        sums, norm = self._generator(pieces, batch, adversarial_weight)
        if labels is None:
            return StepLosses(sums, norm)
        sums["discriminator"], found = self._discriminator(pieces, batch, pending)
        labelled, missing = summed(self._accelerator, [len(found), sum(value is None for value in found)])
        return StepLosses(sums, norm, int(labelled), int(missing))

    def _items(self, batch: Batch) -> list[slice]:
        """The share in one piece with what fills it up, or every valid item by itself (`gradients` says when)."""
        if not self._item_by_item:
            return [slice(0, len(batch.clean))]
        return [slice(item, item + 1) for item in range(int(batch.valid.sum()))]

    def _through(self, batch: Batch, items: slice) -> Piece:
        """Items of a share through the network."""
        clean, noisy = batch.clean[items], batch.noisy[items]
        spec = stft(noisy)
        outcome = estimate(clean, self._forward(spec), self.recipe.compression)
        return Piece(outcome, noisy, compressed(spec, self.recipe.compression), batch.valid[items])

    def _generator(
        self, pieces: Sequence[Piece], batch: Batch, weight: float
    ) -> tuple[dict[str, float], float | None]:
        names = [name for name in PARTS if name != "discriminator" and (name != "adversarial" or weight > 0)]
        sums, totals = dict.fromkeys(names, 0.0), []
        self.discriminator.requires_grad_(False)
        with parametrize.cached():  # weights are normalised once, however many pieces there are
            for piece in pieces:
                outcome, losses = piece.outcome, parts(piece.outcome)
                total = weighted(losses, self.recipe)
                if weight > 0:
                    judged = self.discriminator(outcome.clean_magnitude, outcome.magnitude)
                    losses["adversarial"] = (judged - 1) ** 2
                    total = total + weight * losses["adversarial"]
                losses["total"] = total
                # sums over this process's items, over the count of all processes
                means = {name: (losses[name] * piece.valid).sum() / batch.total for name in names}
                totals.append(means["total"])
                for name in names:
                    sums[name] += float(means[name].detach())
        self.discriminator.requires_grad_(True)
        means_of_all = self._summed(sums, batch)
        norm = self._update(self.network, self.optimizer, totals, "generator", batch)
        if self.average:
            self.average.follow(self.network)
        return means_of_all, norm

    def _discriminator(
        self, pieces: Sequence[Piece], batch: Batch, pending: Pending | None
    ) -> tuple[float, list[float | None]]:
        """Mean squared error over the pairs of each kind that have a target, before the update; and the labels.

        The labels are waited for when the scores are there.
        """
        with parametrize.cached():
            scores = [self._scores(piece) for piece in pieces]
        labels = pending.result() if pending is not None else []
        kept = len(labels) // 2
        targets = torch.tensor([1.0] * kept + [0.0 if label is None else label for label in labels]).view(
            3, kept
        )
        known = torch.tensor([1.0] * kept + [float(label is not None) for label in labels]).view(3, kept)
        targets, known = targets.to(self._accelerator.device), known.to(self._accelerator.device)
        counts: Tensor = self._accelerator.reduce(known.sum(dim=1), "sum").clamp(min=1)
        losses, first = [], 0
        for found in scores:
            items = slice(first, first + found.shape[1])
            errors = (found - targets[:, items]) ** 2 * known[:, items]
            losses.append((errors.sum(dim=1) / counts).sum())
            first += found.shape[1]
        total = sum(float(loss.detach()) for loss in losses)
        error = self._summed({"discriminator": total}, batch)["discriminator"]
        self._update(self.discriminator, self.discriminator_optimizer, losses, "discriminator", batch)
        return error, labels

    def _scores(self, piece: Piece) -> Tensor:
        """The discriminator's scores of the valid items [3, B]: (clean, clean), (clean, estimate), (estimate, noisy)."""
        clean, estimated = piece.outcome.clean_magnitude, piece.outcome.magnitude.detach()
        references = torch.cat([clean, clean, estimated])
        scores: Tensor = self.discriminator(references, torch.cat([clean, estimated, piece.noisy_magnitude]))
        return scores.view(3, len(clean))[:, : int(piece.valid.sum())]  # items that fill up a share come last

    def _summed(self, values: dict[str, float], batch: Batch) -> dict[str, float]:
        """Values summed over processes. Raises NotFinite naming the first one that is not finite."""
        totals = dict(zip(values, summed(self._accelerator, list(values.values())), strict=True))
        for name, value in totals.items():
            if not math.isfinite(value):
                raise NotFinite(f"the {name} loss is {value} for the batch {', '.join(batch.ids)}")
        return totals

    def _update(
        self, module: nn.Module, optimizer: Adam, losses: Sequence[Tensor], name: str, batch: Batch
    ) -> float | None:
        """Gradient of the losses over all processes, clipped, and the update; the norm before clipping.

        None, and no update, when fp16's scaled loss overflowed.
        """
        scale = self.scale if module is self.network else LossScale()
        scaled = losses if scale.value == 1 else [scale.value * loss for loss in losses]
        set_gradient(module, scaled, self._accelerator, in_double=self._item_by_item)
        if scale.value != 1:
            for parameter in module.parameters():
                if parameter.grad is not None:
                    parameter.grad /= scale.value
        norm = float(clip_grad_norm_(module.parameters(), self.recipe.clip))
        if not math.isfinite(norm):
            if scale.overflowed():
                return None
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
        scale.succeeded()
        return norm


def _submit(labels: Labels, pieces: Sequence[Piece]) -> Pending:
    """Begin to label the valid items: all pairs (clean, estimate), then all pairs (estimate, noisy)."""
    real = torch.cat([piece.valid for piece in pieces]).bool()
    clean = torch.cat([piece.outcome.clean for piece in pieces])[real].cpu().numpy()
    wave = torch.cat([piece.outcome.wave.detach() for piece in pieces])[real].cpu().numpy()
    noisy = torch.cat([piece.noisy for piece in pieces])[real].cpu().numpy()
    return labels.submit(np.concatenate([clean, wave]), np.concatenate([wave, noisy]))
