"""Papers for and against a component, from rows that change it alone."""

from __future__ import annotations

from litdb.evidence.components.phrases import Phrases
from litdb.evidence.components.principles import principles
from litdb.evidence.components.values import ChangedRow, Delta
from litdb.vocabulary.components import components


def row(paper: str, without: float, *parts: str) -> ChangedRow:
    return ChangedRow(
        paper=paper, place=f"{paper}, table 2", url="", caption="", words="w/o it", label="w/o it", base_label=paper,
        base_model=paper, action="removed", components=parts, replacement="",
        deltas=(Delta("PESQ", "vbd", 3.0, without, "3.00", f"{without:.2f}"),),
    )  # fmt: skip


def test_papers_stand_for_or_against_by_the_sign_of_rows_that_isolate() -> None:
    rows = [
        row("A", 2.9, "discriminator"),
        row("B", 3.1, "discriminator"),
        row("C", 2.8, "discriminator"),
        row("C", 3.2, "discriminator"),
        row("D", 3.0, "discriminator"),
        row("E", 2.0, "discriminator", "phase"),
    ]
    (one,) = principles(rows, Phrases(components()), dataset="vbd", metric="PESQ")
    assert (one.component, one.rows, one.lowest, one.highest) == ("discriminator", 5, -0.2, 0.2)
    assert (one.supporting, one.against, one.mixed, one.none) == (("A",), ("B",), ("C",), ("D",))


def test_another_test_set_says_nothing() -> None:
    assert principles([row("A", 2.9, "phase")], Phrases(components()), dataset="dns2020", metric="PESQ") == ()
