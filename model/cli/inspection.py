"""`litdb model inspect`, `describe`, `cost` and `export`."""

from __future__ import annotations

import json as json_format
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.cli._shared import (
    Bad,
    DesignSplit,
    Held,
    Json,
    Speakers,
    Workers,
    check_catalogue,
    emit_json,
    family,
    finite,
    how_many,
    into_catalogue,
    progress,
    tell_types,
)
from model.errors import ModelUsageError

if TYPE_CHECKING:
    from model.inspection.effects import KnockOuts
    from model.inspection.learnt import Inspection
    from model.networks import NetworkConfig

app = family()

What = Annotated[
    str, typer.Argument(metavar="CHECKPOINT|CONFIG", help="Checkpoint, config.json, or a variant such as M4.")
]


@app.command("inspect")
def inspect_command(
    checkpoint: Annotated[Path, typer.Argument(metavar="CHECKPOINT", help="The file to take apart.")],
    audio: Annotated[
        Path | None,
        typer.Option("--audio", metavar="FILE", help="Speech that gates and attention are measured on."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            "-d",
            metavar="DIR",
            help="Corpus on whose validation speakers every part is knocked out.",
        ),
    ] = None,
    files: Annotated[int, typer.Option("--files", min=3, help="How many files of --data.")] = 20,
    parts: Annotated[
        str, typer.Option("--parts", metavar="PART,...", help="Only these parts and those inside them.")
    ] = "",
    pesq: Annotated[
        float,
        typer.Option("--pesq", min=0.0, callback=finite, help="A smaller change of PESQ counts as none."),
    ] = 0.02,
    confirm: Annotated[
        int,
        typer.Option(
            "--confirm", metavar="N", min=0, help="Check parts called not used on so many other files."
        ),
    ] = 0,
    other_seed: Annotated[
        Path | None,
        typer.Option(
            "--other-seed", metavar="FILE", help="Checkpoint of a run that differs in its seed alone."
        ),
    ] = None,
    figures: Annotated[
        Path | None, typer.Option("--figures", metavar="DIR", help="Also draw figures here.")
    ] = None,
    header: Annotated[
        bool,
        typer.Option(
            "--header", help="Only say what the file (or each of a folder) holds and was selected on."
        ),
    ] = False,
    split: DesignSplit = "validation",
    validation: Held = "",
    speakers: Speakers = 0,
    bad: Bad = "refuse",
    workers: Workers = 0,
    json: Json = False,
) -> None:
    """Show what a trained network learnt (band weights, gates, codes, attention), and what it does with each part.

    With --data every part is replaced by its identity, zero or mean, and the change of the output, PESQ, STOI and SI-SDR is
    given with intervals, the largest first. A part is called used or not used only where the interval decides it. Looked at
    are the utterances held out for validation: the test set (--split test) is not for design.

    Example: litdb model inspect runs/m4/checkpoint_best_composite.pt --audio noisy.wav --figures figures

    Example: litdb model inspect runs/m4/checkpoint_best_composite.pt --data VoiceBank-DEMAND --files 20 --confirm 10
    """
    if header:
        _show_headers(checkpoint, json)
        return
    import torch

    from model.checkpoint import load_checkpoint
    from model.cli._looks import design, log_look
    from model.data.audio import read_at
    from model.errors import EvaluationError
    from model.evaluation.systems import system
    from model.evaluation.targets import remarks_on_targets
    from model.inspection import report
    from model.inspection.effects import choose, knock_outs
    from model.inspection.effects import confirm as confirmed_on
    from model.inspection.initial import weight_states
    from model.inspection.learnt import inspect_checkpoint
    from model.inspection.verdicts import Thresholds
    from model.stft import SAMPLE_RATE

    if data is None and (confirm or parts):
        raise ModelUsageError("--parts and --confirm need files: name a corpus with --data")
    signal = torch.from_numpy(read_at(audio, SAMPLE_RATE)) if audio is not None else None
    learnt = inspect_checkpoint(checkpoint, signal)
    states, why = weight_states(checkpoint, other_seed)
    result = {**learnt.to_json(), "weights": states, "initial_values": why}
    lines = [_columns(learnt.table()), *learnt.findings, *report.weight_findings(states, why)]
    failed, knocked_out = 0, None
    if data is not None:
        whole = system(str(checkpoint))
        test = design(data, [whole], split, validation, speakers, bad)
        chosen = choose(test.pairs, files + confirm)
        aside = choose(chosen, confirm) if confirm else []
        log_look("inspect", test, [whole])
        knocked_out = found = knock_outs(
            checkpoint,
            [pair for pair in chosen if pair not in aside],
            select=[word for word in parts.split(",") if word],
            thresholds=Thresholds(pesq=pesq),
            workers=how_many(workers),
            progress=progress(),
        )
        targets = remarks_on_targets([whole])
        met = whole.seen(dict(test.outlines))
        result |= {"test_set": test.test_set, "seen": met.to_json(), "knock_outs": found, "targets": targets}
        lines += [
            "",
            f"{len(found.files)} of the {test.test_set.files} {test.test_set.role} files of {test.test_set.split}",
            _columns(report.table(found)),
            *report.explanation(found),
            *targets,
            *met.sentences(test.test_set.files),
            *report.findings(found),
        ]
        if confirm:
            checked = confirmed_on(found, aside, workers=how_many(workers), progress=progress())
            failed = sum(not entry.holds for entry in checked)
            result["confirmed"] = checked
            lines += report.confirmations(checked, found.thresholds)
    else:
        tell_types(checkpoint, load_checkpoint(checkpoint)[1].types)
        lines.append("Which parts are used was not measured: name a corpus with --data.")
    drawn = _draw(learnt, knocked_out, figures) if figures is not None else []
    if json:
        emit_json(result)
    else:
        print("\n".join([*lines, *map(str, drawn)]))
    if failed:
        raise EvaluationError(
            f"{failed} parts called not used change PESQ by {pesq:g} or more on other files"
        )


def _draw(learnt: Inspection, knocked_out: KnockOuts | None, folder: Path) -> list[Path]:
    """What was inspected, as PNG files; `litdb model figure` draws for a paper."""
    from model.figures import attention, gates
    from model.figures.parts import draw_knock_outs
    from model.figures.style import publication, save

    figures = {}
    with publication():
        if learnt.gates:
            figures["codes"] = gates.draw_codes(learnt, 2)
        if learnt.audio_seconds is not None and learnt.paths:
            figures["attention"] = attention.draw(learnt, 2)
        if knocked_out is not None:
            figures["knock_outs"] = draw_knock_outs(knocked_out, 2)
        return [save(figure, folder / f"{name}.png") for name, figure in figures.items()]


def _show_headers(path: Path, json: bool) -> None:
    """What a checkpoint, or each of a folder, holds and was selected on."""
    from model.evaluation.systems import checkpoints_in
    from model.stored.header import describe_header, read_header

    paths = [system.path for system in checkpoints_in(path)] if path.is_dir() else [path]
    headers = [read_header(found) for found in paths if found is not None]
    if json:
        emit_json([header.to_json() for header in headers])
    else:
        print("\n".join(map(describe_header, headers)))


@app.command("describe")
def describe_command(what: What, json: Json = False) -> None:
    """Say of every stage its shapes, channels, parameters, receptive field, what is learnt and what is causal.

    Example: litdb model describe M4
    """
    from model.describe import describe

    found = describe(_config(what))
    if json:
        emit_json(found.to_json())
        return
    rows = [["stage", "input", "output", "parameters", "causal", "receptive field"]]
    for stage in found.stages:
        shapes = ["x".join(map(str, shape)) for shape in (stage.input_shape, stage.output_shape)]
        causal = "yes" if stage.causal else "no"
        name = stage.name.partition(" (")[0]
        rows.append([name, *shapes, f"{stage.parameters:,}", causal, stage.receptive_field])
    print(_columns(rows))
    print()
    for stage in found.stages:
        print(f"{stage.name}")
        print(f"  learnt: {stage.learnt}")
        print(f"  {'causal' if stage.causal else 'not causal'}: {stage.why}")
    print()
    print(f"{found.parameters:,} parameters; shapes are [channels, frames, bins] for {found.frames} frames")
    for note in found.notes:
        print(note)


@app.command("cost")
def cost_command(
    what: What,
    seconds: Annotated[
        float,
        typer.Option(
            "--seconds", min=0.5, callback=finite, help="Audio that time and memory are measured on."
        ),
    ] = 4.0,
    wait: Annotated[
        float,
        typer.Option(
            "--wait",
            metavar="SECONDS",
            min=0.0,
            callback=finite,
            help="Wait so long at most for a quiet machine.",
        ),
    ] = 0.0,
    db: Annotated[
        str | None,
        typer.Option("--db", metavar="FILE|URL", help="Take the run, cost included, into this catalogue."),
    ] = None,
    json: Json = False,
) -> None:
    """Count parameters and MACs for 1 s, and measure real-time factor and peak memory on this machine.

    While other work keeps the machine busy there is no real-time factor, only processor time (all threads together).

    The figures of a checkpoint in a run folder are kept there, in cost.json, and are results of its model once the
    run is taken into a catalogue, by --db or `litdb add`.

    Example: litdb model cost runs/m4/checkpoint_last.pt
    """
    from model.cost import measure_cost
    from model.evaluation.systems import run_of
    from model.runs import write_json

    path = Path(what)
    run = run_of(path) if path.is_file() else None
    if run is None and db is not None:
        raise ModelUsageError("--db takes a run in; name a checkpoint in a run folder")
    check_catalogue(db)
    found = measure_cost(_config(what), seconds, wait=wait)
    if run is not None:
        write_json(run / "cost.json", found.to_json())
        into_catalogue(run, db)
    if json:
        emit_json(found.to_json())
        return
    print(f"parameters        {found.parameters:,}")
    print(f"MACs for 1 s      {found.macs_per_second / 1e9:.3f} G ({found.macs_convention})")
    if found.real_time_factor is not None:
        print(f"real-time factor  {found.real_time_factor:.4f}")
    else:
        print(
            f"real-time factor  not given, as others kept {found.busy_elsewhere:.1f} cores busy; --wait SECONDS waits"
        )
    print(f"processor time    {found.processor_time_factor:.4f} s for a second of audio")
    print(
        f"measured with     {found.seconds:g} s, {found.threads} thread{'s' * (found.threads > 1)}, {found.processor}"
    )
    if found.load is not None:
        print(f"load before       {found.load:.2f}")
    if found.peak_memory_bytes is not None:
        print(f"peak memory       {found.peak_memory_bytes / 1e6:.0f} MB")


@app.command("export")
def export_command(
    checkpoint: Annotated[Path, typer.Argument(metavar="CHECKPOINT", help="The network.")],
    onnx: Annotated[Path, typer.Option("--onnx", metavar="FILE", help="The file to write.")],
    streaming: Annotated[
        bool, typer.Option("--streaming", help="One frame at a time, with states (causal networks).")
    ] = False,
    json: Json = False,
) -> None:
    """Write a network as ONNX; its output is compared in onnxruntime, and the file removed when it differs.

    Example: litdb model export runs/m4/checkpoint_best_composite.pt --onnx m4.onnx

    Example: litdb model export runs/m4-causal/checkpoint_best_composite.pt --onnx m4-causal.onnx --streaming
    """
    from model.checkpoint import load_checkpoint
    from model.export import export_onnx
    from model.streaming.export import export_streaming

    tell_types(checkpoint, load_checkpoint(checkpoint)[1].types)
    if streaming:
        written = export_streaming(checkpoint, onnx)
        if json:
            emit_json(written.to_json())
            return
        print(
            f"{written.path}: {written.bytes / 1e6:.2f} MB, opset {written.opset}, one frame and {len(written.states)} states "
            f"({written.state_bytes / 1e6:.2f} MB), largest difference {written.max_difference:.1e} over "
            f"{written.checked_frames} frames"
        )
        for name, shape in written.states.items():
            print(f"  {name}  {' x '.join(map(str, shape))}")
        return
    report = export_onnx(checkpoint, onnx)
    if json:
        emit_json(report.to_json())
    else:
        print(
            f"{report.path}: {report.bytes / 1e6:.2f} MB, opset {report.opset}, input {' x '.join(report.input_shape)}, "
            f"largest difference {report.max_difference:.1e} over {', '.join(map(str, report.checked_frames))} frames"
        )


def _config(what: str) -> NetworkConfig:
    """The configuration of a checkpoint, of a JSON file (a run's config.json or a configuration alone), or by name."""
    from model.checkpoint import load_checkpoint
    from model.networks import config_from_json, variant

    path = Path(what)
    if not path.is_file():
        if path.suffix or path.is_dir():
            raise ModelUsageError(f"{what} is not a file")
        return variant(what)
    if path.suffix != ".json":
        meta = load_checkpoint(path)[1]
        tell_types(path, meta.types)
        return meta.config
    try:
        content = json_format.loads(path.read_text())
    except ValueError as error:
        raise ModelUsageError(f"{path} is not valid JSON: {error}") from None
    if not isinstance(content, dict):
        raise ModelUsageError(f"{path} holds no network configuration")
    return config_from_json(content.get("network", content))


def _columns(rows: list[list[str]]) -> str:
    """Rows of text with aligned columns."""
    width = max(map(len, rows))
    full = [row + [""] * (width - len(row)) for row in rows]
    widths = [max(len(row[place]) for row in full) for place in range(width)]
    return "\n".join(
        "  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in full
    )
