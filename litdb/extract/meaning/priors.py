"""What is believed before a paper is read: names, the values of unprocessed rows, and the fitted weights.

A frozen value that is passed to `extract`: what the package ships, or with what a catalogue knows besides. A known name may
help to find the column of the models, a known unprocessed row the test set; neither confirms a number.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib import resources

from litdb.values.names import bare_name

Pairs = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class NoisyRow:
    """The means of an unprocessed test set as papers print them: (metric, lowest, highest); `decisive` metrics.

    `alone` says that one decisive value is enough to tell the set.
    """

    title: str
    values: tuple[tuple[str, float, float], ...]
    decisive: tuple[str, ...] = ("PESQ", "COVL", "SSNR", "SI-SDR")
    alone: bool = False


#: VoiceBank+DEMAND, and the two synthetic test sets of the DNS Challenge 2020.
NOISY_ROWS = (
    NoisyRow(
        "VoiceBank+DEMAND",
        (
            ("PESQ", 1.96, 1.98), ("CSIG", 3.30, 3.38), ("CBAK", 2.42, 2.46), ("COVL", 2.61, 2.66),
            ("SSNR", 1.66, 1.74), ("STOI", 0.905, 0.925), ("SI-SDR", 8.3, 8.6), ("ESTOI", 0.77, 0.80),
        ),
        alone=True,
    ),
    NoisyRow("DNS-2020 (no reverb)", (("PESQ", 1.575, 1.59), ("SI-SDR", 9.0, 9.25), ("STOI", 0.914, 0.916))),
    NoisyRow("DNS-2020 (with reverb)", (("PESQ", 1.815, 1.83), ("SI-SDR", 9.0, 9.1), ("STOI", 0.865, 0.867))),
)  # fmt: skip


@dataclass(frozen=True)
class Priors:
    """`names` are folded names of models; `noisy` unprocessed rows; the rest are weights by feature (see weights.toml)."""

    names: frozenset[str] = frozenset()
    noisy: tuple[NoisyRow, ...] = NOISY_ROWS
    layout: Pairs = ()
    test_set: Pairs = ()
    confidence: Pairs = ()

    @cached_property
    def layout_weights(self) -> Mapping[str, float]:
        """The weights of the features of an interpretation."""
        return dict(self.layout)

    @cached_property
    def test_set_weights(self) -> Mapping[str, float]:
        """The weights of the places that name a test set."""
        return dict(self.test_set)

    @cached_property
    def confidence_weights(self) -> Mapping[str, float]:
        """The weights of what a confidence is calibrated on."""
        return dict(self.confidence)

    @cached_property
    def digest(self) -> str:
        """A short stable key of the content, the same whatever order it was put together in."""
        content = [
            sorted(self.names),
            sorted((row.title, sorted(row.values), sorted(row.decisive)) for row in self.noisy),
            *(sorted(part) for part in (self.layout, self.test_set, self.confidence)),
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]

    def knowing(self, names: Iterable[str], noisy: Iterable[NoisyRow] = ()) -> Priors:
        """These priors with the names of models and the unprocessed rows that a catalogue holds."""
        known = {row.title for row in self.noisy}
        more = sorted((row for row in noisy if row.title not in known), key=lambda row: row.title)
        folded = (bare_name(name) for name in names)
        return replace(
            self,
            names=self.names | frozenset(name for name in folded if len(name) >= 3),
            noisy=(*self.noisy, *more),
        )


@lru_cache(maxsize=1)
def shipped() -> Priors:
    """What the package ships: the fitted weights and the well-known unprocessed rows."""
    text = (
        resources.files("litdb.extract.meaning.layout").joinpath("weights.toml").read_text(encoding="utf-8")
    )
    parts = {
        name: tuple(sorted((feature, float(value)) for feature, value in part.items()))
        for name, part in tomllib.loads(text).items()
    }
    return Priors(layout=parts["layout"], test_set=parts["test_set"], confidence=parts["confidence"])
