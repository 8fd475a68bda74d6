"""`litdb model mix` and `litdb model data check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.cli._shared import Json, emit_json, family, numbers, plain

if TYPE_CHECKING:
    from model.data import Report

app = family()
data_app = family()
app.add_typer(data_app, name="data", help="Look at a corpus of clean and noisy speech.")


@app.command("mix")
def mix_command(
    speech: Annotated[Path, typer.Option("--speech", metavar="DIR", help="Clean speech, wav or flac.")],
    noise: Annotated[Path, typer.Option("--noise", metavar="DIR", help="Noise, wav or flac.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Where clean/, noisy/ and manifest.tsv go.")
    ],
    snr: Annotated[
        str, typer.Option("--snr", metavar="DB,...", help="SNRs in dB, dealt out in turn.")
    ] = "0,5,10,15",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Decides noise files and offsets.")] = 0,
    copies: Annotated[int, typer.Option("--copies", min=1, help="Mixtures of each utterance.")] = 1,
    rate: Annotated[int, typer.Option("--rate", min=8000, help="Sampling rate in Hz.")] = 16000,
    json: Json = False,
) -> None:
    """Make a noisy corpus that the same command makes again, byte for byte, with a manifest.

    Example: litdb model mix --speech clean_wavs --noise demand --snr 0,5,10,15 --out corpus/train
    """
    from model.data import mix

    mixtures = mix(speech, noise, numbers(snr, "--snr"), out, seed=seed, rate=rate, copies=copies)
    if json:
        emit_json(mixtures)
    else:
        scaled = sum(mixture.scale < 1 for mixture in mixtures)
        print(f"{len(mixtures)} mixtures in {out}, {scaled} of them turned down so that they do not clip")


@data_app.command("check")
def check_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A corpus; layouts in docs/model.md.")],
    accept: Annotated[
        str, typer.Option("--accept", metavar="KIND,...", help="Kinds of problem that leave a file usable.")
    ] = "clipped",
    json: Json = False,
) -> None:
    """Say what a folder is taken for, what of it is left, and what is wrong with its files; exit code 1 when something is.

    Kinds: missing-partner, unreadable, empty, wrong-rate, different-length, silent, clipped, wrong-scale. Recordings that are
    in a training and in a test part are a problem, too.

    Example: litdb model data check VoiceBank-DEMAND
    """
    from model.data import check, open_corpus
    from model.leaks.guard import training_leaks

    corpus = open_corpus(folder)
    accepted = [word for word in accept.split(",") if word]
    reports = [check(split, accepted) for split in corpus.splits]
    wrong = any(problem.kind not in accepted for report in reports for problem in report.problems)
    wrong |= not all(report.usable for report in reports)
    leaks = [
        leak
        for split, report in zip(corpus.splits, reports, strict=True)
        if split.role == "train"
        for leak in training_leaks(corpus, split, report.outlines, ())
    ]
    if json:
        parts = [
            {
                **_report(report),
                "role": split.role,
                "clean": split.clean,
                "noisy": split.noisy,
                "speakers_set": split.speakers,
            }
            for split, report in zip(corpus.splits, reports, strict=True)
        ]
        emit_json(
            {"root": folder, "layout": corpus.layout, "splits": parts, "left": corpus.left, "leaks": leaks}
        )
    else:
        print(f"{folder}: layout {corpus.layout}")
        for split, report in zip(corpus.splits, reports, strict=True):
            rates = ", ".join(f"{rate} Hz" for rate in report.rates) or "no readable file"
            known = _ROLES[split.role]
            print(
                f"{split.name}: {known}: {split.clean.relative_to(folder)}, {split.noisy.relative_to(folder)}"
            )
            print(
                f"  {len(report.usable)} usable pairs, {len(report.speakers)} speakers, "
                f"{report.seconds / 3600:.2f} h, {rates}"
            )
            if not split.pairs:
                print("  wav and flac files must lie directly in its two folders, and none do")
            for problem in report.problems:
                print(f"  {problem}")
        for left in corpus.left:
            print(f"left: {left.path.relative_to(folder)}: {left.reason}")
        for leak in leaks:
            print(f"leak: {leak.detail}")
    if wrong or leaks:
        raise typer.Exit(1)


#: What a part is for, in words.
_ROLES = {"train": "for training", "test": "for testing", "unknown": "for what, its folders do not say"}


def _report(report: Report) -> dict[str, object]:
    content = plain(report)
    del content["outlines"]
    return {**content, "usable": [pair.id for pair in report.usable]}
