"""Sizes of one model: the same name in the same paper but for what says how large it is."""

from __future__ import annotations

import pytest

from litdb.evidence.rows.sizes import sizes, without_size
from litdb.values.value import Model


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("LORT (N=1, C=16)", "LORT"), ("TridentSE-S", "TridentSE"), ("Mamba-SEUNet (L)", "Mamba-SEUNet"), ("QC-GAN (Tiny)", "QC-GAN"),
        ("Net_large", "Net"), ("Net-16", "Net"), ("QC-GAN: Real-NN (140K)", "QC-GAN: Real-NN"), ("U-PAST-S", "U-PAST"),
    ],
)  # fmt: skip
def test_what_says_a_size_is_taken_off(name: str, base: str) -> None:
    assert without_size(name) == base


@pytest.mark.parametrize(
    "name",
    ["NSNet2", "D²Former", "MetricGAN+", "S", "DPRNN (reproduced)", "FFC-AE-V0", "ADER (fixed shared block)"],
)
def test_other_endings_stay(name: str) -> None:
    assert without_size(name) == name


def test_sizes_are_of_one_paper() -> None:
    models = [
        Model("a-s", "A-S", paper="P"), Model("a-l", "A-L", paper="P"), Model("a-l2", "A-L", paper="Q"),
        Model("b", "B", paper="P"), Model("c-s", "C-S"), Model("c-l", "C-L"),
    ]  # fmt: skip
    assert sizes(models) == {"a-s": "a in P", "a-l": "a in P"}
