"""What a question about the field is about: its topics, each with the words that papers use for it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from litdb.vocabulary.components import Components, own_components

_MOST_WORDS = 6
_WORD = re.compile(r'"[^"]*"|[^\s"]+')
#: Words of a question that ask for nothing.
_IDLE = frozenset(
    [
        "a",
        "an",
        "and",
        "for",
        "in",
        "of",
        "on",
        "or",
        "the",
        "with",
        "using",
        "based",
        "model",
        "models",
        "network",
        "networks",
        "paper",
        "papers",
    ]
)


@dataclass(frozen=True, slots=True)
class Topic:
    """Something a question asks for; `words` say it, the question's own first. A `subject` is kept in every formulation."""

    name: str
    words: tuple[str, ...]
    subject: bool = False


@lru_cache(maxsize=1)
def _listed() -> dict[str, Topic]:
    """The listed topics, by each of their words in small letters without hyphens."""
    text = resources.files("litdb.vocabulary").joinpath("topics.toml").read_text(encoding="utf-8")
    found: dict[str, Topic] = {}
    for entry in tomllib.loads(text)["topic"]:
        topic = Topic(entry["id"], tuple(entry["words"]), entry.get("subject", False))
        for word in topic.words:
            found.setdefault(plain_words(word), topic)
    return found


def topics(question: str) -> list[Topic]:
    """The topics of a question, in its order: the longest runs of words that the vocabulary knows, else single words.

    Components of models bring their names (`U-Net`: UNet). Words in quotation marks stay as they are.
    """
    components = own_components()
    words = _WORD.findall(question)
    found: list[Topic] = []
    place = 0
    while place < len(words):
        if words[place].startswith('"'):
            if phrase := words[place].strip('"').strip():
                found.append(Topic(phrase, (phrase,)))
            place += 1
            continue
        for length in range(min(_MOST_WORDS, len(words) - place), 0, -1):
            run = " ".join(words[place : place + length])
            known = _known(run, components)
            if known is not None:
                found.append(known)
                place += length
                break
        else:
            if words[place].lower() not in _IDLE:
                found.append(Topic(words[place], (words[place],)))
            place += 1
    return list(dict.fromkeys(found))


def _known(run: str, components: Components) -> Topic | None:
    listed = _listed().get(plain_words(run))
    if listed is not None:
        return Topic(listed.name, tuple(dict.fromkeys((run, *listed.words))), listed.subject)
    component = components.named(run)
    if component is None:
        return None
    names = (run, component.id, *component.aliases)
    return Topic(component.id, tuple(dict.fromkeys(name for name in names if any(map(str.isalnum, name)))))


def plain_words(text: str) -> str:
    """The words of a text in small letters, with one blank between them and no signs."""
    return " ".join(re.findall(r"\w+", text.lower()))
