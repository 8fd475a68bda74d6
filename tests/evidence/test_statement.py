"""The language of claims: what is understood, and what is said of the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litdb.errors import UsageError
from litdb.evidence.statement import Statement
from litdb.vocabulary import MetricName
from litdb.vocabulary.ranges import Condition, Range


def told(text: str) -> tuple[str, str, str, list[str], str, str]:
    found = Statement.parse(text)
    metric = str(found.metric) if found.metric else ""
    return found.subject, found.kind, metric, list(map(str, found.demands)), found.dataset, str(found.causal)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("smallest with PESQ>=3.0 on vbd", ("", "lowest", "params", ["PESQ>=3"], "vbd", "None")),
        ("The largest model on VoiceBank+DEMAND.", ("", "highest", "params", [], "vbd", "None")),
        ("MUSE is the best PESQ with params<0.6M", ("MUSE", "highest", "PESQ", ["params<0.60M"], "vbd", "None")),
        ("best LSD", ("", "lowest", "LSD", [], "vbd", "None")),
        ("lowest MACs with STOI above 94", ("", "lowest", "MACs", ["STOI>0.94"], "vbd", "None")),
        (
            "MP-SENet (long version) is the highest CSIG with params = 0.4M..3M and PESQ at least 3.5 on dns2020-noreverb",
            ("MP-SENet (long version)", "highest", "CSIG", ["params=0.40M..3.00M", "PESQ>=3.5"], "dns2020-noreverb", "None"),
        ),
        ("first causal model with PESQ≥3.0, params<0.1M", ("", "first", "", ["PESQ>=3", "params<0.10M"], "vbd", "True")),
        ("IMSE is the only non-causal system with PESQ=3.399", ("IMSE", "only", "", ["PESQ=3.399"], "vbd", "False")),
        ("best in PESQ", ("", "highest", "PESQ", [], "vbd", "None")),
    ],
)  # fmt: skip
def test_statements_are_read(text: str, expected: tuple[str, str, str, list[str], str, str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "years"), [("best PESQ since 2023", Range(2023, None)), ("best PESQ in 2024", Range(2024, 2024))]
)
def test_years_bound_the_field(text: str, years: Range) -> None:
    assert Statement.parse(text).years == years


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MUSE is competitive", "no superlative"),
        ("", "no superlative"),
        ("best", "best in what"),
        ("first", "first of what"),
        ("only on vbd", "only of what"),
        ("first shoe with PESQ>=3", "not understood after first"),
        ("smallest shoe", "unknown metric"),
        ("smallest with PESQ", "not a condition"),
        ("smallest with PESQ>=good", "is not a number"),
        ("smallest with QESP>=3", "unknown metric"),
        ("smallest on the moon", "unknown test set"),
        ("best PESQ since yesterday", "not a year"),
    ],
)
def test_what_is_not_understood_is_said(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Statement.parse(text)


WORDS = st.sampled_from(
    ["smallest", "best", "first", "only", "is", "the", "with", "and", ",", "on", "since", "in", "PESQ", "STOI>=", "params",
     ">=", "<", "=", "..", "3.0", "0.4M", "vbd", "2024", "causal", "model", "at least", "MUSE", "(", "≥", "%"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=14).map(" ".join)))
def test_any_words_give_a_statement_or_a_sentence(text: str) -> None:
    try:
        found = Statement.parse(text)
    except UsageError:
        return
    assert found.kind in ("lowest", "highest", "first", "only")
    assert found.demands or found.metric is not None


def test_percent_is_meant_for_fractions_alone() -> None:
    assert Statement.parse("only with STOI>=94").demands == (Condition(MetricName("STOI"), Range(0.94)),)
    assert Statement.parse("only with STOI>=0.94").demands == (Condition(MetricName("STOI"), Range(0.94)),)
    assert Statement.parse("only with SSNR>=94").demands == (Condition(MetricName("SSNR"), Range(94)),)


@pytest.mark.parametrize(
    "text", ["good", "best", "smallest with PESQ", "first with PESQ>=3 since then", "best PSEQ"]
)
def test_what_is_not_understood_brings_the_grammar(text: str) -> None:
    with pytest.raises(UsageError, match=r"smallest \| largest \| best METRIC"):
        Statement.parse(text)
