"""Parts of a test set: speakers and input SNRs, from names of files or from a list of conditions."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from litdb.errors import InputError

#: Ids of VCTK, from which VoiceBank+DEMAND was made: p232_001.
_SPEAKER = re.compile(r"(?:^|/)([ps]\d{3})_")
#: Synthetic test sets of the DNS challenge: ..._snr15_..., ..._snr-5_....
_SNR = re.compile(r"(?:^|_)snr_?(-?\d+(?:\.\d+)?)(?=_|\.|$)", re.IGNORECASE)
_ENDINGS = re.compile(r"\.(wav|flac)$", re.IGNORECASE)
#: With more values than this an SNR is shown by range.
_MANY = 8
_EDGES = (-5.0, 0.0, 5.0, 10.0, 15.0, 20.0)

Conditions = Mapping[str, Mapping[str, str]]


def read_conditions(text: str, name: str) -> dict[str, dict[str, str]]:
    """Conditions of each file: file to kind (speaker, snr, noise, ...) to value.

    Either a table (CSV or TSV) whose first column is `id`, `file` or `name`, or lines without a header of file,
    noise and SNR, as VoiceBank+DEMAND's `log_testset.txt` has them. Raises InputError.
    """
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    if not lines:
        raise InputError(f"{name} is empty: give a table of id, speaker, snr")
    delimiter = "\t" if "\t" in lines[0] else "," if "," in lines[0] else None
    if delimiter is None:
        rows = [line.split() for line in lines]
    else:
        rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    header = [cell.strip().lower() for cell in rows[0]]
    if header[0] in ("id", "file", "name", "filename", "utterance"):
        rows = rows[1:]
    elif all(len(row) == 3 for row in rows):
        header = ["id", "noise", "snr"]
    else:
        raise InputError(
            f"{name} has no header: its first line must name the columns, such as id,speaker,snr"
        )
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        cells = [cell.strip() for cell in row]
        found[plain(cells[0])] = {
            kind: value for kind, value in zip(header[1:], cells[1:], strict=False) if value
        }
    return found


def plain(utterance: str) -> str:
    """The name of a file without its ending."""
    return _ENDINGS.sub("", utterance.strip())


def subsets(
    utterances: Iterable[str], conditions: Conditions | None = None
) -> dict[str, dict[str, list[str]]]:
    """The parts of a test set: kind (`speaker`, `snr`, ...) to value to files; only kinds known for every file."""
    names = list(utterances)
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name in names:
        for kind, value in {**_from_name(name), **(conditions or {}).get(plain(name), {})}.items():
            found[kind][value].append(name)
    whole = {
        kind: parts for kind, parts in found.items() if sum(map(len, parts.values())) == len(names) and names
    }
    return {
        kind: dict(sorted((_ranges(parts) if kind == "snr" else parts).items(), key=_order))
        for kind, parts in sorted(whole.items())
    }


def _from_name(name: str) -> dict[str, str]:
    found = {}
    if speaker := _SPEAKER.search(name):
        found["speaker"] = speaker[1]
    if snr := _SNR.search(plain(name)):
        found["snr"] = snr[1]
    return found


def _ranges(parts: Mapping[str, list[str]]) -> Mapping[str, list[str]]:
    """SNRs of many values by range; a value that is no number leaves them as they are."""
    try:
        numbers = {value: float(value) for value in parts}
    except ValueError:
        return parts
    if len(parts) <= _MANY:
        return parts
    found: dict[str, list[str]] = defaultdict(list)
    for value, number in numbers.items():
        below = [edge for edge in _EDGES if edge <= number]
        above = [edge for edge in _EDGES if edge > number]
        low, high = (f"{below[-1]:g}" if below else ""), (f"{above[0]:g}" if above else "")
        found[f"{low}..{high}"] += parts[value]
    return found


def _order(part: tuple[str, list[str]]) -> tuple[float, str]:
    match = re.match(r"-?\d+(\.\d+)?", part[0])
    return (float(match[0]) if match else float("-inf"), part[0])
