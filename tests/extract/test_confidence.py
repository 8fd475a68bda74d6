"""Confidence follows the members, not their words."""

from __future__ import annotations

import pytest

from litdb.vocabulary.remarks import Doubt, Flag, Ground, Reason
from tests.extract.support import latex, read

BODY = (
    r"Model & PESQ & STOI & Params\\ A & 3.10 & 94 & 1.2M\\ & 7.20 & 0.95 & 1--2M\\ C & 3.0 (2.8) & 0.93 & 3"
)


def confidences() -> list[float]:
    return [reading.confidence for table in read(latex(BODY, "Results")).tables for reading in table.readings]


def test_rewording_what_is_said_changes_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    before = confidences()
    assert len(set(before)) > 2  # several doubts are at work
    for kind in (Doubt, Flag, Ground, Reason):
        for number, member in enumerate(kind):
            monkeypatch.setattr(member, "words", f"other words {number}")
    assert confidences() == before
