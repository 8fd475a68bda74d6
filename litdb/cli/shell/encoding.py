"""Standard output and error: letters that their encoding lacks, and a reader that goes away (`| head`)."""

from __future__ import annotations

import codecs
import io
import sys
from dataclasses import dataclass, field
from typing import Any, TextIO

from litdb.report.escape import named

_RULE = "─"


class _Pipe(io.FileIO):
    """A stream whose reader may go away: what is written from then on is lost, and the command comes to its own exit code."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream.fileno(), "w", closefd=False)
        self._stream = stream  # which would close the file when nobody held it

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return len(data)


@dataclass(slots=True)
class Output:
    """Standard output and error of one command: no letter of a name stops it, and no reader that has seen enough."""

    lost: dict[str, None] = field(default_factory=dict)

    def take_over(self) -> None:
        """From now on a letter that the encoding lacks is written as `\\u6a21`, as JSON writes it too."""
        codecs.register_error("litdb", self._by_number)
        sys.stdout = _outlasting(sys.stdout, "litdb")
        sys.stderr = _outlasting(sys.stderr, "backslashreplace")

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


def _outlasting(stream: TextIO, errors: str) -> TextIO:
    """The same stream, with another way of letters that it lacks, written through a :class:`_Pipe`."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.reconfigure(errors=errors)
    try:
        raw = _Pipe(stream)
    except OSError:  # text that somebody catches in memory
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=stream.encoding, errors=errors, newline=None,
        line_buffering=stream.line_buffering, write_through=stream.write_through,
    )  # fmt: skip
