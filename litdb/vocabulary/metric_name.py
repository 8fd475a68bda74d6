"""The canonical spelling of a metric: its quantity, and the parts of the protocol that its name carries.

`PESQ`, `PESQ-NB`, `CSIG@unit`, `PESQ (median)`, `STOI [SNR -5 dB]`: the quantity is the identity, the rest is
protocol. The default of each part (wide band, scale int16 or not stated, mean, whole test set) is not spelled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from litdb.vocabulary.protocol import Item, Protocol

_SPELLING = re.compile(
    r"^(?P<quantity>.+?)(?P<band>-NB)?(?:@(?P<scale>unit|int16))?"
    r"(?: \((?P<statistic>[^()]+)\))?(?: \[(?P<condition>[^\[\]]+)\])?$"
)


@dataclass(frozen=True, slots=True)
class MetricName:
    """A quantity and the protocol items that are part of its name; None stands for the default."""

    quantity: str
    band: str | None = None
    scale: str | None = None
    statistic: str | None = None
    condition: str | None = None

    @classmethod
    def parse(cls, text: str) -> MetricName:
        """Read a canonical spelling. The quantity is taken as it stands; aliases are the vocabulary's."""
        match = _SPELLING.match(text.strip())
        if match is None:
            return cls(text.strip())
        band = "NB" if match["band"] else None
        return cls(
            match["quantity"],
            band,
            match["scale"],
            match["statistic"],
            match["condition"],
        )

    @classmethod
    def of(cls, quantity: str, protocol: Protocol) -> MetricName:
        """The name of a result: what its protocol says beyond the defaults; a scale that is inferred names nothing."""
        band, statistic = protocol.get("band"), protocol.get("statistic")
        scale, condition = protocol.get_stated("scale"), protocol.get("condition")
        return cls(
            quantity,
            "NB" if band == "NB" else None,
            "unit" if scale == "unit" else None,
            None if statistic == "mean" else statistic,
            None if condition == "all" else condition,
        )

    def protocol(self) -> Protocol:
        """The protocol items that the name states."""
        parts = {
            "band": self.band,
            "scale": self.scale,
            "statistic": self.statistic,
            "condition": self.condition,
        }
        return Protocol.of({name: Item(value) for name, value in parts.items() if value is not None})

    @property
    def is_plain(self) -> bool:
        """Whether it is a quantity and nothing else."""
        return self.band is self.scale is self.statistic is self.condition is None

    def plain(self) -> MetricName:
        """The quantity alone."""
        return MetricName(self.quantity)

    def with_quantity(self, quantity: str) -> MetricName:
        """The same parts on another quantity."""
        return replace(self, quantity=quantity)

    def __str__(self) -> str:
        text = self.quantity + ("-NB" if self.band == "NB" else "")
        if self.scale is not None:
            text += f"@{self.scale}"
        if self.statistic is not None:
            text += f" ({self.statistic})"
        if self.condition is not None:
            text += f" [{self.condition}]"
        return text
