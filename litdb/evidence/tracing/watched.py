"""What is watched for: a question to the index, the versions of a paper, results in a range, a draft; and the news of each."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

#: What can be watched.
WATCHED = ("question", "paper", "range", "draft")


@dataclass(frozen=True, slots=True)
class WatchItem:
    """One thing that a watch sees: a key by which it is known again, and words for people. `paper` is its id, where it has one."""

    key: str
    words: str
    paper: str = ""

    def to_json(self) -> str:
        """As it is kept with its run."""
        return json.dumps([self.key, self.words, self.paper], ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> WatchItem:
        """The inverse of :meth:`to_json`. Raises ValueError for another text."""
        try:
            parts = json.loads(text)
        except RecursionError as error:
            raise ValueError("it is no item of a watch") from error
        if not isinstance(parts, list) or len(parts) != 3 or not all(isinstance(part, str) for part in parts):
            raise ValueError("it is no item of a watch")
        return cls(*parts)


@dataclass(frozen=True, slots=True)
class WatchRun:
    """What one run of a watch saw that no run before had seen."""

    made_at: dt.datetime
    news: tuple[WatchItem, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """A watch as it stands: its name, what it watches (one of WATCHED) and for what, and its runs.

    What the first run saw was there before, and is no news.
    """

    name: str
    what: str
    text: str
    dataset: str
    uid: str
    runs: tuple[WatchRun, ...]

    @property
    def seen(self) -> frozenset[str]:
        """The keys of all that was seen."""
        return frozenset(item.key for run in self.runs for item in run.news)

    @property
    def news(self) -> tuple[WatchRun, ...]:
        """The runs that brought news, the first left out."""
        return tuple(run for run in self.runs[1:] if run.news)


@dataclass(frozen=True, slots=True)
class WatchNews:
    """What the run of a watch brought."""

    watch: str
    what: str
    text: str
    items: tuple[WatchItem, ...]
