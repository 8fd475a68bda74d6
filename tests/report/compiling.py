"""pdfLaTeX on tables in the templates of papers."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from litdb.report.paper.style import Style
from litdb.report.render import packages

PREAMBLES = {
    "ieeetran": r"\documentclass[conference]{IEEEtran}",
    "interspeech": r"\documentclass[twocolumn,a4paper]{article}\usepackage[textwidth=170mm,textheight=240mm]{geometry}"
    r"\setlength{\columnsep}{10mm}\usepackage{times}",
    "article": r"\documentclass{article}",
}
NEEDED = ("booktabs.sty", "siunitx.sty", "threeparttable.sty", "IEEEtran.cls")


def compiled(body: str, template: str, style: Style, folder: Path) -> str:
    """The log of pdfLaTeX on a document of a template with `body`; skips where there is none."""
    if shutil.which("pdflatex") is None or shutil.which("kpsewhich") is None:
        pytest.skip("no pdflatex on this machine")
    for file in NEEDED:
        if not subprocess.run(["kpsewhich", file], capture_output=True, check=False).stdout:
            pytest.skip(f"{file} of LaTeX is not installed")
    used = ",".join(packages(style))
    source = (
        f"{PREAMBLES[template]}\n\\usepackage{{{used}}}\n\\begin{{document}}\nx\n{body}\n\\end{{document}}\n"
    )
    (folder / "x.tex").write_text(source, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "x.tex"],
        cwd=folder, capture_output=True, text=True, errors="replace", check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    return done.stdout
