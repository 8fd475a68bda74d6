"""`litdb model train`, `ablate`, `pack` and `bundle`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.cli._shared import (
    Bad,
    Dataset,
    Json,
    Leaks,
    Speakers,
    Workers,
    emit_json,
    family,
    how_many,
    into_catalogue,
    progress,
    whole_numbers,
)
from model.errors import ModelUsageError

if TYPE_CHECKING:
    from model.networks import NetworkConfig

app = family()

Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="A value of the recipe, or network.NAME=VALUE; may be repeated."
    ),
]
Recipe = Annotated[
    str, typer.Option("--recipe", metavar="improved|earlier", help="The values that --set changes.")
]
Cpu = Annotated[bool, typer.Option("--cpu", help="Stay on the CPU where there is a GPU.")]


@app.command("train")
def train_command(
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="RUN", help="New run folder.")] = None,
    data: Annotated[Path | None, typer.Option("--data", "-d", metavar="DIR", help="Corpus folder.")] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", metavar="VARIANT", help="The network, such as M1 or M4.")
    ] = "M4",
    recipe: Recipe = "improved",
    values: Set = None,
    name: Annotated[str, typer.Option("--name", help="Name of the run (default: the folder's).")] = "",
    split: Annotated[
        str,
        typer.Option("--split", metavar="NAME", help="Part to train on (default: the training set)."),
    ] = "",
    speakers: Speakers = 0,
    leaks: Leaks = "refuse",
    bad: Bad = "refuse",
    resume: Annotated[
        Path | None, typer.Option("--resume", metavar="RUN", help="Go on with a run that was stopped.")
    ] = None,
    workers: Workers = 0,
    cpu: Cpu = False,
    tensorboard: Annotated[
        bool, typer.Option("--tensorboard", help="Also write scalars for TensorBoard.")
    ] = False,
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
    """
    from model.training import trainer

    machine = trainer.Machine(cpu=cpu, workers=workers, tensorboard=tensorboard)
    if resume is not None:
        if out is not None or values or name:
            raise ModelUsageError(
                "--resume goes on with the values of the run; leave out --out, --set and --name"
            )
        run = trainer.resume(resume, data, machine)
    else:
        if out is None or data is None:
            raise ModelUsageError("a new training needs --data DIR and --out RUN; a stopped one --resume RUN")
        from model.training.recipe import recipe as named

        own, chosen = _recipe_words(values)
        config = _network(model, chosen)
        settings = named(recipe, own)
        files = trainer.training_data(
            data, settings.validation, bad, split=split, speakers=speakers, leaks=leaks
        )
        run = trainer.start(out, model, config, settings, files, machine, name)
    if os.environ.get("RANK", "0") != "0":
        return  # torchrun started several of us; the first one speaks
    if json:
        emit_json({"run": run.path, "checkpoints": run.checkpoints(), "epochs": run.epochs()})
    else:
        for record in run.checkpoints():
            terms = " ".join(f"{term} {value:.4f}" for term, value in record.validation.items())
            print(f"{record.name:15} epoch {record.epoch:4}  {terms}")
    into_catalogue(run.path, db)


def _recipe_words(values: list[str] | None) -> tuple[list[str], list[str]]:
    """The words of --set that change the recipe, and those that change the network."""
    words = values or []
    network = [word.removeprefix("network.") for word in words if word.startswith("network.")]
    return [word for word in words if not word.startswith("network.")], network


def _network(name: str, words: list[str]) -> NetworkConfig:
    """A named network with fields changed by NAME=VALUE words."""
    from typing import get_type_hints

    from model.networks import variant
    from model.training.recipe import parse_value

    config = variant(name)
    types = get_type_hints(type(config))
    changes = {}
    for word in words:
        field, _, text = word.partition("=")
        changes[field] = parse_value(field, text, types[field]) if field in types else text
    return variant(name, **changes)


@app.command("ablate")
def ablate_command(
    data: Annotated[
        Path, typer.Option("--data", "-d", metavar="DIR", help="Corpus with a training and a test part.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder of the study.")],
    variants: Annotated[
        str, typer.Option("--variants", metavar="NAME,...", help="Variants, in the order of the table.")
    ] = "baseline,fac,axial-dot,cosine,mrha3,both",
    seeds: Annotated[str, typer.Option("--seeds", metavar="N,...", help="Seeds.")] = "1,2,3",
    recipe: Recipe = "improved",
    values: Set = None,
    checkpoint: Annotated[
        str, typer.Option("--checkpoint", help="Which checkpoint of a run is tested.")
    ] = "best-composite",
    dataset: Dataset = "",
    speakers: Speakers = 0,
    leaks: Leaks = "refuse",
    bad: Bad = "refuse",
    workers: Workers = 0,
    cpu: Cpu = False,
    db: Annotated[
        str | None,
        typer.Option("--db", metavar="FILE|URL", help="Take all runs of the study into this catalogue."),
    ] = None,
    json: Json = False,
) -> None:
    """Train and test variants with several seeds under one configuration, and say what each step isolates.

    Interrupted, the same command goes on. baseline is M1, fac M2, cosine M3, both M4, mrha3 the plain encoder with MRHA3.

    Example: litdb model ablate --data VoiceBank-DEMAND --out study --variants fac,axial-dot,cosine,both --seeds 1,2,3
    """
    from model import ablation
    from model.evaluation.test_data import open_test_set
    from model.networks.variants import ALIASES
    from model.training.recipe import recipe as named
    from model.training.trainer import Machine, training_data

    own, chosen = _recipe_words(values)
    settings = named(recipe, own)
    asked = {word: (ALIASES.get(word, word), _network(word, chosen)) for word in variants.split(",") if word}
    result = ablation.study(
        out,
        asked,
        whole_numbers(seeds, "--seeds"),
        settings,
        training_data(data, settings.validation, bad, speakers=speakers, leaks=leaks),
        open_test_set(data, "", dataset, bad),
        checkpoint=checkpoint,
        machine=Machine(cpu=cpu, workers=workers),
        workers=how_many(workers),
        progress=progress(),
    )
    if json:
        emit_json(result)
    else:
        print(ablation.table(result))
    for run in sorted(path.parent for path in out.glob("*/config.json")):
        into_catalogue(run, db)


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
    json: Json = False,
) -> None:
    """Collect the wheels that a machine without internet needs, for this platform and this version of Python.

    Example: litdb model bundle wheels && scp -r wheels cluster: && ssh cluster \\
        pip install --no-index --find-links wheels 'litdb-sota[model]'
    """
    from model.bundle import bundle

    wheels = bundle(out)
    if json:
        emit_json(wheels)
    else:
        size = sum(wheel.bytes for wheel in wheels)
        print(f"{len(wheels)} wheels, {size / 1e6:.0f} MB, their hashes in {out / 'SHA256SUMS'}")
        print(f"there: pip install --no-index --find-links {out.name} 'litdb-sota[model]'")
