"""What is asked of all of a catalogue grows with it and no faster; what is asked of one model does not."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

import litdb
from benchmarks.million import generate

#: Models of the two catalogues; the second has four times as many results.
SMALL, LARGE = 100, 400


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("grown")
    for models in (SMALL, LARGE):
        generate(folder / f"{models}.db", models)
    return folder / f"{SMALL}.db", folder / f"{LARGE}.db"


def _least(path: Path, ask: Callable[[litdb.Catalogue], object]) -> float:
    """The least processor time of three askings, in seconds."""
    found = []
    with litdb.open(path) as catalogue:
        for _ in range(3):
            begun = time.process_time()
            ask(catalogue)
            found.append(time.process_time() - begun)
    return min(found)


@pytest.mark.parametrize("ask", [litdb.Catalogue.audit, litdb.Catalogue.conflicts])
def test_four_times_the_results_take_no_more_than_six_times_as_long(
    ask: Callable[[litdb.Catalogue], object], grown: tuple[Path, Path]
) -> None:
    small, large = (_least(path, ask) for path in grown)
    assert large < 6 * small + 0.1


def test_an_audit_of_one_model_loads_what_bears_on_it(grown: tuple[Path, Path]) -> None:
    """Before, it was the audit of everything, filtered."""
    large = grown[1]
    assert _least(large, lambda catalogue: catalogue.audit("M7")) < 0.4 * _least(large, litdb.Catalogue.audit)
