"""The site in the Chromium of the system, from a disk and without network; skipped with the reason where there is none.

Playwright drives it and downloads nothing: LITDB_CHROMIUM names the program, else /usr/bin/chromium.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from litdb.site.build import build_site
from tests.support.sites import site_catalogue

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


@dataclass
class Opened:
    """A page with what it asked for and what it complained of."""

    page: Any
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program."""
    program = os.environ.get("LITDB_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not program or not Path(program).is_file():
        pytest.skip("no Chromium: apt-get install chromium, or name it in LITDB_CHROMIUM")
    return program


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """The browser, headless; of a module, since Playwright's event loop runs in the thread until it ends.

    Tests of other modules in the same process could not call `asyncio.run`.
    """
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site of made-up models; its name has what addresses must escape."""
    before = os.environ.get("LITDB_USER")
    os.environ["LITDB_USER"] = "tester"
    folder = tmp_path_factory.mktemp("browser")
    try:
        with site_catalogue(folder) as catalogue:
            build_site(catalogue, folder / "a site #1")
    finally:
        os.environ.pop("LITDB_USER") if before is None else os.environ.update(LITDB_USER=before)
    return folder / "a site #1"


@pytest.fixture
def show(browser: Any, site: Path) -> Iterator[Open]:
    """Opens a page of the site: `show("index.html", "PESQ=3..", color_scheme="dark")`."""
    contexts = []

    def opener(name: str, query: str = "", **options: Any) -> Opened:
        context = browser.new_context(**{"viewport": {"width": 1300, "height": 900}, **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        opened = Opened(context.new_page())
        opened.page.on("request", lambda request: opened.asked.append(request.url))
        opened.page.on("console", lambda message: opened.said.append(message.text))
        opened.page.on("pageerror", lambda error: opened.said.append(str(error)))
        opened.page.goto((site / name).as_uri() + (f"?{query}" if query else ""))
        return opened

    yield opener
    for context in contexts:
        context.close()
