"""`litdb runs`, `litdb runs declare`, `litdb compare`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Litdb
from tests.support.runs import write_run, write_scores

FILES = [f"p{speaker}_{number:03}" for speaker in (232, 257) for number in range(15)]


@pytest.fixture
def own(litdb: Litdb, home: Path) -> Litdb:
    """A working catalogue with six runs of one recipe in two groups, scored by file."""
    assert litdb("init", "sota.db").code == 0
    easy = np.random.default_rng(1).normal(2.8, 0.5, len(FILES))
    for number, run in enumerate(("b1", "b2", "b3", "f1", "f2", "f3")):
        noise = np.random.default_rng(number + 5).normal(0, 0.05, len(FILES))
        pesq = easy + noise + (0.2 if run[0] == "f" else 0.0)
        table(home / f"{run}.csv", pesq.tolist())
        said = litdb(
            "add-result", "MyNet", "--run", f"{run}/best", "--from", f"{run}.csv", "-d", "vbd",
            "--selected-on", "validation",
        )  # fmt: skip
        assert said.code == 0, said.err
    return litdb


def table(file: Path, pesq: list[float]) -> None:
    rows = [f"{name},{value:.6f},{0.9 + value / 100:.6f}" for name, value in zip(FILES, pesq, strict=True)]
    file.write_text("\n".join(["id,pesq,stoi", *rows]) + "\n", encoding="utf-8")


def test_own_runs_are_listed_with_what_they_were_selected_on(litdb: Litdb) -> None:
    said = litdb("runs")
    assert said.code == 0
    line = next(line for line in said.out.splitlines() if line.startswith("★ new/best-composite"))
    assert line.split()[2:7] == ["190", "test", "2025-12-13", "vbd", "means"]
    assert "new/best-composite was selected on the test set: its scores flatter it" in said.out
    assert "old: weights RI 0.5, Mag 0.5, Disc 1.0" in said.out


def test_runs_as_json(own: Litdb) -> None:
    found = {run["key"]: run for run in own("runs", "--json", "--model", "MyNet").json}
    assert sorted(found) == ["b1", "b2", "b3", "f1", "f2", "f3"]
    (checkpoint,) = found["b1"]["checkpoints"]
    assert checkpoint["selected_on"] == "validation"
    assert checkpoint["scored"] == {"vbd": 30}
    assert {mean["metric"]: mean["files"] for mean in checkpoint["means"]} == {
        "PESQ": "30 of 824", "STOI": "30 of 824",
    }  # fmt: skip
    assert "* b1/best: PESQ covers 30 of 824 files" in own("runs", "--model", "MyNet").out


def test_no_own_runs(litdb: Litdb) -> None:
    litdb("init", "sota.db", "--empty")
    assert "litdb add RUN" in litdb("runs").out
    assert litdb("runs", "--json").json == []


def test_a_declaration_changes_the_table_and_is_in_the_history(own: Litdb) -> None:
    said = own("runs", "declare", "b2", "-c", "best", "-r", "planned before the test", "--date", "2026-01-05")
    assert said.code == 0, said.err
    (row,) = own("table", "--models", "MyNet", "--metrics", "PESQ", "-f", "json").json["rows"]
    assert row["checkpoint"] == "b2/best"
    assert own("runs", "declare", "f1", "--checkpoint", "best", "-r", "the full recipe").code == 0
    (row,) = own("table", "--models", "MyNet", "--metrics", "PESQ", "-f", "json").json["rows"]
    assert row["checkpoint"] == "f1/best"
    history = own("history", "MyNet").out
    assert "planned before the test" in history
    assert "the full recipe" in history
    number = own("history", "MyNet", "--json").json[-1]["uid"]
    assert own("undo", number, "-r", "a slip").code == 0
    standing = [
        c["key"] for run in own("runs", "--json").json for c in run["checkpoints"] if c["declared_on"]
    ]
    assert standing == ["new/best-composite", "b2/best"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["runs", "declare", "b9", "-c", "best", "-r", "x"], "no run is called 'b9'"),
        (["runs", "declare", "b1", "-c", "worst", "-r", "x"], "its checkpoints are best"),
        (["runs", "declare", "b1", "-c", "best", "-r", " "], "needs its reason"),
        (["runs", "declare", "b1", "-c", "best", "-r", "x", "--date", "soon"], "YYYY-MM-DD"),
        (["compare", "b1"], "needs two systems"),
        (["compare"], "needs two systems"),
        (["compare", "b1", "b1"], "named twice"),
        (["compare", "b1", "nobody"], "no checkpoint, run or model is called 'nobody'"),
        (["compare", "b1", "b2", "-m", "params"], "belongs to a model"),
        (["compare", "b1", "b2", "-m", "QESP"], "unknown metric"),
        (["compare", "b1", "b2", "-d", "nowhere"], "unknown test set 'nowhere'"),
        (["compare", "b1", "old"], "several checkpoints and none is declared"),
        (["compare", "--group", "base=b1,b2"], "two groups"),
        (["compare", "--group", "base", "--group", "x=b1"], "NAME=RUN"),
        (["compare", "--group", "a=b1", "--group", "a=b2"], "given twice"),
        (["compare", "b1", "b2", "--group", "a=b1"], "not both"),
    ],
)  # fmt: skip
def test_wrong_words_are_said_in_a_sentence(own: Litdb, words: list[str], said: str) -> None:
    found = own(*words)
    assert found.code == 2
    assert said in found.err


def test_checkpoints_are_compared_file_by_file(own: Litdb) -> None:
    found = own("compare", "b1", "f1/best")
    assert found.code == 0, found.err
    assert "better" in next(line for line in found.out.splitlines() if line.startswith("PESQ ↑"))
    assert "· speaker p232" in found.out
    assert "training variance is not assessed" in found.out
    assert "2 test speakers" in found.out
    (comparison,) = own("compare", "b1", "f1/best", "--json", "-m", "PESQ").json
    measure, beside = comparison["measures"]
    assert beside["metric"] == "STOI"  # what f1 was trained on is not recorded: it may be PESQ
    assert measure["difference"]["low"] < 0.2 < measure["difference"]["high"]
    assert measure["difference"]["utterances"] == 30


def test_groups_of_runs(own: Litdb) -> None:
    found = own("compare", "--group", "base=b1,b2,b3", "--group", "full=f1,f2,f3", "-m", "PESQ")
    assert found.code == 0, found.err
    assert "B full (f1/best, f2/best, f3/best)" in found.out
    line = next(line for line in found.out.splitlines() if line.startswith("PESQ ↑"))
    assert "3 + 3 runs, 30 files" in line
    assert line.endswith("better")
    assert "training variance" not in found.out
    lone = own("compare", "--group", "base=b1,b2,b3", "--group", "full=f1", "-m", "PESQ")
    assert "one run in full: training variance is not assessed" in lone.out


def test_a_file_of_scores_is_a_side_too(own: Litdb, home: Path) -> None:
    table(home / "theirs.csv", [3.0 + number / 100 for number in range(len(FILES))])
    found = own("compare", "b1/best", "theirs.csv", "-m", "PESQ", "--json")
    assert found.json[0]["b"] == "theirs.csv"
    assert [measure["metric"] for measure in found.json[0]["measures"]] == ["PESQ", "STOI"]
    (home / "means.csv").write_text("metric,value\nPESQ,3.0\n", encoding="utf-8")
    said = own("compare", "b1/best", "means.csv")
    assert (said.code, "no scores by file" in said.err) == (1, True)


def test_conditions_split_the_files(own: Litdb, home: Path) -> None:
    lines = [f"{name} {'bus' if n % 2 else 'cafe'} {2.5 + 5 * (n % 4)}" for n, name in enumerate(FILES)]
    (home / "log_testset.txt").write_text("\n".join(lines), encoding="utf-8")
    found = own("compare", "b1", "f1", "-m", "PESQ", "--conditions", "log_testset.txt", "--json")
    parts = [(p["kind"], p["value"]) for p in found.json[0]["measures"][0]["parts"]]
    assert parts == [
        ("noise", "bus"), ("noise", "cafe"), ("snr", "2.5"), ("snr", "7.5"), ("snr", "12.5"), ("snr", "17.5"),
        ("speaker", "p232"), ("speaker", "p257"),
    ]  # fmt: skip
    assert (
        "not of groups" in own("compare", "-g", "a=b1", "-g", "b=f1", "--conditions", "log_testset.txt").err
    )


def test_what_cannot_be_compared_is_said_with_the_way_to_it(own: Litdb) -> None:
    found = own("compare", "new/best-composite", "old/last", "DPT-FSNet")
    assert found.code == 1
    assert "PESQ: only a mean is known of new/best-composite and old/last" in found.out
    assert "litdb model evaluate --all old --data DIR && litdb add old" in found.out
    assert (
        "CSIG: only a mean is known of new/best-composite and DPT-FSNet; whether the means are comparable"
        in found.out
    )
    assert "selected on the test set" in found.out
    noisy = own("compare", "b1", "Noisy", "-m", "PESQ")
    assert (noisy.code, "litdb model evaluate --noisy" in noisy.out) == (1, True)


def test_a_model_stands_for_its_declared_checkpoint(own: Litdb) -> None:
    undeclared = own("compare", "b1", "MyNet", "-m", "PESQ").out
    assert "no checkpoint is declared; selected on validation" in undeclared
    own("runs", "declare", "b2", "-c", "best", "-r", "planned")
    (comparison,) = own("compare", "MyNet", "f1", "-m", "PESQ", "--json").json
    assert comparison["a"] == "b2/best"


def test_run_folders_are_compared_as_they_were_added(litdb: Litdb, home: Path) -> None:
    """Runs of one recipe have different seeds, which is what a group is for; another recipe in it is said."""
    litdb("init", "sota.db")
    for seed in range(1, 7):
        name = f"{'base' if seed < 4 else 'full'}-{seed}"
        folder = write_run(home / name, seed=seed)
        noise = np.random.default_rng(seed).normal(0.1 * (seed > 3), 0.02, len(FILES))
        write_scores(
            folder, "best-composite", dict(zip(FILES, (2.8 + noise).tolist(), strict=True)), expected=824
        )
        said = litdb("add", str(folder))
        assert said.code == 0, said.err
    groups = ["--group", "base=base-1,base-2,base-3", "--group", "full=full-4,full-5,full-6"]
    found = litdb("compare", *groups, "--metrics", "PESQ,CSIG")
    assert found.code == 0, found.err
    assert "3 + 3 runs, 30 files" in found.out
    assert "recipe" not in found.out
    assert "seed" not in found.out.replace("Hedges", "")
    other = write_run(home / "other-9", seed=9, network={"kind": "bsrnn"})
    write_scores(other, "best-composite", dict.fromkeys(FILES, 2.9), expected=824)
    litdb("add", str(other))
    groups[1] += ",other-9"
    assert "the runs of base have different recipes" in litdb("compare", *groups, "-m", "PESQ").out
    listed = {run["key"]: run for run in litdb("runs", "--json").json}
    assert listed["full-4"]["seed"] == 4
