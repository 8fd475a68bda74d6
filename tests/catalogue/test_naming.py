"""Which model a row label means."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from litdb.catalogue.database.schema import DocumentRow, ModelRow, NameRow, StoredRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.derive import derive
from litdb.catalogue.naming import Naming, find_model
from litdb.catalogue.record import PaperFacts, put_paper
from litdb.errors import Ambiguous, NotFound
from litdb.extract.types import Reference
from litdb.values.names import fold_name, slug
from tests.catalogue.scenes import extraction, put, values_of

ONE, TWO = "2401.00011", "2402.00022"


def document(arxiv_id: str) -> str:
    return f"latex:arXiv:{arxiv_id}v1"


def seeded(store: Store, *models: tuple[str, str], scope: str = "") -> None:
    """Models of the seed: key and name."""
    with store.write() as session:
        naming = Naming(session)
        for key, name in models:
            naming.make(name, key=key, made_by="seed", scope=scope)


def read(store: Store, arxiv_id: str, *lines: tuple[str, str, bool]) -> None:
    with store.write() as session:
        put(session, arxiv_id, extraction(list(lines)))


def derive_all(store: Store) -> None:
    with store.write() as session:
        derive(session, list(session.scalars(select(DocumentRow.id))))


def rows(store: Store) -> list[tuple[str, str, str]]:
    """Document, label and model of every source row."""
    with store.read() as session:
        query = select(DocumentRow.key, StoredRow.label, ModelRow.key).select_from(StoredRow)
        query = query.join(DocumentRow, DocumentRow.id == StoredRow.document_id)
        query = query.join(ModelRow, ModelRow.id == StoredRow.model_id)
        return sorted((a, b, c) for a, b, c in session.execute(query))


def status_of(store: Store, model: str, arxiv_id: str) -> str:
    return values_of(store, model)[document(arxiv_id)][1]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("MP-SENet", "MPSENet", True),
        ("DPT-FSNET", "DPT FSNet", True),
        ("MetricGAN", "MetricGAN+", False),
        ("UL-UNAS†", "UL-UNAS‡", False),
        ("µNet", "μnet", True),
        ("CMGAN", "CMGAN-S", False),
    ],
)
def test_names_are_compared_by_letters_and_distinguishing_marks(one: str, other: str, same: bool) -> None:
    assert (fold_name(one) == fold_name(other)) is same


@pytest.mark.parametrize("name", ["†", "+", "…", "模型", " "])
def test_every_name_folds_and_slugs_to_something_of_its_own(name: str) -> None:
    assert slug(name)
    assert fold_name(name) or not name.strip()


def test_a_quoted_name_that_nobody_knows_becomes_a_model_that_others_share(store: Store) -> None:
    read(store, ONE, ("Alfa", "2.50", False))
    read(store, TWO, ("ALFA", "2.51", False))
    assert set(values_of(store, "Alfa")) == {document(ONE), document(TWO)}


def test_the_paper_that_proposes_a_quoted_model_takes_it_over(store: Store) -> None:
    read(store, ONE, ("Alfa", "2.50", False))
    read(store, TWO, ("Alfa", "2.52", True))
    assert set(values_of(store, "Alfa")) == {document(ONE), document(TWO)}
    with store.read() as session:
        assert find_model(session, "Alfa").paper.arxiv_id == TWO


def test_two_papers_that_propose_one_name_have_two_models(store: Store) -> None:
    read(store, ONE, ("Alfa", "2.50", True))
    read(store, TWO, ("Alfa", "3.00", True))
    assert [model for _, _, model in rows(store)] == ["Alfa", f"Alfa@arXiv:{TWO}"]
    before = rows(store)
    derive_all(store)
    assert rows(store) == before


def test_an_ambiguous_name_is_not_guessed_at_and_stays_proposed_when_derived_again(store: Store) -> None:
    seeded(store, ("Alfa-2023", "Alfa"), ("Alfa-long", "Alfa"))
    read(store, ONE, ("Alfa", "2.50", False), ("Beta", "2.60", False))
    (stand_in,) = [model for _, label, model in rows(store) if label == "Alfa"]
    assert stand_in not in ("Alfa-2023", "Alfa-long")
    assert status_of(store, stand_in, ONE) == "proposed"
    assert status_of(store, "Beta", ONE) == "accepted"
    before = rows(store)
    for _ in range(2):
        derive_all(store)
        assert rows(store) == before
        assert status_of(store, stand_in, ONE) == "proposed"
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(ModelRow)) == 4


@pytest.mark.parametrize(
    "entry",
    [
        Reference(key="ref", text="", arxiv_id=TWO),
        Reference(key="ref", text="A. Two, “A Network of the Second Kind,” in Proc. X, 2024."),
        Reference(key="ref", text="", doi="10.1000/TWO"),
    ],
)
def test_a_cited_paper_tells_two_models_of_one_name_apart(store: Store, entry: Reference) -> None:
    with store.write() as session:
        naming = Naming(session)
        for arxiv_id in (ONE, TWO):
            which = "second" if arxiv_id == TWO else "first"
            doi = "10.1000/two" if arxiv_id == TWO else None
            facts = PaperFacts(title=f"A network of the {which} kind", arxiv_id=arxiv_id, doi=doi)
            paper = put_paper(session, facts)
            naming.make("Alfa", key=f"Alfa-{arxiv_id}", made_by="seed", paper=paper)
    seen = extraction([("Alfa", "2.50", False)])
    table = seen.tables[0]
    cited = replace(table, readings=tuple(replace(r, cites=("ref",)) for r in table.readings))
    with store.write() as session:
        put(session, "2403.00033", replace(seen, tables=(cited,), references=(entry,)))
    assert rows(store) == [(document("2403.00033"), "Alfa", f"Alfa-{TWO}")]


def test_a_stand_in_gives_way_when_the_name_is_settled(store: Store) -> None:
    seeded(store, ("Alfa-2023", "Alfa"), ("Alfa-long", "Alfa"))
    read(store, ONE, ("Alfa", "2.50", False))
    with store.write() as session:
        second = select(NameRow).join(ModelRow).where(ModelRow.key == "Alfa-long")
        session.delete(session.scalars(second).one())
    derive_all(store)
    assert status_of(store, "Alfa-2023", ONE) == "accepted"


def test_a_name_within_a_paper_goes_before_the_same_name_everywhere(store: Store) -> None:
    seeded(store, ("Alfa", "Alfa"))
    seeded(store, ("Alfa-here", "Alfa"), scope=f"arXiv:{ONE}")
    read(store, ONE, ("Alfa", "2.50", False))
    read(store, TWO, ("Alfa", "2.60", False))
    assert [model for _, _, model in rows(store)] == ["Alfa-here", "Alfa"]


def test_ablation_rows_stay_in_their_paper(store: Store) -> None:
    from dataclasses import replace

    for arxiv_id in (ONE, TWO):
        seen = extraction([("w/o attention", "2.50", True)])
        table = seen.tables[0]
        ablations = tuple(replace(r, kind="ablation") for r in table.readings)
        with store.write() as session:
            put(session, arxiv_id, replace(seen, tables=(replace(table, readings=ablations),)))
    models = [model for _, _, model in rows(store)]
    assert len(set(models)) == 2
    with store.read() as session:
        kinds = session.scalars(select(ModelRow.kind).where(ModelRow.key.in_(models)))
        assert set(kinds) == {"ablation"}


def test_find_model_knows_keys_names_and_near_names(store: Store) -> None:
    seeded(store, ("Alfa-2023", "Alfa"), ("Alfa-long", "Alfa"), ("Betanet", "BetaNet"))
    with store.read() as session:
        assert find_model(session, "Alfa-long").key == "Alfa-long"
        assert find_model(session, "beta-net").key == "Betanet"
        with pytest.raises(Ambiguous, match="Alfa-2023, Alfa-long"):
            find_model(session, "alfa")
        with pytest.raises(NotFound, match="did you mean BetaNet"):
            find_model(session, "BetaNett")
        with pytest.raises(NotFound, match="litdb models"):
            find_model(session, "")


def test_keys_stay_unique(store: Store) -> None:
    with store.write() as session:
        naming = Naming(session)
        keys = [naming.make("A B", scope=scope).key for scope in ("", "", "", "p", "p", "p")]
    assert len(set(keys)) == 6
    assert keys[0] == "A-B"


def test_the_same_name_twice_changes_nothing(store: Store) -> None:
    with store.write() as session:
        naming = Naming(session)
        model = naming.make("Alfa")
        again = naming.name(model, "ALFA")
        assert again.name == "Alfa"
        assert session.scalar(select(func.count()).select_from(NameRow)) == 1
