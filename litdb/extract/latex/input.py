"""A stack of token lists from which tokens and arguments are taken, as TeX does."""

from __future__ import annotations

from dataclasses import dataclass

from litdb.extract.latex.tokens import Token
from litdb.extract.limits import MAX_TOKENS, Deadline


class LimitReached(Exception):
    """A limit was reached: reading ends here, and what was read so far is used."""


@dataclass(slots=True)
class Frame:
    tokens: list[Token] | tuple[Token, ...]
    index: int = 0
    file: str = ""


class TokenInput:
    """Takes tokens from the innermost frame; every token counts against the limits."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._stack: list[Frame] = []
        self._read = 0
        self._last_end = 0

    def _next(self) -> Token | None:
        stack = self._stack
        while stack:
            frame = stack[-1]
            if frame.index < len(frame.tokens):
                token = frame.tokens[frame.index]
                frame.index += 1
                self._read += 1
                if self._read & 1023 == 0:
                    self._deadline.check()
                    if self._read > MAX_TOKENS:
                        raise LimitReached(f"more than {MAX_TOKENS} tokens")
                self._last_end = token.end
                return token
            stack.pop()
        return None

    def _back(self, token: Token) -> None:
        self._stack.append(Frame((token,)))

    def _next_solid(self) -> Token | None:
        token = self._next()
        while token is not None and token.kind == "sp":
            token = self._next()
        return token

    def _argument(self) -> list[Token]:
        """One argument: the inside of a group, or a single token."""
        token = self._next_solid()
        if token is None or token.kind in ("par", "}"):
            if token is not None:
                self._back(token)
            return []
        if token.kind == "{":
            return self._group()
        if token.kind == "ch" and len(token.text) > 1:
            self._back(token._replace(text=token.text[1:], start=token.start + 1))
            return [token._replace(text=token.text[0], end=token.start + 1)]
        return [token]

    def _group(self) -> list[Token]:
        depth = 1
        inside: list[Token] = []
        while True:
            token = self._next()
            if token is None:
                return inside
            if token.kind == "{":
                depth += 1
            elif token.kind == "}":
                depth -= 1
                if depth == 0:
                    return inside
            inside.append(token)

    def _optional(self) -> list[Token] | None:
        token = self._next_solid()
        if token is None:
            return None
        if token.kind != "ch" or token.text != "[":
            self._back(token)
            return None
        inside, depth = [], 0
        while (token := self._next()) is not None:
            if token.kind == "{":
                depth += 1
            elif token.kind == "}":
                depth -= 1
            elif token.text == "]" and token.kind == "ch" and depth <= 0:
                break
            inside.append(token)
        return inside

    def _star(self) -> bool:
        token = self._next_solid()
        if token is not None and token.kind == "ch" and token.text == "*":
            return True
        if token is not None:
            self._back(token)
        return False

    def _name(self) -> str:
        """The control word that a definition is for, with or without braces."""
        token = self._next_solid()
        if token is None:
            return ""
        if token.kind == "{":
            inside = [t for t in self._group() if t.kind != "sp"]
            return inside[0].text if inside and inside[0].kind == "cs" else ""
        if token.kind == "cs":
            return token.text
        self._back(token)
        return ""

    @staticmethod
    def _plain(tokens: list[Token]) -> str:
        return "".join(t.text for t in tokens if t.kind in ("ch", "sp", "_", "~", "^")).strip()
