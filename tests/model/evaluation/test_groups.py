"""Groups over seeds: the interval holds seeds and files; a group differs in its seed alone."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from litdb.evidence.runs.significance import grouped  # noqa: E402
from model.bands import BANDS, BandScore  # noqa: E402
from model.errors import ModelUsageError  # noqa: E402
from model.evaluation import groups  # noqa: E402
from model.evaluation.groups import NOISY, SeedGroup, compare_groups, describe_groups, seed_group  # noqa: E402
from model.evaluation.measuring import Measured, Measurements  # noqa: E402
from model.evaluation.pool import FileScore  # noqa: E402
from model.evaluation.summary import TestSet  # noqa: E402
from model.evaluation.systems import System  # noqa: E402
from model.evaluation.test_data import TestData  # noqa: E402
from model.metrics import NAMES  # noqa: E402
from tests.cli.conftest import Litdb  # noqa: E402
from tests.model.cli.conftest import home as home  # noqa: E402
from tests.model.cli.conftest import litdb as litdb  # noqa: E402


def measured(system: System, pesq: list[float | None]) -> Measurements:
    """Files with a PESQ, an SI-SDR of ten times it and bands that follow it."""
    files = {}
    for number, value in enumerate(pesq):
        values = {"pesq": value, "si_sdr": None if value is None else 10 * value}
        score = FileScore(f"f{number}", tuple(values.get(name) for name in NAMES))
        bands = tuple(BandScore(low, high, value, 5.0) for low, high in BANDS)
        files[score.id] = Measured(score.id, float(number), score, bands)
    return Measurements(system, files, {})


@pytest.fixture
def scored(monkeypatch: pytest.MonkeyPatch) -> dict[System, list[float | None]]:
    """What each system scores, instead of scoring it."""
    table: dict[System, list[float | None]] = {}
    monkeypatch.setattr(groups, "measure", lambda systems, *rest: [measured(s, table[s]) for s in systems])
    return table


DATA = TestData((), TestSet("set", 8, "f", "train", "validation"))


def seeds(name: str, number: int) -> SeedGroup:
    return SeedGroup(name, tuple(System(f"{name}/{n}", "checkpoint") for n in range(number)))


def test_the_interval_is_that_of_seeds_and_files(scored: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "remarks", lambda found, data: ())
    random = np.random.default_rng(4)
    a, b = seeds("A", 3), seeds("B", 4)
    rows = {
        system: list(2 + random.normal(0, 0.1) + random.normal(0, 0.3, 8))
        for system in (*a.systems, *b.systems)
    }
    scored.update({system: list(values) for system, values in rows.items()})
    scored[b.systems[0]][7] = None  # a file without a value under one seed counts for none
    found = compare_groups(a, b, DATA, workers=1, progress=lambda *words: None)
    wanted = grouped([rows[system][:7] for system in a.systems], [rows[system][:7] for system in b.systems])
    pesq = found.overall["pesq"]
    assert pesq is not None
    assert (pesq.mean, pesq.low, pesq.high) == pytest.approx((wanted.mean, wanted.low, wanted.high))
    assert (pesq.files, pesq.seeds) == (7, (3, 4))
    assert found.overall["si_sdr"].mean == pytest.approx(10 * pesq.mean)  # type: ignore[union-attr]
    assert found.overall["stoi"] is None
    assert [part.files for part in found.by_snr] == [0, 5, 3, 0, 0]
    assert found.by_band[0].clean_to_error.mean == 0  # type: ignore[union-attr]
    text = describe_groups(found)
    assert "[95 % interval over seeds and files]" in text
    assert "spread over seeds" in text


def test_noisy_has_no_seed_and_no_spread(scored: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "remarks", lambda found, data: ())
    b = seeds("B", 2)
    scored.update({NOISY: [1.0, 2.0, 3.0], b.systems[0]: [1.5, 2.5, 3.4], b.systems[1]: [1.7, 2.6, 3.8]})
    found = compare_groups(SeedGroup("noisy", (NOISY,)), b, DATA, workers=1, progress=lambda *words: None)
    pesq = found.overall["pesq"]
    assert pesq is not None
    assert (pesq.seeds, pesq.spread[0]) == ((0, 2), 0)
    assert pesq.mean == pytest.approx(np.mean([0.5, 0.5, 0.4, 0.7, 0.6, 0.8]))
    over_files_alone = 0.3  # with two seeds the interval must be far wider than that
    assert pesq.high - pesq.low > over_files_alone
    assert describe_groups(found, bands_only=True).count("PESQ") == 3


def run_of(source: Path, target: Path, seed: int, **changes: object) -> Path:
    """A copy of a run whose recipe has another seed, and another checkpoint."""
    shutil.copytree(source, target)
    config = json.loads((target / "config.json").read_text())
    config["recipe"] |= {"seed": seed, **changes}
    (target / "config.json").write_text(json.dumps(config))
    path = target / "checkpoint_last.pt"
    content = torch.load(path, weights_only=True)
    for tensor in content["model_state_dict"].values():
        tensor.mul_(1 + seed / 100)
    torch.save(content, path)
    return path


def test_a_group_differs_in_its_seed_alone(toy_run: Path, tmp_path: Path) -> None:
    one, two = run_of(toy_run, tmp_path / "s1", 1), run_of(toy_run, tmp_path / "s2", 2)
    other = run_of(toy_run, tmp_path / "s3", 3, rate=0.5)
    group = seed_group(f"M={one},{two}")
    assert [system.name for system in group.systems] == ["M/1", "M/2"]
    for words, said in (
        (f"M={one}", "a checkpoint for each of two seeds"),
        (f"{one},{two}", "NAME=FILE,FILE"),
        (f"M={one},{one}", "the same checkpoint twice"),
        (f"M={one},{other}", "differ in recipe rate"),
        (f"M={one},noisy", "the files are checkpoints"),
    ):
        with pytest.raises(ModelUsageError, match=said):
            seed_group(words)


def test_groups_on_the_command_line(litdb: Litdb, toy_run: Path, toy: Path, tmp_path: Path) -> None:
    one, two = run_of(toy_run, tmp_path / "s1", 1), run_of(toy_run, tmp_path / "s2", 2)
    words = ["--group", f"M={one},{two}", "--data", str(toy), "--workers", "1"]
    found = litdb("model", "bands", *words, "--json")
    assert found.code == 0, found.err
    assert (found.json["a"], found.json["b"], found.json["test_set"]["role"]) == ("noisy", "M", "validation")
    assert found.json["overall"]["si_sdr"]["seeds"] == [0, 2]
    for wrong in (["where", "noisy", *words], ["where", "--data", str(toy)], ["bands", "noisy", *words]):
        assert litdb("model", *wrong).code == 2
