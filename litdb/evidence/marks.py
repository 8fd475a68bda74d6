"""What must be said with a value wherever it is shown: in a table, by `why`, `gap` and `claim` alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Self

from litdb.evidence.comparability import unfit, unstated
from litdb.evidence.ranking import Pick
from litdb.values.agreement import agree
from litdb.values.choice import Choice
from litdb.values.note import Note
from litdb.values.origin import Origin, Status
from litdb.values.value import Correction, Value
from litdb.vocabulary import MetricName, vocabulary


def cell_notes(choice: Choice) -> tuple[str, ...]:
    """The footnotes of a cell: where a filled value is from, corrections, what its number is besides a number."""
    value = choice.value
    notes = [*choice.notes, *map(_corrected, value.corrections)]
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
        notes.append(Note(f"for one second: {length.note}", "for one second of audio"))
    notes += _obtained(value)
    return tuple(notes)


def _obtained(value: Value) -> Iterator[str]:
    """Over how many seeds a published mean is (a count is none), what its ± is of, and what a time was measured on."""
    if value.row.checkpoint is not None:
        return  # the row says it
    quantity = vocabulary().metric(value.quantity)
    counted = quantity is not None and quantity.unit == "count"
    seeds = None if counted else value.protocol.get("seeds")
    kinds = {"std": "standard deviation", "sem": "standard error", "95% interval": "95% interval"}
    spread = ""
    if value.uncertainty is not None:
        spread = (
            f"± is a {kinds[value.uncertainty_kind]}"
            if value.uncertainty_kind in kinds
            else "what ± is of is not said"
        )
    if seeds or spread:
        yield ", ".join(filter(None, (f"mean over {seeds} seeds" if seeds else "", spread)))
    if hardware := value.protocol.get("hardware"):
        yield f"measured on {hardware}"


class Said(str):
    """What is said with one value of a row; `model` is the row's name, `metric` the value's, `words` what is said."""

    __slots__ = ("metric", "model", "words")
    model: str
    metric: str
    words: str

    def __new__(cls, model: str, metric: str, words: str) -> Self:
        """A mark of these parts."""
        made = super().__new__(cls, f"{model}, {metric}: {words}")
        made.model, made.metric, made.words = model, metric, words
        return made

    def __getnewargs__(self) -> tuple[str, str, str]:  # type: ignore[override]
        return self.model, self.metric, self.words


def pick_notes(picks: Iterable[Pick], metrics: Sequence[MetricName]) -> Iterator[Said]:
    """What a table says with the values of these rows, with the row's name and the metric."""
    for pick in picks:
        for metric in metrics:
            choice = pick.choice(metric)
            for note in () if choice is None else cell_notes(choice):
                yield Said(pick.name, str(metric), note)


def folded(marks: Iterable[Said]) -> list[str]:
    """Marks in fewer sentences: what is said of several values stands once, with the models and metrics it is true of."""
    said: dict[str, dict[str, dict[str, None]]] = {}
    for mark in marks:
        said.setdefault(mark.words, {}).setdefault(mark.metric, {})[mark.model] = None
    return [
        _sentence(words, {metric: tuple(models) for metric, models in of.items()})
        for words, of in said.items()
    ]


def _sentence(words: str, of: dict[str, tuple[str, ...]]) -> str:
    metrics: dict[tuple[str, ...], list[str]] = {}
    for metric, models in of.items():
        metrics.setdefault(models, []).append(metric)
    if all(len(models) == 1 for models in metrics):
        return f"{'; '.join(f'{models[0]}, {few(names)}' for models, names in metrics.items())}: {words}"
    told = "; ".join(f"{few(names)} of {few(models)}" for models, names in metrics.items())
    count = len({model for models in metrics for model in models})
    return f"{count} rows: {words} ({told})"


def few(names: Sequence[str]) -> str:
    """Names in a sentence: all of four, of more three and how many others there are."""
    shown = 3 if len(names) > 4 else 4
    return ", ".join(names[:shown]) + (f" and {len(names) - shown} others" if len(names) > shown else "")


def unstated_notes(subject: Pick, others: Sequence[Pick], metrics: Sequence[MetricName]) -> Iterator[str]:
    """What a table says of a column in which the subject stands with rows that do not state their band or scale."""
    for metric in metrics:
        mine = subject.choice(metric)
        if mine is None:
            continue
        silent: dict[str, list[str]] = {}
        for other in others:
            choice = other.choice(metric)
            if choice is not None:
                for item in unstated(metric.quantity, mine.value.protocol, choice.value.protocol):
                    silent.setdefault(item, []).append(other.name)
        for item, names in silent.items():
            yield f"{metric}: {item} is not stated for the comparison with {few(names)}."


def unfit_note(others: Sequence[Pick]) -> list[str]:
    """Which models have values that do not count, and why."""
    said = dict.fromkeys(
        f"{other.name} ({reason})"
        for other in others
        for metric in other.metrics
        if (choice := other.choice(metric)) is not None and (reason := unfit(choice.value)) is not None
    )
    return [f"values that do not count: {', '.join(said)}"] if said else []


def _corrected(made: Correction) -> Note:
    """A correction: to a reader of a paper it matters where the number differs from what the source prints."""
    return Note(str(made), f"its source prints {made.printed}" if made.printed else "")


def by_hand_note(choices: Iterable[Choice | None]) -> list[Note]:
    """One note for a table, where people and not litdb read some of its values in publications."""
    shown = [choice.value for choice in choices if choice is not None and choice.value.origin.published]
    by_hand = sum(value.by_hand for value in shown)
    if not by_hand:
        return []
    if by_hand == len(shown):
        return [Note("published values were read by hand, not by litdb from the papers' files.", "")]
    told = (
        f"{by_hand} of {len(shown)} published values were read by hand, not by litdb from the papers' files."
    )
    return [Note(told, "")]


def earlier(value: Value, known: Iterable[Value]) -> tuple[str, ...]:
    """What earlier versions of the paper of a self-reported value print instead of it: `v1: 3.373`.

    Of versions that have the number somewhere nothing is said.
    """
    return tuple(
        f"v{version}: {', '.join(dict.fromkeys(other.printed for other in some))}"
        for version, some in earlier_values(value, known).items()
    )


def earlier_values(value: Value, known: Iterable[Value]) -> dict[int, list[Value]]:
    """By version, what earlier versions of the paper of a self-reported value print instead of it."""
    if value.origin is not Origin.SELF or not value.paper or value.version is None:
        return {}
    printed: dict[int, list[Value]] = {}
    for other in known:
        if (
            (other.paper, other.metric, other.dataset) == (value.paper, value.metric, value.dataset)
            and other.origin is Origin.SELF
            and other.status is Status.ACCEPTED
            and other.version is not None
            and other.version < value.version
        ):
            printed.setdefault(other.version, []).append(other)
    return {
        version: some
        for version, some in sorted(printed.items())
        if not any(agree(other, value) for other in some)
    }
