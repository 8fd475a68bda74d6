"""Beginning a training run, and going on with one, into a run folder."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator

from model.data import Pair, at_rate, check, open_corpus, select
from model.data.check import ACCEPTED
from model.data.layouts import file_hashes, fingerprint_of
from model.errors import DataError, TrainingError
from model.leaks.guard import Leak, refuse, training_leaks
from model.leaks.marks import FILES, FileMark, marks_of, write_marks
from model.metrics import RATE
from model.networks import MetricDiscriminator, Network, NetworkConfig, build, config_from_json
from model.runs import RunFolder, environment, now, write_json
from model.training.loop import Training
from model.training.machine.lock import locked, refuse_held
from model.training.machine.processes import Machine as Machine
from model.training.machine.processes import accelerator, described, speaks
from model.training.origin import Origin
from model.training.recipe import Recipe
from model.training.state import Position, load_state
from model.training.step import Stepper


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


def training_data(
    root: Path,
    patterns: tuple[str, ...],
    bad: str = "refuse",
    *,
    split: str = "",
    speakers: int = 0,
    leaks: str = "refuse",
    begins_with: Origin | None = None,
) -> TrainingData:
    """Open, check and split the training part of a corpus; resampled to 16 kHz where it must be.

    `split` names another part than the training set, `speakers` chooses one of two; `leaks` is `refuse` or `record`;
    `begins_with` is the checkpoint of a fine-tuning, whose files count as well. Raises
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
    met = training_leaks(corpus, part, report.outlines, ids, begins_with.marks if begins_with else ())
    if begins_with is not None:
        met += tuple(
            Leak("earlier", 0, f"the checkpoint to begin with: {detail}") for detail in begins_with.leaks
        )
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
    begin_with: tuple[Network, Origin] | None = None,
) -> RunFolder:
    """Train from the beginning into a new run folder; `model` is what the configuration is called.

    `begin_with` gives the generator its first weights (fine-tuning) and says where they are from. Raises TrainingError
    when the folder holds a run, NotFinite when a loss, gradient or weight is no number, Stopped when the machine's time
    is over.
    """
    machine = machine or Machine()
    group = accelerator(machine)
    machine = replace(machine, precision=machine.precision or "fp32", compiled=bool(machine.compiled))
    stepper = _stepper(config, recipe, group, machine)
    if begin_with is not None:
        stepper.begin_with(begin_with[0])
    description = {
        "kind": "training",
        "name": name or folder.resolve().name,
        "model": model,
        "parameters": sum(parameter.numel() for parameter in stepper.network.parameters()),
        "network": config.to_json(),
        "recipe": recipe.to_json(),
        "data": data.to_json(),
    }
    if begin_with is not None:
        description["from"] = begin_with[1].to_json()
    surroundings = environment(
        seed=recipe.seed, data_fingerprint=data.fingerprint, **_carried_out(group, machine)
    )
    with locked(folder, group.is_main_process):
        if group.is_main_process:
            # the marks first: a folder with a configuration is a run, and one without them says nothing of what it met
            RunFolder.refuse_existing(folder)
            write_marks(folder, (*data.marks, *(begin_with[1].marks if begin_with else ())))
            RunFolder.create(folder, description, surroundings)
        group.wait_for_everyone()
        run = RunFolder.open(folder)
        Training(run, recipe, (data.training, data.validation), stepper, group, machine).go(
            Position.beginning()
        )
    return run


def resume(
    folder: Path, root: Path | None = None, machine: Machine | None = None, epochs: int | None = None
) -> RunFolder:
    """Go on with a run where its state was last saved; one killed before that begins again, a finished one is left.

    `root` says where the data lie now, when they moved; they must be the same files. `epochs` above the run's own
    extend it, finished or not. Raises TrainingError when the data are others or another process trains in the folder.
    """
    run = RunFolder.open(folder)
    machine = machine or Machine()
    group = accelerator(machine)
    with locked(folder, group.is_main_process):
        content, before = run.config(), run.environment()
        recipe = Recipe.from_json(content["recipe"])
        longer = recipe.extended(epochs) if epochs is not None else recipe
        config = config_from_json(content["network"])
        told = content["data"]
        # runs of earlier versions do not name the part: a pair of folders served for everything then
        split = told.get("split") or ("all" if told.get("layout") == "pair" else "")
        where = root or Path(told["root"])
        data = training_data(where, recipe.validation, told["bad"], split=split, leaks="record")
        if data.fingerprint != before["data_fingerprint"]:
            raise TrainingError(
                f"{data.root} does not hold the files that {folder} was trained on; give --data"
            )
        machine = replace(
            machine,
            precision=machine.precision or before.get("precision", "fp32"),
            compiled=before.get("compiled", False) if machine.compiled is None else machine.compiled,
        )
        stepper = _stepper(config, longer, group, machine)
        position = load_state(folder, stepper)
        carried_out = _carried_out(group, machine)
        group.wait_for_everyone()  # every process has read the configuration
        if group.is_main_process:
            if not (folder / FILES).exists():  # a run of an earlier version
                write_marks(folder, data.marks)
            if longer != recipe:
                _extend(run, recipe, longer)
            _log_what_was_saved(run, position)
            if position.epoch < longer.epochs:
                libraries = environment()["libraries"]
                run.log(
                    "resumed", epoch=position.epoch, step=position.step, libraries=libraries, **carried_out
                )
        Training(run, longer, (data.training, data.validation), stepper, group, machine).go(position)
    return run


def refuse_taken(folder: Path) -> None:
    """Raise TrainingError when a folder holds a run or another process trains in it, before hours of looking at data."""
    if speaks():
        refuse_held(folder)
        RunFolder.refuse_existing(folder)


def _extend(run: RunFolder, recipe: Recipe, longer: Recipe) -> None:
    """Put the longer recipe into `config.json`, and say so there and in the log."""
    content = run.config()
    step = {"time": now(), "from": recipe.epochs, "to": longer.epochs}
    extended = [*content.get("extended", []), step]
    write_json(run.path / "config.json", {**content, "recipe": longer.to_json(), "extended": extended})
    run.log("extended", **{key: value for key, value in step.items() if key != "time"})


def _log_what_was_saved(run: RunFolder, position: Position) -> None:
    """The line of an epoch whose state was saved, but which a kill or a full disk kept from the log."""
    report = position.report
    if report and report["epoch"] not in {event["epoch"] for event in run.epochs()}:
        run.log("epoch", **report)


def _carried_out(group: Accelerator, machine: Machine) -> dict[str, Any]:
    return {**described(group), "precision": machine.precision, "compiled": machine.compiled}


def _stepper(config: NetworkConfig, recipe: Recipe, group: Accelerator, machine: Machine) -> Stepper:
    torch.manual_seed(recipe.seed)
    network = build(config)
    discriminator = MetricDiscriminator(recipe.discriminator_width)
    discriminator.dropout.p = recipe.discriminator_dropout
    return Stepper(
        recipe,
        network,
        discriminator,
        group,
        precision=machine.precision or "fp32",
        compiled=bool(machine.compiled),
    )
