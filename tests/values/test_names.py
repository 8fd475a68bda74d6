"""Names as they are compared: what sets two models apart and what does not."""

from __future__ import annotations

import pytest

from litdb.values.names import bare_name, fold_name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("α-Net", "β-Net", False),
        ("α-Net", "Α-NET", True),
        ("Net", "α-Net", False),
        ("D²Former", "D³Former", False),
        ("D²Former", "D2Former", True),
        ("MetricGAN+", "MetricGAN", False),
        ("DB-AIAT", "DB AIAT", True),
        ("CMGAN", "CMGAN†", False),
    ],
)
def test_the_one_fold(one: str, other: str, same: bool) -> None:
    assert (fold_name(one) == fold_name(other)) is same


def test_a_reader_takes_daggers_for_footnote_marks() -> None:
    assert bare_name("CMGAN†") == bare_name("CMGAN")
    assert bare_name("α-Net") != bare_name("β-Net")
    assert bare_name(" – ") == ""
