"""The protocol matrix: stated, inferred, not stated, and where."""

from __future__ import annotations

import pytest

from litdb.evidence.matrix import Described, ProtocolCell, matrix, per_second
from litdb.vocabulary.protocol import Item, Protocol
from tests.evidence.values import value


def cell(described: Described, item: str) -> ProtocolCell:
    found = matrix([described])
    return found.rows[0].cells[found.items.index(item)]


def test_a_cell_is_stated_inferred_or_not_stated_and_has_its_place() -> None:
    stated = value("A", "PESQ", "3.1", protocol={"rate": "16000"}, place="p, table 1")
    inferred = Protocol.of({**dict(stated.protocol.items), "band": Item("WB", "inferred", "custom")})
    from dataclasses import replace

    one = Described("A", "A", (replace(stated, protocol=inferred),))
    assert cell(one, "PESQ band") == ProtocolCell("WB", "inferred", "p, table 1", "custom")
    assert cell(one, "rate") == ProtocolCell("16000", "stated", "p, table 1", "")
    assert cell(one, "training set") == ProtocolCell("not stated", "not stated")
    assert cell(one, "composite scale") == ProtocolCell("-", "not needed")
    assert cell(one, "params counted").basis == "not needed"


def test_files_are_shown_with_those_expected() -> None:
    one = value("A", "PESQ", "3.1", protocol={"files": "820", "files_expected": "824"})
    assert cell(Described("A", "A", (one,)), "files").text == "820 of 824"


def test_what_belongs_to_the_model_may_stand_at_another_of_its_values() -> None:
    shown = value("A", "PESQ", "3.1")
    other = value("A", "STOI", "0.95", protocol={"causal": "yes"}, place="p, table 4")
    assert cell(Described("A", "A", (shown,), (other,)), "causal") == ProtocolCell(
        "yes", "stated", "p, table 4"
    )


@pytest.mark.parametrize(
    ("length", "expected"), [("1", 4e9), ("2", 2e9), ("0.5", 8e9), (None, None), ("long", None), ("0", None)]
)
def test_operations_for_one_second(length: str | None, expected: float | None) -> None:
    protocol = {} if length is None else {"audio_length": length}
    assert per_second(value("A", "MACs", "4G", protocol=protocol)) == expected


def test_macs_and_flops_are_never_merged_and_unknown_lengths_are_marked() -> None:
    macs = value("A", "MACs", "4G", protocol={"audio_length": "2"})
    flops = value("A", "FLOPs", "9G")
    one = Described("A", "A", (macs, flops))
    assert cell(one, "MACs per second") == ProtocolCell("2.00G", "stated", macs.place, "4G for 2 s")
    assert cell(one, "FLOPs per second").text == "9G ?"
    assert cell(one, "FLOPs per second").basis == "not stated"
    assert cell(Described("A", "A", (flops,)), "MACs per second").text == "-"


def test_known_differences_are_said_in_words() -> None:
    one = Described("A", "A", (value("A", "CSIG", "4.1", protocol={"scale": "int16"}),))
    two = Described("B", "B", (value("B", "CSIG", "4.2", protocol={"scale": "unit"}),))
    silent = Described("C", "C", (value("C", "CSIG", "4.2"),))
    assert matrix([one, two]).differing == ("composite scale: int16 for A; unit for B",)
    assert matrix([one, silent]).differing == ()
