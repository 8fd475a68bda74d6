"""The field into its index: files whole or not at all, arXiv's listing page by page, faults on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from litdb.catalogue.index.field_index import FieldIndex, Taken
from litdb.errors import InputError, SourceError, UsageError
from litdb.intake.field import load_file, update_category
from litdb.sources.field.oai import ListingSource, set_of
from litdb.sources.web.transport import Patience
from tests.support.listing import Entry, Listing
from tests.support.service import Answer

ENTRIES = [Entry(f"2501.0000{n}", f"Paper {n}") for n in range(5)]


@pytest.fixture
def listing() -> Iterator[Listing]:
    listing = Listing(ENTRIES)
    with listing.service:
        yield listing


@pytest.fixture
def index(tmp_path: Path) -> Iterator[FieldIndex]:
    with FieldIndex(tmp_path / "field.db", write=True) as opened:
        yield opened


def source(listing: Listing, folder: Path) -> ListingSource:
    return ListingSource(
        folder / "cache", url=listing.service.url, delay=0.0, patience=Patience(2.0, 2.0, 5.0)
    )


def update(listing: Listing, index: FieldIndex, folder: Path, most: int = 99) -> Taken:
    with source(listing, folder) as arxiv:
        return list(islice(update_category(index, arxiv, "cs.SD"), most))[-1].taken


def test_a_listing_is_taken_in_page_by_page_and_then_what_changed(
    listing: Listing, index: FieldIndex, tmp_path: Path
) -> None:
    assert update(listing, index, tmp_path) == Taken(new=5)
    assert len(listing.service.requests) == 3
    assert listing.service.requests[0].query["set"] == "cs:cs:SD"
    paper = index.paper("2501.00003")
    assert paper is not None
    assert (paper.version, paper.first_submitted) == (1, dt.date(2025, 11, 18))
    assert paper.authors == ("Ada One", "Bea Two", "Cem Three") and paper.abstract.startswith("A synthetic")
    assert index.listing("cs.SD").through == dt.date(2026, 6, 1)

    both = ("Tue, 18 Nov 2025 14:03:00 GMT", "Tue, 2 Jun 2026 09:00:00 GMT")
    listing.entries = [*ENTRIES[2:], replace(ENTRIES[0], changed="2026-06-02", versions=both), Entry("2501.00001", changed="2026-06-02", versions=())]  # fmt: skip
    listing.day = "2026-06-03"
    assert update(listing, index, tmp_path) == Taken(changed=1, gone=1)
    assert listing.service.requests[-1].query["from"] == "2026-06-01"
    listing.day = "2026-07-01"
    assert update(listing, index, tmp_path) == Taken()  # nothing since 2026-06-03
    assert index.listing("cs.SD").through == dt.date(2026, 7, 1)


def test_a_stopped_listing_goes_on_and_asks_nothing_twice(
    listing: Listing, index: FieldIndex, tmp_path: Path
) -> None:
    update(listing, index, tmp_path, most=1)
    assert index.status().papers == 2 and index.listing("cs.SD").token
    listing.day = "2026-06-09"
    assert update(listing, index, tmp_path) == Taken(new=3)
    asked = [tuple(sorted(request.query.items())) for request in listing.service.requests]
    assert len(asked) == len(set(asked)) == 3
    assert index.listing("cs.SD").through == dt.date(2026, 6, 1)  # the day of its first page


def test_a_listing_that_arxiv_forgot_begins_anew(listing: Listing, index: FieldIndex, tmp_path: Path) -> None:
    update(listing, index, tmp_path, most=1)
    listing.forget()
    assert update(listing, index, tmp_path) == Taken(new=3, known=2)


def test_faults_on_the_way_cost_time_and_nothing_else(
    listing: Listing, index: FieldIndex, tmp_path: Path
) -> None:
    listing.service.faults = [
        Answer(b"busy", 503, "text/plain", {"Retry-After": "0"}),
        Answer(b"<OAI-PMH", 200, "text/xml"),
        Answer(b"x" * 5000, 200, "text/xml", cut=True),
    ]
    assert update(listing, index, tmp_path) == Taken(new=5)
    listing.service.faults = [Answer(b"busy", 503, "text/plain", {"Retry-After": "900"})]
    with pytest.raises(SourceError, match="no requests before"):
        update(listing, index, tmp_path)
    assert index.status().papers == 5


def test_what_arxiv_refuses_is_said_with_its_words(
    listing: Listing, index: FieldIndex, tmp_path: Path
) -> None:
    listing.service.faults = [
        Answer(b"<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><responseDate>2026-06-01T00:00:00Z</responseDate>"
               b"<error code='badArgument'>no such set</error></OAI-PMH>", kind="text/xml")
    ]  # fmt: skip
    with pytest.raises(SourceError, match="badArgument: no such set"):
        update(listing, index, tmp_path)


def test_a_record_that_cannot_be_read_is_named(listing: Listing, index: FieldIndex, tmp_path: Path) -> None:
    listing.entries = [Entry("2501.00001", title=" "), Entry("2501.00002")]
    with source(listing, tmp_path) as arxiv:
        (page,) = update_category(index, arxiv, "cs.SD")
    assert page.taken == Taken(new=1)
    assert [one.place for one in page.unlisted] == ["2501.00001"]


def test_a_file_is_taken_in_for_the_field_alone(index: FieldIndex, tmp_path: Path) -> None:
    file = tmp_path / "list.tsv"
    file.write_text(
        "arxiv_id\ttitle\tcategories\n2501.1\tX\n2501.00001\tOne\tcs.SD\n2501.00002\tTwo\tmath.AG\n2501.00003\tThree\n"
    )
    found = load_file(index, file)
    assert (found.taken, found.other, found.unusable) == (Taken(new=2), 1, 1)
    assert load_file(index, file, ()).taken == Taken(new=1, known=2)
    file.write_text("arxiv_id\ttitle\nx\ty\n")
    with pytest.raises(InputError, match=r"no record of list\.tsv can be used; line 2"):
        load_file(index, file)


def test_the_set_of_a_category() -> None:
    assert set_of("eess.AS") == "eess:eess:AS"
    for wrong in ("cs", "cs.", "c s.SD", "cs.SD&x=1"):
        with pytest.raises(UsageError):
            set_of(wrong)
