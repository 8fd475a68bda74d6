"""What names the halves of cells with two numbers: 'no_reverb / with_reverb' in a header, a caption or a note."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from litdb.extract.types import Grid
from litdb.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class Half:
    """One number of a pair: with or without reverberation ('yes', 'no'), a PESQ band, a test set, or in words."""

    reverb: str = ""
    band: str = ""
    dataset: str = ""
    condition: str = ""


_WITHOUT = r"(?:no|non|without|w/?o|w/o)[\s_-]*reverb\w*|anechoic|dry"
_WITH = r"(?:with|w/)[\s_-]*reverb\w*|(?<![\w-])reverb(?:erant|eration)?"
_JOIN = r"\W{0,3}\s*(?:/|\||\band\b|&)\s*\W{0,3}"
#: The noun may stand once, behind both: 'without / with reverberation'.
_REVERB = re.compile(
    rf"(?P<no>{_WITHOUT}){_JOIN}(?:{_WITH})|(?P<yes>{_WITH}){_JOIN}(?:{_WITHOUT})"
    rf"|\b(?P<none>without|w/?o|no|non){_JOIN}(?:with|w/)[\s_-]*reverb\w*|\b(?P<some>with|w/){_JOIN}(?:without|w/o|no)[\s_-]*reverb\w*",
    re.I,
)
_BANDS = re.compile(
    rf"\b(?P<first>WB|NB|wide-?band|narrow-?band){_JOIN}(?P<second>WB|NB|wide-?band|narrow-?band)\b", re.I
)
_WORDS = re.compile(
    r"(?P<first>\b(?:un)?seen|\bsimu?|\breal|\btest|\bval(?:idation)?)\s*[/|]\s*(?P<second>(?:un)?seen|simu?|real|test|val(?:idation)?)\b",
    re.I,
)


#: 'PESQ (near / far)': two words in brackets behind the metric.
_IN_HEADER = re.compile(
    r"\(\s*(?P<first>[A-Za-z](?:[\w -]{0,14}[\w])?)\s*/\s*(?P<second>[A-Za-z](?:[\w -]{0,14}[\w])?)\s*\)"
)


def halves(grid: Grid, header: str) -> tuple[Half, Half] | None:
    """The two halves that header, caption, notes or the text in front name, in the order of the cells; or None."""
    for text in (header, grid.caption, *grid.notes, grid.context):
        for found in _named(text[:1500]):
            return found
    both = _IN_HEADER.search(header)
    return None if both is None else (Half(condition=both["first"]), Half(condition=both["second"]))


def both_reverberations(text: str) -> bool:
    """Whether a text names the sets with and without reverberation side by side."""
    return _REVERB.search(text) is not None


def _named(text: str) -> Iterator[tuple[Half, Half]]:
    match = _REVERB.search(text)
    if match:
        no, yes = Half(reverb="no"), Half(reverb="yes")
        yield (no, yes) if match["no"] or match["none"] else (yes, no)
    match = _BANDS.search(text)
    if match and match["first"][0].upper() != match["second"][0].upper():
        first, second = ("WB" if match[name][0].upper() == "W" else "NB" for name in ("first", "second"))
        yield Half(band=first), Half(band=second)
    sets = vocabulary().datasets_in(text)
    for (at, first_set), (behind, second_set) in itertools.pairwise(sets):
        between = text[at + vocabulary().name_length(text, at) : behind]
        if re.fullmatch(r"\s*[/|]\s*", between) and first_set != second_set:
            yield Half(dataset=first_set.title), Half(dataset=second_set.title)
    match = _WORDS.search(text)
    if match and match["first"].lower() != match["second"].lower():
        yield Half(condition=match["first"]), Half(condition=match["second"])
