"""From the words of a harvest to components of the vocabulary: what a row changed, what a model is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from benchmarks.harvest.tables import Row, read
from litdb.evidence.components.phrases import Phrases
from litdb.vocabulary.components import components

_PHRASES = Phrases(components())
#: Words that name a quality of the component, not another component.
_TAIL = re.compile(r"\s*\((?:[\d.]+ ?[MKkG]|causal|with .*)\)$")
#: What is replaced here is not the part of the network that the words name.
_NO_PART = re.compile(r"constraint|target|\bloss|weight|kernel|order|ratio", re.I)


#: Words before the name of a part that do not belong to it.
_BEFORE = re.compile(r"(?:the|all|final|differentiable) ")


@cache
def _judged() -> dict[tuple[str, str], Row]:
    """Changes that were read one by one, by arXiv id and words: there the tag tells the topic, not the part that changed."""
    rows = read(Path(__file__).with_name("judged.tsv"))
    return {(row["source"], row["change"]): row for row in rows}


def change(
    words: str, tags: Sequence[str], *, source: str = "", cumulative: bool = False
) -> tuple[str, list[str], str]:
    """What a row does (removed, added, replaced, changed), to which components, and what takes the place.

    `source` is the document (`arXiv:2104.03538v2`). The words of a `cumulative` row tell of the rows above as well, so
    there the tags decide.
    """
    if judged := _judged().get((source.removeprefix("arXiv:").split("v")[0], words)):
        return judged["action"], judged["components"].split(", "), judged["replacement"]
    verb, _, rest = words.partition(" ")
    rest = _TAIL.sub("", rest.strip())
    verb = verb.rstrip(":,")
    tags = ["PESQ loss" if tag == "metric loss" else tag for tag in tags]
    if "Griffin-Lim" in rest and len(tags) == 1:
        tags = ["Griffin-Lim"]
    elif len(tags) == 1 and not cumulative:
        tags = [_named_itself(rest) or tags[0]]
    if verb in ("remove", "also") and tags:
        return "removed", list(tags), ""
    if verb == "add" and tags:
        return "added", list(tags), ""
    if verb in ("replace", "swap") and len(tags) == 1:
        old, by, new = rest.partition(" by ")
        # Only where the words say that the component itself goes; else some quality of it changes and it stays.
        means = set(_PHRASES.means(old))
        if (
            by
            and not _NO_PART.search(old)
            and means & set(_PHRASES.means(tags[0]))
            and not means & _kept(new)
        ):
            return "replaced", [old], new
    return "changed", list(tags) or [rest], ""


def _kept(new: str) -> set[str]:
    """The components that what takes the place has too: one attention by another is no removal of attention."""
    known = _PHRASES.components.of_id
    found = {name: known(name) for name in _PHRASES.means(new)}
    return {name for name, one in found.items() if one is not None and not _PHRASES.without(one, new)}


def _named_itself(words: str) -> str:
    """The name of the one component that the words are, from their beginning to what replaces it; '' for other words."""
    name = _BEFORE.sub("", words.partition(" by ")[0].partition(", weight")[0].partition(", high weight")[0])
    found = _PHRASES.components.named(name)
    return name if found is not None and found.item != "family" else ""


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
