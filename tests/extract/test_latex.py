"""LaTeX to grids: what authors write."""

from __future__ import annotations

from contextlib import suppress

import pytest

from litdb.errors import TooLarge
from litdb.extract import extract, grids, source_from_files
from litdb.extract.limits import Deadline
from tests.extract.support import latex, read, tables, texts


def grid(body: str, before: str = "") -> list[list[str]]:
    return texts(tables(latex(body, extra=before))[0])


def test_spans_are_resolved_and_keep_their_place() -> None:
    body = r"\multirow{2}{*}{A} & \multicolumn{2}{c}{B}\\ \cmidrule(lr){2-3} & x & y\\ 1&2&3\\"
    (table,) = tables(latex(body))
    assert texts(table) == [["A", "B", "B"], ["A", "x", "y"], ["1", "2", "3"]]
    assert table.rows[0][1].span == table.rows[0][2].span
    source = latex(body)
    place = table.rows[2][1].span
    assert source[place.start : place.end] == "2"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (r"{\bf 3.41}", "3.41"),
        (r"$\mathbf{3.41}$", "3.41"),
        (r"3.41$\pm$0.02", "3.41±0.02"),
        (r"\cellcolor{gray!20}3.41", "3.41"),
        (r"\textcolor{red}{3.41}", "3.41"),
        (r"\makecell{Global\\Att.}", "Global Att."),
        (r"\begin{tabular}{@{}c@{}}a\\b\end{tabular}", "a b"),
        (r"\ding{51}", "✓"),
        (r"\underline{3.41}\,", "3.41"),
        (r"w/o $\mathcal{L}_{\rm x}$", "w/o L_x"),
        (r"A$\rightarrow$B", "A→B"),
        (r"Caf\'e", "Café"),
        (r"5\%", "5%"),
        (r"\SI{3}{dB}", "3 dB"),
        (r"S$^3$G-Net", "S³G-Net"),
        (r"$10^6$", "10^6"),
        (r"\rotatebox[origin=c]{90}{PESQ}", "PESQ"),
        (r"a % comment & b", "a"),
        (r"\unknowncommand{x}", "x"),
    ],
)
def test_cells(cell: str, text: str) -> None:
    assert grid(cell + "\n" + r"& z\\ 1 & 2\\")[0][0] == text


def test_bold_marks_and_citations_are_taken_off() -> None:
    (table,) = tables(latex(r"\textbf{Foo}$^{\dagger}$~\cite{a,b} & {\bf 3.1}$^{*}$\\ x & 2\\"))
    name, value = table.rows[0]
    assert (name.text, name.cites, name.marks, name.bold) == ("Foo", ("a", "b"), ("†",), True)
    assert (value.text, value.marks, value.bold) == ("3.1", ("*",), True)


def test_rules_colours_and_line_lengths_leave_nothing() -> None:
    body = (
        r"\toprule A&B\\[2pt]\midrule\addlinespace[3pt]\rowcolor{gray!15}[1pt][2pt] 1&2\\*\cline{1-2}"
        r"3&4\tabularnewline\hline\specialrule{1pt}{0pt}{0pt}[x]&y\\\bottomrule"
    )
    assert grid(body) == [["A", "B"], ["1", "2"], ["3", "4"], ["[x]", "y"]]


def test_negative_multirow_reaches_up() -> None:
    assert grid(r"&1\\ &2\\ \multirow{-2}{*}{A}&3\\ B&4\\") == [["", "1"], ["A", "2"], ["A", "3"], ["B", "4"]]


def test_commented_and_disabled_rows_are_not_there() -> None:
    body = "A&B\\\\\n% old & 9.99\\\\\n\\iffalse x & 8\\\\ \\fi 1&2\\\\"
    assert grid(body) == [["A", "B"], ["1", "2"]]


@pytest.mark.parametrize(
    "before",
    [
        r"\newcommand{\net}[1][Foo]{\textsc{#1}Net}",
        r"\def\net{FooNet}",
        r"\def\inner{FooNet}\let\net\inner",
        r"\newif\ifb\btrue\ifb\newcommand\net{FooNet\xspace}\else\newcommand\net{Bar}\fi",
        r"\NewDocumentCommand{\net}{}{FooNet}",
    ],
)
def test_author_macros(before: str) -> None:
    assert grid(r"\net & 1\\ x & 2\\", before)[0][0] == "FooNet"


def test_a_command_saved_by_let_survives_its_redefinition() -> None:
    before = r"\let\oldfoo\foo\renewcommand{\foo}[1]{\oldfoo{#1}}"
    assert grid(r"\foo{A} & 1\\", before) == [["A", "1"]]


def test_macros_and_tables_across_files() -> None:
    files = {
        "main.tex": r"\documentclass{article}\usepackage{mine}\begin{document}\input{sec/results}\end{document}",
        "mine.sty": r"\newcommand{\net}{FooNet}",
        "sec/results.tex": r"\section{Results}\input{sec/table.tex}\input{../../secret}\input{/etc/passwd}",
        "sec/table.tex": r"\begin{table}\caption{A \net{} table}\begin{tabular}{cc}\net & 1\\\end{tabular}\end{table}",
        "._main.tex": "junk",
        "old.tex": r"\documentclass{article}\begin{document}old\end{document}",
    }
    source = source_from_files(files, "paper")
    assert source.main == "main.tex"
    (table,) = grids(source)
    assert texts(table) == [["FooNet", "1"]]
    assert (table.caption, table.section) == ("A FooNet table", "Results")
    assert len(extract(source).remarks) == 2


def test_environments_captions_notes_and_the_text_around() -> None:
    text = r"""\documentclass{article}\begin{document}\section{Experiments}
    Table~\ref{tab:a} is about DNS-2020.

    \begin{table*}\centering\begin{threeparttable}\caption{One\footnote{a note here}}\label{tab:a}
    \begin{tabularx}{\textwidth}{Xc}A & 1\\\end{tabularx}\begin{tablenotes}\item[*] retrained by us\end{tablenotes}
    \end{threeparttable}\end{table*}
    \begin{longtable}{cc}\caption{Two}\\ h & i\\\endfirsthead h & i\\\endhead A&2\\\end{longtable}\end{document}"""
    first, second = tables(text)
    assert (first.number, first.caption, first.section) == ("1", "One", "Experiments")
    assert any("retrained by us" in note for note in first.notes)
    assert "DNS-2020" in first.context
    assert texts(second) == [["h", "i"], ["A", "2"]]
    assert second.caption == "Two"


def test_bibliography_entries_with_identifiers() -> None:
    extra = r"\begin{thebibliography}{9}\bibitem{a} X. arXiv:2001.00001v2. \bibitem[B(2020)]{b} Y. doi:10.1000/x.y \end{thebibliography}"
    first, second = read(latex("A&1\\\\", extra=extra)).references
    assert (first.key, first.arxiv_id) == ("a", "2001.00001")
    assert (second.key, second.doi) == ("b", "10.1000/x.y")


@pytest.mark.parametrize(
    "hostile",
    [
        r"\def\x{\x\x}\x",
        r"\newcommand{\a}[1]{#1#1#1#1#1#1#1#1#1}\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{1}}}}}}}}}}",
        r"\input{paper}",
        "{" * 5000,
        r"\begin{tabular}{c}" * 400,
        r"\iffalse " * 3000,
    ],
)
def test_hostile_input_ends(hostile: str) -> None:
    deadline = Deadline(60)
    for text in (latex("A&1\\\\") + hostile, latex("A&1\\\\", extra=hostile)):
        with suppress(TooLarge):
            read(text)
    deadline.check()


def test_equations_and_algorithms_are_no_tables() -> None:
    text = (
        r"\documentclass{article}\begin{document}\begin{align}a &= 1\\ b &= 2\end{align}"
        r"\begin{algorithm}\begin{tabular}{cc}PESQ&3.1\\\end{tabular}\end{algorithm}\end{document}"
    )
    assert tables(text) == ()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (r"\net on VCTK", "FooNet on VCTK"), (r"\net, small", "FooNet, small"), (r"\net-L", "FooNet-L"), (r"\net (ours)", "FooNet (ours)"),
        (r"\net", "FooNet"), (r"\net{}L", "FooNetL"), (r"\net $N$=3", "FooNet N=3"), (r"\textbf{\net} x", "FooNet x"),
    ],
)  # fmt: skip
def test_xspace_puts_back_the_blank_that_tex_eats(cell: str, text: str) -> None:
    assert grid(rf"{cell} & 1\\ x & 2\\", r"\newcommand\net{FooNet\xspace}")[0][0] == text
