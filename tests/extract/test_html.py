"""HTML, JATS and Markdown to grids."""

from __future__ import annotations

import pytest

from tests.extract.support import one, read, tables, texts


def page(table: str, caption: str = "Table 2: Results on VCTK-DEMAND") -> str:
    return (
        "<!DOCTYPE html><html><head><title>FooNet: a net</title></head><body><h1>FooNet: a net</h1>"
        f"<figure class='ltx_table' id='S1.T2'><figcaption>{caption}</figcaption>{table}</figure></body></html>"
    )


def test_colspan_and_rowspan() -> None:
    html = (
        "<table><tr><th rowspan=2>M<th colspan=2>PESQ</tr><tr><td>WB<td>NB</tr>"
        "<tr><td>A</td><td>1.97</td><td>2.9</td></tr></table>"
    )
    (table,) = tables(page(html), "a.html")
    assert texts(table) == [["M", "PESQ", "PESQ"], ["M", "WB", "NB"], ["A", "1.97", "2.9"]]
    assert (table.number, table.caption, table.label) == ("2", "Results on VCTK-DEMAND", "S1.T2")


def test_latexml_tables_set_as_spans() -> None:
    html = (
        '<span class="ltx_tabular"><span class="ltx_tr"><span class="ltx_td ltx_colspan ltx_colspan_2">X</span></span>'
        '<span class="ltx_tr"><span class="ltx_td">A</span><span class="ltx_td">2</span></span></span>'
    )
    (table,) = tables(page(html), "a.html")
    assert texts(table) == [["X", "X"], ["A", "2"]]


@pytest.mark.parametrize(
    ("cell", "text", "marks"),
    [
        ('<math alttext="\\mathbf{3.41}"><mn>3.41</mn></math>', "3.41", ()),
        ('3.41<math alttext="\\pm"><mo>±</mo></math>0.02', "3.41±0.02", ()),
        ('7.7<math alttext="{}^{a}"><mi>a</mi></math>', "7.7", ("a",)),
        ("3.1<sup>*</sup>", "3.1", ("*",)),
        ("<math><msup><mn>10</mn><mn>6</mn></msup></math>", "10^6", ()),
        ("S<sup>3</sup>G", "S³G", ()),
        ("a<br>b", "a b", ()),
        (
            'x<span class="ltx_note ltx_role_footnote"><sup class="ltx_note_mark">1</sup><span class="ltx_note_content">n</span></span>',
            "x",
            ("1",),
        ),
        ('<span class="ltx_ERROR undefined">\\cmark</span>', "✓", ()),
        ("&lt;3 &#177; 1", "<3 ± 1", ()),
    ],
)
def test_cells(cell: str, text: str, marks: tuple[str, ...]) -> None:
    (table,) = tables(page(f"<table><tr><td>{cell}</td><td>z</td></tr></table>"), "a.html")
    assert (table.rows[0][0].text, table.rows[0][0].marks) == (text, marks)


def test_citations_go_and_their_keys_stay() -> None:
    html = '<table><tr><td>Foo <cite class="ltx_cite">[<a href="#bib.bib3">3</a>]</cite></td><td>1</td></tr></table>'
    (table,) = tables(page(html), "a.html")
    assert (table.rows[0][0].text, table.rows[0][0].cites) == ("Foo", ("bib.bib3",))


def test_a_cell_can_be_found_again_in_the_source() -> None:
    source = page("<table><tr><td>A</td><td><b>3.1</b></td></tr></table>")
    (table,) = tables(source, "a.html")
    place = table.rows[0][1].span
    assert source[place.start : place.end] == "<td><b>3.1</b></td>"


def test_equations_and_layout_tables_give_nothing() -> None:
    html = (
        '<table class="ltx_equation ltx_eqn_table"><tr><td>PESQ</td><td>3.1</td></tr></table>'
        "<table><tr><td><table><tr><td>M</td><td>PESQ</td></tr><tr><td>A</td><td>3.1</td></tr></table></td></tr></table>"
    )
    found = tables(page(html), "a.html")
    assert [texts(table) for table in found] == [[["M", "PESQ"], ["A", "3.1"]]]


def test_jats() -> None:
    xml = (
        '<?xml version="1.0"?><article article-type="research-article"><front><article-title>FooNet: a net</article-title></front>'
        '<body><sec><title>Results</title><table-wrap id="t1"><label>Table 1.</label><caption><p>On VCTK-DEMAND</p></caption>'
        "<table><thead><tr><th>Method</th><th>PESQ</th></tr></thead><tbody><tr><td>Noisy</td><td>1.97</td></tr>"
        '<tr><td>Bar<xref ref-type="bibr" rid="b1">[1]</xref></td><td>2.5</td></tr></tbody></table>'
        "<table-wrap-foot><p>Means over 824 files</p></table-wrap-foot></table-wrap></sec></body>"
        '<back><ref id="b1"><pub-id pub-id-type="doi">10.1000/z</pub-id></ref></back></article>'
    )
    extraction = read(xml, "a.nxml")
    assert one(extraction, "Bar", "PESQ").cites == ("b1",)
    assert extraction.references[0].doi == "10.1000/z"
    assert extraction.tables[0].grid.number == "1"


def test_markdown_tables_of_all_shapes() -> None:
    text = (
        "# T\n\nModel | PESQ [mos] | STOI\n--- | --- | ---\nA | 2.5 | 0.9\n | | \n**B** \\[[2](#bib.bib2)\\] | **3.1**^(*) |\\-\n\n"
        "|  |  |\n|--|--|\n| \\topruleMethod | PESQ |\n| a \\| b | `3.2` |\n\nTable 2: The second\ntable.\n\n"
        "<table><tr><th>M</th><th>PESQ</th></tr><tr><td>C</td><td>3.3</td></tr></table>\n\n```\n| x | y |\n|---|---|\n| 1 | 2 |\n```\n"
    )
    first, second, third = tables(text, "a.md")
    assert texts(first) == [["Model", "PESQ [mos]", "STOI"], ["A", "2.5", "0.9"], ["B", "3.1", "-"]]
    assert (first.rows[2][0].cites, first.rows[2][1].marks) == (("bib.bib2",), ("*",))
    assert texts(second) == [["Method", "PESQ"], ["a | b", "3.2"]]
    assert (second.number, second.caption) == ("2", "The second table.")
    assert texts(third) == [["M", "PESQ"], ["C", "3.3"]]
    place = first.rows[1][1].span
    assert text[place.start : place.end].strip() == "2.5"
