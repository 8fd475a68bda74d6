"""When two values are the same number, and what a bound says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litdb.values.agreement import agree, cut_off, is_bound, meets
from litdb.vocabulary.ranges import Condition
from tests.evidence.values import value


@pytest.mark.parametrize(
    ("metric", "one", "other", "same"),
    [
        ("PESQ", "3.4", "3.399", True),
        ("params", "0.05M", "48.2K", True),
        ("PESQ", "3.373", "3.399", False),
        ("PESQ", "3.0+", "3.11", True),
        ("PESQ", "3.0+", "2.9", False),
        ("PESQ", ">3.2", "3.11", False),
        ("params", "<0.5M", "0.46M", True),
        ("params", "<0.5M", "0.6M", False),
        ("PESQ", "~3.1", "3.2", True),
        ("PESQ", "~3.1", "3.3", False),
    ],
)
def test_up_to_the_coarser_printed_step_and_on_the_side_of_a_bound(
    metric: str, one: str, other: str, same: bool
) -> None:
    a, b = value("A", metric, one), value("A", metric, other)
    assert agree(a, b) is same
    assert agree(b, a) is same


@pytest.mark.parametrize(
    ("printed", "bound"), [("3.0+", True), (">3.2", True), ("<3.2", True), ("~3.2", False)]
)
def test_what_is_a_bound(printed: str, bound: bool) -> None:
    assert is_bound(value("A", "PESQ", printed)) is bound
    assert not is_bound(value("A", "PESQ", "3.2"))


def test_digits_cut_off_instead_of_rounded() -> None:
    assert cut_off(value("A", "STOI", "0.956"), value("A", "STOI", "0.95"))
    assert not cut_off(value("A", "STOI", "0.954"), value("A", "STOI", "0.95"))  # that is rounding


@given(st.integers(100, 450), st.integers(1, 3), st.integers(1, 3))
def test_a_number_agrees_with_its_own_rounding(hundredths: int, one: int, other: int) -> None:
    number = hundredths / 100 + 0.003
    assert agree(value("A", "PESQ", f"{number:.{one}f}"), value("A", "PESQ", f"{number:.{one}f}"))
    exact = value("A", "PESQ", f"{number:.6f}")
    assert agree(exact, value("A", "PESQ", f"{number:.{other}f}"))


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        ("params=0.46M..1M", True),
        ("params>=0.46M", True),
        ("params<0.46M", False),
        ("params<=0.459M", False),
        ("params>0.459M", True),
        ("params=0.459867M", True),  # typed finer than it is shown: the number itself
        ("params>=0.4599M", False),
    ],
)
def test_a_count_meets_a_range_as_tables_show_it(condition: str, met: bool) -> None:
    assert meets(value("A", "params", "459867", resolution=0.0), Condition.parse(condition)) is met


def test_a_coarse_number_does_not_grow_to_meet_a_finer_end() -> None:
    assert not meets(value("A", "params", "0.5M"), Condition.parse("params=0.51M..1M"))
    assert not meets(value("A", "PESQ", "3.0"), Condition.parse("PESQ>=3.04"))
    assert meets(value("A", "PESQ", "2.8635", resolution=0.0), Condition.parse("PESQ=2.86..2.864"))
    assert not meets(value("A", "PESQ", "2.8635", resolution=0.0), Condition.parse("PESQ>=2.8636"))
