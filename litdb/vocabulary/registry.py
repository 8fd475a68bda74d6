"""The vocabulary: metrics and test sets with their aliases, read from TOML.

The shipped files say what the field calls things; a user's own file adds metrics, datasets and aliases in the same
layout (an entry with a known id adds its aliases to that entry).
"""

from __future__ import annotations

import difflib
import hashlib
import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from litdb.errors import InputError, UsageError
from litdb.vocabulary.metric_name import MetricName

Direction = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A quantity: its names, direction, unit and what its values look like.

    `minimum` and `maximum` bound a plausible mean in `unit`, `lowest` and `highest` what it can be at all, of one file
    too (the same bounds, where they are not given); `percent` says that a fraction may be printed in
    percent; `per_model` that it does not depend on a test set; `wide` and `narrow` are names that state the band.
    """

    id: str
    title: str = ""
    aliases: tuple[str, ...] = ()
    wide: tuple[str, ...] = ()
    narrow: tuple[str, ...] = ()
    unit: str = ""
    direction: Direction = "higher"
    minimum: float = float("-inf")
    maximum: float = float("inf")
    lowest: float | None = None
    highest: float | None = None
    digits: int = 2
    percent: bool = False
    per_model: bool = False
    composite: bool = False

    def plausible(self, value: float) -> bool:
        """Whether a normalised value lies in the plausible range (both ends included)."""
        return self.minimum <= value <= self.maximum

    @property
    def limits(self) -> tuple[float, float]:
        """The least and the greatest that a normalised value can be."""
        low = self.minimum if self.lowest is None else self.lowest
        return low, self.maximum if self.highest is None else self.highest

    def possible(self, value: float) -> bool:
        """Whether a normalised value is finite and lies in the limits (both ends included)."""
        low, high = self.limits
        return math.isfinite(value) and low <= value <= high


@dataclass(frozen=True, slots=True)
class Dataset:
    """A test set as ranked: names, the usual sampling rate in Hz and its number of files (0 when it varies).

    `names` is a pattern of the names of its files, without their endings, and `ids` a digest of all of them (sha256 of the
    sorted names, one a line); '' where it is not known.
    """

    id: str
    title: str
    aliases: tuple[str, ...] = ()
    rate: int = 0
    files: int = 0
    names: str = ""
    ids: str = ""

    def is_whole(self, files: Iterable[str]) -> bool:
        """Whether these are the names of all its files, without folders and endings; False where they are not known."""
        listed = "\n".join(sorted(set(files)))
        return (
            bool(self.ids) and hashlib.sha256(listed.encode("utf-8", "surrogatepass")).hexdigest() == self.ids
        )


@dataclass(frozen=True, slots=True)
class NamedMetric:
    """What a name resolves to: the metric, and the PESQ band when the name states it."""

    metric: Metric
    band: str = ""


#: Chinese, Japanese and Korean, in a class of characters.
_EAST = "\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af"
_FOLDED_AWAY = re.compile(f"[^a-z0-9α-ω{_EAST}]")


def fold(text: str) -> str:
    """The key under which names are compared: letters, digits, Greek, Chinese, Japanese and Korean only, without case."""
    return _FOLDED_AWAY.sub("", unicodedata.normalize("NFKC", text).lower())


class Vocabulary:
    """Metrics and datasets by name. Immutable; made by :func:`vocabulary`."""

    def __init__(self, metrics: Iterable[Metric], datasets: Iterable[Dataset]) -> None:
        self.metrics: tuple[Metric, ...] = tuple(metrics)
        self.datasets: tuple[Dataset, ...] = tuple(datasets)
        self._metrics: dict[str, NamedMetric] = {}
        self._datasets: dict[str, Dataset] = {}
        for metric in self.metrics:
            self._metrics.setdefault(fold(metric.id), NamedMetric(metric))
        for metric in self.metrics:
            for names, band in (
                (metric.aliases, ""),
                (metric.wide, "WB"),
                (metric.narrow, "NB"),
            ):
                for alias in names:
                    self._metrics.setdefault(fold(alias), NamedMetric(metric, band))
        for dataset in self.datasets:
            for alias in (dataset.id, dataset.title, *dataset.aliases):
                self._datasets.setdefault(fold(alias), dataset)

    def named(self, text: str) -> NamedMetric | None:
        """The metric of an id or alias together with the band that the alias states."""
        return self._metrics.get(fold(text))

    def metric(self, text: str) -> Metric | None:
        """The metric of an id or alias, or None."""
        found = self.named(text)
        return found.metric if found is not None else None

    def dataset(self, text: str) -> Dataset | None:
        """The test set of an id, title or alias, or None."""
        return self._datasets.get(fold(text))

    def test_set(self, text: str, own: Iterable[str] = ()) -> Dataset:
        """The test set of an id, title or alias, or the one of that name among the user's `own`.

        Raises UsageError that names those there are.
        """
        found = self.dataset(text)
        if found is not None:
            return found
        named = {name: Dataset(name, name) for name in own}
        if text in named:
            return named[text]
        known = {**{fold(name): one for name, one in named.items()}, **self._datasets}
        near = difflib.get_close_matches(fold(text), list(known), n=3, cutoff=0.6)
        ids = list(dict.fromkeys(known[key].id for key in near))
        hint = f"did you mean {' or '.join(ids)}? " if ids else ""
        raise UsageError(
            f"unknown test set {text!r}: {hint}use one of {', '.join(one.id for one in self.datasets)}"
        )

    def metric_name(self, text: str) -> MetricName:
        """A canonical metric name from any usual spelling: 'WB-PESQ', 'PESQ (NB)', 'SegSNR', 'PESQ (median)'.

        Raises UsageError that names near matches.
        """
        found = self.named(text)
        if found is not None:
            return MetricName(found.metric.id, "NB" if found.band == "NB" else None)
        name = MetricName.parse(text)
        found = self.named(name.quantity)
        if found is None:
            near = difflib.get_close_matches(fold(name.quantity), list(self._metrics), n=3, cutoff=0.6)
            names = list(dict.fromkeys(self._metrics[key].metric.id for key in near))
            listed = "`litdb vocabulary metrics` lists those it knows; a new one is an entry in litdb/vocabulary/metrics.toml"
            hint = f"did you mean {' or '.join(names)}?" if names else listed
            raise UsageError(f"unknown metric {text!r}: {hint}")
        band = name.band or ("NB" if found.band == "NB" else None)
        return MetricName(found.metric.id, band, name.scale, name.statistic, name.condition)

    @cached_property
    def _dataset_pattern(self) -> re.Pattern[str]:
        names: dict[str, None] = {}
        for dataset in self.datasets:
            for alias in (dataset.title, *dataset.aliases):
                parts = re.findall(r"[A-Za-z]+|\d+", alias)
                if len(fold(alias)) >= 3 and parts:
                    names[r"[\s\-_+&/!().–—,]*".join(map(re.escape, parts))] = None
        ordered = sorted(names, key=len, reverse=True)
        return re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(ordered)})(?![A-Za-z0-9@])", re.IGNORECASE)

    def datasets_in(self, text: str) -> tuple[tuple[int, Dataset], ...]:
        """The test sets named in running text, with the offset of each name; the longest name wins."""
        return _short_datasets_in(self, text) if len(text) <= 200 else self.search_datasets(text)

    def search_datasets(self, text: str) -> tuple[tuple[int, Dataset], ...]:
        """As `datasets_in`, without remembering the answer."""
        found = []
        pattern, end = self._dataset_pattern, 0
        for place in self._beginnings(text):
            match = pattern.match(text, place) if place >= end else None
            if match is not None:
                end = match.end()
                dataset = self.dataset(match.group())
                if dataset is not None:
                    found.append((match.start(), dataset))
        return tuple(found)

    def _beginnings(self, text: str) -> Iterable[int]:
        """The places where the name of a test set may begin: its first letters stand there (plain search, for long texts)."""
        lower = text.lower()
        if len(lower) != len(text):
            return range(len(text))
        places = []
        for first in self._dataset_firsts:
            at = lower.find(first)
            while at >= 0:
                places.append(at)
                at = lower.find(first, at + 1)
        return sorted(places)

    @cached_property
    def _dataset_firsts(self) -> tuple[str, ...]:
        """What the names of test sets begin with, the shortest of those that begin alike."""
        names = (alias for dataset in self.datasets for alias in (dataset.title, *dataset.aliases))
        firsts = {
            parts[0].lower()
            for name in names
            if len(fold(name)) >= 3 and (parts := re.findall(r"[A-Za-z]+|\d+[A-Za-z]*", name))
        }
        return tuple(
            sorted(first for first in firsts if not any(first != o and first.startswith(o) for o in firsts))
        )

    def name_length(self, text: str, at: int) -> int:
        """The length of the name of a test set that begins at `at`; 0 when none does."""
        match = self._dataset_pattern.match(text, at)
        return len(match.group()) if match is not None else 0

    def without_dataset(self, text: str) -> str:
        """The text with the first name of a test set cut out; what followed it keeps its leading space."""
        return self._dataset_pattern.sub("", text, count=1)

    @cached_property
    def _metric_pattern(self) -> re.Pattern[str]:
        names: dict[str, None] = {}
        for metric in self.metrics:
            for alias in (metric.id, *metric.aliases, *metric.wide, *metric.narrow):
                parts = re.findall(rf"[A-Za-zÀ-ÖØ-öø-ÿ]+|[{_EAST}]+|\d+|#|Δ", alias)
                if len(fold(alias)) >= (2 if re.match(f"[{_EAST}]", alias) else 3) and parts:
                    names[r"[\s\-_.,/]*(?:\()?".join(map(re.escape, parts))] = None
        ordered = sorted(names, key=len, reverse=True)
        first = "".join(sorted({name.lstrip("(?:\\")[0] for name in ordered}))
        start = rf"(?=[{re.escape(first)}])(?<![A-Za-z0-9])"  # one character rules most places out
        return re.compile(f"{start}(?:{'|'.join(ordered)})(?![A-Za-z0-9])", re.IGNORECASE)

    def without_metrics(self, text: str) -> str:
        """The text with all names of metrics cut out."""
        return self._metric_pattern.sub(" ", text)

    def metrics_in(self, text: str) -> tuple[tuple[int, int, NamedMetric], ...]:
        """The metrics named in a text, as (start, end, metric); the longest name wins."""
        found = []
        for match in self._metric_pattern.finditer(text):
            named = self.named(match.group())
            if named is not None:
                found.append((match.start(), match.end(), named))
        return tuple(found)


@lru_cache(maxsize=8192)  # the cells of a table are asked for again and again
def _short_datasets_in(known: Vocabulary, text: str) -> tuple[tuple[int, Dataset], ...]:
    return known.search_datasets(text)


def _metric(entry: Mapping[str, Any]) -> Metric:
    fields = dict(entry)
    for name in ("aliases", "wide", "narrow"):
        fields[name] = tuple(fields.get(name, ()))
    fields.setdefault("title", fields.get("id", ""))
    return Metric(**fields)


def _dataset(entry: Mapping[str, Any]) -> Dataset:
    fields = dict(entry)
    fields["aliases"] = tuple(fields.get("aliases", ()))
    fields.setdefault("title", fields.get("id", ""))
    return Dataset(**fields)


def _merged_metric(old: Metric, new: Metric) -> Metric:
    return replace(
        old,
        aliases=old.aliases + new.aliases,
        wide=old.wide + new.wide,
        narrow=old.narrow + new.narrow,
    )


def _load(
    text: str,
    where: str,
    metrics: dict[str, Metric],
    datasets: dict[str, Dataset],
    *,
    shipped: bool = False,
) -> None:
    try:
        tables = tomllib.loads(text)
        for metric in map(_metric, tables.get("metric", ())):
            old = metrics.get(metric.id)
            metrics[metric.id] = metric if old is None else _merged_metric(old, metric)
        for dataset in map(_dataset, tables.get("dataset", ())):
            known = datasets.get(dataset.id)
            datasets[dataset.id] = (
                dataset if known is None else replace(known, aliases=known.aliases + dataset.aliases)
            )
    except (tomllib.TOMLDecodeError, TypeError) as error:
        if shipped:
            raise
        raise InputError(f"{where}: not a vocabulary file ({error})") from error


@lru_cache(maxsize=8)
def vocabulary(extra_path: Path | None = None) -> Vocabulary:
    """The shipped vocabulary, with a user's file added when a path is given.

    Raises InputError when that file cannot be read or is not in the layout of metrics.toml and datasets.toml.
    """
    metrics: dict[str, Metric] = {}
    datasets: dict[str, Dataset] = {}
    for name in ("metrics.toml", "datasets.toml"):
        shipped = resources.files("litdb.vocabulary").joinpath(name).read_text(encoding="utf-8")
        _load(shipped, name, metrics, datasets, shipped=True)
    if extra_path is not None:
        try:
            own = extra_path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{extra_path}: cannot be read ({error})") from error
        _load(own, str(extra_path), metrics, datasets)
    return Vocabulary(metrics.values(), datasets.values())
