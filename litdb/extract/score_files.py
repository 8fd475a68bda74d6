"""Scores by file as other tools write them: VERSA (a JSON object a line) and SpeechScore (one dictionary, printed or dumped).

Both call things by names that mean something else elsewhere. What a tool computes differently from what its name says is a
`Quirk`; a score that is another quantity than the one it is called after is left out, with the quirk as the reason.
Everything here is a pure function from text to a :class:`ScoreFile`. Read in November 2026 from the tools' sources:
wavlab-speech/versa (`versa/utterance_metrics`, `scripts/show_result.py`) and ClearerVoice-Studio (`speechscore`).
"""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from litdb.errors import InputError
from litdb.extract.strict_json import strict_loads


@dataclass(frozen=True, slots=True)
class Quirk:
    """What a tool does differently. `left_out`: its scores of this name are another quantity, and are not read."""

    name: str
    """As the tool writes it."""
    words: str
    left_out: bool = False

    def __str__(self) -> str:
        return f"{self.name}: {self.words}" + ("; left out" if self.left_out else "")


@dataclass(frozen=True, slots=True)
class ScoreFile:
    """Scores by file. `rows` have `id`, one entry a metric in the catalogue's spelling, and `error`; values are text.

    `quirks` are those of the scores in this file, `unknown` the scores that the catalogue has no metric for.
    """

    tool: str
    rows: tuple[Mapping[str, str], ...]
    quirks: tuple[Quirk, ...]
    unknown: tuple[str, ...]

    def quirks_of(self) -> dict[str, tuple[Quirk, ...]]:
        """The quirks of the scores that were read, by metric."""
        names = VERSA if self.tool == "VERSA" else SPEECHSCORE
        found: dict[str, tuple[Quirk, ...]] = {}
        for quirk in self.quirks:
            if not quirk.left_out:
                metric = names[quirk.name]
                found[metric] = (*found.get(metric, ()), quirk)
        return found


VERSA: Mapping[str, str] = {
    "pesq": "PESQ",
    "stoi": "STOI",
    "estoi": "ESTOI",
    "si_snr": "SI-SDR",
    "pysepm_c_sig": "CSIG@unit",
    "pysepm_c_bak": "CBAK@unit",
    "pysepm_c_ovl": "COVL@unit",
    "dns_overall": "DNSMOS-OVRL",
    "dns_p808": "DNSMOS-P808",
}
"""VERSA's name -> the catalogue's."""
VERSA_QUIRKS = (
    Quirk(
        "pesq",
        "a failure is written as 0.0, which is no PESQ, and is read as missing; audio under 16 kHz gets narrow-band PESQ",
    ),
    Quirk("si_snr", "SI-SNR, taken after removing means, which SI-SDR here is not"),
    *(
        Quirk(name, "composite on samples in [-1, 1], not int16-valued ones")
        for name in ("pysepm_c_sig", "pysepm_c_bak", "pysepm_c_ovl")
    ),
    *(
        Quirk(
            name, "compared with the output of an enhancement network, not with clean speech", left_out=True
        )
        for name in ("se_sdr", "se_sar", "se_si_snr", "se_ci_sdr")
    ),
    *(
        Quirk(name, "a prediction without reference, not the metric it is called after", left_out=True)
        for name in ("torch_squim_pesq", "torch_squim_stoi", "torch_squim_si_sdr")
    ),
)

SPEECHSCORE: Mapping[str, str] = {
    "PESQ": "PESQ",
    "NB_PESQ": "PESQ-NB",
    "STOI": "STOI",
    "SISDR": "SI-SDR",
    "DNSMOS.SIG": "DNSMOS-SIG",
    "DNSMOS.BAK": "DNSMOS-BAK",
    "DNSMOS.OVRL": "DNSMOS-OVRL",
    "DNSMOS.P808_MOS": "DNSMOS-P808",
}
"""SpeechScore's name (a dot before the part of a group) -> the catalogue's."""
SPEECHSCORE_QUIRKS = (
    Quirk(
        "SSNR",
        "taken after removing means and scaling one signal to the other's peak, with test and reference exchanged",
        left_out=True,
    ),
    *(
        Quirk(name, "test and reference are exchanged, in its PESQ, too", left_out=True)
        for name in ("CSIG", "CBAK", "COVL")
    ),
    Quirk("SNR", "not segmental, and no metric of the catalogue", left_out=True),
    *(
        Quirk(
            name,
            "of two files of unequal length the shorter is padded with zeros; unequal rates go to the lower one",
        )
        for name in ("PESQ", "NB_PESQ", "STOI", "SISDR")
    ),
)
MEAN = "Mean_Score"
"""SpeechScore's entry that is no file."""
_NUMPY = re.compile(r"np\.float\d+\(([^()]*)\)|np\.(?:nan|inf)\b")
_BARE = re.compile(r"(?<=[:,\s\[])(-?inf|nan)(?=[,\s\]}])")


def read_score_file(text: str, name: str) -> ScoreFile | None:
    """The scores in a file of one of these tools, or None when it is none of theirs.

    Raises InputError naming the line or file when it is theirs and cannot be read: a broken line, the same file twice, one
    file's scores without a name, or nothing that the catalogue knows.
    """
    stripped = text.lstrip("\ufeff \n\r\t")
    if not stripped.startswith("{"):
        return None
    first = stripped.splitlines()[0].strip()
    if re.match(r"""\{\s*["']key["']\s*:""", first):
        return _versa(stripped, name)
    if _is_speechscore(stripped):
        return _speechscore(stripped, name)
    return None


def _versa(text: str, name: str) -> ScoreFile:
    entries: dict[str, Mapping[str, Any]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found = _parsed(line, f"{name}, line {number}")
        key = str(found.get("key") or "")
        if not key:
            raise InputError(f"{name}, line {number} has no key, which names the file")
        if key in entries:
            raise InputError(f"{name}, line {number}: {key} stands there twice; give the results of one run")
        entries[key] = {word: value for word, value in found.items() if word != "key"}
    return _score_file("VERSA", entries, VERSA, VERSA_QUIRKS, name, _versa_value)


def _versa_value(metric: str, value: float) -> str:
    return "pesq failed (written as 0.0)" if metric == "PESQ" and value == 0 else ""


def _is_speechscore(text: str) -> bool:
    """By the names of its scores, which nobody else writes so."""
    head = text[:4000]
    return any(
        re.search(rf"""["']{word}["']\s*:""", head)
        for word in ("SISDR", "NB_PESQ", "FWSEGSNR", "P808_MOS", MEAN)
    )


def _speechscore(text: str, name: str) -> ScoreFile:
    found = _parsed(text, name)
    files = {word: value for word, value in found.items() if word != MEAN}
    if not files or not all(isinstance(value, Mapping) and "." in word for word, value in files.items()):
        raise InputError(
            f"{name} holds the scores of one file, or means alone; give what SpeechScore returns for two folders, whose entries "
            "are named after the files"
        )
    entries: dict[str, Mapping[str, Any]] = {}
    for word, value in files.items():
        key = PurePath(word).stem
        if key in entries:
            raise InputError(f"{name} has two files called {key}; rename one and score again")
        entries[key] = _flat(value)
    return _score_file(
        "SpeechScore", entries, SPEECHSCORE, SPEECHSCORE_QUIRKS, name, lambda _metric, _value: ""
    )


def _flat(scores: Mapping[str, Any]) -> dict[str, Any]:
    """Groups of scores as single ones: {"DNSMOS": {"SIG": 3}} becomes {"DNSMOS.SIG": 3}."""
    flat: dict[str, Any] = {}
    for word, value in scores.items():
        if isinstance(value, Mapping):
            flat |= {f"{word}.{inner}": found for inner, found in value.items()}
        else:
            flat[word] = value
    return flat


def _score_file(
    tool: str,
    entries: Mapping[str, Mapping[str, Any]],
    names: Mapping[str, str],
    quirks: Iterable[Quirk],
    name: str,
    refused: Callable[[str, float], str],
) -> ScoreFile:
    present = {word for scores in entries.values() for word in scores}
    known = [word for word in names if word in present]
    if not known:
        raise InputError(
            f"{name} is a file of {tool} without a score that the catalogue takes; it has {', '.join(sorted(present))}"
        )
    found = tuple(quirk for quirk in quirks if quirk.name in present)
    rows = []
    for key, scores in entries.items():
        row, reasons = {"id": key}, []
        for word in known:
            metric = names[word]
            value = _number(scores.get(word))
            reason = "no value" if value is None else refused(metric, value)
            row[metric] = "" if reason or value is None else repr(value)
            if reason:
                reasons.append(f"{metric}: {reason}")
        rows.append({**row, "error": "; ".join(reasons)})
    taken = {*known, *(quirk.name for quirk in found)}
    numbers = {
        word for scores in entries.values() for word, value in scores.items() if _number(value) is not None
    }
    return ScoreFile(tool, tuple(rows), found, tuple(sorted(numbers - taken)))


def _number(value: object) -> float | None:
    """A finite number; VERSA writes infinities as words."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _refuse_twice(tree: ast.AST, where: str) -> None:
    """Raise InputError for a printed dictionary that has a key twice."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            keys = [str(key.value) for key in node.keys if isinstance(key, ast.Constant)]
            twice = next((key for key, count in Counter(keys).items() if count > 1), None)
            if twice is not None:
                raise InputError(f"{where} gives {twice} twice: leave one out")


def _parsed(text: str, where: str) -> dict[str, Any]:
    """A JSON object, or a dictionary as Python prints it (NumPy's numbers, too). Nothing is evaluated but literals."""
    try:
        found = strict_loads(text, where)
    except (ValueError, RecursionError):
        plain = _NUMPY.sub(lambda match: match[1] or "None", text)
        try:
            tree = ast.parse(_BARE.sub("None", plain), mode="eval")
            _refuse_twice(tree, where)
            found = ast.literal_eval(tree)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            raise InputError(f"{where} is neither JSON nor a printed dictionary; was it cut short?") from None
    if not isinstance(found, dict):
        raise InputError(f"{where} is no dictionary of scores")
    return {str(word): value for word, value in found.items()}
