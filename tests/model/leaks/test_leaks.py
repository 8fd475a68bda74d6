"""Test files on their way into a training, or training files into a test: every way is told, none is silent."""

import json
import shutil
import tarfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

torch = pytest.importorskip("torch")

from model.checkpoint import load_checkpoint, save_checkpoint  # noqa: E402
from model.data import open_corpus, resample  # noqa: E402
from model.data.outline import outline, same_recordings  # noqa: E402
from model.errors import DataError, ModelUsageError  # noqa: E402
from model.evaluation.systems import System  # noqa: E402
from model.evaluation.test_data import open_test_set  # noqa: E402
from model.leaks.guard import outlines_of  # noqa: E402
from model.leaks.looks import looks  # noqa: E402
from model.leaks.marks import read_marks  # noqa: E402
from model.training.origin import origin_of  # noqa: E402
from model.training.trainer import TrainingData, training_data  # noqa: E402
from tests.cli.conftest import Litdb  # noqa: E402
from tests.model.cli.conftest import home as home  # noqa: E402
from tests.model.cli.conftest import litdb as litdb  # noqa: E402
from tests.model.signals import RATE, noise, put, speech  # noqa: E402


@pytest.fixture
def corpus(toy: Path, tmp_path: Path) -> Path:
    """A copy of the toy corpus to spoil."""
    return Path(shutil.copytree(toy, tmp_path / "corpus"))


def smuggle(corpus: Path, name: str, change: object = None, rate: int = RATE, suffix: str = ".wav") -> None:
    """Put a test recording among the training files, under a name and after a change of its clean speech."""
    clean = soundfile.read(corpus / "test" / "clean" / "p9_001.wav")[0]
    clean = change(clean) if callable(change) else clean
    if rate != RATE:
        clean = resample(clean.astype(np.float32), RATE, rate)
    for kind, signal in (("clean", clean), ("noisy", clean + noise(9, seed=77)[: len(clean)])):
        put(corpus / "train" / kind / f"{name}{suffix}", signal, rate)


def opened(corpus: Path, leaks: str = "refuse", **options: object) -> TrainingData:
    return training_data(corpus, ("p3_*",), leaks=leaks, **options)  # type: ignore[arg-type]


# --- into a training ----------------------------------------------------------------------------------------


def test_1_a_folder_of_test_files_alone(corpus: Path) -> None:
    shutil.rmtree(corpus / "train")
    with pytest.raises(DataError, match="holds no training files, only test"):
        opened(corpus)


def test_2_a_pair_of_folders_without_a_purpose(corpus: Path) -> None:
    with pytest.raises(DataError, match="do not say whether"):
        opened(corpus / "train")
    assert opened(corpus / "train", split="all").role == "unknown"


def test_3_the_test_part_by_name(corpus: Path) -> None:
    for kind in ("clean", "noisy"):
        (corpus / "test" / kind / "p9_000.wav").rename(corpus / "test" / kind / "p3_000.wav")
    with pytest.raises(DataError, match=r"test is the test part.*--leaks record"):
        opened(corpus, split="test")
    assert [leak.kind for leak in opened(corpus, "record", split="test").leaks] == ["test-part"]


@pytest.mark.parametrize(
    ("name", "change", "rate", "suffix"),
    [
        pytest.param("p9_001", None, RATE, ".wav", id="4_the_same_file"),
        pytest.param("p1_777", None, RATE, ".wav", id="5_another_name"),
        pytest.param("p1_777", None, RATE, ".flac", id="6_another_format"),
        pytest.param("p1_777", lambda signal: 0.3 * signal, RATE, ".wav", id="7_another_level"),
        pytest.param("p1_777", None, 48000, ".wav", id="8_another_rate"),
        pytest.param("p1_777", lambda signal: -signal, RATE, ".wav", id="9_the_other_polarity"),
    ],
)
def test_a_test_recording_among_training_files(
    corpus: Path, name: str, change: object, rate: int, suffix: str
) -> None:
    """The noise behind it is another each time: what leaks is the clean speech."""
    smuggle(corpus, name, change, rate, suffix)
    with pytest.raises(DataError, match=rf"{name} is in the part test as well.*--leaks record"):
        opened(corpus)
    data = opened(corpus, "record")
    assert [(leak.kind, leak.files) for leak in data.leaks] == [("test-recordings", 1)]
    assert data.to_json()["leaks"][0]["kind"] == "test-recordings"


def test_10_speakers_of_the_known_test_set(corpus: Path) -> None:
    smuggle(corpus, "p232_005", lambda signal: speech(1.1, seed=31))
    with pytest.raises(DataError, match=r"p232_005 is of p232 or p257"):
        opened(corpus)


def test_11_lists_that_overlap(corpus: Path, tmp_path: Path) -> None:
    root = tmp_path / "lists"
    for kind in ("clean", "noisy"):
        shutil.copytree(corpus / "train" / kind, root / f"wavs_{kind}")
    (root / "training.txt").write_text("p1_000\np1_001\np2_002\np3_004\n")
    (root / "test.txt").write_text("p2_002\np2_003\n")
    with pytest.raises(DataError, match="p2_002 is in the part test as well"):
        opened(root)


def test_12_a_validation_recording_trained_on(corpus: Path) -> None:
    for kind in ("clean", "noisy"):
        shutil.copy(corpus / "train" / kind / "p3_004.wav", corpus / "train" / kind / "p1_444.wav")
    with pytest.raises(
        DataError, match="p3_004 is held out for validation and trained on under another name"
    ):
        opened(corpus)


def test_a_corpus_without_leaks_has_none(corpus: Path) -> None:
    data = opened(corpus)
    assert (data.leaks, data.split, data.role, data.folders) == (
        (),
        "train",
        "train",
        ("train/clean", "train/noisy"),
    )
    with pytest.raises(ModelUsageError, match="'refuse' or 'record'"):
        opened(corpus, "hide")


def test_data_check_tells_of_leaks(litdb: Litdb, corpus: Path) -> None:
    smuggle(corpus, "p1_777")
    said = litdb("model", "data", "check", str(corpus))
    assert said.code == 1
    assert "leak: p1_777 is in the part test as well, under this or another name" in said.out


# --- into a test --------------------------------------------------------------------------------------------


def evaluated(litdb: Litdb, run: Path, data: Path, *more: str) -> dict:
    checkpoint = run / "checkpoint_last.pt"
    said = litdb(
        "model", "evaluate", "-c", str(checkpoint), "--data", str(data), *more, "--workers", "1", "--json"
    )
    assert said.code == 0, said.err
    (system,) = said.json["systems"]
    seen: dict = system["origin"]["seen"]
    return seen


@pytest.fixture
def run(toy_run: Path, tmp_path: Path) -> Path:
    """A copy of the finished run."""
    return Path(shutil.copytree(toy_run, tmp_path / "small"))


def test_13_a_folder_of_training_files_alone(litdb: Litdb, run: Path, corpus: Path) -> None:
    shutil.rmtree(corpus / "test")
    words = ["model", "evaluate", "-c", str(run / "checkpoint_last.pt"), "--data", str(corpus)]
    refused = litdb(*words)
    assert refused.code == 1
    assert "holds no test files, only train" in refused.err
    meant = litdb(*words, "--split", "train", "--workers", "1")
    assert meant.code == 0, meant.err
    assert "last: 4 of 6 files were trained on: p1_000, p1_001, p2_002, p2_003" in meant.out
    assert "last: 2 of 6 files were held out for validation, which selected the checkpoint" in meant.out
    assert "These are training files (split train)" in meant.out
    (place,) = (run / "scores").iterdir()
    summary = json.loads((place / "summary.json").read_text())
    assert (summary["split"], summary["role"]) == ("train", "train")
    assert summary["entries"][0]["seen"] == {
        "training_files": "run",
        "training": 4,
        "validation": 2,
        "same_name": 0,
        "ids": ["p1_000", "p1_001", "p2_002", "p2_003"],
    }


def test_14_training_files_in_a_test_folder_under_other_names(litdb: Litdb, run: Path, corpus: Path) -> None:
    for kind in ("clean", "noisy"):
        shutil.copy(corpus / "train" / kind / "p1_001.wav", corpus / "test" / kind / "p9_800.wav")
    seen = evaluated(litdb, run, corpus)
    assert (seen["known"], seen["training"], seen["validation"]) == ("run", ["p9_800"], [])


def test_15_a_cut_copy_under_its_own_name(litdb: Litdb, run: Path, corpus: Path) -> None:
    """No outline survives a cut, but the name is told."""
    for kind in ("clean", "noisy"):
        signal = soundfile.read(corpus / "train" / kind / "p2_003.wav")[0]
        put(corpus / "test" / kind / "p2_003.wav", signal[1000:])
    seen = evaluated(litdb, run, corpus)
    assert (seen["training"], seen["names"]) == ([], ["p2_003"])


def test_16_a_checkpoint_away_from_its_run(litdb: Litdb, run: Path, toy: Path, home: Path) -> None:
    shutil.copy(run / "checkpoint_last.pt", home / "model.pt")
    said = litdb(
        "model", "evaluate", "-c", "model.pt", "--data", str(toy), "--run", "other", "--workers", "1"
    )
    assert said.code == 0, said.err
    assert "model: training files unknown: it may have been trained on these" in said.out
    (place,) = (home / "other" / "scores").iterdir()
    entry = json.loads((place / "summary.json").read_text())["entries"][0]
    assert (entry["seen"], entry["selected_on"]) == ({"training_files": "unknown"}, None)


def test_17_a_run_whose_list_is_gone(run: Path, toy: Path) -> None:
    (run / "files.csv").unlink()
    system = System("last", "checkpoint", run / "checkpoint_last.pt")
    assert system.seen(dict(open_test_set(toy).outlines)).known == "unknown"
    (run / "files.csv").write_text("id,part\na,training\n")
    with pytest.raises(DataError, match="is no list of training files"):
        system.seen({})


def tuned(litdb: Litdb, corpus: Path, begin_with: Path, out: str, *more: str, code: int = 0) -> str:
    """Fine-tune from a checkpoint by the command; what it said when it did not do so."""
    values = ["epochs=1", "batch=2", "crop_seconds=0.4", "weight_adversarial=0", "validation=q3_*"]
    words = [word for value in values for word in ("--set", value)]
    said = litdb(
        "model", "train", "--data", str(corpus), "--out", out, "--from", str(begin_with),
        *words, *more, "--cpu", "--workers", "1",
    )  # fmt: skip
    assert said.code == code, said.err
    return str(said.err)


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """A corpus of other recordings to fine-tune on: speakers q1 to q3."""
    root = tmp_path / "second"
    for part, names in (
        ("train", ("q1_000", "q1_001", "q2_002", "q2_003", "q3_004", "q3_005")),
        ("test", ("q9_000",)),
    ):
        for place, name in enumerate(names):
            clean = speech(0.8 + 0.05 * place, seed=(200 if part == "train" else 300) + place)
            put(root / part / "clean" / f"{name}.wav", clean)
            put(root / part / "noisy" / f"{name}.wav", clean + noise(9, seed=place)[: len(clean)])
    return root


def test_18_a_fine_tuning_remembers_what_came_before(
    litdb: Litdb, run: Path, toy: Path, second: Path, home: Path
) -> None:
    """Trained by the command and evaluated by it, on the files of the first training; a second fine-tuning too."""
    tuned(litdb, second, run / "checkpoint_last.pt", "tuned")
    tuned(litdb, second, home / "tuned" / "checkpoint_last.pt", "again")
    for name in ("tuned", "again"):
        seen = evaluated(litdb, home / name, toy, "--split", "train")
        assert (seen["known"], seen["training"]) == ("run", ["p1_000", "p1_001", "p2_002", "p2_003"]), name
        assert seen["validation"] == ["p3_004", "p3_005"], name
        own = evaluated(litdb, home / name, second, "--split", "train")
        assert own["training"] == ["q1_000", "q1_001", "q2_002", "q2_003"], name
    assert json.loads((home / "tuned" / "config.json").read_text())["from"]["training_files"] == "run"
    assert litdb("model", "pack", "tuned").code == 0
    with tarfile.open(home / "tuned.tar.gz") as archive:
        listed = archive.extractfile("tuned/files.csv").read().decode()  # type: ignore[union-attr]
    assert listed == (home / "tuned" / "files.csv").read_text()
    assert (listed.count(",earlier,"), listed.count(",earlier-validation,")) == (4, 2)
    resumed = litdb("model", "train", "--resume", "tuned", "--set", "epochs=2", "--cpu", "--workers", "1")
    assert resumed.code == 0, resumed.err
    assert (home / "tuned" / "files.csv").read_text() == listed


def test_19_a_fine_tuning_from_a_checkpoint_of_unknown_files(
    litdb: Litdb, run: Path, toy: Path, second: Path, home: Path
) -> None:
    shutil.copy(run / "checkpoint_last.pt", home / "old.pt")
    tuned(litdb, second, home / "old.pt", "tuned")
    tuned(litdb, second, home / "tuned" / "checkpoint_last.pt", "again")
    for name in ("tuned", "again"):
        seen = evaluated(litdb, home / name, toy, "--split", "train")
        assert (seen["known"], seen["training"]) == ("partly", []), name


def test_20_validation_or_test_files_that_the_first_training_had(
    litdb: Litdb, run: Path, second: Path, home: Path, toy: Path
) -> None:
    smuggled = {"train/{}/q3_004.wav": "p1_000", "test/{}/q9_000.wav": "p2_003"}
    for place, name in smuggled.items():
        for kind in ("clean", "noisy"):
            shutil.copy(toy / "train" / kind / f"{name}.wav", second / place.format(kind))
    said = tuned(litdb, second, run / "checkpoint_last.pt", "tuned", code=1)
    assert "q9_000 is in the part test, and the checkpoint to begin with was trained on it" in said
    assert "q3_004 is held out for validation, and the checkpoint to begin with was trained on it" in said
    assert not (home / "tuned").exists()
    tuned(litdb, second, run / "checkpoint_last.pt", "tuned", "--leaks", "record")
    leaks = json.loads((home / "tuned" / "config.json").read_text())["data"]["leaks"]
    assert [(leak["kind"], leak["files"]) for leak in leaks] == [("earlier", 1), ("earlier", 1)]
    # and a mark once made stays, whatever is trained with it later
    for place in smuggled:
        for kind in ("clean", "noisy"):
            (second / place.format(kind)).unlink()
    said = tuned(litdb, second, home / "tuned" / "checkpoint_last.pt", "again", code=1)
    assert "the checkpoint to begin with: q9_000 is in the part test" in said


def test_21_a_strange_checkpoint_in_a_run_folder(litdb: Litdb, run: Path, toy: Path) -> None:
    """It is not from that run, so the run's list says nothing of it."""
    network = load_checkpoint(run / "checkpoint_last.pt")[0]
    with torch.no_grad():
        next(network.parameters()).add_(1e-3)
    save_checkpoint(run / "old.pt", network)
    assert (
        System("old", "checkpoint", run / "old.pt").seen(dict(open_test_set(toy).outlines)).known == "unknown"
    )
    assert origin_of(run / "old.pt")[1].run is None
    shutil.copy(run / "checkpoint_last.pt", run / "kept.pt")
    assert System("kept", "checkpoint", run / "kept.pt").seen({}).known == "run"


def test_scores_of_clean_test_files_say_that_nothing_was_met(litdb: Litdb, run: Path, toy: Path) -> None:
    seen = evaluated(litdb, run, toy)
    assert (seen["known"], seen["training"], seen["validation"], seen["names"]) == ("run", [], [], [])


# --- what the run folder keeps --------------------------------------------------------------------------------


def test_a_run_names_its_files(toy_run: Path, toy: Path) -> None:
    config = json.loads((toy_run / "config.json").read_text())["data"]
    assert config["split"] == config["role"] == "train"
    assert (config["files"], config["folders"], config["leaks"]) == (
        "files.csv",
        ["train/clean", "train/noisy"],
        [],
    )
    marks = read_marks(toy_run)
    assert marks is not None
    assert [(mark.id, mark.part) for mark in marks] == [
        ("p1_000", "training"),
        ("p1_001", "training"),
        ("p2_002", "training"),
        ("p2_003", "training"),
        ("p3_004", "validation"),
        ("p3_005", "validation"),
    ]
    pair = open_corpus(toy).training().pairs[0]
    assert marks[0].outline == outline(soundfile.read(pair.clean)[0], RATE)


def test_every_look_at_a_test_set_is_logged(litdb: Litdb, run: Path, toy: Path) -> None:
    checkpoint = str(run / "checkpoint_last.pt")
    data = ["--data", str(toy), "--workers", "1"]
    said = litdb("model", "where", "noisy", checkpoint, *data)
    assert said.code == 0, said.err
    assert "2 validation files of train" in said.out
    assert looks(run) == []
    for words in (["bands", checkpoint], ["evaluate", "-c", checkpoint]):
        said = litdb("model", *words, *data, "--split", "test")
        assert said.code == 0, said.err
    found = looks(run)
    assert [look["command"] for look in found] == ["bands", "evaluate"]
    assert {(look["split"], look["role"], look["files"]) for look in found} == {("test", "test", 3)}
    assert found[0]["systems"][0]["sha256"]  # type: ignore[index]


def test_a_look_that_cannot_be_logged_is_said(litdb: Litdb, run: Path, toy: Path, home: Path) -> None:
    shutil.copy(run / "checkpoint_last.pt", home / "model.pt")
    words = ["bands", "model.pt", "--data", str(toy), "--split", "test", "--workers", "1"]
    said = litdb("model", *words)
    assert said.code == 0, said.err
    assert "is logged nowhere: no checkpoint lies in a run folder" in said.err
    assert "training files unknown" in said.out


# --- outlines -------------------------------------------------------------------------------------------------


def test_no_two_recordings_share_an_outline() -> None:
    """40 utterances of a length, each against the others; and each against itself at another rate and level."""
    signals = [speech(1.0, seed=seed).astype(np.float32) for seed in range(40)]
    known = [outline(signal, RATE) for signal in signals]
    for number, entry in enumerate(known):
        others = known[:number] + known[number + 1 :]
        assert same_recordings(others, {"it": entry}) == []
    again = {
        str(number): outline(0.1 * resample(signal, RATE, 44100), 44100)
        for number, signal in enumerate(signals)
    }
    assert same_recordings(known, again) == list(again)


def test_what_has_no_outline_is_like_nothing(corpus: Path) -> None:
    assert outline(np.zeros(16000), RATE) == outline(np.ones(10), RATE) == ""
    assert same_recordings(["", ""], {"a": ""}) == []
    (corpus / "test" / "clean" / "p9_000.wav").write_text("no audio")
    assert outlines_of(open_corpus(corpus).testing().pairs)["p9_000"] == ""
