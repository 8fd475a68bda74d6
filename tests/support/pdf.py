"""A small PDF, written by hand: texts in Helvetica at places, and rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

#: Widths of Helvetica in thousandths of its size, where they are not 556.
_WIDTHS = {
    **dict.fromkeys(" .,/:;!|[]()", 278), **dict.fromkeys("ijl'", 222), **dict.fromkeys("ftI", 278),
    **dict.fromkeys("ckszvxyJ", 500), **dict.fromkeys("r-", 333), **dict.fromkeys("mM", 833), "w": 722, "W": 944,
    **dict.fromkeys("ABEKPSVXY", 667), **dict.fromkeys("CDHNRU", 722), **dict.fromkeys("GOQ", 778), "+": 584,
    **dict.fromkeys("FTZ", 611), "*": 389, "(": 333, ")": 333, "%": 889,
}  # fmt: skip


def width(text: str, size: float) -> float:
    """How wide a text is set, in points."""
    return sum(_WIDTHS.get(char, 556) for char in text) * size / 1000


@dataclass
class Sheet:
    """One page of 612 by 792 points; y grows upwards."""

    drawn: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, size: float = 10) -> Sheet:
        """Set a text from its left edge on a baseline."""
        shown = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        self.drawn.append(f"BT /F1 {size:g} Tf {x:g} {y:g} Td ({shown}) Tj ET")
        return self

    def centred(self, x: float, y: float, text: str, size: float = 10) -> Sheet:
        """Set a text around a place."""
        return self.text(x - width(text, size) / 2, y, text, size)

    def rule(self, x0: float, x1: float, y: float) -> Sheet:
        """Draw a horizontal rule."""
        self.drawn.append(f"{x0:g} {y:g} {x1 - x0:g} 0.5 re f")
        return self

    def stroke(self, x0: float, x1: float, y: float) -> Sheet:
        """Draw a horizontal rule as a line."""
        self.drawn.append(f"0.4 w {x0:g} {y:g} m {x1:g} {y:g} l S")
        return self

    def table(
        self, rows: Sequence[Sequence[str]], *, x: Sequence[float], y: float, size: float = 10, head: int = 1
    ) -> float:
        """Set rows with rules above, below the head and below: first column from its left edge, others centred at `x`.

        Returns the height of the last rule.
        """
        left, right = x[0], x[-1] + 30
        self.rule(left, right, y + size + 2)
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                if text:
                    (self.text if column == 0 else self.centred)(x[column], y, text, size)
            if at + 1 in (head, len(rows)):
                self.rule(left, right, y - 4)
                y -= 4
            y -= 1.3 * size
        return y + 1.3 * size


def pdf(sheets: Iterable[Sheet], *, encrypted: bool = False) -> bytes:
    """The file; `encrypted` with a password that nobody knows."""
    pages = list(sheets)
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{4 + 2 * i} 0 R' for i in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, page in enumerate(pages):
        stream = "\n".join(page.drawn)
        bodies.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {5 + 2 * at} 0 R >>"
        )
        bodies.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
    done = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(done))
        done += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(done)
    secret = ""
    if encrypted:
        secret = f" /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}> >> /ID [<{'12' * 16}> <{'12' * 16}>]"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    done += (
        f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R{secret} >>\nstartxref\n{start}\n%%EOF\n"
    ).encode("cp1252")
    return done
