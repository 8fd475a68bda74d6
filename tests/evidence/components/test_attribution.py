"""What isolates a component, what does not, and sentences that claim no more than the rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from litdb.evidence.components.attribute import attribute
from litdb.evidence.components.phrases import Context, Phrases
from litdb.evidence.components.values import ChangedRow, Delta, Gain
from litdb.vocabulary.components import components
from tests.evidence.values import value

PHRASES = Phrases(components())


def row(
    action: str, *parts: str, to: str = "", base: float = 3.5, changed: float = 3.3, **more: Any
) -> ChangedRow:
    delta = Delta("PESQ", "vbd", base, changed, f"{base:.2f}", f"{changed:.2f}")
    words = f"{action} {', '.join(parts)}{f' → {to}' if to else ''}"
    fields: dict[str, Any] = {
        "paper": "P", "place": "arXiv:2401.00001v1, table 2", "url": "", "caption": "", "words": words, "label": words,
        "base_label": "Full", "base_model": "Full", "deltas": (delta,), "base_params": 2e6,
    } | more  # fmt: skip
    return ChangedRow(action=action, components=parts, replacement=to, **fields)


def test_removed_added_and_replaced_give_with_minus_without() -> None:
    removed = row("removed", "Pha. dec.")
    added = row("added", "phase decoder", base=3.3, changed=3.5)
    taken = row("replaced", "phase decoder", to="GRU")
    put = row("replaced", "GRU", to="phase decoder", base=3.3, changed=3.5)
    answer = attribute("phase", [removed, added, taken, put], PHRASES)
    assert [e.effects[0].difference for e in answer.isolated] == [0.2, 0.2, 0.2, 0.2]
    assert sorted(e.against for e in answer.isolated) == ["", "", "GRU", "GRU"]
    assert answer.summary.startswith("4 rows of 1 paper isolate phase; PESQ with it is +0.20 on vbd")


def test_several_changes_at_once_isolate_nothing() -> None:
    answer = attribute("phase", [row("removed", "phase decoder", "skip connections")], PHRASES)
    assert answer.isolated == ()
    assert [e.why for e in answer.together] == ["2 things change: phase decoder, skip connections"]
    assert "No ablation row in the catalogue isolates phase. 1 row changes it together" in answer.summary


def test_what_is_easily_taken_for_it_stands_apart() -> None:
    answer = attribute("phase", [row("removed", "phase loss"), row("removed", "complex loss")], PHRASES)
    assert answer.isolated == ()
    assert all(e.why.startswith("another component") for e in answer.related)
    assert attribute("phase", [row("removed", "skip connections")], PHRASES).related == ()


def test_settings_isolate_nothing_but_none_of_it_does() -> None:
    some, none = row("changed", "dual-path (N = 1)"), row("changed", "dual-path (N = 0)")
    answer = attribute("dual-path", [some, none], PHRASES)
    assert [e.comparison.words for e in answer.isolated] == [none.words]
    assert [e.why for e in answer.related] == ["a setting of it changes, it stays"]


def test_one_kind_of_it_for_another_is_a_setting() -> None:
    answer = attribute("linear attention", [row("replaced", "MALA", to="Taylor attention")], PHRASES)
    assert answer.isolated == ()
    assert answer.related[0].why == "one kind of it takes the place of another"


def test_a_kind_of_it_that_goes_takes_it_along() -> None:
    gone = row("removed", "Taylor multi-head self-attention", base_params=0.5e6)
    other = row("replaced", "Taylor attention", to="self-attention")
    loose = row("removed", "channel attention")
    answer = attribute("attention", [gone, other, loose], PHRASES, size=0.46e6)
    assert [e.comparison.words for e in answer.near] == [gone.words]
    assert {e.why for e in answer.related} == {
        "one kind of it takes the place of another",
        "another component: channel attention",
    }
    assert len(attribute("linear attention", [gone], PHRASES).isolated) == 1
    assert attribute("linear attention", [row("removed", "self-attention")], PHRASES).isolated == ()


def test_both_branches_taken_down_to_one() -> None:
    context = Context("2110.06467", "dual-branch strategy")
    magnitude = row("replaced", "DB", to="MMB", context=context)
    complex_ = row("replaced", "DB", to="CRB", context=context)
    answer = attribute("phase", [magnitude, complex_], PHRASES)
    assert [e.comparison.replacement for e in answer.isolated] == ["MMB"]
    assert [e.why for e in answer.related] == ["it stays: only what stood beside it goes"]
    assert len(attribute("dual branch", [magnitude, complex_], PHRASES).isolated) == 2


def test_near_the_asked_size_or_nothing_is_known_there() -> None:
    small, large = (
        row("removed", "phase decoder", base_params=0.5e6),
        row("removed", "phase decoder", changed=3.4),
    )
    both = attribute("phase", [small, large], PHRASES, size=0.46e6)
    assert [e.comparison.base_params for e in both.near] == [0.5e6]
    assert "Near 0.46M 1 row isolates it: PESQ with it is +0.20 on vbd." in both.summary
    far = attribute("phase", [large], PHRASES, size=0.46e6)
    assert "None is near 0.46M parameters (the closest has 2.00M): nothing is known" in far.summary
    unknown = attribute("phase", [replace(large, base_params=None)], PHRASES, size=0.46e6)
    assert "1 row with a base of unstated size" in unknown.summary


def test_a_change_of_size_is_said() -> None:
    answer = attribute("phase", [row("removed", "phase decoder", changed_params=1e6)], PHRASES)
    assert "in 1 row the size changes with it (2.00M to 1.00M)" in answer.summary
    same = attribute("phase", [row("removed", "phase decoder", changed_params=1.98e6)], PHRASES)
    assert "size changes" not in same.summary


def test_training_of_the_base_is_told() -> None:
    answer = attribute("phase", [row("removed", "phase decoder", metricgan="yes")], PHRASES)
    assert "1 of 1 with a base trained against a metric discriminator" in answer.summary


def test_another_test_set_is_left_out_when_one_is_asked() -> None:
    one = row("removed", "phase decoder")
    assert attribute("phase", [one], PHRASES, dataset="dns2020-noreverb").isolated == ()
    assert len(attribute("phase", [one], PHRASES, dataset="vbd").isolated) == 1


def test_free_words_and_unknown_changes() -> None:
    rows = [row("removed", "LKE block"), row("removed", "QQQ")]
    answer = attribute("LKE", rows, PHRASES)
    assert answer.component == ""
    assert [e.comparison.components for e in answer.isolated] == [("LKE block",)]
    assert attribute("phase", rows, PHRASES).unplaced == ("removed LKE block (P)", "removed QQQ (P)")


def test_an_empty_catalogue_says_so() -> None:
    assert "holds no ablation table" in attribute("phase", [], PHRASES).summary


def test_whole_systems_and_claimed_gains_isolate_nothing() -> None:
    gain = Gain("dual-path", "PESQ", "+0.107", "a note", "whole-system gain")
    values = [
        value("A", "PESQ", "3.5", place="p, table 1"),
        value("B", "PESQ", "3.2", place="p, table 1", origin="quoted"),
        value("C", "PESQ", "3.4", place="p, table 1", origin="quoted"),  # nothing is known of it
    ]
    facts = {"A": ["dual-path"], "B": ["u-net"]}
    answer = attribute("dual-path", [], PHRASES, gains=[gain], values=values, facts=facts)
    assert [(w.name, w.other, w.difference) for w in answer.systems] == [("A", "B", 0.3)]
    assert answer.gains == (gain,)
    assert answer.isolated == ()
    assert attribute("mamba", [], PHRASES, gains=[gain], values=values, facts=facts).systems == ()


@pytest.mark.parametrize("word", ["predict", "would", "expect"])
def test_nothing_is_predicted(word: str) -> None:
    answer = attribute("phase", [row("removed", "phase decoder")], PHRASES, size=0.46e6)
    assert word not in answer.summary
