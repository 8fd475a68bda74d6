"""MISSING: the models of a stated range that a table lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

import litdb
from litdb.draft.check import checked
from litdb.draft.finding import DraftReport
from litdb.draft.knowledge import Knowledge, knowledge
from litdb.draft.rules.missing import missing
from litdb.draft.subject import Draft
from litdb.draft.text.reading import read_project
from tests.draft.world import table

HEAD = r"Model & Params (M) & PESQ \\ \midrule"
WHERE = ("params=0.4M..1.0M", "PESQ=3.2..3.4")


@pytest.fixture(scope="module")
def known(sota: litdb.Catalogue) -> Knowledge:
    return knowledge(sota)


def found(tmp_path: Path, sota: litdb.Catalogue, known: Knowledge, body: str) -> DraftReport:
    main = tmp_path / "paper.tex"
    main.write_text(f"\\documentclass{{article}}\\begin{{document}}\n{body}\n\\end{{document}}\n")
    return checked(Draft(read_project(main), known, sota), (missing,))


def in_range(sota: litdb.Catalogue) -> list[str]:
    """What `litdb models` lists for the range, one model a paper."""
    rows = sota.models(where=WHERE).rows
    return list({row.paper: row.name for row in rows if not row.own and not row.reproduced}.values())


@pytest.mark.parametrize(
    "stated",
    [
        "% litdb: range params=0.4M..1.0M PESQ=3.2..3.4",
        "Table~\\ref{tab:main} lists all models with 0.4M to 1.0M parameters and PESQ from 3.2 to 3.4.",
        "Table~\\ref{tab:main} has every published network of 400K--1000K parameters with a PESQ between 3.2 and 3.4.",
    ],
)
def test_what_lies_in_the_stated_range_and_not_in_the_table(
    tmp_path: Path, sota: litdb.Catalogue, known: Knowledge, stated: str
) -> None:
    names = in_range(sota)
    assert len(names) > 2
    rows = [f"{name} & 0.5 & 3.3" for name in names[1:]]
    (finding,) = found(tmp_path, sota, known, f"{stated}\n{table(*rows, head=HEAD)}").findings
    assert (finding.rule, finding.place.line) == ("MISSING", 2)
    assert f"lacks {names[0]} (" in finding.message
    complete = found(tmp_path, sota, known, f"{stated}\n{table(*rows, f'{names[0]} & 0.5 & 3.3', head=HEAD)}")
    assert complete.findings == ()
    assert complete.checked == {"tables with a stated range": 1}


def test_a_recorded_reason_leaves_a_model_out(
    tmp_path: Path, sota: litdb.Catalogue, known: Knowledge
) -> None:
    names = in_range(sota)
    body = "% litdb: range params=0.4M..1.0M PESQ=3.2..3.4\n" + table(
        *(f"{name} & 0.5 & 3.3" for name in names[1:]), head=HEAD
    )
    reason = f"% litdb: leave out {names[0]} -- trained on other data\n"
    assert found(tmp_path, sota, known, reason + body).findings == ()
    without = found(tmp_path, sota, known, f"% litdb: leave out {names[0]}\n{body}")
    assert len(without.findings) == 1
    assert "a comment without a reason (-- REASON) leaves nothing out, paper.tex:2" in without.unchecked


def test_a_table_without_a_stated_range_promises_nothing(
    tmp_path: Path, sota: litdb.Catalogue, known: Knowledge
) -> None:
    body = "Table~\\ref{tab:main} compares models. Small networks have 0.4M to 1.0M parameters.\n"
    result = found(tmp_path, sota, known, body + table("MUSE & 0.51 & 3.37", head=HEAD))
    assert (result.findings, result.checked, result.unchecked) == ((), {}, {})


def test_a_range_that_is_not_understood(tmp_path: Path, sota: litdb.Catalogue, known: Knowledge) -> None:
    result = found(
        tmp_path, sota, known, "% litdb: range small ones\n" + table("MUSE & 0.51 & 3.37", head=HEAD)
    )
    assert result.findings == ()
    (words,) = result.unchecked
    assert words.startswith("a range that is not understood, paper.tex:2: ")


def test_a_bound_that_is_not_understood_is_counted(
    tmp_path: Path, sota: litdb.Catalogue, known: Knowledge
) -> None:
    """Without its bound on the score the range would be another one."""
    stated = "Table~\\ref{tab:main} lists all models with 0.4M to 1.0M parameters whose PESQ is near 3.31."
    result = found(tmp_path, sota, known, f"{stated}\n{table('MUSE & 0.51 & 3.37', head=HEAD)}")
    assert result.findings == ()
    assert result.unchecked == {"a range that is not understood, paper.tex:2": 1}


@pytest.mark.parametrize("promise", ["(all that we know)", "(complete)", ", every one"])
def test_a_title_of_a_group_states_a_range(
    tmp_path: Path, sota: litdb.Catalogue, known: Knowledge, promise: str
) -> None:
    names = in_range(sota)
    title = rf"\multicolumn{{3}}{{c}}{{0.4M to 1.0M parameters, PESQ from 3.2 to 3.4 {promise}}} \\"
    rows = [title, *(f"{name} & 0.5 & 3.3" for name in names[1:])]
    (finding,) = found(tmp_path, sota, known, table(*rows, head=HEAD)).findings
    assert finding.rule == "MISSING"
    assert "0.4M to 1.0M parameters" in finding.place.words
    assert f"lacks {names[0]} (" in finding.message
    plain = [title.replace(promise, ""), *rows[1:]]
    assert found(tmp_path, sota, known, table(*plain, head=HEAD)).findings == ()  # only a name of the group
