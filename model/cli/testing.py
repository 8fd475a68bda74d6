"""`litdb model evaluate`, `enhance`, `where` and `bands`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.cli._shared import (
    Bad,
    Data,
    Dataset,
    Json,
    Split,
    Workers,
    emit_json,
    family,
    how_many,
    into_catalogue,
    progress,
)
from model.errors import EvaluationError, ModelUsageError

if TYPE_CHECKING:
    from model.evaluation.evaluate import System

app = family()


@app.command("evaluate")
def evaluate_command(
    data: Data,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", "-c", metavar="FILE", help="A checkpoint; may be repeated."),
    ] = None,
    everything: Annotated[
        Path | None, typer.Option("--all", metavar="DIR", help="All checkpoints of a run or another folder.")
    ] = None,
    enhanced: Annotated[
        Path | None,
        typer.Option("--enhanced", metavar="DIR", help="Anyone's enhanced files, matched by name."),
    ] = None,
    noisy: Annotated[bool, typer.Option("--noisy", help="The unprocessed files, for comparison.")] = False,
    run: Annotated[
        Path | None,
        typer.Option(
            "--run", metavar="RUN", help="Where scores are kept (default: the checkpoint's own run folder)."
        ),
    ] = None,
    split: Split = "test",
    dataset: Dataset = "",
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Also write the scores of one system here.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="DIR", help="Also write the enhanced audio (float wav).")
    ] = None,
    unit_scale: Annotated[
        bool,
        typer.Option("--unit-scale", help="Show composites of samples in [-1, 1] instead of int16 ones."),
    ] = False,
    bad: Bad = "refuse",
    workers: Workers = 0,
    db: Annotated[
        str | None,
        typer.Option("--db", metavar="FILE|URL", help="Take the run with its scores into this catalogue."),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", metavar="NAME", help="With --db, whose audio --enhanced is.")
    ] = "",
    json: Json = False,
) -> None:
    """Score checkpoints, or a folder of enhanced audio, on a test set; interrupted, the same command goes on.

    PESQ (WB), CSIG, CBAK, COVL, SSNR, STOI, ESTOI and SI-SDR for every file. A mean that does not cover every file is
    marked, with the reasons.

    Example: litdb model evaluate --all runs/m4 --data VoiceBank-DEMAND --noisy

    Example: litdb model evaluate --enhanced their_output --data VoiceBank-DEMAND --csv theirs.csv
    """
    from model.evaluation.evaluate import evaluate, open_test_set, run_of
    from model.evaluation.summary import table, write_scores

    systems = _systems(checkpoint or [], everything, enhanced, noisy)
    if csv is not None and len(systems) != 1:
        raise ModelUsageError(f"--csv takes the scores of one system, and there are {len(systems)}")
    test = open_test_set(data, split, dataset, bad)
    folders = {run_of(system.path) for system in systems if system.source == "checkpoint" and system.path}
    if run is None and len(folders) == 1:
        run = folders.pop()
    if run is None and db is not None:
        raise ModelUsageError("--db takes a run folder in; name one with --run RUN")
    if run is not None:
        _prepare(run)
    results = evaluate(systems, test, workers=how_many(workers), run=run, save=save, progress=progress())
    if csv is not None:
        write_scores(csv, results[0][1])
    if json:
        emit_json({"test_set": test.test_set, "systems": [summary for summary, _ in results]})
    else:
        print(table([summary for summary, _ in results], unit_scale))
    if run is not None:
        into_catalogue(run, db, model)
    empty = [
        summary.name for summary, _ in results if all(mean.files == 0 for mean in summary.means.values())
    ]
    if empty:
        raise EvaluationError(f"no file could be scored for {', '.join(empty)}")


def _systems(
    checkpoints: list[Path], everything: Path | None, enhanced: Path | None, noisy: bool
) -> list[System]:
    from model.evaluation.evaluate import System, checkpoints_in

    given = [bool(checkpoints), everything is not None, enhanced is not None]
    if sum(given) > 1 or not (any(given) or noisy):
        raise ModelUsageError("give one of --checkpoint FILE, --all DIR and --enhanced DIR, or --noisy")
    systems = []
    for path in checkpoints:
        if not path.is_file():
            raise ModelUsageError(f"{path} is not a file")
        known = {system.path: system for system in checkpoints_in(path.parent)}
        systems.append(known.get(path) or System(path.stem, "checkpoint", path))
    if everything is not None:
        systems.extend(checkpoints_in(everything))
    if enhanced is not None:
        if not enhanced.is_dir():
            raise ModelUsageError(f"{enhanced} is not a folder")
        systems.append(System(enhanced.resolve().name, "enhanced", enhanced))
    if noisy:
        systems.append(System("noisy", "noisy"))
    return systems


def _prepare(run: Path) -> None:
    """A folder for scores: an existing run, or a new one of kind `evaluation`."""
    from model.runs import RunFolder, environment

    if (run / "config.json").exists():
        RunFolder.open(run)
    else:
        RunFolder.create(run, {"kind": "evaluation", "name": run.resolve().name}, environment())


@app.command("enhance")
def enhance_command(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A wav or flac file, or a folder of them.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file or folder to write.")],
    checkpoint: Annotated[Path, typer.Option("--checkpoint", "-c", metavar="FILE", help="The network.")],
    cpu: Annotated[bool, typer.Option("--cpu", help="Stay on the CPU where there is a GPU.")] = False,
    json: Json = False,
) -> None:
    """Enhance files of any rate, number of channels and length; rate and length stay as they were.

    Files over 60 s are enhanced in overlapping pieces. wav output is float, neither rounded nor clipped.

    Example: litdb model enhance noisy.wav clean.wav --checkpoint runs/m4/checkpoint_best_composite.pt
    """
    import torch

    from model.checkpoint import load_checkpoint
    from model.evaluation.enhancing import enhance_path

    network = load_checkpoint(checkpoint)[0]
    if torch.cuda.is_available() and not cpu:
        network = network.cuda()
    done = []
    for file in enhance_path(network, source, target):
        done.append(file)
        if not json:
            pieces = f", in {file.pieces} pieces" if file.pieces > 1 else ""
            print(f"{file.target}: {file.seconds:.1f} s at {file.rate} Hz{pieces}")
    if json:
        emit_json(done)


@app.command("where")
def where_command(
    a: Annotated[str, typer.Argument(metavar="A", help="Checkpoint, folder of enhanced audio, or 'noisy'.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The same, for the system that may help.")],
    data: Data,
    split: Split = "test",
    bad: Bad = "refuse",
    workers: Workers = 0,
    json: Json = False,
) -> None:
    """Say where B helps over A: by utterance, by input SNR, and in which band (0-300, 300-3400, 3400-8000 Hz).

    For a band, the system's signal is kept inside it and the clean signal outside, and scored with PESQ and SNR.

    Example: litdb model where noisy runs/m4/checkpoint_best_composite.pt --data VoiceBank-DEMAND
    """
    from model.evaluation.evaluate import open_test_set
    from model.evaluation.where import describe, system, where

    one, other = system(a), system(b)
    result = where(
        one, other, open_test_set(data, split, "", bad), workers=how_many(workers), progress=progress()
    )
    if json:
        emit_json(result)
    else:
        print(describe(result))


@app.command("bands")
def bands_command(
    what: Annotated[
        str, typer.Argument(metavar="SYSTEM", help="A checkpoint, or a folder of enhanced audio.")
    ],
    data: Data,
    split: Split = "test",
    bad: Bad = "refuse",
    workers: Workers = 0,
    json: Json = False,
) -> None:
    """Locate a gain over noisy in 0-300, 300-3400 or 3400-8000 Hz, the bands of the FAC encoder.

    The system's signal is kept inside a band and the clean signal outside it, and scored with PESQ and SNR; noisy is
    treated the same way.

    Example: litdb model bands runs/m4/checkpoint_best_composite.pt --data VoiceBank-DEMAND
    """
    from model.evaluation.by_band import by_band, table
    from model.evaluation.evaluate import open_test_set
    from model.evaluation.where import system

    one = system(what)
    test = open_test_set(data, split, "", bad)
    result = by_band(one, test, workers=how_many(workers), progress=progress())
    if json:
        emit_json(result)
    else:
        print(table(result))
