"""Tables changed without touching a number: readings stay, or become proposed; no accepted one turns wrong."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.reader.changes import CHANGES
from litdb.extract import ACCEPT_THRESHOLD, CellReading, source_from_files
from litdb.extract.document import describe_source
from litdb.extract.meaning.paper import PaperText
from litdb.extract.meaning.priors import shipped
from litdb.extract.meaning.readings import read_grid
from litdb.extract.types import Grid

pytestmark = pytest.mark.slow

TABLES = {
    "comparison": [
        "Model | Year | PESQ | CSIG | CBAK | COVL | STOI (%) | Params (M)",
        "Noisy | - | 1.97 | 3.35 | 2.44 | 2.63 | 91.5 | -",
        "QuxNet | 2019 | 2.71 | 3.92 | 3.21 | 3.30 | 93.8 | 5.20",
        "BarSE-2 | 2020 | 2.93 | 4.11 | 3.40 | 3.52 | 94.4 | 2.40",
        "CorgeUNet | 2021 | 3.02 | 4.20 | 3.49 | 3.60 | 94.8 | 3.10",
        "GraultMamba | 2022 | 3.10 | 4.31 | 3.55 | 3.69 | 95.1 | 1.70",
        "FooNet-S | 2024 | 3.06 | 4.32 | 3.58 | 3.69 | 95.3 | 0.61",
        "FooNet-L | 2024 | 3.21 | 4.47 | 3.70 | 3.85 | 96.0 | 1.90",
    ],
    "ablation": [
        "Method | PESQ | CSIG | COVL",
        "FooNet | 3.21 | 4.47 | 3.85",
        "w/o attention | 3.11 | 4.38 | 3.74",
        "w/o phase loss | 3.15 | 4.40 | 3.77",
        "w/o both stages | 3.02 | 4.29 | 3.63",
    ],
    "two sets": [
        "System | VoiceBank+DEMAND PESQ | DNS no reverb PESQ | Params (M)",
        "Noisy | 1.97 | 1.58 | -",
        "QuxNet | 2.71 | 2.45 | 5.2",
        "BarSE-2 | 2.93 | 2.61 | 2.4",
        "FooNet | 3.21 | 2.97 | 0.9",
    ],
}


def table(name: str) -> tuple[Grid, PaperText]:
    """One of the tables as a grid, with what its paper says of itself."""
    rows = TABLES[name]
    lines = [f"| {rows[0]} |", "|" + "---|" * len(rows[0].split(" | ")), *(f"| {row} |" for row in rows[1:])]
    text = "# FooNet: a network\n\nTable 1: Results on the VoiceBank+DEMAND test set.\n\n" + "\n".join(lines)
    grids, paper = describe_source(source_from_files({"README.md": text}, "README.md"))
    return grids[0], paper


def said(readings: tuple[CellReading, ...]) -> set[tuple[str, str, str, float]]:
    """What the readings say, conditions of the label aside."""
    return {(re.sub(r"\s*\[.*", "", r.model), r.metric, r.dataset, r.value) for r in readings}


def check(grid: Grid, changed: Grid, paper: PaperText, added: frozenset[str] = frozenset()) -> None:
    """Everything accepted of the changed table was read of the table; what was read is still read."""
    before = said(read_grid(grid, paper, shipped()).readings)
    after = tuple(r for r in read_grid(changed, paper, shipped()).readings if r.quantity not in added)
    accepted = tuple(r for r in after if r.confidence >= ACCEPT_THRESHOLD)
    assert said(accepted) <= before
    assert len(said(after) & before) >= 0.95 * len(before)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", TABLES)
def test_changes_that_touch_no_number(name: str, change: str) -> None:
    grid, paper = table(name)
    changed = CHANGES[change](grid)
    if changed is None:
        pytest.skip("the change does not apply to this table")
    check(grid, changed, paper, frozenset({"SNR"}) if "snr" in change else frozenset())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(TABLES)), st.randoms(use_true_random=False))
def test_rows_and_columns_in_any_order(name: str, random: object) -> None:
    grid, paper = table(name)
    body, columns = list(grid.rows[1:]), list(range(1, len(grid.rows[0])))
    if name != "ablation":
        random.shuffle(body)  # type: ignore[attr-defined]
    random.shuffle(columns)  # type: ignore[attr-defined]
    order = [0, *columns]
    rows = tuple(tuple(row[at] for at in order) for row in (grid.rows[0], *body))
    check(grid, Grid(rows, grid.caption, context=grid.context), paper)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(sorted(CHANGES)), min_size=2, max_size=2, unique=True))
def test_two_changes_at_once_accept_nothing_wrong(names: list[str]) -> None:
    grid, paper = table("comparison")
    changed: Grid | None = grid
    for name in names:
        changed = CHANGES[name](changed) if changed is not None else None
    if changed is None:
        return
    before = said(read_grid(grid, paper, shipped()).readings)
    accepted = tuple(
        r
        for r in read_grid(changed, paper, shipped()).readings
        if r.confidence >= ACCEPT_THRESHOLD and r.quantity != "SNR"
    )
    assert said(accepted) <= before
