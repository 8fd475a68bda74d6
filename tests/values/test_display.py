"""Values in the unit of their column with the decimals of their source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litdb.errors import UsageError
from litdb.values.display import cell_text, column_for, exact, in_unit, with_spread
from litdb.values.table import Column
from litdb.vocabulary import MetricName, parse_number, vocabulary


def column(name: str) -> Column:
    return column_for(MetricName.parse(name), vocabulary())


@pytest.mark.parametrize(
    ("name", "title", "unit", "direction", "per_model"),
    [
        ("PESQ", "PESQ", "", "higher", False),
        ("PESQ-NB", "PESQ-NB", "", "higher", False),
        ("CSIG@unit", "CSIG@unit", "", "higher", False),
        ("SSNR", "SSNR (dB)", "dB", "higher", False),
        ("params", "Params (M)", "M", "lower", True),
        ("MACs", "MACs (G)", "G", "lower", True),
        ("latency", "Latency (ms)", "ms", "lower", True),
        ("STOI [SNR -5 dB]", "STOI [SNR -5 dB]", "", "higher", False),
    ],
)
def test_columns_come_from_the_vocabulary(
    name: str, title: str, unit: str, direction: str, per_model: bool
) -> None:
    found = column(name)
    assert (found.metric, found.title, found.unit, found.direction, found.per_model) == (
        name,
        title,
        unit,
        direction,
        per_model,
    )


def test_an_unknown_quantity_is_refused_with_near_matches() -> None:
    with pytest.raises(UsageError, match="PESQ"):
        column_for(MetricName("PESK"), vocabulary())


@pytest.mark.parametrize(
    ("name", "value", "resolution", "text"),
    [
        ("STOI", 0.95, 0.01, "0.95"),
        ("STOI", 0.941, 0.001, "0.941"),
        ("PESQ", 3.399, 0.001, "3.399"),
        ("PESQ", 2.8635, 0.0001, "2.864"),
        ("PESQ", 3.4, 0.1, "3.4"),
        ("PESQ", 3.4, 0.01, "3.40"),
        ("PESQ", 3.4, 0.0, "3.40"),
        ("SSNR", -0.001, 0.01, "0.00"),
        ("SSNR", -5.2, 0.01, "-5.20"),
        ("params", 427e3, 1e3, "0.427"),
        ("params", 14e3, 1e3, "0.014"),
        ("params", 459867, 1, "0.460"),
        ("params", 23.7e3, 100, "0.0237"),
        ("params", 10.25e6, 1e4, "10.25"),
        ("params", 128e6, 1e6, "128"),
        ("params", 0, 0, "0.00"),
        ("MACs", 33.1e9, 1e8, "33.1"),
        ("latency", 0.04, 0.001, "40"),
    ],
)
def test_decimals_are_those_of_the_source(name: str, value: float, resolution: float, text: str) -> None:
    assert cell_text(value, resolution, column(name)) == text


@given(st.integers(0, 4_650), st.integers(0, 3))
def test_what_a_paper_prints_comes_out_again(thousandths: int, decimals: int) -> None:
    printed = f"{thousandths / 1000:.{decimals}f}"
    number = parse_number(printed, vocabulary().metric("PESQ"))
    assert number is not None
    assert cell_text(number.value, number.resolution, column("PESQ")) == printed


@given(
    st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["PESQ", "params", "MACs", "latency"])
)
def test_any_finite_value_can_be_written(value: float, name: str) -> None:
    shown = float(cell_text(value, 0.0, column(name)))
    assert shown == pytest.approx(in_unit(value, column(name)), rel=0.02, abs=0.51)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        cell_text(value, 0.01, column("PESQ"))


def test_a_spread_has_the_decimals_of_its_value() -> None:
    assert with_spread("3.41", 0.0213, column("PESQ")) == "3.41 ± 0.02"
    assert with_spread("3.41", 0.0004, column("PESQ")) == "3.41 ± 0.0004"
    assert with_spread("0.46", 1e4, column("params")) == "0.46 ± 0.01"


def test_exact_numbers_lose_nothing() -> None:
    assert [exact(value) for value in (427000.0, 3.399, 0.1 + 0.2, 459867, 1e20)] == [
        "427000",
        "3.399",
        "0.3",
        "459867",
        "1e+20",
    ]
