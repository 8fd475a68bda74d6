"""Papers found by what people call them."""

from __future__ import annotations

import pytest

from litdb.catalogue.database.session import Store
from litdb.catalogue.papers import find_paper
from litdb.errors import NotFound
from tests.catalogue.scenes import doubtful, extraction, put

ONE, TWO = "2401.00011", "2402.00022"


@pytest.fixture
def filled(store: Store) -> Store:
    with store.write() as session:
        put(session, ONE, extraction([("Netta", "3.10", True), ("Alfa", "2.50", False)]), title="Netta paper")
        put(session, TWO, doubtful(extraction([("Alfa", "2.90", False), ("Netta", "3.05", False)])))
    return store


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        f"arXiv:{ONE}",
        f"arxiv:{ONE}v1",
        f"{ONE}v3",
        f"https://arxiv.org/abs/{ONE}",
        f"https://arxiv.org/abs/{ONE}v1",
    ],
)
def test_a_paper_by_any_form_of_its_id(filled: Store, text: str) -> None:
    with filled.read() as session:
        assert find_paper(session, text).arxiv_id == ONE


def test_a_paper_by_doi_and_an_unknown_one(filled: Store) -> None:
    with filled.write() as session:
        find_paper(session, ONE).doi = "10.1000/AbC.1"
    with filled.read() as session:
        for text in ("10.1000/abc.1", "doi:10.1000/ABC.1", "https://doi.org/10.1000/abc.1"):
            assert find_paper(session, text).arxiv_id == ONE
        with pytest.raises(NotFound, match=r"litdb fetch 2403\.00033"):
            find_paper(session, "2403.00033")
