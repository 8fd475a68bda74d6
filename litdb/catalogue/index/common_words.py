"""Words that say nothing of a subject: they are neither indexed nor looked for, which spares a third of the index."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\w+")
_COMMON = frozenset(
    [
        "a", "about", "also", "an", "and", "are", "as", "at", "be", "been", "both", "but", "by", "can", "could", "do", "does",
        "each", "for", "from", "had", "has", "have", "however", "in", "into", "is", "it", "its", "may", "more", "most", "of",
        "on", "or", "our", "over", "s", "such", "than", "that", "the", "their", "them", "then", "there", "therefore", "these",
        "they", "this", "those", "to", "under", "us", "using", "via", "was", "we", "well", "were", "when", "where", "whereas",
        "which", "while", "will", "with", "would",
    ]
)  # fmt: skip


def without_common(text: str) -> str:
    """The words of a text without such words, in their order."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(word for word in _WORD.findall(text.lower()) if word not in _COMMON)
