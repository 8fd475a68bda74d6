"""Test metrics of speech enhancement: PESQ (WB), CSIG, CBAK, COVL, SSNR, STOI, ESTOI, SI-SDR.

    >>> from model.metrics import score
    >>> scores = score(clean, enhanced, 16000)
    >>> scores.pesq, scores.csig, scores.csig_unit

Formulas, sources and pitfalls are in `docs/metrics.md`.
"""

from model.metrics.frames import RATE
from model.metrics.scoring import NAMES, Missing, Scores, score, si_sdr

__all__ = ["NAMES", "RATE", "Missing", "Scores", "score", "si_sdr"]
