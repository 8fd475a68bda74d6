"""What papers of the field leave unsaid because everybody takes it for granted."""

from __future__ import annotations

from litdb.vocabulary.protocol import Item, Protocol

_BAND_FOR = "vbd"
_BAND_RATE = "16000"


def band(quantity: str, dataset: str, protocol: Protocol, note: str) -> Item | None:
    """The PESQ band of a value that states none, inferred with `note` as its reason; None where custom says nothing.

    `dataset` is the id of the test set. Unqualified PESQ on VoiceBank+DEMAND is wide-band, unless the protocol states a
    band, another rate than 16 kHz, or raw scores instead of mapped ones.
    """
    if quantity != "PESQ" or dataset != _BAND_FOR or protocol.get("band") is not None:
        return None
    if protocol.get("rate") not in (None, _BAND_RATE) or protocol.get("mapping") == "raw":
        return None
    return Item("WB", "inferred", note)
