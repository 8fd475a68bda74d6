"""`paper.lock`: every value that a paper uses, with version, locator and date, so that its build can be repeated.

The lock holds the answers to all questions of a paper.toml as they were, where each result stands, the papers that are cited,
and the digest of each file that was made of them. A build from it asks no catalogue. It is written by litdb alone: a digest
over the whole shows a number that was changed by hand.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from litdb import __version__
from litdb._written import write_file
from litdb.api import Catalogue, Publication
from litdb.draft.frozen.asking import Answers, FrozenAnswer, Locator, ask_all
from litdb.draft.frozen.build import digest_of, outputs
from litdb.draft.frozen.macros import NamedValue, named_values
from litdb.draft.frozen.table_json import from_record, plane_from_json, record, table_from_json, table_to_json
from litdb.draft.frozen.toml import PaperFile
from litdb.errors import InputError, UsageError
from litdb.extract.strict_json import read_json
from litdb.sources.files import read_file

#: What a lock of this layout says; one of another is refused.
LAYOUT = 1
_MOST = 50_000_000
#: A record that is shorter stands on one line.
_LINE = 400


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock as read: when it was made and by which litdb, the answers that it keeps, values by name, digests of files."""

    place: Path
    frozen: dt.date
    litdb: str
    answers: Answers
    values: tuple[NamedValue, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


def freeze_paper(
    catalogue: Catalogue, paper: PaperFile, place: Path, *, again: bool = False, today: dt.date | None = None
) -> Lock:
    """Write a lock of all that a paper uses. The same on the same day gives the same bytes.

    Raises UsageError where there is one that holds other answers, unless it is to be made `again`; NotFound, Ambiguous.
    """
    answers = ask_all(catalogue, paper, located=True)
    values = tuple(named_values(paper, answers)) if paper.models else ()
    files = {name: digest_of(data) for name, data in outputs(paper, answers).items()}
    made = Lock(place, today or dt.datetime.now(dt.UTC).date(), __version__, answers, values, files)
    if place.exists() and not again:
        old = read_lock(place)
        if _said(old, dated=False) == _said(made, dated=False):
            return old
        raise UsageError(
            f"{place} is there and froze something else on {old.frozen}: `litdb thaw --diff {place}` shows what changed, "
            "--again freezes what is known now"
        )
    write_file(place, lock_text(made))
    return made


def lock_text(lock: Lock) -> str:
    """The text of a lock, a result or a row of a table on each line."""
    said = _said(lock)
    return _text({**said, "seal": _seal(said)}, "\n") + "\n"


def read_lock(place: Path) -> Lock:
    """A lock. Raises InputError for one that cannot be read, was changed by hand, or was made by another litdb's layout."""
    if not place.exists():
        raise InputError(f"there is no {place}: `litdb freeze {place}` makes it")
    found = read_json(read_file(str(place), _MOST), str(place))
    if not isinstance(found, dict) or not isinstance(found.get("litdb_lock"), int):
        raise InputError(f"{place} is no lock: `litdb freeze` makes one")
    if found["litdb_lock"] != LAYOUT:
        raise InputError(
            f"{place} has layout {found['litdb_lock']}, and this litdb reads {LAYOUT}: use the litdb that made it"
        )
    seal = found.pop("seal", None)
    if seal != _seal(found):
        raise InputError(
            f"{place} was changed since litdb wrote it: take it from your history, or freeze again (`litdb freeze --again`)"
        )
    try:
        return _lock(place, found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"{place} is no lock that this litdb reads ({error!s:.100}): freeze again"
        ) from error


def _lock(place: Path, found: Mapping[str, Any]) -> Lock:
    tables = {name: _answered(one) for name, one in found["answers"].items()}
    answers = Answers(
        dt.date.fromisoformat(found["catalogue"]),
        tables,
        tuple(from_record(Publication, one) for one in found["papers"]),
        {one["result"]: from_record(Locator, one) for one in found["results"]},
    )
    values = tuple(from_record(NamedValue, one) for one in found["values"])
    files = {str(name): str(digest) for name, digest in found["files"].items()}
    return Lock(place, dt.date.fromisoformat(found["frozen"]), str(found["litdb"]), answers, values, files)


def _answered(found: Mapping[str, Any]) -> FrozenAnswer:
    plane = plane_from_json(found["plane"]) if "plane" in found else None
    return FrozenAnswer(str(found["asked"]), table_from_json(found["table"]), plane)


def _said(lock: Lock, *, dated: bool = True) -> dict[str, Any]:
    """What a lock says; what two of the same answers have in common without its own date."""
    answers = lock.answers
    head: dict[str, Any] = {"litdb_lock": LAYOUT, "catalogue": answers.day.isoformat()}
    if dated:
        head |= {"frozen": lock.frozen.isoformat(), "litdb": lock.litdb}
    return {
        **head,
        "values": [record(one) for one in lock.values],
        "results": [record(one) for one in answers.results.values()],
        "papers": [record(one) for one in answers.papers],
        "files": dict(lock.files),
        "answers": {name: _answer(one) for name, one in answers.tables.items()},
    }


def _answer(one: FrozenAnswer) -> dict[str, Any]:
    said = {"asked": one.asked, "table": table_to_json(one.table)}
    return said if one.plane is None else {**said, "plane": record(one.plane)}


def _seal(said: Mapping[str, Any]) -> str:
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _text(value: Any, margin: str) -> str:
    """JSON in which short records stand on one line, so that two locks can be compared line by line."""
    inner = margin + "  "
    if isinstance(value, dict) and _is_long(value):
        return _block(
            "{}",
            (f"{json.dumps(k, ensure_ascii=False)}: {_text(v, inner)}" for k, v in value.items()),
            margin,
        )
    if isinstance(value, list) and _is_long(value):
        return _block("[]", (_text(one, inner) for one in value), margin)
    return json.dumps(value, ensure_ascii=False)


def _is_long(value: Any) -> bool:
    return len(json.dumps(value, ensure_ascii=False)) > _LINE


def _block(brackets: str, items: Iterable[str], margin: str) -> str:
    inner = margin + "  "
    return f"{brackets[0]}{inner}{f',{inner}'.join(items)}{margin}{brackets[1]}"
