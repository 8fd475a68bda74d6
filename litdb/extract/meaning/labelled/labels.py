"""A row and its label: the model it names, cleaned of decoration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from litdb.extract.meaning import words
from litdb.extract.meaning.paper import PaperText
from litdb.extract.types import RowKind
from litdb.values.names import bare_name
from litdb.vocabulary import Dataset
from litdb.vocabulary.remarks import Doubt


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """One data row understood. `model` is its label; `conditions` tell rows of one model apart.

    `names_set` says that its label was a test set: `model` is what the label says besides. `printed` is the label as
    it stands; `printed_set` is a test set outside the
    vocabulary that the row or its group names. `settings` are what a row
    without a name is set to ('N=3').
    """

    index: int
    model: str
    system: str = ""
    kind: RowKind = "system"
    own: bool = False
    parent: str = ""
    cites: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    dataset: Dataset | None = None
    printed: str = ""
    printed_set: str = ""
    names_set: bool = False
    conditions: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    causal: str = ""
    condition: str = ""
    reverb: str = ""
    training: str = ""
    band: str = ""
    section: str = ""
    components: tuple[str, ...] | None = None
    all_components: bool = False
    doubts: tuple[Doubt, ...] = ()


@lru_cache(maxsize=8192)
def clean(text: str) -> str:
    """A label as it names the model: without list numbers, '(Ours)', years and footnote marks."""
    bare = words.LIST_NUMBER.sub("", text.strip())
    bare = re.sub(r"(?<=\w|\))\s*\[\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\]\s*$", "", bare)
    bare = re.sub(r"\(\s*(?:ours?|proposed|our|this work)\s*\)", " ", bare, flags=re.I)
    bare = words.YEAR_ANY.sub(" ", bare)
    unlinked = words.LINKED.sub(" ", bare)
    bare = unlinked if re.search(r"\w", unlinked) else bare
    bare = re.sub(r"^[•·▸►└├↳─>\s]+|[*†‡§¶]+(?=\s|$)", "", bare)
    bare = re.sub(r"\(\s*\)|\[\s*\]", " ", bare)
    bare = re.sub(r",\s*(?:19|20)\d\d\s*$", "", bare)
    return re.sub(r"\s+", " ", bare).strip(" ,;:")


@lru_cache(maxsize=8192)
def plain_name(label: str) -> str:
    """The name of the system behind a label: 'Proposed X (Ours)' is X."""
    bare = words.OURS.sub(" ", label)
    bare = words.DECORATION.sub(" ", bare)
    return re.sub(r"\s+", " ", bare).strip(" ,;:").rstrip("-–") or label


def is_own(label: str, paper: PaperText) -> bool:
    """Whether a label begins with the name of one of the paper's own models."""
    bare = plain_name(label)
    for name in paper.own:
        if bare_name(bare) == bare_name(name):
            return True
        if bare.lower().startswith(name.lower()) and re.match(
            r"[\s(\[_:,/]|[-–][A-Za-z0-9]|\s\+", bare[len(name) :]
        ):
            return True
    return False
