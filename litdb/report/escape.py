"""Text from papers made harmless for each output format.

Names, labels and notes come from other people's files. Every function takes any `str` and returns one line that
the format shows as text: no command, tag, formula, control sequence or change of writing direction survives.
"""

from __future__ import annotations

import html as _html
import re
import unicodedata
from collections.abc import Iterable

_CSI = r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
_STRING = r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
_TERMINAL_SEQUENCE = re.compile(rf"{_STRING}|{_CSI}|\x1b[ -/]*[0-~]")

_MARKDOWN = re.compile(r"[\\`*_\[\]#|~]")
_FORMULA = re.compile(r"^[=+\-@\uff0b\uff0d\uff1d\uff20].")
_PLAIN_NUMBER = re.compile(r"^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$")


def clean(text: str) -> str:
    """One line of visible text.

    Terminal sequences, control and format characters (bidi overrides, zero-width characters) are removed, any
    white space is one blank, a lone surrogate U+FFFD.
    """
    if not text.isprintable():
        text = _TERMINAL_SEQUENCE.sub("", text)
        text = "".join(map(_visible, text))
    return " ".join(text.split())


def _visible(char: str) -> str:
    if char.isspace():
        return " "
    match unicodedata.category(char):
        case "Cc" | "Cf":
            return ""
        case "Cs":
            return "\ufffd"
        case _:
            return char


def terminal(text: str) -> str:
    """For a terminal: no escape sequence, control character or bidi override is left."""
    return clean(text)


def html(text: str) -> str:
    """For HTML text and quoted attribute values."""
    return _html.escape(clean(text), quote=True)


def markdown(text: str) -> str:
    """For GitHub Markdown, in a table cell or a line of text: no markup, tag, math or cell border.

    A dollar sign is written the way GitHub documents for one that starts no formula.
    """
    escaped = _html.escape(clean(text), quote=False)
    return _MARKDOWN.sub(lambda match: "\\" + match.group(), escaped).replace("$", "<span>$</span>")


def csv_cell(text: str) -> str:
    """For one CSV field (quoting is the writer's).

    A text that a spreadsheet would run as a formula gets a leading apostrophe; a plain number stays a number.
    """
    cleaned = clean(text)
    if _FORMULA.match(cleaned) and not _PLAIN_NUMBER.match(cleaned):
        return "'" + cleaned
    return cleaned


def named(chars: Iterable[str]) -> str:
    """Characters with their numbers, for a message on what could not be set: `模 (U+6A21), 型 (U+578B)`."""
    return ", ".join(f"{char} (U+{ord(char):04X})" for char in chars)


def width(text: str) -> int:
    """Columns that a text takes in a terminal: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(map(_char_width, text))


def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
