"""The arguments of a command, taken from expanded tokens."""

from __future__ import annotations

from collections.abc import Sequence

from litdb.extract.latex.tokens import Token


class Arguments:
    """Takes arguments from `tokens`, from index `at` on."""

    def __init__(self, tokens: Sequence[Token], at: int = 0) -> None:
        self.tokens = tokens
        self.at = at
        self._own: list[Token] | None = None  # a copy, once one is needed to put something into

    @property
    def rest(self) -> Sequence[Token]:
        """What has not been taken yet."""
        return self.tokens[self.at :]

    def peek(self) -> Token | None:
        """The next token, None at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def skip_space(self) -> None:
        """Pass over white space."""
        while self.at < len(self.tokens) and self.tokens[self.at].kind == "sp":
            self.at += 1

    def group(self) -> Sequence[Token]:
        """The tokens of the next argument, without braces."""
        self.skip_space()
        token = self.peek()
        if token is None:
            return ()
        if token.kind != "{":
            if token.kind in ("}", "&", "par"):
                return ()
            self.at += 1
            if token.kind == "ch" and len(token.text) > 1:
                rest = token._replace(text=token.text[1:])
                if self._own is None:
                    self.tokens = self._own = list(self.tokens)
                self._own.insert(self.at, rest)
                return (token._replace(text=token.text[0]),)
            return (token,)
        self.at += 1
        start, depth = self.at, 1
        while self.at < len(self.tokens):
            kind = self.tokens[self.at].kind
            self.at += 1
            if kind == "{":
                depth += 1
            elif kind == "}":
                depth -= 1
                if depth == 0:
                    return self.tokens[start : self.at - 1]
        return self.tokens[start:]

    def optional(self) -> Sequence[Token] | None:
        """The tokens of an argument in square brackets, None when none comes next."""
        mark = self.at
        self.skip_space()
        token = self.peek()
        if token is None or token.kind != "ch" or token.text != "[":
            self.at = mark
            return None
        start = self.at + 1
        depth = 0
        for index in range(start, len(self.tokens)):
            token = self.tokens[index]
            if token.kind == "{":
                depth += 1
            elif token.kind == "}":
                depth -= 1
            elif token.kind == "ch" and token.text == "]" and depth <= 0:
                self.at = index + 1
                return self.tokens[start:index]
        self.at = mark
        return None

    def star(self) -> bool:
        """Pass over a star; whether there was one."""
        token = self.peek()
        if token is not None and token.kind == "ch" and token.text == "*":
            self.at += 1
            return True
        return False

    def arguments(self, spec: str) -> None:
        """Pass over arguments: '*' stands for a star, '[' for an optional one, a digit for so many required ones."""
        for letter in spec:
            if letter == "*":
                self.star()
            elif letter == "[":
                self.optional()
            else:
                for _ in range(int(letter)):
                    self.group()
