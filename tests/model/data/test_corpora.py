"""Layouts, checks of every kind of bad file, resampling, crops and mixtures."""

import json
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
import soundfile

from model.data import Crops, at_rate, check, fingerprint, mix, open_corpus, pair_folders, select
from model.data.audio import RESAMPLER, read, write
from model.errors import DataError, ModelUsageError
from tests.model.signals import corpus, noise, speech


def put(path: Path, signal: np.ndarray, rate: int = 16000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, signal, rate, subtype="PCM_16")
    return path


def pairs_in(root: Path, clean: str, noisy: str, names: list[tuple[str, str]], rate: int = 16000) -> None:
    for number, (one, other) in enumerate(names):
        signal = speech(0.5, seed=number)
        put(root / clean / one, signal, rate)
        put(root / noisy / other, signal + noise(0.5, seed=number), rate)


def test_what_is_no_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no known layout"):
        open_corpus(tmp_path)
    with pytest.raises(DataError, match="not a folder"):
        open_corpus(tmp_path / "absent")
    pairs_in(tmp_path, "clean", "noisy", [("a.wav", "a.wav")])
    put(tmp_path / "clean" / "a.flac", speech(0.5))
    with pytest.raises(DataError, match="two clean files"):
        pair_folders(tmp_path / "clean", tmp_path / "noisy")


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """A pair of folders where every file but `good` has something wrong with it."""
    good = speech(0.5)
    names = [
        "good",
        "alone",
        "longer",
        "silent",
        "quiet",
        "clipped",
        "rate",
        "low",
        "stereo",
        "text",
        "nan",
        "empty",
        "integers",
    ]
    for name in names:
        put(tmp_path / "clean" / f"{name}.wav", good)
        put(tmp_path / "noisy" / f"{name}.wav", good)
    (tmp_path / "noisy" / "alone.wav").unlink()
    put(tmp_path / "noisy" / "orphan.wav", good)
    put(tmp_path / "noisy" / "longer.wav", speech(0.6))
    put(tmp_path / "noisy" / "silent.wav", np.zeros(8000))
    put(tmp_path / "clean" / "quiet.wav", good * 1e-3)
    put(tmp_path / "noisy" / "clipped.wav", np.clip(good * 10, -1, 1))
    put(tmp_path / "noisy" / "rate.wav", good, 48000)
    for kind in ("clean", "noisy"):
        put(tmp_path / kind / "low.wav", good, 8000)
        put(tmp_path / kind / "empty.wav", good[:0])
    put(tmp_path / "noisy" / "stereo.wav", np.stack([good, good], axis=1))
    (tmp_path / "noisy" / "text.wav").write_text("no audio")
    broken = good.copy()
    broken[5] = np.nan
    soundfile.write(tmp_path / "noisy" / "nan.wav", broken, 16000, subtype="FLOAT")
    for kind in ("clean", "noisy"):
        soundfile.write(tmp_path / kind / "integers.wav", good * 32768, 16000, subtype="FLOAT")
    (tmp_path / "noisy" / "._good.wav").write_text("a macOS leftover")
    return tmp_path


def test_every_kind_of_bad_file_is_found(spoilt: Path) -> None:
    report = check(open_corpus(spoilt).split("all"))
    found = {(problem.kind, problem.file.stem) for problem in report.problems}
    assert found == {
        ("missing-partner", "alone"),
        ("missing-partner", "orphan"),
        ("different-length", "longer"),
        ("silent", "silent"),
        ("silent", "quiet"),
        ("clipped", "clipped"),
        ("wrong-rate", "rate"),
        ("wrong-rate", "low"),
        ("unreadable", "stereo"),
        ("unreadable", "text"),
        ("unreadable", "nan"),
        ("empty", "empty"),
        ("wrong-scale", "integers"),
    }
    assert report.count("silent") == 2
    assert {pair.id for pair in report.usable} == {"good", "clipped"}


def test_bad_files_are_refused_or_skipped_as_told(spoilt: Path) -> None:
    split = open_corpus(spoilt).split("all")
    report = check(split)
    with pytest.raises(DataError, match=r"bad files: .*and \d+ more.*--bad skip"):
        select(report, "refuse")
    assert {pair.id for pair in select(report, "skip")} == {"good", "clipped"}
    assert {pair.id for pair in select(check(split, accept=()), "skip")} == {"good"}
    with pytest.raises(ModelUsageError, match="'keep'"):
        select(report, "keep")
    with pytest.raises(ModelUsageError, match="unknown kind of problem 'loud'"):
        check(split, accept=["loud"])


def test_resampling_happens_once_and_is_stated(tmp_path: Path) -> None:
    root = corpus(tmp_path / "corpus", train=2, test=0, rate=48000, seconds=0.5)
    pairs = open_corpus(root).split("train").pairs
    first = at_rate(pairs, 16000, tmp_path / "cache")
    stamps = {path: path.stat().st_mtime_ns for pair in first for path in (pair.clean, pair.noisy)}
    assert at_rate(pairs, 16000, tmp_path / "cache") == first
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    signal, rate = read(first[0].clean)
    assert rate == 16000
    assert len(signal) == -(-soundfile.info(pairs[0].clean).frames // 3)
    statement = json.loads((tmp_path / "cache" / "16000" / "resampler.json").read_text())
    assert statement["resampler"] == RESAMPLER
    put(pairs[0].clean, speech(0.7), 48000)
    assert at_rate(pairs, 16000, tmp_path / "cache")[0].clean != first[0].clean


def test_a_fingerprint_follows_contents_and_not_places(tmp_path: Path) -> None:
    one, other = (open_corpus(corpus(tmp_path / name, train=2)).split("train").pairs for name in "ab")
    assert fingerprint(one) == fingerprint(other[::-1])
    put(other[1].noisy, speech(0.9))
    assert fingerprint(one) != fingerprint(other)


def test_crops_follow_from_seed_epoch_and_position(tmp_path: Path) -> None:
    pairs = open_corpus(corpus(tmp_path, train=4)).split("train").pairs
    crops = Crops.of(pairs, 8000, seed=5)
    again = Crops.of(pairs, 8000, seed=5)
    for index in (3, 0):
        for one, other in zip(crops.crop(2, index), again.crop(2, index), strict=True):
            np.testing.assert_array_equal(one, other)
    assert not np.array_equal(crops.crop(2, 0)[0], crops.crop(3, 0)[0])
    assert sorted(chain(*crops.batches(1, 3))) == [0, 1, 2, 3]
    assert [len(batch) for batch in crops.batches(1, 3)] == [3, 1]
    whole = read(pairs[1].noisy)[0]
    start = next(
        n for n in range(len(whole) - 8000 + 1) if np.array_equal(whole[n : n + 8000], crops.crop(0, 1)[1])
    )
    np.testing.assert_array_equal(crops.crop(0, 1)[0], read(pairs[1].clean)[0][start : start + 8000])


def test_short_files_are_repeated(tmp_path: Path) -> None:
    pairs = open_corpus(corpus(tmp_path, train=1)).split("train").pairs
    clean, noisy = Crops.of(pairs, 50000, seed=0).crop(0, 0)
    length = soundfile.info(pairs[0].clean).frames
    assert len(clean) == len(noisy) == 50000
    np.testing.assert_array_equal(clean[length : 2 * length], clean[:length])


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Path, Path]:
    for number in range(3):
        put(tmp_path / "speech" / f"s{number}.wav", speech(0.5 + 0.2 * number, seed=number))
    put(tmp_path / "noise" / "hum.wav", noise(0.3, seed=9), 48000)
    put(tmp_path / "noise" / "hiss.wav", noise(2.0, seed=8))
    return tmp_path / "speech", tmp_path / "noise"


def test_mixtures_have_the_snr_they_say(sources: tuple[Path, Path], tmp_path: Path) -> None:
    mixtures = mix(*sources, [0, 10], tmp_path / "out", seed=3)
    assert [mixture.snr for mixture in mixtures] == [0, 10, 0]
    for mixture in mixtures:
        clean, noisy = (read(tmp_path / "out" / kind / f"{mixture.id}.wav")[0] for kind in ("clean", "noisy"))
        measured = 10 * np.log10(np.mean(clean**2) / np.mean((noisy - clean) ** 2))
        assert measured == pytest.approx(mixture.snr, abs=1e-3)
        assert np.max(np.abs(noisy)) <= 0.9901
    assert open_corpus(tmp_path / "out").split("all").unpaired == ()


def test_a_mixed_corpus_is_made_again_byte_for_byte(sources: tuple[Path, Path], tmp_path: Path) -> None:
    def contents(folder: Path) -> dict[str, bytes]:
        return {
            str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }

    mix(*sources, [5, 15], tmp_path / "one", seed=4, copies=2)
    mix(*sources, [5, 15], tmp_path / "two", seed=4, copies=2)
    mix(*sources, [5, 15], tmp_path / "three", seed=5, copies=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert contents(tmp_path / "one") != contents(tmp_path / "three")
    assert len(list((tmp_path / "one" / "noisy").iterdir())) == 6
    mix(*sources, [5, 15], tmp_path / "one", seed=4, copies=2)
    with pytest.raises(DataError, match="other settings"):
        mix(*sources, [5], tmp_path / "one", seed=4)


def test_mixing_refuses_what_makes_no_sense(sources: tuple[Path, Path], tmp_path: Path) -> None:
    put(tmp_path / "dead" / "zero.wav", np.zeros(8000))
    with pytest.raises(DataError, match=r"zero\.wav is silent"):
        mix(sources[0], tmp_path / "dead", [5], tmp_path / "out")
    with pytest.raises(DataError, match="not empty"):
        mix(*sources, [5], sources[0])
    with pytest.raises(DataError, match="not a folder"):
        mix(tmp_path / "absent", sources[1], [5], tmp_path / "out2")


def test_written_wav_keeps_floats(tmp_path: Path) -> None:
    signal = np.array([0.1234567, 1.7, -2.0], dtype=np.float32)
    write(tmp_path / "a.wav", signal, 16000)
    np.testing.assert_array_equal(read(tmp_path / "a.wav")[0], signal)
    assert b"PEAK" not in (tmp_path / "a.wav").read_bytes()  # libsndfile would add one, with the time in it
