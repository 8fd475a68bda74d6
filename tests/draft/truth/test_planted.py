"""The list of planted faults fits its draft, whatever the rules find."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from litdb.draft.finding import DraftRule
from tests.draft.truth.planted import HERE, corrected, planted


def test_sixty_faults_at_least_three_for_each_rule_of_drafts() -> None:
    faults = planted()
    first = Counter(fault.rules[0] for fault in faults)
    assert len(faults) == 60
    assert set(first) == set(DraftRule) - {DraftRule.UNSOURCED}
    assert min(first.values()) >= 3


def test_each_fault_stands_in_the_draft_and_is_gone_from_the_corrected_one(tmp_path: Path) -> None:
    main = corrected(tmp_path)
    for fault in planted():
        assert fault.places(HERE / "paper"), fault.id
        whole = (tmp_path / fault.file).read_text(encoding="utf-8")
        assert fault.corrected in whole, fault.id
        assert fault.corrected != fault.anchor, fault.id
    assert "\\input" in main.read_text(encoding="utf-8")


def test_around_the_faults_are_three_hundred_numbers(tmp_path: Path) -> None:
    corrected(tmp_path)
    count = 0
    for path in tmp_path.rglob("*.tex"):
        for line in path.read_text(encoding="utf-8").splitlines():
            words = re.sub(r"\\(?:cite|ref|label|input|begin|multicolumn)\b\S*", "", line.split(" %")[0])
            count += len(re.findall(r"(?<![\w.])\d[\d,.]*\d|(?<![\w.])\d(?![\w.])", words))
    assert count - len(planted()) >= 300


def test_the_held_out_draft_has_twenty_faults_of_every_rule(tmp_path: Path) -> None:
    folder = HERE.parent / "heldout"
    faults = planted(folder)
    assert len(faults) == 20
    assert {fault.rules[0] for fault in faults} == set(DraftRule) - {DraftRule.UNSOURCED}
    corrected(tmp_path, folder)
    assert all(fault.places(folder / "paper") for fault in faults)
