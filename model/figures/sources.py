"""What there is to draw from: a run folder, a checkpoint, and the audio that a network is heard on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model.data import Pair, audio
from model.data.audio import Samples
from model.errors import ModelUsageError
from model.metrics import RATE
from model.runs import CheckpointRecord, RunFolder, training_of

PREFERRED = ("best-composite", "best-pesq", "best-stoi", "best-loss", "last")
"""Which checkpoint of a run is drawn where none is asked for: the first of these that it has."""


@dataclass(frozen=True, slots=True)
class Source:
    """A run, a checkpoint, or both; where one is missing the reason says why, for a figure that needs it."""

    name: str
    run: RunFolder | None
    checkpoint: Path | None
    record: CheckpointRecord | None
    no_run: str = ""
    no_checkpoint: str = ""

    def config(self) -> Mapping[str, Any]:
        """`config.json` of the run; empty without one."""
        return self.run.config() if self.run is not None else {}


def source_of(given: Path, wanted: str = "") -> Source:
    """What a run folder (with its checkpoint `wanted`, such as `last`) or a checkpoint file gives.

    A checkpoint brings its run along when it lies in its folder. Raises ModelUsageError when it is neither, or when the run
    has no checkpoint of that name.
    """
    if given.is_dir():
        return _of_run(RunFolder.open(given), wanted)
    if not given.is_file():
        raise ModelUsageError(f"{given} is neither a run folder nor a checkpoint file")
    if wanted:
        raise ModelUsageError("--checkpoint chooses among those of a run folder; name the folder with it")
    run = training_of(given)
    if run is None:
        return Source(
            given.stem, None, given, None, no_run=f"{given.name} does not lie in the run it is from"
        )
    names = {record.file: record for record in run.checkpoints()}
    return Source(run.path.resolve().name, run, given, names.get(given.name))


def _of_run(run: RunFolder, wanted: str) -> Source:
    name = run.path.resolve().name
    records = {record.name: record for record in run.checkpoints()}
    if wanted and wanted not in records:
        known = ", ".join(records) or "none"
        raise ModelUsageError(f"{run.path} has no checkpoint {wanted!r}; it has {known}")
    chosen = next((records[word] for word in ((wanted,) if wanted else PREFERRED) if word in records), None)
    if chosen is None:
        return Source(name, run, None, None, no_checkpoint=f"{name} lists no checkpoint")
    path = run.path / Path(chosen.file).name
    if not path.is_file():
        return Source(
            name,
            run,
            None,
            chosen,
            no_checkpoint=f"{name} holds no weights: {path.name} is missing (packed runs have none)",
        )
    return Source(name, run, path, chosen)


def alike(one: Source, other: Source) -> bool:
    """Whether two runs differ in nothing but their seed, as far as their folders say."""
    return (
        one.run is not None and other.run is not None and settings(one.config()) == settings(other.config())
    )


def settings(config: Mapping[str, Any]) -> str:
    """What was trained how and on what, without the seed, in one text."""
    recipe = {key: value for key, value in _part(config, "recipe").items() if key != "seed"}
    parts = [config.get("model"), recipe, config.get("network"), _part(config, "data").get("fingerprint")]
    return json.dumps(parts, sort_keys=True, default=str)


def _part(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = config.get(key)
    return part if isinstance(part, Mapping) else {}


def seed_of(config: Mapping[str, Any]) -> int | None:
    """The seed of a training run."""
    seed = _part(config, "recipe").get("seed")
    return seed if isinstance(seed, int) else None


def data_root(source: Source) -> Path | None:
    """Where the corpus of a run lies, if it lies on this machine."""
    root = _part(source.config(), "data").get("root")
    return Path(root) if isinstance(root, str) and root and Path(root).is_dir() else None


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One utterance that a network is heard on: noisy, and clean where there is one, [samples] at 16 kHz."""

    id: str
    noisy: Samples
    clean: Samples | None


def example_of(noisy: Path, clean: Path | None = None, name: str = "") -> Example:
    """An utterance from files, any rate. Raises DataError for a file that is none, ModelUsageError for unequal lengths."""
    heard = audio.read_at(noisy, RATE)
    reference = None if clean is None else audio.read_at(clean, RATE)
    if reference is not None and len(reference) != len(heard):
        raise ModelUsageError(
            f"{noisy} has {len(heard)} samples at 16 kHz and {clean} {len(reference)}; they must be one utterance"
        )
    return Example(name or noisy.stem, heard, reference)


def middle_of(pairs: Sequence[Pair]) -> Pair:
    """The utterance of middle signal-to-noise ratio, which is drawn where none is asked for."""
    rated = sorted((snr_of(pair), pair.id, place) for place, pair in enumerate(pairs))
    return pairs[rated[len(rated) // 2][2]]


def snr_of(pair: Pair) -> float:
    """Ratio of clean to noise of a pair in dB; infinite without noise."""
    clean, noisy = (audio.read_at(path, RATE).astype(np.float64) for path in (pair.clean, pair.noisy))
    length = min(len(clean), len(noisy))
    noise = float(np.sum((noisy[:length] - clean[:length]) ** 2))
    energy = float(np.sum(clean[:length] ** 2))
    return 10 * float(np.log10(energy / noise)) if noise > 0 and energy > 0 else float("inf")
