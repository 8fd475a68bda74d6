"""Macro expansion: the authors' commands, conditionals and included files; every token keeps its place.

Only what a document (or a style file beside it) defines is expanded; the commands of LaTeX itself stay as they are.
Tokens that come out of a macro's body carry the place of the call. All work is counted against fixed limits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from litdb.extract.latex.files import FileInput
from litdb.extract.latex.input import Frame, LimitReached
from litdb.extract.latex.names import CONDITIONALS, KEPT, SIZES, TABLES
from litdb.extract.latex.tokens import Token
from litdb.extract.limits import MAX_BODY, MAX_DEPTH, MAX_EXPANSIONS, Deadline
from litdb.extract.symbols import SYMBOLS

_IF_LIMIT = 200_000
#: What \xspace puts no blank in front of.
_NO_BLANK_BEFORE = ".,'/?;:!~-)*"


@dataclass(frozen=True, slots=True)
class _Macro:
    arguments: int
    body: tuple[Token, ...]
    default: tuple[Token, ...] | None = None
    optional: tuple[bool, ...] = ()


class Expander(FileInput):
    """Expands one document. `files` are decoded texts by name; nothing outside of them is ever read."""

    def __init__(self, files: Mapping[str, str], deadline: Deadline) -> None:
        super().__init__(files, deadline)
        self._macros: dict[str, _Macro] = {}
        self._environments: dict[str, tuple[_Macro, _Macro]] = {}
        self._switches: dict[str, bool] = {"iffalse": False, "iftrue": True}
        self._conditions = 0
        self._expansions = 0
        self._handlers: dict[str, Callable[[Token], None]] = {
            **dict.fromkeys(("newcommand", "renewcommand", "providecommand", "DeclareRobustCommand"), self._newcommand),
            **dict.fromkeys(("def", "gdef", "edef", "xdef"), self._def),
            **dict.fromkeys(("newenvironment", "renewenvironment"), self._newenvironment),
            **dict.fromkeys(("input", "include", "subfile", "subfileinclude", "InputIfFileExists"), self._input),
            **dict.fromkeys(("import", "subimport", "includefrom", "inputfrom"), self._import),
            **dict.fromkeys(("usepackage", "RequirePackage"), self._usepackage),
            **dict.fromkeys(("NewDocumentCommand", "RenewDocumentCommand", "ProvideDocumentCommand"), self._document_command),
            **dict.fromkeys(("newtheorem", "newcolumntype"), self._skip_definition),
            "let": self._let,
            "newif": self._newif,
            "DeclareMathOperator": self._operator,
            "else": self._else,
            "fi": self._fi,
            "begin": self._begin,
            "end": self._end,
            "bibliography": self._bibliography,
            "printbibliography": self._bibliography,
            "endinput": self._endinput,
        }  # fmt: skip
        self._out: list[Token] = []

    def run(self, main: str) -> list[Token]:
        """The expanded tokens of the document, from the main file on."""
        self._push_file(main)
        try:
            self._loop()
        except LimitReached as limit:
            self.remarks.append(f"{main}: {limit}; the rest is not read")
        return self._out

    def _loop(self) -> None:
        handlers, macros, switches, out = self._handlers, self._macros, self._switches, self._out
        while True:
            token = self._next()
            if token is None:
                return
            if token.kind != "cs":
                if token.kind == "primitive":
                    self._primitive(token)
                else:
                    out.append(token)
                continue
            name = token.text
            handler = handlers.get(name)
            if handler is not None:
                handler(token)
            elif name in macros:
                self._expand(token, macros[name])
            elif name in switches:
                self._branch(switches[name])
            elif (
                name.startswith("if") and name not in ("ifthenelse", "iff") and len(name) > 2
            ) or name == "if":
                self._unknown_if(name)
            elif name[-4:] == "true" and "if" + name[:-4] in switches:
                switches["if" + name[:-4]] = True
            elif name[-5:] == "false" and "if" + name[:-5] in switches:
                switches["if" + name[:-5]] = False
            elif name == "xspace":
                self._xspace(token)
            elif name != "protect" and name != "relax":
                out.append(token)

    def _xspace(self, call: Token) -> None:
        """A blank behind an author's command, but for punctuation: TeX has eaten the one that stands in the source."""
        following = self._next()
        if following is None:
            return
        behind = self._next() if following.kind == "$" else None
        for token in (behind, following):
            if token is not None:
                self._back(token)
        if (
            (following.kind == "ch" and following.text[0] not in _NO_BLANK_BEFORE)
            or (
                following.kind == "cs"
                and following.text[0].isalpha()
                and not following.text.startswith("footnote")
            )
            or (behind is not None and behind.kind != "^")
        ):
            self._out.append(Token("sp", " ", call.file, call.start, call.end))

    # definitions

    def _define(self, name: str, macro: _Macro) -> None:
        if not name or name in KEPT or name in self._handlers:
            return
        if self._in_style():
            inner = "@" in name or any(t.kind == "cs" and "@" in t.text for t in macro.body)
            if inner or len(macro.body) > 200 or name in SYMBOLS or name in SIZES:
                return
        self._macros[name] = macro

    def _in_style(self) -> bool:
        """Whether a style file is being read: its redefinitions of LaTeX's own commands are not wanted."""
        return next((frame.file for frame in reversed(self._stack) if frame.file), "").endswith(
            (".sty", ".cls")
        )

    def _newcommand(self, token: Token) -> None:
        self._star()
        name = self._name()
        count = self._optional()
        default = self._optional() if count is not None else None
        number = self._plain(count) if count else ""
        body = self._argument()
        if token.text == "providecommand" and name in self._macros:
            return
        self._define(
            name,
            _Macro(
                min(int(number), 9) if number.isdigit() else 0,
                tuple(body),
                tuple(default) if default is not None else None,
            ),
        )

    def _def(self, _call: Token) -> None:
        name = self._name()
        count = 0
        while (following := self._next()) is not None and following.kind != "{":
            if following.kind == "#":
                count += 1
            elif following.kind == "par":
                return
        self._define(name, _Macro(min(count, 9), tuple(self._group())))

    def _let(self, _call: Token) -> None:
        name = self._name()
        target = self._next_solid()
        if target is not None and target.text == "=":
            target = self._next_solid()
        if target is None:
            return
        macro = self._macros.get(target.text) if target.kind == "cs" else None
        if target.kind == "cs" and target.text == name:
            return
        if macro is None and target.kind == "cs":
            target = target._replace(kind="primitive")
        self._define(name, macro if macro is not None else _Macro(0, (target,)))

    def _primitive(self, token: Token) -> None:
        """A command that \\let saved under another name: a later definition of its own name does not change it."""
        token = token._replace(kind="cs")
        handler = self._handlers.get(token.text)
        if handler is not None:
            handler(token)
        else:
            self._out.append(token)

    def _newenvironment(self, _call: Token) -> None:
        self._star()
        name = self._plain(self._argument())
        count = self._optional()
        default = self._optional() if count is not None else None
        number = self._plain(count) if count else ""
        begin, end = self._argument(), self._argument()
        arguments = min(int(number), 9) if number.isdigit() else 0
        if name and name not in TABLES:
            self._environments[name] = (
                _Macro(arguments, tuple(begin), tuple(default) if default is not None else None),
                _Macro(0, tuple(end)),
            )

    def _document_command(self, _call: Token) -> None:
        name = self._name()
        spec = self._plain(self._argument())
        body = self._argument()
        optional = tuple(letter in "oO" for letter in spec if letter in "mMoOsv")
        self._define(name, _Macro(min(len(optional), 9), tuple(body), None, optional))

    def _skip_definition(self, _call: Token) -> None:
        self._star()
        self._argument()
        self._optional()
        self._argument()
        self._optional()

    def _operator(self, _call: Token) -> None:
        self._star()
        name = self._name()
        self._define(name, _Macro(0, tuple(self._argument())))

    # calls

    def _expand(self, call: Token, macro: _Macro) -> None:
        self._expansions += 1
        if self._expansions > MAX_EXPANSIONS:
            raise LimitReached(f"more than {MAX_EXPANSIONS} macro calls")
        if len(self._stack) > 40 * MAX_DEPTH:
            raise LimitReached("macros nested too deep")
        self._last_end = call.end
        arguments: list[list[Token]] = []
        for number in range(macro.arguments):
            if number == 0 and macro.default is not None:
                given = self._optional()
                arguments.append(given if given is not None else list(macro.default))
            elif macro.optional and macro.optional[number]:
                arguments.append(self._optional() or [])
            else:
                arguments.append(self._argument())
        end = max(call.end, self._last_end) if macro.arguments else call.end
        body: list[Token] = []
        for token in macro.body:
            if token.kind == "#":
                digit = token.text[-1:]
                if token.text.startswith("##"):
                    body.append(token._replace(text=token.text[1:]))
                elif digit.isdigit() and 0 < int(digit) <= len(arguments):
                    body.extend(arguments[int(digit) - 1])
                    if len(body) > MAX_BODY:
                        raise LimitReached(f"a macro call of more than {MAX_BODY} tokens")
            else:
                body.append(Token(token.kind, token.text, call.file, call.start, end))
        if body:
            while self._stack and self._stack[-1].index >= len(self._stack[-1].tokens):
                self._stack.pop()
            self._stack.append(Frame(body))

    def _begin(self, token: Token) -> None:
        name_tokens = self._argument()
        name = self._plain(name_tokens)
        environment = self._environments.get(name)
        if environment is not None:
            self._expand(token, environment[0])
            return
        if name == "document":
            self._conditions = 0
        self._emit(token, name_tokens)

    def _end(self, token: Token) -> None:
        name_tokens = self._argument()
        environment = self._environments.get(self._plain(name_tokens))
        if environment is not None:
            self._expand(token, environment[1])
            return
        self._emit(token, name_tokens)
        if self._plain(name_tokens) == "document" and len(self._stack) <= 1:
            self._stack.clear()

    def _emit(self, token: Token, name_tokens: list[Token]) -> None:
        """One token for the beginning or end of an environment: its text is 'begin:name' or 'end:name'."""
        self._out.append(
            Token("cs", f"{token.text}:{self._plain(name_tokens)}", token.file, token.start, self._last_end)
        )

    # conditionals

    def _newif(self, _call: Token) -> None:
        name = self._name()
        if name.startswith("if"):
            self._switches.setdefault(name, False)

    def _branch(self, truth: bool) -> None:
        if truth or self._skip(stop_at_else=True) == "else":
            self._conditions += 1

    def _unknown_if(self, name: str) -> None:
        if name == "ifdefined":
            target = self._next_solid()
            self._branch(
                target is not None and (target.text in self._macros or target.text in self._switches)
            )
        elif name == "ifx":
            first, second = self._next_solid(), self._next_solid()
            if first is None or second is None:
                return
            one, two = self._macros.get(first.text), self._macros.get(second.text)
            same = (
                [t.text for t in one.body] == [t.text for t in two.body]
                if one and two
                else first.text == second.text
            )
            self._branch(same)
        elif name in (
            "ifnum",
            "ifdim",
            "ifodd",
            "if",
            "ifcat",
            "ifmmode",
            "ifvmode",
            "ifhmode",
            "ifcase",
            "ifpdf",
            "ifeof",
        ):
            self._branch(name not in ("ifodd", "ifmmode", "ifeof"))

    def _skip(self, *, stop_at_else: bool) -> str:
        depth = 0
        for _ in range(_IF_LIMIT):
            token = self._next()
            if token is None:
                return ""
            if token.kind != "cs":
                continue
            name = token.text
            if name == "fi":
                if depth == 0:
                    return "fi"
                depth -= 1
            elif name == "else" and depth == 0 and stop_at_else:
                return "else"
            elif name in self._switches or name in CONDITIONALS:
                depth += 1
        raise LimitReached("a conditional without end")

    def _else(self, _call: Token) -> None:
        if self._conditions > 0:
            self._skip(stop_at_else=False)
            self._conditions -= 1

    def _fi(self, _call: Token) -> None:
        self._conditions = max(0, self._conditions - 1)

    def _endinput(self, _call: Token) -> None:
        while self._stack and not self._stack[-1].file:
            self._stack.pop()
        if self._stack:
            self._stack.pop()
