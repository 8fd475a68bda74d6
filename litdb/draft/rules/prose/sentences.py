"""VALUE, STALE, ORIGIN, IDENTITY and UNITS in sentences: each number that is said of a model held against its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from litdb.draft.finding import DraftFinding, DraftRule
from litdb.draft.rules.factors import wrong_unit
from litdb.draft.rules.held import Held, Standing, hold, hold_reference, of_same_kind, same
from litdb.draft.rules.prose.numbers import SentenceNumber, SentenceNumberKind
from litdb.draft.rules.prose.subjects import SaidMention, SaidSentence, Subject, statements, subject_of
from litdb.draft.subject import Draft, Tally
from litdb.evidence.audit.facts import told
from litdb.extract.types import CellReading, Span
from litdb.values.agreement import agree
from litdb.values.origin import Origin
from litdb.values.value import Value
from litdb.vocabulary import vocabulary

#: Words by which a sentence speaks of another row of a paper than its headline.
_VARIANT = re.compile(
    r"\b(?:small\w*|medium|large\w*|extra|tiny|base|versions?|variants?|configurations?|without|w/o|remov\w*|ablat\w*|augment\w*|stretching|conference|journal|"
    r"long|successor|vary|varie[ds]|rang(?:es?|ing)|depend\w*|settings?|between|[A-Z]\s?=\s?\d+|instead|replac\w*|uni|bi\w*|pruned?|prunes|alone|raises|rises|falls|models|baseline|seeds?|trained|part|variety|pcs|with its|an? [A-Z]\S+ of \d+ channels)\b",
    re.IGNORECASE,
)
_MARKED = re.compile(
    r"re-?implement|re-?produc|re-?run|re-?train|quot|according to|as reported (?:by|in)|as (?:given|listed|counted) (?:by|in)|repository|README|"
    r"counts?\b|official",
    re.IGNORECASE,
)
_THEMSELVES = re.compile(
    r"\bits authors\b|\btheir (?:own )?(?:\w+ )?paper\b|\bits (?:own )?paper\b|\bthe (?:original )?paper\b|\bauthors of\b",
    re.IGNORECASE,
)
_OF_SEVERAL = re.compile(
    r"\b(?:all|every|each|most|none|no) (?:of the )?(?:\w+ ){0,3}(?:models|networks|systems|papers|published)\b|\b(?:mean|average[sd]?(?! over)|median|spans?|ranges? from)\b|"
    r"\b(?:the|these|those) (?:\w+ )?(?:models|networks|systems) (?:of|in|below|above|under|over|between|with)\b|\bgroup of\b",
    re.IGNORECASE,
)
BAND = re.compile(r"narrow-?band|\bNB\b|PESQ-NB", re.IGNORECASE)
#: Words for other test sets than VoiceBank+DEMAND.
ELSEWHERE = re.compile(
    r"\bDNS\b|WSJ|LibriSpeech|TIMIT|CHiME|DNS-?\d|reverb|\bour (?:own )?(?:data|corpus)\b", re.IGNORECASE
)
_NOISY = re.compile(r"\b(?:noisy|unprocessed|unenhanced|degraded|mixtures?)\b", re.IGNORECASE)
#: Noisy speech of VoiceBank+DEMAND has 1.97.
_NOISY_PESQ = 1.9


def sentences(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """VALUE, STALE, ORIGIN, IDENTITY, UNITS: numbers of sentences."""
    for said in statements(draft):
        if BAND.search(said.text) or ELSEWHERE.search(said.text) or not _usual_noise(said):
            tally.unchecked("numbers in sentences on other bands or test sets", len(said.numbers))
            continue
        if not draft.on_voicebank and any(_scored(number) for number in said.numbers):
            tally.unchecked(
                "numbers in sentences of a draft that names no test set of the catalogue", len(said.numbers)
            )
            continue
        if _OF_SEVERAL.search(said.text):
            tally.unchecked("numbers in sentences about several models together", len(said.numbers))
            continue
        values = [
            n
            for n in said.numbers
            if n.kind is SentenceNumberKind.VALUE and n.quantity and not n.approximate.startswith((">", "<"))
        ]
        wrong: set[int] = set()
        for number in values:
            for finding in _number(draft, said, number, tally):
                wrong.add(number.start)
                yield finding
        if not wrong:
            yield from _together(draft, said, values)


def _scored(number: SentenceNumber) -> bool:
    metric = vocabulary().metric(number.quantity)
    return metric is not None and not metric.per_model


def _usual_noise(said: SaidSentence) -> bool:
    """Whether the noisy speech beside which a sentence puts a model can be that of VoiceBank+DEMAND: its PESQ is not lower."""
    scores = [n.value for n in said.numbers if n.kind is SentenceNumberKind.VALUE and n.quantity == "PESQ"]
    return len(scores) < 2 or min(scores) >= _NOISY_PESQ or not _NOISY.search(said.text)


def _of_noisy(draft: Draft, said: SaidSentence, number: SentenceNumber) -> bool:
    """Whether a number is that of the noisy speech of which a sentence speaks: "from 1.97 to 3.37 relative to noisy speech"."""
    return bool(_NOISY.search(said.text)) and any(
        hold_reference(draft.knowledge, reading(number), key).standing is Standing.AGREES
        for key in draft.knowledge.named("Noisy")
    )


def reading(number: SentenceNumber, quantity: str = "") -> CellReading:
    """A number of a sentence in the form that cells have."""
    metric = vocabulary().metric(quantity or number.quantity)
    dataset = "" if metric is not None and metric.per_model else "VoiceBank+DEMAND"
    return CellReading(
        model="", metric=quantity or number.quantity, quantity=quantity or number.quantity, printed=number.printed, value=number.value,
        resolution=number.resolution, approximate="~" if number.approximate == "~" else "", dataset=dataset,
        row=-1, column=-1, raw=number.printed, span=Span("", 0, 0),
    )  # fmt: skip


def _number(draft: Draft, said: SaidSentence, number: SentenceNumber, tally: Tally) -> Iterator[DraftFinding]:
    subject = subject_of(said, number)
    models = [key for mention in subject.mentions for key in mention.models]
    if any(mention.own and mention.rows for mention in subject.mentions):
        return  # AGREE holds the own network's numbers against its rows and the catalogue
    if not models or (not subject.sure and len(subject.mentions) > 1 and not models):
        tally.unchecked("numbers in sentences of models that are not named")
        return
    if _of_noisy(draft, said, number):
        tally.checked("numbers in sentences")
        return
    if re.search(r"\bboth\b", said.text[: number.start][-30:]) and len(said.mentions) == 2:
        for mention in said.mentions:
            if not _fits(draft, said, number, mention):
                yield from _wrong(draft, said, number, Subject((mention,), True))
        tally.checked("numbers in sentences")
        return
    if _stale_of_one(draft, number, subject):
        tally.checked("numbers in sentences")
        yield from _wrong(draft, said, number, subject)
        return
    if any(_fits(draft, said, number, mention) for mention in subject.mentions):
        tally.checked("numbers in sentences")
        yield from _second_hand(draft, said, number, subject)
        return
    if not subject.sure:
        everyone = (*said.mentions, *said.topic)
        if any(_fits(draft, said, number, mention) for mention in everyone) or len(subject.mentions) > 2:
            tally.checked("numbers in sentences")
            return
    tally.checked("numbers in sentences")
    yield from _wrong(draft, said, number, subject)


def _stale_of_one(draft: Draft, number: SentenceNumber, subject: Subject) -> bool:
    """Whether a number that may be of either of two models is an old one of the first to the last digit, and the other prints fewer."""
    if subject.sure or len(subject.mentions) != 2 or not number.quantity:
        return False
    held = [
        hold(draft.knowledge, reading(number), model)
        for mention in subject.mentions
        for model in mention.models
    ]
    stale = any(
        one.standing is Standing.STALE
        and one.source is not None
        and one.source.resolution <= number.resolution * 1.01
        for one in held
    )
    return stale and all(
        one.standing is not Standing.AGREES
        or one.right is None
        or one.right.resolution > number.resolution * 1.5
        for one in held
    )


def _quantities(number: SentenceNumber) -> Iterable[str]:
    return (
        number.quantity,
        *(number.others if number.assumed or number.quantity in ("params", "MACs", "FLOPs") else ()),
    )


def _fits(draft: Draft, said: SaidSentence, number: SentenceNumber, mention: SaidMention) -> bool:
    """Whether a number is what the catalogue or a table of the draft says of a model, in one of the quantities it may be of."""
    for quantity in _quantities(number):
        one = reading(number, quantity)
        for model in mention.models:
            held = hold(draft.knowledge, one, model)
            if held.standing in (Standing.AGREES,) or (
                held.standing is Standing.SECOND_HAND and _excused(said, held)
            ):
                return True
            if held.standing is Standing.STALE:
                continue
            theirs = held.standing is Standing.SECOND_HAND
            if (mention.own or _VARIANT.search(said.text) or _VARIANT.search(said.before)) and any(
                same(one, value)
                for other in _relatives(draft, said, mention, model)
                for value in of_same_kind(draft.knowledge, one, other)
                if value.origin in (Origin.SELF, Origin.MEASURED)
                or not (theirs or value.origin is Origin.CLAIM)
            ):
                return True
        if (mention.own or not mention.models) and any(_in_row(row.numbers, one) for row in mention.rows):
            return True
    return False


def _relatives(draft: Draft, said: SaidSentence, mention: SaidMention, model: str) -> Iterator[str]:
    """Models that a sentence may mean by words such as "the small one": of the same paper, of the same name, of one named beside."""
    yield from draft.knowledge.family(model)
    yield from draft.knowledge.named(mention.name)
    if not mention.own:
        for other in said.mentions:
            if other is not mention and not other.own:
                yield from (key for one in other.models for key in draft.knowledge.family(one))


def _in_row(numbers: Sequence[CellReading], one: CellReading) -> bool:
    return any(cell.quantity == one.quantity and agree(cell, one) for cell in numbers)


def _excused(said: SaidSentence, held: Held) -> bool:
    """Whether a sentence says that a number is from others than the model's authors."""
    claim = held.source is not None and held.source.origin is Origin.CLAIM
    return not claim and bool(_MARKED.search(said.text))


def _second_hand(
    draft: Draft, said: SaidSentence, number: SentenceNumber, subject: Subject
) -> Iterator[DraftFinding]:
    """ORIGIN: what a sentence gives as the authors' own number, and they print another."""
    if not _THEMSELVES.search(said.text) or not subject.sure or len(subject.mentions) > 1 or number.assumed:
        return
    if any(m.reporter for m in said.mentions):
        return
    one = reading(number)
    for model in subject.mentions[0].models:
        values = of_same_kind(draft.knowledge, one, model)
        theirs = [v for v in values if v.origin is Origin.SELF]
        others = [v for v in values if v.origin in (Origin.QUOTED, Origin.REPRODUCED) and same(one, v)]
        if theirs and others and not any(same(one, v) for v in theirs) and not draft.knowledge.is_own(model):
            yield _finding(
                DraftRule.ORIGIN, said, number,
                f"{subject.mentions[0].name}: {number.quantity} {number.printed} is of {others[0].place}; its authors print {theirs[0].printed}",
                [others[0], theirs[0]],
            )  # fmt: skip
            return


def _wrong(
    draft: Draft, said: SaidSentence, number: SentenceNumber, subject: Subject
) -> Iterator[DraftFinding]:
    """What is wrong with a number that no model it may be of has."""
    judged = [
        (mention, hold(draft.knowledge, reading(number), model))
        for mention in subject.mentions
        for model in mention.models
    ]
    name = subject.mentions[-1].name
    for mention, held in judged:
        if held.standing is Standing.STALE and held.source is not None and held.right is not None:
            yield _finding(
                DraftRule.STALE, said, number,
                f"{mention.name}: {number.quantity} {number.printed} is of {held.source.place}; {held.right.place} prints {held.right.printed}",
                [held.source, held.right],
            )  # fmt: skip
            return
    for mention, held in judged:
        if held.standing is Standing.SECOND_HAND and held.source is not None:
            right = f"; its own paper prints {held.right.printed}" if held.right is not None else ""
            origin = "a claim" if held.source.origin is Origin.CLAIM else held.source.origin.value
            yield _finding(
                DraftRule.ORIGIN, said, number,
                f"{mention.name}: {number.quantity} {number.printed} is {origin} ({held.source.place}){right}",
                [v for v in (held.source, held.right) if v is not None],
            )  # fmt: skip
            return
    for mention in subject.mentions:
        for model in (
            *mention.models,
            *(key for one in mention.models for key in draft.knowledge.family(one)),
        ):
            if off := wrong_unit(draft.knowledge, reading(number), model):
                words, value = off
                yield _finding(
                    DraftRule.UNITS, said, number, f"{mention.name}: {number.quantity} {number.printed} is {words}", [value]
                )  # fmt: skip
                return
    against = _against(draft, said, number, subject)
    if against is None:
        return
    mention, value = against
    rule = DraftRule.VALUE
    yield _finding(
        rule, said, number, f"{mention.name or name}: {number.quantity} {number.printed}; {value.place} prints {value.printed}", [value]
    )  # fmt: skip


def _against(
    draft: Draft, said: SaidSentence, number: SentenceNumber, subject: Subject
) -> tuple[SaidMention, Value] | None:
    """What a model's own source prints in place of a number, where that is known well enough to say that it is wrong."""
    one = reading(number)
    for mention in subject.mentions:
        for model in mention.models:
            held = hold(draft.knowledge, one, model)
            if held.standing is Standing.CUT:
                return None
            if held.standing is Standing.DIFFERS and held.right is not None:
                return mention, held.right
            family = [
                v
                for key in (model, *draft.knowledge.family(model))
                for v in of_same_kind(draft.knowledge, one, key)
                if v.origin is Origin.SELF
            ]
            costs = number.quantity in ("MACs", "FLOPs") and number.digits > 1
            if (
                family
                and (costs or (_VARIANT.search(said.text) and subject.sure))
                and number.quantity != "PESQ"
            ):
                return mention, min(family, key=lambda v: abs((v.value or 0) - number.value))
            if family and not number.assumed and subject.sure:
                return mention, min(family, key=lambda v: abs((v.value or 0) - number.value))
    return None


def _together(draft: Draft, said: SaidSentence, numbers: Sequence[SentenceNumber]) -> Iterator[DraftFinding]:
    """IDENTITY: parameters and a score that are each of a model of that name, but of no single one."""
    by_mention: dict[int, list[tuple[SentenceNumber, SaidMention]]] = {}
    for number in numbers:
        subject = subject_of(said, number)
        if (
            subject.sure
            and len(subject.mentions) == 1
            and subject.mentions[0].models
            and not subject.mentions[0].own
        ):
            by_mention.setdefault(subject.mentions[0].start, []).append((number, subject.mentions[0]))
    for pairs in by_mention.values():
        sizes = [n for n, _ in pairs if n.quantity == "params" and not n.others]
        scores = [n for n, _ in pairs if n.quantity == "PESQ"]
        if len(sizes) != 1 or len(scores) != 1 or _VARIANT.search(said.text):
            continue
        mention = pairs[0][1]
        keys = [*mention.models, *(k for m in mention.models for k in draft.knowledge.family(m))]
        size, score = reading(sizes[0]), reading(scores[0])
        fits_size = [k for k in keys if any(same(size, v) for v in of_same_kind(draft.knowledge, size, k))]
        fits_score = [k for k in keys if any(same(score, v) for v in of_same_kind(draft.knowledge, score, k))]
        if fits_size and fits_score and not set(fits_size) & set(fits_score):
            values = [
                next(v for v in of_same_kind(draft.knowledge, one, keys_[0]) if same(one, v))
                for one, keys_ in ((size, fits_size), (score, fits_score))
            ]
            yield _finding(
                DraftRule.IDENTITY, said, sizes[0],
                f"{mention.name}: {sizes[0].printed} is of {values[0].row.model.name}, PESQ {scores[0].printed} of {values[1].row.model.name}: not one model",
                values,
            )  # fmt: skip


def _finding(
    rule: DraftRule, said: SaidSentence, number: SentenceNumber, message: str, values: Iterable[Value]
) -> DraftFinding:
    once = list({value.key: value for value in values}.values())
    return DraftFinding(
        rule, said.place(number.start), message, tuple(v.key for v in once), tuple(told(v) for v in once)
    )
