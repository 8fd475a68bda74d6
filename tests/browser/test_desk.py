"""The review desk in Chromium: the printed address, a table beside the paper's own, each button, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import litdb
from litdb.site.desk import DeskServer
from tests.site.desk.conftest import prepared as prepared
from tests.site.desk.conftest import server as server
from tests.site.desk.conftest import waiting as waiting

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")


@pytest.fixture
def desk(browser: Any, server: DeskServer) -> Iterator[Any]:
    """A page of a fresh browser that opened the printed address."""
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.address.replace("/?", "/desk/?"))
    page.wait_for_url("**/desk/")
    yield page
    assert {
        url for url in asked if not url.startswith((f"http://{server.guard.hosts[0]}/", "data:"))
    } == set()
    context.close()


def shown(page: Any) -> str:
    return str(page.locator("main").inner_text())


def test_a_table_is_decided_and_taken_back(desk: Any, waiting: litdb.Catalogue) -> None:
    assert "8 readings in 2 tables" in shown(desk)
    desk.locator("table.list a").first.click()
    assert desk.locator("mark").all_inner_texts() == ["1.20", "1.50", "2.01", "2.31", "2.11", "2.51"]
    assert "FooNet (Ours)" in desk.locator("section", has_text="The paper's own").inner_text()
    desk.get_by_role("checkbox", name="reading 3:").check()
    desk.get_by_role("checkbox", name="reading 4:").check()
    desk.get_by_label("Reason").fill("quoted wrongly")
    desk.get_by_role("button", name="Reject chosen").click()
    assert "Last step: rejected 2 of" in desk.locator("header").inner_text()
    assert waiting.review().readings == 6
    desk.get_by_role("button", name="Accept row 4").click()
    desk.get_by_role("button", name="Accept all 2").click()
    assert waiting.review().readings == 2
    assert "table 2" in shown(desk)
    for left in (4, 6, 8):
        desk.get_by_role("button", name="Take it back").click()
        assert waiting.review().readings == left
    assert desk.locator("mark").count() == 6


def test_a_value_is_corrected_with_the_keyboard(desk: Any, waiting: litdb.Catalogue) -> None:
    desk.locator("table.list a").first.press("Enter")
    desk.get_by_role("checkbox", name="reading 5:").press("Space")
    desk.get_by_label("Value").fill("2.71")
    desk.get_by_label("Value").press("Enter")  # presses no button: which one would be anybody's guess
    assert waiting.review().readings == 8
    desk.get_by_role("button", name="Correct chosen").press("Enter")
    desk.wait_for_load_state()
    assert waiting.review().readings == 7
    assert "2.71" in {value.printed for value in waiting.why("FooNet", "PESQ").values}


def test_a_mistake_is_said_and_going_back_keeps_what_was_typed(desk: Any, waiting: litdb.Catalogue) -> None:
    desk.locator("table.list a").first.click()
    desk.get_by_label("Metric").fill("nonsense")
    desk.get_by_role("checkbox", name="reading 1:").check()
    desk.get_by_role("button", name="Correct chosen").click()
    assert "nonsense" in desk.get_by_role("alert").inner_text()
    assert waiting.review().readings == 8


def test_a_script_in_a_title_does_not_run_and_none_can(desk: Any) -> None:
    asked: list[str] = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    desk.locator("table.list a").first.click()
    assert "<script>alert(1)</script>" in desk.locator("h1").inner_text()
    assert desk.locator("script").count() == 0 and asked == []


def test_a_page_elsewhere_can_neither_send_nor_frame(
    browser: Any, desk: Any, server: DeskServer, waiting: litdb.Catalogue
) -> None:
    """The same browser, a page of another origin: its forms and frames come without the cookie, or are refused."""
    address = f"http://{server.guard.hosts[0]}"
    form = desk.evaluate("location.href")
    assert form.endswith("/desk/")
    path = desk.locator("table.list a").first.get_attribute("href")
    elsewhere = desk.context.new_page()
    elsewhere.set_content(
        f'<form method="post" action="{address}{path}"><input name="act" value="accept all"><button>send</button></form>'
        f'<iframe src="{address}/desk/"></iframe>'
    )
    elsewhere.get_by_role("button", name="send").click()
    elsewhere.wait_for_url("**/desk/table/*")
    assert "litdb site serve" in elsewhere.inner_text("main") or "not the desk's" in elsewhere.inner_text(
        "main"
    )
    assert waiting.review().readings == 8


def test_the_site_lies_beside(desk: Any) -> None:
    desk.get_by_role("link", name="Site").click()
    assert desk.locator("header a.home").count() == 1
    desk.get_by_role("link", name="Models", exact=True).click()
    assert desk.locator("h1").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(desk: Any, scheme: str) -> None:
    desk.emulate_media(color_scheme=scheme)
    pages = ["", desk.locator("table.list a").first.get_attribute("href")]
    for path in pages:
        if path:
            desk.goto(desk.url.rstrip("/").removesuffix("/desk") + path)
        found = axe.Axe().run(desk).response["violations"]
        assert [
            (one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")
        ] == []
