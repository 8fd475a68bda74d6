"""What is known of how a model's numbers came about, and what its authors would have to be asked: cards and letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from litdb.evidence.conflicts import Disagreement
from litdb.evidence.matrix import ProtocolMatrix
from litdb.evidence.quotations.check import Checked, Fate
from litdb.values.agreement import agree
from litdb.values.description import Description
from litdb.values.origin import Origin
from litdb.values.value import Side, Value


@dataclass(frozen=True, slots=True)
class CardItem:
    """One thing that is known: what it is, its value in words, where that stands, and the note or reason.

    `result` is the key of the value whose cell it is, '' for what is known of several.
    """

    what: str
    text: str
    place: str = ""
    note: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Cells that cannot all be right: what they are of, and each with its number and place."""

    what: str
    cells: tuple[CardItem, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class CardOf:
    """Whose card it is: the key and the name of a model, the key and the title of the paper that proposes it."""

    model: str
    name: str
    paper: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """The reproducibility card of a model.

    `numbers` are what a table shows of it; `stated`, `inferred` and `missing` are protocol items of these numbers, `said` is
    what sources say of the model as a whole, and what that answers is not missing; `code` and `checkpoints` are where they
    are to be had (nothing is known where they are empty); `questions` are what one would have to ask.
    """

    model: str
    name: str
    paper: str
    title: str
    numbers: tuple[CardItem, ...]
    stated: tuple[CardItem, ...]
    inferred: tuple[CardItem, ...]
    said: tuple[CardItem, ...]
    missing: tuple[str, ...]
    contradicted: tuple[Contradiction, ...]
    code: tuple[str, ...]
    checkpoints: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """What to write to the authors of a paper: its title and address, the cells in question, and what is not stated."""

    paper: str
    title: str
    url: str
    contradicted: tuple[Contradiction, ...]
    questions: tuple[str, ...]


#: What to ask where an item of the matrix is not stated, by its title there.
_ASKED = {
    "PESQ band": "Is PESQ wide-band (P.862.2) or narrow-band (P.862)?",
    "rate": "At which sampling rate was the audio scored?",
    "composite scale": "Were CSIG, CBAK and COVL computed on samples in [-1, 1] or on 16-bit values, and with which code?",
    "training set": "Which training set was used: 28 speakers, 56 speakers, or another?",
    "extra data": "Was anything else than this corpus used in training?",
    "selected on": "On what was the reported checkpoint selected: validation data, the test set, or none (the last one)?",
    "causal": "Is the model causal?",
    "files": "Over how many test files is the mean?",
    "params counted": "What does the number of parameters count?",
    "MACs counted": "What do the MACs count?",
    "MACs per second": "For how many seconds of audio are the MACs?",
    "FLOPs per second": "For how many seconds of audio are the FLOPs?",
}
_SPREAD = "spread over seeds"
#: What a statement on the model as a whole answers of the protocol of its numbers, by topic.
_ANSWERS = {"sampling-rate": "rate", "training-set": "training set", "causal": "causal", "seeds": _SPREAD}
_ASKED_OF_ALL = {
    _SPREAD: "How much do the numbers change with the seed: is the table one run or a mean of several?",
    "code": "Is the training and evaluation code public, and at which commit were the numbers obtained?",
    "checkpoint": "Is the checkpoint of the table to be had?",
}


def card(
    about: CardOf,
    matrix: ProtocolMatrix,
    *,
    shown: Sequence[Value],
    values: Sequence[Value],
    disagreements: Sequence[Disagreement],
    said: Sequence[Description] = (),
    checkpoints: Sequence[str] = (),
) -> Card:
    """The card of one model: `shown` are the values a table shows, `values` all that is known of it, `said` is said of it."""
    stated, inferred, missing = _protocol(matrix)
    spread = [v for v in shown if v.uncertainty is not None or v.protocol.get("seeds")]
    if spread:
        stated.append(
            _number(_SPREAD, spread[0], f"± {spread[0].uncertainty:g}" if spread[0].uncertainty else "given")
        )
    elif shown:
        missing.append(_SPREAD)
    code = tuple(
        dict.fromkeys(
            v.row.document.url for v in values if v.origin is Origin.REPOSITORY and v.row.document.url
        )
    )
    if not code:
        missing.append("code")
    if not checkpoints:
        missing.append("checkpoint")
    answered = {_ANSWERS.get(one.topic) for one in said} | set(_in_words(said, shown))
    missing = [item for item in missing if item not in answered]
    open_ = [one for one in disagreements if one.state != "resolved" and _is_printed_twice(one)]
    contradicted = tuple(map(contradiction, open_))
    asked = [question for question in map(_question, missing) if question]
    asked += [_which(one) for one in open_]
    return Card(
        about.model, about.name, about.paper, about.title,
        tuple(_number(v.metric + (f" on {v.dataset}" if v.dataset else ""), v, v.said) for v in shown),
        tuple(stated), tuple(inferred),
        tuple(CardItem(one.title, one.text, one.source, one.remark) for one in said),
        tuple(missing), contradicted, code, tuple(checkpoints), tuple(asked),
    )  # fmt: skip


#: What statements in words answer of the protocol, wherever they stand.
_IN_WORDS = {
    "selected on": re.compile(
        r"\b(?:checkpoints?|models?|epochs?)\b[^.;]{0,40}\b(?:chosen|selected|picked|by (?:the )?best|with (?:the )?best)\b|\bbest validation\b"
        r"|\b(?:chosen|selected) on (?:the )?(?:test|validation)|\bcheckpoint (?:by|with) (?:the )?(?:best )?validation",
        re.I,
    ),
    "files": re.compile(
        r"\btest (?:set|data)\b[^.;]{0,30}\b\d{3,5} (?:utterances|files|clips)\b|\b\d{3,5} (?:test|validation|evaluation) (?:utterances|files|clips|samples|sentences)\b|\b\d{3,5} (?:utterances|files|clips) (?:for|in the) test",
        re.I,
    ),
}


def _in_words(said: Iterable[Description], shown: Iterable[Value]) -> Iterator[str]:
    """The items that statements on the model, or remarks on its numbers, answer in passing: 'checkpoint by best validation PESQ'."""
    texts = [f"{one.text}; {one.remark}" for one in said] + [value.remark for value in shown]
    for item, pattern in _IN_WORDS.items():
        if any(pattern.search(text) for text in texts):
            yield item


#: What depends on the machine it was measured on: two numbers of it do not contradict one another.
_OF_MACHINES = ("RTF", "latency")


def _is_printed_twice(one: Disagreement) -> bool:
    """Whether sources that speak of one network differ; what others trained or measured again is another number, not another
    word for this one."""
    told = [side for side in _apart(one) if any(not value.origin.measured for value in side.sources)]
    return len(told) > 1 and all(value.quantity not in _OF_MACHINES for value in one.values)


def _finest(side: Side) -> list[Value]:
    finest = min(value.resolution for value in side.sources)
    return [value for value in side.sources if value.resolution <= finest * 1.001]


def _apart(one: Disagreement) -> list[Side]:
    """The sides without those that only round another one: 0.35G says nothing else than 0.348G."""
    return [
        side
        for side in one.sides
        if not any(
            other.sources[0].resolution < side.sources[0].resolution
            and agree(side.sources[0], other.sources[0])
            for other in one.sides
        )
    ]


def _protocol(matrix: ProtocolMatrix) -> tuple[list[CardItem], list[CardItem], list[str]]:
    stated: dict[str, CardItem] = {}
    inferred: dict[str, CardItem] = {}
    missing: dict[str, None] = {}
    for row in matrix.rows:
        for item, cell in zip(matrix.items, row.cells, strict=True):
            said = CardItem(item, cell.text, cell.place, cell.note)
            if cell.basis == "stated":
                stated.setdefault(item, said)
            elif cell.basis == "inferred":
                inferred.setdefault(item, said)
            elif cell.basis == "not stated":
                missing.setdefault(item)
    known = stated.keys() | inferred.keys()
    return list(stated.values()), list(inferred.values()), [item for item in missing if item not in known]


def _number(what: str, value: Value, text: str) -> CardItem:
    return CardItem(what, text, value.cited, value.origin, value.key)


def _question(item: str) -> str:
    return _ASKED.get(item) or _ASKED_OF_ALL.get(item, "")


def contradiction(one: Disagreement) -> Contradiction:
    """A disagreement as cells; a cell that only rounds another one of its side says nothing else."""
    where = f" on {one.dataset}" if one.dataset else ""
    cells = tuple(_number(one.metric, value, value.said) for side in _apart(one) for value in _finest(side))
    return Contradiction(f"{one.name}, {one.metric}{where}", cells, "; ".join(one.explanation))


def _which(one: Disagreement) -> str:
    where = f" on {one.dataset}" if one.dataset else ""
    printed = dict.fromkeys(side.said for side in _apart(one))
    return f"{one.name}, {one.metric}{where}: which stands, {' or '.join(printed)}?"


def letter(*, paper: str, title: str, url: str, cards: Iterable[Card], checked: Iterable[Checked]) -> Letter:
    """What to ask the authors of a paper: of their own models by their cards, and of numbers that they quote."""
    found: list[Contradiction] = []
    asked: dict[str, None] = {}
    for one in cards:
        theirs = [
            c for c in one.contradicted if len({cell.text for cell in c.cells if cell.note in _THEIRS}) > 1
        ]
        found += [_their_cells(c) for c in theirs]
        asked |= dict.fromkeys(question for item in one.missing if (question := _question(item)))
    for quotation in checked:
        if quotation.value.paper == paper and quotation.verdict.is_finding and quotation.source is not None:
            found.append(_misquoted(quotation, quotation.source))
    return Letter(paper, title, url, tuple(found), tuple(asked))


#: What the authors wrote themselves: only where that differs do they know more than the catalogue, not where others misquote them.
_THEIRS = (Origin.SELF, Origin.REPOSITORY)


def _their_cells(one: Contradiction) -> Contradiction:
    """What their own paper and repository say, with one quotation for each other number."""
    own = [cell for cell in one.cells if cell.note in _THEIRS]
    known = {cell.text for cell in own}
    others: dict[str, CardItem] = {}
    for cell in one.cells:
        if cell.text not in known:
            others.setdefault(cell.text, cell)
    return Contradiction(one.what, (*own, *others.values()), "")


def _misquoted(one: Checked, source: Value) -> Contradiction:
    why = {
        Fate.VERSION: "the number is that of an older version",
        Fate.ROW: "the number is that of another row",
        Fate.COLUMN: "the number is that of another column",
        Fate.DIGITS: "two digits seem to be exchanged",
    }.get(one.verdict, "")
    cells = (
        _number(one.value.metric, one.value, one.value.said),
        _number(source.metric, source, source.said),
    )
    return Contradiction(f"{one.value.about} (quoted)", cells, why)
