"""UNITS and SCALE of tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from litdb.draft.check import checked
from litdb.draft.rules.cells import cells
from litdb.draft.rules.units import scale, units
from litdb.draft.subject import Draft
from litdb.draft.text.reading import read_project
from litdb.vocabulary.protocol import Item
from tests.draft.world import only, report, said, table, world

OTHERS = (
    r"SilverNet & 0.51 & 3.37 & 4.63 & 3.80 & 4.10 & 0.95",
    r"TwinNet & 2.05 & 3.50 & 4.73 & 3.95 & 4.22 & 0.96",
)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            r"TinNet & 920 & 2.96 & 4.33 & 3.53 & 3.67 & 0.95",
            "a thousand times what tin v1, table 1 prints (0.92M)",
        ),
        (r"TinNet & 0.00092 & 2.96 & 4.33 & 3.53 & 3.67 & 0.95", "a thousandth of what"),
        (r"TinNet & 0.92 & 2.96 & 4.33 & 3.53 & 3.67 & 0.95\%", "a hundredth of what"),
        (r"TinNet & 0.92 & 2.964 & 4.33 & 3.53 & 3.67 & 0.95", "more decimals than any source prints (2.96)"),
        (r"TinNet & 0.92 & 3.0 & 4.33 & 3.53 & 3.67 & 0.95", "fewer decimals than its column (2)"),
    ],
)
def test_a_number_in_another_unit_or_with_other_decimals(tmp_path: Path, row: str, words: str) -> None:
    found = only(report(tmp_path, table(row, *OTHERS), (units, cells)))
    assert (found.rule, found.place.line) == ("UNITS", 5)
    assert words in found.message


def test_operations_under_the_wrong_heading(tmp_path: Path) -> None:
    head = r"Model & FLOPs (G) & PESQ \\ \midrule"
    found = only(
        report(tmp_path, table(r"TinNet & 1.50 & 2.96", r"GoldNet & 0.9 & 3.40", head=head), (units, cells))
    )
    assert (found.rule, found.place.line) == ("UNITS", 5)
    assert "the MACs that tin v1, table 1 prints" in found.message
    right = table(r"TinNet & 1.50 & 2.96", r"GoldNet & 0.9 & 3.40", head=head.replace("FLOPs", "MACs"))
    assert report(tmp_path, right, (units, cells)).findings == ()


def test_thousands_under_a_heading_in_thousands_and_percent_are_right(tmp_path: Path) -> None:
    head = r"Model & Params (K) & STOI (\%) \\ \midrule"
    rows = (r"TinNet & 920 & 95.0", r"GoldNet & 427 & 95.1")
    assert report(tmp_path, table(*rows, head=head), (units, cells)).findings == ()


def test_an_own_row_on_another_scale_than_those_beside_it(tmp_path: Path) -> None:
    rows = (
        r"GoldNet & 0.43 & 3.40 & 4.67 & 3.83 & 4.14 & 0.95", *OTHERS, r"OwnNet & 0.46 & 2.864 & 4.26 & 3.48 & 3.62 & 0.94",
    )  # fmt: skip
    known = world()
    on_unit = tuple(
        replace(v, protocol=v.protocol.with_("scale", Item("unit")))
        if v.quantity in ("CSIG", "CBAK", "COVL")
        else v
        for v in known.facts.values
        if v.model != "OwnNet"
    )
    own = tuple(v for v in known.facts.values if v.model == "OwnNet")
    scaled = replace(known, facts=replace(known.facts, values=(*on_unit, *own)))

    def found(caption: str) -> list[tuple[str, int]]:
        main = tmp_path / "paper.tex"
        main.write_text(
            f"\\documentclass{{article}}\\begin{{document}}\n{table(*rows, caption=caption)}\\end{{document}}\n"
        )
        return said(checked(Draft(read_project(main), scaled), (scale,)))

    assert found("Scores on VoiceBank+DEMAND.") == [("SCALE", 8)]
    assert found("Scores on VoiceBank+DEMAND. Composites on the int16 scale for the last row.") == []
