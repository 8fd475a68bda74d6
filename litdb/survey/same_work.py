"""Whether two records are one work: the preprint and the journal's version of it, as two services list them.

Identifiers decide where both have the same kind. Else titles must be equal but for case, punctuation, accents, hyphens and
endings of words, one may lack the short name before its colon or the remark in brackets behind it; years and family names, where
both are known, must not speak against it. Titles that merely look alike are two works: wrong is worse than twice.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

#: A journal's version appears so many years after the preprint, and not later.
_YEARS = 2
#: A title of fewer words, of which one has no author, names too many works.
_FEWEST_WORDS = 4
_ENDINGS = frozenset({"s", "es", "d", "ed"})
_GREEK_COMMAND = re.compile(r"\\([A-Za-z]+)")
_REMARK = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")


@dataclass(frozen=True, slots=True)
class WorkListing:
    """A work as one service lists it; what is not known is empty."""

    title: str
    year: int | None = None
    families: tuple[str, ...] = ()
    """Family names of the authors."""
    arxiv_id: str = ""
    doi: str = ""


def family_of(name: str) -> str:
    """The family name in a name: what stands last, or before a comma."""
    return name.partition(",")[0].strip() if "," in name else name.split()[-1] if name.split() else ""


def same_work(one: WorkListing, other: WorkListing) -> bool:
    """Whether two records are one work."""
    ids = _bare(one.arxiv_id), _bare(other.arxiv_id)
    if all(ids):
        return ids[0] == ids[1]
    dois = _doi(one.doi), _doi(other.doi)
    if all(dois):
        return dois[0] == dois[1]
    if one.year and other.year and abs(one.year - other.year) > _YEARS:
        return False
    first, second = (
        {_letters(name) for name in listing.families if name.strip()} for listing in (one, other)
    )
    if first and second and not first & second:
        return False
    return _same_title(one.title, other.title, bool(first and second))


def title_key(title: str) -> str:
    """A key that titles of one work mostly share; of use to look for them among many."""
    return "".join(_words(title.rpartition(":")[2]))[:24]


def _same_title(one: str, other: str, by_the_same: bool) -> bool:
    one, other = _REMARK.sub("", one), _REMARK.sub("", other)
    if _alike(_words(one), _words(other)):
        return by_the_same or len(_words(one)) >= _FEWEST_WORDS
    heads = one.partition(": "), other.partition(": ")
    if bool(heads[0][1]) != bool(heads[1][1]) and by_the_same:  # only one has a name before its colon
        whole, rest = (other, heads[0][2]) if heads[0][1] else (one, heads[1][2])
        return len(_words(rest)) >= _FEWEST_WORDS and _alike(_words(whole), _words(rest))
    return False


def _alike(one: list[str], other: list[str]) -> bool:
    """Whether words are the same but for where they are joined, or for their endings."""
    if "".join(one) == "".join(other):
        return bool(one)
    plain = "".join(map(_stem, one)), "".join(map(_stem, other))
    if plain[0] == plain[1]:
        return True
    return len(one) == len(other) and all(
        a == b or (min(len(a), len(b)) > 3 and _ending(a, b)) for a, b in zip(one, other, strict=True)
    )


def _ending(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and long[len(short) :] in _ENDINGS


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


def _words(title: str) -> list[str]:
    text = _GREEK_COMMAND.sub(r"\1", html.unescape(title)).replace("$", "")
    return re.findall(r"[a-z0-9]+", _letters(text))


def _letters(text: str) -> str:
    """Small letters without accents; Greek letters by their names, raised digits as digits."""
    found = []
    for char in unicodedata.normalize("NFKD", text.replace("ø", "o").replace("Ø", "O")):
        if unicodedata.combining(char):
            continue
        name = unicodedata.name(char, "") if "\u0370" <= char <= "\u03ff" else ""
        found.append(name.rpartition(" ")[2].lower() if name else char.casefold())
    return "".join(found).strip()


def _bare(arxiv_id: str) -> str:
    return re.sub(r"v\d+$", "", arxiv_id.strip())


def _doi(text: str) -> str:
    doi = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", "", text.strip().lower())
    return "" if doi.startswith("10.48550/") else doi
