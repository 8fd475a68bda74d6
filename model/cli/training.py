"""`litdb model train`, `pack` and `bundle`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.cli._recipe import (
    Compile,
    Cpu,
    Hours,
    Precision,
    RecipeName,
    Set,
    existing_file,
    network,
    settings,
)
from model.cli._shared import (
    Bad,
    Json,
    Leaks,
    Speakers,
    Workers,
    emit_json,
    family,
    into_catalogue,
    tell_types,
)
from model.errors import ModelUsageError, Stopped

if TYPE_CHECKING:
    from model.networks import Network, NetworkConfig
    from model.training.machine.processes import Machine
    from model.training.origin import Origin
    from model.training.recipe import Recipe
    from model.training.trainer import TrainingData

app = family()


@app.command("train")
def train_command(
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="RUN", help="New run folder.")] = None,
    data: Annotated[Path | None, typer.Option("--data", "-d", metavar="DIR", help="Corpus folder.")] = None,
    model: Annotated[
        str,
        typer.Option(
            "--model",
            "-m",
            metavar="VARIANT",
            help="The network, such as M1 (default: M4, or that of --from).",
        ),
    ] = "",
    recipe: RecipeName = "improved",
    values: Set = None,
    name: Annotated[str, typer.Option("--name", help="Name of the run (default: the folder's).")] = "",
    split: Annotated[
        str,
        typer.Option("--split", metavar="NAME", help="Part to train on (default: the training set)."),
    ] = "",
    speakers: Speakers = 0,
    leaks: Leaks = "refuse",
    bad: Bad = "refuse",
    begin_with: Annotated[
        Path | None,
        typer.Option("--from", metavar="CHECKPOINT", help="Fine-tune: begin with these weights."),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(
            "--resume",
            metavar="RUN",
            help="Go on with a run that was stopped; with --set epochs=N, extend one that has fewer.",
        ),
    ] = None,
    workers: Workers = 0,
    cpu: Cpu = False,
    precision: Precision = "",
    compiled: Compile = None,
    hours: Hours = None,
    logger: Annotated[
        list[str] | None,
        typer.Option(
            "--logger",
            metavar="tensorboard|mlflow|trackio|wandb",
            help="Write scalars there as well, if it is installed; may be repeated.",
        ),
    ] = None,
    db: Annotated[
        str | None,
        typer.Option("--db", metavar="FILE|URL", help="Take the finished run into this catalogue."),
    ] = None,
    json: Json = False,
) -> None:
    """Train a network into a run folder of plain files.

    Several processes or machines: torchrun --nproc-per-node 2 -m litdb model train ... with the same options.

    Example: litdb model train --data VoiceBank-DEMAND --out runs/m4 --model M4 --set batch=8 --set seed=2

    Example: litdb model train --resume runs/m4

    Example: litdb model train --recipe mine.toml --hours 8
    """
    import math

    from model.training import trainer
    from model.training.machine.precision import precision_of
    from model.training.machine.processes import speaks
    from model.training.machine.stopping import Stop, heeding_sigterm
    from model.training.watching.loggers import known_loggers

    machine = trainer.Machine(
        cpu=cpu,
        workers=workers,
        precision=precision_of(precision) if precision else None,
        compiled=compiled,
        loggers=known_loggers(logger or []),
        stop=Stop(math.inf if hours is None else hours),
    )
    with heeding_sigterm(machine.stop):
        try:
            if resume is not None:
                if out is not None or name or begin_with is not None or model:
                    raise ModelUsageError(
                        "--resume goes on with the values of the run; leave out --out, --name, --model and --from"
                    )
                run = trainer.resume(resume, data, machine, _more_epochs(values))
            else:
                if out is None or data is None:
                    raise ModelUsageError(
                        "a new training needs --data DIR and --out RUN; a stopped one --resume RUN"
                    )
                trainer.refuse_taken(out)
                chosen = _choose(model, recipe, values, begin_with)
                found = trainer.training_data(
                    data,
                    chosen.recipe.validation,
                    bad,
                    split=split,
                    speakers=speakers,
                    leaks=leaks,
                    begins_with=chosen.begin_with[1] if chosen.begin_with else None,
                )
                if hours is not None:
                    _say_how_long(chosen, found, machine)
                run = trainer.start(
                    out, chosen.model, chosen.config, chosen.recipe, found, machine, name, chosen.begin_with
                )
        except Stopped as stop:
            if stop.told:
                raise
            print(stop, file=sys.stderr)  # as was asked for
            return
    if not speaks():
        return  # several of us were started; the first one speaks
    if json:
        emit_json({"run": run.path, "checkpoints": run.checkpoints(), "epochs": run.epochs()})
    else:
        for record in run.checkpoints():
            terms = " ".join(f"{term} {value:.4f}" for term, value in record.validation.items())
            print(f"{record.name:15} epoch {record.epoch:4}  {terms}")
    into_catalogue(run.path, db)


@dataclass(frozen=True)
class _Chosen:
    """What is to be trained: the network's name and configuration, the recipe, and what it begins with."""

    model: str
    config: NetworkConfig
    recipe: Recipe
    begin_with: tuple[Network, Origin] | None


def _choose(model: str, recipe: str, values: list[str] | None, checkpoint: Path | None) -> _Chosen:
    from model.networks import variant

    chosen, words = settings(recipe, values)
    if checkpoint is None:
        name = model or "M4"
        return _Chosen(name, network(variant(name), words), chosen, None)
    from model.networks.variants import name_of
    from model.training.machine.processes import speaks
    from model.training.origin import origin_of

    begun, origin = origin_of(existing_file(checkpoint), variant(model) if model else None)
    config = network(begun.config, words)
    if config != begun.config:  # what has no weights, such as dropout, may differ
        begun, origin = origin_of(checkpoint, config)
    if speaks():
        tell_types(checkpoint, origin.types)
    name = model or origin.model or name_of(config) or checkpoint.stem
    return _Chosen(name, config, chosen, (begun, origin))


def _more_epochs(values: list[str] | None) -> int | None:
    """The N of `--set epochs=N`, which is all that a run which goes on may be told."""
    from model.training.recipe import parse_value

    epochs = None
    for word in values or []:
        name, _, text = word.partition("=")
        if name != "epochs":
            raise ModelUsageError(
                "--resume goes on with the values of the run; only epochs may be set, to extend it"
            )
        epochs = parse_value(name, text, int)
    return epochs


def _say_how_long(chosen: _Chosen, data: TrainingData, machine: Machine) -> None:
    from model.training.machine.processes import speaks
    from model.training.probing.measuring import measure_pace
    from model.training.watching.progress import duration

    pace = measure_pace(chosen.config, chosen.recipe, data, machine)
    if speaks():
        whole, left = pace.seconds(chosen.recipe), max(0.0, machine.stop.left())
        print(
            f"{pace}; the run takes about {duration(whole)}"
            + (f", of which {duration(left)} are given" if whole > left else ""),
            file=sys.stderr,
        )


@app.command("pack")
def pack_command(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Archive (default: RUN.tar.gz).")
    ] = None,
    json: Json = False,
) -> None:
    """Make one small archive of a run without weights, to carry it to the machine with the catalogue.

    Example: litdb model pack runs/m4 && scp runs/m4.tar.gz desk: && ssh desk litdb add m4.tar.gz
    """
    from model.runs import RunFolder, pack

    archive = out or run.resolve().parent / f"{run.resolve().name}.tar.gz"
    names = pack(RunFolder.open(run), archive)
    if json:
        emit_json({"archive": archive, "bytes": archive.stat().st_size, "files": names})
    else:
        print(f"{archive}: {len(names)} files, {archive.stat().st_size / 1000:.1f} kB")


@app.command("bundle")
def bundle_command(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="Where the wheels go.")],
    platform: Annotated[
        str,
        typer.Option(
            "--platform",
            metavar="TAG",
            help="Of the other machine, such as manylinux_2_28_x86_64 (glibc 2.28 or newer) or win_amd64.",
        ),
    ] = "",
    python: Annotated[
        str, typer.Option("--python", metavar="3.N", help="Its version of Python (default: this one).")
    ] = "",
    cuda: Annotated[
        str, typer.Option("--cuda", metavar="VERSION", help="PyTorch for this CUDA, such as 12.6; or cpu.")
    ] = "",
    cuda_index: Annotated[
        str,
        typer.Option(
            "--cuda-index",
            metavar="URL",
            help="Where PyTorch's wheels by CUDA are (default: https://download.pytorch.org/whl).",
        ),
    ] = "",
    json: Json = False,
) -> None:
    """Collect the wheels that a machine without internet needs: one like this, or another one.

    pip's commands are printed. For another machine pesq, which is published as source alone, is built there (C compiler).

    Example: litdb model bundle wheels && scp -r wheels cluster: && ssh cluster \\
        pip install --no-index --find-links wheels 'litdb-sota[model]'

    Example: litdb model bundle wheels --platform manylinux_2_28_x86_64 --python 3.12 --cuda 12.6
    """
    from model.bundle.collect import EXTRA, PROJECT, bundle
    from model.bundle.target import INDEX, Target

    wheels = bundle(out, Target(platform, python, cuda, cuda_index or INDEX))
    if json:
        emit_json(wheels)
        return
    size = sum(wheel.bytes for wheel in wheels)
    print(f"{len(wheels)} files, {size / 1e6:.0f} MB, their hashes in {out / 'SHA256SUMS'}")
    for wheel in wheels:
        if wheel.source:
            print(f"{wheel.file} is source: it is built there, which needs a C compiler and Python's headers")
    print(f"there: pip install --no-index --find-links {out.name} '{PROJECT}[{EXTRA}]'")
