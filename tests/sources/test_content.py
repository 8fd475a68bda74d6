"""E-print first, HTML second, and a plain word when there is only a PDF."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from litdb.errors import CacheMiss, SourceError, TooLarge, UsageError
from litdb.sources.arxiv import ArxivSource
from litdb.sources.html import decode_html, ends_early, is_paper
from litdb.sources.types import ArxivId
from tests.support.papers import HTML_ONLY, html_table
from tests.support.replay import FaultKind, ReplayServer, SyntheticPaper, SyntheticVersion

from .conftest import Opener

IMSE = ArxivId("2511.14515")
WHEN = datetime(2025, 3, 1, tzinfo=UTC)


def test_versions_differ_where_their_tables_do(source: ArxivSource) -> None:
    for version, pesq in ((1, "3.373"), (2, "3.399")):
        fetched = source.content(IMSE, version)
        assert (fetched.kind, fetched.version, fetched.note) == ("latex", version, "")
        assert sorted(fetched.files) == ["main.tex", "tables/results.tex"]
        assert pesq in fetched.files["tables/results.tex"]
        assert hashlib.sha256(fetched.path.read_bytes()).hexdigest() == fetched.sha256


def test_a_second_fetch_asks_nothing(open_source: Opener, replay: ReplayServer) -> None:
    first = [open_source().content(ArxivId(paper), 1) for paper in ("2511.14515", "2402.00002", "2401.00001")]
    asked = len(replay.requests)
    assert asked == 5
    for earlier in first:
        for offline in (False, True):
            again = open_source(offline=offline).content(earlier.arxiv_id, 1)
            assert again.from_cache
            assert not earlier.from_cache
            assert (again.sha256, again.kind, dict(again.files)) == (
                earlier.sha256,
                earlier.kind,
                dict(earlier.files),
            )
            assert again.fetched_at == earlier.fetched_at
    assert len(replay.requests) == asked


def test_one_gzipped_file(source: ArxivSource) -> None:
    fetched = source.content(ArxivId.parse("2406.04589v1"))
    assert fetched.kind == "latex"
    assert list(fetched.files) == ["main.tex"]
    assert "3.37" in fetched.files["main.tex"]


def test_html_is_the_second_source(source: ArxivSource, replay: ReplayServer) -> None:
    fetched = source.content(ArxivId("2402.00002"), 1)
    assert fetched.kind == "html"
    assert fetched.files == {"index.html": HTML_ONLY.versions[0].html}
    assert fetched.note == "arXiv has no source of it; read from HTML"
    assert [seen.path for seen in replay.requests] == ["/e-print/2402.00002v1", "/html/2402.00002v1"]


def test_a_pdf_is_said_to_be_all_there_is(source: ArxivSource) -> None:
    fetched = source.content(ArxivId("2401.00001"), 1)
    assert fetched.kind == "pdf-only"
    assert len(fetched.files) == 0
    assert fetched.note == "its e-print is a PDF only, and arXiv has no HTML of it"
    assert fetched.path.read_bytes().startswith(b"%PDF")


def test_a_pdf_with_html_is_read_from_html(source: ArxivSource, replay: ReplayServer) -> None:
    page = html_table([("A", "-", "3.00", "-", "-", "-", "-")], "Results")
    version = SyntheticVersion(WHEN, pdf=b"%PDF-1.5", html=page)
    replay.add(SyntheticPaper("2503.00001", "T", ("A",), (version,)))
    fetched = source.content(ArxivId("2503.00001"), 1)
    assert (fetched.kind, fetched.note) == ("html", "its e-print is a PDF only; read from HTML")


def test_neither_source_nor_html_is_an_error_that_a_retry_does_not_mend(
    source: ArxivSource, replay: ReplayServer
) -> None:
    notice = "<html><body>HTML is not available for the source.</body></html>"
    replay.add(SyntheticPaper("2503.00002", "T", ("A",), (SyntheticVersion(WHEN, html=notice),)))
    with pytest.raises(SourceError, match="neither source nor HTML") as caught:
        source.content(ArxivId("2503.00002"), 1)
    assert not caught.value.retry


def test_a_bomb_without_html_is_refused_and_with_html_is_passed_over(
    source: ArxivSource, replay: ReplayServer
) -> None:
    bomb = gzip.compress(b"\\" * 17_000_000)
    page = html_table([("A", "-", "3.00", "-", "-", "-", "-")], "Results")
    for number, html in ((3, None), (4, page)):
        version = SyntheticVersion(WHEN, pdf=bomb, html=html)
        replay.add(SyntheticPaper(f"2503.0000{number}", "T", ("A",), (version,)))
    with pytest.raises(TooLarge, match="more than 16,000,000 bytes"):
        source.content(ArxivId("2503.00003"), 1)
    fetched = source.content(ArxivId("2503.00004"), 1)
    assert (fetched.kind, fetched.note) == ("html", "its e-print passes the bounds; read from HTML")


def test_offline_without_a_copy_says_so(open_source: Opener) -> None:
    with pytest.raises(CacheMiss, match=r"2511\.14515v1 is not in the cache"):
        open_source(offline=True).content(IMSE, 1)


def test_a_version_must_be_named(source: ArxivSource) -> None:
    with pytest.raises(UsageError, match=r"2511\.14515v1"):
        source.content(IMSE)


def test_half_a_page_of_html_is_asked_for_again(source: ArxivSource, replay: ReplayServer) -> None:
    replay.fault("truncated-gzip", "/html/")
    assert source.content(ArxivId("2402.00002"), 1).files["index.html"].endswith("</html>\n")


def test_a_failure_between_source_and_html_is_completed_later(
    open_source: Opener, replay: ReplayServer
) -> None:
    fault = replay.fault("503", "/html/", times=99)
    with pytest.raises(SourceError, match="HTTP 503"):
        open_source().content(ArxivId("2401.00001"), 1)
    fault.times = 0
    assert open_source().content(ArxivId("2401.00001"), 1).kind == "pdf-only"
    assert sum(seen.path.startswith("/e-print/") for seen in replay.requests) == 1


def test_bytes_lost_from_the_cache_are_fetched_again(open_source: Opener, tmp_path: Path) -> None:
    first = open_source().content(IMSE, 1)
    first.path.write_bytes(b"damaged on disk")
    again = open_source().content(IMSE, 1)
    assert not again.from_cache
    assert again.sha256 == first.sha256


def test_html_is_decoded_as_it_declares() -> None:
    assert decode_html("<p>Müller</p>".encode()) == "<p>Müller</p>"
    assert decode_html('<meta charset="iso-8859-1">ü'.encode("latin-1")).endswith("ü")
    assert decode_html(b"\xef\xbb\xbf<p>") == "<p>"
    assert decode_html(b"<meta charset=nonsense>\xfc").endswith("ü")


def test_tells_a_paper_from_a_notice_and_a_whole_page_from_half_of_one() -> None:
    page = html_table([("A", "-", "3.00", "-", "-", "-", "-")], "Results")
    assert is_paper(page)
    assert not is_paper("<html><body><p class='note'>No HTML for this paper</p></body></html>")
    assert not ends_early(page)
    assert ends_early(page[:-20])


@pytest.mark.parametrize("kind", ["page", "gzip-page", "json", "html-body"])
@pytest.mark.parametrize("paper", ["2511.14515", "2401.00001", "2402.00002"])
def test_a_page_in_place_of_an_eprint_is_tried_again_and_never_kept(
    open_source: Opener, replay: ReplayServer, kind: FaultKind, paper: str
) -> None:
    replay.fault(kind, "/e-print/", times=4)
    with pytest.raises(SourceError, match="instead of the e-print") as caught:
        open_source().content(ArxivId(paper), 1)
    assert caught.value.retry
    right = {"2511.14515": "latex", "2401.00001": "pdf-only", "2402.00002": "html"}[paper]
    assert open_source().content(ArxivId(paper), 1).kind == right


def test_a_page_that_is_not_the_paper_is_no_absence_of_html(
    open_source: Opener, replay: ReplayServer
) -> None:
    replay.fault("html-body", "/html/", times=4)
    with pytest.raises(SourceError, match="neither") as caught:
        open_source().content(ArxivId("2402.00002"), 1)
    assert caught.value.retry
    assert open_source().content(ArxivId("2402.00002"), 1).kind == "html"


def test_a_page_that_an_earlier_litdb_kept_as_an_eprint_is_fetched_again(
    open_source: Opener, tmp_path: Path, replay: ReplayServer
) -> None:
    source = open_source()
    source._cache.put(
        ArxivId("2511.14515", 1), "eprint", b"<html>\\documentation</html>", url="https://arxiv.org"
    )
    assert source.content(ArxivId("2511.14515"), 1).kind == "latex"


def test_a_redirect_to_no_address_is_an_error_of_that_paper(
    open_source: Opener, replay: ReplayServer
) -> None:
    replay.fault("redirect-malformed", "/e-print/")
    with pytest.raises(SourceError, match="no web address"):
        open_source().content(IMSE, 1)
    assert open_source().content(IMSE, 1).kind == "latex"


@pytest.mark.parametrize(
    "url", ["http://[", "https://[::1", "https://a b:port", "https://" + "x" * 70 + ".org", "nothing"]
)
def test_a_malformed_address_of_arxiv_is_refused(open_source: Opener, url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        ArxivSource(tmp_path, api_url=url, content_url=url)
