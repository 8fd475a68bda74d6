"""Sentences that cite, from LaTeX, HTML and JATS."""

from __future__ import annotations

import pytest

from litdb.extract import extract, source_from_files
from litdb.extract.markup.citing import LONGEST, MOST_SENTENCES, citing, mark
from litdb.extract.types import Reference

LATEX = r"""\documentclass{article}\begin{document}
\section{Related work}
A first system \cite{one} works in time. Others, e.g.\ Fig. 3 of \citet{two,three}, mask a spectrum~\cite{one}.
This one cites nothing. See \nocite{*}the end.

\begin{table}\caption{Of \cite{one}}\begin{tabular}{ll}Model & PESQ \\ A \cite{three} & 3.1 \\\end{tabular}\end{table}

In contrast to~\cite{three}, we do both.
\begin{thebibliography}{9}
\bibitem{one} A. One, ``The first system of all,'' arXiv:2401.00001, 2024.
\bibitem{two} B. Two, ``Second,'' 2023.
\bibitem{three} C. Three, ``Third.''
\end{thebibliography}\end{document}"""

HTML = """<html><body><article class="ltx_document"><section class="ltx_section"><h2>1 Introduction</h2>
<p class="ltx_p">A first system <cite class="ltx_cite">[<a class="ltx_ref" href="#bib.bib1">1</a>]</cite> works in time.
Others <cite class="ltx_cite">[<a href="#bib.bib2">2</a>, <a href="#bib.bib3">3</a>]</cite> mask. Nothing here.</p></section>
<section class="ltx_bibliography"><ul>
<li class="ltx_bibitem" id="bib.bib1">One: The first system of all. arXiv:2401.00001</li>
<li class="ltx_bibitem" id="bib.bib2">Two: Second</li><li class="ltx_bibitem" id="bib.bib3">Three: Third</li>
</ul></section></article></body></html>"""

JATS = """<article><front><article-meta><title-group><article-title>T</article-title></title-group></article-meta></front><body><sec>
<p>A first system [<xref ref-type="bibr" rid="B1">1</xref>] works in time. Others [<xref ref-type="bibr" rid="B2">2</xref>,
<xref ref-type="bibr" rid="B3">3</xref>] mask.</p></sec></body><back><ref-list>
<ref id="B1"><mixed-citation>One: The first system of all. arXiv:2401.00001</mixed-citation></ref>
<ref id="B2"><mixed-citation>Two: Second</mixed-citation></ref><ref id="B3"><mixed-citation>Three</mixed-citation></ref>
</ref-list></back></article>"""


def references(text: str, name: str) -> dict[str, Reference]:
    return {ref.key: ref for ref in extract(source_from_files({name: text.encode()}, name)).references}


def test_sentences_of_latex() -> None:
    found = references(LATEX, "paper.tex")
    assert found["one"].sentences == (
        "A first system [this] works in time.",
        "Others, e.g. Fig. 3 of […], mask a spectrum [this].",
    )
    assert found["two"].sentences == ("Others, e.g. Fig. 3 of [this], mask a spectrum […].",)
    assert found["three"].sentences[-1] == "In contrast to [this], we do both."
    assert found["one"].arxiv_id == "2401.00001"


@pytest.mark.parametrize(("text", "name", "keys"), [(HTML, "p.html", "bib.bib{}"), (JATS, "p.nxml", "B{}")])
def test_sentences_of_markup(text: str, name: str, keys: str) -> None:
    found = references(text, name)
    assert found[keys.format(1)].sentences == ("A first system [this] works in time.",)
    assert found[keys.format(2)].sentences == ("Others [this] mask.",)


def test_a_long_sentence_is_cut_around_the_work() -> None:
    body = "word " * 200 + r"\cite{one} " + "word " * 200
    found = references(LATEX.replace("A first system", body), "paper.tex")
    first = found["one"].sentences[0]
    assert len(first) <= LONGEST + 2 and "[this]" in first and first.startswith("…") and first.endswith("…")


def test_few_sentences_are_kept_of_each() -> None:
    many = " ".join(rf"Sentence number {number} cites \cite{{two}}." for number in range(50))
    assert (
        len(references(LATEX.replace("This one", many + " This one"), "p.tex")["two"].sentences)
        == MOST_SENTENCES
    )


def test_where_a_sentence_ends() -> None:
    one, two = mark(["a"]), mark(["b"])
    text = f"By Lu et al. {one} and J. Doe {two}, cf. {one}. Then {two} follows! {one} begins."
    assert [keys for _sentence, keys in citing(text)] == [("a", "b"), ("b",), ("a",)]


def test_letters_of_marks_in_a_source_do_no_harm() -> None:
    found = references(LATEX.replace("A first", "\ue0f0one,\ue0f1 \ue0f0 A first \ue0f1"), "paper.tex")
    assert all("\ue0f0" not in s and "\ue0f1" not in s for ref in found.values() for s in ref.sentences)
