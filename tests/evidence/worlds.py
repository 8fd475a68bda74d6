"""Small catalogues of published and own models with the values a test needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from litdb.catalogue.database.schema import AbsenceRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.decisions import declare
from litdb.catalogue.derive import derive
from litdb.catalogue.hand import Written, put_readings
from litdb.catalogue.measured import Measured
from litdb.catalogue.naming import Naming
from litdb.catalogue.own import add_measured
from litdb.catalogue.record import PaperFacts, put_document, put_paper
from litdb.vocabulary.protocol import Protocol

Values = Mapping[str, str]


def publish(
    store: Store,
    name: str,
    values: Values,
    *,
    date: str = "",
    origin: str = "self",
    dataset: str = "vbd",
    kind: str = "system",
    **stated: str,
) -> None:
    """A paper that proposes a model and reports these values; `stated` is their protocol."""
    with store.write() as session:
        paper = put_paper(
            session,
            PaperFacts(
                title=f"{name}: a paper", first_submitted=dt.date.fromisoformat(date) if date else None
            ),
        )
        Naming(session).make(name, paper=paper, kind=kind, made_by="seed")
        document = put_document(session, f"seen:{name}", kind="seen", uri=f"paper of {name}", paper=paper)
        readings = [
            Written(
                label=name, metric=metric, printed=printed, origin=origin, by="hand", dataset=dataset,
                table="1", stated=Protocol.stated(**stated), own=True,
            ).reading()
            for metric, printed in values.items()
        ]  # fmt: skip
        put_readings(session, document, readings)
        derive(session, [document.id], accept_from=0.0)


def lacks(store: Store, name: str, quantity: str) -> None:
    """Record that the paper of a model reports no such value."""
    with store.write() as session:
        paper = put_paper(session, PaperFacts(title=f"{name}: a paper"))
        session.add(
            AbsenceRow(
                paper_id=paper.id, dataset="vbd", quantity=quantity, source="its tables", statement="none"
            )
        )


def measure(
    store: Store,
    identity: str,
    values: Values,
    *,
    model: str = "MyNet",
    declared: str = "",
    selected_on: str = "validation",
    date: str = "",
    **stated: str,
) -> None:
    """A checkpoint of an own run, declared from a day on where one is given."""
    with store.write() as session:
        readings = tuple(
            Written(
                label=model, metric=metric, printed=printed, origin="measured", by="run", dataset="vbd",
                stated=Protocol.stated(**stated),
            ).reading()
            for metric, printed in values.items()
        )  # fmt: skip
        day = dt.date.fromisoformat(date) if date else None
        add_measured(session, Measured(model, identity, "vbd", readings, selected_on=selected_on, date=day))
        if declared:
            run, _, checkpoint = identity.rpartition("/")
            declare(session, run, checkpoint, "as planned", date=dt.date.fromisoformat(declared))
