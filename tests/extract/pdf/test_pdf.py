"""Tables of PDFs: from places on the page to a grid, to readings that wait for review, and what is not read at all."""

from __future__ import annotations

import subprocess
import sys

import pytest

from litdb.errors import InputError, TooLarge
from litdb.extract import ACCEPT_THRESHOLD, Extraction, extract, source_from_files
from litdb.extract import limits as bounds
from litdb.extract.pdf import page as pdf_page
from tests.support.pdf import Sheet, pdf

ROWS = [
    ["Model", "Params", "PESQ", "CSIG", "STOI"],
    ["Noisy", "-", "1.97", "3.35", "0.92"],
    ["FooNet [3]", "1.2M", "3.01", "4.20", "0.94"],
    ["Foo-Bar Net", "2.3M", "3.15", "4.31", "0.95"],
    ["QuxNet (Ours)", "0.9M", "3.28", "4.45", "0.95"],
]
X = (80.0, 220.0, 280.0, 340.0, 400.0)
CAPTION = "Table 1: Comparison on VoiceBank+DEMAND."


def sheet(rows: list[list[str]] = ROWS, caption: str = CAPTION) -> Sheet:
    page = Sheet().text(80, 740, "QuxNet: a small network for speech enhancement", 16)
    page.text(80, 640, caption)
    page.table(rows, x=X, y=612)
    return page


def read(*pages: Sheet, name: str = "paper.pdf") -> Extraction:
    return extract(source_from_files({name: pdf(pages)}, name))


def numbers(found: Extraction) -> list[tuple[str, str, str, float]]:
    return sorted((r.model, r.metric, r.dataset, r.value) for r in found.readings)


def test_a_table_between_rules_is_a_grid_with_its_caption() -> None:
    found = read(sheet())
    (table,) = found.tables
    assert [[cell.text for cell in row] for row in table.grid.rows] == [
        [text.removesuffix(" [3]") for text in row] for row in ROWS
    ]
    assert table.grid.rows[2][0].cites == ("3",)
    assert (table.grid.number, table.grid.caption) == ("1", "Comparison on VoiceBank+DEMAND.")
    assert found.title == "QuxNet: a small network for speech enhancement"


def test_the_meaning_is_that_of_the_same_table_in_latex() -> None:
    latex = "\\begin{table}\\caption{Comparison on VoiceBank+DEMAND.}\\begin{tabular}{lcccc}"
    latex += (
        "\\\\".join(" & ".join(row).replace("[3]", "\\cite{a}") for row in ROWS)
        + "\\end{tabular}\\end{table}"
    )
    text = (
        "\\documentclass{article}\\title{QuxNet: a small network}\\begin{document}"
        + latex
        + "\\end{document}"
    )
    assert numbers(read(sheet())) == numbers(extract(source_from_files({"a.tex": text}, "a")))
    assert len(read(sheet()).readings) == 15


def test_a_place_is_page_and_box() -> None:
    (reading,) = [r for r in read(Sheet(), sheet()).readings if r.raw == "3.28"]
    file, _, where = reading.span.file.partition("#page=2&box=")
    left, bottom, right, top = map(int, where.split(","))
    assert file == "paper.pdf"
    assert left < 280 < right
    assert right - left < 25
    assert top - bottom == 10
    spans = [str(r.span) for r in read(sheet()).readings]
    assert len(set(spans)) == len(spans)


def test_what_a_pdf_gives_is_proposed_unless_the_paper_says_it_again() -> None:
    alone = read(sheet())
    assert all(r.confidence < ACCEPT_THRESHOLD for r in alone.readings)
    page = sheet().text(80, 500, "On VoiceBank+DEMAND our QuxNet reaches a PESQ of 3.28 with few operations.")
    page.text(80, 480, "A length of 3.15 seconds was used, and no other number is repeated here.")
    accepted = [(r.model, r.raw) for r in read(page).readings if r.confidence >= ACCEPT_THRESHOLD]
    assert accepted == [("QuxNet", "3.28")]


def test_another_table_with_the_same_row_is_a_second_ground() -> None:
    page = sheet()
    page.text(80, 420, "Table 2: Ablation study on VoiceBank+DEMAND.")
    page.table([ROWS[0], ROWS[4], ["w/o attention", "0.8M", "3.11", "4.30", "0.94"]], x=X, y=392)
    accepted = [(r.model, r.value) for r in read(page).readings if r.confidence >= ACCEPT_THRESHOLD]
    assert ("QuxNet", 3.28) in accepted
    assert all(model == "QuxNet" for model, _ in accepted)


def test_a_head_of_two_rows_spans_what_the_rule_under_it_spans() -> None:
    page = Sheet().text(60, 700, "Table 2: Results on two test sets.")
    page.rule(60, 500, 690).rule(60, 500, 642).rule(60, 500, 600).rule(180, 310, 670).rule(330, 460, 670)
    page.centred(245, 675, "VoiceBank+DEMAND").centred(395, 675, "DNS-2020 (no reverb)")
    page.text(60, 665, "Model")  # set between the two rows
    for x, name in ((200, "PESQ"), (280, "STOI"), (350, "PESQ"), (430, "STOI")):
        page.centred(x, 655, name)
    for y, row in (
        (630, ["FooNet", "3.01", "0.94", "2.71", "0.91"]),
        (615, ["BarNet", "3.11", "0.95", "2.81", "0.92"]),
    ):
        page.text(60, y, row[0])
        for x, text in zip((200, 280, 350, 430), row[1:], strict=True):
            page.centred(x, y, text)
    found = {(r.model, r.dataset, r.quantity): r.value for r in read(page).readings}
    assert found[("BarNet", "VoiceBank+DEMAND", "PESQ")] == 3.11
    assert found[("BarNet", "DNS-2020 (no reverb)", "PESQ")] == 2.81
    assert found[("FooNet", "DNS-2020 (no reverb)", "STOI")] == 0.91
    assert len(found) == 8


def test_columns_of_a_page_are_kept_apart() -> None:
    """A table of the left column, with prose beside it in the right."""
    page = Sheet().text(50, 700, "TABLE I").text(50, 688, "RESULTS ON VOICEBANK+DEMAND.")
    page.table([["Model", "PESQ"], ["FooNet", "3.01"], ["BarNet", "3.12"]], x=(50, 180), y=662)
    for at in range(8):
        page.text(320, 700 - 12 * at, "Prose of the other column with 4.56 and 2.34 in it", 9)
    (table,) = read(page).tables
    assert [[cell.text for cell in row] for row in table.grid.rows] == [
        ["Model", "PESQ"],
        ["FooNet", "3.01"],
        ["BarNet", "3.12"],
    ]
    assert (table.grid.number, table.grid.caption) == ("I", "RESULTS ON VOICEBANK+DEMAND.")


def test_a_caption_below_and_rules_drawn_as_lines() -> None:
    page = Sheet().stroke(80, 300, 700).stroke(80, 300, 680).stroke(80, 300, 650)
    page.text(80, 685, "Model").text(220, 685, "PESQ").text(80, 667, "FooNet").text(220, 667, "3.01")
    page.text(80, 654, "BarNet").text(220, 654, "3.12").text(80, 630, "Table 4. Scores on VoiceBank+DEMAND.")
    assert numbers(read(page)) == [
        ("BarNet", "PESQ", "VoiceBank+DEMAND", 3.12),
        ("FooNet", "PESQ", "VoiceBank+DEMAND", 3.01),
    ]


def test_a_raised_mark_is_a_mark_and_its_note_is_read() -> None:
    page = Sheet().text(80, 700, CAPTION)
    bottom = page.table([["Model", "PESQ"], ["FooNet", "3.01"], ["BarNet", "3.12"]], x=(80, 220), y=675)
    page.text(80 + 32, 675 - 4 - 13 - 13 + 4, "*", 6)
    page.text(80, bottom - 14, "* retrained by us.", 8)
    (table,) = read(page).tables
    assert table.grid.notes == ("* retrained by us.",)
    assert [(cell.text, cell.marks) for cell in (row[0] for row in table.grid.rows)][-1] == ("BarNet", ("*",))
    assert {r.model: r.reproduced for r in table.readings} == {"FooNet": False, "BarNet": True}


@pytest.mark.parametrize("kind", ["no caption", "no rules", "texts over one another", "prose"])
def test_what_is_not_understood_gives_nothing(kind: str) -> None:
    page = Sheet()
    if kind == "no caption":
        page.table(ROWS, x=X, y=612)
    elif kind == "no rules":
        page.text(80, 640, CAPTION)
        for at, row in enumerate(ROWS):
            for x, text in zip(X, row, strict=True):
                page.text(x, 612 - 14 * at, text)
    elif kind == "texts over one another":
        page = sheet()
        page.text(100, 572, "A sentence of the other column over which the table was set")
    else:
        page.text(80, 640, "Table 1 shows that FooNet has a PESQ of 3.01.").rule(80, 400, 630).rule(
            80, 400, 600
        )
        page.text(80, 610, "A framed remark")
    assert read(page).readings == ()


def test_what_is_no_readable_pdf_is_one_clear_sentence() -> None:
    for data, said in (
        (b"%PDF-1.7\nnothing of the kind", "x.pdf is a broken PDF"),
        (b"no pdf", "x.pdf is a broken PDF"),
        (pdf([sheet()], encrypted=True), "x.pdf is encrypted"),
    ):
        with pytest.raises(InputError, match=said):
            extract(source_from_files({"x.pdf": data}, "x.pdf"))


def test_bounds_on_pages_characters_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert bounds.MAX_PAGES <= 1000
    for name, limit, said in (
        ("MAX_PAGES", 1, "2 pages, the limit is 1"),
        ("MAX_GLYPHS", 20, "the limit is 20"),
        ("MAX_PDF_BYTES", 100, "the limit for a PDF is 100"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(pdf_page, name, limit)
            with pytest.raises(TooLarge, match=said):
                read(sheet(), sheet())


def test_pages_without_text_are_remarked() -> None:
    (remark,) = read(Sheet().rule(10, 200, 300)).remarks
    assert "pictures of pages" in remark


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97])
def test_a_pdf_that_ends_early_is_repaired_or_refused_in_words(share: float) -> None:
    data = pdf([sheet()])
    try:
        found = extract(source_from_files({"x.pdf": data[: int(len(data) * share)]}, "x.pdf"))
    except InputError as error:
        said = str(error)
    else:
        said = "PDF" if {r.value for r in found.readings} <= {r.value for r in read(sheet()).readings} else ""
    assert "PDF" in said


def test_the_library_of_pdfs_is_imported_when_a_pdf_is_read() -> None:
    code = "import sys, litdb.api, litdb.extract.document; sys.exit('pypdfium2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
