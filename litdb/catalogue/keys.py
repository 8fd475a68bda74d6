"""Natural keys: what identifies a row without its number, so that readings and decisions find one another."""

from __future__ import annotations

import hashlib
import re
import unicodedata


def digest(*parts: object) -> str:
    """32 hex digits from the parts; the separator cannot occur in them by accident."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:32]


def cell_key(document: str, span: str, slot: int) -> str:
    """The key of a reading by a program: document, span of the cell, slot in the cell."""
    return digest("cell", document, span, slot)


def place_key(document: str, table: str, label: str, metric: str, dataset: str) -> str:
    """The key of a reading by hand: its place in words."""
    return digest("place", document, table, label, metric, dataset)


def measured_key(checkpoint: str, metric: str, dataset: str) -> str:
    """The key of a measured value: one for each checkpoint, metric and test set."""
    return digest("measured", checkpoint, metric, dataset)


def fold_name(name: str) -> str:
    """A model name as names are compared: letters, digits and distinguishing marks, without case.

    `+` counts (MetricGAN+ is not MetricGAN), and so do daggers, which papers use to tell two settings apart.
    """
    text = unicodedata.normalize("NFKC", name).lower().replace("+", "plus")
    folded = re.sub(r"[^a-z0-9α-ω†‡]", "", text)
    return folded or text.strip()


def slug(name: str) -> str:
    """A readable key for a model: its name with everything but letters, digits, `+` and daggers as `-`."""
    text = unicodedata.normalize("NFKC", name)
    return re.sub(r"[^A-Za-z0-9+α-ωΑ-Ω†‡]+", "-", text).strip("-") or digest(name)[:8]
