"""The desk does what `litdb review` does: every button is a decision in the catalogue, and can be taken back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import litdb
from litdb.site.desk.desk import Desk
from tests.site.desk.conftest import Browser, Reply
from tests.support.pdf import Sheet, pdf


@pytest.fixture
def path(browser: Browser) -> str:
    return browser.get("/desk/").tables[0]


def send(browser: Browser, path: str, page: Reply | None = None, **fields: str | list[str]) -> Reply:
    page = page or browser.get(path)
    return browser.post(path, {"form": page.form, "shown": page.shown, **fields})


def test_the_list_says_what_waits(browser: Browser) -> None:
    page = browser.get("/desk/")
    assert "8 readings in 2 tables" in page.text
    assert len(page.tables) == 2
    assert "the metric is named only in the caption" in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?paper=2501.00001&only=quoted", "4 readings in 1 table"),
        ("?only=self", "4 readings in 2 tables"),
        ("?paper=2501.9", "2501.9"),
        ("?only=x", "only x"),
        ("?page=99", "8 readings"),
        ("?page=%C2%B2", "8 readings"),
    ],
)
def test_the_list_can_be_narrowed(browser: Browser, query: str, said: str) -> None:
    reply = browser.get(f"/desk/{query}")
    assert reply.status == 200 and said in reply.text


def test_a_table_of_a_pdf_stands_beside_a_picture_of_its_page(
    browser: Browser, waiting: litdb.Catalogue, tmp_path: Path
) -> None:
    file = tmp_path / "paper.pdf"
    sheet = Sheet().text(80, 640, "Table 1: Comparison on VoiceBank+DEMAND.")
    rows = [
        ["Model", "PESQ", "STOI"],
        ["Noisy", "1.97", "0.92"],
        ["FooNet [3]", "3.01", "0.94"],
        ["QuxNet (Ours)", "3.28", "0.95"],
    ]
    sheet.table(rows, x=(80.0, 220.0, 280.0), y=612)
    file.write_bytes(pdf([sheet]))
    waiting.ingest(file, arxiv="2502.00009v1")
    (path,) = browser.get("/desk/?paper=2502.00009").tables
    page = browser.get(path)
    assert f'<img src="{path}/page.png" alt="Page 1 of the PDF, with a box around the table' in page.text
    reply = browser.get(f"{path}/page.png")
    assert (reply.status, reply.headers["Content-Type"]) == (200, "image/png")
    assert reply.body.startswith(b"\x89PNG")
    assert Browser(browser.server).get(f"{path}/page.png").status == 403
    assert browser.get(path.replace(path[-16:], "0" * 16) + "/page.png").status == 404
    other = next(one for one in browser.get("/desk/").tables if one != path)
    assert browser.get(f"{other}/page.png").status == 400  # read from a text file
    for cached in (Path(os.environ["LITDB_HOME"])).rglob("*"):
        if cached.is_file() and cached.read_bytes()[:5] == b"%PDF-":
            cached.unlink()
    file.unlink()
    page = browser.get(path)
    assert "<img" not in page.text
    assert "is not in the cache" in page.text
    assert browser.get(f"{path}/page.png").status == 500


def test_a_table_is_shown_beside_the_papers_own(browser: Browser, path: str) -> None:
    page = browser.get(path)
    assert "As litdb read it" in page.text and "The paper's own" in page.text
    assert "<mark>2.11</mark>" in page.text
    assert "| FooNet (Ours) | 2.11 | 2.51 |" in page.text  # its source
    assert len(page.readings) == 6


def test_text_from_papers_is_shown_as_text(browser: Browser, path: str) -> None:
    for page in (browser.get("/desk/"), browser.get(path)):
        assert "<script" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe" not in policy


def test_all_of_a_table_is_accepted_and_the_next_is_shown(
    browser: Browser, path: str, waiting: litdb.Catalogue
) -> None:
    other = browser.get("/desk/").tables[1]
    reply = send(browser, path, act="accept all", reason="looked at")
    assert (reply.status, reply.headers["Location"]) == (303, other)
    assert waiting.review().readings == 2
    assert {entry.reason for entry in waiting.history()} == {"looked at"}
    assert "accepted 6 of" in browser.get(other).text


def test_a_row_and_what_is_chosen(browser: Browser, path: str, waiting: litdb.Catalogue) -> None:
    page = browser.get(path)
    keys = [key for name, key in page.readings.items() if name.startswith("Bar")]
    assert send(browser, path, page, act="reject chosen", reading=keys).headers["Location"] == path
    assert send(browser, path, act="accept row 4").status == 303
    left = waiting.review().tables[0].readings
    assert [reading.printed for reading in left] == ["1.20", "1.50"]
    kinds = Counter(entry.kind for entry in waiting.history())
    assert kinds == {"reject": 2, "accept": 2}


def test_a_value_and_a_name_are_corrected(browser: Browser, path: str, waiting: litdb.Catalogue) -> None:
    page = browser.get(path)
    key = next(
        key for name, key in page.readings.items() if name.startswith("FooNet") and name.endswith("2.11")
    )
    assert send(browser, path, page, act="correct chosen", reading=key, value="2.71").status == 303
    both = [key for name, key in browser.get(path).readings.items() if name.startswith("Bar")]
    assert send(browser, path, act="correct chosen", reading=both, model="FooNet").status == 303
    assert waiting.review().readings == 5
    values = waiting.why("FooNet", "PESQ").values
    assert ("2.71", 2.71) in {(value.printed, value.value) for value in values}
    assert {"2.01", "2.31"} <= {value.printed for value in values}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"act": "correct chosen"}, "choose the readings"),
        ({"act": "correct all", "value": "1"}, "one at a time"),
        ({"act": "correct all"}, "say what is right"),
        ({"act": "correct all", "metric": "nonsense"}, "nonsense"),
        ({"act": "correct row 4", "dataset": "no such set"}, "no such set"),
        ({"act": "accept chosen", "reading": "0" * 64}, "no readings of this table"),
        ({"act": "accept row 99"}, "say which readings"),
        ({"act": "accept"}, "say which readings"),
        ({"act": ""}, "say which readings"),
        ({"act": "drop all"}, "say what to do"),
        ({"act": "accept all", "reason": "x" * 501}, "longer than 500"),
        ({"act": ["accept all", "reject all"]}, "2 times"),
        ({"act": "other"}, "no other interpretation"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    browser: Browser, path: str, waiting: litdb.Catalogue, fields: dict[str, str | list[str]], said: str
) -> None:
    reply = send(browser, path, None, **fields)
    assert reply.status in (400, 404) and said in reply.text
    assert 'role="alert"' in reply.text and len(reply.readings) == 6
    assert waiting.review().readings == 8 and not waiting.history()


def test_a_form_that_failed_can_be_sent_again(browser: Browser, path: str, waiting: litdb.Catalogue) -> None:
    page = browser.get(path)
    assert send(browser, path, page, act="accept chosen").status == 400
    assert send(browser, path, page, act="accept all").status == 303


def test_only_what_was_shown_is_decided(browser: Browser, path: str, waiting: litdb.Catalogue) -> None:
    page = browser.get(path)
    waiting.accept_all([waiting.review().tables[0].readings[0].key], "meanwhile, in a terminal")
    reply = send(browser, path, page, act="accept all")
    assert reply.status == 404 and "changed since it was shown" in reply.text
    assert waiting.review().readings == 7
    assert len(reply.readings) == 5


def test_a_table_that_was_decided_elsewhere_is_gone(
    browser: Browser, path: str, waiting: litdb.Catalogue
) -> None:
    page = browser.get(path)
    waiting.reject_all([reading.key for reading in waiting.review().tables[0].readings], "in a terminal")
    reply = send(browser, path, page, act="accept all")
    assert reply.status == 404 and "waits any more" in reply.text
    assert browser.get(path).status == 404


def test_steps_are_taken_back_one_by_one(browser: Browser, path: str, waiting: litdb.Catalogue) -> None:
    send(browser, path, act="accept row 2")
    send(browser, path, act="reject row 3")
    for left in (6, 8):
        reply = browser.post("/desk/undo", {"form": browser.form})
        assert (reply.status, reply.headers["Location"]) == (303, path)
        assert waiting.review().readings == left
    reply = browser.post("/desk/undo", {"form": browser.form})
    assert reply.status == 400 and "nothing was done here yet" in reply.text


OFFERED = """# Study of losses

Table 1: Results on VoiceBank+DEMAND

| Loss | Backbone | PESQ | STOI |
|---|---|---|---|
| L1 | Conformer | 2.50 | 0.93 |
| L2 | Conformer | 2.55 | 0.94 |
| SI-SDR loss | Mamba | 2.61 | 0.94 |
| GAN | Mamba | 2.91 | 0.95 |
"""


def test_the_other_interpretation_is_taken_and_taken_back(
    browser: Browser, waiting: litdb.Catalogue, tmp_path: Path
) -> None:
    paper = tmp_path / "two.md"
    paper.write_text(OFFERED, encoding="utf-8")
    waiting.ingest(paper, arxiv="2501.00002v1")
    table = next(one for one in Desk(waiting).tables() if one.table.offered)
    before = [reading.model for reading in table.table.readings]
    page = browser.get(table.page)
    assert table.table.offered.replace("'", "&#39;") in page.text
    assert send(browser, table.page, page, act="other").status == 303
    assert waiting.history()[-1].kind == "read as"
    assert browser.post("/desk/undo", {"form": browser.form}).status == 303
    after = next(one for one in waiting.review().tables if one.paper == table.table.paper)
    assert [reading.model for reading in after.readings] == before


def test_a_decision_whose_cell_changed_is_made_again_or_dropped(
    browser: Browser, waiting: litdb.Catalogue, tmp_path: Path
) -> None:
    keys = [reading.key for reading in waiting.review().tables[0].readings]
    waiting.accept_all(keys[:2], "read twice")
    with waiting.writing() as session:
        from sqlalchemy import text

        session.execute(text("UPDATE decision SET printed = 'another text'"))
    first, second = waiting.review().decisions
    listed = browser.get("/desk/")
    assert f"/desk/decision/{first.uid}" in listed.text and "2 decisions" in listed.text
    for waits, act in ((first, "keep"), (second, "drop")):
        page = browser.get(f"/desk/decision/{waits.uid}")
        assert "another text" in page.text
        assert browser.post(f"/desk/decision/{waits.uid}", {"form": page.form, "act": act}).status == 303
    assert waiting.review().decisions == ()
    reply = browser.post("/desk/undo", {"form": browser.form})
    assert reply.status == 400 and "not brought back" in reply.text


@contextmanager
def writer(place: str) -> Iterator[None]:
    """Another process that holds the write lock."""
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE'); "
        "print('held', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout and process.stdin and process.stdout.readline() == b"held\n"
    try:
        yield
    finally:
        process.stdin.close()
        process.wait(timeout=20)
        process.stdout.close()


def test_another_process_that_writes_is_said(
    server: object, browser: Browser, path: str, waiting: litdb.Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    from litdb.catalogue.database.places import Place

    short = litdb.Catalogue(Place(waiting.place, read_only=False), wait_seconds=0.2)
    browser.server.desk.catalogue = short
    page = browser.get(path)
    with writer(waiting.place):
        reply = send(browser, path, page, act="accept all")
        assert reply.status == 503
        assert (
            "is in use by another process: try again when it has finished; nothing was changed" in reply.text
        )
        assert browser.get("/desk/").status == 200  # reading goes on
    assert waiting.review().readings == 8
    assert send(browser, path, page, act="accept all").status == 303
    short.close()


def test_without_a_site_the_root_is_the_desk(waiting: litdb.Catalogue, browser: Browser) -> None:
    browser.server.folder = None
    assert browser.get("/").headers["Location"] == "/desk/"
    reply = browser.get("/app.js")
    assert reply.status == 404 and "no site is served" in reply.text


@pytest.mark.parametrize(
    "path",
    [
        "/desk/nothing",
        "/desk/table/",
        "/desk/table/xyz",
        "/desk/table/0123456789abcdef",
        "/desk/decision/..%2f",
        "/desk/decision/nothing",
        "/desk/undo",
    ],
)
def test_pages_that_are_not_there(browser: Browser, path: str) -> None:
    assert browser.get(path).status == 404
    assert browser.post(path, {"form": browser.form, "act": "keep"}).status in (400, 404)
