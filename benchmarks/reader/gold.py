"""Hand-checked tables and how readings are held against them.

A reading *hits* a line of the gold of its file when model, metric and number agree; it is *right* when, besides, what tells
rows of one model apart is said and the test set does not mislead.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from litdb.extract import CellReading, SourceText, source_from_files
from litdb.vocabulary import MetricName, vocabulary
from tests.extract.met import batch

_COUNTS = ("params", "MACs", "FLOPs")
_GROUPS = ("pellegrini", "ull_", "mlsp2026", "realac09", "rtlavoce")


def folded(text: str) -> str:
    """Letters and digits without case, plus signs in words."""
    return re.sub(r"[^a-z0-9]", "", text.lower().replace("+", "plus"))


def name_key(text: str) -> str:
    """A label as it is compared: without list number, brackets, year and '(Ours)'."""
    bare = re.sub(r"^\s*\(?\d+[.)]\s+", "", text)
    bare = re.sub(
        r"\[[^\]]*\]|\$[^$]*\$|\\[a-zA-Z]+|\((?:ours|proposed|baseline|our|(?:19|20)\d\d)\)",
        " ",
        bare,
        flags=re.I,
    )
    bare = re.sub(r",\s*(?:19|20)\d\d\s*$", " ", bare.strip())
    return folded(bare) or folded(text)


def told(text: str) -> frozenset[str]:
    """What the brackets of a label say, without the names of the settings."""
    found = set()
    for inside in re.findall(r"\[([^\]]*)\]", text):
        for part in re.split(r"[,;]\s*|\s/\s", inside):
            value = part.split("=", 1)[-1].strip()
            value = {"✗": "no", "✓": "yes"}.get(value, value)
            if folded(value):
                found.add(folded(value))
    return frozenset(found)


def _settings(text: str) -> tuple[str, ...]:
    """The pairs of a label that is nothing but settings."""
    match = re.fullmatch(r"\s*\[([^\]]*=[^\]]*)\]\s*", text)
    return tuple(re.sub(r"\s", "", p).lower() for p in match[1].split(",")) if match else ()


@dataclass(slots=True)
class Line:
    """One number of the gold."""

    table: str
    system: str
    metric: str
    dataset: str
    value: float
    telling: frozenset[str] = frozenset()
    apart: bool = False


@dataclass(slots=True)
class Document:
    """A file with its gold; `paper` is what all renderings of one paper share."""

    path: str
    paper: str
    source: SourceText
    lines: dict[tuple[str, str], list[Line]] = field(default_factory=lambda: defaultdict(list))
    settings: list[tuple[tuple[str, ...], Line]] = field(default_factory=list)


def paper_of(path: str) -> str:
    """The paper that a file is a rendering of."""
    name = path.rsplit("/", 1)[-1]
    for group in _GROUPS:
        if group in name:
            return group.rstrip("_")
    number = re.search(r"\d{4}-\d{5}", name)
    return number[0] if number else name.rsplit(".", 1)[0]


def _number(text: str) -> float | None:
    match = re.search(
        r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?", text.replace("−", "-").replace("$-$", "-").replace(",", "")
    )
    return float(match.group()) if match else None


def _metric(text: str) -> str:
    if folded(text) in ("dnsmosovl", "dnsmosovr"):
        return "DNSMOS-OVRL"
    named = vocabulary().named(text)
    return text if named is None else named.metric.id + ("-NB" if named.band == "NB" else "")


def members(path: Path) -> dict[str, bytes]:
    """The files of a document: an archive's members, or the file itself."""
    content = path.read_bytes()
    if path.suffix != ".gz":
        return {path.name: content}
    content = gzip.decompress(content)
    try:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            return {m.name: h.read() for m in archive if (h := archive.extractfile(m)) is not None}
    except tarfile.TarError:
        return {path.stem: content}


def documents(folders: Sequence[Path], without: Iterable[str] = ()) -> list[Document]:
    """All files with gold under the folders, but for those whose path is in `without`."""
    left_out = frozenset(without)
    done = []
    for folder in folders:
        with (folder / "GOLD.tsv").open(encoding="utf-8") as handle:
            table = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
        by_file: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in table:
            if row["file"] not in left_out:
                by_file[row["file"]].append(row)
        for path, rows in by_file.items():
            source = source_from_files(members(folder / path), path)
            document = Document(path, paper_of(path), source)
            _fill(document, rows)
            done.append(document)
    return done


def invented(name: str) -> list[Document]:
    """The documents of a batch of invented tables, each a paper of its own."""
    done = []
    for case in batch(name):
        document = Document(
            case.name, f"invented {case.name}", source_from_files({case.name: case.text}, case.name)
        )
        rows = [
            {
                "table_index": "", "system": wanted.labels[-1], "metric": wanted.metric, "value": str(wanted.value),
                "dataset": next((title for title in wanted.sets if title), ""), "params_millions": "",
            }
            for wanted in case.expected
        ]  # fmt: skip
        _fill(document, rows)
        done.append(document)
    return done


def _fill(document: Document, rows: Sequence[dict[str, str]]) -> None:
    seen = set()
    by_name: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for row in rows:
        metric, value = _metric(row["metric"]), _number(row["value"] or "")
        millions = _number(row["params_millions"] or "")
        lines = []
        if value is not None and not (metric == "params" and millions is not None):
            lines.append(Line(row["table_index"], row["system"], metric, row["dataset"], value))
        if millions is not None and (row["table_index"], row["system"]) not in seen:
            seen.add((row["table_index"], row["system"]))
            lines.append(Line(row["table_index"], row["system"], "params", "", millions * 1e6))
        for line in lines:
            document.lines[(name_key(line.system), line.metric)].append(line)
            by_name[(name_key(line.system), line.metric, line.dataset, line.table)].append(line)
            if pairs := _settings(line.system):
                document.settings.append((pairs, line))
    for lines in by_name.values():
        values = [told(line.system) for line in lines]
        shared = frozenset.intersection(*values)
        for line, mine in zip(lines, values, strict=True):
            others = {o.system for o in lines} - {line.system}
            line.telling = mine - shared if others else frozenset()


def agrees(line: Line, reading: CellReading) -> bool:
    """Whether the number of a reading is the number of a line."""
    metric, value, want = line.metric, reading.value, line.value
    if metric == "params":
        return abs(value - want) <= 0.006 * abs(want)
    if metric in _COUNTS:
        return any(_same(value, want * scale) for scale in (1.0, 1e6, 1e9))
    if _same(value, want) or (metric in ("STOI", "ESTOI") and _same(value * 100, want)):
        return True
    printed = re.findall(r"(?<![\w.])[-+]?\d*\.?\d+", reading.raw.replace("−", "-").replace("$-$", "-"))
    return len(printed) == 1 and _same(float(printed[0]), want)


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-9 + 1e-6 * max(abs(a), abs(b))


def hits(document: Document, readings: Sequence[CellReading]) -> list[Line | None]:
    """For each reading the line that it hits, each line once; lines whose rows are told apart first."""
    found: list[Line | None] = [None] * len(readings)
    taken: set[int] = set()
    for strict in (True, False):
        for place, reading in enumerate(readings):
            if found[place] is not None:
                continue
            for line in _candidates(document, reading):
                if id(line) in taken or not agrees(line, reading):
                    continue
                if strict and not says(line, reading):
                    continue
                taken.add(id(line))
                found[place] = line
                break
    return found


def says(line: Line, reading: CellReading) -> bool:
    """Whether a reading says what tells the line's row apart."""
    if not line.telling:
        return True
    have = folded(" ".join(re.findall(r"\[([^\]]*)\]", reading.model))) + folded(reading.model)
    return any(value in have for value in line.telling)


def _candidates(document: Document, reading: CellReading) -> list[Line]:
    name = MetricName.parse(reading.metric)
    metric = name.quantity + ("-NB" if name.band == "NB" else "")
    found = list(document.lines.get((name_key(reading.model), metric), ()))
    flat = re.sub(r"\s", "", reading.model).lower()
    found += [
        line
        for pairs, line in document.settings
        if line.metric == metric
        and line not in found
        and all(re.search(rf"(?<![a-z0-9.]){re.escape(p)}(?![0-9.])", flat) for p in pairs)
    ]
    return found


def _family(text: str) -> str:
    """The test set that a text names, its parts folded together; '' for none, the folded words outside the vocabulary."""
    if not text or "not named" in text:
        return ""
    named = vocabulary().dataset(text) or next((d for _, d in vocabulary().datasets_in(text)), None)
    if named is None:
        return folded(text)
    return "dns" if re.match(r"dns(?!3)", named.id) else named.id.split("-blind")[0]


def same_set(gold: str, title: str) -> bool:
    """Whether a title is the test set that the gold names, parts of one set folded together."""
    if not gold or not title:
        return False
    mine, other = _family(gold), _family(title)
    known = vocabulary().dataset(title) is not None
    if mine == other:
        return True
    if known or vocabulary().datasets_in(gold):
        return False
    shared = set(re.findall(r"[a-z0-9]{4,}", gold.lower())) & set(re.findall(r"[a-z0-9]{4,}", title.lower()))
    return bool(shared) or mine in other or other in mine


def misleads(gold: str, title: str, label: str) -> bool:
    """Whether a test set as read would mislead: a known one where the gold names none or another, a part of it lost."""
    brackets = " ".join(re.findall(r"\[([^\]]*)\]", label)).lower()
    if not _family(gold):
        return vocabulary().dataset(title) is not None
    if re.search(r"\b(?:val|valid|dev)", gold.lower()) and re.search(
        r"\b(?:val|valid|dev)", f"{title} {brackets}".lower()
    ):
        return False
    if not title:
        return False
    if not same_set(gold, title):
        return True
    want, have = _reverb(gold), _reverb(title) or _reverb(brackets)
    if want and want != have:
        return True
    step = re.search(r"snr\s*(-?\d+)", gold.lower())
    return bool(step) and not re.search(rf"(?<![\d.]){step[1]}(?![\d.])", f"{brackets} {title.lower()}")


def _reverb(text: str) -> str:
    low = text.lower()
    if "dereverb" in low or "reverb" not in low:
        return ""
    return "no" if re.search(r"(?:no|non|without|w/o)[\s_-]*reverb", low) else "yes"
