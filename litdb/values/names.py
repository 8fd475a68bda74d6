"""Names of models as they are compared and written: the one fold, readable keys, digests."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache


def digest(*parts: object) -> str:
    """32 hex digits from the parts; the separator cannot occur in them by accident."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:32]


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
