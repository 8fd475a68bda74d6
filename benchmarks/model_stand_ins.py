"""Small stand-ins of every layout of a corpus, right and wrong, for `model_folders.py`."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from model.data import resample
from tests.model.signals import RATE, noise, put, speech

TRAINING = ("p1_000", "p1_001", "p2_002", "p3_004", "p3_005", "p3_006")
TESTING = ("p9_000", "p9_001")


def pairs(
    clean: Path, noisy: Path, names: tuple[str, ...], seed: int = 0, rate: int = RATE, form: str = "{}"
) -> None:
    """Clean and noisy files of short utterances; `form` makes the file's name of the utterance's."""
    for place, name in enumerate(names):
        signal = speech(0.8 + 0.05 * place, seed=seed + place)
        noisier = signal + noise(9, seed=seed + place)[: len(signal)]
        for folder, content in ((clean, signal), (noisy, noisier)):
            content = content if rate == RATE else resample(content.astype("float32"), RATE, rate)
            put(folder / f"{form.format(name)}.wav", content, rate)


def voicebank(
    root: Path, training: tuple[str, ...] = ("trainset_28spk_wav",), test: str = "testset_wav"
) -> None:
    for number, part in enumerate(training):
        pairs(root / f"clean_{part}", root / f"noisy_{part}", TRAINING, 100 * number)
    if test:
        pairs(root / f"clean_{test}", root / f"noisy_{test}", TESTING, 50)


def lists(root: Path, train: str = "training.txt", test: str = "test.txt") -> None:
    pairs(root / "wavs_clean", root / "wavs_noisy", (*TRAINING, *TESTING), 0)
    (root / train).write_text("".join(f"{name}|wavs_clean/{name}.wav\n" for name in TRAINING))
    (root / test).write_text("".join(f"{name}|wavs_clean/{name}.wav\n" for name in TESTING))


def dns(root: Path, base: str, training: str = "") -> None:
    for number, part in enumerate(("no_reverb", "with_reverb")):
        folder = root / base / part
        for kind in ("clean", "noisy"):
            pairs(folder / "clean", folder / "noisy", ("1", "2"), 50 + 10 * number, form="fileid_{}")
            (folder / kind).mkdir(exist_ok=True)
    if training:
        pairs(root / training / "clean", root / training / "noisy", TRAINING, 0)


def snsd(root: Path) -> None:
    for part, names, seed in (("training", TRAINING, 0), ("test", TESTING, 50)):
        pairs(root / f"CleanSpeech_{part}", root / f"NoisySpeech_{part}", names, seed)


def train_test(root: Path, *parts: str, rate: int = RATE) -> None:
    for part in parts:
        names, seed = (TESTING, 50) if part == "test" else (TRAINING, 0)
        pairs(root / part / "clean", root / part / "noisy", names, seed, rate)


def plain(root: Path) -> None:
    pairs(root / "clean", root / "noisy", (*TRAINING, *TESTING))


def one_above(root: Path) -> None:
    voicebank(root / "VoiceBank-DEMAND")


def by_speaker(root: Path) -> None:
    for name in TRAINING:
        pairs(root / "clean" / name.split("_")[0], root / "noisy" / name.split("_")[0], (name,))


def without_noisy(root: Path) -> None:
    voicebank(root)
    shutil.rmtree(root / "noisy_trainset_28spk_wav")
    shutil.rmtree(root / "noisy_testset_wav")


@dataclass(frozen=True)
class Folder:
    """A stand-in: how it is made, the folder below it that is named to commands, and what is expected of `train` and `evaluate`
    (the part taken, or "" where they refuse); `words` are options that both need."""

    name: str
    what: str
    make: Callable[[Path], object]
    train: str = ""
    evaluate: str = ""
    below: str = ""
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)


FOLDERS = (
    Folder("datashare-1942", "`clean_trainset_wav`, `clean_testset_wav`, ...", lambda root: voicebank(root, ("trainset_wav",)), "train", "test"),
    Folder("datashare-2791-28", "`clean_trainset_28spk_wav`, ...", voicebank, "train", "test"),
    Folder("datashare-2791-56", "`clean_trainset_56spk_wav`, ...", lambda root: voicebank(root, ("trainset_56spk_wav",)), "train", "test"),
    Folder("datashare-2791-both", "28 and 56 side by side", lambda root: voicebank(root, ("trainset_28spk_wav", "trainset_56spk_wav")), "", "test"),
    Folder("both-with-speakers", "the same with `--speakers 56`", lambda root: voicebank(root, ("trainset_28spk_wav", "trainset_56spk_wav")), "train-56spk", "test", words=dict.fromkeys(("train", "where", "inspect"), ("--speakers", "56"))),
    Folder("wav-16k", "`clean_trainset_28spk_wav_16k`, ...", lambda root: voicebank(root, ("trainset_28spk_wav_16k",), "testset_wav_16k"), "train", "test"),
    Folder("mp-senet", "`wavs_clean`, `wavs_noisy`, `training.txt`, `test.txt`", lists, "train", "test"),
    Folder("dns-root", "DNS: `datasets/test_set/synthetic/...` and `training/...`", lambda root: dns(root, "datasets/test_set/synthetic", "training"), "train", "no_reverb", words={"evaluate": ("--split", "no_reverb")}),
    Folder("dns-test-set", "DNS: `test_set/synthetic/...`, no `--split`", lambda root: dns(root, "test_set/synthetic"), "", ""),
    Folder("dns-synthetic", "DNS: `synthetic/no_reverb`, `--split with_reverb`", lambda root: dns(root, "synthetic"), "", "with_reverb", words={"evaluate": ("--split", "with_reverb")}),
    Folder("ms-snsd", "`CleanSpeech_training`, `NoisySpeech_test`, ...", snsd, "train", "test"),
    Folder("train-test", "`train/{clean,noisy}`, `test/{clean,noisy}`", lambda root: train_test(root, "train", "test"), "train", "test"),
    Folder("train-valid-test", "the same and `valid/{clean,noisy}`", lambda root: train_test(root, "train", "valid", "test"), "train", "test"),
    Folder("pair", "`clean/` and `noisy/` alone", plain, "", ""),
    Folder("pair-meant", "the same with `--split all`", plain, "all", "all", words=dict.fromkeys(("train", "evaluate", "where", "inspect"), ("--split", "all"))),
    Folder("test-alone", "`test/{clean,noisy}` alone", lambda root: train_test(root, "test"), "", "test"),
    Folder("train-alone", "`train/{clean,noisy}` alone", lambda root: train_test(root, "train"), "train", ""),
    Folder("inside-train", "the folder `train` itself", lambda root: train_test(root, "train", "test"), "", "", below="train"),
    Folder("one-above", "the folder above the corpus", one_above),
    Folder("one-half", "the folder `clean_testset_wav` itself", voicebank, below="clean_testset_wav"),
    Folder("no-noisy", "noisy folders missing", without_noisy),
    Folder("by-speaker", "`clean/p1/...`, `noisy/p1/...`", by_speaker),
    Folder("other-lists", "`wavs_clean` with `train.scp`, `test.scp`", lambda root: lists(root, "train.scp", "test.scp")),
    Folder("8-khz", "`train\\|test/{clean,noisy}` at 8 kHz", lambda root: train_test(root, "train", "test", rate=8000)),
    Folder("empty", "an empty folder", lambda root: root.mkdir(parents=True)),
    Folder("absent", "no folder", lambda root: root.parent.mkdir(exist_ok=True)),
)  # fmt: skip
