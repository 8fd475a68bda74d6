"""What a row label says was changed: 'w/o CA', '+ MALA (replaces MET)', 'LSTM → GRU', 'w/o CL + w/ TL'."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from litdb.extract.types import Action
from litdb.values.names import bare_name


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that was changed: `name` as printed, and for a replacement what took its place."""

    name: str
    action: Action
    replacement: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What is compared: edits that differ only in case and punctuation are the same."""
        return bare_name(self.name) or self.name, self.action, bare_name(self.replacement)

    @property
    def words(self) -> str:
        """The change in words, for tables that give none."""
        if self.action == "replaced":
            return f"{self.name} → {self.replacement}"
        return {"removed": "w/o ", "added": "w/ "}.get(self.action, "") + self.name


_REMOVED = re.compile(
    r"^(?:w\s*[/.]?\s*o\b\.?|without\b|no\b(?!\.)|[-–−]+\s*(?=[^\W\d])|remov(?:e|ed|ing|al of)\b|rm\b|minus\b|"
    r"excl(?:ud(?:e|ing))?\b\.?|disabl(?:e|ed|ing)\b|del(?:et(?:e|ed|ing))?\b|drop(?:ped|ping)?\b)\s*",
    re.I,
)
_ADDED = re.compile(r"^(?:\++\s*|w\s*/\s*|with\b|add(?:ing|ed)?\b|plus\b)\s*", re.I)
_REPLACES = re.compile(
    r"^(?:us(?:e|ing)\s+)?(?P<new>.+?)\s*\(?\s*\b(?:it\s+)?(?:replaces|replacing|instead of|in place of|rather than)\s+(?P<old>[^()]+(?:\([^()]*\))?)\)?\s*$",
    re.I,
)
_REPLACED = re.compile(
    r"^(?:replac(?:e|ed|ing)\s+)?(?P<old>.+?)\s*(?:→|->|=>|⇒|\b(?:is |are )?replaced (?:by|with)\b)\s*(?P<new>.+)$",
    re.I,
)
_REPLACE = re.compile(r"^replac(?:e|ed|ing)\s+(?P<old>.+?)\s+(?:by|with|to)\s+(?P<new>.+)$", re.I)
_JOINED = re.compile(r"\s*(?:[,;&]|\band\b)\s*|\s+\+\s+|(?<=\w)\+(?=[A-Z])")
_CLAUSE = re.compile(
    r"\s*[,;&+]?\s*(?:\band\s+)?(?=\bw\s*/\s*o\b|\bw\s*/(?!\s*o\b)|\bwithout\b)|\s+(?=[-–−]\s?[A-Za-z])"
)
_BRACKET = re.compile(r".*\[(?P<square>.+)\]|.*\((?P<round>\s*(?:[-–−+]\s*[A-Za-z]|w\s*/|without\b).*)\)")


@lru_cache(maxsize=1024)
def edits_of(label: str) -> tuple[Edit, ...]:
    """The changes that a label names; empty when it names none."""
    text = label.strip()
    if len(text) > 300:
        return ()
    bracket = _BRACKET.fullmatch(text)
    if bracket:
        text = (bracket["square"] or bracket["round"]).strip()
    swapped = _REPLACE.match(text) or _REPLACES.match(_ADDED.sub("", text)) or _REPLACED.match(text)
    if swapped:
        return (Edit(_bare(swapped["old"]), "replaced", _bare(swapped["new"])),)
    found: dict[tuple[str, str, str], Edit] = {}
    for clause in _CLAUSE.split(text):
        for edit in _clause(clause.strip()):
            found.setdefault(edit.key, edit)
    return tuple(found.values())


def _clause(text: str) -> Iterable[Edit]:
    for pattern, action in ((_REMOVED, "removed"), (_ADDED, "added")):
        match = pattern.match(text)
        if match and match.end() < len(text):
            return [Edit(part, action) for part in _parts(text[match.end() :])]  # type: ignore[arg-type]
    return []


def _parts(text: str) -> list[str]:
    pieces, depth, start = [], 0, 0
    for match in re.finditer(rf"[(\[]|[)\]]|{_JOINED.pattern}", text):
        if match.group() in "([":
            depth += 1
        elif match.group() in ")]":
            depth = max(0, depth - 1)
        elif depth == 0:
            pieces.append(text[start : match.start()])
            start = match.end()
    pieces.append(text[start:])
    return [bare for piece in pieces if (bare := _bare(piece))]


def _bare(text: str) -> str:
    return text.strip().strip(" .,;+").strip()


def summary(edits: Iterable[Edit]) -> tuple[Action, tuple[str, ...], str]:
    """Several edits as one change: the action they share, else 'changed'; all components; what took their place."""
    every = tuple(edits)
    actions = {edit.action for edit in every}
    names = tuple(edit.name for edit in every)
    replacements = ", ".join(edit.replacement for edit in every if edit.replacement)
    if len(actions) == 1:
        return every[0].action, names, replacements
    return "changed", names, replacements


def parse_change(label: str) -> tuple[Action, tuple[str, ...], str]:
    """What a label says: action, components, replacement; one that names no change is a setting ('N = 2')."""
    return summary(edits_of(label) or (Edit(label.strip(), "changed"),))
