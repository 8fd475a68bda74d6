"""Ranges and conditions as they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litdb.errors import UsageError
from litdb.vocabulary.ranges import Condition, Range


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("0.4M..1.0M", 400_000, 1_000_000),
        ("2.8..3.4", 2.8, 3.4),
        ("2023..", 2023, None),
        ("..5", None, 5),
        (" 1 .. 2 ", 1, 2),
        ("14k..0.4M", 14_000, 400_000),
        ("94%..96%", 0.94, 0.96),
        ("3.4", 3.4, 3.4),
        ("-5..-1", -5, -1),
        ("2.8-3.4", 2.8, 3.4),
        ("2.8 – 3.4", 2.8, 3.4),
        ("0.4-1.0M", 400_000, 1_000_000),
        ("0.4M-1M", 400_000, 1_000_000),
        ("0.4M to 1.0M", 400_000, 1_000_000),
        ("2020-2024", 2020, 2024),
        ("-5--2", -5, -2),
        ("1e-3", 0.001, 0.001),  # no range
        ("-5", -5, -5),
    ],
)
def test_ranges_are_read(text: str, low: float | None, high: float | None) -> None:
    assert Range.parse(text) == Range(low, high)


@pytest.mark.parametrize(
    "text", ["", "..", " .. ", "a..b", "1..b", "2..1", "1M..0.4M", "1..2..3", "nan..1", "1...2x"]
)
def test_what_is_no_range_is_said(text: str) -> None:
    with pytest.raises(UsageError):
        Range.parse(text)


def test_both_ends_belong_to_a_range_and_nothing_is_in_none() -> None:
    megas = Range.parse("0.4M..1.0M")
    assert 400_000 in megas
    assert 1_000_000 in megas
    assert 0.1 * 3 * 1e6 / 0.3 in megas  # binary dust
    assert 1_000_100 not in megas
    assert 399_999 not in megas
    assert None not in Range()
    assert 5.0 in Range()


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9), st.floats(-1e9, 1e9))
def test_a_value_is_inside_exactly_when_it_lies_between_the_ends(
    low: float, width: float, value: float
) -> None:
    found = Range(low, low + width)
    if low <= value <= low + width:
        assert value in found
    elif not (low - 10 < value < low + width + 10):
        assert value not in found


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("PESQ=2.8..3.4", "PESQ"),
        ("wb-pesq = 3..", "PESQ"),
        ("CSIG@unit=4..", "CSIG@unit"),
        ("#Params=..1M", "params"),
    ],
)
def test_conditions_name_their_metric_canonically(text: str, metric: str) -> None:
    assert str(Condition.parse(text).metric) == metric


@pytest.mark.parametrize("text", ["PESQ", "PESQ 2..3", "=2..3", "QESP=2..3", "PESQ=", "PESQ=.."])
def test_what_is_no_condition_is_said(text: str) -> None:
    with pytest.raises(UsageError):
        Condition.parse(text)


@pytest.mark.parametrize(
    ("text", "low", "high", "above", "below"),
    [
        ("params=1..1.5M", 1e6, 1.5e6, False, False),
        ("params=400..900K", 4e5, 9e5, False, False),
        ("params=1..1,5M", 1e6, 1.5e6, False, False),
        ("params=0,4..1,5M", 4e5, 1.5e6, False, False),
        ("params=14K..0.4M", 14e3, 4e5, False, False),
        ("params>=0.4M", 4e5, None, False, False),
        ("params<0,5M", None, 5e5, False, True),
        ("PESQ>=3", 3, None, False, False),
        ("PESQ=>3", 3, None, False, False),
        ("PESQ>3", 3, None, True, False),
        ("PESQ ≤ 2,86", None, 2.86, False, False),
        ("PESQ==3", 3, 3, False, False),
        ("STOI=94..96", 0.94, 0.96, False, False),
        ("STOI=94..96%", 0.94, 0.96, False, False),
        ("STOI>0.94", 0.94, None, True, False),
    ],
)
def test_words_people_type_are_understood(
    text: str, low: float | None, high: float | None, above: bool, below: bool
) -> None:
    assert Condition.parse(text).range == Range(low, high, above, below)


@pytest.mark.parametrize(
    "text", ["params=0.4..1.0", "params<0.6", "params=0.4..1M..", "params=400..1M", "MACs>4"]
)
def test_a_size_without_a_unit_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(UsageError):
        Condition.parse(text)


def test_an_end_that_a_comparison_leaves_out_is_not_inside() -> None:
    assert 3.0 not in Condition.parse("PESQ>3").range
    assert 3.0 in Condition.parse("PESQ>=3").range
    assert 3.0 not in Condition.parse("PESQ<3").range
    assert Condition.of("params", ">0.4M").range.above


def test_a_range_without_a_unit_is_refused_with_the_range_to_write() -> None:
    with pytest.raises(UsageError, match=r"write 0\.4M\.\.1\.0M for millions"):
        Condition.of("params", "0.4..1.0")
    with pytest.raises(UsageError, match=r"1,234M may be|write one of them"):
        Condition.of("params", "1..1,234M")
    with pytest.raises(UsageError, match="write 1M for millions"):
        Condition.of("params", "0.4M..1")


@pytest.mark.parametrize(
    ("text", "range_", "words"),
    [
        ("2.8<PESQ<3.4", Range(2.8, 3.4, above=True, below=True), "2.8<PESQ<3.4"),
        ("2.8 <= PESQ < 3.4", Range(2.8, 3.4, below=True), "2.8<=PESQ<3.4"),
        ("0.4M ≤ params ≤ 1M", Range(400_000, 1_000_000), "params=0.40M..1.00M"),
        ("94<=STOI<=96", Range(0.94, 0.96), "STOI=0.94..0.96"),
        ("PESQ>=9", Range(9, None), "PESQ>=9"),
        ("params<=1M", Range(None, 1_000_000), "params<=1.00M"),
        ("params=0.4-1.0M", Range(400_000, 1_000_000), "params=0.40M..1.00M"),
        ("STOI=94-96", Range(0.94, 0.96), "STOI=0.94..0.96"),
    ],
)
def test_conditions_are_understood_and_said_as_people_write_them(
    text: str, range_: Range, words: str
) -> None:
    found = Condition.parse(text)
    assert found.range == range_
    assert str(found) == words


@pytest.mark.parametrize("text", ["0.4-1.0", "0.4 to 1.0", "0.4 – 1.0"])
def test_a_dash_makes_no_unit(text: str) -> None:
    from litdb.vocabulary import vocabulary

    with pytest.raises(UsageError, match="without a unit is not understood: write"):
        Range.parse(text, vocabulary().metric("params"))


@pytest.mark.parametrize("text", ["3<2.8", "3.4<PESQ<2.8", "1-", "1M-0.4M", "2-3-4"])
def test_ends_that_are_none_are_said(text: str) -> None:
    with pytest.raises(UsageError):
        Condition.parse(text if "<" in text else f"PESQ={text}")


@pytest.mark.parametrize(
    ("sign", "below", "at", "above"),
    [(">=", False, True, True), ("<=", True, True, False), (">", False, False, True), ("<", True, False, False), ("=", False, True, False)],
)  # fmt: skip
def test_conditions_at_their_ends(sign: str, below: bool, at: bool, above: bool) -> None:
    asked = Condition.parse(f"PESQ{sign}3.0").range
    assert [value in asked for value in (2.99, 3.0, 3.01)] == [below, at, above]
    assert None not in asked


def test_a_range_holds_its_ends() -> None:
    asked = Condition.parse("PESQ=3.0..3.5").range
    assert [value in asked for value in (2.9, 3.0, 3.5, 3.6, None)] == [False, True, True, False, False]


def test_what_numbers_on_one_side_of_a_bound_can_reach() -> None:
    asked = Range(3.0, 3.5)
    assert [asked.reaches(bound, upward=True) for bound in (2.0, 3.5, 3.6)] == [True, True, False]
    assert [asked.reaches(bound, upward=False) for bound in (2.9, 3.0, 4.0)] == [False, True, True]
    assert not Range(None, 3.0, below=True).reaches(3.0, upward=True)
    assert Range().reaches(1.0, upward=True)
