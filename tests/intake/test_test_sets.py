"""Which test set scores are on, and own test sets in every question."""

from __future__ import annotations

from pathlib import Path

import pytest

import litdb
from litdb.errors import UsageError
from litdb.intake.scored_set import scored_set
from tests.intake.run_scenes import FILES
from tests.intake.run_scenes import catalogue as catalogue
from tests.support.runs import write_run, write_scores


def test_an_own_test_set_is_shown_by_every_question(catalogue: litdb.Catalogue, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "mine")
    write_scores(
        folder, "last", {f"recording-{name}": scores for name, scores in FILES.items()}, test_set="data"
    )
    catalogue.add_run(folder)
    (row,) = catalogue.table(["PESQ"], dataset="data").rows
    assert row.checkpoint == "mine/last"
    assert catalogue.why("BSRNN-FAC-MRHA3", "PESQ", dataset="data").shown
    assert catalogue.protocol(["BSRNN-FAC-MRHA3"], dataset="data")
    assert catalogue.claim("best PESQ on data", model="BSRNN-FAC-MRHA3").verdict == "true"
    assert catalogue.gap(["PESQ=3.0"], model="BSRNN-FAC-MRHA3", dataset="data").aims[0].value == 3.0
    assert catalogue.card("BSRNN-FAC-MRHA3", dataset="data").numbers[0].what == "PESQ on data"
    assert catalogue.genealogy("BSRNN-FAC-MRHA3", "PESQ", dataset="data").dataset == "data"
    assert catalogue.patterns({"PESQ": "2.."}, dataset="data").models
    for question in (
        lambda name: catalogue.table(["PESQ"], dataset=name),
        lambda name: catalogue.claim(f"best PESQ on {name}", model="BSRNN-FAC-MRHA3"),
        lambda name: catalogue.card("BSRNN-FAC-MRHA3", dataset=name),
    ):
        with pytest.raises(UsageError, match=r"unknown test set 'dats': did you mean data"):
            question("dats")
    other = write_run(tmp_path / "other", seed=2)
    write_scores(other, "last", {f"recording-{name}": 2.4 for name in FILES}, test_set="data")
    catalogue.add_run(other)
    assert catalogue.compare("mine/last", "other/last", dataset="data")[0].measures


def test_a_new_own_test_set_is_made_by_who_says_so(catalogue: litdb.Catalogue, tmp_path: Path) -> None:
    scores = tmp_path / "scores.csv"
    scores.write_text("id,pesq\nroom-1,2.5\nroom-2,2.7\n")
    with pytest.raises(UsageError, match=r"unknown test set 'office rooms'.*--new"):
        catalogue.add_result("Roomnet", dataset="office rooms", file=str(scores), run="a/best")
    catalogue.add_result("Roomnet", dataset="office rooms", file=str(scores), run="a/best", new=True)
    catalogue.add_result("Roomnet", {"STOI": "0.93"}, dataset="office rooms", run="a/best")
    (row,) = catalogue.table(["PESQ", "STOI"], dataset="office rooms").rows
    assert [cell.text for cell in row.cells] == ["2.600", "0.93"]
    assert catalogue.claim("Roomnet is the best PESQ on office rooms").verdict == "true"
    key = next(value.key for value in catalogue.results("Roomnet") if value.metric == "STOI")
    catalogue.correct(key, "another room", dataset="office rooms", value="0.92")


def test_a_folder_with_a_part_of_a_known_test_set_is_a_part(
    catalogue: litdb.Catalogue, tmp_path: Path
) -> None:
    folder = write_run(tmp_path / "half")
    write_scores(folder, "best-composite", FILES)  # three files, and the folder has no more
    added = catalogue.add_run(folder)
    assert any("covers 3 of 824 files" in note for note in added.notes)
    value = next(v for v in catalogue.results("BSRNN-FAC-MRHA3") if v.metric == "PESQ" and "half/" in v.place)
    assert value.protocol.get("files_expected") == "824"


#: Of the numbers from 1 on, those that VoiceBank+DEMAND's two test speakers have no file of.
LACKING = {
    232: (
        4,
        8,
        18,
        26,
        111,
        122,
        149,
        157,
        166,
        168,
        192,
        212,
        222,
        233,
        262,
        304,
        345,
        376,
        395,
        401,
        406,
        408,
    ),
    257: (5, 21, 134),
}
NAMES = [
    f"p{speaker}_{number:03}"
    for speaker, last in ((232, 415), (257, 434))
    for number in range(1, last + 1)
    if number not in LACKING[speaker]
]
#: As many, from the same speakers, and not its files.
OTHERS = [f"p{speaker}_{number:03}" for speaker in (232, 257) for number in range(1, 413)]


@pytest.mark.parametrize(
    ("called", "names", "stored", "files"),
    [
        ("VCTK-DEMAND", NAMES, "vbd", 824),
        ("VCTK-DEMAND 16 kHz wav", [f"{name}.wav" for name in NAMES], "vbd", 824),
        ("my VCTK-DEMAND copy", [f"test/{name}.flac" for name in reversed(NAMES)], "vbd", 824),
        ("my VCTK-DEMAND copy", OTHERS, "my VCTK-DEMAND copy", 0),
        ("my VCTK-DEMAND copy", NAMES[1:], "my VCTK-DEMAND copy", 0),
        ("VCTK-DEMAND", NAMES[:3], "vbd", 824),
        ("VCTK-DEMAND", ["p226_001", *NAMES[:3]], "VCTK-DEMAND (other files)", 0),
        ("VoiceBank (dereverb)", NAMES, "vbd-dereverb", 824),
        ("corpus", NAMES, "corpus", 0),  # the names of files alone, or a layout, make no test set
        ("dns2020-noreverb", ["a", "b"], "dns2020-noreverb", 150),
    ],
)
def test_a_name_and_the_files_say_which_test_set_it_is(
    called: str, names: list[str], stored: str, files: int
) -> None:
    found = scored_set(called, names)
    assert (found.id, found.files) == (stored, files)
    assert bool(found.notes) == (stored not in ("vbd", "vbd-dereverb", "dns2020-noreverb"))


@pytest.mark.parametrize(("names", "said"), [(NAMES, "like all 824 files"), (NAMES[:9], "like files")])
def test_files_named_like_known_ones_are_said_to_be(names: list[str], said: str) -> None:
    assert any(f"{said} of VoiceBank+DEMAND" in note for note in scored_set("corpus", names).notes)


def test_a_second_run_on_the_same_files_is_on_the_same_test_set(
    catalogue: litdb.Catalogue, tmp_path: Path
) -> None:
    for name, test_set in (("one", "VoiceBank+DEMAND"), ("two", "VCTK-DEMAND-16k-wav")):
        folder = write_run(tmp_path / name, model="M4", seed=len(name), checkpoints=("last",))
        write_scores(folder, "last", dict.fromkeys(NAMES, 2.5), test_set=test_set)
        catalogue.add_run(folder)
    mine = [v for v in catalogue.results("BSRNN-FAC-MRHA3") if v.metric == "PESQ" and "/last" in v.place]
    assert {v.dataset for v in mine} == {"vbd"}
    assert {v.protocol.get("files") for v in mine} == {"824"}
