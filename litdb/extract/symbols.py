"""LaTeX symbols as plain text, and what a superscript stands for."""

from __future__ import annotations

import re
import unicodedata

_GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Xi",
    "Pi",
    "Sigma",
    "Upsilon",
    "Phi",
    "Psi",
    "Omega",
]

#: Control words that stand for a piece of text.
SYMBOLS: dict[str, str] = {
    **{
        word: unicodedata.lookup(
            f"GREEK {'CAPITAL' if word[0].isupper() else 'SMALL'} LETTER {'LAMDA' if word.lower() == 'lambda' else word.upper()}"
        )
        for word in _GREEK
    },
    "varepsilon": "ε", "vartheta": "ϑ", "varphi": "φ", "ell": "ℓ", "partial": "∂", "infty": "∞", "nabla": "∇",
    "pm": "±", "mp": "∓", "times": "×", "cdot": "·", "div": "÷", "ast": "*", "star": "⋆", "dagger": "†", "dag": "†",
    "ddagger": "‡", "ddag": "‡", "S": "§", "P": "¶", "circ": "°", "degree": "°", "bullet": "•", "diamond": "◇",
    "textasteriskcentered": "*", "textdagger": "†", "textdaggerdbl": "‡", "textsection": "§", "clubsuit": "♣",
    "spadesuit": "♠", "heartsuit": "♥", "sharp": "♯", "natural": "♮", "flat": "♭",
    "uparrow": "↑", "downarrow": "↓", "Uparrow": "⇑", "Downarrow": "⇓", "rightarrow": "→", "leftarrow": "←",
    "to": "→", "Rightarrow": "⇒", "Leftarrow": "⇐", "leftrightarrow": "↔", "longrightarrow": "→", "mapsto": "→",
    "nearrow": "↗", "searrow": "↘", "textuparrow": "↑", "textdownarrow": "↓",
    "sim": "∼", "approx": "≈", "simeq": "≃", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠",
    "ll": "≪", "gg": "≫", "leqslant": "≤", "geqslant": "≥", "lt": "<", "gt": ">", "textless": "<", "textgreater": ">",
    "equiv": "≡", "propto": "∝", "in": "∈", "cup": "∪", "cap": "∩", "oplus": "⊕", "otimes": "⊗", "odot": "⊙",
    "checkmark": "✓", "cmark": "✓", "xmark": "✗", "tick": "✓", "cross": "✗", "Checkmark": "✓", "XSolidBrush": "✗",
    "CheckmarkBold": "✓", "XSolid": "✗", "faCheck": "✓", "faTimes": "✗", "square": "□", "blacksquare": "■",
    "ldots": "...", "dots": "...", "cdots": "...", "textellipsis": "...", "vdots": "...",
    "textendash": "–", "textemdash": "—", "textminus": "-", "textquoteright": "'", "textquoteleft": "'",
    "textquotedblleft": "“", "textquotedblright": "”", "textbackslash": "\\", "textbar": "|", "vert": "|", "mid": "|",
    "textunderscore": "_", "textasciitilde": "~", "textasciicircum": "^", "textpercent": "%", "percent": "%",
    "textregistered": "®", "texttrademark": "™", "copyright": "©", "pounds": "£", "euro": "€",
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł",
    "i": "ı", "j": "ȷ", "LaTeX": "LaTeX", "TeX": "TeX",
    "quad": " ", "qquad": " ", "enspace": " ", "thinspace": " ", "newline": " ", "linebreak": " ", "space": " ",
    "log": "log", "exp": "exp", "max": "max", "min": "min", "arg": "arg", "lbrace": "{", "rbrace": "}", "slash": "/",
}  # fmt: skip

#: Control symbols (one character after the backslash).
CONTROL_SYMBOLS: dict[str, str] = {
    "%": "%", "&": "&", "#": "#", "_": "_", "$": "$", "{": "{", "}": "}", ",": "\u2009", ";": " ", ":": " ", "!": "",
    " ": " ", "\n": " ", "/": "", "-": "", "@": "", "|": "‖", ">": " ", "(": "", ")": "", "[": "", "]": "", "+": "",
}  # fmt: skip

ACCENTS: dict[str, str] = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323", "b": "\u0331", "r": "\u030a", "k": "\u0328",
}  # fmt: skip

#: Dingbats of the pifont package that tables use.
DINGBATS: dict[str, str] = {
    "51": "✓", "52": "✓", "53": "✗", "54": "✗", "55": "✗", "56": "✗", "72": "★", "73": "☆", "108": "●", "109": "○",
    "110": "■", "115": "▲", "172": "①", "173": "②", "174": "③", "175": "④",
}  # fmt: skip

_SUPERSCRIPTS = str.maketrans("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ")
_MARK = re.compile(
    r"^\(?(?:[*∗⋆★☆†‡§¶♯#♣♠♥⊕⋄◇•°]+|[a-z]|[*†‡§¶]?\d{1,2}|(?:[*†‡§¶a-z\d],\s*)+[*†‡§¶a-z\d])\)?$"
)


def superscript(body: str, before: str, after: str) -> tuple[str, str]:
    """What a superscript stands for: (text to print, footnote mark). `before` and `after` are the texts beside it.

    A number raised after a digit is an exponent, inside a word part of the word ('S³G-Net'), elsewhere a mark.
    """
    body = body.strip()
    if not body:
        return "", ""
    if not _MARK.match(body):
        return ("^" + body if len(body) <= 12 else " " + body), ""
    bare = body.strip("()")
    if bare.isdigit():
        if before[-1:].isdigit():
            return "^" + bare, ""
        if before[-1:].isalpha() and (after[:1].isalpha() or after[:1] == "-"):
            return bare.translate(_SUPERSCRIPTS), ""
    return "", bare.replace("∗", "*").replace("⋆", "*")
