"""How numbers came about: seeds, hardware, training set and causality, where a table's texts say them."""

from __future__ import annotations

import pytest

from litdb.extract.meaning.scope import trials
from tests.extract import support

BODY = r"Model & PESQ & RTF & Params \\ Noisy & 1.97 & & \\ FooNet & 2.91 & 0.12 & 1.2M \\"


def items(caption: str, metric: str, body: str = BODY) -> dict[str, str]:
    """The protocol of FooNet's reading of a metric."""
    read = support.one(support.read(support.latex(body, caption=caption)), "FooNet", metric)
    return {name: item.value for name, item in read.protocol}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Mean over five seeds", "5"), ("averaged over 3 random seeds", "3"), ("mean and deviation across ten runs", "10"),
        ("mean of three independent trainings", "3"), ("over all utterances", ""), ("over 824 files", ""),
    ],
)  # fmt: skip
def test_seeds(text: str, number: str) -> None:
    assert trials.seeds(text) == number


@pytest.mark.parametrize(
    ("text", "device"),
    [
        ("RTF on an Intel Core i7-10700 CPU", "Intel Core i7-10700 CPU"), ("measured on a Raspberry Pi 4", "Raspberry Pi 4"),
        ("RTF (CPU)", "CPU"), ("on one NVIDIA RTX 3090 GPU", "NVIDIA RTX 3090 GPU"), ("at 16 kHz", ""), ("M1 and M2 are models", ""),
    ],
)  # fmt: skip
def test_hardware(text: str, device: str) -> None:
    assert trials.hardware(text) == device


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("All models are trained on DNS-2020 and evaluated on VoiceBank+DEMAND.", "DNS-2020"),
        ("All baselines were retrained on the 28 speaker subset.", "28 speaker subset"),
        ("the compared systems trained with LibriSpeech and MUSAN noise", "LibriSpeech and MUSAN noise"),
        ("Training takes two days.", ""),
    ],
)
def test_training(text: str, data: str) -> None:
    assert trials.training(text) == data


@pytest.mark.parametrize(
    ("text", "said"),
    [("All models are causal.", "yes"), ("Non-causal systems", "no"), ("Causal", "yes"), ("causal and non-causal systems", "")],
)  # fmt: skip
def test_causal(text: str, said: str) -> None:
    assert trials.causal(text) == said


def test_a_caption_says_it_for_every_score() -> None:
    caption = (
        "VoiceBank+DEMAND, mean over five seeds. All models are causal. RTF on an Intel Core i7-10700 CPU."
    )
    assert items(caption, "PESQ")["seeds"] == "5"
    assert items(caption, "PESQ")["causal"] == "yes"
    assert "hardware" not in items(caption, "PESQ")
    assert items(caption, "RTF")["hardware"] == "Intel Core i7-10700 CPU"
    assert "seeds" not in items(caption, "params")


def test_a_header_names_the_hardware_of_its_column() -> None:
    body = r"Model & PESQ & RTF (CPU) \\ Noisy & 1.97 & \\ FooNet & 2.91 & 0.12 \\"
    assert items("VoiceBank+DEMAND. On a Raspberry Pi 4.", "RTF", body)["hardware"] == "CPU"


def test_a_title_of_rows_says_whether_they_are_causal() -> None:
    body = (
        r"Model & PESQ & STOI \\ \multicolumn{3}{l}{Causal} \\ FooNet & 2.91 & 0.94 \\"
        r"\multicolumn{3}{l}{Non-causal} \\ BarNet & 3.01 & 0.95 \\"
    )
    found = support.read(support.latex(body))
    assert support.one(found, "FooNet", "PESQ").protocol.get("causal") == "yes"
    assert support.one(found, "BarNet", "PESQ").protocol.get("causal") == "no"
