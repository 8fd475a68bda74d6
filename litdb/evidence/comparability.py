"""What may share a ranking: the three-valued rule, in one place.

Two values of a quantity are *the same* kind of number, *known to differ*, or one of them does *not state* an item
that decides it. Known to differ is refused, not stated is ranked with one note for the table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from litdb.evidence.beside.effects import short
from litdb.values.note import Note
from litdb.values.training import files_in, is_counted, is_part
from litdb.values.value import Value
from litdb.vocabulary import vocabulary
from litdb.vocabulary.metric_name import MetricName
from litdb.vocabulary.protocol import Protocol
from litdb.vocabulary.remarks import Mark

Relation = Literal["same", "not stated", "differs"]

_ALWAYS = ("rate", "statistic", "condition", "reverb")
_BY_QUANTITY: dict[str, tuple[str, ...]] = {
    "PESQ": ("band", "mapping"),
    "CSIG": ("scale",),
    "CBAK": ("scale",),
    "COVL": ("scale",),
}
_COST = {"params": (), "MACs": ("audio_length",), "FLOPs": ("audio_length",), "RTF": ()}
_DEFAULTS = {"statistic": "mean", "condition": "all"}
#: Items without which a number of an own model and a published one may be two kinds of number.
UNSTATED = ("band", "scale")
#: The set whose training set has parts.
_PARTED = "vbd"
_CUSTOM_PART = "28spk"
_CUSTOM = "on the 28 speakers of VoiceBank+DEMAND, as is the custom"
#: Items that a row's own numbers may show (:mod:`litdb.evidence.composites`): that is said wherever they decide.
_ITSELF = ("scale",)
_INFERRED = " (inferred from its own numbers)"
_WORDS = {
    "band": "PESQ band",
    "mapping": "PESQ mapping",
    "rate": "sampling rate",
    "statistic": "statistic",
    "condition": "condition",
    "reverb": "reverberation",
    "scale": "composite scale",
    "audio_length": "length of audio",
}

#: What a reader of a paper is told of a value that differs in an item.
_BRIEFLY = {
    "band": "PESQ of the other band",
    "scale": "composites on another sample scale, not comparable",
    "statistic": "another statistic than the mean",
    "condition": "on a part of the test set",
    "audio_length": "counted for another length of audio",
}


def deciding_items(quantity: str) -> tuple[str, ...]:
    """The protocol items that decide whether two values of a quantity are comparable."""
    if quantity in _COST:
        return _COST[quantity]
    return _BY_QUANTITY.get(quantity, ()) + _ALWAYS


def in_words(item: str) -> str:
    """What an item is called in a sentence."""
    return _WORDS[item]


def known(protocol: Protocol, item: str) -> str | None:
    """The value of an item, an unqualified statistic or condition being the mean over the whole set."""
    return protocol.get(item) or _DEFAULTS.get(item)


def partial(protocol: Protocol) -> str | None:
    """In words, that the mean covers fewer files than the test set has; None when it does not, or is unknown."""
    covered, expected = protocol.get("files"), protocol.get("files_expected")
    if covered and expected and covered != expected:
        return f"covers {covered} of {expected} files"
    return None


def impossible(value: Value) -> str | None:
    """In words, why a number is none of the model's: its metric cannot have it, or clean speech was scored; else None."""
    known = vocabulary().metric(value.quantity)
    if known is None or value.value is None:
        return None
    if not known.possible(value.value):
        low, high = known.limits
        return f"{value.quantity} lies between {low:g} and {high:g}"
    return next((flag for flag in value.flags if Mark.of(flag) is Mark.CLEAN), None) if value.flags else None


def unfit(value: Value) -> str | None:
    """In words, why a number takes part in no ranking, meets no condition and reaches no target; None when it may."""
    return impossible(value) or partial(value.protocol)


def relation(quantity: str, one: Protocol, other: Protocol) -> tuple[Relation, tuple[str, ...]]:
    """How two values of a quantity stand to one another, and the items that decide it, in words."""
    differs = [_WORDS[i] for i in deciding_items(quantity) if _differ(known(one, i), known(other, i))]
    if partial(one) != partial(other):
        differs.append("files covered")
    if differs:
        return "differs", tuple(differs)
    unknown = [
        _WORDS[i] for i in deciding_items(quantity) if (known(one, i) is None) != (known(other, i) is None)
    ]
    return ("not stated", tuple(unknown)) if unknown else ("same", ())


def unstated(quantity: str, one: Protocol, other: Protocol) -> tuple[str, ...]:
    """The deciding band or scale, in words, that at least one of two values does not state."""
    return tuple(
        _WORDS[item]
        for item in deciding_items(quantity)
        if item in UNSTATED and None in (known(one, item), known(other, item))
    )


def trained_apart(quantity: str, one: Protocol, other: Protocol, dataset: str = "") -> str | None:
    """In words, that two values on a test set are known to be of networks trained on different corpora, else None.

    On VoiceBank+DEMAND a row that says nothing is taken to be trained as is the custom there, on its 28 speakers.
    """
    if quantity in _COST:
        return None
    said = _off_custom(one, dataset), _off_custom(other, dataset)
    if (said[0] is None) != (said[1] is None):
        return f"trained on {said[0]}, not {_CUSTOM}" if said[0] else f"trained {_CUSTOM}, not on {said[1]}"
    return _apart_as_stated(one, other)


def _off_custom(protocol: Protocol, dataset: str) -> str | None:
    """The training data that a row of VoiceBank+DEMAND states, where it is not the custom there; else None."""
    if dataset != _PARTED:
        return None
    said, more = protocol.get("training"), _more_data(protocol)
    if said is not None and not _is_custom(said):
        return said
    return f"more data, {more}" if more else None


def _more_data(protocol: Protocol) -> str:
    """The data beyond the corpus that a row states; '' where it states none."""
    more = protocol.get("extra_data") or ""
    return "" if more in ("no", "none") else more


def _is_custom(said: str) -> bool:
    """Whether words for a training set may mean the 28 speakers: a number of files is a part of them, if need be."""
    if is_counted(said) or said == _CUSTOM_PART:
        return True
    named = vocabulary().dataset(re.split(r"[,(;]", said)[0].strip())  # 'VoiceBank+DEMAND, 2 s crops'
    return named is not None and named.id == _PARTED


def _apart_as_stated(one: Protocol, other: Protocol) -> str | None:
    mine, theirs = _corpus(one), _corpus(other)
    more = one.get("extra_data"), other.get("extra_data")
    if mine and theirs and _different(mine, theirs):
        return f"trained on {one.get('training')}, not on {other.get('training')}"
    if None not in more and more[0] != more[1]:
        return f"trained with more data, {more[0]} instead of {more[1]}"
    return None


def trained_elsewhere(value: Value) -> str | None:
    """In words, that a score is of a network trained on other data than its test set's own; None where that is not known."""
    protocol, said = value.protocol, value.protocol.get("training")
    if not value.dataset:
        return None
    corpus = _corpus(protocol)
    usual = corpus == value.dataset or (corpus is not None and is_part(corpus) and value.dataset == _PARTED)
    if said and not usual:
        return f"trained on {said}"
    more = _more_data(protocol)
    return f"trained with more data, {more}" if more else None


def _different(one: str, other: str) -> bool:
    """Whether two training sets are known to be two: a part and its whole, or sets of one size, need not be."""
    if any(is_counted(name) for name in (one, other)):
        sizes = files_in(one), files_in(other)
        return None not in sizes and sizes[0] != sizes[1]
    parts = {name for name in (one, other) if is_part(name)}
    return one != other and not (len(parts) == 1 and _PARTED in (one, other))


def _corpus(protocol: Protocol) -> str | None:
    """The training set by what it is called here: a part of one, a known set, or files that were counted; None for words
    that name none.
    """
    said = protocol.get("training")
    if said is None or is_part(said) or is_counted(said):
        return said
    called = vocabulary().dataset(said)
    return called.id if called is not None else None


def _apart(name: MetricName, entries: Sequence[tuple[int, str, Protocol]], dataset: str) -> dict[int, Note]:
    """The entries known to be trained on another corpus than is the custom, or else than most of those that state one."""
    if name.quantity in _COST:
        return {}
    off = {index: said for index, _m, protocol in entries if (said := _off_custom(protocol, dataset))}
    if off and len(off) < len(entries):
        others = [entry for entry in entries if entry[0] not in off]
        told = {index: _trained_note(f"trained on {said}, not {_CUSTOM}") for index, said in off.items()}
        return told | _apart(name, others, dataset)
    stated = [
        (index, protocol)
        for index, _model, protocol in entries
        if _corpus(protocol) or protocol.get("extra_data")
    ]
    if not stated:
        return {}
    alike = {
        index: sum(_apart_as_stated(mine, other) is None for _i, other in stated) for index, mine in stated
    }
    yardstick = dict(stated)[max(alike, key=lambda index: alike[index])]
    return {
        index: _trained_note(reason)
        for index, protocol in stated
        if (reason := _apart_as_stated(protocol, yardstick)) is not None
    }


def _trained_note(reason: str) -> Note:
    return Note(f"not ranked with the others: {reason}", "trained on other data, not ranked")


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a column may rank: the entries refused with the reason, and notes for the table.

    Those `apart` are shown with the reason, and have no rank: their networks were trained on another corpus.
    """

    refused: Mapping[int, Note]
    notes: tuple[Note, ...]  # without the metric's name, so that equal ones can be said once
    apart: Mapping[int, Note] = field(default_factory=dict)


def judge_column(
    name: MetricName,
    entries: Sequence[tuple[int, str, Protocol]],
    own: Collection[int] = (),
    dataset: str = "",
) -> Verdict:
    """Judge one column, of scores on a test set.

    `entries` are (index, model, protocol) of the cells to be ranked. For each deciding item the yardstick is what
    the metric's name says, else the value most of the entries are known to have (ties: the first in order); an entry
    known to differ from it is refused. `own` are the indexes of own models' entries: beside them an unstated band or
    scale is said even where no entry states one.
    """
    refused: dict[int, Note] = {}
    notes: list[Note] = []
    for index, _model, protocol in entries:
        if reason := partial(protocol):
            refused[index] = Note(f"not ranked: {reason}")
    for item in deciding_items(name.quantity):
        values = {index: known(protocol, item) for index, _model, protocol in entries if index not in refused}
        stated = Counter(value for value in values.values() if value is not None)
        yardstick = _asked(name, item) or _most_common(stated)
        inferred = _showing(entries, item)
        silent = [index for index, value in values.items() if value is None]
        if silent and not stated and item in UNSTATED and len(values) > 1 and any(i in own for i in values):
            notes.append(Note(f"{_WORDS[item]} is stated by no row, the own one included."))
        if yardstick is None:
            continue
        for index, value in values.items():
            if value is not None and value != yardstick:
                how = _INFERRED if index in inferred else ""
                told = f"not comparable: {_WORDS[item]} {value}{how} instead of {yardstick}"
                if effect := short(name.quantity, item, yardstick, value):
                    told += f", {effect}"
                refused[index] = Note(told, f"left out: {_BRIEFLY.get(item, f'other {_WORDS[item]}')}")
        if silent and stated:
            sure = [model for index, model, _p in entries if values.get(index) == yardstick]
            told = _unstated_note(item, yardstick, sure, len(silent))
            notes.append(Note(told, f"{_WORDS[item]} is not stated by every source."))
        if shown := [model for index, model, _p in entries if index in inferred and index not in refused]:
            notes.append(Note(f"{_WORDS[item]} of {_who(shown)} is inferred from the row's own numbers.", ""))
    apart = _apart(name, [entry for entry in entries if entry[0] not in refused], dataset)
    return Verdict(refused, tuple(notes), apart)


def _asked(name: MetricName, item: str) -> str | None:
    if item == "band" and name.quantity == "PESQ":
        return name.band or "WB"
    if item == "scale":
        return name.scale
    if item == "statistic":
        return name.statistic or "mean"
    if item == "condition":
        return name.condition or "all"
    return None


def _most_common(counts: Counter[str]) -> str | None:
    return counts.most_common(1)[0][0] if counts else None


def _unstated_note(item: str, value: str, sure: Sequence[str], silent: int) -> str:
    unit = " s" if item == "audio_length" else ""
    rows = "1 row does" if silent == 1 else f"{silent} rows do"
    return f"{_WORDS[item]} is {value}{unit} for {_who(sure)}; {rows} not state it."


def _who(models: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(models)) if len(set(models)) <= 3 else f"{len(set(models))} rows"


def _showing(entries: Sequence[tuple[int, str, Protocol]], item: str) -> set[int]:
    """The entries whose own numbers show an item that no source states."""
    if item not in _ITSELF:
        return set()
    return {i for i, _model, protocol in entries if protocol.get(item) and not protocol.get_stated(item)}
