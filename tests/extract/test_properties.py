"""A table that was rendered from a known grid, in random legal styles, is read back as that grid."""

from __future__ import annotations

import html
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from litdb.extract import extract, source_from_files
from tests.extract.fuzz import SEEDS, mutated
from tests.extract.support import tables, texts

pytestmark = pytest.mark.slow

WORD = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=8)
NUMBER = st.decimals(0, 99, places=2).map(str)
CELL = st.one_of(WORD, NUMBER, st.tuples(WORD, WORD).map(" ".join), st.just("-"), st.just("92.1%"))


@st.composite
def layouts(draw: st.DrawFn) -> list[list[tuple[str, int, int]]]:
    """Rows of cells (text, rows, columns) that tile a rectangle; covered places have no cell of their own."""
    height, width = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    taken = [[False] * width for _ in range(height)]
    rows: list[list[tuple[str, int, int]]] = []
    for r in range(height):
        row = []
        for c in range(width):
            if taken[r][c]:
                continue
            wide = draw(st.sampled_from([1, 1, 1, 2]))
            high = draw(st.sampled_from([1, 1, 1, 2]))
            wide = wide if c + wide <= width and not any(taken[r][c : c + wide]) else 1
            high = (
                high
                if r + high <= height and not any(any(taken[y][c : c + wide]) for y in range(r, r + high))
                else 1
            )
            for y in range(r, r + high):
                taken[y][c : c + wide] = [True] * wide
            row.append((draw(CELL), high, wide))
        rows.append(row)
    return rows


def expected(rows: list[list[tuple[str, int, int]]]) -> list[list[str]]:
    """The grid with spans resolved."""
    width = sum(wide for _, _, wide in rows[0])
    places: list[list[str | None]] = [[None] * width for _ in rows]
    for r, row in enumerate(rows):
        for text, high, wide in row:
            c = places[r].index(None)
            for y in range(r, r + high):
                places[y][c : c + wide] = [text] * wide
    return [[text or "" for text in row] for row in places]


def latex_cell(text: str, rng: random.Random) -> str:
    body = text.replace("%", r"\%")
    styles = [
        body,
        rf"\textbf{{{body}}}",
        rf"{{\bf {body}}}",
        rf"\best{{{body}}}",
        rf"\cellcolor{{gray!10}}{body}",
        f"  {body} ",
        f"{{{body}}}",
    ]
    if text.replace(".", "").isdigit():
        styles += [f"${body}$", rf"$\mathbf{{{body}}}$", rf"\underline{{{body}}}"]
    return rng.choice(styles)


def render_latex(rows: list[list[tuple[str, int, int]]], rng: random.Random) -> str:
    """LaTeX as authors write it: rules, colours, comments, macros, spans, wrappers."""
    width = sum(wide for _, _, wide in rows[0])
    covered: dict[tuple[int, int], int] = {}
    lines = []
    for r, row in enumerate(rows):
        cells: list[str] = []
        pending = list(row)
        c = 0
        while c < width:
            if (r, c) in covered:
                wide = covered[r, c]
                cells.append("" if wide == 1 else rf"\multicolumn{{{wide}}}{{c}}{{}}")
                c += wide
                continue
            text, high, wide = pending.pop(0)
            body = latex_cell(text, rng)
            if high > 1:
                body = rf"\multirow{{{high}}}{{{rng.choice(['*', '2cm'])}}}{{{body}}}"
                covered.update({(y, c): wide for y in range(r + 1, r + high)})
            if wide > 1:
                body = rf"\multicolumn{{{wide}}}{{{rng.choice(['c', '|c|', '@{}l'])}}}{{{body}}}"
            cells.append(body)
            c += wide
        before = rng.choice(
            [
                "",
                "\\midrule ",
                "\\hline\n",
                "\\rowcolor{gray!15} ",
                "\\cmidrule(lr){1-2}",
                "% a comment & 9.99 \\\\\n",
            ]
        )
        end = rng.choice([r"\\", r"\\[2pt]", r"\tabularnewline", r"\\*", "\\\\ % trailing"])
        lines.append(before + rng.choice(["&", " & ", "&\n"]).join(cells) + end)
    body = "\n".join(lines)
    table = rng.choice(
        [
            rf"\begin{{tabular}}{{{'l' * width}}}{body}\end{{tabular}}",
            rf"\resizebox{{\columnwidth}}{{!}}{{%{chr(10)}\begin{{tabular}}{{@{{}}{'c' * width}@{{}}}}\toprule {body}\bottomrule\end{{tabular}}}}",
            rf"\begin{{tabularx}}{{\textwidth}}{{{'X' * width}}}{body}\end{{tabularx}}",
            rf"\begin{{adjustbox}}{{width=1cm}}\begin{{tabular*}}{{5cm}}{{{'S' * width}}}{body}\end{{tabular*}}\end{{adjustbox}}",
        ]
    )
    return rf"\documentclass{{article}}\newcommand{{\best}}[1]{{\textbf{{#1}}}}\begin{{document}}\begin{{table}}{table}\end{{table}}\end{{document}}"


def render_html(rows: list[list[tuple[str, int, int]]], rng: random.Random) -> str:
    """Plain tables, LaTeXML tables and tables set as spans."""
    spans = rng.random() < 0.4
    lines = []
    for row in rows:
        cells = []
        for text, high, wide in row:
            body = html.escape(text)
            if text.replace(".", "").isdigit() and rng.random() < 0.4:
                body = rf'<math alttext="\mathbf{{{text}}}"><mn>{text}</mn></math>'
            elif rng.random() < 0.3:
                body = f'<span class="ltx_text ltx_font_bold">{body}</span>'
            if spans:
                classes = (
                    f"ltx_td ltx_align_center ltx_colspan ltx_colspan_{wide} ltx_rowspan ltx_rowspan_{high}"
                )
                cells.append(f'<span class="{classes}">{body}</span>')
            else:
                tag = rng.choice(["td", "th"])
                attributes = (f" rowspan={high}" if high > 1 else "") + (
                    f' colspan="{wide}"' if wide > 1 else ""
                )
                cells.append(f"<{tag}{attributes}>{body}" + rng.choice([f"</{tag}>", ""]))
        lines.append(
            '<span class="ltx_tr">' + "".join(cells) + "</span>"
            if spans
            else "<tr>" + "".join(cells) + rng.choice(["</tr>", ""])
        )
    inner = "\n".join(lines)
    table = (
        f'<span class="ltx_tabular">{inner}</span>'
        if spans
        else f"<table>{rng.choice(['', '<tbody>'])}{inner}</table>"
    )
    return f"<!DOCTYPE html><html><body><div class='ltx_inline-block'>{table}</div></body></html>"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(layouts(), st.integers(0, 10**9))
def test_latex_is_read_back(rows: list[list[tuple[str, int, int]]], seed: int) -> None:
    source = render_latex(rows, random.Random(seed))
    (table,) = tables(source)
    assert texts(table) == expected(rows), source


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(layouts(), st.integers(0, 10**9))
def test_html_is_read_back(rows: list[list[tuple[str, int, int]]], seed: int) -> None:
    source = render_html(rows, random.Random(seed))
    (table,) = tables(source, "a.html")
    assert texts(table) == expected(rows), source


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.one_of(WORD, NUMBER), min_size=3, max_size=3), min_size=1, max_size=5),
    st.integers(0, 10**9),
)
def test_markdown_is_read_back(rows: list[list[str]], seed: int) -> None:
    rng = random.Random(seed)
    lines = []
    for row in rows:
        cells = [rng.choice([c, f"**{c}**", f" {c}  ", f"`{c}`"]) for c in row]
        lines.append(rng.choice(["| {} |", "|{}", "{}|"]).format(" | ".join(cells)))
    source = "# T\n\n" + lines[0] + "\n|---|:-:|--|\n" + "\n".join(lines[1:]) + "\n"
    (table,) = tables(source, "a.md")
    assert texts(table) == rows, source


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(SEEDS)), st.integers(0, 10**9))
def test_damaged_documents_give_no_value_outside_their_source(name: str, seed: int) -> None:
    text = mutated(name, random.Random(seed))
    source = source_from_files({name: text}, name)
    for reading in extract(source).readings:
        place = reading.span
        assert 0 <= place.start <= place.end <= len(source.files[place.file])
        assert 0.0 <= reading.confidence <= 1.0
