"""arXiVeri's half at hand: the matcher of quotations is not worse than when it was measured (docs/believing.md)."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from benchmarks.quotations import predict


def bare(table: str | None) -> str:
    """The words of a table: its markup differs between the cited paper and the gold."""
    return re.sub(r"[\s|]+", "|", re.sub(r"<[^>]+>", "|", table or "")).strip("|")


def test_the_open_half_of_arxiveri(real_data: Path) -> None:
    folder = real_data / "arxiveri"
    if not folder.is_dir():
        pytest.skip("arXiVeri is not among the real files")
    start = time.process_time()
    right = hits = said = wanted = 0
    for pair in sorted((folder / "pairs").glob("*.json")):
        gold = json.loads((folder / "gold" / pair.name).read_text("utf-8"))
        cited = json.loads(pair.read_text("utf-8"))["cited"]
        tables = json.loads((folder / "cited" / f"{cited}.json").read_text("utf-8"))["list_table_and_caption"]
        found = predict(folder, pair)
        index, cells = found["table"], found["cells"]
        assert isinstance(cells, list)
        picked = tables[index]["table"] if isinstance(index, int) else None
        same = bare(picked) == bare(gold["source_table"])
        right += same
        hits += len({tuple(c) for c in cells} & {tuple(c) for c in gold["cells"]}) if same else 0
        said += len(cells)
        wanted += len(gold["cells"])
    assert right >= 78
    assert 2 * hits / (said + wanted) >= 0.92
    assert time.process_time() - start < 10
