"""An own study as a table."""

from __future__ import annotations

from pathlib import Path

import pytest

import litdb
from litdb.cli._root import run
from litdb.report.render import render


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A catalogue with two variants of three seeds, six files each."""
    db = tmp_path / "own.db"
    assert run(["init", str(db)]) == 0
    for variant, gain in (("base", 0.0), ("more", 0.2)):
        for seed in range(3):
            rows = [f"p{226 + n // 2}_{n:03d},{2.5 + 0.1 * n + gain + 0.01 * seed:.3f}" for n in range(6)]
            scores = tmp_path / f"{variant}{seed}.csv"
            scores.write_text("id,pesq\n" + "\n".join(rows) + "\n", encoding="utf-8")
            words = [
                "add-result",
                "--db",
                str(db),
                "--new",
                f"My{variant}",
                "--run",
                f"{variant}{seed}/best",
                "--dataset",
                "timit",
            ]
            assert run([*words, "--from", str(scores)]) == 0
    return db


def test_means_spreads_and_differences(study: Path) -> None:
    groups = {name: [f"{name}{seed}/best" for seed in range(3)] for name in ("base", "more")}
    with litdb.open(study) as catalogue:
        found = catalogue.ablation(groups, ["PESQ"], dataset="timit")
    assert [column.title for column in found.columns] == ["PESQ", "ΔPESQ"]
    base, more = found.rows
    assert (base.name, base.cells[0].text, base.cells[1].text) == ("base", "2.760", "-")
    assert base.cells[0].uncertainty == pytest.approx(0.01)
    assert more.cells[1].text.startswith("+0.200 [+")
    assert all(row.own for row in found.rows)
    for fmt in ("latex", "markdown", "html", "csv", "terminal"):
        assert "0.200" in render(found, fmt)


def test_fewer_seeds_than_asked_are_refused(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "table",
        "--db",
        str(study),
        "--preset",
        "ablation",
        "--group",
        "base=base0/best,base1/best,base2/best",
        "-d",
        "timit",
    ]
    capsys.readouterr()
    assert run([*words, "--group", "more=more0/best,more1/best"]) == 2
    assert "more has 2" in capsys.readouterr().err
    assert run([*words, "--group", "more=more0/best,more1/best", "--seeds", "2", "--for", "article"]) == 0
    assert r"\begin{table}" in capsys.readouterr().out
    assert run(["table", "--db", str(study), "--preset", "ablation"]) == 2


@pytest.mark.parametrize("preset", ["sota", "datasets", "runs", "versions"])
def test_the_other_presets(preset: str, capsys: pytest.CaptureFixture[str]) -> None:
    more = ["--models", "IMSE"] if preset == "versions" else []
    assert run(["table", "--preset", preset, *more]) == 0
    said = capsys.readouterr().out
    assert {"sota": "over 1M parameters", "datasets": "DNS-2020", "runs": "old/last", "versions": "IMSE v1"}[
        preset
    ] in said
    assert run(["table", "--preset", preset, "--for", "interspeech", *more]) == 0
    assert run(["table", "--preset", "none"]) == 2
