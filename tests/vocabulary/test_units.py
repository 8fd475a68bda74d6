"""Printed numbers: units, percent, approximations, uncertainties, the last printed digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litdb.errors import UsageError
from litdb.vocabulary import (
    Number,
    format_count,
    parse_number,
    parse_quantity,
    vocabulary,
)
from litdb.vocabulary.remarks import Flag, Remark


def read(text: str, metric: str = "PESQ", unit: str = "") -> Number | None:
    return parse_number(text, vocabulary().metric(metric), unit)


@pytest.mark.parametrize(
    ("text", "metric", "unit", "value", "resolution"),
    [
        ("3.41", "PESQ", "", 3.41, 0.01),
        ("14k", "params", "", 14e3, 1e3),
        ("0.427M", "params", "", 427e3, 1e3),
        ("0.51", "params", "M", 510e3, 1e4),
        ("459,867", "params", "", 459867, 1),
        ("0,460", "params", "M", 460e3, 1e3),
        ("8.08 G/s", "MACs", "", 8.08e9, 1e7),
        ("33.1", "MACs", "G", 33.1e9, 1e8),
        ("94.1%", "STOI", "", 0.941, 0.001),
        ("94.1", "STOI", "%", 0.941, 0.001),
        ("0.95", "STOI", "", 0.95, 0.01),
        ("\u22125.20", "SI-SDR", "", -5.2, 0.01),
        ("12.3 dB", "SSNR", "", 12.3, 0.1),
        ("40 ms", "latency", "", 0.04, 0.001),
    ],
)
def test_values_are_normalised(text: str, metric: str, unit: str, value: float, resolution: float) -> None:
    number = read(text, metric, unit)
    assert number is not None
    assert (number.value, number.resolution, number.flags) == (value, resolution, ())


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("~1M+", "~"),
        ("3.0+", ">="),
        ("≥3.1", ">="),
        ("<5M", "<="),
        ("about 2M", "~"),
        ("2M", ""),
    ],
)
def test_approximations_and_bounds(text: str, mark: str) -> None:
    number = parse_number(text)
    assert number is not None
    assert number.approximate == mark


def test_uncertainty_in_the_unit_of_the_value() -> None:
    number = read("94.1 ± 0.3", "STOI", "%")
    assert number is not None
    assert number.uncertainty == pytest.approx(0.003)


def test_a_stoi_of_94_with_no_percent_sign_in_sight_is_flagged() -> None:
    number = read("94", "STOI")
    assert number is not None
    assert number.value == 0.94
    assert number.flags == (Remark(Flag.PERCENT_NOT_STATED),)


@pytest.mark.parametrize("text", ["-", "--", "–", "N/A", "", "CMGAN", "3.1 / 3.2", "3.1.2", "2.3 (0.1)"])
def test_what_is_not_one_number_gives_none(text: str) -> None:
    assert read(text) is None


def test_a_unit_of_another_kind_is_refused() -> None:
    assert read("0.4M", "PESQ") is None
    assert read("5 dB", "params") is None


@given(st.integers(0, 10**9), st.integers(0, 4))
def test_resolution_is_one_step_of_the_last_digit(digits: int, decimals: int) -> None:
    text = f"{digits / 10**decimals:.{decimals}f}"
    number = parse_number(text)
    assert number is not None
    assert number.value == pytest.approx(float(text))
    assert number.resolution == pytest.approx(10.0**-decimals)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.4M", 4e5),
        ("1.0M", 1e6),
        ("14k", 14e3),
        ("3.4", 3.4),
        ("95%", 0.95),
        ("2g", 2e9),
    ],
)
def test_quantities_typed_on_a_command_line(text: str, value: float) -> None:
    assert parse_quantity(text) == value


def test_a_mistyped_quantity_says_how_to_write_one() -> None:
    with pytest.raises(UsageError, match=r"0\.4M"):
        parse_quantity("much")


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (459867, "0.46M"),
        (14000, "14K"),
        (2.05e6, "2.05M"),
        (128e6, "128M"),
        (8.08e9, "8.08G"),
        (900, "900"),
    ],
)
def test_counts_the_way_papers_print_them(count: float, text: str) -> None:
    assert format_count(count) == text
