"""`litdb plot` and the figures under it."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Litdb

FILES = [f"p{speaker}_{number:03}" for speaker in (232, 257) for number in range(412)]


def rows(name: str) -> list[dict[str, str]]:
    with Path(name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def own(litdb: Litdb, home: Path) -> Litdb:
    """A working catalogue with two runs, scored by file, one of them declared."""
    assert litdb("init", "sota.db").code == 0
    easy = np.random.default_rng(1).normal(2.8, 0.4, len(FILES))
    for number, run in enumerate(("base", "full")):
        pesq = easy + np.random.default_rng(number + 5).normal(0.15 * number, 0.05, len(FILES))
        lines = [f"{name},{value:.6f}" for name, value in zip(FILES, pesq, strict=True)]
        (home / f"{run}.csv").write_text("\n".join(["id,pesq", *lines]) + "\n", encoding="utf-8")
        said = litdb("add-result", "MyNet", "--run", f"{run}/best", "--from", f"{run}.csv", "-d", "vbd", "--selected-on", "validation", "--params", "0.46M")  # fmt: skip
        assert said.code == 0, said.err
    assert litdb("runs", "declare", "full", "--checkpoint", "best", "--reason", "planned").code == 0
    return litdb


def test_a_plot_says_what_it_wrote_and_what_does_not_stand_in_it(litdb: Litdb) -> None:
    said = litdb("plot", "--out", "p.svg", "--models", "IMSE,MUSE,TSTNN,BSRNN-FAC-MRHA3")
    assert said.code == 0
    assert said.out.startswith("wrote p.svg and p.csv\n")
    assert {row["name"] for row in rows("p.csv")} == {"IMSE", "MUSE", "TSTNN", "BSRNN-FAC-MRHA3"}
    assert [row["earlier"] for row in rows("p.csv") if row["name"] == "IMSE"] == ["v1: 3.373"]
    assert {row["named"] for row in rows("p.csv")} == {"yes"}


def test_a_metric_over_time(litdb: Litdb) -> None:
    assert litdb("plot", "--x", "year", "--out", "t.png", "--models", "IMSE,MUSE,TSTNN").code == 0
    table = {row["name"]: row for row in rows("t.csv")}
    assert table["TSTNN"]["date"] == "2021-03-18"
    assert 2021.2 < float(table["TSTNN"]["year"]) < 2021.22
    assert [name for name, row in table.items() if row["pareto"] == "yes"] != []


def test_sizes_of_one_model_are_joined(litdb: Litdb) -> None:
    assert litdb("plot", "--out", "p.svg", "--where", "PESQ=3.0..").code == 0
    joined = {row["joined"] for row in rows("p.csv")}
    assert "tridentse in TridentSE" in joined


@pytest.mark.parametrize(
    "words",
    [
        "plot", "plot --out x.bmp", "plot --out x.svg --xlim 5..1", "plot --out x.svg --columns 3", "plot --out x.svg --xlim 1..2",
        "plot conflicts IMSE --out x.gif", "plot paired A --out x.svg", "plot genealogy TSTNN nonsense --out x.svg",
    ],
)  # fmt: skip
def test_wrong_use(litdb: Litdb, words: str) -> None:
    said = litdb(*words.split())
    assert said.code in (1, 2)
    assert "Traceback" not in said.err
    assert not Path("x.svg").exists()


def test_a_declared_checkpoint_has_its_interval_and_others_are_faint(own: Litdb) -> None:
    assert own("plot", "--out", "p.svg", "--models", "MyNet,IMSE", "--checkpoints").code == 0
    table = [row for row in rows("p.csv") if row["mark"] == "own"]
    assert len(table) == 2
    (declared,) = [row for row in table if row["low"]]
    assert "full/best" in declared["name"]
    assert float(declared["low"]) < float(declared["PESQ"]) < float(declared["high"])
    assert declared["interval"] == "95% interval over 824 files, one seed"


def test_one_run_against_another_with_conditions(own: Litdb, home: Path) -> None:
    lines = [f"{name} cafe {2.5 + 5 * (number % 2)}" for number, name in enumerate(FILES)]
    (home / "log.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = own("plot", "paired", "base/best", "full/best", "--conditions", "log.txt", "--out", "d.pdf")
    assert said.code == 0, said.err
    assert Path("d.pdf").read_bytes().startswith(b"%PDF")
    table = rows("d.csv")
    assert [(row["part"], row["value"]) for row in table] == [
        ("all", ""), ("snr", "2.5"), ("snr", "7.5"), ("speaker", "p232"), ("speaker", "p257"),
    ]  # fmt: skip
    whole = own("compare", "base/best", "full/best", "--metric", "PESQ", "--json").json[0]["measures"][0]
    assert float(table[0]["mean"]) == pytest.approx(whole["difference"]["mean"])
    assert "one run on each side" in said.out


def test_conflicts_and_a_genealogy(litdb: Litdb) -> None:
    assert litdb("plot", "conflicts", "IMSE", "--out", "c.png").code == 0
    assert [row["printed"] for row in rows("c.csv")][:1] == ["3.399"]
    said = litdb("plot", "genealogy", "PHASEN", "CSIG", "--out", "g.png", "--json")
    assert said.json["figure"] == "g.png"
    assert {row["shown by"] for row in rows("g.csv")} >= {"slip"}
    assert litdb("plot", "conflicts", "MANNER", "--out", "n.png").code == 1
