"""Which component a few words of a table mean: 'Pha. dec.', 'TL (L_old)', 'simplified channel attention block'."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from litdb.vocabulary.components import Component, Components

#: Words that name no more than "this part of the network".
_FILLERS = frozenset(
    (
        "a", "an", "the", "our", "proposed", "block", "blocks", "module", "modules", "layer", "layers", "unit", "units",
        "mechanism", "structure", "part", "component", "components", "strategy", "based", "net", "network", "of", "and",
        "in", "with", "for",
    )
)  # fmt: skip
#: Words that make another thing of a component unless its own name has them: the loss on it, the input of it.
_OTHER_THING = frozenset(
    (
        "loss",
        "losse",
        "input",
        "feature",
        "only",
        "free",
        "shared",
        "size",
        "number",
        "depth",
        "width",
        "kernel",
        "rate",
    )
)
_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SHORT = re.compile(r"[A-Za-z][A-Za-z0-9-]*[A-Z][A-Za-z0-9-]*|[A-Z]{2,}[a-z]?")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: no case, no punctuation, plural s of long words dropped."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found = re.findall(r"[a-z0-9α-ω+]+", folded)
    return tuple(
        word[:-1] if len(word) > 4 and word.endswith("s") and word[-2] != "s" else word for word in found
    )


@dataclass(frozen=True, slots=True)
class Context:
    """Where the words stand: the paper's arXiv id and all the text known of it (title, captions, cells)."""

    arxiv_id: str = ""
    text: str = ""


NO_CONTEXT = Context()


@dataclass(frozen=True)
class Phrases:
    """Finds components in words."""

    components: Components

    def means(self, text: str, context: Context = NO_CONTEXT) -> tuple[str, ...]:
        """The ids of the components that a text names, '()' for none; what a short form stands for is looked up."""
        if (text, context) not in self._meant:
            self._meant[text, context] = self._look_for(text, context)
        return self._meant[text, context]

    def _look_for(self, text: str, context: Context) -> tuple[str, ...]:
        for candidate in (text, *self.spelled_out(text, context)):
            found = self._named(candidate)
            if found:
                return found
        return ()

    def without(self, component: Component, text: str, context: Context = NO_CONTEXT) -> bool:
        """Whether a text is what remains when the component is taken away."""
        names = {words_of(name) for name in component.without}
        return any(words_of(_bare(c)) in names for c in (text, *self.spelled_out(text, context)))

    def spelled_out(self, text: str, context: Context) -> tuple[str, ...]:
        """What a short form stands for: by the vocabulary for this paper, by a definition or the initials in its text."""
        short = _bare(text).strip(" .")
        if not _SHORT.fullmatch(short):
            return ()
        if (short, context) not in self._spelled:
            self._spelled[short, context] = self._look_up(short, context)
        return self._spelled[short, context]

    def _look_up(self, short: str, context: Context) -> tuple[str, ...]:
        listed = [
            a.means for a in self.components.abbreviations if a.short == short and a.paper == context.arxiv_id
        ]
        return tuple(
            dict.fromkeys((*listed, *_defined(short, context.text), *self._initials(short, context)))
        )

    def _named(self, text: str) -> tuple[str, ...]:
        """The components with the longest name within the text, if what is left of it makes no other thing."""
        words = words_of(_bare(text))
        best: tuple[int, dict[str, None]] = (0, {})
        for names, owner in (
            entry for word in dict.fromkeys(words) for entry in self._by_first.get(word, ())
        ):
            size = len(names)
            if size < best[0] or not _within(names, words):
                continue
            left = _without_phrase(words, names)
            if not self._fits(owner, left, names):
                continue
            if size > best[0]:
                best = (size, {})
            best[1][owner.id] = None
        return tuple(best[1])

    @staticmethod
    def _fits(owner: Component, left: Sequence[str], names: Sequence[str]) -> bool:
        rest = [word for word in left if word not in _FILLERS]
        if owner.item == "training":
            rest = [word for word in rest if word != "loss"]
        # A single short word among others says little: 'phase' in 'two-phase training' is no phase branch.
        if len(names) == 1 and len(rest) > 1:
            return False
        return not any(word in _OTHER_THING for word in rest)

    def _initials(self, short: str, context: Context) -> list[str]:
        """Names of components with these initials that the paper's own text spells out."""
        wanted = re.sub(r"[^a-z0-9]", "", short.casefold())
        text = _words_of_context(context)
        return [" ".join(names) for names in self._by_initials.get(wanted, ()) if _within(names, text)]

    @cached_property
    def _meant(self) -> dict[tuple[str, Context], tuple[str, ...]]:
        return {}

    @cached_property
    def _spelled(self) -> dict[tuple[str, Context], tuple[str, ...]]:
        return {}

    @cached_property
    def _names(self) -> tuple[tuple[tuple[str, ...], Component], ...]:
        found: dict[tuple[tuple[str, ...], str], Component] = {}
        for component in self.components.all:
            for name in (component.id, *component.aliases):
                found[(words_of(name), component.id)] = component
        return tuple((names, component) for (names, _), component in found.items() if names)

    @cached_property
    def _by_first(self) -> dict[str, list[tuple[tuple[str, ...], Component]]]:
        found: dict[str, list[tuple[tuple[str, ...], Component]]] = defaultdict(list)
        for names, component in self._names:
            found[names[0]].append((names, component))
        return found

    @cached_property
    def _by_initials(self) -> dict[str, list[tuple[str, ...]]]:
        found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for names, _component in self._names:
            if len(names) > 1:
                found["".join(word[0] for word in names)].append(names)
        return found


@lru_cache(maxsize=256)
def _words_of_context(context: Context) -> tuple[str, ...]:
    return words_of(context.text)


def _bare(text: str) -> str:
    """A text without what stands in parentheses, unless nothing else is left."""
    return _PARENTHESES.sub(" ", text).strip() or text


def _within(names: Sequence[str], words: Sequence[str]) -> bool:
    size = len(names)
    return any(tuple(words[i : i + size]) == tuple(names) for i in range(len(words) - size + 1))


def _without_phrase(words: Sequence[str], names: Sequence[str]) -> list[str]:
    size = len(names)
    for i in range(len(words) - size + 1):
        if tuple(words[i : i + size]) == tuple(names):
            return [*words[:i], *words[i + size :]]
    return list(words)


def _defined(short: str, text: str) -> list[str]:
    """What a text says a short form means: 'CSA means X', 'CSA: X', 'X (CSA)'."""
    if short not in text:
        return []
    name = re.escape(short)
    found = []
    verbs = r"means|denotes|represents|stands for|refers to|is short for|indicates|is"
    for match in re.finditer(rf"(?<![\w-]){name}\s*(?:{verbs}|[:=])\s+([A-Za-z][^;:.,()]{{2,60}})", text):
        found.append(match[1].strip())
    size = len(re.findall(r"[A-Za-z0-9]", short))
    for match in re.finditer(rf"((?:[\w-]+\s+){{1,{max(2, size)}}})\(\s*{name}\s*\)", text):
        found.append(match[1].strip())
    return found
