"""What a run folder says that must stand beside its scores: files met in training, parts that are no test set, alignment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litdb.vocabulary.remarks import Mark, Remark

#: Keys of an entry's `seen`, with the mark for what was met.
_MET = {"training": Mark.SEEN, "validation": Mark.HELD_OUT, "same_name": Mark.SAME_NAME}
_NOT_KNOWN = {"unknown": Mark.UNKNOWN, "partly": Mark.PARTLY_UNKNOWN}
_PARTS = {"train": "training", "validation": "validation"}


def marks_of_scores(
    summary: Mapping[str, Any], entry: Mapping[str, Any], expected: int
) -> tuple[Remark, ...]:
    """The marks of an entry of `summary.json` (docs/run_folder.md); folders of earlier versions say nothing."""
    found = []
    part = _PARTS.get(str(summary.get("role")))
    if part is not None:
        found.append(Remark(Mark.NO_TEST, (part, summary.get("split") or "not named")))
    found += _seen(entry, expected)
    found += _rates(summary)
    found += _types(entry)
    aligned = entry.get("aligned")
    findings = aligned.get("findings") if isinstance(aligned, dict) else None
    if isinstance(findings, list):
        found += [Remark(Mark.NOT_ALIGNED, (text,)) for text in findings if isinstance(text, str)]
    resampled = entry.get("resampled")
    if isinstance(resampled, dict) and resampled:
        rates = ", ".join(f"{files} files of {rate} Hz" for rate, files in sorted(resampled.items()))
        found.append(Remark(Mark.RESAMPLED, (rates,)))
    return tuple(found)


def _rates(summary: Mapping[str, Any]) -> list[Remark]:
    """That the files of the test set had another rate, and what brought them to the one of the scores."""
    rates, resampler, rate = summary.get("rates"), summary.get("resampler"), summary.get("rate")
    others = [one for one in rates if one != rate] if isinstance(rates, list) else []
    if not others or not isinstance(resampler, str):
        return []
    return [Remark(Mark.TEST_SET_RATE, (", ".join(f"{one} Hz" for one in others), rate, resampler))]


def _types(entry: Mapping[str, Any]) -> list[Remark]:
    """That a checkpoint holds weights of another type than networks compute in."""
    types = entry.get("types")
    counts = types if isinstance(types, dict) else {}
    known = {
        name: count
        for name, count in counts.items()
        if isinstance(count, int) and not isinstance(count, bool) and count > 0
    }
    others = ", ".join(f"{count} as {name}" for name, count in known.items() if name != "float32")
    return [Remark(Mark.STORED_AS, (sum(known.values()), others))] if others else []


def _seen(entry: Mapping[str, Any], expected: int) -> list[Remark]:
    seen = entry.get("seen")
    if not isinstance(seen, dict):
        return []
    found = []
    known = _NOT_KNOWN.get(str(seen.get("training_files")))
    # of somebody's audio it is never known: their paper says what they trained on
    if known is not None and entry.get("source") == "checkpoint":
        found.append(Remark(known))
    for key, mark in _MET.items():
        count = seen.get(key)
        if isinstance(count, int) and not isinstance(count, bool) and count > 0:
            found.append(Remark(mark, (count, expected)))
    return found
