"""Hostile text: nothing in it acts, and all that can be shown is shown."""

from __future__ import annotations

import csv as csv_module
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from litdb.report import escape

# Characters that mean something somewhere, and any other.
NASTY = st.text(
    st.one_of(
        st.sampled_from("\\{}$&#%_^~`<>|\"'[]*-=+@!:;,\t\n\r\x00\x07\x1b\x9b\u202e\u200b\ud800"),
        st.characters(),
    )
)


@pytest.fixture(scope="module")
def commonmark() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


@given(NASTY)
def test_clean_text_is_one_visible_line(text: str) -> None:
    cleaned = escape.clean(text)
    assert not {unicodedata.category(char) for char in cleaned} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    assert escape.clean(cleaned) == cleaned
    cleaned.encode("utf-8")


def test_terminal_sequences_go_with_their_parameters() -> None:
    assert (
        escape.terminal("\x1b]0;owned\x07a\x1b[31mred\x1b[0m\x9b2Jb\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\")
        == "aredblink"
    )


def test_an_unfinished_sequence_hides_no_text() -> None:
    assert escape.terminal("\x1b]0;the rest") == "0;the rest"


def test_writing_direction_cannot_be_turned() -> None:
    assert escape.clean("safe\u202egnp.exe\u2069") == "safegnp.exe"


@given(NASTY)
def test_html_is_text_in_elements_and_attributes(text: str) -> None:
    escaped = escape.html(text)
    cell = lxml_html.fromstring(f'<table><tr><td title="{escaped}">{escaped}</td></tr></table>').find(".//td")
    assert cell is not None
    assert len(cell) == 0
    shown = escape.clean(text)
    assert (cell.text or "") == shown
    assert set(cell.attrib) == {"title"}
    assert cell.get("title") == shown


@given(NASTY)
def test_markdown_is_text_in_one_cell(commonmark: MarkdownIt, text: str) -> None:
    tokens = commonmark.parse(f"| a | b |\n| - | - |\n| x {escape.markdown(text)} | y |\n")
    cells = [token for token in tokens if token.type == "inline"]
    assert len(cells) == 4
    children = cells[2].children or []
    assert {child.type for child in children} <= {"text", "text_special", "html_inline"}
    assert {child.content for child in children if child.type == "html_inline"} <= {"<span>", "</span>"}
    shown = "".join(child.content for child in children if child.type != "html_inline")
    assert shown.split() == f"x {escape.clean(text)}".split()


@given(NASTY)
def test_csv_has_no_formula(text: str) -> None:
    field = escape.csv_cell(text)
    if field[:1] in tuple("=+-@") and len(field) > 1:
        float(field)
    line = io.StringIO()
    csv_module.writer(line).writerow([field])
    assert next(csv_module.reader(io.StringIO(line.getvalue(), newline=""))) == [field]


@pytest.mark.parametrize("text", ["-5.20", "+3", "3.41", "-.5", "1e-3", "-"])
def test_numbers_stay_numbers_in_csv(text: str) -> None:
    assert escape.csv_cell(text) == text


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "\uff1d1"])
def test_formulas_become_text_in_csv(text: str) -> None:
    assert escape.csv_cell(text).startswith("'")


def test_characters_are_named_with_their_numbers() -> None:
    assert escape.named("模é") == "模 (U+6A21), é (U+00E9)"


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("模型", 4), ("e\u0301", 1), ("é★†", 3)])
def test_terminal_width(text: str, columns: int) -> None:
    assert escape.width(text) == columns
