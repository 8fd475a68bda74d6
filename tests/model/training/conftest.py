"""A training small enough to be run many times."""

from __future__ import annotations

from pathlib import Path

import pytest

WORDS = ("epochs=2", "batch=2", "crop_seconds=0.4", "weight_adversarial=0", "validation=p3_*")


class Small:
    """The toy corpus, a network of a few thousand weights, and a recipe without discriminator."""

    def __init__(self, corpus: Path) -> None:
        from model.networks import BSRNNConfig
        from model.training.trainer import training_data

        self.corpus = corpus
        self.config = BSRNNConfig(num_channel=4, num_layer=1, bands=(57, 200))
        self.data = training_data(corpus, ("p3_*",))

    def train(self, folder: Path, *words: str, **how):  # type: ignore[no-untyped-def]
        """Train into a folder; `how` are fields of Machine, and `begin_with`."""
        from model.training.recipe import Recipe
        from model.training.trainer import Machine, start

        begin_with = how.pop("begin_with", None)
        machine = Machine(**{"cpu": True, "workers": 1, **how})
        recipe = Recipe().with_overrides([*WORDS, *words])
        return start(folder, "small", self.config, recipe, self.data, machine, begin_with=begin_with)


@pytest.fixture(scope="session")
def small(toy: Path) -> Small:
    pytest.importorskip("torch")
    return Small(toy)
