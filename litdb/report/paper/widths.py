"""How wide a text is when TeX sets it: an upper bound, from the widths of the fonts' characters."""

from __future__ import annotations

import unicodedata
from typing import Literal

from litdb.report.paper.latex_text import latex

Face = Literal["times", "cm"]

#: Widths of the characters from blank to ~ in thousandths of the size, 0 where the font has none of its own.
_WIDTHS: dict[Face, tuple[int, ...]] = {
    "times": (
        250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
        500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889,
        722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500,
        444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480,
        200, 480, 541,
    ),
    "cm": (
        333, 277, 0, 833, 500, 833, 777, 0, 388, 388, 500, 777, 277, 333, 277, 500, 500, 500, 500, 500, 500, 500, 500, 500,
        500, 500, 277, 277, 0, 777, 0, 472, 777, 750, 708, 722, 763, 680, 652, 784, 750, 361, 513, 777, 625, 916, 750, 777,
        680, 777, 736, 555, 722, 750, 750, 1027, 750, 750, 611, 277, 0, 277, 0, 0, 500, 500, 555, 444, 555, 444, 305, 500,
        555, 277, 305, 527, 277, 833, 555, 500, 555, 527, 391, 394, 388, 555, 527, 722, 527, 527, 444, 0, 0, 0, 0,
    ),
}  # fmt: skip
#: Signs that are set by a command, in whichever font that takes; and any other character, in a small size of a font of signs.
_BY_COMMAND = {
    "<": 900,
    ">": 900,
    "\\": 610,
    "{": 590,
    "}": 590,
    "`": 590,
    "|": 345,
    "'": 340,
    '"': 520,
    "…": 1360,
}
_UNKNOWN = 1150
#: For what sums do not see: kerns, and ligatures that are kept apart.
_SAFETY = 1.02
#: Computer Modern is relatively wider when it is small; this is the factor of its narrow letters, by size in points.
_OPTICAL = {10: 1.0, 9: 1.03, 8: 1.075, 7: 1.17}
#: The bold digits of Computer Modern, in which siunitx sets numbers whatever the text's face is.
_BOLD_DIGIT, _POINT, _MINUS = 0.575, 0.278, 0.778
_BOLDER = 1.16
_RAISED = 0.8
POINTS_PER_MM = 72.27 / 25.4


def text_width(text: str, face: Face, size: int, *, bold: bool = False) -> float:
    """The width of a plain text in points, set in a face of a size in points."""
    units = sum(_char(char, face) for char in text) * _SAFETY
    return units / 1000 * size * (_OPTICAL[size] if face == "cm" else 1.0) * (_BOLDER if bold else 1.0)


def raised_width(text: str, face: Face, size: int) -> float:
    """The width of a text that stands raised, as a mark."""
    return text_width(text, face, size) * _RAISED


def number_width(sign: bool, whole: int, decimals: int, size: int) -> float:
    """The width of a number with so many digits before and after its point, were all of it bold."""
    units = _MINUS * sign + _BOLD_DIGIT * (whole + decimals) + _POINT * (decimals > 0) * _BOLD_DIGIT / 0.5
    return units * size * _OPTICAL[size]


def _char(char: str, face: Face) -> int:
    if char in _BY_COMMAND:
        return max(_BY_COMMAND[char], _WIDTHS[face][ord(char) - 32] if char <= "~" else 0)
    if " " <= char <= "~":
        return _WIDTHS[face][ord(char) - 32] or _UNKNOWN
    base = unicodedata.normalize("NFD", char)[0]
    if base != char and base.isascii() and base.isalpha():
        return _WIDTHS[face][ord(base) - 32]
    written = latex(char)
    if written.startswith("{[U+"):  # a character that cannot be set stands as its number
        return sum(_char(one, face) for one in f"[U+{ord(char):04X}]")
    return _UNKNOWN
