"""Groups of rows: bounds, titles, what is not stated, and the best of each group."""

from __future__ import annotations

import pytest

from litdb.errors import UsageError
from litdb.evidence.ranking import Pick, ranked
from litdb.evidence.rows.partition import Partition
from litdb.values.choice import Choice, Selected
from litdb.values.note import Note, brief, cites
from litdb.values.origin import Origin
from litdb.values.table import Cell, Column, Row, Table
from litdb.values.value import Document, Model, SourceRow, Value
from litdb.vocabulary import MetricName

PARAMS = MetricName("params")


def pick(params: float | None, *, own: bool = False, key: str = "m") -> Pick:
    model = Model(key, key, own=own)
    row = SourceRow(key, model, Document(""), Origin.SELF)
    value = Value(key, row, "params", "params", "", params, str(params))
    return Pick(model, Selected(row, (Choice(value) if params is not None else None,)), (PARAMS,))


def test_sizes_with_both_ends_in_the_middle() -> None:
    picks = [pick(size) for size in (0.1e6, 0.2e6, 1e6, 1.1e6, None)]
    places, titles = Partition.parse("size=0.2M,1M").places(picks, {})
    assert places == [0, 1, 1, 2, 3]
    assert titles == (
        "under 0.2M parameters",
        "0.2M to 1M parameters",
        "over 1M parameters",
        "size not stated",
    )


def test_only_groups_with_rows_are_named() -> None:
    places, titles = Partition.parse("own").places([pick(1.0, own=True)], {})
    assert (places, titles) == ([0], ("own",))
    places, titles = Partition.parse("size").places([pick(5e6), pick(0.1e6)], {})
    assert places == [1, 0]
    assert len(titles) == 2


def test_a_family_nobody_states_is_last() -> None:
    places, titles = Partition.parse("family").places(
        [pick(1.0, key="a"), pick(1.0, key="b")], {"b": "complex-spectrum"}
    )
    assert places == [1, 0]
    assert titles[1] == "family not stated"


@pytest.mark.parametrize("text", ["", "colour", "own=1", "size=1M,0.2M", "size=0,1M", "size=1M,1M"])
def test_what_is_no_grouping_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Partition.parse(text)


def _table(*cells: tuple[str, int]) -> Table:
    rows = tuple(
        Row(
            str(n),
            str(n),
            "system",
            False,
            Origin.SELF,
            "",
            (Cell(float(text), text, text, comparable=True),),
            group=group,
        )
        for n, (text, group) in enumerate(cells)
    )
    return Table("vbd", (Column("PESQ", "PESQ"),), rows, groups=("a", "b"))


def test_each_group_has_its_best_and_equal_numbers_tie() -> None:
    found = ranked(_table(("3.1", 0), ("3.10", 0), ("3.0", 0), ("2.0", 1), ("1.0", 1)))
    assert [row.cells[0].rank for row in found.rows] == [1, 1, 2, 1, 2]
    assert [row.cells[0].rank for row in ranked(_table(("3.1", 0), ("2.0", 1))).rows] == [None, None]


def test_a_note_has_two_voices() -> None:
    note = Note("quoted in arXiv:1.2, table 1", "quoted from", "paper")
    assert (str(note), brief(note), cites(note)) == ("quoted in arXiv:1.2, table 1", "quoted from", "paper")
    assert brief("as it is") == brief(Note("as it is")) == "as it is"
    assert brief(Note("ids", "")) == cites("x") == ""
