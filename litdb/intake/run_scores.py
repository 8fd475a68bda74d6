"""The scores of a run folder as readings: on which test set, over how many of its files, by which protocol."""

from __future__ import annotations

from dataclasses import replace

from litdb.catalogue.hand import Written
from litdb.intake.run_folder import Scored
from litdb.intake.scored_set import ScoredSet, scored_set
from litdb.values.reading import Reading
from litdb.vocabulary import vocabulary
from litdb.vocabulary.protocol import Item, Protocol


def test_set_of(scored: Scored) -> ScoredSet:
    """The test set, with as many files as it is known to have, though the folder that was scored has fewer."""
    found = scored_set(scored.test_set, {score[0] for score in scored.results.utterances})
    return replace(found, files=max(scored.files_expected, found.files))


def readings_of(
    scored: Scored, label: str, origin: str, selected_on: str, force: str, training: str = ""
) -> tuple[Reading, ...]:
    """The means with what the run says of them: rate, files covered, PESQ band, scale of the composites, what was trained on;
    nothing else is believed.
    """
    words = vocabulary()
    readings = []
    test_set = test_set_of(scored)
    for metric, printed in scored.results.values.items():
        quantity = words.metric(words.metric_name(metric).quantity)
        assert quantity is not None
        items = {
            "files": Item(str(scored.results.counted.get(metric, scored.results.files or 0))),
            "files_expected": Item(str(test_set.files)),
        }
        if scored.rate is not None:
            items["rate"] = Item(str(scored.rate))
        if quantity.id == "PESQ" and scored.band is not None:
            items["band"] = Item(scored.band)
        if quantity.composite and "@" not in metric and metric in scored.scales:
            items["scale"] = Item(scored.scales[metric])
        if training:
            items["training"] = Item(training)
        if selected_on:
            items["selected_on"] = Item(selected_on)
        readings.append(
            Written(
                label=label,
                metric=metric,
                printed=printed,
                origin=origin,
                by="run" if origin == "measured" else "hand",
                dataset=test_set.id,
                stated=Protocol.of(items),
                std=repr(scored.deviations[metric]) if metric in scored.deviations else "",
                marks=scored.marks,
                force=force,
            ).reading()
        )
    return tuple(readings)
