"""What a test set, once decided, is more exactly: its part with or without reverberation, a part named by a heading, the
whole of which only the speech is named, the dereverberation set of the same voices.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from litdb.extract.meaning import words
from litdb.extract.meaning.heads.pairs import both_reverberations
from litdb.extract.meaning.heads.segment import ReadColumn
from litdb.extract.meaning.labelled.labels import LabelledRow
from litdb.extract.meaning.paper import PaperText
from litdb.extract.meaning.scope.mentions import Mention, mentions
from litdb.extract.types import Grid
from litdb.values.names import bare_name
from litdb.vocabulary import vocabulary
from litdb.vocabulary.remarks import Ground, Remark

#: What the texts at a table name, by place, nearest first.
Around = tuple[tuple[str, tuple[Mention, ...]], ...]


@dataclass(frozen=True, slots=True)
class SetDecision:
    """The test set (title, or '' when none can be told) and the grounds for it.

    `sure` is the probability of the title among the candidates; `second` the next likely title, '' when that is none;
    `near` says that header, row, caption or the text about the table names it, or that the rest of the paper leaves no
    other;
    `known` that it is a set of the vocabulary.
    """

    title: str
    grounds: tuple[Remark, ...]
    sure: float = 1.0
    second: str = ""
    near: bool = True
    known: bool = True

    @property
    def reason(self) -> str:
        """The grounds in words."""
        return "; ".join([str(ground) for ground in self.grounds])


_DEREVERBERATION = re.compile(r"\bde-?reverb", re.I)
_DENOISING = re.compile(r"\bdenois|\bnoise (?:suppression|reduction)", re.I)
#: Beside dereverberation a title means denoising by it.
_ENHANCEMENT = re.compile(r"\benhancement(?=\s+and\b)|(?<=\band\s)(?:speech\s+)?enhancement\b", re.I)
#: 'the real recordings of the same challenge', below a table on another part of it.
_REAL_OF_SAME = re.compile(
    r"\breal(?:[- ]world)?\s+(?:recordings?|clips|data|part)\s+(?:of|from|in)\s+(?:the|that)\s+same\b", re.I
)
_WITH, _WITHOUT = "dns2020-reverb", "dns2020-noreverb"


#: Test sets of mixed talkers.
_OF_TALKERS = frozenset(("wsj0-2mix", "wsj0-3mix", "librimix", "wham", "whamr", "sms-wsj"))


def goes_without_saying(said: str, title: str) -> bool:
    """Whether words only say what a test set is for or made of: dereverberation, separation, its sampling rate."""
    if _DEREVERBERATION.search(said) and re.search(r"reverb", title, re.I) and "no reverb" not in title:
        return True
    dataset = vocabulary().dataset(title)
    if dataset is None:
        return False
    if re.fullmatch(r"\W*separation\W*", said, re.I):
        return dataset.id in _OF_TALKERS
    rate = re.fullmatch(r"(\d+(?:\.\d+)?)\s*-?\s*kHz", said, re.I)
    return rate is not None and dataset.rate == round(float(rate[1]) * 1000)


#: Words that every part of DNS-2020 with clean references bears.
_OF_THE_SET = re.compile(r"\b(?:synthetic|simulated|test|set|data|clips|part|half)\b\s*|[()]", re.I)


@lru_cache(maxsize=4096)  # asked of every number, with few different words
def without_part(condition: str, title: str) -> str:
    """A condition without the words that only say which part of DNS-2020 its test set is: 'With reverb, SNR 5 dB' of
    'DNS-2020 (with reverb)' is 'SNR 5 dB'."""
    of_parts = title in (title_of(_WITH), title_of(_WITHOUT))
    if not words.REVERB.search(condition) and not (of_parts and _OF_THE_SET.search(condition)):
        return condition
    kept = []
    for part in condition.split(", "):
        if of_parts and not _OF_THE_SET.sub("", part).strip():
            continue  # 'Synthetic': both are
        said = words.REVERB.fullmatch(_OF_THE_SET.sub("", part.replace("_", " ")).strip())
        if said is None or title != title_of(_WITHOUT if said["without"] else _WITH):
            kept.append(part)
    return ", ".join(kept)


def joined(
    found: SetDecision,
    column: ReadColumn,
    row: LabelledRow,
    said: Around,
    noisy: Mapping[str, bool],
    paper: PaperText,
) -> SetDecision:
    """A heading that is a part of a set named around the table is that part: 'Real recordings' below DNS-2020; the speech of a
    set is that set where the unprocessed row has its values: 'VCTK' for VoiceBank+DEMAND."""
    for known in (known for known, agrees in noisy.items() if agrees and not found.known and found.title):
        whole = vocabulary().dataset(known)
        names = [bare_name(name) for name in (whole.title, *whole.aliases)] if whole is not None else []
        if len(bare_name(found.title)) > 3 and any(name.startswith(bare_name(found.title)) for name in names):
            grounds = (*found.grounds, Remark(Ground.NOISY_ROW))
            return SetDecision(known, grounds, found.sure, found.second, found.near)
    printed = column.printed_set or row.printed_set
    if not printed or found.title != printed:
        return found
    if by_id := _part_by_id(printed, said, paper):
        return SetDecision(
            by_id, (*found.grounds, Remark(Ground.TITLE)), found.sure, found.second, found.near
        )
    for place, mentioned in said:
        for whole in (m.dataset for m in mentioned if m.dataset is not None and not m.trained):
            titles = ("DNS-2020", whole.title) if whole.id == "dns" else (whole.title,)
            part = next((d for name in titles if (d := vocabulary().dataset(f"{name} {printed}"))), None)
            if whole.title.casefold().endswith(f" ({printed.casefold()})"):
                part = whole  # the caption has both: 'the real recordings of the DNS challenge'
            if whole.id in (_WITH, _WITHOUT) and _REAL_ALONE.fullmatch(printed):
                part = vocabulary().dataset("dns2020-real")  # beside one of the synthetic parts
            if part is not None:
                grounds = (
                    *found.grounds,
                    Remark(Ground.CAPTION if place == "caption" else Ground.TEXT_AROUND),
                )
                return SetDecision(part.title, grounds, found.sure, found.second, found.near)
    return found


_REAL_ALONE = re.compile(r"real(?:[- ]world)?\s+(?:test\s+)?(?:recordings?|clips|data|set)", re.I)


def _part_by_id(printed: str, said: Around, paper: PaperText) -> str:
    """The part of DNS-2020 that an id of a set says, where table, title or text name the challenge: 'tt_synthetic_no_reverb'."""
    part = words.REVERB.search(printed.replace("_", " ")) if "_" in printed else None
    around = (*(m for _, of in said for m in of), *mentions(paper.title))
    named = {m.dataset.id for m in around if m.dataset is not None}
    named |= {dataset.id for dataset in paper.named_sets} if len(paper.named_sets) == 1 else set()
    if (
        part is None
        or not named & {"dns", "dns2020", _WITH, _WITHOUT}
        or re.search(r"(?:^|_)(?:cv|dev|val)", printed)
    ):
        return ""
    return title_of(_WITHOUT if part["without"] else _WITH)


def refined(
    found: SetDecision,
    grid: Grid,
    column: ReadColumn,
    row: LabelledRow,
    paper: PaperText,
    noisy: Mapping[str, bool],
) -> SetDecision:
    """With or without reverberation by column or row, whatever the caption says, or by the unprocessed row; a table about
    dereverberation."""
    reverb = column.reverb or row.reverb
    family = (title_of("dns"), title_of("dns2020"), title_of(_WITH), title_of(_WITHOUT))
    synthetic = bool(reverb) or any(noisy.get(title) for title in family[2:])
    of_same = any(_REAL_OF_SAME.search(text) for text in (grid.caption, *grid.lines[-1:]))
    if found.title in family and of_same and not synthetic:
        grounds = (*found.grounds, Remark(Ground.TEXT_AROUND))
        return SetDecision(title_of("dns2020-real"), grounds, found.sure, found.second, found.near)
    if reverb and found.title in family:
        part = _WITH if reverb == "yes" else _WITHOUT
        ground = Ground.REVERBERATION if reverb == "yes" else Ground.NO_REVERBERATION
        return SetDecision(
            title_of(part), (*found.grounds, Remark(ground)), found.sure, found.second, found.near
        )
    if not reverb and found.title in family[:2] and (part := _captioned(grid.caption)):
        return SetDecision(
            title_of(part), (*found.grounds, Remark(Ground.CAPTION)), found.sure, found.second, found.near
        )
    both = any(both_reverberations(text) for text in (grid.caption, *grid.notes, grid.context[:1500]))
    if not reverb and not both and found.title in family[:2]:
        parts = [title for title in family[2:] if noisy.get(title)]
        if len(parts) == 1:
            grounds = (*found.grounds, Remark(Ground.NOISY_ROW))
            return SetDecision(parts[0], grounds, found.sure, found.second, found.near)
    if found.title in (title_of(_WITH), title_of(_WITHOUT)) and not column.datasets and row.dataset is None:
        kinds = {m["without"] is not None for m in words.REVERB.finditer(grid.caption.replace("_", " "))}
        if len(kinds) > 1:
            return SetDecision(
                title_of("dns2020"), found.grounds, min(found.sure, 0.5), found.title, found.near
            )
    if (
        found.title == title_of("vbd")
        and row.dataset is None
        and not noisy.get(found.title)
        and "DEMAND" not in f"{grid.caption} {column.header} {row.section}".upper()
    ):
        for text in (grid.caption, grid.section, _ENHANCEMENT.sub("denoising", paper.title)):
            if text and _DEREVERBERATION.search(text) and not _DENOISING.search(text):
                return SetDecision(
                    title_of("vbd-dereverb"),
                    (*found.grounds, Remark(Ground.DEREVERBERATION)),
                    min(found.sure, 0.8),
                    found.title,
                    found.near,
                )
    return found


_SET_WORD = r"(?:test(?:set)?|set|part|half|split|subset|clips|data)"
_SET_BEFORE = re.compile(rf"\b{_SET_WORD}\b[\s,:(–-]*$", re.I)
_SET_BEHIND = re.compile(rf"[\s-]*(?:test\s*)?{_SET_WORD}\b", re.I)


#: A caption that begins with the recordings that it is about.
_REAL_CAPTION = re.compile(r"\s*real(?:[- ]world)?\s+(?:test\s+)?(?:recordings?|clips)\s*[:,(]", re.I)


def _captioned(caption: str) -> str:
    """The id of the part of DNS-2020 that a caption begins with, or says beside a word for a set: '(test set without reverb)',
    'no-reverb set', 'Real recordings: MOS'."""
    text = words.PANEL.sub("", caption.replace("_", " "))
    found = list(words.REVERB.finditer(text))
    told = [
        m
        for m in found
        if (
            _SET_BEFORE.search(text[: m.start()])
            or _SET_BEHIND.match(text, m.end())
            or (not text[: m.start()].strip() and re.match(r"\s*(?:[:,(.]|$)", text[m.end() :]))
        )
        and not _DEREVERBERATION.search(m.group())
    ]
    if not found and _REAL_CAPTION.match(text):
        return "dns2020-real"
    if not told or len({m["without"] is not None for m in found}) > 1:
        return ""
    return _WITHOUT if told[0]["without"] else _WITH


@lru_cache(maxsize=64)
def title_of(ident: str) -> str:
    """The title of a test set of the vocabulary by its id."""
    dataset = vocabulary().dataset(ident)
    return dataset.title if dataset is not None else ""
