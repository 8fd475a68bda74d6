"""The numbers of a sentence: what each is of (parameters, PESQ, ...), and whether it is a value, a difference, a ratio or a share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from litdb.vocabulary import vocabulary

#: The longest sentence that is looked at.
_MOST = 2_000
_SCALES = {
    "": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "mio": 1e6, "g": 1e9, "b": 1e9, "billion": 1e9,
}  # fmt: skip
_NOUNS = {
    "params": r"parameters?|params?|weights",
    "MACs": r"MACs?|multiply[-– ](?:accumulate|add)(?: operations|s)?",
    "FLOPs": r"FLOPs?|FLOPS|floating[- ]point operations",
}
_APPROXIMATE = r"about|around|roughly|approximately|approx\.|some|nearly|almost|just under|just over|close to|circa|ca\.|~|∼|≈|some"
_BOUND = r"at least|at most|more than|less than|fewer than|under|below|above|over|up to|within|beyond|exceeds?|≥|≤|>|<"
_NUMBER = re.compile(
    rf"""(?:(?P<approximate>{_APPROXIMATE})\s?|(?P<bound>{_BOUND})\s?(?:a\sPESQ\sof\s)?)?
    (?<![\w.=\[–−-])(?P<sign>[+−-]\s?)?(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\w\d]*[\d=]|[–-]\d|\.\d|:\d|[-–](?:bit|speaker|dim|channel|layer))
    (?:\s?(?P<percent>%|percent\b|per\ cent\b)
      |\s?(?P<scale>[kKMGB](?![A-Za-z])|[kKMG](?=MACs?\b|FLOP)|thousand\b|million\b|billion\b|(?<=\d\s)Mio\b)?\s?(?:(?:trainable|learnable|free|additional|extra|more|fewer)\s)?
       (?P<noun>(?:parameters?|params?|weights)\b|MACs?\b|[Mm]ultiply[-–\ ](?:accumulate|add)(?:\ operations|s)?|FLOP[sS]?\b)?)""",
    re.VERBOSE,
)  # fmt: skip
_TIMES = re.compile(
    rf"(?:(?P<approximate>{_APPROXIMATE})\s)?(?P<digits>\d+(?:\.\d+)?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty)\s?(?:×|times\b|-fold\b|fold\b)",
    re.IGNORECASE,
)
_WORDED = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "twenty": 20,
}  # fmt: skip
_METRICS = ("PESQ", "STOI", "ESTOI", "CSIG", "CBAK", "COVL", "SSNR", "SI-SDR", "SDR", "DNSMOS", "ViSQOL")
_METRIC = re.compile(
    r"\b(?:(?:wide-?band )?(PESQ)|(E?STOI)|(CSIG)|(CBAK)|(COVL)|(SSNR|segmental SNR)|(SI-S[DN]R)|(SDR)|(DNSMOS)|(ViSQOL))\b"
)
_MORE = r"more|less|ahead|behind|better|worse|higher|lower|fewer|larger|smaller"
_AFTER_DIFFERENCE = re.compile(
    rf"^\s?(?:(?:in |of )?(?:PESQ|STOI|ESTOI|CSIG|CBAK|COVL|dB|points?|MOS)\s?)?(?:points? )?(?:{_MORE}|above|below|over|off)\b|^\s?parameters? (?:{_MORE})\b",
    re.IGNORECASE,
)
_BEFORE_DIFFERENCE = re.compile(
    r"(?:\bby|gain(?:s|ed)?(?: of)?|gap(?: of| is)?|difference (?:of|is)|improvement of|range (?:over \w+ )?is|distance .{0,40}\bis|lead of|lacks?|"
    r"adds?|costs? \S+(?: and \S+)?|worth|brings?|gives?|within|loses?|drop of|deviation .{0,30}is|margin of|explains?|±|\+/-)\s(?:(?:about|roughly|nearly|only|just|a mere|"
    r"another|a|some|further|additional)\s)*$",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\b(?:more|fewer|less|larger|smaller|higher|lower|better|worse|of (?:the|all|its|our)|grow\w*|increas\w*|reduc\w*|"
    r"decreas\w*|sav\w*|gain\w*|improv\w*|cut\w*|by)\b",
    re.IGNORECASE,
)


class SentenceNumberKind(StrEnum):
    """What a number of a sentence is."""

    VALUE = "value"
    DIFFERENCE = "difference"
    PERCENT = "percent"
    TIMES = "times"


@dataclass(frozen=True, slots=True)
class SentenceNumber:
    """A number in a sentence, from `start` to `end`: `value` and `resolution` are in the unit of `quantity` ('' where unclear).

    `others` are quantities that it may be of as well; `assumed` says that nothing names its quantity but its size.
    `approximate` is '~' for "about 3.5", '>=' or '<=' for a bound; `hedge` is the word of it.
    """

    start: int
    end: int
    printed: str
    value: float
    resolution: float
    kind: SentenceNumberKind
    quantity: str = ""
    others: tuple[str, ...] = ()
    assumed: bool = False
    approximate: str = ""
    hedge: str = ""
    percent: bool = False

    @property
    def digits(self) -> int:
        """How many significant digits it is printed with."""
        return len(re.sub(r"\D", "", self.printed).lstrip("0"))


def said_numbers(text: str) -> list[SentenceNumber]:
    """The numbers of a sentence in their order, those left out that count years, hertz, samples and the like."""
    text = text[:_MOST]
    times = list(_times(text))
    taken = [(one.start, one.end) for one in times]
    plain = list(_plain(text, taken))
    return sorted((*times, *plain), key=lambda one: one.start)


def _times(text: str) -> Iterator[SentenceNumber]:
    for match in _TIMES.finditer(text):
        word = match["digits"].lower()
        value = float(_WORDED.get(word, 0) or word)
        yield SentenceNumber(
            match.start(), match.end(), match["digits"], value, _step(word), SentenceNumberKind.TIMES, hedge=(match["approximate"] or "").lower()
        )  # fmt: skip


def _plain(text: str, taken: list[tuple[int, int]]) -> Iterator[SentenceNumber]:
    before: SentenceNumber | None = None
    for match in _NUMBER.finditer(text):
        start, end = match.start("digits"), match.end()
        if any(a <= start < b for a, b in taken) or _counts_something(text, match):
            continue
        one = _one(text, match, start, end, before)
        if one is not None:
            before = one
            yield one


_COUNTED = re.compile(
    r"^[\s-]?(?:k?Hz|ms\b|s\b|seconds?|hours?|epochs?|samples|frames|bins|layers|channels|utterances|files|speakers?|seeds?|runs?|"
    r"stages|branch\w*|blocks|heads|tokens|bands|models|networks|papers|variants|tables|steps|GB|GPU|bits?|dimension\w*|features|"
    r"(?:[a-z-]+ )?(?:layers|branches|seeds|tokens|models|networks|files|utterances))\b"
)


#: "Gemini 2.5 Pro", "Python 3.11 and": names of products around the number of a version.
_VERSION_BEFORE = re.compile(
    r"(?<![\w-])(?!(?:PESQ|STOI|ESTOI|CSIG|CBAK|COVL|SSNR)\b)[A-Z][a-z]+[A-Za-z]*\s$"
)
_VERSION_AFTER = re.compile(
    r"\s*(?!(?:PESQ|STOI|ESTOI|CSIG|CBAK|COVL|SSNR|SI-S[DN]R|[KMG]\b|MACs?|FLOPs?|GMACs?))[A-Z][a-z]+"
)
#: What stands before numbers that are no score: "a factor of 1.5", "an exponent of 0.3".
_NO_SCORE = re.compile(
    r"\b(?:factors?|exponents?|rates?|thresholds?|momentum|temperatures?|dropout|probability|weight decay|coefficients?|quotient|"
    r"learning rate|overlap|stride|dilation|correlation|p-value|RTF|real-time factor)"
    r"\s(?:(?:of|is|was|by|equals|with|about|roughly|nearly|almost|around|only|some|at)\s)*$",
    re.IGNORECASE,
)


def _counts_something(text: str, match: re.Match[str]) -> bool:
    digits = match["digits"]
    if match["scale"] or match["noun"] or match["percent"]:
        return False
    if re.fullmatch(r"(?:19|20)\d\d", digits):
        return True
    before = text[max(0, match.start("digits") - 24) : match.start("digits")]
    if _VERSION_BEFORE.search(before) and _VERSION_AFTER.match(text[match.end() :]):
        return True
    if _NO_SCORE.search(text[max(0, match.start() - 40) : match.start("digits")]):
        return True
    if re.search(r"(?:Table|Tab\.|Fig(?:ure)?\.?|Sec(?:tion)?\.?|Eq\.|version|v|No\.|=)\s?$", before):
        return True
    return bool(_COUNTED.match(text[match.end() :])) or ("." not in digits and "," not in digits)


def _one(
    text: str, match: re.Match[str], start: int, end: int, before: SentenceNumber | None
) -> SentenceNumber | None:
    scale = _SCALES[(match["scale"] or "").lower()]
    digits = match["digits"].replace(",", "")
    value, step = float(digits) * scale, _step(digits) * scale
    hedge = (match["approximate"] or match["bound"] or "").lower()
    approximate = "~" if match["approximate"] else _bound(hedge)
    quantity, others, assumed = _quantity(text, match, before, value)
    after, ahead = text[end:], text[: match.start()]
    if match["percent"]:
        if quantity in ("STOI", "ESTOI") and not _CHANGES.match(after.strip()[:12]):
            return SentenceNumber(
                start, end, match["digits"], value / 100, step / 100, SentenceNumberKind.VALUE, quantity, (), assumed, approximate, hedge, True
            )  # fmt: skip
        return SentenceNumber(
            start, end, match["digits"], value, step, SentenceNumberKind.PERCENT, "", (), False, approximate, hedge, True
        )  # fmt: skip
    if quantity == "" and not match["scale"]:
        return None
    difference = bool(
        _AFTER_DIFFERENCE.match(after)
        or (_BEFORE_DIFFERENCE.search(ahead) and not match["bound"] and quantity not in ("MACs", "FLOPs"))
        or (
            match["noun"]
            and re.search(r"\b(?:more|fewer|additional|extra)\b", text[match.end("digits") : end])
        )
        or (_BEFORE_DIFFERENCE.search(ahead + " ") is not None and hedge == "within")
        or match["sign"]
        or (quantity in ("PESQ", "CSIG", "CBAK", "COVL", "DNSMOS") and value < 1)
        or (quantity in ("STOI", "ESTOI") and value < 0.3)
    )
    told = _AFTER_DIFFERENCE.match(after) and not re.search(r"\bof\s$", ahead)
    if difference and quantity == "PESQ" and value >= 1 and not told:
        difference = False
    if (
        difference
        and quantity == "params"
        and not re.search(rf"\b(?:{_MORE}|additional|extra)\b", text[end - 20 : end + 24])
    ):
        difference = False
    kind = SentenceNumberKind.DIFFERENCE if difference else SentenceNumberKind.VALUE
    return SentenceNumber(
        start, end, text[start:end].strip(), value, step, kind, quantity, others, assumed, approximate, hedge
    )


def _bound(words: str) -> str:
    if words in ("at least", "more than", "above", "over", "beyond", "exceed", "exceeds", "≥", ">"):
        return ">="
    return "<=" if words else ""


def _quantity(
    text: str, match: re.Match[str], before: SentenceNumber | None, value: float
) -> tuple[str, tuple[str, ...], bool]:
    noun = match["noun"] or ""
    for quantity, pattern in _NOUNS.items():
        if noun and re.fullmatch(pattern, noun, re.IGNORECASE):
            return quantity, (), False
    if match["scale"]:
        alike = re.escape(match["scale"])
        after = re.match(
            rf"\s?(?:and|to|or|against|–)\s[\d.,]+\s?{alike}\s?(parameters|params|MACs|FLOPs)",
            text[match.end() :],
        )
        costs = [q for q in ("MACs", "FLOPs") if re.search(_NOUNS[q], text)]
        if after is not None:
            return ("params" if after[1].startswith("param") else after[1]), (), False
        if match["scale"] in "Gg" or match["scale"] == "billion":
            return (costs[0] if costs else "MACs"), ("FLOPs", "MACs"), not costs
        if costs and not re.search(_NOUNS["params"], text):
            return costs[0], ("params",), False
        return "params", tuple(costs), False
    ranged = re.match(r"\s?(?:to|and|–)\s[\d.]+\s?(?:[kKMG]\b|million\b|thousand\b)", text[match.end() :])
    if ranged is not None and not match["percent"]:
        return "", (), False  # "1.41 and 2.39 million": its unit stands at the other one
    if value >= 1e4 or _listed_count(match, before):
        return "params", (), False
    metric = _metric_of(text, match)
    if re.match(r"\s?dB\b", text[match.end() :]) and metric not in ("SSNR", "SI-SDR", "SDR"):
        return "", (), False  # of a metric that is not named, or of a level
    if metric:
        return metric, (), False
    if match["percent"]:
        return "", (), False
    if before is not None and before.quantity in _METRICS and _alike(before, value):
        return before.quantity, (), before.assumed
    if "." in match["digits"] and len(match["digits"].split(".")[1]) >= 1 and 1.0 <= value <= 4.65:
        return "PESQ", tuple(_METRICS[2:5]), True
    hundredths = "." in match["digits"] and len(match["digits"].split(".")[1]) >= 2
    if hundredths and value < 1 and not _LISTED.search(text[: match.start()]):
        return "PESQ", ("STOI", "ESTOI", "CSIG", "CBAK", "COVL"), True
    return "", (), False


def _listed_count(match: re.Match[str], before: SentenceNumber | None) -> bool:
    """Whether a number is counted as the one before it: 21,689 parameters, where another network has 7,464."""
    return (
        "," in match["digits"]
        and before is not None
        and before.quantity == "params"
        and "," in before.printed
    )


#: "MetricGAN+: 0.474, noisy: 0.352": a value of what the sentences before speak of, and no difference.
_LISTED = re.compile(r"[\w+)\]][:=]\s?$")
#: Before the name of a metric that stands behind its number.
_SERVED = re.compile(r"\d\s?%?\s(?:in |of |points? in )?(?:wide-band )?$")


def _alike(before: SentenceNumber, value: float) -> bool:
    """Whether a number may be of the quantity of the one before it."""
    return (before.value < 1) == (value < 1) or before.quantity == "PESQ"


def _metric_of(text: str, match: re.Match[str]) -> str:
    """The metric that is named beside a number: "PESQ of 3.05", "3.05 in PESQ"; else the only one of the sentence."""
    start, end = match.start("digits"), match.end()
    ahead = list(_METRIC.finditer(text, max(0, start - 60), start))
    linked = re.match(r"\s?(?:(?:in|of|points in) )?(?:wide-band )?", text[end:])
    named = _METRIC.match(text, end + (len(linked[0]) if linked is not None else 0))
    if ahead and named is not None and _SERVED.search(text[: ahead[-1].start()]):
        return _name(named)  # "2.86 in PESQ, 0.94 in STOI": the one ahead has its number
    if ahead:
        between = text[ahead[-1].end() : start]
        if re.fullmatch(
            r"[\s:=(,]*(?:(?:of|is|was|at|score|scores|value|values|reaches|with|=|to|from|rises|falls|about|roughly|nearly|almost|only|just|"
            r"around|least|than|more|above|below|over|the|a)[\s:=(]*)*",
            between,
            re.IGNORECASE,
        ):
            return _name(ahead[-1])
    link = re.match(r"\s?(?:in |of |points in )?(?:wide-band )?", text[end:])
    behind = _METRIC.match(text, end + (len(link[0]) if link is not None else 0))
    if behind is not None:
        return _name(behind)
    found = list(dict.fromkeys(_name(m) for m in _METRIC.finditer(text)))
    if len(found) == 1:
        metric = vocabulary().metric(found[0])
        value = float(match["digits"].replace(",", ""))
        if metric is not None and metric.percent:
            return found[0] if value <= 1 or match["percent"] else ""
        return found[0]
    if ahead:
        return _name(ahead[-1])
    return ""


def _name(match: re.Match[str]) -> str:
    word = next(group for group in match.groups() if group)
    return {"segmental SNR": "SSNR", "SI-SNR": "SI-SDR"}.get(word, word)


def _step(digits: str) -> float:
    """One unit of the last printed digit."""
    return 10.0 ** -len(digits.split(".")[1]) if "." in digits else 1.0
