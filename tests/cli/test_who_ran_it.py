"""Marks that say who ran a row, from the file to the catalogue: origin, remark and protocol of each value."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Litdb

PAPER = """# WillowNet

Table 1: Results on VoiceBank+DEMAND. {notes}

| Model | Params | PESQ | STOI |
|---|---|---|---|
| OakNet {ran} [3] | 1.2M | 2.69 | 0.93 |
| ElmNet {quoted} [5] | 2.4M | 3.01 | 0.95 |
| WillowNet (ours) | 0.5M | 2.88 | 0.94 |
"""
RERUN = "re-run by the authors of the table"


@pytest.mark.parametrize(
    ("ran", "quoted", "notes", "training"),
    [
        (
            "†",
            "‡",
            "† retrained by us on half of the training data. ‡ values from the cited papers.",
            "half of the training data",
        ),
        ("*", "†", "* our run, trained on DNS-2020. † results taken from the original paper.", "DNS-2020"),
        ("§", "‡", "§ reproduced with the official code. ‡ as reported in the cited papers.", None),
    ],
)
def test_origin_remark_and_protocol_of_marked_rows(
    litdb: Litdb, monkeypatch: pytest.MonkeyPatch, ran: str, quoted: str, notes: str, training: str | None
) -> None:
    assert litdb("init", "mine.db", "--empty").code == 0
    monkeypatch.setenv("LITDB_DB", "mine.db")
    Path("paper.md").write_text(PAPER.format(ran=ran, quoted=quoted, notes=notes), encoding="utf-8")
    assert "9 readings, 9 accepted" in litdb("ingest", "paper.md", "--arxiv", "2501.00003v1").out
    found = {}
    for model in ("OakNet", "ElmNet", "WillowNet"):
        (value,) = litdb("why", model, "PESQ", "--json").json["values"]
        stated = value["protocol"].get("training")
        found[model] = (value["printed"], value["origin"], value["remark"], stated and stated["value"])
    assert found == {
        "OakNet": ("2.69", "quoted", RERUN, training),
        "ElmNet": ("3.01", "quoted", "", None),
        "WillowNet": ("2.88", "self", "", None),
    }
