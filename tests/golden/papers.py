r"""Ten papers and a README, written for the golden catalogue.

None of this is an author's text. The systems are made up, except for those that the seed knows: their figures are the
ones that other papers report, or slips of them made up here so that there is something to disagree about.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from tests.support.replay import SyntheticPaper, SyntheticVersion


def _table(spec: str, rows: str, caption: str, after: str = "") -> str:
    body = "\n".join(rf"{row.strip()} \\" for row in rows.strip().splitlines())
    return (
        f"\\begin{{table}}[t]\n\\caption{{{caption}}}\n\\begin{{tabular}}{{{spec}}}\n\\toprule\n{body}\n"
        f"\\bottomrule\n\\end{{tabular}}\n{after}\\end{{table}}\n"
    )


def _paper(title: str, *parts: str, before: str = "") -> str:
    body = "\n".join(parts)
    return (
        "% Synthetic source, written for litdb's tests.\n"
        f"\\documentclass{{article}}\n\\usepackage{{booktabs}}\n{before}\\title{{{title}}}\n"
        f"\\begin{{document}}\n\\maketitle\n{body}\n\\end{{document}}\n"
    )


# --- fetched: Greek letters, two versions, quotations that disagree with the seed and with each other ---------------


def _alpha(pesq: str, stoi: str, *, ablation: bool) -> dict[str, str | bytes]:
    results = _table(
        "lcccccc",
        rf"""
        Model & \#Param. & PESQ & CSIG & CBAK & COVL & STOI (\%)
        Noisy & - & 1.97 & 3.35 & 2.44 & 2.63 & 91
        TSTNN~\cite{{tstnn}} & 0.92M & 2.96 & 4.10 & 3.77 & 3.52 & 95
        MUSE~\cite{{muse}} & 0.51M & 3.37 & 4.63 & 3.80 & 4.10 & 95
        IMSE & 427K & 3.373 & 4.67 & 3.83 & 4.14 & 95
        $\beta$-Net~\cite{{beta}} & 0.62M & 3.29 & 4.55 & 3.70 & 3.95 & 95
        \midrule
        $\alpha$-Net (Ours) & 0.48M & \textbf{{{pesq}}} & 4.66 & 3.81 & 4.08 & {stoi}
        """,
        "Comparison on the VoiceBank+DEMAND test set at 16 kHz.",
    )
    removed = _table(
        "lccc",
        rf"""
        Model & Params & PESQ & CSIG
        $\alpha$-Net & 0.48M & {pesq} & 4.66
        w/o phase decoder & 0.44M & 3.29 & 4.58
        w/o metric discriminator & 0.48M & 3.22 & 4.52
        w/o phase decoder, w/o metric discriminator & 0.44M & 3.15 & 4.44
        w/o sparkle & 0.48M & 3.35 & 4.64
        """,
        r"Ablation study of $\alpha$-Net on VoiceBank+DEMAND.",
    )
    references = (
        "\\begin{thebibliography}{9}\\bibitem{muse} Zizhen Lin. MUSE. arXiv:2406.04589.\n"
        "\\bibitem{tstnn} TSTNN. arXiv:2103.09963.\n\\bibitem{beta} The beta net. arXiv:2601.00199.\n"
        "\\end{thebibliography}"
    )
    main = _paper(
        r"$\alpha$-Net: a small network for speech enhancement",
        r"\input{tables/results}",
        removed if ablation else "",
        references,
    )
    return {"main.tex": main, "tables/results.tex": results}


ALPHA = SyntheticPaper(
    id="2601.00101",
    title="α-Net: a small network for speech enhancement",
    authors=("First Golden Author", "Second Golden Author"),
    versions=(
        SyntheticVersion(datetime(2026, 1, 5, 10, tzinfo=UTC), _alpha("3.35", "95", ablation=False)),
        SyntheticVersion(datetime(2026, 1, 25, 11, tzinfo=UTC), _alpha("3.38", "95.6", ablation=True)),
    ),
    comment="Synthetic, two versions",
    categories=("eess.AS",),
)

_RAISED = _paper(
    r"D$^3$Former: three dilations",
    _table(
        "lccccc",
        r"""
        Method & Para. (K) & PESQ$\uparrow$ & CSIG & CBAK & COVL
        Noisy & - & 1.97 & 3.34 & 2.44 & 2.63
        D$^2$Former~\cite{d2} & 870 & 3.43 & 4.66 & 3.78 & 4.22
        DB-AIAT$^{*}$ & 2,810 & 3.28 & 4.59 & 3.74 & 3.94
        \midrule
        D$^3$Former-S & 412 & 3.31 & 4.58 & 3.70 & 4.01
        D$^3$Former (proposed) & 910 & \textbf{3.45} & 4.70 & 3.82 & 4.26
        """,
        "Results on VoiceBank+DEMAND; PESQ is wide-band.",
        "\n\n$^{*}$ retrained by the authors\n\n",
    ),
)

RAISED = SyntheticPaper(
    id="2601.00102",
    title="D³Former: three dilations",
    authors=("Third Golden Author",),
    versions=(SyntheticVersion(datetime(2026, 1, 7, 8, tzinfo=UTC), {"paper.tex": _RAISED}, single=True),),
    doi="10.9999/golden.102",
)


def _html(title: str, caption: str, header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> str:
    """A page as LaTeXML writes it, with one table."""

    def line(cells: tuple[str, ...], tag: str) -> str:
        return "<tr>" + "".join(f'<{tag} class="ltx_td">{cell}</{tag}>' for cell in cells) + "</tr>"

    body = "\n".join(line(row, "td") for row in rows)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="UTF-8"><title>{title}</title></head><body>\n'
        f'<article class="ltx_document"><h1 class="ltx_title ltx_title_document">{title}</h1>\n'
        '<figure class="ltx_table" id="S4.T1"><figcaption class="ltx_caption">'
        f'<span class="ltx_tag ltx_tag_table">Table 1: </span>{caption}</figcaption>\n'
        f'<table class="ltx_tabular"><thead>{line(header, "th")}</thead>\n<tbody>\n{body}\n</tbody></table>'
        "</figure></article></body></html>\n"
    )


WITHHELD = SyntheticPaper(
    id="2601.00103",
    title="HushNet: its source is withheld",
    authors=("Fourth Golden Author",),
    versions=(
        SyntheticVersion(
            datetime(2026, 1, 9, 8, tzinfo=UTC),
            html=_html(
                "HushNet: its source is withheld",
                "Results on the VoiceBank+DEMAND test set.",
                ("Model", "Year", "Params", "PESQ", "SSNR", "STOI"),
                (
                    ("Noisy", "-", "-", "1.97", "1.68", "0.91"),
                    ("TSTNN", "2020", "0.92M", "2.96", "9.70", "0.95"),
                    ("α-Net", "2026", "0.48M", "3.35", "-", "0.95"),
                    ("HushNet (Ours)", "2026", "36.8K", "3.04", "9.12", "0.94"),
                ),
            ),
        ),
    ),
)

FETCHED = (ALPHA, RAISED, WITHHELD)

#: Announced by the replay server but not in the catalogue: what `litdb fetch --dry-run` finds.
NEWS = SyntheticPaper(
    id="2602.00001",
    title="LaterNet: not fetched yet",
    authors=("Fifth Golden Author",),
    versions=(SyntheticVersion(datetime(2026, 2, 2, 8, tzinfo=UTC), {"main.tex": _paper("LaterNet", "")}),),
)


# --- ingested ---------------------------------------------------------------------------------------------------------

_BANDS = _paper(
    "BandNet: two bands of one score",
    _table(
        "lccccccc",
        r"""
        \multirow{2}{*}{Method} & \multirow{2}{*}{Params (M)} & \multicolumn{3}{c}{With Reverb} & \multicolumn{3}{c}{Without Reverb}
         & & WB-PESQ & NB-PESQ & STOI (\%) & WB-PESQ & NB-PESQ & SI-SDR
        Noisy & - & 1.82 & 2.75 & 86.6 & 1.58 & 2.45 & 9.07
        FRCRN~\cite{f} & 6.9 & 2.98 & 3.55 & 92.3 & 3.23 & 3.60 & 19.78
        BSRNN-16k & 2.5 & - & - & - & 3.45 & 3.87 & 21.1
        BandNet (Ours) & 1.35 & 3.05 & 3.59 & 93.1 & 3.30 & 3.71 & 20.5
        BandNet-XS & 0.39 & 2.61 & 3.22 & 90.0 & 2.88 & 3.40 & 17.9
        """,
        "Comparison on the DNS Challenge test set.",
    ),
    _table(
        "lcc",
        r"""
        Method & NB-PESQ & PESQ
        Noisy & 2.45 & 1.97
        BandNet & 3.88 & 3.19
        """,
        "BandNet on VoiceBank+DEMAND.",
    ),
    _table(
        "lccc",
        r"""
        Method & 2.5 dB & 7.5 dB & 12.5 dB
        Noisy & 1.42 & 1.76 & 2.10
        BarNet~\cite{bar} & 2.40 & 2.71 & 2.98
        BandNet (Ours) & 2.74 & 3.09 & 3.31
        """,
        "PESQ of several methods on VoiceBank+DEMAND.",
    ),
)

_SNRS = _paper(
    "SlopeNet: scores by SNR",
    _table(
        "lccc",
        r"""
        \multirow{2}{*}{Method} & \multicolumn{3}{c}{PESQ}
         & -5 dB & 0 dB & 5 dB
        Noisy & 1.21 & 1.45 & 1.77
        BarNet~\cite{bar} & 2.01 & 2.31 & 2.60
        SlopeNet (Ours) & 2.11 & 2.51 & 2.83
        """,
        "Results on TIMIT.",
    ),
    _table(
        "lcc",
        r"""
        Method & -5 dB & 0 dB
        Noisy & 0.71 & 0.78
        SlopeNet (Ours) & 0.88 & 0.92
        """,
        r"STOI on VoiceBank+DEMAND.",
    ),
    _table(
        "lccc",
        r"""
        Method & Params & PESQ & STOI
        Noisy & - & 1.97 & 0.92
        SlopeNet & 0.71M & 3.18 & 0.95
        GTCRN~\cite{g} & 23.7K & 2.87 & 0.940
        CMGAN & 1.83M & 5.41 & 0.96
        """,
        "Results on VoiceBank+DEMAND.",
    ),
)

_BOUNDS = _paper(
    "VagueNet: what is only said to be more",
    _table(
        "lcccc",
        r"""
        Model & Params & PESQ & STOI & MACs (G/s)
        Noisy & - & 1.97 & 0.91 & -
        DPCRN & $\sim$0.8M & 3.0+ & 0.94 & 7.6
        OverNet~\cite{o} & $<$0.5M & $>$3.2 & 95 & 1.1
        UnderNet~\cite{u} & $\leq$1.2M & $\sim$3.3 & 0.95 & -
        VagueNet (Ours) & 0.45M & 3.11$\pm$0.02 & 95.1 & 0.62
        """,
        "Mean and standard deviation on VoiceBank+DEMAND.",
    ),
    _table(
        "lcc",
        r"""
        Model & WB-PESQ & NB-PESQ
        Noisy & 1.58 & 2.45
        OverNet~\cite{o} & 3.5+ & $>$3.8
        VagueNet (Ours) & 3.44 & 3.81
        """,
        "DNS-2020 (no reverb).",
    ),
)


def _cost(macs: str, pesq: str, seconds: int) -> str:
    return _paper(
        "TollNet: what it costs",
        _table(
            "lcccccc",
            rf"""
            Model & Causal & Params & MACs & RTF & PESQ & STOI
            Noisy & - & - & - & - & 1.97 & 0.92
            GTCRN~\cite{{g}} & \checkmark & 23.67K & 33M & 0.07 & 2.87 & 0.940
            FSPEN & \checkmark & 79K & 89M & - & 2.97 & 0.942
            TollNet & \checkmark & 0.21M & {macs} & 0.04 & {pesq} & 0.945
            TollNet & \ding{{55}} & 0.23M & {macs} & 0.05 & 3.19 & 0.948
            """,
            f"Cost and scores on VoiceBank+DEMAND; MACs for {seconds}-second audio.",
        ),
    )


_PARTS = _paper(
    "TickNet: components with and without",
    _table(
        "lcccccc",
        r"""
        Model & Params & PESQ & CSIG & CBAK & COVL & SSNR
        Noisy & - & 1.97 & 3.35 & 2.44 & 2.63 & 1.68
        DB-AIAT~\cite{d} & 2.81M & 3.31 & 4.61 & 3.75 & 3.96 & 10.79
        TickNet (Ours) & 0.66M & 3.21 & 4.51 & 3.62 & 3.92 & 9.92
        """,
        "Composite measures on VoiceBank+DEMAND, samples of 16 bits.",
    ),
    _table(
        "lcccc",
        r"""
        Ver. & Dual-path & Phase branch & PESQ & SSNR
        a & \ding{55} & \ding{55} & 2.80 & 8.11
        b & \ding{51} & \ding{55} & 2.94 & 8.85
        c & \ding{55} & \ding{51} & 3.02 & 9.01
        d & \ding{51} & \ding{51} & 3.21 & 9.92
        """,
        "Ablation study of TickNet on VoiceBank+DEMAND.",
    ),
    _table(
        "lccc",
        r"""
        N & PESQ & CSIG & SSNR
        1 & 3.11 & 4.41 & 9.52
        2 & 3.21 & 4.51 & 9.92
        3 & 3.22 & 4.52 & 9.93
        """,
        "Effect of the number of blocks on VoiceBank+DEMAND.",
    ),
)

_MARKDOWN = """# MarkNet: written in Markdown

## Results

Table 1: Comparison on VoiceBank+DEMAND

| Model | Params | PESQ | CSIG | CBAK | COVL | STOI |
|---|---|---|---|---|---|---|
| Noisy | - | 1.97 | 3.35 | 2.44 | 2.63 | 0.92 |
| DEMUCS [1] | 33.53M | 3.07 | 4.31 | 3.40 | 3.63 | 0.95 |
| MP-SENet [2] | 2.05M | 3.50 | 4.73 | 3.95 | 4.22 | 0.96 |
| alpha-Net [3] | 0.48M | 3.38 | 4.66 | 3.81 | 4.08 | 0.956 |
| **MarkNet (Ours)** | 0.95M | 3.40 | 4.69 | 3.84 | 4.15 | 0.96 |
| MarkNet (+PCS) | 0.95M | 3.52 | 4.71 | 3.42 | 4.20 | 0.96 |

[1] Demucs. arXiv:2006.12847
[3] The small network. arXiv:2601.00101
"""

_DOI = _html(
    "DoorNet: known by its DOI",
    "Objective scores on VoiceBank+DEMAND.",
    ("Method", "Params (M)", "PESQ", "CSIG", "CBAK", "COVL", "STOI (%)"),
    (
        ("Noisy", "-", "1.97", "3.35", "2.44", "2.63", "92.1"),
        ("PHASEN", "20.9", "2.99", "4.21", "3.55", "3.62", "-"),
        ("CMGAN", "1.83", "3.41", "4.63", "3.94", "4.12", "96"),
        ("D³Former", "0.91", "3.46", "4.70", "3.82", "4.26", "-"),
        ("DoorNet (Ours)", "0.55", "3.26", "4.54", "3.68", "3.93", "95.2"),
    ),
)

_README = """# α-Net

The code of the paper. Trained on VoiceBank+DEMAND.

## Results

| Checkpoint | Params | PESQ | STOI | SI-SDR |
|---|---|---|---|---|
| α-Net | 0.48M | 3.36 | 0.956 | 19.4 |
| α-Net-L (not in the paper) | 1.6M | 3.47 | 0.96 | 19.9 |
"""

#: file name, its text, and the options of `litdb ingest` that say what it is
INGESTED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("bands.tex", _BANDS, ("--arxiv", "2601.00104v1")),
    ("snrs.tex", _SNRS, ("--arxiv", "2601.00105v1")),
    ("bounds.tex", _BOUNDS, ("--arxiv", "2601.00106v1")),
    ("cost1.tex", _cost("0.84G", "2.98", 4), ("--arxiv", "2601.00107v1")),
    ("cost2.tex", _cost("0.21G", "3.02", 1), ("--arxiv", "2601.00107v2")),
    ("cost3.tex", _cost("0.42G", "3.02", 2), ("--arxiv", "2601.00107v3")),
    ("parts.tex", _PARTS, ("--arxiv", "2601.00108v1")),
    ("marknet.md", _MARKDOWN, ("--arxiv", "2601.00109v1")),
    ("doornet.html", _DOI, ("--doi", "10.9999/golden.110")),
    ("README.md", _README, ("--url", "https://github.com/golden/alpha-net")),
)

FILES: Mapping[str, str] = {name: text for name, text, _options in INGESTED}
