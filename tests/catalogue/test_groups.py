"""Own runs decided on: several seeds that stand together, one seed among several, a run that is removed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import litdb
from litdb.errors import Conflict, NotFound, UsageError
from tests.support.runs import write_run, write_scores

FILES = ["a", "b", "c", "d"]
SET = "dns2020-real"  # of no known size: what was scored is all there is
MODEL = "BSRNN-FAC-MRHA3"


@pytest.fixture
def seeds(tmp_path: Path) -> Iterator[litdb.Catalogue]:
    """A working catalogue with three seeds of one recipe, scored on a test set."""
    litdb.Catalogue.init(tmp_path / "mine.db")
    with litdb.open(tmp_path / "mine.db") as catalogue:
        for seed, pesq in enumerate((2.80, 2.86, 2.95), start=1):
            run = write_run(tmp_path / f"s{seed}", seed=seed)
            write_scores(run, "best-composite", dict.fromkeys(FILES, pesq), test_set=SET)
            catalogue.add_run(run)
        yield catalogue


def row(catalogue: litdb.Catalogue, **more: bool) -> litdb.Row:
    return catalogue.table(["params", "PESQ"], models=[MODEL], dataset=SET, **more).rows[0]  # type: ignore[arg-type]


def notes(found: litdb.Row) -> str:
    return " | ".join((*found.notes, *(note for cell in found.cells for note in cell.notes)))


def test_one_declared_seed_among_several_says_so_everywhere(seeds: litdb.Catalogue) -> None:
    seeds.declare("s1", "best-composite", reason="the first")
    assert "one of 3 seeds (2.8..2.95)" in notes(row(seeds))
    gap = seeds.gap({"PESQ": 3.0}, model=MODEL, dataset=SET)
    assert any("one of 3 seeds (2.8..2.95)" in note for note in gap.notes)
    assert any("one of 3 seeds" in note for note in seeds.claim(f"{MODEL} is the best PESQ on {SET}").notes)
    assert any(
        "one of 3 seeds" in note
        for shown in seeds.why(MODEL, "PESQ", dataset=SET).shown
        for note in shown.notes
    )


def test_a_group_stands_by_mean_and_deviation(seeds: litdb.Catalogue) -> None:
    uid = seeds.declare_group(["s1", "s2", "s3"], reason="planned before the test")
    found = row(seeds)
    params, pesq = found.cells
    assert (params.value, pesq.value) == (459867, pytest.approx(2.87))
    assert pesq.uncertainty == pytest.approx(0.0755, abs=1e-4)
    assert pesq.rank is None or pesq.rank == 1
    assert "mean over 3 seeds (2.8..2.95)" in notes(found)
    assert "one of" not in notes(found)
    gap = seeds.gap({"PESQ": 2.8}, model=MODEL, dataset=SET)
    assert (gap.aims[0].value, gap.aims[0].missing) == (pytest.approx(2.87), 0)
    (shown,) = seeds.why(MODEL, "PESQ", dataset=SET).shown
    assert shown.value.value == pytest.approx(2.87)
    assert "mean over the seeds" in shown.because
    assert len(seeds.table(["PESQ"], models=[MODEL], dataset=SET, checkpoints=True).rows) > 2
    with pytest.raises(UsageError, match=f"--group {MODEL}=s1,s2,s3"):
        seeds.compare(MODEL, "s1", dataset=SET)
    seeds.undo(uid, reason="no")
    assert "mean over" not in notes(row(seeds))


def test_a_later_declaration_takes_the_place_of_a_group_and_the_reverse(seeds: litdb.Catalogue) -> None:
    seeds.declare_group(["s1", "s2", "s3"], reason="three")
    seeds.declare("s2", "best-composite", reason="one")
    assert row(seeds).cells[1].value == pytest.approx(2.86)
    seeds.declare_group(["s1", "s2", "s3"], reason="three again")
    assert row(seeds).cells[1].value == pytest.approx(2.87)


def test_a_seed_is_left_out_with_a_reason_only(seeds: litdb.Catalogue) -> None:
    with pytest.raises(UsageError, match="s3 has the same recipe with another seed"):
        seeds.declare_group(["s1", "s2"], reason="two")
    with pytest.raises(UsageError, match="say why s3"):
        seeds.declare_group(["s1", "s2"], reason="two", omitted={"s3": " "})
    seeds.declare_group(["s1", "s2"], reason="two", omitted={"s3": "its loss diverged"})
    assert "left out of the mean: s3: its loss diverged" in notes(row(seeds))


@pytest.mark.parametrize(
    ("runs", "said"),
    [(["s1"], "two runs or more"), (["s1", "s1"], "two runs or more"), (["s1", "new"], "BSRNN|recipe|seed")],
)
def test_what_makes_no_group(seeds: litdb.Catalogue, runs: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        seeds.declare_group(runs, reason="no group")
    with pytest.raises(NotFound, match="no own run is called 's9'"):
        seeds.declare_group(["s1", "s9"], reason="no group")


def test_a_part_of_the_test_set_in_one_seed_is_a_part_of_the_mean(
    seeds: litdb.Catalogue, tmp_path: Path
) -> None:
    run = write_run(tmp_path / "s4", seed=4)
    write_scores(run, "best-composite", dict.fromkeys(FILES[:3], 2.9), test_set=SET, expected=4)
    seeds.add_run(run)
    seeds.declare_group(["s1", "s2", "s3", "s4"], reason="all")
    assert "covers 3 of 4 files" in notes(row(seeds))


def test_a_run_is_removed_and_comes_back(seeds: litdb.Catalogue, tmp_path: Path) -> None:
    seeds.declare("s1", "best-composite", reason="the first")
    uid = seeds.remove_run("s1", reason="a broken loader")
    assert not any("s1/" in value.place for value in seeds.results(MODEL) if value.status != "rejected")
    assert "s1/" not in notes(row(seeds))
    assert [run.removed for run in seeds.runs(MODEL) if run.key == "s1"] == [
        f"removed by {seeds.history()[-1].who} on {seeds.history()[-1].made_at.date()}: a broken loader (decision {uid[:8]})"
    ]
    for again in (
        lambda: seeds.add_run(tmp_path / "s1"),
        lambda: seeds.compare("s1", "s2"),
        lambda: seeds.remove_run("s1", reason="again"),
        lambda: seeds.declare_group(["s1", "s2"], reason="no"),
        lambda: seeds.add_result(MODEL, {"PESQ": "2.9"}, run="s1/best-composite"),
    ):
        with pytest.raises(Conflict, match=f"litdb undo {uid[:8]}"):
            again()
    seeds.undo(uid, reason="the loader was right")
    assert "checkpoint s1/best-composite, declared" in notes(row(seeds))
    assert row(seeds).cells[1].value == pytest.approx(2.80)


def test_a_member_of_a_group_is_not_removed_behind_its_back(seeds: litdb.Catalogue) -> None:
    seeds.declare_group(["s1", "s2", "s3"], reason="three")
    with pytest.raises(UsageError, match="one of the seeds that stand for"):
        seeds.remove_run("s3", reason="diverged")


def test_groups_and_removals_survive_a_dump(seeds: litdb.Catalogue, tmp_path: Path) -> None:
    seeds.remove_run("s3", reason="diverged")
    seeds.declare_group(["s1", "s2"], reason="two")
    seeds.dump(tmp_path / "all.jsonl")
    litdb.Catalogue.load(tmp_path / "all.jsonl", tmp_path / "copy.db")
    with litdb.open(tmp_path / "copy.db") as copy:
        assert row(copy) == row(seeds)
        assert [run.removed for run in copy.runs(MODEL)] == [run.removed for run in seeds.runs(MODEL)]


@pytest.mark.parametrize("other", ["another group", "one checkpoint"])
def test_two_people_who_declare_otherwise_let_neither_stand(
    seeds: litdb.Catalogue, tmp_path: Path, other: str
) -> None:
    seeds.backup(tmp_path / "bobs.db")
    seeds.declare_group(["s1", "s2", "s3"], reason="all of them")
    with litdb.open(tmp_path / "bobs.db") as bobs:
        if other == "another group":
            bobs.declare_group(["s1", "s2"], reason="two of them", omitted={"s3": "diverged"})
        else:
            bobs.declare("s3", "best-composite", reason="the best one")
    assert len(seeds.merge(tmp_path / "bobs.db").contested) == 1
    with litdb.open(tmp_path / "bobs.db") as bobs:
        bobs.merge(tmp_path / "mine.db")
        for catalogue in (seeds, bobs):
            assert all(run.group is None for run in catalogue.runs())
            assert "what stands for it is contested by" in notes(row(catalogue))
            assert sum(entry.state.startswith("contested by") for entry in catalogue.history()) == 2
            assert catalogue.check() == []
    seeds.declare_group(["s1", "s2", "s3"], reason="agreed")
    assert "contested" not in notes(row(seeds))
    assert "3 seeds" in notes(row(seeds)) or row(seeds).cells[1].value == pytest.approx(2.87)


def test_two_people_who_declare_the_same_agree(seeds: litdb.Catalogue, tmp_path: Path) -> None:
    seeds.backup(tmp_path / "bobs.db")
    seeds.declare_group(["s1", "s2", "s3"], reason="all of them")
    with litdb.open(tmp_path / "bobs.db") as bobs:
        bobs.declare_group(["s3", "s2", "s1"], reason="all three")
    assert seeds.merge(tmp_path / "bobs.db").contested == ()


@pytest.fixture
def unrecorded(tmp_path: Path) -> Iterator[litdb.Catalogue]:
    """A working catalogue with three runs of one model of which nothing but means is recorded."""
    litdb.Catalogue.init(tmp_path / "mine.db")
    with litdb.open(tmp_path / "mine.db") as catalogue:
        for run, pesq in (("a", "3.01"), ("b", "3.02"), ("c", "3.05")):
            catalogue.add_result("Handnet", {"PESQ": pesq}, run=f"{run}/best", selected_on="validation")
        yield catalogue


def test_one_run_among_several_without_a_recipe_says_so(unrecorded: litdb.Catalogue) -> None:
    unrecorded.declare("c", "best", reason="the best")
    said = "one of 3 runs of the model (3.01..3.05), whose recipes are not recorded"
    (found,) = unrecorded.table(["PESQ"], models=["Handnet"]).rows
    assert said in found.cells[0].notes
    assert any(said in note for note in unrecorded.gap(["PESQ=3"], model="Handnet").notes)
    assert any(said in note for note in unrecorded.claim("Handnet is the best PESQ with PESQ>=2").notes)


def test_a_run_without_a_recipe_is_left_out_of_a_group_with_a_reason_only(
    unrecorded: litdb.Catalogue,
) -> None:
    with pytest.raises(UsageError, match=r"c is another run of this model.*--omit c=REASON"):
        unrecorded.declare_group(["a", "b"], reason="planned")
    unrecorded.declare_group(["a", "b"], reason="planned", omitted={"c": "diverged"})
    (found,) = unrecorded.table(["PESQ"], models=["Handnet"]).rows
    assert "left out of the mean: c: diverged" in found.notes
