"""What older schemas lack, for their dumps and files: new fields and tables, and the order of decisions (schema 0004).

A migration and the loading of an older dump give decisions that of their times; what is decided from then on gets its
place when it is made (:mod:`litdb.catalogue.decisions`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Final

from sqlalchemy import Connection, column, select, table, update

#: What older revisions lack whose dumps are read: a row of theirs has these values in these fields.
ADDED: dict[str, dict[str, dict[str, str | int]]] = {
    **{
        revision: {
            "paper_version": {"withdrawn": ""},
            "document": {"priors": ""},
            "decision": {"sequence": 0, "after": "[]"},
        }
        for revision in ("0002", "0003")
    },
    "0004": {},
    "0005": {},
}
#: The tables that older ones lack, and their dumps do not count.
ADDED_TABLES: dict[str, frozenset[str]] = dict.fromkeys(("0002", "0003", "0004"), frozenset({"citation"}))
#: Kinds that are about what one reading says: each may contradict any other.
_ON_READING: Final = frozenset({"accept", "reject", "correct"})
#: A declaration is about a model and names one of its checkpoints: those of one model do not share a target.
_OF_THE_WHOLE: Final = frozenset({"declare"})
_DECISION = table("decision", *map(column, ("id", "uid", "kind", "target", "made_at", "sequence", "after")))


def number_decisions(connection: Connection) -> None:
    """Number all decisions by their times; each was made in knowledge of the earlier ones on the same thing.

    They lay in one catalogue, where the later one was meant to stand.
    """
    d = _DECISION.c
    earlier: dict[tuple[str, str], list[str]] = defaultdict(list)
    rows = connection.execute(select(d.id, d.uid, d.kind, d.target).order_by(d.made_at, d.id)).all()
    for number, (row, uid, kind, target) in enumerate(rows, start=1):
        about = ("reading" if kind in _ON_READING else kind, "" if kind in _OF_THE_WHOLE else target)
        known = json.dumps(earlier[about])
        connection.execute(update(_DECISION).where(d.id == row).values(sequence=number, after=known))
        earlier[about].append(uid)
