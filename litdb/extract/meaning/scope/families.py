"""Families of test sets: challenges with editions, mixtures of a number of talkers. Their name alone says no one set."""

from __future__ import annotations

import re
from collections.abc import Iterable

from litdb.vocabulary import Dataset

#: By the id of a family, those of its sets that are no parts of one another.
EDITIONS = {
    "dns": ("dns2020", "dns2021", "dns3", "dns2022", "dns2023"),
    "librimix": ("libri1mix", "libri2mix", "libri3mix"),
}
#: How the ids of all members begin, where not by that of the family and a hyphen.
_BEGIN = {"dns": ("dns",), "librimix": EDITIONS["librimix"]}


def members(family: Dataset, among: Iterable[Dataset]) -> list[Dataset]:
    """The sets among some that belong to another as its editions or parts."""
    begin = _BEGIN.get(family.id, (f"{family.id}-",))
    return [d for d in among if d is not family and d.id.startswith(begin)]


def family_of(title: str) -> str:
    """What the name of a set says without its edition or its number of talkers; '' for a name that has none."""
    match = re.fullmatch(r"(?P<name>[A-Za-z]+)-\d{1,2}|(?P<corpus>Libri)\dMix", title)
    return "" if match is None else f"{match['corpus']}Mix" if match["corpus"] else match["name"]
