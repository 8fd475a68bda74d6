"""What changed between versions, whom a paper stands beside, and what to read next."""

from __future__ import annotations

from dataclasses import replace

from litdb.evidence.tracing.dive import PaperBeside, beside, changes, read_next
from litdb.values.value import Value
from tests.evidence.values import value

TITLES = {"mine": "Mine: one", "other": "Other: two", "third": "Third: three"}


def at(where: str, model: str, of: str, table: str = "1") -> Value:
    """A value in a table of the paper `where`, of a model that the paper `of` proposes."""
    one = value(model, "PESQ", "3.00", paper=where, table=table, document=f"doc of {where}")
    return replace(one, row=replace(one.row, model=replace(one.row.model, paper=of)))


def test_numbers_that_a_later_version_prints_otherwise() -> None:
    def print_(printed: str, version: int, **more: object) -> Value:
        return value(
            "IMSE", "PESQ", printed, version=version, place=f"arXiv:2511.14515v{version}, table 1", **more
        )

    found = changes(
        [print_("3.399", 2), print_("3.373", 1), print_("3.399", 3), print_("9.9", 1, origin="quoted")]
    )
    (one,) = found
    assert (one.was, one.was_in, one.now, one.now_in) == (
        "3.373", "arXiv:2511.14515v1, table 1", "3.399", "arXiv:2511.14515v2, table 1",
    )  # fmt: skip
    assert (
        changes([print_("3.373", 1), value("IMSE", "PESQ", "3.4", origin="self")]) == ()
    )  # no version is known


def test_whom_a_paper_stands_beside() -> None:
    found = [
        at("mine", "Mine", "mine"), at("mine", "Other", "other"),
        at("other", "Other", "other"), at("other", "Mine", "mine"), at("other", "Third", "third"),
        at("other", "Mine", "mine", "2"),
        at("third", "Third", "third"),  # a table without a row of its own
    ]  # fmt: skip
    quotes, quoted_by, together = beside(found, {"Mine"}, TITLES, {"other"}, paper="mine")
    assert quotes == (PaperBeside("other", "Other: two", 1, ("Other",), read=True),)
    assert [(one.paper, one.tables) for one in quoted_by] == [("other", 2)]
    assert [(one.paper, one.tables, one.read) for one in together] == [("third", 1, False)]


def test_the_next_to_read_are_those_beside_it_most_often_that_nobody_read() -> None:
    def papers(**tables: int) -> list[PaperBeside]:
        return [
            PaperBeside(name, name.title(), count, (name,), name == "known") for name, count in tables.items()
        ]

    found = read_next(papers(one=1, known=9), papers(two=3), papers(one=1))
    assert [(paper.paper, paper.why) for paper in found] == [
        ("two", "two is quoted there in 3 tables"),
        ("one", "it quotes one in 1 table; one stands beside it in 1 table of others"),
    ]
    assert len(read_next(papers(**{f"n{n}": 1 for n in range(9)}), (), ())) == 5
