"""Every conflict and audit finding on the shipped catalogue has been looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

import litdb
from benchmarks.findings import VERDICTS, found_in, settled

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(whole_file: Path) -> dict[str, str]:
    with litdb.open(whole_file) as catalogue:
        return dict(found_in(catalogue))


def test_no_finding_is_new(found: dict[str, str]) -> None:
    assert {key: said for key, said in found.items() if key not in settled()} == {}


def test_no_verdict_is_about_nothing(found: dict[str, str]) -> None:
    assert [key for key in settled() if key not in found] == []


def test_every_line_has_a_verdict_and_a_reason_and_no_wildcard() -> None:
    for key, (verdict, reason) in settled().items():
        assert verdict in VERDICTS, key
        assert len(reason) > 20, key
        assert "*" not in key.split(":")[0]
