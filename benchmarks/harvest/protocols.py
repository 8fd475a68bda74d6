"""What the words beside a harvested figure say of its protocol, its unit and its row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Parts of a remark that this conversion has understood or that concern the copying alone; the rest is kept.
_DONE = re.compile(
    r"^(?:(?:E?STOI|STOI and ESTOI) in percent|ESTOI ?x ?100|unit (?:only )?(?:in|from) the (?:column head|header).*|"
    r"table flattened to running text|no (?:parameter count|CBAK column|STOI).*|(?:WB-PESQ|wide-band PESQ).*|"
    r"parameters in [MK]|parameters in million|PESQ band not stated|± spread over files left out|"
    r"(?:mean over )?five seeds(?:, mean)?|from the original paper|(?:re)?trained by the authors|"
    r"(?:MACs|FLOPs)(?: header)?(?: printed)?(?: in)? [GM](?:/s)?|causal|non-causal|baselines run by the authors)$"
)
_COUNTS = {"Params": r"param|size", "MACs": r"MAC", "FLOPs": r"FLOP"}
#: Conditions that name another setting of the model, not another part of the test set.
_SETTING = re.compile(
    r"NFE|int8|float32|dense|sparse|streaming|latency|chunks|segments|inputs|selective|whole files", re.I
)
_DEVICE = re.compile(r"Xeon|Apple|GPU|Raspberry|Cortex|i\d-\d")


@dataclass(frozen=True)
class Condition:
    """A `condition` taken apart: what goes into the row's label, and items of the protocol."""

    label: str = ""
    items: tuple[tuple[str, str], ...] = ()


def condition(text: str) -> Condition:
    """What the `condition` of a figure means."""
    label, items = [], []
    for part in filter(None, (p.strip() for p in text.split(";"))):
        if re.match(r"(?:avg|ave|average)\b", part, re.I):
            items.append(("condition", "all"))
        elif re.fullmatch(r"-?\d+ dB", part):
            items.append(("condition", f"SNR {part}"))
        elif part in ("causal", "non-causal"):
            items.append(("causal", "yes" if part == "causal" else "no"))
        elif re.fullmatch(r"\d+ kHz", part):
            label.append(part)  # of the model; what was scored may be resampled
        elif part.startswith(("trained on", "48 kHz model, trained on", "56 speakers", "open-source causal")):
            items.append(("training", part.removeprefix("trained on ")))
        elif "reverb not stated" in part:
            continue
        elif _DEVICE.search(part):
            items.append(("hardware", part))
        else:
            label.append(part)
    return Condition(", ".join(label), tuple(items))


def stated(metric: str, per: str, remark: str, origin: str) -> Iterator[tuple[str, str]]:
    """Protocol items that a remark states for a figure; `item~value` marks one that follows from the numbers.

    What it says of the evaluation or of training data holds for what the authors scored and trained, not for what they quote;
    nor does the training for what they ran as it was public.
    """
    low = remark.lower()
    if metric == "PESQ":
        if "look narrow-band" in low or "must be narrow-band" in low or "taken as narrow-band" in low:
            yield "band", "~NB"
        elif re.search(r"wb-pesq|wide-band", low):
            yield "band", "WB"
        if "raw p.862" in low:
            yield "mapping", "raw"
    if metric in ("CSIG", "CBAK", "COVL") and origin != "quoted":
        if "pysepm" in low:
            yield "scale", "pysepm"
        elif "cmgan python script" in low:
            yield "scale", "unit"
    if seeds := re.search(r"(three|five) (?:seeds|runs)", low):
        yield "seeds", {"three": "3", "five": "5"}[seeds[1]]
    if metric not in _COUNTS and origin != "quoted" and not (origin == "reproduced" and "public" in low):
        yield from _training(remark)
    if "chosen on the test" in low or "best on the test" in low:
        yield "selected_on", "test"
    if metric == "RTF" and (
        device := re.search(r"RTF(?: mean of \d runs)?,? (?:on )?(?:an? )?((?:Core )?[A-Zi][^;,]*)", remark)
    ):
        yield "hardware", device[1].strip()
    yield from _operations(metric, per, remark)


def _training(remark: str) -> Iterator[tuple[str, str]]:
    """What a remark says that networks were trained on."""
    low = remark.lower()
    if speakers := re.search(r"\b(56|84)\s(?:training\+test )?speakers|84 training", low):
        yield "training", f"{speakers[1] or '84'}spk"
    elif training := re.search(
        r"trained (?:on|with) (?:about )?((?:\d[\d,-]* h of )?(?:DNS(?!MOS)|VB-|VCTK)[^;,(]*)", remark
    ):
        yield "training", training[1].strip()
    elif "not on voicebank+demand" in low or "not trained on voicebank" in low:
        yield "training", "not on VoiceBank+DEMAND"


def _operations(metric: str, per: str, remark: str) -> Iterator[tuple[str, str]]:
    """How much audio a count of operations is for."""
    if metric not in ("MACs", "FLOPs"):
        return
    length = re.match(r"([\d.]+) s$", per) or re.search(r"for (?:a )?(\d+) s\b", remark)
    if length:
        yield "audio_length", length[1]
    elif per.startswith("frame"):
        yield "counting", f"per {per}"
    elif re.search(r"(?:MACs|FLOPs)[^;]*(?:/s\b|per second|/sec)", remark):
        yield "audio_length", "1"


def unit(metric: str, remark: str) -> str:
    """The unit of a count that stands in the column's head, as the remark tells it; '' where it does not."""
    if found := re.search(r"unit only in the header: ([KkMG])", remark):
        return found[1]
    if metric not in _COUNTS:
        return ""
    if metric == "Params" and (
        found := re.search(r"parameters in ([mM]|K)|size printed as (M)|#parameters \((K)\)", remark)
    ):
        return next(filter(None, found.groups())).upper()
    if metric != "Params" and (found := re.search(r"printed (?:in|as) ([GM])/s|MACs\(([GM])FLOPS\)", remark)):
        return next(filter(None, found.groups()))
    found = re.search(
        rf"(?:{_COUNTS[metric]})s?\b[^;,]*?\b(?:in |header )?([GM])(?:MACs?)?(?:/s|/sec| |;|,|$)", remark
    )
    return found[1] if found else ""


def kept(remark: str) -> str:
    """What of a remark is worth keeping beside the figure."""
    parts = dict.fromkeys(part.strip() for part in re.split(r";\s*", remark))
    return "; ".join(part for part in parts if part and not _DONE.match(part))
