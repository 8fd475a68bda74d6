"""Following a newer shipped catalogue."""

from __future__ import annotations

import io
import json

from sqlalchemy import delete, func, select, update

from litdb.catalogue.database.schema import (
    DecisionRow,
    DocumentRow,
    MetaRow,
    ModelRow,
    NameRow,
    ReadingRow,
    ResultRow,
    StoredRow,
)
from litdb.catalogue.database.session import Store
from litdb.catalogue.decision import Reject
from litdb.catalogue.decisions import alias, decide_on_reading
from litdb.catalogue.derive import derive
from litdb.catalogue.exchange.check import check
from litdb.catalogue.exchange.dump import diff, load
from litdb.catalogue.exchange.merge import update as follow
from litdb.catalogue.hand import Written
from litdb.catalogue.measured import Measured
from litdb.catalogue.own import add_measured
from litdb.catalogue.views.in_force import stale_decisions
from tests.catalogue.exchange.people import NewStore, measured, working
from tests.catalogue.scenes import (
    copy_into,
    extraction,
    put,
    text_of,
    values_of,
)


def seed_key(store: Store, document: str, label: str, metric: str) -> str:
    with store.read() as session:
        query = (
            select(ReadingRow.key)
            .join(DocumentRow)
            .where(DocumentRow.key == document, ReadingRow.label == label)
        )
        return session.scalars(query.where(ReadingRow.metric == metric)).one()


def newer_seed(new_store: NewStore, shipped: Store) -> Store:
    """A shipped catalogue of a later day: a value corrected, a paper's facts gone, a model renamed, a name less."""
    store = copy_into(new_store(), shipped)
    with store.write() as session:
        session.execute(update(MetaRow).values(value="shipped"))
        key = seed_key(shipped, "seen:arXiv:2406.04589v2", "MUSE(Ours)", "PESQ")
        corrected = session.scalars(select(ReadingRow).where(ReadingRow.key == key)).one()
        corrected.value, corrected.printed = 3.38, "3.38"
        session.flush()
        gone = session.scalars(select(DocumentRow).where(DocumentRow.key == "seen:arXiv:2103.09963v1")).one()
        rows = select(StoredRow.id).where(StoredRow.document_id == gone.id)
        session.execute(delete(ResultRow).where(ResultRow.source_row_id.in_(rows)))
        session.execute(delete(StoredRow).where(StoredRow.document_id == gone.id))
        session.execute(delete(ReadingRow).where(ReadingRow.document_id == gone.id))
        session.delete(gone)
        session.execute(update(ModelRow).where(ModelRow.key == "CMGAN").values(name="CMGAN (2022)"))
        session.execute(delete(NameRow).where(NameRow.name == "Oracle clean"))
        session.flush()
        derive(session, [corrected.document_id])
    return store


def test_an_untouched_working_copy_becomes_the_newer_shipped_one(new_store: NewStore, shipped: Store) -> None:
    copy, newer = working(new_store, shipped), newer_seed(new_store, shipped)
    report = follow(copy, newer)
    assert [(d.table, d.left, d.right) for d in diff(newer, copy)] == [("meta", "shipped", "working")]
    assert report.removed["document"] == 1
    assert report.removed["model_name"] == 1
    assert {(d.field, d.left, d.right) for d in report.followed} >= {
        ("value", 3.37, 3.38),
        ("name", "CMGAN", "CMGAN (2022)"),
    }
    assert check(copy) == []
    assert not follow(copy, newer).changed


def test_following_keeps_what_people_decided_and_added(new_store: NewStore, shipped: Store) -> None:
    copy, newer = working(new_store, shipped), newer_seed(new_store, shipped)
    muse, tstnn, imse = (
        seed_key(copy, *place)
        for place in (
            ("seen:arXiv:2406.04589v2", "MUSE(Ours)", "PESQ"),
            ("seen:arXiv:2103.09963v1", "TSTNN (ours)", "PESQ"),
            ("seen:arXiv:2511.14515v2", "IMSE (Ours)", "CSIG"),
        )
    )
    with copy.write() as session:
        put(session, "2999.00001", extraction([("MUSE", "3.37", False), ("New One", "3.2", True)]))
        add_measured(session, measured("2.90"))
        for key in (muse, tstnn, imse):
            decide_on_reading(session, Reject(), key, "I do not believe it")
        alias(session, "Muse net", "MUSE", "seen so")
    follow(copy, newer)
    with copy.read() as session:
        stale = {decision.target: reason for decision, reason in stale_decisions(session)}
        assert stale == {
            muse: "its cell now says '3.38', it said '3.37'",
            tstnn: "its cell is no longer read",
        }
        rejected = session.scalars(
            select(ReadingRow.key)
            .join(ResultRow, ResultRow.reading_id == ReadingRow.id)
            .where(ResultRow.status == "rejected")
        ).all()
        assert list(rejected) == [imse]
        assert session.scalar(select(func.count()).select_from(DecisionRow)) == 5
        assert session.scalar(select(MetaRow.value).where(MetaRow.name == "kind")) == "working"
    assert values_of(copy, "New-One") == {"latex:arXiv:2999.00001v1": (3.2, "accepted")}
    assert values_of(copy, "My-Net") == {"evaluation:mine/best:vbd": (2.90, "accepted")}
    assert check(copy) == []


def test_a_seed_value_replaced_by_hand_is_not_taken_back(new_store: NewStore, shipped: Store) -> None:
    copy = working(new_store, shipped)
    key = "new/best-composite"
    own = Measured(
        model="BSRNN-FAC-MRHA3",
        identity=key,
        dataset="vbd",
        readings=(
            Written(
                label="x", metric="PESQ", printed="2.8700", origin="measured", by="run", dataset="vbd"
            ).reading(),
        ),
    )
    with copy.write() as session:
        add_measured(session, own, replace=True, reason="scored again")
    report = follow(copy, shipped)
    assert not report.changed
    assert ("value", 2.87, 2.8635) in {(d.field, d.left, d.right) for d in report.kept}
    assert values_of(copy, "BSRNN-FAC-MRHA3")[f"evaluation:{key}"] == (2.87, "accepted")


def test_a_model_the_seed_drops_stays_while_somebody_uses_it(new_store: NewStore, shipped: Store) -> None:
    """Clean is nobody's result in the seed: without a reading of ours it goes, with one it stays."""
    lines = [
        line
        for line in text_of(shipped).splitlines(keepends=True)
        if not (line.startswith('{"table": "model"') and json.loads(line)["row"]["key"] == "Clean")
        and not (line.startswith('{"table": "model_name"') and json.loads(line)["row"]["model"] == "Clean")
    ]
    header = json.loads(lines[0])
    for table in ("model", "model_name"):
        header["rows"][table] = sum(line.startswith(f'{{"table": "{table}"') for line in lines)
    newer = new_store()
    load(newer, io.StringIO(json.dumps(header) + "\n" + "".join(lines[1:])))
    unused, used = working(new_store, shipped), working(new_store, shipped)
    with used.write() as session:
        put(session, "2999.00001", extraction([("Clean speech", "4.64", False), ("New One", "3.2", True)]))
    assert follow(unused, newer).removed["model"] == 1
    follow(used, newer)
    assert values_of(used, "Clean") == {"latex:arXiv:2999.00001v1": (4.64, "accepted")}
    assert check(used) == []
    assert check(unused) == []
