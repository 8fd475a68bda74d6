"""Papers by id: every id gets a record or a reason."""

from __future__ import annotations

from datetime import date

import pytest

from litdb.sources.arxiv import ArxivSource
from litdb.sources.types import ArxivId
from tests.support.papers import IMSE
from tests.support.replay import ReplayServer, SyntheticPaper, SyntheticVersion

from .conftest import Opener


def ids(*texts: str) -> list[ArxivId]:
    return [ArxivId.parse(text) for text in texts]


def test_records_come_in_the_order_asked_with_what_arxiv_says(source: ArxivSource) -> None:
    found = source.by_ids(ids("2406.04589", "eess/0601001", "2511.14515"))
    assert [record.arxiv_id.id for record in found.records] == ["2406.04589", "eess/0601001", "2511.14515"]
    record = found.records[2]
    assert record.title == IMSE.title
    assert record.authors == ("First Synthetic Author", "Second Synthetic Author")
    assert (record.first_submitted, record.updated) == (date(2025, 11, 18), date(2025, 12, 2))
    assert (record.version, record.newest_version) == (2, 2)
    assert record.categories == ("cs.SD", "eess.AS")
    assert found.records[0].comment == "A synthetic entry"


def test_an_old_version_knows_the_newest(source: ArxivSource, replay: ReplayServer) -> None:
    (record,) = source.by_ids(ids("2511.14515v1")).records
    assert (record.version, record.newest_version, record.updated) == (1, 2, date(2025, 11, 18))
    assert len(replay.requests) == 2
    source.by_ids(ids("2511.14515v2"))
    assert len(replay.requests) == 3  # one request when the version asked for is the newest


def test_an_id_asked_twice_is_answered_once(source: ArxivSource) -> None:
    assert len(source.by_ids(ids("2511.14515", "arXiv:2511.14515")).records) == 1


def test_a_list_fails_only_where_it_must(source: ArxivSource, replay: ReplayServer) -> None:
    found = source.by_ids(ids("2511.14515", "2300.99999", "2511.14515v9", "2406.04589", "nosuch/0000001"))
    assert [record.arxiv_id.id for record in found.records] == ["2511.14515", "2406.04589"]
    reasons = {str(failure.arxiv_id): failure.reason for failure in found.failures}
    assert reasons == {
        "2300.99999": "arXiv knows no paper 2300.99999",
        "2511.14515v9": "2511.14515 has no version 9; v2 is its newest",
        "nosuch/0000001": "arXiv knows no paper nosuch/0000001",
    }
    assert not any(failure.transient for failure in found.failures)
    assert found.failures[1].version == 9


def test_an_id_an_answer_left_out_is_asked_again(source: ArxivSource, replay: ReplayServer) -> None:
    replay.fault("short-answer", "/api/", times=1)
    found = source.by_ids(ids("2511.14515", "2406.04589"))
    assert len(found.records) == 2
    assert found.failures == ()


def test_an_id_arxiv_calls_wrong_does_not_spoil_the_others(source: ArxivSource, replay: ReplayServer) -> None:
    spoiler = ArxivId("abc")  # the replay server, like arXiv, refuses the whole list for it
    found = source.by_ids([*ids("2511.14515"), spoiler, *ids("2406.04589")])
    assert [record.arxiv_id.id for record in found.records] == ["2511.14515", "2406.04589"]
    (failure,) = found.failures
    assert failure.arxiv_id == spoiler
    assert failure.reason == "arXiv does not accept the request: incorrect id format for abc"


@pytest.mark.parametrize("kind", ["error-entry", "400"])
def test_an_error_entry_is_one_message_and_is_not_repeated(
    source: ArxivSource, replay: ReplayServer, kind: str
) -> None:
    replay.fault(kind, "/api/", times=99)  # type: ignore[arg-type]
    found = source.by_ids(ids("2511.14515"))
    (failure,) = found.failures
    assert failure.reason.startswith("arXiv does not accept the request: ")
    assert not failure.transient
    assert len(replay.requests) == 1


def test_long_lists_are_asked_in_parts(source: ArxivSource, replay: ReplayServer) -> None:
    moment = IMSE.versions[0].submitted
    for number in range(230):
        replay.add(SyntheticPaper(f"2601.{number:05}", "T", ("A",), (SyntheticVersion(moment),)))
    found = source.by_ids([ArxivId(f"2601.{number:05}") for number in range(230)])
    assert len(found.records) == 230
    assert len(replay.requests) == 3


def test_all_versions_are_listed_and_old_ones_asked_once(open_source: Opener, replay: ReplayServer) -> None:
    source = open_source()
    (record,) = source.by_ids(ids("2511.14515")).records
    for _ in range(2):
        found = source.versions(record)
        assert [(item.version, item.newest_version) for item in found.records] == [(1, 2), (2, 2)]
        assert found.failures == ()
    assert len(replay.requests) == 2  # the newest, and version 1 once


def test_versions_from_an_old_record_find_the_newest(source: ArxivSource) -> None:
    (record,) = source.by_ids(ids("2511.14515v1")).records
    assert [item.version for item in source.versions(record).records] == [1, 2]


def test_offline_answers_from_the_cache(open_source: Opener, replay: ReplayServer) -> None:
    online = open_source()
    (record,) = online.by_ids(ids("2511.14515")).records
    online.versions(record)
    asked = len(replay.requests)
    offline = open_source(offline=True)
    found = offline.by_ids(ids("2511.14515", "2511.14515v1", "2406.04589"))
    assert [(item.version, item.newest_version) for item in found.records] == [(2, 2), (1, 2)]
    assert [failure.reason for failure in found.failures] == [
        "2406.04589 is not in the cache; fetch it once without --offline"
    ]
    assert [item.version for item in offline.versions(record).records] == [1, 2]
    assert len(replay.requests) == asked
