"""Identifiers as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litdb.errors import UsageError
from litdb.sources.types import ArxivId, PaperRecord


@pytest.mark.parametrize(
    ("text", "id", "version"),
    [
        ("2107.05580", "2107.05580", None),
        ("2107.05580v1", "2107.05580", 1),
        (" arXiv:2107.05580v12 ", "2107.05580", 12),
        ("arXiv:2107.05580v1 [cs.SD]", "2107.05580", 1),
        ("0808.0539", "0808.0539", None),
        ("quant-ph/0201082v1", "quant-ph/0201082", 1),
        ("math.GT/0309136", "math/0309136", None),
        ("https://arxiv.org/abs/2107.05580v2", "2107.05580", 2),
        ("http://export.arxiv.org/abs/quant-ph/0201082v1", "quant-ph/0201082", 1),
        ("https://arxiv.org/pdf/2107.05580v2.pdf", "2107.05580", 2),
        ("https://www.arxiv.org/pdf/2107.05580", "2107.05580", None),
        ("https://arxiv.org/html/2107.05580v1#S4.T1", "2107.05580", 1),
        ("arxiv.org/abs/2107.05580?context=cs", "2107.05580", None),
        ("https://doi.org/10.48550/arXiv.2107.05580", "2107.05580", None),
    ],
)
def test_parses_what_people_write(text: str, id: str, version: int | None) -> None:
    assert ArxivId.parse(text) == ArxivId(id, version)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "2107.055",
        "2107.05580v0",
        "2107.05580v",
        "https://example.org/abs/2107.05580",
        "https://arxiv.org/abs/../etc",
        "https://arxiv.org.evil.test/abs/2107.05580",
        "quant-ph/020108",
        "2107.05580 2107.05581",
        "٢١٠٧.05580",
    ],
)
def test_refuses_what_is_no_id_and_shows_one(text: str) -> None:
    with pytest.raises(UsageError, match=r"2107\.05580v1"):
        ArxivId.parse(text)


@given(
    st.from_regex(r"[0-9]{4}\.[0-9]{5}|[a-z]{2,8}(-[a-z]{2,4})?/[0-9]{7}", fullmatch=True),
    st.one_of(st.none(), st.integers(1, 9999)),
)
def test_what_is_printed_reads_back(id: str, version: int | None) -> None:
    assert ArxivId.parse(str(ArxivId(id, version))) == ArxivId(id, version)


def test_a_paper_is_the_same_in_every_version() -> None:
    first, second = ArxivId.parse("2107.05580v1"), ArxivId.parse("2107.05580v2")
    assert first != second
    assert first.same_paper(second)
    assert first.paper == second.paper


def test_a_record_survives_json() -> None:
    record = PaperRecord(
        arxiv_id=ArxivId("quant-ph/0201082"),
        version=1,
        title="Wörter",
        authors=("A", "B"),
        first_submitted=date(2002, 1, 18),
        updated=date(2002, 1, 19),
        doi=None,
        journal_ref="J. 1",
        comment=None,
        categories=("quant-ph", "cs.PL"),
        newest_version=3,
    )
    assert PaperRecord.from_json(record.as_json()) == record
