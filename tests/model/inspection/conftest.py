"""A network whose parts all do something, and short files to hear it on."""

from pathlib import Path

import pytest

from model.checkpoint import save_checkpoint
from model.data import Pair, open_corpus
from model.inspection.effects import choose
from model.networks import UNet
from tests.model.inspection.sabotage import pointed
from tests.model.signals import corpus


@pytest.fixture(scope="session")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of eight utterances of half a second and more."""
    return corpus(tmp_path_factory.mktemp("short"), train=8, test=0, seconds=0.5)


@pytest.fixture(scope="session")
def pairs(short: Path) -> list[Pair]:
    """Four of them."""
    (split,) = open_corpus(short).splits
    return choose(split.pairs, 4)


@pytest.fixture(scope="session")
def network() -> UNet:
    """M4 with pointed gates and attention."""
    return pointed()


@pytest.fixture(scope="session")
def checkpoint(network: UNet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file."""
    path = tmp_path_factory.mktemp("whole") / "whole.pt"
    save_checkpoint(path, network)
    return path
