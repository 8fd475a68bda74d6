"""The looks at test sets that the log of a run folder tells of."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from litdb.evidence.runs.looks import Look, distinct_looks
from litdb.vocabulary import vocabulary


def looks_in(log: bytes) -> tuple[Look, ...]:
    """The looks in a `log.jsonl`, oldest first; a line that is cut short, or tells of no time, is none."""
    found = []
    for line in log.decode("utf-8", "replace").splitlines():
        if '"look"' not in line:
            continue
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(event, dict) and event.get("event") == "look" and (look := _look(event)) is not None:
            found.append(look)
    return tuple(distinct_looks(found))


def _look(event: Mapping[str, Any]) -> Look | None:
    try:
        at = dt.datetime.fromisoformat(str(event.get("time")))
    except ValueError:
        return None
    name = str(event.get("test_set") or "")
    known = vocabulary().dataset(name) if name else None
    files = event.get("files")
    systems = event.get("systems")
    told = [one for one in systems if isinstance(one, dict)] if isinstance(systems, list) else []
    return Look(
        at if at.tzinfo else at.replace(tzinfo=dt.UTC),
        str(event.get("command") or ""),
        known.id if known is not None else name or "a test set",
        files if isinstance(files, int) and not isinstance(files, bool) else None,
        tuple(str(one["name"]) for one in told if one.get("name")),
        tuple(str(one["sha256"]) for one in told if one.get("sha256")),
    )
