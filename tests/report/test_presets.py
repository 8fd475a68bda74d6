"""Every preset compiles in every template, with and without siunitx, over one column and two, and is nowhere overfull."""

from __future__ import annotations

from pathlib import Path

import pytest

import litdb
from litdb.api import Study
from litdb.cli._root import run
from litdb.questions.tables.presets import PRESETS
from litdb.report.paper.style import Style
from litdb.report.paper.target import target
from litdb.report.render import render
from litdb.values.table import Table

from .compiling import PREAMBLES, compiled
from .test_paper import wide

#: Names that a table must survive, and some of them as text.
NASTY = r"50% off_#1 & \input{/etc/passwd} <script> 模型 Ω"
MODELS = ["IMSE", "MUSE", "MP-SENet-2023", "MP-SENet-long", "BSRNN-sungwon23", "BSRNN-FAC-MRHA3"]


@pytest.fixture(scope="module")
def tables(shipped_file: Path, whole_file: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Table]:
    """A table of every preset, one of its models called by a hostile name, and a made-up one."""
    folder = tmp_path_factory.mktemp("study")
    own = str(folder / "own.db")
    assert run(["init", "--empty", own]) == 0
    for gain in (0.0, 0.2):
        for seed in range(3):
            scores = folder / "scores.csv"
            lines = [f"p226_{n:03d},{2.5 + 0.1 * n + gain + 0.01 * seed:.3f}" for n in range(4)]
            scores.write_text("id,pesq\n" + "\n".join(lines) + "\n", encoding="utf-8")
            named = [
                "add-result",
                "--db",
                own,
                "--new",
                f"My{gain}",
                "--run",
                f"{gain}{seed}/best",
                "-d",
                "timit",
            ]
            assert run([*named, "--from", str(scores)]) == 0
    made = []
    with litdb.open(own) as catalogue:
        groups = {
            name: [f"{gain}{seed}/best" for seed in range(3)] for name, gain in (("base", 0.0), (NASTY, 0.2))
        }
        made.append(catalogue.preset_table("ablation", None, {"datasets": ["timit"]}, Study(groups)))
    with litdb.open(str(whole_file)) as catalogue:
        for paper in ("2308.08926", "2210.12995", "2609.29866"):
            made.append(catalogue.preset_table("ablation", study=Study(paper=paper)))
    with litdb.open(str(shipped_file)) as catalogue:
        for preset in PRESETS:
            if preset != "ablation":
                words = {} if preset == "runs" else {"models": MODELS}
                found = catalogue.preset_table(preset, None, words)  # type: ignore[arg-type]
                made.append(found.renamed({found.rows[0].model: NASTY}))
    return [*made, wide()]


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("template", list(PREAMBLES))
def test_it_compiles_and_is_not_overfull(
    template: str, columns: int, plain: bool, tables: list[Table], tmp_path: Path
) -> None:
    style = Style(
        "paper",
        target(template, columns),
        plain,
        citations={"IMSE": "imse", "LiSenNet": "lisen"},
        compiled="2026-01-02",
    )
    body = "\\clearpage\n".join(render(table, "latex", style=style) for table in tables)
    log = compiled(body, template, style, tmp_path)
    assert "Overfull" not in log, [line for line in log.splitlines() if "Overfull" in line]
    assert "etc/passwd}" not in log
