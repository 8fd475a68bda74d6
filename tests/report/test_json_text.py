"""JSON is written as the standard library writes it, only faster."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litdb.report.json_text import indented, plain
from litdb.vocabulary.remarks import Flag

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
PLAIN = st.recursive(
    LEAVES, lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside), max_leaves=30
)


@given(PLAIN)
def test_the_text_is_that_of_the_standard_library(value: object) -> None:
    assert indented(value) == json.dumps(value, ensure_ascii=False, indent=2)


@dataclass(frozen=True)
class _Whole:
    day: dt.date
    place: Path
    parts: tuple[object, ...]
    names: frozenset[str]


def test_value_types_become_what_json_can_hold() -> None:
    whole = _Whole(dt.date(2026, 11, 27), Path("a/b"), ({1: _Whole}, Flag.RANGE), frozenset({"x"}))
    made = plain(_Whole(whole.day, whole.place, (whole.parts[1], {1: (2.5, None)}), whole.names))
    assert made == {
        "day": "2026-11-27",
        "place": "a/b",
        "parts": ["range", {"1": [2.5, None]}],
        "names": ["x"],
    }
    assert indented(made) == json.dumps(made, ensure_ascii=False, indent=2)


def test_what_json_cannot_hold_is_an_error() -> None:
    with pytest.raises(TypeError):
        indented([object()])
