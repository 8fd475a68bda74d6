"""ARITHMETIC in sentences: means of rows of a table, of the models that are named, of "these three"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from litdb.draft.finding import DraftFinding
from litdb.draft.rules.prose.known import numbers_of
from litdb.draft.rules.prose.numbers import SentenceNumber, SentenceNumberKind
from litdb.draft.rules.prose.subjects import SaidMention, SaidSentence, statements
from litdb.draft.rules.prose.sums import NO_SUM, finding, near, short
from litdb.draft.subject import Draft, Tally
from litdb.draft.text.project import DraftTable

_SCORES = ("PESQ", "STOI", "ESTOI", "CSIG", "CBAK", "COVL", "SSNR", "SI-SDR")
_AVERAGE = re.compile(r"\b(?:mean|averages?|averaged|on average)\b", re.IGNORECASE)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_BOUND = re.compile(r"\b(?P<word>below|under|above|over)\s(?P<value>\d+(?:\.\d+)?)\s?(?P<scale>[KM])\b")
#: "these three", "the three": the models of the sentences before.
_THESE = re.compile(
    r"\b(?:these|those|the|all|of) (?P<count>two|three|four|five|six|seven|eight)\b(?! (?:first|large|small|best|last|runs|seeds))",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(?P<part>first|upper|second|lower|third|last) (?:part|group|block|half)\b", re.IGNORECASE
)


def averages(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """ARITHMETIC: means in sentences."""
    everything = statements(draft)
    for at, said in enumerate(everything):
        if _AVERAGE.search(said.text) and not NO_SUM.search(said.text):
            yield from _average(draft, said, everything[max(0, at - 10) : at], tally)


def _average(
    draft: Draft, said: SaidSentence, earlier: Sequence[SaidSentence], tally: Tally
) -> Iterator[DraftFinding]:
    """The mean of rows of a table: of a part of it, of the models below a size, or of the models that are named."""
    values = [
        n
        for n in said.numbers
        if n.kind is SentenceNumberKind.VALUE and n.quantity in _SCORES and not n.approximate
    ]
    if len(values) != 1 or re.search(r"seeds|runs|utterances|files", said.text):
        return
    number = values[0]
    means = list(_means(draft, said, number.quantity)) or list(_of_these(draft, said, earlier, number))
    if not means:
        tally.unchecked("averages in sentences whose members are not known")
        return
    tally.checked("averages in sentences")
    if any(near(number, mean, 0, 0, slack=step / 2) for mean, step, _ in means):
        return
    mean, _, words = means[0]
    yield finding(said, number, f"the mean of {words} is {short(mean)}, not {number.printed}")


def _means(draft: Draft, said: SaidSentence, quantity: str) -> Iterator[tuple[float, float, str]]:
    count = next((_COUNTS[w] for w in re.findall(r"\b\w+\b", said.text.lower()) if w in _COUNTS), 0)
    bound, group = _BOUND.search(said.text), _GROUP.search(said.text)
    for table in draft.project.tables:
        rows = [
            (
                [n.value for n in r.numbers if n.quantity == quantity][:1],
                [n.value for n in r.numbers if n.quantity == "params"][:1],
                r.index,
            )
            for r in table.rows
        ]
        chosen: list[list[float]] = []
        if bound is not None:
            limit = float(bound["value"]) * (1e6 if bound["scale"] == "M" else 1e3)
            low = bound["word"] in ("below", "under")
            chosen.append([v[0] for v, p, _ in rows if v and p and (p[0] < limit) == low])
        elif group is not None:
            parts = _parts(table, [(v[0], at) for v, _, at in rows if v])
            index = {"first": 0, "upper": 0, "second": 1, "lower": -1, "third": 2, "last": -1}[
                group["part"].lower()
            ]
            if len(parts) > max(1, index):
                chosen.append(parts[index])
        for members in chosen:
            if len(members) > 1 and (not count or count == len(members)):
                yield (
                    sum(members) / len(members),
                    0.01,
                    f"{len(members)} rows of {table.name} ({table.place.file}:{table.place.line})",
                )
    named = [m for m in said.mentions if not m.reporter]
    if bound is None and group is None and len(named) > 1:
        lists = [numbers_of(draft, m, quantity) for m in named]
        if all(lists):
            first = [numbers[0].value for numbers in lists]
            yield sum(first) / len(first), 0.01, ", ".join(m.name for m in named)


def _of_these(
    draft: Draft, said: SaidSentence, earlier: Sequence[SaidSentence], number: SentenceNumber
) -> Iterator[tuple[float, float, str]]:
    """The means of "these three": of as many models as the sentences before name, no more and no fewer up to a sentence."""
    match = _THESE.search(said.text)
    if match is None or [m for m in said.mentions if not m.reporter]:
        return
    count, named = _COUNTS[match["count"].lower()], dict[object, SaidMention]()
    for one in reversed(earlier):
        if one.sentence.section != said.sentence.section or one.sentence.part is not said.sentence.part:
            return
        for mention in one.mentions:
            if not mention.reporter:
                named.setdefault(mention.models or mention.name, mention)
        if len(named) >= count:
            break
    lists = [
        list(dict.fromkeys(n.value for n in numbers_of(draft, m, number.quantity)))[:3]
        for m in reversed(named.values())
    ]
    if len(named) == count and all(lists):
        for values in product(*lists):
            yield sum(values) / count, 0.01, ", ".join(m.name for m in reversed(named.values()))


def _parts(table: DraftTable, rows: list[tuple[float, int]]) -> list[list[float]]:
    parts: list[list[float]] = [[]]
    for value, at in rows:
        if any(row <= at for row in table.breaks) and parts[-1] and _between(table, parts, rows, at):
            parts.append([])
        parts[-1].append(value)
    return [part for part in parts if part]


def _between(table: DraftTable, parts: list[list[float]], rows: list[tuple[float, int]], at: int) -> bool:
    done = sum(map(len, parts))
    return any(rows[done - 1][1] < row <= at for row in table.breaks)
