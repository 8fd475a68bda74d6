"""No reader crashes, hangs or grows without bound on damaged documents.

LITDB_FUZZ_SECONDS is the time for each reader: a few seconds by default, 60 in continuous integration.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from litdb.extract import extract, source_from_files
from tests.extract import fuzz

pytestmark = pytest.mark.slow

SECONDS = float(os.environ.get("LITDB_FUZZ_SECONDS", "2"))


@pytest.mark.timeout(SECONDS + 120)
@pytest.mark.parametrize("name", fuzz.SEEDS)
def test_damaged_documents(name: str) -> None:
    """In a process of its own, so that its memory is what the reader takes."""
    code = f"from tests.extract.fuzz import run; print(run({SECONDS}, {len(name)}, [{name!r}]))"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    assert int(done.stdout) > 0


def test_a_cell_that_never_ends_is_cut() -> None:
    """Found by fuzzing: braces that open and never close made the time of one cell grow with their number."""
    body = "{\\bf " * 40 + "x " * 400_000
    text = (
        "\\documentclass{article}\\begin{document}\\begin{table}\\begin{tabular}{lc}Model & PESQ \\\\ Foo & "
        + body
        + "\\end{tabular}\\end{table}\\end{document}"
    )
    began = time.process_time()
    extract(source_from_files({"a.tex": text}, "a.tex"), seconds=60)
    assert time.process_time() - began < 8
