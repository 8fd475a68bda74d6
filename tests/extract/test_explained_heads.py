"""Heads that only a caption or the text explains, sizes beside memory, steps under 'Input SNR', a metric that only a sentence names."""

from __future__ import annotations

import pytest

from litdb.extract import CellReading
from tests.extract.support import latex, read

_BODY = r"Model & P & M & Q \\ SEGAN & 43.2 & - & 2.16 \\ FooNet & 0.46 & 1.2 & 3.21 \\"


def _of(found: tuple[CellReading, ...], model: str = "FooNet") -> dict[str, float]:
    return {r.metric: r.value for r in found if r.model == model}


@pytest.mark.parametrize(
    "caption",
    [
        "Results on VoiceBank+DEMAND. P: parameters (M), M: MACs (G), Q: PESQ.",
        "Results on VoiceBank+DEMAND. P denotes the number of parameters (M), M denotes MACs (G), and Q stands for PESQ.",
        "Results on VoiceBank+DEMAND (P = params (M), M = MACs (G), Q = PESQ).",
        "Results on VoiceBank+DEMAND. Parameters (P) are in millions, M means MACs (G) and Q means PESQ.",
    ],
)
def test_a_caption_explains_short_heads(caption: str) -> None:
    found = read(latex(_BODY, caption)).readings
    wanted = {"params": 460_000.0, "MACs": 1.2e9, "PESQ": 3.21}
    got = _of(found)
    assert got == {metric: wanted[metric] for metric in got}
    assert {"PESQ", "MACs"} <= set(got)


def test_the_text_explains_two_editions_of_pesq() -> None:
    body = r"Model & PESQ1 & PESQ2 \\ Noisy & 2.45 & 1.58 \\ FooNet & 3.36 & 2.86 \\"
    text = "We give PESQ after ITU-T P.862 (PESQ1) and its wide-band edition P.862.2 (PESQ2)."
    found = read(
        latex(body, "Results on VoiceBank+DEMAND").replace(r"\begin{table}", text + "\n\n" + r"\begin{table}")
    )
    assert _of(found.readings) == {"PESQ-NB": 3.36, "PESQ": 2.86}


@pytest.mark.parametrize(
    "text", ["", "The PESQ (Q1) is wide-band. In the appendix Q1 denotes STOI. \n\n We now compare."]
)
def test_what_is_explained_twice_or_not_at_all_is_no_metric(text: str) -> None:
    body = r"Model & Q1 \\ FooNet & 0.96 \\ BarNet & 0.95 \\"
    assert not read(latex(body, "Results on VoiceBank+DEMAND", extra=text)).readings


def test_a_model_named_beside_a_metric_is_no_head_explained() -> None:
    body = r" & BarNet & FooNet \\ PESQ & 3.1 & 3.2 \\ STOI & 0.94 & 0.95 \\"
    found = read(
        latex(body, "Results on VoiceBank+DEMAND: the MACs (FooNet) and the PESQ (BarNet) are best")
    ).readings
    assert {r.model for r in found} == {"FooNet", "BarNet"}


@pytest.mark.parametrize("head", ["Size (M/MB)", "Params (M/MB)", "Size [M/MB]"])
def test_the_memory_beside_the_number_of_parameters_is_left_out(head: str) -> None:
    body = rf"Model & {head} & PESQ \\ SEGAN & 43.2/170 & 2.16 \\ FooNet & 0.38/1.45 & 3.2 \\"
    assert _of(read(latex(body, "Results on VoiceBank+DEMAND")).readings) == {
        "params": 380_000.0,
        "PESQ": 3.2,
    }


@pytest.mark.parametrize("over", ["Input SNR", "SNR (dB)", "Test SNR [dB]", "SNR"])
def test_bare_steps_under_the_snr_are_conditions(over: str) -> None:
    body = (
        rf" & \multicolumn{{4}}{{c}}{{{over}}} \\ Model & -5 & 0 & 5 & Avg. \\ "
        r"Noisy & 1.11 & 1.23 & 1.41 & 1.25 \\ FooNet & 1.87 & 2.31 & 2.76 & 2.31 \\"
    )
    found = read(latex(body, "PESQ on VoiceBank+DEMAND")).readings
    assert {r.metric: r.value for r in found if r.model.startswith("FooNet")} == {
        "PESQ [SNR -5 dB]": 1.87, "PESQ [SNR 0 dB]": 2.31, "PESQ [SNR 5 dB]": 2.76, "PESQ": 2.31,
    }  # fmt: skip


def test_a_sentence_that_sends_to_the_table_names_its_metric_for_review() -> None:
    body = r"Model & Babble & Car \\ Noisy & 1.2 & 3.4 \\ FooNet & 8.1 & 9.4 \\"
    text = r"The networks are compared by their SI-SDR, see Table~\ref{tab:one}."
    source = latex(body, "Results on VoiceBank+DEMAND").replace(
        r"\begin{table}", text + "\n\n" + r"\begin{table}"
    )
    source = source.replace(r"\caption{", r"\label{tab:one}\caption{")
    found = read(source).readings
    assert {(r.model, r.metric) for r in found} >= {
        ("FooNet [Babble]", "SI-SDR [Babble]"),
        ("FooNet [Car]", "SI-SDR [Car]"),
    }
    assert all(r.confidence < 0.8 for r in found)
