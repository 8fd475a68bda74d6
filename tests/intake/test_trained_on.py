"""What an own run was trained on, and that rows known to be trained on different corpora are not ranked together."""

from __future__ import annotations

from pathlib import Path

import pytest

import litdb
from litdb.errors import InputError
from litdb.evidence.comparability import trained_apart
from litdb.intake.trained_on import trained_on
from litdb.vocabulary.protocol import Item, Protocol
from tests.support.runs import write_run, write_scores

#: As many files as the set of 28 speakers has, by as many speakers.
LISTED = [f"p{226 + number % 28}_{number // 28 + 1:03d}" for number in range(11572)]


def _listing(names: list[str]) -> bytes:
    return ("id,part\n" + "".join(f"{name},training\n" for name in names)).encode()


@pytest.mark.parametrize(
    ("names", "counts", "called"),
    [
        (LISTED, (10802, 770), "28spk"),
        (LISTED[:100], (100, 0), "100 files"),
        ([f"clip{n}" for n in range(11572)], (11572, 0), "11572 files"),
        ([], (4, 2), "6 files"),
        ([], (0, 0), ""),
    ],
)
def test_a_training_set_is_told_by_its_files(names: list[str], counts: tuple[int, int], called: str) -> None:
    data = {"training_files": counts[0], "validation_files": counts[1], "root": "/data/VoiceBank"}
    assert trained_on(data, _listing(names)) == called


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("28spk", "6 files", True),
        ("28spk", "11572 files", False),
        ("28spk", "56spk", True),
        ("6 files", "7 files", True),
        ("6 files", "6 files", False),
        ("6 files", "all of it", False),
    ],
)
def test_own_training_sets_are_compared(one: str, other: str, apart: bool) -> None:
    stated = [Protocol.of({"training": Item(name)}) for name in (one, other)]
    assert (trained_apart("PESQ", *stated) is not None) is apart
    assert trained_apart("params", *stated) is None


def test_runs_trained_on_different_files_are_not_ranked_together(tmp_path: Path) -> None:
    litdb.Catalogue.init(tmp_path / "mine.db")
    with litdb.open(tmp_path / "mine.db") as catalogue:
        for name, files, pesq in (("a", 10, 2.8), ("b", 10, 2.9), ("c", 11572, 3.0)):
            run = write_run(tmp_path / name, model=name, said={"data": {"training_files": files}})
            write_scores(run, "best-composite", {"f1": pesq}, test_set="dns2020-real")
            catalogue.add_run(run, new=True, model=f"Net {name}")
        table = catalogue.table(["PESQ"], models=["Net a", "Net b", "Net c"], dataset="dns2020-real")
        said = {row.name: " ".join(row.cells[0].notes) + str(row.cells[0].refused) for row in table.rows}
        assert "trained on" in said["Net c"]
        assert "trained on" not in said["Net a"] + said["Net b"]


def test_scores_by_file_of_other_files_are_refused(tmp_path: Path) -> None:
    litdb.Catalogue.init(tmp_path / "mine.db")
    scores = tmp_path / "scores.csv"
    scores.write_text("id,pesq\np232_001,2.5\nclip_7,2.6\n")
    with litdb.open(tmp_path / "mine.db") as catalogue:
        with pytest.raises(InputError, match="clip_7 is no file of VoiceBank"):
            catalogue.add_result("Mine", run="r/best", file=scores, dataset="VCTK-DEMAND")
        catalogue.add_result(
            "Mine", run="r/best", file=scores, dataset="vbd", force=True, reason="renamed copies"
        )
