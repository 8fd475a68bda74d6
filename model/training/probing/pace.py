"""What the steps of a training take, and what follows from it for the whole of one."""

from __future__ import annotations

from dataclasses import dataclass

from model.training.recipe import Recipe


@dataclass(frozen=True)
class Pace:
    """Seconds of a step without and with the discriminator (None when the recipe has none), and of a validation."""

    plain: float
    adversarial: float | None
    validation: float
    steps: int
    """Of an epoch."""
    timed: int
    """Steps of each kind that were timed."""

    def seconds(self, recipe: Recipe, begin: int = 0) -> float:
        """Of the epochs from `begin` (counted from 0) to the recipe's last."""
        total = 0.0
        for epoch in range(begin, recipe.epochs):
            step = self.adversarial if self.adversarial and recipe.discriminates(epoch) else self.plain
            total += step * self.steps
            if (epoch + 1) % recipe.validate_every == 0 or epoch + 1 == recipe.epochs:
                total += self.validation
        return total

    def __str__(self) -> str:
        beside = f", {self.adversarial:.3f} s with the discriminator" if self.adversarial else ""
        return f"a step takes {self.plain:.3f} s{beside} (median of {self.timed}), a validation {self.validation:.0f} s"
