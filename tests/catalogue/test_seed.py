"""The shipped catalogue: what its text says is in it, and the same text gives the same catalogue."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import func, select

from litdb.catalogue.database.schema import (
    AbsenceRow,
    CheckpointRow,
    DecisionRow,
    DocumentRow,
    GridRow,
    MetaRow,
    ModelRow,
    PaperRow,
    ProtocolRow,
    ReadingRow,
    ResultRow,
    StoredRow,
)
from litdb.catalogue.database.session import Store
from litdb.catalogue.exchange.check import check
from litdb.catalogue.exchange.dump import diff
from litdb.errors import CatalogueError
from litdb.evidence.components.phrases import Phrases
from litdb.seed.build import build
from litdb.seed.read import rows
from litdb.vocabulary.components import components
from litdb.vocabulary.protocol import Protocol
from tests.catalogue.scenes import text_of


def test_the_same_text_gives_the_same_catalogue(tmp_path: Path, shipped: Store) -> None:
    again = Store(build(tmp_path / "again.db", harvest=False), read_only=True)
    assert text_of(again) == text_of(shipped)
    again.close()


@pytest.mark.slow
def test_the_shipped_file_is_the_one_the_text_builds(tmp_path: Path, whole_file: Path) -> None:
    whole = Store(build(tmp_path / "whole.db"), read_only=True)
    store = Store(whole_file, read_only=True)
    assert [str(difference) for difference in diff(store, whole)] == []
    assert text_of(store) == text_of(whole)
    assert check(whole) == []
    store.close()
    whole.close()


def test_the_build_is_whole_one_file_and_says_it_is_shipped(shipped: Store, shipped_file: Path) -> None:
    assert check(shipped) == []
    assert [p.name for p in shipped_file.parent.iterdir()] == [shipped_file.name]
    with shipped.read() as session:
        assert session.scalar(select(MetaRow.value).where(MetaRow.name == "kind")) == "shipped"


def test_a_build_overwrites_nothing(tmp_path: Path) -> None:
    target = tmp_path / "mine.db"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(CatalogueError, match="exists"):
        build(target)
    assert target.read_text(encoding="utf-8") == "mine"


def test_every_fact_of_the_text_is_a_result(shipped: Store) -> None:
    """By document, label, metric and printed text, with the origin the text gives it."""
    with shipped.read() as session:
        query = (
            select(
                DocumentRow.key,
                ReadingRow.label,
                ReadingRow.dataset,
                ReadingRow.printed,
                StoredRow.origin,
                ResultRow.status,
            )
            .join(ReadingRow, ReadingRow.document_id == DocumentRow.id)
            .join(ResultRow, ResultRow.reading_id == ReadingRow.id)
            .join(StoredRow, StoredRow.id == ResultRow.source_row_id)
        )
        stored = {tuple(row) for row in session.execute(query)}
    facts = list(rows("facts.tsv"))
    per_model = {"params", "MACs", "FLOPs", "RTF"}
    for fact in facts:
        dataset = "" if fact["metric"].split(" ")[0] in per_model else fact["dataset"]
        expected = (fact["document"], fact["label"], dataset, fact["printed"], fact["origin"], "accepted")
        assert expected in stored
    assert {fact["origin"] for fact in facts} >= {"self", "quoted", "repository"}


def test_all_origins_are_there(shipped: Store) -> None:
    with shipped.read() as session:
        origins = set(session.scalars(select(StoredRow.origin).distinct()))
    assert origins >= {"self", "quoted", "repository", "claim", "measured"}


def test_the_own_checkpoints_with_their_figures(shipped: Store) -> None:
    with shipped.read() as session:
        found = {
            c.key: (c.epoch, c.selected_on, str(c.date), str(c.declared_on or ""), c.run.model.key)
            for c in session.scalars(select(CheckpointRow))
        }
        query = (
            select(
                CheckpointRow.key, ResultRow.quantity, ResultRow.value, ReadingRow.printed, ProtocolRow.items
            )
            .join(StoredRow, StoredRow.checkpoint_id == CheckpointRow.id)
            .join(ResultRow, ResultRow.source_row_id == StoredRow.id)
            .join(ReadingRow, ReadingRow.id == ResultRow.reading_id)
            .join(ProtocolRow, ProtocolRow.id == ResultRow.protocol_id)
        )
        values: dict[str, dict[str, float]] = {}
        for key, quantity, value, printed, items in session.execute(query):
            values.setdefault(key, {})[quantity] = value
            assert float(printed) == value
            protocol = Protocol.from_json(items)
            assert protocol.get("files") == "824"
            assert protocol.get("scale") == ("unit" if quantity in ("CSIG", "CBAK", "COVL") else None)
        best = session.scalars(select(CheckpointRow).where(CheckpointRow.key == "new/best-composite")).one()
        assert best.criterion == "best composite"
        assert json.loads(best.details)["validation"] == {
            "loss": 0.079119,
            "PESQ": 2.9424,
            "STOI": 0.9426,
            "composite": 0.5445,
        }
        assert "discriminator from epoch 150" in best.run.recipe
    own = "BSRNN-FAC-MRHA3"
    assert found == {
        "old/best-loss": (118, "test", "2025-12-10", "", own),
        "old/last": (404, "none", "2025-12-10", "", own),
        "new/best-composite": (190, "test", "2025-12-13", "2025-12-13", own),
    }
    names = ("PESQ", "CSIG", "CBAK", "COVL", "SSNR", "STOI")
    assert values == {
        "old/best-loss": dict(zip(names, (2.7067, 4.0810, 3.4890, 3.4452, 9.4269, 0.9396), strict=True)),
        "old/last": dict(zip(names, (2.9727, 4.1164, 3.4872, 3.5889, 7.5490, 0.9324), strict=True)),
        "new/best-composite": dict(zip(names, (2.8635, 4.2620, 3.4792, 3.6154, 8.0607, 0.9399), strict=True)),
    }


def test_the_declaration_is_a_decision(shipped: Store) -> None:
    with shipped.read() as session:
        decision = session.scalars(select(DecisionRow)).one()
        assert (decision.kind, decision.target) == ("declare", "new/best-composite")
        assert decision.made_at.date().isoformat() == "2025-12-13"


def test_the_absences_that_refute_two_notes(shipped: Store) -> None:
    with shipped.read() as session:
        query = select(PaperRow.key, AbsenceRow.dataset, AbsenceRow.quantity).join(
            PaperRow, PaperRow.id == AbsenceRow.paper_id
        )
        assert {tuple(row) for row in session.execute(query)} == {
            ("DPCRN", "vbd", "PESQ"),
            ("BSRNN", "vbd", "PESQ"),
        }


def test_the_notes_of_the_group_are_claims_with_their_words(shipped: Store) -> None:
    with shipped.read() as session:
        query = (
            select(
                ReadingRow.label,
                ReadingRow.metric,
                ReadingRow.value,
                ReadingRow.approximate,
                ReadingRow.words,
                ReadingRow.remark,
            )
            .join(DocumentRow, DocumentRow.id == ReadingRow.document_id)
            .where(DocumentRow.key == "note:group")
        )
        notes = {(label, metric): rest for label, metric, *rest in session.execute(query)}
    assert notes["CGA-MGAN", "PESQ"][0] == 3.47
    assert notes["DPCRN", "PESQ"][:2] == [3.0, ">="]
    assert notes["MUSE", "PESQ"][0] is None
    assert notes["MUSE", "PESQ"][2] == "competitive"
    assert 'STOI "slightly lower"' in notes["MUSE", "PESQ"][3]
    assert notes["BSRNN", "params"][1] != ""  # about a million, not a million
    assert all(origin == "claim" for origin in _origins(shipped, "note:group"))


def _origins(store: Store, document: str) -> set[str]:
    with store.read() as session:
        query = select(StoredRow.origin).join(DocumentRow, DocumentRow.id == StoredRow.document_id)
        return set(session.scalars(query.where(DocumentRow.key == document)))


def test_papers_have_their_dates_and_no_text_of_theirs_is_shipped(shipped: Store) -> None:
    """A paper whose own rows are shipped has the date it became known; of a paper that is only quoted it may lack."""
    with shipped.read() as session:
        own = (
            select(PaperRow)
            .join(DocumentRow, DocumentRow.paper_id == PaperRow.id)
            .join(StoredRow, StoredRow.document_id == DocumentRow.id)
            .where(StoredRow.origin == "self")
        )
        assert [paper.key for paper in session.scalars(own) if paper.date is None] == []
        assert session.scalar(select(func.count()).select_from(GridRow)) == 0
        imse = session.scalars(select(PaperRow).where(PaperRow.key == "IMSE")).one()
        assert (imse.arxiv_id, str(imse.date)) == ("2511.14515", "2025-11-18")
        longest = session.scalar(select(func.max(func.length(ReadingRow.remark))))
        assert longest is not None
        assert longest < 200


def test_two_models_of_one_name_are_two(shipped: Store) -> None:
    with shipped.read() as session:
        query = (
            select(ModelRow.key, ResultRow.value)
            .join(StoredRow, StoredRow.model_id == ModelRow.id)
            .join(ResultRow, ResultRow.source_row_id == StoredRow.id)
            .where(ModelRow.key.like("MP-SENet%"), ResultRow.quantity == "params", StoredRow.origin == "self")
        )
        assert set(map(tuple, session.execute(query))) == {
            ("MP-SENet-2023", 2.05e6),
            ("MP-SENet-long", 2.26e6),
        }


def test_what_an_ablation_row_isolates_is_named_in_its_words() -> None:
    """A tag of the harvest tells a topic: noisy speech for the discriminator's training is no discriminator added."""
    names = {
        "discriminator": r"discriminator|MetricGAN",
        "distillation": r"distill|attention transfer|\bKL\b",
        "pesq-loss": r"PESQ",
        "channel-attention": r"channel|squeeze",
        "learnable-sigmoid": r"sigmoid",
        "contrast-stretching": r"contrast stretching|PCS",
        "augmentation": r"augment|remix|band-?mask|bias",
        "phase-features": r"phase|imaginary",
    }
    phrases = Phrases(components())
    isolated = dict.fromkeys(names, 0)
    for row in rows("harvest/changes.tsv"):
        parts = row["components"].split(", ")
        if row["action"] == "changed" or len(parts) > 1:
            continue
        for name in phrases.means(parts[0]):
            if name in names:
                isolated[name] += 1
                assert re.search(names[name], row["words"], re.IGNORECASE), row
    assert min(isolated.values()) > 0
    assert all(row["components"] != "metric loss" for row in rows("harvest/changes.tsv"))
