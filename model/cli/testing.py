"""`litdb model evaluate`, `enhance`, `where` and `bands`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.cli._looks import design, log_look
from model.cli._recipe import Cpu
from model.cli._shared import (
    Bad,
    Data,
    Dataset,
    DesignSplit,
    Grouped,
    Held,
    Json,
    Speakers,
    Split,
    Workers,
    check_catalogue,
    emit_json,
    family,
    how_many,
    into_catalogue,
    progress,
    tell_types,
)
from model.errors import EvaluationError, ModelUsageError

if TYPE_CHECKING:
    from model.evaluation.summary import Summary
    from model.evaluation.systems import System
    from model.evaluation.test_data import TestData

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
    split: Split = "",
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
    cpu: Cpu = False,
    cluster: Annotated[
        str,
        typer.Option(
            "--cluster",
            metavar="ADDRESS",
            help="Do it on the workers of this dask scheduler (tcp://HOST:8786), or through joblib on this machine (local).",
        ),
    ] = "",
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
    marked, with the reasons, and the exit code is 1 when files went unscored. How many of the files a checkpoint was trained
    on is said beside its scores, and each look at a test set is logged in its run folder. Where there is a GPU the network runs
    on it, and the metrics beside it in worker processes.

    Example: litdb model evaluate --all runs/m4 --data VoiceBank-DEMAND --noisy

    Example: litdb model evaluate --enhanced their_output --data VoiceBank-DEMAND --run runs/theirs

    Example: litdb model evaluate --all runs/m4 --data DNS --split no_reverb --cluster tcp://head:8786
    """
    from model.evaluation.cluster import Cluster
    from model.evaluation.evaluate import evaluate
    from model.evaluation.pool import best_device
    from model.evaluation.summary import table, write_scores
    from model.evaluation.systems import check_checkpoints
    from model.evaluation.test_data import open_test_set

    systems = _systems(checkpoint or [], everything, enhanced, noisy)
    if csv is not None and len(systems) != 1:
        raise ModelUsageError(f"--csv takes the scores of one system, and there are {len(systems)}")
    check_checkpoints(systems)
    test = open_test_set(data, split, dataset, bad)
    folders = {system.run() for system in systems if system.source == "checkpoint"}
    if run is None and len(folders) == 1:
        run = folders.pop()
    if run is None and db is not None:
        raise ModelUsageError("--db takes a run folder in; name one with --run RUN")
    check_catalogue(db)
    if run is not None:
        _prepare(run)
    log_look("evaluate", test, systems, run)
    results = evaluate(
        systems,
        test,
        workers=Cluster(cluster, how_many(workers)) if cluster else how_many(workers),
        run=run,
        save=save,
        bad=bad,
        device=None if cluster else best_device(cpu),
        progress=progress(),
    )
    if csv is not None:
        write_scores(csv, results[0][1])
    if json:
        emit_json({"test_set": test.test_set, "systems": [summary for summary, _ in results]})
    else:
        print(table([summary for summary, _ in results], unit_scale))
        if test.test_set.role == "train":
            print(f"These are training files (split {test.test_set.split}): the means say nothing of a test.")
    if run is None and csv is None and enhanced is not None:
        print("Scores by file were not kept: --run RUN keeps them for comparisons.", file=sys.stderr)
    if run is not None:
        into_catalogue(run, db, model)
    _check_scored([summary for summary, _ in results])


def _check_scored(summaries: list[Summary]) -> None:
    """Raise EvaluationError when files went unscored that were not left out on request."""
    wrong = [
        f"{summary.unscored} of {summary.files_expected} files for {summary.name}"
        for summary in summaries
        if summary.unscored
    ]
    if wrong:
        raise EvaluationError(
            f"{', '.join(wrong)} went unscored; the reasons are above and in the column error"
        )
    empty = [summary.name for summary in summaries if summary.left_out == summary.files_expected]
    if empty:
        raise EvaluationError(f"no file could be scored for {', '.join(empty)}")


def _systems(
    checkpoints: list[Path], everything: Path | None, enhanced: Path | None, noisy: bool
) -> list[System]:
    from model.evaluation.systems import System, checkpoints_in

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
    cpu: Cpu = False,
    json: Json = False,
) -> None:
    """Enhance files of any rate, number of channels and length; rate and length stay as they were.

    Files over 60 s are enhanced in overlapping pieces. wav output is float, neither rounded nor clipped.

    Example: litdb model enhance noisy.wav clean.wav --checkpoint runs/m4/checkpoint_best_composite.pt
    """
    from model.checkpoint import load_checkpoint
    from model.evaluation.enhancing import enhance_path
    from model.evaluation.pool import best_device

    network, meta = load_checkpoint(checkpoint)
    tell_types(checkpoint, meta.types)
    if (device := best_device(cpu)) is not None:
        network = network.to(device)
    done = []
    for file in enhance_path(network, source, target):
        done.append(file)
        if file.error:
            print(file.error, file=sys.stderr)
        elif not json:
            pieces = f", in {file.pieces} pieces" if file.pieces > 1 else ""
            print(f"{file.target}: {file.seconds:.1f} s at {file.rate} Hz{pieces}")
    if json:
        emit_json(done)
    failed = sum(bool(file.error) for file in done)
    if failed:
        raise EvaluationError(f"{failed} of {len(done)} files were not enhanced")


@app.command("where")
def where_command(
    data: Data,
    a: Annotated[
        str, typer.Argument(metavar="[A]", help="Checkpoint, folder of enhanced audio, or 'noisy'.")
    ] = "",
    b: Annotated[str, typer.Argument(metavar="[B]", help="The same, for the system that may help.")] = "",
    groups: Grouped = None,
    without: Annotated[
        str,
        typer.Option(
            "--without",
            metavar="PART",
            help="Where a part of checkpoint A helps, such as fac.3 or row.cross: A without it against A.",
        ),
    ] = "",
    figures: Annotated[
        Path | None,
        typer.Option(
            "--figures", metavar="DIR", help="With --without, draw the change in time and frequency."
        ),
    ] = None,
    split: DesignSplit = "validation",
    validation: Held = "",
    speakers: Speakers = 0,
    bad: Bad = "refuse",
    workers: Workers = 0,
    json: Json = False,
) -> None:
    """Say where B helps over A: by utterance, input SNR, noise, time, and band (0-300, 300-3400, 3400-8000 Hz).

    For a band, the system's signal is kept inside it and the clean signal outside, and scored. Looked at are the utterances
    held out for validation: the test set (--split test) is not for design. With --group, twice or once (then against
    noisy), the intervals are over seeds and files. With --without, one part of a checkpoint is knocked out: what it does in
    this network, for which nothing is trained again; that is no ablation.

    Example: litdb model where noisy runs/m4/checkpoint_best_composite.pt --data VoiceBank-DEMAND

    Example: litdb model where runs/m4/checkpoint_best_composite.pt --without fac.3 --data VoiceBank-DEMAND

    Example: litdb model where -g M1=m1s1.pt,m1s2.pt,m1s3.pt -g M4=m4s1.pt,m4s2.pt,m4s3.pt --data VoiceBank-DEMAND
    """
    from model.evaluation.groups import NOISY, SeedGroup, compare_groups, describe_groups, seed_group
    from model.evaluation.systems import system
    from model.evaluation.where import describe, where

    _check_sides(a, b, groups or [], without, figures)
    if groups:
        made = [seed_group(words) for words in groups]
        before, after = (SeedGroup("noisy", (NOISY,)), made[0]) if len(made) == 1 else made
        systems = [*before.systems, *after.systems]
    else:
        systems = [system(a)] if without else [system(a), system(b)]
    test = design(data, systems, split, validation, speakers, bad)
    log_look("where", test, systems)
    if groups:
        grouped = compare_groups(before, after, test, workers=how_many(workers), progress=progress())
        print_or_json(grouped, describe_groups(grouped), json)
    else:
        one, other = _knocked_out(systems[0], without, test) if without else systems
        found = where(one, other, test, workers=how_many(workers), progress=progress(), bad=bad)
        print_or_json(found, describe(found), json)
        if figures is not None:
            print(_drawn(one, test, figures), file=sys.stderr if json else sys.stdout)


def _check_sides(a: str, b: str, groups: list[str], without: str, figures: Path | None) -> None:
    if without and (not a or b or groups):
        raise ModelUsageError(
            "--without takes one checkpoint A, which is compared with itself without the part"
        )
    if figures is not None and not without:
        raise ModelUsageError("--figures goes with --without; there is no figure of two systems")
    if not without and (bool(groups) == bool(a or b) or (not groups and not b) or len(groups) > 2):
        raise ModelUsageError("give two systems A and B, or one or two groups with --group")


def _knocked_out(whole: System, part: str, test: TestData) -> tuple[System, System]:
    """A checkpoint without a part, and as it is."""
    from dataclasses import replace

    from model.checkpoint import load_checkpoint
    from model.inspection.effects import calibration
    from model.inspection.parts import part_of

    if whole.source != "checkpoint" or whole.path is None:
        raise ModelUsageError(f"--without needs a checkpoint, and {whole.name} is none")
    part_of(load_checkpoint(whole.path)[0], part)
    name = f"{whole.name} without {part}"
    return replace(whole, name=name, without=part, calibration=calibration(test.pairs)), whole


def _drawn(system: System, test: TestData, folder: Path) -> Path:
    """The figure of a knock-out on a few of the files."""
    from model.figures.parts import draw_change
    from model.figures.style import publication, save
    from model.inspection.effects import choose
    from model.inspection.maps import change_map

    assert system.path is not None
    few = choose(test.pairs, min(len(test.pairs), 5))
    maps = [change_map(system.path, system.without, pair, system.calibration) for pair in few]
    with publication(pair.id for pair in few):
        return save(draw_change(maps, system.without, 2), folder / f"without_{system.without}.png")


@app.command("bands")
def bands_command(
    data: Data,
    what: Annotated[
        str, typer.Argument(metavar="[SYSTEM]", help="A checkpoint, or a folder of enhanced audio.")
    ] = "",
    groups: Grouped = None,
    split: DesignSplit = "validation",
    validation: Held = "",
    speakers: Speakers = 0,
    bad: Bad = "refuse",
    workers: Workers = 0,
    json: Json = False,
) -> None:
    """Locate a gain over noisy in 0-300, 300-3400 or 3400-8000 Hz, the bands of the FAC encoder.

    The system's signal is kept inside a band and the clean signal outside it, and scored; noisy is treated the same way.
    Looked at are the utterances held out for validation: the test set (--split test) is not for design. With --group, the
    intervals are over seeds and files.

    Example: litdb model bands runs/m4/checkpoint_best_composite.pt --data VoiceBank-DEMAND
    """
    from model.evaluation.by_band import by_band, table
    from model.evaluation.groups import NOISY, SeedGroup, compare_groups, describe_groups, seed_group
    from model.evaluation.systems import system

    if bool(groups) == bool(what) or len(groups or []) > 1:
        raise ModelUsageError("give one system, or one group with --group")
    group = seed_group(groups[0]) if groups else None
    systems = list(group.systems) if group else [system(what)]
    test = design(data, systems, split, validation, speakers, bad)
    log_look("bands", test, systems)
    if group:
        noisy = SeedGroup("noisy", (NOISY,))
        grouped = compare_groups(noisy, group, test, workers=how_many(workers), progress=progress())
        print_or_json(grouped, describe_groups(grouped, bands_only=True), json)
    else:
        found = by_band(systems[0], test, workers=how_many(workers), progress=progress(), bad=bad)
        print_or_json(found, table(found), json)


def print_or_json(value: object, text: str, json: bool) -> None:
    """Print a result as text, or as JSON when that was asked for."""
    if json:
        emit_json(value)
    else:
        print(text)
