"""Tables whose unprocessed row is not the one of their test set."""

from __future__ import annotations

from typing import Any

from litdb.evidence.rows.unprocessed import Unprocessed
from litdb.values.value import Value
from tests.evidence.values import value

PLACES = [f"arXiv:2401.0000{number}v1, table 1" for number in range(1, 5)]


def noisy(metric: str, printed: str, place: str, **more: Any) -> Value:
    return value("noisy", metric, printed, kind="reference", place=place, origin="quoted", **more)


def usual() -> list[Value]:
    """What three tables print of the unprocessed input."""
    scores = {"PESQ": "1.97", "STOI": "0.921", "SI-SDR": "8.4", "CSIG": "3.35"}
    return [noisy(metric, printed, place) for place in PLACES[:3] for metric, printed in scores.items()]


def of(metric: str, printed: str, place: str = PLACES[3]) -> Value:
    return value("FooNet", metric, printed, place=place)


def test_another_pesq_of_the_input_sets_the_whole_table_apart() -> None:
    inputs = Unprocessed([*usual(), noisy("PESQ", "2.11", PLACES[3])])
    for metric, printed in (("PESQ", "3.1"), ("STOI", "0.98"), ("CSIG", "4.2")):
        assert "has PESQ 2.11, that of the test set 1.97" in inputs.in_words(of(metric, printed))
    assert not inputs.in_words(of("PESQ", "3.1", PLACES[0]))
    assert not inputs.in_words(value("FooNet", "params", "0.5M", place=PLACES[3]))


def test_one_other_metric_sets_itself_apart_and_two_the_table() -> None:
    one = Unprocessed([*usual(), noisy("PESQ", "1.97", PLACES[3]), noisy("STOI", "0.79", PLACES[3])])
    assert one.in_words(of("STOI", "0.85"))
    assert not one.in_words(of("PESQ", "3.1"))
    two = Unprocessed([*usual(), noisy("STOI", "0.79", PLACES[3]), noisy("SI-SDR", "19.9", PLACES[3])])
    assert two.in_words(of("PESQ", "3.1"))


def test_small_differences_misprints_and_composites_set_nothing_apart() -> None:
    for metric, printed in (("PESQ", "1.99"), ("STOI", "0.910"), ("CSIG", "3.60"), ("CSIG", "0.92")):
        inputs = Unprocessed([*usual(), noisy(metric, printed, PLACES[3])])
        assert not inputs.in_words(of(metric, printed)), (metric, printed)
    swapped = Unprocessed([*usual(), noisy("STOI", "1.97", PLACES[3]), noisy("PESQ", "0.92", PLACES[3])])
    assert not swapped.in_words(of("PESQ", "3.1"))


def test_clean_speech_is_no_input() -> None:
    clean = [
        value("clean", "PESQ", printed, kind="reference", place=place)
        for place, printed in zip(PLACES, ("4.50", "4.50", "4.50", "4.64"), strict=True)
    ]
    assert not Unprocessed([*usual(), *clean]).in_words(of("PESQ", "3.1"))


def test_without_references_nothing_is_said() -> None:
    assert not Unprocessed().in_words(of("PESQ", "3.1"))
