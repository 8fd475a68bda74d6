"""`litdb model dnsmos`: test sets without clean speech."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.cli._shared import Json, emit_json, family, progress, tell_types

app = family()


@app.command("dnsmos")
def dnsmos_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Audio to judge, wav or flac.")],
    p835: Annotated[
        Path | None, typer.Option("--p835", metavar="FILE", help="The P.835 model, sig_bak_ovr.onnx.")
    ] = None,
    p808: Annotated[
        Path | None, typer.Option("--p808", metavar="FILE", help="The P.808 model, model_v8.onnx.")
    ] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option("--checkpoint", "-c", metavar="FILE", help="Enhance the audio with this first."),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Scores by file, for litdb add-result.")
    ] = None,
    json: Json = False,
) -> None:
    """Predict the quality of audio without a reference: DNSMOS P.835 (SIG, BAK, OVRL) and P.808.

    The models are not downloaded; they lie in DNSMOS/DNSMOS of github.com/microsoft/DNS-Challenge. Exit code 1 when a file
    could not be scored.

    Example: litdb model dnsmos blind_set --p835 sig_bak_ovr.onnx --p808 model_v8.onnx --checkpoint m4.pt --csv m4.csv
    """
    from functools import partial

    from model.blind.dnsmos import load, score_folder, table, write_scores
    from model.checkpoint import load_checkpoint
    from model.errors import EvaluationError
    from model.evaluation.pool import processed

    predictor = load(p835, p808)
    process = None
    if checkpoint is not None:
        network, meta = load_checkpoint(checkpoint)
        tell_types(checkpoint, meta.types)
        process = partial(processed, network)
    source = str(folder) if checkpoint is None else f"{folder} through {checkpoint}"
    found = score_folder(predictor, folder, process, source, progress())
    if csv is not None and found.scored:
        write_scores(csv, found)
    if json:
        emit_json(found)
    else:
        print(table(found))
    if found.scored < found.files:
        raise EvaluationError(f"{found.files - found.scored} of {found.files} files could not be scored")
