"""Training sets as they are called here: the parts of VoiceBank+DEMAND, or how many files an own run was trained on."""

from __future__ import annotations

import re

#: The parts of VoiceBank+DEMAND's training set, by the files in them.
PARTS = {"28spk": 11572, "56spk": 23075}
_PART = re.compile(r"\d+spk")
_OWN = re.compile(r"(\d+) files")


def is_part(said: str) -> bool:
    """Whether a training set is named as a part of VoiceBank+DEMAND's, by its number of speakers."""
    return _PART.fullmatch(said) is not None


def files_in(said: str) -> int | None:
    """How many files a training set has, where what it is called tells that."""
    own = _OWN.fullmatch(said)
    return int(own[1]) if own else PARTS.get(said)


def is_counted(said: str) -> bool:
    """Whether a training set is told by nothing but the number of its files."""
    return _OWN.fullmatch(said) is not None
