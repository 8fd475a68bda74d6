"""NETWORK: what a draft says of the own network, against what the package that builds it states."""

from __future__ import annotations

import re
from collections.abc import Iterator

from litdb.draft.finding import DraftFinding, DraftRule
from litdb.draft.rules.factors import wrong_unit
from litdb.draft.rules.prose.numbers import SentenceNumberKind
from litdb.draft.rules.prose.sentences import reading
from litdb.draft.rules.prose.subjects import SaidSentence, own_models, statements
from litdb.draft.subject import Draft, Tally
from litdb.draft.text.project import DraftPart
from litdb.errors import LitdbError
from litdb.evidence.audit.facts import told
from litdb.values.network import NetworkDescription, NetworkProperty

_COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_COUNT = r"(?P<count>one|two|three|four|five|six|seven|eight|nine|ten|\d{1,4})"
#: Where a number stands for a property, each with the words that must stand in the sentence beside.
_NUMBERS: tuple[tuple[NetworkProperty, re.Pattern[str]], ...] = (
    (NetworkProperty.BOTTLENECK_CHANNELS, re.compile(rf"\bbottleneck\b[^.;]{{0,60}}?\b(?<!to )(?<!from ){_COUNT}[- ]channels?\b", re.IGNORECASE)),
    (NetworkProperty.BOTTLENECK_CHANNELS, re.compile(rf"\bbottleneck (?:width )?(?:of|with|has) {_COUNT}[- ]channels?\b", re.IGNORECASE)),
    (NetworkProperty.ENCODER_LAYERS, re.compile(rf"\bencoder (?:has|with|of|consists of|comprises|uses|contains) {_COUNT} (?:\w+ ){{0,2}}?layers\b", re.IGNORECASE)),
    (NetworkProperty.ENCODER_LAYERS, re.compile(rf"\b{_COUNT} (?:\w+ )?encoder (?:layers|blocks|stages)\b", re.IGNORECASE)),
    (NetworkProperty.ATTENTION_BRANCHES, re.compile(rf"\b{_COUNT} (?:parallel )?(?:attention )?branches\b", re.IGNORECASE)),
    (NetworkProperty.ATTENTION_WIDTH, re.compile(rf"\battention\b[^.;,]{{0,40}}?\b{_COUNT} (?:features|dimensions)\b", re.IGNORECASE)),
)  # fmt: skip
_CHANGE = re.compile(
    r"\bbottleneck\b[^.;]{0,50}?\b(?:widen|rais|increas|enlarg|grow|expand|extend|doubl)\w*[^.;]{0,30}?(?:\bfrom (?P<old>\d{1,4}) )?(?:\w+ )?to (?P<new>\d{1,4})\b|"
    r"\b(?:widen|rais|increas|enlarg|expand|extend)\w*\b[^.;]{0,30}?\bbottleneck\b[^.;]{0,30}?(?:\bfrom (?P<old2>\d{1,4}) )?to (?P<new2>\d{1,4})\b",
    re.IGNORECASE,
)
_CHANNELS = re.compile(
    r"\b((?:\d{1,4}, ?){2,9}(?:and )?\d{1,4}|(?:\d{1,4}, ?){2,9}\d{1,4} and \d{1,4}) channels\b"
)
#: What a sentence may say that the network has or is, with the words that say it.
_CLAIMS: tuple[tuple[NetworkProperty, re.Pattern[str]], ...] = (
    (NetworkProperty.CAUSAL, re.compile(r"\b(?<!non-)(?<!non)causal\b(?! convolution)", re.IGNORECASE)),
    (NetworkProperty.RECURRENT, re.compile(r"\b(?:Bi)?(?:LSTM|GRU|RNN)s?\b|\brecurrent\b|\brecurrence\b")),
    (NetworkProperty.MASK, re.compile(r"\bmask(?:s|ing)?\b", re.IGNORECASE)),
    (NetworkProperty.BAND_SPLIT, re.compile(r"\bband[- ]split\w*|\bsplits? (?:the )?(?:\w+ )?(?:spectrum|spectra|input) into (?:\w+ )?(?:sub-?)?bands\b|\bsub-?bands\b", re.IGNORECASE)),
    (NetworkProperty.PHASE_BRANCH, re.compile(r"\b(?:a|its|the|separate) (?:separate |dedicated |parallel )?phase (?:decoder|branch|stream)\b", re.IGNORECASE)),
)  # fmt: skip
_DENIED = re.compile(
    r"\b(?:no|not|never|neither|nor|none|nothing|without|non|cannot|hardly|instead of|in place of|rather than|despite|whether|lacks?|free of|"
    r"absent|drop\w*|remov\w*|omit\w*|avoid\w*|replac\w*|dispens\w*|abandon\w*|left out|leaves? out|anything but|far from|"
    r"violat\w*|los(?:es?|t))\b|n't\b|-free\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:would|could|might|future|if|adding|question|whether|planned|will)\b", re.IGNORECASE
)
_ABOUT = re.compile(
    r"\b(?:network|model|encoder|decoder|bottleneck|we|our|it|its|attention|architecture|branches|kernels?|layers)\b",
    re.IGNORECASE,
)
_ITS_SECTION = re.compile(
    r"method|network|architecture|proposed|approach|model|overview|system", re.IGNORECASE
)
_OTHERS = re.compile(r"related|background|previous|prior|state of the art|literature", re.IGNORECASE)


def network(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """NETWORK."""
    own = own_models(draft)
    said = [one for one in statements(draft) if own and _of_own(one)]
    for one in said:
        yield from _counted(draft, one, own, tally)
    about = [one for one in said if _speaks(one)]
    if not about:
        return
    description = _description(draft, own)
    if description is None:
        tally.unchecked("statements about the own network, which no package describes", len(about))
        return
    for one in about:
        tally.checked("statements about the own network")
        yield from _held(one, description)


def _counted(draft: Draft, said: SaidSentence, own: tuple[str, ...], tally: Tally) -> Iterator[DraftFinding]:
    """UNITS: operations of the own network in another unit than the catalogue has them in."""
    for number in said.numbers:
        plain = number.kind is SentenceNumberKind.VALUE and not number.approximate
        if not plain or number.quantity not in ("MACs", "FLOPs") or number.assumed:
            continue
        tally.checked("operations of the own network in sentences")
        for key in own:
            if off := wrong_unit(draft.knowledge, reading(number), key):
                words, value = off
                yield DraftFinding(
                    DraftRule.UNITS, said.place(number.start), f"{number.quantity} {number.printed} is {words}", (value.key,), (told(value),)
                )  # fmt: skip
                return


def _description(draft: Draft, own: tuple[str, ...]) -> NetworkDescription | None:
    from litdb.api.networks import network_of

    if draft.catalogue is None:
        return None
    for key in own:
        try:
            found = network_of(draft.catalogue, key)
        except LitdbError:
            found = None
        if found is not None:
            return found
    return None


def _of_own(said: SaidSentence) -> bool:
    """Whether a sentence is about the own network: it names no other, and stands where that is described or names it."""
    if any(not m.own and m.models for m in said.mentions) or said.sentence.citations:
        return False
    if said.sentence.part in (DraftPart.TITLE, DraftPart.CAPTION) or _OTHERS.search(said.sentence.section):
        return False
    if any(m.own for m in (*said.mentions, *said.topic)):
        return True
    return bool(_ITS_SECTION.search(said.sentence.section)) or bool(
        re.search(r"\b(?:[Oo]|[Yy]o)ur network\b", said.text)
    )


def _speaks(said: SaidSentence) -> bool:
    patterns = [p for _, p in (*_NUMBERS, *_CLAIMS)]
    return bool(
        _CHANGE.search(said.text) or _CHANNELS.search(said.text) or any(p.search(said.text) for p in patterns)
    )


def _held(said: SaidSentence, of: NetworkDescription) -> Iterator[DraftFinding]:
    change = _CHANGE.search(said.text)
    fact = of.fact(NetworkProperty.BOTTLENECK_CHANNELS)
    if change is not None and fact is not None:
        new, old = change["new"] or change["new2"], change["old"] or change["old2"]
        if int(new) == fact.value or (old is not None and int(old) != fact.value):
            yield _finding(said, of, change.start(), fact.words)
            return
    for name, pattern in _NUMBERS:
        stated = of.fact(name)
        match = pattern.search(said.text)
        if stated is None or match is None or _FUTURE.search(said.text):
            continue
        count = _COUNTS.get(match["count"].lower()) or int(match["count"])
        if count != stated.value and not (
            name is NetworkProperty.ATTENTION_BRANCHES
            and not re.search(r"attention|gate|bottleneck|axial", said.text)
        ):
            yield _finding(said, of, match.start(), stated.words)
            return
    channels = _CHANNELS.search(said.text)
    if channels is not None and "encoder" in said.text.lower():
        counts = tuple(int(n) for n in re.findall(r"\d+", channels[1]))
        if counts != of.channels:
            yield _finding(
                said,
                of,
                channels.start(),
                f"channels after each layer of the encoder: {', '.join(map(str, of.channels))}",
            )
            return
    for name, pattern in _CLAIMS:
        stated = of.fact(name)
        match = pattern.search(said.text)
        if stated is None or match is None or _FUTURE.search(said.text) or not _ABOUT.search(said.text):
            continue
        denied = bool(_DENIED.search(said.text))
        if denied == bool(stated.value) and (not denied or name is NetworkProperty.CAUSAL):
            yield _finding(said, of, match.start(), stated.words)
            return


def _finding(said: SaidSentence, of: NetworkDescription, at: int, words: str) -> DraftFinding:
    return DraftFinding(DraftRule.NETWORK, said.place(at), f"{of.source}: {words}", sources=(of.source,))
