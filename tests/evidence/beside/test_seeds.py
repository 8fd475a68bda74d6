"""Whether a difference of means is more than other seeds alone would give."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litdb.evidence.beside.seeds import SeedSpread, beyond_seeds, seeds_of, spread_in
from litdb.values.value import Value
from tests.evidence.values import value

FIVE = SeedSpread(0.02, 5, "A in table 1")


def over(seeds: str, kind: str, spread: float | None = 0.02, printed: str = "3.00") -> Value:
    """A published mean with its ±."""
    protocol = {"seeds": seeds} if seeds else {}
    return replace(value("A", "PESQ", printed, protocol=protocol), uncertainty=spread, uncertainty_kind=kind)


@pytest.mark.parametrize(
    ("seeds", "kind", "deviation"),
    [
        ("5", "std", 0.02),
        ("4", "sem", 0.04),
        ("5", "95% interval", 0.02 * 5**0.5 / 2.776),
        ("5", "unknown", None),  # what the ± is of is not said
        ("", "std", None),  # a deviation over files, for all that is said
        ("1", "std", None),
    ],
)
def test_the_spread_that_a_mean_prints(seeds: str, kind: str, deviation: float | None) -> None:
    found = spread_in(over(seeds, kind))
    assert (None if found is None else found.deviation) == (
        None if deviation is None else pytest.approx(deviation)
    )


def test_inside_and_beyond() -> None:
    """Two single runs, s = 0.02 over five seeds: 2.776 x 0.02 x sqrt(2) = 0.079."""
    base = over("", "", None)
    near, far = (over("", "", None, printed) for printed in ("3.07", "3.09"))
    assert beyond_seeds(base, near, [FIVE]).verdict == "inside"
    verdict = beyond_seeds(base, far, [FIVE])
    assert (verdict.verdict, round(verdict.reach or 0, 3)) == ("beyond", 0.079)
    assert "A in table 1" in verdict.words


def test_means_over_seeds_lie_closer() -> None:
    one, other = over("5", "std", printed="3.00"), over("5", "std", printed="3.05")
    assert beyond_seeds(one, other, []).verdict == "beyond"  # 2.306 x 0.02 x sqrt(2 / 5) = 0.029
    assert seeds_of(one) == 5


def test_without_a_spread_nothing_is_decided() -> None:
    found = beyond_seeds(over("", "", None), over("", "", None, "3.50"), [])
    assert (found.verdict, found.reach) == ("not decidable", None)
    assert "no spread over seeds is known" in found.words


def test_the_spread_of_the_two_goes_before_that_of_others() -> None:
    one, other = over("5", "std", 0.001, "3.00"), over("", "", None, "3.02")
    assert beyond_seeds(one, other, [FIVE]).verdict == "beyond"
