"""A run folder of an untrained M4 with everything in it, and a corpus that it is heard on."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.checkpoint import save_checkpoint
from model.evaluation.pool import FileScore
from model.evaluation.summary import Summary, TestSet, record
from model.metrics import NAMES
from model.networks import build, variant
from model.runs import CheckpointRecord, RunFolder, sha256
from model.training.recipe import Recipe
from tests.cli.conftest import home as home
from tests.cli.conftest import litdb as litdb
from tests.model.signals import corpus

EPOCHS = 6
FILES = 12


@pytest.fixture(scope="session")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six short utterances, the last two of which are held out."""
    return corpus(tmp_path_factory.mktemp("heard"), train=6, test=2, seconds=0.7)


def make_run(
    folder: Path,
    data: Path,
    *,
    seed: int = 1,
    model: str = "M4",
    level: float = 0.0,
    recipe: tuple[str, ...] = (),
) -> Path:
    """A run folder as a training leaves it. `level` is added to every loss."""
    words = [f"seed={seed}", f"epochs={EPOCHS}", "adversarial_start=0.5", "validation=p3_*", *recipe]
    plan = Recipe().with_overrides(words)
    network = build(variant(model))
    config: dict[str, Any] = {
        "kind": "training",
        "name": folder.name,
        "model": model,
        "parameters": 459867,
        "network": network.config.to_json(),
        "recipe": plan.to_json(),
        "data": {
            "root": str(data),
            "split": "train",
            "fingerprint": "f" * 64,
            "training_files": 4,
            "leaks": [],
        },
    }
    run = RunFolder.create(folder, config, {"seed": seed, "threads": 1})
    for epoch in range(1, EPOCHS + 1):
        train = dict.fromkeys(("complex", "magnitude", "wave", "total"), 1 / epoch + level)
        if epoch >= 4:
            train |= {"adversarial": 0.5, "discriminator": 0.25, "total": train["total"] + 0.1 * 0.5}
        run.log(
            "epoch",
            epoch=epoch,
            learning_rate=plan.learning_rate(epoch - 1),
            adversarial_weight=0.1 if epoch >= 4 else 0.0,
            train=train,
            validation={"loss": 0.9 / epoch + level, "pesq": 1 + epoch / 10, "stoi": 0.7 + epoch / 100},
        )
    run.log("finished", epochs=EPOCHS, seconds=36.0)
    path = folder / "checkpoint_best_composite.pt"
    save_checkpoint(path, network, epoch=5)
    run.record_checkpoints(
        [
            CheckpointRecord(
                "best-composite", path.name, sha256(path), 5, "validation", "highest composite", {"pesq": 1.5}
            )
        ]
    )
    return folder


def add_scores(folder: Path, digest: str | None = None, noisy: bool = True) -> None:
    """Scores by file of a checkpoint that gains 0.1 PESQ a file number, and of the noisy files."""
    test_set = TestSet("Toy", FILES, "a" * 64, "test", "test")
    levels = np.linspace(-3, 19, FILES)
    own, before = [], []
    for place, si_sdr in enumerate(levels):
        for scores, gain in ((before, 0.0), (own, 0.1 * place)):
            values = dict.fromkeys(NAMES, 0.5) | {
                "pesq": 1.5 + gain,
                "stoi": 0.8,
                "si_sdr": float(si_sdr + 3 * gain),
            }
            scores.append(FileScore(f"u{place:02}", tuple(values[name] for name in NAMES)))
    digest = digest or sha256(folder / "checkpoint_best_composite.pt")
    record(folder, test_set, Summary.of("best-composite", "checkpoint", digest, own, test_set), own)
    if noisy:
        record(folder, test_set, Summary.of("noisy", "noisy", None, before, test_set), before)


@pytest.fixture(scope="session")
def whole_run(heard: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with everything. Tests that write into it work on a copy."""
    folder = make_run(tmp_path_factory.mktemp("runs") / "m4-s1", heard)
    add_scores(folder)
    return folder


@pytest.fixture(scope="session")
def other_seed(heard: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of another seed, with larger losses and no scores."""
    return make_run(tmp_path_factory.mktemp("runs") / "m4-s2", heard, seed=2, level=0.2)


@pytest.fixture
def copied(whole_run: Path, tmp_path: Path) -> Path:
    """A copy of the whole run to write into."""
    return Path(shutil.copytree(whole_run, tmp_path / "copied"))
