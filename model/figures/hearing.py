"""What a network is heard on: files of a corpus, few enough to wait for, and the one that is drawn."""

from __future__ import annotations

from dataclasses import replace

from model.data import Pair, fingerprint
from model.errors import ModelUsageError
from model.evaluation.test_data import TestData
from model.figures.sources import Example, example_of, middle_of
from model.inspection.effects import choose

LOOKED_THROUGH = 40
"""Among so many files the one of middle SNR is looked for."""


def few_of(data: TestData, files: int) -> TestData:
    """So many files of a corpus, evenly spread over it (0: all of them); its name then says of how many."""
    if not files or files >= len(data.pairs):
        return data
    pairs = tuple(choose(data.pairs, files))
    ids = {pair.id for pair in pairs}
    test_set = replace(
        data.test_set,
        name=f"{data.test_set.name}, {files} of {data.test_set.files} files",
        files=files,
        fingerprint=fingerprint(pairs),
    )
    outlines = {name: outline for name, outline in data.outlines.items() if name in ids}
    return replace(data, pairs=pairs, test_set=test_set, left_out={}, outlines=outlines)


def drawn_of(data: TestData, wanted: str = "") -> tuple[Example, str]:
    """The utterance that is drawn, of the id `wanted` or of middle SNR, and what it is in words.

    Raises ModelUsageError for an id that the corpus does not have.
    """
    known = {pair.id: pair for pair in data.pairs}
    if wanted and wanted not in known:
        raise ModelUsageError(
            f"{data.test_set.name} has no utterance {wanted!r}; it has {', '.join(list(known)[:3])}, ..."
        )
    pair: Pair = (
        known[wanted] if wanted else middle_of(choose(data.pairs, min(LOOKED_THROUGH, len(data.pairs))))
    )
    return example_of(pair.noisy, pair.clean, pair.id), f"{pair.id} ({data.test_set.name})"
