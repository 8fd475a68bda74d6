"""`litdb model find-rate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.cli._recipe import Cpu, Precision, RecipeName, Set, network, settings
from model.cli._shared import Bad, Json, Leaks, Speakers, emit_json, family, finite

app = family()


@app.command("find-rate")
def find_rate_command(
    data: Annotated[Path, typer.Option("--data", "-d", metavar="DIR", help="Corpus folder.")],
    figure: Annotated[
        Path | None,
        typer.Option(
            "--figure", "-f", metavar="FILE", help="Draw the loss over the rate (.png, .pdf, .svg)."
        ),
    ] = None,
    model: Annotated[str, typer.Option("--model", "-m", metavar="VARIANT", help="The network.")] = "M4",
    recipe: RecipeName = "improved",
    values: Set = None,
    steps: Annotated[int, typer.Option("--steps", help="Steps, each with a higher rate.")] = 100,
    lowest: Annotated[
        float, typer.Option("--lowest", help="Rate of the first step.", callback=finite)
    ] = 1e-6,
    highest: Annotated[
        float, typer.Option("--highest", help="Rate of the last step.", callback=finite)
    ] = 1.0,
    split: Annotated[
        str, typer.Option("--split", metavar="NAME", help="Part to train on (default: the training set).")
    ] = "",
    speakers: Speakers = 0,
    leaks: Leaks = "refuse",
    bad: Bad = "refuse",
    precision: Precision = "",
    cpu: Cpu = False,
    json: Json = False,
) -> None:
    """Find a learning rate: train some steps with a rate that grows, and look where the loss falls and where it is lost.

    Nothing is kept. The discriminator takes no part.

    Example: litdb model find-rate --data VoiceBank-DEMAND --figure rates.png
    """
    from model.networks import variant
    from model.training.machine.precision import precision_of
    from model.training.machine.processes import Machine
    from model.training.probing.rates import find_rate, save_figure
    from model.training.trainer import training_data

    chosen, words = settings(recipe, values)
    config = network(variant(model), words)
    machine = Machine(cpu=cpu, precision=precision_of(precision) if precision else None)
    found = find_rate(
        config,
        chosen,
        training_data(data, chosen.validation, bad, split=split, speakers=speakers, leaks=leaks),
        machine,
        steps=steps,
        lowest=lowest,
        highest=highest,
    )
    drawn = save_figure(found, figure) if figure is not None else None
    if json:
        emit_json(found)
        return
    print(f"the loss falls fastest at a rate of {found.steepest:.1e} and is lowest at {found.lowest:.1e}")
    print(
        f"the recipe has {found.recipe:.1e}; rates from {found.steepest:.1e} to {found.lowest / 10:.1e} suit"
    )
    if drawn is not None:
        print(drawn)
