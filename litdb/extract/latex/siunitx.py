"""Units as the package siunitx writes them out: `\\milli\\second` is ms, `\\mega\\per\\second` M/s."""

from __future__ import annotations

import re
from collections.abc import Sequence

from litdb.extract.latex.tokens import Token

_WRITTEN = {
    "pico": "p", "nano": "n", "micro": "µ", "milli": "m", "centi": "c", "deci": "d", "kilo": "k", "mega": "M", "giga": "G",
    "tera": "T", "kibi": "Ki", "mebi": "Mi", "gibi": "Gi",
    "second": "s", "minute": "min", "hour": "h", "day": "d", "hertz": "Hz", "decibel": "dB", "bel": "B", "byte": "B", "bit": "bit",
    "metre": "m", "meter": "m", "gram": "g", "watt": "W", "joule": "J", "ampere": "A", "volt": "V", "ohm": "Ω", "degree": "°",
    "percent": "%", "kelvin": "K", "pascal": "Pa", "ms": "ms", "us": "µs", "ns": "ns", "kHz": "kHz", "Hz": "Hz", "MHz": "MHz",
    "GHz": "GHz", "dB": "dB", "mW": "mW", "uW": "µW", "kB": "kB", "MB": "MB", "GB": "GB", "mJ": "mJ", "per": "/", "squared": "²",
    "cubed": "³",
}  # fmt: skip
_POWER_ALONE = re.compile(r"[eE]\+?(\d{1,3})")


def unit(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a unit with its macros written out."""
    return [
        token._replace(kind="ch", text=_WRITTEN[token.text])
        if token.kind == "cs" and token.text in _WRITTEN
        else token
        for token in tokens
    ]


def number(text: str) -> str:
    """A number as it is printed: `e6`, which has no factor, is 10^6."""
    alone = _POWER_ALONE.fullmatch(text.strip())
    return text if alone is None else f"10^{alone[1]}"
