"""Tables as they stood: the cells that were read are marked, and nothing of a paper's text becomes markup."""

from __future__ import annotations

from lxml import html

from litdb.report.templating import render_template
from litdb.site.pages.stood import StoodReading, StoodTable, stood

HOSTILE = '<script>alert(1)</script> & "quoted" \' \u202eright\x1b[31m'


def shown(table: StoodTable) -> html.HtmlElement:
    return html.fromstring(render_template("site/stood_alone.html.j2", {"table": table, "root": "../"}))


def test_a_read_cell_is_marked_and_leads_to_its_value() -> None:
    reading = StoodReading("IMSE, PESQ", "3.40", "accepted", href="m/imse.html#v-1")
    made = shown(
        stood("arXiv:1v1, table 1", [["Model", "PESQ"], ["IMSE", "3.40"]], {(1, 1): [reading]}, anchor="g1")
    )
    (cell,) = made.xpath("//td")
    assert (cell.get("id"), cell.get("class")) == ("g1-1-1", "read accepted")
    assert cell.xpath("a/@href") == ["../m/imse.html#v-1"]
    assert made.xpath("//thead//th/text()") == ["Model", "PESQ"]
    assert made.xpath("//tbody//th/text()") == ["IMSE"]


def test_the_least_certain_of_several_readings_in_a_cell_shows() -> None:
    readings = [
        StoodReading("A, PESQ", "1.58", "accepted"),
        StoodReading("A, PESQ", "1.82", "proposed", "two numbers"),
    ]
    table = stood("s", [["a", "1.58 / 1.82"]], {(0, 1): readings})
    assert table.head[1].status == "proposed"
    assert table.head[1].said == "A, PESQ 1.58; A, PESQ 1.82, proposed; two numbers"


def test_rows_of_different_length_are_filled_up() -> None:
    table = stood("s", [["a", "b", "c"], ["d"]], {})
    assert [cell.text for cell in table.body[0]] == ["d", "", ""]
    assert stood("s", [], {}).head == ()


def test_a_huge_table_is_cut_and_says_so() -> None:
    table = stood("s", [["x"] * 100] * 1000, {})
    assert len(table.body) == 199
    assert table.cut == "800 further rows are not shown."


def test_text_of_papers_stays_text() -> None:
    reading = StoodReading(HOSTILE, HOSTILE, "accepted", HOSTILE)
    made = shown(
        stood(HOSTILE, [[HOSTILE] * 2] * 2, {(1, 1): [reading]}, caption=HOSTILE, anchor="g1"),
    )
    assert not made.xpath("//script")
    attributes = {name for node in made.iter() for name in node.attrib}
    assert attributes <= {"id", "class", "title", "role", "tabindex", "aria-label", "scope"}
    assert made.xpath("//thead//th")[0].text == '<script>alert(1)</script> & "quoted" \' right'
