"""A question asked of OpenAlex, and what the index holds then; killed and asked again, nothing is paid twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import litdb
from litdb.errors import UsageError
from litdb.survey.asking import ask_field
from litdb.survey.search import new_survey
from tests.support.openalex import OpenAlex, openalex_online, work
from tests.support.service import Answer

QUESTION = "compact speech enhancement"


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OpenAlex]:
    monkeypatch.setenv("LITDB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LITDB_CACHE", raising=False)
    works = [work(number, display_name=f"Compact speech enhancement {number}") for number in range(1, 4)]
    works.append(work(4, doi="https://doi.org/10.1000/four", locations=[]))
    with openalex_online(monkeypatch, works) as found:
        yield found


def test_what_is_found_is_in_the_index_and_in_a_survey(catalogue: litdb.Catalogue, online: OpenAlex) -> None:
    asking, answers = ask_field(catalogue, QUESTION, pages=3)
    assert (
        online.searches == 0 and asking.costs == len(asking.formulations) * 3_000 and asking.budget == 10_000
    )
    found = list(answers)
    assert found[0].taken.new == 4 and found[0].total == 4 and not found[0].without
    assert [one.doi for one in found[0].elsewhere] == ["10.1000/four"]
    assert found[-1].spent == online.searches * 1_000 <= asking.costs
    assert len(new_survey(catalogue, QUESTION).papers) == 3
    asked = online.searches
    assert [one.spent for one in ask_field(catalogue, QUESTION, pages=3)[1]][-1] == 0
    assert online.searches == asked


def test_a_run_that_was_stopped_pays_nothing_twice(catalogue: litdb.Catalogue, online: OpenAlex) -> None:
    answers = ask_field(catalogue, QUESTION, pages=2)[1]
    next(answers)
    asked = online.searches
    answers.close()  # type: ignore[attr-defined]
    found = list(ask_field(catalogue, QUESTION, pages=2)[1])
    assert found[0].spent == 0 and found[0].taken.known == 4 and online.searches > asked


def test_where_the_money_ends_it_is_said_and_the_rest_is_kept(
    catalogue: litdb.Catalogue, online: OpenAlex
) -> None:
    (only,) = list(ask_field(catalogue, QUESTION, pages=2, budget=0.001)[1])
    assert only.taken.new == 2 and "$0.001 of $0.001 are spent" in only.without and online.searches == 1
    online.service.faults = [Answer(b"{}", 429)]
    (only,) = list(ask_field(catalogue, QUESTION, pages=2)[1])
    assert only.taken.known == 2 and "budget at OpenAlex is spent" in only.without


def test_what_makes_no_sense_is_refused_before_anything_is_asked(
    catalogue: litdb.Catalogue, online: OpenAlex
) -> None:
    for words in ({"budget": -1}, {"budget": float("nan")}, {"budget": 1e9}, {"pages": 0}, {"pages": 21}):
        with pytest.raises(UsageError):
            ask_field(catalogue, QUESTION, **words)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="empty"):
        ask_field(catalogue, " ")
    assert online.searches == 0
