"""The benchmark of quotations on a folder of arXiVeri's layout, written here."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks.quotations import main, plain

HTML = "<table><tr><td>{}</td></tr></table>"
THEIRS = [
    ["Method", "AP", "AP_{50}"],
    ["OldNet [3]", "41.2", "60.9"],
    ["FineNet (ours)", "\\mathbf{44.7}", "63.8"],
]
MINE = [
    ["Method", "Size", "AP", "AP50"],
    ["FineNet [7]", "224^{2}", "44.7", "63.8"],
    ["Ours", "224^{2}", "45.1", "64.0"],
]


def html(rows: list[list[str]]) -> str:
    return HTML.format("</td></tr><tr><td>".join("</td><td>".join(row) for row in rows))


def test_what_it_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("pairs", "cited"):
        (tmp_path / folder).mkdir()
    pair = {
        "cited": "1",
        "cited_title": "FineNet: fine",
        "target_title": "Best: best",
        "table": html(MINE),
        "caption": "COCO",
    }
    (tmp_path / "pairs" / "2__1.json").write_text(json.dumps(pair), "utf-8")
    other = {"table": html([["a", "b"], ["c", "1.5"]]), "caption": ""}
    tables = [{"table": None, "caption": None}, other, {"table": html(THEIRS), "caption": "COCO"}]
    (tmp_path / "cited" / "1.json").write_text(
        json.dumps({"authors": ["A B"], "list_table_and_caption": tables}), "utf-8"
    )
    out = tmp_path / "said.json"
    monkeypatch.setattr(sys, "argv", ["quotations.py", str(tmp_path), "--out", str(out)])
    main()
    assert json.loads(out.read_text("utf-8")) == {"2__1": {"table": 2, "cells": [[1, 2, 2, 1], [1, 3, 2, 2]]}}
    assert "1 tables: 1 quote" in capsys.readouterr().out


def test_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["quotations.py", str(tmp_path), "--out", str(tmp_path / "o.json")])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2


def test_what_is_left_of_latex() -> None:
    assert plain("\\mathbf{44.7}") == "44.7"
    assert plain("35.3 \\pm 4.6") == "35.3 ± 4.6"
    assert plain("224^{2}") == "224^2"
    assert plain("HrHRNet{}^{*{\\dagger}}") == "HrHRNet†"
    assert plain("AP_{50}") == "AP50"
