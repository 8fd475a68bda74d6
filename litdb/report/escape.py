"""Text from papers made harmless for each output format.

Names, labels and notes come from other people's files. Every function takes any `str` and returns one line that
the format shows as text: no command, tag, formula, control sequence or change of writing direction survives.
"""

from __future__ import annotations

import html as _html
import re
import unicodedata

_CSI = r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
_STRING = r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
_TERMINAL_SEQUENCE = re.compile(rf"{_STRING}|{_CSI}|\x1b[ -/]*[0-~]")

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "`": r"\textasciigrave{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "{''}",
    # After the \\ of the row above, [ and * would be its arguments.
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
    "\u00a0": " ",
    "\u2010": "-",
    "\u2011": "-",
    "–": "--",
    "—": "---",
    "‘": "`",
    "’": "'",
    "“": "``",
    "”": "''",
    "…": r"\ldots{}",
    "•": r"\textbullet{}",
    "§": r"\S{}",
    "©": r"\textcopyright{}",
    "ß": r"\ss{}",
    "ø": r"\o{}",
    "Ø": r"\O{}",
    "æ": r"\ae{}",
    "Æ": r"\AE{}",
    "œ": r"\oe{}",
    "Œ": r"\OE{}",
    "ł": r"\l{}",
    "Ł": r"\L{}",
    "ı": r"\i{}",
    "¹": r"\textsuperscript{1}",
    "²": r"\textsuperscript{2}",
    "³": r"\textsuperscript{3}",
}
_LATEX_MATH = {
    "±": "pm", "×": "times", "÷": "div", "·": "cdot", "−": "-", "≤": "leq", "≥": "geq", "≈": "approx", "∼": "sim",
    "≠": "neq", "∞": "infty", "→": "rightarrow", "←": "leftarrow", "↑": "uparrow", "↓": "downarrow", "√": "surd",
    "°": "circ", "★": "star", "☆": "star", "†": "dagger", "‡": "ddagger", "✓": "surd", "Δ": "Delta", "∆": "Delta",
    "Γ": "Gamma", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi",
    "Ω": "Omega", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi", "π": "pi",
    "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega", "∈": "in",
    "⊕": "oplus", "⊗": "otimes", "ℓ": "ell",
}  # fmt: skip
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0331": "b",
}  # fmt: skip
_MARKDOWN = re.compile(r"[\\`*_\[\]#|~]")
_FORMULA = re.compile(r"^[=+\-@\uff0b\uff0d\uff1d\uff20].")
_PLAIN_NUMBER = re.compile(r"^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$")


def clean(text: str) -> str:
    """One line of visible text.

    Terminal sequences, control and format characters (bidi overrides, zero-width characters) are removed, any
    white space is one blank, a lone surrogate U+FFFD.
    """
    if not text.isprintable():
        text = _TERMINAL_SEQUENCE.sub("", text)
        text = "".join(map(_visible, text))
    return " ".join(text.split())


def _visible(char: str) -> str:
    if char.isspace():
        return " "
    match unicodedata.category(char):
        case "Cc" | "Cf":
            return ""
        case "Cs":
            return "\ufffd"
        case _:
            return char


def terminal(text: str) -> str:
    """For a terminal: no escape sequence, control character or bidi override is left."""
    return clean(text)


def html(text: str) -> str:
    """For HTML text and quoted attribute values."""
    return _html.escape(clean(text), quote=True)


def latex(text: str) -> str:
    r"""For LaTeX text under pdfLaTeX, XeLaTeX and LuaLaTeX, in any argument and any place of a tabular.

    Accented letters become accent commands, Greek letters and common signs math; a character that pdfLaTeX has no
    setting for is written by its number, as `[U+4E2D]`.
    """
    cleaned = unicodedata.normalize("NFC", clean(text))
    for sign in "-'":  # no ligature may turn two signs into another one
        cleaned = re.sub(f"{sign}(?={sign})", sign + "\0", cleaned)
    return "".join(map(_latex_char, cleaned)).replace("\0", "{}")


def _latex_char(char: str) -> str:
    if char in _LATEX:
        return _LATEX[char]
    if char in _LATEX_MATH:
        command = _LATEX_MATH[char]
        if command == "circ":
            command = "^{\\circ}"
        elif command != "-":
            command = f"\\{command}"
        return f"\\ensuremath{{{command}}}"
    if char.isascii():
        return char
    base, *marks = list(unicodedata.normalize("NFD", char))
    if base.isascii() and base.isalpha() and len(marks) == 1 and marks[0] in _ACCENTS:
        letter = {"i": r"\i", "j": r"\j"}.get(base, base) if marks[0] < "\u0323" else base
        return f"\\{_ACCENTS[marks[0]]}{{{letter}}}"
    plain = unicodedata.normalize("NFKC", char)
    if plain != char and plain.isascii():
        return "".join(map(_latex_char, plain))
    return f"{{[}}U+{ord(char):04X}{{]}}"


def markdown(text: str) -> str:
    """For GitHub Markdown, in a table cell or a line of text: no markup, tag, math or cell border.

    A dollar sign is written the way GitHub documents for one that starts no formula.
    """
    escaped = _html.escape(clean(text), quote=False)
    return _MARKDOWN.sub(lambda match: "\\" + match.group(), escaped).replace("$", "<span>$</span>")


def csv_cell(text: str) -> str:
    """For one CSV field (quoting is the writer's).

    A text that a spreadsheet would run as a formula gets a leading apostrophe; a plain number stays a number.
    """
    cleaned = clean(text)
    if _FORMULA.match(cleaned) and not _PLAIN_NUMBER.match(cleaned):
        return "'" + cleaned
    return cleaned


def width(text: str) -> int:
    """Columns that a text takes in a terminal: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(map(_char_width, text))


def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
