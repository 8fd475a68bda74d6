"""The small language of `litdb claim`: a superlative, conditions, a test set.

    statement  = [ SUBJECT "is" ] [ "the" ] superlative [ kind ] { "with" condition { ("and" | ",") condition }
                 | "on" TEST-SET | "since" YEAR | "in" YEAR }
    superlative = "smallest" | "largest" | ("best" | "highest" | "lowest") METRIC | "first" | "only"
    kind       = [ "causal" | "non-causal" ] [ "model" | "system" | "network" ]
    condition  = METRIC (">=" | "<=" | ">" | "<" | "=" | "at least" | "at most" | "above" | "below") NUMBER
               | METRIC "=" LOW ".." HIGH

`smallest` and `largest` are about parameters; `best` follows the metric's direction. Without a subject the statement is
about the own model.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from litdb.errors import UsageError
from litdb.vocabulary import Dataset, MetricName, vocabulary
from litdb.vocabulary.ranges import Condition, Range

Kind = Literal["lowest", "highest", "first", "only"]
GRAMMAR = (
    "a statement is [SUBJECT is the] smallest | largest | best METRIC | highest METRIC | lowest METRIC | first | only, then "
    "with METRIC>=NUMBER and ..., on TEST SET, since YEAR: "
    'write for example "smallest with PESQ>=3.0 on vbd" or "MUSE is the best STOI with params<0.6M"'
)
_SUPERLATIVE = r"(?P<word>smallest|largest|best|highest|lowest|first|only)\b"
_CLAUSES = re.compile(r"\b(with|on|since|in(?=\s+\d{4}\b))\b", re.IGNORECASE)
_WORDS = {"at least": ">=", "at most": "<=", "above": ">", "below": "<", "≥": ">=", "≤": "<="}
_CONDITION = re.compile(r"^.+?\s*(>=|<=|>|<|=)\s*[^<>=]+$")
_KIND = re.compile(r"\b(?P<causal>(?:non-?|not )?causal)?\s*(?:model|system|network)?s?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """A parsed statement. `metric` is what a superlative is about (None for first and only)."""

    text: str
    kind: Kind
    metric: MetricName | None
    demands: tuple[Condition, ...] = ()
    dataset: str = "vbd"
    subject: str = ""
    causal: bool | None = None
    years: Range | None = None

    @classmethod
    def parse(cls, text: str, test_set: Callable[[str], Dataset] | None = None) -> Statement:
        """Read a statement. Raises UsageError that says what is not understood, and the grammar.

        `test_set` finds the test set of a name, the user's own ones too; without it only the vocabulary is known.
        """
        try:
            return cls._parse(text, test_set or vocabulary().test_set)
        except UsageError as error:
            raise error if GRAMMAR in str(error) else UsageError(f"{error}; {GRAMMAR}") from error

    @classmethod
    def _parse(cls, text: str, test_set: Callable[[str], Dataset]) -> Statement:
        plain = " ".join(text.split()).rstrip(".")
        match = re.search(rf"(?:^|\b(?:is|are)\s+)(?:the\s+|our\s+)?{_SUPERLATIVE}", plain, re.IGNORECASE)
        if match is None:
            raise UsageError(f"{text!r} has no superlative (smallest, largest, best, first, only): {GRAMMAR}")
        subject = plain[: match.start()].strip()
        head, clauses = _split(plain[match.end() :])
        head, causal = _causality(head)
        kind, metric = _superlative(match["word"].lower(), head, text)
        demands: list[Condition] = []
        dataset, years = "vbd", None
        for word, words in clauses:
            if word == "with":
                demands += _demands(words)
            elif word == "on":
                dataset = test_set(words).id
            else:
                years = _years(word, words)
        if kind in ("first", "only") and not demands:
            raise UsageError(f"{text!r} says {kind} of what: add a condition, such as with PESQ>=3.0")
        return cls(text, kind, metric, tuple(demands), dataset, subject, causal, years)


def _split(text: str) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first clause, and the clauses: their word and what follows it."""
    parts = _CLAUSES.split(text)
    return parts[0].strip(), [
        (word.lower(), words.strip(" ,")) for word, words in zip(parts[1::2], parts[2::2], strict=True)
    ]


def _causality(head: str) -> tuple[str, bool | None]:
    match = _KIND.search(head)
    if match is None or not match.group().strip():
        return head, None
    said = match["causal"]
    return head[: match.start()].strip(), None if said is None else not said.lower().startswith("no")


def _superlative(word: str, head: str, text: str) -> tuple[Kind, MetricName | None]:
    if word in ("first", "only"):
        if head:
            raise UsageError(f"{head!r} is not understood after {word}: {GRAMMAR}")
        return ("first", None) if word == "first" else ("only", None)
    if not head and word in ("smallest", "largest"):
        return ("lowest" if word == "smallest" else "highest"), MetricName("params")
    if not head:
        raise UsageError(f"{text!r} says {word} in what: name a metric, such as {word} PESQ")
    name = vocabulary().metric_name(re.sub(r"^(in|by)\s+", "", head))
    if word == "best":
        metric = vocabulary().metric(name.quantity)
        assert metric is not None
        return ("highest" if metric.direction == "higher" else "lowest"), name
    return ("lowest" if word in ("lowest", "smallest") else "highest"), name


def _demands(text: str) -> list[Condition]:
    for word, sign in _WORDS.items():
        text = re.sub(rf"\s*{word}\s*" if word.isascii() else word, sign, text)
    found = []
    for part in re.split(r"\s+and\s+|,", text):
        if not _CONDITION.match(part.strip()):
            raise UsageError(f"{part.strip()!r} is not a condition: write METRIC>=NUMBER, such as PESQ>=3.0")
        found.append(Condition.parse(part))
    return found


def _years(word: str, text: str) -> Range:
    if not re.fullmatch(r"\d{4}", text):
        raise UsageError(f"{text!r} is not a year: write for example {word} 2024")
    year = float(text)
    return Range(year, None) if word == "since" else Range(year, year)


# --- the verdict -----------------------------------------------------------------------------------------------

Verdict = Literal["true", "false", "not decidable"]


@dataclass(frozen=True, slots=True)
class Witness:
    """A model that speaks against a statement, or might: its values with their source. `why` is in words, `results` are the keys
    of the results behind `values`.
    """

    model: str
    name: str
    values: tuple[str, ...]
    source: str
    date: dt.date | None
    why: str
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a statement, on the catalogue of a day.

    `against` refutes it, `open` might, `own` says how the subject itself stands, `considered` counts the models with
    values on the test set. True means that nothing in this catalogue speaks against it. `results` are the keys of the
    subject's own results.
    """

    statement: str
    verdict: Verdict
    subject: str
    own: tuple[str, ...]
    against: tuple[Witness, ...]
    open: tuple[Witness, ...]
    considered: int
    day: dt.date
    notes: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
