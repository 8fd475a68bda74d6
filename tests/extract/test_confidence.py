"""Confidence follows the members, not their words."""

from __future__ import annotations

import pytest

from litdb.vocabulary.remarks import Doubt, Flag, Ground, Reason
from tests.extract.support import latex, one, read

BODY = (
    r"Model & PESQ & STOI & Params\\ A & 3.10 & 94 & 1.2M\\ & 7.20 & 0.95 & 1--2M\\ C & 3.0 (2.8) & 0.93 & 3"
)


def confidences() -> list[float]:
    captions = ("Results on the VoiceBank+DEMAND test set", "Results", "PESQ on DNS and the like")
    return [
        reading.confidence
        for caption in captions
        for table in read(latex(BODY, caption)).tables
        for reading in table.readings
    ]


def test_rewording_what_is_said_changes_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    before = confidences()
    assert len(set(before)) > 1  # doubts are at work
    for kind in (Doubt, Flag, Ground, Reason):
        for number, member in enumerate(kind):
            monkeypatch.setattr(member, "words", f"other words {number}")
    assert confidences() == before


def test_words_of_a_header_do_not_choose_a_weight() -> None:
    weights = set()
    for header in ("PESQ see caption", "PESQ the label states", "PESQ of something"):
        text = latex(rf"Model & {header} & COVL\\ A & 3.1 & 3.2\\ B & 3.0 & 3.1\\")
        reading = one(read(text), "A", "PESQ")
        assert Doubt.HEADER_SAYS_MORE in {reason.kind for reason in reading.reasons}
        weights.add(reading.confidence)
    assert len(weights) == 1
