"""TSV, JSON, table and explanation."""

from __future__ import annotations

import json

from litdb.extract import renderings, tsv
from tests.extract.support import latex, read

EXTRACTION = read(
    latex("Model & PESQ & STOI\\\\ Noisy & 1.97 & 0.92\\\\ FooNet & 3.20 & 5.0\\\\ w/o\tX & 3.1 & 0.94\\\\")
)
FOUND = [("a.tex", EXTRACTION)]


def test_tsv_has_its_columns_and_no_stray_tabs() -> None:
    lines = renderings.tsv_text(FOUND).splitlines()
    assert lines[0].split("\t") == list(tsv.COLUMNS)
    assert {line.count("\t") for line in lines} == {len(tsv.COLUMNS) - 1}
    assert lines[1].split("\t")[:10] == [
        "a.tex", "1", "2", "2", "Noisy", "Noisy", "reference", "PESQ", "VoiceBank+DEMAND", "1.97",
    ]  # fmt: skip


def test_json_carries_place_and_reasons() -> None:
    rows = json.loads(renderings.json_text(FOUND))
    assert rows[0]["model"] == "Noisy"
    assert rows[0]["protocol"]["band"]["basis"] == "inferred"
    assert rows[0]["place"].startswith("paper.tex:") and rows[0]["reasons"]


def test_the_table_marks_proposed_values() -> None:
    text = renderings.table_text(FOUND)
    assert "3.2" in text and "0.05?" in text


def test_explanations_name_model_metric_dataset_value_and_ablation() -> None:
    text = renderings.explain_text(FOUND)
    for words in (
        "model    FooNet -> FooNet",
        "metric   PESQ",
        "dataset  VoiceBank+DEMAND",
        "value    3.2",
        "accepted at",
        "ablation of FooNet",
        "PESQ -0.1",
    ):
        assert words in text
