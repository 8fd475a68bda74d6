"""Names over a column whose last says at which decibels its numbers are, and of which ratio."""

from __future__ import annotations

import re

from litdb.extract.meaning.heads.header_rows import is_condition

_SNRS = re.compile(
    r"(?:(?:input|test|mixture|mixing|noise)\s+)?SNRs?(?:\s+levels?)?(?:\s*[(\[]?\s*(?:in\s+)?dB\s*[)\]]?)?:?",
    re.I,
)
_A_STEP = re.compile(r"[-−–+]?\d{1,2}(?:\.\d)?")
_OVER_STEPS = re.compile(r"avg\.?|ave\.?|average|mean|all|overall", re.I)


def at_step(texts: list[str]) -> list[str]:
    """The names over a column with the decibels of a bare step under 'Input SNR': 'Input SNR' over '-6' is one name, '-6 dB'."""
    if len(texts) < 2 or not _SNRS.fullmatch(texts[-2]):
        return texts
    if _A_STEP.fullmatch(texts[-1]):
        return [*texts[:-2], f"SNR {texts[-1]} dB"]
    whole = _OVER_STEPS.fullmatch(texts[-1]) or is_condition(texts[-1])
    return [*texts[:-2], texts[-1]] if whole else texts


#: A ratio in decibels other than that to noise: to echo, to interference, direct to reverberant.
_OTHER_RATIO = re.compile(r"\b(?:SER|SIR|DRR)\b(?!\s*\(?dB\)?\s*$)")


def of_ratio(condition: str, header: str) -> str:
    """A condition in decibels as one of the ratio that the header names."""
    ratio = _OTHER_RATIO.search(header)
    return condition if ratio is None else condition.replace("SNR", ratio[0])
