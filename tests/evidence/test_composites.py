"""What composites say of themselves: the scale of the samples, and whether five numbers can stand in one row."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litdb.evidence.composites import (
    RowNumber,
    excess,
    impossible,
    of_row,
    scale,
    standing,
    wss_from_cbak,
    wss_from_covl,
)
from tests.evidence.values import value


def printed(**numbers: float) -> dict[str, RowNumber]:
    return {name: RowNumber(number, 0.01) for name, number in numbers.items()}


def made(pesq: float, ssnr: float, llr: float, wss: float, step: float = 1e-9) -> dict[str, RowNumber]:
    """The row that Hu and Loizou's equations give, printed in steps of `step`."""
    exact = {
        "PESQ": pesq,
        "SSNR": ssnr,
        "CSIG": 3.093 - 1.029 * llr + 0.603 * pesq - 0.009 * wss,
        "CBAK": 1.634 + 0.478 * pesq - 0.007 * wss + 0.063 * ssnr,
        "COVL": 1.594 + 0.805 * pesq - 0.512 * llr - 0.007 * wss,
    }
    return {name: RowNumber(round(number / step) * step, step) for name, number in exact.items()}


ROWS = {
    "pesq": st.floats(2.5, 4.0),
    "ssnr": st.floats(0, 15),
    "llr": st.floats(0.05, 1.0),
    "wss": st.floats(0, 60),
}


@given(**ROWS)
def test_a_row_gives_back_its_wss(pesq: float, ssnr: float, llr: float, wss: float) -> None:
    row = made(pesq, ssnr, llr, wss)
    for found in (wss_from_cbak(row), wss_from_covl(row)):
        assert found is not None
        assert math.isclose(found.wss, wss, abs_tol=1e-4)


@given(**ROWS)
def test_what_rounding_moves_stays_within_what_is_said(
    pesq: float, ssnr: float, llr: float, wss: float
) -> None:
    row = made(pesq, ssnr, llr, wss, step=0.01)
    for found in (wss_from_cbak(row), wss_from_covl(row)):
        assert found is not None
        assert abs(found.wss - wss) <= found.rounding + 1e-6
    assert impossible(row) == ""


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (printed(PESQ=3.41, SSNR=11.10, CSIG=4.63, CBAK=3.94, COVL=4.12), "unit"),  # CMGAN
        (printed(PESQ=3.50, SSNR=10.64, CSIG=4.73, CBAK=3.95, COVL=4.22), "unit"),  # MP-SENet
        (printed(PESQ=2.96, SSNR=9.70, CSIG=4.33, CBAK=3.53, COVL=3.67), "int16"),  # TSTNN
        (printed(PESQ=3.31, SSNR=10.79, CSIG=4.61, CBAK=3.75, COVL=3.96), "int16"),  # DB-AIAT
        (printed(PESQ=2.99, SSNR=10.18, CSIG=4.21, CBAK=3.55, COVL=3.62), "int16"),  # PHASEN
        (printed(PESQ=3.40, SSNR=11.49, CSIG=4.41, CBAK=3.21, COVL=3.78), "pysepm"),
        (printed(PESQ=3.50, CSIG=4.73, COVL=4.22), "unit"),
        (printed(PESQ=3.47, CSIG=4.70, COVL=4.10), "int16"),
        (printed(PESQ=3.33, CSIG=4.58, COVL=4.00), None),  # between
        (
            printed(PESQ=1.97, SSNR=1.68, CSIG=3.35, CBAK=2.44, COVL=2.63),
            None,
        ),  # the noisy row: too low to tell
        (printed(PESQ=2.96, SSNR=9.70, CSIG=4.10, CBAK=3.77, COVL=3.52), None),  # cannot be
        (printed(PESQ=3.60, CSIG=4.95, COVL=4.40), None),  # clipping hides it
        (printed(PESQ=3.33, CSIG=4.55, CBAK=4.14, COVL=4.05), None),  # nearly clean: clipping hides it too
        (printed(CSIG=4.63, CBAK=3.94, COVL=4.12), None),
        (printed(PESQ=3.41), None),
    ],
)
def test_the_scale_that_a_printed_row_shows(row: dict[str, RowNumber], said: str | None) -> None:
    found = scale(row)
    assert (None if found is None else found.value) == said
    if found is not None:
        assert found.basis == "inferred"
        assert "its own PESQ" in found.note
        assert found.note.endswith("confidence 0.95")


def test_a_misquoted_row_cannot_be_and_the_original_can() -> None:
    misquoted = printed(PESQ=2.96, SSNR=9.70, CSIG=4.17, CBAK=3.53, COVL=3.49)
    assert "0.09 lower" in impossible(misquoted)
    assert standing(misquoted).startswith("cannot be")
    original = printed(PESQ=2.96, SSNR=9.70, CSIG=4.33, CBAK=3.53, COVL=3.67)
    assert (impossible(original), standing(original).startswith("can stand")) == ("", True)


def test_clipping_only_raises_covl() -> None:
    """A file whose CSIG is cut at 5 leaves COVL as it is: the row has an excess and is possible."""
    clipped = {**made(3.5, 10, 0.05, 4, step=0.01)}
    clipped["CSIG"] = RowNumber(clipped["CSIG"].value - 0.2, 0.01)  # type: ignore[operator]
    found = excess(clipped)
    assert found is not None
    assert found.wss > found.rounding
    assert impossible(clipped) == ""


def test_without_ssnr_a_row_that_fits_no_scale_says_so() -> None:
    said = standing(printed(PESQ=2.99, CSIG=4.18, COVL=3.50))
    assert said.startswith("fits no scale")
    assert standing(printed(PESQ=2.99, CSIG=4.21, COVL=3.62)) == ""


def test_bounds_and_other_bands_are_no_part_of_a_row() -> None:
    values = [
        value("A", "PESQ-NB", "3.5"),
        value("A", "CSIG", "4.1"),
        value("A", "CSIG@unit", "4.3"),
        value("A", "COVL", "3.0+"),
    ]
    assert {quantity: v.metric for quantity, v in of_row(values).items()} == {"CSIG": "CSIG"}
