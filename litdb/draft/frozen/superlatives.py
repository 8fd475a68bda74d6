"""Superlatives of a sentence as statements of `litdb claim`: what can be tested of "the smallest model above 3.0"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from litdb.draft.knowledge import Knowledge
from litdb.errors import UsageError
from litdb.evidence.statement import Statement
from litdb.vocabulary import vocabulary

_METRIC = r"(?:WB-)?(?P<metric>PESQ|CSIG|CBAK|COVL|STOI|ESTOI|SSNR|SI-SDR|MACs|FLOPs|RTF)"
_MODEL = r"(?:\s+(?P<causal>(?:non-)?causal))?(?:\s+[a-z-]+){0,3}?\s*(?:models?|networks?|systems?|methods?)?"
#: What a sentence claims, and the head of the statement that says it.
_CLAIMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), head)
    for pattern, head in (
        (rf"\b(?:smallest|most compact|lightest){_MODEL}", "smallest"),
        (r"\b(?:fewest|smallest number of|lowest number of|least) (?:trainable )?parameters", "smallest"),
        (rf"\b(?:highest|best|top|state[- ]of[- ]the[- ]art) {_METRIC}", "best {metric}"),
        (rf"\blowest {_METRIC}", "lowest {metric}"),
        (
            rf"\b(?:outperforms?|surpass(?:es)?|beats?|exceeds?) (?:all|every|any)\b(?:[^.]|\.\d)*?\bin {_METRIC}",
            "best {metric}",
        ),
        (rf"\b(?:better|higher) {_METRIC} than (?:all|every|any)\b", "best {metric}"),
        (rf"\b{_METRIC} (?:is |of \d[\d.]* (?:is )?)?the (?:highest|best)\b", "best {metric}"),
        (rf"\b(?:the|is) first{_MODEL}", "first"),
        (rf"\b(?:the|is) only{_MODEL}", "only"),
    )
)
_NUMBER = r"(?P<number>\d+(?:\.\d+)?)"
_SIGNS = {"above": ">", "over": ">", "exceed": ">", "exceeds": ">", "exceeding": ">", "more than": ">", "higher than": ">",
          "greater than": ">", ">": ">", "at least": ">=", "≥": ">=", "of at least": ">=", "under": "<", "below": "<", "<": "<",
          "fewer than": "<", "less than": "<", "at most": "<=", "up to": "<=", "≤": "<=", "with": ">=", "of": ">="}  # fmt: skip
_SIGN = "|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True))
_OF_SCORE = re.compile(rf"\b(?P<metric>PESQ|CSIG|CBAK|COVL|STOI|ESTOI|SSNR|SI-SDR)\s*(?:scores?\s*)?(?:of\s+)?(?P<sign>{_SIGN})\s*{_NUMBER}")  # fmt: skip
_SCORE_AFTER = re.compile(rf"\b(?P<sign>above|over|exceed(?:s|ing)?|at least|reach(?:es|ing)?)\s+(?:a\s+)?(?P<metric>PESQ|STOI|CSIG|CBAK|COVL|SSNR)\s+(?:of\s+)?{_NUMBER}", re.IGNORECASE)  # fmt: skip
_OF_SIZE = re.compile(rf"\b(?P<sign>under|below|fewer than|less than|at most|up to)\s*{_NUMBER}\s?(?P<unit>[KkM]|million|thousand)\b")  # fmt: skip
_SINCE = re.compile(r"\bsince (?P<year>(?:19|20)\d\d)\b")
#: Who a sentence is about where it names no model before its superlative.
_OURS = re.compile(r"\b(?:we|our|ours|the proposed|this work)\b", re.IGNORECASE)
#: Sizes in words, as numbers.
_WORDED = ((re.compile(r"\bhalf a million\b", re.IGNORECASE), "0.5 million"), (re.compile(r"\b(?:a|one) million\b", re.IGNORECASE), "1 million"))  # fmt: skip
#: What limits a claim in a way that is not understood: then it is not tested, for it would be another one.
_LIMITED = re.compile(
    r"\b(?:under|below|less than|fewer than|at most|up to|within|among|compared|listed|considered|shown|in (?:its|this|our)"
    r"|of (?:its|these|those|our|the)|that we|which we|Tables?)\b",
    re.IGNORECASE,
)
#: So many characters behind a superlative a sentence may say whose it is: `with the fewest parameters, our network`.
_NEAR = 40
_UNITS = {"k": "K", "K": "K", "M": "M", "million": "M", "thousand": "K"}


@dataclass(frozen=True, slots=True)
class SaidSuperlative:
    """A superlative at a place of a sentence: its words, and the statement of `litdb claim` that says the same.

    `subject` is the model that it is about, '' for the own one.
    """

    at: int
    words: str
    statement: str
    subject: str = ""


def superlatives(text: str, knowledge: Knowledge) -> list[SaidSuperlative]:
    """What a sentence claims and `litdb claim` can test; what says neither whose it is nor in what is left out."""
    found: dict[str, SaidSuperlative] = {}
    for worded, number in _WORDED:
        text = worded.sub(number, text)
    for pattern, head in _CLAIMS:
        for match in pattern.finditer(text):
            for one in _said(text, match, head, knowledge):
                found.setdefault(one.statement, one)
    return sorted(found.values(), key=lambda one: one.at)


def _said(text: str, match: re.Match[str], head: str, knowledge: Knowledge) -> Iterator[SaidSuperlative]:
    groups = match.groupdict()
    metric = groups.get("metric") or ""
    before = [mention for mention in knowledge.mentions(text[: match.start()]) if len(mention.models) == 1]
    subject = before[-1].models[0] if before else ""
    if not subject and not _OURS.search(text[: match.end() + _NEAR]):
        return
    if subject and knowledge.is_own(subject):
        subject = ""
    if _limited(text, match):
        return
    parts = [head.format(metric=metric)]
    if groups.get("causal"):
        parts.append(groups["causal"].lower())
    conditions = list(_conditions(text, metric))
    if conditions:
        parts.append(f"with {' and '.join(conditions)}")
    sets = vocabulary().search_datasets(text)
    parts.append(f"on {sets[0][1].id}" if sets else "on vbd")
    if since := _SINCE.search(text):
        parts.append(f"since {since['year']}")
    statement = f"{subject} is the {' '.join(parts)}" if subject else " ".join(parts)
    try:
        Statement.parse(statement)
    except UsageError:  # such as "the first" of nothing that is measured
        return
    yield SaidSuperlative(match.start(), match.group().strip(), statement, subject)


def _limited(text: str, match: re.Match[str]) -> bool:
    """Whether a claim is limited by words that are no range."""
    rest = text[: match.start()] + " " * len(match.group()) + text[match.end() :]
    for pattern in (_SCORE_AFTER, _OF_SCORE, _OF_SIZE):
        rest = pattern.sub(" ", rest)
    return _LIMITED.search(rest.replace("of all models", "").replace("of the art", "")) is not None


def _conditions(text: str, about: str) -> Iterator[str]:
    """The ranges that a sentence limits its claim to; the metric that it is about limits nothing."""
    seen = set()
    for match in _SCORE_AFTER.finditer(text):
        seen.add((match["metric"].upper(), match["number"]))
        if match["metric"].upper() != about.upper():
            sign = ">" if match["sign"].lower().startswith(("above", "over", "exceed")) else ">="
            yield f"{match['metric'].upper()}{sign}{match['number']}"
    for match in _OF_SCORE.finditer(text):
        if match["metric"] != about and (match["metric"], match["number"]) not in seen:
            yield f"{match['metric']}{_SIGNS[match['sign']]}{match['number']}"
    for match in _OF_SIZE.finditer(text):
        yield f"params{_SIGNS[match['sign']]}{match['number']}{_UNITS[match['unit']]}"
