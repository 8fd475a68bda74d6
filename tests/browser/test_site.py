"""The site as somebody uses it: sorted, filtered, searched, by keyboard, in the dark, by a screen reader."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.conftest import Open, Opened
from tests.support.sites import HOSTILE_MODEL, MANY

PAGES = (
    "index.html", "t/vbd.html", "t/vbd-plot.html", "m/tinynet.html", "m/sampleformer.html", "m/rumournet.html", "r/m4-1.html", "sets.html",
    "models.html", "papers.html", "runs.html", "new.html", "about.html", "search.html",
)  # fmt: skip


def names(opened: Opened) -> list[str]:
    return [str(name) for name in opened.page.locator("#board tbody th > a").all_inner_texts()]


def column(opened: Opened, title: str) -> list[str]:
    heads = opened.page.locator("#board thead th").all_inner_texts()
    place = next(place for place, head in enumerate(heads) if head.startswith(title))
    cells = opened.page.locator(f"#board tbody tr > :nth-child({place + 1})").all_inner_texts()
    return [str(cell) for cell in cells]


def asked_in(opened: Opened) -> dict[str, list[str]]:
    return parse_qs(urlsplit(opened.page.url).query)


def paper_page(site: Path) -> str:
    return next(
        f"p/{file.name}"
        for file in sorted((site / "p").glob("*.html"))
        if "phase decoder" in file.read_text()
    )


# --- the leaderboard ----------------------------------------------------------------------------------------


def test_it_is_sorted_by_any_column_both_ways_with_empty_cells_last(show: Open) -> None:
    opened = show("index.html")
    params = opened.page.get_by_role("button", name="Params (M)")
    params.click()
    up = column(opened, "Params")
    assert [float(cell) for cell in up if cell != "-"] == sorted(float(cell) for cell in up if cell != "-")
    assert opened.page.locator("th[aria-sort=ascending] button").inner_text().startswith("Params")
    params.click()
    down = column(opened, "Params")
    assert float(down[0]) == pytest.approx(2.39)
    assert opened.page.locator("th[aria-sort]").count() == 1
    opened.page.locator("#more").click()
    assert column(opened, "Params")[-1] == "-"
    opened.page.get_by_role("button", name="Model").click()
    assert names(opened)[0] in (HOSTILE_MODEL, "M4")


def test_filters_narrow_the_rows_and_the_address_keeps_them(show: Open) -> None:
    opened = show("index.html")
    page = opened.page
    page.get_by_label("Params (M) ↓, at least").fill("0.5")
    page.get_by_label("Params (M) ↓, at most").fill("0.62")
    page.get_by_label("PESQ ↑, at least").fill("2.25")
    found = names(opened)
    assert {"TinyNet", "SampleFormer", "Net050x", "Net051x", "Net052x"} == set(found)
    assert page.locator("#count").inner_text() == f"5 of {MANY + 4} rows"
    assert asked_in(opened) == {"params": ["0.5..0.62"], "PESQ": ["2.25.."]}
    page.reload()
    assert names(opened) == found
    assert page.get_by_label("PESQ ↑, at least").input_value() == "2.25"
    page.get_by_role("button", name="Clear").click()
    assert asked_in(opened) == {}
    assert page.locator("#count").inner_text().startswith(f"{MANY + 4} rows")


def test_an_address_may_be_written_as_on_the_command_line(show: Open) -> None:
    opened = show("index.html", "params=0.5M..620k&PESQ=3..&sort=-params")
    assert names(opened) == ["SampleFormer", "TinyNet"]


def test_rows_are_filtered_by_origin_year_causality_and_name(show: Open) -> None:
    assert names(show("index.html", "origin=measured")) == ["M4"]
    assert set(names(show("index.html", "year=2025&q=tiny"))) == {"TinyNet"}
    assert names(show("index.html", "year=..2024")) == []
    opened = show("index.html", "causal=yes")
    assert opened.page.locator("#count").inner_text() == f"0 of {MANY + 4} rows"
    opened.page.get_by_label("Causal").select_option("unknown")
    assert opened.page.locator("#count").inner_text().startswith(f"{MANY + 4} rows")
    opened.page.get_by_label("self", exact=True).check()
    assert set(names(opened)) == {"TinyNet", HOSTILE_MODEL}
    opened.page.get_by_label("measured").check()
    assert set(names(opened)) == {"TinyNet", HOSTILE_MODEL, "M4"}
    assert asked_in(opened) == {"causal": ["unknown"], "origin": ["self,measured"]}


def test_words_in_the_address_that_mean_nothing_do_no_harm(show: Open) -> None:
    opened = show("index.html", "params=<script>&PESQ=..x&sort=nonsense&origin=nobody&causal=1&page=%00#n1")
    assert opened.page.locator("#count").inner_text() == f"0 of {MANY + 4} rows"
    assert opened.said == []


def test_rows_come_in_parts_and_their_notes_with_them(show: Open) -> None:
    opened = show("index.html")
    assert len(names(opened)) == 100
    opened.page.locator("#more").click()
    assert len(names(opened)) == MANY + 4
    assert opened.page.locator("#more").is_hidden()
    marks = {
        mark.strip()
        for text in opened.page.locator("#board sup").all_inner_texts()
        for mark in text.split(",")
    }
    assert len(marks) == opened.page.locator("#notes li").count() > 0
    link = opened.page.locator("#board sup a").first
    link.click()
    assert opened.page.locator("#notes li:target").count() == 1


def test_the_script_shows_the_rows_that_the_page_came_with(show: Open) -> None:
    opened = show("index.html")
    before = opened.page.locator("#board tbody").inner_text()
    notes = opened.page.locator("#notes").inner_text()
    opened.page.get_by_label("Name contains").fill("zzz")
    opened.page.get_by_label("Name contains").fill("")
    assert opened.page.locator("#board tbody").inner_text() == before
    assert opened.page.locator("#notes").inner_text() == notes


# --- the plot -----------------------------------------------------------------------------------------------


def test_a_point_of_the_plot_tells_its_source_and_leads_to_its_model(show: Open) -> None:
    opened = show("index.html")
    opened.page.get_by_role("link", name="The plot of this table").click()
    opened.page.wait_for_url("**/t/vbd-plot.html")
    point = opened.page.locator('.lp-point[data-name="TinyNet"]')
    point.focus()
    told = opened.page.locator(".lp-told")
    assert "3.18" in told.inner_text()
    assert "0.55" in told.inner_text()
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_url("**/m/tinynet.html")
    assert opened.said == []


# --- search, keyboard ---------------------------------------------------------------------------------------


def test_search_finds_by_name_part_and_number(show: Open) -> None:
    opened = show("index.html")
    opened.page.keyboard.press("/")
    assert opened.page.evaluate("document.activeElement.id") == "find"
    opened.page.keyboard.type("tinynet")
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_url("**/search.html?q=tinynet")
    found = opened.page.locator("#found li a")
    assert found.first.inner_text() == "TinyNet"
    box = opened.page.locator("#search-words")
    box.fill("2501.00002")
    assert found.count() == 1
    box.fill("nothing of this name")
    assert opened.page.locator("#count").inner_text() == "Nothing is found."
    box.fill("net10")
    assert opened.page.locator("#count").inner_text() == "10 found"
    assert asked_in(opened) == {"q": ["net10"]}
    opened.page.keyboard.press("Enter")
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_url("**/m/net10*.html")


def test_everything_is_reached_by_keyboard(show: Open) -> None:
    opened = show("index.html")
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.dataset.sort || document.activeElement.id || document.activeElement.name || ''"
            )
        )
    assert {"f-q", "f-causal", "origin", "params", "PESQ", "name"} <= reached
    page.locator("#board th button[data-sort=params]").focus()
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort=ascending] button").get_attribute("data-sort") == "params"
    assert page.evaluate("document.activeElement.dataset.sort") == "params"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


# --- light, dark, narrow ------------------------------------------------------------------------------------


def test_it_is_dark_where_the_reader_wants_it_dark(show: Open) -> None:
    def ground(scheme: str) -> tuple[int, ...]:
        page = show("m/tinynet.html", color_scheme=scheme).page
        said = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return tuple(int(part) for part in said.removeprefix("rgb(").removesuffix(")").split(","))

    assert min(ground("light")) > 240
    assert max(ground("dark")) < 40


@pytest.mark.parametrize("name", ["index.html", "m/tinynet.html", "new.html", "PAPER"])
def test_no_page_is_wider_than_a_narrow_screen(show: Open, site: Path, name: str) -> None:
    page = show(paper_page(site) if name == "PAPER" else name, viewport={"width": 360, "height": 700}).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(show: Open, site: Path, scheme: str) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    found = {}
    for name in (*PAGES, paper_page(site)):
        # The policy of the page lets no script in from outside, so that the one that looks at it must be let by.
        opened = show(name, "q=net" if name == "search.html" else "", color_scheme=scheme, bypass_csp=True)
        # In the dark only colours are others.
        asked = {"runOnly": ["color-contrast"]} if scheme == "dark" else None
        told = axe.Axe().run(opened.page, options=asked)
        assert len(told.response["passes"]) > (0 if asked else 10)
        serious = [
            (one["id"], one["nodes"][0]["html"][:200], one["nodes"][0].get("failureSummary", ""))
            for one in told.response["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        if serious:
            found[name] = serious
    assert found == {}


# --- safety -------------------------------------------------------------------------------------------------


def test_no_text_of_a_paper_runs_and_nothing_is_fetched_from_elsewhere(show: Open, site: Path) -> None:
    pages = [
        *PAGES, paper_page(site),
        *(f"m/{file.name}" for file in (site / "m").glob("img-src*.html")),
    ]  # fmt: skip
    for name in pages:
        opened = show(name)
        assert opened.page.evaluate("globalThis.ran") is None, name
        assert opened.said == [], name
        opened.page.wait_for_load_state("networkidle")
        assert opened.asked
        assert all(address.startswith(site.as_uri() + "/") for address in opened.asked), name
    opened = show("search.html", "q=onerror")
    assert opened.page.locator("#found li").count() >= 2
    opened.page.wait_for_timeout(200)
    assert opened.page.evaluate("globalThis.ran") is None
    assert HOSTILE_MODEL in opened.page.locator("#found").inner_text()
    opened = show("index.html", "sort=name")
    assert HOSTILE_MODEL in names(opened)
    assert opened.page.evaluate("globalThis.ran") is None


def test_the_policy_stops_what_escaping_would_have_missed(show: Open) -> None:
    opened = show("index.html")
    opened.page.evaluate(
        "() => { const s = document.createElement('script'); try { s.textContent = 'globalThis.ran = 1'; } catch {} document.body.append(s); }"
    )
    opened.page.evaluate(
        "() => { try { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"globalThis.ran=2\">'); } catch {} }"
    )
    opened.page.wait_for_timeout(200)
    assert opened.page.evaluate("globalThis.ran") is None


def test_without_its_script_the_page_still_has_its_rows(show: Open) -> None:
    opened = show("index.html", java_script_enabled=False)
    assert opened.page.locator("#board tbody tr").count() == 100
    assert opened.page.locator("#filter").is_hidden()
