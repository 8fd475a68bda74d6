"""Papers that come in another order give the same catalogue, also when the reader knows what the catalogue holds."""

from __future__ import annotations

import io
import itertools
import json
from pathlib import Path

import pytest

from litdb import Catalogue

ROWS = "| {head} | PESQ | STOI |\n|---|---|---|\n| Noisy | 1.97 | 0.921 |\n| {one} | {first} | 0.951 |\n| {two} | 2.71 | 0.940 |\n"
TEXTS = {
    "foo": "# FooNet: a network\n\nResults on the VoiceBank+DEMAND test set:\n\n"
    + ROWS.format(head="Model", one="FooNet", two="QuxNet", first="3.05"),
    "bar": "# BarSE-2: another\n\nResults on the VoiceBank+DEMAND test set:\n\n"
    + ROWS.format(head="", one="BarSE-2", two="FooNet", first="2.95"),
    "baz": "# BazUNet: a third\n\nScores on VoiceBank+DEMAND:\n\n"
    + ROWS.format(head="", one="BazUNet", two="FooNet", first="2.88"),
}


def whole(folder: Path, order: tuple[str, ...]) -> str:
    """What a catalogue holds that took the texts in an order and then read them again; times left out."""
    folder.mkdir()
    with Catalogue.init(folder / "sota.db", empty=True) as catalogue:
        for name in sorted(TEXTS):
            (folder / f"{name}.md").write_text(TEXTS[name], encoding="utf-8")
        for name in order:
            catalogue.ingest(folder / f"{name}.md", arxiv=f"9912.0000{1 + sorted(TEXTS).index(name)}v1")
        assert not [f for outcome in catalogue.reextract(knowing=True, workers=1) for f in outcome.failures]
        out = io.StringIO()
        catalogue.dump(out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    for line in lines:
        row = line.get("row", {})
        for field in [name for name in row if name.endswith("_at")]:
            del row[field]
    return "\n".join(json.dumps(line, sort_keys=True) for line in lines).replace(str(folder), "")


def test_the_order_in_which_papers_come_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITDB_CACHE", str(tmp_path / "cache"))
    orders = list(itertools.permutations(sorted(TEXTS)))
    texts = {whole(tmp_path / "-".join(order), order) for order in (orders[0], orders[3], orders[-1])}
    assert len(texts) == 1
    assert "BazUNet" in texts.pop()
