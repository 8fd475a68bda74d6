"""The generated catalogue of the benchmarks follows the schema."""

from __future__ import annotations

from pathlib import Path

import litdb
from benchmarks.million import generate


def test_a_generated_catalogue_can_be_asked(tmp_path: Path) -> None:
    path = tmp_path / "made.db"
    facts = generate(path, models=12)
    with litdb.open(path) as catalogue:
        assert len(catalogue.results()) == facts
        assert catalogue.models(["params", "PESQ"]).rows
