"""`litdb model ablate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.cli._recipe import Cpu, RecipeName, Set, network, settings
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

app = family()


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
    from model.networks.variants import ALIASES, variant
    from model.training.trainer import Machine, training_data

    chosen, words = settings(recipe, values)
    asked = {
        word: (ALIASES.get(word, word), network(variant(word), words)) for word in variants.split(",") if word
    }
    result = ablation.study(
        out,
        asked,
        whole_numbers(seeds, "--seeds"),
        chosen,
        training_data(data, chosen.validation, bad, speakers=speakers, leaks=leaks),
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
