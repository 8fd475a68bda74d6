"""Invented tables of many sorts: what is expected is read, and nothing else is accepted."""

from __future__ import annotations

import pytest

from tests.extract.met import Case, batch, judge

BATCHES = ("first", "second", "third", "fresh", "fourth", "fifth", "sixth", "seventh", "eighth")
#: What is not read yet: a header in Chinese.
NOT_YET = frozenset(("chinese_readme.md",))
CASES = [case for name in BATCHES for case in batch(name)]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_is_accepted_is_right(case: Case) -> None:
    verdict = judge(case)
    assert verdict.wrong == 0, verdict.lines
    if case.name not in NOT_YET:
        assert (verdict.right, verdict.read) == (verdict.wanted, verdict.wanted), verdict.lines
