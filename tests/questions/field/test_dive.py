"""One paper in depth, and notes about it, from a catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

import litdb
from litdb.errors import NotFound, UsageError
from litdb.evidence.screening import Candidate
from litdb.report.tracing.dive import DIVE_FORMATS, dive_text


def test_everything_around_a_paper(whole_file: Path) -> None:
    with litdb.open(whole_file) as catalogue:
        found = catalogue.dive("MUSE")
        assert found == catalogue.dive("2406.04589")
    assert found.title.startswith("MUSE:") and 2 in found.versions
    assert {value.paper for value in found.values} == {"MUSE"}
    assert any(row.label == "w/o T-MSA" for row in found.ablations)
    assert any(one.verdict.is_finding for one in found.quotations)  # PHASEN's composites
    assert "TSTNN" in {one.paper for one in found.quotes}
    assert [card.name for card in found.cards] == ["MUSE"]
    assert found.next and all(one.why for one in found.next)


def test_a_changed_number_is_told_with_both_versions(catalogue_of_seed: litdb.Catalogue) -> None:
    changed = {(one.metric, one.was, one.now) for one in catalogue_of_seed.dive("IMSE").changes}
    assert ("PESQ", "3.373", "3.399") in changed


def test_notes_are_kept_searched_and_shown_and_are_no_evidence(catalogue_of_seed: litdb.Catalogue) -> None:
    catalogue = catalogue_of_seed
    before = catalogue.table(models=["MUSE"])
    catalogue.note("MUSE", "ask for the  checkpoint")
    catalogue.note("2406.04589", "table 2 is the ablation \x1b[31m<script>")
    result = next(iter(catalogue.dive("MUSE").values))
    uid = catalogue.note(result.key[:12], "twice in the paper")
    assert [(one.about, one.words) for one in catalogue.notes()] == [
        ("model", "ask for the checkpoint"),
        ("paper", "table 2 is the ablation \x1b[31m<script>"),
        ("result", "twice in the paper"),
    ]
    assert [one.about for one in catalogue.notes(search="THE paper")] == ["result"]
    assert [one.about for one in catalogue.notes("MUSE")] == ["model"]
    found = catalogue.dive("MUSE")
    assert len(found.notes) == 3
    for fmt in DIVE_FORMATS:
        text = dive_text(found, fmt)
        assert "ask for the checkpoint" in text and "\x1b" not in text
    assert "<script>" not in dive_text(found, "html")
    assert catalogue.table(models=["MUSE"]) == before
    (entry,) = catalogue.bib(["MUSE"])
    assert entry.notes == ("table 2 is the ablation \x1b[31m<script>",)
    catalogue.undo(uid, reason="not needed")
    assert len(catalogue.notes()) == 2


def test_what_is_not_known_is_said(catalogue_of_seed: litdb.Catalogue) -> None:
    with pytest.raises(NotFound):
        catalogue_of_seed.dive("no such paper")
    with pytest.raises(NotFound):
        catalogue_of_seed.note("no such thing", "words")
    with pytest.raises(UsageError):
        catalogue_of_seed.note("MUSE", "  ")


def test_a_claim_names_the_papers_of_surveys_that_nobody_read(catalogue_of_seed: litdb.Catalogue) -> None:
    catalogue = catalogue_of_seed
    sentence = "MUSE is the smallest with PESQ>=3.3 on vbd"
    assert not any("unread" in note for note in catalogue.claim(sentence).notes)
    catalogue.start_survey("light", "light")
    found = [
        Candidate(f"arXiv:{number}", f"title of {number}")
        for number in ("2406.04589", "2401.00001", "2401.00002")
    ]
    catalogue.add_survey_run("light", found, formulations=["light"], identified=3)
    catalogue.screen("light", ["arXiv:2401.00002"], "dropped", reason="of birds")
    (note,) = [note for note in catalogue.claim(sentence).notes if "unread" in note]
    assert note.startswith("1 of 2 papers of surveys are unread: title of 2401.00001 (")
