"""Where a gain lies, and the gain by file from the scores of a run."""

from pathlib import Path

import numpy as np
import pytest

from model.data import audio
from model.errors import EvaluationError, ModelUsageError
from model.evaluation.paired import PairedDifference
from model.evaluation.systems import System
from model.evaluation.test_data import TestData, open_design_set
from model.figures import gain, scores, spectrograms
from model.figures.sources import Example, example_of, source_of
from model.figures.style import publication
from model.networks import build, variant
from tests.model.figures.conftest import FILES, add_scores, make_run
from tests.model.signals import noise, speech


@pytest.fixture
def held(heard: Path) -> TestData:
    return open_design_set(heard, [], patterns=["p1_*", "p3_*"])


def test_less_error_by_frequency_is_that_of_the_error(
    held: TestData, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A system that leaves a tenth of the error's amplitude has 20 dB less of it, at every frequency."""
    clean = {len(audio.read_at(pair.noisy, 16000)): audio.read_at(pair.clean, 16000) for pair in held.pairs}
    monkeypatch.setattr(gain, "network_of", lambda path: path)
    monkeypatch.setattr(
        gain, "processed", lambda _network, noisy: clean[len(noisy)] + (noisy - clean[len(noisy)]) / 10
    )
    edges = gain.band_edges()
    assert (edges[0], edges[-1]) == (0, 8000)
    assert np.all(np.diff(edges) > 0)
    system = System("tenth", "checkpoint", tmp_path)
    found = gain.less_error([system], held, edges, lambda *_: None, set())
    groups = [row for row in found if not np.isnan(row).any()]
    assert groups
    assert np.concatenate(groups) == pytest.approx(np.full(sum(map(len, groups)), 20.0), abs=0.1)
    assert np.isnan(found).all(axis=1).any()  # not every group of SNR has a file


def test_gain_of_a_checkpoint_and_of_seeds(held: TestData, whole_run: Path, other_seed: Path) -> None:
    systems = [
        System("M4", "checkpoint", path / "checkpoint_best_composite.pt") for path in (whole_run, other_seed)
    ]
    for given in (systems[:1], systems):
        found = gain.gain("M4", given, held, workers=1, progress=lambda *_: None)
        assert (found.seeds, found.test_set.files) == (len(given), 4)
        assert sum(part.files for part in found.by_snr) == 4
        assert [part.label for part in found.by_band] == ["0-300 Hz", "300-3400 Hz", "3400-8000 Hz"]
        assert found.overall["si_sdr"].mean < 0  # it was never trained
        said = gain.caption(found)
        assert ("2 seeds and files" in said) == (len(given) == 2)
        for columns in (1, 2):
            with publication():
                figure = gain.draw(found, columns)
            assert figure.axes[0].get_title(loc="left") == "(a) PESQ"


def test_one_wide_interval_leaves_room_for_the_others() -> None:
    wide = PairedDifference(0.1, -9.0, 9.2, 2, 1)
    narrow = PairedDifference(0.2, 0.1, 0.3, 20, 20)
    low, high = gain.reach([wide, narrow])
    assert -0.1 < low < 0 < 0.3 < high < 0.4
    assert gain.reach([wide])[1] > 9


def test_gain_by_file_from_scores(whole_run: Path) -> None:
    source = source_of(whole_run)
    ((slug, summary),) = scores.summaries(source.run)
    found = scores.score_gain(source, slug, summary)
    assert (found.system, found.test_set, found.files, found.expected) == (
        "best-composite",
        "Toy",
        FILES,
        FILES,
    )
    assert found.gains["pesq"] == pytest.approx(0.1 * np.arange(FILES))
    levels = np.linspace(-3, 19, FILES)
    below = levels < 0
    assert found.groups["pesq"][0].at == pytest.approx(levels[below].mean())
    assert found.groups["pesq"][0].gain.mean == pytest.approx(found.gains["pesq"][below].mean())
    assert sum(group.gain.files for group in found.groups["pesq"]) == FILES
    assert "SI-SDR of the noisy file" in scores.caption(found)
    for columns in (1, 2):
        with publication():
            figure = scores.draw(found, columns)
        (points,) = [line for line in figure.axes[0].get_lines() if len(line.get_xdata()) == FILES]
        assert list(points.get_ydata()) == pytest.approx(list(found.gains["pesq"]))


def test_what_scores_are_not_there_is_said(heard: Path, tmp_path: Path) -> None:
    folder = make_run(tmp_path / "m4", heard)
    source = source_of(folder)
    add_scores(folder, noisy=False)
    ((slug, summary),) = scores.summaries(source.run)
    with pytest.raises(EvaluationError, match="no scores of the noisy files of Toy"):
        scores.score_gain(source, slug, summary)
    add_scores(folder, digest="0" * 64)  # of a file of the same name that is another one
    ((slug, summary),) = scores.summaries(source.run)
    with pytest.raises(EvaluationError, match="no scores by file of checkpoint best-composite on Toy"):
        scores.score_gain(source, slug, summary)
    (folder / "scores" / slug / "summary.json").write_text("[]")
    with pytest.raises(EvaluationError, match="is no summary of scores"):
        scores.summaries(source.run)


def test_what_a_reader_must_know_of_scores() -> None:
    entry = {"selected_on": "test", "seen": {"training_files": "run", "training": 3, "validation": 0}}
    said = scores.remarks_of(entry, {"files": 12, "role": "train"})
    assert said == ["selected on test", "3 of 12 files were trained on", "these are train files, no test set"]
    assert (
        "may have been trained on these" in scores.remarks_of({"seen": {"training_files": "unknown"}}, {})[0]
    )
    assert scores.remarks_of({"source": "noisy", "seen": {"training_files": "unknown"}}, {}) == []


def test_spectrograms_show_the_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a system that halves the amplitude the difference is -6 dB where clean is loud, and zero at the floor."""
    clean = speech(1.0).astype(np.float32)
    noisy = clean + noise(1.0).astype(np.float32)
    monkeypatch.setattr(spectrograms, "processed", lambda _network, _noisy: clean / 2)
    found = spectrograms.spectrograms(build(variant("M4")), Example("u", noisy, clean))
    loud = found.clean > -40
    assert found.difference[loud] == pytest.approx(np.full(loud.sum(), -6.02), abs=0.05)
    assert np.abs(found.difference[found.clean <= -60]).max() == 0
    assert found.clean.max() == pytest.approx(0, abs=1e-9)
    with publication():
        figure = spectrograms.draw(found, 1)
    assert [axes.get_title(loc="left") for axes in figure.axes[:4]] == [
        "(a) Noisy", "(b) Enhanced", "(c) Clean", "(d) Enhanced minus clean",
    ]  # fmt: skip
    with pytest.raises(EvaluationError, match="--clean"):
        spectrograms.spectrograms(build(variant("M4")), Example("u", noisy, None))
    with pytest.raises(EvaluationError, match="is silent"):
        spectrograms.spectrograms(build(variant("M4")), Example("u", noisy, np.zeros_like(noisy)))


def test_an_utterance_from_files(heard: Path) -> None:
    noisy, clean = (heard / "train" / kind / "p3_004.wav" for kind in ("noisy", "clean"))
    found = example_of(noisy, clean)
    assert (found.id, len(found.noisy)) == ("p3_004", len(found.clean))
    with pytest.raises(ModelUsageError, match="must be one utterance"):
        example_of(noisy, heard / "train" / "clean" / "p1_000.wav")
