"""The files of a document as one input, through \\input, \\import, \\usepackage and \\bibliography."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from litdb.extract.latex.input import Frame, TokenInput
from litdb.extract.latex.tokens import Token, tokenize
from litdb.extract.limits import MAX_DEPTH, Deadline


class FileInput(TokenInput):
    """Takes tokens from files. `files` are decoded texts by name; nothing outside of them is ever read."""

    def __init__(self, files: Mapping[str, str], deadline: Deadline) -> None:
        super().__init__(deadline)
        self.files = files
        self.remarks: list[str] = []
        self._loaded: set[str] = set()

    def _find(self, name: str, folder: str = "") -> str | None:
        name = name.strip().strip('"')
        if not name or name.startswith(("/", "\\", "~")):
            return None
        for base in dict.fromkeys((folder, "")):
            path = posixpath.normpath(posixpath.join(base, name))
            if path.startswith(".."):
                continue
            for candidate in (path, path + ".tex", path + ".ltx"):
                if candidate in self.files:
                    return candidate
        return None

    def _folder(self) -> str:
        for frame in reversed(self._stack):
            if frame.file:
                return posixpath.dirname(frame.file)
        return ""

    def _push_file(self, name: str) -> None:
        open_files = [frame.file for frame in self._stack if frame.file]
        if name in open_files or len(open_files) >= MAX_DEPTH:
            self.remarks.append(f"{name}: included from itself or too deep; not read again")
            return
        self._stack.append(Frame(tokenize(self.files[name], name), 0, name))

    def _input(self, _call: Token) -> None:
        following = self._next_solid()
        if following is None:
            return
        if following.kind == "{":
            name = self._plain(self._group())
        else:
            name = following.text
            while (following := self._next()) is not None and following.kind in ("ch", "_"):
                name += following.text
            if following is not None:
                self._back(following)
        found = self._find(name, self._folder()) or self._find(name, posixpath.dirname(self._main_file()))
        if found is None:
            self.remarks.append(f"{name}: included, but not among the files given")
            return
        self._push_file(found)

    def _main_file(self) -> str:
        return self._stack[0].file if self._stack else ""

    def _import(self, _call: Token) -> None:
        folder, name = self._plain(self._argument()), self._plain(self._argument())
        found = self._find(posixpath.join(folder, name), self._folder())
        if found is not None:
            self._push_file(found)

    def _usepackage(self, _call: Token) -> None:
        self._optional()
        for name in self._plain(self._argument()).split(","):
            found = self._find(name.strip() + ".sty", self._folder())
            if (
                found is not None
                and found.endswith(".sty")
                and found not in self._loaded
                and len(self.files[found]) < 400_000
            ):
                self._loaded.add(found)
                self._push_file(found)

    def _bibliography(self, token: Token) -> None:
        if token.text == "bibliography":
            self._argument()
        else:
            self._optional()
        lists = [name for name in self.files if name.endswith(".bbl")]
        main = self._main_file()
        wanted = posixpath.splitext(main)[0] + ".bbl"
        if wanted in lists:
            self._push_file(wanted)
        elif len(lists) == 1:
            self._push_file(lists[0])
