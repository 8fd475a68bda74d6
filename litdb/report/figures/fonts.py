"""Which installed fonts draw a text: the usual one, others for what it lacks, and what none of them has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.font_manager import FontEntry
    from matplotlib.ft2font import FT2Font

USUAL = "DejaVu Sans"
#: Fonts that come with matplotlib for formulas, whose characters stand under other numbers, and the one of boxes alone.
_OTHERWISE = ("cm", "STIXNonUnicode", "STIXSize", "Last Resort")


def covering(texts: Iterable[str]) -> tuple[list[str], tuple[str, ...]]:
    """The families that draw the texts together, in the order in which to ask them, and the characters none has.

    Of the installed fonts the one that has most of what is lacking comes first, among equals by name.
    """
    from matplotlib.font_manager import findfont, fontManager

    families = [USUAL]
    lacking = dict.fromkeys(char for text in texts for char in text if not char.isspace())
    lacking = _without(lacking, findfont(USUAL))
    if not lacking:
        return families, ()
    paths = {
        font.name: font.fname
        for font in sorted(fontManager.ttflist, key=lambda font: (font.name, font.fname), reverse=True)
        if _is_regular(font) and not font.name.startswith(_OTHERWISE)
    }
    if not paths:
        return families, tuple(lacking)
    while lacking:
        left, name = min(((_without(lacking, path), name) for name, path in paths.items()), key=_most)
        if len(left) == len(lacking):
            break
        families.append(name)
        lacking = left
    return families, tuple(lacking)


def _is_regular(font: FontEntry) -> bool:
    """Whether it is the upright font of usual weight and width, which a family's name stands for."""
    return (font.style, font.weight, font.stretch) in (
        ("normal", 400, "normal"),
        ("normal", "normal", "normal"),
    )


def _most(entry: tuple[dict[str, None], str]) -> tuple[int, str]:
    return len(entry[0]), entry[1]


def _without(chars: dict[str, None], path: str) -> dict[str, None]:
    """The characters that a font lacks."""
    font = _opened(path)
    if font is None:
        return chars
    return dict.fromkeys(char for char in chars if not font.get_char_index(ord(char)))


def _opened(path: str) -> FT2Font | None:
    """The font, or None for one that matplotlib cannot draw at any size (bitmaps, damaged files)."""
    from matplotlib.font_manager import get_font

    try:
        font = get_font(path)
    except (OSError, RuntimeError):
        return None
    return font if font.scalable else None
