"""Ablation tables: base row, changed rows, what changed, differences."""

from __future__ import annotations

import pytest

from litdb.extract.ablation import ablation, parse_change
from tests.extract.support import latex, read


@pytest.mark.parametrize(
    ("label", "action", "components", "replacement"),
    [
        ("w/o CA", "removed", ("CA",), ""),
        ("without channel attention and GAN", "removed", ("channel attention", "GAN"), ""),
        ("- GAN loss", "removed", ("GAN loss",), ""),
        ("no PreConvs", "removed", ("PreConvs",), ""),
        ("+ PCS", "added", ("PCS",), ""),
        ("+ MALA (replaces MET)", "replaced", ("MET",), "MALA"),
        ("LSTM → GRU", "replaced", ("LSTM",), "GRU"),
        ("DPR (N = 2)", "changed", ("DPR (N = 2)",), ""),
        ("FooNet (-CL)", "removed", ("CL",), ""),
    ],
)
def test_the_change_in_words(label: str, action: str, components: tuple[str, ...], replacement: str) -> None:
    assert parse_change(label) == (action, components, replacement)


def test_removals_start_from_the_full_model() -> None:
    body = (
        r"Model & PESQ & SSNR\\ FooNet & 3.05 & 8.16\\ w/o CA & 2.86 & 8.91\\ LSTM $\to$ GRU & 3.10 & 8.16\\"
    )
    extraction = read(latex(body, "Ablation study on VoiceBank+DEMAND"))
    (table,) = extraction.tables
    assert table.kind == "ablation"
    found = ablation(table)
    assert found is not None
    assert (found.base, found.base_row) == ("FooNet", 1)
    first, second = found.rows
    assert (first.words, first.action, first.components) == ("w/o CA", "removed", ("CA",))
    assert [(d.metric, d.difference) for d in first.differences] == [("PESQ", -0.19), ("SSNR", 0.75)]
    assert [d.difference for d in second.differences] == [0.05, 0.0]


def test_additions_start_from_the_base_row() -> None:
    body = r"Model & PESQ\\ 1. Bar (Base) & 3.37\\ 2. + X (replaces Y) & 3.38\\ 3. + Z & 3.39\\ 4. FooNet (Ours) & 3.40\\"
    found = ablation(read(latex(body, "Ablation study on VoiceBank+DEMAND")).tables[0])
    assert found is not None
    assert found.base == "Bar"
    assert [change.differences[0].difference for change in found.rows] == [0.01, 0.02]


def test_ticked_components() -> None:
    body = r"Attention & GAN & PESQ\\ \ding{55} & \ding{55} & 2.9\\ \ding{51} & \ding{55} & 3.0\\ \ding{51} & \ding{51} & 3.2\\"
    table = read(latex(body, "Ablation study of FooNet on VoiceBank+DEMAND")).tables[0]
    assert [r.model for r in table.readings] == [
        "FooNet [w/o Attention, GAN]",
        "FooNet [w/ Attention]",
        "FooNet [w/ Attention, GAN]",
    ]
    found = ablation(table)
    assert found is not None
    assert [change.differences[0].difference for change in found.rows] == [-0.3, -0.2]


def test_a_comparison_is_no_ablation() -> None:
    body = r"Model & PESQ\\ Noisy & 1.97\\ Bar~\cite{b} & 2.9\\ FooNet & 3.2\\"
    assert ablation(read(latex(body, "Comparison on VoiceBank+DEMAND")).tables[0]) is None


def test_settings_without_a_base_row_are_no_ablation_value() -> None:
    body = r"Loss & PESQ\\ Only magnitude & 3.05\\ P = 1 & 3.28\\ P = 200 & 3.41\\"
    table = read(latex(body, "Study of loss functions on VoiceBank+DEMAND")).tables[0]
    assert {(r.kind, r.parent) for r in table.readings} == {("ablation", "FooNet")}
    assert ablation(table) is None
