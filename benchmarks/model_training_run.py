"""A real training on a CPU, from the first utterance to the table: M1 and M4 on one speaker, tested on another.

    python benchmarks/model_training_run.py DIR --out OUT [--epochs 25] [--db FILE]

DIR holds `clean/` and `noisy/` at 16 kHz with files of the speakers p257 and p232 of VoiceBank+DEMAND's test set. Every
sixth utterance of p257 is held out for validation; the others are trained on, as they are and mixed anew (each clean
utterance with noises that were recorded behind the others, at 0, 5, 10 and 15 dB). p232 is tested on: neither its voice nor its
files are used before. As p257 is of VoiceBank+DEMAND's test set, `train` refuses it unless told `--leaks record`, which marks both
runs for good: their scores stand beside no others. Both networks train at the same time with one thread each, by the commands that are printed:
the improved recipe but for short crops and no dropout in the network, which M1's attention over all positions would make slow.
Run again, it goes on where it was.

OUT/corpus holds the corpus, OUT/M1 and OUT/M4 the runs with all scores by file, OUT/report.json and OUT/report.md the
paired differences with 95 % intervals, OUT/curve.png validation by epoch. With `--db` both runs go into a catalogue.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from model.data import audio, mix
from model.evaluation.paired import paired_difference
from model.evaluation.summary import read_scores
from model.runs import RunFolder, write_json

RATE = 16000
HELD_OUT_EVERY = 6
NETWORKS = ("M1", "M4")
METRICS = ("pesq", "stoi", "si_sdr", "ssnr")
CHECKPOINT = "best-composite"
TEST_SET = "vbd60-p232"


def prepare(source: Path, out: Path) -> list[str]:
    """The corpus, and the ids held out for validation."""
    names = sorted(path.name for path in (source / "clean").iterdir())
    training = [name for name in names if name.startswith("p257")]
    held_out = training[::HELD_OUT_EVERY]
    if not (out / "corpus" / "ready").exists():
        for split, chosen in (("train", training), ("test", [n for n in names if n.startswith("p232")])):
            for kind in ("clean", "noisy"):
                for name in chosen:
                    copy(source / kind / name, out / "corpus" / split / kind / name)
        for name in training:
            if name not in held_out:
                clean, noisy = (audio.read(source / kind / name)[0] for kind in ("clean", "noisy"))
                copy(source / "clean" / name, out / "speech" / name)
                audio.write(out / "noise" / f"{Path(name).stem}.wav", noisy - clean, RATE)
        mix(out / "speech", out / "noise", [0, 5, 10, 15], out / "mixed", seed=1, copies=4)
        for kind in ("clean", "noisy"):
            for path in (out / "mixed" / kind).iterdir():
                copy(path, out / "corpus" / "train" / kind / path.name)
        (out / "corpus" / "ready").touch()
    return [Path(name).stem for name in held_out]


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def command(*words: str) -> list[str]:
    print("$ litdb model " + shlex.join(words), flush=True)
    return [sys.executable, "-m", "litdb", "model", *words]


def train(out: Path, epochs: int, held_out: list[str]) -> None:
    processes = []
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    for name in NETWORKS:
        if (out / name / "config.json").exists():
            words = command("train", "--resume", str(out / name), "--cpu", "--workers", "1")
        else:
            values = {
                "epochs": epochs,
                "batch": 4,
                "crop_seconds": 1,
                "adversarial_ramp": 4,
                "network.dropout": 0,
                "validation": ",".join(held_out),
                "save_every_steps": 20,
            }
            words = command(
                "train", "--data", str(out / "corpus"), "--out", str(out / name), "--model", name, "--cpu",
                "--leaks", "record", "--workers", "1", *(word for key, value in values.items() for word in ("--set", f"{key}={value}")),
            )  # fmt: skip
        with (out / f"{name}.txt").open("a") as log:
            processes.append(subprocess.Popen(words, env=environment, stdout=log, stderr=log))
    for name, process in zip(NETWORKS, processes):
        if process.wait():
            raise SystemExit(f"training {name} failed: see {out / name}.txt")


def test(out: Path) -> None:
    for name in NETWORKS:
        words = ["--checkpoint", str(out / name / f"checkpoint_{CHECKPOINT.replace('-', '_')}.pt"), "--noisy"]
        subprocess.run(
            command("evaluate", *words, "--data", str(out / "corpus"), "--dataset", TEST_SET), check=True
        )


def report(out: Path) -> None:
    scores = {name: read_scores(out / name / "scores" / TEST_SET / f"{CHECKPOINT}.csv") for name in NETWORKS}
    scores["noisy"] = read_scores(out / NETWORKS[0] / "scores" / TEST_SET / "noisy.csv")
    comparisons = [("noisy", name) for name in NETWORKS] + [NETWORKS]
    content: dict[str, object] = {
        "test_set": TEST_SET,
        "files": len(scores["noisy"]),
        "checkpoint": CHECKPOINT,
    }
    lines = [f"Tested on {len(scores['noisy'])} utterances of p232.", ""]
    lines += ["| system | " + " | ".join(METRICS) + " |", "|---|" + "---|" * len(METRICS)]
    for name in ("noisy", *NETWORKS):
        means = [np.mean([file.value(metric) for file in scores[name]]) for metric in METRICS]
        lines.append(f"| {name} | " + " | ".join(f"{mean:.4f}" for mean in means) + " |")
    lines += ["", "| difference | metric | mean [95 % interval], files |", "|---|---|---|"]
    differences = []
    for one, other in comparisons:
        for metric in METRICS:
            found = paired_difference(
                [file.value(metric) for file in scores[one]], [file.value(metric) for file in scores[other]]
            )
            assert found is not None
            differences.append({"from": one, "to": other, "metric": metric, **asdict(found)})
            lines.append(f"| {other} - {one} | {metric} | {found} |")
    lines += ["", "| file | " + " | ".join(f"{m} noisy, {', '.join(NETWORKS)}" for m in METRICS[:3]) + " |"]
    lines += ["|---|---|---|---|"]
    for files in zip(*(scores[name] for name in ("noisy", *NETWORKS))):
        cells = [" / ".join(f"{file.value(metric):.3f}" for file in files) for metric in METRICS[:3]]
        lines.append(f"| {files[0].id} | " + " | ".join(cells) + " |")
    curves = {name: RunFolder.open(out / name).epochs() for name in NETWORKS}
    seconds = {name: sum(epoch["seconds"] for epoch in epochs) for name, epochs in curves.items()}
    lines += ["", "training: " + ", ".join(f"{name} {value / 60:.1f} min" for name, value in seconds.items())]
    content |= {"differences": differences, "training_seconds": seconds}
    write_json(out / "report.json", content)
    (out / "report.md").write_text("\n".join(lines) + "\n")
    draw(curves, out / "curve.png")
    print("\n".join(lines))


def draw(curves: dict[str, list[dict]], path: Path) -> None:
    figure = Figure(figsize=(9, 3), layout="constrained")
    for axes, term in zip(figure.subplots(1, 3), ("loss", "pesq", "stoi")):
        for name, epochs in curves.items():
            axes.plot([e["epoch"] for e in epochs], [e["validation"][term] for e in epochs], label=name)
        axes.set(xlabel="epoch", title=f"validation {term}")
        axes.legend()
    figure.savefig(path, dpi=120)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--db", help="catalogue that both runs are added to")
    arguments = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.2f}", flush=True)
    held_out = prepare(arguments.folder, arguments.out)
    train(arguments.out, arguments.epochs, held_out)
    test(arguments.out)
    report(arguments.out)
    if arguments.db:
        for name in NETWORKS:
            words = [sys.executable, "-m", "litdb", "add", str(arguments.out / name), "--db", arguments.db]
            subprocess.run(words, check=True)


if __name__ == "__main__":
    main()
