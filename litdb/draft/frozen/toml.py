"""`paper.toml`: which models, metrics, tables and figures a paper has, and the files they go to.

[paper]
dataset = "vbd"              # the test set, where nothing else is said
template = "ieeetran"        # of its tables
bib = "refs.bib"             # your own keys for \\cite
draft = "paper.tex"          # what `thaw` and `impact` look into
values = "values.tex"        # the macros; `entries` is a file for generated BibTeX entries

[models]                     # a short name = the name or key in the catalogue
imse = "IMSE"
own = { model = "BSRNN-FAC-MRHA3", name = "FAC-MRHA3 (ours)" }

[metrics]
pesq = "PESQ"
pesq-dns = { metric = "PESQ", dataset = "dns2020-noreverb" }

[tables.main]
file = "tables/main.tex"
metrics = ["params", "PESQ"]

[figures.size]
file = "figures/size.pdf"
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path, PurePosixPath
from typing import Any, cast

from litdb.api import DEFAULT_DATASET, Study, Words
from litdb.errors import InputError, near
from litdb.report.paper.appearance import Appearance
from litdb.sources.files import read_file

#: The longest paper.toml that is read.
_MOST = 1_000_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,60}")
_FLAG, _TEXT, _TEXTS, _NUMBER = "true or false", "a text", "a list of texts", "a whole number"
_WORDS: dict[str, str] = {
    "dataset": _TEXT, "datasets": _TEXTS, "where": _TEXTS, "models": _TEXTS, "year": _TEXT, "causal": _FLAG,
    "origins": _TEXTS, "since": "a date", "sort": _TEXT, "proposed": _FLAG, "claims": _FLAG, "mixed": _FLAG,
    "withdrawn": _FLAG, "checkpoints": _FLAG, "ablations": _FLAG, "references": _FLAG, "group_by": _TEXT,
}  # fmt: skip
_LOOK = {
    "template": _TEXT, "columns": _NUMBER, "width": _TEXT, "plain": _FLAG, "notes": _TEXT, "with_year": _FLAG,
    "params_unit": _TEXT, "decimals": _TEXT, "templates": _TEXT,
}  # fmt: skip
_PAPER = {"dataset": _TEXT, "bib": _TEXT, "draft": _TEXT, "values": _TEXT, "entries": _TEXT, **_LOOK}
_TABLE = {
    "file": _TEXT, "preset": _TEXT, "metrics": _TEXTS, "groups": "a table of lists", "seeds": _NUMBER,
    "paper": _TEXT, "number": _TEXT,
    "caption": _TEXT, "label": _TEXT, "sources": _FLAG, "format": _TEXT, **_WORDS, **_LOOK,
}  # fmt: skip
_FIGURE = {
    "file": _TEXT, "x": _TEXT, "y": _TEXT, "columns": _NUMBER, "xlim": _TEXT, "ylim": _TEXT,
    **{word: kind for word, kind in _WORDS.items() if word not in ("datasets", "group_by", "sort")},
}  # fmt: skip
_FORMATS = {
    ".tex": "latex",
    ".md": "markdown",
    ".csv": "csv",
    ".html": "html",
    ".json": "json",
    ".txt": "terminal",
}
_FIGURES = (".pdf", ".png", ".svg", ".html")


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model of the paper: its short name, what it is called in the catalogue, and in the paper ('' for the same)."""

    name: str
    model: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class NamedScore:
    """A metric of the paper: its short name, its name in the vocabulary and the test set."""

    name: str
    metric: str
    dataset: str = DEFAULT_DATASET


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table of the paper: the file it goes to, what is asked (`metrics` None for those of the preset), how it looks."""

    name: str
    file: str
    format: str
    metrics: tuple[str, ...] | None
    words: Words
    preset: str | None = None
    study: Study = field(default_factory=Study)
    look: Appearance = field(default_factory=Appearance)
    caption: str | None = None
    label: str | None = None
    sources: bool | None = None


@dataclass(frozen=True, slots=True)
class PaperFigure:
    """A figure of the paper: the file it goes to, its axes (`x` may be year), what is asked, its width and ranges."""

    name: str
    file: str
    x: str
    y: str
    words: Words
    columns: int = 1
    xlim: str | None = None
    ylim: str | None = None

    @property
    def data(self) -> str:
        """The CSV beside the figure."""
        return PurePosixPath(self.file).with_suffix(".csv").as_posix()


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A paper.toml: `place` is the file, all other names are relative to its folder ('' where none is given)."""

    place: Path
    models: tuple[NamedModel, ...] = ()
    metrics: tuple[NamedScore, ...] = ()
    tables: tuple[PaperTable, ...] = ()
    figures: tuple[PaperFigure, ...] = ()
    look: Appearance = field(default_factory=Appearance)
    dataset: str = DEFAULT_DATASET
    values: str = ""
    entries: str = ""
    bib: str = ""
    draft: str = ""

    @property
    def folder(self) -> Path:
        """The folder of the paper."""
        return self.place.parent

    def shown(self) -> dict[str, str]:
        """What models are called in the paper, by what they are called in the catalogue."""
        return {one.model: one.shown for one in self.models if one.shown}


def read_paper(place: Path) -> PaperFile:
    """A paper.toml. Raises InputError that names the place of what is wrong in it, and the near words."""
    if not place.exists():
        raise InputError(
            f"there is no {place}: write one that says what the paper has, or name it with --paper"
        )
    text = read_file(str(place), _MOST)
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        said = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InputError(f"{place} is not TOML: {said}") from error
    return _PaperReader(place, content).paper()


class _PaperReader:
    """Goes through what a file holds; every complaint names the file and the section."""

    def __init__(self, place: Path, content: dict[str, Any]) -> None:
        self.place, self.content = place, content
        self.usual: dict[str, Any] = {}

    def paper(self) -> PaperFile:
        known = ("paper", "models", "metrics", "tables", "figures")
        self._only(self.content, known, "")
        self.usual = self._section("paper", _PAPER)
        look = self._look(self.usual)
        models = tuple(self._models())
        metrics = tuple(self._metrics())
        made = PaperFile(
            self.place, models, metrics,
            tuple(self._table(*one, models, metrics) for one in self._named("tables", _TABLE)),
            tuple(self._figure(*one, models, metrics) for one in self._named("figures", _FIGURE)),
            look, self.usual.get("dataset", DEFAULT_DATASET), self._file("paper", "values", (".tex",)),
            self._file("paper", "entries", (".bib",)), self._file("paper", "bib", (".bib",)),
            self._file("paper", "draft", (".tex", ".ltx")),
        )  # fmt: skip
        self._apart(made)
        return made

    def _wrong(self, section: str, what: str) -> InputError:
        return InputError(f"{self.place}{f', [{section}]' if section else ''}: {what}")

    def _only(self, found: Mapping[str, Any], known: Sequence[str], section: str) -> None:
        for key in found:
            if key not in known:
                what = "key" if section else "section"
                hint = near(key, known, other=f"there are {', '.join(known)}")
                raise self._wrong(section, f"no {what} is called {key!r}: {hint}")

    def _section(self, section: str, kinds: Mapping[str, str], found: Any = None) -> dict[str, Any]:
        found = self.content.get(section, {}) if found is None else found
        if not isinstance(found, dict):
            raise self._wrong(section, "it is a section: write its keys below its name")
        self._only(found, tuple(kinds), section)
        return {key: self._kept(section, key, value, kinds[key]) for key, value in found.items()}

    def _kept(self, section: str, key: str, value: Any, kind: str) -> Any:
        fits = {
            _FLAG: lambda: isinstance(value, bool),
            _TEXT: lambda: isinstance(value, str),
            _TEXTS: lambda: _texts(value) or (key == "where" and isinstance(value, dict) and _texts([*value.values()])),
            _NUMBER: lambda: isinstance(value, int) and not isinstance(value, bool),
            "a date": lambda: isinstance(value, dt.date) and not isinstance(value, dt.datetime),
            "a table of lists": lambda: isinstance(value, dict) and all(map(_texts, value.values())),
        }  # fmt: skip
        if key == "year" and isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not fits[kind]():
            raise self._wrong(section, f"{key} is {kind}, not {value!r:.60}")
        return value

    def _named(self, section: str, kinds: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
        found = self.content.get(section, {})
        if not isinstance(found, dict):
            raise self._wrong(section, f"write [{section}.NAME] and its keys below")
        for name, keys in found.items():
            if not isinstance(keys, dict):
                raise self._wrong(
                    section, f"{name!r} is no section: write [{section}.NAME] and its keys below"
                )
            self._plain(name, section)
            yield name, self._section(f"{section}.{name}", kinds, keys)

    def _plain(self, name: str, section: str) -> None:
        if not _NAME.fullmatch(name):
            raise self._wrong(
                section, f"{name!r:.60} is no short name: use letters, digits and -, as in mp-senet"
            )

    def _entries(self, section: str, word: str, more: str) -> Iterator[tuple[str, str, str]]:
        """Short name, what stands for it, and what stands at `more`."""
        found = self.content.get(section, {})
        if not isinstance(found, dict):
            raise self._wrong(section, f'write NAME = "{word.upper()}" below it')
        for name, said in found.items():
            self._plain(name, section)
            if isinstance(said, str):
                said = {word: said}
            made = self._section(f"{section}.{name}", {word: _TEXT, more: _TEXT}, said)
            if not made.get(word, "").strip():
                raise self._wrong(section, f'{name} names no {word}: write {name} = "{word.upper()}"')
            yield name, made[word], made.get(more, "")

    def _models(self) -> Iterator[NamedModel]:
        for name, model, shown in self._entries("models", "model", "name"):
            yield NamedModel(name, model, shown)

    def _metrics(self) -> Iterator[NamedScore]:
        usual = self.usual.get("dataset", DEFAULT_DATASET)
        for name, metric, dataset in self._entries("metrics", "metric", "dataset"):
            yield NamedScore(name, metric, dataset or usual)

    def _look(self, keys: Mapping[str, Any]) -> Appearance:
        names = {one.name for one in fields(Appearance)}
        made = {key: value for key, value in {**self.usual, **keys}.items() if key in names and key != "bib"}
        if "templates" in made:
            made["templates"] = self.place.parent / made["templates"]
        if self.usual.get("bib"):
            made["bib"] = self.place.parent / self.usual["bib"]
        return Appearance(**made)

    def _table(
        self, name: str, keys: dict[str, Any], models: Sequence[NamedModel], metrics: Sequence[NamedScore]
    ) -> PaperTable:
        section = f"tables.{name}"
        file = self._file(section, "file", tuple(_FORMATS), keys)
        suffix = PurePosixPath(file).suffix
        look = self._look(keys)
        form = keys.get("format", _FORMATS[suffix])
        if form not in _FORMATS.values():
            raise self._wrong(section, f"no format is called {form!r}: {near(form, _FORMATS.values())}")
        if form != "latex":
            look = Appearance(notes=look.notes, params_unit=look.params_unit, decimals=look.decimals, bib=look.bib,
                              templates=look.templates, with_year=look.with_year)  # fmt: skip
        asked = keys.get("metrics")
        study = Study(
            keys.get("groups", {}), keys.get("seeds", 3), keys.get("paper", ""), keys.get("number", "")
        )
        return PaperTable(
            name, file, form, None if asked is None else self._scores(section, asked, metrics),
            self._words(keys, models), keys.get("preset"), study, look,
            keys.get("caption"), keys.get("label"), keys.get("sources"),
        )  # fmt: skip

    def _figure(
        self, name: str, keys: dict[str, Any], models: Sequence[NamedModel], metrics: Sequence[NamedScore]
    ) -> PaperFigure:
        section = f"figures.{name}"
        axes = [keys.get("x", "params"), keys.get("y", "PESQ")]
        x, y = self._scores(section, axes, metrics)
        return PaperFigure(
            name, self._file(section, "file", _FIGURES, keys), x, y, self._words(keys, models, drawn=True),
            keys.get("columns", 1), keys.get("xlim"), keys.get("ylim"),
        )  # fmt: skip

    def _scores(self, section: str, asked: Sequence[str], known: Sequence[NamedScore]) -> tuple[str, ...]:
        """Metrics by their short name or the one of the vocabulary."""
        names = {one.name: one for one in known}
        usual = self.usual.get("dataset", DEFAULT_DATASET)
        for one in asked:
            if one in names and names[one].dataset != usual:
                raise self._wrong(
                    section, f"{one} is a metric on {names[one].dataset}: write its own name and `datasets`"
                )
        return tuple(names[one].metric if one in names else one for one in asked)

    def _words(self, keys: Mapping[str, Any], models: Sequence[NamedModel], *, drawn: bool = False) -> Words:
        """The words of a question: without conditions those are asked for that the paper names."""
        said = {word: keys[word] for word in _WORDS if word in keys}
        if "dataset" in said and "datasets" not in said:
            said["datasets"] = [said["dataset"]]
        said.setdefault("datasets", [self.usual.get("dataset", DEFAULT_DATASET)])
        # The test sets of such a table are not those of the rest.
        of_its_own = keys.get("preset") == "datasets" or "paper" in keys
        if of_its_own and not {"dataset", "datasets"} & keys.keys():
            del said["datasets"]
        said.pop("dataset", None)
        if drawn:
            said["dataset"] = said.pop("datasets")[0]
        by_name = {one.name: one.model for one in models}
        if "models" in said:
            said["models"] = [by_name.get(one, one) for one in said["models"]]
        elif models and not {"where", "year", "origins", "since", "causal", "groups", "paper"} & keys.keys():
            said["models"] = list(by_name.values())
        return cast(Words, said)

    def _file(self, section: str, key: str, suffixes: Sequence[str], keys: Any = None) -> str:
        """The name of a file in the folder of the paper."""
        keys = self.usual if keys is None else keys
        if key not in keys:
            if section == "paper":
                return ""
            raise self._wrong(
                section, f'{key} is missing: write {key} = "{section.replace(".", "/")}{suffixes[0]}"'
            )
        name = str(keys[key])
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or not path.name:
            raise self._wrong(section, f"{key} = {name!r:.80} leads out of the folder of the paper")
        if path.suffix not in suffixes:
            raise self._wrong(section, f"{key} = {name!r:.80} must end in {' or '.join(suffixes)}")
        return path.as_posix()

    def _apart(self, made: PaperFile) -> None:
        """No file is written twice, and none that the paper itself is made of."""
        taken: dict[str, str] = {self.place.name: "paper.toml itself"}
        wanted = [
            ("draft", made.draft),
            ("bib", made.bib),
            ("values", made.values),
            ("entries", made.entries),
        ]
        wanted += [(f"tables.{one.name}", one.file) for one in made.tables]
        wanted += [(f"figures.{one.name}", name) for one in made.figures for name in (one.file, one.data)]
        for what, name in wanted:
            if name and name in taken:
                raise self._wrong("", f"{name} is both {taken[name]} and {what}: give each a file of its own")
            taken[name] = what


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
