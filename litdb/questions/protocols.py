"""From the question of `litdb protocol` to its matrix: the rows a table shows, and what they state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from litdb.catalogue.facts.descriptions import said_of
from litdb.catalogue.naming import find_model
from litdb.catalogue.values import ACCEPTED, Where, in_order, values
from litdb.catalogue.views.scores import asked_test_set
from litdb.errors import UsageError
from litdb.evidence import selection
from litdb.evidence.matching import Asked
from litdb.evidence.matrix import Described, ProtocolMatrix, matrix, with_words
from litdb.values.value import Value
from litdb.vocabulary import vocabulary

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: What is asked of each model: the metrics whose protocol the matrix shows.
_ASKED = ("PESQ", "CSIG", "STOI", "SI-SDR", "params", "MACs", "FLOPs")


def protocols(session: Session, models: Sequence[str], *, dataset: str = "vbd") -> ProtocolMatrix:
    """How the numbers of these models were obtained. Raises NotFound, Ambiguous, UsageError."""
    known = asked_test_set(session, dataset)
    if not models:
        raise UsageError("no model is named: give --models A,B")
    found = list({(m := find_model(session, name)).id: m for name in models}.values())
    everything = in_order(
        values(session, Where(models=[m.key for m in found], dataset=known.id, statuses=ACCEPTED))
    )
    by_model: dict[str, list[Value]] = {model.key: [] for model in found}
    for value in everything:
        by_model[value.model].append(value)
    described = [
        one
        for model in found
        for one in described_by(model.key, model.name, by_model[model.key], own=model.own)
    ]
    return with_words(matrix(described), {model.key: said_of(session, model) for model in found})


def described_by(key: str, name: str, mine: Sequence[Value], *, own: bool) -> list[Described]:
    """The rows of one model for the matrix, from its accepted values on a test set (in_order)."""
    words = vocabulary()
    asked = []
    for each in _ASKED:
        metric = words.metric(each)
        asked.append(Asked(words.metric_name(each), metric is not None and metric.per_model))
    by_key = {value.key: value for value in mine}
    described = []
    for number, one in enumerate(selection.select(mine, asked, own=own) or [None]):
        keys = [c.value.key for c in one.choices if c is not None] if one is not None else []
        shown = tuple(by_key[key] for key in keys if key in by_key)
        same = [v for v in mine if v.key not in keys and v.origin in ("self", "repository", "measured")]
        paper = shown[0].paper if shown else ""
        own_first = sorted(same, key=lambda v: (v.paper != paper, -(v.version or 0), v.place, v.key))
        others = [
            v for v in own_first if not v.checkpoint or any(v.checkpoint == s.checkpoint for s in shown)
        ]
        said = name + (" (reproduced)" if one is not None and one.reproduced else "")
        described.append(Described(key, said, shown, tuple(others) if number == 0 else ()))
    return described
