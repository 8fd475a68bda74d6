"""The figures in a statement: numbers that say how large or how good a model is, with the metric and the result they carry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from litdb.draft.answers.statements import SaidStatement
from litdb.draft.knowledge import DraftMention
from litdb.vocabulary import vocabulary
from litdb.vocabulary.registry import NamedMetric
from litdb.vocabulary.units import parse_number

#: How far before a number its metric may stand.
_BEFORE = 48
#: What may stand between a number and the metric behind it: `0.10 in PESQ`, `0.427M parameters`.
_JOINED = re.compile(r"[\s*_]*(?:(?:points?\s)?(?:in|of)\s)?(?:the\s)?(?:trainable\s)?[\s*_]*")
_NUMBER = re.compile(
    r"(?<![\w.,/\-])(?P<sign>[+−–-]?)(?P<approx>[~≈]?)\s?(?P<digits>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
    r"(?:\s?±\s?\d+(?:\.\d+)?)?(?:\s?(?P<unit>%|[KkMG](?![A-Za-z])|million\b|[MG](?=MACs|FLOPs)))?(?:(?=MACs|FLOPs)|(?![\w]|[.,]\d))"
)
_RESULT = re.compile(
    r"[\s*_]*(?:[A-Za-z/%-]{1,12}[\s*_]*)?[\[(`]+\s*(?:result\s+)?(?P<key>(?=[a-f]*\d)[0-9a-f]{6,64})\b"
)
_ANY_RESULT = re.compile(r"[\[(`]\s*(?:result\s+)?((?=[a-f]*\d)[0-9a-f]{6,64})\b")
_MASKED = re.compile(
    r"https?://\S+|\barXiv:\S+|\b\d{4}\.\d{4,5}(?:v\d+)?\b|\bdoi:\S+|\b10\.\d{4,9}/\S+|\b\d{4}-\d\d-\d\d\b"
    r"|\b(?:tables?|tab\.|sections?|sec\.|fig(?:ure|\.)s?|appendix|chapter|eq\.)\s*[\dIVXivx.]+\b"
    r"|\b(?:page|version|step|epoch)[\s=]*\d+\b(?!\.\d)"
    r"|\[[0-9a-f]{6,64}[^\]]*\]|\b\d+(?:\.\d+)?\s?(?:kHz|Hz|ms|s|h|hours?|minutes?|kbps|files|speakers|papers|rows|models|epochs|seeds|layers|channels|frames|bands|bits?)\b",
    re.IGNORECASE,
)
_THRESHOLD = re.compile(
    r"(?:above|over|below|under|beyond|at least|at most|more than|less than|exceed(?:s|ing)?|between|from|to|targets?(?: of)?|beats?|reach(?:es)? for|>=|<=|[≥≤<>=])(?:\s+(?:a\s+)?[A-Za-z-]{2,8}(?:\s+of)?)?\s*$",
    re.IGNORECASE,
)
_DERIVED = re.compile(
    r"\s*(?:%|points?|higher|lower|better|worse|more|less|times|fewer|smaller|larger|[x×](?!\w))",
    re.IGNORECASE,
)
#: What makes the number behind it a difference: `misses it by 0.14`, `adds 0.10`.
_DIFFERENCE = re.compile(
    r"\b(?:by|adds?|added|gains?|gained|brings?|brought|gives?|gave|yields?|(?:difference|gap|gain|improvement|increase|drop|loss|lead|advantage) of)\s*$",
    re.IGNORECASE,
)
_PARAMS = re.compile(r"\b(?:param(?:eter)?s?|weights)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SaidFigure:
    """A number in a statement, as it is written (`text`, with its unit).

    `metric` is the one it stands beside, `unit` that of a table's header; `result` the key it carries, '' for none, with the
    other keys of the statement in `beside`; `models` are those it may be about. `derived` says that it is a difference, ratio or
    share, `threshold` that it is a limit somebody set.
    """

    text: str
    at: int
    line: int
    metric: NamedMetric | None
    result: str
    models: tuple[str, ...]
    derived: bool = False
    threshold: bool = False
    unit: str = ""

    def number(self, quantity: str) -> FigureValue | None:
        """It as a value of a quantity, None where it cannot be one."""
        metric = vocabulary().metric(quantity)
        read = parse_number(self.text.replace("million", "M").replace(",", ""), metric, self.unit)
        return None if read is None else FigureValue(read.value, self.text, read.resolution, read.approximate)


@dataclass(frozen=True, slots=True)
class FigureValue:
    """A number as it is said, in the unit of its metric: fits `litdb.values.agreement`."""

    value: float | None
    printed: str
    resolution: float
    approximate: str


def results_in(text: str) -> tuple[str, ...]:
    """All keys of results that a text names."""
    return tuple(dict.fromkeys(match[1] for match in _ANY_RESULT.finditer(text)))


def figures(
    statement: SaidStatement, mentions: Sequence[DraftMention], carried: tuple[str, ...]
) -> Iterator[SaidFigure]:
    """The figures of a statement; `carried` are the models that the sentence before was about."""
    if statement.header:
        yield from _in_row(statement, mentions)
    else:
        yield from _in_sentence(statement, mentions, carried)


def _masked(text: str, mentions: Sequence[DraftMention]) -> str:
    """The text with everything that is no figure blanked: names, places, results, other counts."""
    spans = [(m.start(), m.end()) for m in _MASKED.finditer(text)] + [(m.start, m.end) for m in mentions]
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return "".join(letters)


def _in_sentence(
    statement: SaidStatement, mentions: Sequence[DraftMention], carried: tuple[str, ...]
) -> Iterator[SaidFigure]:
    text = statement.text
    masked = _masked(text, mentions)
    metrics = vocabulary().metrics_in(masked)
    numbers = list(_NUMBER.finditer(masked))
    # a metric right behind a number is that number's, and not the next one's
    taken = {
        start
        for start, _, _ in metrics
        for n in numbers
        if n.end() <= start and _JOINED.fullmatch(masked[n.end() : start])
    }
    free = [metric for metric in metrics if metric[0] not in taken]
    for match in numbers:
        behind = masked[match.end() :]
        metric = _metric_at(masked, match, metrics, free)
        counted = "." in match["digits"] or "," in match["digits"] or match["unit"]
        if not counted and (metric is None or not metric.metric.per_model):
            continue  # a whole number without a unit is a count of something else
        if match["unit"] == "%" and metric is not None and not metric.metric.percent:
            metric = None
        carries = _RESULT.match(text, match.end())
        before = masked[: match.start()]
        derived = bool(match["sign"] or _DERIVED.match(behind) or _DIFFERENCE.search(before))
        derived = derived or (match["unit"] == "%" and metric is None)
        yield SaidFigure(
            (match["approx"] + match["digits"] + (match["unit"] or "")).strip(),
            match.start("digits"),
            statement.line_at(match.start("digits")),
            metric,
            carries["key"] if carries else "",
            _subject(mentions, match.start(), carried),
            derived,
            bool(_THRESHOLD.search(before)),
        )


def _metric_at(
    masked: str,
    match: re.Match[str],
    metrics: Sequence[tuple[int, int, NamedMetric]],
    free: Sequence[tuple[int, int, NamedMetric]],
) -> NamedMetric | None:
    """The metric right behind a number, else the nearest before it with no other number between, else what its unit says."""
    behind = [
        m
        for start, _, m in metrics
        if start >= match.end() and _JOINED.fullmatch(masked[match.end() : start])
    ]
    if behind:
        return behind[0]
    before = [(end, m) for _, end, m in free if 0 <= match.start() - end <= _BEFORE]
    if before:
        end, found = before[-1]
        if not _has_number(masked[end : match.start()]) or match["unit"] in (None, "%"):
            return found
    if match["unit"] in ("K", "k", "M", "million"):
        return vocabulary().named("params")
    return None


def _has_number(text: str) -> bool:
    return re.search(r"\d", text) is not None


def _subject(mentions: Sequence[DraftMention], at: int, carried: tuple[str, ...]) -> tuple[str, ...]:
    """The models that a number is about: those named last before it, else first after it, else in the sentence before."""
    before = [m for m in mentions if m.end <= at]
    if before:
        return before[-1].models
    return mentions[0].models if mentions else carried


def _in_row(statement: SaidStatement, mentions: Sequence[DraftMention]) -> Iterator[SaidFigure]:
    """The figures of a row, each with the metric and unit above it."""
    models = mentions[0].models if mentions else ()
    masked = _masked(statement.text, mentions)
    at = 0
    for place, cell in enumerate(statement.text.split("|")):
        head = statement.header[place] if place < len(statement.header) else ""
        metric, unit = _of_header(head)
        for match in _NUMBER.finditer(masked[at : at + len(cell)]):
            counted = "." in match["digits"] or "," in match["digits"] or match["unit"] or metric is not None
            if counted:
                carries = _RESULT.match(statement.text, at + match.end())
                yield SaidFigure(
                    (match["approx"] + match["digits"] + (match["unit"] or "")).strip(),
                    at + match.start("digits"),
                    statement.line,
                    metric,
                    carries["key"] if carries else "",
                    models,
                    bool(match["sign"]),
                    False,
                    "" if match["unit"] else unit,
                )
        at += len(cell) + 1


def _of_header(head: str) -> tuple[NamedMetric | None, str]:
    """The metric and unit of a column's title, such as `Params (M) ↓`."""
    unit = re.search(r"[(\[]\s*(%|[KMG]|[MG]/s|GMACs|MMACs)\s*[)\]]", head)
    bare = re.sub(r"[(\[][^)\]]*[)\]]|[↑↓*_`]", " ", head).strip()
    metric = vocabulary().named(bare)
    if metric is None and _PARAMS.search(bare):
        metric = vocabulary().named("params")
    return metric, unit[1][0] if unit else ""
