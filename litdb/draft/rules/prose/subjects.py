"""Whom a sentence speaks of: the models that it names with their part in it, the own network, and what "it" goes back to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from litdb.draft.finding import DraftPlace
from litdb.draft.rules.prose.numbers import SentenceNumber, said_numbers
from litdb.draft.subject import Draft
from litdb.draft.text.project import DraftPart, DraftRow, DraftSentence
from litdb.values.origin import Kind

_OWN = re.compile(
    r"\b(?:[Oo]ur (?:\w+ ){0,3}?(?:network|model|system|method|approach|enhancer)s?|[Oo]urs|[Tt]he proposed (?:network|model|system|method))\b"
)
#: A sentence that names no model speaks of the draft's own so.
_A_NETWORK = re.compile(r"\b[Aa] (?:\w+ )?(?:network|model) (?:of|with)\b")
_TOPIC = re.compile(
    r"^(?:It|Its|They|Their|This|That|These|Those|The (?:network|model|system|same|conference|long|paper|two|small\w*|full|whole)|With|In its|At|Even so|Here)\b|\bit\b|\bits\b"
)
_COMPARED = re.compile(
    r"(?:\bthan|\bagainst|\bover|\bbeside|\bversus|\bvs\.?|\bto|\bfrom|\bas (?:that of|large as|many as|good as|high as|small as|big as)|\bmany as|\blarge as|"
    r"\babove|\bbelow|\bbehind|\bahead of|\bbeyond|\bas|\bthat of|\bwith|\blike|\bunlike)\s(?:the |that of |those of |an? )?$",
    re.IGNORECASE,
)
_REPORTER = re.compile(
    r"\b(?:authors|repository|paper|table|tables|README|code|as reported in|as quoted in|quoted (?:by|from|in)|according to|re-?implement\w* (?:by|of|from)|in)\s(?:of\s|by\s|in\s|from\s)?(?:the\s)?$",
    re.IGNORECASE,
)
_QUOTES = re.compile(r"^(?:'s authors)?\s(?:quotes?|lists?|cites?|counts?|re-?implements?)\b")
#: Names of rows in the catalogue that are words for layers, where no citation makes them a system.
_LAYERS = frozenset(
    (
        "LSTM",
        "BLSTM",
        "BiLSTM",
        "GRU",
        "RNN",
        "CNN",
        "CRN",
        "GAN",
        "MLP",
        "TCN",
        "U-Net",
        "UNet",
        "Conformer",
        "Transformer",
        "Mamba",
        "FFT",
        "STFT",
    )
)
#: A word that is written like the name of a model: one that the catalogue does not know.
_UNKNOWN = re.compile(r"\b(?=\w*[A-Za-z])[A-Z][\w]*[A-Z0-9][\w+]*-?[\w+]*")
_KNOWN_WORDS = re.compile(
    r"\b(?:PESQ|E?STOI|CSIG|CBAK|COVL|SSNR|SI-S[DN]R|G?MACs?|G?FLOPs?|VoiceBank\+DEMAND|VB|DEMAND|DNSMOS|CPU|GPU|MHz|FAC|M\d|[KMG]?MACs)\b"
)
#: A model that is an adjunct of another: a number behind it may be of either.
_GOVERNED = re.compile(
    r"\b(?:of|on|from|by|after|for|in|follows?|extends?|revises?|succeeds?|like|unlike|into|replaces?|refines?|builds? (?:up)?on)\s(?:the )?$"
)
#: What a part or a method does to another model: "raises its PESQ from", "improves it to".
_CHANGED = re.compile(
    r"\s(?:further |even |also )?(?:rais|improv|increas|lift|bring|boost|push|reduc|lower|decreas|cut|shrink|tak|mov|chang|help)\w*\s(?:it|its|their|them|the|this|that)\b"
)
#: "we get 2.86", "2.86 is what we have".
_WE = re.compile(
    r"\b[Ww]e (?:\w+ )?(?:get|got|reach|reached|obtain|obtained|achieve|achieved|attain|attained|score|scored|have|are (?:still )?at|stand at|end (?:up )?(?:at|with)|arrive at)\s"
    r"(?:(?:a|an|the|only|just|about) )*(?:(?:wide-band )?(?:PESQ|STOI|CSIG|CBAK|COVL)(?: score)? of )?$"
)
_WE_BEHIND = re.compile(
    r"\s?(?:(?:in )?PESQ )?(?:is|are|was) (?:all )?(?:what|that) we (?:have|get|got|reach|reached|obtain\w*|measured?)\b"
)
_CUT = re.compile(r"(?<=\d [KMG])\. (?=[A-Z])")
_CLAUSE = re.compile(r";|:(?=\s)|,?\s(?:whereas|while|where|whose rival)\s|,\s(?:but|although|though)\s")


@dataclass(frozen=True, slots=True)
class SaidMention:
    """A model in a sentence: its keys (several for namesakes), the rows of the draft's tables that are of it, and its part.

    `compared` says that it stands behind "than" and the like, `reporter` that it is who reports a number.
    """

    start: int
    end: int
    name: str
    models: tuple[str, ...]
    rows: tuple[DraftRow, ...] = ()
    own: bool = False
    compared: bool = False
    reporter: bool = False


@dataclass(frozen=True, slots=True)
class SaidSentence:
    """A sentence as the rules of prose see it. `topic` are the models that the sentence before it spoke of, `before` is its text,
    `tables` are the labels of the tables that it refers to, `we` is the own network where the draft has one."""

    sentence: DraftSentence
    offset: int
    text: str
    numbers: tuple[SentenceNumber, ...]
    mentions: tuple[SaidMention, ...]
    topic: tuple[SaidMention, ...] = ()
    tables: tuple[str, ...] = ()
    before: str = ""
    we: tuple[SaidMention, ...] = ()

    def place(self, at: int = 0, words: str = "") -> DraftPlace:
        """Where in the source a character of it stands."""
        return self.sentence.place(self.offset + at, words or self.text[:90])

    @property
    def subjects(self) -> tuple[SaidMention, ...]:
        """The models that it is about: those that are no reporters; else those of the sentence before."""
        return tuple(m for m in self.mentions if not m.reporter) or self.topic


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose number a number is: one of `mentions`; `sure` where there is one reading alone."""

    mentions: tuple[SaidMention, ...]
    sure: bool


@dataclass
class Reader:
    """Reads the sentences of a draft one after the other."""

    draft: Draft
    own: tuple[str, ...] = ()
    _rows: dict[str, list[DraftRow]] = field(default_factory=dict)
    _short: dict[str, list[DraftRow]] = field(default_factory=dict)
    _long: dict[str, list[DraftRow]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.own = own_models(self.draft)
        for table in self.draft.project.tables:
            for row in table.rows:
                for key in self.draft.models(row):
                    self._rows.setdefault(key, []).append(row)
                if re.search(r"[\s(:,]", row.label) and 5 < len(row.label) < 100 and self.draft.models(row):
                    self._long.setdefault(row.label, []).append(row)
                short = re.split(r"[:(\[,]", row.label)[0].strip()
                if re.fullmatch(r"[A-Za-z][\w+-]{0,14}\d[\w+-]{0,4}|[A-Z][A-Za-z]+-[a-z]+", short):
                    self._short.setdefault(short.lower(), []).append(row)
        self._long = dict(sorted(self._long.items(), key=lambda item: -len(item[0])))

    def read(self) -> Iterator[SaidSentence]:
        """The statements of the draft: its sentences, those cut that the reader of sentences left together."""
        topic: tuple[SaidMention, ...] = ()
        section = before = ""
        we = (SaidMention(0, 0, "we", self.own, self._of(self.own), own=True),) if self.own else ()
        for sentence in self.draft.project.sentences:
            if sentence.part is DraftPart.TITLE:
                continue
            if sentence.part is DraftPart.CAPTION or sentence.section != section:
                topic, section = (), sentence.section
            for offset, text in _parts(sentence.text):
                mentions = tuple(self._mentions(sentence, offset, text))
                goes_on = bool(_TOPIC.search(text))
                tables = tuple(label for at, label in sentence.refs if offset <= at < offset + len(text) + 2)
                said = SaidSentence(
                    sentence,
                    offset,
                    text,
                    tuple(
                        n
                        for n in said_numbers(text)
                        if not _overlaps((n.start, n.end), [(m.start, m.end) for m in mentions])
                    ),
                    mentions,
                    topic if goes_on else (),
                    tables,
                    before,
                    we,
                )
                yield said
                before = text
                topic = tuple(m for m in mentions if not m.reporter) or (topic if goes_on else ())
            if sentence.part is DraftPart.CAPTION:
                topic = ()

    def _mentions(self, sentence: DraftSentence, offset: int, text: str) -> Iterator[SaidMention]:
        found = list(self._labels(text))
        whole = [(m.start, m.end) for m in found]
        for mention in self.draft.knowledge.mentions(text):
            if _overlaps((mention.start, mention.end), whole):
                continue
            cites = tuple(c.key for c in sentence.citations if -2 <= c.at - offset - mention.end <= 3)
            if not cites and mention.name in _LAYERS:
                continue
            models = self.draft.knowledge.named(mention.name, self.draft.papers(cites)) or mention.models
            models = _version(text, mention.start, mention.end, models)
            found.append(
                SaidMention(mention.start, mention.end, mention.name, models, self._of(models), bool(set(models) & set(self.own)))
            )  # fmt: skip
        taken = [(m.start, m.end) for m in found]
        for match in _OWN.finditer(text):
            if self.own and not _overlaps(match.span(), taken):
                found.append(
                    SaidMention(
                        match.start(), match.end(), match.group(), self.own, self._of(self.own), own=True
                    )
                )
        network = _A_NETWORK.search(text)
        if not found and self.own and network is not None:
            found.append(
                SaidMention(
                    network.start(), network.end(), network.group(), self.own, self._of(self.own), own=True
                )
            )
        for match in re.finditer(r"[A-Za-z][\w+-]*", text):
            rows = self._short.get(match.group().lower())
            if rows and not _overlaps(match.span(), taken):
                models = tuple(dict.fromkeys(key for row in rows for key in self.draft.models(row)))
                found.append(SaidMention(match.start(), match.end(), match.group(), models, tuple(rows)))
        found.sort(key=lambda m: m.start)
        for index, one in enumerate(found):
            ahead, after = text[: one.start], text[one.end :]
            reporter = bool(_REPORTER.search(ahead)) and (
                any(not other.own for other in found[:index])
                or (bool(re.search(r"\bin\s(?:the\s)?$", ahead)) and len(found) > index + 1)
            )
            quotes = bool(_QUOTES.match(after)) and len(found) > 1
            yield SaidMention(
                one.start, one.end, one.name, one.models, one.rows, one.own, bool(_COMPARED.search(ahead)), reporter or quotes
            )  # fmt: skip

    def _labels(self, text: str) -> Iterator[SaidMention]:
        """Labels of rows as they stand, where they are more than a name: `LORT (N=4, C=8)`."""
        taken: list[tuple[int, int]] = []
        for label, rows in self._long.items():
            at = text.find(label)
            while at >= 0:
                span = (at, at + len(label))
                if not _overlaps(span, taken) and not text[span[1] : span[1] + 1].isalnum():
                    models = tuple(dict.fromkeys(key for row in rows for key in self.draft.models(row)))
                    taken.append(span)
                    own = bool(set(models) & set(self.own)) or (not models and rows[0].own)
                    yield SaidMention(*span, label, models, tuple(rows), own)
                at = text.find(label, span[1])

    def _of(self, models: Iterable[str]) -> tuple[DraftRow, ...]:
        return tuple(row for key in models for row in self._rows.get(key, ()))


def statements(draft: Draft) -> tuple[SaidSentence, ...]:
    """The statements of a draft, read at the first call."""
    made: dict[str, tuple[SaidSentence, ...]] = draft.__dict__.setdefault("_read", {})
    if "statements" not in made:
        made["statements"] = tuple(Reader(draft).read())
    return made["statements"]


def own_models(draft: Draft) -> tuple[str, ...]:
    """The own systems that the draft is about: those that it names, or has rows of."""
    systems = [
        key
        for key, record in draft.knowledge.facts.models.items()
        if record.own and record.kind == Kind.SYSTEM
    ]
    text = " ".join(s.text for s in draft.project.sentences[:400])
    named = [key for key in systems if draft.knowledge.facts.models[key].name in text]
    rows = [
        key for table in draft.project.tables for row in table.rows if row.own for key in draft.models(row)
    ]
    return tuple(dict.fromkeys([*named, *(key for key in rows if key in systems)]))


def _version(text: str, start: int, end: int, models: tuple[str, ...]) -> tuple[str, ...]:
    """Of namesakes the one that the words around say: the long version, the conference paper."""
    if len(models) < 2:
        return models
    around = text[max(0, start - 24) : end + 20].lower()
    for word in ("long", "journal"):
        if word in around:
            return tuple(key for key in models if word in key.lower()) or models
    return models


def _overlaps(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)


def _parts(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for match in _CUT.finditer(text):
        yield start, text[start : match.start() + 1]
        start = match.end()
    yield start, text[start:]


def subject_of(said: SaidSentence, number: SentenceNumber) -> Subject:
    """Whose number a number of a statement is."""
    mentions = said.mentions
    inside = _parenthesis(said.text, number)
    if inside is not None:
        start, end = inside
        same = [n for n in said.numbers if start < n.start < end and n.quantity == number.quantity]
        if len(same) > 1:
            return Subject(tuple(dict.fromkeys((*said.mentions, *said.topic))), False)
        before = [m for m in mentions if m.end <= start and start - m.end <= 3]
        if before:
            return Subject((before[-1],), True)
    clause = _clause(said.text, number.start)
    ahead = [
        m
        for m in mentions
        if clause <= m.start and m.end <= number.start and not m.compared and not m.reporter
    ]
    if ahead and re.search(r"\b[Oo]urs?\s$", said.text[: number.start]):
        return Subject(tuple(m for m in (*mentions, *said.topic) if m.own)[:1], False)
    if ahead:
        listed = _respectively(said, number, tuple(m for m in mentions if not m.compared and not m.reporter))
        governed = len({m.models or m.name for m in ahead}) > 1 and _GOVERNED.search(
            said.text[: ahead[-1].start]
        )
        if (
            listed is None
            and governed
            and not any(ahead[-2].end <= n.start < ahead[-1].start for n in said.numbers)
        ):
            return Subject((ahead[-1], ahead[-2]), False)  # "IMSE is a revision of MUSE that attains 3.40"
        changed = {
            m.models or m.name: m
            for m in (*mentions, *said.topic)
            if m.end <= ahead[-1].start or m not in mentions
        }
        changed.pop(ahead[-1].models or ahead[-1].name, None)
        if listed is None and changed and _CHANGED.match(said.text[ahead[-1].end : number.start]):
            return Subject((*changed.values(), ahead[-1]), False)  # "PCS raises its PESQ from 3.06 to 3.20"
        return listed or Subject((ahead[-1],), True)
    if we_have(said, number):
        own = tuple(m for m in (*mentions, *said.topic, *said.we) if m.own)[:1]
        if own and not [m for m in mentions if not m.own]:
            return Subject(own, True)
    if re.search(r"\b[Oo]urs?\s$", said.text[: number.start]) or _UNKNOWN.search(
        _bare(said, clause, number.start)
    ):
        return Subject(tuple(m for m in (*mentions, *said.topic) if m.own)[:1], False)
    behind = [m for m in mentions if m.start >= number.end and not m.reporter and not m.compared]
    others = [m for m in mentions if m.end <= number.start and not m.reporter]
    if not others and behind and re.match(r"(?:With|At|Using|A|An|Of)\b", said.text):
        return Subject((behind[0],), len(behind) == 1)
    if others:
        return Subject(tuple(others), False)
    listed = _respectively(said, number, said.topic)
    if listed:
        return listed
    one_model = len({m.models for m in said.topic}) == 1
    if said.topic:
        return Subject(said.topic[-1:] if one_model else said.topic, one_model and not behind)
    return Subject(tuple(behind), len(behind) == 1 and len(mentions) == 1)


def we_have(said: SaidSentence, number: SentenceNumber) -> bool:
    """Whether a number is said to be the authors': "we get 2.86", "2.86 is what we have"."""
    clause = _clause(said.text, number.start)
    return bool(_WE.search(said.text[clause : number.start]) or _WE_BEHIND.match(said.text[number.end :]))


def _bare(said: SaidSentence, start: int, end: int) -> str:
    """A stretch of a sentence without the models and metrics that it names."""
    text = list(said.text[start:end])
    for mention in said.mentions:
        for at in range(max(mention.start, start), min(mention.end, end)):
            text[at - start] = " "
    return _KNOWN_WORDS.sub(" ", "".join(text))


def _respectively(said: SaidSentence, number: SentenceNumber, of: tuple[SaidMention, ...]) -> Subject | None:
    """Of "they obtain 3.07 and 2.99, respectively" the model that a number belongs to."""
    alike = [n for n in said.numbers if n.quantity == number.quantity and n.kind is number.kind]
    if "respectively" not in said.text or len(alike) < 2 or len(alike) != len(of):
        return None
    return Subject((of[alike.index(number)],), True)


def _parenthesis(text: str, number: SentenceNumber) -> tuple[int, int] | None:
    start = text.rfind("(", 0, number.start)
    if start < 0 or ")" in text[start : number.start]:
        return None
    end = text.find(")", number.start)
    return (start, end) if end >= 0 else None


def _clause(text: str, at: int) -> int:
    """Where the clause begins in which a character stands."""
    return max((match.end() for match in _CLAUSE.finditer(text, 0, at)), default=0)
