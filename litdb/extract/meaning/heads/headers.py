"""What a header text says: metrics, unit, test set, condition, statistic; or the role of a column that is no score."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from litdb.extract.meaning import words
from litdb.values.names import in_order
from litdb.vocabulary import Dataset, Metric, vocabulary

Role = Literal["model", "year", "causal", "dataset", "condition", "metric", "attribute", "unknown"]


@dataclass(frozen=True, slots=True)
class Named:
    """A metric named in a header, with what the name itself says."""

    metric: Metric
    band: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """One header text understood.

    `metrics` has several entries for paired headers ('PESQ / STOI'). `rest` is what no rule explains; `excluded` is
    the word that makes the column something else than a score.
    """

    text: str
    metrics: tuple[Named, ...] = ()
    unit: str = ""
    datasets: tuple[Dataset, ...] = ()
    condition: str = ""
    statistic: str = ""
    validation: str = ""
    band: str = ""
    reverb: str = ""
    rest: str = ""
    excluded: str = ""
    role: Role = "unknown"


_UNIT = re.compile(
    r"[(\[]\s*(?:in\s+)?(?P<paren>[^()\[\]]{1,24})\s*[)\]]|[,/]\s*(?P<tail>%|dB|[kKMG]|[mµμu]s)\s*(?=[↑↓⇑⇓]?\s*$)|\bin (?P<word>millions?|thousands?|M|K|G|dB|%|ms)\b|(?P<percent>%)|\|\s*(?P<bar>[KMG])\s*$"
)
_COUNT_UNIT = re.compile(
    r"^(?:[#×x]?\s?(?:10\^?\{?[369]\}?)|[kKMGBT]|(?i:mil(?:lions?)?|mio|thousands?|billions?|giga|mega|kilo))(?:\s?(?:MACs?|FLOPs?|params?|parameters?|ops))?(?:\s?(?:/|per)\s?s(?:ec(?:ond)?)?)?$"
    r"|^[kKMGBT]\s?(?:MACs?|FLOPs?|MACS|FLOPS)(?:\s?(?:/|per)\s?s(?:ec)?)?$"
)
#: What of the audio a count is for, behind its unit: 'G, for 1 s', 'G @ 16 kHz'.
_OF_AUDIO = re.compile(
    r"\s*[,;@]\s*(?:(?:for|per|of|in|on|at)\s+)?(?:a\s+|one\s+)?[\d.]*\s?-?(?:s|sec(?:ond)?s?|kHz|min)\b.*$",
    re.I,
)
#: 'GMACs (1 s)': what of the audio a count is for, in brackets of its own.
_OF_A_SECOND = re.compile(
    r"(?<=[MmOo][AaPp][CcSs])s?\s*[(\[]\s*(?:for |per |of )?(?:1|one|a)?\s?-?s(?:ec(?:ond)?)?\s*[)\]]$"
)
_TIME_UNIT = re.compile(r"^(?:ms|s|sec|seconds?|us|µs|μs)$")
#: 'Size (M/MB)': the number of parameters beside the memory that they take.
_COUNT_AND_MEMORY = re.compile(r"^(?P<count>[kKMG])\s?/\s?[kKMG]i?B$")
_MEMORY = re.compile(r"^(?:MB|KB|GB|MiB|bytes|B)$")
_HUNDRED = re.compile(r"[×x*]\s?(?:100|10\^?\{?2\}?)\b|10\^?\{?-2\}?|\bpercent\b")
_PER_SECOND = re.compile(r"\s*(?:/|per)\s*(?:1\s*)?s(?:ec(?:ond)?s?)?\b\.?", re.I)
_PREFIX = re.compile(r"^(?P<prefix>[KMGT])(?=MAC|FLOP)", re.I)
#: 'Mega-MACs', 'millions of parameters', 'Thousand params'.
_IN_WORDS = re.compile(
    r"\b(?P<power>kilo|mega|giga|thousand|million)s?(?:[- ](?P<of>(?:of )?(?=param))?|(?=MAC|FLOP))(?:of )?(?=MAC|FLOP|param)",
    re.I,
)
#: 'Multiply-Accumulate (MAC)', 'Real-Time Factor (RTF)': a name with its abbreviation.
_LONG_AND_SHORT = re.compile(
    r"^(?P<long>[A-Za-z][A-Za-z -]{5,60}?)\s*\((?P<short>[A-Za-z]{2,5}(?:-[A-Z]{2,4})?)s?\)(?![A-Za-z])"
)
#: '#P (M)', '#Par.': the number of parameters in one letter or syllable, which a number sign or a unit of counts makes sure.
_SHORT_PARAMS = re.compile(
    r"^(?:#\s?P(?:ar)?\.?(?=$|\s*[(\[↓])|P(?:ar)?\s?\.?(?=\s*[(\[]\s*[kKM]\s*[)\]])|Par\.(?=$|\s*↓))"
)
#: 'SI-SDR at an SNR of', 'PESQ for different input SNRs': what stands below are the steps, not another score.
_AT_SNRS = re.compile(
    r"\s+(?:at|for|under|by|per|vs\.?|versus|over)\s+(?:(?:an?|the|different|various|each|input|mixture|test)\s+){0,3}SNRs?(?:\s+levels?)?"
    r"(?:\s+of)?(?=\s*(?:$|[(\[:]))",
    re.I,
)
_BAND = re.compile(r"\b(?P<wide>WB|wide[- ]?band)\b|\b(?P<narrow>NB|narrow[- ]?band)\b", re.I)
#: The dimensions beside overall quality that NISQA predicts (Mittag et al. 2021): scores of their own.
_NISQA_DIMENSION = re.compile(
    r"(?:noi(?:s(?:e|iness))?|col(?:ou?r(?:ation)?)?|dis(?:c(?:ontinuity)?)?|loud(?:ness)?)", re.I
)
#: Scores of their own, outside the vocabulary, whose names end as those of others do.
_UNLISTED = re.compile(r"\b(?:WV-?MOS|MOS-?Net|Distill-?MOS|SI-S[IA]R|MOS-?SSL|NORESQA-?MOS)\b", re.I)
_POWER = {"3": "K", "6": "M", "9": "G"}
#: Between a head as it is printed and what a text says that it is (see `explained`); no paper prints it.
EXPLAINED = "≙"
_CONTEXTUAL = frozenset(
    ("sig", "bak", "ovrl", "ovl", "ovr", "mos", "delay", "size", "snr", "sir", "sar", "llr")
)


def _unit_of(text: str) -> tuple[str, str]:
    """The unit that a header states and the text without it; the unit is canonical: '%', 'dB', 'K', 'M', 'G', 'ms', 's', 'MB'."""
    unit = ""
    kept = text

    def take(match: re.Match[str]) -> str:
        nonlocal unit
        body = _OF_AUDIO.sub("", next((group for group in match.groups() if group), "").strip())
        if _HUNDRED.search(body) or body == "%":
            unit = unit or "%"
        elif _COUNT_UNIT.match(body):
            power = re.search(r"10\^?\{?([369])", body)
            unit = unit or (
                _POWER[power[1]]
                if power
                else {"mi": "M", "me": "M", "th": "K", "ki": "K", "bi": "G", "gi": "G"}.get(
                    body[:2].lower(), body[0].upper()
                )
            )
        elif both := _COUNT_AND_MEMORY.match(body):
            unit = unit or f"{both['count'].upper()}/"
        elif _TIME_UNIT.match(body) or _MEMORY.match(body):
            unit = unit or body
        elif body.lower() in ("db", "mos", "hz", "khz"):
            unit = unit or ("dB" if body.lower() == "db" else "")
        elif body.lower() in ("↑", "↓", "s", "in dB"):
            pass
        else:
            return match.group()
        return " "

    kept = _UNIT.sub(take, kept)
    if _HUNDRED.search(kept) and not unit:
        unit, kept = "%", _HUNDRED.sub(" ", kept)
    return unit, kept


#: '<6 dB', '≥ 12 dB': all SNRs on one side of a value.
_SNR_BEYOND = re.compile(r"(?P<side>[<>≤≥])\s*(?P<value>[-−]?\d+(?:\.\d+)?)\s*dB\b")


def snr(text: str) -> tuple[str, str]:
    """A condition such as 'SNR -5 dB' and the text without it."""
    match = words.SNR_RANGE.search(text)
    if match:
        low, high = (match[name].replace("−", "-").replace("–", "-") for name in ("low", "high"))
        return f"SNR {low} to {high} dB", text[: match.start()] + " " + re.sub(
            r"\bSNR\b[\s:=]*$", " ", text[match.end() :]
        )
    match = _SNR_BEYOND.search(text)
    if match:
        left = re.sub(r"\b(?:input\s+)?SNRs?\b[\s:=@]*$", " ", text[: match.start()], flags=re.I)
        return f"SNR {match['side']}{match['value'].replace('−', '-')} dB", left + " " + text[match.end() :]
    match = words.SNR.search(text)
    if match:
        value = match["value"].replace("−", "-").replace("–", "-").lstrip("+")
        left = re.sub(r"\b(?:input\s+)?SNR\b[\s:=@]*$", " ", text[: match.start()], flags=re.I)
        return f"SNR {value} dB", left + " " + text[match.end() :]
    return "", text


def _short_alone(match: re.Match[str]) -> str:
    """The abbreviation alone where it is that of the words in front of it, and names a metric."""
    long, short = re.sub(r"[^a-z]", "", match["long"].lower()), re.sub(r"[^a-z]", "", match["short"].lower())
    made = long[:1] == short[:1] and in_order(short, long)
    return f"{match['short']} " if made and vocabulary().metric(match["short"]) is not None else match.group()


def role_of(text: str) -> Role:
    """The role of a column by its header, when it names no score."""
    bare = re.sub(r"[↑↓⇑⇓]", "", text).strip()
    if words.METRIC_HEADER.match(bare):
        return "metric"
    if words.YEAR_HEADER.match(bare):
        return "year"
    if words.CAUSAL_HEADER.match(bare):
        return "causal"
    if words.DATASET_HEADER.match(bare):
        return "dataset"
    if words.STRONG_MODEL_HEADER.match(bare):
        return "model"
    if words.CONDITION_HEADER.match(bare):
        return "condition" if bare.lower() not in ("condition", "conditions") else "model"
    if words.MODEL_HEADER.match(bare):
        return "model"
    if words.ATTRIBUTE_HEADER.match(bare):
        return "attribute"
    return "unknown"


def parse(text: str) -> Heading:
    """Understand one header text; what is longer than a header can be is not looked at."""
    return _parse(text) if len(text) <= 300 else Heading(text)


@lru_cache(maxsize=4096)
def _parse(text: str) -> Heading:  # noqa: C901 - one header read from left to right; its steps share what is left of it
    bare = (
        re.sub(r"\s+", " ", text.replace("\u2009", " ").replace("−", "-"))
        .strip()
        .rpartition(EXPLAINED)[2]
        .strip()
    )
    bare = _OF_A_SECOND.sub("", bare)
    if not bare:
        return Heading("")
    bare = words.BAND_DENIED.sub(" ", bare)
    if len(bare) <= 30 and _UNLISTED.search(bare):
        return Heading(bare, rest=bare)
    vocab = vocabulary()
    paired = _paired(bare)
    if paired is not None:
        return paired
    bare = _IN_WORDS.sub(
        lambda match: match["power"][0].upper().replace("T", "K") + ("" if match["of"] is None else " "), bare
    )
    bare = _LONG_AND_SHORT.sub(_short_alone, bare)
    bare = _AT_SNRS.sub("", bare) or bare
    unit, kept = _unit_of(_SHORT_PARAMS.sub("Params ", bare))
    condition, kept = snr(kept)
    datasets = vocab.datasets_in(kept)
    for _ in datasets:
        kept = vocab.without_dataset(kept)
    per_second = bool(_PER_SECOND.search(kept))
    kept = _PER_SECOND.sub(" ", kept)
    found = vocab.metrics_in(kept)
    metrics: list[Named] = []
    rest = kept
    for start, end, named in reversed(found):
        printed = kept[start:end]
        prefix = _PREFIX.match(printed)
        own_unit = prefix["prefix"].upper() if prefix else ""
        if not own_unit and re.search(r"\b[kKMG]\s*$", kept[:start]) and named.metric.unit == "count":
            own_unit = kept[:start].rstrip()[-1].upper()
            start = len(kept[:start].rstrip()) - 1
        metrics.append(Named(named.metric, named.band, own_unit))
        rest = rest[:start] + " " + rest[end:]
    metrics.reverse()
    unique: list[Named] = []
    for item in metrics:
        if not any(item.metric.id == other.metric.id and item.band == other.band for other in unique):
            unique.append(item)
    metrics = unique
    if len(metrics) == 2 and {"DNSMOS"} <= {m.metric.id for m in metrics}:
        metrics = [m for m in metrics if m.metric.id != "DNSMOS"] or metrics
    statistic = ""
    for name, pattern in words.STATISTICS:
        if pattern.search(rest):
            statistic, rest = name, pattern.sub(" ", rest)
            break
    band_match = _BAND.search(rest)
    band = "" if band_match is None else "WB" if band_match["wide"] else "NB"
    reverb_match = words.REVERB.search(rest.replace("_", " "))
    reverb = ""
    if reverb_match:
        reverb = "no" if reverb_match["without"] else "yes"
        rest = rest[: reverb_match.start()] + " " + rest[reverb_match.end() :]
    validation = words.VALIDATION.search(rest)
    if validation:
        rest = rest.replace(validation.group(), " ")
    excluded_match = words.EXCLUDED_HEADER.search(vocab.without_metrics(bare)) if metrics else None
    rest = words.HARMLESS.sub(" ", rest)
    rest = re.sub(r"[^A-Za-zÀ-ÖØ-öø-ž0-9+α-ωΑ-Ω]+", " ", rest).strip()
    dimension = [m.metric.id for m in metrics] == ["NISQA"] and _NISQA_DIMENSION.fullmatch(rest)
    if unit in ("K", "M", "G", "B", "T") and metrics and all(m.metric.unit != "count" for m in metrics):
        unit, rest = "", f"{rest} {unit}".strip()  # 'SIR (B)' is no count: a letter that tells columns apart
    if unit in ("MB", "KB", "GB", "MiB", "bytes") and any(m.metric.id == "params" for m in metrics):
        metrics = []
    if rest and metrics and metrics[0].metric.unit == "count":
        metrics = []
    outside = re.sub(r"[(\[].*", "", bare).strip()
    if metrics and outside != bare and words.STRONG_MODEL_HEADER.match(outside):
        metrics = []
        bare = outside
    role: Role = "unknown" if metrics else role_of(bare)
    if metrics and role_of(bare) in ("condition", "metric") and metrics[0].metric.id in ("SNR",):
        role = "condition"
    if per_second and not metrics and not rest:
        rest = "per second"
    return Heading(
        bare,
        tuple(metrics),
        unit,
        tuple(dict.fromkeys(dataset for _, dataset in datasets)),
        condition,
        statistic,
        validation.group() if validation else "",
        band,
        reverb,
        rest,
        excluded_match.group() if excluded_match else rest if dimension else "",
        role,
    )


def _paired(text: str) -> Heading | None:
    """'Params (M) / MACs (G)' or 'PESQ (WB/NB)': several metrics, each with its own unit or band."""
    both = re.search(r"[(\[]?\s*\b(?P<first>WB|NB)\s*/\s*(?P<second>WB|NB)\b\s*[)\]]?", text)
    if both and both["first"] != both["second"]:
        single = parse(text[: both.start()] + " " + text[both.end() :])
        if len(single.metrics) == 1 and single.metrics[0].metric.id == "PESQ":
            names = tuple(replace(single.metrics[0], band=band) for band in (both["first"], both["second"]))
            return replace(single, text=text, metrics=names)
        return None
    parts = [part for part in re.split(r"\s*[/|&]\s*|\s*,\s+", re.sub(r"[↑↓]", "", text)) if part]
    if not 2 <= len(parts) <= 4:
        return None
    each = [_single(part) for part in parts]
    if not all(len(h.metrics) == 1 and not h.rest and not h.excluded for h in each):
        return None
    if len({(h.metrics[0].metric.id, h.metrics[0].band) for h in each}) < len(each):
        return None
    names = tuple(replace(h.metrics[0], unit=h.metrics[0].unit or h.unit) for h in each)
    datasets = tuple(dict.fromkeys(d for h in each for d in h.datasets))
    return Heading(text, names, "", datasets)


def _single(text: str) -> Heading:
    return parse(text) if not re.search(r"[/|&]|,\s", text) else Heading(text)


def is_contextual(heading: Heading) -> bool:
    """Whether the only metric name is a short word that other columns must confirm ('SIG', 'Size', 'SNR')."""
    return len(heading.metrics) == 1 and re.sub(r"[^a-z]", "", heading.text.lower()) in _CONTEXTUAL
