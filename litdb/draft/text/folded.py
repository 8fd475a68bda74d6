"""A sentence in the letters by which names are compared, with the place of each."""

from __future__ import annotations

import re
from functools import lru_cache

from litdb.values.names import fold_name

#: A name that goes on is another one (MANNER-XL), or is said of what is not the model (an MP-SENet-like network).
_GOES_ON = re.compile(r"[-‐‑.]\w")


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    """What one character of a name is compared as; '' for blanks and signs."""
    folded = fold_name(char) if not char.isspace() else ""
    return folded if folded != char or char.isalnum() or char in "†‡" else ""


class FoldedText:
    """`letters` are those of the folded text, `places` where in the text each comes from."""

    def __init__(self, text: str) -> None:
        self.text = text
        letters: list[str] = []
        self.places: list[int] = []
        for at, char in enumerate(text):
            for letter in _folded(char):
                letters.append(letter)
                self.places.append(at)
        self.letters = "".join(letters)

    def begins_word(self, at: int) -> bool:
        """Whether a word begins with a letter: behind a blank, a bracket, a quotation mark or a dash of a sentence."""
        place = self.places[at]
        if at and self.places[at - 1] == place:
            return False
        before = self.text[place - 1 : place]
        return not before or not (before.isalnum() or before in "-‐‑_.+/\\^")

    def end_of(self, at: int, name: str) -> int | None:
        """The end in the text of a folded name that begins with a letter, brackets closed; None where it does not stand there."""
        if not self.letters.startswith(name, at):
            return None
        after = at + len(name)
        last = self.places[after - 1]
        if after < len(self.places) and self.places[after] == last:
            return None  # half of a letter that folds to several
        end = last + 1
        written = self.text[self.places[at] : end]
        if written.count("(") > written.count(")") and self.text[end : end + 1] == ")":
            end += 1
        if written.count("[") > written.count("]") and self.text[end : end + 1] == "]":
            end += 1
        rest = self.text[end : end + 12]
        if rest[:1].isalnum() or rest[:1] in ("+", "_", "^"):
            return None
        return None if _GOES_ON.match(rest) else end
