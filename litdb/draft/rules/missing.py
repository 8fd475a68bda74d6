"""MISSING: the models that lie in the range which a draft states for a table, and that the table lacks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from litdb.draft.finding import DraftFinding, DraftPlace, DraftRule
from litdb.draft.rules.held import dataset_of
from litdb.draft.subject import Draft, Tally
from litdb.draft.text.project import DraftComment, DraftTable
from litdb.errors import UsageError
from litdb.questions.question import DEFAULT_DATASET
from litdb.values.origin import Kind
from litdb.values.table import Row
from litdb.vocabulary.ranges import Condition

_NUMBER = r"\d+(?:\.\d+)?"
_UNIT = r"\s?(?:[kKMG]|million|thousand)?"
_TO = r"\s*(?:to|and|–|-|\.\.|—)\s*"
#: `0.4M to 1.0M parameters`, `between 0.4 and 1.0 million parameters`, `PESQ from 2.8 to 3.4`.
_OF_PARAMS = re.compile(
    rf"(?P<low>{_NUMBER})(?P<low_unit>{_UNIT}){_TO}(?P<high>{_NUMBER})\s?(?P<high_unit>[kKMG]|million|thousand)\s+(?:trainable\s+)?param",
)
_UNDER_PARAMS = re.compile(
    rf"(?:under|below|fewer than|less than|up to|at most|<|≤)\s*(?P<high>{_NUMBER})\s?(?P<high_unit>[kKMG]|million|thousand)\s+(?:trainable\s+)?param",
)
_OF_METRIC = re.compile(
    rf"\b(?P<metric>PESQ|STOI|CSIG|CBAK|COVL|SSNR)\s+(?:scores?\s+)?(?:of|from|between|in)\s+(?P<low>{_NUMBER}){_TO}(?P<high>{_NUMBER})",
)
_OVER_METRIC = re.compile(
    rf"\b(?P<metric>PESQ|STOI|CSIG|CBAK|COVL|SSNR)\s+(?:scores?\s+)?(?:of\s+)?(?:at least|above|over|more than|no less than|from|≥|>=|>)\s*(?P<low>{_NUMBER})(?!\.?\d)(?!\s*(?:to|and|–|-|\.\.|—)\s*\d)",
)
#: `a PESQ of 3.2 or more`, `3.2 PESQ and above`, `at least 3.2 in PESQ`, `PESQ exceeding 3.2`.
_METRIC_OR_MORE = re.compile(
    rf"\b(?P<metric>PESQ|STOI|CSIG|CBAK|COVL|SSNR)\s+(?:scores?\s+)?(?:of\s+|is\s+|=\s*)?(?P<low>{_NUMBER})\s+(?:or|and)\s+(?:more|above|higher|better|over|up|upwards?)\b"
    rf"|(?P<low2>{_NUMBER})\s+(?:in\s+)?(?P<metric2>PESQ|STOI|CSIG|CBAK|COVL|SSNR)\s+(?:or|and)\s+(?:more|above|higher|better|over|up)\b"
    rf"|\b(?:at least|more than|above|over|no less than|≥|>)\s*(?P<low3>{_NUMBER})\s+(?:in\s+|points?\s+(?:in|of)\s+)?(?:wide-?band\s+)?(?P<metric3>PESQ|STOI|CSIG|CBAK|COVL|SSNR)\b"
    rf"|\b(?P<metric4>PESQ|STOI|CSIG|CBAK|COVL|SSNR)\s+(?:scores?\s+)?(?:that\s+)?(?:exceed(?:s|ing)?|is (?:at least|above|over)|not (?:below|under)|better than|higher than|beyond)\s+(?P<low4>{_NUMBER})",
)
#: A number with decimals beside the name of a metric: where none of the patterns read it, the range is not understood.
_UNREAD = re.compile(
    r"\b(?:PESQ|E?STOI|CSIG|CBAK|COVL|SSNR)\b[^.;,()]{0,30}?\b\d+\.\d+|\b\d+\.\d+\s+(?:in\s+)?(?:PESQ|E?STOI|CSIG|CBAK|COVL|SSNR)\b"
)
#: Words without which a range in a sentence is no promise to list what lies in it.
_ALL = re.compile(
    r"\b(?:all|every|each)\b[^.]{0,60}\b(?:models?|methods?|systems?|networks?)\b"
    r"|\b(?:models?|methods?|systems?|networks?)\s+(?:with|of|from|between|under|below|in the range)\b",
    re.IGNORECASE,
)
_EVERY = re.compile(r"\b(?:all|every|each|complete)\b", re.IGNORECASE)
#: Models named in one finding.
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class _Stated:
    """A range and where it is stated."""

    conditions: tuple[Condition, ...]
    words: str
    place: DraftPlace


def missing(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """MISSING."""
    left_out = _left_out(draft, tally)
    for table in draft.project.tables:
        for stated in _ranges(draft, table, tally):
            if draft.catalogue is None:
                tally.unchecked("tables with a stated range")
                continue
            tally.checked("tables with a stated range")
            yield from _lacking(draft, table, stated, left_out)


def _left_out(draft: Draft, tally: Tally) -> set[str]:
    """The models that are left out with a reason."""
    found: set[str] = set()
    for comment in draft.project.comments:
        if comment.verb != "leave out":
            continue
        models = draft.knowledge.named(comment.subject)
        at = f"{comment.place.file}:{comment.place.line}"
        if not comment.reason:
            tally.unchecked(f"a comment without a reason (-- REASON) leaves nothing out, {at}")
        elif not models:
            tally.unchecked(f"a comment leaves out a model that the catalogue does not know, {at}")
        else:
            found.update(models)
    return found


def _ranges(draft: Draft, table: DraftTable, tally: Tally) -> list[_Stated]:
    """The ranges that a table promises to list: its own, and those of titles of its groups that say "all"."""
    whole = _stated(draft, table, tally)
    found = [] if whole is None else [whole]
    titles = (_understood(title.words, title, tally) for title in table.titles if _EVERY.search(title.words))
    return [*found, *(stated for stated in titles if stated is not None)]


def _understood(text: str, place: DraftPlace, tally: Tally) -> _Stated | None:
    """The range that a text states of parameters, None for none; one whose other bound cannot be read is counted."""
    conditions = _in_words(text)
    if conditions is None:
        tally.unchecked(f"a range that is not understood, {place.file}:{place.line}")
    elif any(c.metric.quantity == "params" for c in conditions):
        return _Stated(conditions, ", ".join(map(str, conditions)), place)
    return None


def _stated(draft: Draft, table: DraftTable, tally: Tally) -> _Stated | None:
    """The range of a table: of a comment, its caption, or a sentence that refers to it."""
    for comment in draft.project.comments:
        if comment.verb == "range" and _belongs(comment, table, draft.project.tables):
            try:
                return _Stated(_conditions(comment.subject), comment.subject, comment.place)
            except UsageError as error:
                tally.unchecked(
                    f"a range that is not understood, {comment.place.file}:{comment.place.line}: {error}"
                )
    labels = set(table.grid.label.split())
    texts = [(table.grid.caption, table.place)]
    texts += [
        (sentence.text, sentence.place())
        for sentence in draft.project.sentences
        if labels & {label for _, refs in sentence.refs for label in refs.split(",")}
    ]
    stated = (_understood(text, place, tally) for text, place in texts if _ALL.search(text))
    return next((one for one in stated if one is not None), None)


def _belongs(comment: DraftComment, table: DraftTable, tables: Sequence[DraftTable]) -> bool:
    """Whether a comment stands nearest before the end of a table, or inside it."""
    file, line = comment.place.file, comment.place.line
    last = max((cell.place.line for row in table.rows for cell in row.cells), default=table.place.line)
    following = [
        other for other in tables
        if other.place.file == file
        and max((c.place.line for r in other.rows for c in r.cells), default=other.place.line) >= line
    ]  # fmt: skip
    return table.place.file == file and line <= last and following[:1] == [table]


def _conditions(text: str) -> tuple[Condition, ...]:
    """`params=0.4M..1.0M PESQ=2.8..3.4`. Raises UsageError."""
    parts = [part for part in re.split(r"[\s,]+", text) if part]
    if not parts:
        raise UsageError("write for example params=0.4M..1.0M PESQ=2.8..3.4")
    return tuple(map(Condition.parse, parts))


def _in_words(text: str) -> tuple[Condition, ...] | None:
    """The conditions that a text states, () for none, None where a bound on a score beside them is not understood."""
    found: list[str] = []
    if match := _OF_PARAMS.search(text):
        unit = _short(match["high_unit"])
        low_unit = _short(match["low_unit"].strip()) if match["low_unit"].strip() else unit
        found.append(f"params={match['low']}{low_unit}..{match['high']}{unit}")
    elif match := _UNDER_PARAMS.search(text):
        found.append(f"params=..{match['high']}{_short(match['high_unit'])}")
    found += [f"{m['metric']}={m['low']}..{m['high']}" for m in _OF_METRIC.finditer(text)]
    found += [f"{m['metric']}={m['low']}.." for m in _OVER_METRIC.finditer(text)]
    for match in _METRIC_OR_MORE.finditer(text):
        groups = [(match[f"metric{n}"], match[f"low{n}"]) for n in ("", "2", "3", "4")]
        metric, low = next(group for group in groups if group[0])
        if not any(condition.startswith(f"{metric}=") for condition in found):
            found.append(f"{metric}={low}..")
    if _UNREAD.search(text) and not any(not condition.startswith("params=") for condition in found):
        return None if found else ()  # without the bound the range is another one
    try:
        return _conditions(" ".join(found)) if found else ()
    except UsageError:
        return ()


def _short(unit: str) -> str:
    return {"million": "M", "thousand": "K", "k": "K"}.get(unit, unit)


def _dataset(table: DraftTable) -> str:
    """The test set that most of a table's scores are on."""
    sets = Counter(found for row in table.rows for number in row.numbers if (found := dataset_of(number)))
    return sets.most_common(1)[0][0] if sets else DEFAULT_DATASET


def rows_lacking(draft: Draft, table: DraftTable) -> list[Row]:
    """The rows that a table lacks of the range that the draft states for it; none where it states none."""
    tally = Tally()
    left_out = _left_out(draft, tally)
    found = [row for stated in _ranges(draft, table, tally) for row in _rows(draft, table, stated, left_out)]
    return list({row.model: row for row in found}.values())


def _rows(draft: Draft, table: DraftTable, stated: _Stated, left_out: set[str]) -> list[Row]:
    assert draft.catalogue is not None
    there = {key for row in table.rows for key in draft.models(row)}
    homes = {home for key in (*there, *left_out) if (home := draft.knowledge.home(key))}
    found = []
    for row in draft.catalogue.models(
        where=[str(condition) for condition in stated.conditions], dataset=_dataset(table)
    ).rows:
        known = row.model in there or row.model in left_out or draft.knowledge.home(row.model) in homes
        # What is called by its paper and a row of it (`DVPD: PGUSE-P`) is no model that a table must list.
        of_a_row = row.kind == Kind.VARIANT and ": " in row.name
        if not known and not row.own and not row.reproduced and not of_a_row:
            found.append(row)
    return found


def _lacking(draft: Draft, table: DraftTable, stated: _Stated, left_out: set[str]) -> Iterator[DraftFinding]:
    found = _rows(draft, table, stated, left_out)
    if not found:
        return
    shown = ", ".join(row.name for row in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    yield DraftFinding(
        DraftRule.MISSING, stated.place,
        f"{table.name} states the range {stated.words} and lacks {shown}{more} "
        "(`% litdb: leave out MODEL -- reason` records why one is not in it)",
        sources=tuple(f"{row.name}: {row.source}" for row in found[:_SHOWN]),
    )  # fmt: skip
