"""The sentences of a LaTeX document: its expanded tokens as plain text, cut where sentences end, with lines kept."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from litdb.draft.text.ends import sentences
from litdb.draft.text.lines import Lines
from litdb.draft.text.project import DraftCitation, DraftPart, DraftSentence
from litdb.extract.latex.arguments import Arguments
from litdb.extract.latex.paragraphs import SECTIONS
from litdb.extract.latex.tables import TABULARS
from litdb.extract.latex.text import CITES, DROPPED, KEEP_LAST, NOTES, plain
from litdb.extract.latex.tokens import Token
from litdb.extract.limits import MAX_TEXT_DEPTH
from litdb.extract.markup.outline import Outline
from litdb.extract.symbols import ACCENTS, CONTROL_SYMBOLS, SYMBOLS

#: Sentences of one draft that are read; the rest is left out.
MOST_SENTENCES = 20_000
_REFS = frozenset(("ref", "cref", "Cref", "autoref", "tabref", "tblref", "Tabref", "tref", "eqref", "subref"))
_CAPTIONS = frozenset(("caption", "captionof", "tablecaption", "subcaption"))
#: Environments whose inside is no text.
_SKIPPED = frozenset(
    (
        *TABULARS, "algorithm", "algorithm*", "algorithmic", "lstlisting", "tikzpicture", "equation", "equation*", "align",
        "align*", "eqnarray", "eqnarray*", "gather", "gather*", "multline", "multline*", "alignat", "alignat*", "displaymath",
        "thebibliography", "IEEEkeywords", "keywords", "picture", "filecontents", "comment", "flalign", "flalign*", "pgfpicture",
    )
)  # fmt: skip
#: Commands that are left out with their arguments, besides those that tables drop.
_LEFT_OUT = {
    "url": "1", "path": "1", "author": "[1", "affiliation": "1", "affil": "[1", "address": "[1", "email": "1", "date": "1",
    "institute": "1", "name": "1", "ninept": "", "IEEEauthorblockN": "1", "IEEEauthorblockA": "1", "keywords": "1",
    "markboth": "2", "pdfbookmark": "[2", "bibliography": "1", "addbibresource": "[1", "graphicspath": "1", "nocite": "1",
    "documentclass": "[1", "usepackage": "[1", "twoauthors": "4", "hypersetup": "1", "sisetup": "1", "affiliations": "1",
    "input": "1", "include": "1", "captionsetup": "[1", "subfigure": "[", "orcidID": "1", "IEEEmembership": "1",
}  # fmt: skip
#: Arguments of environments whose inside is text; others may have an optional one.
_ENVIRONMENTS = {
    "minipage": "[[[1", "wraptable": "[1[1", "wrapfigure": "[1[1", "adjustbox": "1", "adjustwidth": "2", "multicols": "1[",
    "tabbing": "", "subtable": "[1", "subfigure": "[1", "list": "2", "spacing": "1", "textblock": "1",
}  # fmt: skip


@dataclass(slots=True)
class _Buffer:
    """Text on its way to become sentences, with where its pieces come from."""

    part: DraftPart
    section: str
    parts: list[str] = field(default_factory=list)
    length: int = 0
    origins: list[tuple[int, str, int]] = field(default_factory=list)
    citations: list[tuple[int, str, Token]] = field(default_factory=list)
    refs: list[tuple[int, str]] = field(default_factory=list)
    blank: bool = True

    def add(self, text: str, token: Token) -> None:
        """Put a piece of text behind the others; blanks that follow one another are one."""
        text = text.replace("\u2009", " ").replace("\u00a0", " ")
        if self.blank:
            text = text.lstrip(" ")
        if not text:
            return
        self.origins.append((self.length, token.file, token.start))
        self.parts.append(text)
        self.length += len(text)
        self.blank = text.endswith(" ")

    def place(self) -> int:
        """Where a citation stands: behind the last word, where no sentence ended there."""
        said = next((part for part in reversed(self.parts) if part.strip()), "").rstrip()
        return self.length - int(self.blank and self.length > 0 and said[-1:] not in (".", "!", "?"))


class Prose(Arguments):
    """Walks over expanded tokens; `sentences` and `citations` hold what was found."""

    def __init__(self, tokens: Sequence[Token], lines: Lines) -> None:
        super().__init__(tokens)
        self.lines = lines
        self.outline = Outline()
        self.part = DraftPart.TEXT
        self.sentences: list[DraftSentence] = []
        self.citations: list[DraftCitation] = []
        self._buffers: list[_Buffer] = [_Buffer(DraftPart.TEXT, "")]
        self._later: list[_Buffer] = []

    def walk(self) -> None:
        """Read everything from the beginning of the document on."""
        begin = next(
            (i for i, t in enumerate(self.tokens) if t.kind == "cs" and t.text == "begin:document"), None
        )
        self.at = 0 if begin is None else begin + 1
        if begin is not None:
            self._title_before(begin)
        self._read(len(self.tokens), 0)
        self._flush()

    def _title_before(self, begin: int) -> None:
        for at in range(begin):
            if self.tokens[at].kind == "cs" and self.tokens[at].text == "title":
                back, self.at = self.at, at + 1
                self._titled(0)
                self.at = back
                return

    def _read(self, end: int, depth: int) -> None:
        while self.at < min(end, len(self.tokens)):
            token = self.tokens[self.at]
            self.at += 1
            kind = token.kind
            if kind == "ch":
                text = token.text.replace("---", "—").replace("--", "–")
                self._buffers[-1].add("”" if text == "'" and self._doubled() else text, token)
            elif kind in ("sp", "~"):
                self._buffers[-1].add(" ", token)
            elif kind == "par":
                self._flush()
            elif kind == "cs":
                self._command(token, depth)
            elif kind in ("^", "_"):
                body = plain(self.group())
                self._buffers[-1].add(kind + body if body else "", token)

    def _doubled(self) -> bool:
        """Whether an apostrophe is the first of two that close a quotation; the second is passed over."""
        following = self.peek()
        if following is not None and following.kind == "ch" and following.text == "'":
            self.at += 1
            return True
        return False

    def _command(self, token: Token, depth: int) -> None:
        if not self._structure(token, depth):
            self._words(token)

    def _structure(self, token: Token, depth: int) -> bool:
        """Handle a command that begins, ends or sets apart a piece of text; whether it is one."""
        name = token.text
        if name.startswith("begin:"):
            self._begin(name[6:])
        elif name.startswith("end:"):
            self._flush()
            if name[4:] == "abstract":
                self.part = DraftPart.TEXT
        elif name in ("[", "]"):
            self._display(name)
        elif name in _CAPTIONS:
            self.star()
            if name == "captionof":
                self.group()
            self.optional()
            self._aside(DraftPart.CAPTION, depth)
        elif name in NOTES:
            self.optional()
            self._aside(DraftPart.FOOTNOTE, depth)
        elif name in SECTIONS:
            self._section(name)
        elif name == "title":
            self._titled(depth)
        elif name == "abstract":
            self._flush()
            self._inside(DraftPart.ABSTRACT, depth)
        elif name in ("\\", "newline", "tabularnewline", "par", "item"):
            self._broken(name, token)
        else:
            return False
        return True

    def _words(self, token: Token) -> None:
        """Add what a command prints, or pass over what it takes and does not print."""
        name, buffer = token.text, self._buffers[-1]
        if name in SYMBOLS:
            buffer.add(SYMBOLS[name], token)
        elif CITES.match(name):
            self._cite(token)
        elif name in _REFS:
            self.star()
            buffer.refs.append((buffer.length, "".join(t.text for t in self.group())))
            buffer.add("?", token)
        elif name in _LEFT_OUT:
            self.arguments(_LEFT_OUT[name])
        elif name in ACCENTS:
            body = plain(self.group())
            accented = unicodedata.normalize("NFC", body[:1] + ACCENTS[name]) + body[1:]
            buffer.add(accented if body else "", token)
        elif name in ("SI", "qty"):
            self.optional()
            number = plain(self.group())
            self.optional()
            buffer.add(f"{number} {plain(self.group())}", token)
        elif name in DROPPED and name not in KEEP_LAST:
            self.arguments(DROPPED[name])
        elif name in KEEP_LAST:
            self.arguments(KEEP_LAST[name] if name != "multirow" else "[1[1[")
        elif name in CONTROL_SYMBOLS:
            buffer.add(CONTROL_SYMBOLS[name], token)

    def _broken(self, name: str, token: Token) -> None:
        if name == "\\":
            self.star()
            self.optional()
        if name in ("par", "item"):
            self.optional()
            self._flush()
        else:
            self._buffers[-1].add(" ", token)

    def _begin(self, environment: str) -> None:
        if environment in _SKIPPED:
            if environment.rstrip("*") in (
                "equation",
                "align",
                "eqnarray",
                "gather",
                "multline",
                "displaymath",
            ):
                self._skip(environment)  # the sentence goes on behind it
                return
            self._flush()
            self._skip(environment)
            return
        self._flush()
        self.arguments(_ENVIRONMENTS.get(environment, "["))
        if environment == "abstract":
            self.part = DraftPart.ABSTRACT
            self._buffers[-1] = self._fresh()

    def _skip(self, environment: str) -> None:
        depth = 1
        while self.at < len(self.tokens) and depth:
            token = self.tokens[self.at]
            self.at += 1
            if token.kind == "cs":
                depth += token.text == f"begin:{environment}"
                depth -= token.text == f"end:{environment}"
                if CITES.match(token.text):
                    self._cite(token)  # of a table: it must resolve too

    def _display(self, name: str) -> None:
        if name == "[":
            while self.at < len(self.tokens):
                token = self.tokens[self.at]
                self.at += 1
                if token.kind == "par" or (token.kind == "cs" and token.text == "]"):
                    return

    def _cite(self, token: Token) -> None:
        self.star()
        while self.optional() is not None:
            pass
        buffer = self._buffers[-1]
        for part in "".join(t.text for t in self.group() if t.kind in ("ch", "_", "sp", "#")).split(","):
            if key := part.strip():
                buffer.citations.append((buffer.place(), key, token))
                self.citations.append(DraftCitation(key, self.lines.place(token.file, token.start, key)))

    def _aside(self, part: DraftPart, depth: int) -> None:
        """Text that is read apart from the sentence it stands in: a caption, a footnote."""
        if depth > MAX_TEXT_DEPTH:
            return
        self._buffers.append(_Buffer(part, self._heading()))
        self._group_read(depth)
        done = self._buffers.pop()
        self._later.append(done)
        if part is DraftPart.CAPTION:
            self._flush()

    def _inside(self, part: DraftPart, depth: int) -> None:
        before, self.part = self.part, part
        self._buffers.append(self._fresh())
        self._group_read(depth)
        self._flush()
        self._buffers.pop()
        self.part = before

    def _titled(self, depth: int) -> None:
        self.optional()
        if any(sentence.part is DraftPart.TITLE for sentence in self.sentences):
            self.group()
            return
        self._flush()
        self._inside(DraftPart.TITLE, depth)

    def _group_read(self, depth: int) -> None:
        """Read the next argument like the text around it."""
        self.skip_space()
        token = self.peek()
        if token is None or token.kind != "{" or depth > MAX_TEXT_DEPTH:
            self.group()
            return
        level = 0
        for end in range(self.at, len(self.tokens)):
            level += (self.tokens[end].kind == "{") - (self.tokens[end].kind == "}")
            if level == 0:
                break
        else:
            end = len(self.tokens)
        self.at += 1
        self._read(end, depth + 1)
        self.at = max(self.at, end + 1)

    def _section(self, name: str) -> None:
        self._flush()
        self.star()
        self.optional()
        heading = plain(self.group())
        self.outline.enter(SECTIONS.index(name), heading)
        if name == "section":
            self.part = DraftPart.ABSTRACT if heading.strip().lower() == "abstract" else DraftPart.TEXT
        self._buffers[-1] = self._fresh()

    def _fresh(self) -> _Buffer:
        return _Buffer(self.part, self._heading())

    def _heading(self) -> str:
        return " / ".join(filter(None, (*self.outline.above, self.outline.here)))

    def _flush(self) -> None:
        """Cut what was gathered into sentences; a caption or footnote inside comes behind its paragraph."""
        buffer = self._buffers[-1]
        self._buffers[-1] = _Buffer(buffer.part if len(self._buffers) > 1 else self.part, self._heading())
        self._cut(buffer)
        if len(self._buffers) == 1:
            later, self._later = self._later, []
            for one in later:
                self._cut(one)

    def _cut(self, buffer: _Buffer) -> None:
        text = "".join(buffer.parts)
        if not text.strip():
            return
        starts = [origin[0] for origin in buffer.origins]
        cited = [citation[0] for citation in buffer.citations]
        referred = [ref[0] for ref in buffer.refs]
        for start, end in sentences(text):
            if len(self.sentences) >= MOST_SENTENCES:
                return
            origins = buffer.origins[max(0, bisect_right(starts, start) - 1) : bisect_left(starts, end)]
            citations = buffer.citations[bisect_left(cited, start) : bisect_right(cited, end)]
            refs = buffer.refs[bisect_left(referred, start) : bisect_left(referred, end)]
            piece = self._sentence((text, start, end), origins, citations)
            said = tuple((at - start, label) for at, label in refs)
            self.sentences.append(replace(piece, part=buffer.part, section=buffer.section, refs=said))

    def _sentence(
        self,
        piece: tuple[str, int, int],
        origins: Sequence[tuple[int, str, int]],
        citations: Sequence[tuple[int, str, Token]],
    ) -> DraftSentence:
        text, start, end = piece
        spots: list[tuple[int, str, int]] = []
        for at, file, offset in origins:
            spot = (max(0, at - start), file, self.lines.line(file, offset))
            if at <= start and spots:
                spots[-1] = spot
            elif not spots or spots[-1][1:] != spot[1:]:
                spots.append(spot)
        cites = tuple(
            DraftCitation(key, self.lines.place(token.file, token.start, key), at - start)
            for at, key, token in citations
        )
        return DraftSentence(text[start:end], DraftPart.TEXT, "", tuple(spots), cites)
