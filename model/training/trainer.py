"""A training run from its first to its last epoch, into a run folder."""

from __future__ import annotations

import time
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator

from model.data import Crops, Pair, at_rate, check, open_corpus, select
from model.data.check import ACCEPTED
from model.data.layouts import file_hashes, fingerprint_of
from model.errors import DataError, ModelUsageError, TrainingError
from model.leaks.guard import Leak, refuse, training_leaks
from model.leaks.marks import FILES, FileMark, marks_of, write_marks
from model.metrics import RATE
from model.networks import MetricDiscriminator, NetworkConfig, build, config_from_json
from model.runs import RunFolder, environment
from model.training.labels import Labels, PooledLabels
from model.training.progress import Board, Progress
from model.training.recipe import Recipe
from model.training.selection import Best, Validation, write_checkpoints
from model.training.state import Position, load_state, save_state
from model.training.step import PARTS, Batch, StepLosses, Stepper
from model.training.validation import validate
from model.workers import cores, worker_pool


@dataclass(frozen=True)
class TrainingData:
    """The pairs of a training, those held out, the fingerprint and the marks of both, and where they were found.

    `split` is the part's name, `role` what it is for, `folders` its clean and its noisy folder below `root`.
    """

    root: Path
    layout: str
    training: tuple[Pair, ...]
    validation: tuple[Pair, ...]
    fingerprint: str
    bad: str
    left_out: int
    split: str
    role: str
    folders: tuple[str, str]
    marks: tuple[FileMark, ...]
    leaks: tuple[Leak, ...]

    def to_json(self) -> dict[str, Any]:
        """What `config.json` says of the data."""
        return {
            "root": str(self.root),
            "layout": self.layout,
            "split": self.split,
            "role": self.role,
            "folders": list(self.folders),
            "files": FILES,
            "fingerprint": self.fingerprint,
            "training_files": len(self.training),
            "validation_files": len(self.validation),
            "bad": self.bad,
            "left_out": self.left_out,
            "leaks": [asdict(leak) for leak in self.leaks],
        }


@dataclass(frozen=True)
class Machine:
    """How a run is carried out; nothing in it changes what is learnt."""

    cpu: bool = False
    workers: int = 0
    tensorboard: bool = False


def training_data(
    root: Path,
    patterns: tuple[str, ...],
    bad: str = "refuse",
    *,
    split: str = "",
    speakers: int = 0,
    leaks: str = "refuse",
) -> TrainingData:
    """Open, check and split the training part of a corpus; resampled to 16 kHz where it must be.

    `split` names another part than the training set, `speakers` chooses one of two; `leaks` is `refuse` or `record`. Raises
    DataError when there is no training part, for bad files (unless `bad` is `skip`), when the patterns hold out nothing or
    everything, and for files that are for testing.
    """
    corpus = open_corpus(root)
    part = corpus.training(split, speakers)
    report = check(part)
    pairs = select(report, bad)
    held = tuple(pair for pair in pairs if any(fnmatchcase(pair.id, pattern) for pattern in patterns))
    rest = tuple(pair for pair in pairs if pair not in held)
    if not held or not rest:
        raise DataError(
            f"validation={','.join(patterns)} holds out {len(held)} of {len(pairs)} utterances; "
            f"speakers here are {', '.join(report.speakers[:8])}; set validation to patterns such as "
            f"'{report.speakers[-1]}_*'"
        )
    ids = [pair.id for pair in held]
    met = training_leaks(corpus, part, report.outlines, ids)
    refuse(met, leaks)
    hashes = file_hashes(pairs)
    return TrainingData(
        root=root,
        layout=corpus.layout,
        training=at_rate(rest, RATE),
        validation=at_rate(held, RATE),
        fingerprint=fingerprint_of(hashes),
        bad=bad,
        left_out=len({problem.file for problem in report.problems if problem.kind not in ACCEPTED}),
        split=part.name,
        role=part.role,
        folders=(str(part.clean.relative_to(root)), str(part.noisy.relative_to(root))),
        marks=marks_of(pairs, set(ids), hashes, report.outlines),
        leaks=met,
    )


def start(
    folder: Path,
    model: str,
    config: NetworkConfig,
    recipe: Recipe,
    data: TrainingData,
    machine: Machine | None = None,
    name: str = "",
) -> RunFolder:
    """Train from the beginning into a new run folder; `model` is what the configuration is called.

    Raises TrainingError when the folder holds a run, NotFinite when a loss, gradient or weight is no number.
    """
    accelerator = _accelerator(machine)
    stepper = _stepper(config, recipe, accelerator)
    description = {
        "kind": "training",
        "name": name or folder.resolve().name,
        "model": model,
        "parameters": sum(parameter.numel() for parameter in stepper.network.parameters()),
        "network": config.to_json(),
        "recipe": recipe.to_json(),
        "data": data.to_json(),
    }
    if accelerator.is_main_process:
        run = RunFolder.create(
            folder,
            description,
            environment(
                seed=recipe.seed, data_fingerprint=data.fingerprint, processes=accelerator.num_processes
            ),
        )
        write_marks(folder, data.marks)
    accelerator.wait_for_everyone()
    run = RunFolder.open(folder)
    _Training(run, recipe, data, stepper, accelerator, machine or Machine()).go(
        Position(0, 0, {}, Best(), 0.0)
    )
    return run


def resume(folder: Path, root: Path | None = None, machine: Machine | None = None) -> RunFolder:
    """Go on with a run where its state was last saved; one killed before that begins again, a finished one is left.

    `root` says where the data lie now, when they moved; they must be the same files. Raises TrainingError when they are not.
    """
    run = RunFolder.open(folder)
    content = run.config()
    recipe = Recipe.from_json(content["recipe"])
    config = config_from_json(content["network"])
    told = content["data"]
    # runs of earlier versions do not name the part: a pair of folders served for everything then
    split = told.get("split") or ("all" if told.get("layout") == "pair" else "")
    where = root or Path(told["root"])
    data = training_data(where, recipe.validation, told["bad"], split=split, leaks="record")
    if data.fingerprint != run.environment()["data_fingerprint"]:
        raise TrainingError(f"{data.root} does not hold the files that {folder} was trained on; give --data")
    accelerator = _accelerator(machine)
    stepper = _stepper(config, recipe, accelerator)
    position = load_state(folder, stepper)
    if accelerator.is_main_process:
        if not (folder / FILES).exists():  # a run of an earlier version
            write_marks(folder, data.marks)
        run.log("resumed", epoch=position.epoch, step=position.step, libraries=environment()["libraries"])
    _Training(run, recipe, data, stepper, accelerator, machine or Machine()).go(position)
    return run


def _accelerator(machine: Machine | None) -> Accelerator:
    return Accelerator(cpu=machine.cpu) if machine else Accelerator()


def _stepper(config: NetworkConfig, recipe: Recipe, accelerator: Accelerator) -> Stepper:
    torch.manual_seed(recipe.seed)
    network = build(config)
    discriminator = MetricDiscriminator(recipe.discriminator_width)
    discriminator.dropout.p = recipe.discriminator_dropout
    return Stepper(recipe, network, discriminator, accelerator)


class _Training:
    def __init__(
        self,
        run: RunFolder,
        recipe: Recipe,
        data: TrainingData,
        stepper: Stepper,
        accelerator: Accelerator,
        machine: Machine,
    ) -> None:
        self._run, self._recipe, self._data, self._stepper = run, recipe, data, stepper
        self._accelerator, self._machine = accelerator, machine
        self._crops = Crops.of(data.training, round(recipe.crop_seconds * RATE), recipe.seed)
        self._main = accelerator.is_main_process
        self._progress = Progress(recipe)
        self._board = _board(run) if machine.tensorboard and self._main else None

    def go(self, position: Position) -> None:
        """All remaining epochs."""
        if position.epoch >= self._recipe.epochs:
            return
        workers = self._machine.workers or max(1, cores() // self._accelerator.num_processes)
        with worker_pool(workers) as pool, ThreadPoolExecutor(1) as loader:
            try:
                while position.epoch < self._recipe.epochs:
                    position = self._epoch(position, pool, loader)
            except Exception as error:
                if self._main:
                    self._run.log("stopped", reason=str(error), epoch=position.epoch)
                raise
        if self._main:
            self._run.log("finished", epochs=position.epoch, seconds=round(position.seconds, 1))

    def _epoch(self, position: Position, pool: Executor, loader: Executor) -> Position:
        epoch, began = position.epoch, time.monotonic()
        labels: Labels | None = PooledLabels(pool) if self._recipe.discriminates(epoch) else None
        weight = self._recipe.adversarial_weight(epoch)
        self._stepper.set_rate(self._recipe.learning_rate(epoch))
        batches = self._crops.batches(epoch, self._recipe.batch)
        sums = dict(position.sums)
        loading = (
            loader.submit(self._batch, epoch, batches[position.step])
            if position.step < len(batches)
            else None
        )
        for step in range(position.step, len(batches)):
            if loading is None:
                raise RuntimeError("no batch is being loaded")
            batch = loading.result()
            loading = (
                loader.submit(self._batch, epoch, batches[step + 1]) if step + 1 < len(batches) else None
            )
            self._seed(epoch, step)
            losses = self._stepper.step(batch, weight, labels)
            _add(sums, losses, batch.total)
            if self._main:
                self._progress.step(epoch, step + 1, len(batches), losses.values["total"])
                every = self._recipe.save_every_steps
                if every and (step + 1) % every == 0 and step + 1 < len(batches):
                    seconds = position.seconds + time.monotonic() - began
                    halfway = Position(epoch, step + 1, sums, position.best, seconds)
                    save_state(self._run.path, self._stepper, halfway)
        return self._finish(position, sums, pool, began)

    def _finish(self, position: Position, sums: dict[str, float], pool: Executor, began: float) -> Position:
        """Validation, checkpoints, log and resume state, in this order: a kill in between repeats the epoch's end."""
        epoch, validation, best = position.epoch, None, position.best
        if (epoch + 1) % self._recipe.validate_every == 0 or epoch + 1 == self._recipe.epochs:
            validation = validate(
                self._recipe, self._stepper.network, self._data.validation, self._accelerator, pool
            )
        seconds = time.monotonic() - began
        if self._main:
            best = write_checkpoints(self._run, self._stepper.network, epoch + 1, validation, best)
        reached = Position(epoch + 1, 0, {}, best, position.seconds + seconds)
        if self._main:
            self._report(epoch, _means(sums), sums, validation, seconds)
            save_state(self._run.path, self._stepper, reached)
        self._accelerator.wait_for_everyone()
        return reached

    def _report(
        self,
        epoch: int,
        train: dict[str, float],
        sums: dict[str, float],
        validation: Validation | None,
        seconds: float,
    ) -> None:
        self._run.log(
            "epoch",
            epoch=epoch + 1,
            learning_rate=self._recipe.learning_rate(epoch),
            adversarial_weight=self._recipe.adversarial_weight(epoch),
            train=train,
            validation=validation.to_json() if validation else None,
            labels=int(sums.get("labels", 0)),
            labels_missing=int(sums.get("labels_missing", 0)),
            seconds=round(seconds, 2),
        )
        self._progress.epoch(epoch, train, validation, seconds)
        if self._board:
            self._board.epoch(epoch, train, validation)

    def _batch(self, epoch: int, indices: list[int]) -> Batch:
        """This process's share of a batch, filled up with repeated items of no weight to the size of the largest."""
        processes, rank = self._accelerator.num_processes, self._accelerator.process_index
        own, size = indices[rank::processes], -(-len(indices) // processes)
        filled = own + [indices[0]] * (size - len(own))
        clean, noisy = self._crops.batch(epoch, filled)
        valid = torch.tensor([1.0] * len(own) + [0.0] * (size - len(own)))
        device = self._accelerator.device
        return Batch(
            torch.from_numpy(clean).to(device),
            torch.from_numpy(noisy).to(device),
            valid.to(device),
            len(indices),
            [self._data.training[index].id for index in own],
        )

    def _seed(self, epoch: int, step: int) -> None:
        words: list[Any] = [self._recipe.seed, epoch, step, self._accelerator.process_index]
        torch.manual_seed(int(np.random.SeedSequence(words).generate_state(1)[0]))


def _add(sums: dict[str, float], losses: StepLosses, items: int) -> None:
    """Add a step to the sums of its epoch, weighted with its items."""
    for name, value in {**losses.values, "gradient_norm": losses.gradient_norm}.items():
        sums[name] = sums.get(name, 0.0) + value * items
        sums[f"{name}:items"] = sums.get(f"{name}:items", 0.0) + items
    sums["labels"] = sums.get("labels", 0.0) + losses.labels
    sums["labels_missing"] = sums.get("labels_missing", 0.0) + losses.labels_missing


def _means(sums: dict[str, float]) -> dict[str, float]:
    names = [name for name in (*PARTS, "gradient_norm") if name in sums]
    return {name: round(sums[name] / sums[f"{name}:items"], 6) for name in names}


def _board(run: RunFolder) -> Board:
    try:
        return Board(str(run.path / "tensorboard"))
    except ImportError:
        raise ModelUsageError(
            "--tensorboard needs the package tensorboard: pip install tensorboard"
        ) from None
