"""ARITHMETIC in sentences: differences, shares and ratios that their numbers do not give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import permutations

from litdb.draft.finding import DraftFinding, DraftRule
from litdb.draft.rules.prose.known import KnownNumber, numbers_of
from litdb.draft.rules.prose.numbers import SentenceNumber, SentenceNumberKind
from litdb.draft.rules.prose.subjects import SaidMention, SaidSentence, statements
from litdb.draft.subject import Draft, Tally
from litdb.evidence.audit.facts import told
from litdb.evidence.composites import COMPOSITES

_COSTS = ("params", "MACs", "FLOPs")
_SIZE = re.compile(
    r"parameters?|params|weights|small\w*|large\w*|size|big\w*|compact|light\w*|fewer|many", re.IGNORECASE
)
_SHARE = re.compile(
    r"\b(?P<words>(?:about |roughly |nearly |almost |less than |more than )?(?:a |one )?(?P<part>half|third|quarter|fifth|tenth)) (?:of|as|the)\b",
    re.IGNORECASE,
)
_PARTS = {"half": 2.0, "third": 3.0, "quarter": 4.0, "fifth": 5.0, "tenth": 10.0}
#: Words of sentences whose numbers are no sums of others.
NO_SUM = re.compile(
    r"\b(?:significan\w*|confidence|interval|p\s?[<=]|deviation|per cent of cases|learning rate|weight(?:s|ed)? (?:of|by)|higher by about 0\.1)\b"
)
#: A sentence about the one model that the sentence before it is about.
_GOES_ON = re.compile(r"(?:That|This|It) (?:is|was|means|makes|stands|lies|scores?|gains?|leads?|exceeds?)\b")


def sums(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """ARITHMETIC: what sentences work out."""
    for said in statements(draft):
        if NO_SUM.search(said.text):
            continue
        for number in said.numbers:
            if number.kind is SentenceNumberKind.DIFFERENCE:
                yield from _scales(draft, said, number)
                yield from _difference(draft, said, number, tally)
            elif number.kind is SentenceNumberKind.PERCENT:
                yield from _percent(said, number, tally)
            elif number.kind is SentenceNumberKind.TIMES:
                yield from _times(draft, said, number, tally)


# differences


def _difference(
    draft: Draft, said: SaidSentence, number: SentenceNumber, tally: Tally
) -> Iterator[DraftFinding]:
    quantities = (number.quantity, *(number.others if number.assumed else ()))
    stated = [
        n
        for n in said.numbers
        if n.kind is SentenceNumberKind.VALUE and n.quantity in quantities and not n.approximate
    ]
    if len(stated) == 2 and (_pair(said, stated) or number.quantity == stated[0].quantity):
        gap = abs(stated[0].value - stated[1].value)
        if _one_of_several(said, number):
            tally.unchecked("differences in sentences with several of them")
            return
        tally.checked("differences in sentences")
        if not near(number, gap, stated[0].resolution, stated[1].resolution):
            yield finding(
                said,
                number,
                f"{stated[0].printed} and {stated[1].printed} differ by {short(gap)}, not {number.printed}",
            )
        return
    beside = any(
        0 <= number.start - m.end <= 1 for m in said.mentions
    )  # "costs CMGAN 0.17 and LiSenNet 0.12"
    pairs = None if beside or re.search(r"\b(?:[Ww]e|us)\b", said.text) else _compared(said)
    if pairs is None:
        tally.unchecked("differences in sentences whose two sides are not named")
        return
    one, other = pairs
    known: list[tuple[float, KnownNumber, KnownNumber]] = []
    for quantity in quantities:
        for a in numbers_of(draft, one, quantity):
            for b in numbers_of(draft, other, quantity):
                if near(number, abs(a.value - b.value), a.resolution, b.resolution):
                    tally.checked("differences in sentences")
                    return
                known.append((abs(a.value - b.value), a, b))
    if not known:
        tally.unchecked("differences in sentences whose two sides are not known")
        return
    tally.checked("differences in sentences")
    gap, a, b = known[0]
    yield finding(
        said,
        number,
        f"{one.name} {a.where} and {other.name} {b.where} differ by {short(gap)}, not {number.printed}",
    )


def _one_of_several(said: SaidSentence, number: SentenceNumber) -> bool:
    """Whether a sentence has several differences or shares, of which two numbers beside them cannot be the sides of all."""
    return sum(n.kind is number.kind for n in said.numbers) > 1


def _scales(draft: Draft, said: SaidSentence, number: SentenceNumber) -> Iterator[DraftFinding]:
    """SCALE: a difference of composites that are on different scales of the samples."""
    pair = _compared(said)
    if number.quantity not in COMPOSITES or pair is None:
        return
    scales = []
    for mention in pair:
        values = [v for key in mention.models for v in draft.knowledge.values(key, number.quantity, "vbd")]
        known = {scale: v for v in reversed(values) if (scale := v.protocol.get("scale"))}
        if len(known) != 1:
            return
        scales.append(next(iter(known.items())))
    (one, first), (other, second) = scales
    if one != other:
        yield DraftFinding(
            DraftRule.SCALE, said.place(number.start),
            f"{number.quantity} of {pair[0].name} is on the scale {one}, that of {pair[1].name} on {other}: their difference says nothing",
            (first.key, second.key), (told(first), told(second)),
        )  # fmt: skip


def _pair(said: SaidSentence, stated: Sequence[SentenceNumber]) -> bool:
    """Whether two numbers stand as a pair: (3.40 against 3.05), from 2.86 to 3.05."""
    between = said.text[stated[0].end : stated[1].start]
    return bool(
        re.fullmatch(
            r"\s?(?:to|against|and|vs\.?|versus|–|compared (?:to|with)|over|instead of)\s?",
            between.strip(" ,"),
        )
    )


def _compared(said: SaidSentence) -> tuple[SaidMention, SaidMention] | None:
    """The two models that a difference lies between, where the sentence names no more."""
    named = [m for m in said.mentions if not m.reporter]
    own = [m for m in named if m.own]
    distinct = list({m.models or m.name: m for m in named}.values())
    if len(distinct) == 2:
        return distinct[0], distinct[1]
    if len(distinct) == 1 and not own:
        topic = [m for m in said.topic if m.own]
        if len(topic) == 1 and not said.topic[0].reporter:
            return distinct[0], topic[0]
        others = {m.models or m.name: m for m in said.topic if not m.reporter}
        if len(others) == 1 and distinct[0].compared and _GOES_ON.match(said.text):
            return distinct[0], next(iter(others.values()))
    return None


# percent


def _percent(said: SaidSentence, number: SentenceNumber, tally: Tally) -> Iterator[DraftFinding]:
    stated = [
        n for n in said.numbers if n.kind is SentenceNumberKind.VALUE and n.quantity and not n.approximate
    ]
    best: tuple[float, SentenceNumber, SentenceNumber] | None = None
    for a, b in permutations(stated, 2):
        if a.quantity != b.quantity or not a.value or not b.value:
            continue
        shares = {abs(b.value - a.value) / a.value * 100}
        if (
            re.match(r"\s?(?:of|as)\b", said.text[number.end :])
            or "%" in said.text[number.end : number.end + 3]
        ):
            shares.add(b.value / a.value * 100)
        if any(near(number, share, 0, 0, slack=_slack(a, b, share)) for share in shares):
            tally.checked("shares in sentences")
            return
        share = abs(b.value - a.value) / a.value * 100
        if best is None or a.start < b.start:
            best = best or (share, a, b)
    if (
        best is None
        or _one_of_several(said, number)
        or len({n.value for n in stated if n.quantity == best[1].quantity}) != 2
    ):
        tally.unchecked("shares in sentences whose two numbers do not stand beside them")
        return
    tally.checked("shares in sentences")
    share, a, b = best
    yield finding(said, number, f"from {a.printed} to {b.printed} is {share:.1f} %, not {number.printed} %")


def _slack(a: SentenceNumber, b: SentenceNumber, share: float) -> float:
    """How far a share may be off for its numbers are rounded, in percent points."""
    return (share + 100) * (a.resolution / 2 / a.value + b.resolution / 2 / b.value)


# times


def _times(draft: Draft, said: SaidSentence, number: SentenceNumber, tally: Tally) -> Iterator[DraftFinding]:
    quantities = _costs_of(said, number)
    ratios: list[tuple[float, float, str]] = []
    for quantity in quantities:
        stated = [
            n
            for n in said.numbers
            if n.kind is SentenceNumberKind.VALUE and n.quantity == quantity and not n.approximate
        ]
        for a, b in permutations(stated, 2):
            if b.value:
                ratios.append((a.value / b.value, _relative(a, b), f"{a.printed} and {b.printed}"))
        pair = _compared_sizes(said)
        for one, other in [pair, (pair[1], pair[0])] if pair is not None else []:
            for x in numbers_of(draft, one, quantity)[:6]:
                for y in numbers_of(draft, other, quantity)[:6]:
                    if y.value:
                        ratios.append(
                            (
                                x.value / y.value,
                                _relative(x, y),
                                f"{one.name} {x.where} and {other.name} {y.where}",
                            )
                        )
    ratios = [r for r in ratios if r[0] >= 1]
    if not ratios:
        tally.unchecked("ratios in sentences whose two sides are not known")
        return
    tally.checked("ratios in sentences")
    if any(_about(number, ratio, slack) for ratio, slack, _ in ratios):
        return
    ratio, _, words = ratios[0]
    yield finding(
        said,
        number,
        f"{words}: {ratio:.2f} times, not {number.hedge + ' ' if number.hedge else ''}{number.printed}",
    )


def _costs_of(said: SaidSentence, number: SentenceNumber) -> tuple[str, ...]:
    after = said.text[number.end : number.end + 40]
    for quantity, pattern in (("MACs", r"MAC|multiply"), ("FLOPs", r"FLOP"), ("params", r"param|weights")):
        if re.search(pattern, after):
            return (quantity,)
    if re.search(r"as (?:large|big|small)|smaller|larger", after):
        return ("params",)
    named = [
        q
        for q, p in (("MACs", r"MAC|multiply"), ("params", r"param|\d\s?M\b"))
        if re.search(p, said.text + said.before)
    ]
    return tuple(named) or _COSTS


def _compared_sizes(said: SaidSentence) -> tuple[SaidMention, SaidMention] | None:
    named = list({m.models or m.name: m for m in said.mentions if not m.reporter}.values())
    if len(named) == 2:
        return named[0], named[1]
    if len(named) == 1:
        others = [m for m in said.topic if m.models != named[0].models]
        if len(others) == 1:
            return named[0], others[0]
    return None


def _relative(a: KnownNumber | SentenceNumber, b: KnownNumber | SentenceNumber) -> float:
    return (a.resolution / 2 / a.value if a.value else 0) + (b.resolution / 2 / b.value if b.value else 0)


def _about(number: SentenceNumber, ratio: float, slack: float) -> bool:
    """Whether a ratio is what a sentence says: `nearly` from below, `more than` from above, a word for a whole number loosely."""
    said = number.value
    room = said * slack + number.resolution / 2 + 1e-9
    worded = not number.printed[0].isdigit()
    if number.hedge in ("nearly", "almost", "just under"):
        return said * 0.88 - room <= ratio <= said * 1.03 + room
    if number.hedge in ("more than", "over", "just over"):
        return ratio >= said - room
    if number.hedge:
        return abs(ratio - said) <= said * 0.12 + room
    return abs(ratio - said) <= (max(0.5, said * 0.06) if worded else room + said * 0.015)


def near(number: SentenceNumber, value: float, one: float, other: float, *, slack: float = 0.0) -> bool:
    """Whether a difference is as printed: rounded itself, of two numbers that are rounded."""
    room = (
        number.resolution / 2
        + (min(one, number.resolution * 2) + min(other, number.resolution * 2)) / 2 * 0.999
        + slack
    )
    if number.approximate == "~":
        room += max(number.resolution, abs(value) * 0.1)
    if number.approximate == "<=":
        return value <= number.value + room
    if number.approximate == ">=":
        return value >= number.value - room
    return abs(value - number.value) <= room + 1e-9


def short(value: float) -> str:
    """A number as a message prints it."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3f}".rstrip("0").rstrip(".")


def finding(said: SaidSentence, number: SentenceNumber, message: str) -> DraftFinding:
    """ARITHMETIC at a number."""
    return DraftFinding(DraftRule.ARITHMETIC, said.place(number.start), message)
