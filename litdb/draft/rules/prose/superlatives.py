"""SUPERLATIVE: "smallest", "best", "first", "outperforms all" held against the models that the catalogue knows, or a table's rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from litdb.draft.finding import DraftFinding, DraftRule
from litdb.draft.rules.prose.known import numbers_of
from litdb.draft.rules.prose.sentences import BAND, ELSEWHERE
from litdb.draft.rules.prose.subjects import SaidMention, SaidSentence, own_models, statements
from litdb.draft.subject import Draft, Tally
from litdb.draft.text.project import DraftPart, DraftTable
from litdb.evidence.audit.facts import told
from litdb.extract.meaning.scope.mentions import mentions
from litdb.values.origin import Origin
from litdb.values.value import Value

_SMALLEST = re.compile(
    r"\b(?:smallest|lightest|most compact|most lightweight|tiniest|fewest parameters|fewest weights|lowest (?:number of parameters|parameter count))\b",
    re.IGNORECASE,
)
_BEST = re.compile(
    r"\b(?:best|highest|top)(?:[- ](?:scoring|performing|published|known|reported|ever|single))*\s(?:PESQ|STOI|CSIG|CBAK|COVL|score|result|network|model|system|enhancer|performance|quality)s?\b",
    re.IGNORECASE,
)
_ART = re.compile(
    r"\b(?:sets?|achieves?|reach\w*|establish\w*|is|are|attains?|obtains?|yields?|deliver\w*|represents?|defines?|mark\w*|gives?) (?:\w+ )?(?:a |the )?(?:new )?"
    r"(?:state[- ]of[- ]the[- ]art|SOTA)\b|\bnew (?:state[- ]of[- ]the[- ]art|SOTA|record)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\bthe first (?:\w+ ){0,3}?(?:network|model|system|method|one|enhancer)s? (?:\w+ ){0,4}?(?:to|that|with|below|under|above)\b",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"\bthe only (?:\w+ ){0,3}?(?:network|model|system|method|one|enhancer)s? (?:\w+ ){0,5}?(?:to|that|which|whose|with|below|under|above)\b",
    re.IGNORECASE,
)
#: Properties that the catalogue's fields do not tell: a superlative among models that have one is not checked.
_QUALIFIED = re.compile(
    r"\b(?:non-?causal|causal|streaming|online|real[- ]time|time-domain|waveform|spiking|complex(?:-valued)?|diffusion|flow|generative|adversarial|"
    r"GANs?|transformers?|conformers?|mamba|recurrent|convolutional|unsupervised|self-supervised|without|open[- ]source|full-?band|CPU|phone|"
    r"quantized|MACs|FLOPs|latency|released|in \d{4}|before \d{4}|until \d{4}|at (?:that|the|its) time|then)\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:outperform\w*|surpass\w*|beats?|exceeds?|better than|superior to|ahead of|leads?) (?:all|every|any)\b(?: of)?(?: the)?(?: other| existing| published| known| previous| prior| comparable| competing)*"
    r"\s?(?:models?|networks?|systems?|methods?|baselines?|competitors?|approaches|work)?",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\b[Nn]o (?:other |published |existing |known |comparable )*(?:model|network|system|method)\b[^.]{0,60}\b(?:higher|better|more|smaller|ahead|fewer)\b"
)
_DENIED = re.compile(
    r"\b(?:not|never|neither|nor|far from|without being|no longer|hardly|rather than|whether)\b|n't\b",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"\b(?:among the|one of the|some of the|second|nearly the|almost the|probably|arguably)\s(?:\w+ )?$",
    re.IGNORECASE,
)
_SCOPED = re.compile(
    r"\b(?:in|of|among)\s(?:the (?:models|networks|rows|systems)\s(?:of|in)\s)?Tables?\b|\b(?:that|which) we (?:compare|list|consider|show|test)\b|\bwe compare\b|"
    r"\b(?:compared|listed|considered|shown) (?:here|models|networks|systems|in)\b|\bour comparison\b|\bof (?:its|each|the|their|this) (?:group|class|table|tables|part|size class|kind)\b|"
    r"\bour (?:variants|runs|ablation)\b|\bof our\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"\b(?:existing|published|known|previous|prior)\b", re.IGNORECASE)
#: What a draft shows: what is said of it is said of the models tried there.
_SHOWN = re.compile(
    r"\b(?:on|in|for|under|with|at|across) (?:this|that|these|those|our|both|each|all)\b|\bhere\b",
    re.IGNORECASE,
)
_CHECKPOINT = re.compile(r"\b(?:checkpoint|epoch|seed|run|bold|underlined|validation|loss)\b", re.IGNORECASE)
_MILLIONS = re.compile(
    r"\b(?:below|under|less than|fewer than|up to|at most|within)\s(?:(?P<value>\d+(?:\.\d+)?)\s?(?P<scale>[KkMm]|million|thousand)\b|(?P<words>(?:one|a) million|half a million|two million))",
)
_AROUND = re.compile(
    r"\b(?:of|with|at|around|near|about)\s(?:roughly |about |nearly )?(?P<words>half a million|(?:one|a) million) parameters",
    re.IGNORECASE,
)
_WORDED = {"one million": 1e6, "a million": 1e6, "half a million": 5e5, "two million": 2e6}
_LEAST = re.compile(
    r"\bPESQ\s(?:score\s)?(?:above|over|beyond|of (?:at least|more than|over)|of|exceeding|≥|>)\s?(?P<value>\d\.\d+)|\b(?:exceed(?:s|ing)?|above|over|reach\w*|pass\w*|past|break\w*|beyond|surpass\w*|cross\w*|tops?|more than|higher than|at least|scor\w+|achiev\w*|attain\w*|get(?:s|ting)?|obtain\w*) (?:a |an )?(?:(?:PESQ|score) (?:of )?)?(?:(?:at least|more than|over|above) )?(?P<other>\d\.\d+)\b(?! ?(?:M|million|k|thousand|%))",
)
_METRIC = re.compile(r"\b(PESQ|STOI|CSIG|CBAK|COVL)\b")
#: VoiceBank+DEMAND, which a sentence means that names no test set.
_USUAL = "vbd"
_ORIGINS = (Origin.SELF, Origin.REPOSITORY, Origin.QUOTED)


@dataclass(frozen=True, slots=True)
class PublishedScore:
    """A published model as superlatives see it: one row's score with the parameters, and since when it is known."""

    name: str
    params: Value | None
    score: Value
    since: dt.date | None


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a superlative is about: `most` parameters, `least` score, in a metric."""

    kind: str
    at: int
    words: str
    metric: str
    low: float | None
    high: float | None
    least: float | None


def superlatives(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """SUPERLATIVE."""
    for said in statements(draft):
        if said.sentence.part in (DraftPart.CAPTION, DraftPart.TITLE) or _CHECKPOINT.search(said.text):
            continue
        for claim in _claims(said.text):
            subject = _subject(draft, said, claim)
            if subject is None:
                tally.unchecked("superlatives whose model is not known")
                continue
            finding = (
                _in_tables(draft, said, claim, subject)
                if _SCOPED.search(said.text)
                else _in_field(draft, said, claim, subject)
            )
            if isinstance(finding, str):
                tally.unchecked(finding)
            else:
                tally.checked("superlatives")
                if finding is not None:
                    yield finding


def _claims(text: str) -> Iterator[_Claim]:
    taken: set[str] = set()
    for kind, pattern in (
        ("none", _NONE),
        ("all", _ALL),
        ("first", _FIRST),
        ("only", _ONLY),
        ("smallest", _SMALLEST),
        ("art", _ART),
        ("best", _BEST),
    ):
        match = pattern.search(text)
        if (
            match is None
            or (kind in ("art", "best") and taken & {"first", "only", "all", "none"})
            or (kind == "best" and "smallest" in taken and "PESQ" not in match.group())
        ):
            continue
        if _WEAK.search(text[: match.start()]) or (kind != "none" and _DENIED.search(text)):
            continue
        taken.add(kind)
        metric = _METRIC.search(match.group()) or (_METRIC.search(text) if kind in ("best", "none") else None)
        low, high = _size(text)
        least = _LEAST.search(text)
        bound = float(least["value"] or least["other"]) if least is not None else None
        yield _Claim(
            kind, match.start(), match.group(), metric[1] if metric is not None else "PESQ", low, high, bound
        )


def _size(text: str) -> tuple[float | None, float | None]:
    """The parameters that a sentence bounds: (low, high)."""
    match = _MILLIONS.search(text)
    if match is not None:
        if match["words"]:
            return None, _WORDED[match["words"].lower()]
        scale = {"k": 1e3, "m": 1e6, "million": 1e6, "thousand": 1e3}[match["scale"].lower()]
        return None, float(match["value"]) * scale
    around = _AROUND.search(text)
    if around is not None:
        value = _WORDED[around["words"].lower()]
        return value * 0.8, value * 1.2
    return None, None


def _subject(draft: Draft, said: SaidSentence, claim: _Claim) -> SaidMention | None:
    named = [m for m in said.mentions if not m.reporter]
    if claim.kind == "none":
        behind = [m for m in named if m.start > claim.at]
        return behind[0] if behind else None
    before = [m for m in named if m.end <= claim.at and not m.compared] or [
        m for m in named if m.end <= claim.at
    ]
    if before:
        return before[-1]
    if claim.kind == "best" and named and not re.match(r"(?:It|Its|This|We|Our)\b", said.text):
        return None
    topic = [m for m in said.topic if m.models]
    if topic and not re.match(r"(?:This|We)\b", said.text):
        return topic[-1] if len(topic) == 1 else None
    own = own_models(draft)
    if own and re.search(
        r"\b(?:we|our|ours|it|this|the (?:proposed )?(?:network|model))\b", said.text, re.IGNORECASE
    ):
        rows = tuple(
            row
            for table in draft.project.tables
            for row in table.rows
            if row.own or set(draft.models(row)) & set(own)
        )
        return SaidMention(0, 0, "the own network", own, rows, own=True)
    return None


def _in_field(
    draft: Draft, said: SaidSentence, claim: _Claim, subject: SaidMention
) -> DraftFinding | str | None:
    """What in the catalogue speaks against a superlative; words where it cannot be told."""
    dataset = _dataset(said)
    if dataset is None:
        return "superlatives on other bands or test sets"
    if untold := _not_of_the_field(draft, said, claim, subject, dataset):
        return untold
    score = _score(draft, subject, claim.metric, dataset)
    size = _value(draft, subject, "params")
    others = [k for k in field_of(draft, claim.metric, dataset) if k.name not in _names(draft, subject)]
    fits = [k for k in others if _meets(k, claim)]
    against: Callable[[PublishedScore], bool]
    if claim.kind == "smallest":
        if size is None:
            return "superlatives whose own value is not known"
        fits = [k for k in fits if k.params is not None]
        against = lambda k: k.params is not None and (k.params.value or 0) + k.params.resolution / 2 < size  # noqa: E731
        if claim.least is None:
            return "superlatives without a condition"
    elif claim.kind == "first":
        since = _since(draft, subject)
        if claim.least is None:
            return "superlatives without a condition"
        if _QUALIFIED.search(said.text):
            return "superlatives among models of a kind"
        against = lambda k: k.since is not None and since is not None and k.since < since  # noqa: E731
    elif claim.kind == "only":
        if claim.least is None or _QUALIFIED.search(said.text):
            return "superlatives without a condition"
        against = lambda _k: True  # noqa: E731
    else:
        if score is None:
            return "superlatives whose own value is not known"
        against = lambda k: (k.score.value or 0) - k.score.resolution / 2 > score  # noqa: E731
    found = [k for k in fits if against(k)]
    if not found:
        return None
    found.sort(key=lambda k: (k.score.origin.tier, -(k.score.value or 0)))
    shown = "; ".join(f"{k.name} ({_told(k, claim.metric)})" for k in found[:3])
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    values = [v for k in found[:3] for v in (k.score, k.params) if v is not None]
    return DraftFinding(
        DraftRule.SUPERLATIVE, said.place(claim.at), f"“{claim.words}” of {subject.name}: against it {shown}{more}",
        tuple(dict.fromkeys(v.key for v in values)), tuple(dict.fromkeys(told(v) for v in values)),
    )  # fmt: skip


def _dataset(said: SaidSentence) -> str | None:
    """The test set that a sentence names, VoiceBank+DEMAND where it names none; None where it is not one that is known."""
    named = {
        one.dataset.id if one.dataset is not None else "" for one in mentions(said.text) if not one.trained
    }
    if BAND.search(said.text) or len(named) > 1 or "" in named or (not named and ELSEWHERE.search(said.text)):
        return None
    return named.pop() if named else _USUAL


def _score(draft: Draft, subject: SaidMention, metric: str, dataset: str) -> float | None:
    """The score of a model on a test set: as the draft has it or its sources do."""
    if dataset == _USUAL:
        return _value(draft, subject, metric)
    known = (v for key in subject.models for v in draft.knowledge.values(key, metric, dataset))
    return next(
        (v.value for v in known if v.metric == metric and v.origin in (*_ORIGINS, Origin.MEASURED)), None
    )


def _not_of_the_field(
    draft: Draft, said: SaidSentence, claim: _Claim, subject: SaidMention, dataset: str
) -> str:
    """Why a superlative is not held against all that is known, '' where it is."""
    if dataset == _USUAL and not draft.on_voicebank:
        return "superlatives of a draft that names no test set of the catalogue"
    if subject.own or any(bound is not None for bound in (claim.low, claim.high, claim.least)):
        return ""
    if claim.kind == "art":
        return "superlatives of others about their time"
    if claim.kind == "all" and _SHOWN.search(said.text) and not _PUBLISHED.search(claim.words):
        return "superlatives about what is compared"  # of somebody else's model: those tried here
    return ""


def _told(known: PublishedScore, metric: str) -> str:
    size = f", {known.params.printed} parameters" if known.params is not None else ""
    return f"{metric} {known.score.printed}{size}" + (f", {known.since}" if known.since is not None else "")


def _meets(known: PublishedScore, claim: _Claim) -> bool:
    if claim.least is not None and (known.score.value or 0) < claim.least:
        return False
    if claim.high is None and claim.low is None:
        return True
    if known.params is None or known.params.value is None:
        return False
    return (claim.high is None or known.params.value <= claim.high) and (
        claim.low is None or known.params.value >= claim.low
    )


def _value(draft: Draft, subject: SaidMention, quantity: str) -> float | None:
    numbers = numbers_of(draft, subject, quantity)
    return numbers[0].value if numbers else None


def _names(draft: Draft, subject: SaidMention) -> set[str]:
    return {record.name for key in subject.models if (record := draft.knowledge.model(key)) is not None} | {
        record.name
        for key in subject.models
        for other in draft.knowledge.named(subject.name)
        if (record := draft.knowledge.model(other)) is not None
    }


def _since(draft: Draft, subject: SaidMention) -> dt.date | None:
    papers = [draft.knowledge.facts.paper_of(key) for key in subject.models]
    dates = [p.submitted for p in papers if p is not None and p.submitted is not None]
    return min(dates, default=None)


def field_of(draft: Draft, metric: str, dataset: str = _USUAL) -> tuple[PublishedScore, ...]:
    """The published models with a score on a test set, worked out at the first call for it and a metric."""
    made: dict[tuple[str, str], tuple[PublishedScore, ...]] = draft.__dict__.setdefault("_fields", {})
    if (metric, dataset) not in made:
        made[metric, dataset] = tuple(_field(draft, metric, dataset))
    return made[metric, dataset]


def _field(draft: Draft, metric: str, dataset: str) -> Iterator[PublishedScore]:
    for record in draft.knowledge.systems():
        if record.own:
            continue
        scores = [
            v for v in draft.knowledge.values(record.key, metric, dataset)
            if v.origin in _ORIGINS and v.metric == metric and not v.approximate and not v.withdrawn
        ]  # fmt: skip
        if not scores:
            continue
        score = scores[0]
        sizes = [
            v
            for v in draft.knowledge.values(record.key, "params", "")
            if v.origin in _ORIGINS and not v.approximate
        ]
        size = next((v for v in sizes if v.row.key == score.row.key), sizes[0] if sizes else None)
        paper = draft.knowledge.facts.paper_of(record.key)
        yield PublishedScore(record.name, size, score, paper.submitted if paper is not None else None)


def _in_tables(
    draft: Draft, said: SaidSentence, claim: _Claim, subject: SaidMention
) -> DraftFinding | str | None:
    """A superlative about the rows of tables: held against those."""
    tables: Sequence[DraftTable] = [
        t for label in said.tables if (t := draft.project.table_of(label)) is not None
    ]
    tables = [t for t in tables or () if any(row in t.rows for row in subject.rows)]
    if not tables or claim.kind not in ("smallest", "best", "none"):
        return "superlatives about what is compared"
    quantity = "params" if claim.kind == "smallest" or "smaller" in claim.words else claim.metric
    down = quantity == "params"
    for table in tables:
        mine = [
            n.value
            for row in table.rows
            if row in subject.rows
            for n in row.numbers
            if n.quantity == quantity
        ]
        if not mine:
            return "superlatives about what is compared"
        for row in table.rows:
            if row in subject.rows:
                continue
            size = next((n.value for n in row.numbers if n.quantity == "params"), None)
            if claim.high is not None and (size is None or size > claim.high):
                continue
            for number in row.numbers:
                better = number.value < min(mine) if down else number.value > max(mine)
                if number.quantity == quantity and better:
                    return DraftFinding(
                        DraftRule.SUPERLATIVE, said.place(claim.at),
                        f"“{claim.words}” of {subject.name}: {row.label} has {number.printed} in {table.name} ({row.place.file}:{row.place.line})",
                    )  # fmt: skip
    return None
