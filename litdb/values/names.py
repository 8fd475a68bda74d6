"""Names of models as they are compared and written: the one fold, readable keys, digests."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

#: The longest name that a model or run is called by; what is longer is no name.
MOST_OF_A_NAME = 300


def digest(*parts: object) -> str:
    """32 hex digits from the parts; the separator cannot occur in them by accident."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:32]


def in_order(letters: str, text: str) -> bool:
    """Whether letters stand in a text in their order, others between them: those of a short form in its words."""
    rest = iter(text)
    return all(letter in rest for letter in letters)


def fold_name(name: str) -> str:
    """A model name as names are compared: letters, digits and distinguishing marks, without case.

    `+` counts (MetricGAN+ is not MetricGAN), Greek letters count (α-Net is not β-Net), raised digits are digits
    (D²Former is not D³Former), and so do daggers, which papers use to set two settings of one model apart.
    """
    text = unicodedata.normalize("NFKC", name).lower().replace("+", "plus")
    folded = re.sub(r"[^a-z0-9α-ω†‡]", "", text)
    return folded or text.strip()


@lru_cache(maxsize=8192)  # the labels of a paper's tables are compared with one another
def bare_name(label: str) -> str:
    """A label as a reader of tables compares names: folded, without daggers (there they are footnote marks).

    '' for what holds neither letter nor digit.
    """
    folded = fold_name(label.replace("†", "").replace("‡", ""))
    return folded if any(char.isalnum() for char in folded) else ""


def slug(name: str) -> str:
    """A readable key for a model: its name with everything but letters, digits, `+` and daggers as `-`."""
    text = unicodedata.normalize("NFKC", name)
    return re.sub(r"[^A-Za-z0-9+α-ωΑ-Ω†‡]+", "-", text).strip("-") or digest(name)[:8]


def one_letter_apart(one: str, other: str) -> bool:
    """Whether two names, folded, differ by one letter: another, a missing or doubled one, or two exchanged.

    Digits tell models apart (`M1`, `M2`); a letter is more often a slip of the hand, but in a name of three (`A`, `N2`) it is
    most of the name.
    """
    if min(len(one), len(other)) < 4 or abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    left, right = one[start:], other[start:]
    if left[:2] == right[1::-1] and left[2:] == right[2:] and len(left) > 1:
        return left[:2].isalpha()
    for a, b in ((left[1:], right[1:]), (left[1:], right), (left, right[1:])):
        if a == b:
            return (
                left[:1] + right[:1] if len(left) == len(right) else max(left, right, key=len)[:1]
            ).isalpha()
    return False
