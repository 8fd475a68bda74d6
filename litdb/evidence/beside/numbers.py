"""Two printed numbers side by side: what keeps them from being compared, how that is known, and by how much it moves them.

>>> found = beside(MetricName("CSIG"), one, other)
>>> found.verdict, [obstacle.words for obstacle in found.obstacles]
('not comparable', ['composite scale'])
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from litdb.evidence.beside.effects import ScoringEffect, by, effects, is_shown, nearest
from litdb.evidence.comparability import (
    UNSTATED,
    deciding_items,
    known,
    partial,
    trained_apart,
)
from litdb.evidence.comparability import (
    in_words as called,
)
from litdb.evidence.rows.refusals import Refusal
from litdb.values.agreement import agree
from litdb.values.value import Value
from litdb.vocabulary.metric_name import MetricName
from litdb.vocabulary.protocol import Protocol

Verdict = Literal["comparable", "comparable if the same", "not comparable"]

#: What an item can be besides what is known of one side, to say what it would do where the other side is silent.
_EITHER = {
    "scale": ("int16", "unit"),
    "band": ("WB", "NB"),
    "mapping": ("LQO", "raw"),
    "rate": ("16000", "8000"),
}
_VALUES = {
    ("scale", "unit"): "samples in [-1, 1]",
    ("scale", "int16"): "16-bit values",
    ("scale", "pysepm"): "the WSS and LLR of pysepm",
    ("band", "WB"): "wide band (P.862.2)",
    ("band", "NB"): "narrow band (P.862)",
    ("mapping", "LQO"): "the MOS-LQO mapping",
    ("mapping", "raw"): "the raw score",
    ("reverb", "yes"): "with reverberation",
    ("reverb", "no"): "without reverberation",
    ("condition", "all"): "the whole test set",
}
_REMEDIES = {
    "scale": "score both outputs on one scale: `litdb model evaluate --enhanced AUDIO` gives both",
    "band": "take wide-band PESQ (P.862.2, 16 kHz) of both",
    "mapping": "take the MOS-LQO of both",
    "rate": "score both at 16 kHz, resampled in one way",
    "statistic": "take the mean over files of both",
    "condition": "take both on the same part of the test set",
    "reverb": "take both on the set with reverberation, or both on the one without",
    "audio_length": "divide each count by the length of its audio",
    "files": "take the mean over all files of the test set for both",
    "input": "score both on the same files of the test set",
    "number": "take the number from a table of the model's own authors",
    "training": "compare models that were trained on the same data",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an item on one side, in words, and how: stated where, inferred from what, or not stated."""

    value: str
    how: str


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A protocol item that is known to differ, or that a side does not state (`sure` is False).

    `effect` says in words which way and how far it moves the second number, `effects` are the measurements behind it, with
    the second side's value in the place of the first's; `remedy` is what would make the two comparable.
    """

    item: str
    words: str
    one: Known
    other: Known
    sure: bool
    effect: str
    effects: tuple[ScoringEffect, ...]
    remedy: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Two printed numbers of a metric: with their sources, `difference` (second minus first), and what lies between."""

    metric: str
    one: str
    other: str
    difference: float | None
    verdict: Verdict
    obstacles: tuple[Obstacle, ...]

    def in_words(self) -> Iterator[str]:
        """Lines of text: the two numbers, then each obstacle with its effect and what would help."""
        apart = "" if self.difference is None else f"; the second is {by(self.difference)}"
        apart = "; the same as far as both are printed" if self.difference == 0 else apart
        yield f"{self.metric} {self.one} and {self.other}: {self.verdict}{apart}"
        for obstacle in self.obstacles:
            sides = " against ".join(f"{side.value}{_how(side)}" for side in (obstacle.one, obstacle.other))
            yield f"  {obstacle.words}: {sides}"
            yield f"    effect: {obstacle.effect}"
            yield f"    to compare: {obstacle.remedy}"


def beside(
    name: MetricName,
    one: Value,
    other: Value,
    pesq: float | None = None,
    against: tuple[Refusal | None, Refusal | None] = (None, None),
) -> Beside:
    """Two values of a metric side by side; `pesq` is about what the two models score, to choose among measured effects.

    `against` is what speaks against the one or the other, as no table would rank it.
    """
    found = (*_obstacles(name.quantity, one, other, pesq), *_spoken_against(against))
    verdict: Verdict = "comparable"
    if found:
        verdict = "not comparable" if any(obstacle.sure for obstacle in found) else "comparable if the same"
    difference = None if one.value is None or other.value is None else other.value - one.value
    if difference and agree(one, other):
        difference = 0.0  # as far as both are printed
    return Beside(str(name), _said(one), _said(other), difference, verdict, found)


def _said(value: Value) -> str:
    return f"{value.said} ({value.cited}, {value.origin.value})"


#: What a cause of a refusal is called, what a side has that nothing speaks against, and where it is known from.
_CAUSES = {
    "input": ("unprocessed input", "that of the test set, as far as is known", "its table"),
    "number": ("what the number is", "what it is said to be, as far as is known", "its row"),
}


def _spoken_against(against: tuple[Refusal | None, Refusal | None]) -> Iterator[Obstacle]:
    for cause, (words, usual, where) in _CAUSES.items():
        told = [one.words if one is not None and one.cause == cause else "" for one in against]
        if any(told):
            one, other = (Known(said or usual, where) for said in told)
            yield Obstacle(cause, words, one, other, True, "not measured", (), _REMEDIES[cause])


def _obstacles(quantity: str, first: Value, second: Value, pesq: float | None) -> Iterator[Obstacle]:
    one, other = first.protocol, second.protocol
    for item in deciding_items(quantity):
        mine, theirs = known(one, item), known(other, item)
        if mine is not None and theirs is not None:
            if mine != theirs:
                yield _obstacle(quantity, item, one, other, pesq)
        elif (mine is None) != (theirs is None) or item in UNSTATED:
            yield _obstacle(quantity, item, one, other, pesq)
    if partial(one) != partial(other):
        yield Obstacle(
            "files", "files covered", _files(one), _files(other), True, "not measured", (), _REMEDIES["files"]
        )
    if apart := trained_apart(quantity, one, other, first.dataset):
        item = "training" if one.get("training") != other.get("training") else "extra_data"
        yield Obstacle(
            item,
            apart,
            _known(one, item),
            _known(other, item),
            True,
            "not measured",
            (),
            _REMEDIES["training"],
        )


def _obstacle(quantity: str, item: str, one: Protocol, other: Protocol, pesq: float | None) -> Obstacle:
    mine, theirs = known(one, item), known(other, item)
    effect, found = _effect(quantity, item, mine, theirs, pesq)
    sure = mine is not None and theirs is not None
    return Obstacle(
        item, called(item), _known(one, item), _known(other, item), sure, effect, found, _REMEDIES[item]
    )


def _known(protocol: Protocol, item: str) -> Known:
    value = known(protocol, item)
    if value is None:
        return Known("not stated", "not stated")
    said = _VALUES.get((item, value), f"{value} Hz" if item == "rate" else value)
    ground = protocol.item(item)
    if ground is None:
        return Known(said, "nothing else is said")
    return Known(said, f"{ground.basis}: {ground.note}" if ground.note else ground.basis)


def _files(protocol: Protocol) -> Known:
    return Known(partial(protocol) or "all files, as far as is known", "stated")


def _effect(
    quantity: str, item: str, mine: str | None, theirs: str | None, pesq: float | None
) -> tuple[str, tuple[ScoringEffect, ...]]:
    """In words, which way and how far an item moves the second number against the first, and the measurements."""
    if item == "audio_length" and mine is not None and theirs is not None:
        return f"the count grows with the audio: {float(theirs) / float(mine):.3g} times the length", ()
    supposed = ""
    if mine is None or theirs is None:
        sides = _supposed(item, mine, theirs)
        if sides is None:
            return "not measured", ()
        mine, theirs = sides
        supposed = f"if one is of {_VALUES.get((item, mine), mine)} and the other of {_VALUES.get((item, theirs), theirs)}, "
    found = effects(item, mine, theirs, quantity)
    near = nearest(found, pesq)
    if near is None:
        return "not measured", ()
    low, high = min(e.effect for e in found), max(e.effect for e in found)
    others = f"; {low:+.2g} to {high:+.2g} over {len(found)} systems" if len(found) > 1 else ""
    on, against = (_VALUES.get((item, side), side) for side in (theirs, mine))
    return (
        f"{supposed}{quantity} is {by(near.effect) if is_shown(near) else 'not shown to differ'} with {on} than with {against} ({near.system} at PESQ {near.pesq:g}, "
        f"{near.files} files of {near.audio}, 95 % interval {near.low:+.2g} to {near.high:+.2g}{others})",
        found,
    )


def _supposed(item: str, mine: str | None, theirs: str | None) -> tuple[str, str] | None:
    """What the two sides would be, were they to differ; None where that is not one pair of values."""
    pair = _EITHER.get(item)
    if pair is None:
        return None
    if mine is None and theirs is None:
        return pair
    said = mine or theirs
    if said not in pair:
        return None
    silent = pair[1 - pair.index(said)]
    return (said, silent) if mine is not None else (silent, said)


def _how(side: Known) -> str:
    return "" if side.how == side.value else f" ({side.how})"
