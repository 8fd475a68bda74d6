"""`litdb model ...` as a user types it: what it prints, writes and answers to wrong use."""

import csv
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
import typer

from model.cli import app
from model.data import resample
from model.evaluation.summary import COLUMNS
from tests.cli.conftest import Litdb
from tests.model.signals import RATE, noise, put, speech, write_identity

ROOT = Path(__file__).resolve().parents[3]


def commands() -> Iterator[str]:
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        yield from [f"{name} {sub}" for sub in inner] if inner else [name]


@pytest.fixture
def run(toy_run: Path, tmp_path: Path) -> Path:
    """A copy of the finished run."""
    return Path(shutil.copytree(toy_run, tmp_path / "small"))


@pytest.fixture(scope="module")
def enhanced(toy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody's output for the test set: the noise halved, in flac, one file at another rate."""
    folder = tmp_path_factory.mktemp("enhanced") / "theirs"
    for number, path in enumerate(sorted((toy / "test" / "noisy").iterdir())):
        clean, noisy = (soundfile.read(toy / "test" / kind / path.name)[0] for kind in ("clean", "noisy"))
        better = clean + 0.5 * (noisy - clean)
        put(
            folder / f"{path.stem}.flac",
            resample(better.astype(np.float32), RATE, 3 * RATE) if number == 0 else better,
            RATE * (3 if number == 0 else 1),
        )
    return folder


@pytest.mark.parametrize("name", list(commands()))
def test_every_command_has_help_with_an_example(litdb: Litdb, name: str) -> None:
    said = litdb("model", *name.split(), "--help")
    assert said.code == 0
    assert "Example: litdb model " + name in said.out


def test_help_needs_no_torch_and_commands_say_what_to_install() -> None:
    code = (
        "import sys\n"
        "for name in ('torch', 'accelerate', 'pesq', 'pystoi', 'soundfile', 'soxr', 'scipy'): sys.modules[name] = None\n"
        "from litdb.cli._root import run\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, "model", *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )

    for words in (["--help"], *([*name.split(), "--help"] for name in ("train", "evaluate", "data check"))):
        assert call(*words).returncode == 0
    for words in (["describe", "M4"], ["data", "check", "."], ["evaluate", "--noisy", "--data", "."]):
        said = call(*words)
        assert said.returncode == 2
        assert "pip install 'litdb-sota[model]'" in said.stderr
        assert said.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        ("train", 2, "--data DIR and --out RUN"),
        ("train --data absent --out run", 1, "absent is not a folder"),
        ("train --data TOY --out run --set epochs=none", 2, "epochs cannot be 'none'"),
        ("train --data TOY --out run --set network.depth=3", 2, "depth"),
        ("train --data TOY --out run --model M9", 2, "no network 'M9'"),
        ("train --data TOY --out run --recipe best", 2, "there is no recipe 'best'"),
        ("train --data TOY --out run", 1, "holds out 0 of 6 utterances"),
        ("train --data TOY --out run --bad keep", 2, "not 'keep'"),
        ("train --data TOY --out RUN --set validation=p3_*", 1, "already holds a run"),
        ("train --resume absent", 2, "not a run folder"),
        ("train --resume RUN --out other", 2, "leave out --out"),
        ("train --resume RUN --set batch=3", 2, "only epochs may be set"),
        ("train --resume RUN --set epochs=1", 2, "to extend it, epochs must be more, not 1"),
        ("train --data TOY --out run --set rate=nan", 2, "rate must be a finite number"),
        ("train --data TOY --out run --precision half", 2, "precision is fp32, bf16, fp16"),
        ("train --data TOY --out run --hours nan", 2, "--hours must be above 0"),
        ("train --data TOY --out run --db absent.db", 1, "there is no catalogue absent.db"),
        ("train --resume RUN --db absent.db", 1, "there is no catalogue absent.db"),
        ("evaluate --data TOY --all RUN --db absent.db", 1, "there is no catalogue absent.db"),
        ("ablate --data TOY --out study --db absent.db", 1, "there is no catalogue absent.db"),
        ("cost RUN/checkpoint_last.pt --db absent.db", 1, "there is no catalogue absent.db"),
        ("train --data TOY --out run --logger paper", 2, "there is no logger 'paper'"),
        ("train --data TOY --out run --from absent.pt", 2, "absent.pt is not a file"),
        (
            "train --data TOY --out run --from RUN/checkpoint_last.pt --model M1",
            1,
            "does not hold this network",
        ),
        ("train --data TOY --out run --recipe absent.toml", 2, "absent.toml cannot be read as a recipe"),
        ("evaluate --data TOY", 2, "--checkpoint FILE, --all DIR"),
        ("evaluate --data TOY --checkpoint absent.pt", 2, "absent.pt is not a file"),
        ("evaluate --data TOY --all TOY", 2, "holds no checkpoint"),
        ("evaluate --data TOY --enhanced absent", 2, "absent is not a folder"),
        ("evaluate --data TOY --enhanced RUN", 1, "no file named like one of the test set"),
        ("evaluate --data TOY --all RUN --csv out.csv", 2, "one system"),
        ("evaluate --data TOY --split dev --noisy", 1, "no split named 'dev'"),
        ("evaluate --data TOY --noisy --db some.db", 2, "--run RUN"),
        ("enhance absent.wav out.wav --checkpoint RUN/checkpoint_last.pt", 2, "absent.wav does not exist"),
        ("enhance absent.wav out.wav --checkpoint absent.pt", 1, "absent.pt does not exist"),
        (
            "enhance RUN/config.json out.mp3 --checkpoint RUN/checkpoint_last.pt",
            2,
            "must end in .wav or .flac",
        ),
        ("enhance RUN/config.json out.wav --checkpoint RUN/checkpoint_last.pt", 1, "cannot be read as audio"),
        ("where noisy nowhere --data TOY", 2, "nowhere is neither"),
        ("bands nowhere --data TOY", 2, "nowhere is neither"),
        ("describe M9", 2, "no network 'M9'"),
        ("describe absent.json", 2, "absent.json is not a file"),
        ("describe RUN/log.jsonl", 1, "log.jsonl"),
        ("cost M1 --db some.db", 2, "--db takes a run in"),
        ("inspect RUN/config.json", 1, "no checkpoint"),
        ("export RUN/config.json --onnx n.onnx", 1, "no checkpoint"),
        ("ablate --data TOY --out study --seeds 1,1 --set validation=p3_*", 2, "different seeds"),
        ("ablate --data TOY --out study --seeds one --set validation=p3_*", 2, "--seeds takes numbers"),
        ("ablate --data TOY --out study --variants M1,baseline --set validation=p3_*", 2, "same network"),
        ("cost M4 --seconds nan", 2, "--seconds must be a finite number, not nan"),
        ("cost M4 --wait nan", 2, "--wait must be a finite number, not nan"),
        (
            "inspect RUN/checkpoint_last.pt --data TOY --pesq nan",
            2,
            "--pesq must be a finite number, not nan",
        ),
        ("find-rate --data TOY --highest nan", 2, "--highest must be a finite number, not nan"),
        ("train --data TOY --out r --hours nan", 2, "--hours must be above 0, not nan"),
        ("train --data TOY --out r --set network.dropout=nan", 2, "dropout must be in [0, 1), not nan"),
        ("train --data TOY --out r --logger visdom", 2, "there is no logger 'visdom'"),
        ("pack TOY", 2, "not a run folder"),
        ("pack RUN --out run.zip", 2, "must end in .tar.gz"),
        ("data check RUN", 1, "no known layout"),
        ("data check TOY --accept loud", 2, "unknown kind of problem 'loud'"),
        ("mix --speech TOY --noise TOY --out out", 1, "no wav or flac"),
        ("mix --speech TOY/test/clean --noise TOY/test/clean --out out --snr loud", 2, "--snr takes numbers"),
    ],
)
def test_wrong_use_is_one_sentence(
    litdb: Litdb, toy: Path, toy_run: Path, words: str, code: int, hint: str
) -> None:
    before = {path: path.stat().st_mtime_ns for path in toy_run.rglob("*")}
    said = litdb("model", *words.replace("TOY", str(toy)).replace("RUN", str(toy_run)).split())
    assert (said.code, hint in said.err) == (code, True), said.err
    assert said.err.startswith("Error: ")
    assert said.err.count("\n") == 1
    assert {path: path.stat().st_mtime_ns for path in toy_run.rglob("*")} == before


def test_train_resume_pack_and_add(litdb: Litdb, toy: Path, home: Path) -> None:
    values = "epochs=1 batch=2 crop_seconds=0.4 weight_adversarial=0 validation=p3_* network.num_channel=4 network.num_layer=1"
    words = [word for value in values.split() for word in ("--set", value)]
    train = [
        "model",
        "train",
        "--data",
        str(toy),
        "--out",
        "tiny",
        "--model",
        "bsrnn",
        "--cpu",
        "--workers",
        "1",
    ]
    said = litdb(*train, *words, "--json")
    assert said.code == 0, said.err
    assert [record["name"] for record in said.json["checkpoints"]][-1] == "last"
    assert "validation loss" in said.err
    assert json.loads((home / "tiny" / "config.json").read_text())["network"]["num_channel"] == 4
    again = litdb("model", "train", "--resume", "tiny", "--cpu")
    assert again.code == 0
    assert "last            epoch    1" in again.out
    packed = litdb("model", "pack", "tiny", "--json").json
    with tarfile.open(packed["archive"]) as archive:
        names = archive.getnames()
    assert "tiny/config.json" in names
    assert not [name for name in names if name.endswith(".pt")]
    assert litdb("init", "mine.db").code == 0
    first = litdb("add", packed["archive"], "--db", "mine.db")
    assert first.code == 0, first.err
    assert "0 values new" in litdb("add", packed["archive"], "--db", "mine.db").out


def test_checkpoints_of_a_run_are_scored_and_taken_in(litdb: Litdb, toy: Path, run: Path, home: Path) -> None:
    assert litdb("init", "mine.db").code == 0
    words = ["model", "evaluate", "--all", str(run), "--noisy", "--data", str(toy), "--dataset", "Toy set"]
    said = litdb(*words, "--workers", "1", "--db", "mine.db")
    assert said.code == 0, said.err
    header, *rows = [line.split() for line in said.out.splitlines()]
    assert header == ["system", "PESQ", "CSIG", "CBAK", "COVL", "SSNR", "STOI", "ESTOI", "SI-SDR", "files"]
    assert [row[0] for row in rows[:6]] == [
        "best-loss",
        "best-pesq",
        "best-stoi",
        "best-composite",
        "last",
        "noisy",
    ]
    assert {row[-1] for row in rows[:6]} == {"3"}
    assert "values new" in said.err
    place = run / "scores" / "toy-set"
    assert sorted(path.name for path in place.iterdir())[0] == "best-composite.csv"
    with (place / "noisy.csv").open() as file:
        scores = list(csv.DictReader(file))
    assert tuple(scores[0]) == COLUMNS
    assert [row["id"] for row in scores] == ["p9_000", "p9_001", "p9_002"]
    assert np.mean([float(row["pesq"]) for row in scores]) == pytest.approx(float(rows[5][1]), abs=1e-4)
    shown = litdb("show", "small", "--db", "mine.db")
    assert shown.code == 0


def test_somebodys_output_is_scored_from_a_folder(
    litdb: Litdb, toy: Path, enhanced: Path, home: Path
) -> None:
    said = litdb(
        *["model", "evaluate", "--enhanced", str(enhanced), "--data", str(toy), "--csv", "theirs.csv"],
        *["--workers", "1", "--json"],
    )
    assert said.code == 0, said.err
    (system,) = said.json["systems"]
    assert (system["name"], system["source"], system["sha256"]) == ("theirs", "enhanced", None)
    assert system["means"]["pesq"]["files"] == 3
    assert system["means"]["si_sdr"]["mean"] > 6
    with (home / "theirs.csv").open() as file:
        assert tuple(next(csv.reader(file))) == COLUMNS


def test_a_partial_mean_says_so(litdb: Litdb, toy: Path, enhanced: Path, tmp_path: Path) -> None:
    fewer = shutil.copytree(enhanced, tmp_path / "fewer")
    (fewer / "p9_001.flac").unlink()
    put(fewer / "p9_002.flac", speech(0.4), RATE)
    said = litdb("model", "evaluate", "--enhanced", str(fewer), "--data", str(toy), "--workers", "1")
    assert said.code == 1
    assert "2 of 3 files for fewer went unscored" in said.err
    assert "the mean covers pesq 1, csig 1" in said.out
    assert "fewer/p9_001: no enhanced file of this name" in said.out
    assert "fewer/p9_002: lengths differ" in said.out
    assert said.out.splitlines()[1].count("*") == 8


def test_files_left_out_as_bad_are_missing_from_the_mean(litdb: Litdb, toy: Path, tmp_path: Path) -> None:
    corpus = Path(shutil.copytree(toy, tmp_path / "corpus"))
    put(corpus / "test" / "noisy" / "p9_001.wav", speech(0.4), RATE)
    refused = litdb("model", "evaluate", "--noisy", "--data", str(corpus), "--workers", "1")
    assert refused.code == 1
    assert "different-length" in refused.err
    said = litdb("model", "evaluate", "--noisy", "--data", str(corpus), "--bad", "skip", "--workers", "1")
    assert said.code == 0
    assert "of 3 files the mean covers pesq 2" in said.out
    assert "noisy/p9_001: left out: different-length" in said.out


def test_enhanced_audio_keeps_rate_length_and_channels(litdb: Litdb, run: Path, home: Path) -> None:
    signal = speech(0.7)
    put(home / "in" / "mono.wav", signal, RATE)
    put(
        home / "in" / "stereo.wav",
        np.stack([np.repeat(signal, 3), np.repeat(signal, 3) * 0.5], axis=1),
        48000,
    )
    said = litdb("model", "enhance", "in", "out", "--checkpoint", str(run / "checkpoint_last.pt"), "--json")
    assert said.code == 0, said.err
    assert [file["rate"] for file in said.json] == [16000, 48000]
    for name in ("mono.wav", "stereo.wav"):
        before, after = soundfile.info(home / "in" / name), soundfile.info(home / "out" / name)
        assert (after.samplerate, after.frames, after.channels) == (
            before.samplerate,
            before.frames,
            before.channels,
        )
    assert litdb("model", "enhance", "in", "in", "-c", str(run / "checkpoint_last.pt")).code == 2
    one = litdb("model", "enhance", "in/mono.wav", "one.flac", "-c", str(run / "checkpoint_last.pt"))
    assert "one.flac: 0.7 s at 16000 Hz" in one.out


def test_a_file_that_cannot_be_enhanced_does_not_stop_the_others(litdb: Litdb, run: Path, home: Path) -> None:
    put(home / "in" / "a_short.wav", speech(0.7)[:50], RATE)
    put(home / "in" / "b_good.wav", speech(0.7), RATE)
    (home / "in" / "c_text.wav").write_text("no audio")
    said = litdb("model", "enhance", "in", "out", "-c", str(run / "checkpoint_last.pt"))
    assert said.code == 1
    assert "2 of 3 files were not enhanced" in said.err
    assert [path.name for path in (home / "out").iterdir()] == ["b_good.wav"]


def test_where_and_bands_locate_a_gain(litdb: Litdb, toy: Path, enhanced: Path) -> None:
    same = ["--data", str(toy), "--split", "test", "--workers", "1"]
    found = litdb("model", "where", "noisy", str(enhanced), *same)
    assert found.code == 0, found.err
    assert "theirs minus noisy" in found.out
    assert "300-3400 Hz" in found.out
    bands = litdb("model", "bands", str(enhanced), *same, "--json").json
    assert [(band["low"], band["high"]) for band in bands["bands"]] == [(0, 300), (300, 3400), (3400, 8000)]
    for band in bands["bands"][1:]:  # half the noise is 6 dB less in every band
        assert band["clean_to_error_gain"]["mean"] == pytest.approx(6.02, abs=0.3)
    assert (
        "In each row the signal is clean outside the band."
        in litdb("model", "bands", str(enhanced), *same).out
    )


def test_inspect_describe_cost(litdb: Litdb, run: Path, toy: Path, home: Path) -> None:
    from model.checkpoint import save_checkpoint
    from model.networks import build, variant

    save_checkpoint(home / "m4.pt", build(variant("M4")))
    noisy = next((toy / "test" / "noisy").iterdir())
    said = litdb("model", "inspect", "m4.pt", "--audio", str(noisy), "--figures", "figures")
    assert said.code == 0, said.err
    assert "cross share" in said.out
    assert (home / "figures" / "codes.png").exists()
    assert len(litdb("model", "inspect", "m4.pt", "--json").json["gates"]) == 5
    described = litdb("model", "describe", "m4.pt").out
    assert "no band-split RNN" in described
    assert "459,867 parameters" in described
    assert litdb("model", "describe", str(run / "config.json"), "--json").json["parameters"] > 0
    measured = litdb("model", "cost", str(run / "checkpoint_last.pt"), "--seconds", "0.5", "--json").json
    assert json.loads((run / "cost.json").read_text()) == measured
    assert "MACs for 1 s" in litdb("model", "cost", str(run / "config.json"), "--seconds", "0.5").out


def test_export_compares_what_it_wrote(
    litdb: Litdb, run: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exporter itself is slow and tested with the networks; here it writes a network that changes nothing."""
    from model import export

    monkeypatch.setattr(export, "_write", lambda module, out: write_identity(out))
    words = ["model", "export", str(run / "checkpoint_last.pt"), "--onnx", "n.onnx"]
    refused = litdb(*words)
    assert refused.code == 1
    assert "n.onnx was not kept" in refused.err
    assert not (home / "n.onnx").exists()
    monkeypatch.setattr(export, "TOLERANCE", 1e9)
    said = litdb(*words, "--json")
    assert said.code == 0, said.err
    assert (home / "n.onnx").stat().st_size == said.json["bytes"]


def test_data_check_and_mix(litdb: Litdb, toy: Path, home: Path) -> None:
    said = litdb("model", "data", "check", str(toy))
    assert said.code == 0
    assert "train: for training: train/clean, train/noisy\n  6 usable pairs, 3 speakers" in said.out
    put(home / "noise" / "n.wav", noise(1.0), RATE)
    mixed = litdb(
        "model",
        "mix",
        "--speech",
        str(toy / "train" / "clean"),
        "--noise",
        "noise",
        "--out",
        "m",
        "--snr",
        "0,10",
    )
    assert "6 mixtures in m" in mixed.out
    assert len((home / "m" / "manifest.tsv").read_text().splitlines()) == 7
    (home / "m" / "noisy" / "p1_000.wav").unlink()
    found = litdb("model", "data", "check", "m", "--json")
    assert found.code == 1
    assert found.json["splits"][0]["problems"][0]["kind"] == "missing-partner"


def test_a_recipe_file_holds_every_option_and_the_command_line_goes_first(
    litdb: Litdb, toy: Path, home: Path
) -> None:
    """In TOML and in YAML; the missing TensorBoard of the first, the fine-tuning of the second."""
    (home / "mine.toml").write_text(
        f'''recipe = "earlier"
data = "{toy}"
out = "r"
model = "bsrnn"
cpu = true
workers = 1
logger = ["tensorboard"]
epochs = 9
batch = 6
crop_seconds = 0.3
weight_adversarial = 0
validation = ["p3_*"]
[network]
num_channel = 4
num_layer = 1
'''
    )
    said = litdb("model", "train", "--recipe", "mine.toml", "--set", "epochs=1", "--out", "first")
    assert said.code == 0, said.err
    config = json.loads((home / "first" / "config.json").read_text())
    recipe = config["recipe"]
    assert (recipe["epochs"], recipe["batch"], recipe["weight_complex"]) == (1, 6, 0.5)
    assert (config["network"]["num_channel"], recipe["validation"]) == (4, ["p3_*"])
    if importlib.util.find_spec("tensorboard") is None:
        assert "nothing more goes to tensorboard: it is not installed (pip install tensorboard)" in said.err
    else:
        assert list((home / "first" / "tensorboard").iterdir())
    (home / "tune.yaml").write_text(
        f"data: {toy}\nout: second\nfrom: first/checkpoint_last.pt\ncpu: yes\nworkers: 1\nepochs: 1\n"
        "batch: 6\ncrop_seconds: 0.3\nrate: 1e-4\nweight_adversarial: 0\nvalidation: p3_*\n"
    )
    said = litdb("model", "train", "--recipe", "tune.yaml")
    assert said.code == 0, said.err
    config = json.loads((home / "second" / "config.json").read_text())
    assert (config["model"], config["from"]["run"], config["recipe"]["rate"]) == ("bsrnn", "first", 1e-4)


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("r.toml", "epochs = ", "is not valid TOML"),
        ("r.yaml", "epochs: [1", "is not valid YAML"),
        ("r.yml", "- epochs", "holds no recipe"),
        ("r.toml", "speed = 3", "there is no 'speed'"),
        ("r.toml", "resume = 'run'", "there is no 'resume'"),
        ("r.toml", "recipe = 'best'", "there is no recipe 'best'"),
        ("r.toml", "network = 3", "network is a table"),
        ("r.yaml", "epochs: null", "epochs cannot be None"),
        ("r.yaml", "rate: .nan", "rate must be a finite number"),
        ("r.toml", "epochs = 1.5", "epochs cannot be '1.5'"),
    ],
)
def test_a_recipe_file_that_is_none_is_one_sentence(
    litdb: Litdb, toy: Path, home: Path, name: str, text: str, hint: str
) -> None:
    (home / name).write_text(text)
    said = litdb("model", "train", "--recipe", name, "--data", str(toy), "--out", "r")
    assert (said.code, hint in said.err, said.err.count("\n")) == (2, True, 1), said.err
    assert not (home / "r").exists()


def test_environment_of_a_torchrun_child_prints_once(
    litdb: Litdb, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "RANK", "1")
    said = litdb("model", "train", "--resume", str(run), "--cpu")
    assert (said.code, said.out) == (0, ""), said.err


def test_files_in_folders_of_speakers_are_not_found(litdb: Litdb, home: Path) -> None:
    """Files are looked for directly in the two folders; a check of none is no check passed."""
    for kind in ("clean", "noisy"):
        put(home / "c" / kind / "p1" / "p1_000.wav", speech())
    said = litdb("model", "data", "check", "c")
    assert said.code == 1
    assert "must lie directly in its two folders, and none do" in said.out
