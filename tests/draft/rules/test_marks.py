"""MARKS: bold and underline, right in some grouping of the rows or reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from litdb.draft.rules.marks import marks
from tests.draft.world import report, said, table

HEAD = r"Model & Params (M) & PESQ & STOI \\ \midrule"


def b(text: str) -> str:
    return rf"\textbf{{{text}}}"


def u(text: str) -> str:
    return rf"\underline{{{text}}}"


def found(tmp_path: Path, *rows: str, head: str = HEAD) -> list[tuple[str, int]]:
    return said(report(tmp_path, table(*rows, head=head), (marks,)))


BEST = (
    f"ANet & 1.0 & 3.10 & {u('0.95')}",
    f"BNet & 2.0 & {u('3.20')} & 0.94",
    f"CNet & 3.0 & {b('3.30')} & {b('0.96')}",
    "DNet & 4.0 & 3.00 & 0.93",
)


def test_the_best_bold_and_the_second_underlined(tmp_path: Path) -> None:
    result = report(tmp_path, table(*BEST, head=HEAD), (marks,))
    assert result.findings == ()
    assert result.checked == {"marked columns of tables": 2}


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ((BEST[0], f"BNet & 2.0 & {b('3.20')} & 0.94", f"CNet & 3.0 & 3.30 & {b('0.96')}", BEST[3]), 6),
        (
            (BEST[0], f"BNet & 2.0 & {b('3.30')} & 0.94", f"CNet & 3.0 & 3.30 & {b('0.96')}", BEST[3]),
            7,
        ),  # a tie
        ((f"ANet & 1.0 & {u('3.10')} & {u('0.95')}", "BNet & 2.0 & 3.20 & 0.94", BEST[2], BEST[3]), 5),
        (
            (BEST[0], BEST[1], f"CNet & {b('3.0')} & {b('3.30')} & {b('0.96')}", BEST[3]),
            7,
        ),  # parameters: fewer are better
    ],
)
def test_a_mark_at_another_place(tmp_path: Path, rows: tuple[str, ...], line: int) -> None:
    assert found(tmp_path, *rows) == [("MARKS", line)]


def test_ties_are_marked_together(tmp_path: Path) -> None:
    rows = (
        f"ANet & 1.0 & {b('3.30')} & {b('0.96')}",
        f"BNet & 2.0 & {b('3.30')} & 0.94",
        "CNet & 3.0 & 3.10 & 0.93",
    )
    assert found(tmp_path, *rows) == []


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        (HEAD, (  # between two lines
            f"ANet & 1.0 & {b('3.10')} & {b('0.95')}", "BNet & 2.0 & 3.00 & 0.94", r"\midrule",
            f"CNet & 3.0 & {b('3.30')} & 0.96", f"DNet & 4.0 & 3.20 & {b('0.97')}",
        )),
        (HEAD, (  # under titles
            r"\multicolumn{4}{l}{Causal} ", f"ANet & 1.0 & {b('3.10')} & {b('0.95')}", "BNet & 2.0 & 3.00 & 0.94",
            r"\multicolumn{4}{l}{Not causal} ", f"CNet & 3.0 & {b('3.30')} & 0.96", f"DNet & 4.0 & 3.20 & {b('0.97')}",
        )),
        (r"Model & Causal & Params (M) & PESQ \\ \midrule", (  # by a column of words
            f"ANet & yes & 1.0 & {b('3.10')}", f"BNet & no & 2.0 & {b('3.50')}", "CNet & yes & 3.0 & 3.00", "DNet & no & 4.0 & 3.40",
        )),
        (HEAD, (  # by size
            f"ANet & 0.5 & {b('3.10')} & {b('0.95')}", f"BNet & 2.0 & {b('3.50')} & 0.96", "CNet & 0.6 & 3.00 & 0.94",
            f"DNet & 4.0 & 3.40 & {b('0.97')}",
        )),
        (HEAD, (  # only the lower group is marked
            "ANet & 1.0 & 3.10 & 0.95", "BNet & 2.0 & 3.80 & 0.98", r"\midrule",
            f"CNet & 3.0 & {b('3.30')} & 0.96", f"DNet & 4.0 & 3.20 & {b('0.97')}",
        )),
        (HEAD, (  # the unprocessed signal takes no part
            r"Noisy & -- & 1.97 & 0.99", f"ANet & 1.0 & {b('3.10')} & {b('0.95')}", "BNet & 2.0 & 3.00 & 0.94",
        )),
        (HEAD, (f"ANet & 1.0 & {u('3.10')} & 0.93", f"BNet & 2.0 & 3.20 & {u('0.94')}", "CNet & 3.0 & 3.00 & 0.95")),  # second alone
    ],
)  # fmt: skip
def test_marks_that_a_grouping_explains(tmp_path: Path, head: str, rows: tuple[str, ...]) -> None:
    rows = tuple(row + r"\\" if row.startswith(r"\multi") else row for row in rows)
    assert found(tmp_path, *rows, head=head) == []


def test_one_wrong_mark_in_a_table_of_groups(tmp_path: Path) -> None:
    head = r"Model & PESQ & CSIG & STOI \\ \midrule"
    rows = (
        f"ANet & {b('3.10')} & {b('4.10')} & {b('0.95')}", "BNet & 3.00 & 4.00 & 0.94", "ENet & 2.90 & 3.90 & 0.93", r"\midrule",
        f"CNet & {b('3.30')} & {b('4.30')} & 0.96", "DNet & 3.20 & 4.20 & 0.97", f"FNet & 3.10 & 4.10 & {b('0.95')}",
    )  # fmt: skip
    assert found(tmp_path, *rows, head=head) == [("MARKS", 11)]


def test_marks_that_mean_something_else_are_counted(tmp_path: Path) -> None:
    rows = (
        f"ANet & 1.0 & 3.10 & {b('0.93')}",
        f"BNet & 2.0 & {b('3.20')} & 0.94",
        "CNet & 3.0 & 3.30 & 0.95",
    )
    result = report(tmp_path, table(*rows, head=HEAD), (marks,))
    assert result.findings == ()
    assert result.unchecked == {"marked columns of tables that are marked by a rule not known here": 2}
