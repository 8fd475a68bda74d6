"""The ablation tables of real papers, gone through by hand: what each of them isolates, in every rendering."""

from __future__ import annotations

from pathlib import Path

import pytest

from litdb.extract import extract, source_from_files

RENDERINGS = {
    "latex": "latex/rendered/*_{}.tex",
    "html": "html/rendered/*_{}.html",
    "md": "html/willrice_md/*_{}.md",
}

#: Paper, table: (row, base row, what the two rows differ in); rows of the grid count from 0, the header is row 0.
BY_HAND: dict[tuple[str, int], set[tuple[int, int, tuple[str, ...]]]] = {
    ("DB-AIAT", 2): {
        (3, 11, ("AHA", "DB")), (3, 4, ("AHA",)), (3, 10, ("DB",)), (4, 11, ("DB",)), (5, 11, ("AHA", "DB")),
        (5, 6, ("AHA",)), (5, 10, ("DB",)), (6, 11, ("DB",)), (8, 11, ("AFAB", "AHA")), (8, 10, ("AFAB",)),
        (9, 11, ("ATAB", "AHA")), (9, 10, ("ATAB",)), (10, 11, ("AHA",)),
    },
    ("MANNER", 2): {
        (1, 6, ("wLoss.", "Channel Att.", "Global Att.", "Local Att.")), (1, 2, ("wLoss.",)),
        (2, 6, ("Channel Att.", "Global Att.", "Local Att.")), (3, 6, ("Global Att.",)), (4, 6, ("Local Att.",)),
        (5, 6, ("Channel Att.",)),
    },
    ("MP-SENet", 2): {
        (2, 1, ("Mag. comp",)), (3, 1, ("LSigmoid",)), (4, 1, ("Pha. dec",)), (5, 1, ("Pha. loss",)),
        (6, 1, ("Com. loss",)), (7, 1, ("Metric disc",)),
    },
    ("SEMamba", 3): {(10, 11, ("CL",)), (12, 11, ("PCS",))},
    ("MUSE", 2): {(2, 1, ("CSA",)), (3, 1, ("T-MSA",)), (4, 1, ("DE",))},
    ("Dense-TSNet", 2): {(2, 1, ("LKE",)), (3, 1, ("CA",)), (4, 1, ("LSG",)), (5, 1, ("Consistency Loss",))},
    ("Dense-TSNet", 3): set(),
    ("LiSenNet", 2): {(7, 6, ("ND",))},
    ("Mamba-SEUNet", 4): {(1, 4, ("N = 1",)), (2, 4, ("N = 2",)), (3, 4, ("N = 3",))},
    ("Mamba-SEUNet", 5): {(2, 1, ("Mamba",)), (3, 1, ("Mamba",))},
    ("PrimeK-Net", 2): {
        (2, 1, ("GPFN",)), (3, 1, ("DSDDB",)), (4, 1, ("SCA",)), (5, 1, ("CL",)), (6, 1, ("CL", "TL (L_old)")),
        (6, 5, ("TL (L_old)",)),
    },
    ("IMSE", 2): {
        (2, 1, ("MET",)), (3, 1, ("DE",)), (4, 1, ("MET", "DE")), (4, 2, ("DE",)), (4, 3, ("MET",)),
    },
    ("UL-UNAS", 1): set(),
}  # fmt: skip


@pytest.mark.parametrize("kind", RENDERINGS)
@pytest.mark.parametrize(("paper", "ordinal"), BY_HAND)
def test_what_a_table_isolates(real_data: Path, kind: str, paper: str, ordinal: int) -> None:
    pattern = RENDERINGS[kind].format(paper)
    (path,) = (real_data / "papers").glob(pattern)
    extraction = extract(source_from_files({path.name: path.read_bytes()}, path.name))
    table = next(t for t in extraction.tables if t.grid.ordinal == ordinal)
    found = table.ablation
    rows = {(c.row, c.base_row, c.components) for c in found.rows} if found else set()
    assert rows == BY_HAND[paper, ordinal]


def test_settings_of_a_paper_with_several_studies_in_one_table(real_data: Path) -> None:
    (path,) = (real_data / "papers").glob("html/willrice_md/*LiSenNet.md")
    extraction = extract(source_from_files({path.name: path.read_bytes()}, path.name))
    found = extraction.tables[2].ablation
    assert found is not None
    assert {c.base_row for c in found.rows} == {1}
    assert [c.row for c in found.rows] == [2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14]  # row 9 repeats the base
    assert all(c.isolates for c in found.rows)
