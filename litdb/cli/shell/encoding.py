"""What a terminal or file cannot show of a text, because its encoding has no such letter: written by number, and named once."""

from __future__ import annotations

import codecs
import sys
from dataclasses import dataclass, field

from litdb.report.escape import named

_RULE = "─"


@dataclass(slots=True)
class Output:
    """Standard output and error of one command: no letter of a name stops it."""

    lost: dict[str, None] = field(default_factory=dict)

    def take_over(self) -> None:
        """From now on a letter that the encoding lacks is written as `\\u6a21`, as JSON writes it too."""
        codecs.register_error("litdb", self._by_number)
        for stream, errors in ((sys.stdout, "litdb"), (sys.stderr, "backslashreplace")):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors=errors)

    def name_lost(self) -> None:
        """Say on standard error what could not be shown, and what to do."""
        if self.lost and sys.stderr is not None:
            left = list(self.lost)
            more = f" and {len(left) - 8} more" if len(left) > 8 else ""
            print(
                f"the encoding of this output, {sys.stdout.encoding}, has no {named(left[:8])}{more}: written by number; "
                "PYTHONUTF8=1 or a UTF-8 locale shows them, --out writes a file that has them",
                file=sys.stderr,
            )

    def _by_number(self, error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        text = error.object[error.start : error.end]
        if text == _RULE * len(text) and len(text) > 3:  # the line below a heading
            return "-" * len(text), error.end
        self.lost.update(dict.fromkeys(text))
        units = text.encode("utf-16-be", "surrogatepass")
        return "".join(
            f"\\u{int.from_bytes(units[at : at + 2], 'big'):04x}" for at in range(0, len(units), 2)
        ), error.end
