"""Evaluation beneath the commands: going on after a kill, pairs of systems, bands, long files."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy import stats

torch = pytest.importorskip("torch")

from model.ablation import Costs, compare  # noqa: E402
from model.bands import BANDS, band_scores, only_in_band  # noqa: E402
from model.errors import EvaluationError  # noqa: E402
from model.evaluation import enhancing  # noqa: E402
from model.evaluation.enhancing import enhance_long  # noqa: E402
from model.evaluation.evaluate import evaluate  # noqa: E402
from model.evaluation.paired import paired_difference  # noqa: E402
from model.evaluation.pool import FileScore, ScoreTask, score_file  # noqa: E402
from model.evaluation.summary import Summary, TestSet, read_scores, table, write_scores  # noqa: E402
from model.evaluation.systems import System, checkpoints_in  # noqa: E402
from model.evaluation.test_data import open_test_set  # noqa: E402
from model.evaluation.where import Utterance, summarise  # noqa: E402
from model.metrics import NAMES  # noqa: E402
from model.runs import RunFolder, sha256  # noqa: E402
from tests.model.signals import noise, put, speech  # noqa: E402


def scored(name: str, **values: float) -> FileScore:
    """A file with some metrics and nothing else."""
    return FileScore(name, tuple(values.get(metric) for metric in NAMES))


def test_an_interrupted_evaluation_goes_on(toy: Path, toy_run: Path, tmp_path: Path) -> None:
    """What was scored before the kill is kept, if it was the same checkpoint on the same files."""
    data = open_test_set(toy, name="toy")
    checkpoint = toy_run / "checkpoint_last.pt"
    system = System("last", "checkpoint", checkpoint)
    run = RunFolder.create(tmp_path / "run", {"kind": "evaluation", "name": "run"}, {}).path
    part = run / "scores" / "toy" / ".last.part"
    part.parent.mkdir(parents=True)
    identity = {
        "sha256": sha256(checkpoint),
        "source": "checkpoint",
        "fingerprint": data.test_set.fingerprint,
    }
    known = ["p9_001", [7.0] * len(NAMES), "", [], [0, False, -0.5]]
    part.write_text(f'{json.dumps(identity)}\n{json.dumps(known)}\n["p9_002", [1.')
    seen = []
    ((summary, scores),) = evaluate(
        [system], data, workers=1, run=run, progress=lambda name, done, total: seen.append((done, total))
    )
    assert seen[0] == (1, 3)
    assert [score.id for score in scores] == ["p9_000", "p9_001", "p9_002"]
    assert [score.value("pesq") == 7.0 for score in scores] == [False, True, False]
    assert summary.means["pesq"].files == 3
    assert not part.exists()
    part.write_text(f"{json.dumps({**identity, 'sha256': 'other'})}\n{json.dumps(known)}\n")
    ((_, again),) = evaluate([system], data, workers=1, run=run)
    assert again[0] == scores[0]
    assert again[1].value("pesq") < 5


def test_a_network_on_a_device_has_the_scores_of_one_in_the_workers(toy: Path, toy_run: Path) -> None:
    """The processor stands for the device: the network runs in this process, the metrics beside it."""
    data = open_test_set(toy, name="toy")
    broken = replace(data.pairs[1], noisy=toy / "nothing.wav")
    data = replace(data, pairs=(data.pairs[0], broken, data.pairs[2]))
    systems = [System("last", "checkpoint", toy_run / "checkpoint_last.pt"), System("noisy", "noisy")]
    here, there = (evaluate(systems, data, workers=1, device=device) for device in ("cpu", None))
    for (_, ours), (_, theirs) in zip(here, there, strict=True):
        assert [score.error for score in ours] == [score.error for score in theirs]
        assert "nothing.wav" in ours[1].error
        for one, other in ((ours[0], theirs[0]), (ours[2], theirs[2])):
            assert one.values == pytest.approx(other.values, abs=1e-4)


def test_other_files_under_the_same_name_are_refused(toy: Path, tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", {"kind": "evaluation", "name": "run"}, {}).path
    evaluate([System("noisy", "noisy")], open_test_set(toy, name="toy"), workers=1, run=run)
    with pytest.raises(EvaluationError, match="other files under the name 'toy'"):
        evaluate([System("noisy", "noisy")], open_test_set(toy, "train", "toy"), workers=1, run=run)


def test_checkpoints_of_any_folder(toy_run: Path, tmp_path: Path) -> None:
    assert [system.name for system in checkpoints_in(toy_run)][-1] == "last"
    for name in ("b.pt", "a.pth", "resume.pt", "notes.txt"):
        (tmp_path / name).write_bytes((toy_run / "checkpoint_last.pt").read_bytes())
    assert [system.name for system in checkpoints_in(tmp_path)] == ["a", "b"]


def test_silent_and_short_files_have_reasons(toy_run: Path, tmp_path: Path) -> None:
    put(tmp_path / "clean.wav", speech(1.0))
    put(tmp_path / "silent.wav", np.zeros(16000))
    put(tmp_path / "short.wav", speech(1.0)[:2000])
    silent = score_file(ScoreTask("s", tmp_path / "clean.wav", tmp_path / "silent.wav"))
    assert silent.value("pesq") is None
    assert silent.value("ssnr") is not None
    assert "pesq" in silent.error
    short = score_file(ScoreTask("t", tmp_path / "short.wav", tmp_path / "short.wav"))
    assert short.value("pesq") is None
    assert "0.25 s" in short.error
    # a silent input through a network, and one that is shorter than its window
    checkpoint = toy_run / "checkpoint_last.pt"
    through = score_file(ScoreTask("s", tmp_path / "clean.wav", tmp_path / "silent.wav", checkpoint))
    assert through.error
    put(tmp_path / "tiny.wav", speech(1.0)[:100])
    tiny = score_file(ScoreTask("t", tmp_path / "tiny.wav", tmp_path / "tiny.wav", checkpoint))
    assert "100 samples" in tiny.error
    assert set(tiny.values) == {None}


def test_scores_survive_their_file(tmp_path: Path) -> None:
    scores = [scored("b", pesq=2.5), FileScore("a", (None,) * len(NAMES), "no PESQ; too short")]
    write_scores(tmp_path / "s.csv", scores)
    assert read_scores(tmp_path / "s.csv") == [scores[1], scores[0]]
    (tmp_path / "t.csv").write_text("id,pesq\na,1\n")
    with pytest.raises(EvaluationError, match="no score file"):
        read_scores(tmp_path / "t.csv")


def test_the_table_marks_partial_means() -> None:
    scores = [scored("a", pesq=2.0, stoi=0.9), scored("b", stoi=0.8)]
    text = table([Summary.of("it", "enhanced", None, scores, TestSet("set", 2, "f"))])
    row = text.splitlines()[1].split()
    assert row[:2] == ["it", "2.0000*"]
    assert "0.8500" in row
    assert "of 2 files the mean covers pesq 1" in text


def test_paired_differences_are_students() -> None:
    random = np.random.default_rng(3)
    a, b = random.normal(size=12), random.normal(0.3, 1, size=12)
    found = paired_difference([*a, None, 1.0], [*b, 2.0, None])
    test = stats.ttest_rel(b, a).confidence_interval(0.95)
    assert found is not None
    assert (found.mean, found.low, found.high) == pytest.approx(((b - a).mean(), test.low, test.high))
    assert (found.files, found.larger) == (12, int((b > a).sum()))
    assert paired_difference([None], [1.0]) is None
    alone = paired_difference([1.0], [1.5])
    assert alone is not None
    assert (alone.low, str(alone)) == (None, "+0.5000 over 1 files, larger on 1")


def test_gains_are_grouped_by_snr() -> None:
    files = [
        Utterance(f"f{n}", snr, scored(f"f{n}", pesq=2.0), scored(f"f{n}", pesq=2.0 + gain), (), ())
        for n, (snr, gain) in enumerate(
            [(-3.0, 0.1), (0.0, 0.2), (4.9, 0.4), (15.0, 0.5), (float("inf"), 0.7)]
        )
    ]
    bands = band_scores(speech(0.6).astype(np.float32), (speech(0.6) + noise(0.6)).astype(np.float32))
    files = [Utterance(f.id, f.snr, f.a, f.b, bands, bands) for f in files]
    found = summarise(("a", "b"), files, {}, TestSet("set", 5, "f"))
    assert [(group.label, group.files) for group in found.by_snr] == [
        ("below 0 dB", 1),
        ("0..5 dB", 2),
        ("5..10 dB", 0),
        ("10..15 dB", 0),
        ("15 dB and more", 2),
    ]
    assert found.by_snr[1].pesq is not None
    assert found.by_snr[1].pesq.mean == pytest.approx(0.3)
    assert found.overall["stoi"] is None
    assert all(group.clean_to_error is not None and group.clean_to_error.mean == 0 for group in found.by_band)


def test_a_band_takes_the_system_inside_and_clean_outside() -> None:
    clean = speech(1.0)
    hum = 0.1 * np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000)
    for low, high in BANDS:
        changed = only_in_band(clean, clean + hum, low, high) - clean
        assert np.allclose(changed, hum if low == 300 else 0, atol=1e-9)
    low, middle, high = band_scores(clean.astype(np.float32), (clean + hum).astype(np.float32))
    assert middle.clean_to_error == pytest.approx(10 * np.log10(np.sum(clean**2) / np.sum(hum**2)), abs=0.05)
    assert middle.pesq < high.pesq
    assert low.clean_to_error is None or low.clean_to_error > 100


def test_long_files_are_faded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a network that changes nothing, pieces add up to the input."""
    monkeypatch.setattr(enhancing, "PIECE_SECONDS", 3)
    monkeypatch.setattr(enhancing, "OVERLAP_SECONDS", 1)
    calls = []

    def nothing(network: object, signal: np.ndarray) -> np.ndarray:
        calls.append(len(signal))
        return signal.copy()

    monkeypatch.setattr(enhancing, "processed", nothing)
    for seconds in (2.0, 3.0, 3.1, 7.3):
        calls.clear()
        signal = speech(seconds).astype(np.float32)
        out, pieces = enhance_long(None, signal)  # type: ignore[arg-type]
        assert pieces == len(calls)
        assert max(calls) <= 48000
        assert np.allclose(out, signal, atol=1e-6)


def test_saved_audio_scores_as_it_did(toy: Path, toy_run: Path, tmp_path: Path) -> None:
    data = open_test_set(toy, name="toy")
    system = System("last", "checkpoint", toy_run / "checkpoint_last.pt")
    ((_, scores),) = evaluate([system], data, workers=1, save=tmp_path)
    assert soundfile.info(tmp_path / "last" / "p9_000.wav").subtype == "FLOAT"
    ((_, again),) = evaluate([System("saved", "enhanced", tmp_path / "last")], data, workers=1)
    for one, other in zip(scores, again, strict=True):
        assert one.values == pytest.approx(other.values, abs=1e-9)


def test_an_ablation_pairs_seeds_and_files() -> None:
    """Values that can be followed by hand: three seeds, two files, M2 better by 0.1, 0.2 and 0.3."""
    base = [[scored("x", pesq=2.0 + s), scored("y", pesq=3.0 + s)] for s in (0.0, 0.1, 0.2)]
    more = [
        [scored("x", pesq=2.0 + s + d), scored("y", pesq=3.0 + s + d)]
        for s, d in ((0.0, 0.1), (0.1, 0.2), (0.2, 0.3))
    ]
    result = compare({"M1": base, "M2": more}, {"M1": Costs(1, 1), "M2": Costs(2, 1)}, 2)
    assert result.rows[0].metrics["pesq"].mean == pytest.approx(2.6)
    assert result.rows[0].metrics["pesq"].std == pytest.approx(0.1)
    (step,) = [step for step in result.steps if step.metric == "pesq"]
    assert step.over_seeds is not None
    assert step.over_files is not None
    half = stats.t.ppf(0.975, 2) * 0.1 / 3**0.5
    assert (step.over_seeds.mean, step.over_seeds.low) == pytest.approx((0.2, 0.2 - half))
    assert (step.over_files.mean, step.over_files.files) == pytest.approx((0.2, 2))
    assert any("do not cover all 2 files" in note and "M1 (stoi)" in note for note in result.notes)
    assert not any("too few" in note for note in result.notes)
