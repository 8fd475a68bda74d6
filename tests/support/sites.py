"""A small made-up catalogue with everything that the site shows, and texts that try to be more than text."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import update

import litdb
from litdb.catalogue.database.places import Place, make_working
from litdb.catalogue.database.schema import PaperRow
from tests.support.runs import write_run, write_scores

HOSTILE = (
    "</script><script>globalThis.ran = 1</script><img src=x onerror='globalThis.ran = 2'> & \"x\" \u202e"
)
#: A name as somebody types it by hand.
HOSTILE_MODEL = "<img src=x onerror=globalThis.ran=3> & Co"
#: How many made-up models stand in the long table.
MANY = 230

_PAPER = r"""
\documentclass{article}
\begin{document}
\title{TinyNet}
\begin{table}
\caption{Comparison on the VoiceBank+DEMAND test set. %(caption)s}
\begin{tabular}{lcccc}
Model & Params & PESQ & CSIG & STOI \\
Noisy & - & 1.97 & 3.35 & 0.92 \\
SampleFormer [3] & 0.62M & 3.11 & 4.40 & 0.95 \\
TinyNet (Ours) & 0.55M & %(pesq)s & 4.48 & 0.96 \\
\end{tabular}
\end{table}
\begin{table}
\caption{Ablation on VoiceBank+DEMAND.}
\begin{tabular}{lcc}
Variant & PESQ & STOI \\
TinyNet & %(pesq)s & 0.96 \\
w/o phase decoder & 3.12 & 0.95 \\
\end{tabular}
\end{table}
\end{document}
"""


def many_models(count: int = MANY) -> str:
    """A paper that compares made-up models, each with other numbers."""
    rows = "\n".join(
        rf"Net{number:03}x & {0.1 + number / 100:.2f}M & {2 + number / 200:.3f} & {0.8 + number / 2000:.3f} \\"
        for number in range(count)
    )
    return (
        "\\documentclass{article}\n\\begin{document}\n\\begin{table}\n"
        "\\caption{Comparison on the VoiceBank+DEMAND test set.}\n\\begin{tabular}{lccc}\n"
        f"Model & Params & PESQ & STOI \\\\\n{rows}\n\\end{{tabular}}\n\\end{{table}}\n\\end{{document}}\n"
    )


def site_catalogue(folder: Path, *, many: bool = True) -> litdb.Catalogue:
    """The catalogue, open: two versions of a paper, a correction, a claim, own runs, hostile names, and many models."""
    place = folder / "site.db"
    make_working(str(place), empty=True).close()
    catalogue = litdb.Catalogue(Place(str(place), read_only=False))
    for version, pesq in ((1, "3.15"), (2, "3.18")):
        file = folder / f"paper-v{version}.tex"
        file.write_text(
            _PAPER % {"caption": "Seen in v1." if version == 1 else "", "pesq": pesq}, encoding="utf-8"
        )
        catalogue.ingest(file, arxiv=f"2501.00001v{version}")
    if many:
        file = folder / "many.tex"
        file.write_text(many_models(), encoding="utf-8")
        catalogue.ingest(file, arxiv="2501.00002v1")
    with catalogue.writing() as session:
        session.execute(update(PaperRow).where(PaperRow.arxiv_id == "2501.00001").values(title=HOSTILE))
    corrected = next(v for v in catalogue.results() if v.printed == "4.40")
    catalogue.correct(corrected.key, value="4.41", reason="the PDF prints 4.41")
    refused = next(v for v in catalogue.results("SampleFormer") if v.metric == "STOI")
    catalogue.reject(refused.key, reason="a number of another table")
    catalogue.add_result("RumourNet", {"PESQ": "3.9"}, dataset="vbd")
    catalogue.add_result(
        HOSTILE_MODEL, {"PESQ": "3.00"}, dataset="vbd", paper="2501.00003", table=HOSTILE[:60], origin="self"
    )
    run = write_run(folder / "runs" / "m4-1")
    names = [f"p{speaker}_{number:03}" for speaker in (232, 257) for number in range(1, 413)]
    write_scores(run, "last", {name: 2.5 + number % 40 / 100 for number, name in enumerate(names)})
    catalogue.add_run(run, model="M4")
    catalogue.declare("m4-1", "last", reason="the last of the plan")
    return catalogue
