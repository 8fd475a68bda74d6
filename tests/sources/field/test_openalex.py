"""Searches of OpenAlex: what they find, what they cost, faults on the way; the budget is never exceeded."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from litdb.errors import LitdbError, SourceError, UsageError
from litdb.sources.cache import Cache
from litdb.sources.field.asked import Elsewhere
from litdb.sources.field.listed import Listed
from litdb.sources.field.openalex import PRICE, OpenAlexSearch, expression
from litdb.sources.field.purse import BudgetSpent, Purse, dollars
from litdb.sources.web.transport import Patience
from tests.support.openalex import KEY, OpenAlex, openalex_online, work
from tests.support.service import Answer

WANTED = (("speech enhancement", "denoising"), ("compact",))
SOON = Patience(2.0, 2.0, 5.0)


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAlex]:
    with openalex_online(monkeypatch, [work(number) for number in range(1, 6)]) as found:
        yield found


def search(folder: Path, *, budget: int = 10 * PRICE, daily: int = 1_000 * PRICE) -> OpenAlexSearch:
    return OpenAlexSearch(folder, budget=budget, daily=daily, patience=SOON)


def test_a_page_after_the_other_each_paid_for_once(online: OpenAlex, tmp_path: Path) -> None:
    with search(tmp_path) as source:
        first = source.page(WANTED, dt.date(2024, 1, 1))
        assert first.papers[0] == Listed(
            "2401.00001", "Speech enhancement, part 1", None, dt.date(2024, 1, 15),
            "We train a conformer.", ("Ada One",),
        )  # fmt: skip
        assert (first.total, first.cursor, source.spent) == (5, "2", PRICE)
        last = source.page(WANTED, cursor="4")
        assert [one.arxiv_id for one in last.papers] == ["2401.00005"] and last.cursor == ""
    asked = online.service.requests[0]
    assert asked.query["search"] == '("speech enhancement" OR "denoising") AND ("compact")'
    assert asked.query["filter"] == "from_publication_date:2024-01-01"
    with search(tmp_path, budget=0) as again:  # asked before, today
        kept = again.page(WANTED, dt.date(2024, 1, 1))
        assert (kept, again.spent) == (first, 0)
        with pytest.raises(BudgetSpent, match=r"one more request costs \$0.001"):
            again.page(WANTED)
    assert online.searches == 2


def test_without_a_key_nothing_is_asked(
    online: OpenAlex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENALEX_API_KEY", " ")
    with pytest.raises(UsageError, match="OPENALEX_API_KEY"):
        search(tmp_path)
    monkeypatch.setenv("OPENALEX_API_KEY", "wrong")
    with search(tmp_path) as source, pytest.raises(SourceError, match="refuses the key"):
        source.page(WANTED)
    assert online.searches == 1


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ([Answer(b"{}", 429)], "the day's budget at OpenAlex is spent"),
        ([Answer(b"{}", 404)], "HTTP 404"),
        ([Answer(b'{"error": "no"}')], "without a list of works"),
        ([Answer(b"[]")] * 4, "JSON of another kind, 4 times"),
        ([Answer(b"<html>")] * 4, "no JSON, 4 times"),
        ([Answer(b"{}" * 500, cut=True)] * 4, "4 times"),
        ([Answer(b"", 302, headers={"Location": "https://example.org/"})], "not on the allowed list"),
        ([Answer(b"", 302, headers={"Location": "/works"})] * 6, "redirects in a circle"),
    ],
)
def test_faults_are_one_sentence_without_the_key(
    online: OpenAlex, tmp_path: Path, faults: list[Answer], said: str
) -> None:
    online.service.faults = list(faults)
    with search(tmp_path) as source, pytest.raises(LitdbError, match=said) as refused:
        source.page(WANTED)
    assert source.spent == online.searches * PRICE  # what was sent may have been counted
    error: BaseException | None = refused.value
    while error is not None:
        assert KEY not in str(error) and KEY not in str(getattr(error, "url", ""))
        error = error.__cause__
    assert not any(KEY.encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_without_a_network_it_is_said_soon(
    online: OpenAlex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITDB_OPENALEX_URL", "http://127.0.0.1:9")
    with search(tmp_path) as source, pytest.raises(SourceError, match="can be searched without it"):
        source.page(WANTED)


FAULTS = st.lists(
    st.sampled_from(
        [Answer(b"{}", 500), Answer(b"{}", 503), Answer(b"no", 200), Answer(b"{}" * 99, cut=True), Answer(b"{}", 404),
         Answer(b"", 302, headers={"Location": "/works?moved=1"})]
    ),
    max_size=8,
)  # fmt: skip


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    faults=FAULTS, budget=st.integers(0, 6 * PRICE), daily=st.integers(0, 9 * PRICE), runs=st.integers(1, 3)
)
def test_the_budget_is_never_exceeded(
    online: OpenAlex, faults: list[Answer], budget: int, daily: int, runs: int
) -> None:
    online.service.faults = list(faults)
    before = online.searches
    with tempfile.TemporaryDirectory() as folder:
        for run in range(runs):
            begun, today = online.searches, (online.searches - before) * PRICE
            with search(Path(folder), budget=budget, daily=daily) as source:
                assert Purse(Cache(Path(folder)), "openalex", 0, 0).spent_today() == today
                for cursor in ("*", "2", "4"):
                    try:
                        source.page((*WANTED, (f"run {run}",)), cursor=cursor)
                    except SourceError:
                        continue
                assert source.spent == (online.searches - begun) * PRICE <= budget
    assert (online.searches - before) * PRICE <= daily


def test_the_money_of_a_day_is_full_again_the_next(tmp_path: Path) -> None:
    day = [dt.date(2026, 11, 27)]
    first = Purse(Cache(tmp_path), "some", 5, 4, today=lambda: day[0])
    first.spend(3)
    second = Purse(Cache(tmp_path), "some", 5, 4, today=lambda: day[0])
    assert (second.spent_today(), second.left(), first.left()) == (3, 1, 1)
    with pytest.raises(BudgetSpent, match="midnight UTC"):
        second.spend(2)
    day[0] = dt.date(2026, 11, 28)
    second.spend(2)
    assert (second.spent_today(), second.left(), first.left()) == (2, 2, 2)
    assert [dollars(amount) for amount in (0, 1_000, 2_000_000)] == ["$0", "$0.001", "$2"]


def test_a_date_of_a_journal_is_no_day_of_submission_and_what_is_elsewhere_is_told() -> None:
    results = [
        work(1, publication_date="2025-06-01"),
        work(2, locations=[], doi="https://doi.org/10.1000/Two"),
        work(3, locations=[{"landing_page_url": "https://arxiv.org/abs/cs/9901002"}]),
        work(4, locations=[{"landing_page_url": "https://example.org/arxiv.org/abs/2401.00004"}], doi=None),
        work(5, display_name=None),
        work(
            6,
            abstract_inverted_index={"x": ["y", -1, 10**9], "one": [1], "two": "2", "zero": [0]},
            authorships=[7],
        ),
        "no work",
    ]
    page = OpenAlexSearch.read({"results": results, "meta": {"next_cursor": 7}})
    names = ["arXiv:2401.00001", "doi:10.1000/two", "arXiv:cs/9901002", "arXiv:2401.00006"]
    assert [one.name for one in page.papers] == names
    day = dt.date(2024, 1, 15)
    assert [one.first_submitted for one in page.papers] == [None, day, None, day]
    assert page.papers[3].abstract == "zero one" and page.papers[3].authors == ()
    assert page.elsewhere == (Elsewhere("Speech enhancement, part 2", "10.1000/two"),)
    assert (page.cursor, page.total) == ("", None)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["results", "meta", "doi", "locations", "authorships", "author"]), inner
            )
        ),
        max_leaves=12,
    )
)
def test_no_answer_is_too_strange(strange: object) -> None:
    page = OpenAlexSearch.read({"results": [strange, work(1, locations=strange)], "meta": strange})
    assert [one.arxiv_id for one in page.papers][-1:] == ["2401.00001"]


def test_words_are_no_operators() -> None:
    assert expression([['a" OR "b\\', "NOT"]]) == '("a OR b" OR "NOT")'
