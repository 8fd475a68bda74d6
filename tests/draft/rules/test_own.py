"""OWN: rows of the own network."""

from __future__ import annotations

from pathlib import Path

import pytest

from litdb.draft.rules.own import own
from tests.draft.world import report, said, table

HEAD = r"Model & Params (M) & PESQ \\ \midrule"
SAID = (
    "The checkpoint was selected on the test set, with a single seed. "
    "CSIG, CBAK and COVL are computed on samples of the int16 scale.\n"
)


def test_what_must_be_said_is_said(tmp_path: Path) -> None:
    found = report(tmp_path, table(r"OwnNet & 0.46 & 2.864", head=HEAD) + SAID, (own,))
    assert found.findings == ()
    assert found.checked == {"rows of own models": 1}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SAID.replace("on the test set", "on validation data"), "selected on the test set"),
        (SAID.replace("with a single seed", "carefully"), "over how many seeds"),
    ],
)
def test_what_must_be_said_is_not(tmp_path: Path, text: str, words: str) -> None:
    found = report(tmp_path, table(r"OwnNet & 0.46 & 2.864", head=HEAD) + text, (own,))
    assert [rule for rule, _ in said(found)] == ["OWN"]  # at the row, or at the sentence that should say it
    assert words in found.findings[0].message


def test_the_scale_of_own_composites_must_be_said(tmp_path: Path) -> None:
    row = r"OwnNet & 0.46 & 2.864 & 4.26 & 3.48 & 3.62 & 0.95"
    assert said(report(tmp_path, table(row) + SAID, (own,))) == []
    (found,) = report(tmp_path, table(row) + SAID.split(". ")[0] + ".", (own,)).findings
    assert "on which scale" in found.message


def test_a_number_of_another_checkpoint_or_of_some_files(tmp_path: Path) -> None:
    (found,) = report(tmp_path, table(r"OwnNet & 0.46 & 2.81", head=HEAD) + SAID, (own,)).findings
    assert (
        "is of the checkpoint run/last; run run/best, which stands for the model, has 2.864" in found.message
    )
    head = HEAD.replace("PESQ", "STOI")
    (found,) = report(tmp_path, table(r"OwnNet & 0.46 & 0.9399", head=head) + SAID, (own,)).findings
    assert "covers 800 of 824 files" in found.message


def test_a_number_finer_than_that_of_another_checkpoint_is_not_its(tmp_path: Path) -> None:
    assert report(tmp_path, table(r"OwnNet & 0.46 & 2.81049", head=HEAD) + SAID, (own,)).findings == ()


def test_rows_of_others_are_no_own_ones(tmp_path: Path) -> None:
    assert report(tmp_path, table(r"GoldNet (ours) & 0.43 & 3.40", head=HEAD), (own,)).findings == ()
