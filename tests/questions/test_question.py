"""A question read from the words people type."""

from __future__ import annotations

import pytest

from litdb.errors import UsageError
from litdb.questions.question import Question, Words, conditions
from litdb.vocabulary import MetricName
from litdb.vocabulary.ranges import Condition, Range


def test_words_become_what_they_mean() -> None:
    asked = Question.parse(
        ["params", "WB-PESQ", "PESQ"],
        dataset="VoiceBank+DEMAND",
        where={"params": "0.4M..1.0M"},
        year="2023..",
        origins=["quoted", "self", "quoted"],
        proposed=True,
        ablations=True,
    )
    assert asked.metrics == (MetricName("params"), MetricName("PESQ"))
    assert asked.dataset == "vbd"
    assert asked.conditions == (Condition(MetricName("params"), Range(400_000, 1_000_000)),)
    assert asked.years == Range(2023, None)
    assert asked.origins == ("self", "quoted")
    assert asked.kinds == ("system", "variant", "ablation")
    assert asked.rules.proposed
    assert not asked.rules.claims


@pytest.mark.parametrize(
    ("metrics", "words", "sort"),
    [
        (["params", "PESQ"], {}, (MetricName("PESQ"), True)),  # the first score, best first
        (["params"], {}, None),  # no score: by name
        (["params", "PESQ"], {"models": ["B", "A"]}, None),  # named models keep their order
        (["PESQ"], {"sort": "params"}, (MetricName("params"), False)),
        (["PESQ"], {"models": ["A"], "sort": "-STOI"}, (MetricName("STOI"), True)),
    ],
)
def test_the_order_of_rows(metrics: list[str], words: Words, sort: object) -> None:
    assert Question.parse(metrics, **words).sort == sort


def test_models_that_are_named_may_be_of_any_kind() -> None:
    assert Question.parse(models=["Noisy"]).kinds == ("system", "variant", "ablation", "reference")
    assert Question.parse().kinds == ("system", "variant")


def test_conditions_as_pairs_and_as_typed_are_the_same() -> None:
    assert conditions({"PESQ": "2.8..3.4", "params": "..1M"}) == conditions(["PESQ=2.8..3.4", "params=..1M"])


@pytest.mark.parametrize(
    ("metrics", "words", "hint"),
    [
        ([], {}, "no metric is asked for"),
        (["QESP"], {}, "unknown metric"),
        (["PESQ"], {"origins": ["rumour"]}, "unknown origin 'rumour': use one of self"),
        (["PESQ"], {"where": ["PESQ"]}, "METRIC=RANGE"),
        (["PESQ"], {"year": ".."}, "without an end"),
    ],
)
def test_words_that_are_not_known(metrics: list[str], words: Words, hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        Question.parse(metrics, **words)
