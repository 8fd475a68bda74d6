"""Why two printed numbers may not be compared: thirty pairs, with what lies between them and which way it moves the second."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litdb.evidence.beside.effects import effects, nearest, short
from litdb.evidence.beside.numbers import Beside, beside
from litdb.vocabulary.metric_name import MetricName
from litdb.vocabulary.protocol import Item, Protocol
from tests.evidence.values import value

UNIT = {"scale": Item("unit", "inferred", "its own PESQ, SSNR and CBAK give a WSS of 4")}
INT16 = {"scale": Item("int16", "stated", "section 4.1")}
PYSEPM = {"scale": Item("pysepm", "inferred", "a WSS of 130")}


def of(**items: str) -> dict[str, Item]:
    """Protocol items as a source states them."""
    return {name: Item(text, "stated", "table 1") for name, text in items.items()}


#: Metric, what is known of the first and of the second, the verdict, the items between them, and the sign of what is
#: measured of them on the second against the first ('' where nothing is).
PAIRS: list[tuple[str, dict[str, Item], dict[str, Item], str, tuple[str, ...], str]] = [
    ("CSIG", UNIT, INT16, "not comparable", ("scale",), "-"),
    ("CSIG", INT16, UNIT, "not comparable", ("scale",), "+"),
    ("CBAK", UNIT, INT16, "not comparable", ("scale",), "-"),
    ("COVL", INT16, UNIT, "not comparable", ("scale",), "+"),
    ("COVL", UNIT, PYSEPM, "not comparable", ("scale",), ""),
    ("CSIG", UNIT, UNIT, "comparable", (), ""),
    ("CSIG", UNIT, {}, "comparable if the same", ("scale",), "-"),
    ("CSIG", {}, UNIT, "comparable if the same", ("scale",), "+"),
    ("CBAK", {}, INT16, "comparable if the same", ("scale",), "-"),
    ("CBAK", {}, {}, "comparable if the same", ("scale",), "+"),
    ("COVL", PYSEPM, {}, "comparable if the same", ("scale",), ""),
    ("PESQ", of(band="WB"), of(band="NB"), "not comparable", ("band",), "+"),
    ("PESQ", of(band="NB"), of(band="WB"), "not comparable", ("band",), "-"),
    ("PESQ", of(band="WB"), of(band="WB"), "comparable", (), ""),
    ("PESQ", of(band="WB"), {}, "comparable if the same", ("band",), "+"),
    ("PESQ", of(band="NB", mapping="LQO"), of(band="NB", mapping="raw"), "not comparable", ("mapping",), ""),
    ("PESQ", of(band="WB", rate="16000"), of(band="WB", rate="48000"), "not comparable", ("rate",), ""),
    ("STOI", of(rate="16000"), of(rate="8000"), "not comparable", ("rate",), ""),
    ("SI-SDR", of(rate="16000"), of(rate="8000"), "not comparable", ("rate",), "+"),
    ("STOI", of(), of(statistic="median"), "not comparable", ("statistic",), ""),
    ("STOI", of(statistic="mean"), of(), "comparable", (), ""),
    ("SI-SDR", of(), of(condition="SNR -5 dB"), "not comparable", ("condition",), ""),
    ("SI-SDR", of(reverb="no"), of(reverb="yes"), "not comparable", ("reverb",), ""),
    ("SI-SDR", of(reverb="no"), of(), "comparable if the same", ("reverb",), ""),
    ("STOI", of(files="824", files_expected="824"), of(files="3", files_expected="824"), "not comparable", ("files",), ""),
    ("STOI", of(training="vbd"), of(training="dns2020"), "not comparable", ("training",), ""),
    ("STOI", of(training="28spk"), of(training="56spk"), "not comparable", ("training",), ""),
    ("MACs", of(audio_length="1"), of(audio_length="4"), "not comparable", ("audio_length",), ""),
    ("params", of(training="28spk"), of(training="56spk"), "comparable", (), ""),
    ("CSIG", UNIT | of(condition="SNR 0 dB"), INT16, "not comparable", ("scale", "condition"), "-"),
]  # fmt: skip


def found(metric: str, one: dict[str, Item], other: dict[str, Item]) -> Beside:
    """The two values side by side."""
    first, second = (
        replace(value(model, metric, "3.00"), protocol=Protocol.of(items))
        for model, items in (("A", one), ("B", other))
    )
    return beside(MetricName.parse(metric), first, second, 2.9)


@pytest.mark.parametrize(("metric", "one", "other", "verdict", "items", "sign"), PAIRS)
def test_thirty_pairs(
    metric: str, one: dict[str, Item], other: dict[str, Item], verdict: str, items: tuple[str, ...], sign: str
) -> None:
    pair = found(metric, one, other)
    assert (pair.verdict, tuple(obstacle.item for obstacle in pair.obstacles)) == (verdict, items)
    for obstacle in pair.obstacles:
        assert obstacle.remedy
    if not sign:
        assert not any("is higher by" in o.effect or "is lower by" in o.effect for o in pair.obstacles)
    else:
        assert f"{metric} is {'higher' if sign == '+' else 'lower'} by" in pair.obstacles[0].effect
        assert "95 % interval" in pair.obstacles[0].effect
        assert "60 files of vbd60" in pair.obstacles[0].effect


def test_an_item_says_how_it_is_known() -> None:
    (obstacle,) = found("CSIG", UNIT, INT16).obstacles
    assert (obstacle.one.value, obstacle.other.value) == ("samples in [-1, 1]", "16-bit values")
    assert obstacle.one.how.startswith("inferred: its own PESQ")
    assert obstacle.other.how == "stated: section 4.1"
    (silent,) = found("CSIG", UNIT, {}).obstacles
    assert silent.other.how == "not stated"
    assert silent.effect.startswith("if one is of samples in [-1, 1] and the other of 16-bit values")


def test_nothing_is_said_of_an_effect_that_was_not_measured() -> None:
    (obstacle,) = found("SI-SDR", of(reverb="no"), of(reverb="yes")).obstacles
    assert (obstacle.effect, obstacle.effects) == ("not measured", ())
    assert short("SI-SDR", "reverb", "no", "yes") == ""
    assert short("PESQ", "statistic", "mean", "median") == ""  # its interval holds 0


def test_a_count_of_operations_is_in_proportion_to_its_audio() -> None:
    (obstacle,) = found("MACs", of(audio_length="1"), of(audio_length="4")).obstacles
    assert "4 times the length" in obstacle.effect


def test_the_measurements_hold_one_network_and_turn_round() -> None:
    there, back = effects("scale", "int16", "unit", "CSIG"), effects("scale", "unit", "int16", "CSIG")
    assert len(there) == len(back) == 9
    one, other = nearest(there, 3.0), nearest(back, 3.0)
    assert one is not None
    assert other is not None
    assert (one.kind, one.effect, one.low, one.high) == ("network", -other.effect, -other.high, -other.low)
    assert all(e.low <= e.effect <= e.high for e in there)


def test_the_two_numbers_in_lines_of_text() -> None:
    lines = list(found("CSIG", UNIT, INT16).in_words())
    assert "not comparable" in lines[0]
    assert lines[1].startswith("  composite scale: samples in [-1, 1] (inferred: ")
    assert lines[2].startswith("    effect: CSIG is lower by 0.13")
    assert lines[3].startswith("    to compare: ")
