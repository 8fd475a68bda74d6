"""The metrics against plain transcriptions of their definitions, and where they have no value."""

import math

import numpy as np
import pesq
import pystoi
import pytest

from model.errors import MetricError
from model.metrics import NAMES, score, si_sdr
from model.metrics.composite import (
    composite,
    kept_mean,
    log_likelihood_ratio,
    segmental_snr,
    weighted_spectral_slope,
)
from model.metrics.frames import count, spectra
from model.metrics.intelligibility import intelligibility
from tests.model.signals import noise, speech

CENTRES = [
    50, 120, 190, 260, 330, 400, 470, 540, 617.372, 703.378, 798.717, 904.128, 1020.38, 1148.30, 1288.72, 1442.54,
    1610.70, 1794.16, 1993.93, 2211.08, 2446.71, 2701.97, 2978.04, 3276.17, 3597.63,
]  # fmt: skip
WIDTHS = [
    *[70] * 7, 77.3724, 86.0056, 95.3398, 105.411, 116.256, 127.914, 140.423, 153.823, 168.154, 183.457, 199.776,
    217.153, 235.631, 255.255, 276.072, 298.126, 321.465, 346.136,
]  # fmt: skip


@pytest.fixture(scope="module")
def pair() -> tuple[np.ndarray, np.ndarray]:
    clean = speech(2.0, seed=3)
    return clean, clean + noise(2.0, seed=3)


def frames_of(signal: np.ndarray) -> list[np.ndarray]:
    window = [0.5 * (1 - math.cos(2 * math.pi * n / 481)) for n in range(1, 481)]
    number = int(len(signal) / 120 - 4)
    return [signal[120 * k : 120 * k + 480] * window for k in range(number)]


def slow_llr(clean: np.ndarray, degraded: np.ndarray) -> float:
    """LLR of one pair of windowed frames by solving the normal equations, without Levinson-Durbin."""

    def solve(frame: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        r = np.array([np.dot(frame[: 480 - k], frame[k:]) for k in range(17)])
        matrix = np.array([[r[abs(i - j)] for j in range(17)] for i in range(17)])
        return np.concatenate([[1], -np.linalg.solve(matrix[:16, :16], r[1:])]), matrix

    (a_c, r_c), (a_d, _) = solve(clean), solve(degraded)
    return math.log((a_d @ r_c @ a_d) / (a_c @ r_c @ a_c))


def slow_wss(clean: np.ndarray, degraded: np.ndarray) -> float:
    """WSS of one pair of windowed frames whose samples were already divided by 32768."""
    energies = []
    for frame in (clean, degraded):
        power = np.abs(np.fft.fft(frame, 1024)[:512]) ** 2
        bands = []
        for centre, width in zip(CENTRES, WIDTHS, strict=True):
            f0, bw = centre / 8000 * 512, width / 8000 * 512
            filters = [
                math.exp(-11 * ((j - math.floor(f0)) / bw) ** 2 + math.log(70 / width)) for j in range(512)
            ]
            kept = [value if value > math.exp(-30 / (2 * 2.303)) else 0 for value in filters]
            bands.append(10 * math.log10(max(float(np.dot(kept, power)), 1e-10)))
        energies.append(bands)
    weights, slopes = [], []
    for energy in energies:
        slope = [energy[i + 1] - energy[i] for i in range(24)]
        weight = []
        for i in range(24):
            n = i
            if slope[i] > 0:
                while n < 24 and slope[n] > 0:
                    n += 1
                peak = energy[n - 1]
            else:
                while n >= 0 and slope[n] <= 0:
                    n -= 1
                peak = energy[n + 1]
            weight.append(20 / (20 + max(energy) - energy[i]) / (1 + peak - energy[i]))
        weights.append(weight)
        slopes.append(slope)
    both = [(x + y) / 2 for x, y in zip(*weights, strict=True)]
    squares = [w * (x - y) ** 2 for w, x, y in zip(both, *slopes, strict=True)]
    return sum(squares) / sum(both)


def test_llr_is_the_definition(pair: tuple[np.ndarray, np.ndarray]) -> None:
    fast = log_likelihood_ratio(*map(spectra, pair))
    slow = [slow_llr(c, d) for c, d in zip(*map(frames_of, pair), strict=True)]
    np.testing.assert_allclose(fast, slow, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("scale", [32768.0, 1.0])
def test_wss_is_the_definition_at_both_scales(pair: tuple[np.ndarray, np.ndarray], scale: float) -> None:
    fast = weighted_spectral_slope(*map(spectra, pair), scale)
    divided = [signal * scale / 32768 for signal in pair]
    slow = [slow_wss(c, d) for c, d in zip(*map(frames_of, divided), strict=True)]
    np.testing.assert_allclose(fast, slow, rtol=1e-9)


def test_ssnr_is_the_definition(pair: tuple[np.ndarray, np.ndarray]) -> None:
    slow = []
    for c, d in zip(*map(frames_of, pair), strict=True):
        ratio = 10 * math.log10(float(np.sum(c**2)) / float(np.sum((c - d) ** 2)))
        slow.append(min(max(ratio, -10), 35))
    np.testing.assert_allclose(segmental_snr(*map(spectra, pair)), slow, rtol=1e-10)


def test_score_puts_the_parts_together(pair: tuple[np.ndarray, np.ndarray]) -> None:
    scores = score(*pair, 16000)
    one, other = map(spectra, pair)
    quality = pesq.pesq(16000, *pair, "wb")
    llr = kept_mean(log_likelihood_ratio(one, other))
    ssnr = float(np.mean(segmental_snr(one, other)))
    for suffix, scale in (("", 32768.0), ("_unit", 1.0)):
        wss = kept_mean(weighted_spectral_slope(one, other, scale))
        expected = composite(quality, llr, wss, ssnr)
        assert scores.value("csig" + suffix) == pytest.approx(expected.csig, abs=1e-12)
        assert scores.value("cbak" + suffix) == pytest.approx(expected.cbak, abs=1e-12)
        assert scores.value("covl" + suffix) == pytest.approx(expected.covl, abs=1e-12)
    assert scores.pesq == pytest.approx(quality, abs=1e-12)
    assert scores.missing == ()
    assert scores.undefined_frames == 0


def test_composites_are_clipped() -> None:
    assert composite(4.6, 0, 0, 35).csig == 5
    assert composite(1.0, 5, 200, -10).covl == 1


@pytest.mark.parametrize(("frames", "kept"), [(0, 0), (1, 1), (10, 10), (30, 28), (50, 48)])
def test_half_frames_round_to_even(frames: int, kept: int) -> None:
    values = np.arange(frames, dtype=float)
    mean = kept_mean(values)
    assert math.isnan(mean) if kept == 0 else mean == pytest.approx((kept - 1) / 2)


@pytest.mark.parametrize(("samples", "frames"), [(599, 0), (600, 1), (719, 1), (720, 2), (16000, 129)])
def test_the_last_full_frame_is_left_out(samples: int, frames: int) -> None:
    assert count(samples) == frames


@pytest.mark.parametrize("seconds", [0.9, 1.3, 3.01])
def test_stoi_and_estoi_are_those_of_pystoi(seconds: float) -> None:
    clean = speech(seconds, seed=5)
    noisy = clean + noise(seconds, seed=5, level=0.2)
    both = intelligibility(clean, noisy)
    assert both.stoi == pytest.approx(pystoi.stoi(clean, noisy, 16000), abs=1e-9)
    assert both.estoi == pytest.approx(pystoi.stoi(clean, noisy, 16000, extended=True), abs=1e-9)


def test_si_sdr_ignores_the_scale_of_the_estimate(pair: tuple[np.ndarray, np.ndarray]) -> None:
    clean, noisy = pair
    error = noisy - (noisy @ clean) / (clean @ clean) * clean
    expected = 10 * math.log10(float(np.sum((noisy - error) ** 2) / np.sum(error**2)))
    assert si_sdr(clean, noisy) == pytest.approx(expected, abs=1e-9)
    assert si_sdr(clean, -0.3 * noisy) == pytest.approx(expected, abs=1e-9)


def test_int16_and_float_samples_score_alike(pair: tuple[np.ndarray, np.ndarray]) -> None:
    whole = [np.round(signal * 32768).astype(np.int16) for signal in pair]
    assert score(*whole, 16000) == score(*(signal / 32768 for signal in whole), 16000)


def test_a_digitally_silent_stretch_leaves_llr_alone(pair: tuple[np.ndarray, np.ndarray]) -> None:
    clean, noisy = (signal.copy() for signal in pair)
    noisy[8000:12000] = 0
    scores = score(clean, noisy, 16000)
    assert scores.undefined_frames == 30
    assert scores.csig is not None
    assert scores.csig > 1.0
    assert "30 of 262 frames have no LLR" in scores.notes[0]


def test_a_silent_output_has_reasons(pair: tuple[np.ndarray, np.ndarray]) -> None:
    clean = pair[0]
    scores = score(clean, np.zeros_like(clean), 16000)
    assert scores.ssnr is not None
    assert scores.pesq is scores.csig is scores.cbak is scores.covl_unit is scores.si_sdr is None
    assert scores.why("pesq") == "enhanced signal is all zero"
    assert scores.why("csig") == "no PESQ: enhanced signal is all zero"
    assert scores.why("si_sdr") == "enhanced signal is all zero"
    assert scores.why("ssnr") is None


def test_short_signals_have_reasons() -> None:
    clean = speech(2.0, seed=1)[6000:6500]
    scores = score(clean, clean * 0.5 + 0.001, 16000)
    assert scores.why("pesq") == "shorter than 0.25 s"
    assert scores.why("ssnr") == "shorter than 600 samples"
    assert scores.why("stoi") == "fewer than 30 frames of speech"
    assert scores.si_sdr is not None


def test_identical_signals_have_no_si_sdr() -> None:
    clean = speech(1.5)
    scores = score(clean, clean, 16000)
    assert scores.why("si_sdr") == "enhanced equals clean up to a factor, the ratio is infinite"
    assert scores.csig == 5.0
    assert scores.ssnr is not None
    assert scores.ssnr > 30


def test_silence_on_both_sides_gives_reasons_and_no_error() -> None:
    silent = np.zeros(16000)
    scores = score(silent, silent, 16000)
    assert scores.ssnr == -10
    assert {name for name in NAMES if scores.value(name) is not None} == {"ssnr"}
    assert len(scores.missing) == len(NAMES) - 1


def test_lengths_within_a_hop_are_cut_with_a_note(pair: tuple[np.ndarray, np.ndarray]) -> None:
    clean, noisy = pair
    cut = score(clean, noisy[:-120], 16000)
    assert cut.notes == (f"cut to {len(clean) - 120} samples, lengths differed by 120",)
    assert cut.pesq == score(clean[:-120], noisy[:-120], 16000).pesq


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c, n: (c, n[:-121], 16000), "differ by 121 samples"),
        (lambda c, n: (c, n, 8000), "16000 Hz, not 8000"),
        (lambda c, n: (c, np.stack([n, n]), 16000), "one channel"),
        (lambda c, n: (c, n.astype(np.int32), 16000), "int32"),
        (lambda c, n: (c, np.where(np.arange(len(n)) == 7, np.nan, n), 16000), "NaN"),
    ],
)
def test_what_cannot_be_scored_is_refused(pair: tuple[np.ndarray, np.ndarray], change, words: str) -> None:
    with pytest.raises(MetricError, match=words):
        score(*change(*pair))


def test_audio_with_too_many_utterances_costs_a_reason_and_not_the_process() -> None:
    """pesq writes past its arrays beyond 50 utterances (ludlows/PESQ issues 15, 18, 30)."""
    piece = np.concatenate([speech(0.6, seed=2), np.zeros(9600)])
    clean = np.tile(piece, 80)
    scores = score(clean, clean + noise(len(clean) / 16000, level=0.003), 16000)
    assert scores.stoi is not None
    assert scores.pesq is not None or "too many utterances" in (scores.why("pesq") or "")


def test_long_audio_scores_as_short_audio_does() -> None:
    clean = np.tile(speech(3.0, seed=4), 7)
    noisy = clean + noise(len(clean) / 16000, seed=4)
    assert score(clean, noisy, 16000).pesq == pytest.approx(pesq.pesq(16000, clean, noisy, "wb"), abs=1e-9)
