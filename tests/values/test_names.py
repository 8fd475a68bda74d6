"""Names as they are compared: what sets two models apart and what does not."""

from __future__ import annotations

import pytest

from litdb.values.names import bare_name, fold_name, one_letter_apart


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


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("mynte", "mynet", True),
        ("mynt", "mynet", True),
        ("mynett", "mynet", True),
        ("mynat", "mynet", True),
        ("mynet", "mynet", False),
        ("mynet1", "mynet2", False),
        ("mynet", "mynet2", False),
        ("mynet12", "mynet21", False),
        ("m1", "m2", False),
        ("mynte", "mynets", False),
        ("", "a", False),
        ("a", "b", False),
        ("n2", "m2", False),
        ("", "", False),
    ],
)
def test_a_letter_apart(one: str, other: str, apart: bool) -> None:
    assert one_letter_apart(one, other) is one_letter_apart(other, one) is apart
