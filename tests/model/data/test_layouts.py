"""Folders as they are published and as people keep them: what each is taken for, what is left, what is refused."""

from pathlib import Path

import pytest

from model.data import open_corpus
from model.data.layouts import Role
from model.errors import DataError, ModelUsageError


def files(root: Path, *folders: str, names: tuple[str, ...] = ("a.wav",)) -> None:
    """Files of no audio: recognising needs names alone."""
    for folder in folders:
        for name in names:
            path = root / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()


def taken(root: Path) -> list[tuple[str, Role, str, int]]:
    return [
        (split.name, split.role, str(split.clean.relative_to(root)), len(split.pairs))
        for split in open_corpus(root).splits
    ]


def left(root: Path) -> dict[str, str]:
    return {str(found.path.relative_to(root)): found.reason for found in open_corpus(root).left}


def test_datashare_1942(tmp_path: Path) -> None:
    files(tmp_path, *(f"{kind}_{part}set_wav" for kind in ("clean", "noisy") for part in ("train", "test")))
    files(tmp_path, "trainset_txt", names=("a.txt",))
    assert taken(tmp_path) == [
        ("train", "train", "clean_trainset_wav", 1),
        ("test", "test", "clean_testset_wav", 1),
    ]
    assert open_corpus(tmp_path).training(speakers=28).speakers == 28
    assert left(tmp_path) == {"trainset_txt": "transcripts"}


@pytest.mark.parametrize("speakers", [28, 56])
def test_datashare_2791_with_one_training_set(tmp_path: Path, speakers: int) -> None:
    for kind in ("clean", "noisy"):
        files(tmp_path, f"{kind}_trainset_{speakers}spk_wav", f"{kind}_testset_wav")
    found = open_corpus(tmp_path)
    assert (found.layout, found.training().speakers, found.training().name) == (
        "voicebank",
        speakers,
        "train",
    )
    with pytest.raises(DataError, match=f"holds no training set of {84 - speakers} speakers"):
        found.training(speakers=84 - speakers)


def test_datashare_2791_with_both_asks_which(tmp_path: Path) -> None:
    for kind in ("clean", "noisy"):
        files(tmp_path, *(f"{kind}_{part}_wav" for part in ("trainset_28spk", "trainset_56spk", "testset")))
    found = open_corpus(tmp_path)
    assert [split.name for split in found.splits] == ["train-28spk", "train-56spk", "test"]
    with pytest.raises(DataError, match=r"holds 2 training sets.*--speakers 28 or 56"):
        found.training()
    assert found.training(speakers=56).clean.name == "clean_trainset_56spk_wav"
    assert found.testing().clean.name == "clean_testset_wav"
    with pytest.raises(ModelUsageError, match="leave out --speakers"):
        found.training("test", speakers=28)


def test_copies_at_16_khz_are_taken_or_left(tmp_path: Path) -> None:
    for kind in ("clean", "noisy"):
        files(tmp_path, f"{kind}_testset_wav_16k", f"{kind}_trainset_28spk_wav_16k", f"{kind}_testset_wav")
    assert [(name, clean) for name, _, clean, _ in taken(tmp_path)] == [
        ("train", "clean_trainset_28spk_wav_16k"),
        ("test", "clean_testset_wav"),
    ]
    assert left(tmp_path)["clean_testset_wav_16k"] == "the recordings of clean_testset_wav again"


def test_half_of_a_pair_is_left(tmp_path: Path) -> None:
    files(tmp_path, "clean_testset_wav", "noisy_testset_wav", "clean_trainset_28spk_wav")
    assert [name for name, *_ in taken(tmp_path)] == ["test"]
    assert left(tmp_path) == {"clean_trainset_28spk_wav": "there is no noisy_trainset_28spk_wav beside it"}


@pytest.mark.parametrize("lines", ["{0}|VoiceBank+DEMAND/wav_clean/{0}.wav\n", "{0}\n"])
def test_lists_part_two_folders(tmp_path: Path, lines: str) -> None:
    names = ("p226_001.wav", "p232_001.wav", "p232_002.wav", "p300_001.wav")
    files(tmp_path, "wavs_clean", "wavs_noisy", names=names)
    (tmp_path / "training.txt").write_text(lines.format("p226_001") + lines.format("p226_999"))
    (tmp_path / "test.txt").write_text(lines.format("p232_001") + lines.format("p232_002"))
    assert taken(tmp_path) == [("train", "train", "wavs_clean", 1), ("test", "test", "wavs_clean", 2)]
    assert open_corpus(tmp_path).training().unpaired == (tmp_path / "wavs_noisy" / "p226_999.wav",)
    assert left(tmp_path) == {"wavs_noisy": "1 of its files are in no list, such as p300_001.wav"}


def test_without_lists_two_folders_say_nothing(tmp_path: Path) -> None:
    files(tmp_path, "wavs_clean", "wavs_noisy")
    assert taken(tmp_path) == [("all", "unknown", "wavs_clean", 1)]


@pytest.mark.parametrize("above", ["", "synthetic", "test_set/synthetic", "datasets/test_set/synthetic"])
def test_dns_is_found_from_any_of_its_folders(tmp_path: Path, above: str) -> None:
    for part in ("no_reverb", "with_reverb"):
        base = f"{above}/{part}" if above else part
        files(tmp_path, f"{base}/clean", names=("clean_fileid_1.wav", "clean_fileid_12.wav"))
        files(
            tmp_path,
            f"{base}/noisy",
            names=("clnsp1_train_69005_snr15_tl-21_fileid_1.wav", "x_fileid_12.wav"),
        )
    found = open_corpus(tmp_path)
    assert found.layout == "dns"
    assert [(split.name, split.role, len(split.pairs)) for split in found.splits] == [
        ("no_reverb", "test", 2),
        ("with_reverb", "test", 2),
    ]
    with pytest.raises(DataError, match=r"2 test sets.*--split no_reverb or --split with_reverb"):
        found.testing()
    with pytest.raises(DataError, match="holds no training files"):
        found.training()


def test_dns_root_with_training_and_what_is_left(tmp_path: Path) -> None:
    for kind in ("clean", "noisy"):
        for part in ("no_reverb", "with_reverb"):
            files(
                tmp_path,
                f"datasets/test_set/synthetic/{part}/{kind}",
                names=tuple(f"{kind}_fileid_{number}.wav" for number in range(150)),
            )
        files(tmp_path, f"training/{kind}", names=(f"{kind}_fileid_3.wav",))
    files(tmp_path, "training/noise", "datasets/clean", "datasets/noise")
    assert [(name, role) for name, role, *_ in taken(tmp_path)] == [
        ("no_reverb", "test"),
        ("with_reverb", "test"),
        ("train", "train"),
    ]
    assert [split.title for split in open_corpus(tmp_path).splits] == [
        "DNS-2020 (no reverb)",
        "DNS-2020 (with reverb)",
        "",
    ]
    said = left(tmp_path)
    assert said["training/noise"] == said["datasets/noise"] == "noise alone"
    assert "litdb model mix" in said["datasets/clean"]


def test_ms_snsd_pairs_several_noisy_files_with_a_clean_one(tmp_path: Path) -> None:
    files(tmp_path, "CleanSpeech_training", names=("clnsp1.wav", "clnsp2.wav"))
    files(
        tmp_path,
        "NoisySpeech_training",
        names=("noisy1_SNRdb_0.0_clnsp1.wav", "noisy1_SNRdb_10.0_clnsp1.wav", "noisy2_SNRdb_0.0_clnsp2.wav"),
    )
    files(tmp_path, "CleanSpeech_testing", "NoisySpeech_testing", "Noise_training")
    assert taken(tmp_path) == [
        ("train", "train", "CleanSpeech_training", 3),
        ("test", "test", "CleanSpeech_testing", 1),
    ]
    assert {pair.clean.name for pair in open_corpus(tmp_path).training().pairs} == {
        "clnsp1.wav",
        "clnsp2.wav",
    }
    assert left(tmp_path) == {"Noise_training": "noise alone"}


def test_a_pair_of_folders_says_not_what_for(tmp_path: Path) -> None:
    files(tmp_path, "clean", "noisy")
    found = open_corpus(tmp_path)
    for ask in (found.training, found.testing):
        with pytest.raises(DataError, match=r"do not say whether.*--split all"):
            ask()
        assert ask("all").name == "all"


def test_the_only_part_is_not_given_out_for_another(tmp_path: Path) -> None:
    files(tmp_path / "a", "test/clean", "test/noisy")
    with pytest.raises(
        DataError, match=r"no training files, only test \(.*if you mean to train on.*--split test"
    ):
        open_corpus(tmp_path / "a").training()
    files(tmp_path / "b", "train/clean", "train/noisy", "clean", "noisy")
    found = open_corpus(tmp_path / "b")
    with pytest.raises(DataError, match="no test files, only train"):
        found.testing()
    for name in ("test", "all", "dev"):
        with pytest.raises(DataError, match=f"no split named '{name}'; it has train"):
            found.split(name)
    assert left(tmp_path / "b") == dict.fromkeys(
        ("clean", "noisy"), "a pair of folders that is no part of this layout"
    )


def test_a_folder_above_or_below_is_named(tmp_path: Path) -> None:
    files(tmp_path / "corpus", "clean_testset_wav", "noisy_testset_wav")
    with pytest.raises(DataError, match=r"its folder corpus does: name .*corpus\)"):
        open_corpus(tmp_path)
    with pytest.raises(DataError, match=r"it is a part of one: name .*corpus\)"):
        open_corpus(tmp_path / "corpus" / "clean_testset_wav")


def test_halves_are_named_where_nothing_else_is_there(tmp_path: Path) -> None:
    files(tmp_path, "clean_trainset_28spk_wav", "clean_testset_wav")
    with pytest.raises(DataError, match="clean_testset_wav: there is no noisy_testset_wav beside it"):
        open_corpus(tmp_path)


def test_lists_of_other_names_are_left_with_a_word(tmp_path: Path) -> None:
    files(tmp_path, "wavs_clean", "wavs_noisy")
    (tmp_path / "train.scp").write_text("a\n")
    assert "lists of names are training.txt" in left(tmp_path)["train.scp"]


def test_enhancing_a_corpus_names_the_folder_that_is_meant(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from model.evaluation.enhancing import enhance_path
    from model.networks import build, variant

    files(tmp_path / "c", *(f"{kind}_testset_wav" for kind in ("clean", "noisy")))
    with pytest.raises(DataError, match=r"it is a corpus, so name its folder .*noisy_testset_wav"):
        list(enhance_path(build(variant("M1")), tmp_path / "c", tmp_path / "out"))
