"""Superlatives that are held against the whole field, and those about what a draft compares."""

from __future__ import annotations

from pathlib import Path

import pytest

from litdb.draft.rules.prose.superlatives import superlatives
from tests.draft.world import only, report

FILLER = "Speech is a signal that people make. " * 45


def test_a_model_that_is_said_to_beat_all_published_ones(tmp_path: Path) -> None:
    found = only(report(tmp_path, "TinNet outperforms all published models in PESQ.", (superlatives,)))
    assert found.rule == "SUPERLATIVE"
    assert "TwinNet (long)" in found.message


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "On this sample, TinNet remains superior to all other models.",
            "superlatives about what is compared",
        ),
        (
            FILLER + "TinNet outperforms all published models in PESQ.",
            "superlatives of a draft that names no test set of the catalogue",
        ),
    ],
)
def test_of_another_test_set_or_of_the_models_tried_here_nothing_is_known(
    tmp_path: Path, text: str, left: str
) -> None:
    found = report(tmp_path, text, (superlatives,))
    assert found.findings == ()
    assert found.unchecked == {left: 1}
