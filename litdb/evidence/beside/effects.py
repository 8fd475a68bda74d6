"""By how much the way of scoring moves a number, as measured: `effects.tsv`, which benchmarks/protocol_effects.py writes.

No effect is known without a measurement: what is not in the table has none.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class ScoringEffect:
    """How a metric changes when a protocol item is `other` in the place of `one`, measured on a system's audio.

    `effect` is the mean over `files` files of the set `audio`, `low` to `high` its 95 % interval, all in the metric's unit;
    `kind` is `network` for an enhancement network, `made` for what a mask, a filter or mixing made; `pesq` is the system's
    wide-band PESQ.
    """

    item: str
    one: str
    other: str
    metric: str
    system: str
    kind: str
    pesq: float
    audio: str
    files: int
    effect: float
    low: float
    high: float

    @property
    def turned(self) -> ScoringEffect:
        """The same the other way round."""
        return replace(
            self, one=self.other, other=self.one, effect=-self.effect, low=-self.high, high=-self.low
        )


@cache
def _table() -> tuple[ScoringEffect, ...]:
    text = resources.files(__package__).joinpath("effects.tsv").read_text(encoding="utf-8")
    return tuple(
        ScoringEffect(
            row["item"], row["one"], row["other"], row["metric"], row["system"], row["kind"], float(row["pesq"]), row["audio"],
            int(row["files"]), float(row["effect"]), float(row["low"]), float(row["high"]),
        )
        for row in csv.DictReader(text.splitlines(), delimiter="\t")
    )  # fmt: skip


def effects(item: str, one: str, other: str, metric: str) -> tuple[ScoringEffect, ...]:
    """What was measured of a metric when an item is `other` in the place of `one`; empty where nothing was."""
    found = []
    for effect in _table():
        if (effect.item, effect.metric) == (item, metric):
            if (effect.one, effect.other) == (one, other):
                found.append(effect)
            elif (effect.one, effect.other) == (other, one):
                found.append(effect.turned)
    return tuple(found)


def nearest(found: Sequence[ScoringEffect], pesq: float | None) -> ScoringEffect | None:
    """The effect on the network whose PESQ is nearest to this one, or on another system where no network was measured.

    Without a PESQ the effect in the middle; None for none.
    """
    networks = [effect for effect in found if effect.kind == "network"] or list(found)
    if not networks:
        return None
    if pesq is not None:
        return min(networks, key=lambda effect: abs(effect.pesq - pesq))
    return sorted(networks, key=lambda effect: effect.effect)[len(networks) // 2]


def by(effect: float) -> str:
    """A change in words: `higher by 0.13`."""
    return f"{'higher' if effect >= 0 else 'lower'} by {abs(effect):.2g}"


def is_shown(effect: ScoringEffect) -> bool:
    """Whether the interval leaves no doubt which way it goes."""
    return effect.low > 0 or effect.high < 0


def short(quantity: str, item: str, one: str, other: str) -> str:
    """What an item does, for a footnote: `which makes CSIG higher by 0.13 (60 files of vbd60)`; '' where none was shown."""
    near = nearest(effects(item, one, other, quantity), None)
    if near is None or not is_shown(near):
        return ""
    return f"which makes {quantity} {by(near.effect)} ({near.files} files of {near.audio})"
