"""Every conflict and audit finding on the shipped catalogue has been looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

import litdb
from benchmarks.findings import VERDICTS, found_in, settled
from litdb.seed.read import rows

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def everything(whole_file: Path) -> list[tuple[str, str]]:
    with litdb.open(whole_file) as catalogue:
        return list(found_in(catalogue))


@pytest.fixture(scope="module")
def found(everything: list[tuple[str, str]]) -> dict[str, str]:
    return dict(everything)


def test_no_two_findings_share_a_key(everything: list[tuple[str, str]]) -> None:
    keys = [key for key, _ in everything]
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


def test_findings_tsv_has_no_key_twice() -> None:
    keys = [row["key"] for row in rows("findings.tsv")]
    assert sorted(keys) == sorted(set(keys))


def test_no_finding_is_new(found: dict[str, str]) -> None:
    assert {key: said for key, said in found.items() if key not in settled()} == {}


def test_no_verdict_is_about_nothing(found: dict[str, str]) -> None:
    assert [key for key in settled() if key not in found] == []


def test_no_reason_is_given_twice() -> None:
    """Each finding has been looked at by itself: a reason that fits two says too little of one of them."""
    reasons = [reason for _, reason in settled().values()]
    assert sorted({reason for reason in reasons if reasons.count(reason) > 1}) == []


def test_every_line_has_a_verdict_and_a_reason_and_no_wildcard() -> None:
    for key, (verdict, reason) in settled().items():
        assert verdict in VERDICTS, key
        assert 20 < len(reason) <= 250, key
        assert "*" not in key.split(":")[0]
