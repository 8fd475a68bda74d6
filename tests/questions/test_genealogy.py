"""Who copied from whom, on three models of the shipped catalogue. The lists were written by hand from the printed rows.

PHASEN: its own paper is not in the catalogue. Seven papers print CSIG 4.21, CBAK 3.55, COVL 3.62; MUSE was the first to print 4.18,
3.45, 3.50, and Dense-TSNet and IMSE print the same. IMSE has MUSE's STOI besides, which Dense-TSNet does not have.
TSTNN: its own table is known. Five papers agree with it; DB-AIAT and CMGAN each print composites that no other source has.
DEMUCS: its own paper is not in the catalogue. DB-AIAT and CMGAN share 128M parameters, MP-SENet (2023), MUSE and IMSE 33.53M, TSTNN and
MANNER the CBAK 3.4 where others print 3.40; aTENNuate's PESQ 2.56 is of another setting. IMSE's table shares PHASEN's slips with
MUSE's, so its row of DEMUCS is from there rather than from MP-SENet.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import litdb
from litdb.catalogue.database.places import shipped_path
from litdb.errors import NotFound, UsageError

DB_AIAT, MANNER, CMGAN = "2110.06467", "2203.02181", "2203.15149"
TSTNN, MP_SENET, MUSE = "2103.09963", "2305.13686", "2406.04589"
DENSE_TSNET, SEUNET, IMSE = "2409.11725", "2412.16626", "2511.14515"
ATENNUATE = "2409.03377"


@pytest.fixture(scope="module")
def shipped() -> Iterator[litdb.Catalogue]:
    with litdb.open(shipped_path()) as opened:
        yield opened


def edges(shipped: litdb.Catalogue, model: str, metric: str) -> set[tuple[str, str, str]]:
    found = shipped.genealogy(model, metric)
    return {
        (edge.child.row.document.arxiv_id, edge.parent.row.document.arxiv_id, edge.kind)
        for edge in found.edges
    }


@pytest.mark.parametrize("metric", ["CSIG", "CBAK", "COVL"])
def test_phasen(shipped: litdb.Catalogue, metric: str) -> None:
    assert edges(shipped, "PHASEN", metric) == {(DENSE_TSNET, MUSE, "slip"), (IMSE, MUSE, "slip")}


def test_the_two_cells_that_speak_for_an_edge(shipped: litdb.Catalogue) -> None:
    for edge in shipped.genealogy("PHASEN", "CSIG").edges:
        assert (edge.child.printed, edge.parent.printed) == ("4.18", "4.18")
        assert edge.child.metric == edge.parent.metric == "CSIG"
        assert edge.child.row.document.date > edge.parent.row.document.date  # type: ignore[operator]


@pytest.mark.parametrize("metric", ["CSIG", "COVL"])
def test_tstnn(shipped: litdb.Catalogue, metric: str) -> None:
    from_the_original = {MANNER, MUSE, DENSE_TSNET, SEUNET, IMSE}
    assert edges(shipped, "TSTNN", metric) == {(child, TSTNN, "original") for child in from_the_original}
    found = shipped.genealogy("TSTNN", metric)
    assert {value.row.document.arxiv_id for value in found.unexplained} == {DB_AIAT, CMGAN}


def test_demucs(shipped: litdb.Catalogue) -> None:
    assert edges(shipped, "DEMUCS", "CBAK") == {
        (MANNER, TSTNN, "form"), (CMGAN, DB_AIAT, "slip"), (MUSE, MP_SENET, "form"), (IMSE, MUSE, "form"),
    }  # fmt: skip


def test_a_number_of_its_own_has_no_parent(shipped: litdb.Catalogue) -> None:
    found = shipped.genealogy("DEMUCS", "PESQ")
    assert ATENNUATE not in {edge.child.row.document.arxiv_id for edge in found.edges}
    assert ATENNUATE in {value.row.document.arxiv_id for value in found.unexplained}


def test_unknown_words(shipped: litdb.Catalogue) -> None:
    with pytest.raises(NotFound):
        shipped.genealogy("NoSuchNet", "PESQ")
    with pytest.raises(UsageError):
        shipped.genealogy("PHASEN", "NOTAMETRIC")
