"""Which table is quoted, and which cell is from which: by words and numbers together, and never by chance."""

from __future__ import annotations

import pytest

from litdb.evidence.quotations import Cited, Copied, TableText, quoted, table_text
from litdb.evidence.quotations.table_text import figure
from litdb.evidence.quotations.words import alike, words

#: Own numbers of a paper on two test sets, with a baseline that others quote too.
SOURCE = table_text(
    [
        ["Method", "PESQ", "CSIG", "COVL"],
        ["Noisy", "1.97", "3.35", "2.63"],
        ["OldNet [3]", "2.81", "4.02", "3.41"],
        ["FineNet (ours)", "3.17", "4.43", "3.86"],
        ["FineNet w/o phase (ours)", "3.05", "4.36", "3.71"],
    ],
    "Results on VoiceBank+DEMAND.",
)
OTHER = table_text([["Method", "SDR"], ["FineNet", "17.3"], ["OldNet", "15.1"]], "Results on WSJ0.")
CITED = Cited("FineNet: phases in fine steps", ("Ann Author",), "BestNet: a best network")


def target(*rows: list[str], heads: tuple[str, ...] = ("Model", "PESQ", "CSIG", "COVL")) -> TableText:
    return table_text([list(heads), *rows], "Comparison on VoiceBank+DEMAND.")


def test_rows_by_name_and_columns_by_head() -> None:
    found = quoted(
        target(
            ["FineNet [7]", "4.43", "3.86", "3.17"],
            ["BestNet (ours)", "4.50", "3.92", "3.30"],
            heads=("Model", "CSIG", "COVL", "PESQ"),
        ),
        (OTHER, SOURCE),
        CITED,
    )
    assert found is not None
    assert found.table == 1
    assert found.cells == (Copied(1, 1, 3, 2), Copied(1, 2, 3, 3), Copied(1, 3, 3, 1))


def test_a_row_under_another_name_by_its_numbers() -> None:
    found = quoted(target(["Author et al. (2023)", "3.05", "4.36", "3.71"]), (SOURCE,), CITED)
    assert found is not None
    assert {cell.source_row for cell in found.cells} == {4}


def test_a_transposed_table() -> None:
    turned = target(["FineNet [7]", "3.17", "4.43", "3.86"], ["OldNet [1]", "2.81", "4.02", "3.41"]).turned
    found = quoted(turned, (SOURCE,), CITED)
    assert found is not None
    assert set(found.cells) >= {Copied(1, 1, 3, 1), Copied(3, 2, 2, 3)}


def test_percent_and_rounding() -> None:
    source = table_text(
        [["Method", "STOI", "ESTOI"], ["FineNet", "0.956", "0.871"], ["OldNet", "0.941", "0.838"]]
    )
    found = quoted(
        target(["FineNet", "95.6", "87.1"], ["OldNet", "94.1", "83.8"], heads=("Model", "STOI", "ESTOI")),
        (source,), CITED,
    )  # fmt: skip
    assert found is not None
    assert len(found.cells) == 4
    found = quoted(
        target(["FineNet", "3.2", "4.4", "3.9"], ["OldNet", "2.8", "4.0", "3.4"]), (SOURCE,), CITED
    )
    assert found is not None
    assert len(found.cells) == 6


def test_one_number_that_agrees_without_a_name_is_chance() -> None:
    assert quoted(target(["Elsewhere", "3.05", "4.11", "3.59"]), (SOURCE,), CITED) is None


def test_whole_numbers_say_nothing() -> None:
    source = table_text([["Data", "files", "hours"], ["VoiceBank", "824", "28"], ["DNS", "150", "31"]])
    asked = target(["VoiceBank", "824", "28"], ["DNS", "150", "31"], heads=("Data", "files", "hours"))
    assert quoted(asked, (source,), CITED) is None


def test_own_rows_of_the_quoting_paper_are_from_nowhere() -> None:
    found = quoted(
        target(["BestNet", "3.17", "4.43", "3.86"], ["BestNet-S (ours)", "2.81", "4.02", "3.41"]),
        (SOURCE,),
        CITED,
    )
    assert found is None


def test_a_number_that_differs_is_no_copy_and_does_not_unpair_its_row() -> None:
    found = quoted(
        target(["FineNet [7]", "3.17", "4.34", "3.86"], ["OldNet [1]", "2.81", "4.02", "3.41"]),
        (SOURCE,),
        CITED,
    )
    assert found is not None
    assert Copied(1, 2, 3, 2) not in found.cells
    assert len(found.cells) == 5


def test_nothing_to_look_at() -> None:
    assert quoted(table_text([]), (SOURCE,), CITED) is None
    assert quoted(target(["FineNet", "-", "-", "-"]), (table_text([]), SOURCE), CITED) is None
    assert quoted(target(["FineNet", "3.17", "4.43", "3.86"]), (), CITED) is None


def test_numbers_of_cells() -> None:
    read = {
        "3.17": (3.17, 0.01),
        "1.2M": (1.2, 0.1),
        "-1.5": (-1.5, 0.1),
        "2.46 ± 0.03": (2.46, 0.01),
        "17,533": (17533, 1),
    }
    for text, (value, step) in read.items():
        found = figure(text)
        assert found is not None, text
        assert (found.value, round(found.step, 9)) == (value, step)
    assert all(figure(text) is None for text in ("", "-", "224^2", "ResNet-50", "N/A", "1.2.3"))


def test_names_without_citations() -> None:
    assert words("FineNet-S (Author et al. 2023) [12]") == ("finenet", "s")
    assert alike(words("PixPro"), words("PixelPro")) >= 0.5
    assert alike(words("MUSE"), words("CMGAN")) < 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [("R@1", "R@10"), ("ResNet-50", "ResNet-101"), ("ViT-B/16", "ViT-B/32"), ("SNR 5", "SNR 15")],
)
def test_names_that_differ_in_their_numbers_are_two(one: str, other: str) -> None:
    assert alike(words(one), words(other)) < 0.5
    assert alike(words(one), words(one)) == 1.0


def test_a_head_of_percentages_is_no_row_of_numbers() -> None:
    table = table_text(
        [
            ["Method", "BFFHQ", "BFFHQ", "BAR"],
            ["Method", "0.5%", "1.0%", "5.0%"],
            ["Vanilla", "55.64", "60.96", "82.53"],
            ["FineNet", "67.36", "75.08", "83.87"],
        ]
    )
    assert table.first == 2
    assert {one.row for one in table.figures} == {2, 3}


def test_a_number_that_most_rows_share_tells_none_of_them() -> None:
    """A median rank of 2.0 in every row of two tables of different sets is no copy; R@1 beside it would be."""
    names = ["Alfa", "Bravo", "Carol", "Delta", "Echo"]
    source = table_text(
        [["Method", "R@1", "MdR"], *([name, f"4{n}.{n}", "2.0"] for n, name in enumerate(names))]
    )
    other = table_text(
        [["Method", "R@1", "MdR"], *([name, f"3{n}.{n + 3}", "2.0"] for n, name in enumerate(names))]
    )
    assert quoted(other, (source,), Cited("Alfa: one")) is None
    assert quoted(source, (source,), Cited("Alfa: one")) is not None


def test_a_number_under_none_of_the_heads_that_it_may_stand_under_differs() -> None:
    """Two test sets with the same heads: one number that agrees across is chance where all others disagree."""
    source = table_text(
        [
            ["", "clean set", "clean set", "clean set", "real set", "real set", "real set"],
            ["Method", "R@1", "R@5", "R@10", "R@1", "R@5", "R@10"],
            ["OldNet [3]", "83.6", "95.7", "97.7", "68.7", "89.2", "93.9"],
            ["FineNet (ours)", "90.5", "98.8", "99.7", "76.8", "93.7", "96.7"],
        ],
        "Retrieval.",
    )
    heads = ["Model", "R@1", "R@5", "R@10", "R@1", "R@5", "R@10"]
    other = ["FineNet [7]", "77.6", "94.3", "97.2", "60.7", "84.3", "90.5"]
    assert quoted(table_text([heads, other], "Retrieval after fine-tuning."), (source,), CITED) is None
    swapped = ["FineNet [7]", "76.8", "93.7", "96.7", "90.5", "98.8", "99.7"]
    found = quoted(table_text([heads, swapped], "Retrieval."), (source,), CITED)
    assert found is not None
    assert {(cell.column, cell.source_column) for cell in found.cells} == {
        (1, 4), (2, 5), (3, 6), (4, 1), (5, 2), (6, 3),
    }  # fmt: skip
