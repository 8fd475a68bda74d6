"""What is said of a number: members and their words, stored and read back."""

from __future__ import annotations

import json

import pytest

from litdb.vocabulary.remarks import Doubt, Flag, Ground, Reason, Remark, Worded, flags_in, stored

MEMBERS = [member for kind in (Flag, Reason, Doubt, Ground) for member in kind]


@pytest.mark.parametrize("member", MEMBERS, ids=str)
def test_a_member_is_found_again_in_its_words(member: Worded) -> None:
    fields = member.words.count("{")
    details = tuple(1.5 if ":g}" in member.words else f"detail {n}" for n in range(fields))
    if ":g}" in member.words:
        details = ("PESQ", -0.5, 4.64)
    text = str(Remark(member, details))
    found = type(member).of(text)
    assert found is not None
    assert found.words == member.words  # two grounds may share their words: one is the surer


def test_no_member_says_what_nobody_wrote() -> None:
    assert Flag.of("the moon was full") is None
    assert flags_in(json.dumps(["the moon was full", "percent not stated"])) == {Flag.PERCENT_NOT_STATED}


def test_remarks_are_stored_as_their_words() -> None:
    remarks = (Remark(Flag.OUT_OF_RANGE), Remark(Flag.RANGE, ("3.2",)))
    assert json.loads(stored(remarks)) == ["out of range", "range up to 3.2"]
    assert flags_in(stored(remarks)) == {Flag.OUT_OF_RANGE, Flag.RANGE}


def test_old_words_of_a_reworded_member_are_still_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Flag.OUT_OF_RANGE, "words", "beyond what is expected")
    monkeypatch.setattr(Flag.OUT_OF_RANGE, "former", ("out of range",))
    assert Flag.of("out of range") is Flag.OUT_OF_RANGE
    assert Flag.of("beyond what is expected") is Flag.OUT_OF_RANGE


#: Texts that catalogues of schema 0002 hold. Whoever rewords a member keeps its old words in `former`.
STORED = {
    "percent not stated": Flag.PERCENT_NOT_STATED,
    "unit not stated": Flag.UNIT_NOT_STATED,
    "out of range": Flag.OUT_OF_RANGE,
    "range up to 3.4M": Flag.RANGE,
    "several numbers in one cell": Flag.SEVERAL_NUMBERS,
    "bracketed number taken as spread": Flag.SPREAD_IN_BRACKETS,
    "bracketed number left out": Flag.BRACKETS_LEFT_OUT,
    "metric PESQ from header 'WB-PESQ ↑'": Reason.METRIC_IN_HEADER,
    'metric SI-SDR from the row "Foo\'s"': Reason.METRIC_IN_ROW,
    "test set VoiceBank+DEMAND: caption": Reason.TEST_SET,
    "test set not told: no test set is named": Reason.TEST_SET,
}


@pytest.mark.parametrize(("text", "member"), STORED.items())
def test_texts_of_older_catalogues_are_understood(text: str, member: Worded) -> None:
    assert type(member).of(text) is member


@pytest.mark.parametrize(
    "doubt",
    [
        "PESQ is not expected outside 0.9 to 4.65",
        "the metric is named only in the caption",
        "header says more than the metric: 'test set X: 2'",
    ],
)
def test_a_doubt_is_not_taken_for_what_every_reading_says(doubt: str) -> None:
    assert Reason.of(doubt) is None
    assert Doubt.of(doubt) is not None


@pytest.mark.parametrize("member", [*Doubt, *Ground], ids=repr)
def test_a_weight_never_raises_the_confidence(member: Worded) -> None:
    assert 0 < member.weight <= 1


def test_the_first_field_of_a_stored_text() -> None:
    told = str(Remark(Doubt.OTHERWISE, ("models in column 2, a {brace} and\nmore?",)))
    assert Doubt.OTHERWISE.detail(told) == "models in column 2, a {brace} and\nmore?"
    assert Doubt.UNDECIDED.detail(told) == ""
    assert Flag.OUT_OF_RANGE.detail("another text") == ""
