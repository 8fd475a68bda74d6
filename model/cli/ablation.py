"""`litdb model ablate`."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.cli._recipe import Compile, Cpu, Hours, Precision, RecipeName, Set, network, settings
from model.cli._shared import (
    Bad,
    Dataset,
    Json,
    Leaks,
    Speakers,
    Workers,
    check_catalogue,
    emit_json,
    family,
    how_many,
    into_catalogue,
    progress,
    whole_numbers,
)
from model.errors import ModelUsageError, Stopped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.networks import NetworkConfig
    from model.study.plan import Plan
    from model.study.status import Status
    from model.training.machine.processes import Machine
    from model.training.trainer import TrainingData

app = family()


@app.command("ablate")
def ablate_command(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder of the study.")],
    data: Annotated[
        Path | None,
        typer.Option("--data", "-d", metavar="DIR", help="Corpus with a training and a test part."),
    ] = None,
    variants: Annotated[
        str, typer.Option("--variants", metavar="NAME,...", help="Variants, in the order of the table.")
    ] = "baseline,fac,axial-dot,cosine,mrha3,both",
    seeds: Annotated[str, typer.Option("--seeds", metavar="N,...", help="Seeds.")] = "1,2,3",
    recipe: RecipeName = "improved",
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
    precision: Precision = "",
    compiled: Compile = None,
    hours: Hours = None,
    status: Annotated[
        bool, typer.Option("--status", help="Only say what is done, what is open and the hours left.")
    ] = False,
    db: Annotated[
        str | None,
        typer.Option("--db", metavar="FILE|URL", help="Take all runs of the study into this catalogue."),
    ] = None,
    json: Json = False,
) -> None:
    """Train and test variants with several seeds under one configuration, and say what each step isolates.

    Runs are made seed by seed. Interrupted, by SIGTERM or --hours too, the same command goes on. baseline is M1, fac M2,
    cosine M3, both M4, mrha3 the plain encoder with MRHA3; baseline-wide, fac-wide and baseline-matched are as large as M4.

    Example: litdb model ablate --data VoiceBank-DEMAND --out study --variants fac,axial-dot,cosine,both --seeds 1,2,3

    Example: litdb model ablate --out study --status
    """
    if status:
        _say_status(out, json)
        return
    if data is None:
        raise ModelUsageError("a study needs --data DIR")
    from model import ablation
    from model.evaluation.test_data import open_test_set
    from model.networks.variants import ALIASES, variant
    from model.training.machine.precision import precision_of
    from model.training.machine.processes import started
    from model.training.machine.stopping import Stop, heeding_sigterm
    from model.training.trainer import Machine, training_data

    if started() > 1:
        raise ModelUsageError(
            "a study is one process; to train a run of it with several: torchrun ... train --out STUDY/M4-seed1"
        )
    check_catalogue(db)
    chosen, words = settings(recipe, values)
    asked = {
        word: (ALIASES.get(word, word), network(variant(word), words)) for word in variants.split(",") if word
    }
    machine = Machine(
        cpu=cpu,
        workers=workers,
        precision=precision_of(precision) if precision else None,
        compiled=compiled,
        stop=Stop(math.inf if hours is None else hours),
    )
    numbers = whole_numbers(seeds, "--seeds")
    with heeding_sigterm(machine.stop):
        found = training_data(data, chosen.validation, bad, speakers=speakers, leaks=leaks)
        test = open_test_set(data, "", dataset, bad)
        study = ablation.planned(out, asked, numbers, chosen, found, checkpoint)
        if hours is not None:
            study = _timed(study, dict(asked.values()), out, found, machine)
        result = ablation.study(
            out,
            study,
            dict(asked.values()),
            found,
            test,
            machine=machine,
            workers=how_many(workers),
            progress=progress(),
        )
    if json:
        emit_json(result)
    else:
        print(ablation.table(result))
    for run in sorted(path.parent for path in out.glob("*/config.json")):
        into_catalogue(run, db)


def _timed(
    plan: Plan, configs: Mapping[str, NetworkConfig], out: Path, data: TrainingData, machine: Machine
) -> Plan:
    """The plan with the pace of every variant that has runs to train, and what a run and the study will take, said."""
    from dataclasses import replace

    from model.study.status import epochs_done
    from model.training.probing.measuring import measure_pace
    from model.training.watching.progress import duration

    begun = {run: epochs_done(out, run) for run in plan.runs}
    still = {run: done for run, done in begun.items() if done < plan.recipe.epochs}
    paces = {}
    for name in dict.fromkeys(run.variant for run in still):
        if machine.stop.told:
            raise Stopped(
                f"{out} was stopped (SIGTERM) before it began; the same command begins again", told=True
            )
        paces[name] = measure_pace(configs[name], plan.recipe, data, machine)
        whole = duration(paces[name].seconds(plan.recipe))
        print(f"{name}: {paces[name]}; a run takes about {whole}", file=sys.stderr)
    seconds = sum(paces[run.variant].seconds(plan.recipe, done) for run, done in still.items())
    print(
        f"the study has {len(plan.runs)} runs, {len(still)} of them to train, which takes about {duration(seconds)} "
        f"and then the testing; {duration(max(0.0, machine.stop.left()))} are left",
        file=sys.stderr,
    )
    return replace(plan, paces=paces)


def _say_status(out: Path, json: bool) -> None:
    from model.study.status import State, status
    from model.training.watching.progress import duration

    found: Status = status(out)
    if json:
        emit_json(found)
        return
    for run in found.runs:
        left = "" if not run.hours_left else f"{duration(3600 * run.hours_left)} left"
        print(f"{run.run:24} {run.state:8} epoch {run.epochs:4}/{run.of}  {left}".rstrip())
    hours = "not known yet" if found.hours_left is None else duration(3600 * found.hours_left)
    done = found.count(State.DONE)
    print(f"{done} of {len(found.runs)} runs are done; training left: {hours}")
