"""Counts of what was not tried: components by size, rows that isolate them."""

from __future__ import annotations

import itertools
import math

import pytest

from litdb.evidence.components.phrases import Phrases
from litdb.evidence.components.untried import (
    SIZES,
    UsingModel,
    coverage,
    isolations,
    own_components_of,
    size_class,
)
from litdb.evidence.components.values import ChangedRow, Delta
from litdb.vocabulary.components import components


def row(paper: str, *parts: str, params: float | None = None, **more: object) -> ChangedRow:
    return ChangedRow(
        paper=paper, place=f"{paper}, table 2", url="", caption="", words="w/o it", label="w/o it", base_label=paper,
        base_model=paper, action="removed", components=parts, replacement="",
        deltas=(Delta("PESQ", "vbd", 3.0, 2.9, "3.00", "2.90"),), base_params=params, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_the_classes_of_size_leave_no_gap_and_do_not_overlap() -> None:
    assert SIZES[0][1] == 0 and math.isinf(SIZES[-1][2])
    assert all(one[2] == other[1] for one, other in itertools.pairwise(SIZES))


@pytest.mark.parametrize(
    ("params", "place"), [(0.0, 0), (0.2e6, 1), (0.46e6, 1), (1e6, 2), (6e9, 3), (None, 4)]
)
def test_a_model_is_of_the_class_that_holds_its_size(params: float | None, place: int) -> None:
    assert size_class(params) == place


def test_components_are_counted_by_size_those_that_nobody_uses_too() -> None:
    models = [
        UsingModel("A", 0.4e6, frozenset({"mamba", "discriminator"})),
        UsingModel("B", 0.5e6, frozenset({"mamba"})),
        UsingModel("C", None, frozenset({"mamba"})),
        UsingModel("D", 3e6, frozenset()),
    ]
    found = coverage("vbd", "VoiceBank+DEMAND", models, components())
    counts = {one.component: one.counts for one in found.rows}
    assert (found.models, found.stated, found.sizes) == (4, 3, (0, 2, 1, 0, 1))
    assert counts["mamba"] == (0, 2, 0, 0, 1)
    assert counts["discriminator"] == (0, 1, 0, 0, 0)
    assert counts["xlstm"] == (0, 0, 0, 0, 0)
    assert {one.component for one in found.rows} == {one.id for one in components().all}


def test_a_component_counts_as_isolated_where_a_row_changes_it_alone() -> None:
    rows = [
        row("A", "mamba", params=0.5e6, metricgan="yes"),
        row("A", "mamba", params=1e6, seeded=True),
        row("B", "mamba"),  # of unknown size, which is not small
        row("C", "mamba", "phase", params=0.1e6, metricgan="yes", seeded=True),
    ]
    found = {one.component: one for one in isolations(rows, Phrases(components()))}
    mamba = found["mamba"]
    assert (mamba.rows, mamba.papers, mamba.small, mamba.adversarial, mamba.seeded) == (3, 2, 1, 1, 1)
    assert (found["phase"].rows, found["phase"].small) == (0, 0)


def test_the_never_isolated_come_first() -> None:
    found = isolations([row("A", "mamba")], Phrases(components()))
    assert found[-1].component == "mamba" and found[0].rows == 0


def test_own_components_stand_beside_their_relatives_from_either_side() -> None:
    known = components()
    found = isolations([row("A", "band split", params=0.3e6)], Phrases(known))
    own = {
        one.isolated.component: one
        for one in own_components_of(["frequency-position", "no such"], found, known)
    }
    assert set(own) == {"frequency-position"}
    near = {one.component: (one.rows, one.small) for one in own["frequency-position"].near}
    assert near == {"band-split": (1, 1), "sub-band": (0, 0)}
    dense = {one.component for one in own_components_of(["dilated"], found, known)[0].near}
    assert "dense-skips" in dense  # which names it, and is not named by it
