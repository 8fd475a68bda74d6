"""Corpora of clean and noisy speech: layouts, checks, resampling, crops, mixing."""

from model.data.audio import RESAMPLER, read_at, resample
from model.data.check import KINDS, Problem, Report, check, select
from model.data.crops import Crops
from model.data.layouts import Corpus, Left, Pair, Split, fingerprint, pair_folders
from model.data.mix import Mixture, mix
from model.data.prepare import at_rate
from model.data.recognise import open_corpus

__all__ = [
    "KINDS", "RESAMPLER", "Corpus", "Crops", "Left", "Mixture", "Pair", "Problem", "Report", "Split", "at_rate", "check",
    "fingerprint", "mix", "open_corpus", "pair_folders", "read_at", "resample", "select",
]  # fmt: skip
