"""Tables in papers: they fit their column, say what a reader must know, and compile."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from litdb.errors import UsageError
from litdb.report.paper.fit import fit
from litdb.report.paper.latex import Typeset
from litdb.report.paper.style import Style
from litdb.report.paper.target import target
from litdb.report.paper.units import restated
from litdb.report.paper.widths import number_width, text_width
from litdb.report.render import render
from litdb.report.sheet import lay_out
from litdb.values.note import Note
from litdb.values.origin import Origin
from litdb.values.table import Cell, Column, Row, Table

from .compiling import compiled
from .samples import HOSTILE, TABLE, cell, hostile_table, row

COLUMNS = (
    Column("params", "Params (M)", "M", "lower", per_model=True),
    Column("MACs", "MACs (G)", "G", "lower", per_model=True),
    *(Column(name, name) for name in ("PESQ", "CSIG", "CBAK", "COVL")),
    Column("STOI", "STOI", digits=3),
)


def wide(
    names: tuple[str, ...] = ("IMSE", "MP-SENet (Interspeech 2023)", "BSRNN-FAC-MRHA3", "模型 Ω"),
) -> Table:
    note = Note("quoted in arXiv:2409.13285v1, table 1", "quoted from", "LiSenNet")
    rows = tuple(
        replace(
            row(
                name,
                *(
                    cell(
                        3.1 + place,
                        f"{3.1 + place:.{2 + (place + number) % 2}f}",
                        rank=(place + number) % 4 or None,
                    )
                    if (place + number) % 5
                    else Cell(notes=(note,))
                    for place in range(len(COLUMNS))
                ),
                own=number == 2,
            ),
            group=number % 2,
            paper=name,
        )
        for number, name in enumerate(sorted(names, key=lambda n: names.index(n) % 2))
    )
    rows = tuple(
        replace(r, cells=tuple(replace(c, rank=c.rank if c.rank in (1, 2) else None) for c in r.cells))
        for r in rows
    )
    return Table(
        "VoiceBank+DEMAND", COLUMNS, tuple(sorted(rows, key=lambda r: r.group)), groups=("small", "large")
    )


@pytest.mark.parametrize("width", ["104mm", "100mm"])
def test_names_break_where_nothing_else_is_left(width: str, tmp_path: Path) -> None:
    style = Style("paper", target(None, 1, width), citations={"IMSE": "imse"})
    text = render(wide(), "latex", style=style)
    assert "p{" in text
    assert "Overfull" not in compiled(text, "article", style, tmp_path)


@pytest.mark.parametrize("voice", ["paper", "full"])
def test_hostile_names_are_set_as_text(voice: str, tmp_path: Path) -> None:
    table = hostile_table()
    nasty = r"50% off_#1 & \input{/etc/passwd} <script>"
    rows = (*table.rows, replace(table.rows[0], name=nasty, paper="x}\\input{y}", notes=(nasty * 9,)))
    style = Style(
        "paper" if voice == "paper" else "full",
        target("ieeetran", 2),
        citations={"x}\\input{y}": "}\\input{z}"},
    )
    text = render(replace(table, rows=rows), "latex", style=style)
    assert r"50\% off\_\#1 \& \textbackslash{}input\{/etc/passwd\} \textless{}script\textgreater{}" in text
    log = compiled(text, "ieeetran", style, tmp_path)
    assert "/etc/passwd" not in re.findall(r"\((/[^\s()]+)", log)
    assert "Overfull" not in log


def test_widths_are_those_of_the_fonts() -> None:
    assert text_width("MMM", "times", 10) == pytest.approx(26.67, rel=0.03)
    assert text_width("é", "times", 10) == text_width("e", "times", 10)
    assert text_width("模", "cm", 10) == text_width("[U+6A21]", "cm", 10)
    assert number_width(True, 2, 3, 8) > number_width(False, 2, 3, 8) > number_width(False, 2, 0, 8)


def test_a_room_is_left_only_for_a_wider_one() -> None:
    sheet = lay_out(wide(), with_source=False, voice="paper")
    narrow = replace(
        sheet, columns=sheet.columns[:2], rows=tuple(replace(r, cells=r.cells[:2]) for r in sheet.rows)
    )
    assert fit(narrow, Typeset(brief=True), target("ieeetran")).room.environment == "table"
    assert fit(sheet, Typeset(brief=True), target("interspeech")).room.environment == "table*"
    small = fit(sheet, Typeset(brief=True), target("article"))
    assert (small.room.environment, small.size) == ("table", 9) or small.size < 9


def test_too_many_columns_are_refused_with_what_helps() -> None:
    table = wide()
    many = replace(
        table, columns=table.columns * 4, rows=tuple(replace(r, cells=r.cells * 4) for r in table.rows)
    )
    with pytest.raises(UsageError, match=r"needs \d+ mm in 7 pt and has 40: ask for fewer columns"):
        render(many, "latex", style=Style("paper", target(width="40mm")))


@pytest.mark.parametrize(
    ("template", "columns", "width"),
    [("word", 1, None), (None, 3, None), (None, 1, "wide"), (None, 1, "9mm")],
)
def test_a_target_that_is_none_is_refused(template: str | None, columns: int, width: str | None) -> None:
    with pytest.raises(UsageError):
        target(template, columns, width)


def test_footnotes_for_a_paper_are_lettered_and_cite() -> None:
    style = Style("paper", target("article"), citations={"LiSenNet": "lisen", "IMSE": "imse24"})
    text = render(wide(), "latex", style=style)
    assert r"\item[a] quoted from~\cite{lisen}" in text
    assert r"IMSE~\cite{imse24}" in text
    assert "arXiv:2409.13285" not in text
    assert "Year" not in text
    assert "2024" in render(wide(), "latex", style=replace(style, year=True))


def test_what_no_brief_form_was_made_for_is_said_in_full() -> None:
    told = lay_out(
        Table("vbd", (), (row("A", notes=("trained on what is for testing: x",)),)),
        with_source=False,
        voice="paper",
    )
    assert [note.text for note in told.footnotes] == ["trained on what is for testing: x"]


def test_a_version_that_changed_a_number_is_named() -> None:
    imse = replace(row("IMSE", Cell(3.399, "3.399", "3.399", earlier=("v1: 3.373",))), version=2)
    sheet = lay_out(Table("vbd", (Column("PESQ", "PESQ"),), (imse,)), with_source=False, voice="paper")
    assert sheet.rows[0].name == "IMSE v2"
    assert sheet.footnotes[0].text == "v1: 3.373"
    assert lay_out(Table("vbd", (Column("PESQ", "PESQ"),), (imse,)), with_source=False).rows[0].name == "IMSE"


def test_a_long_bracket_goes_into_a_footnote() -> None:
    found = row("BSRNN (re-implementation sungwon23, N=64)", Cell(), origin="repository")
    sheet = lay_out(Table("vbd", (Column("PESQ", "PESQ"),), (found,)), with_source=False, voice="paper")
    assert sheet.rows[0].name == "BSRNN (re-impl.)"
    assert [note.text for note in sheet.footnotes] == [
        "from its public repository", "re-implementation sungwon23, N=64",
    ]  # fmt: skip


def test_a_quotation_of_authors_who_ran_it_again_says_so() -> None:
    found = replace(row("A", Cell(), origin="quoted"), document="P", rerun=True)
    sheet = lay_out(Table("vbd", (Column("PESQ", "PESQ"),), (found,)), with_source=False, voice="paper")
    assert [(note.text, note.cites) for note in sheet.footnotes] == [("re-run by the authors of", "P")]


def test_numbers_in_thousands_and_with_usual_decimals_tie_as_shown() -> None:
    columns = (Column("params", "Params (M)", "M", "lower"), Column("PESQ", "PESQ"))
    cells = [(Cell(427e3, "", "0.427", comparable=True), Cell(3.399, "", "3.399", comparable=True)),
             (Cell(51e4, "", "0.51", comparable=True), Cell(3.404, "", "3.404", comparable=True)),
             (Cell(51e4, "", "0.51", comparable=True), Cell(3.1, "", "3.1", comparable=True))]  # fmt: skip
    rows = tuple(Row(str(n), str(n), "system", False, Origin.SELF, "", some) for n, some in enumerate(cells))
    found = restated(Table("vbd", columns, rows), params="K", decimals="unified")
    assert [[c.text for c in r.cells] for r in found.rows] == [
        ["427", "3.40"],
        ["510", "3.40"],
        ["510", "3.1"],
    ]
    assert [r.cells[1].rank for r in found.rows] == [1, 1, 2]
    assert found.columns[0].title == "Params (K)"


def test_a_template_of_the_user_comes_first(tmp_path: Path) -> None:
    (tmp_path / "table.md.j2").write_text("mine: {{ caption }}", encoding="utf-8")
    assert render(TABLE, "markdown", style=Style(templates=tmp_path), caption="a|b") == r"mine: a\|b"
    (tmp_path / "table.md.j2").write_text("{{ nothing }}", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be filled"):
        render(TABLE, "markdown", style=Style(templates=tmp_path))


def test_groups_stand_in_every_format() -> None:
    for fmt in ("latex", "markdown", "html", "terminal"):
        text = render(wide(), fmt)
        assert text.index("small") < text.index("large")
    assert len(HOSTILE) > 1
