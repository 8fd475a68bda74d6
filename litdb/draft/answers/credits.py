"""Gains that a sentence credits to a component: they need rows that isolate it, and no prediction is one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from litdb.vocabulary.components import Component, Components

_CREDIT = re.compile(
    r"\b(?:due to|thanks to|because of|owing to|attribut(?:ed|able) to|credited to|comes? from|stems? from|driven by|explained by"
    r"|brings?|brought|gives?|gave|yields?|yielded|adds?|added|contributes?|contributed|improves?|improved|boosts?|boosted|raises?|raised"
    r"|increases?|increased|gains?|gained|helps?|helped|lifts?|lifted|accounts? for|responsible for|worth)\b",
    re.IGNORECASE,
)
_GAIN = re.compile(
    r"\b(?:gains?|improvements?|performance|quality|increase|better|boosts?|helps?|helped)\b", re.IGNORECASE
)
_DENIED = re.compile(
    r"\bno evidence\b|\bnot isolated\b|\bisolates? (?:nothing|none)\b|\b(?:does|do|did|is|are|was|were|can) ?not\b|\bcannot\b|\bunknown\b|\bno ablation\b"
    r"|\bnot known\b|\bwhether\b|\bnothing\b|\bneither\b|\bhardly\b|n't\b",
    re.IGNORECASE,
)
_PREDICTED = re.compile(
    r"\b(?:would|could|should|will|may|might|expect(?:ed)?|likely|promises?)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Credit:
    """A sentence that credits a gain to a component; `predicted` says that it foretells one."""

    component: str
    words: str
    at: int
    predicted: bool


def credits(text: str, known: Components, *, of_metric: bool) -> Iterator[Credit]:
    """The credited gains of a sentence; `of_metric` says that it names a metric or a figure."""
    if text.rstrip().endswith("?") or _DENIED.search(text):
        return
    if not _CREDIT.search(text) or not (of_metric or _GAIN.search(text)):
        return
    found = list(_components(text, known))
    predicted = bool(_PREDICTED.search(text))
    for match, component in found:
        yield Credit(component.id, match.group(), match.start(), predicted)


def _components(text: str, known: Components) -> Iterator[tuple[re.Match[str], Component]]:
    """The components that a sentence names, each once, the longest name at each place."""
    seen: set[str] = set()
    for match in _pattern(tuple(_names(known))).finditer(text):
        component = known.named(match.group())
        if component is not None and component.id not in seen:
            seen.add(component.id)
            yield match, component


def _names(known: Components) -> Iterable[str]:
    """Names of parts and of ways of training; a family is a whole system, to which no gain of a part is credited."""
    for component in known.all:
        if component.item != "family":
            yield from (name for name in (component.id, *component.aliases) if len(name) > 2)


@lru_cache(maxsize=4)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    ordered = sorted(set(names), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ordered))})(?![\w-])", re.IGNORECASE)
