"""What the numbers of a sentence are of, and what they are."""

from __future__ import annotations

import pytest

from litdb.draft.rules.prose.numbers import said_numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MUSE reports a PESQ of 3.37 with 0.51 M parameters.", [("PESQ", 3.37, "value"), ("params", 0.51e6, "value")]),
        ("It needs 459,867 parameters and 0.67 G multiply-accumulate operations.", [("params", 459867, "value"), ("MACs", 0.67e9, "value")]),
        ("The small one has 1.88 M parameters and 4.62 GFLOPs.", [("params", 1.88e6, "value"), ("FLOPs", 4.62e9, "value")]),
        ("TSTNN reaches a STOI of 95 %.", [("STOI", 0.95, "value")]),
        ("It is 0.32 ahead in PESQ.", [("PESQ", 0.32, "difference")]),
        ("In PESQ, it is 1.24 above the noisy speech.", [("PESQ", 1.24, "difference")]),
        ("LiSenNet needs twelve times fewer.", [("", 12, "times")]),
        ("It has 27 % more parameters.", [("", 27, "percent")]),
        ("It gains 8.06 dB on average.", []),
        ("A partial replication with Gemini 2.5 Pro on noisy speech confirms it.", []),
        ("Llama 3.2 Vision and Qwen 2.5 Coder were asked.", []),
        ("MUSE 3.37 is above TSTNN 2.96.", [("PESQ", 3.37, "value"), ("PESQ", 2.96, "value")]),
        ("The ordering holds at higher values (MetricGAN+: 0.474, noisy: 0.352).", []),
        ("It gains 0.12 over MUSE.", [("PESQ", 0.12, "difference")]),
        (
            "It has 21,689 parameters, where DS-CNN-S has 23,756 and BC-ResNet-1 (7,464).",
            [("params", 21689, "value"), ("params", 23756, "value"), ("params", 7464, "value")],
        ),
        ("We test on 824 utterances at 16 kHz with 3 seeds in 2024 (Table 2).", []),
    ],
)  # fmt: skip
def test_what_a_number_is(text: str, found: list[tuple[str, float, str]]) -> None:
    said = said_numbers(text)
    assert [(n.quantity, n.kind.value) for n in said] == [(quantity, kind) for quantity, _, kind in found]
    assert [n.value for n in said] == pytest.approx([value for _, value, _ in found])


def test_about_and_at_least_are_kept() -> None:
    about, least = said_numbers("It has about 2.2 M parameters and a PESQ above 3.0.")
    assert (about.approximate, least.approximate) == ("~", ">=")
