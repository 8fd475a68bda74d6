"""Before a training begins: does it touch what is for testing?"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from model.data import audio
from model.data.layouts import Corpus, Pair, Split
from model.data.outline import outline, same_recordings
from model.errors import DataError, ModelUsageError
from model.leaks.marks import TRAINED, FileMark

#: Names of the test utterances of VoiceBank+DEMAND, wherever they lie: the speakers p232 and p257 are in no training set.
_VOICEBANK_TEST = re.compile(r"p(232|257)_\d{3}(?!\d)")
_SHOWN = 3


@dataclass(frozen=True)
class Leak:
    """Files of a training that are for something else, and why they are thought so.

    `kind`: `test-part`, `test-speakers`, `test-recordings` or `validation-recordings`; `earlier` when the checkpoint that a
    fine-tuning begins with was trained on them.
    """

    kind: str
    files: int
    detail: str


def training_leaks(
    corpus: Corpus,
    split: Split,
    outlines: Mapping[str, str],
    held_out: Sequence[str],
    earlier: Collection[FileMark] = (),
) -> tuple[Leak, ...]:
    """What of a training part is for testing, and which of its validation recordings it trains on.

    `outlines` are those of its usable pairs by id, `held_out` the ids that validation takes, `earlier` the files of the
    checkpoint that a fine-tuning begins with. Recordings are compared with every test part of the corpus, whatever the files
    are called.
    """
    found = []
    before = [mark.outline for mark in earlier if mark.part in TRAINED]
    names = list(outlines)
    if split.role == "test":
        found.append(Leak("test-part", len(names), f"{split.name} is the test part of {corpus.root}"))
    if known := [name for name in names if _VOICEBANK_TEST.match(name)]:
        found.append(
            Leak(
                "test-speakers",
                len(known),
                f"{_some(known)} {_are(known)} of p232 or p257, the speakers of VoiceBank+DEMAND's test set",
            )
        )
    for other in corpus.splits:
        if other.role != "test" or other == split:
            continue
        tested = outlines_of(other.pairs)
        if same := same_recordings(list(tested.values()), outlines):
            detail = (
                f"{_some(same)} {_are(same)} in the part {other.name} as well, under this or another name"
            )
            found.append(Leak("test-recordings", len(same), detail))
        found += _met(same_recordings(before, tested), f"in the part {other.name}")
    held = {name: outlines[name] for name in held_out}
    trained = [entry for name, entry in outlines.items() if name not in held]
    if same := same_recordings(trained, held):
        detail = f"{_some(same)} {_are(same)} held out for validation and trained on under another name"
        found.append(Leak("validation-recordings", len(same), detail))
    found += _met(same_recordings(before, held), "held out for validation")
    return tuple(found)


def _met(names: Sequence[str], where: str) -> list[Leak]:
    if not names:
        return []
    detail = f"{_some(names)} {_are(names)} {where}, and the checkpoint to begin with was trained on it"
    return [Leak("earlier", len(names), detail)]


def refuse(leaks: Sequence[Leak], leaks_are: str) -> None:
    """Raise DataError when there are leaks, unless they are to be recorded: `leaks_are` is `refuse` or `record`."""
    if leaks_are not in ("refuse", "record"):
        raise ModelUsageError(f"leaks are either 'refuse' or 'record', not {leaks_are!r}")
    if leaks and leaks_are == "refuse":
        said = "; ".join(leak.detail for leak in leaks)
        other = " or begin with another checkpoint" if any(leak.kind == "earlier" for leak in leaks) else ""
        raise DataError(
            f"this would train on what is for testing: {said}; take those files out{other}, or say --leaks record, and the run "
            "is marked for good"
        )


def outlines_of(pairs: Sequence[Pair]) -> dict[str, str]:
    """The outlines of clean recordings by id; empty where a file cannot be read."""
    with ThreadPoolExecutor() as pool:
        return dict(zip((pair.id for pair in pairs), pool.map(_outline, pairs), strict=True))


def _outline(pair: Pair) -> str:
    try:
        return outline(*audio.read(pair.clean))
    except DataError:
        return ""


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
