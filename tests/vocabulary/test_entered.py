"""Numbers that somebody hands in: what may be two things is refused with what to write."""

from __future__ import annotations

import pytest

from litdb.errors import InputError
from litdb.vocabulary import vocabulary
from litdb.vocabulary.entered import entered


def number(metric: str, text: str) -> float | None:
    found = vocabulary().metric(metric)
    assert found is not None
    return entered(text, found).value


@pytest.mark.parametrize(("metric", "text"), [("STOI", "0.941%"), ("STOI", "0,941 %")])
def test_a_percent_sign_behind_a_part_of_one_is_refused_with_both_ways_to_write_it(
    metric: str, text: str
) -> None:
    with pytest.raises(InputError, match=r"write 0\.\d+ or \d+(?:\.\d+)?%"):
        number(metric, text)


@pytest.mark.parametrize(
    ("metric", "text", "value"),
    [("STOI", "94.1%", 0.941), ("STOI", "0.941", 0.941), ("STOI", "94.1", 0.941), ("PESQ", "2,86", 2.86)],
)
def test_what_is_certain_is_understood(metric: str, text: str, value: float) -> None:
    assert number(metric, text) == pytest.approx(value)
