"""Bibliographies in a catalogue: who cites whom, however the entry names the work."""

from __future__ import annotations

from pathlib import Path

import pytest

import litdb
from litdb.evidence.screening import Candidate
from litdb.evidence.tracing.cited import BibliographyEntry, KnownWork, Works
from litdb.report.tracing.dive import DIVE_FORMATS, dive_text
from litdb.values.names import fold_name

MUSE = "2406.04589"
PAPER = r"""\documentclass{article}\title{A paper that cites}\begin{document}\maketitle
We start from \cite{muse} and leave \cite{else}. Then \cite{muse} is small, <script>alert(1)</script>.
\begin{table}\caption{Results on VoiceBank+DEMAND}\begin{tabular}{lc}Model & PESQ\\ Ours & 3.11\\\end{tabular}\end{table}
\begin{thebibliography}{9}
\bibitem{muse} %s
\bibitem{else} Somebody, ``A work that nobody here knows,'' 2020.
\end{thebibliography}\end{document}"""
BY_ID = "Z. Lin, ``MUSE,'' arXiv:2406.04589, 2024."
BY_TITLE = "Z. Lin, ``MUSE: Flexible Voiceprint Receptive Fields and Multi-Path Fusion Enhanced Taylor Transformer for U-Net-based Speech Enhancement,'' 2024."


@pytest.mark.parametrize("entry", [BY_ID, BY_TITLE])
def test_a_paper_that_cites_stands_in_both_dives(
    catalogue_of_seed: litdb.Catalogue, tmp_path: Path, entry: str
) -> None:
    catalogue = catalogue_of_seed
    title = catalogue.dive(MUSE).title
    file = tmp_path / "2501.00001v1.tex"
    file.write_text(PAPER % entry.replace(BY_TITLE[13:-9], f"{title},''"))
    catalogue.ingest(file, arxiv="2501.00001v1")
    citing = catalogue.dive("2501.00001")
    assert [(work.paper, len(work.sentences)) for work in citing.cites] == [("MUSE", 2), ("", 1)]
    cited = catalogue.dive("MUSE")
    (one,) = cited.cited_by
    assert one.paper == "arXiv:2501.00001"
    assert one.sentences[0] == "We start from [this] and leave […]."
    assert any("cited there in 2 sentences" in paper.why for paper in cited.next)
    for fmt in DIVE_FORMATS:
        assert "start from" in dive_text(cited, fmt)
    assert "<script>" not in dive_text(cited, "html")
    assert catalogue.times_cited(
        [KnownWork("it", title, MUSE), KnownWork("not", "Another work altogether")], ["arXiv:2501.00001"]
    ) == {"it": 1}
    assert catalogue.check() == []


def entry(text: str, arxiv_id: str = "", doi: str = "") -> BibliographyEntry:
    return BibliographyEntry("P", "arXiv:1v1", text, fold_name(text), arxiv_id, doi, ())


def test_which_work_an_entry_is() -> None:
    works = Works(
        [
            KnownWork("short", "MUSE"),
            KnownWork("long", "A network for speech enhancement", "2401.00001"),
            KnownWork("longer", "A network for speech enhancement and dereverberation", doi="10.1/ABC"),
        ]
    )
    assert works.of(entry("X, A Network for Speech-Enhancement. 2024")) == "long"
    assert works.of(entry("X, A network for speech enhancement and dereverberation, 2024")) == "longer"
    assert works.of(entry("X, whatever", "2401.00001")) == "long"
    assert works.of(entry("X, whatever", doi="10.1/abc")) == "longer"
    assert works.of(entry("MUSE is what they call it")) == ""  # so short a title says nothing


def test_what_taken_papers_cite_is_ranked_first(catalogue: litdb.Catalogue, tmp_path: Path) -> None:
    from litdb.survey.search import new_survey, run_survey

    listing = tmp_path / "field.tsv"
    rows = [f"2401.0000{n}\t1\t2024-01-0{n}\tA speech enhancement network, number {n}\t" for n in range(1, 6)]
    listing.write_text("arxiv_id\tversion\tfirst_submitted\ttitle\tauthors\n" + "\n".join(rows) + "\n")
    catalogue.load_index(listing)
    first: list[Candidate] = [
        one.candidate for one in new_survey(catalogue, "speech enhancement", name="s").papers
    ]
    last = first[-1].paper.removeprefix("arXiv:")
    other = first[0].paper.removeprefix("arXiv:")
    file = tmp_path / "paper.tex"
    file.write_text(PAPER % f"Somebody, arXiv:{last}")
    catalogue.ingest(file, arxiv=f"{other}v1")
    catalogue.screen("s", [other], "taken", reason="read")
    after = {one.candidate.paper: one.candidate.why for one in run_survey(catalogue, "s").papers}
    assert after[f"arXiv:{last}"].endswith("cited by 1 of those taken")
    assert list(after).index(f"arXiv:{last}") < len(first) - 1
    assert sum("of those taken" in why for why in after.values()) == 1
