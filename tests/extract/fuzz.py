"""Fuzzing of the readers: `python tests/extract/fuzz.py SECONDS [SEED]`.

Well-formed documents are cut, doubled, spliced and sprinkled with the constructs that hurt parsers. A document may be
refused with a LitdbError; anything else, a reading that takes more than 8 s of processor time, or growth of memory
beyond 1 GB is a failure: the input is printed and the exit code is 1.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from litdb.errors import LitdbError
from litdb.extract import extract, source_from_files
from litdb.extract.renderings import explain_text
from litdb.extract.sound import BROKEN

LATEX = r"""\documentclass{article}\newcommand{\best}[1]{\textbf{#1}}\def\net{FooNet}\newif\ifx \title{\net: a model}
\begin{document}\section{Results}Table~\ref{t} shows VoiceBank+DEMAND. % a comment
\begin{table}[t]\caption{Comparison on \emph{VoiceBank+DEMAND}\footnote{test}}\label{t}
\resizebox{\columnwidth}{!}{\begin{tabular}{@{}l|S[table-format=1.2]cc@{}}\toprule
\multirow{2}{*}{Model} & \multicolumn{2}{c}{PESQ$\uparrow$} & \makecell{Para.\\(M)} \\ \cmidrule(lr){2-3} & WB & NB & \\\midrule
Noisy & 1.97 & 2.9 & -- \\[2pt] A~\cite{a} & $\mathbf{2.5}$ & 3.1$\pm$0.02 & 3.7\\ \rowcolor{gray!15}\net{} (Ours)$^{*}$ & \best{3.2} & {\bf 3.5} & 0.46M\\
\bottomrule\end{tabular}}\end{table}\begin{thebibliography}{9}\bibitem{a} A. arXiv:2001.00001\end{thebibliography}\end{document}"""

HTML = """<!DOCTYPE html><html><head><title>FooNet: a model</title></head><body><article><h1 class="ltx_title_document">FooNet: a model</h1>
<figure class="ltx_table" id="S1.T1"><figcaption><span class="ltx_tag ltx_tag_table">Table 1: </span>Results on VCTK-DEMAND</figcaption>
<table class="ltx_tabular"><tr><th rowspan="2">Model</th><th colspan="2">PESQ</th></tr><tr><td>WB</td><td>NB</td></tr>
<tr><td>Noisy</td><td><math alttext="\\mathbf{1.97}"><mn>1.97</mn></math></td><td>2.9</td></tr>
<tr><td>FooNet<sup>*</sup> <cite>[<a href="#bib.bib1">1</a>]</cite></td><td><b>3.2</b></td><td>3.5 &#177; 0.1</td></tr></table></figure></body></html>"""

MARKDOWN = """# FooNet: a model
## Results on VoiceBank+DEMAND
| | PESQ | STOI (%) | Para. (M) |
|---|:-:|:-:|---|
| Noisy | 1.97 | 92.1 | \\- |
| w/o GAN + w/ B (replaces C) | 3.1 | 94 | 0.4 |
| + A → B, C and D | 3.15 | ✓ | x |
| **FooNet** \\[[1](#bib.bib1)\\] | **3.2**^(*) | 95 | $`0.46`$ |

Table 1: Results. <table><tr><td>PESQ</td><td>3.1</td></tr></table>

Older results
-------------
On the [[sets/dns|DNS Challenge]] test set, as printed:

```text
model    PESQ   STOI
-----    ----   ----
noisy    1.58   0.92
foo      2.90   0.96
```
"""

JATS = """<?xml version="1.0"?><article article-type="r"><front><article-title>FooNet: a model</article-title></front><body><sec><title>R</title>
<table-wrap id="t1"><label>Table 1</label><caption><p>VoiceBank+DEMAND</p></caption><table><thead><tr><th>Model</th><th>PESQ</th></tr></thead>
<tbody><tr><td>Noisy</td><td>1.97</td></tr><tr><td>FooNet<xref ref-type="bibr" rid="b1">1</xref></td><td>3.2</td></tr></tbody></table></table-wrap></sec></body></article>"""

SEEDS = {"a.tex": LATEX, "a.html": HTML, "a.md": MARKDOWN, "a.nxml": JATS}
HURTFUL = {
    "a.tex": ["{", "}", "$", "&", "\\\\", "\\begin{tabular}{c}", "\\end{tabular}", "\\def\\x{\\x\\x}\\x", "\\newcommand{\\y}[9]{#1#2#9}",
              "\\y", "\\multirow{-99}{*}{a}", "\\multicolumn{9999}{c}{b}", "\\iffalse", "\\else", "\\fi", "\\input{a}", "\\input{../x}",
              "^", "_", "\\let\\z\\begin\\z{table}", "%", "\\verb|", "\\begin{verbatim}", "\\cite{", "[", "]", "\\caption{", "#1",
              "\\newenvironment{e}{\\begin{e}}{\\end{e}}\\begin{e}", "\\csname x\\endcsname", "\0", "\ud7ff", "\\[2pt]", "\\makecell{a\\\\b}"],
    "a.html": ["<table>", "</table>", "<td colspan=99999>", "<td rowspan='0'>", "</tr>", "<tr>", "<math alttext='\\frac{", "<!--", "-->",
               "<![CDATA[", "&#x110000;", "&lt;", "<sup>", "</sup>", "<span class='ltx_tabular'>", "\"", "'", "<", ">", "<script>", "<p>", "<li>"],
    "a.md": ["|", "||", "\n", "|-|-|\n", "```", "`", "**", "[a](b", "\\|", "<table>", "</table>", "$`", "^(", "# ", "\t", "==="],
    "a.nxml": ["<table>", "</table>", "<table-wrap>", "<tr>", "&x;", "<!ENTITY a 'b'>", "<!DOCTYPE a [", "]>", "<td rowspan='-1'>", "<xref"],
}  # fmt: skip


def mutated(name: str, rng: random.Random) -> str:
    """One damaged document."""
    text = SEEDS[name]
    for _ in range(rng.randint(1, 8)):
        at, to = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
        choice = rng.randrange(6)
        if choice == 0:
            text = text[:at] + rng.choice(HURTFUL[name]) * rng.choice((1, 1, 2, 50)) + text[at:]
        elif choice == 1:
            text = text[:at] + text[min(to, at + 40) :]
        elif choice == 2:
            text = text[:to] + text[at : min(to, at + 300)] * rng.choice((1, 2, 30)) + text[to:]
        elif choice == 3:
            text = text[:at] + rng.choice(list(SEEDS.values()))[: rng.randrange(400)] + text[at:]
        elif choice == 4:
            text = (
                text[:at]
                + "".join(
                    chr(rng.choice((rng.randrange(1, 128), rng.randrange(1, 0xD7FF)))) for _ in range(5)
                )
                + text[at:]
            )
        else:
            text = text[:at] + rng.choice(HURTFUL[name]) + text[at:]
    return text[:400_000]


def _peak_kilobytes() -> int:
    """The most memory this process held. (ru_maxrss would tell that of the process it was started from.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def run(seconds: float, seed: int, names: Sequence[str] = tuple(SEEDS)) -> int:
    """Fuzz the readers of these files for that long; the number of documents read. Raises what a reader raises."""
    rng = random.Random(seed)
    end = time.monotonic() + seconds
    count = 0
    while time.monotonic() < end:
        name = rng.choice(names)
        text = mutated(name, rng)
        began = time.process_time()
        try:
            source = source_from_files({name: text}, name)
            extraction = extract(source, seconds=60)
            explain_text([(name, extraction)])
            faults = [remark for remark in extraction.remarks if remark.startswith(BROKEN)]
            assert not faults, faults
        except LitdbError:
            pass
        except BaseException:
            print(repr(text), file=sys.stderr)
            raise
        took = time.process_time() - began
        memory = _peak_kilobytes()
        if took > 8 or memory > 1_000_000:
            print(repr(text), file=sys.stderr)
            raise SystemExit(f"{took:.1f} s, {memory} kB for a document of {len(text)} characters")
        count += 1
    return count


if __name__ == "__main__":
    duration = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    start = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    print(f"{run(duration, start)} documents in {duration:g} s, no failure")
