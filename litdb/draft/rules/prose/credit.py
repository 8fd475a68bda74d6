"""ATTRIBUTION: a gain that is credited to a component needs a row that isolates it; whole systems and predictions do not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from litdb.draft.finding import DraftFinding, DraftRule
from litdb.draft.rules.prose.numbers import SentenceNumber, SentenceNumberKind
from litdb.draft.rules.prose.subjects import SaidMention, SaidSentence, statements
from litdb.draft.subject import Draft, Tally
from litdb.draft.text.project import DraftPart, DraftRow, DraftTable
from litdb.evidence.audit.facts import told
from litdb.values.origin import Origin
from litdb.values.value import Value
from litdb.vocabulary.components import components

_CAUSE = re.compile(
    r"\b(?:thanks to|due to|because of|owes?|owing to|explain(?:s|ed)?|accounts? for|attribut\w+|stems? from|results? from|comes? from|brings?|gives?|"
    r"contribut\w+|responsible for|yields?|is worth|are worth|adds?|buys?|provides?|delivers?|by virtue of|as a result of|through its)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:thanks to|due to|because of|owes?|owing to|explain(?:s|ed)? (?:why|how|its|the|that)|attribut\w+|stems? from|comes? from|responsible for|by virtue of|as a result of|through its)\b",
    re.IGNORECASE,
)
_GAIN = re.compile(
    r"\b(?:more|better|ahead|gains?|lead[s]?|advantage|improve\w*|higher|outperform\w*|surpass\w*|superior\w*|exceeds?|beats?|success|progress)\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:not|no|nor|never|though|although|whether|how much|may|might|unclear|unknown|question|cannot)\b|n't\b",
    re.IGNORECASE,
)
_PREDICTED = re.compile(
    r"\b(?:will|would|should|shall|could|is (?:expected|likely|bound) to|are (?:expected|likely) to|can be expected to|promises? to|we expect)\b[^.;]{0,70}?"
    r"\b(?:rais|improv|add|increas|gain|boost|bring|yield|lift|push|reach|give|buy|lead)\w*\b",
    re.IGNORECASE,
)
_METRIC = re.compile(r"\b(?:PESQ|STOI|CSIG|CBAK|COVL|quality|scores?)\b")
_SCALE = re.compile(r"\bscale\b|\bif\b|16-bit", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:attention|convolution|branch|embedding|blocks?|loss|discriminator|compression|decoder|module|layer|gate|augmentation|pruning)\w*",
    re.IGNORECASE,
)
_OURS = re.compile(r"\b(?:[Ww]e|[Oo]urs?|us)\b")
_SCORES = re.compile(r"\b(?:PESQ|E?STOI|CSIG|CBAK|COVL|quality|scores?|performance)\b")
_COST = re.compile(r"\b(?:parameters?|weights|MACs|FLOPs|size|larger|smaller|latency|causal)\b")
_SEGMENT = re.compile(
    r",\s(?:and\s)?|\sand\s(?:the\s)?(?=[a-z-]+ (?:\w+ )?(?:branch|convolution|attention|\())|;\s"
)
#: A difference that lies between two systems: "0.16 ahead of the MP-SENet".
_BETWEEN = re.compile(
    r"^\s?(?:(?:in )?(?:PESQ|STOI|CSIG|CBAK|COVL|points?|dB)\s)?(?:more|less|better|higher|ahead|above|over|behind)?\s?(?:than|ahead of|above|over|against|of|behind)\b"
)
_WORDS = re.compile(r"[a-z][a-z-]{3,}", re.IGNORECASE)
_COMMON = frozenset(
    [
        "alone",
        "gain",
        "gains",
        "brings",
        "gives",
        "worth",
        "adds",
        "attention",
        "network",
        "model",
        "with",
        "from",
        "that",
        "this",
        "more",
        "than",
        "over",
        "against",
        "into",
        "only",
        "mere",
        "moving",
        "accounts",
        "account",
        "yields",
        "branch",
        "branches",
        "baseline",
        "plain",
        "full",
        "encoder",
        "standard",
        "paths",
        "product",
        "table",
        "row",
        "pesq",
        "stoi",
        "most",
        "size",
        "each",
        "which",
        "isolated",
        "additions",
        "moving",
        "part",
        "parts",
    ]
)


def credit(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """ATTRIBUTION."""
    for said in statements(draft):
        if said.sentence.part is DraftPart.CAPTION:
            continue
        finding = _predicted(said)
        if finding is None and _CAUSE.search(said.text):
            finding = _credited(draft, said, tally)
        if finding is not None:
            tally.checked("gains that are credited to something")
            yield finding


def _predicted(said: SaidSentence) -> DraftFinding | None:
    """A gain that nobody measured."""
    match = _PREDICTED.search(said.text)
    if (
        match is None
        or _SCALE.search(said.text)
        or not _METRIC.search(said.text)
        or said.text.rstrip().endswith("?")
    ):
        return None
    gains = [n for n in said.numbers if n.kind is SentenceNumberKind.DIFFERENCE and n.start > match.start()]
    if not gains and not re.search(r"\bPESQ|STOI\b", said.text[match.start() :]):
        return None
    if not gains and _HEDGED.search(said.text):
        return None
    return DraftFinding(
        DraftRule.ATTRIBUTION,
        said.place(match.start()),
        "a gain is predicted; no row and no paired run shows it",
    )


def _credited(draft: Draft, said: SaidSentence, tally: Tally) -> DraftFinding | None:
    named = [m for m in said.mentions if not m.reporter and m.models and not m.own]
    gains = [
        n for n in said.numbers
        if n.kind is SentenceNumberKind.DIFFERENCE and n.quantity not in ("params", "MACs", "FLOPs") and not n.percent
    ]  # fmt: skip
    systems = _systems(draft, named)
    if len(systems) > 1:
        return _whole(draft, said, named, gains, tally)
    if named:
        return _of_paper(draft, said, named[0], gains, tally)
    for gain in gains:
        finding = _own(draft, said, gain, tally)
        if finding is not None:
            return finding
    if not gains:
        return _unshown(draft, said, said.text, _STRONG.search(said.text))
    return None


def _unshown(
    draft: Draft, said: SaidSentence, words: str, cause: re.Match[str] | None
) -> DraftFinding | None:
    """A score of the own network that is credited to a part of it, in a draft that has no rows of variants of it at all."""
    ours = any(m.own for m in said.mentions) or _OURS.search(said.text)
    told = said.sentence.citations or said.text.rstrip().endswith("?") or _HEDGED.search(said.text)
    if cause is None or not ours or told or not _component(words) or not _SCORES.search(said.text):
        return None
    variants = any(
        sum(1 for row in table.rows if row.own or row.kind in ("ablation", "variant") or _of_own(draft, row))
        > 1
        for table in draft.project.tables
    )
    if variants or _COST.search(said.text):
        return None
    return DraftFinding(
        DraftRule.ATTRIBUTION, said.place(cause.start()),
        "credits a part of the own network; no table of the draft has a row that isolates it",
    )  # fmt: skip


def _of_own(draft: Draft, row: DraftRow) -> bool:
    return any(draft.knowledge.is_own(key) for key in draft.models(row))


def _systems(draft: Draft, named: Sequence[SaidMention]) -> set[str]:
    """The papers of the models that a sentence names."""
    return {draft.knowledge.home(m.models[0]) or m.name for m in named}


def _whole(
    draft: Draft,
    said: SaidSentence,
    named: Sequence[SaidMention],
    gains: Sequence[SentenceNumber],
    tally: Tally,
) -> DraftFinding | None:
    """A difference of two systems that is credited to a part of one."""
    cause = _STRONG.search(said.text)
    if cause is None or not (gains or _GAIN.search(said.text)):
        return None
    between = any(_BETWEEN.match(said.text[n.end :]) or "than" in n.printed for n in gains)
    if gains and not between and any(_isolates(draft, m.models, n) for n in gains for m in named):
        tally.checked("gains that are credited to something")
        return None
    if _HEDGED.search(said.text):
        return None
    return DraftFinding(
        DraftRule.ATTRIBUTION, said.place(cause.start()),
        f"{named[0].name} and {named[1].name} are whole systems that differ in more than one thing; no row isolates what is credited",
        tuple(v.key for v in _headlines(draft, named)), tuple(told(v) for v in _headlines(draft, named)),
    )  # fmt: skip


def _headlines(draft: Draft, named: Sequence[SaidMention]) -> list[Value]:
    return [values[0] for m in named[:2] if (values := draft.knowledge.values(m.models[0], "PESQ", "vbd"))]


def _of_paper(
    draft: Draft, said: SaidSentence, model: SaidMention, gains: Sequence[SentenceNumber], tally: Tally
) -> DraftFinding | None:
    """What a part of a published model is said to be worth, against the ablations of its paper."""
    if not gains or not _component(said.text):
        return None
    tally.checked("gains that are credited to something")
    wrong = [gain for gain in gains if not _isolates(draft, model.models, gain)]
    if not wrong or _HEDGED.search(said.text):
        return None
    return DraftFinding(
        DraftRule.ATTRIBUTION, said.place(wrong[0].start),
        f"no row of the paper of {model.name} isolates a difference of {wrong[0].printed}",
    )  # fmt: skip


def _component(text: str) -> bool:
    """Whether a sentence names something that networks are made of."""
    return bool(_PART.search(text)) or any(
        word.lower() in text.lower()
        for component in components().all
        for word in component.aliases
        if len(word) > 4
    )


def _isolates(draft: Draft, models: Sequence[str], gain: SentenceNumber) -> bool:
    """Whether two rows of one table of a model's paper differ by so much."""
    quantities = {gain.quantity, *(gain.others if gain.assumed else ())}
    keys = [*models, *(other for key in models for other in draft.knowledge.family(key))]
    tables: dict[tuple[str, str, str], list[Value]] = {}
    for key in keys:
        for value in draft.knowledge.values(key):
            if (
                value.quantity in quantities
                and value.origin in (Origin.SELF, Origin.REPRODUCED)
                and value.value is not None
            ):
                tables.setdefault((value.row.document.key, value.row.table, value.quantity), []).append(value)
    return any(
        abs(abs((a.value or 0) - (b.value or 0)) - gain.value) <= gain.resolution / 2 + 1e-9
        for values in tables.values()
        for a, b in combinations(values[:60], 2)
    )


def _own(draft: Draft, said: SaidSentence, gain: SentenceNumber, tally: Tally) -> DraftFinding | None:
    """What a part of the own network is said to bring, against the rows of the draft's ablations."""
    start = max((m.end() for m in _SEGMENT.finditer(said.text, 0, gain.start)), default=0)
    end = next((m.start() for m in _SEGMENT.finditer(said.text, gain.end)), len(said.text))
    words = said.text[start:end]
    quantity = gain.quantity
    pair = [m for m in said.mentions if m.rows and start <= m.start < end and not m.own]
    for table in draft.project.tables:
        if len(pair) == 2 and all(any(row in table.rows for row in m.rows) for m in pair):
            rows = [next(row for row in m.rows if row in table.rows) for m in pair]
            tally.checked("gains that are credited to something")
            return _compare(said, gain, table, rows[0], rows[1], quantity)
        row = _row_of(table, words)
        base = _base(table, row) if row is not None else None
        if row is None or base is None or _score(row, quantity) is None:
            continue
        tally.checked("gains that are credited to something")
        return _compare(said, gain, table, row, base, quantity)
    if _component(words):
        if finding := _unshown(draft, said, words, _CAUSE.search(said.text)):
            return finding
        tally.unchecked("gains credited to something of which no table of the draft has a row")
    return None


def _compare(
    said: SaidSentence, gain: SentenceNumber, table: DraftTable, row: DraftRow, base: DraftRow, quantity: str
) -> DraftFinding | None:
    a, b = _score(row, quantity), _score(base, quantity)
    if a is None or b is None:
        return None
    step = 10.0 ** -len(gain.printed.split(".")[-1].split()[0]) if "." in gain.printed else gain.resolution
    if abs(abs(a - b) - gain.value) <= step * 0.51 + 0.0051:
        return None
    return DraftFinding(
        DraftRule.ATTRIBUTION, said.place(gain.start),
        f"credits {gain.printed}; the row that isolates it, {row.place.file}:{row.place.line} of {table.name}, differs from its base by {abs(a - b):.2f}",
    )  # fmt: skip


def _score(row: DraftRow, quantity: str) -> float | None:
    return next((n.value for n in row.numbers if n.quantity == quantity), None)


def _row_of(table: DraftTable, words: str) -> DraftRow | None:
    """The row of an ablation whose label shares the most telling words with what is credited."""
    if sum(1 for row in table.rows if row.own or row.kind in ("ablation", "variant")) < 2:
        return None
    said = {w.lower() for w in _WORDS.findall(words)} - _COMMON
    said |= {part for word in said for part in word.split("-") if len(part) > 4} - _COMMON
    initials = "".join(w[0] for w in re.findall(r"[A-Za-z]+", words)).upper()
    best: tuple[int, DraftRow] | None = None
    for row in table.rows:
        label = {w.lower() for w in _WORDS.findall(row.label)} - _COMMON
        label |= {part for word in label for part in word.split("-") if len(part) > 4} - _COMMON
        short = [w for w in re.findall(r"\b[A-Z]{2,6}\b", row.label) if w in initials]
        shared = len(said & label) + 2 * len(short)
        if shared and (best is None or shared > best[0]):
            best = (shared, row)
    return best[1] if best is not None else None


def _base(table: DraftTable, row: DraftRow) -> DraftRow | None:
    """The row that a row adds something to: the one that its label names, else the one above."""
    rest = row.label.split(":", 1)[-1]
    for other in table.rows:
        short = re.split(r"[:(\[,]", other.label)[0].strip()
        if (
            other is not row
            and short
            and re.search(rf"(?<![\w-]){re.escape(short)}(?![\w-])", rest, re.IGNORECASE)
        ):
            return other
    above = [other for other in table.rows if other.index < row.index]
    return above[-1] if above else None
