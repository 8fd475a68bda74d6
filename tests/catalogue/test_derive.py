"""Results from readings and decisions: the same input gives the same rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest
from sqlalchemy import select

from litdb.catalogue import decisions
from litdb.catalogue.database.schema import (
    DocumentRow,
    ModelRow,
    ProtocolRow,
    ReadingRow,
    ResultRow,
    StoredRow,
)
from litdb.catalogue.database.session import Store
from litdb.catalogue.derive import Interned, derive
from litdb.catalogue.values import Where, values
from litdb.extract.types import CellReading as Seen
from litdb.extract.types import Extraction
from litdb.vocabulary.protocol import Item, Protocol
from litdb.vocabulary.remarks import Flag, Remark
from tests.catalogue.scenes import extraction, put, text_of, values_of

PAPER = "2401.00011"
DOCUMENT = f"latex:arXiv:{PAPER}v1"
LINES = [("Netta", "3.10", True), ("Alfa", "2.50", False)]


def changed(seen: Extraction, change: Callable[[Seen], Seen]) -> Extraction:
    table = seen.tables[0]
    return replace(seen, tables=(replace(table, readings=tuple(map(change, table.readings))),))


def with_(**values: object) -> Callable[[Seen], Seen]:
    return lambda reading: replace(reading, **values)  # type: ignore[arg-type]


def store_seen(store: Store, seen: Extraction) -> None:
    with store.write() as session:
        put(session, PAPER, seen)


def results(store: Store) -> list[tuple[str, str, str]]:
    with store.read() as session:
        query = (
            select(StoredRow.label, ResultRow.metric, ResultRow.status).join(StoredRow).order_by(ResultRow.id)
        )
        return [(label, metric, status) for label, metric, status in session.execute(query)]


def test_deriving_again_gives_the_same_rows(store: Store) -> None:
    store_seen(store, extraction(LINES))
    before = text_of(store)
    with store.write() as session:
        derive(session, list(session.scalars(select(DocumentRow.id))))
    assert text_of(store) == before


@pytest.mark.parametrize(
    ("confidence", "flags", "status"),
    [
        (0.95, (), "accepted"),
        (0.10, (), "proposed"),
        (0.95, (Remark(Flag.OUT_OF_RANGE),), "proposed"),
        (0.95, (Remark(Flag.PERCENT_NOT_STATED),), "accepted"),
    ],
)
def test_what_a_program_doubts_is_proposed(
    store: Store, confidence: float, flags: tuple[Remark, ...], status: str
) -> None:
    store_seen(store, changed(extraction(LINES[:1]), with_(confidence=confidence, flags=flags)))
    assert values_of(store, "Netta")[DOCUMENT][1] == status


def test_flags_are_understood_in_the_words_of_older_catalogues(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = with_(confidence=0.95, flags=(Remark(Flag.OUT_OF_RANGE),))
    store_seen(store, changed(extraction(LINES[:1]), odd))
    monkeypatch.setattr(Flag.OUT_OF_RANGE, "former", (Flag.OUT_OF_RANGE.words,))
    monkeypatch.setattr(Flag.OUT_OF_RANGE, "words", "no mean of this metric")
    with store.write() as session:
        derive(session, list(session.scalars(select(DocumentRow.id))))
    assert values_of(store, "Netta")[DOCUMENT][1] == "proposed"


def test_the_threshold_is_the_callers(store: Store) -> None:
    store_seen(store, changed(extraction(LINES[:1]), with_(confidence=0.6)))
    for accept_from, status in ((0.5, "accepted"), (0.61, "proposed"), (0.6, "accepted")):
        with store.write() as session:
            derive(session, list(session.scalars(select(DocumentRow.id))), accept_from=accept_from)
        assert values_of(store, "Netta")[DOCUMENT][1] == status


def protocol_of(store: Store, label: str) -> Protocol:
    with store.read() as session:
        query = select(ProtocolRow.items).join(ResultRow, ResultRow.protocol_id == ProtocolRow.id)
        items = session.scalars(query.join(StoredRow).where(StoredRow.label == label)).one()
        return Protocol.from_json(items)


def test_unqualified_pesq_on_voicebank_demand_is_inferred_to_be_wide_band(store: Store) -> None:
    store_seen(store, extraction(LINES))
    item = protocol_of(store, "Netta").item("band")
    assert item is not None
    assert (item.value, item.basis) == ("WB", "inferred")
    assert item.note


@pytest.mark.parametrize(
    ("change", "band"),
    [
        ({"metric": "PESQ-NB"}, "NB"),
        ({"dataset": "dns2020-noreverb"}, None),
        ({"dataset": "a test set of their own"}, None),
        ({"protocol": Protocol.stated(rate="8000")}, None),
        ({"protocol": Protocol.stated(mapping="raw")}, None),
        ({"metric": "STOI", "quantity": "STOI"}, None),
        ({"protocol": Protocol.of({"band": Item("NB", "stated", "caption")})}, "NB"),
    ],
)
def test_nothing_is_inferred_where_the_custom_does_not_hold(
    store: Store, change: dict[str, object], band: str | None
) -> None:
    store_seen(store, changed(extraction(LINES[:1]), with_(**change)))
    assert protocol_of(store, "Netta").get("band") == band


def test_the_protocol_of_a_narrow_band_caption_names_the_result(store: Store) -> None:
    narrow = Protocol.of({"band": Item("NB", "stated", "caption")})
    store_seen(store, changed(extraction(LINES[:1]), with_(protocol=narrow)))
    assert results(store) == [("Netta", "PESQ-NB", "accepted")]


def test_one_line_of_a_table_is_one_source_row(store: Store) -> None:
    seen = extraction(LINES)
    table = seen.tables[0]
    stoi = tuple(
        replace(r, metric="STOI", quantity="STOI", value=0.95, raw="0.95", slot=1) for r in table.readings
    )
    store_seen(store, replace(seen, tables=(replace(table, readings=table.readings + stoi),)))
    with store.read() as session:
        assert sorted(session.scalars(select(StoredRow.label))) == ["Alfa", "Netta"]
        assert len(session.scalars(select(ResultRow.id)).all()) == 4


@pytest.mark.parametrize("kinds", list(permutations(("ablation", "comparison", "other"))))
def test_the_kind_of_a_row_does_not_hang_on_the_order_of_its_readings(
    store: Store, kinds: tuple[str, ...]
) -> None:
    seen = extraction([("Netta", "3.10", True)])
    table = seen.tables[0]
    added = [
        replace(table.readings[0], metric=metric, quantity=metric, slot=slot)
        for slot, metric in enumerate(("PESQ", "CSIG", "CBAK"))
    ]
    store_seen(store, replace(seen, tables=(replace(table, readings=tuple(added)),)))
    with store.write() as session:
        for kind, reading in zip(kinds, session.scalars(select(ReadingRow)), strict=True):
            reading.table_kind = kind
        session.flush()
        derive(session, session.scalars(select(DocumentRow.id)).all())
        assert session.scalars(select(StoredRow.table_kind)).all() == ["comparison"]


@pytest.mark.parametrize(
    ("kind", "own", "origin"),
    [
        ("latex", True, "self"),
        ("latex", False, "quoted"),
        ("repository", True, "repository"),
        ("markdown", True, "repository"),
    ],
)
def test_the_origin_follows_from_the_document_and_the_row(
    store: Store, kind: str, own: bool, origin: str
) -> None:
    store_seen(store, extraction([("Netta", "3.10", own)]))
    with store.write() as session:
        document = session.scalars(select(DocumentRow)).one()
        document.kind = kind
        if kind != "latex":
            document.version_id = None
        session.flush()
        derive(session, [document.id])
        assert session.scalars(select(StoredRow.origin)).one() == origin


def test_models_that_only_a_former_reading_named_are_forgotten(store: Store) -> None:
    store_seen(store, extraction([*LINES, ("A misread header", "1.00", False)]))
    with store.read() as session:
        assert "A-misread-header" in set(session.scalars(select(ModelRow.key)))
    store_seen(store, extraction(LINES))
    with store.read() as session:
        assert set(session.scalars(select(ModelRow.key))) == {"Netta", "Alfa"}


def test_equal_protocols_are_stored_once(store: Store) -> None:
    with store.write() as session:
        one, two = Interned(session), Interned(session)
        first = one.id(Protocol.stated(rate="16000", band="WB"))
        assert two.id(Protocol.stated(band="WB", rate="16000")) == first
        assert one.id(Protocol.stated(band="WB")) != first
        assert two.value(first).get("rate") == "16000"


def test_an_inference_does_not_outlive_what_it_was_inferred_from(store: Store) -> None:
    """WB follows from VoiceBank+DEMAND: corrected to another test set, the band is not known; corrected back, it is."""
    with store.write() as session:
        put(session, "2401.00011", extraction([("Netta", "3.10", True)]))
        (value,) = values(session, Where(models=["Netta"]))
        band = value.protocol.item("band")
        assert band is not None
        assert (band.value, band.basis) == ("WB", "inferred")
        what = decisions.correction(session, value.key, dataset="dns2020-noreverb")
        made = decisions.decide_on_reading(session, what, value.key, "misread")
        (value,) = values(session, Where(models=["Netta"]))
        assert (value.dataset, value.protocol.item("band")) == ("dns2020-noreverb", None)
        decisions.undo(session, made.uid, "it was right")
        (value,) = values(session, Where(models=["Netta"]))
        assert value.protocol.get("band") == "WB"
