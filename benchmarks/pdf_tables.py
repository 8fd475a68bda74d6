"""How well tables are read from PDFs: compile the LaTeX of hand-checked papers, read the PDF, hold it against the gold.

    python benchmarks/pdf_tables.py --gold DIR [--gold DIR] [--aside FILE] [--class own|article|IEEEtran] [--readings FILE]

Each DIR holds GOLD.tsv and the LaTeX it names; without --gold the papers under LITDB_REAL_DATA. A file without a preamble
is put into an article, one that needs a class which is not here takes that of `article`; one that makes no PDF is named and counts as read without any reading. A reading is right
when model, metric and number agree, and neither the test set nor a lost condition misleads. Needs pdflatex.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.reader.gold import Document, documents, hits, misleads, says
from litdb.extract import ACCEPT_THRESHOLD, Extraction, extract, source_from_files, tsv

_PREAMBLE = (
    "\\documentclass{article}\n\\usepackage{amsmath,amssymb,booktabs,multirow,makecell,graphicx,xcolor,colortbl,pifont}\n"
    "\\begin{document}\n"
)
_CLASSES = {"article": "\\documentclass{article}", "IEEEtran": "\\documentclass{IEEEtran}"}
_COUNTS = ("params", "MACs", "FLOPs", "RTF")
#: What is counted: the gold of other metrics is not complete.
_SCORED = (
    "PESQ", "STOI", "ESTOI", "CSIG", "CBAK", "COVL", "SSNR", "SI-SDR", "SDR", "SNR",
    "DNSMOS-SIG", "DNSMOS-BAK", "DNSMOS-OVRL", "DNSMOS-P808", *_COUNTS,
)  # fmt: skip


def compiled(document: Document, folder: Path, layout: str) -> bytes | None:
    """The PDF of a document, set with a document class; None where LaTeX makes none."""
    for name, text in document.source.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name == document.source.main:
            if "\\documentclass" not in text:
                text = f"{_PREAMBLE}{text}\n\\end{{document}}\n"
            if layout in _CLASSES:
                text = re.sub(
                    r"\\documentclass(?:\[[^\]]*\])?\{\w+\}", lambda _: _CLASSES[layout], text, count=1
                )
        path.write_text(text, encoding="utf-8")
    main = (folder / document.source.main).resolve()
    command = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "-jobname=paper", main.name]
    for _ in range(2):  # the second time for citations
        subprocess.run(command, cwd=main.parent, capture_output=True, timeout=120, check=False)
    made = main.parent / "paper.pdf"
    return made.read_bytes() if made.exists() else None


def judged(document: Document, extraction: Extraction) -> tuple[int, int, int, int, int]:
    """Lines of the gold, readings of metrics it has, those that are right, those accepted, and right among these."""
    readings = [reading for reading in extraction.readings if reading.quantity in _SCORED]
    right = [
        line is not None
        and says(line, reading)
        and (reading.quantity in _COUNTS or not misleads(line.dataset, reading.dataset, reading.model))
        for line, reading in zip(hits(document, readings), readings, strict=True)
    ]
    accepted = [good for good, r in zip(right, readings, strict=True) if r.confidence >= ACCEPT_THRESHOLD]
    lines = [line for group in document.lines.values() for line in group]
    gold = sum(line.metric.removesuffix("-NB") in _SCORED for line in lines)
    return gold, len(readings), sum(right), len(accepted), sum(accepted)


def main() -> int:
    """Compile, read, score; 1 when the total is below the bound."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path, action="append")
    parser.add_argument("--aside", type=Path, help="files to leave alone, last column")
    parser.add_argument("--class", dest="layout", default="own", choices=["own", *_CLASSES])
    parser.add_argument("--readings", type=Path, help="write all readings as TSV")
    parser.add_argument("--bound", type=float, default=0.90)
    arguments = parser.parse_args()
    if shutil.which("pdflatex") is None:
        sys.exit(
            "pdflatex is not installed: apt-get install texlive-latex-extra texlive-science texlive-publishers"
        )
    folders = arguments.gold or [Path(os.environ["LITDB_REAL_DATA"]) / "papers"]
    aside = []
    if arguments.aside:
        lines = arguments.aside.read_text(encoding="utf-8").splitlines()
        aside = [line.split("\t")[-1] for line in lines if line and not line.startswith("#")]
    total = [0, 0, 0, 0, 0]
    table = [tsv.header()]
    spent = 0.0
    size = 0
    for document in documents(folders, aside):
        if document.source.kind != "latex":
            continue
        with tempfile.TemporaryDirectory() as folder:
            data = compiled(document, Path(folder), arguments.layout)
            if data is None and arguments.layout == "own":
                data = compiled(document, Path(folder), "article")
        extraction = Extraction(())
        if data is None:
            print(f"{document.path}: LaTeX makes no PDF")
        else:
            start = time.perf_counter()
            extraction = extract(source_from_files({"paper.pdf": data}, document.path))
            spent += time.perf_counter() - start
            size += 1
        counts = judged(document, extraction)
        total = [a + b for a, b in zip(total, counts, strict=True)]
        table += tsv.lines(extraction, document.path)
        print(
            f"{_f1(counts):.3f}  gold {counts[0]:4d}  read {counts[1]:4d}  right {counts[2]:4d}  {document.path}"
        )
    if arguments.readings:
        arguments.readings.write_text("\n".join(table) + "\n", encoding="utf-8")
    share = total[4] / total[3] if total[3] else 1.0
    print(
        f"all: F1 {_f1(total):.4f}, {total[3]} of {total[1]} accepted, right {share:.4f}; {spent:.1f} s for {size} PDFs"
    )
    return 0 if _f1(total) >= arguments.bound else 1


def _f1(counts: list[int] | tuple[int, ...]) -> float:
    return 2 * counts[2] / (counts[0] + counts[1]) if counts[0] + counts[1] else 1.0


if __name__ == "__main__":
    sys.exit(main())
