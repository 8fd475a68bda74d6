"""The plot for a browser: every point tells its sources, names are text, and a policy lets nothing be fetched."""

from __future__ import annotations

import base64
import hashlib
import re
import xml.etree.ElementTree as ElementTree

import pytest
from lxml import etree
from lxml import html as lxml_html

from litdb.report.figures.interactive import interactive_svg, told
from litdb.report.figures.page import interactive_page
from litdb.report.figures.points import YEAR, Earlier, Point, Points, RowFacts, points_from
from tests.report.figures.test_scatter import crowd
from tests.report.samples import HOSTILE, PARAMS, PESQ, TABLE

POINTS = points_from(TABLE, PARAMS, PESQ)
SVG = "{http://www.w3.org/2000/svg}"


def hostile() -> Points:
    return Points(
        tuple(
            Point(name, name, 1e5 * (i + 1), 2.5 + i / 10, x_source=name, y_source=name, notes=(name,), url=f'javascript:"{name}')
            for i, name in enumerate(HOSTILE)
        ),
        HOSTILE,
    )  # fmt: skip


def test_without_points_there_is_nothing() -> None:
    assert interactive_svg(Points(()), PARAMS, PESQ) == ""


def test_a_point_tells_its_values_their_sources_and_its_footnotes() -> None:
    root = ElementTree.fromstring(interactive_svg(POINTS, PARAMS, PESQ, title="VoiceBank+DEMAND"))
    points = [node for node in root.iter() if node.get("class") == "lp-point"]
    assert [node.get("data-name") for node in points] == ["IMSE", "MUSE", "MANNER-S-5.3GF", "BSRNN-FAC"]
    (title,) = points[2].findall(f"{SVG}title")
    assert title.text is not None
    assert title.text.split("\n") == [
        "MANNER-S-5.3GF",
        "PESQ: 3.06 (quoted; arXiv:2511.14515v2, table 1)",
        "Params (M): 0.90 (arXiv:2511.14515v2, table 1)",
        "causality not stated",
        "other papers quote 3.10 to 3.17",
    ]
    assert points[2].tag == f"{SVG}a"
    assert points[2].get("href") == "https://arxiv.org/abs/2401.00001v1"
    assert points[3].get("tabindex") == "0"  # a point without an address can be reached too


def test_an_interval_and_earlier_versions_are_told() -> None:
    facts = RowFacts(
        interval=(2.8, 2.9), interval_of="95% interval over 824 files", earlier=(Earlier(1, 3.4, "3.373"),)
    )
    said = told(Point("a", "a", 2024.2, 2.85, "own", facts=facts, x_text="2024-03-14"), YEAR, PESQ)
    assert said[1:] == [
        "PESQ: 2.85 (own)",
        "Year: 2024-03-14",
        "causality not stated",
        "95% interval over 824 files: 2.800 to 2.900",
        "version 1 printed 3.373",
    ]


def test_hostile_names_are_text_and_no_address_of_theirs_is_a_link() -> None:
    drawn = interactive_svg(hostile(), PARAMS, PESQ, title=HOSTILE[1])
    root = etree.fromstring(drawn.encode())
    assert root.find(".//{*}script") is None
    assert not [node for node in root.iter() if node.get("href")]
    assert not [
        name for node in root.iter() for name in node.attrib if name.startswith("on") or name == "style"
    ]
    titles = "\n".join(node.text or "" for node in root.iter(f"{SVG}title"))
    assert "<script>alert(1)</script>" in titles
    assert "\x1b" not in drawn
    assert "\u202e" not in drawn


def test_a_page_runs_its_own_script_alone_and_fetches_nothing() -> None:
    page = interactive_page(hostile(), PARAMS, PESQ, title=HOSTILE[1])
    root = lxml_html.document_fromstring(page)
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; ")
    for kind in ("script", "style"):
        (element,) = root.xpath(f"//{kind}")
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert not root.xpath("//@src | //link | //img | //iframe | //object | //*[@style]")
    assert not re.findall(r"url\(|@import", page)
    assert len(root.xpath("//tbody/tr")) == len(HOSTILE)


def test_a_link_may_lead_elsewhere() -> None:
    drawn = interactive_svg(POINTS, PARAMS, PESQ, link=lambda point: f"models/{point.model}.html")
    assert 'href="models/imse.html"' in drawn


def test_what_lies_beyond_an_axis_says_so() -> None:
    points = Points((*crowd(20).points, Point("bad", "BadNet", 1e6, 0.9)))
    assert "BadNet\nPESQ: 0.9".replace("\n", "\nbeyond the axis, drawn at its end\n") in interactive_svg(points, PARAMS, PESQ)  # fmt: skip


@pytest.mark.slow
def test_thousands_of_points_are_all_there() -> None:
    drawn = interactive_svg(crowd(5000), PARAMS, PESQ)
    assert drawn.count('class="lp-point"') == 5000
    assert 5 < drawn.count("<text") < 120
