"""`litdb check` on the draft with planted faults: the bars of the issue, and no finding on the corrected draft."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.draft_check import score
from litdb.catalogue.database import places
from litdb.draft.check import check_draft
from tests.draft.truth.own import own_catalogue
from tests.draft.truth.planted import HERE, corrected, planted


def test_at_least_57_of_60_faults_and_no_more_than_4_false_alarms(
    tmp_path: Path, whole_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "packaged", lambda _name: whole_file)
    with own_catalogue(tmp_path / "mine.db") as catalogue:
        report = check_draft(catalogue, HERE / "paper" / "main.tex")
        missed, alarms = score(planted(), HERE / "paper", report)
        assert len(missed) <= 3, [fault.id for fault in missed]
        assert len(alarms) <= 4, alarms
        assert report.unchecked  # it says what it could not check
        assert check_draft(catalogue, corrected(tmp_path / "mended")).findings == ()
