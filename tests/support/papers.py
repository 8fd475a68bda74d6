r"""Papers for the replay server, written for these tests.

None of this is the authors' text. The figures are those the papers report; where a table was never seen
(version 1 of IMSE, of which only the abstract is known) the rest of the table is that of version 2 and
therefore synthetic.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tests.support.replay import SyntheticPaper, SyntheticVersion

# model, params, PESQ, CSIG, CBAK, COVL, STOI
Row = tuple[str, str, str, str, str, str, str]

_QUOTED: tuple[Row, ...] = (
    ("Noisy", "-", "1.97", "3.35", "2.44", "2.63", "0.91"),
    ("DEMUCS", "33.53M", "3.07", "4.31", "3.40", "3.63", "0.95"),
    ("MetricGAN+", "-", "3.15", "4.14", "3.16", "3.64", "-"),
    ("PHASEN", "20.9M", "2.99", "4.18", "3.45", "3.50", "0.95"),
    ("SE-Conformer", "-", "3.13", "4.45", "3.55", "3.82", "0.95"),
    ("TSTNN", "0.92M", "2.96", "4.33", "3.53", "3.67", "0.95"),
    ("DB-AIAT", "2.81M", "3.31", "4.61", "3.75", "3.96", "-"),
    ("DPT-FSNet", "0.88M", "3.33", "4.58", "3.72", "4.00", "0.96"),
)
_MUSE: Row = ("MUSE", "0.51M", "3.37", "4.63", "3.80", "4.10", "0.95")

_HEADER = ("Model", "Params", "PESQ", "CSIG", "CBAK", "COVL", "STOI")


def latex_table(rows: Sequence[Row], caption: str) -> str:
    """A booktabs table of these rows; the last one is the paper's own and bold."""
    lines = [" & ".join(row) + r" \\" for row in rows[:-1]]
    own = " & ".join([f"{rows[-1][0]} (Ours)", *(rf"\textbf{{{cell}}}" for cell in rows[-1][1:])]) + r" \\"
    return "\n".join(
        (
            r"\begin{table}[t]",
            rf"\caption{{{caption}}}",
            r"\label{tab:results}",
            r"\centering",
            r"\resizebox{\columnwidth}{!}{",
            r"\begin{tabular}{lcccccc}",
            r"\toprule",
            " & ".join(_HEADER) + r" \\",
            r"\midrule",
            *lines,
            r"\midrule",
            own,
            r"\bottomrule",
            r"\end{tabular}}",
            r"\end{table}",
        )
    )


def latex_document(title: str, table: str, *, body: str = "") -> str:
    """A whole document around a table."""
    return (
        "% Synthetic source, written for litdb's tests.\n"
        "\\documentclass{article}\n\\usepackage{booktabs,graphicx}\n\\begin{document}\n"
        f"\\title{{{title}}}\n\\maketitle\n{body}\n{table}\n\\end{{document}}\n"
    )


_CAPTION = "Comparison on the VoiceBank+DEMAND test set."


def _imse(pesq: str, submitted: datetime, *, figure: bool) -> SyntheticVersion:
    rows = (*_QUOTED, _MUSE, ("IMSE", "0.427M", pesq, "4.67", "3.83", "4.14", "0.95"))
    main = latex_document("IMSE", r"\input{tables/results}", body="Synthetic text about a small U-Net.")
    files: dict[str, str | bytes] = {
        "main.tex": main,
        "tables/results.tex": latex_table(rows, _CAPTION) + "\n",
    }
    if figure:
        files["figures/net.png"] = b"\x89PNG\r\n\x1a\n\x00synthetic"
        files["._main.tex"] = b"\x00\x05\x16\x07AppleDouble"
    return SyntheticVersion(submitted, files)


IMSE = SyntheticPaper(
    id="2511.14515",
    title="IMSE: Efficient U-Net-based Speech Enhancement using Inception Depthwise Convolution and "
    "Amplitude-Aware Linear Attention",
    authors=("First Synthetic Author", "Second Synthetic Author"),
    versions=(
        _imse("3.373", datetime(2025, 11, 18, 14, 3, 0, tzinfo=UTC), figure=True),
        _imse("3.399", datetime(2025, 12, 2, 9, 30, 0, tzinfo=UTC), figure=False),
    ),
    categories=("cs.SD", "eess.AS"),
)

MUSE = SyntheticPaper(
    id="2406.04589",
    title="MUSE: Flexible Voiceprint Receptive Fields and Multi-Path Fusion Enhanced Taylor Transformer for "
    "U-Net-based Speech Enhancement",
    authors=("Synthetic Author",),
    versions=(
        SyntheticVersion(
            datetime(2024, 6, 7, 2, 22, 35, tzinfo=UTC),
            {"muse.tex": latex_document("MUSE", latex_table((*_QUOTED, _MUSE), _CAPTION))},
            single=True,
        ),
    ),
    comment="A synthetic entry",
)
"""One gzipped file instead of an archive."""

PDF_ONLY = SyntheticPaper(
    id="2401.00001",
    title="A synthetic speech enhancement paper that came in as a PDF",
    authors=("Synthetic Author",),
    versions=(
        SyntheticVersion(datetime(2024, 1, 1, 8, 0, tzinfo=UTC), pdf=b"%PDF-1.5\n% synthetic\n%%EOF\n"),
    ),
)


def html_table(rows: Sequence[Row], caption: str) -> str:
    """A page as LaTeXML writes it, with one table."""

    def line(cells: Sequence[str], tag: str) -> str:
        inner = "".join(f'<{tag} class="ltx_td ltx_align_center">{cell}</{tag}>' for cell in cells)
        return f'<tr class="ltx_tr">{inner}</tr>'

    body = "\n".join(line(row, "td") for row in rows)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="UTF-8"><title>Synthetic</title></head><body>\n'
        '<div class="ltx_page_main"><article class="ltx_document">\n'
        '<figure class="ltx_table" id="S4.T1"><figcaption class="ltx_caption">'
        f'<span class="ltx_tag ltx_tag_table">Table 1: </span>{caption}</figcaption>\n'
        f'<table class="ltx_tabular"><thead class="ltx_thead">{line(_HEADER, "th")}</thead>\n'
        f'<tbody class="ltx_tbody">\n{body}\n</tbody></table></figure>\n</article></div></body></html>\n'
    )


HTML_ONLY = SyntheticPaper(
    id="2402.00002",
    title="A synthetic speech enhancement paper whose source is withheld",
    authors=("Synthetic Author",),
    versions=(
        SyntheticVersion(
            datetime(2024, 2, 2, 8, 0, tzinfo=UTC),
            html=html_table(
                (*_QUOTED, ("SynthNet (Ours)", "0.70M", "3.21", "4.50", "3.70", "3.90", "0.95")), _CAPTION
            ),
        ),
    ),
)

OLD_STYLE = SyntheticPaper(
    id="eess/0601001",
    title="A synthetic paper with an identifier of the old style",
    authors=("Synthetic Author",),
    versions=(
        SyntheticVersion(
            datetime(2006, 1, 3, 8, 0, tzinfo=UTC),
            {"paper.tex": latex_document("Old", "No table."), "old.tex": latex_document("Older", "")},
        ),
    ),
)

PAPERS = (IMSE, MUSE, PDF_ONLY, HTML_ONLY, OLD_STYLE)


def synthetic_papers(count: int, *, seed: int = 7) -> tuple[SyntheticPaper, ...]:
    """So many papers, each with a table of its own system (`SynthNet-003`) and some baselines.

    Every third has two versions. Ids are 2501.00000 and up; one is submitted each day from 2025-01-01 on.
    """
    rng = random.Random(seed)
    return tuple(_synthetic(number, rng) for number in range(count))


def _synthetic(number: int, rng: random.Random) -> SyntheticPaper:
    first = datetime(2025, 1, 1, 12, 0, tzinfo=UTC) + timedelta(days=number)
    versions: list[SyntheticVersion] = []
    for version in range(2 if number % 3 == 0 else 1):
        scores = tuple(f"{rng.uniform(low, low + 0.5):.2f}" for low in (2.9, 4.2, 3.4, 3.7))
        own: Row = (f"SynthNet-{number:03}", f"{rng.uniform(0.3, 3.0):.2f}M", *scores, "0.95")  # type: ignore[assignment]
        files = {"main.tex": latex_document(own[0], latex_table((*_QUOTED, own), _CAPTION))}
        versions.append(SyntheticVersion(first + timedelta(days=20 * version), files))
    return SyntheticPaper(
        id=f"2501.{number:05}",
        title=f"SynthNet-{number:03}: a synthetic paper on speech enhancement",
        authors=("Synthetic Author", f"Author {number:03}"),
        versions=tuple(versions),
    )
