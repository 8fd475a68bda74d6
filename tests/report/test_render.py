"""One table in every format: what is marked, noted and left out, against golden files and hostile text."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from litdb.errors import UsageError
from litdb.report.escape import clean, width
from litdb.report.render import FORMATS, render
from litdb.report.sheet import PROPOSED_NOTE, SECTION, STAR, Footnote, lay_out
from litdb.values.origin import Origin, Status
from litdb.values.table import EMPTY, Cell, Provenance, Row, Table

from .samples import HOSTILE, SPREAD, TABLE, hostile_table, row

GOLDEN = Path(__file__).parent / "golden"
SUFFIX = {"latex": "tex", "markdown": "md", "html": "html", "csv": "csv", "json": "json", "terminal": "txt"}


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_table_is_as_reviewed(fmt: str) -> None:
    path = GOLDEN / f"table.{SUFFIX[fmt]}"
    text = render(TABLE, fmt, label="tab:vbd") if fmt == "latex" else render(TABLE, fmt)
    if os.environ.get("LITDB_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="")
    assert text == path.read_bytes().decode(), (
        "changed on purpose? set LITDB_UPDATE_GOLDEN=1, run again, review"
    )


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("table", [hostile_table(), Table("vbd", TABLE.columns, ()), Table("", (), ())])
def test_every_format_takes_every_table(fmt: str, table: Table) -> None:
    text = render(table, fmt, source_columns=True)
    assert text.endswith("\n")
    assert not re.search(
        r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text
    )


def test_an_unknown_format_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="latex, markdown"):
        render(TABLE, "pdf")


def test_the_same_note_has_one_mark_and_is_listed_once() -> None:
    sheet = lay_out(TABLE, with_source=True)
    listed = {text: mark for mark, text, _ in sheet.footnotes}
    assert len(listed) == len(sheet.footnotes)
    manner, own = sheet.rows[2], sheet.rows[3]
    assert manner.cells[0].marks == own.cells[1].marks == (listed[SPREAD],)
    assert manner.cells[1].marks == (listed[SPREAD], listed["from table 2"])
    assert own.marks == (STAR, listed["declared 2025-12-13, before the test"])


def test_rows_say_what_they_are() -> None:
    sheet = lay_out(TABLE, with_source=True)
    assert [line.name for line in sheet.rows if "reproduced" in line.name] == ["MUSE (reproduced)"]
    proposed = next(line for line in sheet.rows if line.name == "CMGAN")
    assert proposed.marks == (SECTION,)
    assert Footnote(SECTION, PROPOSED_NOTE) in sheet.footnotes


def test_checkpoints_are_named_only_where_a_model_has_several() -> None:
    one = row("BSRNN", EMPTY, EMPTY, EMPTY, EMPTY, checkpoint="last")
    two = replace(one, checkpoint="best")
    again = replace(one, reproduced=True, checkpoint="")
    single = lay_out(Table("vbd", TABLE.columns, (one, again)), with_source=True)
    several = lay_out(Table("vbd", TABLE.columns, (one, two)), with_source=True)
    assert [line.name for line in single.rows] == ["BSRNN", "BSRNN (reproduced)"]
    assert [line.name for line in several.rows] == ["BSRNN (last)", "BSRNN (best)"]


def test_a_proposed_cell_is_marked_unless_its_whole_row_is_proposed() -> None:
    cell = Cell(3.0, "3.00", "3.00", provenance=Provenance("r", Origin.SELF, "x", status=Status.PROPOSED))
    accepted = replace(cell, provenance=Provenance("s", Origin.SELF, "x"))
    mixed = lay_out(
        Table("vbd", TABLE.columns[:2], (row("A", cell, accepted, proposed=True),)), with_source=True
    )
    assert mixed.rows[0].marks == (SECTION,)
    assert [shown.marks for shown in mixed.rows[0].cells] == [(SECTION,), ()]
    sheet = lay_out(
        Table("vbd", TABLE.columns[:1], (row("A", cell), row("B", cell, proposed=True))), with_source=True
    )
    assert [line.cells[0].marks for line in sheet.rows] == [(SECTION,), ()]
    assert [line.marks for line in sheet.rows] == [(), (SECTION,)]


@pytest.mark.parametrize("fmt", ["latex", "markdown", "html", "terminal"])
def test_a_refused_value_is_not_shown_but_its_reason_is(fmt: str) -> None:
    text = render(TABLE, fmt)
    assert "7.00" not in text
    assert "narrow band; not comparable" in text


def test_second_hand_rows_say_so_without_source_columns() -> None:
    narrow = render(TABLE, "latex")
    assert "as quoted: arXiv:2401.00001v1, table 3" in narrow
    assert "a claim: group notes" in narrow
    assert "Source" not in narrow
    wide = render(TABLE, "latex", source_columns=True)
    assert "as quoted" not in wide
    assert "& Origin & Source" in wide


def test_hidden_rows_are_counted() -> None:
    for fmt in ("markdown", "html", "terminal", "latex"):
        assert "3 proposed rows not shown" in render(TABLE, fmt)
        assert "1 proposed row not shown" in render(replace(TABLE, hidden=1), fmt)
        assert "not shown" not in render(replace(TABLE, hidden=0), fmt)


def test_csv_values_are_normalised_numbers() -> None:
    rows = list(csv.DictReader(io.StringIO(render(TABLE, "csv"))))
    assert len(rows) == len(TABLE.rows)
    assert [line["params"] for line in rows] == ["427000", "510000", "900000", "459867", "", "", "14000"]
    assert rows[0]["STOI"] == "0.955"
    assert rows[0]["PESQ printed"] == "3.399"
    assert rows[2]["PESQ origin"] == "quoted"
    assert rows[2]["SSNR note"] == f"from table 2; {SPREAD}"
    assert (rows[6]["PESQ"], rows[6]["PESQ printed"]) == ("", "promising")
    assert (rows[6]["SSNR"], rows[6]["SSNR note"]) == ("", "narrow band; not comparable")
    assert [line["own"] for line in rows].count("yes") == 1


def test_csv_of_hostile_names_reads_back_without_formulas() -> None:
    rows = list(csv.reader(io.StringIO(render(hostile_table(), "csv"))))
    assert {len(fields) for fields in rows} == {len(rows[0])}
    assert [fields[2].removeprefix("'") for fields in rows[1:]] == [clean(name) for name in HOSTILE]
    for field in (field for fields in rows for field in fields):
        assert not re.match(r"[=+@-]", field) or re.fullmatch(r"-1\.5|- \[x\].*|-", field) is not None
    assert not any(re.search(r"(^|[,;])[=@+]", line) for line in render(hostile_table(), "csv").splitlines())


def test_json_holds_everything() -> None:
    found = json.loads(render(hostile_table(), "json"))
    assert [line["name"] for line in found["rows"]] == list(HOSTILE)
    whole = json.loads(render(TABLE, "json"))
    cell = whole["rows"][2]["cells"][0]
    assert cell["provenance"]["origin"] == "quoted"
    assert cell["notes"] == [SPREAD]
    assert whole["rows"][6]["cells"][1]["refused"] is True
    assert whole["hidden"] == 3


def test_html_runs_and_loads_nothing() -> None:
    page = lxml_html.document_fromstring(render(hostile_table(), "html", caption="<b>"))
    tags = {element.tag for element in page.iter()}
    assert not tags & {"script", "img", "iframe", "link", "object", "b", "a"}
    assert not [name for element in page.iter() for name in element.attrib if name.startswith("on")]
    names = [cell.text for cell in page.xpath("//tbody/tr/th")]
    assert names == [clean(name) for name in HOSTILE]


def test_html_links_web_sources() -> None:
    page = lxml_html.document_fromstring(render(TABLE, "html"))
    links = {link.get("href") for link in page.iter("a")}
    assert links == {f"https://arxiv.org/abs/{paper}" for paper in ("2511.14515v2", "2401.00001v1")}
    assert [bold.text for bold in page.iter("strong")] == ["3.399", "11.10", "0.96", "0.014"]
    assert [under.text for under in page.iter("u")] == ["0.955", "3.37", "9.9", "0.51"]


def test_markdown_is_one_table_with_every_name() -> None:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = parser.parse(render(hostile_table(), "markdown"))
    kinds = [token.type for token in tokens]
    assert kinds.count("table_open") == 1
    assert kinds.count("tr_open") == len(HOSTILE) + 1
    assert kinds.count("td_open") == len(HOSTILE) * 6
    inline = [child for token in tokens for child in token.children or []]
    assert "link_open" not in {child.type for child in inline}
    tags = {child.content for child in inline if child.type == "html_inline"}
    assert tags <= {"<sup>", "</sup>", "<ins>", "</ins>", "<span>", "</span>"}


def test_terminal_columns_line_up() -> None:
    lines = render(TABLE, "terminal").splitlines()
    rows = lines[4 : 4 + len(TABLE.rows)]
    origin = width(lines[2][: lines[2].index("Origin")])
    for line, source in zip(rows, TABLE.rows, strict=True):
        assert re.search(rf"(?<= ){source.origin}(?= )", line[origin - 1 :])
    points = {line.index(".", line.index("20") + 4) for line in (rows[0], rows[1], rows[2])}
    assert len(points) == 1


def test_terminal_styles_only_when_asked() -> None:
    assert "\x1b" not in render(TABLE, "terminal")
    styled = render(TABLE, "terminal", styled=True)
    assert "\x1b[1m3.399\x1b[0m" in styled
    assert "\x1b[4m3.37\x1b[0m" in styled
    assert re.sub(r"\x1b\[\dm", "", styled) == render(TABLE, "terminal")


def test_long_names_go_on_in_lines_of_their_own_where_the_terminal_is_narrow() -> None:
    name = "BSRNN-FAC-MRHA3 (band-split, time first, trained on 56 speakers, mean of five seeds)"
    table = replace(TABLE, rows=(replace(TABLE.rows[0], name=name), *TABLE.rows[1:]))
    wide = render(table, "terminal", source_columns=False)
    longest = max(map(len, wide.splitlines()))
    assert render(table, "terminal", source_columns=False, width=longest) == wide
    folded = render(table, "terminal", source_columns=False, width=longest - 40)
    lines = folded.split("\n\n")[1].splitlines()
    assert max(map(len, lines)) <= longest - 40
    first = next(number for number, line in enumerate(lines) if line.startswith("BSRNN"))
    assert "3.399" in lines[first]
    rest = itertools.takewhile(lambda line: line.startswith("  "), lines[first + 1 :])
    folded_name = " ".join([lines[first], *map(str.strip, rest)])
    assert re.fullmatch(r"(BSRNN.*?,)\s.* (trained on .*)", folded_name)
    assert sum(word in folded_name for word in name.split()) == len(name.split())


def test_wide_characters_take_two_columns() -> None:
    wide = Table("vbd", TABLE.columns[:1], (row("模型", EMPTY), row("ab", EMPTY)))
    lines = render(wide, "terminal").splitlines()[4:6]
    assert len({width(line[: line.index("2024")]) for line in lines}) == 1


def test_a_row_must_have_a_cell_a_column() -> None:
    short = Row("m", "m", "system", False, "self", "", ())
    with pytest.raises(ValueError, match="zip"):
        render(Table("vbd", TABLE.columns, (short,)), "markdown")
