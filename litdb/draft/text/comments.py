"""The comments of a draft that speak to `litdb check`, and the parts of it that are taken out of a file by a comment sign."""

from __future__ import annotations

import re
from collections.abc import Iterator

from litdb.draft.finding import DraftPlace
from litdb.draft.text.project import DraftComment

_SAID = re.compile(
    r"(?<!\\)(?:\\\\)*%+[ \t]*litdb:[ \t]*(?P<verb>ignore|leave[ \t]+out|range)\b(?P<rest>.*)", re.IGNORECASE
)
#: What stands between the subject and the reason.
_REASON = re.compile(r"(?<!\S)(?:--|–|—)")
#: The longest line that is looked at.
_MOST = 5_000


def comments(file: str, text: str) -> Iterator[DraftComment]:
    """The comments of one file. An `ignore` behind words is for its own line, one that stands alone for the next with words."""
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        match = _SAID.search(line[:_MOST]) if "litdb:" in line else None
        if match is None:
            continue
        verb = " ".join(match["verb"].lower().split())
        place = DraftPlace(file, number, match.group().strip())
        subject, *reason = _REASON.split(match["rest"], maxsplit=1)
        yield DraftComment(
            verb,
            " ".join(subject.split()),
            reason[0].strip() if reason else "",
            place,
            tuple(_meant(lines, number, alone=not line[: match.start()].strip())),
        )


def _meant(lines: list[str], number: int, *, alone: bool) -> Iterator[int]:
    yield number
    if alone:
        for following in range(number + 1, min(number + 50, len(lines) + 1)):
            words = lines[following - 1].strip()
            if words and not words.startswith("%"):
                yield following
                return
