"""What the catalogue knows that a draft can be held to: loaded once, then asked by every rule."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from litdb.draft.text.folded import FoldedText
from litdb.evidence.audit.facts import Facts, ModelRecord
from litdb.evidence.quotations.words import words as words_of
from litdb.evidence.runs.seeds import group_row, mean_over_seeds
from litdb.values.bibliography import Publication
from litdb.values.names import bare_name, fold_name
from litdb.values.origin import Kind, Origin, Status
from litdb.values.value import Value

if TYPE_CHECKING:
    from litdb.api import Catalogue
    from litdb.catalogue.views.drafts.names import KnownName
    from litdb.draft.text.project import DraftEntry

#: The kind of a document that is a lock.
LOCK = "lock"
#: The scope of names that only the user's own runs have.
OWN_SCOPE = "own"
#: Letters by which names are looked up; shorter ones are words too often.
_BEGINNING = 3
#: A name of one common word is no mention unless it is written as a name is: with two capitals, a digit or a sign inside.
_LIKE_A_NAME = re.compile(r"[A-Za-z].*[A-Z0-9+]|[A-Z0-9].*[A-Z0-9]")
_SAID_OF_ROWS = re.compile(
    r"\((?:ours|proposed|baseline|reproduced|re-?implemented|re-?run|re-?trained|causal|non-?causal|our [a-z]+|this work|(?:19|20)\d\d)\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DraftMention:
    """A name of a model in a sentence, with the keys of the models that go by it."""

    start: int
    end: int
    name: str
    models: tuple[str, ...]


@dataclass(frozen=True)
class Knowledge:
    """Everything that was loaded: values, models and papers (`facts`), how papers are cited, names of models.

    `frozen` are the values of a lock: numbers of these models, metrics and test sets must be these.
    """

    facts: Facts
    publications: Mapping[str, Publication]
    names: tuple[KnownName, ...]
    frozen: tuple[Value, ...] = ()

    # models

    def named(self, label: str, papers: Collection[str] = ()) -> tuple[str, ...]:
        """The keys of the models that a label means: none where no name fits, several where it does not decide.

        `papers` are keys of the papers cited beside it; where they decide between namesakes, they do.
        """
        for text in dict.fromkeys((label, _SAID_OF_ROWS.sub(" ", label))):
            for folded in dict.fromkeys((fold_name(text), bare_name(text))):
                found = self._by_name(folded, papers)
                if found:
                    return found
        return self._by_words(label, papers)

    def own_named(self, label: str) -> tuple[str, ...]:
        """The own models that a label means: by a name that only the user's own runs have (M1), alone or before a colon."""
        names = self._names.get(OWN_SCOPE, {})
        for text in (label, label.partition(":")[0]):
            if found := names.get(fold_name(text), ()):
                return found
        return ()

    def _by_words(self, label: str, papers: Collection[str]) -> tuple[str, ...]:
        """The model of cited papers whose name has the words of a label, alone or behind those of its system."""
        wanted = words_of(label)
        found = [
            key
            for paper in papers
            for key in self._of_papers.get(paper, ())
            for name in (self.facts.models[key].name,)
            if wanted and wanted in (words_of(name), words_of(name.partition(":")[2]))
        ]
        return tuple(dict.fromkeys(found)) if len(set(found)) == 1 else ()

    def _by_name(self, folded: str, papers: Collection[str]) -> tuple[str, ...]:
        inside = [
            key for paper in papers for key in self._names.get(paper, {}).get(folded, ())
            if self.home(key) in papers
        ]  # fmt: skip
        everywhere = self._names.get("", {}).get(folded, ())
        theirs = [key for key in everywhere if self.home(key) in papers]
        return tuple(dict.fromkeys(theirs or inside or everywhere))

    def everywhere(self, folded: str) -> tuple[str, ...]:
        """The models that go by a folded name in all papers."""
        return self._names.get("", {}).get(folded, ())

    def model(self, key: str) -> ModelRecord | None:
        """What is known of a model."""
        return self.facts.models.get(key)

    def home(self, key: str) -> str:
        """The key of the paper that proposes a model, '' where that is not known."""
        paper = self.facts.paper_of(key)
        return paper.key if paper is not None else ""

    def proposed_by(self, papers: Collection[str]) -> set[str]:
        """The keys of all models that these papers propose."""
        return {key for paper in papers for key in self._at_home.get(paper, ())}

    def is_own(self, key: str) -> bool:
        """Whether a model is the user's own."""
        record = self.model(key)
        return record is not None and record.own

    def family(self, key: str) -> tuple[str, ...]:
        """The other models of the same paper or with the same parent."""
        return tuple(other for other in self._families.get(self._family_of(key), ()) if other != key)

    def _family_of(self, key: str) -> str:
        record = self.model(key)
        return self.home(key) or (record.parent or key if record is not None else key)

    def mentions(self, text: str) -> list[DraftMention]:
        """The names of models in a sentence, the longest at each place, in order."""
        folded = FoldedText(text)
        found: list[DraftMention] = []
        end = 0
        for at, start in enumerate(folded.places):
            if start < end or folded.letters[at : at + _BEGINNING] not in self._by_beginning:
                continue  # first what is cheap: most places begin no name
            if not folded.begins_word(at):
                continue
            mention = self._mention(folded, at)
            if mention is not None:
                found.append(mention)
                end = mention.end
        return found

    def _mention(self, folded: FoldedText, at: int) -> DraftMention | None:
        for name in self._by_beginning.get(folded.letters[at : at + _BEGINNING], ()):
            end = folded.end_of(at, name)
            if end is None:
                continue
            written = folded.text[folded.places[at] : end]
            if like_a_name(written) and self._spelled(name, written):
                return DraftMention(folded.places[at], end, written, tuple(self.everywhere(name)))
        return None

    def _spelled(self, folded: str, name: str) -> bool:
        """Whether a name is written with capitals where its model's name has them (MUSE, not muse), and in as few words."""
        capitals, blanks = sum(map(str.isupper, name)), len(name.split())
        return any(
            capitals >= min(2, sum(map(str.isupper, known))) and blanks <= len(known.split()) + 1
            for known in self._spellings[folded]
        )

    # values

    def values(self, model: str, quantity: str = "", dataset: str | None = None) -> list[Value]:
        """The accepted numbers of a model that are no claim, the best first."""
        return [value for value in self.all_of(model, quantity, dataset) if value.origin is not Origin.CLAIM]

    def all_of(self, model: str, quantity: str = "", dataset: str | None = None) -> list[Value]:
        """The accepted numbers of a model with claims, the best first."""
        if not quantity and dataset is None:
            return list(self._values.get(model, ()))
        return [
            value
            for value in (
                self._by_quantity.get((model, quantity), ()) if quantity else self._values.get(model, ())
            )
            if dataset is None or value.dataset == dataset
        ]

    def systems(self) -> Iterator[ModelRecord]:
        """The systems and variants."""
        return (model for model in self.facts.models.values() if model.kind in (Kind.SYSTEM, Kind.VARIANT))

    # papers

    def paper_of_entry(self, entry: DraftEntry) -> str:
        """The key of the paper that an entry of the bibliography is of, '' for none that is known."""
        for name, table in (
            (_bare_id(entry.arxiv_id), self._by_arxiv),
            (_bare_doi(entry.doi), self._by_doi),
            (letters(entry.title), self._by_title),
        ):
            if name and name in table:
                return table[name]
        whole = letters(entry.text)
        return next(
            (key for title, key in self._by_title.items() if len(title) > 24 and title in whole)
            if whole
            else iter(()),
            "",
        )

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        found: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
        for name in self.names:
            if name.model in self.facts.models:
                found[name.scope][name.folded][name.model] = None
        return {scope: {f: tuple(keys) for f, keys in some.items()} for scope, some in found.items()}

    @cached_property
    def _by_beginning(self) -> Mapping[str, list[str]]:
        """The folded names of more than two letters by their first ones, the longest first."""
        found: dict[str, list[str]] = defaultdict(list)
        for folded in sorted(self._names.get("", {}), key=len, reverse=True):
            if len(folded) >= _BEGINNING:
                found[folded[:_BEGINNING]].append(folded)
        return found

    @cached_property
    def _spellings(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for name in self.names:
            found[name.folded].append(name.name)
        return {folded: tuple(names) for folded, names in found.items()}

    @cached_property
    def _values(self) -> Mapping[str, list[Value]]:
        found: dict[str, list[Value]] = defaultdict(list)
        for value in self.facts.values:
            if value.status is Status.ACCEPTED and value.value is not None:
                found[value.model].append(value)
        for values in found.values():
            values += _means(values)
            values.sort(key=lambda v: (v.origin.tier, -(v.version or 0), v.row.table_kind.place, v.key))
        return found

    @cached_property
    def _by_quantity(self) -> Mapping[tuple[str, str], list[Value]]:
        found: dict[tuple[str, str], list[Value]] = defaultdict(list)
        for model, values in self._values.items():
            for value in values:
                found[model, value.quantity].append(value)
        return found

    @cached_property
    def _at_home(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key in self.facts.models:
            found[self.home(key)].append(key)
        return found

    @cached_property
    def _of_papers(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for model in self.systems():
            found[self.home(model.key)].append(model.key)
        return found

    @cached_property
    def _families(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key in self.facts.models:
            found[self._family_of(key)].append(key)
        return found

    @cached_property
    def _by_arxiv(self) -> Mapping[str, str]:
        return {paper.arxiv_id: key for key, paper in self.publications.items() if paper.arxiv_id}

    @cached_property
    def _by_doi(self) -> Mapping[str, str]:
        return {_bare_doi(paper.doi): key for key, paper in self.publications.items() if paper.doi}

    @cached_property
    def _by_title(self) -> Mapping[str, str]:
        return {letters(paper.title): key for key, paper in self.publications.items() if letters(paper.title)}


def stands(value: Value) -> bool:
    """Whether a measured value is of the checkpoint that stands for its model, or the mean over those that do."""
    checkpoint = value.row.checkpoint
    if checkpoint is None:
        return False
    return checkpoint.key == (checkpoint.group.name if checkpoint.group is not None else checkpoint.standing)


def _means(values: Sequence[Value]) -> list[Value]:
    """The means over declared groups of seeds, as tables show them."""
    groups: dict[tuple[str, str, str], list[Value]] = defaultdict(list)
    for value in values:
        checkpoint = value.row.checkpoint
        if (
            checkpoint is not None
            and checkpoint.group is not None
            and checkpoint.key in checkpoint.group.members
        ):
            groups[checkpoint.group.decision, value.metric, value.dataset].append(value)
    made = []
    for members in groups.values():
        group = members[0].row.checkpoint.group if members[0].row.checkpoint is not None else None
        if group is not None and len(members) == len(group.members):
            row = group_row(
                [v.row for v in sorted(members, key=lambda v: group.members.index(v.checkpoint))], group
            )
            made.append(mean_over_seeds(members, row, group)[0])
    return made


def knowledge(catalogue: Catalogue) -> Knowledge:
    """Load what a catalogue knows, in one state of it."""
    from litdb.catalogue.papers import publications
    from litdb.catalogue.views.audited import facts
    from litdb.catalogue.views.drafts.names import known_names

    with catalogue.reading() as session:
        return Knowledge(
            facts(session), {paper.key: paper for paper in publications(session)}, tuple(known_names(session))
        )


def like_a_name(text: str) -> bool:
    """Whether words are written as a name is, with two capitals, a digit or a sign inside: `Base` is none, MUSE is one."""
    return bool(_LIKE_A_NAME.search(text))


def letters(title: str) -> str:
    """A title as titles are compared: letters and digits, without case and accents."""
    plain = unicodedata.normalize("NFKD", title).casefold()
    return "".join(char for char in plain if char.isalnum())


def _bare_id(arxiv_id: str) -> str:
    return re.sub(r"v\d+$", "", arxiv_id.strip())


def _bare_doi(text: str) -> str:
    doi = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", "", text.strip().lower())
    return "" if doi.startswith("10.48550/") else doi
