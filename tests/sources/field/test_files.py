"""Files of metadata: what is read, what is left out and said, what is refused."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path

import pytest

from litdb.errors import InputError, TooLarge
from litdb.sources.field import files
from litdb.sources.field.files import read_listing
from litdb.sources.field.listed import Listed, Unlisted, day_of, split_authors

RECORD = {
    "id": "0704.0001",
    "authors": "A. One, B. Two",
    "authors_parsed": [["One", "A.", ""], ["Two", "B.", "Jr."]],
    "title": "A  title\n  on two lines",
    "doi": None,
    "journal-ref": "J. 1",
    "categories": "cs.SD eess.AS",
    "abstract": "  An abstract.\n",
    "versions": [
        {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
        {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
    ],
    "update_date": "2008-11-26",
}


def written(folder: Path, text: str | bytes, name: str = "file.json") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_line_of_the_snapshot_is_a_paper(tmp_path: Path) -> None:
    packed = written(tmp_path, gzip.compress(json.dumps(RECORD).encode()))
    assert list(read_listing(packed)) == [
        Listed(
            "0704.0001",
            "A title on two lines",
            2,
            dt.date(2007, 4, 2),
            "An abstract.",
            ("A. One", "B. Two Jr."),
            ("cs.SD", "eess.AS"),
            "",
            "J. 1",
        )
    ]


def test_a_row_of_a_tsv_is_a_paper_and_what_is_missing_stays_empty(tmp_path: Path) -> None:
    rows = (
        "title\tarxiv_id\tfirst_submitted\tversion\tcategories\n"
        "One\t2511.14515v2\t2025-11-18\t\tcs.SD, eess.AS\nTwo\thep-th/9901001\n"
    )
    first, second = read_listing(written(tmp_path, "\ufeff" + rows))
    assert first == Listed("2511.14515", "One", 2, dt.date(2025, 11, 18), categories=("cs.SD", "eess.AS"))
    assert second == Listed("hep-th/9901001", "Two")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "no JSON"),
        ("[1]", "no JSON object"),
        ('{"id": 7}', "no arXiv id"),
        ('{"id": "0704.0001", "title": "\\u0000"}', "NUL"),
        ('{"id": "0704.0001", "title": "\\ud800"}', "half a character"),
        ('{"id": "0704.0001", "title": "%s"}' % ("x" * 2001), "longer than 2,000"),
        ("{" * 100_000, "no JSON"),
    ],
)
def test_a_line_that_cannot_be_used_costs_itself_alone(tmp_path: Path, line: str, reason: str) -> None:
    good = json.dumps(RECORD)
    first, bad, last = read_listing(written(tmp_path, f"{good}\n{line}\n\n{good}\n"))
    assert isinstance(first, Listed) and isinstance(last, Listed)
    assert isinstance(bad, Unlisted) and bad.place == "line 2" and reason in bad.reason


def test_a_row_with_too_many_cells_is_not_guessed_at(tmp_path: Path) -> None:
    (bad,) = read_listing(written(tmp_path, "arxiv_id\ttitle\n0704.0001\tA\ttab\n"))
    assert isinstance(bad, Unlisted) and "3 cells" in bad.reason


def test_a_day_that_is_none_is_named(tmp_path: Path) -> None:
    head = "arxiv_id\ttitle\tfirst_submitted\n"
    bad, without = read_listing(written(tmp_path, f"{head}0704.0001\tA\tnot-a-date\n0704.0002\tB\t\n"))
    assert isinstance(bad, Unlisted) and "'not-a-date' is no date" in bad.reason
    assert not isinstance(without, Unlisted)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"name\tvalue\n", "neither JSON lines nor a TSV"),
        (b"arxiv_id\ttitle\ttitle\n", "column twice"),
        (b"arxiv_id\ttitle\n\xff\xfe", "not UTF-8"),
        (gzip.compress(b"arxiv_id\ttitle\n" * 100, mtime=0)[:-20], "cut short"),
    ],
)
def test_a_file_of_something_else_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        list(read_listing(written(tmp_path, content)))
    with pytest.raises(InputError, match="folder"):
        list(read_listing(tmp_path))


def test_lines_and_files_without_end_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_OF_LINE", 1000)
    bomb = written(tmp_path, gzip.compress(b'{"id": "' + b"0" * 100_000))
    with pytest.raises(TooLarge, match="line 1"):
        list(read_listing(bomb))
    monkeypatch.setattr(files, "MOST_OF_FILE", 3000)
    with pytest.raises(TooLarge, match="longer than"):
        list(read_listing(written(tmp_path, (json.dumps(RECORD) + "\n") * 10)))


def test_authors_and_days_as_listings_write_them() -> None:
    assert split_authors("Ada One (X (Y), Z), Bea Two and\n  Cem Three") == (
        "Ada One",
        "Bea Two",
        "Cem Three",
    )
    assert split_authors("(" * 50_000) == ()
    assert day_of("Fri, 31 Dec 2021 23:30:00 -0500") == dt.date(2022, 1, 1)
    assert day_of("soon") is None
