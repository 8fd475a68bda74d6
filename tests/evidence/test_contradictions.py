"""Scores that cannot be in the company of their row have no rank."""

from __future__ import annotations

from litdb.evidence.rows.contradictions import contradicted
from litdb.values.value import Value
from tests.evidence.values import value


def row(**printed: str) -> list[Value]:
    return [value("FooNet", name.replace("_", "-"), number) for name, number in printed.items()]


def test_what_the_other_numbers_of_a_row_exclude() -> None:
    assert set(contradicted(row(PESQ="3.88", CSIG="4.82", CBAK="3.85", COVL="4.82"))) == {"COVL"}
    assert set(contradicted(row(PESQ="3.41", PESQ_NB="2.97"))) == {"PESQ"}
    assert set(contradicted(row(STOI="0.87", ESTOI="0.95"))) == {"ESTOI"}
    reason = contradicted(row(PESQ="3.88", CSIG="4.82", COVL="4.82"))["COVL"]
    assert reason == "it cannot be, COVL 4.82 with PESQ 3.88: by its definition at most 4.72"


def test_five_numbers_that_do_not_fit_take_the_composites_out() -> None:
    found = contradicted(row(PESQ="2.96", SSNR="9.70", CSIG="4.17", CBAK="3.53", COVL="3.49"))
    assert set(found) == {"CSIG", "CBAK", "COVL"}  # which of them is wrong is not known


def test_rows_that_can_be_are_left_alone() -> None:
    assert contradicted(row(PESQ="3.50", SSNR="10.64", CSIG="4.73", CBAK="3.95", COVL="4.22")) == {}
    assert contradicted(row(PESQ="3.1", STOI="0.95", params="0.5M")) == {}
    assert contradicted(()) == {}
