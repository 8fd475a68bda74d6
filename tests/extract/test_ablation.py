"""Ablation tables: base row, changed rows, what changed, differences."""

from __future__ import annotations

import pytest

from litdb.extract.ablations.change import parse_change
from litdb.extract.ablations.tables import ablation
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
        ("w/o CL + w/ TL (old)", "changed", ("CL", "TL (old)"), ""),
        ("+ A + B", "added", ("A", "B"), ""),
        ("- A - B", "removed", ("A", "B"), ""),
        ("replace LSTM with GRU", "replaced", ("LSTM",), "GRU"),
        ("LSTM replaced by GRU", "replaced", ("LSTM",), "GRU"),
        ("use ReLU instead of PReLU", "replaced", ("PReLU",), "ReLU"),
        ("No. 3", "changed", ("No. 3",), ""),
        ("w/o loss (time, phase)", "removed", ("loss (time, phase)",), ""),
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
    said = [(c.row, c.base_row, c.components, c.differences[0].difference) for c in found.rows]
    assert said == [
        (2, 1, ("Y",), 0.01),
        (3, 1, ("Z",), 0.02),
        (4, 1, ("Y", "Z"), 0.03),  # the model of the paper has both
        (4, 2, ("Z",), 0.02),
        (4, 3, ("Y",), 0.01),
    ]


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
    said = [(c.row, c.base_row, c.action, c.components, c.differences[0].difference) for c in found.rows]
    assert said == [
        (1, 3, "removed", ("Attention", "GAN"), -0.3),
        (1, 2, "removed", ("Attention",), -0.1),
        (2, 3, "removed", ("GAN",), -0.2),
    ]


def test_a_comparison_is_no_ablation() -> None:
    body = r"Model & PESQ\\ Noisy & 1.97\\ Bar~\cite{b} & 2.9\\ FooNet & 3.2\\"
    assert ablation(read(latex(body, "Comparison on VoiceBank+DEMAND")).tables[0]) is None


def test_settings_without_a_base_row_are_no_ablation_value() -> None:
    body = r"Loss & PESQ\\ Only magnitude & 3.05\\ P = 1 & 3.28\\ P = 200 & 3.41\\"
    table = read(latex(body, "Study of loss functions on VoiceBank+DEMAND")).tables[0]
    assert {(r.kind, r.parent) for r in table.readings} == {("ablation", "FooNet")}
    assert ablation(table) is None


CAPTION = "Ablation study of FooNet on VoiceBank+DEMAND"


def found(body: str, caption: str = CAPTION) -> list[tuple[object, ...]]:
    """(row, base row, action, components, replacement, difference of the first metric) of every comparison."""
    extraction = read(latex(body, caption))
    (table,) = extraction.tables
    result = table.ablation
    return [
        (c.row, c.base_row, c.action, c.components, c.replacement, c.differences[0].difference)
        for c in (result.rows if result else ())
    ]


def test_additions_that_build_on_one_another() -> None:
    body = r"Model & PESQ\\ Baseline & 2.8\\ + dense skips & 2.9\\ + GAN loss & 3.1\\ + phase decoder & 3.2\\"
    assert found(body) == [
        (2, 1, "added", ("dense skips",), "", 0.1),
        (3, 1, "added", ("dense skips", "GAN loss"), "", 0.3),
        (3, 2, "added", ("GAN loss",), "", 0.2),
        (4, 1, "added", ("dense skips", "GAN loss", "phase decoder"), "", 0.4),
        (4, 3, "added", ("phase decoder",), "", 0.1),
    ]


def test_additions_that_are_listed_each_time() -> None:
    body = r"Model & PESQ\\ Baseline & 2.8\\ + A1 & 2.9\\ + B1 & 3.0\\ + A1 + B1 & 3.2\\"
    assert found(body) == [
        (2, 1, "added", ("A1",), "", 0.1),
        (3, 1, "added", ("B1",), "", 0.2),
        (4, 1, "added", ("A1", "B1"), "", 0.4),
        (4, 2, "added", ("B1",), "", 0.3),
        (4, 3, "added", ("A1",), "", 0.2),
    ]


def test_a_row_without_two_components_isolates_one_against_the_row_without_the_other() -> None:
    body = r"Model & PESQ\\ FooNet & 3.2\\ w/o phase loss & 3.1\\ w/o phase loss, w/o GAN & 2.9\\"
    assert found(body) == [
        (2, 1, "removed", ("phase loss",), "", -0.1),
        (3, 1, "removed", ("phase loss", "GAN"), "", -0.3),
        (3, 2, "removed", ("GAN",), "", -0.2),
    ]


def test_each_section_has_its_base() -> None:
    body = (
        r"Model & PESQ\\ \multicolumn{2}{c}{Small}\\ FooNet-S & 3.0\\ w/o GAN & 2.9\\"
        r"\multicolumn{2}{c}{Large}\\ FooNet-L & 3.3\\ w/o GAN & 3.1\\"
    )
    assert found(body) == [(3, 2, "removed", ("GAN",), "", -0.1), (6, 5, "removed", ("GAN",), "", -0.2)]


def test_the_full_model_at_the_end_is_the_base_of_removals() -> None:
    body = r"Model & PESQ\\ Baseline & 2.5\\ w/o GAN & 3.0\\ w/o phase & 2.9\\ FooNet (full) & 3.2\\"
    assert [row[:2] for row in found(body)] == [(2, 4), (3, 4)]


@pytest.mark.parametrize(
    ("yes", "no"), [(r"$\checkmark$", ""), (r"\ding{51}", r"\ding{55}"), ("Yes", "No"), ("x", "")]
)
def test_ticks_of_every_kind(yes: str, no: str) -> None:
    rows = [
        ("Base", no, no, "2.8"),
        ("1", yes, no, "2.9"),
        ("2", no, yes, "3.0"),
        ("FooNet", yes, yes, "3.2"),
    ]
    body = r"Ver. & Dense skips & GAN & PESQ\\" + "".join(" & ".join(row) + r"\\" for row in rows)
    assert found(body) == [
        (1, 4, "removed", ("Dense skips", "GAN"), "", -0.4),
        (1, 2, "removed", ("Dense skips",), "", -0.1),
        (1, 3, "removed", ("GAN",), "", -0.2),
        (2, 4, "removed", ("GAN",), "", -0.3),
        (3, 4, "removed", ("Dense skips",), "", -0.2),
    ]


def test_ticks_under_a_grouped_header() -> None:
    body = (
        r"\multirow{2}{*}{Ver.} & \multicolumn{2}{c}{Components} & \multirow{2}{*}{PESQ}\\ & Skips & GAN & \\"
        r"a & \ding{51} & \ding{55} & 3.0\\ b & \ding{51} & \ding{51} & 3.2\\"
    )
    (row,) = found(body)
    assert row[:3] == (2, 3, "removed")
    assert [str(component).endswith("GAN") for component in row[3]] == [True]  # type: ignore[attr-defined]


def test_names_of_one_pattern() -> None:
    body = (
        r"Model & Fusion & PESQ\\ MM-XX & \ding{55} & 3.0\\ MM-YY & \ding{51} & 3.1\\"
        r"FF-XX & \ding{55} & 3.2\\ FF-YY & \ding{51} & 3.4\\"
    )
    assert found(body, "Ablation study on VoiceBank+DEMAND") == [
        (1, 4, "changed", ("Fusion", "FF"), "MM", -0.4),
        (1, 2, "removed", ("Fusion",), "", -0.1),
        (1, 3, "replaced", ("FF",), "MM", -0.2),
        (2, 4, "replaced", ("FF",), "MM", -0.3),
        (3, 4, "removed", ("Fusion",), "", -0.2),
    ]


def test_settings_and_the_one_that_is_the_base() -> None:
    body = (
        r"Model & Params (M) & PESQ\\ FooNet & 1.0 & 3.2\\ w/o GAN & 1.0 & 3.1\\ DPR (N = 1) & 0.8 & 3.0\\"
        r"DPR (N = 2) & 1.0 & 3.2\\ DPR (N = 3) & 1.2 & 3.3\\"
    )
    extraction = read(latex(body, "Ablation study of FooNet on VoiceBank+DEMAND"))
    assert {r.kind for r in extraction.readings if r.row > 1} == {"ablation"}
    changes = [(row[0], row[1], row[3]) for row in found(body)]
    assert changes == [(2, 1, ("GAN",)), (3, 1, ("DPR (N = 1)",)), (5, 1, ("DPR (N = 3)",))]


def two_tables(body: str, caption: str) -> str:
    """The results of the paper in one table, and another table."""
    results = latex(
        r"Model & PESQ & CSIG & CBAK\\ Noisy & 1.97 & 3.35 & 2.44\\ FooNet (Ours) & 3.21 & 4.51 & 3.62\\",
        "Results on VoiceBank+DEMAND",
    )
    other = (
        rf"\begin{{table}}\caption{{{caption}}}\begin{{tabular}}{{lcccc}}{body}\end{{tabular}}\end{{table}}"
    )
    return results.replace(r"\end{document}", other + r"\end{document}")


def test_a_setting_that_repeats_the_own_model_is_the_base() -> None:
    body = (
        r"N & PESQ & CSIG & CBAK\\ 1 & 3.11 & 4.41 & 3.52\\ 2 & 3.21 & 4.51 & 3.62\\ 3 & 3.22 & 4.52 & 3.63\\"
    )
    extraction = read(two_tables(body, "Effect of the number of blocks on VoiceBank+DEMAND"))
    result = extraction.tables[1].ablation
    assert result is not None
    assert [(c.row, c.base_row, c.action, c.components) for c in result.rows] == [
        (1, 2, "changed", ("N = 1",)),
        (3, 2, "changed", ("N = 3",)),
    ]
    assert ablation(extraction.tables[1]) is None


def test_a_part_that_was_exchanged() -> None:
    body = r"Model & PESQ & CSIG & CBAK\\ Mamba & 3.21 & 4.51 & 3.62\\ Conformer & 3.11 & 4.41 & 3.52\\"
    extraction = read(
        two_tables(body, "Comparison of Mamba and Conformer in one architecture on VoiceBank+DEMAND")
    )
    result = extraction.tables[1].ablation
    assert result is not None
    (change,) = result.rows
    assert (change.base_row, change.action, change.components, change.replacement) == (
        1,
        "replaced",
        ("Mamba",),
        "Conformer",
    )
    assert change.isolates == "Mamba"


def test_a_variant_beside_its_model_in_a_comparison() -> None:
    body = r"Model & PESQ\\ Noisy & 1.97\\ Bar~\cite{b} & 2.9\\ Bar + aug~\cite{b} & 3.0\\ FooNet (-GAN) & 3.1\\ FooNet & 3.2\\"
    assert found(body, "Comparison on VoiceBank+DEMAND") == [(4, 5, "removed", ("GAN",), "", -0.1)]


def test_baselines_in_an_ablation_table_are_no_changes() -> None:
    body = r"Model & PESQ\\ BarNet & 2.9\\ FooNet & 3.2\\ w/o GAN & 3.1\\ conv only in encoder & 3.0\\"
    extraction = read(latex(body, "Ablation study of FooNet on VoiceBank+DEMAND"))
    assert [r.kind for r in extraction.readings] == ["system", "system", "ablation", "ablation"]
    assert [row[:2] for row in found(body)] == [(3, 2), (4, 2)]


def test_a_table_with_models_in_its_columns_has_no_rows_to_compare() -> None:
    body = r"Metric & FooNet & w/o GAN\\ PESQ & 3.2 & 3.1\\ CSIG & 4.5 & 4.4\\"
    assert found(body) == []


def systems(body: str, caption: str) -> list[tuple[str, str, bool]]:
    """(system, kind, own) of every row."""
    readings = read(latex(body, caption)).readings
    return list(dict.fromkeys((r.system, r.kind, r.own) for r in readings))


def test_the_full_model_is_the_model_of_the_paper() -> None:
    body = r"Method & PESQ\\ Full model & 3.2\\ w/o GAN & 3.1\\"
    assert systems(body, CAPTION) == [("FooNet", "system", True), ("FooNet w/o GAN", "ablation", True)]
    assert found(body) == [(2, 1, "removed", ("GAN",), "", -0.1)]


def test_labels_under_the_name_of_a_part_are_settings() -> None:
    body = r"Recurrent block & PESQ\\ LSTM & 3.0\\ GRU & 3.1\\ Mamba (ours) & 3.2\\"
    assert [kind for _, kind, _ in systems(body, CAPTION)] == ["ablation", "ablation", "system"]
    assert found(body) == [
        (1, 3, "replaced", ("Mamba",), "LSTM", -0.2),
        (2, 3, "replaced", ("Mamba",), "GRU", -0.1),
    ]


def test_the_default_setting_is_the_base() -> None:
    body = r"Blocks & PESQ\\ 2 & 3.0\\ 4 (default) & 3.1\\ 6 & 3.2\\"
    assert [name for name, _, _ in systems(body, CAPTION)][:1] == ["FooNet [blocks=2]"]
    assert found(body) == [
        (1, 2, "changed", ("Blocks = 2",), "", -0.1),
        (3, 2, "changed", ("Blocks = 6",), "", 0.1),
    ]


def test_two_settings_make_different_models() -> None:
    body = r"Attention & Loss & PESQ\\ SE & MSE & 3.0\\ CBAM & MSE & 3.1\\ SE & L1 & 3.2\\"
    names = [name for name, _, _ in systems(body, CAPTION)]
    assert len(set(names)) == 3
    assert found(body) == []  # which of them is the paper's model is not said


def test_a_table_longer_than_any_ablation_is_left_alone() -> None:
    body = r"Model & PESQ\\ FooNet & 3.2\\" + "".join(rf"w/o part{n} & 3.1\\" for n in range(250))
    assert found(body) == []
