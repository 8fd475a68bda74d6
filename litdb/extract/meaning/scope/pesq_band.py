"""Which band of PESQ a text speaks of: wide (P.862.2) or narrow (P.862)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from litdb.extract.meaning import words

#: Up to the band that the words behind PESQ give: 'PESQ (', 'PESQ values are those of the'.
_SAID_OF_PESQ = r"PESQ\s*(?:\(|,|:|=|is|are|means|scores?|(?:values?|numbers?|figures?)\s+(?:is|are|was|were))[^.;,\n]{0,20}?\b"
_WIDE = re.compile(
    r"\b(?:wide[- ]?band\s+(?:\(WB\)\s+)?(?:(?:version|variant|mode)\s+of\s+)?(?:the\s+)?PESQ|PESQ[- ]?\(?WB\)?|WB[- ]PESQ|P\.862\.2|"
    + _SAID_OF_PESQ
    + r"wide[- ]?band|"
    r"PESQ\b[^.;\n]{0,40}?(?:large bande|bande large|breitband\w*|banda (?:ancha|larga)|breedband\w*|宽带|広帯域|광대역))",
    re.I,
)
_NARROW = re.compile(
    r"\b(?:narrow[- ]?band\s+(?:\(NB\)\s+)?(?:(?:version|variant|mode)\s+of\s+)?(?:the\s+)?PESQ|PESQ[- ]?\(?NB\)?|NB[- ]PESQ|"
    + _SAID_OF_PESQ
    + r"narrow[- ]?band|"
    r"PESQ\b[^.;\n]{0,40}?(?:bande étroite|schmalband\w*|banda (?:estrecha|stretta|estreita)|smalband\w*|窄带|狭帯域|협대역))",
    re.I,
)
#: That a sentence says how this paper scores, not how somebody else did.
_OURS = re.compile(
    r"\b(?:we|our|us)\b|\b(?:is|are|was|were)\s+(?:also\s+)?(?:used|adopted|employed|measured|computed|calculated|evaluated|reported|assessed|scored|taken)\b"
    r"|\b(?:metrics?|measures?|evaluation|scores?)\b|\bPESQ\s+(?:(?:values?|numbers?|figures?)\s+(?:are|were)|is|means|denotes|stands|refers)\b",
    re.I,
)


def said(text: str, labels: Iterable[str] = ()) -> str:
    """`WB` or `NB` where a text speaks of one band alone, else ''.

    With the `labels` of a table, sentences on one of its models are left out: 'DTLN reports narrow-band PESQ only'.
    """
    if not (_WIDE.search(text) or _NARROW.search(text)):
        return ""
    text = words.BAND_DENIED.sub("", text)
    names = {name for name in labels if len(name) > 2 and re.search(r"[A-Z]", name)}
    if names:
        text = " ".join(s for s in _sentences(text) if not any(name in s for name in names))
    wide, narrow = _WIDE.search(text), _NARROW.search(text)
    return "" if bool(wide) == bool(narrow) else "WB" if wide else "NB"


def of_all_scores(prose: str, names: Iterable[str]) -> str:
    """The band that the text of a paper gives for its own evaluation, `names` being those of its models; '' where it gives none."""
    told = {
        band
        for sentence in _sentences(prose)
        if (band := said(sentence)) and _OURS.search(sentence) and not any(name in sentence for name in names)
    }
    return told.pop() if len(told) == 1 else ""


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.;!?])\s+", text)
