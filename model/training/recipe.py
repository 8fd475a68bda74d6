"""What a training does: every value of it, two named recipes, and overriding values by name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self, get_args, get_type_hints

from model.errors import ModelUsageError


@dataclass(frozen=True)
class Recipe:
    """The values of a training; the defaults are the group's "improved" recipe.

    `validation` are patterns of utterance ids held out from the training files. `adversarial_start` is a share of the
    epochs; before it no discriminator is trained and no PESQ label computed, from it on the discriminator trains and
    the weight of its loss rises linearly over `adversarial_ramp` epochs. `ema` above 0 is the decay of an average over the
    steps; validated and saved are then the averaged weights.
    """

    epochs: int = 250
    batch: int = 6
    crop_seconds: float = 2.0
    rate: float = 1e-3
    rate_decay: float = 0.98
    rate_decay_every: int = 10
    clip: float = 5.0
    weight_complex: float = 0.45
    weight_magnitude: float = 0.45
    weight_wave: float = 0.10
    weight_adversarial: float = 0.30
    adversarial_start: float = 0.6
    adversarial_ramp: int = 20
    compression: float = 0.3
    discriminator_width: int = 16
    discriminator_dropout: float = 0.3
    validation: tuple[str, ...] = ("p226_*", "p287_*")
    validate_every: int = 1
    save_every_steps: int = 0
    ema: float = 0.0
    seed: int = 1

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, float) and not math.isfinite(value):
                raise ModelUsageError(f"{field.name} must be a finite number, not {value}")
        positive = (
            "epochs",
            "batch",
            "crop_seconds",
            "rate",
            "rate_decay",
            "rate_decay_every",
            "clip",
            "compression",
        )
        for name in (*positive, "discriminator_width", "validate_every"):
            if getattr(self, name) <= 0:
                raise ModelUsageError(f"{name} must be above 0, not {getattr(self, name)}")
        for field in fields(self):
            if (
                field.name.startswith(("weight_", "adversarial_", "save_", "seed"))
                and getattr(self, field.name) < 0
            ):
                raise ModelUsageError(f"{field.name} must not be negative, not {getattr(self, field.name)}")
        if not 0 <= self.discriminator_dropout < 1:
            raise ModelUsageError(
                f"discriminator_dropout must be in [0, 1), not {self.discriminator_dropout}"
            )
        if not 0 <= self.ema < 1:
            raise ModelUsageError(f"ema must be in [0, 1), not {self.ema}")
        # the discriminator halves time four times and needs 32 frames of 8 ms
        if self.crop_seconds < 0.25:
            raise ModelUsageError(f"crop_seconds must be at least 0.25, not {self.crop_seconds}")

    @property
    def first_adversarial_epoch(self) -> int:
        """The epoch, counted from 0, from which the discriminator takes part."""
        return round(self.adversarial_start * self.epochs)

    def adversarial_weight(self, epoch: int) -> float:
        """Weight of the adversarial loss in an epoch, counted from 0: 0, then a line, then `weight_adversarial`."""
        since = epoch - self.first_adversarial_epoch
        if since < 0:
            return 0.0
        if since >= self.adversarial_ramp:
            return self.weight_adversarial
        return self.weight_adversarial * since / self.adversarial_ramp

    def discriminates(self, epoch: int) -> bool:
        """Whether the discriminator trains in an epoch."""
        return self.weight_adversarial > 0 and epoch >= self.first_adversarial_epoch

    def learning_rate(self, epoch: int) -> float:
        """Learning rate of both optimisers in an epoch, counted from 0."""
        return self.rate * self.rate_decay ** (epoch // self.rate_decay_every)

    def extended(self, epochs: int) -> Self:
        """The same for more epochs; the discriminator's first epoch stays where it was."""
        if epochs <= self.epochs:
            raise ModelUsageError(
                f"the run has {self.epochs} epochs; to extend it, epochs must be more, not {epochs}"
            )
        return replace(self, epochs=epochs, adversarial_start=self.first_adversarial_epoch / epochs)

    def to_json(self) -> dict[str, Any]:
        """Plain values, as `config.json` has them."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**values, "validation": list(self.validation)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The recipe that `to_json` wrote. Raises ModelUsageError for an unknown value."""
        unknown = sorted(set(values) - {field.name for field in fields(cls)})
        if unknown:
            raise ModelUsageError(
                f"the recipe has no value {unknown[0]!r}; this run needs another version of litdb"
            )
        return cls(**{**values, "validation": tuple(values.get("validation", cls.validation))})

    def with_overrides(self, words: Iterable[str]) -> Self:
        """The recipe with values given as `name=value`. Raises ModelUsageError for an unknown name or bad value."""
        types = get_type_hints(type(self))
        changes: dict[str, Any] = {}
        for word in words:
            name, equals, text = word.partition("=")
            if not equals or name not in types:
                known = ", ".join(types)
                raise ModelUsageError(f"{word!r} is not NAME=VALUE of the recipe, whose names are {known}")
            changes[name] = parse_value(name, text, types[name])
        return replace(self, **changes)


def parse_value(name: str, text: str, kind: Any) -> Any:
    """A word of the command line as a value of a field's type. Raises ModelUsageError when it is none."""
    if kind is bool:
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
    elif kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    elif kind is str:
        return text
    elif get_args(kind):  # a tuple of words, or a choice of words
        return tuple(word for word in text.split(",") if word) if str(kind).startswith("tuple") else text
    raise ModelUsageError(
        f"{name} cannot be {text!r}; a value of type {getattr(kind, '__name__', kind)} is expected"
    )


#: The named recipes. `earlier` repeats the group's old results: adversarial loss at full weight from half of the epochs.
RECIPES: dict[str, Recipe] = {
    "improved": Recipe(),
    "earlier": Recipe(
        weight_complex=0.5,
        weight_magnitude=0.5,
        weight_wave=0.0,
        weight_adversarial=1.0,
        adversarial_start=0.5,
        adversarial_ramp=0,
    ),
}


def recipe(name: str, overrides: Iterable[str] = ()) -> Recipe:
    """A named recipe with values overridden by `name=value` words."""
    if name not in RECIPES:
        raise ModelUsageError(f"there is no recipe {name!r}; there are {', '.join(RECIPES)}")
    return RECIPES[name].with_overrides(overrides)
