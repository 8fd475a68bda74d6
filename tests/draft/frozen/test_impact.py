"""litdb impact: a new version and a new paper arrive, and a draft is told which tables and sentences they touch."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest

from litdb.draft.frozen.superlatives import superlatives
from litdb.draft.knowledge import Knowledge, knowledge
from tests.cli.conftest import Litdb
from tests.cli.conftest import home as home
from tests.cli.conftest import litdb as litdb
from tests.support.fixtures import replay as replay
from tests.support.papers import IMSE, MUSE, latex_document, latex_table
from tests.support.replay import ReplayServer, SyntheticPaper, SyntheticVersion

NEW = SyntheticPaper(
    id="2512.00009",
    title="TinyNet: a synthetic paper that beats the others",
    authors=("Synthetic Author",),
    versions=(
        SyntheticVersion(
            datetime(2025, 12, 5, 8, 0, tzinfo=UTC),
            {"main.tex": latex_document("TinyNet", latex_table(
                (("MUSE", "0.51M", "3.37", "4.63", "3.80", "4.10", "0.95"), ("TinyNet", "0.30M", "3.42", "4.70", "3.90", "4.20", "0.95")),
                "Comparison on the VoiceBank+DEMAND test set."))},
        ),
    ),
)  # fmt: skip
DRAFT = r"""\documentclass{article}
\begin{document}
\begin{abstract}
IMSE is the smallest model that exceeds a PESQ of 3.3.
\end{abstract}
IMSE reaches a PESQ of 3.373 with 0.427M parameters~\cite{imse}.
In 2025 there were 3.373 other things, and MUSE reaches a PESQ of 3.37.

\begin{table}
\caption{All models with fewer than 0.6M parameters on VoiceBank+DEMAND.}
\label{tab:all}
\begin{tabular}{lcc}
Model & Params & PESQ \\
MUSE & 0.51M & 3.37 \\
IMSE~\cite{imse} & 0.427M & 3.373 \\
\end{tabular}
\end{table}
\begin{thebibliography}{1}
\bibitem{imse} IMSE: Efficient U-Net-based Speech Enhancement. arXiv:2511.14515.
\end{thebibliography}
\end{document}
"""


@pytest.fixture
def draft(litdb: Litdb, replay: ReplayServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue that knows version 1 of IMSE, and MUSE; a draft that was right then."""
    assert litdb("init", "mine.db", "--empty").code == 0
    monkeypatch.setenv("LITDB_DB", "mine.db")
    assert litdb("fetch", f"{IMSE.id}v1", MUSE.id).code == 0
    place = Path("paper.tex")
    place.write_text(DRAFT, encoding="utf-8")
    return place


def told(said: object) -> set[tuple[str, int]]:
    return {(one["kind"], one["place"]["line"]) for one in said["found"]}  # type: ignore[index]


@pytest.mark.usefixtures("draft")
def test_a_draft_that_is_right_is_not_touched(litdb: Litdb) -> None:
    said = litdb("impact", IMSE.id, "--draft", "paper.tex", "--json")
    assert said.code == 0, said.out + said.err
    assert said.json["found"] == []
    assert said.json["models"] == ["IMSE"]
    assert said.json["checked"]["sentences with a superlative"] == 1
    assert litdb("impact", MUSE.id, "--draft", "paper.tex").code == 0


@pytest.mark.usefixtures("draft")
def test_a_new_version_names_the_cell_and_the_sentence(litdb: Litdb) -> None:
    assert litdb("fetch", f"{IMSE.id}v2").code == 0
    said = litdb("impact", IMSE.id, "--draft", "paper.tex", "--json")
    assert said.code == 1
    assert told(said.json) == {("number", 6), ("number", 15)}
    for one in said.json["found"]:
        assert "3.373" in one["why"]
        assert "arXiv:2511.14515v2" in one["why"]
        assert "prints 3.399" in one["why"]
        assert one["results"]
    text = litdb("impact", "IMSE", "--draft", "paper.tex")
    assert text.code == 1
    assert "paper.tex:6: number: IMSE, PESQ 3.373 is of version 1" in text.out
    assert "IMSE reaches a PESQ of 3.373" in text.out


@pytest.mark.usefixtures("draft")
def test_a_new_paper_names_the_table_that_needs_a_row_and_the_sentence_it_made_false(
    litdb: Litdb, replay: ReplayServer
) -> None:
    replay.add(NEW)
    fetched = litdb("fetch", NEW.id)
    assert fetched.code == 0, fetched.err
    said = litdb("impact", NEW.id, "--draft", "paper.tex", "--json")
    assert said.code == 1
    assert any(kind == "needs a row" and 9 <= line <= 13 for kind, line in told(said.json))
    row = next(one for one in said.json["found"] if one["kind"] == "needs a row")
    assert "TinyNet" in row["why"]
    assert "0.30" in row["why"]
    false = next(one for one in said.json["found"] if one["kind"] == "false")
    assert false["place"]["line"] == 4
    assert "TinyNet" in false["why"]
    assert "2512.00009v1" in false["sources"][0]
    assert told(said.json) == {("false", 4), ("needs a row", row["place"]["line"])}
    # the same paper again, with a stronger one before it: the sentence was false already
    stronger = dataclasses.replace(NEW, id="2512.00010", title="MicroNet: a second synthetic paper", versions=tuple(
        dataclasses.replace(v, files={n: str(t).replace("TinyNet", "MicroNet").replace("0.30M", "0.25M") for n, t in (v.files or {}).items()})
        for v in NEW.versions))  # fmt: skip
    replay.add(stronger)
    assert litdb("fetch", stronger.id).code == 0
    assert ("contradicted too", 4) in told(litdb("impact", NEW.id, "--draft", "paper.tex", "--json").json)


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize("sentence", [
    "No published model has a higher PESQ than IMSE.",
    "IMSE outperforms all other models.",
    "IMSE has the best PESQ below half a million parameters.",
])  # fmt: skip
def test_superlatives_in_other_words_are_told_too(litdb: Litdb, replay: ReplayServer, sentence: str) -> None:
    Path("paper.tex").write_text(
        DRAFT.replace("IMSE is the smallest model that exceeds a PESQ of 3.3.", sentence), encoding="utf-8"
    )
    assert litdb("impact", MUSE.id, "--draft", "paper.tex").code == 0
    replay.add(NEW)
    assert litdb("fetch", NEW.id).code == 0
    said = litdb("impact", NEW.id, "--draft", "paper.tex", "--json").json
    assert [one["place"]["line"] for one in said["found"] if one["kind"] == "false"] == [4], said["found"]


@pytest.mark.usefixtures("draft")
def test_the_tables_of_paper_toml_are_looked_at_too(litdb: Litdb, replay: ReplayServer) -> None:
    Path("paper.toml").write_text(
        '[paper]\ndraft = "paper.tex"\n[tables.small]\nfile = "small.tex"\nmetrics = ["params", "PESQ"]\nwhere = ["params=..0.6M"]\n',
        encoding="utf-8",
    )
    Path("paper.tex").write_text(
        DRAFT.replace("\\begin{thebib", "\\input{small}\n\\begin{thebib"), encoding="utf-8"
    )
    assert litdb("build").code == 0
    assert litdb("freeze").code == 0
    replay.add(NEW)
    assert litdb("fetch", NEW.id).code == 0
    said = litdb("impact", NEW.id, "--draft", "paper.tex", "--json").json["found"]
    row = next(one for one in said if one["why"].startswith("small.tex: TinyNet"))
    assert (row["kind"], row["place"]["line"]) == ("needs a row", 18)
    marks = [one["why"] for one in said if one["kind"] == "mark"]
    assert any("IMSE, PESQ: best → second" in one for one in marks)


def test_what_is_not_there_is_said(litdb: Litdb) -> None:
    Path("paper.tex").write_text(DRAFT, encoding="utf-8")
    assert litdb("impact", "2999.99999", "--draft", "paper.tex").code == 2
    assert litdb("impact", "IMSE", "--draft", "no.tex").code == 1


@pytest.fixture(scope="module")
def known() -> Knowledge:
    import litdb

    with litdb.open() as catalogue:
        return knowledge(catalogue)


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("Our network is the smallest with a PESQ above 2.8.", ["smallest with PESQ>2.8 on vbd"]),
        ("MUSE is the smallest model that exceeds a PESQ of 3.3.", ["MUSE is the smallest with PESQ>3.3 on vbd"]),
        ("We reach the highest PESQ of all models under 0.5M parameters.", ["best PESQ with params<0.5M on vbd"]),
        ("With the fewest parameters, our model wins.", ["smallest on vbd"]),
        ("IMSE outperforms all models below 0.5M parameters in PESQ.", ["IMSE is the best PESQ with params<0.5M on vbd"]),
        ("We propose the first causal model with a STOI of at least 0.94.", ["first causal with STOI>=0.94 on vbd"]),
        ("MUSE has the best PESQ below half a million parameters.", ["MUSE is the best PESQ with params<0.5M on vbd"]),
        ("MUSE has the best PESQ among the models that we compare.", []),
        ("MUSE has the best PESQ of its group in Table 1.", []),
        ("It is the smallest kernel that fits.", []),
        ("The first layer has 16 channels, as in our code.", []),
        ("The proposed network is state of the art.", []),
        ("The best checkpoint of our model was chosen on validation data.", []),
    ],
)  # fmt: skip
def test_superlatives_as_statements(known: Knowledge, text: str, statements: list[str]) -> None:
    assert [one.statement for one in superlatives(text, known)] == statements


@pytest.mark.usefixtures("draft")
def test_a_watched_draft_tells_what_a_new_paper_made_false(litdb: Litdb, replay: ReplayServer) -> None:
    assert litdb("watch", "add", "paper.tex", "--name", "draft").code == 0
    assert litdb("watch", "run", "--check").code == 0
    replay.add(NEW)
    assert litdb("fetch", NEW.id).code == 0
    said = litdb("watch", "run", "--check", "--json")
    assert said.code == 1
    words = [item["words"] for one in said.json["watches"] for item in one["items"]]
    assert any(one.startswith("paper.tex:4: SUPERLATIVE") and "TinyNet" in one for one in words), words
    assert any("MISSING" in one and "TinyNet" in one for one in words), words
    assert litdb("watch", "run", "--check").code == 0
