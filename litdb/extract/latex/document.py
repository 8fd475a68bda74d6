"""LaTeX documents: tables with captions, sections and the paragraphs that refer to them, and the bibliography."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from litdb.extract.latex.arguments import Arguments
from litdb.extract.latex.expand import Expander
from litdb.extract.latex.paragraphs import (
    SECTIONS,
    citing_paragraphs,
    paragraph_at,
    paragraph_before,
    paragraphs,
)
from litdb.extract.latex.tables import TABULARS, Body, labels_in, read_body
from litdb.extract.latex.text import note, plain, rich
from litdb.extract.latex.tokens import Token
from litdb.extract.layout import rectangle, trimmed
from litdb.extract.limits import MAX_TABLES, Deadline, check_size
from litdb.extract.markup.citing import cited
from litdb.extract.markup.outline import Outline
from litdb.extract.references import from_bbl_entries, from_bib, reference
from litdb.extract.types import Grid, Reference, SourceText, Span

_TABLE_FLOATS = frozenset(
    ("table", "table*", "sidewaystable", "sidewaystable*", "wraptable", "SCtable", "margintable", "turntable", "tablehere")
)  # fmt: skip
#: Boxes around tables whose captions and notes are those of all tables in them.
_JOINT = frozenset(("threeparttable", "threeparttablex", "center", "landscape"))
#: Boxes in a float, with tables of their own.
_INNER = _JOINT | {"subtable", "minipage"}
_FLOATS = _TABLE_FLOATS | _INNER | {"figure", "figure*", "measuredfigure"}
_REFS = frozenset(("ref", "cref", "Cref", "autoref", "tabref", "tblref", "Tabref", "tref", "hyperref"))
_CAPTIONS = frozenset(
    ("caption", "captionof", "caption*", "tablecaption", "subcaption", "tcaption", "subfloat", "subtable")
)
_SKIPPED = frozenset(("algorithm", "algorithm*", "algorithmic", "lstlisting", "tikzpicture", "equation", "equation*", "align",
                      "align*", "eqnarray", "eqnarray*", "gather", "gather*", "multline", "multline*", "alignat", "alignat*",
                      "displaymath", "math", "cases", "split", "aligned"))  # fmt: skip


@dataclass(slots=True)
class _Float:
    """A float while it is read: what belongs to every tabular in it."""

    name: str
    start: Token
    begun: int
    section: str
    above: tuple[str, ...]
    captions: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    bodies: list[tuple[Body, Span, str]] = field(default_factory=list)
    subcaption: str = ""
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class LatexDocument:
    """The tables of a LaTeX document and what surrounds them."""

    grids: tuple[Grid, ...]
    references: tuple[Reference, ...]
    title: str
    abstract: str
    remarks: tuple[str, ...]


def read_latex(source: SourceText, deadline: Deadline) -> LatexDocument:
    """The tables of a LaTeX document. Raises TooLarge when it cannot be read within the limits."""
    for name, text in source.files.items():
        check_size(text, name)
    expander = Expander(source.files, deadline)
    tokens = expander.run(source.main)
    walker = _Walker(tokens, source, deadline)
    walker.walk()
    references = cited(walker.references or _from_files(source), citing_paragraphs(tokens))
    return LatexDocument(
        walker.finished(), references, walker.title, walker.abstract, tuple(expander.remarks)
    )


def _from_files(source: SourceText) -> list[Reference]:
    found: list[Reference] = []
    for name, text in source.files.items():
        if name.endswith(".bbl"):
            found.extend(from_bbl_entries(text))
        elif name.endswith(".bib"):
            found.extend(from_bib(text))
    return found


class _Walker:
    """One pass over the expanded tokens."""

    def __init__(self, tokens: Sequence[Token], source: SourceText, deadline: Deadline) -> None:
        self.tokens = tokens
        self.sources = dict(source.files)
        self.deadline = deadline
        self.title = ""
        self.abstract = ""
        self.outline = Outline()
        self.references: list[Reference] = []
        self.grids: list[Grid] = []
        self.begun: list[int] = []
        self.floats: list[_Float] = []
        self.refs: list[tuple[str, int]] = []
        self.numbers = 0
        self.pending: list[Token] = []

    def walk(self) -> None:
        index = 0
        tokens = self.tokens
        while index < len(tokens):
            if index & 255 == 0:
                self.deadline.check()
            token = tokens[index]
            after = self.command(token.text, index) if token.kind == "cs" else None
            if after is None:
                if self.floats and self.floats[-1].bodies:
                    self.pending.append(token)
                after = index + 1
            index = after
        while self.floats:
            self.close(self.floats[-1].name)

    def command(self, name: str, index: int) -> int | None:
        """Handle a command: the index after what it took, or None when it is ordinary text."""
        if name.startswith("begin:"):
            return self.begin(name[6:], index)
        if name.startswith("end:"):
            if name[4:] in _FLOATS:
                self.flush_notes()
                self.close(name[4:])
            return None
        if name in _CAPTIONS:
            return self.caption(name, index + 1)
        handler = _COMMANDS.get(name)
        return handler(self, name, Arguments(self.tokens, index + 1)) if handler is not None else None

    def begin(self, environment: str, index: int) -> int | None:
        """Read or skip an environment: the index after it, or None when its inside is read like the text around it."""
        if environment in TABULARS and (environment != "array" or self.in_table()):
            self.flush_notes()
            return self.tabular(environment, index)
        if environment in _SKIPPED and not self.in_table():
            return self.past(environment, index)
        if environment in _FLOATS:
            self.flush_notes()
            outer = self.floats[-1] if self.floats else None
            self.floats.append(
                _Float(
                    environment,
                    self.tokens[index],
                    index,
                    outer.section if outer else self.outline.here,
                    outer.above if outer else self.outline.above,
                )
            )
        elif environment == "abstract":
            end = self.past(environment, index)
            self.abstract = plain(self.tokens[index + 1 : end - 1])
            return end
        elif environment == "thebibliography":
            return self.bibliography(index)
        return None

    def read_label(self, _name: str, reader: Arguments) -> int:
        label = "".join(t.text for t in reader.group())
        if self.floats:
            self.floats[-1].labels.append(label)
        return reader.at

    def read_section(self, name: str, reader: Arguments) -> int:
        reader.star()
        reader.optional()
        self.outline.enter(SECTIONS.index(name), plain(reader.group()))
        return reader.at

    def read_title(self, _name: str, reader: Arguments) -> int | None:
        if self.title:
            return None
        reader.optional()
        self.title = plain(reader.group())
        return reader.at

    def read_refs(self, name: str, reader: Arguments) -> int:
        index = reader.at - 1
        reader.star()
        given = reader.optional() if name == "hyperref" else None
        label = "".join(t.text for t in (given if given is not None else reader.group()))
        self.refs.extend((part.strip(), index) for part in label.split(","))
        return reader.at

    def in_table(self) -> bool:
        return any(f.name in _TABLE_FLOATS for f in self.floats)

    def past(self, environment: str, index: int) -> int:
        """The index after the matching end of the environment that begins at `index`."""
        depth = 0
        for at in range(index, len(self.tokens)):
            token = self.tokens[at]
            if token.kind != "cs":
                continue
            if token.text == f"begin:{environment}":
                depth += 1
            elif token.text == f"end:{environment}":
                depth -= 1
                if depth == 0:
                    return at + 1
        return len(self.tokens)

    def flush_notes(self) -> None:
        """Text between the tables of a float, or after the last one, becomes its notes."""
        if self.pending and self.floats:
            for part in paragraphs(self.pending):
                text = note(part)
                if len(re.findall(r"[A-Za-z]{2,}", text)) >= 2:
                    self.floats[-1].notes.append(text)
        self.pending.clear()

    def caption(self, name: str, index: int) -> int:
        reader = Arguments(self.tokens, index)
        reader.star()
        if name == "captionof":
            reader.group()
        if name == "subfloat":
            given = reader.optional()
            if self.floats and given is not None:
                self.floats[-1].subcaption = plain(given)
            return reader.at
        if name == "subtable":
            reader.optional()
            return index
        reader.optional()
        value = rich(reader.group())
        if not self.floats:
            return reader.at
        owner = self.floats[-1]
        if name == "subcaption":
            owner.subcaption = value.text
        else:
            owner.captions.append(value.text)
            outermost = next((f for f in self.floats if f.name in _TABLE_FLOATS), owner)
            if not outermost.numbered and outermost.name not in ("figure", "figure*"):
                outermost.numbered = True
        owner.notes.extend(value.notes)
        return reader.at

    def tabular(self, environment: str, index: int) -> int:
        end = self.past(environment, index)
        inside = self.tokens[index + 1 : end - 1 if end <= len(self.tokens) else end]
        reader = Arguments(inside)
        reader.arguments(TABULARS[environment])
        body = read_body(reader.rest, self.sources)
        first, last = self.tokens[index], self.tokens[end - 1]
        place = Span(first.file, first.start, last.end if last.file == first.file else first.end)
        if self.floats:
            owner = self.floats[-1]
            owner.bodies.append((body, place, owner.subcaption))
            owner.subcaption = ""
        else:
            alone = _Float(environment, first, index, self.outline.here, self.outline.above)
            if body.caption:
                alone.captions.append(plain(body.caption))
            alone.labels.extend(labels_in(inside))
            alone.bodies.append((body, place, ""))
            self.emit(alone)
        return end

    def close(self, environment: str) -> None:
        """Close the innermost float of that name; what it holds goes to the float around it or becomes grids."""
        while self.floats:
            done = self.floats.pop()
            if self.floats:
                outer = self.floats[-1]
                caption = " ".join(done.captions)
                if done.name in _INNER:
                    if done.name in _JOINT or not done.bodies:
                        outer.captions.extend(done.captions)
                        caption = ""
                    around = outer.subcaption  # '\subfloat[PESQ]{\begin{minipage}...'
                    outer.bodies.extend(
                        (body, place, sub or caption or around) for body, place, sub in done.bodies
                    )
                    outer.subcaption = "" if done.bodies else around
                    outer.notes.extend(done.notes)
                    outer.labels.extend(done.labels)
                else:
                    self.emit(done)
            else:
                self.emit(done)
            if done.name == environment:
                return

    def emit(self, done: _Float) -> None:
        if not done.bodies or len(self.grids) >= MAX_TABLES:
            if done.numbered and done.name in _TABLE_FLOATS:
                self.numbers += 1
            return
        if done.captions and (done.name not in ("figure", "figure*")):
            self.numbers += 1
        number = str(self.numbers) if done.captions else ""
        for body, place, subcaption in done.bodies:
            rows = trimmed(rectangle(body.rows, flowing=False))
            if not rows:
                continue
            own = [plain(body.caption)] if body.caption else []
            self.begun.append(done.begun)
            ahead = [re.sub(r"(?<=[\w)])$", ".", subcaption.strip())] if subcaption else []
            caption = " ".join(dict.fromkeys([*ahead, *own, *done.captions]))
            self.grids.append(
                Grid(
                    rows=rows,
                    caption=caption,
                    label=" ".join(done.labels),
                    number=number,
                    ordinal=len(self.grids) + 1,
                    section=done.section,
                    above=done.above,
                    notes=tuple(dict.fromkeys([*body.notes, *done.notes])),
                    span=place,
                )
            )

    def bibliography(self, index: int) -> int:
        end = self.past("thebibliography", index)
        entry: list[Token] = []
        key = ""
        reader = Arguments(self.tokens[:end], index + 1)
        reader.group()
        while (token := reader.peek()) is not None:
            reader.at += 1
            if token.kind == "cs" and token.text == "bibitem":
                if key:
                    self.references.append(reference(key, plain(entry)))
                reader.optional()
                key = "".join(t.text for t in reader.group())
                entry = []
            else:
                entry.append(token)
        if key:
            self.references.append(reference(key, plain(entry)))
        return end

    def finished(self) -> tuple[Grid, ...]:
        """The grids with the paragraphs that refer to them as context."""
        wanted = {label: grid.ordinal for grid in self.grids for label in grid.label.split() if label}
        contexts: dict[int, list[str]] = {}
        for label, index in self.refs:
            ordinal = wanted.get(label)
            if ordinal is not None and len(contexts.setdefault(ordinal, [])) < 4:
                contexts[ordinal].append(paragraph_at(self.tokens, index))
        for grid, begun in zip(self.grids, self.begun, strict=True):
            if grid.ordinal not in contexts and (before := paragraph_before(self.tokens, begun)):
                contexts[grid.ordinal] = [before]  # nothing refers to it: it stands where it is spoken of
        return tuple(replace(grid, context="\n".join(contexts.get(grid.ordinal, ()))) for grid in self.grids)


#: How a command is handled, by its name: the index after what it took, or None when it is ordinary text.
_COMMANDS: dict[str, Callable[[_Walker, str, Arguments], int | None]] = {
    "label": _Walker.read_label,
    **dict.fromkeys(SECTIONS, _Walker.read_section),
    "title": _Walker.read_title,
    **dict.fromkeys(_REFS, _Walker.read_refs),
}
