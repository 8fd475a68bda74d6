"""Papers that were withdrawn: said at fetch, marked, not ranked unless asked, found by the audit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.cli.conftest import Litdb
from tests.support.replay import ReplayServer, SyntheticPaper, SyntheticVersion

_TABLE = r"""\documentclass{article}
\begin{document}
\begin{table}\caption{Comparison on VoiceBank+DEMAND.}
\begin{tabular}{lcccc} Model & Params (M) & PESQ & CSIG & STOI \\ \hline
Noisy & - & 1.97 & 3.35 & 0.91 \\
NAME (ours) & 0.31 & 3.61 & 4.72 & 0.96 \\
\end{tabular}\end{table}
\end{document}
"""


def _day(month: int) -> datetime:
    return datetime(2025, month, 3, 9, tzinfo=UTC)


def _first(name: str) -> SyntheticVersion:
    return SyntheticVersion(_day(3), {"main.tex": _TABLE.replace("NAME", name)}, single=True)


BY_COMMENT = SyntheticPaper(
    "2503.11111", "Quillnet", ("A. Author",), (_first("Quillnet"), SyntheticVersion(_day(6))),
    comment="This paper has been withdrawn by the authors: the test set leaked into training",
)  # fmt: skip
BY_NOTICE = SyntheticPaper(
    "2503.22222", "Reedform", ("B. Author",),
    (
        _first("Reedform"),
        SyntheticVersion(
            _day(6),
            {"withdrawn.txt": "%auto-ignore\nThis paper has been withdrawn due to an error in Table 1.\n"},
            single=True,
        ),
    ),
)  # fmt: skip
STANDING = SyntheticPaper(
    "2503.33333", "Plainnet", ("C. Author",), (_first("Plainnet"),), comment="Supersedes the withdrawn 2401.00001"
)  # fmt: skip
NO_TEX = replace(
    STANDING,
    id="2503.44444",
    title="Listing",
    versions=(SyntheticVersion(_day(3), {"a.txt": "one", "b.txt": "two"}),),
)
ODD = replace(
    STANDING,
    id="2503.55555",
    title="Odd",
    versions=(SyntheticVersion(_day(3), {"main.tex": b"\\\x00d\x00o\x00c\x00"}),),
)


@pytest.fixture(autouse=True)
def arxiv(litdb: Litdb, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with ReplayServer([BY_COMMENT, BY_NOTICE, STANDING, NO_TEX, ODD]) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        assert litdb("init", "mine.db", "--empty").code == 0
        monkeypatch.setenv("LITDB_DB", "mine.db")
        yield


@pytest.mark.parametrize(
    ("paper", "name", "says"),
    [(BY_COMMENT, "Quillnet", "leaked into training"), (BY_NOTICE, "Reedform", "error in Table 1")],
)
def test_a_withdrawn_paper_is_known(litdb: Litdb, paper: SyntheticPaper, name: str, says: str) -> None:
    said = litdb("fetch", paper.id, "--all-versions")
    assert said.code == 0
    assert "withdrawn, arXiv says" in said.err
    assert says in said.err
    why = litdb("why", name, "PESQ").out
    assert "newest version" not in why
    assert "the paper is withdrawn since" in why
    assert says in why
    found = litdb("audit", "--json")
    assert [one["code"] for one in found.json if one["code"] == "WITHDRAWN"] == ["WITHDRAWN"]
    litdb("fetch", STANDING.id)
    table = json.loads(litdb("table", "--metrics", "PESQ", "--format", "json").out)
    cells = {row["name"]: row["cells"][0] for row in table["rows"]}
    assert cells[name]["refused"]
    asked = json.loads(litdb("table", "--metrics", "PESQ", "--withdrawn", "--format", "json").out)
    cells = {row["name"]: row["cells"][0] for row in asked["rows"]}
    assert not cells[name]["refused"]
    assert any(says in note for note in cells[name]["notes"])
    litdb("add-result", "Ours", "--run", "r/best", "--params", "0.3M", "--metric", "PESQ=3.2")
    gap = litdb("gap", "--against", "0.2M..0.4M", "--model", "Ours", "--json").json
    differences = [one for rival in gap["rivals"] if rival["name"] == name for one in rival["differences"]]
    assert differences
    assert {one["sign"] for one in differences} == {"not comparable"}
    assert "its paper is withdrawn" in differences[0]["note"]
    asked = litdb("gap", "--against", "0.2M..0.4M", "--model", "Ours", "--withdrawn", "--json").json
    (counted,) = [rival for rival in asked["rivals"] if rival["name"] == name]
    assert {one["metric"]: one["sign"] for one in counted["differences"]}["PESQ"] == "worse"
    assert any(says in mark for one in counted["differences"] for mark in one["marks"])
    before = litdb("db", "dump").out
    assert litdb("fetch", paper.id, "--all-versions").code == 0
    assert litdb("db", "dump").out == before


def test_a_paper_that_speaks_of_a_withdrawn_one_stands(litdb: Litdb) -> None:
    assert "withdrawn" not in litdb("fetch", STANDING.id).err
    assert not any(one["code"] == "WITHDRAWN" for one in litdb("audit", "--json").json)


@pytest.mark.parametrize(
    ("paper", "says"),
    [(NO_TEX, "holds no TeX"), (ODD, "encoding that cannot be read"), (BY_NOTICE, "only a notice")],
)
def test_what_cannot_be_read_has_its_own_sentence(litdb: Litdb, paper: SyntheticPaper, says: str) -> None:
    said = litdb("fetch", paper.id)
    assert said.code == 0
    assert says in said.out
