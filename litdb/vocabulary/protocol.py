"""How a number was obtained: the conditions that decide what it may be compared with.

A :class:`Protocol` is a small immutable set of items. Each item is *stated* (with the place that says so) or
*inferred* (with the reason); an item that is absent is *not stated*. Equal protocols are stored once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Basis = Literal["stated", "inferred"]

#: The items, in the order they are shown. Values are short canonical words.
ITEMS: dict[str, str] = {
    "band": "PESQ band: WB (P.862.2) or NB (P.862)",
    "mapping": "PESQ mapping: LQO or raw",
    "rate": "sampling rate of the scored audio in Hz",
    "condition": "subset of the test set, such as 'SNR -5 dB'; 'all' for the mean over its parts",
    "statistic": "mean, median, ...",
    "scale": "sample scale of the composite measures: int16 or unit; pysepm for that package's WSS and LLR",
    "files": "files the mean covers",
    "files_expected": "files of the test set",
    "selected_on": "what the checkpoint was selected on: test, validation, none",
    "training": "training set: 28spk, 56spk, or in words",
    "extra_data": "training data beyond the corpus",
    "causal": "yes or no",
    "reverb": "yes or no",
    "counting": "what a parameter or MAC count includes",
    "audio_length": "length of audio in seconds that a MAC or FLOP count is for",
    "seeds": "how many runs with other seeds a mean is over",
    "hardware": "what a real-time factor or a latency was measured on",
}
#: Items that have no column of their own in the view of values: `protocol` holds them.
WITHOUT_COLUMN = ("seeds", "hardware")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a protocol with the ground for it.

    `note` is the place that states it or the reason it was inferred.
    """

    value: str
    basis: Basis = "stated"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Protocol:
    """An immutable set of protocol items; what is not in it is not stated."""

    items: tuple[tuple[str, Item], ...] = ()

    @classmethod
    def of(cls, items: Iterable[tuple[str, Item]] | dict[str, Item] = ()) -> Protocol:
        """Build one from pairs, in canonical order. Raises ValueError for an unknown item."""
        pairs = dict(items)
        unknown = [name for name in pairs if name not in ITEMS]
        if unknown:
            raise ValueError(f"unknown protocol item {unknown[0]!r}")
        return cls(tuple((name, pairs[name]) for name in ITEMS if name in pairs))

    @classmethod
    def stated(cls, **values: str) -> Protocol:
        """Items stated without a place, for tests and own measurements."""
        return cls.of({name: Item(value) for name, value in values.items()})

    def __iter__(self) -> Iterator[tuple[str, Item]]:
        return iter(self.items)

    def get(self, name: str) -> str | None:
        """The value of an item, or None when it is not stated."""
        for key, item in self.items:
            if key == name:
                return item.value
        return None

    def item(self, name: str) -> Item | None:
        """The item with its basis, or None when it is not stated."""
        for key, item in self.items:
            if key == name:
                return item
        return None

    def get_stated(self, name: str) -> str | None:
        """The value of an item that a source states, or None where it is inferred or not stated."""
        item = self.item(name)
        return item.value if item is not None and item.basis == "stated" else None

    def with_(self, name: str, item: Item) -> Protocol:
        """A copy with one item set."""
        return Protocol.of({**dict(self.items), name: item})

    def without(self, *names: str) -> Protocol:
        """A copy without the named items."""
        return Protocol(tuple(pair for pair in self.items if pair[0] not in names))

    def merged(self, other: Protocol) -> Protocol:
        """A copy where `other` fills what is not stated here."""
        return Protocol.of({**dict(other.items), **dict(self.items)})

    def to_json(self) -> str:
        """Canonical JSON: equal protocols give equal text."""
        return json.dumps([[name, i.value, i.basis, i.note] for name, i in self.items], ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Protocol:
        """The inverse of :meth:`to_json`."""
        return cls(tuple((name, Item(value, basis, note)) for name, value, basis, note in json.loads(text)))

    @property
    def digest(self) -> str:
        """A short stable key of the content."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]


NOTHING_STATED = Protocol()
