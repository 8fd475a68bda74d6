"""Short names that a document gives to test sets: '(DNS-NR)' behind the name of one, '**DNS-NR**: the DNS-2020 test set' in a list."""

from __future__ import annotations

import re
from collections.abc import Iterable

from litdb.extract.meaning.scope.mentions import Mention
from litdb.values.names import in_order
from litdb.vocabulary import Dataset, vocabulary

_SHORT = r"(?P<name>[A-Za-z0-9]*[A-Z][\w+/-]{0,11})"
_DECORATED = r"(?:\\(?:textbf|texttt|emph|textit)\{|[*_`\"'])"
#: Behind the name of a set and what describes it: '... test set without reverb (DNS-NR)', '(denoted as W-M)'.
_BEHIND = re.compile(
    rf"[^.;:()\n]{{0,60}}?\s*\((?:(?:here(?:after|in)?|henceforth|denoted|called|abbreviated|referred to|short|for|as|by|to),?\s+){{0,4}}"
    rf"{_DECORATED}{{0,3}}{_SHORT}[*_`\"'}}]{{0,3}}\)"
)
#: At the start of a line in front of the name of a set: '* **DNS-NR**: the ...', '\item S60 -- ...'.
_IN_FRONT = re.compile(
    rf"(?:^(?:\s*(?:[>*+•-]|\d+[.)]|\\item)\s*)?|[,;:(]\s){_DECORATED}{{0,3}}{_SHORT}[*_`\"'}}]{{0,3}}\s*(?::|=|–|—|--?(?=\s))[*_`}}]{{0,3}}\s*"
    r"(?:(?:the|test|set|split|part|half|of|synthetic|simulated|noisy|official|standard|blind|(?:no|non|with|without)[- ]reverb\w*)\s+){0,7}"
    r"[*_`]{0,2}$"
)


def short_names(prose: str, named: Iterable[Mention]) -> tuple[tuple[str, Dataset], ...]:
    """The short names with the sets of the vocabulary that they stand for, in the order of the text; `named` are its mentions.

    A short name is made of letters of the name and the words behind it, in their order, or is known for the family of the
    set ('DNS1 = synthetic no-reverb test set of the DNS Challenge 2020'); one that stands for two sets is none.
    """
    found: dict[str, Dataset | None] = {}
    vocab = vocabulary()
    for mention in named:
        if mention.dataset is None or mention.trained:
            continue
        end = mention.at + vocab.name_length(prose, mention.at)
        line = prose.rfind("\n", max(0, mention.at - 80), mention.at) + 1
        for match in (_BEHIND.match(prose[end : end + 120]), _IN_FRONT.search(prose[line : mention.at])):
            name = match["name"] if match is not None else ""
            known_as = vocab.dataset(name)
            of_part = known_as is not None and mention.dataset.id.startswith(f"{known_as.id}-")
            made = known_as is None and _made_of(name, prose[mention.at : end + 80])
            if (
                len(re.findall(r"[A-Z0-9]", name)) < 2
                or vocab.metric(name) is not None
                or not (of_part or made)
            ):
                continue
            known = found.setdefault(name, mention.dataset)
            found[name] = mention.dataset if known == mention.dataset else None
    return tuple((name, dataset) for name, dataset in found.items() if dataset is not None)


def _made_of(name: str, words: str) -> bool:
    """Whether the letters of a short name stand in some words in its order, the first at their start."""
    letters, text = re.sub(r"[^a-z0-9]", "", name.lower()), re.sub(r"[^a-z0-9]", "", words.lower())
    return text[:1] == letters[:1] and in_order(letters, text)


def names_short(text: str, defined: Iterable[tuple[str, Dataset]]) -> tuple[Dataset, ...]:
    """The sets whose short names stand in a header or a title of rows."""
    return tuple(d for name, d in defined if re.search(rf"(?<![\w+/-]){re.escape(name)}(?![\w+/-])", text))
