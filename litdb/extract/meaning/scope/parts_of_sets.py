"""Which part of a challenge's test set the words around its name tell: with or without reverberation, real, blind."""

from __future__ import annotations

import re

from litdb.extract.meaning import words
from litdb.vocabulary import Dataset, vocabulary

#: What may stand between the name of a set and the words for its part: 'synthetic test set', a bracket, a comma, a dash.
_DESCRIBED = re.compile(
    r"(?:[\s,:(\[–—-]|\b(?:synthetic|simulated|blind|test|evaluation|eval|part|half|split|subset|sets?|data|the|of|challenge|"
    r"interspeech|icassp|20\d\d)\b)*",
    re.I,
)
_OF_SET = re.compile(
    r"(?:\b(?:synthetic|test|part|half|split|subset|set|data|of|the|first|microsoft(?:['’]s)?|interspeech|icassp|20\d\d)\b|[\s*_'’-])+$",
    re.I,
)


#: 'the real recordings of the ...', in front of the name.
_REAL_OF = re.compile(
    r"\breal(?:[- ]world)?\s+(?:test\s+)?(?:recordings?|clips|data|part|subset)\s+(?:of|from|in)\s+(?:the\s+)?$",
    re.I,
)


#: 'the blind test set of the ...', in front of the name.
_BLIND_OF = re.compile(
    r"(?<!non-)(?<!non )\bblind\s+(?:test\s+)?(?:sets?|data|clips|part)\s+(?:of|from|in)\s+(?:the\s+)?$", re.I
)


#: ', real recordings' behind the name.
_REAL_BEHIND = re.compile(
    r"[\s,:(–—-]*(?:\b(?:blind|test|set|challenge|20\d\d)\b[\s,:(–—-]*)*real(?:[- ]world)?[\s-]+(?:test\s+)?(?:recordings?|clips|data)\b",
    re.I,
)


def part_of(dataset: Dataset, text: str, at: int, end: int) -> Dataset:
    """The part of a set, at `at` to `end` of a text, that the words around its name tell: '... synthetic test set without reverberation',
    'the non-reverberant test set of ...'."""
    if dataset.id == "dns3" and (
        re.match(r"(?:\s*\([^()]{1,30}\))?[\s(,–-]*(?:test\s+)?blind\b", text[end : end + 50], re.I)
        or _BLIND_OF.search(text[max(0, at - 50) : at])
    ):
        return vocabulary().dataset("dns3-blind") or dataset
    called_real = dataset.id == "dns2020-real" and re.search(r"\breal\b", text[at:end], re.I)
    if dataset.id not in ("dns2020", "dns", "dns2020-real") or called_real:
        return dataset
    if _REAL_OF.search(text[max(0, at - 60) : at]) or _REAL_BEHIND.match(text, end):
        return vocabulary().dataset("dns2020-real") or dataset
    said = _reverb_behind(text.replace("_", " "), end)
    if said is None:
        before = _OF_SET.sub("", text[max(0, at - 70) : at]).replace("_", " ")
        said = next((m for m in words.REVERB.finditer(before) if m.end() == len(before)), None)
    if said is None or re.search(r"\bde-?reverb", said.group(), re.I):
        return _simulated(dataset, text, end)
    return vocabulary().dataset("dns2020-noreverb" if said["without"] else "dns2020-reverb") or dataset


def _reverb_behind(text: str, end: int) -> re.Match[str] | None:
    """Words for reverberation behind a name: anywhere in its clause, or past a comma or bracket right there. None where both
    parts are named."""
    described = _DESCRIBED.match(text, end)
    begin = end if described is None else described.end()
    clause = re.split(r"[.;,:\n]|\band\b|\bor\b|/|&", text[end : end + 80])[0]
    said = words.REVERB.search(clause) or words.REVERB.match(text[begin : begin + 40])
    if said is None:
        return None
    sentence = re.split(r"[.;\n]", text[end : end + 120])[0]
    kinds = {match["without"] is not None for match in words.REVERB.finditer(sentence)}
    return said if len(kinds) == 1 else None


def _simulated(dataset: Dataset, text: str, end: int) -> Dataset:
    """The whole where 'synthetic' stands beside a name that is that of its real recordings: 'DNS-2020 blind synthetic set'."""
    synthetic = re.match(r"[\s(]*(?:synthetic|simulated)\b", text[end : end + 20], re.I)
    if dataset.id == "dns2020-real" and synthetic:
        return vocabulary().dataset("dns2020") or dataset
    return dataset
