"""People's own words about papers, models and results: kept, shown and searched, and never evidence."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

#: What a note can be about.
NOTED = ("paper", "model", "result")


@dataclass(frozen=True, slots=True)
class Noted:
    """A note: what it is about (one of NOTED, its key and its name), the words, who wrote them and when."""

    about: str
    key: str
    name: str
    words: str
    who: str
    made_at: dt.datetime
    decision: str

    @property
    def line(self) -> str:
        """The note in one line."""
        return f"{self.words} ({self.who}, {self.made_at.date().isoformat()})"
