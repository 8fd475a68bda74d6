"""What models are made of and trained with: the components of `components.toml` by id and name."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal

from litdb.errors import InputError, UsageError
from litdb.vocabulary.registry import fold

Kind = Literal["family", "technique", "training"]
KINDS: tuple[Kind, ...] = ("family", "technique", "training")


@dataclass(frozen=True, slots=True)
class Component:
    """A family of approaches, a technique or a way of training.

    `near` are ids of components that are easily mistaken for this one; `without` are names of what remains
    when it is removed; `parts` are components it may hold, `kind_of` is the component of which it is one kind;
    `metricgan` marks training against a metric discriminator.
    """

    id: str
    title: str
    item: Kind
    aliases: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    kind_of: str = ""
    metricgan: bool = False


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """What a short form means in one paper (its arXiv id)."""

    short: str
    means: str
    paper: str


class Components:
    """The components by name, and abbreviations of single papers. Immutable; made by :func:`components`."""

    def __init__(self, entries: Iterable[Component], abbreviations: Iterable[Abbreviation] = ()) -> None:
        self.all: tuple[Component, ...] = tuple(entries)
        self.abbreviations: tuple[Abbreviation, ...] = tuple(abbreviations)
        self._by_id = {component.id: component for component in self.all}
        self._by_name: dict[str, Component] = {}
        for names in (lambda c: (c.id,), lambda c: (c.title,), lambda c: c.aliases):
            for component in self.all:
                for name in names(component):
                    self._by_name.setdefault(fold(name), component)

    def of_id(self, text: str) -> Component | None:
        """The component of an id, or None."""
        return self._by_id.get(text)

    def with_kinds(self, component: Component) -> frozenset[str]:
        """The ids of a component and of its kinds: what has one of these has the component."""
        return frozenset((component.id, *(c.id for c in self.all if c.kind_of == component.id)))

    def named(self, text: str) -> Component | None:
        """The component of an id, title or alias, or None."""
        return self._by_id.get(text) or self._by_name.get(fold(text))

    def find(self, text: str, item: str = "") -> Component:
        """The component a user means, of one kind when `item` is given. Raises UsageError with near names."""
        found = self.named(text)
        if found is not None and item in ("", found.item):
            return found
        if found is not None:
            raise UsageError(f"{found.id} is a {found.item}, not a {item}")
        ids = [component.id for component in self.all if item in ("", component.item)]
        near = difflib.get_close_matches(text.lower(), ids, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"use one of {', '.join(ids)}"
        raise UsageError(f"no component is called {text!r}: {hint}")


def _read(text: str, where: str) -> tuple[list[Component], list[Abbreviation]]:
    found = []
    try:
        tables = tomllib.loads(text)
        short = [Abbreviation(**entry) for entry in tables.get("abbreviation", ())]
        for entry in tables.get("component", ()):
            fields = dict(entry)
            for name in ("aliases", "near", "without", "parts"):
                fields[name] = tuple(fields.get(name, ()))
            component = Component(**{"title": fields.get("id", ""), "item": "technique", **fields})
            if component.item not in KINDS:
                raise InputError(f"{where}: {component.id} is a {component.item!r}, not a {', '.join(KINDS)}")
            found.append(component)
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise InputError(f"{where}: not a file of components ({error})") from error
    return found, short


@lru_cache(maxsize=8)
def components(extra_path: Path | None = None) -> Components:
    """The shipped components, with a user's file in the same layout added when a path is given.

    An entry with a known id adds its aliases to that component. Raises InputError for a file in another layout.
    """
    text = resources.files("litdb.vocabulary").joinpath("components.toml").read_text(encoding="utf-8")
    shipped, short = _read(text, "components.toml")
    found = {component.id: component for component in shipped}
    if extra_path is not None:
        try:
            own = extra_path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{extra_path}: cannot be read ({error})") from error
        added, more = _read(own, str(extra_path))
        short += more
        for component in added:
            known = found.get(component.id)
            found[component.id] = (
                replace(known, aliases=known.aliases + component.aliases) if known is not None else component
            )
    return Components(found.values(), short)


def own_components() -> Components:
    """The components with those of the user's own file, `components.toml` in the data folder, where there is one."""
    from litdb._places import data_dir

    own = data_dir() / "components.toml"
    return components(own if own.is_file() else None)
