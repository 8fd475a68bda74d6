"""Names and heads as two papers print them: what is left of a label without its citation, and how alike two are."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from litdb.values.names import in_order

#: `[12]`, `(Cao et al. 2017)`, `cao2017real`, `DBLP:conf/...`: who is cited, which is no part of a name.
_CITATION = re.compile(
    r"\[[\d,;\s–-]+\]|[\[(][^()\[\]]*\b(?:19|20)\d\d[a-z]?[^()\[\]]*[\])]|\bDBLP:\S+|\b[a-z]+(?:19|20)\d\d[a-z]\w*"
    r"|\bet al\.?,?|\b(?:19|20)\d\d[a-z]?\b"
)
_OURS = re.compile(r"\b(?:ours?|proposed|this (?:work|paper))\b", re.I)
_OURS_WORDS = frozenset({"our", "ours", "proposed", "this", "work", "paper", "method", "model"})
_WORD = re.compile(r"[a-z0-9α-ω+]+")

Words = tuple[str, ...]

#: The most that two labels are alike which differ in their numbers alone: ResNet-50 and ResNet-101, R@1 and R@10.
_OTHER_NUMBER = 0.45


@lru_cache(maxsize=65536)
def words(text: str) -> Words:
    """The words of a label without citations and case."""
    return tuple(_WORD.findall(_CITATION.sub(" ", text).lower()))


def says_ours(text: str) -> bool:
    """Whether a label calls its row the authors' own."""
    return bool(_OURS.search(text))


def without_ours(label: Words) -> Words:
    """The words of a label but for those that only say whose it is."""
    return tuple(word for word in label if word not in _OURS_WORDS)


@lru_cache(maxsize=262144)
def alike(one: Words, other: Words) -> float:
    """How alike two labels are, 0 to 1: whole words, parts of three letters, or one beginning the other."""
    if not one or not other:
        return 0.0
    a, b = "".join(one), "".join(other)
    if a == b:
        return 1.0
    shared = 2 * sum((Counter(one) & Counter(other)).values()) / (len(one) + len(other))
    parts_a, parts_b = _parts(a), _parts(b)
    if parts_a and parts_b:
        shared = max(shared, 1.8 * len(parts_a & parts_b) / (len(parts_a) + len(parts_b)))
    if min(len(a), len(b)) > 2 and (_begins(a, b) or _begins(b, a)):
        shared = max(shared, 0.4 + 0.4 * min(len(a), len(b)) / max(len(a), len(b)))
    if min(len(a), len(b)) > 4 and a[0] == b[0] and a[-1] == b[-1] and (in_order(a, b) or in_order(b, a)):
        shared = max(shared, 0.6)  # PixPro, PixelPro
    if _numbers(one) and _numbers(other) and not _numbers(one) & _numbers(other):
        return min(shared, _OTHER_NUMBER)
    return min(shared, 0.95)


def _numbers(label: Words) -> frozenset[str]:
    return frozenset(word for word in label if word.isdecimal())


def _begins(one: str, other: str) -> bool:
    """Whether a label goes on from another; a number is no beginning of a longer one (R@1 and R@10)."""
    return one.startswith(other) and not one[len(other) - 1 : len(other) + 1].isdecimal()


def _parts(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 3] for at in range(len(text) - 2))


def short_for(label: Words, title: str) -> bool:
    """Whether a label may be made from a title: initials of its words, or a word of it."""
    whole = _WORD.findall(title.lower())
    initials = "".join(word[0] for word in whole)
    return any((len(word) > 1 and word in initials) or (len(word) > 3 and word in whole) for word in label)


def names_in_title(title: str) -> Words:
    """The name that a title gives before its colon (`ResT: An Efficient Transformer` names ResT), or nothing."""
    name, colon, _ = title.partition(":")
    found = words(name)
    return found if colon and len(found) <= 2 else ()
