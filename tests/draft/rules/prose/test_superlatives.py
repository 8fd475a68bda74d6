"""Superlatives that are held against the whole field, and those about what a draft compares."""

from __future__ import annotations

from pathlib import Path

import pytest

import litdb
from litdb.catalogue.database.places import Place
from litdb.draft.check import checked
from litdb.draft.knowledge import knowledge
from litdb.draft.rules.prose.superlatives import superlatives
from litdb.draft.subject import Draft
from litdb.draft.text.reading import read_project
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


ELSEWHERE = "superlatives on other bands or test sets"


def test_it_is_held_against_the_test_set_that_its_sentence_names(tmp_path: Path, whole_file: Path) -> None:
    main = tmp_path / "paper.tex"
    with litdb.Catalogue(Place(str(whole_file), read_only=True)) as whole:
        known = knowledge(whole)
        for text, against, left in (
            ("MambAttention has the highest PESQ on DNS-2020 without reverb.", "ZipEnhancer(M) (PESQ 3.81", ""),
            ("ZipEnhancer(M) has the highest PESQ on DNS-2020 without reverb.", "", ""),
            ("ZipEnhancer(M) has the highest PESQ on the Kestrel evaluation set.", "", ELSEWHERE),
            ("ZipEnhancer(M) has the highest PESQ score (narrow-band).", "", ELSEWHERE),
            ("ZipEnhancer(M) has the highest PESQ on DNS-2020 without reverb and on TIMIT.", "", ELSEWHERE),
        ):  # fmt: skip
            body = f"\\documentclass{{article}}\\begin{{document}}\n{text}\n\\end{{document}}\n"
            main.write_text(body, encoding="utf-8")
            found = checked(Draft(read_project(main), known, whole), (superlatives,))
            assert [against in finding.message for finding in found.findings] == [True] * bool(against), text
            assert found.unchecked == ({left: 1} if left else {}), text
