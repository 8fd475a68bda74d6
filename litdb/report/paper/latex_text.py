r"""Any text as LaTeX text that pdfLaTeX, XeLaTeX and LuaLaTeX set, with nothing in it that acts.

Accented letters become accent commands, several accents on one letter a stack of math accents, Greek letters and common
signs math, letters that only the encoding T1 has a switch to it. What is left is written by its number, `[U+4E2D]`, and
`unset` finds it again, so that whoever writes the file can name it.
"""

from __future__ import annotations

import re
import unicodedata

from litdb.report.escape import clean

_TEXT = {
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
    "\u2044": "/",
    "–": "--",
    "—": "---",
    "‘": "`",
    "’": "'",
    "“": "``",
    "”": "''",
    "…": r"\ldots{}",
    "•": r"\textbullet{}",
    "§": r"\S{}",
    "¶": r"\P{}",
    "£": r"\pounds{}",
    "©": r"\textcopyright{}",
    "®": r"\textregistered{}",
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
    "ȷ": r"\j{}",
}
#: Letters that T1 has and the first encoding of LaTeX lacks; both are part of LaTeX.
_T1 = {
    "đ": "dj", "Đ": "DJ", "ð": "dh", "Ð": "DH", "þ": "th", "Þ": "TH", "ŋ": "ng", "Ŋ": "NG", "«": "guillemotleft",
    "»": "guillemotright", "‹": "guilsinglleft", "›": "guilsinglright", "„": "quotedblbase", "‚": "quotesinglbase",
}  # fmt: skip
_MATH = {
    "±": "pm", "∓": "mp", "×": "times", "÷": "div", "·": "cdot", "⋅": "cdot", "−": "-", "≤": "leq", "≥": "geq",
    "≈": "approx", "∼": "sim", "≃": "simeq", "≅": "cong", "≡": "equiv", "≠": "neq", "≪": "ll", "≫": "gg", "∝": "propto",
    "∞": "infty", "→": "rightarrow", "←": "leftarrow", "↔": "leftrightarrow", "⇒": "Rightarrow", "⇐": "Leftarrow",
    "⇔": "Leftrightarrow", "↑": "uparrow", "↓": "downarrow", "√": "surd", "°": "circ", "★": "star", "⋆": "star",
    "†": "dagger", "‡": "ddagger", "✓": "surd", "∂": "partial", "∇": "nabla", "∑": "sum", "∏": "prod", "∫": "int",
    "∅": "emptyset", "∩": "cap", "∪": "cup", "⊂": "subset", "⊃": "supset", "⊆": "subseteq", "⊇": "supseteq",
    "∈": "in", "∉": "notin", "∀": "forall", "∃": "exists", "¬": "neg", "∧": "wedge", "∨": "vee", "⊕": "oplus",
    "⊖": "ominus", "⊗": "otimes", "⊙": "odot", "∘": "circ", "∗": "ast", "∥": "parallel", "‖": "parallel", "⊥": "perp",
    "∖": "setminus", "⟨": "langle", "⟩": "rangle", "⌊": "lfloor", "⌋": "rfloor", "⌈": "lceil", "⌉": "rceil",
    "′": "prime", "⋯": "cdots", "♯": "sharp", "♭": "flat", "△": "triangle", "●": "bullet", "○": "bigcirc",
    "ℓ": "ell", "ℏ": "hbar", "∆": "Delta", "µ": "mu",
    "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon",
    "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon",
    "ϵ": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta", "ϑ": "vartheta", "ι": "iota", "κ": "kappa", "λ": "lambda",
    "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "ϱ": "varrho", "σ": "sigma", "ς": "varsigma", "τ": "tau",
    "υ": "upsilon", "φ": "varphi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
#: Greek letters that LaTeX has no command for, since they look like these.
_LOOKS = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo", strict=True))
#: Marks above and below a letter: the command for text, and the one for math, which alone can be stacked.
_ABOVE = {
    "\u0300": ("`", "grave"), "\u0301": ("'", "acute"), "\u0302": ("^", "hat"), "\u0303": ("~", "tilde"),
    "\u0304": ("=", "bar"), "\u0306": ("u", "breve"), "\u0307": (".", "dot"), "\u0308": ('"', "ddot"),
    "\u030a": ("r", "mathring"), "\u030b": ("H", ""), "\u030c": ("v", "check"),
}  # fmt: skip
_BELOW = {"\u0323": "d", "\u0327": "c", "\u0331": "b"}
_OGONEK = "\u0328"
_CLUSTER = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]")
_UNSET = re.compile(r"\{\[U\+([0-9A-F]{4,6})\]\}")


def latex(text: str) -> str:
    """The text, in any argument and any place of a tabular."""
    cleaned = unicodedata.normalize("NFC", clean(text))
    for sign in "-'":  # no ligature may turn two signs into another one
        cleaned = re.sub(f"{sign}(?={sign})", sign + "\0", cleaned)
    return "".join(map(_cluster, _CLUSTER.findall(cleaned))).replace("\0", "{}")


def unset(written: str) -> tuple[str, ...]:
    """The characters that `latex` wrote by their number, each once, in the order of their first use."""
    return tuple(dict.fromkeys(chr(int(number, 16)) for number in _UNSET.findall(written)))


def _cluster(cluster: str) -> str:
    """One letter with the marks on it."""
    base, *marks = list(unicodedata.normalize("NFD", cluster))
    if marks and (accented := _accented(base, marks)):
        return accented
    return "".join(map(_char, cluster))


def _accented(base: str, marks: list[str]) -> str:
    """The letter with its marks, or '' where LaTeX has no such setting."""
    above = [mark for mark in marks if mark in _ABOVE]
    below = [mark for mark in marks if mark in _BELOW]
    if marks == [_OGONEK] and base.isascii() and base.isalpha():
        return _in_t1(f"k{{{base}}}")
    if len(above) + len(below) < len(marks) or len(below) > 1:
        return ""
    greek = _greek(base)
    if not greek and not (base.isascii() and base.isalpha()):
        return ""
    if len(above) > 1 or greek:
        letter = greek or {"i": r"\imath", "j": r"\jmath"}.get(base, rf"\mathrm{{{base}}}")
        for mark in above:
            if not _ABOVE[mark][1]:
                return ""
            letter = rf"\{_ABOVE[mark][1]}{{{letter}}}"
        inner = rf"\ensuremath{{{letter}}}"
    elif above:
        letter = {"i": r"\i", "j": r"\j"}.get(base, base)
        inner = rf"\{_ABOVE[above[0]][0]}{{{letter}}}"
    else:
        inner = base
    return rf"\{_BELOW[below[0]]}{{{inner}}}" if below else inner


def _greek(char: str) -> str:
    if char in _LOOKS:
        return rf"\mathrm{{{_LOOKS[char]}}}"
    return f"\\{_MATH[char]}" if char in _MATH and "Α" <= char <= "ϵ" else ""


def _char(char: str) -> str:
    if char in _TEXT:
        return _TEXT[char]
    if char in _T1:
        return _in_t1(_T1[char])
    if greek := _greek(char):
        return rf"\ensuremath{{{greek}}}"
    if char in _MATH:
        command = _MATH[char]
        if command == "circ":
            command = r"^{\circ}"
        elif command != "-":
            command = f"\\{command}"
        return f"\\ensuremath{{{command}}}"
    if char.isascii():
        return char
    plain = unicodedata.normalize("NFKC", char)
    if plain != char and plain.replace("\u2044", "/").isascii():
        return _placed(unicodedata.decomposition(char), "".join(map(_char, plain)))
    return f"{{[U+{ord(char):04X}]}}"


def _placed(decomposition: str, plain: str) -> str:
    """What a letter is made of, where it stands: a raised 4 is no 4, and a half after a 2 no 21."""
    kind = decomposition.partition(" ")[0]
    if kind in ("<super>", "<sub>"):
        return rf"\text{kind[1:-1]}script{{{plain}}}"
    if kind == "<fraction>":
        over, _slash, under = plain.partition("/")
        return rf"\textsuperscript{{{over}}}/" + (rf"\textsubscript{{{under}}}" if under else "")
    return plain


def _in_t1(command: str) -> str:
    return rf"{{\fontencoding{{T1}}\selectfont\{command}}}"
