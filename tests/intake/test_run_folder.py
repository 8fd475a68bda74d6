"""What a run folder says and does not say, and folders that are refused."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest

import litdb
from litdb.errors import Impossible, InputError, TooLarge, UsageError
from litdb.intake.run_folder import read_run
from tests.intake.run_scenes import FILES
from tests.intake.run_scenes import catalogue as catalogue
from tests.intake.run_scenes import run as run
from tests.support.runs import pack, write_run, write_scores


def test_what_is_no_run_is_refused(tmp_path: Path, run: Path) -> None:
    with pytest.raises(InputError, match=r"no config\.json"):
        read_run(tmp_path)
    (tmp_path / "text.tar.gz").write_text("no archive")
    with pytest.raises(InputError, match="no packed run"):
        read_run(tmp_path / "text.tar.gz")
    with pytest.raises(InputError, match="No such file"):
        read_run(tmp_path / "absent.tar.gz")
    (run / "config.json").write_text('{"format": "litdb-run/9"}')
    with pytest.raises(InputError, match="litdb-run/1"):
        read_run(run)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("checkpoints.json", "{}", "not a list"),
        ("checkpoints.json", "[", "not JSON"),
        ("environment.json", "[]", "not an object"),
        ("cost.json", "7", "not an object"),
        ("scores/voicebank-demand/summary.json", "{}", "format"),
        ("scores/voicebank-demand/best-composite.csv", "id,pesq\n", "no rows"),
    ],
)
def test_a_damaged_file_is_named(run: Path, file: str, content: str, message: str) -> None:
    (run / file).write_text(content)
    with pytest.raises(InputError, match=message):
        read_run(run)


def test_a_missing_score_file_is_named(run: Path) -> None:
    (run / "scores/voicebank-demand/best-composite.csv").unlink()
    with pytest.raises(InputError, match=r"best-composite\.csv is missing"):
        read_run(run)


def test_an_archive_is_bounded_and_never_unpacked(
    tmp_path: Path, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = pack(run, tmp_path / "run.tar.gz")
    evil = tmp_path / "evil.tar.gz"
    with tarfile.open(archive) as old, tarfile.open(evil, "w:gz") as new:
        for member in old:
            new.addfile(member, old.extractfile(member))
        info = tarfile.TarInfo("full-1/../../escaped.json")
        info.size = 2
        new.addfile(info, io.BytesIO(b"{}"))
        link = tarfile.TarInfo("full-1/link.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        new.addfile(link)
    assert read_run(evil) == read_run(archive)
    assert not (tmp_path.parent / "escaped.json").exists()
    monkeypatch.setattr("litdb.intake.run_folder.MAX_BYTES", 100)
    with pytest.raises(TooLarge):
        read_run(archive)


def summary_of(folder: Path) -> Path:
    (path,) = folder.glob("scores/*/summary.json")
    return path


def changed_summary(folder: Path, **changes: object) -> None:
    """Write summary.json anew with these keys; None takes one away."""
    path = summary_of(folder)
    content = {**json.loads(path.read_text()), **changes}
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not None}))


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    folder = write_run(tmp_path / "told-1")
    write_scores(folder, "best-composite", {"p232_001": 2.8, "p232_002": 3.0})
    return folder


def stated(catalogue: litdb.Catalogue, metric: str) -> dict[str, str]:
    (value,) = [v for v in catalogue.results("BSRNN-FAC-MRHA3") if v.metric == metric and "told-1" in v.place]
    return {name: item.value for name, item in value.protocol if item.basis == "stated"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rate": 8000}, "scored at 8000 Hz"),
        ({"rate": 48000}, "evaluate again at 16 kHz"),
        ({"band": "NB"}, "PESQ band NB"),
        ({"rate": True}, "True Hz"),
    ],
)
def test_scores_of_another_rate_or_band_are_refused(
    catalogue: litdb.Catalogue, scored: Path, changes: dict[str, object], said: str
) -> None:
    changed_summary(scored, **changes)
    before = len(catalogue.results())
    with pytest.raises(InputError, match=said):
        catalogue.add_run(scored)
    assert len(catalogue.results()) == before


def test_what_a_folder_does_not_say_is_not_stated(catalogue: litdb.Catalogue, scored: Path) -> None:
    changed_summary(scored, rate=None, band=None, scales=None)
    catalogue.add_run(scored)
    assert stated(catalogue, "PESQ").keys() & {"rate", "band"} == set()
    assert "scale" not in stated(catalogue, "CSIG")


def test_scales_in_the_words_of_earlier_runs(catalogue: litdb.Catalogue, scored: Path) -> None:
    words = "csig, cbak, covl on int16-valued samples; *_unit on samples in [-1, 1]"
    changed_summary(scored, scales=None, composite_scale=words)
    catalogue.add_run(scored)
    assert stated(catalogue, "CSIG")["scale"] == "int16"


def test_a_mean_that_its_own_files_contradict_is_refused_by_name(
    catalogue: litdb.Catalogue, scored: Path
) -> None:
    content = json.loads(summary_of(scored).read_text())
    content["entries"][0]["means"] = {"pesq": {"mean": 3.4, "std": 0.1, "files": 2}}
    summary_of(scored).write_text(json.dumps(content))
    with pytest.raises(
        InputError, match=r"PESQ 3\.4 for best-composite, its own best-composite\.csv gives 2\.9"
    ):
        catalogue.add_run(scored)


def test_the_standard_deviation_is_kept(catalogue: litdb.Catalogue, scored: Path) -> None:
    content = json.loads(summary_of(scored).read_text())
    content["entries"][0]["means"] = {"pesq": {"mean": 2.9, "std": 0.141421, "files": 2}}
    summary_of(scored).write_text(json.dumps(content))
    catalogue.add_run(scored)
    (value,) = [v for v in catalogue.results("BSRNN-FAC-MRHA3") if v.metric == "PESQ" and "told-1" in v.place]
    assert value.uncertainty == 0.141421


def test_an_impossible_score_of_a_run_is_refused_unless_forced_with_a_reason(
    catalogue: litdb.Catalogue, tmp_path: Path
) -> None:
    folder = write_run(tmp_path / "odd")
    write_scores(folder, "best-composite", {**FILES, "p257_001": 29.31})
    with pytest.raises(Impossible, match=r"best-composite.csv, line 4: PESQ cannot be 29.31.*--force"):
        catalogue.add_run(folder)
    with pytest.raises(UsageError, match="--reason"):
        catalogue.add_run(folder, force=True)
    catalogue.add_run(folder, force=True, reason="to look at it")
    (value,) = [v for v in catalogue.results("BSRNN-FAC-MRHA3") if v.metric == "PESQ" and "odd/" in v.place]
    assert "taken because: to look at it" in value.forced


def test_how_a_run_was_computed_is_kept_and_makes_no_stranger_of_it(run: Path) -> None:
    """A run that an earlier version took in, without these keys, is the same one when it comes again."""
    before = read_run(run)
    environment = json.loads((run / "environment.json").read_text())
    told = {"precision": "bf16", "compiled": False, "devices": ["cuda"], "backend": "nccl", "machines": 1}
    (run / "environment.json").write_text(json.dumps({**environment, **told}))
    after = read_run(run)
    assert after.identity == before.identity
    assert {key: after.details["environment"][key] for key in told} == told
