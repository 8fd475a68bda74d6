"""Test sets that a text names: those of the vocabulary, and others under the names that are printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from litdb.extract.meaning.scope.families import family_of
from litdb.extract.meaning.scope.parts_of_sets import part_of
from litdb.vocabulary import Dataset, vocabulary

_TRAINED = re.compile(
    r".*\b(?P<word>(?<!post-)(?<!post )train(?:ed|ing)?(?!\s+(?:loss|objective|target|criteri|strateg|scheme|recipe|method|time|epoch|cost|step))"
    r"|pre-?train(?:ed|ing)?|fine-?tun\w+|adapted)\b[^.;]{0,40}$",
    re.I | re.S,
)
_TESTED = re.compile(
    r".*\b(?P<word>test(?:s|ed|ing)?|evaluat\w+|results?|scores?|performance|benchmark\w*|ablations?|experiments?|measured|compar\w+)\b[^.;]{0,100}$",
    re.I | re.S,
)
_SET = r"(?:corpus|corpora|data ?sets?|data-sets?|test sets?|eval(?:uation)? sets?|test data|benchmark|database|recordings|data)"
#: What is tested on, behind a name without a word for a set: 'VCTK test speakers', 'VCTK 테스트 화자'.
_TESTED_ON = (
    r"(?:test|eval(?:uation)?)\s+(?:speakers|talkers|utterances|sentences|files|clips|split|subset|partition)"
)
_TESTED_ON_CJK = r"\s?(?:的|の)?\s?(?:测试|測試|評価|テスト|테스트|평가)"
#: A letter or digit of a script that parts words by blanks.
_W = r"[^\W\u2e80-\u9fff\uac00-\ud7af]"
#: 'the HarborTalk corpus', 'Kestrel evaluation set': a name with a capital in front of a word for a set.
_NAMED = re.compile(
    rf"(?P<name>(?<!{_W})(?<![+/-])[A-Z0-9](?:{_W}|[+/&-])*+(?: [A-Z0-9](?:{_W}|[+/&-])*+){{0,2}})(?:['’]?s?\s+"
    rf"(?:(?:(?:blind|dev|development|eval(?:uation)?|test(?:ing)?|real|simulated|synthetic|baseline|speech|noisy)\s+){{0,3}}{_SET}|{_TESTED_ON})\b"
    rf"|{_TESTED_ON_CJK})"
)
#: 'the WSJ0 SI-84 speakers': speakers of a corpus, by a name that no language or place has.
_SPEAKERS = re.compile(
    r"(?P<name>(?<![\w+/-])(?=[\w+-]{0,20}(?:\d|[A-Z]{3}))[A-Z][\w+/-]{1,20}(?: [A-Z0-9][\w+/-]{0,20}){0,2})\s+[Ss]peakers\b"
)
#: Behind a name, that it is of a set and of nothing else, though a model may bear it too.
_CALLED_SET = re.compile(
    r"\s+(?:(?:blind|evaluation|eval|test)\s+){0,2}(?:corpus|corpora|data ?sets?|test sets?|evaluation sets?|eval sets?|benchmark)\b",
    re.I,
)
#: 'our own recordings', 'in-house far-field test', 'simulated data': a set without a name.
_NAMELESS = re.compile(
    rf"\b(?P<name>(?:our(?: own)?|in-?house|internal|proprietary|private|self-?recorded|collected)(?:[ -][a-z-]+){{0,2}}\s+"
    rf"(?:{_SET}|test(?:\s+set)?|mixtures|audio|clips|utterances|conversations?)"
    rf"|(?:simulated|synthetic|real(?:[- ]world)?)\s+(?:test\s+)?(?:{_SET}|mixtures|clips|conversations?))(?![\w-])",
    re.I,
)
#: 'VoiceBank+DEMAND is used for training', 'serves as the test set': what a set is said to be for, behind its name.
_PURPOSE = re.compile(
    r"[^.;\n]{0,60}?\b(?:for|as|to)\s+(?:(?:our|the|a|all)\s+)?(?P<for>(?:pre-?)?train\w*|fine-?tun\w*|test\w*|evaluat\w*|benchmark\w*)"
    r"(?P<too>\s+and\s+(?:test|evaluat)\w*)?",
    re.I,
)
#: 'on WSJ0+DEMAND', 'on WSJ0-SI84': what stands where a test set stands; behind 'with' or 'for' it may be a model as well.
_ON = re.compile(
    r"\b(?:(?:on|over)\s+(?:the\s+)?(?P<name>[A-Z][A-Za-z0-9]*(?:\d|[a-z][A-Z]|[+&/-](?=[A-Z0-9]))[\w+&/-]*(?:\.\d+)?)"
    r"|(?:using|with|for)\s+(?:the\s+)?(?P<mixed>[A-Z][A-Za-z]*\d+[A-Za-z]*[+&/-][A-Z0-9][\w+&/-]*))"
)
#: 'all on VCTK', 'LibriTTS test-clean': corpora that are tested on, though no test set of theirs is known by name.
_CORPUS = re.compile(
    r"(?:\b(?:on|over)\s+(?:the\s+)?|(?=MUSDB18)|(?=\w{3,16}\s(?:test-(?:clean|other)|(?:multi|single)-?speaker)\b))(?P<name>VCTK|DAPS|EARS|LibriTTS|LJ-?Speech|AISHELL-?\d?|MUSDB(?:18(?:-HQ)?)?|Common ?Voice|GigaSpeech|AMI)(?![\w+&/-])"
)
#: 'The test material is StageBleed': a name that a sentence gives to what is tested on.
_IS = re.compile(
    r"\b(?:test|evaluation)\s(?:set|data|material|corpus)\s(?:is|are|was|were|comes?\sfrom|consists?\sof)\s(?:the\s)?"
    r"(?P<name>[A-Z][a-z]*(?:[A-Z\d][\w+-]*|[+-][A-Z\d][\w+-]*))(?![\w+/-])"
)
#: 'For testing, we use clean speech from DAPS': the corpus whose speech is tested on.
_SPEECH_FROM = re.compile(
    r"\b(?:speech|utterances|sentences|recordings)\s(?:from|of)\s(?:the\s)?(?P<name>(?=[\w+-]{0,20}(?:\d|[A-Z][\w+-]{0,20}[A-Z]))[A-Z][\w+-]{2,20})(?![\w+/-])"
)
#: A name that no ordinary word has: several capitals or a digit in it, and a year behind it.
_PROPER = r"(?P<name>(?<![\w+/-])(?=[\w+-]{0,20}(?:\d|[A-Z][\w+-]{0,20}[A-Z]))[A-Z][\w+-]{2,20}(?:[ -](?:19|20)\d\d(?: [A-Z]{2}\b)?)?)"
#: 'the blind test set of URGENT 2024': a name behind the words for a set.
_SET_OF = re.compile(
    rf"\b(?:test|blind|evaluation|eval|validation|dev(?:elopment)?)\s(?:set|data|clips|part|split)\s(?:of|from)\s(?:the\s)?"
    rf"(?:(?:ICASSP|Interspeech|INTERSPEECH|NeurIPS|WASPAA)(?:\s20\d\d)?\s)?{_PROPER}(?![\w+/-])"
)
#: 'L3DAS22 Task 1, blind test set', 'the URGENT 2024 challenge': a name with the words for a set or contest behind it.
_SET_BEHIND = re.compile(
    rf"{_PROPER}(?:(?:\s(?:[Tt]ask|[Tt]rack)\s\d[a-z]?)?,\s(?:(?:blind|official|hidden|real|simulated)\s)?(?:test|evaluation)\s(?:set|data)|\s[Cc]hallenge)\b"
)
#: 'LRS2-2Mix': mixtures of a number of talkers, by the name of the corpus.
_MIX = re.compile(r"(?<![\w+/-])(?P<name>[A-Z][A-Za-z]*\d?-[2-5][mM]ix)(?![\w+/-])")
#: 'LRS2, LRS3 and VoxCeleb2 datasets': the names in front of the last one of several sets.
_FORMER = re.compile(
    r"(?:(?<![\w+/-])[A-Z][\w+/&-]{2,24}(?: [A-Z\d][\w+-]{0,12})?,\s){0,5}(?<![\w+/-])[A-Z][\w+/&-]{2,24}(?: [A-Z\d][\w+-]{0,12})?,?\s(?:and|&)\s$"
)
_SETS = re.compile(r"\s+(?:corpora|data ?sets|test sets|evaluation sets|benchmarks|databases)\b", re.I)
#: What may stand between the name of a set and words that only describe it: 'the DNS-2020 synthetic test set'.
_STILL_THE_SAME = re.compile(r"[\s'’s]{0,4}(?:\d{4}\s+)?(?:challenge\s+|corpus\s+|data\s?set\s+)?", re.I)
#: 'Word error rate (WSJ0-REVERB)': what stands in brackets at the end of a heading, with a digit and a joint.
_IN_BRACKETS = re.compile(
    r"\((?P<name>[A-Z](?=[\w+-]*\d)(?=[\w]*[+-])[\w]*[+-][\w+-]+)(?:\s+[Nn]oises?)?(?:,[^()]{0,40})?\)\s*$"
)
_NOT_A_SET = re.compile(
    r"^(?:the|this|these|that|those|our|all|both|each|same|for|in|with|without|from|to|by|at|as|its|their|when|where|while|since|if|no|some|many|most|"
    r"few|every|any|here|using|we|it|test(?:ing)?|train(?:ing)?|valid(?:ation)?|evaluation|eval|dev(?:elopment)?|"
    r"results?|comparison|performance|scores?|objective|subjective|public|speech|noisy?|clean|table|tab|fig|figure|section|"
    r"average[sd]?|additional|different|large|small|new|other|multiple|various|real(?:-world)?|synthetic|simulated|data|datasets?|"
    r"english|mandarin|chinese|vietnamese|german|french|japanese|audio(?:-visual)?|enhancement|denois\w+|model|method|"
    r"(?-i:[IVX]+)|\d+|wb|nb|gpu|cpu|ours|an?|and|on|of|in|open|official|standard|two|three|four|five|several|benchmark|challenge|asr|tts|se|aec|tse|plc|bwe|kws|dnn|"
    r"causal|non-causal|offline|online|single|multi|per|full|half|hidden|(?:non-?)?blind|public|leaderboard|unseen|seen|more|less|less|high|low)$",
    re.I,
)
_JOINED_AFTER = re.compile(r"\s?[+&]\s?(?P<more>[A-Z][\w]*)|[-/](?P<other>[A-Z][A-Za-z]*\d*)(?![\w])")
_JOINED_BEFORE = re.compile(r"(?<![\w+&/-])(?P<more>[A-Z]\w*(?:-[A-Z]*\d\w*)?)(?:\s?[+&]\s?|[/-])$")
#: How far before a name another is looked for that it is joined to.
_LONGEST_NAME = 100
_PART = re.compile(
    r"^(?:test(?:ing)?|test(?:satz|teil|daten|menge|korpus)|datensatz|train(?:ing)?|val(?:id(?:ation)?)?|dev|set|dataset|16k|48k|8k|[0-9]+k?|challenge|corpus|no|with|reverb|based)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A test set named in a text at an offset; `dataset` is None for one outside the vocabulary.

    `trained` says that the words around name it as training data, `tested` that they name it as tested on; `nameless` that
    it is described rather than named ('our own recordings'), `called` that a word for a set stands behind its name.
    """

    at: int
    title: str
    dataset: Dataset | None
    trained: bool = False
    tested: bool = False
    nameless: bool = False
    called: bool = False


@lru_cache(maxsize=4096)
def mentions(text: str) -> tuple[Mention, ...]:
    """The test sets that a text names, in its order."""
    text = text[:4000]
    found: list[Mention] = []
    taken: list[tuple[int, int]] = []
    vocab = vocabulary()
    for at, end, dataset in _mixtures(text):
        found.append(_mention(text, at, end, dataset.title, dataset))
        taken.append((at, end))
    known = [(at, d) for at, d in vocab.datasets_in(text) if not any(low <= at < high for low, high in taken)]
    for at, dataset in known:
        if is_loose(text, at):
            continue
        end = at + vocab.name_length(text, at)
        compound = _compound(text, at, end, {place for place, _ in known})
        taken.append((at, end))
        if compound:
            found.append(_mention(text, at, end, compound, None))
        else:
            part = part_of(dataset, text, at, end)
            found.append(_mention(text, at, end, part.title, part))
    for pattern in (
        _MIX,
        _NAMED,
        _SET_OF,
        _SET_BEHIND,
        _SPEAKERS,
        _SPEECH_FROM,
        _IS,
        _NAMELESS,
        _ON,
        _CORPUS,
        _IN_BRACKETS,
    ):
        for match in pattern.finditer(text):
            group = "mixed" if pattern is _ON and match["name"] is None else "name"
            start, end = match.span(group)
            if any(start < high and low < end + 1 for low, high in taken):
                continue
            nameless = pattern is _NAMELESS
            if nameless and any(
                low <= start and _STILL_THE_SAME.fullmatch(text, high, start) for low, high in taken
            ):
                continue
            name = match[group] if nameless else _name(match[group])
            if name and vocab.metric(name) is None and vocab.dataset(name) is None:
                if pattern is _NAMED and _SETS.match(text, end):
                    for at, former in _former(text, start):
                        if not any(low <= at < high for low, high in taken):
                            found.append(
                                replace(_mention(text, at, at + len(former), former, None), called=True)
                            )
                            taken.append((at, at + len(former)))
                taken.append((start, match.end()))
                found.append(
                    replace(
                        _mention(text, start, end, name, None),
                        nameless=nameless,
                        called=_CALLED_SET.match(text, end) is not None,
                    )
                )
    families = {family_of(m.title) for m in found if m.dataset is not None} - {""}
    found = [m for m in found if m.title not in families]  # 'CHiME' beside CHiME-3, LibriMix beside Libri2Mix
    found.sort(key=lambda mention: mention.at)
    behind = (*found[1:], None) if found else ()
    return tuple(one for one, after in zip(found, behind, strict=True) if not _is_part(text, one, after))


def _former(text: str, last: int) -> Iterator[tuple[int, str]]:
    """The names, with their places, that stand in a list whose last one stands at `last`; without those that are known."""
    begin = max(0, last - _LONGEST_NAME)
    listed = _FORMER.search(text, begin, last)
    if listed is None:
        return
    for match in re.finditer(r"[A-Z][\w+/&-]+(?: [A-Z\d][\w+-]*)?", listed.group()):
        name = match.group()
        if _name(name) == name and vocabulary().dataset(name) is None and vocabulary().metric(name) is None:
            yield listed.start() + match.start(), name


#: 'SimData of the REVERB challenge': a name in front of the set that it is a part of.
_PART_OF = re.compile(r"(?:\s+(?:part|half|subset|portion|set))?\s+(?:of|from)\s+(?:the\s+)?$")


def _is_part(text: str, one: Mention, after: Mention | None) -> bool:
    """Whether an unknown name is that of a part of the known set named behind it."""
    return (
        one.dataset is None
        and after is not None
        and after.dataset is not None
        and _PART_OF.fullmatch(text, one.at + len(one.title), after.at) is not None
    )


#: 'WSJ0-SI84 mixed with NOISEX-92', whose name may be that of a set: speech and noise joined.
_MIXED = re.compile(
    r"(?P<speech>(?<![\w+/-])[A-Z][\w-]{2,20}(?: [A-Z][\w-]{1,10})?)(?: (?:utterances|speech|sentences|data))? mixed with "
    r"(?:(?:the|noises?|from|of) ){0,3}(?P<noise>[A-Z][\w-]{2,20})"
)


def _mixtures(text: str) -> Iterator[tuple[int, int, Dataset]]:
    for match in _MIXED.finditer(text):
        dataset = vocabulary().dataset(f"{match['speech']}+{match['noise']}")
        if dataset is not None:
            yield match.start(), match.end(), dataset


def known_mentions(text: str) -> Iterator[Mention]:
    """The mentions of test sets of the vocabulary in a long text."""
    known = vocabulary().search_datasets(text)
    places = {at for at, _ in known}
    for at, dataset in known:
        end = at + vocabulary().name_length(text, at)
        if not is_loose(text, at) and not _compound(text, at, end, places):
            part = part_of(dataset, text, at, end)
            yield _mention(text, at, end, part.title, part)


def is_loose(text: str, at: int) -> bool:
    """'DNS' alone in running text names a field of work, not a test set; 'the SMS-WSJ toolkit' a program."""
    if len(text) > 60 and _LOOSE.match(text, at):
        return True
    return _TOOLKIT.match(text, at + vocabulary().name_length(text, at)) is not None


#: Behind the name of a set, that it is the program that bears it: 'the SMS-WSJ toolkit'.
_TOOLKIT = re.compile(r"\s+(?:toolkit|tool ?box|simulator|scripts?|generator|package|code)\b", re.I)
_LOOSE = re.compile(
    r"DNS(?![A-Za-z0-9])(?![\s-]*(?:challenge|data|test|corpus|synthetic|blind|no|with|\d))", re.I
)


def _mention(text: str, at: int, end: int, title: str, dataset: Dataset | None) -> Mention:
    before = text[max(0, at - 110) : at]
    trained, tested = _TRAINED.search(before), _TESTED.search(before)
    later = trained is not None and (tested is None or tested.start("word") < trained.start("word"))
    if not later and tested is None:
        purpose = _PURPOSE.match(text, end)
        if purpose is not None:
            training = not re.match(r"test|evaluat|benchmark", purpose["for"], re.I)
            return Mention(
                at, title, dataset, training and not purpose["too"], not training or bool(purpose["too"])
            )
    return Mention(at, title, dataset, later, tested is not None and not later)


def _name(printed: str) -> str:
    """A printed name without the ordinary words around it; '' when nothing else is left."""
    parts = printed.split(" ")
    while (
        parts
        and _NOT_A_SET.match(parts[0])
        and parts[0].lower() not in ("our", "in-house", "simulated", "real", "synthetic")
    ):
        parts.pop(0)
    while (
        parts
        and _NOT_A_SET.match(parts[-1])
        and len(parts) > 1
        and not re.search(r"data|recordings|test|set|^(?:19|20)\d\d$", parts[-1])
    ):
        parts.pop()
    kept = " ".join(parts)
    if not parts or (len(parts) == 1 and (_NOT_A_SET.match(kept) or len(kept) < 3)):
        return ""
    return kept


def _compound(text: str, start: int, end: int, known: set[int]) -> str:
    """The whole name where the name of a known set is only a part of it: 'WSJ0+DEMAND', 'VoiceBank-SLR'."""
    after = _JOINED_AFTER.match(text, end)
    if after is not None:
        more = after["more"] or after["other"]
        place = after.start("more") if after["more"] else after.start("other")
        if place not in known and not _PART.match(more):
            return text[start : place + len(more)]
    before = _JOINED_BEFORE.search(text, max(0, start - _LONGEST_NAME), start)
    if before is not None and before.start("more") not in known and not _PART.match(before["more"]):
        return text[before.start("more") : end]
    return ""


#: 'Hindi (1,665 utt)': a name with the number of files that are scored.
_COUNTED = re.compile(
    r"(?P<name>[A-Z][\w+/-]*(?: [\w+/-]+){0,3}?)\s*\(\s*(?:[nN]\s*=\s*)?\d[\d,.]*k?\s*(?:utt(?:\.|s|erances?)?|files?|clips?|recordings?|mixtures?|sentences?)\s*\)"
)


def counted_set(text: str) -> str:
    """The name of a set that a head gives with the number of its files, or ''."""
    match = _COUNTED.fullmatch(text)
    return "" if match is None else match["name"]


def looks_like_set(text: str) -> str:
    """The name of a test set that a heading over columns or a title of rows gives, or ''."""
    bare = text.strip(" :.")
    bare = bare[1:-1] if re.fullmatch(r"\([^()]*\)", bare) else bare
    if name := counted_set(bare) or (bare if _MIX.fullmatch(bare) else ""):
        return name
    match = _NAMED.search(bare) or _NAMELESS.search(bare)
    if match is None:
        short = re.fullmatch(rf"(?P<name>[\w+/&-]++(?: [\w+/&-]++){{0,3}})\s+(?:{_SET}|test)", bare, re.I)
        return (
            bare
            if short is not None
            and not _NOT_A_SET.match(short["name"])
            and not re.search(r"\b(?:train|extra|more|less|amount|hours?)", bare, re.I)
            else ""
        )
    return bare if len(bare) <= 40 else match["name"]
