"""LaTeX tokens as plain text; citations, footnote marks and boldness are collected beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from litdb.extract.latex import siunitx
from litdb.extract.latex.arguments import Arguments
from litdb.extract.latex.tokens import Token, tokenize
from litdb.extract.limits import MAX_TEXT, MAX_TEXT_DEPTH
from litdb.extract.markup.citing import mark
from litdb.extract.symbols import ACCENTS, CONTROL_SYMBOLS, DINGBATS, SYMBOLS, superscript


@dataclass(frozen=True, slots=True)
class Rich:
    """Plain text of a piece of source, and the citations, marks, notes and boldness that were in it."""

    text: str
    cites: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    bold: bool = False
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _TextState:
    cites: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    bold: int = 0
    plain: int = 0
    switched: bool = False
    cited: bool = False  # whether a mark stays where a citation stood


_BOLD = frozenset(
    [
        "textbf",
        "mathbf",
        "boldsymbol",
        "bm",
        "pmb",
        "mathbfit",
        "bfseries",
        "bf",
        "B",
        "fontseries",
        "textbftt",
        "pmb",
        "boldmath",
    ]
)
_BOLD_SWITCH = frozenset(("bf", "bfseries", "B", "boldmath"))

#: Commands by the number of arguments that are dropped before the kept ones; '[' stands for an optional one.
DROPPED: dict[str, str] = {
    **dict.fromkeys(("vspace", "hspace", "vskip", "label", "phantom", "hphantom", "vphantom", "includegraphics"), "*[1"),
    **dict.fromkeys(("color", "cellcolor", "rowcolor", "columncolor", "arrayrulecolor", "definecolor"), "[1["),
    **dict.fromkeys(("setlength", "addtolength", "setcounter", "addtocounter", "fontsize"), "2"),
    **dict.fromkeys(("cmidrule", "cline", "cdashline", "hhline", "noalign", "pagestyle", "thispagestyle"), "[1"),
    **dict.fromkeys(("ref", "cref", "Cref", "autoref", "eqref", "pageref", "subref", "nameref", "index", "glsadd"), "*1"),
    **dict.fromkeys(("bibliographystyle", "usetikzlibrary", "input", "include", "rule", "tikz", "hyphenation"), "1"),
    **dict.fromkeys(("textcolor", "colorbox", "scalebox", "rotatebox", "raisebox", "resizebox", "fontfamily"), ""),
    "renewcommand": "2", "newcommand": "2", "addlinespace": "[", "specialrule": "3", "rule": "2", "fcolorbox": "",
}  # fmt: skip

#: Commands whose last argument is kept: (optional and required arguments before it).
KEEP_LAST: dict[str, str] = {
    "textcolor": "[1", "colorbox": "[1", "fcolorbox": "2", "scalebox": "1[", "rotatebox": "[1", "raisebox": "1[[",
    "resizebox": "*2", "adjustbox": "1", "parbox": "[[[1", "href": "1", "hyperref": "[", "multicolumn": "2",
    "makebox": "[[", "framebox": "[[", "makecell": "*[", "shortstack": "[", "thead": "*[", "rothead": "*[", "multirowcell": "1[",
    "multirowthead": "1", "fontsize": "2", "foreignlanguage": "1", "sisetup": "", "hyperlink": "1", "hl": "", "ul": "",
    "multirow": "", "Centerstack": "[", "stackanchor": "", "texorpdfstring": "",
}  # fmt: skip
CITES = re.compile(
    r"^(?:no|paren|text|full|foot|auto|smart|super|short)?cite[a-zA-Z]*$|^(?:Cite|Citet|Citep|onlinecite|cites)$",
    re.I,
)
NOTES = frozenset(("footnote", "tablefootnote", "thanks", "tabfootnote", "footnotetext"))
_MARKS = frozenset(("tnote", "footnotemark", "textsuperscript", "tnotex", "tmark", "sp"))
_BOXES = ("diagbox", "backslashbox", "slashbox")
_FRACTIONS = ("frac", "tfrac", "dfrac", "nicefrac", "sfrac")
_SPACES = re.compile(r"[ \t\r\f\v]+")


class _TextReader(Arguments):
    """Walks over tokens; every method returns or adds text and records the rest in the state."""

    def __init__(self, tokens: Sequence[Token], *, keep_marks: bool = False) -> None:
        super().__init__(tokens)
        self.keep_marks = keep_marks
        self.state = _TextState()

    def inner(self, tokens: Sequence[Token], depth: int, *, bold: bool = False) -> str:
        """The text of a nested piece, recorded in the same state."""
        if depth > MAX_TEXT_DEPTH:
            return ""
        reader = _TextReader(tokens, keep_marks=self.keep_marks)
        reader.state = self.state
        before = self.state.switched
        self.state.switched = before or bold
        text = reader.read(depth + 1)
        self.state.switched = before
        return text

    def read(self, depth: int = 0) -> str:
        parts: list[str] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            kind = token.kind
            if kind == "ch":
                self.at += 1
                parts.append(token.text)
                if token.text.strip("\"'()=,`[]*"):
                    if self.state.switched:
                        self.state.bold += len(token.text)
                    else:
                        self.state.plain += len(token.text)
            elif kind in ("sp", "~", "par"):
                self.at += 1
                parts.append(" ")
            elif kind == "{":
                parts.append(self.inner(self.group(), depth))
            elif kind == "^":
                self.at += 1
                self.raised(parts, depth)
            elif kind == "_":
                self.at += 1
                body = self.inner(self.group(), depth).strip()
                parts.append("_" + body if body else "")
            elif kind == "cs":
                self.at += 1
                self.command(token, parts, depth)
            else:
                self.at += 1
                if kind == "#":
                    parts.append(token.text)
        return "".join(parts)

    def raised(self, parts: list[str], depth: int) -> None:
        bold, plain = self.state.bold, self.state.plain
        body = self.inner(self.group(), depth)
        before = next((part.rstrip() for part in reversed(parts) if part.strip()), "")
        following = next(
            (t.text for t in self.tokens[self.at : self.at + 4] if t.kind not in ("$", "}", "{")), ""
        )
        text, mark = superscript(body, before, following)
        parts.append(text)
        if mark:
            self.state.bold, self.state.plain = bold, plain
            self._take(mark, parts)

    def command(self, token: Token, parts: list[str], depth: int) -> None:
        name = token.text
        symbol = SYMBOLS.get(name)
        if symbol is not None:
            parts.append(symbol)
            return
        handler = _COMMANDS.get(name)
        if handler is not None:
            handler(self, name, parts, depth)
        elif CITES.match(name):
            parts.append(self.cite())
        elif name.startswith("begin:"):
            self.environment(name[6:], parts)
        elif name.startswith("end:"):
            parts.append(" ")

    def line_break(self, name: str, parts: list[str], _depth: int) -> None:
        self.star()
        if name == "\\":
            self.optional()
        parts.append(" ")

    def control(self, name: str, parts: list[str], _depth: int) -> None:
        parts.append(CONTROL_SYMBOLS[name])

    def switch_bold(self, _name: str, _parts: list[str], _depth: int) -> None:
        self.state.switched = True

    def switch_plain(self, _name: str, _parts: list[str], _depth: int) -> None:
        self.state.switched = False

    def bold(self, _name: str, parts: list[str], depth: int) -> None:
        parts.append(self.inner(self.group(), depth, bold=True))

    def footnote(self, _name: str, _parts: list[str], depth: int) -> None:
        self.optional()
        before = (self.state.bold, self.state.plain)
        note = self.inner(self.group(), depth).strip()
        self.state.bold, self.state.plain = before
        if note:
            self.state.notes.append(note)

    def dingbat(self, _name: str, parts: list[str], depth: int) -> None:
        parts.append(DINGBATS.get(self.inner(self.group(), depth).strip(), ""))

    def quantity(self, name: str, parts: list[str], depth: int) -> None:
        """A number, a unit or both, of the package siunitx."""
        self.optional()
        if name == "num":
            parts.append(siunitx.number(self.inner(self.group(), depth)))
            return
        if name in ("SI", "qty"):
            parts.append(f"{siunitx.number(self.inner(self.group(), depth))} ")
            self.optional()
        parts.append(self.inner(siunitx.unit(self.group()), depth))

    def divided(self, name: str, parts: list[str], depth: int) -> None:
        """Two arguments with a slash between them: a split header cell, a fraction."""
        self.optional()
        first, second = self.inner(self.group(), depth), self.inner(self.group(), depth)
        parts.append(f"{first} \\ {second}" if name in _BOXES else f"{first}/{second}")

    def multirow(self, _name: str, parts: list[str], depth: int) -> None:
        self.arguments("[1[1[")
        parts.append(self.inner(self.group(), depth))

    def keep_first(self, _name: str, parts: list[str], depth: int) -> None:
        parts.append(self.inner(self.group(), depth))
        self.group()

    def keep_last(self, name: str, parts: list[str], depth: int) -> None:
        self.arguments(KEEP_LAST[name])
        parts.append(self.inner(self.group(), depth))

    def drop(self, name: str, _parts: list[str], _depth: int) -> None:
        self.arguments(DROPPED[name])

    def environment(self, name: str, parts: list[str]) -> None:
        parts.append(" ")
        if name.startswith(("tabular", "array", "minipage")):
            self.optional()
            self.group()
            if name in ("tabular*", "tabularx"):
                self.group()

    def cite(self) -> str:
        self.star()
        while self.optional() is not None:
            pass
        keys = "".join(t.text for t in self.group() if t.kind in ("ch", "_", "sp", "#"))
        named = [key.strip() for key in keys.split(",") if key.strip()]
        self.state.cites.extend(named)
        return mark(named) if named and self.state.cited else ""

    def mark(self, name: str, parts: list[str], depth: int) -> None:
        if name == "footnotemark":
            given = self.optional()
            body = self.inner(given, depth) if given is not None else ""
        else:
            body = self.inner(self.group(), depth)
        following = self.peek()
        after = following.text if following is not None else ""
        text, mark = superscript(body, "".join(parts).rstrip(), after)
        parts.append(text)
        if mark:
            self._take(mark, parts)

    def _take(self, mark: str, parts: list[str]) -> None:
        self.state.marks.append(mark)
        if self.keep_marks:
            parts.append(f"{mark} ")

    def accent(self, name: str, parts: list[str], depth: int) -> None:
        body = self.inner(self.group(), depth)
        if not body:
            return
        letter = {"ı": "i", "ȷ": "j"}.get(body[0], body[0])
        parts.append(unicodedata.normalize("NFC", letter + ACCENTS[name]) + body[1:])


#: How a command that is no symbol is handled, by its name; where a name is listed twice, the later entry counts.
_COMMANDS: dict[str, Callable[[_TextReader, str, list[str], int], None]] = {
    **dict.fromkeys(DROPPED, _TextReader.drop),
    **dict.fromkeys(KEEP_LAST, _TextReader.keep_last),
    "texorpdfstring": _TextReader.keep_first,
    "multirow": _TextReader.multirow,
    **dict.fromkeys((*_BOXES, *_FRACTIONS), _TextReader.divided),
    **dict.fromkeys(("SI", "qty", "si", "unit", "num"), _TextReader.quantity),
    "ding": _TextReader.dingbat,
    **dict.fromkeys(ACCENTS, _TextReader.accent),
    **dict.fromkeys(_MARKS, _TextReader.mark),
    **dict.fromkeys(NOTES, _TextReader.footnote),
    **dict.fromkeys(_BOLD, _TextReader.bold),
    **dict.fromkeys(("normalfont", "mdseries", "rm", "textmd"), _TextReader.switch_plain),
    **dict.fromkeys(_BOLD_SWITCH, _TextReader.switch_bold),
    **dict.fromkeys((name for name in CONTROL_SYMBOLS if len(name) == 1), _TextReader.control),
    **dict.fromkeys(("\\", "tabularnewline", "cr", "newline", "par", "break"), _TextReader.line_break),
}


def tidy(text: str) -> str:
    """Dashes, quotes and white space of LaTeX as they are printed."""
    text = text.replace("---", "—").replace("``", "“").replace("''", "”")
    text = re.sub(r"(?<!-)--(?!-)", "–", text)
    return _SPACES.sub(" ", text.replace("\u2009", " ").replace("\n", " ").replace("\u00a0", " ")).strip()


def rich(tokens: Sequence[Token]) -> Rich:
    """The plain text of expanded tokens."""
    reader = _TextReader(tokens[:MAX_TEXT])
    text = tidy(reader.read())
    state = reader.state
    return Rich(
        text,
        tuple(dict.fromkeys(state.cites)),
        tuple(dict.fromkeys(state.marks)),
        state.bold > 0 and state.bold >= state.plain,
        tuple(tidy(note) for note in state.notes),
    )


def plain(tokens: Sequence[Token]) -> str:
    """The plain text alone."""
    return rich(tokens).text


def note(tokens: Sequence[Token]) -> str:
    """The plain text of a table note, which keeps the marks that cells refer to."""
    return tidy(_TextReader(tokens[:MAX_TEXT], keep_marks=True).read())


def marked(tokens: Sequence[Token]) -> str:
    """The plain text with marks where citations stood."""
    reader = _TextReader(tokens[:MAX_TEXT])
    reader.state.cited = True
    return tidy(reader.read())


def from_source(text: str) -> Rich:
    """The plain text of a snippet of LaTeX, such as the alttext of a formula."""
    return rich(tokenize(text, ""))
