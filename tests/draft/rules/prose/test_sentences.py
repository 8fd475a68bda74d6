"""Which numbers of sentences are held to the scores on VoiceBank+DEMAND."""

from __future__ import annotations

from pathlib import Path

import pytest

from litdb.draft.rules.prose.sentences import sentences
from litdb.draft.rules.prose.sums import sums
from tests.draft.world import only, report, said

RULES = (sentences, sums)
WRONG = "SilverNet~\\cite{silver} reaches a PESQ of 3.73.\n"
FILLER = "Speech is a signal that people make. " * 45


def test_a_number_that_no_source_has(tmp_path: Path) -> None:
    found = only(report(tmp_path, WRONG, RULES))
    assert (found.rule, "prints 3.37" in found.message) == ("VALUE", True)


@pytest.mark.parametrize(
    "named", ["", "We use the VCTK corpus.", "All on VoiceBank-DEMAND.", "On VB-DMD we win."]
)
def test_a_whole_paper_names_its_test_set(tmp_path: Path, named: str) -> None:
    """What a long text that names no test set of ours measures is something else; the rest is as in a short one."""
    found = report(tmp_path, FILLER + named + "\n\n" + WRONG, RULES)
    assert [rule for rule, _ in said(found)] == (["VALUE"] if named else [])
    left = found.unchecked.get("numbers in sentences of a draft that names no test set of the catalogue", 0)
    assert left == (0 if named else 1)


@pytest.mark.parametrize(
    "text",
    [
        "SilverNet raises PESQ from 1.76 to 1.94 relative to the noisy speech.",
        "On the noisy recordings, PESQ rises from 1.21 to 2.10 with SilverNet.",
        "SilverNet scores a PESQ of 2.61, the unprocessed mixtures 1.54.",
    ],
)
def test_noisier_speech_than_that_of_the_usual_test_set(tmp_path: Path, text: str) -> None:
    assert report(tmp_path, text, RULES).findings == ()


def test_the_usual_noise_does_not_excuse_a_number(tmp_path: Path) -> None:
    found = only(
        report(tmp_path, "SilverNet raises PESQ from 1.97 to 3.73 relative to the noisy speech.", RULES)
    )
    assert found.rule == "VALUE"
