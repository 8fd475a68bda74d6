"""Quoted values against the paper that they are from: one case for each verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from litdb.evidence.audit.facts import Facts, ModelRecord, PaperFact
from litdb.evidence.quotations import table_text
from litdb.evidence.quotations.check import Checked, Fate, StoredText, check
from litdb.values.value import GridCell, Value
from litdb.vocabulary.protocol import Protocol
from tests.evidence.values import value

MODELS = {
    "A": ModelRecord("A", "A", paper="PA"),
    "A-S": ModelRecord("A-S", "A-S", kind="variant", paper="PA", parent="A"),
    "B": ModelRecord("B", "B", paper="PB"),
    "Base": ModelRecord("Base", "Base"),
}
PAPERS = {"PA": PaperFact("PA", "A: a network"), "PB": PaperFact("PB", "B: a network")}


def own(model: str, metric: str, printed: str, **more: Any) -> Value:
    given = {"version": 1, "row": f"own {model}"} | more
    return value(model, metric, printed, paper="PA", place=f"v{given['version']}", **given)


def quote(metric: str, printed: str, **more: Any) -> Value:
    return value("A", metric, printed, origin="quoted", paper="PB", place="table of B", row="quoted", **more)


OWN = (
    own("A", "PESQ", "3.17"), own("A", "CSIG", "4.43"), own("A", "COVL", "3.86"), own("A", "SSNR", "10.18"),
    own("A-S", "PESQ", "3.05"), own("A-S", "CSIG", "4.36"), own("A-S", "COVL", "3.71"),
    own("Base", "PESQ", "2.81"), own("Base", "CSIG", "4.02"), own("Base", "COVL", "3.41"),
)  # fmt: skip


def checked(*values: Value, known: tuple[Value, ...] = OWN) -> list[Checked]:
    return check(Facts((*known, *values), PAPERS, MODELS))


@pytest.mark.parametrize(
    ("metric", "printed", "verdict", "word"),
    [
        ("PESQ", "3.17", Fate.AGREES, "prints 3.17"),
        ("PESQ", "3.2", Fate.ROUNDED, "prints 3.17"),
        ("PESQ", "3.1", Fate.ROUNDED, "cut off"),
        ("PESQ", "3.71", Fate.DIGITS, "two digits are exchanged"),
        ("CSIG", "3.86", Fate.COLUMN, "that is COVL there"),
        ("PESQ", "3.05", Fate.ROW, "the number of A-S"),
        ("PESQ", "2.81", Fate.NOT_FOUND, "prints 3.17"),  # one number of an unrelated row may be chance
        ("CBAK", "3.50", Fate.UNREAD, "no such cell"),
    ],
)
def test_verdicts(metric: str, printed: str, verdict: Fate, word: str) -> None:
    (found,) = checked(quote(metric, printed))
    assert found.verdict is verdict
    assert word in found.words


def test_a_paper_with_rows_of_settings_alone_is_quoted_by_one_of_them() -> None:
    settings = tuple(v for v in OWN if v.model != "A")
    found = checked(quote("PESQ", "3.05"), quote("CSIG", "4.36"), known=settings)
    assert [one.verdict for one in found] == [Fate.SETTING] * 2
    assert not any(one.verdict.is_finding for one in found)


def test_several_numbers_of_an_unrelated_row_are_no_chance() -> None:
    found = checked(quote("PESQ", "2.81"), quote("CSIG", "4.02"), quote("COVL", "3.41"))
    assert [one.verdict for one in found] == [Fate.ROW] * 3
    assert "the number of Base" in found[0].words


def test_a_value_of_an_older_version() -> None:
    known = (own("A", "PESQ", "3.37"), own("A", "PESQ", "3.40", version=2))
    assert [one.verdict for one in checked(quote("PESQ", "3.37"), known=known)] == [Fate.VERSION]
    assert [one.verdict for one in checked(quote("PESQ", "3.40"), known=known)] == [Fate.AGREES]


def test_only_the_newest_version_of_the_quoting_paper_is_held_to_it() -> None:
    old, new = quote("PESQ", "3.11", version=1), quote("PESQ", "3.17", version=2)
    assert [one.value.printed for one in checked(old, new)] == ["3.17"]


def test_what_is_no_quotation_is_not_checked() -> None:
    assert checked(quote("PESQ", "9.99", status="rejected")) == []
    assert checked(quote("PESQ", "2.90", rerun=True)) == []
    assert checked(quote("PESQ", "3.0+")) == []
    assert checked(quote("PESQ", "3.17"), known=()) == []  # nothing of the cited paper is read


def test_a_cell_nobody_read_is_looked_for_in_the_table_as_it_stood() -> None:
    theirs = table_text([["Method", "PESQ", "CBAK"], ["Base", "2.81", "3.30"], ["A (ours)", "3.17", "3.68"]])
    mine = table_text([["Model", "PESQ", "CBAK"], ["A [1]", "3.17", "3.68"], ["B (ours)", "3.20", "3.70"]])
    sheets = (StoredText(1, "arXiv:1, table 1", "PA", theirs), StoredText(2, "arXiv:2, table 1", "PB", mine))
    facts = Facts((*OWN, quote("CBAK", "3.68", cell=GridCell(2, 1, 2))), PAPERS, MODELS)
    (found,) = check(facts, sheets)
    assert found.verdict is Fate.AGREES
    assert "arXiv:1, table 1, row “A (ours)” prints 3.68" in found.words


def test_a_number_of_a_training_on_another_corpus_is_of_another_network() -> None:
    elsewhere = Protocol.stated(training="DNS Challenge 2020")
    (found,) = checked(replace(quote("PESQ", "2.79"), protocol=elsewhere))
    assert (found.verdict, "trained on DNS Challenge 2020" in found.words) == (Fate.UNREAD, True)
    (same,) = checked(
        replace(quote("PESQ", "2.79"), protocol=elsewhere),
        known=tuple(replace(v, protocol=elsewhere) for v in OWN),
    )
    assert same.verdict is Fate.NOT_FOUND
    for usual in ("28spk", "VoiceBank+DEMAND"):  # the corpus of the test set
        (found,) = checked(replace(quote("PESQ", "2.79"), protocol=Protocol.stated(training=usual)))
        assert found.verdict is Fate.NOT_FOUND
