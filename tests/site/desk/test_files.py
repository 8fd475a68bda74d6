"""The built site beside the desk: its files, and nothing outside its folder."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from litdb.site.desk.files import site_file
from litdb.site.desk.guard import Unanswered
from tests.site.desk.conftest import Browser

OUTSIDE = [
    "/../secret.txt",
    "/models/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/models/..%5c..%5csecret.txt",
    "/..\\secret.txt",
    "/%252e%252e/secret.txt",
    "//secret.txt",
    "/./secret.txt",
    "/link.txt",
    "/.git/config",
    "/%2egit/config",
    "/index.html%00.png",
    "/%ff",
    "/models",
    "/nothing.html",
    "/index.html/",
    "/" + "a" * 300,
    "/" + "a/" * 1000,
    "/etc/passwd",
    "/%2fetc/passwd",
    "//etc/passwd",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_outside_the_folder_is_sent(browser: Browser, path: str) -> None:
    reply = browser.get(path)
    assert reply.status == 404, reply.text
    assert (
        "secret" not in reply.text.replace(path, "")
        and "hidden" not in reply.text
        and "root:" not in reply.text
    )


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_outside_the_folder_is_found(site: Path, path: str) -> None:
    with pytest.raises(Unanswered) as refused:
        site_file(site, path)
    assert refused.value.status == 404


def test_an_absolute_path_with_the_folder_in_it_is_outside(browser: Browser, site: Path) -> None:
    assert browser.get("/" + quote(str(site / "index.html"))).status == 404


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("/", "the site", "text/html; charset=utf-8"),
        ("/index.html?sort=PESQ", "the site", "text/html; charset=utf-8"),
        ("/models/", "all models", "text/html; charset=utf-8"),
        ("/app.js", "let a", "text/javascript; charset=utf-8"),
    ],
)
def test_files_of_the_site_are_sent_with_their_kind_and_a_policy(
    browser: Browser, path: str, text: str, kind: str
) -> None:
    reply = browser.get(path)
    assert reply.status == 200 and text in reply.text
    assert reply.headers["Content-Type"] == kind
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    policy = reply.headers["Content-Security-Policy"]
    assert "'unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert int(reply.headers["Content-Length"]) == len(reply.text)


def test_the_head_of_a_file_is_sent_without_the_file(browser: Browser) -> None:
    reply = browser.ask("HEAD", "/app.js")
    assert (reply.status, reply.text, reply.headers["Content-Length"]) == (200, "", "9")
