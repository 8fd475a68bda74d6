"""What a text says of the scope of its numbers: split, subset, condition, statistic, band, rate, task, or that they are no
scores at all. What can be carried is carried in the protocol; the rest is a reason to propose rather than to accept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from litdb.extract.meaning import words
from litdb.vocabulary import vocabulary

Kind = Literal["split", "subset", "condition", "statistic", "band", "rate", "task", "status"]


@dataclass(frozen=True, slots=True)
class Scope:
    """One thing said: `words` as printed; `value` is what a protocol holds of it, '' when nothing does."""

    kind: Kind
    words: str
    value: str = ""


_AFTER_TRAINING = re.compile(
    r"\b(?:re-?train\w*|train\w*|pre-?train\w*|fine-?tun\w+|select\w*|tun\w+|chosen|stopp\w+|optimi\w+)\b[^.;]{0,40}$",
    re.I,
)
_SPLIT = re.compile(
    r"\b(?P<part>val(?:id(?:ation)?)?|dev(?:elopment)?|train(?:ing)?)[ -](?:set|split|data|partition|part|portion|subset|scores?|results?)\b"
    r"|\b(?:split|jeu|ensemble|fichiers?|données) de validation\b|\bconjunto de valida(?:ción|ção)\b|\binsieme di validazione\b"
    r"|\bvalidierungs(?:satz|set|daten|menge)\w*|验证集|驗證集|検証(?:用)?(?:セット|データ)|검증\s?(?:세트|데이터|셋)"
    r"|\b(?:held-?out(?!\s+(?:test|speakers?|noises?|talkers?|clips?|utterances|files|sentences|recordings|mixtures))|cross-?validation)\b",
    re.I,
)
#: In front of 'training data' where it is what the numbers are on; 'all models see the same training data' tells no split.
_ON_TRAINING = re.compile(
    r"(?:\b(?:on|over|for)\s+(?:(?:the|their|its|our|a)\s+)?(?:(?!(?:same|identical|different|various|more|less|extra)\b)[\w+&-]+\s+){0,3}"
    r"|^\W*|[(:;–—]\s*)$",
    re.I,
)
#: 'VoiceBank development', a heading.
_DEVELOPMENT = re.compile(r"\b(?:development|validation)\W*$", re.I)
_SUBSET = re.compile(
    r"\bsub-?sets?\b|\bfirst \d+\b|\b\d+ (?:random(?:ly)?|selected|chosen)\b|\brandom(?:ly)? (?:chosen|selected|drawn)\b"
    r"|\b(?:a|one|single|selected) (?:sample|file|utterance|sentence|speaker)\b|\bonly\b(?! (?:the |our |methods|models|results|those|for|on|in|uses?|with|a\b))"
    r"|\b(?:bus|cafe|caf[eé]|living(?: room)?|office|psquare|babble|street|car|kitchen|white|factory|stationary|wind) noises?\b"
    r"|\b(?:fe)?male (?:speakers?|voices?|speech)\b|\b(?:un)?seen (?:noise|speaker|condition)s?\b|\bper (?:noise|speaker|file)\b"
    r"|\bfor (?:one|each) (?:speaker|noise|file)\b|\bclean (?:speech )?input\b",
    re.I,
)
_SNR = re.compile(r"(?P<value>[-−–+]?\d+(?:\.\d+)?)\s*dB\b", re.I)
_SNR_SAID = re.compile(
    r"\bSNRs?\b|\bonly\b|\bnoise level|\binput\b|\bat [-−–+]?\d|[(,]\s*[-−–+]?\d+(?:\.\d+)?\s*dB\s*\)", re.I
)
_SNR_LIST = re.compile(r"\d\s*(?:,|and|to|–|-|~|/|∼|or|dB,|dB and|dB to)\s*[-−–+]?\d", re.I)
#: 'NFE = 5 (deployment)': a heading that is nothing but a setting.
_SETTING = re.compile(
    r"(?:[\d.]+\s+)?(?P<name>[A-Za-z][\w-]{0,15})\s*=\s*(?P<value>[\w.+-]{1,12})(?:\s*\([^()]*\))?"
)
_STATISTIC = re.compile(
    r"\b(?P<median>medians?)\b|\b(?P<max>maxim(?:um|a|al)|max\.?(?= (?:score|value|per)))\b|\b(?P<min>minim(?:um|a|al)|worst(?:[ -]case)?)\b"
    r"|\b(?P<best>best (?:of|over|out of|run|seed|epoch|checkpoint|score per|per)\b)|\b(?P<other>percentiles?|quartiles?|standard deviations? of|"
    r"per[- ](?:file|utterance|sample)|modes?\b(?= of)|sums?\b(?= of)|totals?\b(?= of)|variances?|95\s?%(?!\s*(?:confidence|CI\b))|top-?\d)",
    re.I,
)
_BAND = re.compile(
    r"\bnarrow[- ]?band\b|\bNB[- ]?PESQ\b|\bPESQ[- ]?\(?NB\)?|\bP\.?\s?862(?!\.2)(?:\.1)?\b|\braw (?:PESQ|MOS)\b|\btelephone\b",
    re.I,
)
_RATE = re.compile(r"\b(?P<rate>8|11\.025|22\.05|24|32|44\.1|48)\s*[- ]?kHz\b|\b(?P<bare>8|48)k\b", re.I)
_TASK = re.compile(
    r"\bpacket[- ]loss|\bconcealment\b|\bbandwidth extension\b|\bsuper-?resolution\b|\bde-?clipping\b|\binpainting\b|\b(?:neural )?codecs?\b"
    r"|\bspeaker extraction\b|\bseparation\b|\bde-?reverb\w+|\becho\b|\brecognition\b|\bvoice conversion\b|\bsynthesis\b|\bvocod\w+|\bloss (?:rate|of packets)"
    r"|\d+\s?\\?%\s+(?:packet )?loss\b|\bclipp(?:ed|ing)\b|\bquanti[sz]ed to\b",
    re.I,
)
_STATUS = re.compile(
    r"^\W*(?:the )?(?:relative |absolute |mean |average )*(?:gains?|improvements?|differences?|deltas?|Δ|increases?|reductions?|drops?|changes?|degradations?)\b"
    r"|\b(?:PESQ|STOI|CSIG|COVL|CBAK|SNR|SDR|score|MOS) (?:gains?|improvements?|differences?|deltas?|targets?)\b|\b(?:gains?|improvements?|differences?) (?:in|of|over) (?:the )?(?:PESQ|STOI|noisy|input|unprocessed)"
    r"|\bpredict(?:ed|ions?) (?:by|of|from|with|PESQ|scores?|MOS)|\bpredicted\b|\bestimated (?:by|PESQ|scores?|STOI|from)|\btargets?\b(?! (?:speaker|speech|speakers|signal|SNR|task|domain|device|platform|application|mask))"
    r"|\boracle\b|\bupper bounds?\b|\bideal\b|\bclean phase\b|\bground[- ]truth (?:phase|mask|magnitude)|\bexpected\b|\bsimulat(?:ed|ion) results?\b"
    r"|\bfine-?tun\w+ (?:on|with|to) (?:the )?[^.]{0,30}test\b|\b(?:trained|tuned|adapted|selected|optimi[sz]ed|overfit\w*) (?:on|with|to) (?:the )?[^.]{0,30}\btest(?:ing)?[ -](?:set|data|split|files|utterances)"
    r"|\btest[- ]time (?:adapt|train)\w+|\bproject(?:ed|ion)s?\b|\bhypothetical\b|\bplaceholders?\b|\bto be (?:updated|replaced|filled)\b|\bpreliminary\b|\bsubjective\b|\blistening tests?\b|\bcorrelat\w+",
    re.I,
)


_BOTH = re.compile(r"\bobjective\b", re.I)
_RATED = re.compile(r"subjective|listening tests?", re.I)


@lru_cache(maxsize=1024)
def said(text: str) -> tuple[Scope, ...]:
    """What a caption, title, note or sentence says of the scope of the numbers it speaks about."""
    text = text[:1500].replace("\\%", "%")
    found: list[Scope] = []
    for match in _SPLIT.finditer(text):
        if not _AFTER_TRAINING.search(text[max(0, match.start() - 60) : match.start()]):
            part = (match["part"] or "").lower()
            if part.startswith("train") and not _ON_TRAINING.search(text[: match.start()][-60:]):
                continue
            value = "training" if part.startswith("train") else "validation"
            found.append(Scope("split", match.group(), value))
    if len(text) <= 60 and (ending := _DEVELOPMENT.search(text)) and vocabulary().datasets_in(text):
        found.append(Scope("split", ending.group(), "validation"))
    found += [Scope("subset", match.group()) for match in _SUBSET.finditer(text)]
    setting = _SETTING.fullmatch(text.rpartition(" / ")[2].strip())  # of headings the last
    if setting is not None:
        found.append(Scope("condition", setting.group(), f"{setting['name']}={setting['value']}"))
    found += _condition(text)
    for match in _STATISTIC.finditer(text):
        value = next((name for name in ("median", "max", "min") if match[name]), "")
        found.append(Scope("statistic", match.group(), value))
    found += [
        Scope("band", match.group(), "NB") for match in _BAND.finditer(words.BAND_DENIED.sub(" ", text))
    ]
    for match in _RATE.finditer(text):
        value = str(int(float(match["rate"] or match["bare"]) * 1000))
        found.append(Scope("rate", match.group(), value))
    found += [Scope("task", match.group()) for match in _TASK.finditer(text)]
    both = _BOTH.search(text) is not None  # both kinds of scores: neither word speaks of all numbers
    found += [
        Scope("status", match.group().strip())
        for match in _STATUS.finditer(text)
        if not (both and _RATED.fullmatch(match.group().strip()))
    ]
    return tuple(dict.fromkeys(found))


def _condition(text: str) -> list[Scope]:
    """A single SNR that a sentence restricts its numbers to; a list or a range of them describes the test set."""
    done = []
    for sentence in re.split(r"[.;](?:\s|$)", text):
        matches = list(_SNR.finditer(sentence))
        if (
            not matches
            or not _SNR_SAID.search(sentence)
            or re.search(r"±|(?<!\w)\+\s?\d|\b(?:gain|improv\w*|higher|lower|more|less|by)\b", sentence)
        ):
            continue
        if len({match["value"] for match in matches}) > 1 or _SNR_LIST.search(sentence):
            continue
        value = matches[0]["value"].replace("−", "-").replace("–", "-").lstrip("+")
        done.append(Scope("condition", matches[0].group(), f"SNR {value} dB"))
    return done
