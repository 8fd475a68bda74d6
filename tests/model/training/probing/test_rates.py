"""The learning-rate finder."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from model.errors import ModelUsageError, TrainingError  # noqa: E402
from model.training.machine.processes import Machine  # noqa: E402
from model.training.probing.rates import find_rate, judged, running_mean, save_figure  # noqa: E402
from model.training.recipe import Recipe  # noqa: E402
from tests.cli.conftest import Litdb  # noqa: E402
from tests.cli.conftest import home as home  # noqa: E402
from tests.cli.conftest import litdb as litdb  # noqa: E402
from tests.model.training.conftest import WORDS  # noqa: E402

RATES = [float(rate) for rate in np.geomspace(1e-6, 1.0, 61)]
HERE = Machine(cpu=True, workers=1)


def test_a_loss_that_falls_and_is_lost_is_read_as_such() -> None:
    """Known by construction: the loss falls around 1e-4, and rises from 1e-2 on. The running mean lags behind."""
    place = np.log10(RATES)
    losses = 1 - 0.8 / (1 + np.exp(-8 * (place + 4))) + np.where(place > -2, 3 * (place + 2), 0)
    found = judged(RATES, list(losses), 1e-3)
    assert -4.3 < np.log10(found.steepest) < -3
    assert -2.2 < np.log10(found.lowest) < -1.5
    assert found.recipe == 1e-3


def test_the_running_mean_is_corrected_for_its_beginning() -> None:
    assert running_mean([3.0] * 4) == pytest.approx([3.0] * 4)
    assert running_mean([1.0, 2.0])[1] == pytest.approx((0.09 * 1 + 0.1 * 2) / 0.19)


def test_it_tries_growing_rates_and_stops_when_the_loss_is_lost(small, tmp_path: Path) -> None:
    recipe = Recipe().with_overrides(WORDS)
    found = find_rate(small.config, recipe, small.data, HERE, steps=30, lowest=1e-5, highest=1e5)
    assert found.rates[0] == pytest.approx(1e-5)
    assert list(found.rates) == sorted(found.rates)
    assert len(found.rates) == len(found.losses) < 30
    assert found.smoothed[-1] > 2 * min(found.smoothed)
    assert 1e-5 < found.steepest <= found.lowest < found.rates[-1]
    again = find_rate(small.config, recipe, small.data, HERE, steps=30, lowest=1e-5, highest=1e5)
    assert again == found
    picture = save_figure(found, tmp_path / "figures" / "rates.png")
    assert picture.read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ModelUsageError, match=r"rates\.txt must end in one of .*\.png"):
        save_figure(found, tmp_path / "rates.txt")


def test_nothing_to_tell_is_said(small) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TrainingError, match=r"left all bounds after 3 steps, at a rate of 1e\+02"):
        judged([1.0, 10.0, 100.0], [1.0, 2.0, 9.0], 1e-3)
    for words, message in (
        ({"lowest": 0.0}, "rates must grow"),
        ({"lowest": 1.0, "highest": 0.1}, "rates must grow"),
        ({"highest": float("nan")}, "rates must grow"),
        ({"steps": 9}, "at least 10 steps, not 9"),
    ):
        with pytest.raises(ModelUsageError, match=message):
            find_rate(small.config, Recipe(), small.data, HERE, **words)  # type: ignore[arg-type]


def test_the_command_draws_and_says_which_rates_suit(litdb: Litdb, toy: Path, home: Path) -> None:
    words = [
        word
        for value in (*WORDS, "network.num_channel=4", "network.num_layer=1")
        for word in ("--set", value)
    ]
    command = ["model", "find-rate", "--data", str(toy), "--model", "bsrnn", "--steps", "12", "--cpu", *words]
    said = litdb(*command, "--figure", "rates.svg")
    assert said.code == 0, said.err
    assert said.out.startswith("the loss falls fastest at a rate of ")
    assert "the recipe has 1.0e-03; rates from " in said.out
    assert (home / "rates.svg").read_text().startswith("<?xml")
    assert len(litdb(*command, "--json").json["losses"]) == 12
