"""Which folders commands take and what they say to the others, and test files on their way into a training: two tables.

    python benchmarks/model_folders.py                     # both, some minutes on one core
    python benchmarks/model_folders.py --only leaks
    python benchmarks/model_folders.py --only layouts --folders mp-senet dns-root

Small stand-ins of every layout, right and wrong, are made in a temporary folder, and `train`, `evaluate`, `data check`, `enhance`,
`where` and `inspect` are called on each in this process, with threads for workers, as starting processes would take most of the time. What is printed is a Markdown table: what a command took, or its exit
code and a letter for its message below. Exit code 1 when a folder is taken for something else than is expected here, or when
a leak is silent: neither refused nor told.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import contextlib
import io
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import soundfile
import torch

from benchmarks.model_stand_ins import FOLDERS, TESTING, TRAINING, lists, pairs, plain, train_test
from litdb.cli._root import run
from model import workers
from model.data import resample
from model.networks import BSRNNConfig
from model.training.recipe import Recipe
from model.training.trainer import Machine, start, training_data
from tests.model.signals import RATE, corpus, noise, put

TINY = ["epochs=1", "batch=2", "crop_seconds=0.4", "weight_adversarial=0", "validation=p3_*"]
NETWORK = BSRNNConfig(num_channel=4, num_layer=1, bands=(57, 200))
COMMANDS = ("data check", "train", "evaluate", "enhance", "where", "inspect")


# --- calling --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What a command printed, its exit code."""

    code: int
    out: str
    err: str

    def said(self, *roots: Path) -> str:
        """Its message in a line, folders called by a name."""
        lines = [line for line in (self.err or self.out).splitlines() if line.strip()]
        text = " ".join(lines[-1:]).removeprefix("Error: ")
        for root in roots:
            text = text.replace(str(root), "FOLDER")
        text = re.sub(r"(it is a corpus, so name its folder) .*", r"\1 FOLDER/...", text)
        return text.replace("|", "\\|")


def call(*words: object) -> Answer:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(word) for word in words])
    return Answer(code, out.getvalue(), err.getvalue())


def train_words(data: Path, out: Path) -> list[object]:
    settings = [
        word for value in (*TINY, "network.num_channel=4", "network.num_layer=1") for word in ("--set", value)
    ]
    return [
        "model",
        "train",
        "--data",
        data,
        "--out",
        out,
        "--model",
        "bsrnn",
        *settings,
        "--cpu",
        "--workers",
        "1",
    ]


def command_line(command: str, data: Path, checkpoint: Path, scratch: Path) -> list[object]:
    looking = ["--data", data, "--workers", "1"]
    return {
        "data check": ["model", "data", "check", data],
        "train": train_words(data, scratch / "run"),
        "evaluate": ["model", "evaluate", "-c", checkpoint, *looking, "--run", scratch / "scored"],
        "enhance": ["model", "enhance", data, scratch / "enhanced", "-c", checkpoint],
        "where": ["model", "where", "noisy", checkpoint, *looking],
        "inspect": ["model", "inspect", checkpoint, *looking, "--files", "3", "--parts", "time.1"],
    }[command]


def took(command: str, answer: Answer, scratch: Path) -> str:
    """Of an answer that did its work: what it took."""
    if command == "data check":
        layout = re.search(r"layout (\S+)", answer.out)
        parts = re.findall(r"^(\S+): for (\w+)", answer.out, re.MULTILINE)
        named = ", ".join(f"{name} ({'unknown' if role == 'what' else role})" for name, role in parts)
        left = len(re.findall(r"^left:", answer.out, re.MULTILINE))
        return f"{layout[1] if layout else '?'}: {named}" + (f"; {left} left" if left else "")
    if command == "train":
        data = json.loads((scratch / "run" / "config.json").read_text())["data"]
        return f"{data['split']} ({data['training_files']} + {data['validation_files']})"
    if command == "evaluate":
        (summary,) = (scratch / "scored").rglob("summary.json")
        content = json.loads(summary.read_text())
        return f"{content['split']} ({content['files']})"
    found = re.search(r"(\d+) (?:of the \d+ )?(?:(\w+) )?files of (\S+?)[ ,.;:)\n]", answer.out)
    return f"{found[2] or 'files'} of {found[3]} ({found[1]})" if found else "done"


def split_taken(command: str, scratch: Path) -> str:
    """The part that `train` or `evaluate` recorded, or "" when it took none."""
    if command == "train":
        path = scratch / "run" / "config.json"
        return str(json.loads(path.read_text())["data"]["split"]) if path.exists() else ""
    found = list((scratch / "scored").rglob("summary.json"))
    return str(json.loads(found[0].read_text())["split"]) if found else ""


def layouts(folder: Path, checkpoint: Path, wanted: list[str]) -> bool:
    messages: dict[str, str] = {}
    kept = True
    print(f"| folder | {' | '.join(f'`{command}`' for command in COMMANDS)} |")
    print("|---" * (len(COMMANDS) + 1) + "|")
    for entry in FOLDERS:
        if wanted and entry.name not in wanted:
            continue
        root = folder / entry.name / "corpus"
        entry.make(root)
        data, cells = root / entry.below, []
        for command in COMMANDS:
            scratch = folder / entry.name / command.replace(" ", "-")
            words = [*command_line(command, data, checkpoint, scratch), *entry.words.get(command, ())]
            answer = call(*words)
            if "Traceback" in answer.err:
                print(answer.err, file=sys.stderr)
                kept = False
            if answer.code == 0 or (command == "data check" and "layout" in answer.out):
                cells.append(
                    took(command, answer, scratch) + (f" (exit {answer.code})" if answer.code else "")
                )
            else:
                letter = messages.setdefault(answer.said(data, folder), str(len(messages) + 1))
                cells.append(f"{answer.code}: {letter}")
            expected = {"train": entry.train, "evaluate": entry.evaluate}.get(command)
            if expected is not None and split_taken(command, scratch) != expected:
                print(
                    f"{entry.name}: {command} should take {expected or 'nothing'}: {answer}", file=sys.stderr
                )
                kept = False
        print(f"| {entry.what} | {' | '.join(cells)} |", flush=True)
    print()
    for text, number in messages.items():
        print(f"{number}. {text}")
    return kept


# --- leaks ----------------------------------------------------------------------------------------------------


def smuggled(root: Path, name: str, change: float = 1.0, rate: int = RATE, suffix: str = ".wav") -> None:
    """A test recording among the training files, behind other noise."""
    train_test(root, "train", "test")
    clean = change * soundfile.read(root / "test" / "clean" / "p9_001.wav")[0]
    clean = clean if rate == RATE else resample(clean.astype("float32"), RATE, rate)
    for kind, signal in (("clean", clean), ("noisy", clean + noise(9, seed=77)[: len(clean)])):
        put(root / "train" / kind / f"{name}{suffix}", signal, rate)


def overlapping_lists(root: Path) -> None:
    lists(root)
    (root / "test.txt").write_text("p2_002\np9_000\n")


def known_speaker(root: Path) -> None:
    train_test(root, "train", "test")
    pairs(root / "train" / "clean", root / "train" / "noisy", ("p232_005",), 300)


def held_out_twice(root: Path) -> None:
    train_test(root, "train", "test")
    for kind in ("clean", "noisy"):
        shutil.copy(root / "train" / kind / "p3_004.wav", root / "train" / kind / "p1_444.wav")


INTO_TRAINING: tuple[tuple[str, Callable[[Path], object], tuple[str, ...]], ...] = (
    ("a folder that holds test files alone", lambda root: train_test(root, "test"), ()),
    ("the test part, named", lambda root: train_test(root, "train", "test"), ("--split", "test", "--set", "validation=p9_000")),
    ("`clean/` and `noisy/`, which do not say", plain, ()),
    ("a test file among the training files", lambda root: smuggled(root, "p9_001"), ()),
    ("the same under another name", lambda root: smuggled(root, "p1_777"), ()),
    ("the same as flac", lambda root: smuggled(root, "p1_777", suffix=".flac"), ()),
    ("the same at a third of its level", lambda root: smuggled(root, "p1_777", 0.3), ()),
    ("the same with inverted polarity", lambda root: smuggled(root, "p1_777", -1.0), ()),
    ("the same at 48 kHz", lambda root: smuggled(root, "p1_777", rate=48000), ()),
    ("a file named as one of VoiceBank+DEMAND's test set", known_speaker, ()),
    ("lists that share a file", overlapping_lists, ()),
    ("a validation recording trained on under another name", held_out_twice, ()),
)  # fmt: skip


def leaks(folder: Path, checkpoint: Path) -> bool:
    """Every way is tried as it is, and with `--leaks record` where it was refused as a leak."""
    print("| on its way into a training | `train` | with `--leaks record` |")
    print("|---|---|---|")
    kept = True
    for number, (what, make, words) in enumerate(INTO_TRAINING):
        root = folder / f"leak-{number}"
        make(root / "corpus")
        line = [*train_words(root / "corpus", root / "run"), *words]
        answer = call(*line)
        kept &= answer.code == 1
        recorded = "not asked for"
        if "--leaks record" in answer.err:
            again = call(*line, "--leaks", "record")
            found = (
                json.loads((root / "run" / "config.json").read_text())["data"]["leaks"]
                if again.code == 0
                else []
            )
            recorded = (
                "; ".join(f"{leak['kind']}, {leak['files']} files" for leak in found) or f"exit {again.code}"
            )
            kept &= bool(found)
        print(f"| {what} | {answer.code}: {answer.said(root / 'corpus')} | {recorded} |", flush=True)
    print("\n| on its way into a test | `evaluate` says |")
    print("|---|---|")
    for what, words in into_test(folder / "tested", checkpoint):
        answer = call("model", "evaluate", *words, "--workers", "1")
        told = [
            line
            for line in [*answer.out.splitlines(), *answer.err.splitlines()]
            if re.search(
                r"trained on|held out|unknown|training files|with another recording|only train", line
            )
        ]
        kept &= bool(told)
        text = "; ".join(line.strip() for line in told).replace(str(folder / "tested"), "FOLDER") or "NOTHING"
        print(f"| {what} | {answer.code}: {text} |", flush=True)
    return kept


def into_test(folder: Path, checkpoint: Path) -> list[tuple[str, list[object]]]:
    """Ways of test files that were trained on; `checkpoint` was trained on the files of `folder/corpus`."""
    root, run_folder = folder / "corpus", checkpoint.parent
    alone, under_other_name, cut = folder / "alone", folder / "renamed", folder / "cut"
    shutil.copytree(root / "train", alone / "train")
    shutil.copytree(root, under_other_name)
    shutil.copytree(root, cut)
    for kind in ("clean", "noisy"):
        shutil.copy(root / "train" / kind / "p1_001.wav", under_other_name / "test" / kind / "p9_800.wav")
        signal = soundfile.read(root / "train" / kind / "p2_003.wav")[0]
        put(cut / "test" / kind / "p2_003.wav", signal[1000:])
    shutil.copy(checkpoint, folder / "copied.pt")
    strange = folder / "strange"
    strange_run(strange, root, seed=2)
    shutil.copy(strange / checkpoint.name, run_folder / "strange.pt")
    tuned = folder / "tuned"
    second = folder / "second"
    for part, names, seed in (("train", TRAINING, 400), ("test", TESTING, 450)):
        pairs(second / part / "clean", second / part / "noisy", names, seed)
    settings = [word for value in TINY for word in ("--set", value)]
    began = call(
        "model", "train", "--data", second, "--out", tuned, "--from", checkpoint, *settings, "--cpu", "--workers", "1"
    )  # fmt: skip
    if began.code:
        raise SystemExit(began.err)
    return [
        ("a folder that holds training files alone", ["-c", checkpoint, "--data", alone]),
        ("the same, meant", ["-c", checkpoint, "--data", alone, "--split", "train"]),
        ("a training file among the test files under another name", ["-c", checkpoint, "--data", under_other_name]),
        ("a training file, cut, under its own name", ["-c", checkpoint, "--data", cut]),
        ("a checkpoint away from its run", ["-c", folder / "copied.pt", "--data", root]),
        ("a strange checkpoint in a run folder", ["-c", run_folder / "strange.pt", "--data", root]),
        ("a fine-tuning, on files of its first training", ["-c", tuned / checkpoint.name, "--data", root, "--split", "train"]),
    ]  # fmt: skip


def strange_run(folder: Path, data: Path, seed: int = 1) -> Path:
    """A finished run of a very small network on a corpus; its last checkpoint."""
    torch.set_num_threads(1)
    recipe = Recipe().with_overrides([*TINY, f"seed={seed}"])
    start(
        folder, "small", NETWORK, recipe, training_data(data, recipe.validation), Machine(cpu=True, workers=1)
    )
    return folder / "checkpoint_last.pt"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=("layouts", "leaks"))
    parser.add_argument("--folders", nargs="+", choices=[entry.name for entry in FOLDERS], default=[])
    args = parser.parse_args()
    kept = []
    workers._started = ThreadPoolExecutor  # noqa: SLF001 - a stand-in for processes
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve()
        os.environ["LITDB_HOME"] = os.environ["XDG_CACHE_HOME"] = str(folder / "home")
        data = corpus(folder / "tested" / "corpus", train=6, test=2, seconds=0.8)
        with contextlib.redirect_stderr(io.StringIO()):
            checkpoint = strange_run(folder / "small", data)
        if args.only in (None, "layouts"):
            kept.append(layouts(folder, checkpoint, args.folders))
        if args.only in (None, "leaks"):
            print()
            kept.append(leaks(folder, checkpoint))
    print(f"\n{'every folder as expected, no leak silent' if all(kept) else 'NOT as expected'}")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
