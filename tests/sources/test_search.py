"""Queries: newest first, every paper once, whatever arXiv does to its pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest

from litdb.errors import CacheMiss, SourceError, UsageError
from litdb.sources.arxiv import ArxivSource
from litdb.sources.feed import QueryRefused
from tests.support.papers import synthetic_papers
from tests.support.replay import ReplayServer, SyntheticPaper, SyntheticVersion

from .conftest import Opener

PAPERS = synthetic_papers(25)
NEWEST_FIRST = [paper.id for paper in reversed(PAPERS)]


@pytest.fixture
def many(replay: ReplayServer) -> ReplayServer:
    """The replay server with 25 papers that fit `synthnet`, one a day from 2025-01-01."""
    for paper in PAPERS:
        replay.add(paper)
    return replay


def found(source: ArxivSource, *, since: date | None = None, most: int = 100) -> list[str]:
    return [record.arxiv_id.id for record in source.search("all:synthnet", since=since, max_results=most)]


def test_pages_through_all_results_newest_first(open_source: Opener, many: ReplayServer) -> None:
    assert found(open_source(page_size=10)) == NEWEST_FIRST
    assert len(many.requests) == 3


def test_stops_at_the_number_asked_for(open_source: Opener, many: ReplayServer) -> None:
    assert found(open_source(page_size=10), most=4) == NEWEST_FIRST[:4]
    assert len(many.requests) == 1


def test_pages_are_asked_for_as_they_are_needed(open_source: Opener, many: ReplayServer) -> None:
    results = open_source(page_size=5).search("all:synthnet")
    assert len(list(islice(results, 5))) == 5
    assert len(many.requests) == 1


def test_since_is_the_day_of_the_first_submission(open_source: Opener, many: ReplayServer) -> None:
    since = PAPERS[20].versions[0].submitted.date()
    assert found(open_source(), since=since) == NEWEST_FIRST[:5]
    assert "submittedDate%3A%5B202501210000+TO+" in many.requests[0].query


def test_no_result_is_no_error(source: ArxivSource) -> None:
    assert list(source.search("all:nothinglikethis")) == []


@pytest.mark.parametrize(("query", "most"), [("", 5), ("  ", 5), ("all:x", 0)])
def test_senseless_searches_are_refused_at_once(source: ArxivSource, query: str, most: int) -> None:
    with pytest.raises(UsageError):
        source.search(query, max_results=most)


def test_a_passing_empty_page_in_the_middle_is_asked_again(open_source: Opener, many: ReplayServer) -> None:
    many.fault("empty-page", "/api/", times=2, from_start=10)
    assert found(open_source(page_size=10)) == NEWEST_FIRST


def test_an_empty_first_page_with_results_announced_is_asked_again(
    open_source: Opener, many: ReplayServer
) -> None:
    many.fault("empty-page", "/api/", times=1)
    assert found(open_source(page_size=10)) == NEWEST_FIRST


def test_a_lasting_empty_page_is_an_error_and_the_next_run_goes_on(
    open_source: Opener, many: ReplayServer
) -> None:
    fault = many.fault("empty-page", "/api/", times=99, from_start=10)
    results = open_source(page_size=10).search("all:synthnet")
    assert [record.arxiv_id.id for record in islice(results, 10)] == NEWEST_FIRST[:10]
    with pytest.raises(SourceError, match="empty page") as caught:
        next(results)
    assert caught.value.retry
    fault.times = 0
    asked = len(many.requests)
    assert found(open_source(page_size=10)) == NEWEST_FIRST
    assert ["start=10" in seen.query or "start=20" in seen.query for seen in many.requests[asked:]] == [
        True,
        True,
    ]


def test_a_finished_search_starts_anew(open_source: Opener, many: ReplayServer) -> None:
    assert found(open_source()) == NEWEST_FIRST
    moment = datetime(2025, 6, 1, tzinfo=UTC)
    many.add(SyntheticPaper("2506.00001", "SynthNet newest", ("A",), (SyntheticVersion(moment),)))
    assert found(open_source()) == ["2506.00001", *NEWEST_FIRST]


def test_papers_that_come_in_between_pages_do_not_double_the_others(
    open_source: Opener, many: ReplayServer
) -> None:
    results = open_source(page_size=10).search("all:synthnet")
    first = [record.arxiv_id.id for record in islice(results, 10)]
    moment = datetime(2025, 6, 1, tzinfo=UTC)
    many.add(SyntheticPaper("2506.00001", "SynthNet newest", ("A",), (SyntheticVersion(moment),)))
    assert first + [record.arxiv_id.id for record in results] == NEWEST_FIRST


def test_an_order_ignored_once_is_asked_again(open_source: Opener, many: ReplayServer) -> None:
    many.fault("unordered", "/api/", times=1)
    assert found(open_source(page_size=10)) == NEWEST_FIRST


@pytest.mark.parametrize("most", [3, 100])
def test_an_order_ignored_for_good_is_made_up_for(open_source: Opener, many: ReplayServer, most: int) -> None:
    many.fault("unordered", "/api/", times=99)
    assert found(open_source(page_size=10), most=most) == NEWEST_FIRST[:most]


def test_an_order_lost_later_on_is_made_up_for(open_source: Opener, many: ReplayServer) -> None:
    many.fault("unordered", "/api/", times=99, from_start=10)
    assert found(open_source(page_size=10)) == NEWEST_FIRST


def test_an_order_ignored_over_too_many_results_is_an_error(
    replay: ReplayServer, open_source: Opener
) -> None:
    begin = datetime(2010, 1, 1, tzinfo=UTC)
    for number in range(2001):
        version = SyntheticVersion(begin + timedelta(days=number))
        replay.add(SyntheticPaper(f"1001.{number:05}", f"{number * 7919 % 2003} flood", ("A",), (version,)))
    replay.fault("unordered", "/api/", times=99)
    with pytest.raises(SourceError, match=r"ignores the order asked for .* 2,001 results") as caught:
        list(open_source(page_size=50).search("all:flood"))
    assert caught.value.retry


def test_beyond_the_cap_the_query_is_cut_by_date(open_source: Opener, many: ReplayServer) -> None:
    assert found(open_source(page_size=4, query_cap=8)) == NEWEST_FIRST
    starts = [int(seen.query.split("start=")[1].split("&")[0]) for seen in many.requests]
    assert max(starts) == 4


def test_a_refused_query_is_one_clear_error(source: ArxivSource, many: ReplayServer) -> None:
    many.fault("error-entry", "/api/", times=99)
    with pytest.raises(QueryRefused, match="start must be an integer"):
        found(source)
    assert len(many.requests) == 1


def test_offline_gives_the_last_answer(open_source: Opener, many: ReplayServer) -> None:
    with pytest.raises(CacheMiss, match="not in the cache"):
        found(open_source(offline=True))
    assert found(open_source(page_size=10)) == NEWEST_FIRST
    asked = len(many.requests)
    assert found(open_source(offline=True)) == NEWEST_FIRST
    assert found(open_source(offline=True), most=3) == NEWEST_FIRST[:3]
    assert len(many.requests) == asked
