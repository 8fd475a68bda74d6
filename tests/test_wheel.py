"""A wheel built from the checkout works outside it, in a fresh virtual environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_wheel_does_the_main_job_elsewhere(tmp_path: Path) -> None:
    environment = {
        k: v
        for k, v in os.environ.items()
        if k not in ("PYTHONPATH", "LITDB_DB", "LITDB_CACHE", "VIRTUAL_ENV")
    }
    environment |= {"LITDB_HOME": str(tmp_path / "home"), "PIP_CONSTRAINT": str(ROOT / "constraints.txt")}

    def run(*words: str) -> str:
        done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT))
    (wheel,) = tmp_path.glob("litdb_sota-*.whl")
    run(sys.executable, "-m", "venv", "venv")
    python = str(tmp_path / "venv" / "bin" / "python")
    run(python, "-m", "pip", "install", "--quiet", str(wheel))
    litdb = str(tmp_path / "venv" / "bin" / "litdb")
    rows = json.loads(run(litdb, "models", "--params", "0.4M..1.0M", "--metric", "PESQ=2.8..3.4", "--json"))[
        "rows"
    ]
    assert {"IMSE", "MUSE", "TSTNN", "BSRNN-FAC-MRHA3"} <= {row["name"] for row in rows}
    assert "\\begin{tabular}" in run(litdb, "table", "--format", "latex")
    run(litdb, "init", "mine.db")
    run(litdb, "db", "check", "--db", "mine.db")
    run(litdb, "plot", "--out", "p.pdf", "--db", "mine.db")
    assert (tmp_path / "p.pdf").stat().st_size > 1000
    run(litdb, "site", "build", "site", "--db", "mine.db")
    assert (tmp_path / "site" / "site.css").is_file()
    assert "evaluate" in run(litdb, "model", "--help")  # this environment has no torch
    refused = subprocess.run(
        [litdb, "model", "describe", "M4"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "pip install 'litdb-sota[model]'" in refused.stderr
