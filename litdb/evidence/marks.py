"""What must be said with a value wherever it is shown: in a table, by `why`, `gap` and `claim` alike."""

from __future__ import annotations

from collections.abc import Iterable

from litdb.evidence.selection import Choice


def cell_notes(choice: Choice) -> tuple[str, ...]:
    """The footnotes of a cell: where a filled value is from, corrections, what its number is besides a number."""
    value = choice.value
    notes = [*choice.notes, *map(str, value.corrections)]
    if value.withdrawn:
        notes.append(value.withdrawn)
    if value.contested:
        notes.append(value.contested)
    if value.forced:
        notes.append(value.forced)
    if value.approximate:
        notes.append(f"printed as {value.printed}")
    length = value.protocol.item("audio_length")
    if length is not None and length.basis == "inferred":
        notes.append(f"for one second: {length.note}")
    return tuple(notes)


def by_hand_note(choices: Iterable[Choice | None]) -> list[str]:
    """One note for a table, where people and not litdb read some of its values in publications."""
    shown = [choice.value for choice in choices if choice is not None and choice.value.origin.published]
    by_hand = sum(value.by_hand for value in shown)
    if not by_hand:
        return []
    if by_hand == len(shown):
        return ["published values were read by hand, not by litdb from the papers' files."]
    return [
        f"{by_hand} of {len(shown)} published values were read by hand, not by litdb from the papers' files."
    ]
