"""Tests of the `model` package run with one numerical thread each, as others run beside them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.model.signals import corpus


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> Iterator[None]:
    torch = pytest.importorskip("torch")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True)
def _seed(_one_thread: None) -> None:
    import torch

    torch.manual_seed(0)


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of six short utterances to train on (p3 to validate) and three to test on."""
    return corpus(tmp_path_factory.mktemp("toy"), train=6, test=3, seconds=0.9)


@pytest.fixture(scope="session")
def toy_run(toy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of a very small network on the toy corpus. Tests that write into it work on a copy."""
    from model.networks import BSRNNConfig
    from model.training.recipe import Recipe
    from model.training.trainer import Machine, start, training_data

    words = ["epochs=2", "batch=2", "crop_seconds=0.4", "weight_adversarial=0", "validation=p3_*"]
    config = BSRNNConfig(num_channel=4, num_layer=1, bands=(57, 200))
    data = training_data(toy, ("p3_*",))
    folder = tmp_path_factory.mktemp("toy_run") / "small"
    start(folder, "small", config, Recipe().with_overrides(words), data, Machine(cpu=True, workers=1))
    return folder
