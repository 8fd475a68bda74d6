"""Delays, polarity and level are told and never corrected; lengths are cut up to a frame."""

from collections.abc import Callable

import numpy as np
import pytest

from model.errors import EvaluationError
from model.evaluation.alignment import FRAME, alignment, equal_length, offset
from model.evaluation.pool import scored
from tests.model.signals import noise, speech


def signals(number: int = 6) -> list[np.ndarray]:
    return [speech(1.0, seed=seed).astype(np.float32) for seed in range(number)]


def degraded(signal: np.ndarray, seed: int) -> np.ndarray:
    return (signal + noise(1.0, seed=seed, level=0.05)).astype(np.float32)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda signal: signal, []),
        (lambda signal: 0.8 * signal, []),
        (lambda signal: np.roll(signal, 128), ["6 of 6 files are 128 samples (8.0 ms) late"]),
        (lambda signal: np.roll(signal, -1), ["6 of 6 files are 1 samples (0.1 ms) early"]),
        (lambda signal: -signal, ["6 of 6 files have inverted polarity"]),
        (
            lambda signal: -np.roll(signal, 320),
            ["6 of 6 files are 320 samples (20.0 ms) late", "6 of 6 files have inverted polarity"],
        ),
    ],
)
def test_what_a_whole_set_has_in_common_is_named(
    change: Callable[[np.ndarray], np.ndarray], said: list[str]
) -> None:
    found = alignment(
        [offset(signal, change(degraded(signal, seed))) for seed, signal in enumerate(signals())]
    )
    assert found is not None
    assert list(found.findings) == said


def test_a_level_is_named_when_enhancement_does_not_explain_it() -> None:
    found = alignment([offset(signal, 0.25 * degraded(signal, n)) for n, signal in enumerate(signals())])
    assert found is not None
    assert found.level == pytest.approx(-12.0, abs=0.2)
    assert found.findings[0].startswith("the level is -12")
    own = alignment([offset(s, s * np.float32(2.0 ** (n - 2.5))) for n, s in enumerate(signals())])
    assert own is not None
    assert own.findings[0].startswith("every file has a level of its own")


def test_delays_of_their_own_are_told_from_one_delay() -> None:
    found = alignment(
        [offset(signal, np.roll(signal, 16 * (number + 1))) for number, signal in enumerate(signals())]
    )
    assert found is not None
    assert found.findings == ("6 of 6 files are not aligned with clean, by delays of their own",)


def test_nothing_is_told_from_silence_or_other_speech() -> None:
    one = signals(1)[0]
    assert offset(one, np.zeros_like(one)) is None
    assert offset(one, np.full_like(one, np.nan)) is None
    assert offset(one, noise(1.0, seed=5).astype(np.float32)) is None
    assert alignment([None, None]) is None


def test_lengths_are_cut_up_to_a_frame() -> None:
    signal = signals(1)[0]
    longer = np.concatenate([signal, np.zeros(FRAME, np.float32)])
    clean, output, notes = equal_length(signal, longer)
    assert len(clean) == len(output) == len(signal)
    assert notes == (f"cut to {len(signal)} samples: enhanced had {FRAME} more at its end",)
    assert equal_length(longer, signal)[2][0].endswith(f"clean had {FRAME} more at its end")
    assert equal_length(signal, signal)[2] == ()
    with pytest.raises(EvaluationError, match=f"lengths differ by {FRAME + 1} samples"):
        equal_length(signal, np.concatenate([longer, np.zeros(1, np.float32)]))


def test_a_score_says_what_was_cut_and_changes_nothing_else() -> None:
    signal = signals(1)[0]
    late = np.roll(degraded(signal, 3), 64)
    found = scored("a", signal, np.concatenate([late, np.ones(200, np.float32)]))
    assert found.notes[0] == f"cut to {len(signal)} samples: enhanced had 200 more at its end"
    assert found.offset is not None
    assert found.offset.delay == 64
    assert found.values == scored("a", signal, late).values
    aligned = scored("a", signal, degraded(signal, 3)).value("si_sdr")
    assert found.value("si_sdr") < aligned - 10  # type: ignore[operator]
