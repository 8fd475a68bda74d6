"""From the words of a harvest to components of the vocabulary: what a row changed, what a model is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from litdb.evidence.components.phrases import Phrases
from litdb.vocabulary.components import components

_PHRASES = Phrases(components())
#: Words that name a quality of the component, not another component.
_TAIL = re.compile(r"\s*\((?:[\d.]+ ?[MKkG]|causal|with .*)\)$")
#: What is replaced here is not the part of the network that the words name.
_NO_PART = re.compile(r"constraint|target|\bloss|weight|kernel|order|ratio", re.I)


def change(words: str, tags: Sequence[str]) -> tuple[str, list[str], str]:
    """What a row does (removed, added, replaced, changed), to which components, and what takes the place."""
    verb, _, rest = words.partition(" ")
    rest = _TAIL.sub("", rest.strip())
    verb = verb.rstrip(":,")
    if "Griffin-Lim" in rest and len(tags) == 1:
        tags = ["Griffin-Lim"]
    if verb in ("remove", "also") and tags:
        return "removed", list(tags), ""
    if verb == "add" and tags:
        return "added", list(tags), ""
    if verb in ("replace", "swap") and len(tags) == 1:
        old, by, new = rest.partition(" by ")
        # Only where the words say that the component itself goes; else some quality of it changes and it stays.
        if by and not _NO_PART.search(old) and set(_PHRASES.means(old)) & set(_PHRASES.means(tags[0])):
            return "replaced", [old], new
    return "changed", list(tags) or [rest], ""


def named(item: str, text: str) -> Iterator[tuple[str, str]]:
    """The components that a description of a model names: kind and id."""
    if item not in ("family", "technique", "training"):
        return
    for part in re.split(r"[,;+/]| and | with | or |\(|\)", text):
        if re.search(r"\b(?:no|not|without)\b", part):
            continue
        for name in _PHRASES.means(part.strip()):
            component = _PHRASES.components.of_id(name)
            if component is None or (component.item == "family" and not _family(item, name, text)):
                continue
            yield component.item, name


def _family(item: str, name: str, text: str) -> bool:
    """Whether a description says of the whole model that it belongs to a family, not of one of its branches."""
    both = re.search(r"phase|complex|\bRI\b", text)
    return item == "family" and not (name == "magnitude-mask" and both)
