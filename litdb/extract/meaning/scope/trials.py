"""How the numbers of a table came about, as its texts say for all of them: seeds, hardware, training set, causality."""

from __future__ import annotations

import re

_NUMBERS = {
    name: str(value)
    for value, name in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 2)
}
_SEEDS = re.compile(
    rf"\b(?:over|across|of|from|with)\s+(?:the\s+)?(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)})\s+(?:(?:different|random|independent|training)\s+){{0,2}}"
    r"(?:seeds?|runs|trials|repetitions|initiali[sz]ations|trainings)\b|\b(?P<before>\d{1,3})\s+seeds\b",
    re.I,
)
_DEVICE = re.compile(
    r"\b(?:(?:Intel|AMD|NVIDIA|Apple|ARM|Qualcomm|Nvidia|Arm)\s+)?(?:\(R\)\s*)?"
    r"(?:(?:Core\s+)?i[3579](?:[- ]?\d{4,5}\w{0,2})|Xeon(?:\s+(?:Gold|Silver|Platinum|E\d))?(?:[- ]?\w*\d\w*)?|EPYC(?:\s+\w+)?|Ryzen(?:\s+\d)?(?:\s+\w*\d\w*)?"
    r"|(?:GeForce\s+)?(?:RTX|GTX)\s?\w*\d\w*(?:\s?Ti)?|Tesla\s+\w+|[AVHT]100|A40|T4|Raspberry\s+Pi(?:\s+\d\w*)?|Jetson(?:\s+\w+)?"
    r"|Cortex[- ]?[AM]\d+\w*|M[1-4](?:\s+(?:Pro|Max|Ultra))?(?=\s+(?:CPU|chip|processor|MacBook)|[).,;]|$)|Snapdragon(?:\s+\w+)?|Pixel\s+\d\w*|iPhone\s+\d+\w*)"
    r"(?:\s+(?:CPU|GPU|processor|core))?|\b(?:single[- ]?(?:core|thread(?:ed)?)\s+)?(?:CPU|GPU)\b",
    re.I,
)
_TRAINED = re.compile(
    r"\b(?:all|both|the|our|these|compared)\s+(?:\w+\s+){0,2}(?:models?|systems?|methods?|networks?|baselines?)\s+(?:are|were|is|was|have been)?\s*"
    r"(?:re-?)?trained\s+(?:only\s+)?(?:on|with|using)\s+(?:the\s+)?(?P<data>[^.;,()]{3,60}?)(?=\s+and\s+(?:then\s+)?(?:test|evaluat|score)\w*|\s+for\s|[.;,()]|$)",
    re.I,
)
_CAUSAL = re.compile(
    r"\b(?:all|both|these)\s+(?:\w+\s+){0,3}(?:models?|systems?|methods?|networks?)\s+(?:shown\s+|listed\s+)?(?:are|were)\s+(?P<non>non-?)?causal\b",
    re.I,
)
_TITLE = re.compile(
    r"^\W*(?P<non>non-?\s?)?causal(?:\s+(?:models?|systems?|methods?|networks?|approaches))?\W*$", re.I
)


def seeds(text: str) -> str:
    """How many seeds a text says that means are over; '' for none."""
    match = _SEEDS.search(text)
    if match is None:
        return ""
    number = (match["number"] or match["before"]).lower()
    return _NUMBERS.get(number, number)


def hardware(text: str) -> str:
    """The processor that a text names, as it is printed; the longest of several names. '' for none."""
    found = [" ".join(match.group().split()) for match in _DEVICE.finditer(text)]
    return max(found, key=len, default="")


def training(text: str) -> str:
    """What a text says that all models of a table were trained on; '' for nothing."""
    match = _TRAINED.search(text)
    return match["data"].strip() if match else ""


def causal(text: str) -> str:
    """'yes' or 'no' where a text says so of all models, or is a title that says so; else ''."""
    match = _CAUSAL.search(text) or _TITLE.match(text)
    return "" if match is None else "no" if match["non"] else "yes"
