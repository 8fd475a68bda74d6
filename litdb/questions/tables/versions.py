"""What each version of a paper prints of its model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from litdb.catalogue.values import Where, values
from litdb.catalogue.views.scores import asked_test_set
from litdb.errors import NotFound, UsageError
from litdb.evidence.matching import matches
from litdb.questions.question import Question
from litdb.questions.table import asked_by, cell_of
from litdb.values.choice import Choice
from litdb.values.display import column_for
from litdb.values.origin import Origin, Status
from litdb.values.table import EMPTY, Row, Table
from litdb.values.value import Value
from litdb.vocabulary import vocabulary

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def versions(session: Session, question: Question) -> Table:
    """A row for each version of a model's paper: what its fullest table prints. Nothing is ranked, it is one model.

    Raises UsageError where no model is named, NotFound where no paper of the named ones has a version.
    """
    if not question.models:
        raise UsageError("--preset versions shows models that are named: --models IMSE")
    asked = asked_by(question)
    columns = tuple(column_for(metric.name, vocabulary()) for metric in asked)
    statuses = (Status.ACCEPTED, *((Status.PROPOSED,) if question.rules.proposed else ()))
    known = values(session, Where(models=question.models, dataset=question.dataset, statuses=statuses))
    printed: dict[tuple[str, int], dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    for value in known:
        if value.origin is Origin.SELF and value.version is not None:
            printed[value.model, value.version][value.row.key].append(value)
    rows = []
    place = {key: number for number, key in enumerate(question.models)}
    for _, some in sorted(printed.items(), key=lambda item: (place[item[0][0]], item[0][1])):
        fullest = min(some.values(), key=_order)
        found = matches(fullest, asked, question.rules)
        cells = tuple(
            cell_of(Choice(found[number]), column) if number in found else EMPTY
            for number, column in enumerate(columns)
        )
        rows.append(_row(fullest, cells))
    if not rows:
        raise NotFound(
            "of these models no version of a paper is known: `litdb fetch ID --all-versions` gets them"
        )
    return Table(asked_test_set(session, question.dataset).title, columns, tuple(rows))


def _order(some: Sequence[Value]) -> tuple[int, int, str]:
    row = some[0].row
    return (-len({value.quantity for value in some}), row.table_kind.place, row.key)


def _row(some: Sequence[Value], cells: tuple[object, ...]) -> Row:
    row = some[0].row
    return Row(
        model=row.model.key, name=f"{row.model.name} v{row.document.version}", kind=row.model.kind, own=row.model.own,
        origin=row.origin, source=row.place, cells=cells, year=row.model.year, url=row.document.url, label=row.label,  # type: ignore[arg-type]
        proposed=any(value.status is Status.PROPOSED for value in some), paper=row.model.paper, document=row.document.paper,
        version=row.document.version,
    )  # fmt: skip
