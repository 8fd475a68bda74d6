"""A LaTeX project becomes sentences, tables and entries with their lines, and nothing of it is read from elsewhere."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from litdb.draft.text.project import DraftPart
from litdb.draft.text.reading import read_project
from litdb.errors import InputError
from tests.draft.world import world

MAIN = r"""\documentclass{article}
\newcommand{\second}[1]{\underline{#1}}
\newcommand{\net}{SmallNet}
\title{\net: small and good}
\begin{document}
\begin{abstract}
We propose \net, with 0.46\,M parameters. It is
good (see e.g. Fig.~1).
\end{abstract}
\section{Results}
\input{results}
\begin{equation} x = 3.14 \end{equation}
Behind it.\footnote{A note with 1.5.}
% \input{old}
\bibliography{refs}
\end{document}
"""
RESULTS = r"""As Table~\ref{tab:main} shows, GoldNet~\cite{gold,silver} reaches $3.50$.
% litdb: ignore VALUE, MARKS -- checked by hand
The gain is 12\%; 3 of 4.
\begin{table}[t]
\caption{Scores on VoiceBank+DEMAND.}\label{tab:main}
\begin{tabular}{lcc}
Model & Params (M) & PESQ \\
\hline
GoldNet~\cite{gold} & 2.05 & \textbf{3.50} \\
TinNet & 0.92 & \second{2.96} \\ % litdb: leave out OldNet -- not comparable
\end{tabular}
\end{table}
"""
REFS = """@article{gold,
  title = {GoldNet: a {Net}},
  author = {Gold, Ada and Bea Silver},
  year = 2024, eprint = {2401.00001}, doi={10.1234/X}
}
@misc{gold, title={Again}}
"""


@pytest.fixture
def main(tmp_path: Path) -> Path:
    folder = tmp_path / "draft"
    folder.mkdir()
    (folder / "results.tex").write_text(RESULTS)
    (folder / "refs.bib").write_text(REFS)
    (folder / "old.tex").write_text("Old text with 9.99.")
    (folder / "paper.tex").write_text(MAIN)
    return folder / "paper.tex"


def test_sentences_have_their_part_section_file_and_line(main: Path) -> None:
    found = read_project(main).sentences
    said = [(s.part, s.text, s.place().file, s.place().line, s.section) for s in found]
    assert said == [
        (DraftPart.TITLE, "SmallNet: small and good", "paper.tex", 4, ""),
        (DraftPart.ABSTRACT, "We propose SmallNet, with 0.46 M parameters.", "paper.tex", 7, ""),
        (DraftPart.ABSTRACT, "It is good (see e.g. Fig. 1).", "paper.tex", 7, ""),
        (DraftPart.TEXT, "As Table ? shows, GoldNet reaches 3.50.", "results.tex", 1, "Results"),
        (DraftPart.TEXT, "The gain is 12%; 3 of 4.", "results.tex", 3, "Results"),
        (DraftPart.CAPTION, "Scores on VoiceBank+DEMAND.", "results.tex", 5, "Results"),
        (DraftPart.TEXT, "Behind it.", "paper.tex", 13, "Results"),
        (DraftPart.FOOTNOTE, "A note with 1.5.", "paper.tex", 13, "Results"),
    ]


def test_a_place_in_a_sentence_is_the_line_on_which_the_words_stand(main: Path) -> None:
    sentence = read_project(main).sentences[2]
    assert [sentence.place(sentence.text.index(word)).line for word in ("It", "good", "Fig")] == [7, 8, 8]


def test_citations_and_references_stay_with_their_sentence(main: Path) -> None:
    project = read_project(main)
    sentence = project.sentences[3]
    assert [(c.key, sentence.text[: c.at]) for c in sentence.citations] == [
        ("gold", "As Table ? shows, GoldNet"),
        ("silver", "As Table ? shows, GoldNet"),
    ]
    assert sentence.refs == ((9, "tab:main"),)
    assert project.table_of("tab:main") is project.tables[0]
    assert [(c.key, c.place.line) for c in project.citations] == [("gold", 1), ("silver", 1), ("gold", 9)]


def test_cells_have_line_marks_and_citations(main: Path) -> None:
    (table,) = read_project(main).tables
    assert table.headings == ("Model", "Params (M)", "PESQ")
    gold, tin = table.rows
    assert (gold.label, gold.cites, gold.place.line) == ("GoldNet", ("gold",), 9)
    assert [(c.text, c.bold, c.underlined, c.place.line) for c in gold.cells] == [
        ("2.05", False, False, 9), ("3.50", True, False, 9),
    ]  # fmt: skip
    assert [(c.bold, c.underlined, c.place.line) for c in tin.cells] == [
        (False, False, 10),
        (False, True, 10),
    ]
    assert [(n.quantity, n.value, n.resolution) for n in gold.numbers] == [
        ("params", 2.05e6, 1e4), ("PESQ", 3.5, 0.01),
    ]  # fmt: skip


def test_a_table_whose_models_are_columns(tmp_path: Path) -> None:
    main = tmp_path / "t.tex"
    main.write_text(
        "\\documentclass{article}\\begin{document}\n\\begin{table}\\caption{Scores on VoiceBank+DEMAND}\n"
        "\\begin{tabular}{lccc}\nMetric & GoldNet & TinNet & MUSE \\\\ \\hline\nPESQ & 3.50 & 2.96 & 3.37\\\\\n"
        "STOI & 0.96 & 0.94 & 0.95 \\\\\nCSIG & 4.1 & 4.2 & 4.3 \\\\\n\\end{tabular}\\end{table}\n\\end{document}\n"
    )
    (table,) = read_project(main).tables
    assert table.turned
    assert [(row.label, [cell.text for cell in row.cells]) for row in table.rows] == [
        ("GoldNet", ["3.50", "0.96", "4.1"]), ("TinNet", ["2.96", "0.94", "4.2"]), ("MUSE", ["3.37", "0.95", "4.3"]),
    ]  # fmt: skip


def test_entries_of_bibtex_with_their_lines(main: Path) -> None:
    first, again = read_project(main).entries
    assert (first.key, first.title, first.authors, first.year) == (
        "gold",
        "GoldNet: a Net",
        ("Gold", "Silver"),
        2024,
    )
    assert (first.arxiv_id, first.doi, first.place.file, first.place.line) == (
        "2401.00001",
        "10.1234/X",
        "refs.bib",
        1,
    )
    assert (again.key, again.place.line) == ("gold", 6)


def test_entries_of_a_written_bibliography(tmp_path: Path) -> None:
    main = tmp_path / "t.tex"
    main.write_text(
        "\\documentclass{article}\\begin{document}\nText \\cite{one}.\n\\begin{thebibliography}{9}\n"
        "\\bibitem[Lu(2023)]{one} Y. Lu, ``MP-SENet: a model of some sort,'' in \\emph{Proc. Interspeech}, 2023, arXiv:2305.13686.\n"
        "\\bibitem{two} Nobody.\n\\end{thebibliography}\n\\end{document}\n"
    )
    one, two = read_project(main).entries
    assert (one.title, one.year, one.arxiv_id, one.place.line) == (
        "MP-SENet: a model of some sort", 2023, "2305.13686", 4,
    )  # fmt: skip
    assert (two.key, two.title, two.year) == ("two", "", None)


def test_comments_that_speak_to_the_check(main: Path) -> None:
    said = [(c.verb, c.subject, c.reason, c.lines) for c in read_project(main).comments]
    assert said == [
        ("ignore", "VALUE, MARKS", "checked by hand", (2, 3)),
        ("leave out", "OldNet", "not comparable", (10,)),
    ]


def test_nothing_outside_the_folder_and_nothing_that_is_not_included_is_read(main: Path) -> None:
    (main.parent.parent / "secret.tex").write_text("Secret 7.77.")
    (main.parent.parent / "secret.bib").write_text("@misc{s, title={S}}")
    main.write_text(MAIN.replace("\\input{results}", "\\input{../secret}").replace("{refs}", "{../secret}"))
    project = read_project(main)
    assert not any("7.77" in s.text or "9.99" in s.text for s in project.sentences)
    assert project.entries == ()
    assert any("../secret.bib" in remark for remark in project.remarks)


def test_a_file_that_is_no_draft(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="main file"):
        read_project(tmp_path / "paper.pdf")
    with pytest.raises(InputError, match="cannot be read"):
        read_project(tmp_path / "none.tex")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\\begin{document}",
        "\\begin{abstract}" * 3,
        "$" * 9 + "\\cite{",
        "\\footnote{" * 400,
        "\\section{" * 300 + "x",
    ],
)
def test_what_is_no_whole_document_costs_no_exception(tmp_path: Path, text: str) -> None:
    main = tmp_path / "t.tex"
    main.write_text("\\documentclass{article}\n\\begin{document}\n" + text)
    read_project(main)


@pytest.mark.parametrize(
    "body",
    [
        "A b. " * 60_000,
        "MUSE " * 100_000,
        "x \\cite{a} " * 30_000,
        "\\footnote{" * 3_000 + "x" + "}" * 3_000,
        "% litdb: ignore " + "-- " * 2_000 + "\n" + "% litdb: ignore VALUE" + " " * 4_000 + "x\n",
        "\\begin{equation}" * 20_000,
        "(" * 50_000 + "[" * 50_000,
    ],
    ids=["sentences", "words", "citations", "footnotes", "comments", "equations", "brackets"],
)
def test_hostile_prose_is_read_in_bounded_time(tmp_path: Path, body: str) -> None:
    main = tmp_path / "t.tex"
    main.write_text("\\documentclass{article}\n\\begin{document}\n" + body + "\n\\end{document}\n")
    start = time.process_time()
    project = read_project(main)
    known = world()
    for sentence in project.sentences:
        known.mentions(sentence.text)
    assert time.process_time() - start < 20
